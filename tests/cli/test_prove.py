"""`pathway prove`, and what `check` says of the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pathway_compiler.resources import json_schema

TEXT = """guideline g "G":
  version "1"
  entry p
element her2_status "HER2 status": one of positive "Positive" | negative "Negative"
element age "Age": quantity in years from 0 to 120
  typical 61 years
element fit "Fit for chemotherapy": boolean
agent paclitaxel "Paclitaxel"
class taxane "Taxanes": paclitaxel
pathway p "P":
  applies when her2_status is positive
  standing against careful "No taxanes":
    when not fit
    give taxane
  decision d "Which?":
    when age < 70 years "Young" -> a
    when age > 70 years "Old" -> b{accept}
  recommend a "Paclitaxel":
    give paclitaxel
  recommend b "Nothing"
"""
ACCEPT_GAP = '\n    accept gap "Nobody is exactly 70."'

Pathway = Callable[..., Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    target = tmp_path / "g.pathway"
    target.write_text(TEXT.format(accept=""), encoding="utf-8")
    return target


def test_a_gap_and_a_contradiction_are_shown_with_a_patient(pathway: Pathway, file: Path) -> None:
    done = pathway("prove", file)
    assert done.code == 1
    assert "no branch of `d` covers a patient with Age: 70 years" in done.out
    assert "running this patient confirms it" in done.out
    assert "“Paclitaxel” asks for something under Taxanes" in done.out
    assert "covers every patient            0 proved, 1 not so" in done.out


def test_the_patients_are_printed_as_cases(pathway: Pathway, file: Path) -> None:
    done = pathway("prove", file, "--cases")
    assert "      given age = 70 years\n" in done.out
    assert "      given her2_status = positive\n" in done.out


def test_a_case_of_a_witness_can_be_pasted(pathway: Pathway, file: Path) -> None:
    lines = pathway("prove", file, "--cases").out.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("    case p_a_p_careful"))
    stop = next(i for i in range(start, len(lines)) if not lines[i].strip())
    case = "\n".join(line[4:] for line in lines[start:stop])
    text = TEXT.format(accept=ACCEPT_GAP) + case + "\n  recommends a\n  recommends careful\n"
    file.write_text(text, encoding="utf-8")
    assert pathway("test", file).code == 0


def test_an_accepted_gap_lets_the_guideline_run(pathway: Pathway, file: Path) -> None:
    file.write_text(TEXT.format(accept=ACCEPT_GAP), encoding="utf-8")
    done = pathway("check", file)
    assert done.code == 0
    assert "decision-gap" not in done.out
    done = pathway("prove", file)
    assert "Accepted" in done.out
    assert "Nobody is exactly 70." in done.out


def test_a_stale_acceptance_is_reported(pathway: Pathway, file: Path) -> None:
    text = TEXT.format(accept=ACCEPT_GAP).replace("age > 70", "age >= 70")
    file.write_text(text, encoding="utf-8")
    done = pathway("check", file)
    assert "warning[stale-acceptance]: nothing is left here that `accept gap` speaks of" in done.out
    assert "stale-acceptance" not in pathway("check", file, "--fast").out


def test_fast_checks_decisions_only(pathway: Pathway, file: Path) -> None:
    done = pathway("check", file, "--fast")
    assert "decision-gap" in done.out
    assert "contradiction" not in done.out
    assert "warning[contradiction]" in pathway("check", file).out


def test_json_follows_its_schema_and_is_the_same_every_time(pathway: Pathway, file: Path) -> None:
    first, second = (pathway("prove", file, "--json").data for _ in range(2))
    jsonschema.validate(first, json.loads(json_schema("proof")))
    assert {**first, "seconds": 0} == {**second, "seconds": 0}
    gap = next(o for o in first["obligations"] if o["verdict"] == "refuted")
    assert gap["witness"]["confirmed"] is True
    assert gap["witness"]["facts"]["age"] == 70
    assert gap["witness"]["matter"] == ["age"]


def test_a_sound_guideline_is_proved(pathway: Pathway, guideline: Path) -> None:
    done = pathway("prove", guideline, "--all")
    assert done.code == 0, done.out
    assert "proved" in done.out
    assert "not so" not in done.out
