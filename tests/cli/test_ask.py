"""ask, with the answers on standard input. What is said in passing may go to either stream."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

Pathway = Any


@pytest.fixture
def ask(pathway: Pathway, guideline: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(answers: str, *words: object, day: str | None = "2026-01-15") -> Any:
        monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
        return pathway("ask", guideline, *words, *(("--as-of", day) if day else ()))

    return run


def said(done: Any) -> str:
    return str(done.out + done.err)


def test_one_question_at_a_time_the_most_useful_first(ask: Any) -> None:
    done = ask("yes\nnone\n")
    assert done.code == 0
    assert said(done).index("Is the patient fit") < said(done).index("Contraindications")
    assert "RECOMMENDED" in done.out
    assert "Complete" in done.out


def test_do_not_know_is_an_answer_and_not_asked_again(ask: Any) -> None:
    done = ask("don't know\nnone\n")
    assert done.code == 0
    assert said(done).count("Is the patient fit") == 1
    assert "POSSIBLE" in done.out
    data = ask("d\nnone\n", "--json").data
    assert data["unanswerable"] == [{"element": "fit", "reason": "asked but not known"}]


def test_a_wrong_answer_is_asked_again(ask: Any) -> None:
    done = ask("maybe\nno\nnone\n")
    assert done.code == 0
    assert "Supportive care" in done.out
    assert "Example treatment" not in done.out.split("RECOMMENDED")[1]


def test_an_answer_can_be_taken_back(ask: Any) -> None:
    data = ask("yes\nb\nno\nnone\n", "--json").data
    assert [r["id"] for r in data["recommendations"]] == ["first.support"]


@pytest.mark.parametrize("answers", ["", "yes\nq\n", "s\ns\n", "?\nshow\nq\n"])
def test_it_can_end_at_any_time(ask: Any, answers: str) -> None:
    assert ask(answers).code == 0


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
    assert "Is the patient fit" not in said(done)
    assert "Complete" in done.out


def test_the_day_is_never_taken_from_the_clock(ask: Any) -> None:
    nothing = ask("", day=None)
    assert nothing.code in (2, 3)
    assert "--as-of" in nothing.err
