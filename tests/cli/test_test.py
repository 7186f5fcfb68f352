"""`pathway test`: failures, coverage, JSON and JUnit XML."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from pathway_compiler.cli.commands import test as command
from pathway_compiler.resources import json_schema

Pathway = Callable[..., Any]
SCHEMA = json.loads(json_schema("test-result"))

HOSTILE = "<b>&amp; \\\"quoted\\\" 'single' ]]> \u2028 \ufffe é"
"""In the label of a case; `\\"` is how the language writes a quote."""

REFUSED = """
constraint "The unfit have no contraindication": fit or contraindications is empty

case impossible "Data that cannot be":
  as of 2026-01-15
  given fit = no
  given contraindications = {example_agent}
  recommends support
  visit "Later":
    as of 2026-02-15
    recommends support
"""


@pytest.fixture
def failing(guideline: Path) -> Path:
    """The guideline with two mistakes in its four cases, one of them at a later visit."""
    file = guideline / "cases.pathway"
    text = file.read_text(encoding="utf-8").replace("asks fit", "asks contraindications")
    text = text.replace("    recommends support", "    recommends treatment\n    status needs_data")
    file.write_text(text, encoding="utf-8")
    return guideline


@pytest.fixture
def refused(guideline: Path) -> Path:
    """The guideline with a case more, whose data are refused at the first of two visits."""
    (guideline / "more.pathway").write_text(REFUSED, encoding="utf-8")
    return guideline


def checked(done: Any) -> Any:
    """The JSON document, which must fit its schema."""
    assert [e.message for e in Draft202012Validator(SCHEMA).iter_errors(done.data)] == []
    return done.data


# --- for people -----------------------------------------------------------------------------------------


def test_all_cases_pass(pathway: Pathway, guideline: Path) -> None:
    done = pathway("test", guideline)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\n4 cases: all passed\n")
    assert "  nodes       4 of 4  100 %\n" in done.out
    assert "  options     0 of 0     –\n" in done.out
    assert "passed not_fit" in pathway("test", guideline, "--verbose").out


def test_failures_come_first_with_what_was_expected_and_what_came_out(
    pathway: Pathway, failing: Path
) -> None:
    done = pathway("test", failing)
    assert done.code == 1
    assert done.out.startswith("failed fit_patient A fit patient is treated\n")
    assert ":11, visit 2: No longer fit after three months" in " ".join(done.out.split())
    assert "    expected  recommends treatment\n    got       `treatment` is not given" in done.out
    assert (
        "    expected  asks contraindications\n"
        "    got       `contraindications` is not asked for; asked are: fit\n"
    ) in done.out
    assert done.out.index("failed") < done.out.index("Covered")
    assert done.out.endswith("2 of 4 cases failed, 2 passed\n")


def test_a_miss_is_told_with_its_place_and_reason(
    pathway: Pathway, guideline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "patients_for_misses", lambda compiled: lambda miss: None)
    done = pathway("test", guideline, "--case", "not_fit", "--coverage")
    assert "  nodes       2 of 4   50 %\n" in done.out
    assert (
        "Nodes that no case reaches\n"
        "  first.treatment Example treatment (first.pathway:10)\n"
        "  first.response Response (first.pathway:19)\n"
        "      no case takes the answer “Yes” at “Fit for the treatment?”\n"
    ) in done.out
    assert (
        "Conditions not seen both true and false\n"
        "  first.fitness (first.pathway:7)\n"
        "    Fit for the treatment\n"
        "      false in 1 case; never true\n"
    ) in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_coverage_is_left_out_where_it_says_little_and_on_request(
    pathway: Pathway, guideline: Path
) -> None:
    for words in (["--no-coverage"], ["--case", "not_fit"], ["-k", "FIT"]):
        done = pathway("test", guideline, *words)
        assert done.code == 0
        assert "Covered" not in done.out
    assert "Covered" in pathway("test", guideline, "-k", "fit", "--coverage").out


def test_many_misses_are_cut_off_unless_all_are_wanted(
    pathway: Pathway, guideline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_MOST_MISSES", 1)
    words = ("test", guideline, "--case", "not_fit", "--coverage")
    assert "  and 1 more; --verbose lists all\n" in pathway(*words).out
    assert "first.response Response" not in pathway(*words).out
    assert "first.response Response" in pathway(*words, "--verbose").out


def test_cases_are_picked_by_a_part_of_their_name(pathway: Pathway, guideline: Path) -> None:
    assert "2 cases: all passed" in pathway("test", guideline, "-k", "_Fit").out
    assert "1 case: passed" in pathway("test", guideline, "-k", "unknown").out
    nothing = pathway("test", guideline, "-k", "nobody")
    assert (nothing.code, nothing.out) == (2, "")
    assert "no case has `nobody` in its name" in nothing.err
    wrong = pathway("test", guideline, "--case", "not_fti")
    assert wrong.code == 2
    assert "did you mean `not_fit`?" in wrong.err


def test_too_little_coverage_is_a_finding(pathway: Pathway, guideline: Path) -> None:
    words = ("test", guideline, "--case", "not_fit", "--min-coverage")
    assert pathway(*words, "33").code == 0
    done = pathway(*words, "60%")
    assert done.code == 1
    assert "too few nodes are covered: less than 60 %" in done.out
    assert "too few branches are covered: less than 60 %" in done.out
    assert "too few options" not in done.out
    silent = pathway(*words, "60", "--no-coverage")
    assert silent.code == 1
    assert "Covered" not in silent.out
    assert "too few nodes" in silent.out
    for wrong in ("101", "-1", "much"):
        assert pathway("test", guideline, f"--min-coverage={wrong}").code == 2


def test_without_cases(pathway: Pathway, guideline: Path) -> None:
    (guideline / "cases.pathway").unlink()
    done = pathway("test", guideline)
    assert done.code == 0
    assert "there are no cases" in done.out
    data = checked(pathway("test", guideline, "--json"))
    assert data["cases"] == []
    assert {i["reason"] for i in data["coverage"]["items"]} == {"no case is run"}
    assert pathway("test", guideline, "--min-coverage", "1").code == 1


def test_the_patient_for_a_miss_stands_below_its_reason(
    pathway: Pathway, guideline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = {"fit": True, "contraindications": ["example_agent"], "unheard_of": [1]}
    monkeypatch.setattr(
        command,
        "patients_for_misses",
        lambda compiled: lambda miss: facts if miss.id == "first.treatment" else None,
    )
    done = pathway("test", guideline, "--case", "not_fit", "--coverage")
    assert (
        "at “Fit for the treatment?” such a patient: fit = yes;"
        " contraindications = {example_agent}; unheard_of = [1] first.response"
    ) in " ".join(done.out.split())
    data = checked(pathway("test", guideline, "--case", "not_fit", "--coverage", "--json"))
    found = {i["id"]: i["patient"] for i in data["coverage"]["items"] if i["patient"]}
    assert found == {"first.treatment": facts}


# --- JSON -----------------------------------------------------------------------------------------------


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_json_tells_every_visit_and_every_item(pathway: Pathway, failing: Path) -> None:
    done = pathway("test", failing, "--json", "--min-coverage", "100")
    assert done.code == 1
    data = checked(done)
    assert (data["passed"], data["failed"]) == (2, 2)
    first = data["cases"][0]
    assert [visit["result"] for visit in first["visits"]] == ["passed", "failed"]
    failure = first["visits"][1]["failures"][0]
    assert (failure["expected"], failure["got"]) == (
        "recommends treatment",
        "`treatment` is not given",
    )
    assert failure["place"]["start"] == {"line": 11, "column": 5}
    assert data["coverage"]["counts"]["nodes"] == {"covered": 4, "total": 4, "percent": 100}
    items = {item["id"]: item for item in data["coverage"]["items"]}
    assert items["first.treatment"]["cases"] == ["fit_patient"]
    assert items["first.response: Fit for the treatment"]["lacks"] == [True]
    assert data["minimum_coverage"] == {"nodes": 100, "branches": 100, "options": 100}
    assert data["below_minimum"] == []


def test_json_without_coverage(pathway: Pathway, guideline: Path) -> None:
    assert checked(pathway("test", guideline, "--no-coverage", "--json"))["coverage"] is None


def test_json_is_the_same_every_time(pathway: Pathway, failing: Path) -> None:
    assert pathway("test", failing, "--json").out == pathway("test", failing, "--json").out


def test_visits_after_refused_data_are_not_run(pathway: Pathway, refused: Path) -> None:
    done = pathway("test", refused)
    assert "    expected  data that are accepted\n" in done.out
    assert "  1 later visit is not run\n" in done.out
    visits = checked(pathway("test", refused, "--json"))["cases"][-1]["visits"]
    assert [(v["number"], v["result"], v["refused"]) for v in visits] == [
        (1, "failed", True),
        (2, "not run", False),
    ]


# --- JUnit ----------------------------------------------------------------------------------------------


def junit(pathway: Pathway, guideline: Path, *words: str) -> ET.Element:
    file = guideline / "result.xml"
    pathway("test", guideline, "--junit", file, *words)
    return ET.fromstring(file.read_text(encoding="utf-8"))


def test_junit_has_a_test_for_each_visit(pathway: Pathway, failing: Path) -> None:
    root = junit(pathway, failing)
    assert root.tag == "testsuites"
    assert {name: root.get(name) for name in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "trial", "tests": "5", "failures": "2", "errors": "0", "skipped": "0",
    }  # fmt: skip
    cases, coverage = root.findall("testsuite")
    assert (cases.get("tests"), cases.get("failures")) == ("5", "2")
    assert [(t.get("classname"), t.get("name")) for t in cases.findall("testcase")] == [
        ("trial.fit_patient", "A fit patient is treated, visit 1"),
        (
            "trial.fit_patient",
            "A fit patient is treated, visit 2: No longer fit after three months",
        ),
        ("trial.not_fit", "A patient who is not fit is supported"),
        ("trial.unknown_fitness", "Nothing is guessed while fitness is unknown"),
        ("trial.contraindicated", "A contraindication is a veto"),
    ]
    failure = cases.findall("testcase")[1].find("failure")
    assert failure is not None
    assert failure.get("type") == "case-failed"
    assert failure.get("message") == (
        "expected: recommends treatment; got: `treatment` is not given (and 1 more)"
    )
    assert failure.text is not None
    assert "cases.pathway:11:5\nexpected: recommends treatment\ngot: " in failure.text
    assert "expected: status needs_data" in failure.text
    assert coverage.get("tests") == "0"


def test_junit_times_are_measured(pathway: Pathway, guideline: Path) -> None:
    root = junit(pathway, guideline)
    times = [float(test.get("time", "")) for test in root.iter("testcase")]
    assert all(time > 0 for time in times)
    suites = [float(suite.get("time", "")) for suite in root.findall("testsuite")]
    assert suites[0] == pytest.approx(sum(times), abs=1e-5)
    assert float(root.get("time", "")) == pytest.approx(sum(suites), abs=1e-5)


def test_junit_has_the_coverage_as_properties(pathway: Pathway, guideline: Path) -> None:
    root = junit(pathway, guideline)
    found = {p.get("name"): p.get("value") for p in root.iter("property")}
    assert len(found) == 15
    assert found["coverage.branches.covered"] == found["coverage.branches.total"] == "3"
    assert found["coverage.branches.percent"] == "100"
    assert found["coverage.options.percent"] == ""
    assert not list(junit(pathway, guideline, "--no-coverage").iter("property"))


def test_junit_shows_too_little_coverage(pathway: Pathway, guideline: Path) -> None:
    root = junit(pathway, guideline, "--case", "not_fit", "--min-coverage", "60")
    assert (root.get("tests"), root.get("failures")) == ("4", "2")
    tests = {test.get("name"): test.find("failure") for test in root[1].findall("testcase")}
    assert list(tests) == [
        "nodes: at least 60 %",
        "branches: at least 60 %",
        "options: at least 60 %",
    ]
    nodes = tests["nodes: at least 60 %"]
    assert nodes is not None
    assert nodes.get("message") == "2 of 4 nodes are covered"
    assert nodes.text is not None
    assert nodes.text.startswith("first.treatment: no case takes the answer “Yes”")


def test_junit_skips_visits_that_are_not_run(pathway: Pathway, refused: Path) -> None:
    root = junit(pathway, refused)
    assert root.get("skipped") == "1"
    (skipped,) = (t for t in root.iter("testcase") if t.find("skipped") is not None)
    assert skipped.get("name") == "Data that cannot be, visit 2: Later"
    assert skipped.get("time") is None


def test_junit_holds_whatever_an_author_writes(pathway: Pathway, failing: Path) -> None:
    file = failing / "cases.pathway"
    text = file.read_text(encoding="utf-8")
    text = text.replace("Nothing is guessed while fitness is unknown", HOSTILE)
    file.write_text(text.replace("No longer fit after", "\u0085\u202e\U0001f600"), encoding="utf-8")
    names = [test.get("name", "") for test in junit(pathway, failing).iter("testcase")]
    assert "<b>&amp; \"quoted\" 'single' ]]> \u2028 \ufffd é" in names
    assert "A fit patient is treated, visit 2: \u0085\u202e\U0001f600 three months" in names


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("a\x00b\x1bc\x0bd", "a␀b␛c␋d"),
        ("a\r\nb\tc", "a␍\nb\tc"),
        ("\ud800\udfff\ufffe\uffff", "\ufffd" * 4),
        ("<&>\"'\U0010ffff", "<&>\"'\U0010ffff"),
    ],
)
def test_what_xml_cannot_hold_is_replaced(text: str, held: str) -> None:
    from pathway_compiler.cli.junit import _held

    assert _held(text) == held
    element = ET.Element("failure", message=_held(text))
    element.text = _held(text)
    again = ET.fromstring(ET.tostring(element, encoding="unicode"))
    assert (again.text, again.get("message")) == (held, held)


def test_a_file_that_cannot_be_written(pathway: Pathway, guideline: Path) -> None:
    done = pathway("test", guideline, "--junit", guideline / "nowhere" / "result.xml")
    assert done.code == 3
    assert "nowhere" in done.err
