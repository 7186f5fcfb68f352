"""What cases cover, and the reason for each miss."""

from collections.abc import Mapping

import pytest

from pathway_compiler.driver import load_text
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.coverage.items import CoverageItem, atoms
from pathway_compiler.engine.coverage.report import (
    CoverageReport,
    Tally,
    coverage,
    with_patients,
)
from pathway_compiler.engine.coverage.statements import places_of_statements
from pathway_compiler.model.describe import describe_condition

TEXT = """
guideline g "G":
  version "1"
  entry p
statement one "One":
  kind recommend
  evidence none
statement two "Two":
  kind recommend
  evidence none
statement three "Three":
  kind principle
  evidence none
statement four "Four":
  kind principle
  evidence none
statement nowhere "Nowhere":
  kind principle
  evidence none
element fit "Fit": boolean
element old "Old": boolean
element barred "Barred": set of agent
element state "State": one of better | worse
agent a "A"
agent b "B"
constraint "The old are not fit": not old or not fit
define ready "Ready": boolean = fit
define stage "Stage": one of early "Early" | late "Late"
  early when not old
  late when old
contraindication personal "Not tolerated": each of barred
  from three
contraindication ageing "Too old for B": b when old

pathway p "P":
  decision d "Fit?":
    when ready "Yes" -> c
    when not ready "No" -> r
  choose c "Choice":
    preferred x "X" when not old:
      from one
      give a
    fallback y "Y":
      give a
    -> check
  recommend r "R":
    from two
    when fit or stage is early
    give b
    -> more
  review check "Check":
    on state is worse "Worse" -> late
    on state is better "Better" -> c
  recommend late "Late"
  follow q as more "More"
pathway q "Q":
  applies when old
  from four
  recommend last "Last"
pathway apart "Apart":
  recommend alone "Alone"
"""

FIT = "given fit = yes\ngiven old = no\ngiven barred = {}\n"
UNFIT = "given fit = no\ngiven old = no\ngiven barred = {}\n"
UNFIT_AND_OLD = "given fit = no\ngiven old = yes\ngiven barred = {}\n"
A_BARRED = "given fit = yes\ngiven old = no\ngiven barred = {a}\n"
NOTHING_KNOWN = "asks fit\n"
REFUSED = "given fit = yes\ngiven old = yes\nrefused\n"
RETURNS = FIT + 'visit "Later":\n  as of 2020-02-01\n  given state = better\n'


def report(*cases: str, text: str = TEXT) -> CoverageReport:
    """What cases with these lines cover; they are called `case_0` and so on."""
    for number, lines in enumerate(cases):
        said = "".join(f"  {line}\n" for line in lines.splitlines())
        text += f'\ncase case_{number} "Case":\n  as of 2020-01-01\n{said}'
    compiled = load_text(text)
    return coverage(compiled, [run_case(compiled, c) for c in compiled.guideline.cases.values()])


def item(id_: str, *cases: str, text: str = TEXT) -> CoverageItem:
    (found,) = (i for i in report(*cases, text=text).items if i.id == id_)
    return found


def missed(found: CoverageReport, kind: str) -> list[str]:
    return [i.id for i in found.items if i.kind == kind and not i.covered]


# --- what counts --------------------------------------------------------------------------------------


def test_everything_that_counts_has_an_id_of_its_own() -> None:
    ids = [(i.kind, i.id) for i in report().items]
    assert len(ids) == len(set(ids))
    assert ids == [
        ("node", "p.d"),
        ("node", "p.c"),
        ("node", "p.r"),
        ("node", "p.check"),
        ("node", "p.late"),
        ("node", "p.more"),
        ("node", "q.last"),
        ("node", "apart.alone"),
        ("branch", "p.d.branch_1"),
        ("branch", "p.d.branch_2"),
        ("branch", "p.check.branch_1"),
        ("branch", "p.check.branch_2"),
        ("option", "p.c.x"),
        ("option", "p.c.y"),
        ("condition", "constraint The old are not fit: not: Old or not: Fit"),
        ("condition", "definition ready: Fit"),
        ("condition", "definition stage: Old"),
        ("condition", "contraindication ageing: Old"),
        ("condition", "p.d: Ready"),
        ("condition", "p.c.x: Old"),
        ("condition", "p.r: Fit"),
        ("condition", "p.r: Stage is Early"),
        ("condition", "p.check: State is Worse"),
        ("condition", "p.check: State is Better"),
        ("condition", "pathway q: Old"),
        ("statement", "one"),
        ("statement", "two"),
        ("statement", "three"),
        ("statement", "four"),
    ]


