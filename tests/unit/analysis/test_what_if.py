"""The smallest changes of a patient's facts that would give a recommendation, or withdraw it."""

from fractions import Fraction

import pytest

from pathway_compiler.analysis.what_if import (
    Alternative,
    WhatIf,
    change_in_words,
    ready_to_ask,
    what_if_to_json,
)
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.driver import load_text, run_patient
from pathway_compiler.engine.enactment import Enactment
from pathway_compiler.engine.outcome import WaitingPoint
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.vocabulary import SetValue
from pathway_compiler.patient_data.patient import Observation, Patient
from pathway_compiler.patient_data.read import patient_from_facts

DAY = PartialDate(2020, 1, 1)

VOCABULARY = """
guideline g "G":
  version "1"
  entry p

type site "Site":
  bone "Bone"
  liver "Liver"

element her2 "HER2 status": one of positive "Positive" | negative "Negative"
  lasting
element stage "Stage": one of early "Early" | advanced "Advanced"
element fit "Fit": boolean
element sites "Sites": set of site
element lvef "LVEF": quantity in % from 0 to 100
element age "Age": quantity in years from 0 to 120
  lasting
element lines "Earlier lines": count from 0 to 9
element had "Medicines so far": set of agent
  lasting
element barred "Contraindicated": set of agent
  lasting
element seen "Seen on": date
agent trastuzumab "Trastuzumab"
agent letrozole "Letrozole"
contraindication personal "Not tolerated": each of barred
constraint "Early disease has no site": (stage is not early or sites is empty)
"""

FACTS: dict[str, object] = {
    "her2": "negative",
    "stage": "advanced",
    "fit": True,
    "sites": ["liver"],
    "lvef": {"value": 45, "unit": "%"},
    "age": {"value": 61, "unit": "years"},
    "lines": 0,
    "had": ["letrozole"],
    "barred": [],
}


def compile_(pathway: str, more: str = "") -> CompiledGuideline:
    return load_text(VOCABULARY + more + "\n" + pathway)


def ask(
    compiled: CompiledGuideline,
    id_: str,
    facts: dict[str, object] | None = None,
    **changed: object,
) -> WhatIf:
    known = {n: v for n, v in {**FACTS, **(facts or {}), **changed}.items() if v is not None}
    patient = patient_from_facts(known, compiled.guideline).patient
    assert patient is not None
    outcome, refused = run_patient(compiled, patient, as_of=DAY)
    assert outcome is not None, refused
    return ready_to_ask(compiled, patient, outcome).ask(id_)


def told(found: WhatIf, compiled: CompiledGuideline) -> list[list[str]]:
    return [
        [change_in_words(change, compiled.guideline) for change in alternative.changes]
        for alternative in found.alternatives
    ]


def sets(alternatives: tuple[Alternative, ...]) -> list[list[str]]:
    return [[change.element for change in a.changes] for a in alternatives]


def recommend(eligibility: str) -> CompiledGuideline:
    return compile_(f'pathway p "P":\n  recommend r "R" {eligibility}:\n    give trastuzumab\n')


# --- one fact, and several ------------------------------------------------------------------------------


def test_one_change() -> None:
    compiled = recommend("when her2 is positive")
    found = ask(compiled, "p.r")
    assert told(found, compiled) == [["HER2 status were Positive (now Negative; lasting)"]]
    assert [a.verdict for a in found.alternatives] == ["given"]


def test_two_changes() -> None:
    compiled = recommend("when her2 is positive and lvef >= 50 %")
    assert told(ask(compiled, "p.r"), compiled) == [
        [
            "HER2 status were Positive (now Negative; lasting)",
            "LVEF were ≥ 50 % (now 45 %; can change)",
        ]
    ]


def test_four_changes_are_too_many() -> None:
    compiled = recommend("when her2 is positive and lvef >= 50 % and not fit and lines > 2")
    found = ask(compiled, "p.r")
    assert (found.alternatives, found.settled) == ((), False)


