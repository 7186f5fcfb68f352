"""Formulas as binary decision diagrams: restricted to what is known, they say what is settled.

Uses dd with CUDD; where its wheel is absent, dd's manager in pure Python.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from pathway_compiler.analysis.formulas import TRUE, Conjunction, Formulas, Region

__all__ = ["Diagrams", "TooManyNodes"]

MOST_NODES = 500_000
"""A diagram that grows beyond this is given up; Kleene's answer stands then."""


class TooManyNodes(Exception):
    """The diagrams of a guideline have grown too large."""


class Diagrams:
    """The diagrams of the formulas of one table, made when they are first asked for."""

    def __init__(self, formulas: Formulas) -> None:
        self._formulas = formulas
        self._manager = _manager()
        self._bits: dict[int, list[str]] = {}
        self._made: dict[int, Any] = {}
        self.true = self._manager.true
        self.false = self._manager.false

    def of(self, formula: int) -> Any:
        """The diagram of a formula."""
        if abs(formula) == TRUE:
            return self.true if formula == TRUE else self.false
        for node in self._formulas.cone([formula]):
            if node not in self._made:
                self._made[node] = self._make(node)
                if len(self._manager) > MOST_NODES:
                    raise TooManyNodes
        made = self._made[abs(formula)]
        return made if formula > 0 else ~made

    def _make(self, node: int) -> Any:
        record = self._formulas.nodes[node]
        if isinstance(record, Region):
            found = self.false
            for cell in range(self._formulas.sizes[record.fact]):
                if record.mask >> cell & 1:
                    found |= self.cell(record.fact, cell)
            return found
        assert isinstance(record, Conjunction)
        found = self.true
        for part in record.parts:
            made = self._made[abs(part)]
            found &= made if part > 0 else ~made
            if found == self.false:
                break
        return found

    def bits(self, fact: int) -> list[str]:
        """The variables that hold the cell of a fact."""
        if fact not in self._bits:
            count = max(1, (self._formulas.sizes[fact] - 1).bit_length())
            names = [f"f{fact}_{bit}" for bit in range(count)]
            self._manager.declare(*names)
            self._bits[fact] = names
        return self._bits[fact]

    def cell(self, fact: int, index: int) -> Any:
        """That a fact lies in a cell."""
        literals = {name: bool(index >> bit & 1) for bit, name in enumerate(self.bits(fact))}
        return self._manager.cube(literals)

    def some_cell(self) -> Any:
        """That every fact lies in a cell that it has."""
        found = self.true
        for fact in list(self._bits):
            size = self._formulas.sizes[fact]
            if size & (size - 1):
                cells = self.false
                for index in range(size):
                    cells |= self.cell(fact, index)
                found &= cells
        return found

    def without(self, facts: Iterable[int], diagram: Any) -> Any:
        """That a diagram holds for some cells of these facts."""
        return self._manager.exist([name for fact in facts for name in self.bits(fact)], diagram)

    def facts_in(self, diagram: Any) -> set[int]:
        """The facts on which a diagram depends."""
        support = self._manager.support(diagram)
        return {fact for fact, names in self._bits.items() if any(name in support for name in names)}

    def count(self, diagram: Any, facts: Sequence[int]) -> int:
        """For how many combinations of cells of these facts a diagram holds; it depends on no others."""
        names = sum(len(self.bits(fact)) for fact in facts)
        return int(self._manager.count(diagram, nvars=names))


def _manager() -> Any:
    try:
        from dd.cudd import BDD
    except ImportError:
        from dd.autoref import BDD
    return BDD()


