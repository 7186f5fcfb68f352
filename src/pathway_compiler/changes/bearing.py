"""What bears on each recommendation: the route to it, its conditions, the facts behind them, its statements.

This is read off the text, so it may name too much (a condition that other conditions make needless), never
too little.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from pathway_compiler.changes.items import Id, Table
from pathway_compiler.model import action
from pathway_compiler.model.action import Contraindication, Regimen, courses
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
    Outside,
    Recommend,
    Review,
    Standing,
    Together,
)
from pathway_compiler.semantics.checks import expressions_of_node, references

__all__ = ["Bearing", "bearing", "facts_behind", "gates"]

Key = tuple[Table, Id]


@dataclass(frozen=True, slots=True)
class Bearing:
    """For each recommendation, option and `outside`, by id: everything that bears on it."""

    on: Mapping[Id, frozenset[Key]]

    def touched_by(self, key: Key) -> tuple[Id, ...]:
        """The recommendations that something bears on; an option only where its choice is not."""
        found = {id_ for id_, keys in self.on.items() if key in keys}
        return tuple(id_ for id_ in self.on if id_ in found and id_[:2] not in found - {id_})

    def elements(self, id_: Id, guideline: Guideline) -> frozenset[str]:
        """The data elements that bear on one of them."""
        keys = self.on.get(id_, frozenset())
        return frozenset(
            k[0] for table, k in keys if table == "fact" and k[0] in guideline.elements
        )


def bearing(guideline: Guideline) -> Bearing:
    """What bears on every recommendation of a guideline."""
    nodes: dict[Id, Node] = {
        (pathway.name, node.name): node
        for pathway in guideline.pathways.values()
        for node in pathway.nodes
    }
    before = _before(guideline)
    overriding = _overriding(nodes)
    on: dict[Id, frozenset[Key]] = {}
    for id_, node in nodes.items():
        options: tuple[Option, ...] = node.options if isinstance(node, Choose) else ()
        if not isinstance(node, Recommend | Standing | Choose | Outside):
            continue
        route = frozenset(_route(id_, nodes, before, guideline))
        for option in (None, *options):
            named = id_ if option is None else (*id_, option.name)
            found = {*route, *_own(node, option, guideline)}
            for other in _all_overriding(named, overriding):
                holder = nodes[other[:2]]
                chosen = next(
                    (o for o in getattr(holder, "options", ()) if o.name == other[-1]), None
                )
                found.update(_route(other[:2], nodes, before, guideline))
                found.update(_own(holder, chosen, guideline))
                found.add(("option" if len(other) == 3 else "node", other))
            on[named] = frozenset(found)
    return Bearing(on)


def facts_behind(expressions: Iterable[Expression], guideline: Guideline) -> frozenset[str]:
    """Every named fact that expressions depend on, as the readings are chosen."""
    waiting = list(expressions)
    seen: set[str] = set()
    while waiting:
        for reference in references(waiting.pop()):
            if reference.kind != "pathway_parameter" and reference.name not in seen:
                seen.add(reference.name)
                waiting.extend(_behind(reference.name, guideline))
    return frozenset(seen)


def gates(regimen: Regimen) -> Iterator[Expression]:
    """The conditions under which parts of a regimen are given."""
    if regimen.condition is not None:
        yield regimen.condition
    match regimen:
        case action.Course():
            parts: tuple[Regimen, ...] = ()
        case action.AllOf():
            parts = regimen.parts
        case action.OneOf():
            parts = regimen.alternatives
        case action.Sequence():
            parts = regimen.steps
        case _:
            assert_never(regimen)
    for part in parts:
        yield from gates(part)


def _behind(name: str, guideline: Guideline) -> Iterator[Expression]:
    element = guideline.elements.get(name)
    if element is not None and element.derive is not None:
        yield element.derive
    definition = guideline.definitions.get(name)
    if definition is not None:
        if definition.expression is not None:
            yield definition.expression
        yield from (row.condition for row in definition.rows if row.condition is not None)
    reading = guideline.readings.get(name)
    if reading is not None:
        yield reading.chosen.expression


def _before(guideline: Guideline) -> dict[Id, set[Id]]:
    """For each node and pathway what leads there directly; a pathway leads to all of its nodes."""
    before: dict[Id, set[Id]] = {}
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            id_ = (pathway.name, node.name)
            before.setdefault(id_, set()).add((pathway.name,))
            targets = list(node.targets)
            if isinstance(node, Decision | Review):
                targets += [target for branch in node.branches for target in branch.targets]
            for target in targets:
                before.setdefault((pathway.name, target), set()).add(id_)
            if isinstance(node, Follow):
                before.setdefault((node.pathway,), set()).add(id_)
    return before


def _route(
    id_: Id, nodes: Mapping[Id, Node], before: Mapping[Id, set[Id]], guideline: Guideline
) -> Iterator[Key]:
    """The decisions on the way to a node, in every pathway that leads there, with the facts they ask."""
    waiting = [id_]
    seen = {id_}
    while waiting:
        for earlier in before.get(waiting.pop(), ()):
            if earlier not in seen:
                seen.add(earlier)
                waiting.append(earlier)
    for earlier in seen - {id_}:
        node = nodes.get(earlier)
        asked: list[Expression] = []
        if node is None:
            yield "pathway", earlier
            applies = guideline.pathways[earlier[0]].applies
            asked += [] if applies is None else [applies]
        elif isinstance(node, Decision | Review | Together | Follow):
            yield "node", earlier
            asked += expressions_of_node(node)
        yield from (("fact", (name,)) for name in facts_behind(asked, guideline))


def _own(node: Node, option: Option | None, guideline: Guideline) -> Iterator[Key]:
    """What stands on the card itself: its conditions, its statements, its actions and what bars them."""
    expressions: list[Expression] = []
    courses_: list[Course] = []
    statements = list(node.statements)
    if isinstance(node, Recommend | Standing | Choose):
        expressions += _conditions(node.eligibility)
        courses_.append(node.course)
    if option is not None:
        expressions += _conditions(option.eligibility)
        courses_.append(option.course)
        statements += option.statements
    actions: set[str] = set()
    for course in courses_:
        actions.update(course.avoids)
        for performs in course.performs:
            actions.update(part.action for part in courses(performs.regimen))
            expressions += gates(performs.regimen)
        expressions += [c.condition for c in course.cautions if c.condition is not None]
    for veto in guideline.contraindications.values():
        if _bars(veto, actions, guideline):
            yield "contraindication", (veto.name,)
            expressions += [veto.condition] if veto.condition is not None else []
            if veto.each_of is not None:
                yield "fact", (veto.each_of,)
    yield from (("statement", (name,)) for name in statements)
    named = {part for name in actions for part in _within(name, guideline)}
    yield from (("action", (name,)) for name in named)
    yield from (("fact", (name,)) for name in facts_behind(expressions, guideline))


def _conditions(eligibility: Eligibility) -> tuple[Expression, ...]:
    return (*eligibility.when, *eligibility.unless, *eligibility.only_if)


def _bars(veto: Contraindication, actions: set[str], guideline: Guideline) -> bool:
    """Whether a contraindication can reach one of the actions, or a part of a class of them."""
    if veto.each_of is not None:
        return bool(actions)
    barred = {single for name in veto.actions for single in guideline.single_actions(name)}
    given = {single for name in actions for single in guideline.single_actions(name)}
    return not barred.isdisjoint(given)


def _within(name: str, guideline: Guideline) -> frozenset[str]:
    """An action or class, and what belongs to it."""
    classes = {class_ for class_ in guideline.classes if guideline.is_a(class_, name)}
    return frozenset({name, *classes, *guideline.single_actions(name)})


def _overriding(nodes: Mapping[Id, Node]) -> dict[Id, set[Id]]:
    """For each recommendation those that override it directly."""
    found: dict[Id, set[Id]] = {}
    for id_, node in nodes.items():
        if isinstance(node, Recommend | Standing | Choose):
            for target in node.course.overrides:
                found.setdefault(target, set()).add(id_)
        if isinstance(node, Choose):
            for option in node.options:
                for target in option.course.overrides:
                    found.setdefault(target, set()).add((*id_, option.name))
    return found


def _all_overriding(id_: Id, overriding: Mapping[Id, set[Id]]) -> set[Id]:
    waiting = [id_, id_[:2]]
    found: set[Id] = set()
    while waiting:
        for other in overriding.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting += [other, other[:2]]
    return found - {id_}
