"""The brute force itself: right on guidelines whose answers are plain to see, and fed with fitting ones."""

from collections import Counter
from dataclasses import replace
from math import prod

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from oracle.brute_force import (
    Movements,
    Prepared,
    all_visits,
    exact,
    findings,
    irrelevant,
    movements,
    outcomes,
    prepare,
)
from oracle.plans import RandomGuideline
from oracle.random_changes import Change, changes
from oracle.random_guidelines import guidelines, partial_facts
from pathway_compiler.model.vocabulary import SetValue, Value

OFTEN = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
VERY_OFTEN = settings(OFTEN, max_examples=3_000)

VOCABULARY = """guideline g "G":
  version "1"
  entry p

element b0 "B0": boolean
element b1 "B1": boolean
element b2 "B2": boolean
element n0 "N0": count from 0 to 2
agent x "X"
agent y "Y"
class xy "XY": x, y

"""
VALUES: dict[str, tuple[Value, ...]] = {
    "b0": (False, True), "b1": (False, True), "b2": (False, True), "n0": (0, 1, 2),
}  # fmt: skip


def _prepared(text: str, asked: tuple[str, ...] = ()) -> Prepared:
    """A guideline that reads `b0`, `b1`, `b2` and `n0` and gives `x` and `y`."""
    local: dict[str, tuple[Value, ...]] = {"local": (True, False)} if "local" in text else {}
    return prepare(RandomGuideline(VOCABULARY + text, VALUES, frozenset(asked), local))


# --- patients ------------------------------------------------------------------------------------------


def test_every_patient_that_no_constraint_refuses_is_tried_under_each_setting() -> None:
    plain = 'pathway p "P":\n  end r0 "R0"\n'
    constraint = 'constraint "C": not b0 or n0 = 0\n'
    assert len(outcomes(_prepared(plain))) == 24
    assert len(outcomes(_prepared(constraint + plain))) == 12 + 4
    assert len(outcomes(_prepared('parameter local "L": boolean = yes\n' + plain))) == 48


def test_an_element_is_missing_too_when_a_condition_asks_whether_it_is_known() -> None:
    prepared = _prepared('pathway p "P":\n  end r0 "R0"\n', asked=("b0", "n0"))
    assert len(outcomes(prepared)) == 3 * 2 * 2 * 4
    assert {run.facts.get("b0") for run in outcomes(prepared)} == {None, False, True}


# --- findings ------------------------------------------------------------------------------------------


def test_gaps_overlaps_and_what_is_dead_in_decisions() -> None:
    text = """pathway p "P":
  together r0 "R0":
    -> r1, r2, r3, r4
  decision r1 "Plain":
    when n0 < 2 -> r5
    when n0 = 1 -> r6
    when n0 = 0 -> r5
  decision r2 "In order" first match:
    when n0 < 2 -> r5
    when n0 = 1 -> r6
    otherwise -> r6
  decision r3 "Any number" all that apply:
    when b0 and not b0 -> r5
    when b0 -> r6
  decision r4 "Complete":
    when n0 > 0 -> r5
    when n0 = 0 -> r6
  end r5 "R5"
  end r6 "R6"
"""
    found = findings(_prepared(text))
    assert found.gaps == {("p", "r1")}
    assert found.overlaps == {("p", "r1", "branch_1", "branch_2")}
    assert found.dead_rows == {("p", "r2", "branch_2")}
    assert found.never_taken == {("p", "r2", "branch_2"), ("p", "r3", "branch_1")}
    assert found.never_reached == frozenset()


def test_a_decision_is_judged_by_the_patients_who_come_to_it() -> None:
    text = """constraint "C": n0 < 2 or not b0
pathway p "P":
  applies when b0
  decision r0 "R0":
    when n0 = 0 -> r1
    when n0 = 1 -> r2
  decision r1 "R1":
    when n0 = 0 -> r2
    when n0 > 0 -> r3
  end r2 "R2"
  recommend r3 "R3"
"""
    found = findings(_prepared(text))
    assert not found.gaps
    assert found.never_taken == {("p", "r1", "branch_2")}
    assert found.never_reached == {("p", "r3")}
    assert found.never_given == {"p.r3"}
    assert found.applies == {"p": {True, False}}


