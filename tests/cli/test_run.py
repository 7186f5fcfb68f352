"""run, with its formats of data, its refusals, visits and decisions."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pathway_compiler.resources import json_schema

Pathway = Any

TABLE = "id,fit,contraindications\na,yes,none\nb,perhaps,none\nc,no,none\n"


def valid(document: object, schema: str = "result") -> bool:
    jsonschema.Draft202012Validator(json.loads(json_schema(schema))).validate(document)
    return True


def test_for_a_person(pathway: Pathway, guideline: Path, patient: Path) -> None:
    done = pathway("run", guideline, patient)
    assert (done.code, done.err) == (0, "")
    assert "Complete: no further data are needed." in done.out
    assert "Example treatment [GR A · LC high]" in done.out
    assert "because: Fit for the treatment? Yes" in done.out
    assert "Response, every 2 to 3 months" in done.out
    assert "Supportive care" not in done.out
    assert "\x1b" not in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    footer = done.out.rstrip().splitlines()[-1]
    digest = pathway("run", guideline, patient, "--json").data["guideline"]["content_hash"]
    assert footer == f"Trial, version 0.1, text {digest[:12]}; as of 2026-01-15"


def test_why_and_trace(pathway: Pathway, guideline: Path, patient: Path) -> None:
    done = pathway("run", guideline, patient, "--why", "--trace")
    assert "NOT RECOMMENDED" in done.out
    assert "source: Patients who are fit" in done.out
    assert "first.fitness decision" in done.out


def test_colour_only_when_asked_for(
    pathway: Pathway, guideline: Path, patient: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[" in pathway("run", guideline, patient, "--color", "always").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in pathway("run", guideline, patient).out


def test_what_is_missing_is_said(pathway: Pathway, guideline: Path, tmp_path: Path) -> None:
    data = tmp_path / "open.json"
    data.write_text('{"as_of": "2026-01-15", "facts": {"contraindications": []}}')
    done = pathway("run", guideline, data)
    assert done.code == 0
    assert "More data are needed: 1 question is open." in done.out
    assert "? Is the patient fit for the treatment? fit" in done.out
    assert "missing: Fit for the treatment" in done.out
    assert "if: Fit for the treatment? Yes" in done.out, "nobody has said yes"
    assert "because:" not in done.out


def test_a_barred_part_is_named_with_its_reason(
    pathway: Pathway, guideline: Path, tmp_path: Path
) -> None:
    file = guideline / "vocabulary.pathway"
    file.write_text(file.read_text() + 'agent second_agent "Second agent"\n')
    file = guideline / "first.pathway"
    file.write_text(
        file.read_text().replace("give example_agent", "give example_agent + second_agent")
    )
    data = tmp_path / "barred.json"
    facts = {"fit": True, "contraindications": ["second_agent"]}
    data.write_text(json.dumps({"as_of": "2026-01-15", "facts": facts}))
    assert "second agent: Recorded as contraindicated" in pathway("run", guideline, data).out


def test_json_follows_the_schema(pathway: Pathway, guideline: Path, patient: Path) -> None:
    done = pathway("run", guideline, patient, "--json")
    assert valid(done.data)
    both = pathway("run", guideline, patient, patient, "--json").data
    assert isinstance(both, list)


def test_the_others_run_when_one_is_wrong(
    pathway: Pathway, guideline: Path, tmp_path: Path
) -> None:
    table = tmp_path / "cohort.csv"
    table.write_text(TABLE)
    words = ("run", guideline, table, "--as-of", "2026-01-15")
    done = pathway(*words)
    assert done.code == 3
    assert "patient `b`" in done.err
    assert f"{table}:3:3" in done.err
    assert "help: write true or false" in done.err
    assert "3 patients: 2 run, 1 refused" in done.err
    assert "Patient a," in done.out
    assert "Patient c," in done.out
    lines = [json.loads(line) for line in pathway(*words, "--ndjson").out.splitlines()]
    assert [line["patient"] for line in lines] == ["a", "b", "c"]
    assert [line["format"] for line in lines] == [
        "pathway-result/1",
        "pathway-refused/1",
        "pathway-result/1",
    ]
    assert valid(lines[0])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.json", '{"id": "a", "facts": {"fit": true, "contraindications": []}}'),
        ("p.yaml", "id: a\nfacts:\n  fit: yes\n  contraindications: []\n"),
        ("p.csv", "id,fit,contraindications\na,yes,none\n"),
        ("p.ndjson", '{"id": "a", "fit": true, "contraindications": []}\n'),
    ],
)
def test_every_format_says_the_same(
    pathway: Pathway, guideline: Path, tmp_path: Path, name: str, text: str
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / name).write_text(text)
    for place in (folder / name, folder):
        done = pathway("run", guideline, place, "--as-of", "2026-01-15", "--json")
        assert done.code == 0, done.err
        assert [r["id"] for r in done.data["recommendations"]] == ["first.treatment"]


def test_standard_input(
    pathway: Pathway, guideline: Path, patient: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(patient.read_text()))
    assert pathway("run", guideline, "-", "--json").data["patient"] == "example"


def test_data_that_are_not_there(pathway: Pathway, guideline: Path, tmp_path: Path) -> None:
    assert pathway("run", guideline, tmp_path / "none.json").code == 3
    empty = tmp_path / "empty"
    empty.mkdir()
    assert pathway("run", guideline, empty).code == 3
    (tmp_path / "p.json").write_text('{"facts": {"fit": true}}')
    dayless = pathway("run", guideline, tmp_path / "p.json")
    assert dayless.code == 3
    assert "--as-of" in dayless.err


def test_a_guideline_with_errors_runs_nothing(
    pathway: Pathway, guideline: Path, patient: Path
) -> None:
    (guideline / "wrong.pathway").write_text("pathway ???\n")
    done = pathway("run", guideline, patient)
    assert (done.code, done.out) == (1, "")


@pytest.mark.parametrize(
    "words",
    [
        ["--pathway", "frist"],
        ["--as-of", "2026"],
        ["--as-of", "soon"],
        ["--set", "nothing=1"],
        ["--reading", "nothing=1"],
        ["--accept", "treatment"],
        ["--enactment", "e.json", "--decline", "treatment"],
        ["--reason", "x"],
        ["--by", "x"],
    ],
)
def test_bad_usage(
    pathway: Pathway,
    guideline: Path,
    patient: Path,
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = pathway("run", guideline, patient, *words)
    assert (done.code, done.out) == (2, "")
    assert not (tmp_path / "e.json").exists()


# Visits.


@pytest.fixture
def later(patient: Path, tmp_path: Path) -> Path:
    """The same patient three months later, no longer fit."""
    file = tmp_path / "visit2.json"
    text = patient.read_text().replace("2026-01-15", "2026-04-15")
    file.write_text(text.replace('"fit": true', '"fit": false'))
    return file


def test_an_enactment_goes_on_from_visit_to_visit(
    pathway: Pathway, guideline: Path, patient: Path, later: Path, tmp_path: Path
) -> None:
    file = tmp_path / "e.json"
    first = ("run", guideline, patient, "--enactment", file, "--accept", "treatment", "--by", "R")
    assert pathway(*first).code == 0
    once = file.read_text()
    assert valid(json.loads(once), "enactment")
    assert json.loads(once)["decisions"][0]["by"] == "R"
    assert pathway("run", guideline, patient, "--enactment", file).code == 0
    assert file.read_text() == once, "the same visit again changes nothing"
    second = pathway(
        "run", guideline, later, "--enactment", file, "--decline", "support", "--reason", "Not now"
    )
    assert second.code == 0
    assert "first.support" in second.out
    data = json.loads(file.read_text())
    assert valid(data, "enactment")
    assert data["visits"] == ["2026-01-15", "2026-04-15"]
    assert [d["decision"] for d in data["decisions"]] == ["accepted", "declined"]
    assert pathway(*first).code == 3, "an earlier day than the last visit"
    assert [f.name for f in tmp_path.iterdir() if f.name.startswith(".")] == []


def test_a_decision_can_be_logged_after_the_recommendation_was_read(
    pathway: Pathway, guideline: Path, patient: Path, tmp_path: Path
) -> None:
    words = ("run", guideline, patient, "--enactment", tmp_path / "e.json")
    assert pathway(*words).code == 0
    assert pathway(*words, "--accept", "treatment").code == 0


def test_an_enactment_stays_as_it_was_when_something_is_wrong(
    pathway: Pathway, guideline: Path, patient: Path, later: Path, tmp_path: Path
) -> None:
    file = tmp_path / "e.json"
    assert pathway("run", guideline, patient, "--enactment", file).code == 0
    before = file.read_bytes()
    words = ("run", guideline, later, "--enactment", file)
    assert pathway(*words, "--accept", "treatment_of_nothing").code == 2
    assert pathway(*words, "--choose", "support", "nothing").code == 2
    later.write_text(later.read_text().replace("false", '"maybe"'))
    assert pathway(*words).code == 3
    assert file.read_bytes() == before
    file.write_text("{")
    assert pathway(*words).code == 3
    assert file.read_text() == "{"


def test_an_enactment_is_that_of_one_patient(
    pathway: Pathway, guideline: Path, patient: Path, later: Path, tmp_path: Path
) -> None:
    file = tmp_path / "e.json"
    assert pathway("run", guideline, patient, "--enactment", file).code == 0
    later.write_text(later.read_text().replace('"example"', '"another"'))
    done = pathway("run", guideline, later, "--enactment", file)
    assert done.code == 3
    assert "`example`" in done.err
