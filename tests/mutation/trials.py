"""Each mutant against the checks, the proof and the cases of its guideline."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pathway_compiler.analysis.acceptances import apply_acceptances
from pathway_compiler.analysis.obligations import prove
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.diagnostics.diagnostic import Diagnostic, has_errors
from pathway_compiler.engine.cases import CaseResult, run_case
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs, check_graphs
from pathway_compiler.model.case import Case, Refused
from pathway_compiler.model.expression import (
    Compare,
    Literally,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Branch, Caution, NodeBase, Option, Pathway
from pathway_compiler.model.vocabulary import Constraint, Element, Reading, ReadingAlternative
from pathway_compiler.semantics.checks import CHECKS

from .equivalence import Difference, difference
from .mutants import Mutant

__all__ = ["Sound", "Trial", "sound", "try_out"]

Fate = Literal["caught", "equivalent", "survived"]


@dataclass(frozen=True)
class Sound:
    """A guideline without a seeded fault: what is found in it as it is, and what its cases do."""

    compiled: CompiledGuideline
    checked: frozenset[tuple[str, str]]
    proved: frozenset[tuple[str, str]]
    results: Mapping[str, CaseResult]
    reached: Mapping[str, frozenset[str]]
    """For each case the ids of the pathways, nodes, answers and options that it comes to."""


@dataclass(frozen=True)
class Trial:
    """What became of a mutant: the codes of the findings by which it was caught, the case that failed.

    `why` says of one that survived how that could be; `patient` for whom it makes a difference.
    """

    number: int
    kind: str
    where: str
    description: str
    place: str
    fate: Fate
    by_check: tuple[str, ...] = ()
    by_prove: tuple[str, ...] = ()
    by_test: str | None = None
    why: str = ""
    differs: str = ""
    patient: str = ""
    cases: tuple[str, ...] = ()


def sound(guideline: Guideline) -> Sound:
    """A guideline as it is; its cases must pass."""
    compiled, proved = _proved(guideline)
    results = {name: run_case(compiled, case) for name, case in guideline.cases.items()}
    failed = [name for name, result in results.items() if not result.passed]
    if failed:
        raise ValueError(f"these cases fail without a fault: {', '.join(failed)}")
    reached = {name: frozenset(_reached(result)) for name, result in results.items()}
    return Sound(
        compiled,
        frozenset(_checked(guideline)),
        frozenset(proved),
        results,
        reached,
    )


def _reached(result: CaseResult) -> Iterator[str]:
    for outcome in result.outcomes:
        for entry in outcome.trace:
            if entry.activation is not True:
                continue
            yield entry.pathway
            yield f"{entry.pathway}.{entry.node}"
            for branch in entry.branches:
                if branch.taken is True:
                    yield f"{entry.pathway}.{entry.node}.{branch.name}"
        for recommendation in outcome.given:
            yield from (o.id for o in recommendation.options if o.status == "eligible")


def try_out(mutant: Mutant, against: Sound) -> Trial:
    """Whether a mutant is caught, and by what; `check` alone when it cannot be run at all."""
    checked = _checked(mutant.guideline)
    by_check = _codes(checked, against.checked)
    about = (mutant.number, mutant.kind, mutant.where, mutant.description, mutant.place)
    if has_errors(checked.values()):
        return Trial(*about, "caught", by_check)
    compiled, proved = _proved(mutant.guideline)
    by_prove = _codes(proved, against.proved)
    by_test = _failing(compiled, _in_order(mutant, against))
    if by_check or by_prove or by_test:
        return Trial(*about, "caught", by_check, by_prove, by_test)
    found = difference(against.compiled, compiled)
    if found.verdict == "none":
        return Trial(*about, "equivalent")
    changed = _changed_cases(compiled, against)
    why = _why(mutant, found, changed, against)
    return Trial(
        *about, "survived", why=why, differs=found.what, patient=found.patient, cases=changed
    )


def _checked(guideline: Guideline) -> dict[tuple[str, str], Diagnostic]:
    problems = [problem for check in CHECKS for problem in check(guideline)]
    return {(p.code, str(p.span)): p for p in (*problems, *check_graphs(guideline))}


def _proved(
    guideline: Guideline,
) -> tuple[CompiledGuideline, dict[tuple[str, str], Diagnostic]]:
    """The guideline ready to run, and what the proof finds that the author has not accepted."""
    proof, complete = prove(guideline, build_graphs(guideline))
    problems = [problem for check in CHECKS for problem in check(guideline)]
    obligations, _, stale = apply_acceptances(proof.obligations, problems, guideline)
    found = {
        (o.diagnostic.code, ".".join(o.place)): o.diagnostic
        for o in obligations
        if o.diagnostic is not None and o.accepted is None
    }
    found.update({(d.code, str(d.span)): d for d in stale})
    return CompiledGuideline(guideline, build_graphs(guideline, complete)), found


def _codes(found: Iterable[tuple[str, str]], before: frozenset[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code, place in found if (code, place) not in before))


def _in_order(mutant: Mutant, against: Sound) -> Sequence[Case]:
    """The cases that enter the pathway of the fault first, and among them those of it alone."""
    pathway = next((r.name for r in mutant.above if isinstance(r, Pathway)), None)
    cases = against.compiled.guideline.cases.values()
    if pathway is None:
        return tuple(cases)
    return sorted(
        cases, key=lambda c: (pathway not in against.reached[c.name], c.pathway != pathway)
    )


def _failing(compiled: CompiledGuideline, cases: Iterable[Case]) -> str | None:
    return next((case.name for case in cases if not run_case(compiled, case).passed), None)


# --- why a mutant survived ---------------------------------------------------------------------------------


def _changed_cases(compiled: CompiledGuideline, against: Sound) -> tuple[str, ...]:
    """The cases of which something comes out differently, although none fails."""
    changed = []
    for name, result in against.results.items():
        now = run_case(compiled, result.case)
        if [_essence(o) for o in now.outcomes] != [_essence(o) for o in result.outcomes]:
            changed.append(name)
    return tuple(changed)


def _essence(outcome: Outcome) -> object:
    return (
        outcome.status,
        [
            (r.id, r.certainty, r.regimen, r.avoids, r.cautions, r.options)
            for r in outcome.recommendations
        ],
        [n.element for n in outcome.needs],
        [(d.name, d.value) for d in outcome.definitions],
        [r.id for r in outcome.reviews],
        outcome.outside,
        outcome.contradictions,
    )


def _why(mutant: Mutant, found: Difference, changed: tuple[str, ...], against: Sound) -> str:
    """The first reason that applies."""
    unread = _reading_without_case(mutant, against.compiled.guideline)
    if unread is not None:
        return f"no case chooses the reading `{unread}`"
    if any(isinstance(record, Caution) for record in mutant.above):
        return "cautions are not asserted by cases"
    if changed and mutant.kind in ("action dropped", "action exchanged"):
        return f"a case does not say what a regimen consists of ({_some(changed)})"
    if changed:
        return f"it shows in a case, which does not expect it ({_some(changed)})"
    unreached = _unreached(mutant, against)
    if unreached is not None:
        return f"no case reaches `{unreached}`"
    constraint = next((r for r in mutant.above if isinstance(r, Constraint)), None)
    if constraint is not None:
        refused = list(_refused(against.compiled.guideline))
        if not any(because in constraint.label for because in refused if because):
            return "no case is refused by it"
        return "no case has the data on which the two differ"
    if any(isinstance(record, Element) for record in mutant.above):
        return "no case records therapies that tell the two apart"
    limits = list(_limits(mutant.above[-1]))
    if mutant.kind in ("limit shifted", "comparison shifted") and limits:
        if not any(limit in _given(against.compiled.guideline) for limit in limits):
            return "no case lies at the limit"
        return "no case lies on the side of the limit that tells the two apart"
    if found.needs_gaps:
        return "it makes a difference only where data are missing"
    return "no case tells the two apart"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def _reading_without_case(mutant: Mutant, guideline: Guideline) -> str | None:
    """A reading in which the fault lies, that is not the chosen one and that no case chooses."""
    reading = next((r for r in mutant.above if isinstance(r, Reading)), None)
    alternative = next((r for r in mutant.above if isinstance(r, ReadingAlternative)), None)
    if reading is None or alternative is None or alternative.chosen:
        return None
    chosen = {choice for case in guideline.cases.values() for choice in case.readings}
    name = (reading.name, alternative.name)
    return None if name in chosen else ".".join(name)


def _unreached(mutant: Mutant, against: Sound) -> str | None:
    """The node, answer or option around the fault that no case comes to."""
    names = [r.name for r in mutant.above if isinstance(r, Pathway | NodeBase | Branch | Option)]
    if not names or not isinstance(mutant.above[0], Pathway):
        return None
    for length in range(2, len(names) + 1):
        place = ".".join(names[:length])
        if not any(place in reached for reached in against.reached.values()):
            return place
    return None


def _refused(guideline: Guideline) -> Iterator[str]:
    for case in guideline.cases.values():
        for visit in case.visits:
            for expectation in visit.expectations:
                if isinstance(expectation, Refused):
                    yield expectation.because or ""


def _limits(record: object) -> Iterator[object]:
    if isinstance(record, Compare):
        for side in (record.left, record.right):
            if isinstance(side, Literally):
                yield side.value


def _given(guideline: Guideline) -> frozenset[object]:
    """Every number that some case records."""
    return frozenset(
        given.value
        for case in guideline.cases.values()
        for visit in case.visits
        for given in visit.given
        if not isinstance(given.value, Unknown | PartialDate)
    )
