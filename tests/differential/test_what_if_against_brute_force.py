"""The smallest changes that give or withdraw a recommendation, against trying all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, note, settings
from hypothesis import strategies as st

from oracle.brute_force import DAY, Prepared, patient_of, prepare
from oracle.random_guidelines import RandomGuideline, guidelines, partial_facts
from pathway_compiler.analysis.refine import refine
from pathway_compiler.analysis.what_if import MOST_FACTS, Alternative, ready_to_ask
from pathway_compiler.engine.acceptance import accept
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.explain import Verdict, names_to_explain, verdict_of
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.model.vocabulary import Value

SOMETIMES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
OFTEN = settings(SOMETIMES, max_examples=2_000)

Facts = Mapping[str, Value]


@dataclass(frozen=True)
class Question:
    """A guideline, a patient, and a recommendation, option or action that not every patient is given."""

    prepared: Prepared
    facts: Facts
    id: str

    def __repr__(self) -> str:
        return f"{self.prepared.random.text}\n{dict(self.facts)}\n{self.id}"


@st.composite
def questions(draw: st.DrawFn, *, complete: bool) -> Question:
    random: RandomGuideline = draw(guidelines())
    if complete:
        facts = {n: draw(st.sampled_from(values)) for n, values in random.values.items()}
    else:
        facts = draw(partial_facts(random, vague=True))
    prepared = prepare(random)
    guideline = prepared.compiled.guideline
    outcomes = [run.outcome for run in prepared.first_visits]
    names = [*names_to_explain(guideline), *guideline.actions]
    open_ = [n for n in names if len({verdict_of(o, n) for o in outcomes}) > 1]
    assume(open_)
    return Question(prepared, facts, draw(st.sampled_from(open_)))


def _run(prepared: Prepared, facts: Facts, *, exact: bool) -> Outcome | None:
    environment = base_environment(prepared.compiled, patient_of(facts), DAY)
    if accept(environment):
        return None
    outcome = prepared.run(facts, {})
    return refine(outcome, environment, prepared.compiled) if exact else outcome


def _changed(prepared: Prepared, facts: Facts, names: tuple[str, ...]) -> Iterator[Facts]:
    """The patients who differ in just these facts."""
    values = prepared.random.values
    for chosen in product(*([v for v in values[n] if v != facts.get(n)] for n in names)):
        yield {**facts, **dict(zip(names, chosen, strict=True))}


def _smallest(
    prepared: Prepared, facts: Facts, id_: str, verdict: Verdict, *, exact: bool
) -> int | None:
    for size in range(1, MOST_FACTS + 1):
        for names in combinations(prepared.random.values, size):
            if _reached(prepared, facts, names, id_, verdict, exact=exact):
                return size
    return None


def _reached(
    prepared: Prepared,
    facts: Facts,
    names: tuple[str, ...],
    id_: str,
    verdict: Verdict,
    *,
    exact: bool,
) -> bool:
    outcomes = (_run(prepared, other, exact=exact) for other in _changed(prepared, facts, names))
    return any(o is not None and verdict_of(o, id_) == verdict for o in outcomes)


def _looked_into(prepared: Prepared) -> bool:
    """Whether the analysis looks into all that is asked: how many agents a set has is not."""
    return "number of a0" not in prepared.random.text


def _asked(
    prepared: Prepared, facts: Facts, id_: str
) -> tuple[Verdict, dict[Verdict, list[Alternative]]]:
    outcome = _run(prepared, facts, exact=True)
    assume(outcome is not None)
    assert outcome is not None
    found = ready_to_ask(prepared.compiled, patient_of(facts), outcome).ask(id_)
    by_verdict: dict[Verdict, list[Alternative]] = {}
    for alternative in found.alternatives:
        by_verdict.setdefault(alternative.verdict, []).append(alternative)
    return verdict_of(outcome, id_), by_verdict


def _check_each(prepared: Prepared, facts: Facts, id_: str, found: list[Alternative]) -> None:
    """Each alternative does what it says, and none is another one with more changes."""
    sets = [frozenset((c.element, c.otherwise) for c in a.changes) for a in found]
    assert not any(one < other for one in sets for other in sets)
    assert len({*sets}) == len(sets)
    for alternative in found:
        changed = {**facts, **{c.element: c.otherwise for c in alternative.changes}}
        outcome = _run(prepared, changed, exact=True)
        assert outcome is not None
        assert verdict_of(outcome, id_) == alternative.verdict


def _check_complete(drawn: Question) -> None:
    note(repr(drawn))
    prepared, facts, id_ = drawn.prepared, drawn.facts, drawn.id
    now, found = _asked(prepared, facts, id_)
    for verdict in ("given", "not given"):
        if verdict == now:
            continue
        smallest = _smallest(prepared, facts, id_, verdict, exact=False)
        event(f"{verdict}: {smallest}")
        alternatives = found.get(verdict, [])
        sizes = [len(a.changes) for a in alternatives]
        assert not _looked_into(prepared) or min(sizes, default=None) == smallest
        _check_each(prepared, facts, id_, alternatives)
        for alternative in alternatives:
            names = [c.element for c in alternative.changes]
            for fewer in combinations(names, len(names) - 1):
                if _reached(prepared, facts, fewer, id_, verdict, exact=False):
                    # Only by what does not go back, which is told as well, but last.
                    assert any({c.element for c in a.changes} <= {*fewer} for a in alternatives)


def _check_partial(drawn: Question) -> None:
    note(repr(drawn))
    prepared, facts, id_ = drawn.prepared, drawn.facts, drawn.id
    now, found = _asked(prepared, facts, id_)
    for verdict in ("given", "not given"):
        if verdict == now:
            continue
        alternatives = found.get(verdict, [])
        smallest = min((len(a.changes) for a in alternatives), default=MOST_FACTS + 1)
        by_kleene = _smallest(prepared, facts, id_, verdict, exact=False) or MOST_FACTS + 1
        exactly = _smallest(prepared, facts, id_, verdict, exact=True) or MOST_FACTS + 1
        event("exact answers need fewer" if exactly < smallest else "as few as there are")
        assert exactly <= smallest
        assert smallest <= by_kleene or not _looked_into(prepared)
        _check_each(prepared, facts, id_, alternatives)


@SOMETIMES
@given(questions(complete=True))
def test_the_smallest_changes_are_the_smallest_that_there_are(
    drawn: Question,
) -> None:
    _check_complete(drawn)


@SOMETIMES
@given(questions(complete=False))
def test_with_missing_facts_they_are_as_small_as_the_interpreter_needs(
    drawn: Question,
) -> None:
    _check_partial(drawn)


@pytest.mark.slow
@OFTEN
@given(questions(complete=True))
def test_the_smallest_changes_of_many_are_the_smallest_that_there_are(
    drawn: Question,
) -> None:
    _check_complete(drawn)


@pytest.mark.slow
@OFTEN
@given(questions(complete=False))
def test_with_missing_facts_of_many_they_are_as_small_as_the_interpreter_needs(
    drawn: Question,
) -> None:
    _check_partial(drawn)
