"""What a record says, apart from its words, its place, and order that does not matter.

Two records with the same meaning are the same to the interpreter. A field of the model counts as meaning
unless `TEXT` names it, so that a construct which is added to the language is compared from the first day.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import get_args

from pathway_compiler.changes.items import Id, Item, Record, Table, enum_of
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.datatypes.units import Unit, in_base_units
from pathway_compiler.model.action import Dose, Incompatibility
from pathway_compiler.model.case import Case, Given, HasValue
from pathway_compiler.model.describe import fact_type
from pathway_compiler.model.evidence import Evidence, Grading
from pathway_compiler.model.expression import (
    And,
    Bars,
    Contains,
    CountWhere,
    Ever,
    Expression,
    IsA,
    IsValue,
    Literally,
    Or,
    Pick,
    Quantified,
    Reference,
    UnionWhere,
    Variable,
)
from pathway_compiler.model.guideline import Guideline, GuidelineHeader
from pathway_compiler.model.pathway import (
    Argument,
    Branch,
    Course,
    Eligibility,
    Follow,
    Pathway,
    PathwayParameter,
)
from pathway_compiler.model.types import (
    ActionType,
    EnumType,
    ListType,
    QuantityType,
    RecordType,
    SetType,
    Type,
)
from pathway_compiler.model.vocabulary import (
    DefinitionRow,
    Field,
    Parameter,
    Reading,
    ReadingAlternative,
    SetValue,
    Value,
)

__all__ = ["BAGS", "NESTED", "TEXT", "Meaning", "Names", "aspects", "operands"]

Names = Mapping[tuple[Table, Id], Id]
"""What the other version calls things, where it calls them otherwise."""

TEXT = frozenset({
    "called", "label", "value_labels", "title", "note", "issues", "accepted", "ask", "hint", "typical", "burden", "judgement",
    "judgement_note", "section", "lines", "version", "publisher", "source", "language",
})  # fmt: skip
"""Fields for a reader, a form or the checker; they decide nothing about a patient."""

NESTED = frozenset({"name", "nodes", "options", "branches", "rows", "alternatives", "fields"})
"""The own name, and what is an item of its own."""

BAGS = frozenset({
    "statements", "targets", "when", "unless", "only_if", "performs", "avoids", "cautions", "overrides",
    "codes", "synonyms", "authorisations", "members", "actions", "references", "certainties", "grades",
    "recommendations", "arguments", "settings", "readings", "given", "expectations", "issues", "accepted",
    "operands", "parts", "alternatives", "values", "value_labels",
})  # fmt: skip
"""Fields with several parts whose order does not matter."""

_ONE_NAME: dict[str, Table] = {
    "statements": "statement",
    "shared_with": "statement",
    "moment": "moment",
    "avoids": "action",
    "members": "action",
    "actions": "action",
    "action": "action",
    "each_of": "fact",
    "element": "fact",
    "entry": "pathway",
    "grading": "grading",
}
"""Fields that hold a name, or several, of one table."""


def aspects(record: Record) -> dict[str, object]:
    """The fields by which a record is compared with its other version, by name."""
    found: dict[str, object] = {}
    for name, value in _fields(record):
        if name in NESTED:
            continue
        if isinstance(value, Eligibility | Course | Evidence):
            found.update(_fields(value))
        else:
            found[name] = value
    match record:
        case GuidelineHeader():
            found["called"] = record.name
        case Grading():
            del found["certainties"], found["grades"]
        case Incompatibility():
            found["actions"] = (found.pop("first"), found.pop("second"))
        case Pathway():
            del found["parameters"]
            found["start"] = record.start.name if record.start else None
        case Reading():
            found["chosen"] = record.chosen.name
        case ReadingAlternative():
            del found["chosen"]
        case EnumType():
            del found["values"]
        case Field() | PathwayParameter():
            enum = enum_of(record.type)
            own = enum.values if enum is not None and enum.name is None else ()
            found["values"] = own
            found["value_labels"] = tuple(value.label for value in own)
        case _:
            pass
    return found


def _fields(record: object) -> Iterator[tuple[str, object]]:
    assert is_dataclass(record)
    for field in fields(record):
        if field.compare:
            yield field.name, getattr(record, field.name)


def operands(expression: And | Or) -> Iterator[Expression]:
    """What is joined, parentheses that change nothing left out."""
    for operand in expression.operands:
        if isinstance(operand, And | Or) and type(operand) is type(expression):
            yield from operands(operand)
        else:
            yield operand


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the records of one version say, in the names of the other."""

    guideline: Guideline
    names: Names

    def name(self, table: Table, *id_: str) -> Id:
        return self.names.get((table, id_), id_)

    def aspect(self, item: Item, name: str, value: object) -> Hashable:
        """What one aspect of an item says."""
        match item.record, name:
            case Parameter() as parameter, "default":
                return self._value(parameter.default, parameter.type, parameter.name)
            case PathwayParameter() as parameter, "default":
                return self._value(parameter.default, parameter.type)
            case DefinitionRow() as row, "value":
                return self._value(
                    row.value, self.guideline.definitions[item.id[0]].type, item.id[0]
                )
            case Reading() as reading, "chosen":
                return self.name("alternative", reading.name, reading.chosen.name)
            case _, "parent" if value is not None:
                return self.name("value", *item.id[:-1], str(value))
            case _:
                pathway = item.id[0] if item.id else ""
                return self._field(item.record, name, value, pathway, ())

    def part(self, item: Item, name: str, part: object) -> Hashable:
        """What one of several parts of an aspect says."""
        return self.aspect(item, name, (part,))

    def condition(self, expression: Expression | None) -> Hashable:
        return self._of(expression, "", ())

    # --- fields --------------------------------------------------------------------------------------

    def _field(
        self, record: object, name: str, value: object, pathway: str, variables: tuple[str, ...]
    ) -> Hashable:
        match name:
            case _ if name in _ONE_NAME and isinstance(value, str):
                return self.name(_ONE_NAME[name], value)
            case _ if name in _ONE_NAME and isinstance(value, tuple):
                return _bag(self.name(_ONE_NAME[name], str(part)) for part in value)
            case "start" if isinstance(record, Pathway) and value is not None:
                return self.name("node", pathway, str(value))
            case "targets":
                assert isinstance(value, tuple)
                return _bag(self.name("node", pathway, target) for target in value)
            case "overrides" | "recommendations":
                assert isinstance(value, tuple)
                return _bag(self._path(path) for path in value)
            case "pathway" if isinstance(value, str):
                return self.name("pathway", value)
            case "path":
                assert isinstance(value, tuple)
                return self._path(
                    (pathway, *value) if value[0] not in self.guideline.pathways else value
                )
            case "arguments":
                assert isinstance(record, Follow)
                assert isinstance(value, tuple)
                return _bag(self._argument(record.pathway, argument) for argument in value)
            case _ if name in BAGS and isinstance(value, tuple):
                return _bag(self._of(part, pathway, variables) for part in value)
            case _:
                return self._of(value, pathway, variables)

    def _path(self, path: Iterable[str]) -> Id:
        found = tuple(path)
        return self.name("option" if len(found) == 3 else "node", *found)

    def _argument(self, pathway: str, argument: Argument) -> Hashable:
        followed = self.guideline.pathways[pathway]
        types = {parameter.name: parameter.type for parameter in followed.parameters}
        return argument.name, self._value(argument.value, types.get(argument.name))

    # --- values --------------------------------------------------------------------------------------

    def _value(
        self, value: Value | Unknown | None, type_: Type | None, owner: str | None = None
    ) -> Hashable:
        match value:
            case SetValue():
                inner = type_.of if isinstance(type_, SetType) else None
                kept = frozenset(self._value(item, inner, owner) for item in value.items)
                return kept, value.complete
            case str() if isinstance(type_, EnumType):
                return self._value_name(value, type_, owner)
            case str() if isinstance(type_, ActionType):
                return self.name("action", value)
            case Unknown():
                return "unknown", tuple(sorted(missing.reason for missing in value.because))
            case _:
                return self._of(value, "", ())

    def _value_name(self, value: str, type_: EnumType, owner: str | None) -> str:
        if type_.name is not None:
            return self.name("value", type_.name, value)[-1]
        return self.name("value", owner or "", "", value)[-1]

    # --- everything else -----------------------------------------------------------------------------

    def _of(self, thing: object, pathway: str, variables: tuple[str, ...]) -> Hashable:
        match thing:
            case And() | Or():
                parts = (self._of(part, pathway, variables) for part in operands(thing))
                return type(thing).__name__, _bag(parts)
            case Literally(value=bool() | str()):
                return "value", self._value(thing.value, thing.type)
            case Literally(value=value, type=QuantityType(unit=unit)) if isinstance(
                value, int | Fraction
            ):
                return "value", *in_base_units(value, unit)
            case Literally():
                return "value", thing.value
            case Dose():
                unit = thing.unit or Unit("1")
                return "dose", thing.unit is None, *in_base_units(thing.amount, unit)
            case Reference(kind="pathway_parameter"):
                return "pathway parameter", thing.name
            case Reference():
                return "fact", self.name("fact", thing.name)
            case Variable():
                return "record", len(variables) - variables[::-1].index(thing.name)
            case Quantified() | CountWhere() | Pick() | UnionWhere():
                kind = thing.kind if isinstance(thing, Quantified | Pick) else ""
                inner = (*variables, thing.variable)
                by: Hashable = thing.by if isinstance(thing, Pick) else ""
                if isinstance(thing, UnionWhere):
                    by = self._of(thing.value, pathway, inner)
                where = self._of(thing.where, pathway, inner)
                return (
                    type(thing).__name__,
                    kind,
                    by,
                    self._of(thing.list, pathway, variables),
                    where,
                )
            case IsValue():
                subject = self._of(thing.subject, pathway, variables)
                return "is", subject, self._value_of(thing.value, thing.subject)
            case Contains():
                subject = self._of(thing.subject, pathway, variables)
                return "contains", subject, self._value_of(thing.value, thing.subject)
            case IsA() | Bars():
                subject = self._of(thing.subject, pathway, variables)
                return type(thing).__name__, subject, self.name("action", thing.action)
            case EnumType(name=None):
                values = tuple(value.name for value in thing.values) if thing.ordered else ()
                return "one of", thing.ordered, values
            case EnumType(name=str() as name):
                return "type", self.name("type", name)
            case RecordType():
                return "type", self.name("type", thing.name)
            case ListType():
                return "list", self._of(thing.of, pathway, variables)
            case Given() | HasValue():
                fact = self.name("fact", thing.name)
                type_ = fact_type(self.guideline, thing.name)
                on = thing.on if isinstance(thing, Given) else None
                said = self._value(thing.value, type_, thing.name)
                return type(thing).__name__, fact, said, on
            case str():
                return " ".join(thing.split())
            case tuple():
                return tuple(self._of(part, pathway, variables) for part in thing)
            case frozenset():
                return frozenset(self._of(part, pathway, variables) for part in thing)
            case _ if is_dataclass(thing):
                return type(thing).__name__, *self._record(thing, pathway, variables)
            case _:
                assert isinstance(thing, Hashable)
                return thing

    def _record(
        self, record: object, pathway: str, variables: tuple[str, ...]
    ) -> Iterator[Hashable]:
        for name, value in _fields(record):
            ignored = name in TEXT or (name == "type" and isinstance(record, _EXPRESSION))
            if not ignored and not (name == "name" and isinstance(record, Branch)):
                yield name, self._field(record, name, value, pathway, variables)

    def _value_of(self, value: str, subject: Expression) -> Hashable:
        """A value that is asked of a subject; the list it is from may have no name but the subject's."""
        type_ = subject.type.of if isinstance(subject.type, SetType) else subject.type
        while isinstance(subject, Ever):
            subject = subject.operand
        return self._value(value, type_, subject.name if isinstance(subject, Reference) else None)

    def case(self, case: Case) -> Hashable:
        start = case.pathway or self.guideline.entry or ""
        return (
            self.name("pathway", start),
            _bag(self._setting(name, value) for name, value in case.settings),
            _bag(
                (self.name("fact", name), self.name("alternative", name, chosen))
                for name, chosen in case.readings
            ),
            tuple(
                (
                    visit.as_of,
                    _bag(self._of(given, start, ()) for given in visit.given),
                    _bag(self._of(expected, start, ()) for expected in visit.expectations),
                )
                for visit in case.visits
            ),
        )

    def _setting(self, name: str, value: Value) -> Hashable:
        return self.name("fact", name), self._value(value, fact_type(self.guideline, name), name)


_EXPRESSION = get_args(Expression)


def _bag(parts: Iterable[Hashable]) -> Hashable:
    """Several things whose order does not matter, though their number does."""
    return frozenset(Counter(parts).items())