def test_every_item_has_its_place_in_the_text() -> None:
    spans = {i.id: i.span.text for i in report().items if i.span is not None}
    assert len(spans) == len(report().items)
    assert spans["p.d: Ready"] == "ready"
    assert spans["p.r: Stage is Early"] == "stage is early"


@pytest.mark.parametrize(
    ("condition", "parts"),
    [
        ("fit", ["Fit"]),
        ("not fit", ["Fit"]),
        ("fit and (old or not state is worse)", ["Fit", "Old", "State is Worse"]),
        ("at least 2 of (fit, old, not fit)", ["Fit", "Old", "Fit"]),
        ("ever fit", ["Fit (at any time)"]),
        ("state is one of (better, worse)", ["State is Better", "State is Worse"]),
        ("barred contains a", ["Barred with A"]),
    ],
)
def test_a_condition_is_split_at_and_or_not(condition: str, parts: list[str]) -> None:
    guideline = load_text(f'{TEXT}define z "Z": boolean = {condition}\n').guideline
    expression = guideline.definitions["z"].expression
    assert expression is not None
    assert [describe_condition(atom, guideline) for atom in atoms(expression)] == parts


def test_a_condition_that_stands_twice_at_a_place_counts_once() -> None:
    text = TEXT.replace(
        "when fit or stage is early", "when fit or stage is early\n    unless not fit"
    )
    assert [i.id for i in report(text=text).items if i.id.startswith("p.r: Fit")] == ["p.r: Fit"]


def test_conditions_of_regimens_cautions_readings_and_derived_elements_count() -> None:
    text = TEXT.replace("give b\n", 'give b if (not old)\n    caution "Careful" when ready\n')
    text += 'element late_on "Late on": boolean\n  derive old\n'
    text += 'reading weak "Weak": boolean\n  chosen narrow "Narrow": not fit\n'
    text += '  alternative wide "Wide": old\n'
    ids = {i.id for i in report(text=text).items}
    assert {"p.r: Old", "p.r: Ready", "element late_on: Old", "reading weak: Fit"} <= ids
    assert "reading weak: Old" not in ids


# --- what is covered ------------------------------------------------------------------------------------


def test_a_fit_patient_covers_her_way() -> None:
    found = report(FIT)
    assert missed(found, "node") == ["p.r", "p.late", "p.more", "q.last", "apart.alone"]
    assert missed(found, "branch") == ["p.d.branch_2", "p.check.branch_1", "p.check.branch_2"]
    assert missed(found, "option") == []
    assert missed(found, "statement") == ["two", "three", "four"]
    assert found.tally("node") == Tally(3, 8)


def test_the_cases_that_cover_an_item_are_named() -> None:
    assert item("p.c", FIT, UNFIT, FIT).cases == ("case_0", "case_2")
    ready = item("p.d: Ready", FIT, UNFIT, NOTHING_KNOWN)
    assert ready.covered
    assert ready.cases == ("case_0", "case_1")
    assert (ready.true_in, ready.false_in, ready.unknown_in) == (
        ("case_0",),
        ("case_1",),
        ("case_2",),
    )


def test_a_recommendation_that_is_withheld_is_not_covered_and_the_veto_is() -> None:
    found = report(A_BARRED)
    assert "p.c" in missed(found, "node")
    assert missed(found, "option") == ["p.c.x", "p.c.y"]
    assert missed(found, "statement") == ["one", "two", "four"]


def test_what_is_only_possible_is_not_covered() -> None:
    found = report(NOTHING_KNOWN)
    assert "p.c" in missed(found, "node")
    assert missed(found, "branch")[:2] == ["p.d.branch_1", "p.d.branch_2"]


def test_answers_of_a_review_are_taken_at_a_later_visit() -> None:
    found = report(RETURNS)
    assert "p.check.branch_2" not in missed(found, "branch")
    assert item("p.check: State is Better", RETURNS).true_in == ("case_0",)


def test_a_constraint_needs_only_to_be_seen_true() -> None:
    constraint = "constraint The old are not fit: not: Old or not: Fit"
    assert item(constraint, FIT).covered
    refused = item(constraint, REFUSED)
    assert (refused.covered, refused.false_in, refused.lacks) == (False, ("case_0",), (True,))


def test_a_followed_pathway_and_what_it_is_told() -> None:
    text = TEXT.replace('pathway q "Q":', 'pathway q "Q" with soon: boolean:').replace(
        'recommend last "Last"', 'recommend last "Last":\n    when soon'
    )
    text = text.replace("follow q as more", "follow q with soon as more")
    found = item("q.last: Soon", UNFIT_AND_OLD, text=text)
    assert (found.true_in, found.false_in) == (("case_0",), ())


