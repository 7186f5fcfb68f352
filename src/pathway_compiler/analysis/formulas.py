"""Propositional formulas over facts with finitely many cells: and-inverter graphs, each part kept once.

A formula is an `int`: its place in the table, negative when negated, so that negation costs nothing
and equal formulas are equal numbers. `TRUE` is 1 and `FALSE` is -1.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

__all__ = ["FALSE", "TRUE", "Conjunction", "Formulas", "Rail", "Region", "crisp"]

TRUE = 1
FALSE = -1


@dataclass(frozen=True, slots=True)
class Region:
    """That a fact lies in some of its cells: `mask` has a bit for each cell, never that of the first."""

    fact: int
    mask: int


@dataclass(frozen=True, slots=True)
class Conjunction:
    """That all parts hold."""

    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    """A three-valued condition as two formulas: when it is true, and when it is false.

    For patients about whom everything is known they are mostly each other's negation.
    """

    true: int
    false: int

    def __neg__(self) -> "Rail":
        return Rail(self.false, self.true)


def crisp(formula: int) -> Rail:
    """A condition that is never unknown."""
    return Rail(formula, -formula)


@dataclass(slots=True)
class Formulas:
    """The table of formulas, and how many cells each fact has."""

    sizes: list[int] = field(default_factory=list)
    nodes: list[Region | Conjunction | None] = field(default_factory=lambda: [None, None])
    _known: dict[Region | Conjunction, int] = field(default_factory=dict)

    def fact(self, cells: int) -> int:
        """A new fact with so many cells; gives its number."""
        self.sizes.append(cells)
        return len(self.sizes) - 1

    def region(self, fact: int, mask: int) -> int:
        """That a fact lies in one of the cells of a mask."""
        everything = (1 << self.sizes[fact]) - 1
        mask &= everything
        if mask == 0:
            return FALSE
        if mask == everything:
            return TRUE
        if mask & 1:
            return -self._node(Region(fact, everything ^ mask))
        return self._node(Region(fact, mask))

    def cell(self, fact: int, index: int) -> int:
        return self.region(fact, 1 << index)

    def all_of(self, parts: Iterable[int]) -> int:
        """That every part holds."""
        regions: dict[int, int] = {}
        others: dict[int, None] = {}
        waiting = list(parts)
        waiting.reverse()
        while waiting:
            part = waiting.pop()
            if part == TRUE:
                continue
            if part == FALSE:
                return FALSE
            node = self.nodes[abs(part)]
            if isinstance(node, Region):
                everything = (1 << self.sizes[node.fact]) - 1
                mask = node.mask if part > 0 else everything ^ node.mask
                mask &= regions.get(node.fact, everything)
                if mask == 0:
                    return FALSE
                regions[node.fact] = mask
            elif part > 0 and isinstance(node, Conjunction):
                waiting.extend(reversed(node.parts))
            else:
                if -part in others:
                    return FALSE
                others[part] = None
        literals = [self.region(fact, mask) for fact, mask in regions.items()]
        literals = sorted({*literals, *others}, key=lambda n: (abs(n), n))
        if not literals:
            return TRUE
        if len(literals) == 1:
            return literals[0]
        return self._node(Conjunction(tuple(literals)))

    def any_of(self, parts: Iterable[int]) -> int:
        """That some part holds."""
        return -self.all_of(-part for part in parts)

    def implies(self, condition: int, consequence: int) -> int:
        return self.any_of((-condition, consequence))

    def same(self, left: int, right: int) -> int:
        return self.all_of((self.implies(left, right), self.implies(right, left)))

    def at_least(self, number: int, parts: Sequence[int]) -> int:
        """That at least so many of the parts hold."""
        rows = [TRUE, *[FALSE] * max(number, 0)]
        for part in parts:
            for count in range(len(rows) - 1, 0, -1):
                rows[count] = self.any_of((rows[count], self.all_of((part, rows[count - 1]))))
        return rows[number] if number >= 0 else TRUE

    # --- three-valued conditions ---------------------------------------------------------------------

    def both(self, rails: Iterable[Rail]) -> Rail:
        """Kleene `and`."""
        rails = list(rails)
        true = self.all_of(r.true for r in rails)
        if all(r.false == -r.true for r in rails):
            return Rail(true, -true)
        return Rail(true, self.any_of(r.false for r in rails))

    def either(self, rails: Iterable[Rail]) -> Rail:
        """Kleene `or`."""
        return -self.both(-rail for rail in rails)

    def threshold(self, number: int, rails: Sequence[Rail]) -> Rail:
        """Kleene `at least number of`."""
        return Rail(
            self.at_least(number, [r.true for r in rails]),
            self.at_least(len(rails) - number + 1, [r.false for r in rails]),
        )

    # --- looking into formulas -----------------------------------------------------------------------

    def evaluate(self, cells: Sequence[int], values: list[bool]) -> None:
        """The truth of every node of the table when each fact lies in the given cell, added to the values
        of those nodes that were there before; facts that are new since then lie in their first cell."""
        if not values:
            values += (False, True)
        known = len(cells)
        append = values.append
        for node in self.nodes[len(values) :]:
            if isinstance(node, Region):
                append(node.fact < known and node.mask >> cells[node.fact] & 1 == 1)
            else:
                assert node is not None
                append(all(values[p] if p > 0 else not values[-p] for p in node.parts))

    def cone(self, roots: Iterable[int], without: AbstractSet[int] = frozenset()) -> list[int]:
        """The nodes that formulas are made of, each after its parts; not those `without`, nor theirs."""
        seen: set[int] = {1}
        waiting = [abs(root) for root in roots]
        while waiting:
            node = waiting.pop()
            if node in seen or node in without:
                continue
            seen.add(node)
            record = self.nodes[node]
            if isinstance(record, Conjunction):
                waiting.extend(abs(part) for part in record.parts)
        seen.discard(1)
        return sorted(seen)

    def given(self, formula: int, fact: int, cell: int) -> int:
        """A formula for those who lie in a cell of a fact, without the fact."""
        known: dict[int, int] = {1: TRUE}
        for number in self.cone([formula]):
            record = self.nodes[number]
            if isinstance(record, Region):
                inside = record.mask >> cell & 1
                known[number] = number if record.fact != fact else TRUE if inside else FALSE
            else:
                assert record is not None
                known[number] = self.all_of(
                    known[part] if part > 0 else -known[-part] for part in record.parts
                )
        return known[abs(formula)] if formula > 0 else -known[-formula]

    def facts_in(self, roots: Iterable[int]) -> list[int]:
        """The facts that formulas mention, in order."""
        found = {
            record.fact for n in self.cone(roots) if isinstance(record := self.nodes[n], Region)
        }
        return sorted(found)

    def _node(self, node: Region | Conjunction) -> int:
        found = self._known.get(node)
        if found is None:
            found = len(self.nodes)
            self.nodes.append(node)
            self._known[node] = found
        return found