def test_gaps_overlaps_and_dead_rows_of_definitions() -> None:
    text = """define d0 "D0": boolean
  yes when n0 = 0
  no when n0 < 2 and b0
define d1 "D1" first match: boolean
  yes when n0 < 2
  no when n0 = 1
  no otherwise
define d2 "D2": boolean
  yes when b0
  yes when b1
  no otherwise
pathway p "P":
  end r0 "R0"
"""
    found = findings(_prepared(text))
    assert found.definition_gaps == {"d0"}
    assert found.definition_overlaps == {("d0", 0, 1)}
    assert found.definition_dead_rows == {("d1", 1)}


def test_what_is_never_given_and_never_eligible() -> None:
    text = """contraindication c "C": x when n0 <= 2
pathway p "P":
  recommend r0 "R0" unless n0 <= 2 -> r1
  recommend r1 "R1" only if n0 <= 2 -> r2
  choose r2 "R2":
    preferred i0 "I0":
      give x
    fallback i1 "I1" when b0:
      give y
"""
    found = findings(_prepared(text))
    assert found.never_given == {"p.r0", "p.r1.otherwise_not"}
    assert found.never_eligible == {"p.r2.i0"}


def test_pathways_that_apply_to_nobody_or_to_everybody_who_comes_to_them() -> None:
    text = """pathway p "P":
  decision r0 "R0":
    when b0 -> r1
    otherwise -> r2
  follow q as r1 "R1"
  follow u with told as r2 "R2"
pathway q "Q":
  applies when not b0
  end q0 "Q0"
pathway u "U" with told: boolean = no:
  applies when told
  end u0 "U0"
"""
    found = findings(_prepared(text))
    assert found.never_applies == {"q"}
    assert found.always_applies == {"u"}
    assert found.never_reached == {("q", "q0")}


def test_what_comes_after_a_review_is_found_at_a_later_visit() -> None:
    text = """pathway p "P":
  standing against rs "S" when b1:
    avoid x
  follow q as r0 "R0"
pathway q "Q":
  review u0 "U0":
    on n0 > 1 and n0 < 1 -> u1
    on b0 -> u2
  end u1 "U1"
  recommend u2 "U2":
    give x
"""
    prepared = _prepared(text)
    found = findings(prepared)
    assert len(all_visits(prepared)) == 48
    assert found.never_reached == {("q", "u1")}
    assert found.never_taken == {("q", "u0", "branch_1")}
    assert found.contradictions == {("q.u2", "p.rs")}


# --- exact answers -------------------------------------------------------------------------------------

TWO_WAYS = """pathway p "P":
  decision r0 "R0":
    when b0 -> r1
    otherwise -> r2
  recommend r1 "R1":
    give x + (x | y)
    -> r3
  recommend r2 "R2":
    give x
    -> r3
  recommend r3 "R3" when b1 and not b1 or b2
"""


def test_what_all_completions_agree_on_is_exact() -> None:
    prepared = _prepared(TWO_WAYS)
    found = exact(prepared, {"b2": True})
    assert found is not None
    assert found.completions == 12
    assert found.always == {("applies",), ("action", "x"), ("recommendation", "p.r3")}
    assert found.of(("recommendation", "p.r1")) is None
    found = exact(prepared, {"b2": False})
    assert found is not None
    assert found.of(("recommendation", "p.r3")) is False


def test_a_constraint_settles_what_it_links_and_refuses_what_cannot_be() -> None:
    prepared = _prepared(
        'constraint "C": b1 or not b2\n' + TWO_WAYS.replace("b1 and not b1 or b2", "b1")
    )
    found = exact(prepared, {"b2": True})
    assert found is not None
    assert found.of(("recommendation", "p.r3")) is True
    assert exact(prepared, {"b2": True, "b1": False}) is None


def test_whether_a_fact_is_known_stays_as_it_is_in_the_partial_patient() -> None:
    text = 'pathway p "P":\n  recommend r0 "R0" when b0 is known or b0\n'
    prepared = _prepared(text, asked=("b0",))
    key = "recommendation", "p.r0"
    assert [exact(prepared, facts).of(key) for facts in ({}, {"b0": False})] == [None, True]  # type: ignore[union-attr]


def test_the_statuses_of_options_are_those_where_the_choice_is_given() -> None:
    text = """pathway p "P":
  choose r0 "R0" when b0:
    preferred i0 "I0" when b0
    fallback i1 "I1" when b1
"""
    found = exact(_prepared(text), {})
    assert found is not None
    assert found.options["option", "p.r0.i0"] == {"eligible"}
    assert found.options["option", "p.r0.i1"] == {"eligible", "excluded"}
    assert found.of(("option", "p.r0.i0")) is None


