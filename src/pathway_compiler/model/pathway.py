"""Pathways: the nodes of a flowchart, as the author wrote them."""

from dataclasses import dataclass, field
from typing import Literal

from pathway_compiler.datatypes.number import Number
from pathway_compiler.datatypes.units import Unit
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.acceptance import Acceptance
from pathway_compiler.model.action import Regimen
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.types import Type
from pathway_compiler.model.vocabulary import Value

__all__ = [
    "Argument", "Branch", "Caution", "Choose", "Course", "Decision", "DecisionKind", "Eligibility", "End",
    "Follow", "Node", "OTHERWISE_NOT", "Option", "Outside", "Pathway", "PathwayParameter", "Performs", "Rank", "Recommend",
    "Review", "Slot", "Stance", "Standing", "Together", "Verb", "Interval", "NodeBase",
]  # fmt: skip

OTHERWISE_NOT = "otherwise_not"
"""What the other side of an `only if` is called, after its recommendation."""
DecisionKind = Literal["plain", "first match", "all that apply"]
Rank = Literal["preferred", "acceptable", "fallback", "option"]
Stance = Literal["recommend", "recommend against", "no consensus", "await research"]
Verb = Literal["give", "do", "order", "offer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeBase:
    """What all nodes share: a stable name, a label, the statements they encode, notes."""

    name: str
    label: str
    targets: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """One answer of a decision or of a review; the condition is None for `otherwise`.

    `name` is stable as long as the order of the branches is: `branch_1`, `branch_2`, `otherwise`.
    """

    name: str
    label: str
    condition: Expression | None
    targets: tuple[str, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(NodeBase):
    """A point where the route depends on a condition about the patient."""

    kind: DecisionKind
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """When something applies (`when`) and when not (`unless`); `only_if` speaks in both directions."""

    when: tuple[Expression, ...] = ()
    unless: tuple[Expression, ...] = ()
    only_if: tuple[Expression, ...] = ()

    @property
    def always(self) -> bool:
        return not (self.when or self.unless or self.only_if)


@dataclass(frozen=True, slots=True)
class Performs:
    """An action line: `give` agents, `do` procedures, `order` investigations, `offer` services.

    An inseparable regimen (`give together …`) is given whole or not at all; of others what remains
    under contraindications is offered.
    """

    verb: Verb
    regimen: Regimen
    inseparable: bool = False


@dataclass(frozen=True, slots=True)
class Caution:
    """A caution that travels with an option or a recommendation."""

    text: str
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A course of action: what is done, what is avoided, cautions, and which others it overrides."""

    performs: tuple[Performs, ...] = ()
    avoids: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()
    overrides: tuple[tuple[str, ...], ...] = ()
    moment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommend(NodeBase):
    """One course of action, for or against; or the finding that there is no consensus."""

    stance: Stance = "recommend"
    eligibility: Eligibility = Eligibility()
    course: Course = Course()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(NodeBase):
    """A recommendation that holds wherever its pathway is active."""

    stance: Stance = "recommend"
    eligibility: Eligibility = Eligibility()
    course: Course = Course()


@dataclass(frozen=True, slots=True)
class Option:
    """One course among several, with its rank; rank says nothing about whether it applies."""

    name: str
    label: str
    rank: Rank
    eligibility: Eligibility
    course: Course
    statements: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(NodeBase):
    """Several courses with a preference, or with none (`any_of`); exclusive unless `combinable`."""

    options: tuple[Option, ...]
    any_of: bool = False
    combinable: bool = False
    eligibility: Eligibility = Eligibility()
    course: Course = Course()


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(NodeBase):
    """Several branches at once."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A value for a parameter of a followed pathway."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow(NodeBase):
    """Another pathway, with arguments and an added part, then on."""

    pathway: str
    arguments: tuple[Argument, ...] = ()
    adding: Regimen | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """How often: `every 2 to 4 cycles`. A unit of None counts treatment cycles."""

    low: Number
    high: Number
    unit: Unit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(NodeBase):
    """Time passes: the visit ends here, and the branches are read at a later visit."""

    every: Interval | None = None
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class End(NodeBase):
    """An explicit stop, with a note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside(NodeBase):
    """A patient whom the guideline was not written for; the label is what she is told."""


Node = Decision | Recommend | Choose | Standing | Together | Follow | Review | End | Outside


@dataclass(frozen=True, slots=True)
class PathwayParameter:
    """What a pathway is told by the pathway that follows it."""

    name: str
    type: Type
    default: Value | None


@dataclass(frozen=True, slots=True)
class Pathway:
    """One flowchart. It starts at its first node that is not `standing`."""

    name: str
    label: str
    parameters: tuple[PathwayParameter, ...]
    applies: Expression | None
    nodes: tuple[Node, ...]
    statements: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span = field(kw_only=True, compare=False, repr=False)

    @property
    def start(self) -> Node | None:
        return next((n for n in self.nodes if not isinstance(n, Standing)), None)

    def node(self, name: str) -> Node | None:
        return next((n for n in self.nodes if n.name == name), None)


@dataclass(frozen=True, slots=True)
class Slot:
    """Recommendations, as pathway and node, of which a patient gets at most one at a time."""

    name: str
    label: str
    recommendations: tuple[tuple[str, str], ...]
    statements: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span = field(kw_only=True, compare=False, repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The recommendations as an outcome names them."""
        return tuple(f"{pathway}.{node}" for pathway, node in self.recommendations)
