"""Data dictionary, definitions and readings, agents and classes: what the conditions are made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathway_compiler.datatypes.number import format_number
from pathway_compiler.model.action import courses
from pathway_compiler.model.describe import describe_unit, describe_value
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Choose,
    Course,
    Decision,
    Eligibility,
    Follow,
    Node,
    Option,
    Recommend,
    Review,
    Standing,
)
from pathway_compiler.model.types import (
    ActionType,
    CountType,
    EnumType,
    ListType,
    NumberType,
    QuantityType,
    SetType,
    Type,
    describe_type,
)
from pathway_compiler.semantics.checks import conditions_of, references
from pathway_compiler.site.links import (
    Link,
    action_link,
    definition_link,
    element_link,
    node_link,
    option_link,
    pathway_link,
)
from pathway_compiler.site.pages.common import (
    Accepted,
    Code,
    Condition,
    Site,
    StatementView,
    accepted,
    action_links,
    codes,
    condition,
    fact_link,
    statement_views,
)
from pathway_compiler.site.pages.pathway import node_title

__all__ = [
    "ActionView",
    "AgentsPage",
    "AuthorisationView",
    "ClassView",
    "ConstraintView",
    "DataPage",
    "DefinitionView",
    "DefinitionsPage",
    "ElementView",
    "FieldView",
    "PairView",
    "PolicyView",
    "ReadingView",
    "RecordView",
    "RowView",
    "TypeView",
    "Users",
    "ValueView",
    "VetoView",
    "agents_page",
    "constraint_anchors",
    "data_page",
    "definitions_page",
    "users_of",
]

Users = dict[str, tuple[Link, ...]]
"""Who reads a fact or names an action, by its name."""


# --- data ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value of a closed list; `depth` counts the values that contain it."""

    name: str
    label: str
    depth: int
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class TypeView:
    """A type in words: the author's, its unit and range, or its closed list of values.

    `several` when any number of values can hold at once; `of` names a list of values that others share.
    """

    text: str
    unit: str = ""
    low: str = ""
    high: str = ""
    values: tuple[ValueView, ...] = ()
    ordered: bool = False
    several: bool = False
    of: Link | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class ElementView:
    """A data element as somebody who records it must know it."""

    name: str
    label: str
    question: str
    hint: str
    type: TypeView
    typical: str
    burden: str
    judgement: bool
    judgement_note: str
    lasting: bool
    derived: Condition | None
    codes: tuple[Code, ...]
    users: tuple[Link, ...]
    constraints: tuple[Link, ...]
    issues: tuple[str, ...]
    note: str
    accepted: tuple[Accepted, ...]
    place: str


@dataclass(frozen=True, slots=True)
class FieldView:
    name: str
    label: str
    type: TypeView


@dataclass(frozen=True, slots=True)
class RecordView:
    """What the entries of a list look like."""

    name: str
    label: str
    fields: tuple[FieldView, ...]
    dated_by: str
    note: str


@dataclass(frozen=True, slots=True)
class ConstraintView:
    """What holds for everybody; data that break it are refused."""

    anchor: str
    label: str
    condition: Condition
    statements: tuple[StatementView, ...]
    issues: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class DataPage:
    elements: tuple[ElementView, ...]
    types: tuple[TypeView, ...]
    records: tuple[RecordView, ...]
    constraints: tuple[ConstraintView, ...]


