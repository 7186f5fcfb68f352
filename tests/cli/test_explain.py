"""explain, and what the completion of bash offers."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

Pathway = Any


def test_why(pathway: Pathway, guideline: Path, patient: Path) -> None:
    done = pathway("explain", guideline, patient, "treatment", "--what-if")
    assert (done.code, done.err) == (0, "")
    assert "Example treatment [GR A · LC high]" in done.out
    assert "Fit for the treatment? Yes (Fit for the treatment: yes)" in done.out
    assert "would not be given if Fit for the treatment were no (now yes; can change)" in done.out
    assert "or if Contraindications included Example agent (now none; can change)" in done.out
    assert "what would change it" not in pathway("explain", guideline, patient, "treatment").out


def test_why_not(pathway: Pathway, guideline: Path, patient: Path) -> None:
    done = pathway("explain", guideline, "first.support", "--patient", patient, "--what-if")
    assert "not given first.support" in done.out
    assert "Fit for the treatment? Yes; needed: No" in done.out
    assert "would be given if Fit for the treatment were no" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_everything_is_explained_without_a_name(
    pathway: Pathway, guideline: Path, patient: Path
) -> None:
    data = pathway("explain", guideline, patient, "--json").data
    assert {e["id"]: e["verdict"] for e in data["explanations"]} == {
        "first.treatment": "given",
        "first.support": "not given",
    }
    assert all("what_if" not in e for e in data["explanations"])


def test_what_if_as_json(pathway: Pathway, guideline: Path, patient: Path) -> None:
    words = ("explain", guideline, "support", "--patient", patient, "--what-if", "--json")
    (explanation,) = pathway(*words).data["explanations"]
    (alternative,) = explanation["what_if"]["alternatives"]
    assert alternative["verdict"] == "given"
    (change,) = alternative["changes"]
    assert (change["element"], change["now"], change["otherwise"]) == ("fit", True, False)


def test_a_patient_has_to_be_named(pathway: Pathway, guideline: Path) -> None:
    done = pathway("explain", guideline)
    assert (done.code, done.out) == (2, "")
    assert "name the file of a patient" in done.err


def test_explain_suggests_names(pathway: Pathway, guideline: Path, patient: Path) -> None:
    done = pathway("explain", guideline, patient, "treatmnet")
    assert (done.code, done.out) == (2, "")
    assert "did you mean `treatment`" in done.err
    assert pathway("explain", guideline, guideline / "nobody.json").code == 3


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["pathway", "sta"], ["statements"]),
        (["pathway", "run", "x", "--enact"], ["--enactment"]),
        (["pathway", "check", "--format", "s"], ["sarif"]),
        (["pathway", "explain-code", "decision-g"], ["decision-gap"]),
        (["pathway", "check", "some"], ["some folder", "some.pathway"]),
    ],
)
def test_bash_completes(
    pathway: Pathway, tmp_path: Path, words: list[str], offered: list[str]
) -> None:
    script = tmp_path / "completion"
    script.write_text(pathway("completion", "bash").out)
    (tmp_path / "some folder").mkdir()
    (tmp_path / "some.pathway").touch()
    program = (
        f"source {script.name}; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1};"
        ' _pathway; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", program],
        cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert sorted(done.stdout.splitlines()) == offered
