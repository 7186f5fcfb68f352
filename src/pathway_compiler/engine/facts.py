"""The facts that conditions rest on, with the patient's values."""

from collections.abc import Iterable

from pathway_compiler.datatypes.number import Interval, format_number
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.engine.environment import Candidates, Environment, Records, Result
from pathway_compiler.engine.expressions import fact_value
from pathway_compiler.model.expression import Expression, Reference, children
from pathway_compiler.model.vocabulary import ListValue, Value

__all__ = ["facts_behind", "shown", "values_of"]


def facts_behind(
    expressions: Iterable[Expression], environment: Environment
) -> tuple[tuple[str, Value | Unknown], ...]:
    """The facts that the expressions name, in the order of the text, each with its value."""
    names: dict[str, None] = {}
    for expression in expressions:
        _collect(expression, names)
    return values_of(names, environment)


def values_of(
    names: Iterable[str], environment: Environment
) -> tuple[tuple[str, Value | Unknown], ...]:
    """Named facts with their values."""
    return tuple((name, shown(fact_value(name, environment), environment)) for name in names)


def shown(result: Result, environment: Environment) -> Value | Unknown:
    """A result as a value that can be printed: an interval in words, records as a list."""
    match result:
        case Records():
            items = tuple(entry for entry, belongs in result.items if belongs is True)
            return ListValue(items, result.complete is True and len(items) == len(result.items))
        case Interval():
            low = "…" if result.low is None else format_number(result.low)
            high = "…" if result.high is None else format_number(result.high)
            return f"{low} to {high}"  # the same in every language: `describe_value` says it
        case Candidates():
            return Unknown(result.doubt.because)
        case _:
            return result


def _collect(expression: Expression, names: dict[str, None]) -> None:
    if isinstance(expression, Reference) and expression.kind in (
        "element",
        "definition",
        "reading",
    ):
        names[expression.name] = None
    for child in children(expression):
        _collect(child, names)