def data_page(site: Site, users: Users) -> DataPage:
    guideline = site.guideline
    constraints = _constraints(guideline)
    about: dict[str, list[Link]] = {}
    for view, constraint in zip(constraints, guideline.constraints, strict=True):
        for name in dict.fromkeys(r.name for r in references(constraint.condition)):
            about.setdefault(name, []).append(Link("data", view.anchor, view.label))
    return DataPage(
        tuple(
            ElementView(
                e.name,
                e.label,
                e.question,
                e.hint or "",
                _type(e.type, guideline),
                "" if e.typical is None else describe_value(e.typical, e.type, guideline),
                e.burden,
                e.judgement,
                e.judgement_note,
                e.lasting,
                condition(e.derive, guideline) if e.derive is not None else None,
                codes(e.codes),
                users.get(e.name, ()),
                tuple(about.get(e.name, ())),
                e.issues,
                e.note,
                accepted(e.accepted),
                site.place(e.span),
            )
            for e in guideline.elements.values()
        ),
        tuple(_named_type(t, guideline) for t in guideline.types.values()),
        tuple(
            RecordView(
                r.name,
                r.label,
                tuple(FieldView(f.name, f.label, _type(f.type, guideline)) for f in r.fields),
                next((f.label for f in r.fields if f.name == r.dated_by), ""),
                r.note,
            )
            for r in guideline.records.values()
        ),
        constraints,
    )


def _constraints(guideline: Guideline) -> tuple[ConstraintView, ...]:
    anchors = constraint_anchors(guideline)
    return tuple(
        ConstraintView(
            anchors[constraint.label],
            constraint.label,
            condition(constraint.condition, guideline),
            statement_views(constraint.statements, guideline),
            constraint.issues,
            constraint.note,
        )
        for constraint in guideline.constraints
    )


def constraint_anchors(guideline: Guideline) -> dict[str, str]:
    """Constraints have no name; the anchor is made of the words, so that it lasts as long as those."""
    anchors: dict[str, str] = {}
    taken: dict[str, int] = {}
    for constraint in guideline.constraints:
        if constraint.label in anchors:
            continue
        words = "-".join(_words(constraint.label))[:60].strip("-") or "unnamed"
        taken[words] = taken.get(words, 0) + 1
        again = f"-{taken[words]}" if taken[words] > 1 else ""
        anchors[constraint.label] = f"constraint-{words}{again}"
    return anchors


def _words(text: str) -> Iterator[str]:
    word = ""
    for sign in text.lower():
        if sign.isascii() and sign.isalnum():
            word += sign
        elif word:
            yield word
            word = ""
    if word:
        yield word


def _named_type(type_: EnumType, guideline: Guideline) -> TypeView:
    return TypeView(
        type_.name or "", values=_values(type_), ordered=type_.ordered, label=type_.label
    )


def _values(type_: EnumType) -> tuple[ValueView, ...]:
    return tuple(
        ValueView(v.name, v.label, len(type_.ancestors(v.name)) - 1, codes(v.codes))
        for v in type_.values
    )


def _type(type_: Type, guideline: Guideline, several: bool = False) -> TypeView:
    text = describe_type(type_)
    match type_:
        case EnumType() if type_.name in guideline.types:
            of = Link("data", f"type-{type_.name}", type_.label or type_.name or "")
            return TypeView(text, several=several, of=of, ordered=type_.ordered)
        case EnumType():
            return TypeView(text, values=_values(type_), ordered=type_.ordered, several=several)
        case QuantityType():
            return TypeView("quantity", describe_unit(type_.unit), *_range(type_), several=several)
        case NumberType() | CountType():
            word = "number" if isinstance(type_, NumberType) else "count"
            return TypeView(word, "", *_range(type_), several=several)
        case SetType():
            return _type(type_.of, guideline, several=True)
        case ListType():
            record = guideline.records.get(type_.of.name)
            label = record.label if record else type_.of.name
            return TypeView("list", of=Link("data", f"record-{type_.of.name}", label))
        case ActionType():
            if type_.kind not in guideline.classes:
                return TypeView(text, several=several)
            class_ = action_link(type_.kind, guideline.action_label(type_.kind))
            return TypeView(text, several=several, of=class_)
        case _:
            return TypeView(text, several=several)


def _range(type_: QuantityType | NumberType | CountType) -> tuple[str, str]:
    return (
        "" if type_.low is None else format_number(type_.low),
        "" if type_.high is None else format_number(type_.high),
    )


# --- definitions --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RowView:
    """A value and when it holds; no condition: otherwise."""

    value: str
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """A derived fact as a table: one row, or a row for each value."""

    name: str
    label: str
    type: str
    rows: tuple[RowView, ...]
    first_match: bool
    users: tuple[Link, ...]
    statements: tuple[StatementView, ...]
    issues: tuple[str, ...]
    note: str
    accepted: tuple[Accepted, ...]
    place: str


