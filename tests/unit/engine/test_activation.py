"""Which nodes of a flowchart are active, for every kind of node and decision."""

from functools import partial
from itertools import product

import pytest

from pathway_compiler.datatypes.truth import Unknown
from unit.engine import running
from unit.engine.running import found, given, not_given, possible

run = partial(running.run, exact=False)
"""What the interpreter says by itself: the exact answers would hide what its joins do."""

TRUTHS = (True, None, False)
LEAVES = '  recommend a "A"\n  recommend b "B"\n  recommend c "C"\n'


def patient(**facts: object) -> dict[str, object]:
    return {name: value for name, value in facts.items() if value is not None}


def state(outcome: object, node: str) -> bool | None:
    """Whether a recommendation is given, not given, or (None) possible."""
    if node in given(outcome):  # type: ignore[arg-type]
        return True
    return None if node in possible(outcome) else False  # type: ignore[arg-type]


def both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def negated(value: bool | None) -> bool | None:
    return None if value is None else not value


# --- decisions ------------------------------------------------------------------------------------

PLAIN = f"""pathway p "P":
  decision d "D":
    when fit and pregnant -> a
    when fit and not pregnant -> b
    when not fit -> c
{LEAVES}"""
PLAIN_OTHERWISE = f"""pathway p "P":
  decision d "D":
    when fit and pregnant -> a
    when not fit and pregnant -> b
    otherwise -> c
{LEAVES}"""
FIRST = f"""pathway p "P":
  decision d "D" first match:
    when fit -> a
    when pregnant -> b
    otherwise -> c
{LEAVES}"""
ALL = f"""pathway p "P":
  decision d "D" all that apply:
    when fit -> a
    when pregnant -> b
    otherwise -> c
{LEAVES}"""


@pytest.mark.parametrize(("fit", "pregnant"), list(product(TRUTHS, repeat=2)))
def test_a_plain_branch_holds_when_its_condition_does(
    fit: bool | None, pregnant: bool | None
) -> None:
    outcome = run(PLAIN, patient(fit=fit, pregnant=pregnant))
    assert state(outcome, "a") is both(fit, pregnant)
    assert state(outcome, "b") is both(fit, negated(pregnant))
    assert state(outcome, "c") is negated(fit)


@pytest.mark.parametrize(("fit", "pregnant"), list(product(TRUTHS, repeat=2)))
def test_otherwise_holds_when_it_is_known_that_nothing_else_does(
    fit: bool | None, pregnant: bool | None
) -> None:
    outcome = run(PLAIN_OTHERWISE, patient(fit=fit, pregnant=pregnant))
    a, b = both(fit, pregnant), both(negated(fit), pregnant)
    assert state(outcome, "a") is a
    assert state(outcome, "b") is b
    assert state(outcome, "c") is both(negated(a), negated(b))


@pytest.mark.parametrize(("fit", "pregnant"), list(product(TRUTHS, repeat=2)))
def test_first_match_takes_a_branch_when_none_above_it_holds(
    fit: bool | None, pregnant: bool | None
) -> None:
    outcome = run(FIRST, patient(fit=fit, pregnant=pregnant))
    assert state(outcome, "a") is fit
    assert state(outcome, "b") is both(negated(fit), pregnant)
    assert state(outcome, "c") is both(negated(fit), negated(pregnant))


@pytest.mark.parametrize(("fit", "pregnant"), list(product(TRUTHS, repeat=2)))
def test_all_that_apply_takes_every_branch_that_holds(
    fit: bool | None, pregnant: bool | None
) -> None:
    outcome = run(ALL, patient(fit=fit, pregnant=pregnant))
    assert state(outcome, "a") is fit
    assert state(outcome, "b") is pregnant
    assert state(outcome, "c") is both(negated(fit), negated(pregnant))


# --- applies --------------------------------------------------------------------------------------

APPLIES = """pathway p "P":
  applies when fit
  standing s "S"
  recommend a "A"
"""


@pytest.mark.parametrize(
    ("fit", "status", "node"),
    [(True, "complete", True), (False, "not_applicable", False), (None, "needs_data", None)],
)
def test_a_pathway_is_as_active_as_its_condition(
    fit: bool | None, status: str, node: bool | None
) -> None:
    outcome = run(APPLIES, patient(fit=fit))
    assert outcome.status == status
    assert state(outcome, "a") is node
    assert state(outcome, "s") is node


def test_what_a_pathway_that_does_not_apply_holds_says_why() -> None:
    outcome = run(APPLIES, {"fit": False})
    reasons = {n.id: n.reasons for n in outcome.not_recommended}
    assert reasons["p.a"] == ("P applies only if: Fit for chemotherapy",)