def test_the_fewest_facts_come_first_and_none_is_more_than_another() -> None:
    compiled = recommend("when not fit or (lvef >= 50 % and lines > 0) or (not fit and lines > 1)")
    assert sets(ask(compiled, "p.r").alternatives) == [["fit"], ["lvef", "lines"]]


def test_a_constraint_forces_a_second_change() -> None:
    compiled = recommend("when stage is early")
    assert told(ask(compiled, "p.r"), compiled) == [
        [
            "Stage were Early (now Advanced; can change)",
            "Sites did not include Liver (now Liver; can change)",
        ]
    ]


# --- what is withdrawn, options, actions -------------------------------------------------------------------


def test_what_is_given_is_withdrawn() -> None:
    compiled = recommend("when fit")
    found = ask(compiled, "p.r")
    assert {a.verdict for a in found.alternatives} == {"not given"}
    assert told(found, compiled) == [
        ["Fit were no (now yes; can change)"],
        ["Contraindicated included Trastuzumab (now none; can change)"],
    ]


def test_what_is_possible_is_asked_both_ways() -> None:
    compiled = recommend("when fit")
    found = ask(compiled, "p.r", fit=None)
    assert [(a.verdict, a.changes[0].otherwise) for a in found.alternatives[:2]] == [
        ("given", True),
        ("not given", False),
    ]


CHOICE = """
pathway p "P":
  choose c "C":
    preferred one "One" when her2 is positive:
      give trastuzumab
    fallback two "Two" unless barred bars letrozole:
      give letrozole
"""


def test_an_option() -> None:
    compiled = compile_(CHOICE)
    assert sets(ask(compiled, "p.c.one").alternatives) == [["her2"]]
    assert told(ask(compiled, "p.c.two", barred=["letrozole"], her2="positive"), compiled) == [
        ["Contraindicated did not include Letrozole (now Letrozole; lasting)"]
    ]


def test_an_action() -> None:
    compiled = compile_(CHOICE)
    (alternative, *_) = ask(compiled, "letrozole").alternatives
    assert alternative.verdict == "not given"
    assert [c.element for c in alternative.changes] == ["barred"]


def test_what_comes_later_only_is_settled() -> None:
    compiled = compile_(
        'pathway p "P":\n  review v "V":\n    on fit "Yes" -> r\n  recommend r "R"\n'
    )
    assert ask(compiled, "p.r") == WhatIf("p.r", (), (), settled=True)
    assert ask(compiled, "p.nothing").settled


# --- which facts change more readily --------------------------------------------------------------------------


def test_lasting_facts_come_after_those_that_can_change() -> None:
    compiled = recommend("when her2 is positive or lvef >= 50 %")
    assert sets(ask(compiled, "p.r").alternatives) == [["lvef"], ["her2"]]


def test_what_is_missing_comes_first() -> None:
    compiled = recommend("when not fit or lvef >= 50 %")
    found = ask(compiled, "p.r", lvef=None)
    first, second = found.alternatives[:2]
    assert [c.readiness for c in (*first.changes, *second.changes)] == ["missing", "can change"]
    assert told(found, compiled)[0] == ["LVEF were ≥ 50 % (not known now)"]


@pytest.mark.parametrize(
    ("condition", "element"),
    [
        ("age < 50 years", "age"),
        ("had is empty", "had"),
    ],
)
def test_what_does_not_go_back_comes_last(condition: str, element: str) -> None:
    compiled = recommend(f"when {condition} or (not fit and lvef >= 50 % and lines > 1)")
    found = ask(compiled, "p.r")
    assert sets(found.alternatives) == [["fit", "lvef", "lines"], [element]]
    assert found.alternatives[1].changes[0].readiness == "does not go back"


def test_what_grows_can_change() -> None:
    compiled = recommend("when age >= 70 years or had contains trastuzumab or lines >= 2")
    found = ask(compiled, "p.r")
    assert {c.readiness for a in found.alternatives for c in a.changes} == {"can change"}
    assert told(found, compiled) == [
        ["Age were ≥ 70 years (now 61 years; can change)"],
        ["Earlier lines were ≥ 2 (now 0; can change)"],
        ["Medicines so far included Trastuzumab (now Letrozole; can change)"],
    ]


