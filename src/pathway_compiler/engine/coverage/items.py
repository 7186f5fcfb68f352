"""What the cases of a guideline can reach: counted on what is meant, never on lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pathway_compiler.diagnostics.span import Span
from pathway_compiler.engine.coverage.statements import places_of_statements
from pathway_compiler.model.action import AllOf, OneOf, Regimen, Sequence
from pathway_compiler.model.action import Course as Single
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.expression import (
    And,
    AtLeast,
    Ever,
    Expression,
    Literally,
    Not,
    Or,
    UnknownLiteral,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Branch,
    Choose,
    Course,
    Decision,
    Eligibility,
    Follow,
    Node,
    Recommend,
    Review,
    Standing,
)
from pathway_compiler.model.types import BooleanType
from pathway_compiler.model.vocabulary import Definition

__all__ = [
    "KINDS",
    "CoverageItem",
    "Holder",
    "Kind",
    "answer_label",
    "atoms",
    "items_of",
    "regimens_of",
]

Kind = Literal["node", "branch", "option", "condition", "statement"]
KINDS: Mapping[Kind, str] = {
    "node": "nodes",
    "branch": "branches",
    "option": "options",
    "condition": "conditions",
    "statement": "statements",
}
"""What is counted, with the word for many of them."""

Holder = Literal[
    "node",
    "option",
    "pathway",
    "definition",
    "reading",
    "element",
    "contraindication",
    "constraint",
]
"""What a condition is part of."""


@dataclass(frozen=True, slots=True)
class CoverageItem:
    """Something that cases can reach, and whether they do.

    `place` are the names that lead to it: pathway, node, branch or option; a statement by its name. Of
    a condition it is the place that holds it (`holder`), and `lacks` are the truths it was not yet seen
    with. `cases` are those that cover it; of a condition, all that saw it true or false.

    `reason` says why it is missed, and `patient` the facts of somebody who would reach it.
    """

    kind: Kind
    id: str
    label: str
    place: tuple[str, ...]
    span: Span | None = field(default=None, compare=False, repr=False)
    holder: Holder | None = None
    condition: Expression | None = None
    lacks: tuple[bool, ...] = ()
    covered: bool = False
    cases: tuple[str, ...] = ()
    true_in: tuple[str, ...] = ()
    false_in: tuple[str, ...] = ()
    unknown_in: tuple[str, ...] = ()
    reason: str | None = None
    patient: Mapping[str, object] | None = None

    @property
    def where(self) -> str:
        """The id of the place."""
        return _where(self.holder, self.place)


def items_of(guideline: Guideline) -> tuple[CoverageItem, ...]:
    """Everything that counts, kind by kind in the order of the text, as if no case reached it."""
    return (
        *_nodes(guideline),
        *_branches(guideline),
        *_options(guideline),
        *_conditions(guideline),
        *_statements(guideline),
    )


def answer_label(branch: Branch, guideline: Guideline) -> str:
    """The answer of a branch in words."""
    if branch.label:
        return branch.label
    if branch.condition is None:
        return "otherwise"
    return describe_condition(branch.condition, guideline)


def regimens_of(node: Node) -> Iterator[Regimen]:
    """The regimens that a node speaks of, those of its options and added parts too."""
    match node:
        case Recommend() | Standing() | Choose():
            yield from (line.regimen for line in node.course.performs)
            if isinstance(node, Choose):
                for option in node.options:
                    yield from (line.regimen for line in option.course.performs)
        case Follow() if node.adding is not None:
            yield node.adding
        case _:
            return


# --- nodes, branches, options, statements -------------------------------------------------------------


def _nodes(guideline: Guideline) -> Iterator[CoverageItem]:
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            place = (pathway.name, node.name)
            yield CoverageItem("node", ".".join(place), node.label, place, node.span)


def _branches(guideline: Guideline) -> Iterator[CoverageItem]:
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            if isinstance(node, Decision | Review):
                for branch in node.branches:
                    place = (pathway.name, node.name, branch.name)
                    colon = "" if node.label.endswith(("?", "…", ":")) else ":"
                    label = f"{node.label}{colon} {answer_label(branch, guideline)}"
                    yield CoverageItem("branch", ".".join(place), label, place, branch.span)


def _options(guideline: Guideline) -> Iterator[CoverageItem]:
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            if isinstance(node, Choose):
                for option in node.options:
                    place = (pathway.name, node.name, option.name)
                    yield CoverageItem("option", ".".join(place), option.label, place, option.span)


def _statements(guideline: Guideline) -> Iterator[CoverageItem]:
    """Those that something encodes; `pathway statements` lists the others."""
    for name, places in places_of_statements(guideline).items():
        if places:
            statement = guideline.statements[name]
            yield CoverageItem("statement", name, statement.label, (name,), statement.span)


# --- conditions ---------------------------------------------------------------------------------------


def _conditions(guideline: Guideline) -> Iterator[CoverageItem]:
    """The atomic conditions of every place, each once at its place; constraints as a whole."""
    for holder, place, conditions in _holders(guideline):
        named: dict[str, int] = {}
        split = (part for condition in conditions for part in atoms(condition))
        for atom in dict.fromkeys(conditions if holder == "constraint" else split):
            words = describe_condition(atom, guideline)
            named[words] = named.get(words, 0) + 1
            again = f" ({named[words]})" if named[words] > 1 else ""
            yield CoverageItem(
                "condition",
                f"{_where(holder, place)}: {words}{again}",
                words,
                place,
                atom.span,
                holder,
                atom,
                (True,) if holder == "constraint" else (True, False),
            )


def _where(holder: Holder | None, place: tuple[str, ...]) -> str:
    named = ".".join(place)
    return named if holder in (None, "node", "option") else f"{holder} {named}"


def _holders(
    guideline: Guideline,
) -> Iterator[tuple[Holder, tuple[str, ...], list[Expression]]]:
    """Every place that holds conditions, with them; of a reading the chosen alternative."""
    for constraint in guideline.constraints:
        yield "constraint", (constraint.label,), [constraint.condition]
    for element in guideline.elements.values():
        if element.derive is not None and isinstance(element.type, BooleanType):
            yield "element", (element.name,), [element.derive]
    for definition in guideline.definitions.values():
        yield "definition", (definition.name,), list(_of_definition(definition))
    for reading in guideline.readings.values():
        if isinstance(reading.type, BooleanType):
            yield "reading", (reading.name,), [reading.chosen.expression]
    for veto in guideline.contraindications.values():
        if veto.condition is not None:
            yield "contraindication", (veto.name,), [veto.condition]
    for pathway in guideline.pathways.values():
        if pathway.applies is not None:
            yield "pathway", (pathway.name,), [pathway.applies]
        for node in pathway.nodes:
            yield "node", (pathway.name, node.name), list(_of_node(node))
            if isinstance(node, Choose):
                for option in node.options:
                    conditions = [*_of_eligibility(option.eligibility), *_of_course(option.course)]
                    yield "option", (pathway.name, node.name, option.name), conditions


def _of_definition(definition: Definition) -> Iterator[Expression]:
    if definition.expression is not None and isinstance(definition.type, BooleanType):
        yield definition.expression
    yield from (row.condition for row in definition.rows if row.condition is not None)


def _of_node(node: Node) -> Iterator[Expression]:
    match node:
        case Decision() | Review():
            yield from (b.condition for b in node.branches if b.condition is not None)
        case Recommend() | Standing() | Choose():
            yield from _of_eligibility(node.eligibility)
            yield from _of_course(node.course)
        case Follow() if node.adding is not None:
            yield from _of_regimen(node.adding)
        case _:
            return


def _of_eligibility(eligibility: Eligibility) -> Iterator[Expression]:
    yield from (*eligibility.when, *eligibility.unless, *eligibility.only_if)


def _of_course(course: Course) -> Iterator[Expression]:
    for line in course.performs:
        yield from _of_regimen(line.regimen)
    yield from (c.condition for c in course.cautions if c.condition is not None)


def _of_regimen(regimen: Regimen) -> Iterator[Expression]:
    if regimen.condition is not None:
        yield regimen.condition
    for part in _parts(regimen):
        yield from _of_regimen(part)


def _parts(regimen: Regimen) -> tuple[Regimen, ...]:
    match regimen:
        case Single():
            return ()
        case AllOf():
            return regimen.parts
        case OneOf():
            return regimen.alternatives
        case Sequence():
            return regimen.steps


def atoms(condition: Expression) -> Iterator[Expression]:
    """The conditions that a condition is made of by `and`, `or`, `not` and counting; no constants."""
    match condition:
        case And() | Or() | AtLeast():
            for operand in condition.operands:
                yield from atoms(operand)
        case Not():
            yield from atoms(condition.operand)
        case Ever():
            for atom in atoms(condition.operand):
                yield replace(condition, operand=atom)
        case Literally() | UnknownLiteral():
            return
        case _:
            yield condition
