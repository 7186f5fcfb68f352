"""Enactments: what is written is read back, and what does not fit the guideline is refused."""

import json
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from markdown_tests import REPOSITORY
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.driver import evaluate, load_text
from pathway_compiler.engine.enactment import (
    Enactment,
    EnactmentError,
    LoggedDecision,
    advance,
    enactment_from_json,
    enactment_to_json,
    log_decision,
)
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.compiled import CompiledGuideline

SCHEMA = json.loads((REPOSITORY / "dsl" / "enactment.schema.json").read_text(encoding="utf-8"))

GUIDELINE = """guideline g "G":
  version "3"
  entry outer
element state "State": one of better | worse
agent x "X"
agent y "Y"
pathway outer "Outer":
  standing keep "Keep X":
    give x
  follow inner as within "Within"
pathway inner "Inner":
  choose first "First" any of:
    option with_x "With X":
      give x
    option with_y "With Y":
      give y
    -> check
  review check "Check":
    every 3 months
    on state is worse "Worse" -> second
  recommend second "Second":
    give y
"""


@pytest.fixture(scope="module")
def compiled() -> CompiledGuideline:
    return load_text(GUIDELINE)


@pytest.fixture
def outcome(compiled: CompiledGuideline) -> Outcome:
    return evaluate(compiled, {}, as_of="2019-03-01")


@pytest.fixture
def enactment(outcome: Outcome) -> Enactment:
    decision = LoggedDecision(
        "first", "chosen", PartialDate(2019, 3, 1), "with_y", "She asked for it", "Dr Ruiz"
    )
    return log_decision(advance(None, outcome), outcome, decision)


def test_written_enactment_is_read_back(enactment: Enactment, compiled: CompiledGuideline) -> None:
    data = json.loads(json.dumps(enactment_to_json(enactment)))
    assert enactment_from_json(data, compiled) == enactment


def test_written_enactment_fits_the_schema(enactment: Enactment) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    assert not list(validator.iter_errors(enactment_to_json(enactment)))


def test_enactment_of_an_unsettled_start_fits_the_schema_and_is_read_back() -> None:
    unsettled = load_text(
        'guideline g "G":\n  version "1"\nelement a "A": boolean\n'
        'pathway p "P":\n  applies when a\n  recommend r "R"\n'
    )
    written = enactment_to_json(advance(None, evaluate(unsettled, {}, as_of="2019-03-01")))
    assert not list(Draft202012Validator(SCHEMA).iter_errors(written))
    assert enactment_from_json(written, unsettled).waiting[0].node is None


def test_review_is_where_the_patient_waits(enactment: Enactment) -> None:
    (point,) = enactment.waiting
    assert (point.pathway, point.node, point.via) == ("inner", "check", ("within",))
    assert str(point.since) == "2019-03-01"


def test_next_visit_goes_on_from_the_review(
    enactment: Enactment, compiled: CompiledGuideline
) -> None:
    later = evaluate(compiled, {"state": "worse"}, as_of="2019-06-01", enactment=enactment)
    assert {r.id for r in later.given} == {"outer.keep", "inner.second"}
    after = advance(enactment, later)
    assert [str(day) for day in after.visits] == ["2019-03-01", "2019-06-01"]
    assert after.log == enactment.log


def test_advancing_twice_by_the_same_visit_changes_nothing(
    enactment: Enactment, compiled: CompiledGuideline
) -> None:
    later = evaluate(compiled, {"state": "better"}, as_of="2019-06-01", enactment=enactment)
    once = advance(enactment, later)
    assert advance(once, later) == once


def test_logging_twice_changes_nothing(enactment: Enactment, outcome: Outcome) -> None:
    assert log_decision(enactment, outcome, enactment.log[0]) == enactment