def test_dates_that_are_known_are_left() -> None:
    compiled = recommend("when seen > 2019-06-01")
    found = ask(compiled, "p.r", seen="2019-03-01")
    assert (found.alternatives, found.not_tried, found.settled) == ((), ("seen",), True)
    assert sets(ask(compiled, "p.r").alternatives)[0] == ["seen"], "missing now"


# --- values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("lvef >= 50 %", 50),
        ("lvef > 50 %", Fraction("50.1")),
        ("lvef < 40 %", Fraction("39.9")),
        ("lvef <= 40 %", 40),
        ("lines > 2", 3),
    ],
)
def test_numbers_change_to_the_nearest(condition: str, value: int | Fraction) -> None:
    (alternative,) = ask(recommend(f"when {condition}"), "p.r").alternatives
    assert alternative.changes[0].otherwise == value


def test_all_values_that_do_are_told() -> None:
    more = 'element colour "Colour": one of red "Red" | green "Green" | blue "Blue"\n'
    compiled = compile_(
        'pathway p "P":\n  recommend r "R" when colour is not red and (lines > 2 or lines = 2)\n',
        more,
    )
    assert told(ask(compiled, "p.r", colour="red"), compiled) == [
        [
            "Earlier lines were ≥ 2 (now 0; can change)",
            "Colour were Green or Blue (now Red; can change)",
        ]
    ]


def test_numbers_that_are_compared_with_each_other() -> None:
    more = (
        'element size_a "Size A": count from 0 to 9\nelement size_b "Size B": count from 0 to 9\n'
    )
    compiled = compile_('pathway p "P":\n  recommend r "R" when size_a > size_b\n', more)
    found = ask(compiled, "p.r", size_a=2, size_b=5)
    assert [a.changes[0].otherwise for a in found.alternatives] == [6, 1]


def test_sets_change_by_members() -> None:
    compiled = recommend("when sites contains bone and not (sites contains liver)")
    (alternative,) = ask(compiled, "p.r").alternatives
    assert alternative.changes[0].otherwise == SetValue(frozenset({"bone"}))
    assert told(ask(compiled, "p.r"), compiled) == [
        ["Sites included Bone and did not include Liver (now Liver; can change)"]
    ]


def test_a_missing_set_is_filled_in() -> None:
    compiled = recommend("when sites contains bone")
    assert told(ask(compiled, "p.r", sites=None), compiled)[0] == [
        "Sites were Bone (not known now)"
    ]


# --- facts that follow from others --------------------------------------------------------------------------------

DERIVED = """
define frail "Frail": boolean = age >= 70 years or not fit
element strong "Strong": boolean
  derive (fit and lvef >= 50 %)
"""


def test_facts_behind_a_definition() -> None:
    compiled = compile_('pathway p "P":\n  recommend r "R" when frail\n', DERIVED)
    assert sets(ask(compiled, "p.r").alternatives) == [["fit"], ["age"]]


def test_a_definition_that_was_entered_is_kept_or_changed_itself() -> None:
    compiled = compile_('pathway p "P":\n  recommend r "R" when frail and lines > 0\n', DERIVED)
    facts = {"fit": None, "age": None}
    assert sets(ask(compiled, "p.r", facts, frail=True).alternatives)[0] == ["lines"]
    found = ask(compiled, "p.r", facts, frail=False, lines=1)
    assert sets(found.alternatives)[0] == ["frail"]
    assert all("fit" not in names for names in sets(found.alternatives)), "it would contradict"


def test_a_derived_element_follows_or_is_filled_in() -> None:
    compiled = compile_('pathway p "P":\n  recommend r "R" when strong\n', DERIVED)
    assert sets(ask(compiled, "p.r").alternatives) == [["lvef"]]
    assert sets(ask(compiled, "p.r", lvef=None).alternatives)[:2] == [["lvef"], ["strong"]]


def test_lists_of_records_are_left() -> None:
    more = """
record dose "Dose" dated by on:
  agent "Agent": agent
  on "On": date
element doses "Doses": list of dose
"""
    compiled = compile_(
        'pathway p "P":\n  recommend r "R" when fit and any d in doses where d.agent is trastuzumab\n',
        more,
    )
    found = ask(compiled, "p.r", doses=[])
    assert (found.alternatives, found.not_tried) == ((), ("doses",))