def test_a_value_with_parts_and_an_incomplete_set_have_completions() -> None:
    text = """guideline g "G":
  version "1"
type stage "Stage":
  t1 "T1":
    t1a "T1a"
    t1b "T1b"
  t2 "T2"
element e0 "E0": stage
element s0 "S0": set of stage
pathway p "P":
  recommend r0 "R0" when e0 is t1a or e0 is t1b -> r1
  recommend r1 "R1" when s0 is not empty
"""
    sets = tuple(SetValue(frozenset(items)) for items in ((), ("t1a",), ("t2",)))
    values: dict[str, tuple[Value, ...]] = {"e0": ("t1a", "t1b", "t2"), "s0": sets}
    prepared = prepare(RandomGuideline(text, values, frozenset(), {}))
    found = exact(prepared, {"e0": "t1", "s0": SetValue(frozenset({"t2"}), complete=False)})
    assert found is not None
    assert found.completions == 2
    assert found.always == {("applies",), ("recommendation", "p.r0"), ("recommendation", "p.r1")}


def test_an_element_is_irrelevant_when_nothing_depends_on_it_any_more() -> None:
    prepared = _prepared(TWO_WAYS)
    assert irrelevant(prepared, {}, ("b0", "b1", "b2", "n0")) == ("b1", "n0")
    assert irrelevant(prepared, {"b0": True, "b2": True}, ("n0", "b1")) == ("n0", "b1")


def test_of_two_elements_that_say_the_same_the_first_in_order_is_dropped() -> None:
    prepared = _prepared(
        'constraint "C": b0 = no and b1 = no or b0 and b1\n'
        'pathway p "P":\n  recommend r0 "R0" when b0 and b1\n'
    )
    assert irrelevant(prepared, {}, ("b0", "b1")) == ("b0",)
    assert irrelevant(prepared, {}, ("b1", "b0")) == ("b1",)


# --- two versions ----------------------------------------------------------------------------------------


def _moves(old: str, new: str) -> Movements:
    return movements(_prepared(old), _prepared(new))


def test_movements_are_those_of_patients_whom_both_versions_admit() -> None:
    old = 'pathway p "P":\n  recommend r0 "R0" when n0 < 2\n'
    moved = _moves(old, old.replace("< 2", "< 1"))
    assert set(moved.pairs) == {
        (frozenset({"p.r0"}), frozenset({"p.r0"})),
        (frozenset({"p.r0"}), frozenset()),
        (frozenset(), frozenset()),
    }
    assert moved.lost == {"p.r0"}
    assert not moved.gained
    without = 'constraint "C": n0 != 1\n' + old.replace("< 2", "< 1")
    assert not _moves(old, without).moved


def test_an_agent_exchanged_moves_actions_and_no_recommendation() -> None:
    old = 'pathway p "P":\n  recommend r0 "R0":\n    give x\n'
    moved = _moves(old, old.replace("give x", "give y"))
    assert not moved.moved
    assert set(moved.actions) == {(frozenset({"x"}), frozenset({"y"}))}


# --- random guidelines -------------------------------------------------------------------------------------

FEATURES = {
    "decision": "  decision",
    "nested values": "e0 is",
    "ordered values": "o0 ",
    "two facts compared": " n1",
    "quantity": "q0 ",
    "set": "s0 ",
    "number of a set": "number of",
    "set of agents": "a0 ",
    "bars": " bars ",
    "each of": "each of",
    "setting": "parameter",
    "definition": "\ndefine",
    "reading": "\nreading",
    "constraint": "\nconstraint",
    "is known": " is known",
    "is unknown": " is unknown",
    "threshold": " of (",
    "first match": " first match",
    "all that apply": " all that apply",
    "otherwise": " otherwise",
    "together": "  together",
    "follow": "  follow",
    "with": " with told ",
    "adding": " adding ",
    "choose": "  choose",
    "standing": "  standing",
    "overrides": " overrides ",
    "only if": " only if ",
    "avoid": " avoid ",
    "against": " against ",
    "incompatible": "\nincompatible",
    "slot": "\nslot",
    "contraindication": "\ncontraindication",
    "review": "  review",
    "outside": "  outside",
}
KINDS = (
    "gaps", "overlaps", "dead_rows", "never_taken", "definition_gaps", "definition_overlaps",
    "definition_dead_rows", "never_reached", "never_given", "never_eligible", "never_applies",
    "always_applies", "contradictions",
)  # fmt: skip


