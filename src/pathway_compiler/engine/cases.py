"""Running the guideline's own cases."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.engine.acceptance import accept, environment_of_visit
from pathway_compiler.engine.environment import Environment, base_environment
from pathway_compiler.engine.expressions import fact_value
from pathway_compiler.engine.facts import shown
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.engine.outcome import Outcome, Recommendation, WaitingPoint
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.case import (
    Asks,
    Case,
    Expectation,
    HasValue,
    MayRecommend,
    NotRecommended,
    Recommends,
    Refused,
    StatusIs,
    Visit,
    WaitsAt,
)
from pathway_compiler.model.describe import describe_value, fact_type
from pathway_compiler.patient_data.patient import Observation, Patient

__all__ = ["CaseResult", "Failure", "VisitResult", "run_case", "run_visits"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation as the case states it, and what differs from it."""

    expected: str
    diagnostic: Diagnostic

    @property
    def got(self) -> str:
        return self.diagnostic.message

    @property
    def span(self) -> Span:
        return self.diagnostic.span


@dataclass(frozen=True, slots=True)
class VisitResult:
    """What came out of one visit of a case: no outcome when its data are refused.

    `number` counts from 1; `environment` is what the visit as a whole reads.
    """

    visit: Visit
    number: int
    outcome: Outcome | None
    failures: tuple[Failure, ...]
    environment: Environment = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came out of a case, visit by visit; those after a visit whose data are refused do not run."""

    case: Case
    visits: tuple[VisitResult, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(visit.outcome for visit in self.visits if visit.outcome is not None)

    @property
    def failures(self) -> tuple[Diagnostic, ...]:
        return tuple(failure.diagnostic for visit in self.visits for failure in visit.failures)

    @property
    def not_run(self) -> tuple[Visit, ...]:
        return self.case.visits[len(self.visits) :]

    @property
    def passed(self) -> bool:
        return not self.failures


def run_case(compiled: CompiledGuideline, case: Case) -> CaseResult:
    """Run every visit of a case; facts of earlier visits keep the day of their visit."""
    return CaseResult(case, tuple(run_visits(compiled, case)))


def run_visits(compiled: CompiledGuideline, case: Case) -> Iterator[VisitResult]:
    """The visits of a case one by one, each run when it is asked for."""
    facts: dict[str, tuple[Observation, ...]] = {}
    waiting: tuple[WaitingPoint, ...] = ()
    pathway = case.pathway or compiled.guideline.entry
    assert pathway is not None
    for number, visit in enumerate(case.visits, start=1):
        assert visit.as_of is not None, "a case without a day is refused when compiling"
        new: dict[str, tuple[Observation, ...]] = {}
        for given in visit.given:
            new[given.name] = (*new.get(given.name, ()), Observation(given.value, given.on))
        current = {name: (*facts.get(name, ()), *new.get(name, ())) for name in (*facts, *new)}
        patient = Patient(case.name, current)
        settings, readings = dict(case.settings), dict(case.readings)
        environment = base_environment(compiled, patient, visit.as_of, settings, readings)
        seen = environment_of_visit(environment, waiting)
        refused = accept(seen)
        expects_refusal = [e for e in visit.expectations if isinstance(e, Refused)]
        if refused or expects_refusal:
            failures = _check_refusal(visit, refused, expects_refusal)
            yield VisitResult(visit, number, None, tuple(failures), seen)
            return
        outcome = interpret(
            compiled, patient, visit.as_of, pathway=pathway, settings=settings, readings=readings,
            waiting=waiting,
        )  # fmt: skip
        problems = ((e, _check(e, outcome, environment)) for e in visit.expectations)
        failed = tuple(_failure(problem, e.span) for e, problem in problems if problem is not None)
        yield VisitResult(visit, number, outcome, failed, seen)
        waiting = outcome.waiting
        for name, observations in new.items():
            dated = tuple(replace(o, date=o.date or visit.as_of) for o in observations)
            facts[name] = (*facts.get(name, ()), *dated)


def _failure(got: str, span: Span, expected: str = "", help: str | None = None) -> Failure:
    """An expectation is told as it stands in the text."""
    return Failure(
        expected or " ".join(span.text.split()), Diagnostic("case-failed", got, span, help=help)
    )


def _check_refusal(
    visit: Visit, refused: tuple[Diagnostic, ...], expected: list[Refused]
) -> list[Failure]:
    if not expected:
        first = refused[0]
        got = f"the data of this case are refused: {first.message}"
        return [_failure(got, visit.span, "data that are accepted", first.help)]
    problems = []
    for expectation in expected:
        if not refused:
            got = "the data should be refused, and they are accepted"
        elif expectation.because and not any(expectation.because in d.message for d in refused):
            got = f"the data are refused for another reason: {refused[0].message}"
        else:
            continue
        problems.append(_failure(got, expectation.span))
    return problems


def _ends_with(id_: str, path: tuple[str, ...]) -> bool:
    parts = tuple(id_.split("."))
    return parts[-len(path) :] == path


def _find(outcome: Outcome, path: tuple[str, ...]) -> tuple[Recommendation | None, str | None]:
    """The recommendation a path names, and the id of the option when it names one."""
    found: tuple[Recommendation | None, str | None] = (None, None)
    for recommendation in outcome.recommendations:
        if _ends_with(recommendation.id, path):
            if recommendation.certainty == "given":
                return recommendation, None
            found = (recommendation, None)
        for option in recommendation.options:
            if _ends_with(option.id, path):
                if recommendation.certainty == "given" and option.status == "eligible":
                    return recommendation, option.id
                found = (recommendation, option.id) if found[0] is None else found
    return found


def state_of(outcome: Outcome, path: tuple[str, ...]) -> str:
    """What a case finds of the recommendation or option that it names."""
    recommendation, option_id = _find(outcome, path)
    return "not given" if recommendation is None else _state(recommendation, option_id)


def _state(recommendation: Recommendation, option_id: str | None) -> str:
    """`given`, `possible` or `not given`, of a recommendation or of one of its options."""
    if option_id is None:
        return recommendation.certainty
    option = next(o for o in recommendation.options if o.id == option_id)
    if option.status == "excluded":
        return "not given"
    return (
        "given"
        if recommendation.certainty == "given" and option.status == "eligible"
        else "possible"
    )


def _check(expectation: Expectation, outcome: Outcome, environment: Environment) -> str | None:
    """What differs from the expectation, in a sentence; None when it is met."""
    match expectation:
        case Recommends() | MayRecommend():
            return _check_recommended(expectation, outcome)
        case NotRecommended():
            return _check_not(expectation, outcome)
        case Asks():
            asked = [need.element for need in outcome.needs]
            if expectation.element in asked:
                return None
            return (
                f"`{expectation.element}` is not asked for; asked are: {', '.join(asked) or 'none'}"
            )
        case StatusIs():
            if outcome.status == expectation.status:
                return None
            return f"the status is `{outcome.status}`"
        case WaitsAt():
            if any(_ends_with(f"{w.pathway}.{w.node}", expectation.path) for w in outcome.waiting):
                return None
            places = ", ".join(f"{w.pathway}.{w.node}" for w in outcome.waiting if w.node) or "none"
            return f"the patient does not wait there; reviews: {places}"
        case HasValue():
            return _check_value(expectation, environment)
        case Refused():
            return None


def _check_recommended(expectation: Recommends | MayRecommend, outcome: Outcome) -> str | None:
    name = ".".join(expectation.path)
    wanted = "given" if isinstance(expectation, Recommends) else "possible"
    recommendation, option_id = _find(outcome, expectation.path)
    if recommendation is None:
        return f"`{name}` is not given" + _reasons(outcome, expectation.path)
    state = _state(recommendation, option_id)
    if state != wanted:
        reasons = ""
        if option_id is not None:
            option = next(o for o in recommendation.options if o.id == option_id)
            reasons = f": {'; '.join(option.reasons)}" if option.reasons else ""
        elif state == "possible":
            reasons = " only: not known are " + ", ".join(
                sorted({m.element for m in recommendation.missing})
            )
        return f"`{name}` is {state}{reasons}"
    if isinstance(expectation, Recommends) and expectation.rank is not None:
        ranks = [o.rank for o in recommendation.options if o.id == option_id]
        if not ranks:
            return f"`{name}` is not an option, so it has no rank"
        if ranks[0] != expectation.rank:
            return f"`{name}` is {ranks[0]}"
    return None


def _reasons(outcome: Outcome, path: tuple[str, ...]) -> str:
    for refused in outcome.not_recommended:
        if _ends_with(refused.id, path) or _ends_with(refused.id, path[:-1] or path):
            return f": {'; '.join(refused.reasons)}" if refused.reasons else ""
    return ""


def _check_not(expectation: NotRecommended, outcome: Outcome) -> str | None:
    name = ".".join(expectation.path)
    recommendation, option_id = _find(outcome, expectation.path)
    reasons: list[str] = []
    if recommendation is not None:
        state = _state(recommendation, option_id)
        if state != "not given":
            return f"`{name}` is {state}"
        option = next(o for o in recommendation.options if o.id == option_id)
        reasons = list(option.reasons)
    else:
        for refused in outcome.not_recommended:
            if _ends_with(refused.id, expectation.path) or _ends_with(
                refused.id, expectation.path[:-1] or ("",)
            ):
                reasons.extend(refused.reasons)
    if expectation.because is None or any(expectation.because in reason for reason in reasons):
        return None
    return f"`{name}` is not given for another reason: {'; '.join(reasons) or 'none is known'}"


def _check_value(expectation: HasValue, environment: Environment) -> str | None:
    value = shown(fact_value(expectation.name, environment), environment)
    if isinstance(expectation.value, Unknown):
        if isinstance(value, Unknown):
            return None
    elif value == expectation.value:
        return None
    told = describe_value(
        value, fact_type(environment.guideline, expectation.name), environment.guideline
    )
    return f"`{expectation.name}` is {told}"
