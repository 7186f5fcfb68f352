"""Regimens: `give trastuzumab + pertuzumab + (docetaxel | paclitaxel)`."""

from dataclasses import replace

from pathway_compiler.datatypes.number import parse_number
from pathway_compiler.model.action import AllOf, Course, Dose, OneOf, Regimen, Sequence
from pathway_compiler.model.expression import Expression
from pathway_compiler.semantics.expressions import (
    EXPRESSION_RULES,
    ExpressionReader,
    read_condition,
)
from pathway_compiler.semantics.type_expressions import read_unit
from pathway_compiler.syntax.tree import SyntaxNode

__all__ = ["VERB_KINDS", "read_regimen"]

VERB_KINDS = {"give": "agent", "do": "procedure", "order": "investigation", "offer": "service"}


def read_regimen(node: SyntaxNode, kind: str | None, reader: ExpressionReader) -> Regimen | None:
    """A regimen whose actions are of one kind (of any kind when None); None after a reported mistake."""
    steps = [_step(step, kind, reader) for step in node.nodes("regimen_step")]
    known = [s for s in steps if s is not None]
    if len(known) != len(steps):
        return None
    return known[0] if len(known) == 1 else Sequence(tuple(known))


def _step(node: SyntaxNode, kind: str | None, reader: ExpressionReader) -> Regimen | None:
    parts = [_part(part, kind, reader) for part in node.nodes("regimen_part")]
    known = [p for p in parts if p is not None]
    if len(known) != len(parts):
        return None
    return known[0] if len(known) == 1 else AllOf(tuple(known))


def _part(node: SyntaxNode, kind: str | None, reader: ExpressionReader) -> Regimen | None:
    item = node.node("course", "alternatives")
    assert item is not None
    condition: Expression | None = None
    guard = node.node(*EXPRESSION_RULES)
    if guard is not None:
        condition = read_condition(guard, reader)
        if condition is None:
            return None
    regimen = _course(item, kind, reader) if item.kind == "course" else _group(item, kind, reader)
    if regimen is None or condition is None:
        return regimen
    return replace(regimen, condition=condition)


def _group(node: SyntaxNode, kind: str | None, reader: ExpressionReader) -> Regimen | None:
    alternatives = [read_regimen(child, kind, reader) for child in node.nodes("regimen")]
    known = [a for a in alternatives if a is not None]
    if len(known) != len(alternatives):
        return None
    return known[0] if len(known) == 1 else OneOf(tuple(known))


def _course(node: SyntaxNode, kind: str | None, reader: ExpressionReader) -> Course | None:
    token = node.token("NAME")
    assert token is not None
    symbol = reader.scope.need("action", token, reader.file)
    if symbol is None:
        return None
    found = reader.scope.action_kinds.get(symbol.name)
    if kind is not None and found is not None and found != kind:
        verb = next(v for v, k in VERB_KINDS.items() if k == found)
        reader.scope.report(
            "wrong-kind",
            f"`{token}` is a {found}, not a {kind}",
            reader.span(token),
            help=f"write it on a line of its own: `{verb} {token}`",
        )
        return None
    dose_node, schedule = node.node("dose"), node.node("schedule")
    return Course(
        symbol.name,
        dose=_dose(dose_node.node("quantity") if dose_node else None, reader),
        every=_dose(schedule.node("quantity") if schedule else None, reader),
        duration=_dose(node.node("quantity"), reader),
        span=reader.span(node),
    )


def _dose(node: SyntaxNode | None, reader: ExpressionReader) -> Dose | None:
    if node is None:
        return None
    amount = parse_number(str(node.token("NUMBER")))
    unit_node = node.node("unit")
    unit = read_unit(unit_node, reader.file, reader.scope) if unit_node else None
    return Dose(amount, unit) if amount is not None else None
