"""Short ways of compiling the text of a test and running patients on it."""

from collections.abc import Mapping
from functools import cache

from markdown_tests import PRELUDES
from pathway_compiler.datatypes.partial_date import PartialDate, parse_date
from pathway_compiler.datatypes.truth import Missing, Reason, Unknown
from pathway_compiler.driver import evaluate, evaluate_text, load_text
from pathway_compiler.engine.cases import CaseResult, run_case
from pathway_compiler.engine.enactment import Enactment, advance
from pathway_compiler.engine.outcome import Outcome, Recommendation
from pathway_compiler.graph.compiled import CompiledGuideline

__all__ = [
    "AS_OF",
    "HEADER",
    "case",
    "compiled",
    "day",
    "found",
    "given",
    "not_given",
    "possible",
    "run",
    "states",
    "unknown",
    "value",
    "visits",
    "waiting",
]

AS_OF = "2019-03-01"
HEADER = 'guideline g "G":\n  version "1"\n  grading uspstf\n  entry p\n'
_PRELUDE = (PRELUDES / "breast.pathway").read_text(encoding="utf-8")


@cache
def compiled(text: str, prelude: bool = True) -> CompiledGuideline:
    """A guideline whose entry is pathway `p`, with the vocabulary of the conformance documents."""
    return load_text(HEADER + text + _PRELUDE if prelude else text)


def value(expression: str, facts: Mapping[str, object] | None = None, declared: str = "") -> str:
    """An expression in words, for a patient with these facts."""
    guideline = compiled(declared + 'pathway p "P":\n  end done "Done"\n')
    result = evaluate_text(expression, guideline, facts or {}, as_of=AS_OF)
    assert not result.diagnostics, result.diagnostics
    return result.text


def run(
    text: str,
    facts: Mapping[str, object] | None = None,
    *,
    as_of: str = AS_OF,
    enactment: Enactment | None = None,
    settings: Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
    pathway: str | None = None,
    exact: bool = True,
) -> Outcome:
    return evaluate(
        compiled(text),
        facts or {},
        as_of=as_of,
        enactment=enactment,
        settings=settings,  # type: ignore[arg-type]
        readings=readings,
        pathway=pathway,
        exact=exact,
    )


def visits(text: str, *charts: tuple[str, Mapping[str, object]]) -> list[Outcome]:
    """One visit after the other, each with the whole chart of its day."""
    outcomes: list[Outcome] = []
    enactment: Enactment | None = None
    for as_of, facts in charts:
        outcome = run(text, facts, as_of=as_of, enactment=enactment)
        enactment = advance(enactment, outcome)
        outcomes.append(outcome)
    return outcomes


def case(text: str) -> CaseResult:
    """The result of the only case in the text."""
    guideline = compiled(text)
    (only,) = guideline.guideline.cases.values()
    return run_case(guideline, only)


def given(outcome: Outcome) -> set[str]:
    """The nodes that are recommended for certain; the pathway is left out when it is `p`."""
    return {_short(r.id) for r in outcome.given}


def possible(outcome: Outcome) -> set[str]:
    return {_short(r.id) for r in outcome.possible}


def not_given(outcome: Outcome) -> set[str]:
    return {_short(r.id) for r in outcome.not_recommended}


def states(outcome: Outcome, choice: str) -> dict[str, str]:
    """The options of a choice with their states."""
    return {o.id.rsplit(".", 1)[1]: o.status for o in found(outcome, choice).options}


def found(outcome: Outcome, name: str) -> Recommendation:
    recommendation = outcome.recommendation(name)
    assert recommendation is not None, [r.id for r in outcome.recommendations]
    return recommendation


def waiting(outcome: Outcome) -> set[str]:
    return {f"{w.pathway}.{w.node or '(start)'}" for w in outcome.waiting}


def unknown(element: str, reason: Reason = Reason.NOT_RECORDED) -> Unknown:
    return Unknown(frozenset({Missing(element, reason)}))


def day(text: str) -> PartialDate:
    parsed = parse_date(text)
    assert parsed is not None
    return parsed


def _short(id_: str) -> str:
    return id_.removeprefix("p.")
