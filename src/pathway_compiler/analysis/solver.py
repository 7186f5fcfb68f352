"""Questions about all patients, answered by z3: is there one for whom a formula holds?

The formulas are written as SMT-LIB text, which z3 reads faster than it takes terms one by one. Every
analysis has a context of its own; effort is limited by z3's resource counter, not by the clock, so
that the answers are the same on every machine.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from pathway_compiler.analysis.formulas import FALSE, TRUE, Formulas, Region

if TYPE_CHECKING:
    import z3

__all__ = ["EFFORT", "Solver", "Verdict"]

Verdict = Literal["yes", "no", "undecided"]

EFFORT = 20_000_000
"""z3's resource units for one question; about ten seconds, and hardly ever reached."""


class Solver:
    """A set of formulas that always hold, and questions that are asked within it."""

    def __init__(
        self, formulas: Formulas, always: Sequence[int], roots: Iterable[int], effort: int = EFFORT
    ) -> None:
        import z3

        self._formulas = formulas
        self._always = [law for law in always if law != TRUE]
        self._context = z3.Context()
        self._solver = z3.SolverFor("QF_FD", ctx=self._context)
        self._solver.set("rlimit", effort)
        self._written: set[int] = set()
        self._facts: set[int] = set()
        self._declared: set[str] = set()
        self._named: dict[int, z3.BoolRef] = {}
        self.asked = 0
        self._tell(self._always)
        self._write([*roots, *self._always])

    # --- questions -----------------------------------------------------------------------------------

    def can(self, *parts: int) -> Verdict:
        """Whether some patient fulfils all the parts."""
        if FALSE in parts:
            return "no"
        self._write(parts)
        return self._check(parts)

    def _check(self, parts: Iterable[int]) -> Verdict:
        import z3

        self.asked += 1
        literals = [self._literal(part) for part in parts if part != TRUE]
        result = self._solver.check(*literals)
        if result == z3.sat:
            return "yes"
        return "no" if result == z3.unsat else "undecided"

    def nearest(
        self, parts: Sequence[int], wishes: Sequence[tuple[int, Sequence[int]]]
    ) -> list[int]:
        """A patient who fulfils the parts: fact after fact, the first of the wished cells that is left.

        `wishes` are facts with their cells, the most typical first. The answer depends on nothing but the
        question. Facts without a wish lie in their first possible cell.
        """
        self._write(parts)
        fixed = [part for part in parts if part != TRUE]
        cells = [0] * len(self._formulas.sizes)
        wished = dict(wishes)
        if self._check(fixed) != "yes":
            raise ValueError("nobody fulfils this")
        model = self._cells()
        for fact in [*wished, *(f for f in sorted(self._facts) if f not in wished)]:
            order = wished.get(fact, range(self._formulas.sizes[fact]))
            for cell in order:
                here = self._formulas.cell(fact, cell)
                self._write([here])
                if model[fact] == cell or self._check([*fixed, here]) == "yes":
                    if model[fact] != cell:
                        model = self._cells()
                    fixed.append(here)
                    cells[fact] = cell
                    break
        return cells

    def needed(self, formula: int, literals: Sequence[int]) -> list[int]:
        """The literals, as few as can be left, that make a formula true for everybody."""
        self._write([formula, *literals])
        if self._check([*literals, -formula]) != "no":
            return list(literals)
        kept = self._core(literals)
        for literal in list(kept):
            fewer = [other for other in kept if other != literal]
            if self._check([*fewer, -formula]) == "no":
                core = self._core(fewer)
                kept = [other for other in kept if other in core]
        return kept

    def _core(self, literals: Sequence[int]) -> list[int]:
        """Those literals on which the last `no` rests."""
        core = {str(part) for part in self._solver.unsat_core()}
        return [literal for literal in literals if str(self._literal(literal)) in core]

    # --- text for z3 -----------------------------------------------------------------------------------

    def _tell(self, laws: Sequence[int]) -> None:
        self._write(laws)
        if laws:
            text = "".join(f"(assert {self._name(law)})\n" for law in laws)
            self._solver.from_string(text)

    def _write(self, roots: Iterable[int]) -> None:
        """Tell z3 what the formulas are made of, once for each."""
        formulas = self._formulas
        new = formulas.cone(roots, self._written)
        if not new:
            return
        lines: list[str] = []
        declared: dict[str, None] = {}
        for node in new:
            self._written.add(node)
            record = formulas.nodes[node]
            declared[f"n{node}"] = None
            if isinstance(record, Region):
                size = formulas.sizes[record.fact]
                names = [f"f{record.fact}_{cell}" for cell in range(size)]
                declared.update(dict.fromkeys(names))
                if record.fact not in self._facts:
                    self._facts.add(record.fact)
                    lines.append(_exactly_one(names))
                inside = [names[cell] for cell in range(size) if record.mask >> cell & 1]
                lines.append(f"(assert (= n{node} (or {' '.join(inside)} false)))")
            else:
                assert record is not None
                declared.update(dict.fromkeys(f"n{abs(part)}" for part in record.parts))
                parts = " ".join(self._name(part) for part in record.parts)
                lines.append(f"(assert (= n{node} (and {parts})))")
        names = [name for name in declared if name not in self._declared]
        self._declared.update(names)
        declarations = "".join(f"(declare-const {name} Bool)\n" for name in names)
        self._solver.from_string(declarations + "\n".join(lines))

    def _name(self, formula: int) -> str:
        if formula == TRUE:
            return "true"
        if formula == FALSE:
            return "false"
        return f"n{formula}" if formula > 0 else f"(not n{-formula})"

    def _literal(self, formula: int) -> "z3.BoolRef":
        import z3

        found = self._named.get(formula)
        if found is None:
            if abs(formula) == TRUE:
                found = z3.BoolVal(formula == TRUE, ctx=self._context)
            else:
                found = z3.Bool(f"n{abs(formula)}", ctx=self._context)
                found = found if formula > 0 else z3.Not(found)
            self._named[formula] = found
        return found

    def _cells(self) -> list[int]:
        """The cells of the facts in z3's present model; read from its text, which is one call."""
        cells = [0] * len(self._formulas.sizes)
        for fact, cell in _TRUE_CELL.findall(self._solver.model().sexpr()):
            cells[int(fact)] = int(cell)
        return cells


_TRUE_CELL = re.compile(r"\(define-fun f(\d+)_(\d+) \(\) Bool\s+true\)")


def _exactly_one(names: Sequence[str]) -> str:
    pairs = [f"(or (not {a}) (not {b}))" for i, a in enumerate(names) for b in names[i + 1 :]]
    return f"(assert (and (or {' '.join(names)}) {' '.join(pairs)} true))"
