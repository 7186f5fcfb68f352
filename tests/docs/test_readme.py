"""What the README shows is what happens."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.S)
    assert found
    return found.group(1)


def test_the_first_two_commands_run_and_test_everything() -> None:
    first = [line.split("#")[0].strip() for line in block("sh").splitlines()]
    assert first == ["make demo", "make test"]


def test_the_pathway_shown_is_part_of_the_guideline() -> None:
    pathway = ROOT / "pathways" / "seom_abc_2018" / "bone" / "bone_metastases.pathway"
    assert block("pathway") in pathway.read_text(encoding="utf-8")


def test_the_answer_shown_is_the_answer_given() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pathway_compiler",
            "run",
            "pathways/seom_abc_2018",
            "pathways/seom_abc_2018/patients/ana.json",
            "--pathway",
            "bone_metastases",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert block("text").rstrip() == done.stdout.rstrip()


def test_the_python_examples_give_what_they_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest(block("python"), {}, "README", "README.md", 0)
    runner = doctest.DocTestRunner()
    runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists(), link


def test_the_public_names_are_about_twenty_and_all_there() -> None:
    import pathway_compiler

    names = pathway_compiler.__all__
    assert 15 <= len(names) <= 30
    assert all(getattr(pathway_compiler, name) is not None for name in names)
