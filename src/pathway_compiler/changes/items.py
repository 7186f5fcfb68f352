"""What a guideline declares, one item each: the units by which two versions are compared."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from pathway_compiler.model.action import Action, ActionClass, Contraindication, Incompatibility
from pathway_compiler.model.case import Case
from pathway_compiler.model.describe import describe_condition, describe_value
from pathway_compiler.model.evidence import Certainty, Grade, Grading, Moment, Statement
from pathway_compiler.model.guideline import Guideline, GuidelineHeader
from pathway_compiler.model.pathway import (
    Branch,
    Choose,
    Decision,
    End,
    Follow,
    Node,
    Option,
    Outside,
    Pathway,
    PathwayParameter,
    Recommend,
    Review,
    Slot,
    Standing,
    Together,
)
from pathway_compiler.model.types import EnumType, EnumValue, SetType, Type
from pathway_compiler.model.vocabulary import (
    Constraint,
    Definition,
    DefinitionRow,
    Element,
    Field,
    Parameter,
    Reading,
    ReadingAlternative,
    RecordDeclaration,
)

__all__ = ["Id", "Item", "Kind", "Record", "Table", "enum_of", "items", "parent", "shown"]

Kind = Literal[
    "guideline", "grading scheme", "certainty", "grade", "statement", "moment", "type", "value", "record", "field",
    "agent", "procedure", "investigation", "service", "class", "data element", "parameter",
    "definition", "row", "reading", "alternative", "constraint", "contraindication",
    "incompatibility", "pathway", "pathway parameter", "recommendation", "standing recommendation",
    "choice", "option", "decision", "together", "follow", "review", "end", "outside", "answer",
    "slot", "case",
]  # fmt: skip
Table = Literal[
    "guideline", "grading", "certainty", "grade", "moment", "statement", "type", "value", "field", "action", "fact",
    "alternative", "row", "constraint", "contraindication", "incompatibility", "pathway",
    "pathway parameter", "node", "option", "branch", "slot", "case",
]  # fmt: skip
"""Where a name belongs: within one table each name is declared once."""
Id = tuple[str, ...]
"""A name after the names of what it belongs to: pathway, node, option."""
Record = (
    GuidelineHeader | Grading | Certainty | Grade | Statement | Moment | EnumType | EnumValue | RecordDeclaration | Field
    | Action | ActionClass | Element | Parameter | Definition | DefinitionRow | Reading
    | ReadingAlternative | Constraint | Contraindication | Incompatibility | Pathway
    | PathwayParameter | Node | Option | Branch | Slot | Case
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a guideline declares."""

    kind: Kind
    table: Table
    id: Id
    record: Record
    label: str


def shown(id_: Id) -> str:
    """An id as an author writes it: `pathway.node.option`."""
    return ".".join(part for part in id_ if part)


def parent(table: Table, id_: Id) -> tuple[Table, Id] | None:
    """What an item belongs to."""
    match table:
        case "node" | "pathway parameter":
            return "pathway", id_[:1]
        case "certainty" | "grade":
            return "grading", id_[:1]
        case "option" | "branch":
            return "node", id_[:2]
        case "value":
            return ("type", id_[:1]) if len(id_) == 2 else ("fact", id_[:1])
        case "field":
            return "type", id_[:1]
        case "alternative" | "row":
            return "fact", id_[:1]
        case _:
            return None


def enum_of(type_: Type) -> EnumType | None:
    """The closed list behind a type, be it of one value or of a set."""
    inner = type_.of if isinstance(type_, SetType) else type_
    return inner if isinstance(inner, EnumType) else None