# --- other nodes ----------------------------------------------------------------------------------


def test_every_kind_of_node_passes_its_activation_on() -> None:
    outcome = run(
        """pathway p "P":
  together t "T":
    -> r, x, n, w
  recommend r "R" -> c
  recommend against x "X" -> c
  no consensus n "N" -> c
  await research w "W" -> c
  choose c "C" any of:
    option o "O"
    -> f
  follow q as f -> e
  end e "End"
pathway q "Q":
  recommend inside "I"
"""
    )
    assert given(outcome) == {"r", "x", "n", "w", "c", "q.inside"}
    assert outcome.ends == ("End",)
    directions = {r.id: r.direction for r in outcome.recommendations}
    assert directions["p.x"] == "against"
    assert directions["p.n"] == "no consensus"
    assert directions["p.w"] == "await research"
    kinds = {entry.node: entry.kind for entry in outcome.trace if entry.pathway == "p"}
    assert kinds == {
        "(start)": "start", "t": "together", "r": "recommend", "x": "recommend", "n": "recommend",
        "w": "recommend", "c": "choose", "f": "follow", "e": "end",
    }  # fmt: skip


def test_a_node_with_an_unfulfilled_condition_still_passes_its_activation_on() -> None:
    outcome = run(
        'pathway p "P":\n  recommend a "A" when fit -> b\n  recommend b "B"\n', {"fit": False}
    )
    assert given(outcome) == {"b"}
    assert not_given(outcome) == {"a"}


@pytest.mark.parametrize(("fit", "expected"), [(True, True), (None, None), (False, False)])
def test_standing_holds_as_far_as_its_pathway_and_condition_do(
    fit: bool | None, expected: bool | None
) -> None:
    text = 'pathway p "P":\n  standing s "S" when fit\n  end e "E"\n'
    assert state(run(text, patient(fit=fit)), "s") is expected


def test_a_review_ends_the_visit() -> None:
    text = """pathway p "P":
  recommend a "A" -> r
  review r "R":
    every 2 to 4 cycles
    on fit -> b
  recommend b "B"
"""
    outcome = run(text, {"fit": True})
    assert given(outcome) == {"a"}
    assert [(r.id, r.certainty, r.every) for r in outcome.reviews] == [
        ("p.r", "given", "every 2 to 4 cycles")
    ]
    (reason,) = [n.reasons for n in outcome.not_recommended]
    assert reason == ("only after “R”: Fit for chemotherapy",)


# --- joins ----------------------------------------------------------------------------------------


def join(decision: str, rest: str, last: str = "m") -> bool | None:
    """The state of the meeting point when nothing is known."""
    text = f'pathway p "P":\n{decision}{rest}  recommend {last} "M"\n'
    return state(run(text), last)


TWO = '  recommend a "A" -> m\n  recommend b "B" -> m\n'


@pytest.mark.parametrize(
    ("kind", "branches", "joins"),
    [
        ("", "    when fit -> a\n    when not fit -> b\n", True),
        ("", "    when fit -> a\n    otherwise -> b\n", True),
        (" first match", "    when fit -> a\n    otherwise -> b\n", True),
        (" all that apply", "    when fit -> a\n    otherwise -> b\n", True),
        (" all that apply", "    when fit -> a\n    when not fit -> b\n", False),
        (" all that apply", "    when fit -> a\n    when pregnant -> b\n", False),
        ("", "    when fit -> m\n    otherwise -> a, b\n", True),
        ("", "    when fit -> a, m\n    otherwise -> b\n", True),
    ],
)
def test_a_complete_decision_is_joined_where_all_its_answers_meet(
    kind: str, branches: str, joins: bool
) -> None:
    assert (join(f'  decision d "D"{kind}:\n{branches}', TWO) is True) is joins


def test_an_answer_that_leads_elsewhere_leaves_the_join_unknown() -> None:
    decision = '  decision d "D":\n    when fit -> a\n    when not fit and pregnant -> z\n    otherwise -> b\n'
    assert join(decision, TWO + '  end z "Z"\n') is None


def test_a_node_after_the_join_is_as_active_as_it() -> None:
    text = f"""pathway p "P":
  decision d "D":
    when fit -> a
    otherwise -> b
{TWO}  recommend m "M" -> n
  recommend n "N"
"""
    assert given(run(text)) == {"m", "n"}


READ = f"""reading about "A?":
  chosen one "One": fit
  alternative two "Two": pregnant
pathway p "P":
  decision d "D":
    when about -> a
    when not fit -> b
{TWO}  recommend m "M"
"""


