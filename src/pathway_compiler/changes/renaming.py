"""OLD in the names of NEW, so that both speak of the same facts, values and actions."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from pathway_compiler.changes.items import Id, Table, enum_of
from pathway_compiler.changes.meaning import Names
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.action import (
    Action,
    ActionClass,
    Contraindication,
    Course,
    Incompatibility,
)
from pathway_compiler.model.expression import (
    Bars,
    Contains,
    Ever,
    Expression,
    IsA,
    IsValue,
    Literally,
    Reference,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Course as CourseOfAction
from pathway_compiler.model.types import ActionType, EnumType, RecordType, SetType, Type
from pathway_compiler.model.vocabulary import (
    Definition,
    DefinitionRow,
    Element,
    Parameter,
    Reading,
    RecordDeclaration,
    SetValue,
)

__all__ = ["in_new_names"]

T = TypeVar("T")


def in_new_names(guideline: Guideline, names: Names) -> Guideline:
    """OLD with its facts, types, values, actions and classes called as NEW calls them.

    Pathways and nodes keep their own names, and so do the cases, which speak of them.
    """
    if not any(table in ("fact", "type", "value", "action") for table, _ in names):
        return guideline
    rename = _Renaming(names)
    return replace(
        guideline,
        types=rename.table("type", guideline.types),
        records=rename.table("type", guideline.records),
        actions=rename.table("action", guideline.actions),
        classes=rename.table("action", guideline.classes),
        elements=rename.table("fact", guideline.elements),
        constraints=rename.all(guideline.constraints),
        parameters=rename.table("fact", guideline.parameters),
        definitions=rename.table("fact", guideline.definitions),
        readings=rename.table("fact", guideline.readings),
        contraindications=rename.each(guideline.contraindications),
        incompatibilities=rename.each(guideline.incompatibilities),
        pathways=rename.each(guideline.pathways),
    )


@dataclass(frozen=True, slots=True)
class _Renaming:
    names: Names

    def table(self, table: Table, records: Mapping[str, T]) -> dict[str, T]:
        return {self._name(table, name): self.all(record) for name, record in records.items()}

    def each(self, records: Mapping[str, T]) -> dict[str, T]:
        return {name: self.all(record) for name, record in records.items()}

    def all(self, record: T) -> T:
        """The record with every name within it changed; the same one when nothing is."""
        found: Any = record
        if isinstance(record, tuple):
            parts = tuple(self.all(part) for part in record)
            same_kind: Any = parts  # a tuple as `record` is one
            result: T = found if all(map(_is, parts, record)) else same_kind
            return result
        if isinstance(record, Span) or not is_dataclass(record) or isinstance(record, type):
            return record
        changed = {f.name: self.all(getattr(record, f.name)) for f in fields(record) if f.init}
        changed.update(self._named(found))
        if all(changed[name] is getattr(record, name) for name in changed):
            return record
        renamed: T = replace(found, **changed)
        return renamed

    def _named(self, record: Any) -> dict[str, object]:
        """The fields of a record that hold names, changed."""
        match record:
            case Reference() if record.kind != "pathway_parameter":
                return self._fact(record)
            case IsValue():
                return {
                    "value": self._value(record.value, record.subject.type, _owner(record.subject))
                }
            case Contains():
                type_ = record.subject.type
                return {"value": self._value(record.value, type_, _owner(record.subject))}
            case Literally():
                return {"value": self._value(record.value, record.type, "")}
            case IsA() | Bars() | Course():
                return {"action": self._name("action", record.action)}
            case EnumType():
                return self._enum(record, "")
            case RecordType() | RecordDeclaration():
                return {"name": self._name("type", record.name)}
            case Element():
                return {
                    **self._fact(record),
                    "typical": self._value(record.typical, record.type, record.name),
                }
            case Parameter():
                return {
                    **self._fact(record),
                    "default": self._value(record.default, record.type, record.name),
                }
            case Definition():
                rows = tuple(self._row(row, record) for row in record.rows)
                return {**self._fact(record), "rows": rows}
            case Reading():
                return self._fact(record)
            case Action():
                return {"name": self._name("action", record.name)}
            case ActionClass():
                members = self._actions(record.members)
                return {"name": self._name("action", record.name), "members": members}
            case Contraindication():
                each_of = record.each_of and self._name("fact", record.each_of)
                return {"each_of": each_of, "actions": self._actions(record.actions)}
            case Incompatibility():
                first, second = self._actions((record.first, record.second))
                return {"first": first, "second": second}
            case CourseOfAction():
                return {"avoids": self._actions(record.avoids)}
            case _:
                return {}

    def _fact(
        self, record: Reference | Element | Parameter | Definition | Reading
    ) -> dict[str, object]:
        """The name of a fact, and its type, whose values may have names of their own."""
        enum = enum_of(record.type)
        type_: Type = self.all(record.type)
        if enum is not None and enum.name is None:
            own = replace(enum, **self._enum(enum, record.name))
            type_ = SetType(own) if isinstance(record.type, SetType) else own
        return {"name": self._name("fact", record.name), "type": type_}

    def _row(self, row: DefinitionRow, definition: Definition) -> DefinitionRow:
        value = self._value(row.value, definition.type, definition.name)
        return replace(self.all(row), value=value)

    def _enum(self, enum: EnumType, owner: str) -> dict[str, Any]:
        values = tuple(
            replace(
                value,
                name=self._value(value.name, enum, owner),
                parent=self._value(value.parent, enum, owner),
            )
            for value in enum.values
        )
        name = enum.name and self._name("type", enum.name)
        return {"name": name, "values": values}

    def _value(self, value: Any, type_: Type, owner: str) -> Any:
        """A value of a type; the values of a list without a name belong to the fact that has it."""
        inner = type_.of if isinstance(type_, SetType) else type_
        match value, inner:
            case SetValue(), _:
                items = frozenset(self._value(item, inner, owner) for item in value.items)
                return SetValue(items, value.complete)
            case str(), EnumType():
                id_: Id = (inner.name, value) if inner.name else (owner, "", value)
                return self.names.get(("value", id_), id_)[-1]
            case str(), ActionType():
                return self._name("action", value)
            case _:
                return value

    def _name(self, table: Table, name: str) -> str:
        return self.names.get((table, (name,)), (name,))[0]

    def _actions(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._name("action", name) for name in names)


def _is(one: object, other: object) -> bool:
    return one is other


def _owner(subject: Expression) -> str:
    while isinstance(subject, Ever):
        subject = subject.operand
    return subject.name if isinstance(subject, Reference) else ""