def items(guideline: Guideline) -> Iterator[Item]:
    """Everything that is declared, what belongs to something after it."""
    header = replace(guideline.header, entry=guideline.entry)
    yield Item("guideline", "guideline", (), header, header.title)
    for grading in guideline.gradings.values():
        scheme = grading.name
        yield Item("grading scheme", "grading", (scheme,), grading, grading.label)
        for certainty in grading.certainties:
            named = certainty.name
            yield Item("certainty", "certainty", (scheme, named), certainty, certainty.label)
        for grade in grading.grades:
            yield Item("grade", "grade", (scheme, grade.name), grade, grade.label)
    for moment in guideline.moments.values():
        yield Item("moment", "moment", (moment.name,), moment, moment.label)
    for statement in guideline.statements.values():
        yield Item("statement", "statement", (statement.name,), statement, statement.label)
    for type_ in guideline.types.values():
        assert type_.name is not None
        yield Item("type", "type", (type_.name,), type_, type_.label)
        for value in type_.values:
            yield Item("value", "value", (type_.name, value.name), value, value.label)
    for record in guideline.records.values():
        yield Item("record", "type", (record.name,), record, record.label)
        for field in record.fields:
            yield Item("field", "field", (record.name, field.name), field, field.label)
    for action in guideline.actions.values():
        yield Item(action.kind, "action", (action.name,), action, action.label)
    for class_ in guideline.classes.values():
        yield Item("class", "action", (class_.name,), class_, class_.label)
    yield from _facts(guideline)
    for number, constraint in enumerate(guideline.constraints, 1):
        id_ = (f"constraint_{number}",)
        yield Item("constraint", "constraint", id_, constraint, constraint.label)
    for veto in guideline.contraindications.values():
        yield Item("contraindication", "contraindication", (veto.name,), veto, veto.label)
    for pair in guideline.incompatibilities.values():
        yield Item("incompatibility", "incompatibility", (pair.name,), pair, pair.label)
    for pathway in guideline.pathways.values():
        yield from _pathway(pathway, guideline)
    for slot in guideline.slots.values():
        yield Item("slot", "slot", (slot.name,), slot, slot.label)
    for case in guideline.cases.values():
        yield Item("case", "case", (case.name,), case, case.label)


def _facts(guideline: Guideline) -> Iterator[Item]:
    for element in guideline.elements.values():
        yield Item("data element", "fact", (element.name,), element, element.label)
        yield from _own_values(element.name, element.type)
    for parameter in guideline.parameters.values():
        yield Item("parameter", "fact", (parameter.name,), parameter, parameter.label)
        yield from _own_values(parameter.name, parameter.type)
    for definition in guideline.definitions.values():
        name = definition.name
        yield Item("definition", "fact", (name,), definition, definition.label)
        yield from _own_values(name, definition.type)
        for number, row in enumerate(definition.rows, 1):
            told = describe_value(row.value, definition.type, guideline)
            yield Item("row", "row", (name, f"row_{number}"), row, told)
    for reading in guideline.readings.values():
        yield Item("reading", "fact", (reading.name,), reading, reading.label)
        yield from _own_values(reading.name, reading.type)
        for alternative in reading.alternatives:
            id_ = (reading.name, alternative.name)
            yield Item("alternative", "alternative", id_, alternative, alternative.label)


def _own_values(owner: str, type_: Type) -> Iterator[Item]:
    """The values of a list that has no name of its own."""
    enum = enum_of(type_)
    if enum is not None and enum.name is None:
        for value in enum.values:
            yield Item("value", "value", (owner, "", value.name), value, value.label)


def _pathway(pathway: Pathway, guideline: Guideline) -> Iterator[Item]:
    name = pathway.name
    yield Item("pathway", "pathway", (name,), pathway, pathway.label)
    for parameter in pathway.parameters:
        id_ = (name, parameter.name)
        yield Item("pathway parameter", "pathway parameter", id_, parameter, parameter.name)
    for node in pathway.nodes:
        yield Item(_kind(node), "node", (name, node.name), node, node.label)
        if isinstance(node, Decision | Review):
            for branch in node.branches:
                label = branch.label
                if not label and branch.condition is not None:
                    label = describe_condition(branch.condition, guideline)
                yield Item("answer", "branch", (name, node.name, branch.name), branch, label)
        if isinstance(node, Choose):
            for option in node.options:
                yield Item("option", "option", (name, node.name, option.name), option, option.label)


def _kind(node: Node) -> Kind:
    match node:
        case Decision():
            return "decision"
        case Recommend():
            return "recommendation"
        case Standing():
            return "standing recommendation"
        case Choose():
            return "choice"
        case Together():
            return "together"
        case Follow():
            return "follow"
        case Review():
            return "review"
        case End():
            return "end"
        case Outside():
            return "outside"
        case _:
            assert_never(node)
