"""Actions, their classes, and regimens made of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pathway_compiler.datatypes.number import Number
from pathway_compiler.datatypes.units import Unit
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.acceptance import Acceptance
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.types import Coding

__all__ = [
    "Action", "ActionClass", "ActionKind", "AllOf", "Authorisation", "Contraindication", "Course",
    "Dose", "Incompatibility", "OneOf", "Regimen", "Sequence", "courses",
]  # fmt: skip

ActionKind = Literal["agent", "procedure", "investigation", "service"]


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What a regulator authorises an agent for; a fact about the agent, apart from any recommendation."""

    regulator: str
    text: str
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """An agent (drug), procedure, investigation or service."""

    name: str
    label: str
    kind: ActionKind
    codes: tuple[Coding, ...] = ()
    synonyms: tuple[str, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ActionClass:
    """A class of actions or of other classes."""

    name: str
    label: str
    kind: ActionKind
    members: tuple[str, ...]
    issues: tuple[str, ...] = ()
    note: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount in its unit, as written."""

    amount: Number
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Course:
    """One action in a regimen, with dose, interval and duration where the guideline says them.

    `condition` is the feasibility gate of `… if …`: the part drops out when it is false.
    """

    action: str
    dose: Dose | None = None
    every: Dose | None = None
    duration: Dose | None = None
    condition: Expression | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Parts given together; each can be contraindicated on its own."""

    parts: tuple["Regimen", ...]
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Alternatives of equal standing: one of them is given."""

    alternatives: tuple["Regimen", ...]
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Steps one after the other in time."""

    steps: tuple["Regimen", ...]
    condition: Expression | None = None


Regimen = Course | AllOf | OneOf | Sequence


def courses(regimen: Regimen) -> Iterator[Course]:
    """Every single course within a regimen, in the order of the text."""
    match regimen:
        case Course():
            yield regimen
        case AllOf():
            for part in regimen.parts:
                yield from courses(part)
        case OneOf():
            for part in regimen.alternatives:
                yield from courses(part)
        case Sequence():
            for part in regimen.steps:
                yield from courses(part)


@dataclass(frozen=True, slots=True)
class Contraindication:
    """A veto on actions: all that a set-valued element names, or the given ones under a condition."""

    name: str
    label: str
    each_of: str | None = None
    actions: tuple[str, ...] = ()
    condition: Expression | None = None
    statements: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Incompatibility:
    """Two actions (or classes) that are never given together."""

    name: str
    label: str
    first: str
    second: str
    statements: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)
