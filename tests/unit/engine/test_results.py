"""Status, needs, acceptance, settings and readings."""

import pytest

from pathway_compiler.driver import DataError
from pathway_compiler.engine.outcome import Outcome
from unit.engine.running import given, possible, run

# --- status ---------------------------------------------------------------------------------------

STATUS = """pathway p "P":
  applies when fit
  decision d "D":
    when pregnant -> o
    otherwise -> a
  recommend a "A" when heart_failure
  outside o "Not written for her"
"""


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"fit": True, "pregnant": False, "heart_failure": True}, "complete"),
        ({"fit": True, "pregnant": False, "heart_failure": False}, "complete"),
        ({"fit": True, "pregnant": False}, "needs_data"),
        ({"fit": True, "pregnant": True}, "outside_guideline"),
        ({"fit": True}, "needs_data"),
        ({"fit": False}, "not_applicable"),
        ({"fit": False, "pregnant": True}, "not_applicable"),
        ({"pregnant": True}, "needs_data"),
    ],
)
def test_not_applicable_comes_before_outside_before_missing_data(
    facts: dict[str, object], status: str
) -> None:
    assert run(STATUS, facts).status == status


def test_outside_says_the_text_of_the_author() -> None:
    assert run(STATUS, {"fit": True, "pregnant": True}).outside == ("Not written for her",)
    assert run(STATUS, {"pregnant": True}).outside == ()


def test_an_end_is_told_when_it_is_certainly_reached() -> None:
    text = """pathway p "P":
  decision d "D":
    when fit -> e
    otherwise -> a
  end e "The end"
  recommend a "A"
"""
    assert run(text, {"fit": True}).ends == ("The end",)
    assert run(text).ends == ()
    assert run(text, {"fit": False}).ends == ()


def test_an_unknown_that_was_asked_in_vain_still_leaves_the_run_open() -> None:
    outcome = run(STATUS, {"fit": True, "pregnant": {"unknown": "asked but not known"}})
    assert outcome.status == "needs_data"


# --- needs ----------------------------------------------------------------------------------------

NEEDS = """pathway p "P":
  decision first "First":
    when fit -> second
    otherwise -> b
  decision second "Second":
    when pregnant -> a
    otherwise -> b
  recommend a "A" when heart_failure
  recommend b "B" -> c
  recommend c "C" when er_status is positive
"""


