"""Patients made from the text of a guideline: what they show, and that it is so."""

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from pathway_compiler.analysis.case_text import case_text
from pathway_compiler.analysis.generate import generate
from pathway_compiler.analysis.generated import GeneratedPatient, Generation
from pathway_compiler.analysis.reaching import reaching
from pathway_compiler.analysis.targets import reached
from pathway_compiler.driver import load, load_text
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.coverage.report import coverage, with_patients
from pathway_compiler.graph.compiled import CompiledGuideline

SEOM = Path(__file__).parents[3] / "pathways" / "seom_abc_2018"

HEADER = """guideline g "A \\"quoted\\" guideline":
  version "1"
  entry p
element age "Age": count from 0 to 120
  typical 50
element size "Size": quantity in mm from 0 to 200
  typical 10 mm
element seen "Seen on": date
element her2 "HER2": one of positive | negative
element sites "Sites": set of one of bone | liver
element fit "Fit": boolean
element frail "Frail": boolean
agent x "X"
agent y "Y"
"""

WITH_REVIEW = (
    HEADER
    + """pathway p "P":
  decision how "How?" first match:
    when age < 65 and fit "Young" -> choice
    when size >= 2.25 mm "Large" -> large
    otherwise "Else" -> other
  choose choice "Choice":
    preferred one "One" when sites contains bone and not frail:
      give x
    fallback two "Two":
      give y
    -> response
  recommend large "Large":
    give y
  end other "Other"
  review response "Response":
    every 3 months
    on her2 is positive "Positive" -> large
"""
)


def made(text: str, **chosen: bool) -> Generation:
    everything = {"routes": False, "boundary": False, "conditions": False}
    return generate(load_text(text), **{**everything, **chosen})


def ids(found: GeneratedPatient) -> set[str]:
    return {target.id for target in reached(found.outcome)}


def cases_of(found: Generation, compiled: CompiledGuideline) -> str:
    return "\n".join(
        case_text(
            p.witness,
            compiled.guideline,
            p.name,
            p.shows[0].text,
            p.after_it or p.outcome,
            p.pathway,
            before=p.before,
            notes=[shown.text for shown in p.shows],
        )
        for p in found.patients
        if not p.witness.waiting or p.before is not None
    )


# --- routes -------------------------------------------------------------------------------------------


def test_few_patients_come_to_everything() -> None:
    found = made(WITH_REVIEW, routes=True)
    first = [p for p in found.patients if not p.witness.waiting]
    assert len(first) == 3
    assert set().union(*map(ids, first)) >= {
        "p.how.branch_1", "p.how.branch_2", "p.how.otherwise", "p.choice.one", "p.choice.two",
        "p.response", "p.large", "p.other",
    }  # fmt: skip
    assert found.left_out == ()


def test_a_visit_from_a_review_has_patients_of_its_own() -> None:
    found = made(WITH_REVIEW, routes=True)
    (later,) = [p for p in found.patients if p.witness.waiting]
    assert later.witness.waiting[0].node == "response"
    assert {"p.response.branch_1", "p.large"} <= ids(later)
    assert later.before is not None
    assert later.after_it is not None


def test_patients_are_typical_apart_from_what_is_needed() -> None:
    found = made(WITH_REVIEW, routes=True)
    ages = {p.witness.facts["age"] for p in found.patients}
    assert ages == {50}


def test_every_route_has_a_patient_if_asked() -> None:
    text = (
        HEADER
        + """pathway p "P":
  decision a "A":
    when fit "Yes" -> b
    when not fit "No" -> b
  decision b "B":
    when frail "Yes" -> end_
    when not frail "No" -> end_
  end end_ "End"
"""
    )
    few = generate(load_text(text), boundary=False, conditions=False)
    each = generate(load_text(text), boundary=False, conditions=False, one_by_one=True)
    limited = generate(load_text(text), boundary=False, conditions=False, one_by_one=True, most=3)
    assert len(few.patients) < 4
    assert [len(g.patients) for g in (each, limited)] == [4, 3]
    assert [left.shown.text for left in limited.left_out] == ["more than 3 routes through `p`"]