def _tell(random: RandomGuideline, prepared: Prepared) -> None:
    """For `--hypothesis-show-statistics`: how often there is what."""
    for feature, words in FEATURES.items():
        if words in random.text:
            event(f"feature: {feature}")
    found = [kind for kind in KINDS if getattr(findings(prepared), kind)]
    for kind in found or ["none"]:
        event(f"finding: {kind}")


def _is_complete_and_disjoint(prepared: Prepared) -> bool:
    found = findings(prepared)
    return not (found.gaps | found.overlaps | found.definition_gaps | found.definition_overlaps)


def _check_guideline(random: RandomGuideline) -> Prepared:
    prepared = prepare(random)  # which asserts that there are no errors
    assert random.values.keys() == prepared.compiled.guideline.elements.keys()
    sizes = [len(values) for values in random.values.values()]
    assert len(sizes) <= 5
    assert 1 <= len(outcomes(prepared)) <= 400
    assert prod(size + 1 for size in sizes) <= 3_000
    _tell(random, prepared)
    return prepared


@OFTEN
@given(guidelines())
def test_random_guidelines_have_no_errors_but_gaps_and_overlaps(random: RandomGuideline) -> None:
    _check_guideline(random)


@pytest.mark.slow
def test_a_third_of_many_guidelines_is_sound_and_every_kind_of_finding_is_found() -> None:
    seen: Counter[str] = Counter()

    @settings(VERY_OFTEN, max_examples=1_500)
    @given(guidelines())
    def check(random: RandomGuideline) -> None:
        prepared = _check_guideline(random)
        found = [kind for kind in KINDS if getattr(findings(prepared), kind)]
        sound = ["sound"] if _is_complete_and_disjoint(prepared) else []
        seen.update(["all", *sound, *found])

    check()
    assert seen["sound"] >= seen["all"] / 3
    assert {kind: seen[kind] for kind in KINDS if seen[kind] < seen["all"] / 100} == {}


def _check_partial(random: RandomGuideline, facts: dict[str, Value]) -> None:
    """What the interpreter is certain of for a partial patient holds in every completion."""
    prepared = prepare(random)
    found = exact(prepared, facts)
    if found is None or not _is_complete_and_disjoint(prepared):
        event("refused or not sound")
        return
    defaults = {name: values[0] for name, values in random.settings.items()}
    outcome = prepared.run(facts, defaults)
    given_ = {("recommendation", r.id, *r.via) for r in outcome.given}
    possible = {("recommendation", r.id, *r.via) for r in outcome.possible}
    some = {key for key in found.truths if key[0] == "recommendation"}
    assert given_ <= found.always
    assert some <= given_ | possible
    dropped = irrelevant(prepared, facts, tuple(random.values))
    event(f"certain only exactly: {bool(possible & found.always)}")
    event(f"possible only to Kleene: {bool(possible - some)}")
    event(f"irrelevant though needed: {any(need.element in dropped for need in outcome.needs)}")
    if outcome.status == "needs_data" and not dropped:
        event("everything missing decides something")


@OFTEN
@given(st.data())
def test_exact_answers_never_contradict_the_interpreter(data: st.DataObject) -> None:
    random = data.draw(guidelines())
    _check_partial(random, data.draw(partial_facts(random, vague=True)))


@pytest.mark.slow
@VERY_OFTEN
@given(st.data())
def test_many_exact_answers_never_contradict_the_interpreter(data: st.DataObject) -> None:
    random = data.draw(guidelines())
    _check_partial(random, data.draw(partial_facts(random, vague=True)))


@OFTEN
@given(changes())
def test_a_change_of_nothing_or_of_a_label_moves_nobody(change: Change) -> None:
    old, new = prepare(change.old), prepare(change.new)
    found = movements(old, new)
    event(f"{change.kind}: {'moved' if found.moved else 'not moved'}")
    assert replace(change.old, text="") == replace(change.new, text="")
    if change.kind in ("nothing", "label"):
        assert not found.moved
        assert all(before == after for before, after in found.actions)