def test_a_decision_complete_by_the_chosen_reading_only_is_joined_by_neither() -> None:
    facts = {"fit": True, "pregnant": False}
    assert given(run(READ, facts)) == {"a", "m"}
    other = run(READ, facts, readings={"about": "two"})
    assert given(other) == set()
    assert other.outside == ("no answer of “D” fits this patient",)
    whole = READ.replace("when not fit", "when not about")
    assert given(run(whole, readings={"about": "two"})) == {"m"}


@pytest.mark.parametrize(
    ("constraint", "applies", "decision"),
    [
        ("", "", '  decision outer "O":\n    when about -> e\n    otherwise -> m\n'),
        ("", "  applies when about\n", ""),
        ('constraint "C": about\n', "", ""),
    ],
)
def test_a_decision_complete_for_those_whom_the_chosen_reading_leads_there_is_not_joined(
    constraint: str, applies: str, decision: str
) -> None:
    text = f"""{constraint}reading about "A?":
  chosen one "One": age >= 70 years
  alternative two "Two": age >= 60 years
pathway p "P":
{applies}{decision}  decision e "E":
    when age >= 75 years -> a
    when age >= 70 years and age < 75 years -> b
{TWO}  recommend m "M"
"""
    outcome = run(text, {"age": 65}, readings={"about": "two"})
    assert given(outcome) == set()
    assert outcome.outside == ("no answer of “E” fits this patient",)
    assert given(run(text, {"age": 72})) == {"b", "m"}


GAP = '    accept gap "Only at a later visit."\n'


@pytest.mark.parametrize(
    ("now", "at_any_time", "accepting"),
    [
        ("pregnant is known", "ever pregnant is unknown", GAP),
        # What lists hold is not looked into, so that these are no more than `not-decided`.
        ("any t in prior_therapies", "not ever (any t in prior_therapies)", ""),
        ("number of prior_therapies >= 1", "ever (number of prior_therapies) < 1", ""),
    ],
)
def test_a_decision_that_is_complete_at_the_first_visit_only_is_not_joined(
    now: str, at_any_time: str, accepting: str
) -> None:
    text = f"""pathway p "P":
  recommend s "S" -> r
  review r "R":
    on fit -> d
  decision d "D":
    when {now} -> a
    when {at_any_time} -> b
{accepting}{TWO}  recommend m "M"
"""
    old = {
        "pregnant": {"value": False, "date": "2018-05-01"},
        "prior_therapies": [{"agent": "paclitaxel", "started": "2016", "ended": "2017"}],
    }
    now_fit = {"fit": {"value": True, "date": "2019-05-01"}}
    _, later = running.visits(text, ("2019-03-01", old), ("2019-06-01", old | now_fit))
    assert given(later) == set()
    assert later.outside == ("no answer of “D” fits this patient",)


def test_a_join_within_an_unknown_answer_is_as_unknown_as_that() -> None:
    text = f"""pathway p "P":
  decision outer "O":
    when pregnant -> d
    otherwise -> z
  decision d "D":
    when fit -> a
    otherwise -> b
{TWO}  recommend m "M"
  recommend z "Z"
"""
    outcome = run(text)
    assert state(outcome, "m") is None
    assert state(run(text, {"pregnant": True}), "m") is True
    assert state(run(text, {"pregnant": False}), "m") is False


def test_nested_decisions_are_joined_together() -> None:
    text = """pathway p "P":
  decision outer "O":
    when pregnant -> d
    otherwise -> c
  decision d "D":
    when fit -> a
    otherwise -> b
  recommend a "A" -> m
  recommend b "B" -> m
  recommend c "C" -> m
  recommend m "M"
"""
    assert given(run(text)) == {"m"}
    assert given(run(text, {"pregnant": True})) == {"m"}


def test_one_way_of_a_together_is_enough_for_a_join() -> None:
    text = """pathway p "P":
  decision d "D":
    when fit -> t
    otherwise -> b
  together t "T":
    -> a, c
  recommend a "A" -> m
  recommend b "B" -> m
  recommend c "C"
  recommend m "M"
"""
    assert given(run(text)) == {"m"}


def test_a_join_through_a_followed_pathway_counts() -> None:
    text = """pathway p "P":
  decision d "D":
    when fit -> f
    otherwise -> b
  follow q as f -> m
  recommend b "B" -> m
  recommend m "M"
pathway q "Q":
  applies when pregnant
  recommend inside "I"
"""
    assert given(run(text)) == {"m"}


