"""Findings as JSON and as SARIF."""

import json

import pytest

from pathway_compiler.diagnostics.codes import CODES
from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.diagnostics.to_json import diagnostics_to_json
from pathway_compiler.diagnostics.to_sarif import diagnostics_to_sarif

TEXT = "pathway p:\n  when her\n"
SOURCE = Source("my folder/a.pathway", TEXT)
HER = Span(SOURCE, TEXT.index("her"), TEXT.index("her") + 3)
FINDINGS = [
    Diagnostic("unknown-name", "nothing is called `her`", HER, help="did you mean `her2`?"),
    Diagnostic("unused-element", "nothing reads it", HER, (Label(Span(SOURCE, 0, 7), "here"),)),
]


def test_json() -> None:
    data = json.loads(json.dumps(diagnostics_to_json(FINDINGS)))
    assert data["format"] == "pathway-diagnostics/1"
    assert data["counts"] == {"error": 1, "warning": 1, "note": 0}
    first, second = data["diagnostics"]
    assert first == {
        "code": "unknown-name",
        "severity": "error",
        "title": CODES["unknown-name"].title,
        "message": "nothing is called `her`",
        "help": "did you mean `her2`?",
        "notes": [],
        "place": {
            "file": "my folder/a.pathway",
            "start": {"line": 2, "column": 8},
            "end": {"line": 2, "column": 11},
        },
        "related": [],
    }
    assert [label["text"] for label in second["related"]] == ["here"]


NOTED = Diagnostic(
    "decision-gap",
    "no branch covers a patient",
    HER,
    help="add a branch",
    notes=("all with Age = 70 years", "running this patient confirms it"),
)


def test_json_lists_notes() -> None:
    (found,) = json.loads(json.dumps(diagnostics_to_json([NOTED])))["diagnostics"]
    assert found["notes"] == ["all with Age = 70 years", "running this patient confirms it"]
    assert (found["message"], found["help"]) == ("no branch covers a patient", "add a branch")


def test_sarif_has_notes_between_the_message_and_the_help() -> None:
    log = json.loads(json.dumps(diagnostics_to_sarif([NOTED], version="0")))
    (result,) = log["runs"][0]["results"]
    assert result["message"]["text"].splitlines() == [
        "no branch covers a patient",
        "all with Age = 70 years",
        "running this patient confirms it",
        "add a branch",
    ]


def test_sarif_has_what_the_standard_requires() -> None:
    log = json.loads(json.dumps(diagnostics_to_sarif(FINDINGS, version="1.2.3")))
    assert log["version"] == "2.1.0"
    assert "sarif-2.1.0" in log["$schema"]
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert driver["semanticVersion"] == "1.2.3"
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("error", "warning", "note")
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "my%20folder/a.pathway"
        assert physical["region"] == {
            "startLine": 2,
            "startColumn": 8,
            "endLine": 2,
            "endColumn": 11,
        }
    related = run["results"][1]["relatedLocations"]
    assert [place["message"]["text"] for place in related] == ["here"]


def test_sarif_without_findings_is_a_run_that_found_nothing() -> None:
    log = diagnostics_to_sarif([], version="0")
    assert json.loads(json.dumps(log))["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a.pathway", "a.pathway"),
        ("/tmp/a b.pathway", "file:///tmp/a%20b.pathway"),
        ("C:\\x\\a.pathway", "file:///C:/x/a.pathway"),
        ("ö#.pathway", "%C3%B6%23.pathway"),
    ],
)
def test_sarif_names_files_by_uri(name: str, uri: str) -> None:
    place = Span(Source(name, "x"), 0, 1)
    log = json.loads(
        json.dumps(diagnostics_to_sarif([Diagnostic("unknown-name", "m", place)], version="0"))
    )
    found = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert found["artifactLocation"]["uri"] == uri


def test_sarif_of_a_file_without_text_has_no_region() -> None:
    place = Span(Source("gone.pathway", ""), 0, 0)
    log = json.loads(
        json.dumps(diagnostics_to_sarif([Diagnostic("unreadable-file", "m", place)], version="0"))
    )
    found = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert "region" not in found
