"""What is to be proved of a guideline, and what came out, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.patient_data.patient import Observation, Patient

if TYPE_CHECKING:  # a kept proof is read at every start: the engine is not needed for that
    from pathway_compiler.engine.outcome import WaitingPoint

__all__ = ["Obligation", "ObligationKind", "Proof", "ProofVerdict", "Witness"]

ObligationKind = Literal[
    "somebody can be",
    "covers every patient",
    "answers exclude each other",
    "row is not dead",
    "answer is taken",
    "is reached",
    "is given",
    "option is eligible",
    "applies to somebody",
    "applies not to everybody",
    "condition matters",
    "condition repeats nothing",
    "can be settled",
    "contradicts nothing",
]
"""What an obligation asks for, in the words of the report."""

ProofVerdict = Literal["proved", "refuted", "undecided"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A patient who shows a finding.

    `facts` are complete as far as the guideline asks; `matter` names those that the finding rests on.
    `waiting` is the review at which the visit begins, if any. `confirmed` when the interpreter, run on
    the patient, finds the same.
    """

    facts: Mapping[str, Value]
    matter: tuple[str, ...]
    settings: Mapping[str, Value] = field(default_factory=dict)
    waiting: tuple[WaitingPoint, ...] = ()
    confirmed: bool = False

    def patient(self) -> Patient:
        return Patient(
            "witness", {name: (Observation(value),) for name, value in self.facts.items()}
        )


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing to be proved about a place of the guideline.

    `place` is a pathway, node and answer or option; a definition by its name; two recommendations.
    `rests_on_free` when a refutation involves facts that the analysis does not look into, so that the
    patient it shows may not exist. `boxes` describe the patients for whom it fails.
    """

    kind: ObligationKind
    place: tuple[str, ...]
    verdict: ProofVerdict
    diagnostic: Diagnostic | None = None
    witness: Witness | None = None
    boxes: tuple[str, ...] = ()
    rests_on_free: bool = False
    accepted: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """All obligations of a guideline, kind by kind, and how often the solver was asked."""

    guideline: Guideline
    obligations: tuple[Obligation, ...]
    questions: int = 0

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings that are not accepted."""
        return tuple(
            o.diagnostic
            for o in self.obligations
            if o.diagnostic is not None and o.accepted is None
        )