def test_what_nobody_comes_to_is_left_out_with_the_reason() -> None:
    text = (
        HEADER
        + """constraint "C": not (fit and frail)
pathway p "P":
  decision a "A" first match:
    when fit and frail "Both" -> one
    otherwise "Else" -> two
  end one "One"
  end two "Two"
"""
    )
    found = made(text, routes=True)
    assert {".".join(left.shown.place) for left in found.left_out} == {"p.a.branch_1", "p.one"}
    assert {left.reason for left in found.left_out} == {"no patient gets there"}


# --- boundaries ---------------------------------------------------------------------------------------


def values(found: Generation, name: str) -> dict[str, list[str]]:
    """The values of a fact at each threshold, by the place."""
    at: dict[str, list[str]] = defaultdict(list)
    for patient in found.patients:
        for shown in patient.shows:
            at[shown.text.partition(",")[0]].append(str(patient.witness.facts[name]))
    return at


def test_a_count_is_tried_on_its_limit_and_one_beside_it() -> None:
    found = made(WITH_REVIEW, boundary=True)
    assert sorted(values(found, "age")["“Age < 65”"]) == ["64", "65", "66"]


def test_a_quantity_is_tried_as_finely_as_its_limit_is_written() -> None:
    found = made(WITH_REVIEW, boundary=True)
    assert sorted(values(found, "size")["“Size ≥ 2.25 mm”"]) == ["113/50", "56/25", "9/4"]


def test_a_date_is_tried_a_day_before_and_after() -> None:
    text = (
        HEADER
        + """pathway p "P":
  decision a "A":
    when seen < 2018-03-01 "Before" -> e
    otherwise "After" -> e
  end e "E"
"""
    )
    found = made(text, boundary=True)
    (dates,) = values(found, "seen").values()
    assert sorted(dates) == ["2018-02-28", "2018-03-01", "2018-03-02"]


def test_all_else_is_equal_at_a_threshold() -> None:
    found = made(WITH_REVIEW, boundary=True)
    others: dict[str, list[object]] = defaultdict(list)
    for patient in found.patients:
        for shown in patient.shows:
            name = "age" if "Age" in shown.text else "size"
            rest = {k: v for k, v in patient.witness.facts.items() if k != name}
            others[shown.text.partition(",")[0]].append(rest)
    assert others
    assert all(rest == rests[0] for rests in others.values() for rest in rests)


def test_what_lies_outside_the_range_is_left_out() -> None:
    text = (
        HEADER
        + """pathway p "P":
  decision a "A":
    when age <= 0 "Newborn" -> e
    otherwise "Older" -> e
  end e "E"
"""
    )
    found = made(text, boundary=True)
    assert [p.witness.facts["age"] for p in found.patients] == [0, 1]
    (left,) = found.left_out
    assert left.reason == "it is outside the range of possible values"


# --- conditions ---------------------------------------------------------------------------------------


def test_each_part_of_a_condition_decides_alone_in_a_pair() -> None:
    text = (
        HEADER
        + """pathway p "P":
  decision a "A":
    when fit and (frail or her2 is positive) "Yes" -> e
    otherwise "No" -> e
  end e "E"
"""
    )
    found = made(text, conditions=True)
    assert found.left_out == ()
    pairs: dict[str, list[GeneratedPatient]] = defaultdict(list)
    for patient in found.patients:
        for shown in patient.shows:
            pairs[shown.text.rpartition(": ")[0]].append(patient)
    assert len(pairs) == 3
    for one, other in pairs.values():
        differing = [n for n, v in one.witness.facts.items() if other.witness.facts[n] != v]
        assert len(differing) == 1
        assert ("p.a.branch_1" in ids(one)) is not ("p.a.branch_1" in ids(other))


def test_a_pair_may_differ_otherwise_where_parts_are_coupled() -> None:
    text = (
        HEADER
        + """pathway p "P":
  decision a "A":
    when age < 30 or age >= 60 and fit "Yes" -> e
    otherwise "No" -> e
  end e "E"
"""
    )
    found = made(text, conditions=True)
    assert found.left_out == ()
    assert {str(p.witness.facts["fit"]) for p in found.patients} == {"True", "False"}


