"""Patients made to show something, and how they are made: by the solver, then run by the interpreter."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pathway_compiler.analysis.all_patients import Analysis
from pathway_compiler.analysis.proof import Witness
from pathway_compiler.analysis.visits import Visit
from pathway_compiler.analysis.witness import REPLAY_DAY, wishes, witness
from pathway_compiler.engine.environment import Environment, base_environment
from pathway_compiler.engine.interpreter import told
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.vocabulary import Value

__all__ = ["GeneratedPatient", "Generation", "LeftOut", "Made", "Maker", "Purpose", "Shown"]

Purpose = Literal["route", "boundary", "condition"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a patient shows: the place in the guideline, and a sentence."""

    place: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class GeneratedPatient:
    """A patient made to show something, as the interpreter confirms.

    The visit is one of `pathway`; it begins at the review where the witness waits, if any. `before` is
    then the same patient at a first visit that leads to that review, if there is one, and `after_it`
    what the interpreter finds at the review when she has come to it that way.
    """

    name: str
    purpose: Purpose
    shows: tuple[Shown, ...]
    pathway: str
    witness: Witness
    outcome: Outcome
    before: Witness | None = None
    after_it: Outcome | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is shown by no patient, or by none that could be confirmed, and why."""

    purpose: Purpose
    shown: Shown
    reason: str


@dataclass(frozen=True, slots=True)
class Generation:
    """The patients of a guideline, and what is left out."""

    patients: tuple[GeneratedPatient, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A patient who has been run, confirmed to show something."""

    purpose: Purpose
    shown: Shown
    name: tuple[str, ...]
    visit: Visit
    cells: tuple[int, ...]
    witness: Witness
    outcome: Outcome


@dataclass(slots=True)
class Maker:
    """Makes patients who fulfil formulas, as typical as they can be or as near to another one."""

    analysis: Analysis
    typical: list[tuple[int, list[int]]] = field(init=False)

    def __post_init__(self) -> None:
        self.typical = wishes(self.analysis.conditions)

    def cells(self, *parts: int) -> list[int] | None:
        """The cells of the most typical patient who fulfils all parts; None when there is none."""
        if self.analysis.can(*parts) != "yes":
            return None
        return self.analysis.solver.nearest(parts, self.typical)

    def near(
        self, parts: Sequence[int], base: Sequence[int], last: Sequence[int] = ()
    ) -> list[int] | None:
        """The same, as near to another patient as can be: in the facts named `last` less than in others."""
        if self.analysis.can(*parts) != "yes":
            return None
        wished = [
            (fact, [base[fact], *(cell for cell in cells if cell != base[fact])])
            for fact, cells in self.typical
            if fact < len(base)
        ]
        wished.sort(key=lambda wish: wish[0] in last)
        return self.analysis.solver.nearest(parts, wished)

    def witness(self, cells: Sequence[int], formula: int, visit: Visit) -> Witness:
        """The data of the patient with these cells; what matters is what the formula rests on."""
        region = self.analysis.region(formula, cells)
        return witness(self.analysis.conditions, cells, region, visit.waiting)

    def environment(
        self, patient: Witness, pathway: str, arguments: Sequence[tuple[str, Value]]
    ) -> Environment:
        """What the interpreter's conditions see of a patient within a pathway that is told these."""
        environment = base_environment(
            self.analysis.compiled, patient.patient(), REPLAY_DAY, patient.settings
        )
        return told(environment, self.analysis.compiled.graphs[pathway], dict(arguments))

    def why_not(self, formula: int) -> str:
        """Why no patient is shown for a formula: nobody fulfils it, or nobody is confirmed to."""
        verdict = self.analysis.can(formula)
        if verdict == "no":
            return "no patient gets there"
        if verdict == "undecided":
            return "the search was given up after its limit"
        conditions = self.analysis.conditions
        free = dict.fromkeys(
            describe_condition(conditions.facts[number].subject, self.analysis.guideline)
            for number in conditions.formulas.facts_in([formula])
            if conditions.facts[number].free
        )
        if free:
            return "it turns on what the analysis does not look into: " + "; ".join(free)
        return "running the patient does not confirm it"