@dataclass(frozen=True, slots=True)
class AlternativeView:
    name: str
    label: str
    condition: Condition
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReadingView:
    """An ambiguous sentence of the source, and the ways to read it."""

    name: str
    label: str
    alternatives: tuple[AlternativeView, ...]
    users: tuple[Link, ...]
    statements: tuple[StatementView, ...]
    issues: tuple[str, ...]
    note: str
    place: str


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A local policy that a hospital sets."""

    name: str
    label: str
    type: str
    default: str
    users: tuple[Link, ...]
    issues: tuple[str, ...]
    note: str
    place: str


@dataclass(frozen=True, slots=True)
class DefinitionsPage:
    definitions: tuple[DefinitionView, ...]
    readings: tuple[ReadingView, ...]
    policies: tuple[PolicyView, ...]


def definitions_page(site: Site, users: Users) -> DefinitionsPage:
    guideline = site.guideline
    definitions = []
    for d in guideline.definitions.values():
        rows = tuple(
            RowView(
                describe_value(row.value, d.type, guideline),
                condition(row.condition, guideline) if row.condition is not None else None,
            )
            for row in d.rows
        )
        if d.expression is not None:
            rows = (RowView("", condition(d.expression, guideline)), *rows)
        definitions.append(
            DefinitionView(
                d.name,
                d.label,
                describe_type(d.type),
                rows,
                d.first_match,
                users.get(d.name, ()),
                statement_views(d.statements, guideline),
                d.issues,
                d.note,
                accepted(d.accepted),
                site.place(d.span),
            )
        )
    return DefinitionsPage(
        tuple(definitions),
        tuple(
            ReadingView(
                r.name,
                r.label,
                tuple(
                    AlternativeView(a.name, a.label, condition(a.expression, guideline), a.chosen)
                    for a in r.alternatives
                ),
                users.get(r.name, ()),
                statement_views(r.statements, guideline),
                r.issues,
                r.note,
                site.place(r.span),
            )
            for r in guideline.readings.values()
        ),
        tuple(
            PolicyView(
                p.name,
                p.label,
                describe_type(p.type),
                describe_value(p.default, p.type, guideline),
                users.get(p.name, ()),
                p.issues,
                p.note,
                site.place(p.span),
            )
            for p in guideline.parameters.values()
        ),
    )


# --- agents and other actions -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuthorisationView:
    regulator: str
    text: str
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class ActionView:
    """An agent, procedure, investigation or service."""

    name: str
    label: str
    kind: str
    synonyms: tuple[str, ...]
    codes: tuple[Code, ...]
    classes: tuple[Link, ...]
    authorisations: tuple[AuthorisationView, ...]
    users: tuple[Link, ...]
    issues: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ClassView:
    """A class, with what belongs to it directly and how many single actions that are."""

    name: str
    label: str
    kind: str
    members: tuple[Link, ...]
    single: int
    users: tuple[Link, ...]
    issues: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class VetoView:
    """What bars actions: an element that names them, or a condition."""

    name: str
    label: str
    each_of: Link | None
    actions: tuple[Link, ...]
    condition: Condition | None
    statements: tuple[StatementView, ...]
    issues: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class PairView:
    """Two things that are never given together."""

    name: str
    label: str
    first: Link
    second: Link
    statements: tuple[StatementView, ...]
    issues: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class AgentsPage:
    actions: tuple[ActionView, ...]
    classes: tuple[ClassView, ...]
    vetoes: tuple[VetoView, ...]
    pairs: tuple[PairView, ...]


def agents_page(site: Site, users: Users) -> AgentsPage:
    guideline = site.guideline
    parents: dict[str, list[str]] = {}
    for class_ in guideline.classes.values():
        for member in class_.members:
            parents.setdefault(member, []).append(class_.name)
    return AgentsPage(
        tuple(
            ActionView(
                a.name,
                a.label,
                a.kind,
                a.synonyms,
                codes(a.codes),
                action_links(parents.get(a.name, ()), guideline),
                tuple(
                    AuthorisationView(
                        x.regulator,
                        x.text,
                        condition(x.condition, guideline) if x.condition is not None else None,
                    )
                    for x in a.authorisations
                ),
                users.get(a.name, ()),
                a.issues,
                a.note,
            )
            for a in guideline.actions.values()
        ),
        tuple(
            ClassView(
                c.name,
                c.label,
                c.kind,
                action_links(c.members, guideline),
                len(guideline.single_actions(c.name)),
                users.get(c.name, ()),
                c.issues,
                c.note,
            )
            for c in guideline.classes.values()
        ),
        tuple(
            VetoView(
                v.name,
                v.label,
                fact_link(v.each_of, guideline) if v.each_of else None,
                action_links(v.actions, guideline),
                condition(v.condition, guideline) if v.condition is not None else None,
                statement_views(v.statements, guideline),
                v.issues,
                v.note,
            )
            for v in guideline.contraindications.values()
        ),
        tuple(
            PairView(
                p.name,
                p.label,
                action_link(p.first, guideline.action_label(p.first)),
                action_link(p.second, guideline.action_label(p.second)),
                statement_views(p.statements, guideline),
                p.issues,
                p.note,
            )
            for p in guideline.incompatibilities.values()
        ),
    )


# --- who reads what -----------------------------------------------------------------------------------


def users_of(guideline: Guideline) -> Users:
    """For each fact who reads it, and for each action who names it, in the order of the text."""
    found: dict[str, dict[Link, None]] = {}

    def note(link: Link, names: Iterable[str]) -> None:
        for name in names:
            found.setdefault(name, {})[link] = None

    for definition in guideline.definitions.values():
        rows = [row.condition for row in definition.rows if row.condition is not None]
        read = [*([definition.expression] if definition.expression else []), *rows]
        note(definition_link(definition.name, definition.label), _names(read))
    for reading in guideline.readings.values():
        read = [a.expression for a in reading.alternatives]
        note(definition_link(reading.name, reading.label), _names(read))
    for element in guideline.elements.values():
        if element.derive is not None:
            note(element_link(element.name, element.label), _names([element.derive]))
    for veto in guideline.contraindications.values():
        link = Link("agents", f"contraindication-{veto.name}", veto.label)
        note(link, [veto.each_of] if veto.each_of else [])
        note(link, _names([veto.condition] if veto.condition is not None else []))
    for pathway in guideline.pathways.values():
        if pathway.applies is not None:
            note(pathway_link(pathway.name, pathway.label), _names([pathway.applies]))
        for node in pathway.nodes:
            link = node_link(pathway.name, node.name, node_title(node, guideline))
            note(link, _of_node(node))
            if isinstance(node, Choose):
                for option in node.options:
                    place = option_link(pathway.name, node.name, option.name, option.label)
                    note(place, _of_course(option))
    return {name: tuple(links) for name, links in found.items()}


def _of_node(node: Node) -> Iterator[str]:
    match node:
        case Decision() | Review():
            yield from _names(b.condition for b in node.branches if b.condition is not None)
        case Recommend() | Standing() | Choose():
            yield from _of_course(node)
        case Follow() if node.adding is not None:
            yield from _names(conditions_of(node.adding))
            yield from (course.action for course in courses(node.adding))
        case _:
            return


def _of_course(holder: Recommend | Standing | Choose | Option) -> Iterator[str]:
    eligibility: Eligibility = holder.eligibility
    course: Course = holder.course
    yield from _names((*eligibility.when, *eligibility.unless, *eligibility.only_if))
    yield from _names(c.condition for c in course.cautions if c.condition is not None)
    for line in course.performs:
        yield from _names(conditions_of(line.regimen))
        yield from (c.action for c in courses(line.regimen))
    yield from course.avoids


def _names(expressions: Iterable[Expression]) -> Iterator[str]:
    for expression in expressions:
        yield from (reference.name for reference in references(expression))