def test_a_definition_is_seen_only_where_it_is_asked_for() -> None:
    assert item("definition stage: Old", FIT).cases == ()
    assert item("definition stage: Old", UNFIT).cases == ("case_0",)
    assert item("definition stage: Old", FIT + "stage is early\n").cases == ("case_0",)


def test_facts_before_a_review_are_read_as_at_that_visit() -> None:
    """After the review the fitness is not known any more, so the definition says nothing new."""
    found = item("definition ready: Fit", RETURNS)
    assert (found.true_in, found.false_in) == (("case_0",), ())


@pytest.mark.parametrize(
    ("covered", "total", "percent", "below_90"),
    [(0, 0, None, False), (9, 10, 90, False), (199, 200, 99, False), (8, 9, 88, True)],
)
def test_percentages_are_rounded_down(
    covered: int, total: int, percent: int | None, below_90: bool
) -> None:
    tally = Tally(covered, total)
    assert (tally.percent, tally.below(90)) == (percent, below_90)


# --- why something is missed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id_", "cases", "reason"),
    [
        ("p.d", (), "no case is run"),
        ("p.r", (FIT,), "no case takes the answer “No” at “Fit?”"),
        ("p.more", (FIT,), "no case takes the answer “No” at “Fit?”"),
        ("p.late", (UNFIT,), "no case takes the answer “Yes” at “Fit?”"),
        ("p.late", (FIT,), "no case comes back to the review “Check”"),
        ("p.late", (RETURNS,), "no case takes the answer “Worse” at “Check”"),
        (
            "p.c",
            (UNFIT, NOTHING_KNOWN),
            "no case takes the answer “Yes” (open in 1 case; not known: Fit) at “Fit?”",
        ),
        (
            "p.c",
            (A_BARRED,),
            "reached by 1 case, but given in none: no option is left; X: A: Not tolerated; Y: ",
        ),
        (
            "p.r",
            (UNFIT_AND_OLD,),
            "reached by 1 case, but given in none: only when: Fit or Stage is Early; B: Too old for B",
        ),
        ("p.r", ("given fit = no\n",), "reached by 1 case, but only possible; not known: "),
        ("q.last", (FIT,), "no case takes the answer “No” at “Fit?”"),
        ("q.last", (UNFIT, UNFIT), "“Q” does not apply to any of 2 cases that come to it: Old"),
        (
            "q.last",
            ("given fit = no\n",),
            "“Q” does not apply to the case that comes to it: Old; not known: Old",
        ),
        ("apart.alone", (FIT,), "no case starts with “Apart”"),
        ("p.d", ("pathway apart\n",), "no case starts with “P”"),
        ("p.d.branch_2", (FIT,), "reached by 1 case, which answers “Yes”"),
        ("p.d.branch_2", (FIT, FIT), "reached by 2 cases, all of which answer “Yes”"),
        (
            "p.d.branch_2",
            (FIT, NOTHING_KNOWN),
            "reached by 2 cases, which answer “Yes” (1); 1 leaves it open; not known: Fit",
        ),
        (
            "p.d.branch_2",
            (NOTHING_KNOWN,),
            "reached by 1 case, which leaves it open; not known: Fit",
        ),
        ("p.check.branch_1", (UNFIT,), "“Check” is not reached"),
        ("p.check.branch_1", (FIT,), "no case comes back to the review “Check”"),
        ("p.check.branch_1", (RETURNS,), "reached by 1 case, which answers “Better”"),
        ("p.c.x", (UNFIT,), "“Choice” is not reached"),
        (
            "p.c.x",
            (A_BARRED, A_BARRED),
            "reached by 2 cases, but offered in none: A: Not tolerated",
        ),
        (
            "p.c.x",
            ("given fit = yes\ngiven barred = {}\n",),
            "reached by 1 case, but offered in none: only when (not known): not: Old",
        ),
        ("p.d: Ready", (FIT, FIT), "true in 2 cases; never false"),
        ("p.d: Ready", (UNFIT, NOTHING_KNOWN), "false in 1 case, not known in 1 case; never true"),
        ("p.d: Ready", (NOTHING_KNOWN,), "not known in 1 case; never true or false"),
        ("p.c.x: Old", (UNFIT,), "“Choice” is not reached"),
        ("p.check: State is Worse", (FIT,), "no case comes back to the review “Check”"),
        ("pathway q: Old", (FIT,), "no case comes to “Q”: no case takes the answer “No” at “Fit?”"),
        ("definition stage: Old", (FIT,), "no case asks for “Stage”"),
        (
            "contraindication ageing: Old",
            (FIT,),
            "no case comes to a recommendation of what “Too old for B” bars",
        ),
        ("one", (UNFIT,), "“X”: “Choice” is not reached"),
        ("two", (FIT,), "“R”: no case takes the answer “No” at “Fit?”"),
        ("three", (FIT,), "“Not tolerated” bars nothing in any case"),
        ("four", (UNFIT,), "“Q” is not reached"),
    ],
)
def test_a_miss_has_its_reason(id_: str, cases: tuple[str, ...], reason: str) -> None:
    found = item(id_, *cases)
    assert not found.covered
    assert found.reason is not None
    assert found.reason.startswith(reason)