def test_a_part_on_which_nothing_turns_is_left_out() -> None:
    text = (
        HEADER
        + """pathway p "P":
  recommend r "R" when fit or (fit and frail)
"""
    )
    found = made(text, conditions=True)
    (left,) = found.left_out
    assert "Frail" in left.shown.text
    assert left.reason == "the condition never turns on it alone"


# --- lists, parameters ----------------------------------------------------------------------------------


def test_what_cannot_be_confirmed_is_never_shown() -> None:
    text = (
        HEADER
        + """record therapy "Therapy" dated by started:
  agent "Agent": agent
  started "Started": date
  ended "Ended": date
element therapies "Therapies": list of therapy
pathway p "P":
  decision a "A":
    when any t in therapies where months between t.started and t.ended > 240 months "Long" -> e
    otherwise "Short" -> f
  end e "E"
  end f "F"
"""
    )
    found = made(text, routes=True)
    assert {left.shown.place for left in found.left_out} == {("p", "a", "branch_1"), ("p", "e")}
    assert all("does not look into" in left.reason for left in found.left_out)
    assert all("p.e" not in ids(p) for p in found.patients)


def test_a_pathway_that_nobody_is_led_to_is_told_its_defaults() -> None:
    text = (
        HEADER
        + """pathway p "P":
  review later "Later":
    on fit and not fit -> special
  follow q with told as special "Special"
pathway q "Q" with told: boolean = no:
  decision a "A":
    when told and fit "Yes" -> e
    otherwise "No" -> f
  end e "E"
  end f "F"
"""
    )
    found = made(text, conditions=True)
    assert all("q.e" not in ids(p) for p in found.patients)


def test_local_policy_stays_as_it_is_where_it_can() -> None:
    text = (
        HEADER
        + """parameter least "Least age": count from 0 to 120 = 18
pathway p "P":
  recommend r "R" when fit and least >= 18
"""
    )
    found = made(text, routes=True, conditions=True)
    told = {p.witness.settings["least"] for p in found.patients if "Least" not in p.shows[0].text}
    assert told == {18}


# --- as cases -----------------------------------------------------------------------------------------


def test_patients_as_cases_compile_and_pass() -> None:
    compiled = load_text(WITH_REVIEW)
    text = cases_of(generate(compiled), compiled)
    assert '  visit "Review":' in text
    pasted = load_text(WITH_REVIEW + "\n" + text)
    assert len(pasted.guideline.cases) == text.count("\ncase ") + 1
    for case in pasted.guideline.cases.values():
        assert run_case(pasted, case).failures == ()


# --- the same every time --------------------------------------------------------------------------------


def test_the_same_patients_are_made_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "g.pathway").write_text(WITH_REVIEW)
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "pathway_compiler", "generate", str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "XDG_CACHE_HOME": str(tmp_path / seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


# --- for the cases that are missing -----------------------------------------------------------------------


def test_what_cases_miss_gets_a_patient_who_reaches_it() -> None:
    compiled = load_text(WITH_REVIEW)
    report = with_patients(coverage(compiled, []), reaching(compiled))
    patients = {item.id: item.patient for item in report.items if item.kind != "condition"}
    assert patients["p.large"] is not None
    assert patients["p.large"]["size"] != patients["p.other"]["size"]  # type: ignore[index]
    later = patients["p.response.branch_1"]
    assert later is None  # one visit does not lead there


# --- a whole guideline ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_in_seom_every_answer_is_taken_and_everything_is_confirmed() -> None:
    compiled = load(SEOM)
    found = generate(compiled, boundary=False, conditions=False)
    assert found.left_out == ()
    answers = {
        f"{pathway.name}.{node.name}.{branch.name}"
        for pathway in compiled.guideline.pathways.values()
        for node in pathway.nodes
        for branch in getattr(node, "branches", ())
    }
    assert answers <= set().union(*map(ids, found.patients))
    assert all(patient.witness.confirmed for patient in found.patients)
