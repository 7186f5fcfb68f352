"""ask, with the answers on standard input."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

Pathway = Any


@pytest.fixture
def ask(pathway: Pathway, guideline: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(answers: str, *words: object) -> Any:
        monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
        return pathway("ask", guideline, "--as-of", "2026-01-15", *words)

    return run


def test_one_question_at_a_time_the_most_useful_first(ask: Any) -> None:
    done = ask("yes\nnone\n")
    assert done.code == 0
    assert done.err.index("Is the patient fit") < done.err.index("Contraindications?")
    assert "settled: Example treatment" in done.err
    assert "RECOMMENDED" in done.out
    assert "Complete" in done.out


def test_do_not_know_is_an_answer_and_not_asked_again(ask: Any) -> None:
    done = ask("unknown\nnone\n")
    assert done.code == 0
    assert done.err.count("Is the patient fit") == 1
    assert "POSSIBLE" in done.out


def test_a_wrong_answer_is_asked_again(ask: Any) -> None:
    done = ask("maybe\n?\nno\nnone\n")
    assert "`fit` is yes or no" in done.err
    assert "Supportive care" in done.out


def test_back_takes_the_last_answer_back(ask: Any) -> None:
    done = ask("yes\nback\nno\nnone\n")
    assert "taken back: fit" in done.err
    assert "Supportive care" in done.out
    assert "Example treatment" not in done.out


def test_the_end_of_the_input_ends_it(ask: Any) -> None:
    assert ask("").code == 0
    assert ask("yes\nend\n").code == 0
    assert ask("skip\nskip\n").code == 0


def test_json_is_alone_on_stdout(ask: Any) -> None:
    assert ask("yes\nnone\n", "--json").data["status"] == "complete"


def test_the_saved_patient_can_be_run(
    ask: Any, pathway: Pathway, guideline: Path, tmp_path: Path
) -> None:
    file = tmp_path / "saved.json"
    asked = ask("yes\nnone\n", "--save", file, "--id", "ana", "--json")
    assert json.loads(file.read_text())["id"] == "ana"
    assert pathway("run", guideline, file, "--json").data == asked.data


def test_it_goes_on_from_what_is_known(ask: Any, tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    file.write_text('{"facts": {"fit": true}}')
    done = ask("none\n", "--patient", file)
    assert "Is the patient fit" not in done.err
    assert "Complete" in done.out


def test_without_a_day(pathway: Pathway, guideline: Path) -> None:
    done = pathway("ask", guideline)
    assert done.code == 2
    assert "--as-of" in done.err
