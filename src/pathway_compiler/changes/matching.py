"""Which thing of OLD is which of NEW: by name, and where a name has gone, by what it says.

A thing keeps its identity with its name, whatever else changes. Of those whose name is gone, one is
recognised under another name (renamed) or in another pathway (moved) when it says much the same, when
something telling about it is exactly the same, and when nothing else comes near. A doubtful match is no
match: the one is then removed and the other added.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pathway_compiler.changes.items import Id, Item, Table, items, parent
from pathway_compiler.changes.meaning import Meaning, Names
from pathway_compiler.model.action import (
    Action,
    ActionClass,
    Contraindication,
    Incompatibility,
    courses,
)
from pathway_compiler.model.case import Case
from pathway_compiler.model.describe import describe_condition, describe_value
from pathway_compiler.model.evidence import Statement
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Branch,
    Choose,
    Course,
    Decision,
    Follow,
    NodeBase,
    Option,
    Pathway,
    Recommend,
    Review,
    Slot,
    Standing,
)
from pathway_compiler.model.types import Coding, EnumType, EnumValue
from pathway_compiler.model.vocabulary import (
    Constraint,
    Definition,
    DefinitionRow,
    Element,
    Parameter,
    Reading,
    ReadingAlternative,
    RecordDeclaration,
)
from pathway_compiler.semantics.checks import expressions_of_node

__all__ = ["How", "Match", "Matching", "match_guidelines"]

How = Literal["same", "renamed", "moved"]

LEAST_LIKENESS = 0.7
"""Of everything that two things say, so much must be the same."""
LEAST_LEAD = 0.15
"""The second-best candidate must be less alike by so much."""


@dataclass(frozen=True, slots=True)
class Match:
    """One thing in both versions; `why` says what it was recognised by when its name has gone."""

    old: Item
    new: Item
    how: How = "same"
    why: str = ""


@dataclass(frozen=True)
class Matching:
    """Everything that both versions have, and what only one of them has."""

    matches: tuple[Match, ...]
    removed: tuple[Item, ...]
    added: tuple[Item, ...]

    @cached_property
    def names(self) -> Names:
        """What NEW calls the things of OLD, where it calls them otherwise."""
        return {(m.old.table, m.old.id): m.new.id for m in self.matches if m.old.id != m.new.id}

    @cached_property
    def _old(self) -> Mapping[tuple[Table, Id], Id]:
        return {(m.new.table, m.new.id): m.old.id for m in self.matches}

    @cached_property
    def _new(self) -> Mapping[tuple[Table, Id], Id]:
        return {(m.old.table, m.old.id): m.new.id for m in self.matches}

    def new_id(self, table: Table, *id_: str) -> Id | None:
        """What a thing of OLD is called in NEW; None when it is gone."""
        return self._new.get((table, id_))

    def old_id(self, table: Table, *id_: str) -> Id | None:
        """What a thing of NEW was called in OLD; None when it was not there."""
        return self._old.get((table, id_))


_ORDER: tuple[Table, ...] = (
    "guideline", "grading", "certainty", "grade", "moment", "statement", "type", "field", "action",
    "fact", "value", "alternative", "row", "constraint", "contraindication", "incompatibility", "pathway",
    "pathway parameter", "node", "option", "branch", "slot", "case",
)  # fmt: skip
"""What is matched first helps to recognise what comes after it."""
_FIXED: frozenset[Table] = frozenset(
    {"guideline", "grading", "certainty", "grade", "field", "pathway parameter"}
)
"""What keeps its name or is another thing."""
_UNNAMED: frozenset[Table] = frozenset({"branch", "row", "constraint"})
_MOVABLE: frozenset[Table] = frozenset({"node", "option"})


def match_guidelines(old: Guideline, new: Guideline) -> Matching:
    """Match everything that two versions of a guideline declare."""
    names: dict[tuple[Table, Id], Id] = {}
    left, right = _by_table(old), _by_table(new)
    old_side, new_side = _Side(old, names), _Side(new, {})
    matches: list[Match] = []
    removed: list[Item] = []
    added: list[Item] = []
    for table in _ORDER:
        gone, come = left.get(table, []), right.get(table, [])
        found: list[Match] = []
        ways: list[Callable[[list[Item], list[Item]], list[Match]]]
        if table in _UNNAMED:
            ways = [lambda a, b: _by_content(a, b, old_side, new_side)]
        else:
            ways = [lambda a, b: _by_name(a, b, names)]
            if table not in _FIXED:
                ways.append(lambda a, b: _by_likeness(a, b, "renamed", old_side, new_side))
            if table in _MOVABLE:
                ways.append(lambda a, b: _by_likeness(a, b, "moved", old_side, new_side))
        for way in ways:
            new_matches = way(gone, come)
            taken = {id(item) for m in new_matches for item in (m.old, m.new)}
            gone = [item for item in gone if id(item) not in taken]
            come = [item for item in come if id(item) not in taken]
            found += new_matches
        names.update({(table, m.old.id): m.new.id for m in found if m.old.id != m.new.id})
        matches += found
        removed += gone
        added += come
    return Matching(tuple(matches), tuple(removed), tuple(added))


def _by_table(guideline: Guideline) -> dict[Table, list[Item]]:
    found: dict[Table, list[Item]] = {}
    for item in items(guideline):
        found.setdefault(item.table, []).append(item)
    return found


def _place(item: Item, names: Names) -> Id:
    """What an item belongs to, in the names of NEW."""
    owner = parent(item.table, item.id)
    return () if owner is None else names.get(owner, owner[1])


def _by_name(gone: list[Item], come: list[Item], names: Names) -> list[Match]:
    there = {item.id: item for item in come}
    found = []
    for item in gone:
        place = _place(item, names)
        new = there.get((*place, *item.id[len(place) :]))
        if new is not None:
            found.append(Match(item, new))
    return found


# --- what has no name of its own ------------------------------------------------------------------------


def _by_content(
    gone: list[Item], come: list[Item], old_side: "_Side", new_side: "_Side"
) -> list[Match]:
    """Pairs that agree in everything, then in the first thing, then in the next."""
    found: list[Match] = []
    gone, come = list(gone), list(come)
    old_keys = {id(item): old_side.keys(item) for item in gone}
    new_keys = {id(item): new_side.keys(item) for item in come}
    steps = max((len(keys) for keys in (*old_keys.values(), *new_keys.values())), default=0)
    for step in (None, *range(steps)):

        def key(keys: tuple[Hashable, ...], step: int | None = step) -> Hashable:
            return keys if step is None else keys[step]

        waiting: dict[tuple[Id, Hashable], list[Item]] = {}
        for item in come:
            waiting.setdefault((_place(item, {}), key(new_keys[id(item)])), []).append(item)
        for item in tuple(gone):
            value = key(old_keys[id(item)])
            candidates = waiting.get((_place(item, old_side.names), value))
            if candidates and value != "":
                new = candidates.pop(0)
                gone.remove(item)
                come.remove(new)
                found.append(Match(item, new))
    return found


# --- what was renamed or moved --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Feature:
    """One thing that an item says. A telling one is seldom the same by chance."""

    what: str
    weight: int
    parts: frozenset[str]
    telling: bool = True


def _by_likeness(
    gone: list[Item], come: list[Item], how: How, old_side: "_Side", new_side: "_Side"
) -> list[Match]:
    """Pairs that say much the same, one telling thing exactly, and that have no rival."""
    old_told = [old_side.tell(item) for item in gone]
    new_told = [new_side.tell(item) for item in come]
    saying: dict[Hashable, list[int]] = {}
    for j, item in enumerate(come):
        for said in _telling(new_told[j]):
            saying.setdefault((new_side.sort(item), said), []).append(j)
    likeness: dict[tuple[int, int], float] = {}
    for i, item in enumerate(gone):
        place = _place(item, old_side.names)
        found = [saying.get((old_side.sort(item), said), ()) for said in _telling(old_told[i])]
        for j in dict.fromkeys(j for places in found for j in places):
            if (place == _place(come[j], {})) is (how == "renamed"):
                likeness[i, j] = _likeness(old_told[i], new_told[j])
    of_old: dict[int, list[float]] = {}
    of_new: dict[int, list[float]] = {}
    for (i, j), score in likeness.items():
        of_old.setdefault(i, []).append(score)
        of_new.setdefault(j, []).append(score)
    matches = []
    for (i, j), score in likeness.items():
        if score < LEAST_LIKENESS or _contrary(gone[i].label, come[j].label):
            continue
        near = sum(other > score - LEAST_LEAD for other in (*of_old[i], *of_new[j]))
        if near == 2:  # itself, twice
            theirs = _telling(new_told[j])
            same = [said[0] for said in _telling(old_told[i]) if said in theirs]
            matches.append(Match(gone[i], come[j], how, "the same " + " and ".join(same)))
    return matches


def _telling(told: Sequence[_Feature]) -> list[tuple[str, frozenset[str]]]:
    return [(feature.what, feature.parts) for feature in told if feature.telling and feature.parts]


def _likeness(first: Sequence[_Feature], second: Sequence[_Feature]) -> float:
    """How much of what two things say is the same, from 0 to 1."""
    total = agreed = 0.0
    for a, b in zip(first, second, strict=True):
        size = len(a.parts) + len(b.parts)
        if size:
            total += a.weight
            agreed += a.weight * 2 * len(a.parts & b.parts) / size
    return agreed / total if total else 0.0


_NEGATIONS = frozenset({"no", "not", "non", "without", "never", "against", "except", "unless"})


def _contrary(first: str, second: str) -> bool:
    """Whether labels differ in a number or a negation, which makes them speak of different things."""
    differing = _words(first) ^ _words(second)
    return any(word in _NEGATIONS or word[0].isdigit() for word in differing)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+|[<>≤≥=≠+]", text.lower()))


class _Side:
    """One version of the guideline, and what its items say, in the names of NEW."""

    def __init__(self, guideline: Guideline, names: Names) -> None:
        self.guideline = guideline
        self.names = names
        self._meaning = Meaning(guideline, names)

    def sort(self, item: Item) -> Hashable:
        """Only things of one sort are taken for each other."""
        match item.record:
            case Element() | Definition() | Parameter() | Reading():
                return item.kind, type(item.record.type)
            case Statement():
                return item.kind, item.record.kind
            case Recommend() | Standing():
                return item.kind, item.record.stance
            case ActionClass():
                return item.kind, item.record.kind
            case _:
                return item.kind

    def keys(self, item: Item) -> tuple[Hashable, ...]:
        """What an item without a name is recognised by, the most telling first."""
        match item.record:
            case Branch() as branch:
                targets = self._meaning.aspect(item, "targets", branch.targets)
                return self._meaning.condition(branch.condition), branch.label, targets
            case DefinitionRow() as row:
                value = self._meaning.aspect(item, "value", row.value)
                return self._meaning.condition(row.condition), value
            case Constraint() as constraint:
                return self._meaning.condition(constraint.condition), constraint.label
            case _:
                return ()

    def tell(self, item: Item) -> tuple[_Feature, ...]:
        """What an item says, feature by feature; the same features for every item of a sort."""
        label = _Feature("label", 3, _words(item.label))
        name = _Feature("name", 1, _words(item.id[-1].replace("_", " ")), telling=False)
        return (label, name, *self._features(item))

    def _features(self, item: Item) -> Iterator[_Feature]:
        record = item.record
        match record:
            case Element():
                yield _Feature("codes", 4, _codes(record.codes))
                yield _Feature("question", 2, _words(record.ask or ""))
                yield _Feature("hint", 1, _words(record.hint or ""), telling=False)
            case Definition():
                told = [describe_value(r.value, record.type, self.guideline) for r in record.rows]
                conditions = (record.expression, *(row.condition for row in record.rows))
                said = self._conditions(conditions)
                yield _Feature("conditions", 4, said | _words(" ".join(told)))
            case Reading():
                labels = frozenset(a.label for a in record.alternatives)
                yield _Feature("alternatives", 4, labels)
            case Parameter():
                told_default = describe_value(record.default, record.type, self.guideline)
                yield _Feature("default", 1, _words(told_default), telling=False)
            case ReadingAlternative():
                yield _Feature("condition", 3, self._conditions([record.expression]))
            case Statement():
                yield _Feature("lines", 2, frozenset(f"{a}-{b}" for a, b in record.lines))
                yield _Feature("section", 1, _words(record.section), telling=False)
                evidence = (record.evidence.certainty, record.evidence.grade)
                printed = {str(part) for part in evidence if part}
                printed.update(f"[{number}]" for number in record.evidence.references)
                yield _Feature("evidence", 2, frozenset(printed), telling=False)
            case EnumType():
                yield _Feature("values", 4, frozenset(value.label for value in record.values))
            case EnumValue() | Action():
                yield _Feature("codes", 4, _codes(record.codes))
                synonyms = record.synonyms if isinstance(record, Action) else ()
                yield _Feature("synonyms", 2, frozenset(synonyms))
            case RecordDeclaration():
                yield _Feature("fields", 4, frozenset(field.label for field in record.fields))
            case ActionClass():
                yield _Feature("members", 4, self._actions(record.members))
            case Contraindication():
                bars = {*self._actions(record.actions), record.each_of or ""} - {""}
                yield _Feature("actions", 3, frozenset(bars))
                yield _Feature("condition", 3, self._conditions([record.condition]))
            case Incompatibility():
                yield _Feature("actions", 4, self._actions((record.first, record.second)))
            case Pathway():
                yield _Feature("nodes", 4, frozenset(node.name for node in record.nodes))
            case Slot():
                told_ids = {
                    str(self._meaning.part(item, "recommendations", r))
                    for r in record.recommendations
                }
                yield _Feature("recommendations", 4, frozenset(told_ids))
            case Option():
                yield from self._course(record.statements, record.course)
                eligibility = record.eligibility
                conditions = (*eligibility.when, *eligibility.unless, *eligibility.only_if)
                yield _Feature("conditions", 2, self._conditions(conditions))
            case Case():
                yield _Feature("content", 4, frozenset(str(part) for part in record.visits))
            case NodeBase():
                course = (
                    record.course if isinstance(record, Recommend | Standing | Choose) else Course()
                )
                yield from self._course(record.statements, course)
                yield _Feature("conditions", 2, self._conditions(expressions_of_node(record)))
                followed: Id = ()
                if isinstance(record, Follow):
                    followed = self._meaning.name("pathway", record.pathway)
                yield _Feature("pathway", 3, frozenset(followed))
                yield _Feature("neighbours", 1, self._neighbours(item.id), telling=False)
            case _:
                pass

    def _course(self, statements: tuple[str, ...], course: Course) -> Iterator[_Feature]:
        ids = frozenset(self._meaning.name("statement", name)[0] for name in statements)
        yield _Feature("statements", 3, ids)
        done = [c.action for performs in course.performs for c in courses(performs.regimen)]
        yield _Feature("actions", 3, self._actions((*done, *course.avoids)))

    def _actions(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(self.guideline.action_label(name) for name in names)

    def _conditions(self, expressions: Iterable[Expression | None]) -> frozenset[str]:
        told = [describe_condition(e, self.guideline) for e in expressions if e is not None]
        return _words(" ".join(told))

    def _neighbours(self, id_: Id) -> frozenset[str]:
        """The labels of the nodes before and after a node."""
        pathway, name = id_
        nodes = self.guideline.pathways[pathway].nodes
        labels = {node.name: node.label for node in nodes}
        found: set[str] = set()
        for node in nodes:
            targets = list(node.targets)
            if isinstance(node, Decision | Review):
                targets += [target for branch in node.branches for target in branch.targets]
            if node.name == name:
                found.update(labels[target] for target in targets)
            elif name in targets:
                found.add(node.label)
        return frozenset(found)


def _codes(codes: Iterable[Coding]) -> frozenset[str]:
    return frozenset(f"{coding.system} {coding.code}" for coding in codes)