def test_a_join_behind_an_open_decision_is_not_made() -> None:
    text = """pathway p "P":
  decision d "D":
    when fit -> e
    otherwise -> b
  decision e "E" all that apply:
    when pregnant -> m
  recommend b "B" -> m
  recommend m "M"
"""
    assert state(run(text), "m") is None
    assert state(run(text, {"fit": False}), "m") is True
    assert state(run(text, {"fit": True}), "m") is None
    assert state(run(text, {"fit": True, "pregnant": False}), "m") is False


def test_routes_that_meet_without_a_question_need_no_join() -> None:
    text = """pathway p "P":
  together t "T":
    -> a, b
  recommend a "A" -> m
  recommend b "B" -> m
  recommend m "M"
"""
    outcome = run(text)
    assert given(outcome) == {"a", "b", "m"}
    assert sum(r.id == "p.m" for r in outcome.recommendations) == 1


# --- follow ---------------------------------------------------------------------------------------

FOLLOW = """pathway p "P":
  follow q with suppressed adding fulvestrant as outer -> after
  recommend after "After":
    give capecitabine
pathway q "Q" with suppressed: boolean = no, limit: quantity in years = 60 years:
  applies when fit
  decision d "D":
    when suppressed -> a
    otherwise -> b
  recommend a "A":
    give tamoxifen
  recommend b "B":
    give letrozole
"""


def test_a_followed_pathway_sees_its_arguments_and_adds_a_part() -> None:
    outcome = run(FOLLOW, {"fit": True})
    assert given(outcome) == {"q.a", "after"}
    inside = found(outcome, "q.a")
    assert inside.via == ("outer",)
    assert {p.action for p in _leaves(inside.regimen)} == {"tamoxifen", "fulvestrant"}
    assert {p.action for p in _leaves(found(outcome, "p.after").regimen)} == {"capecitabine"}


@pytest.mark.parametrize(("fit", "inside"), [(True, True), (None, None), (False, False)])
def test_the_route_goes_on_whether_the_followed_pathway_applies_or_not(
    fit: bool | None, inside: bool | None
) -> None:
    outcome = run(FOLLOW, patient(fit=fit))
    assert state(outcome, "after") is True
    assert state(outcome, "q.a") is inside


def test_defaults_stand_in_for_arguments_left_out() -> None:
    outcome = run(FOLLOW.replace(" with suppressed adding fulvestrant", ""), {"fit": True})
    assert given(outcome) == {"q.b", "after"}


def test_added_parts_of_pathways_within_pathways_add_up() -> None:
    text = """pathway p "P":
  follow q adding tamoxifen
pathway q "Q":
  follow r adding fulvestrant
pathway r "R":
  recommend a "A":
    give letrozole
  choose c "C" any of:
    option o "O":
      give capecitabine
"""
    text = text.replace("    give letrozole\n", "    give letrozole\n    -> c\n")
    outcome = run(text)
    parts = {p.action for p in _leaves(found(outcome, "r.a").regimen)}
    assert parts == {"letrozole", "tamoxifen", "fulvestrant"}
    option = found(outcome, "r.c").options[0]
    assert {p.action for p in _leaves(option.regimen)} == {
        "capecitabine",
        "tamoxifen",
        "fulvestrant",
    }
    assert found(outcome, "r.a").via == ("q", "r")


ADDING = """pathway p "P":
  follow q adding fulvestrant
pathway q "Q":
  standing s "S":
    give capecitabine
  recommend a "A":
    order bone_scan
    -> b
  recommend against b "B":
    give tamoxifen
    -> c
  recommend c "C":
    order bone_scan
    give tamoxifen
    -> d
  choose d "D" any of:
    give letrozole
    option o "O"
    option p "P":
      give capecitabine
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("q.s", {"capecitabine"}),
        ("q.a", {"bone_scan"}),
        ("q.b", {"tamoxifen"}),
        ("q.c", {"bone_scan", "tamoxifen", "fulvestrant"}),
        ("q.d", {"letrozole", "fulvestrant"}),
    ],
)
def test_a_part_is_added_to_what_is_recommended_of_its_own_kind(
    name: str, expected: set[str]
) -> None:
    outcome = run(ADDING)
    assert {p.action for p in _leaves(found(outcome, name).regimen)} == expected


def test_a_part_added_to_the_choice_is_not_added_to_its_options_again() -> None:
    regimens = [o.regimen for o in found(run(ADDING), "q.d").options]
    assert [{p.action for p in _leaves(parts)} for parts in regimens] == [set(), {"capecitabine"}]


def test_one_pathway_followed_twice_gives_its_recommendations_twice() -> None:
    text = """pathway p "P":
  together t "T":
    -> one, two
  follow q with suppressed as one
  follow q as two