def needs(outcome: Outcome) -> list[tuple[str, str]]:
    return [(n.element, n.urgency) for n in outcome.needs]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, [
            ("fit", "needed now"), ("pregnant", "perhaps later"), ("er_status", "perhaps later"),
            ("heart_failure", "perhaps later"),
        ]),
        ({"fit": True}, [
            ("pregnant", "needed now"), ("er_status", "perhaps later"), ("heart_failure", "perhaps later"),
        ]),
        ({"fit": True, "pregnant": True}, [("heart_failure", "needed now")]),
        ({"fit": False}, [("er_status", "needed now")]),
        ({"fit": False, "er_status": "positive"}, []),
        ({"fit": {"unknown": "asked but not known"}}, [
            ("pregnant", "perhaps later"), ("er_status", "perhaps later"), ("heart_failure", "perhaps later"),
        ]),
        ({"fit": {"unknown": "uninterpretable"}, "pregnant": False}, [("er_status", "perhaps later")]),
        # `b` and `c` hold whether fit or not, and `a` does not.
        ({"fit": {"unknown": "not done"}, "pregnant": False, "er_status": "positive"}, []),
        ({"fit": {"unknown": "not done"}, "pregnant": False}, [("er_status", "perhaps later")]),
    ],
)  # fmt: skip
def test_what_is_needed_now_comes_first_and_what_settles_more_before_the_rest(
    facts: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    found = needs(run(NEEDS, facts))
    assert [n for n in found if n[1] == "needed now"] == [
        n for n in expected if n[1] == "needed now"
    ]
    assert set(found) == set(expected)
    urgencies = [n[1] for n in found]
    assert urgencies == sorted(urgencies)  # "needed now" before "perhaps later"


def test_needs_of_one_urgency_are_in_the_order_of_how_much_they_settle() -> None:
    outcome = run(NEEDS)
    later = [len(n.settles) for n in outcome.needs if n.urgency == "perhaps later"]
    assert later == sorted(later, reverse=True)


def test_what_is_easier_to_find_out_is_asked_first() -> None:
    text = """pathway p "P":
  recommend a "A" when biopsy and question and imaging and chart
element biopsy "Biopsy": boolean
  burden high
element imaging "Imaging": boolean
  burden moderate
element question "Question": boolean
  burden low
element chart "Chart": boolean
"""
    assert [n.element for n in run(text).needs] == ["question", "chart", "imaging", "biopsy"]


def test_what_is_needed_now_is_asked_first_whatever_it_takes() -> None:
    text = NEEDS.replace("fit", "biopsy") + 'element biopsy "Biopsy": boolean\n  burden high\n'
    assert needs(run(text))[0] == ("biopsy", "needed now")


def test_what_was_asked_and_is_not_known_is_never_asked_again() -> None:
    outcome = run(NEEDS, {"fit": {"unknown": "asked but not known"}})
    assert "fit" not in {n.element for n in outcome.needs}
    assert [(m.element, m.reason) for m in outcome.unanswerable] == [("fit", "asked but not known")]


def test_a_need_has_the_question_and_what_it_settles() -> None:
    text = """pathway p "P":
  decision d "D":
    when her2_status is positive -> a
    when her2_status is negative -> b
  recommend a "A"
  recommend b "B"
"""
    (need,) = run(text).needs
    assert need.question == "What is the HER2 status of the most recent biopsy?"
    assert set(need.settles) == {"p.a", "p.b"}
    assert need.reason == "not recorded"


def test_a_definition_asks_for_what_it_rests_on() -> None:
    text = """define strong "S": boolean = fit and not pregnant
pathway p "P":
  recommend a "A" when strong
"""
    assert {n.element for n in run(text).needs} == {"fit", "pregnant"}
    assert {n.element for n in run(text, {"fit": True}).needs} == {"pregnant"}
    assert run(text, {"fit": False}).needs == ()


def test_a_list_that_may_be_incomplete_is_asked_for() -> None:
    text = """pathway p "P":
  recommend a "A" when any t in prior_therapies where t.agent is a taxane
"""
    facts = {"prior_therapies": {"items": [], "complete": False}}
    (need,) = run(text, facts).needs
    assert (need.element, need.reason) == ("prior_therapies", "the list may be incomplete")


def test_nothing_is_asked_about_what_cannot_matter() -> None:
    text = """pathway p "P":
  decision d "D":
    when fit -> m
    otherwise -> m
  recommend m "M"
"""
    outcome = run(text)
    assert given(outcome) == {"m"}


# --- derived facts ----------------------------------------------------------------------------------


def test_derived_facts_are_shown_with_what_they_rest_on() -> None:
    text = """define inner "Inner": boolean = fit and pregnant
define outer "Outer": boolean = not inner
pathway p "P":
  decision d "D":
    when outer -> a
    otherwise -> b
  recommend a "A"
  recommend b "B"
"""
    outcome = run(text, {"fit": False})
    assert {d.name: (d.value, tuple(name for name, _ in d.facts)) for d in outcome.definitions} == {
        "inner": (False, ("fit", "pregnant")),
        "outer": (True, ("inner",)),
    }


# --- acceptance -------------------------------------------------------------------------------------

CONSTRAINT = """constraint "No heart failure in the fit": not (fit and heart_failure)
pathway p "P":
  recommend a "A" when fit and heart_failure
"""


def test_data_that_certainly_break_a_constraint_are_refused_with_the_facts() -> None:
    with pytest.raises(DataError) as refused:
        run(CONSTRAINT, {"fit": True, "heart_failure": True})
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "data-constraint"
    assert "No heart failure in the fit" in diagnostic.message
    assert "Heart failure: yes" in diagnostic.message


@pytest.mark.parametrize(
    "facts", [{}, {"fit": True}, {"heart_failure": True}, {"fit": False, "heart_failure": True}]
)
def test_data_that_may_keep_a_constraint_are_accepted(facts: dict[str, object]) -> None:
    assert run(CONSTRAINT, facts).status in ("complete", "needs_data")


def test_every_constraint_that_is_broken_is_named() -> None:
    text = CONSTRAINT + 'constraint "Second": not fit\n'
    with pytest.raises(DataError) as refused:
        run(text, {"fit": True, "heart_failure": True})
    assert len(refused.value.diagnostics) == 2


# --- settings and readings ----------------------------------------------------------------------------

SWITCHES = """parameter offer "Offer": boolean = yes
parameter limit "Limit": quantity in % = 50 %
reading about "About?":
  chosen narrow "Narrow": fit and pregnant
  alternative wide "Wide": fit or pregnant
pathway p "P":
  together t "T":
    -> a, b, c
  recommend a "A" when offer
  recommend b "B" when lvef >= limit
  recommend c "C" when about
"""
FACTS = {"lvef": 55, "fit": True, "pregnant": False}


def test_without_settings_defaults_and_chosen_readings_count() -> None:
    outcome = run(SWITCHES, FACTS)
    assert given(outcome) == {"a", "b"}
    assert outcome.settings == {"offer": True, "limit": 50}
    assert outcome.readings == {"about": "narrow"}


def test_a_setting_changes_what_is_recommended_and_is_told() -> None:
    outcome = run(SWITCHES, FACTS, settings={"offer": False, "limit": 60})
    assert given(outcome) == set()
    assert outcome.settings == {"offer": False, "limit": 60}


def test_another_reading_changes_what_is_recommended_and_is_told() -> None:
    outcome = run(SWITCHES, FACTS, readings={"about": "wide"})
    assert given(outcome) == {"a", "b", "c"}
    assert outcome.readings == {"about": "wide"}
    assert possible(run(SWITCHES, {"lvef": 55}, readings={"about": "wide"})) == {"c"}


def test_another_pathway_can_be_run() -> None:
    text = 'pathway p "P":\n  recommend a "A"\npathway q "Q":\n  recommend b "B"\n'
    outcome = run(text, pathway="q")
    assert given(outcome) == {"q.b"}
    with pytest.raises(ValueError, match="no pathway called 'z'"):
        run(text, pathway="z")
