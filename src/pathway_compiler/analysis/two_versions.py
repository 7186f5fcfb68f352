"""Two versions of a guideline as formulas over the same patients."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from pathway_compiler.analysis.all_patients import Analysis
from pathway_compiler.analysis.conditions import Conditions, Scope
from pathway_compiler.analysis.facts import Questions, questions_of
from pathway_compiler.analysis.laws import laws
from pathway_compiler.analysis.solver import Solver
from pathway_compiler.analysis.visits import Visit, all_visits
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs
from pathway_compiler.model.describe import fact_type
from pathway_compiler.model.expression import Reference

__all__ = ["TwoVersions", "two_versions"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TwoVersions:
    """OLD and NEW for all patients whom both accept.

    `analysis` is that of NEW, with a solver that knows the laws of both. `old_visits` are the visits of
    OLD. The constraints of each are formulas; `accepted_by_old`
    asks about patients whom OLD accepts, `accepted_by_new` about those whom NEW does.
    """

    analysis: Analysis
    old_visits: tuple[Visit, ...]
    old_constraints: tuple[int, ...]
    new_constraints: tuple[int, ...]
    accepted_by_old: Solver
    accepted_by_new: Solver


def two_versions(old: CompiledGuideline, new: CompiledGuideline) -> TwoVersions | None:
    """Both versions over one table of facts; None when one of them has no entry.

    OLD already calls facts, values and actions as NEW does, and NEW has every element of OLD.
    """
    if old.guideline.entry is None or new.guideline.entry is None:
        return None

    def as_new(reference: Reference) -> Reference:
        """The same fact with the type that NEW gives it, so that both are one fact."""
        if reference.kind not in ("element", "parameter"):
            return reference
        type_ = fact_type(new.guideline, reference.name)
        return replace(reference, type=type_ or reference.type)

    before = _rewritten(old.guideline, as_new)
    asked_before, asked = questions_of(before), questions_of(new.guideline)
    _share(asked_before, asked)
    after_conditions = Conditions(new.guideline, asked)
    before_conditions = Conditions(
        before,
        asked_before,
        formulas=after_conditions.formulas,
        facts=after_conditions.facts,
        numbers=after_conditions.numbers,
    )
    old_visits = all_visits(before_conditions, build_graphs(before), old.guideline.entry)
    new_visits = all_visits(after_conditions, new.graphs, new.guideline.entry)
    old_constraints = _constraints(before_conditions)
    new_constraints = _constraints(after_conditions)
    old_laws, new_laws = laws(before_conditions), laws(after_conditions)
    formulas = after_conditions.formulas
    ours = {*old_constraints, *new_constraints}
    facts_only = [law for law in dict.fromkeys((*old_laws, *new_laws)) if law not in ours]
    everything = list(dict.fromkeys((*old_laws, *new_laws)))
    analysis = Analysis(
        new,
        after_conditions,
        new_visits,
        (),
        frozenset(key[1] for visit in new_visits for key in visit.activation),
        {},
        everything,
        Solver(formulas, everything, []),
    )
    return TwoVersions(
        analysis,
        old_visits,
        old_constraints,
        new_constraints,
        Solver(formulas, [*facts_only, *old_constraints], []),
        Solver(formulas, [*facts_only, *new_constraints], []),
    )


def _constraints(conditions: Conditions) -> tuple[int, ...]:
    return tuple(
        -conditions.read(constraint.condition, Scope()).false
        for constraint in conditions.guideline.constraints
    )


def _share(one: Questions, other: Questions) -> None:
    """Let both versions tell the same cells apart: every limit of either, every member by itself."""
    for a, b in ((one, other), (other, one)):
        for subject, limits in list(a.limits.items()):
            b.limits.setdefault(subject, {}).update(limits)
        b.asked.update(a.asked)
        b.every_member = True


def _rewritten(value: T, change: Callable[[Reference], Reference]) -> T:
    """The same records with every reference changed."""
    found: Any = value
    match value:
        case Reference():
            found = change(value)
        case Span():
            pass
        case tuple():
            found = tuple(_rewritten(item, change) for item in value)
        case Mapping():
            found = {key: _rewritten(item, change) for key, item in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = {
                f.name: _rewritten(getattr(value, f.name), change) for f in fields(value) if f.init
            }
            if any(parts[name] is not getattr(value, name) for name in parts):
                found = replace(value, **parts)
        case _:
            pass
    return cast("T", found)