COURSES = """
class medicines "Medicines": trastuzumab, letrozole
record dose "Dose" dated by on:
  agents "Agents": set of agent
  on "On": date
element doses "Doses": list of dose
element counted "Agents that count": set of agent
  derive union of d.agents for d in doses where stage is advanced
element sites_seen "Sites seen": set of site
  derive sites
"""


@pytest.mark.parametrize(
    "condition",
    [
        "counted contains trastuzumab",
        "counted contains medicines",
        "counted bars trastuzumab",
        "counted is not empty",
    ],
)
def test_a_set_collected_from_records_is_filled_in_or_left(condition: str) -> None:
    compiled = compile_(f'pathway p "P":\n  recommend r "R" when {condition}\n', COURSES)
    assert sets(ask(compiled, "p.r").alternatives)[0] == ["counted"]
    found = ask(compiled, "p.r", doses=[{"agents": []}])
    assert (found.alternatives, found.not_tried) == ((), ("doses", "counted"))


def test_a_derived_set_follows_from_another_set() -> None:
    compiled = compile_(
        'pathway p "P":\n  recommend r "R" when sites_seen contains bone\n', COURSES
    )
    assert sets(ask(compiled, "p.r").alternatives) == [["sites"]]


# --- later visits, and JSON -------------------------------------------------------------------------------------------

LATER = """
pathway p "P":
  review v "V":
    on not fit "No" -> r
    on lvef < 40 % "Low" -> r
  recommend r "R" when ever sites contains bone
"""


def test_a_later_visit_reads_what_is_recorded_since() -> None:
    compiled = compile_(LATER)
    facts = {
        "fit": (Observation(False, PartialDate(2019, 1, 1)),),
        "sites": (Observation(SetValue(frozenset({"bone"})), PartialDate(2019, 1, 1)),),
        "lvef": (Observation(45, PartialDate(2019, 12, 1)),),
    }
    patient = Patient("a", facts)
    waiting = (WaitingPoint("p", "v", (), PartialDate(2019, 6, 1)),)
    enactment = Enactment("g", "1", "", "p", "a", waiting)
    outcome, _ = run_patient(compiled, patient, as_of=DAY, enactment=enactment)
    assert outcome is not None
    found = ready_to_ask(compiled, patient, outcome, waiting=waiting).ask("p.r")
    given = [a for a in found.alternatives if a.verdict == "given"]
    assert sets(tuple(given)) == [["fit"], ["lvef"]]
    assert given[0].changes[0].readiness == "missing", "what was recorded before does not count"


def test_json() -> None:
    compiled = recommend("when lvef >= 50 %")
    assert what_if_to_json(ask(compiled, "p.r"), compiled.guideline) == {
        "alternatives": [
            {
                "verdict": "given",
                "changes": [
                    {
                        "element": "lvef",
                        "now": 45,
                        "otherwise": 50,
                        "readiness": "can change",
                        "text": "LVEF were ≥ 50 % (now 45 %; can change)",
                    }
                ],
            }
        ],
        "not_tried": [],
        "settled": False,
    }


def test_the_same_question_has_the_same_answer() -> None:
    compiled = recommend("when not fit or lvef >= 50 % or lines > 1 or age > 80 years")
    assert ask(compiled, "p.r") == ask(compiled, "p.r")


def test_a_class_that_is_contraindicated_is_taken_out_as_a_whole() -> None:
    more = 'agent capecitabine "Capecitabine"\nclass any_agent "Any agent": trastuzumab, capecitabine\n'
    compiled = compile_(
        'pathway p "P":\n  recommend r "R":\n    give trastuzumab\n    -> s\n'
        '  recommend s "S":\n    give capecitabine\n',
        more,
    )
    assert told(ask(compiled, "p.r", barred=["any_agent"]), compiled) == [
        ["Contraindicated did not include Any agent (now Any agent; lasting)"]
    ]
