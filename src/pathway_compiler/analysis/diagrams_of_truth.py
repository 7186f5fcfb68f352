"""Formulas as binary decision diagrams: restricted to what is known, they say what is settled.

Uses dd with CUDD; where its wheel is absent, dd's manager in pure Python.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pathway_compiler.analysis.formulas import TRUE, Conjunction, Formulas, Region

__all__ = ["Diagrams", "TooManyNodes"]

MOST_NODES = 100_000
"""A diagram that grows beyond this is given up; Kleene's answer stands then."""


class TooManyNodes(Exception):
    """A diagram has grown too large."""


class Diagrams:
    """The diagrams of the formulas of one table, made when they are first asked for.

    A fact with k cells takes log2 k variables. They stand in the order in which the roots mention the
    facts, with those next to each other of which a law says something together; with large diagrams
    CUDD finds a better order by itself.
    """

    def __init__(self, formulas: Formulas, roots: Iterable[int], laws: Sequence[int]) -> None:
        self._formulas = formulas
        self._manager = _manager()
        self._bits: dict[int, list[str]] = {}
        self._cells: dict[int, tuple[Any, ...]] = {}
        self._made: dict[int, Any] = {}
        self._mentioned: dict[int, frozenset[int]] = {}
        self.true = self._manager.true
        self.false = self._manager.false
        for fact in _arranged(formulas, roots, laws):
            self.bits(fact)

    def of(self, formula: int) -> Any:
        """The diagram of a formula."""
        made = self._made.get(abs(formula))
        if made is None:
            if abs(formula) == TRUE:
                made = self.true
            else:
                for node in self._formulas.cone([formula]):
                    if node not in self._made:
                        self._made[node] = self._make(node)
                made = self._made[abs(formula)]
        return made if formula > 0 else ~made

    def tidy(self, roots: Iterable[int]) -> None:
        """Keep the diagrams of these formulas only, and look for a good order of their variables."""
        kept = {abs(root) for root in roots}
        self._made = {node: made for node, made in self._made.items() if node in kept}
        _reorder(self._manager)

    @contextmanager
    def order_kept(self) -> Iterator[None]:
        """While many small diagrams are made: a search for a better order would take longer than it saves."""
        before = self._manager.configure(reordering=False)["reordering"]
        try:
            yield
        finally:
            self._manager.configure(reordering=before)

    def mentioned(self, formula: int) -> frozenset[int]:
        """The facts that a formula is about."""
        if formula not in self._mentioned:
            self._mentioned[formula] = frozenset(self._formulas.facts_in([formula]))
        return self._mentioned[formula]

    def _make(self, node: int) -> Any:
        record = self._formulas.nodes[node]
        if isinstance(record, Region):
            cells = self.cells(record.fact)
            found = self.false
            for index, cell in enumerate(cells):
                if record.mask >> index & 1:
                    found |= cell
            return found
        assert isinstance(record, Conjunction)
        found = self.true
        for part in record.parts:
            made = self._made[abs(part)]
            found &= made if part > 0 else ~made
            if found == self.false:
                break
            if len(found) > MOST_NODES:
                raise TooManyNodes
        return found

    def bits(self, fact: int) -> list[str]:
        """The variables that hold the cell of a fact."""
        if fact not in self._bits:
            count = (self._formulas.sizes[fact] - 1).bit_length()
            names = [f"f{fact}_{bit}" for bit in range(count)]
            self._manager.declare(*names)
            self._bits[fact] = names
        return self._bits[fact]

    def cells(self, fact: int) -> tuple[Any, ...]:
        """That a fact lies in each of its cells."""
        if fact not in self._cells:
            bits = self.bits(fact)
            self._cells[fact] = tuple(
                self._manager.cube({name: bool(index >> bit & 1) for bit, name in enumerate(bits)})
                for index in range(self._formulas.sizes[fact])
            )
        return self._cells[fact]

    def some_cell(self, fact: int) -> Any:
        """That a fact lies in a cell that it has: their number need not be a power of two."""
        cells = self.cells(fact)
        found = self.false
        for cell in cells:
            found |= cell
        return found

    def without(self, facts: Iterable[int], diagram: Any) -> Any:
        """That a diagram holds for some cells of these facts."""
        names = [name for fact in facts for name in self.bits(fact)]
        return self._manager.exist(names, diagram) if names else diagram

    def count(self, diagram: Any, facts: Iterable[int]) -> int:
        """For how many combinations of cells of these facts a diagram holds; it mentions no others."""
        return int(self._manager.count(diagram, nvars=sum(len(self.bits(fact)) for fact in facts)))


def _arranged(formulas: Formulas, roots: Iterable[int], laws: Sequence[int]) -> list[int]:
    """The facts of formulas in the order of first mention, each followed by its partners in laws."""
    tied: dict[int, dict[int, None]] = {}
    for law in laws:
        facts = formulas.facts_in([law])
        for fact in facts:
            tied.setdefault(fact, {}).update(dict.fromkeys(facts))
    order: dict[int, None] = {}
    waiting = [*laws[::-1], *list(roots)[::-1]]
    seen: set[int] = set()
    while waiting:
        node = abs(waiting.pop())
        record = formulas.nodes[node]
        if node in seen or record is None:
            continue
        seen.add(node)
        if isinstance(record, Conjunction):
            waiting.extend(reversed(record.parts))
        elif record.fact not in order:
            order.update(dict.fromkeys([record.fact, *tied.get(record.fact, ())]))
    return list(order)


def _reorder(manager: Any) -> None:
    try:
        from dd.cudd import reorder
    except ImportError:
        return  # the manager in pure Python would take minutes for it
    reorder(manager)


def _manager() -> Any:
    try:
        from dd.cudd import BDD
    except ImportError:
        from dd.autoref import BDD

        return BDD()
    return BDD(memory_estimate=2**29, initial_cache_size=2**14)