def test_decision_never_alters_what_is_recommended(
    outcome: Outcome, compiled: CompiledGuideline
) -> None:
    plain = advance(None, outcome)
    declined = log_decision(
        plain, outcome, LoggedDecision("first", "declined", PartialDate(2019, 3, 1), None, "No")
    )
    with_log, without = (
        evaluate(compiled, {"state": "worse"}, as_of="2019-06-01", enactment=e)
        for e in (declined, plain)
    )
    assert with_log == without


@pytest.mark.parametrize(
    ("recommendation", "option", "message"),
    [
        ("second", None, "`second` is not recommended at this visit"),
        ("first", "with_z", "has no option `with_z`; its options are: with_x, with_y"),
        ("keep", "with_x", "has no option `with_x`; its options are: none"),
    ],
)
def test_decision_about_something_else_is_refused(
    recommendation: str, option: str | None, message: str, outcome: Outcome
) -> None:
    decision = LoggedDecision(recommendation, "accepted", PartialDate(2019, 3, 1), option)
    with pytest.raises(EnactmentError, match=message):
        log_decision(advance(None, outcome), outcome, decision)


POINT = {"pathway": "inner", "node": "check", "via": ["within"], "since": "2019-03-01"}
DECISION = {"recommendation": "inner.first", "decision": "accepted", "on": "2019-03-01"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "pathway-enactment/2"}, "`format` is not `pathway-enactment/1`"),
        ({"format": None}, "this is no enactment"),
        ({"guideline": "other"}, "belongs to guideline `other`, not `g`"),
        ({"pathway": "gone"}, "has no pathway `gone` any more"),
        ({"pathway": None}, "`pathway` is missing or no text"),
        ({"pathway": 3}, "`pathway` is missing or no text"),
        ({"waiting": {}}, "`waiting` is no list"),
        ({"waiting": ["check"]}, "a waiting point is no object"),
        ({"waiting": [{**POINT, "node": "gone"}]}, "has no review `gone` any more"),
        ({"waiting": [{**POINT, "node": "first"}]}, "has no review `first` any more"),
        ({"waiting": [{**POINT, "via": ["gone"]}]}, "has no node `gone` that follows"),
        ({"waiting": [{**POINT, "via": ["keep"]}]}, "has no node `keep` that follows"),
        ({"waiting": [{**POINT, "via": []}]}, "the way to `inner` leads to `outer` now"),
        ({"waiting": [{**POINT, "via": "within"}]}, "`via` is no list"),
        ({"waiting": [{**POINT, "pathway": None}]}, "`pathway` is missing or no text"),
        ({"waiting": [{**POINT, "since": None}]}, "does not say since when"),
        ({"waiting": [{**POINT, "since": "2019-03"}]}, "`2019-03` is not a full date"),
        ({"waiting": [{**POINT, "since": "2019-02-30"}]}, "`2019-02-30` is not a full date"),
        ({"waiting": [{**POINT, "since": 3}]}, "`3` is not a full date"),
        ({"visits": "2019-03-01"}, "`visits` is no list"),
        ({"visits": ["yesterday"]}, "`yesterday` is not a full date"),
        ({"decisions": [3]}, "a logged decision is no object"),
        ({"decisions": [{**DECISION, "decision": "ignored"}]}, "`ignored` is no decision"),
        ({"decisions": [{**DECISION, "recommendation": None}]}, "`recommendation` is missing"),
        ({"decisions": [{**DECISION, "on": None}]}, "`None` is not a full date"),
        ({"decisions": [{**DECISION, "via": 1}]}, "`via` is no list"),
    ],
)
def test_what_does_not_fit_is_named(
    change: dict[str, Any], message: str, enactment: Enactment, compiled: CompiledGuideline
) -> None:
    data = {**deepcopy(enactment_to_json(enactment)), **change}
    with pytest.raises(EnactmentError, match=message):
        enactment_from_json(data, compiled)


@pytest.mark.parametrize("data", [None, 3, "text", [], {}, [{}]])
def test_what_is_no_enactment_is_refused(data: object, compiled: CompiledGuideline) -> None:
    with pytest.raises(EnactmentError, match="this is no enactment"):
        enactment_from_json(data, compiled)
