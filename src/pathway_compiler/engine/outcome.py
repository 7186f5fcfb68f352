"""The result of a run, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Missing, Truth, Unknown
from pathway_compiler.engine.outcome_html import outcome_html
from pathway_compiler.model.case import Status
from pathway_compiler.model.pathway import Rank
from pathway_compiler.model.vocabulary import Value

__all__ = [
    "ActionOutcome", "AuthorisationOutcome", "Because", "BranchTrace", "Certainty", "Contradiction", "DerivedFact", "Direction", "Exactness",
    "GradedEvidence", "NeededElement", "NotRecommended", "OptionOutcome", "Outcome", "PartStatus",
    "Recommendation", "RegimenPart", "ReviewOutcome", "Step", "TraceEntry", "WaitingPoint",
]  # fmt: skip

Certainty = Literal["given", "possible"]
Direction = Literal["for", "selective", "against", "no consensus", "await research"]
Exactness = Literal["kleene", "exact", "out of reach"]
PartStatus = Literal["offered", "perhaps", "barred", "not applicable"]


@dataclass(frozen=True, slots=True)
class GradedEvidence:
    """One graded statement behind a recommendation, exactly as printed."""

    statement: str
    title: str
    kind: str
    scheme: str
    certainty: str | None
    grade: str | None
    references: tuple[int, ...]
    section: str
    lines: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Because:
    """One answer on the way to a recommendation, and the facts it rests on."""

    node: str
    question: str
    answer: str
    facts: tuple[tuple[str, Value | Unknown], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A node on the route, with the answer by which it was left."""

    node: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class RegimenPart:
    """A part of a regimen: one action, or alternatives, or parts in order."""

    kind: Literal["action", "all of", "one of", "then"]
    text: str
    status: PartStatus
    action: str | None = None
    reasons: tuple[str, ...] = ()
    parts: tuple["RegimenPart", ...] = ()


@dataclass(frozen=True, slots=True)
class OptionOutcome:
    """One option of a choice: whether it is eligible, and why it is not."""

    id: str
    title: str
    rank: Rank
    status: Literal["eligible", "perhaps", "excluded"]
    reasons: tuple[str, ...]
    evidence: tuple[GradedEvidence, ...]
    regimen: tuple[RegimenPart, ...]
    avoids: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation that is given, or possible with the data at hand.

    `id` is stable: pathway and node. `via` are the nodes by which other pathways led here.
    """

    id: str
    title: str
    direction: Direction
    certainty: Certainty
    evidence: tuple[GradedEvidence, ...]
    regimen: tuple[RegimenPart, ...]
    avoids: tuple[str, ...]
    cautions: tuple[str, ...]
    options: tuple[OptionOutcome, ...]
    because: tuple[Because, ...]
    route: tuple[Step, ...]
    missing: tuple[Missing, ...] = ()
    via: tuple[str, ...] = ()
    moment: str | None = None
    exclusive: bool = True
    standing: bool = False
    decided_by: Literal["kleene", "exact"] = "kleene"


@dataclass(frozen=True, slots=True)
class NotRecommended:
    """A recommendation that is not given, with what speaks against it.

    `later` when nothing does: only a later visit leads to it.
    """

    id: str
    title: str
    reasons: tuple[str, ...]
    via: tuple[str, ...] = ()
    later: bool = False


@dataclass(frozen=True, slots=True)
class AuthorisationOutcome:
    """What a regulator authorises an agent for, and whether that covers this patient."""

    regulator: str
    text: str
    status: Literal["covered", "perhaps", "not covered"]


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """One action across all recommendations: who asks for it, and what bars it.

    Authorisation is a fact beside the recommendation; it changes nothing about it.
    """

    action: str
    title: str
    certainty: Certainty
    recommended_by: tuple[str, ...]
    barred_by: tuple[str, ...]
    alternative: bool
    authorisations: tuple[AuthorisationOutcome, ...] = ()
    decided_by: Literal["kleene", "exact"] = "kleene"


@dataclass(frozen=True, slots=True)
class NeededElement:
    """A fact that would settle something; those needed now and easy to find out come first."""

    element: str
    question: str
    urgency: Literal["needed now", "perhaps later"]
    settles: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """The value of a definition, reading or derived element, and the facts it was read from."""

    name: str
    title: str
    value: Value | Unknown | str
    facts: tuple[tuple[str, Value | Unknown], ...]


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """A review at which the patient waits."""

    id: str
    title: str
    certainty: Certainty
    every: str | None
    via: tuple[str, ...] = ()
    since: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two recommendations that speak for and against the same action, or give incompatible ones,
    or compete for one slot; then `action` is None.
    """

    first: str
    second: str
    action: str | None
    text: str
    certainty: Certainty
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BranchTrace:
    """One answer of a decision in a trace: its own condition and whether the route takes it."""

    name: str
    label: str
    condition: Truth
    taken: Truth
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """What a run found at one node; `since` is the day after which it read the facts of this visit."""

    pathway: str
    node: str
    kind: str
    label: str
    activation: Truth
    branches: tuple[BranchTrace, ...] = ()
    facts: tuple[tuple[str, Value | Unknown], ...] = ()
    via: tuple[str, ...] = ()
    since: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class WaitingPoint:
    """Where a patient waits between visits: a review since a day, or the start (`node` None)."""

    pathway: str
    node: str | None
    via: tuple[str, ...] = ()
    since: PartialDate | None = None


@dataclass(frozen=True)
class Outcome:
    """Everything a run says about one patient on one day."""

    guideline: str
    guideline_title: str
    guideline_version: str
    content_hash: str
    pathway: str
    patient: str
    as_of: PartialDate
    status: Status
    recommendations: tuple[Recommendation, ...]
    not_recommended: tuple[NotRecommended, ...]
    actions: tuple[ActionOutcome, ...]
    needs: tuple[NeededElement, ...]
    unanswerable: tuple[Missing, ...]
    definitions: tuple[DerivedFact, ...]
    reviews: tuple[ReviewOutcome, ...]
    contradictions: tuple[Contradiction, ...]
    outside: tuple[str, ...]
    ends: tuple[str, ...]
    trace: tuple[TraceEntry, ...]
    waiting: tuple[WaitingPoint, ...]
    settings: Mapping[str, Value] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Value | Unknown] = field(default_factory=dict)
    language: str = "en"
    """The language of the guideline, in which the texts of this result are."""
    irrelevant: tuple[str, ...] = ()
    """Missing elements that settle nothing any more, whatever their values."""
    exactness: Exactness = "kleene"
    """`exact` when what is open is so in earnest: it was found out what holds whatever is missing;
    `out of reach` when that was too hard, `kleene` when it was not asked for or nothing was open."""

    @property
    def given(self) -> tuple[Recommendation, ...]:
        """The recommendations that hold for this patient."""
        return tuple(r for r in self.recommendations if r.certainty == "given")

    @property
    def possible(self) -> tuple[Recommendation, ...]:
        """The recommendations that hold or not, depending on missing data."""
        return tuple(r for r in self.recommendations if r.certainty == "possible")

    @property
    def leaves_open(self) -> bool:
        """Whether something depends on missing data."""
        return self.status == "needs_data" or bool(self.possible)

    def recommendation(self, id_: str) -> Recommendation | None:
        """The recommendation with this id, or whose id ends in `.id_`."""
        return next(
            (r for r in self.recommendations if r.id == id_ or r.id.endswith(f".{id_}")), None
        )

    def _repr_html_(self) -> str:
        return outcome_html(self)
