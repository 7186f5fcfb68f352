"""new, check, fmt, eval, statements, build, export, explain-code, doctor, completion."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pathway_compiler.cli.main import COMMANDS

Pathway = Any

MISTAKE = 'pathway second "Second":\n  decision d "D?":\n    when fti "Yes" -> e\n  end e "E"\n'


def test_a_new_guideline_passes_check_and_test(pathway: Pathway, tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    assert pathway("new", folder).code == 0
    assert pathway("check", folder, "--strict").code == 0
    assert pathway("test", folder).code == 0
    assert pathway("fmt", folder, "--check").code == 0
    patients = list((folder / "patients").iterdir())
    assert patients
    assert pathway("run", folder, *patients).code == 0


def test_new_overwrites_nothing(pathway: Pathway, tmp_path: Path) -> None:
    assert pathway("new", tmp_path / "x", "--json").data
    before = {f: f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()}
    assert pathway("new", tmp_path / "x").code == 2
    assert before == {f: f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()}


def test_new_needs_a_name(pathway: Pathway, tmp_path: Path) -> None:
    assert pathway("new", tmp_path / "1st").code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_title_cannot_break_the_guideline(pathway: Pathway, tmp_path: Path) -> None:
    done = pathway("new", tmp_path / "x", "--title", 'a "b" \\ c')
    assert done.code == 2 or pathway("check", tmp_path / "x").code == 0


def test_check_finds_a_mistake(pathway: Pathway, guideline: Path) -> None:
    (guideline / "second.pathway").write_text(MISTAKE)
    done = pathway("check", guideline)
    assert done.code == 1
    assert "error[unknown-name]" in done.out
    assert "did you mean `fit`?" in done.out
    assert "1 error" in done.out + done.err
    data = pathway("check", guideline, "--json").data
    assert data == pathway("check", guideline, "--format", "json").data
    assert data["counts"]["error"] == 1
    assert data["diagnostics"][0]["place"]["start"] == {"line": 3, "column": 10}


def test_check_strict_counts_warnings(pathway: Pathway, guideline: Path) -> None:
    file = guideline / "vocabulary.pathway"
    file.write_text(file.read_text() + '\nelement spare "Read by nothing": boolean\n')
    assert pathway("check", guideline).code == 0
    assert pathway("check", guideline, "--fast").code == 0
    assert pathway("check", guideline, "--strict").code == 1


def test_check_sarif(pathway: Pathway, guideline: Path) -> None:
    (guideline / "second.pathway").write_text(MISTAKE)
    done = pathway("check", guideline, "--format", "sarif")
    assert done.code == 1
    assert done.data["version"] == "2.1.0"
    assert done.data["runs"][0]["results"][0]["ruleId"] == "unknown-name"


def test_what_cannot_be_read_is_3(pathway: Pathway, tmp_path: Path) -> None:
    assert pathway("check", tmp_path / "nothing").code == 3
    (tmp_path / "latin.pathway").write_bytes(b"# \xe9\n")
    done = pathway("check", tmp_path)
    assert done.code == 3
    assert "not UTF-8" in done.out


def test_fmt(pathway: Pathway, guideline: Path) -> None:
    file = guideline / "first.pathway"
    canonical = file.read_text()
    file.write_text(canonical.replace("give example_agent", "give   example_agent"))
    untidy = file.read_text()
    assert pathway("fmt", guideline, "--check").code == 1
    difference = pathway("fmt", guideline, "--diff")
    assert "-    give   example_agent" in difference.out
    assert "+    give example_agent" in difference.out
    assert file.read_text() == untidy, "--check and --diff change nothing"
    assert pathway("fmt", guideline).code == 0
    assert file.read_text() == canonical


def test_fmt_leaves_a_file_with_mistakes_alone(pathway: Pathway, guideline: Path) -> None:
    file = guideline / "wrong.pathway"
    file.write_text("pathway ???\n")
    assert pathway("fmt", guideline).code == 1
    assert file.read_text() == "pathway ???\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["2 years = 24 months"], "yes\n"),
        (["unknown and no"], "no\n"),
        (["unknown"], "unknown\n"),
        (["today > 2019-01", "--as-of", "2019-03-01"], "yes\n"),
    ],
)
def test_eval(pathway: Pathway, words: list[str], told: str) -> None:
    done = pathway("eval", *words)
    assert (done.code, done.out) == (0, told)


def test_eval_with_names_and_data(pathway: Pathway, guideline: Path, patient: Path) -> None:
    without = pathway("eval", "fit", "--guideline", guideline, "--json")
    assert without.data["missing"] == ["fit"]
    with_data = pathway("eval", "not fit", "--guideline", guideline, "--data", patient)
    assert (with_data.code, with_data.out) == (0, "no\n")


def test_eval_says_what_is_wrong(pathway: Pathway) -> None:
    assert pathway("eval", "1 +").code == 1
    assert "--as-of" in pathway("eval", "today > 2019").err
    assert pathway("eval", "today > 2019", "--as-of", "2019").code == 2


def test_statements(pathway: Pathway, guideline: Path) -> None:
    rows = pathway("statements", guideline, "--json").data["statements"]
    assert [row["name"] for row in rows] == ["treat_when_fit", "supportive_care"]
    assert "first.treatment" in str(rows[0])
    assert "supportive_care" not in str(rows[0])
    assert pathway("statements", guideline, "--unused", "--json").data["statements"] == []
    assert "supportive_care" in pathway("statements", guideline).out


def test_build(pathway: Pathway, guideline: Path, patient: Path, tmp_path: Path) -> None:
    done = pathway("build", guideline, "-o", tmp_path / "out", "--format", "dot,svg")
    assert done.code == 0
    folder = tmp_path / "out" / "trial" / "diagrams"
    names = {file.name for file in folder.iterdir()}
    assert names == {"overview.dot", "overview.svg", "first.dot", "first.svg"}
    assert sorted(done.out.split()) == sorted(str(folder / name) for name in names)
    assert "pygraphviz" in done.out + done.err or "graphviz-dot" in done.out + done.err
    words = ("build", guideline, "-o", tmp_path / "hers", "--format", "dot", "--patient", patient)
    assert pathway(*words).code == 0
    drawn = {file.read_bytes() for file in (tmp_path / "hers").rglob("*.dot")}
    assert drawn - {file.read_bytes() for file in folder.glob("*.dot")}, "her way is drawn"
    assert pathway("build", guideline, "--format", "gif").code == 2


def test_build_writes_the_site(pathway: Pathway, guideline: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = pathway("build", guideline, "-o", out)
    folder = out / "trial"
    assert done.code == 0
    assert done.out.split() == [str(folder / "index.html")]
    for name in ("pathways/first.html", "cases.html", "proof.html", "diagrams/first.svg"):
        assert (folder / name).is_file(), name
    files = pathway("build", guideline, "-o", out, "--json").data["files"]
    assert str(folder / "static" / "site.css") in files
    assert pathway("build", guideline, "-o", out, "--fast").code == 0
    assert not (folder / "cases.html").exists()


def test_build_writes_one_file(pathway: Pathway, guideline: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = pathway("build", guideline, "-o", out, "--single-file")
    assert done.out.split() == [str(out / "trial.html")]
    assert not (out / "trial").exists()
    assert pathway("build", guideline, "--single-file", "--format", "svg").code == 2


def test_build_tells_what_changed_since_a_revision(
    pathway: Pathway, guideline: Path, tmp_path: Path
) -> None:
    def git(*words: str) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(
            ["git", "-C", str(guideline), *identity, *words], check=True, capture_output=True
        )

    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    file = next(f for f in guideline.rglob("*.pathway") if "pathway first" in f.read_text())
    file.write_text(file.read_text().replace('pathway first "', 'pathway first "Now: ', 1))
    assert pathway("build", guideline, "-o", tmp_path / "out", "--since", "HEAD").code == 0
    page = (tmp_path / "out" / "trial" / "changes.html").read_text()
    assert "Text only" in page
    assert pathway("build", guideline, "--since", "nowhere").code == 2


def test_export(pathway: Pathway, guideline: Path, tmp_path: Path) -> None:
    done = pathway("export", guideline, "--to", "mermaid")
    assert done.code == 0
    assert done.out.startswith("flowchart")
    target = tmp_path / "first.mmd"
    assert pathway("export", guideline, "--to", "mermaid", "-o", target).out == ""
    assert target.read_text() == done.out
    assert pathway("export", guideline, "--to", "fax").code == 2
    assert pathway("export", guideline, "--to", "dot", "--pathway", "frist").code == 2


def test_explain_code(pathway: Pathway) -> None:
    assert pathway("explain-code", "decision-gap").out.startswith("# ")
    assert pathway("explain-code", "decision-gap", "--json").data["severity"] == "error"
    assert "decision-gap" in pathway("explain-code", "--list").out
    wrong = pathway("explain-code", "decision-gpa")
    assert wrong.code == 2
    assert "did you mean `decision-gap`" in wrong.err


def test_doctor(pathway: Pathway) -> None:
    done = pathway("doctor", "--json")
    findings = done.data["findings"]
    assert {"name", "status", "detail"} <= set(findings[0])
    assert done.code == any(finding["status"] == "problem" for finding in findings)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_command(pathway: Pathway, shell: str, tmp_path: Path) -> None:
    done = pathway("completion", shell)
    assert done.code == 0
    assert all(command in done.out for command in COMMANDS)
    assert "as-of" in done.out
    program = shutil.which(shell)
    if program is None:
        return
    script = tmp_path / "script"
    script.write_text(done.out)
    subprocess.run([program, "-n", str(script)], check=True, timeout=30)