def test_what_is_covered_has_no_reason() -> None:
    assert all((i.reason is None) is i.covered for i in report(FIT, UNFIT_AND_OLD).items)


def test_answers_of_one_question_are_told_together() -> None:
    text = """guideline g "G":
  version "1"
  entry p
element n "N": count from 0 to 9
pathway p "P":
  decision d "How many?":
    when n = 0 "None" -> r
    when n = 1 "One" -> s
    when n = 2 "Two" -> s
    otherwise -> s
  recommend r "R"
  recommend s "S"
"""
    found = item("p.s", "given n = 0\n", text=text)
    assert found.reason == "no case takes the answer “One” or “Two” or “Otherwise” at “How many?”"


def test_many_reasons_are_told_in_short() -> None:
    rows = "".join(f'    when n = {n} "N{n}" -> r{n}\n' for n in range(10))
    text = f"""guideline g "G":
  version "1"
  entry p
element n "N": count from 0 to 9
pathway p "P":
  decision d "How many?":
{rows}""" + "".join(f'  recommend r{n} "R{n}"\n' for n in range(10))
    cases = [f"given n = {n}\n" for n in range(9)]
    assert item("p.d.branch_10", *cases, text=text).reason == (
        "reached by 9 cases, which answer “N0” (1), “N1” (1), “N2” (1), and 6 more answers"
    )


def test_a_reading_chosen_otherwise_in_every_case() -> None:
    text = TEXT.replace("on state is worse", "on weak")
    text += 'reading weak "Weak": boolean\n  chosen narrow "Narrow": state is worse\n'
    text += '  alternative wide "Wide": not state is better\n'
    other = "reading weak is wide\n" + RETURNS
    found = item("reading weak: State is Worse", other, text=text)
    assert found.reason == "every case that asks for it chooses another reading than “Narrow”"


# --- patients, and statements ---------------------------------------------------------------------------


def test_a_patient_is_looked_for_where_something_is_missed() -> None:
    asked: list[str] = []

    def reaching(miss: CoverageItem) -> Mapping[str, object] | None:
        asked.append(miss.id)
        return {"fit": False} if miss.id == "p.r" else None

    found = report(FIT)
    helped = with_patients(found, reaching)
    assert asked == [i.id for i in found.items if not i.covered]
    assert {i.id: i.patient for i in helped.items if i.patient is not None} == {
        "p.r": {"fit": False}
    }
    assert helped.tallies == found.tallies


def test_a_condition_says_which_truths_it_lacks() -> None:
    assert item("p.d: Ready", FIT).lacks == (False,)
    assert item("p.d: Ready", UNFIT).lacks == (True,)
    assert item("p.d: Ready").lacks == (True, False)


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("one", [("option", "p.c.x")]),
        ("two", [("recommend", "p.r")]),
        ("three", [("contraindication", "personal")]),
        ("four", [("pathway", "q")]),
        ("nowhere", []),
    ],
)
def test_where_statements_are_encoded(statement: str, places: list[tuple[str, str]]) -> None:
    found = places_of_statements(load_text(TEXT).guideline)
    assert [(place.kind, place.id) for place in found[statement]] == places


@pytest.mark.parametrize(("lines", "covered"), [(UNFIT, True), (NOTHING_KNOWN, False)])
def test_a_slot_is_covered_by_whoever_gets_one_of_its_recommendations(
    lines: str, covered: bool
) -> None:
    text = TEXT.replace("    from two\n", "")
    text += 'slot first_line "First line": p.c, p.r\n  from two\n'
    found = item("two", lines, text=text)
    assert found.covered is covered
    assert covered or found.reason == "no case gets anything for “First line”"


def test_a_statement_of_the_negative_side_of_only_if_is_covered() -> None:
    text = TEXT.replace("when fit or stage is early", "only if old")
    assert item("two", UNFIT, text=text).covered
    assert not item("p.r", UNFIT, text=text).covered