pathway q "Q" with suppressed: boolean = no:
  recommend a "A" when suppressed
  recommend b "B"
""".replace("when suppressed\n", "when suppressed -> b\n")
    outcome = run(text)
    assert sorted((r.id, r.via) for r in outcome.given) == [
        ("q.a", ("one",)), ("q.b", ("one",)), ("q.b", ("two",)),
    ]  # fmt: skip


def _leaves(parts: object) -> list:  # type: ignore[type-arg]
    return [leaf for part in parts for leaf in (_leaves(part.parts) or [part])]  # type: ignore[attr-defined]


# --- trace, route and reasons -----------------------------------------------------------------------


def test_the_trace_says_each_answer_with_its_own_condition_and_whether_it_is_taken() -> None:
    outcome = run(FIRST, {"fit": True, "pregnant": True})
    (entry,) = [e for e in outcome.trace if e.node == "d"]
    assert [(b.name, b.condition, b.taken) for b in entry.branches] == [
        ("branch_1", True, True), ("branch_2", True, False), ("otherwise", False, False),
    ]  # fmt: skip
    assert dict(entry.facts) == {"fit": True, "pregnant": True}


def test_because_names_the_answers_and_facts_on_the_route() -> None:
    text = """pathway p "P":
  applies when er_status is positive
  decision d "Fit?":
    when fit "Yes" -> e
    otherwise "No" -> z
  decision e "Pregnant?":
    when pregnant -> z
    otherwise "No" -> a
  recommend a "A"
  end z "Z"
"""
    outcome = run(text, {"er_status": "positive", "fit": True, "pregnant": False})
    recommendation = found(outcome, "p.a")
    assert [(b.question, b.answer, dict(b.facts)) for b in recommendation.because] == [
        ("P", "Oestrogen receptor is Positive", {"er_status": "positive"}),
        ("Fit?", "Yes", {"fit": True}),
        ("Pregnant?", "No", {"pregnant": False}),
    ]
    assert [(s.node, s.answer) for s in recommendation.route] == [
        ("p.d", "Yes"), ("p.e", "No"), ("p.a", ""),
    ]  # fmt: skip


def test_the_route_into_a_followed_pathway_begins_outside_it() -> None:
    text = """pathway p "P":
  decision d "Fit?":
    when fit "Yes" -> f
    otherwise "No" -> z
  follow q as f
  end z "Z"
pathway q "Q":
  recommend a "A"
"""
    recommendation = found(run(text, {"fit": True}), "q.a")
    assert [s.node for s in recommendation.route] == ["p.d", "p.f", "q.a"]
    assert [b.answer for b in recommendation.because] == ["Yes"]


def test_a_certain_route_is_told_before_an_uncertain_one() -> None:
    text = """pathway p "P":
  decision d "D" all that apply:
    when pregnant "Perhaps" -> a
    when fit "Surely" -> a
  recommend a "A"
"""
    assert [b.answer for b in found(run(text, {"fit": True}), "p.a").because] == ["Surely"]


def test_why_not_tells_the_answer_that_led_elsewhere() -> None:
    outcome = run(FIRST, {"fit": False, "pregnant": True})
    assert {n.id: n.reasons for n in outcome.not_recommended} == {
        "p.a": ("D: Pregnant",),
        "p.c": ("D: Pregnant",),
    }


def test_why_not_looks_through_nodes_that_were_not_reached() -> None:
    text = """pathway p "P":
  decision d "Fit?":
    when fit "Yes" -> f
    otherwise "No" -> z
  follow q as f
  end z "Z"
pathway q "Q":
  recommend a "A" -> b
  recommend b "B"
"""
    outcome = run(text, {"fit": False})
    assert {n.id: n.reasons for n in outcome.not_recommended} == {
        "q.a": ("Fit?: No",),
        "q.b": ("Fit?: No",),
    }


def test_a_decision_entered_perhaps_has_perhaps_answers() -> None:
    text = """pathway p "P":
  decision d "D":
    when fit -> e
    otherwise -> z
  decision e "E":
    when pregnant -> a
    otherwise -> b
  recommend a "A"
  recommend b "B"
  end z "Z"
"""
    outcome = run(text, {"pregnant": True})
    assert possible(outcome) == {"a"}
    (entry,) = [e for e in outcome.trace if e.node == "e"]
    assert isinstance(entry.activation, Unknown)
    assert [b.taken is False for b in entry.branches] == [False, True]
