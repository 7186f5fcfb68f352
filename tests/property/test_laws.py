"""What holds of every guideline and every patient, tried on random ones."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import strategies
from markdown_tests import REPOSITORY
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import (
    DataError,
    check_text,
    compile_sources,
    evaluate,
    load_text,
    read_guideline,
)
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.engine.to_json import outcome_to_json
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.syntax.formatter import format_source
from strategies import Plan

DAY = "2019-03-01"

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=2_000)

FOLDERS = [
    REPOSITORY / "docs" / "example",
    REPOSITORY / "pathways" / "seom_abc_2018",
]


def compiled(plan: Plan) -> CompiledGuideline:
    return _compiled(plan.text())


@cache
def _compiled(text: str) -> CompiledGuideline:
    return load_text(text)


def meaning(guideline: Guideline) -> Guideline:
    """A guideline without its hash; places in the text do not count in comparisons anyway."""
    return replace(guideline, content_hash="")


def in_any_order(guideline: Guideline) -> object:
    """What a guideline declares, whatever the order of its declarations."""
    tables = {
        name: value if not isinstance(value, dict) else sorted(value.items(), key=lambda i: i[0])
        for name, value in (
            (field, getattr(guideline, field)) for field in guideline.__dataclass_fields__
        )
        if name != "content_hash"
    }
    tables["constraints"] = sorted(map(repr, guideline.constraints))
    return tables


# --- the text ------------------------------------------------------------------------------------


def _formatted_means_the_same(text: str) -> None:
    formatted, problems = format_source(Source("g.pathway", text))
    assert formatted is not None, problems
    before = compile_sources([Source("g.pathway", text)])
    after = compile_sources([Source("g.pathway", formatted)])
    assert before.compiled is not None
    assert after.compiled is not None
    assert meaning(before.compiled.guideline) == meaning(after.compiled.guideline)
    assert [(d.code, d.message) for d in before.diagnostics] == [
        (d.code, d.message) for d in after.diagnostics
    ]


@FEW
@given(strategies.plans())
def test_formatting_keeps_the_meaning(plan: Plan) -> None:
    _formatted_means_the_same(plan.text())


@FEW
@given(strategies.plans(), st.randoms(use_true_random=False))
def test_formatting_a_badly_laid_out_text_keeps_the_meaning(plan: Plan, random: object) -> None:
    assert hasattr(random, "choice")
    lines = []
    for line in plan.text().split("\n"):
        stripped = line.lstrip(" ")
        indentation = " " * (len(line) - len(stripped)) * random.choice((1, 2))
        if stripped and indentation.strip() == "" and line == stripped:
            indentation = ""
        # All lines of a block are indented alike, so each level has its own width.
        lines.append(" " * 3 * ((len(line) - len(stripped)) // 2) + stripped.replace(" (", "  ("))
        lines.extend([""] * random.choice((0, 0, 1, 2)))
    _formatted_means_the_same("\n".join(lines))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_formatting_a_real_guideline_keeps_the_meaning(folder: object) -> None:
    sources, problems = read_guideline(str(folder))
    assert not problems
    before = compile_sources(sources).compiled
    formatted = []
    for source in sources:
        text, _ = format_source(source)
        assert text is not None
        formatted.append(Source(source.name, text))
    after = compile_sources(formatted).compiled
    assert before is not None
    assert after is not None
    assert meaning(before.guideline) == meaning(after.guideline)


@FEW
@given(strategies.plans(), st.data())
def test_order_of_declarations_changes_nothing(plan: Plan, data: st.DataObject) -> None:
    shuffled = "\n".join(data.draw(st.permutations(plan.declarations())))
    again = _compiled(shuffled)
    assert in_any_order(again.guideline) == in_any_order(compiled(plan).guideline)
    facts = data.draw(strategies.partial_patients())
    assert essence(evaluate(again, facts, as_of=DAY)) == essence(
        evaluate(compiled(plan), facts, as_of=DAY)
    )


@FEW
@given(strategies.plans(), st.data())
def test_splitting_into_files_changes_nothing_but_the_hash(plan: Plan, data: st.DataObject) -> None:
    declarations = plan.declarations()
    cut = data.draw(st.integers(0, len(declarations)))
    parts = (declarations[:cut], declarations[cut:])
    split = compile_sources(
        Source(f"{number}.pathway", "\n".join(part)) for number, part in enumerate(parts)
    ).compiled
    assert split is not None
    assert meaning(split.guideline) == meaning(compiled(plan).guideline)


@FEW
@given(strategies.plans())
def test_names_of_files_do_not_change_the_hash(plan: Plan) -> None:
    one, other = (compile_sources([Source(n, plan.text())]).compiled for n in ("a", "b"))
    assert one is not None
    assert other is not None
    assert one.guideline.content_hash == other.guideline.content_hash


@FEW
@given(strategies.plans())
def test_compiling_twice_gives_the_same(plan: Plan) -> None:
    assert check_text(plan.text()) == check_text(plan.text())
    assert load_text(plan.text()).guideline == load_text(plan.text()).guideline


# --- the patient ---------------------------------------------------------------------------------


def essence(outcome: Outcome) -> object:
    """What an outcome says, without the order and the hash that depend on the text's order."""
    return (
        outcome.status,
        {
            (r.id, r.via): (r.certainty, [(o.id, o.status) for o in r.options])
            for r in outcome.recommendations
        },
        {(r.id, r.via): sorted(r.reasons) for r in outcome.not_recommended},
        {(a.action, a.certainty, a.barred_by) for a in outcome.actions},
        {(n.element, n.urgency) for n in outcome.needs},
        {d.name: "?" if isinstance(d.value, Unknown) else d.value for d in outcome.definitions},
        sorted(outcome.outside),
        sorted(outcome.ends),
    )


