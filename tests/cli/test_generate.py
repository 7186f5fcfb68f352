"""`pathway generate`, through the command."""

from pathlib import Path
from typing import Any

import pytest

Pathway = Any


def test_patients_as_cases_pass_when_pasted(pathway: Pathway, guideline: Path) -> None:
    done = pathway("generate", guideline, "--output", guideline / "generated.pathway")
    assert done.code == 0
    assert "each run and confirmed" in done.err
    assert done.out == ""
    tested = pathway("test", guideline, "--json")
    assert tested.code == 0
    assert tested.data["failed"] == 0


@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
def test_patients_as_data_can_be_run(
    pathway: Pathway, guideline: Path, tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"patients.{form}"
    done = pathway("generate", guideline, "--as", form, "--output", file)
    assert done.code == 0
    run = pathway("run", guideline, file, "--ndjson")
    assert run.code == 0
    assert len(run.out.splitlines()) > 1


def test_json_has_the_patients_of_the_cases(pathway: Pathway, guideline: Path) -> None:
    cases = pathway("generate", guideline, "--routes").out
    patients = pathway("generate", guideline, "--routes", "--json").data["patients"]
    for patient in patients:
        assert f"case {patient['id']} " in cases


def test_one_purpose_can_be_chosen(pathway: Pathway, guideline: Path) -> None:
    for option, prefix in (
        ("--routes", "route_"),
        ("--every-route", "route_"),
        ("--boundaries", "boundary_"),
        ("--conditions", "condition_"),
    ):
        out = pathway("generate", guideline, option).out
        names = [line.split()[1] for line in out.splitlines() if line.startswith("case ")]
        assert all(name.startswith(prefix) for name in names)


def test_an_unknown_pathway_is_a_mistake_of_usage(pathway: Pathway, guideline: Path) -> None:
    done = pathway("generate", guideline, "--pathway", "nowhere")
    assert done.code == 2
    assert "there is no pathway `nowhere`" in done.err


def test_a_limit_is_a_positive_number(pathway: Pathway, guideline: Path) -> None:
    assert pathway("generate", guideline, "--every-route", "--most", "0").code == 2
