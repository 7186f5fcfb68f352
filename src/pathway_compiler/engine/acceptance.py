"""Whether a patient's data can be: constraints, and facts entered both ways that do not agree."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from pathway_compiler.datatypes.number import Interval, compare
from pathway_compiler.datatypes.partial_date import PartialDate, compare_dates
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.engine.environment import Environment, Result
from pathway_compiler.engine.expressions import computed_value, evaluate_condition, observed_value
from pathway_compiler.engine.facts import facts_behind, shown
from pathway_compiler.engine.outcome import WaitingPoint
from pathway_compiler.language import gettext as _
from pathway_compiler.language import speaking
from pathway_compiler.model.describe import (
    describe_condition,
    describe_fact,
    describe_value,
    fact_type,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import EnumType, SetType, Type
from pathway_compiler.model.vocabulary import SetValue

__all__ = ["accept", "conflicting", "environment_of_visit"]


def accept(
    environment: Environment, waiting: Sequence[WaitingPoint] = ()
) -> tuple[Diagnostic, ...]:
    """What is impossible about the patient's data; empty when they can be run.

    A constraint refuses data only when it is certainly broken. A fact that is both entered and worked
    out from others must agree. At a later visit, facts are compared that belong to that visit or last.
    """
    environment = environment_of_visit(environment, waiting)
    with speaking(environment.guideline.header.language):
        return (*_constraints(environment), *_conflicts(environment))


def environment_of_visit(environment: Environment, waiting: Sequence[WaitingPoint]) -> Environment:
    """What is read at this visit as a whole: the facts since the last one, and lasting ones."""
    since = [point.since for point in waiting if point.since is not None]
    return environment.after(max(since, key=lambda day: day.earliest)) if since else environment


def _constraints(environment: Environment) -> list[Diagnostic]:
    guideline = environment.guideline
    problems = []
    for constraint in guideline.constraints:
        if evaluate_condition(constraint.condition, environment) is not False:
            continue
        facts = facts_behind([constraint.condition], environment)
        told = "; ".join(describe_fact(name, value, guideline) for name, value in facts)
        assert constraint.span is not None
        problems.append(
            Diagnostic(
                "data-constraint",
                _(
                    "patient `%(id)s` cannot be: %(rule)s (%(facts)s)",
                    id=environment.patient.id,
                    rule=constraint.label,
                    facts=told,
                ),
                constraint.span,
                help=_(
                    "correct the data; the guideline holds that always: %(condition)s",
                    condition=describe_condition(constraint.condition, guideline),
                ),
            )
        )
    return problems


def _conflicts(environment: Environment) -> list[Diagnostic]:
    guideline = environment.guideline
    problems = []
    for name, observed, computed in conflicting(environment):
        found = guideline.definitions.get(name) or guideline.elements.get(name)
        assert found is not None and found.span is not None
        problems.append(
            Diagnostic(
                "data-conflict",
                _(
                    "patient `%(id)s`: %(fact)s is entered as %(entered)s, and follows from other"
                    " data as %(computed)s",
                    id=environment.patient.id,
                    fact=found.label,
                    entered=_told(name, observed, environment),
                    computed=_told(name, computed, environment),
                ),
                found.span,
                (Label(found.span, _("worked out here")),),
                help=_("correct one of them, or leave out the entered value"),
            )
        )
    return problems


def conflicting(environment: Environment) -> Iterator[tuple[str, Result, Result]]:
    """The facts that are entered and follow from others, where the two do not agree: both values."""
    guideline = environment.guideline
    for name in environment.patient.facts:
        computed = computed_value(name, environment)
        observed = observed_value(name, environment)
        type_ = fact_type(guideline, name)
        if computed is not None and not _agree(observed, computed, type_, guideline):
            yield name, observed, computed


def _agree(observed: Result, computed: Result, type_: Type | None, guideline: Guideline) -> bool:
    """Whether two values can be of one patient: one may be less precise than the other."""
    match observed, computed:
        case (Unknown(), _) | (_, Unknown()):
            return True
        case int() | Fraction(), Interval():
            return compare("=", observed, computed) is not False
        case PartialDate(), PartialDate():
            return compare_dates("=", observed, computed) is not False
        case str(), str() if isinstance(type_, EnumType):
            return observed in type_.ancestors(computed) or computed in type_.ancestors(observed)
        case str(), str():
            return guideline.is_a(observed, computed) or guideline.is_a(computed, observed)
        case SetValue(), SetValue():
            of = type_.of if isinstance(type_, SetType) else None
            return all(
                not whole.complete
                or all(any(_agree(a, b, of, guideline) for b in whole.items) for a in part.items)
                for whole, part in ((observed, computed), (computed, observed))
            )
        case _:
            return observed == computed


def _told(name: str, value: Result, environment: Environment) -> str:
    guideline: Guideline = environment.guideline
    return describe_value(shown(value, environment), fact_type(guideline, name), guideline)