@FEW
@given(strategies.plans(), strategies.partial_patients(), st.data())
def test_order_of_facts_changes_nothing(
    plan: Plan, facts: dict[str, object], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(facts.items()))))
    guideline = compiled(plan)
    assert evaluate(guideline, facts, as_of=DAY) == evaluate(guideline, shuffled, as_of=DAY)


@FEW
@given(strategies.plans(), strategies.partial_patients())
def test_running_twice_gives_the_same(plan: Plan, facts: dict[str, object]) -> None:
    guideline = compiled(plan)
    first, second = (evaluate(guideline, facts, as_of=DAY) for _ in range(2))
    assert first == second
    assert outcome_to_json(first, guideline) == outcome_to_json(second, guideline)


@FEW
@given(strategies.plans(), strategies.partial_patients())
def test_fact_recorded_as_unknown_is_as_good_as_none(plan: Plan, facts: dict[str, object]) -> None:
    every = {**dict.fromkeys((*strategies.BOOLEANS, "e0", "n0")), **facts}
    guideline = compiled(plan)
    without, with_ = (evaluate(guideline, f, as_of=DAY) for f in (facts, every))
    assert essence(without) == essence(with_)


def _check_adding_facts(plan: Plan, full: dict[str, object], known: set[str]) -> None:
    """More facts turn unknown into known, and nothing known into anything else.

    `otherwise` says that it is known that no other answer holds, so it is monotone as well.
    """
    guideline = compiled(plan)
    less = evaluate(guideline, {n: v for n, v in full.items() if n in known}, as_of=DAY)
    more = evaluate(guideline, full, as_of=DAY)
    given_before = {(r.id, r.via) for r in less.given}
    given_after = {(r.id, r.via) for r in more.given}
    possible = {(r.id, r.via) for r in less.recommendations}
    assert given_before <= given_after
    assert given_after <= possible, "what was ruled out came back"
    if less.status == "not_applicable":
        assert more.status == "not_applicable"
    if less.status == "complete":
        assert more.status == "complete"
        assert given_before == given_after
    eligible = {o.id for r in less.recommendations for o in r.options if o.status == "eligible"}
    excluded = {o.id for r in less.recommendations for o in r.options if o.status == "excluded"}
    for option in (o for r in more.recommendations for o in r.options):
        if option.id in eligible:
            assert option.status == "eligible"
        if option.id in excluded:
            assert option.status == "excluded"


@settings(FEW, max_examples=40)
@given(
    strategies.plans(),
    strategies.complete_patients(),
    st.sets(st.sampled_from(("b0", "b1", "b2", "e0", "n0"))),
)
def test_adding_a_fact_settles_and_never_reverses(
    plan: Plan, full: dict[str, object], known: set[str]
) -> None:
    _check_adding_facts(plan, full, known)


@pytest.mark.slow
@MANY
@given(
    strategies.plans(),
    strategies.complete_patients(),
    st.sets(st.sampled_from(("b0", "b1", "b2", "e0", "n0"))),
)
def test_adding_a_fact_settles_and_never_reverses_in_many_guidelines(
    plan: Plan, full: dict[str, object], known: set[str]
) -> None:
    _check_adding_facts(plan, full, known)


@FEW
@given(strategies.plans(), strategies.partial_patients())
def test_status_agrees_with_the_rest_of_the_outcome(plan: Plan, facts: dict[str, object]) -> None:
    outcome = evaluate(compiled(plan), facts, as_of=DAY)
    match outcome.status:
        case "complete":
            assert not outcome.possible
        case "needs_data":
            assert outcome.needs or outcome.unanswerable
        case "not_applicable":
            assert not outcome.recommendations
    if set(facts) == {*strategies.BOOLEANS, "e0", "n0"}:
        assert outcome.status in ("complete", "not_applicable")
        assert not outcome.needs


@FEW
@given(strategies.plans(), strategies.partial_patients())
def test_every_recommendation_is_told_once(plan: Plan, facts: dict[str, object]) -> None:
    outcome = evaluate(compiled(plan), facts, as_of=DAY)
    told = [(r.id, r.via) for r in (*outcome.recommendations, *outcome.not_recommended)]
    assert len(told) == len(set(told))
    assert not {n.element for n in outcome.needs} & set(facts), "what is known is not asked"


@FEW
@given(strategies.plans(), strategies.partial_patients(), st.integers(-3, 9))
def test_value_outside_its_range_is_refused(
    plan: Plan, facts: dict[str, object], number: int
) -> None:
    assume(number not in strategies.COUNTS)
    with pytest.raises(DataError):
        evaluate(compiled(plan), {**facts, "n0": number}, as_of=DAY)
