"""Two versions side by side: what differs about the things that both have, as changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from pathway_compiler.changes.bearing import Bearing, bearing
from pathway_compiler.changes.change import Change, Effect
from pathway_compiler.changes.items import Id, Item, Table, items, parent, shown
from pathway_compiler.changes.matching import Match, Matching
from pathway_compiler.changes.meaning import BAGS, TEXT, Meaning, aspects
from pathway_compiler.changes.words import ASPECTS, both_conditions, in_words
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline

__all__ = ["Comparison", "Difference"]

PARTS: frozenset[Table] = frozenset({
    "branch", "row", "alternative", "value", "field", "certainty", "grade", "pathway parameter",
})  # fmt: skip
"""What is told as a part of what it belongs to."""


_EXPRESSION = get_args(Expression)


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect in which the two versions of a thing differ."""

    match: Match
    aspect: str
    old: object
    new: object


@dataclass(frozen=True)
class Comparison:
    """OLD and NEW, what is which, and what each record of them means."""

    old: Guideline
    new: Guideline
    matching: Matching

    @cached_property
    def old_side(self) -> Meaning:
        return Meaning(self.old, self.matching.names)

    @cached_property
    def new_side(self) -> Meaning:
        return Meaning(self.new, {})

    @cached_property
    def old_bearing(self) -> Bearing:
        return bearing(self.old)

    @cached_property
    def new_bearing(self) -> Bearing:
        return bearing(self.new)

    @cached_property
    def _items(self) -> tuple[dict[tuple[Table, Id], Item], dict[tuple[Table, Id], Item]]:
        old, new = ({(i.table, i.id): i for i in items(side)} for side in (self.old, self.new))
        return old, new

    # --- what differs ----------------------------------------------------------------------------------

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every aspect that differs in what it means, in the order of NEW."""
        return tuple(
            found
            for match in self._in_order
            if match.old.table != "case"
            for found in self._differing(match)
        )

    @cached_property
    def _in_order(self) -> tuple[Match, ...]:
        place = {key: number for number, key in enumerate(self._items[1])}
        return tuple(sorted(self.matching.matches, key=lambda m: place[m.new.table, m.new.id]))

    def _differing(self, match: Match) -> Iterator[Difference]:
        old, new = aspects(match.old.record), aspects(match.new.record)
        if match.old.kind != match.new.kind:
            yield Difference(match, "declared as", match.old.kind, match.new.kind)
        for name in old:
            if name in TEXT or name not in new:
                continue
            before = self.old_side.aspect(match.old, name, old[name])
            if before != self.new_side.aspect(match.new, name, new[name]):
                yield Difference(match, name, old[name], new[name])

    def texts(self) -> Iterator[Difference]:
        """Every text that differs, in the order of NEW."""
        for match in self._in_order:
            old, new = aspects(match.old.record), aspects(match.new.record)
            for name in old:
                if name in TEXT and name in new and _plain(old[name]) != _plain(new[name]):
                    yield Difference(match, name, old[name], new[name])

    def parts(self, match: Match, table: Table) -> tuple[list[Item], list[Item]]:
        """The parts that both versions of a thing have, as NEW has them, in the order of each."""
        whole = (match.new.table, match.new.id)
        inner = [
            m for m in self._in_order if m.new.table == table and parent(table, m.new.id) == whole
        ]
        place = {key: number for number, key in enumerate(self._items[0])}
        in_old = sorted(inner, key=lambda m: place[m.old.table, m.old.id])
        return [m.new for m in in_old], [m.new for m in inner]

    # --- as changes ------------------------------------------------------------------------------------

    def change(self, found: Difference, effect: Effect) -> Change:
        """A difference in words; of several parts only those that only one version has."""
        old_item, new_item = found.match.old, found.match.new
        what = ASPECTS.get(found.aspect, found.aspect.replace("_", " "))
        told: tuple[str | None, str | None]
        if found.aspect in BAGS and isinstance(found.old, tuple) and isinstance(found.new, tuple):
            told = self._parts(found, found.old, found.new)
        elif isinstance(found.old, _EXPRESSION) and isinstance(found.new, _EXPRESSION):
            told = both_conditions(found.old, found.new, self.old_side, self.new_side)
        else:
            told = (
                in_words(found.aspect, found.old, old_item, self.old),
                in_words(found.aspect, found.new, new_item, self.new),
            )
        return self._told(new_item, self._items[1], what, *told, effect, self.touches(found.match))

    def _parts(
        self, found: Difference, old: tuple[object, ...], new: tuple[object, ...]
    ) -> tuple[str | None, str | None]:
        old_item, new_item, aspect = found.match.old, found.match.new, found.aspect
        if aspect in TEXT:
            old_said = {_plain(part): part for part in old}
            new_said = {_plain(part): part for part in new}
        else:
            old_said = {self.old_side.part(old_item, aspect, part): part for part in old}
            new_said = {self.new_side.part(new_item, aspect, part): part for part in new}
        gone = [part for key, part in old_said.items() if key not in new_said]
        come = [part for key, part in new_said.items() if key not in old_said]
        if not gone and not come:  # one of them is said more often
            gone, come = list(old), list(new)
        if len(gone) == len(come) == 1:
            before, after = gone[0], come[0]
            if isinstance(before, _EXPRESSION) and isinstance(after, _EXPRESSION):
                return both_conditions(before, after, self.old_side, self.new_side)
        told = (
            "; ".join(in_words(aspect, part, old_item, self.old) for part in gone),
            "; ".join(in_words(aspect, part, new_item, self.new) for part in come),
        )
        return told[0] or None, told[1] or None

    def added(self, item: Item, told: str, effect: Effect) -> Change:
        touches = self._together((), self._bears(item, self.new_bearing))
        return self._told(item, self._items[1], "added", None, told, effect, touches)

    def removed(self, item: Item, told: str, effect: Effect) -> Change:
        touches = self._together(self._bears(item, self.old_bearing), ())
        return self._told(item, self._items[0], "removed", told, None, effect, touches)

    def gone(self, *tables: Table) -> Iterator[Item]:
        """What was removed; parts of what was itself removed are not told."""
        return _outermost(self.matching.removed, tables)

    def come(self, *tables: Table) -> Iterator[Item]:
        """What was added; parts of what was itself added are not told."""
        return _outermost(self.matching.added, tables)

    def _told(
        self,
        item: Item,
        of: dict[tuple[Table, Id], Item],
        what: str,
        old: str | None,
        new: str | None,
        effect: Effect,
        touches: tuple[str, ...],
    ) -> Change:
        owner = parent(item.table, item.id) if item.table in PARTS else None
        subject = item if owner is None else of[owner]
        part = "" if owner is None else f"{item.kind} “{item.label}”"
        id_ = "" if item.table == "constraint" else shown(subject.id)
        return Change(subject.kind, id_, subject.label, part, what, old, new, effect, touches)

    # --- what it bears on --------------------------------------------------------------------------------

    def touches(self, match: Match) -> tuple[str, ...]:
        """The recommendations on which a thing bears in either version, by the names of NEW."""
        return self._together(
            self._bears(match.old, self.old_bearing), self._bears(match.new, self.new_bearing)
        )

    def _together(self, old: tuple[Id, ...], new: tuple[Id, ...]) -> tuple[str, ...]:
        found = dict.fromkeys(shown(self.in_new(id_)) for id_ in old)
        found.update(dict.fromkeys(shown(id_) for id_ in new))
        return tuple(found)

    def in_new(self, id_: Id) -> Id:
        """A node or option of OLD by its name in NEW, or its own when it is gone."""
        return self.matching.new_id("option" if len(id_) == 3 else "node", *id_) or id_

    @staticmethod
    def _bears(item: Item, on: Bearing) -> tuple[Id, ...]:
        key = parent(item.table, item.id) if item.table in PARTS else (item.table, item.id)
        if key is None or key[1] in on.on:  # a recommendation bears on itself
            return ()
        return on.touched_by(key)


def _outermost(found: tuple[Item, ...], tables: tuple[Table, ...]) -> Iterator[Item]:
    there = {(item.table, item.id) for item in found}
    for item in found:
        if item.table in tables and (
            item.table not in PARTS or parent(item.table, item.id) not in there
        ):
            yield item


def _plain(text: object) -> object:
    """A text without its line breaks and indentation."""
    match text:
        case str():
            return " ".join(text.split())
        case tuple():
            return tuple(_plain(part) for part in text)
        case _:
            return text
