"""Recommendations as the run meets them, before they override each other."""

from dataclasses import dataclass, replace
from typing import Literal

from pathway_compiler.datatypes.truth import Truth, Unknown, kleene_and, kleene_not, kleene_or
from pathway_compiler.engine.environment import Environment
from pathway_compiler.engine.expressions import evaluate_condition
from pathway_compiler.engine.outcome import (
    Because,
    Direction,
    GradedEvidence,
    OptionOutcome,
    RegimenPart,
    Step,
)
from pathway_compiler.engine.regimens import assess
from pathway_compiler.engine.why_not import WhyNot
from pathway_compiler.language import gettext as _
from pathway_compiler.model.action import AllOf, Regimen, courses
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    OTHERWISE_NOT,
    Choose,
    Course,
    Eligibility,
    Option,
    Recommend,
    Stance,
    Standing,
)
from pathway_compiler.semantics.regimens import VERB_KINDS

__all__ = [
    "Draft",
    "OptionDraft",
    "Place",
    "direction_of",
    "draft_recommendations",
    "graded_evidence",
    "line_to_add_to",
    "moment_of",
]

Path = tuple[str, ...]
_REACHED = WhyNot((), later=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a recommendation stands, how the run came there, or why it did not."""

    pathway: str
    node: Recommend | Standing | Choose
    via: tuple[str, ...]
    route: tuple[Step, ...]
    because: tuple[Because, ...]
    not_reached: WhyNot = _REACHED


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """An option with the truth of its being eligible."""

    option: Option
    truth: Truth
    outcome: OptionOutcome


@dataclass(frozen=True, slots=True)
class Draft:
    """A recommendation with the truth of its being given, before overriding.

    `own` is the part of it that does not depend on the route: eligibility and contraindications.
    """

    place: Place
    path: Path
    title: str
    direction: Direction
    truth: Truth
    own: Truth
    reasons: tuple[str, ...]
    evidence: tuple[GradedEvidence, ...]
    regimen: tuple[RegimenPart, ...]
    avoids: tuple[str, ...]
    cautions: tuple[str, ...]
    options: tuple[OptionDraft, ...]
    overrides: tuple[Path, ...]
    moment: str | None
    exclusive: bool = True

    @property
    def option_doubts(self) -> tuple[Unknown, ...]:
        """What is missing about options; nothing when the choice itself is not for this patient."""
        if self.truth is False:
            return ()
        return tuple(o.truth for o in self.options if isinstance(o.truth, Unknown))


def draft_recommendations(
    place: Place, active: Truth, environment: Environment, adding: Regimen | None
) -> tuple[Draft, ...]:
    """What a node recommends: one draft, or two when it says `only if`."""
    node = place.node
    guideline = environment.guideline
    path = (place.pathway, node.name)
    if active is False:
        return (_not_reached(place, path),)
    eligible, against = _eligibility(node.eligibility, environment)
    only_if, not_only_if = _only_if(node.eligibility, environment)
    if isinstance(node, Standing) or (isinstance(node, Recommend) and node.stance != "recommend"):
        adding = None
    course = _assess_course(node.course, environment, adding)
    options: tuple[OptionDraft, ...] = ()
    possible: Truth = kleene_not(course.impossible)
    reasons = [*against, *not_only_if, *course.reasons]
    stance: Stance = "recommend"
    exclusive = True
    if isinstance(node, Choose):
        # What the choice itself says holds for every option, an added part as well.
        if line_to_add_to(node.course, adding, guideline) is not None:
            adding = None
        options = tuple(
            _option(option, path, environment, adding, course) for option in node.options
        )
        possible = kleene_or(o.truth for o in options)
        exclusive = not node.combinable
        if possible is False:
            reasons.append(_("no option is left"))
            reasons += [f"{o.option.label}: {'; '.join(o.outcome.reasons)}" for o in options]
    else:
        stance = node.stance
    avoids = course.avoids
    if stance == "recommend against":
        # What stands under a verb there is what not to do; a contraindication only agrees with that.
        avoids = tuple(dict.fromkeys((*avoids, *_actions_of(course.parts))))
        possible, reasons = True, [*against, *not_only_if]
    own = kleene_and([eligible, only_if, possible])
    draft = Draft(
        place,
        path,
        node.label,
        direction_of(stance, node.statements, node.course, guideline),
        kleene_and([active, own]),
        own,
        tuple(reasons),
        tuple(graded_evidence(name, guideline) for name in node.statements),
        course.parts,
        avoids,
        course.cautions,
        options,
        node.course.overrides,
        moment_of(node, guideline),
        exclusive,
    )
    if not node.eligibility.only_if:
        return (draft,)
    mirrored = replace(
        draft,
        path=(*path, OTHERWISE_NOT),
        title=_("Not otherwise: %(title)s", title=node.label),
        direction="against",
        truth=kleene_and([active, eligible, kleene_not(only_if)]),
        own=kleene_and([eligible, kleene_not(only_if)]),
        reasons=place.not_reached.reasons,
        regimen=(),
        avoids=tuple(dict.fromkeys(_actions_of(course.parts))),
        cautions=(),
        options=(),
        overrides=(),
    )
    return draft, mirrored


def _not_reached(place: Place, path: Path) -> Draft:
    """What no route of this visit leads to: only its reasons are told."""
    node = place.node
    return Draft(
        place=place,
        path=path,
        title=node.label,
        direction="for",
        truth=False,
        own=False,
        reasons=place.not_reached.reasons,
        evidence=(),
        regimen=(),
        avoids=(),
        cautions=(),
        options=(),
        overrides=(),
        moment=None,
    )


def _option(
    option: Option,
    path: Path,
    environment: Environment,
    adding: Regimen | None,
    shared: "_AssessedCourse",
) -> OptionDraft:
    """An option; nothing of it is left when nothing of its own lines and of the shared ones is."""
    guideline = environment.guideline
    eligible, against = _eligibility(option.eligibility, environment)
    only_if, not_only_if = _only_if(option.eligibility, environment)
    course = _assess_course(option.course, environment, adding)
    lines = [c.impossible for c in (shared, course) if c.parts]
    impossible: Truth = kleene_and(lines) if lines else False
    truth = kleene_and([eligible, only_if, kleene_not(impossible)])
    status: Literal["eligible", "perhaps", "excluded"] = "perhaps"
    if not isinstance(truth, Unknown):
        status = "eligible" if truth else "excluded"
    reasons = [*against, *not_only_if, *course.reasons]
    if truth is not True:
        reasons += shared.reasons
    outcome = OptionOutcome(
        ".".join((*path, option.name)),
        option.label,
        option.rank,
        status,
        tuple(reasons),
        tuple(graded_evidence(name, guideline) for name in option.statements),
        course.parts,
        course.avoids,
        course.cautions,
    )
    return OptionDraft(option, truth, outcome)


@dataclass(frozen=True, slots=True)
class _AssessedCourse:
    parts: tuple[RegimenPart, ...]
    impossible: Truth
    reasons: tuple[str, ...]
    avoids: tuple[str, ...]
    cautions: tuple[str, ...]


def _assess_course(
    course: Course, environment: Environment, adding: Regimen | None
) -> _AssessedCourse:
    """The actions of a course under contraindications; impossible when nothing of it is left."""
    regimens = [p.regimen for p in course.performs]
    index = line_to_add_to(course, adding, environment.guideline)
    if index is not None and adding is not None:
        regimens[index] = AllOf((regimens[index], adding))
    assessed = [
        assess(regimen, environment, performs.inseparable)
        for regimen, performs in zip(regimens, course.performs, strict=True)
    ]
    impossible: Truth = kleene_and(a.impossible for a in assessed) if assessed else False
    reasons: dict[str, None] = {}
    for item in assessed:
        for part in _leaves(item.part):
            if part.status in ("barred", "not applicable", "perhaps"):
                for reason in part.reasons:
                    reasons[f"{part.text}: {reason}"] = None
    cautions = []
    for caution in course.cautions:
        truth = (
            True
            if caution.condition is None
            else evaluate_condition(caution.condition, environment)
        )
        if truth is not False:
            cautions.append(caution.text)
    return _AssessedCourse(
        tuple(a.part for a in assessed),
        impossible,
        tuple(reasons) if impossible is not False else (),
        course.avoids,
        tuple(cautions),
    )


def line_to_add_to(course: Course, adding: Regimen | None, guideline: Guideline) -> int | None:
    """The first line of a course whose actions are of the kind of the added ones."""
    if adding is None:
        return None
    added = next(courses(adding)).action
    kind = (guideline.actions.get(added) or guideline.classes[added]).kind
    return next(
        (i for i, line in enumerate(course.performs) if VERB_KINDS[line.verb] == kind), None
    )


def _leaves(part: RegimenPart) -> list[RegimenPart]:
    if not part.parts:
        return [part]
    return [leaf for inner in part.parts for leaf in _leaves(inner)]


def _actions_of(parts: tuple[RegimenPart, ...]) -> list[str]:
    return [leaf.action for part in parts for leaf in _leaves(part) if leaf.action is not None]


def _eligibility(eligibility: Eligibility, environment: Environment) -> tuple[Truth, list[str]]:
    """Whether `when` and `unless` let something apply, and what speaks against it."""
    truths: list[Truth] = []
    reasons: list[str] = []
    guideline = environment.guideline
    for condition in eligibility.when:
        truth = evaluate_condition(condition, environment)
        truths.append(truth)
        if truth is not True:
            words = describe_condition(condition, guideline)
            if truth is False:
                reasons.append(_("only when: %(condition)s", condition=words))
            else:
                reasons.append(_("only when (not known): %(condition)s", condition=words))
    for condition in eligibility.unless:
        truth = evaluate_condition(condition, environment)
        truths.append(kleene_not(truth))
        if truth is not False:
            words = describe_condition(condition, guideline)
            if truth is True:
                reasons.append(_("not when: %(condition)s", condition=words))
            else:
                reasons.append(_("not when (not known): %(condition)s", condition=words))
    return kleene_and(truths), reasons


def _only_if(eligibility: Eligibility, environment: Environment) -> tuple[Truth, list[str]]:
    truths: list[Truth] = []
    reasons: list[str] = []
    for condition in eligibility.only_if:
        truth = evaluate_condition(condition, environment)
        truths.append(truth)
        if truth is not True:
            words = describe_condition(condition, environment.guideline)
            reasons.append(_("only if: %(condition)s", condition=words))
    return kleene_and(truths), reasons


def direction_of(
    stance: Stance, statements: tuple[str, ...], course: Course, guideline: Guideline
) -> Direction:
    """For or against, as the node says; an option of the source is selective."""
    match stance:
        case "recommend":
            kinds = [guideline.statements[name].kind for name in statements]
            if course.avoids and not course.performs:
                return "against"
            return "selective" if kinds and all(kind == "option" for kind in kinds) else "for"
        case "recommend against":
            return "against"
        case "no consensus":
            return "no consensus"
        case "await research":
            return "await research"


def moment_of(node: Recommend | Standing | Choose, guideline: Guideline) -> str | None:
    """When in the workflow: as the node says, or as all of its statements say."""
    moments = {guideline.statements[name].moment for name in node.statements} - {None}
    only = next(iter(moments)) if len(moments) == 1 else None
    return node.course.moment or only


def graded_evidence(name: str, guideline: Guideline) -> GradedEvidence:
    """A statement with the evidence that covers it, as printed."""
    statement = guideline.statements[name]
    evidence = guideline.printed_evidence(statement)
    return GradedEvidence(
        name,
        statement.label,
        statement.kind,
        guideline.header.grading or "",
        evidence.certainty,
        evidence.grade,
        evidence.references,
        statement.section,
        statement.lines,
    )
