"""Changes of what the guideline does: routes, conditions, actions, ranks, vetoes. All that is left.

Whatever differs in meaning and is neither evidence nor data nor a case is told here, so that nothing is left
out when the language grows.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from pathway_compiler.changes.bearing import facts_behind, gates
from pathway_compiler.changes.change import Change, Effect
from pathway_compiler.changes.comparison import Comparison, Difference
from pathway_compiler.changes.data import is_data
from pathway_compiler.changes.evidence import is_evidence
from pathway_compiler.changes.items import Item, Table, shown
from pathway_compiler.changes.words import condition_in_words, in_words
from pathway_compiler.model import action
from pathway_compiler.model.action import ActionClass, Contraindication, Incompatibility, Regimen
from pathway_compiler.model.describe import describe_condition, describe_value
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Branch,
    Caution,
    Choose,
    Course,
    Decision,
    Follow,
    Option,
    Pathway,
    PathwayParameter,
    Performs,
    Recommend,
    Review,
    Slot,
    Standing,
)
from pathway_compiler.model.types import EnumType
from pathway_compiler.model.vocabulary import (
    Constraint,
    Definition,
    DefinitionRow,
    Reading,
    ReadingAlternative,
)

__all__ = ["structure_changes"]

_TABLES: tuple[Table, ...] = (
    "fact", "row", "alternative", "action", "constraint", "contraindication", "incompatibility",
    "pathway", "pathway parameter", "node", "option", "branch", "slot",
)  # fmt: skip


def structure_changes(comparison: Comparison) -> Iterator[Change]:
    """Everything that differs in meaning and is not told elsewhere."""
    content = _facts_of_content(comparison.old) | _facts_of_content(comparison.new)
    for found in comparison.differences:
        table = found.match.new.table
        if not is_evidence(table, found.aspect) and not is_data(found.match.new):
            yield comparison.change(found, _effect(found, content, comparison))
    yield from _orders(comparison, content)
    for item in comparison.gone(*_TABLES):
        if not is_data(item):
            told = _told(item, comparison.old)
            yield comparison.removed(item, told, _effect_of_presence(item, content))
    for item in comparison.come(*_TABLES):
        if not is_data(item):
            told = _told(item, comparison.new)
            yield comparison.added(item, told, _effect_of_presence(item, content))


# --- whether it is certain to change what a patient is told -------------------------------------------------


def _effect(found: Difference, content: frozenset[str], comparison: Comparison) -> Effect:
    item = found.match.new
    match item.record, found.aspect:
        case ReadingAlternative(), _ if not _is_chosen(found):
            return "perhaps"  # nobody's outcome, until somebody chooses it
        case ((Definition() | DefinitionRow() | Reading() | ReadingAlternative()), _):
            return _through(item.id[0], content)
        case _, (
            "when" | "unless" | "only_if" | "overrides" | "targets" | "applies" | "start" | "entry"
        ):
            return "outcomes decide"
        case ((Constraint() | Branch()), _):
            return "outcomes decide"
        case Decision(), _:
            return "outcomes decide"
        case Follow(), _:
            return "outcomes decide" if found.aspect == "pathway" else "perhaps"
        case Contraindication(), "condition":
            return "perhaps"
        case _, ("performs" | "cautions"):
            old = comparison.old_side.aspect(found.match.old, found.aspect, _bare(found.old))
            new = comparison.new_side.aspect(item, found.aspect, _bare(found.new))
            return "perhaps" if old == new else "certain"
        case _:
            return "certain"


def _is_chosen(found: Difference) -> bool:
    record = found.match.new.record
    return isinstance(record, ReadingAlternative) and record.chosen


def _effect_of_presence(item: Item, content: frozenset[str]) -> Effect:
    """What it means that something is there in one version only."""
    match item.record:
        case (
            Recommend() | Standing() | Choose() | Option() | Contraindication() | Incompatibility()
        ):
            return "certain"
        case Slot():
            return "certain"
        case DefinitionRow():
            return _through(item.id[0], content)
        case Definition() | Reading() | ReadingAlternative() | ActionClass() | Pathway():
            return "none"  # it acts through what reads it, gives it, follows it
        case PathwayParameter():
            return "none"
        case _ if item.kind in ("review", "outside"):
            return "certain"
        case _:
            return "outcomes decide"


def _through(fact: str, content: frozenset[str]) -> Effect:
    """A fact that only routes and eligibility read shows in the outcomes."""
    return "perhaps" if fact in content else "outcomes decide"


def _facts_of_content(guideline: Guideline) -> frozenset[str]:
    """The facts behind conditions within a card and behind vetoes, which do not show in who gets it."""
    found: list[Expression] = []
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            courses: list[Course] = []
            if isinstance(node, Recommend | Standing | Choose):
                courses.append(node.course)
            if isinstance(node, Choose):
                courses += [option.course for option in node.options]
            if isinstance(node, Follow) and node.adding is not None:
                found += gates(node.adding)
            for course in courses:
                for performs in course.performs:
                    found += gates(performs.regimen)
                found += [c.condition for c in course.cautions if c.condition is not None]
    for veto in guideline.contraindications.values():
        found += [veto.condition] if veto.condition is not None else []
    for action_ in guideline.actions.values():
        found += [a.condition for a in action_.authorisations if a.condition is not None]
    return facts_behind(found, guideline)


def _bare(value: object) -> object:
    """Actions or cautions without their conditions."""
    match value:
        case tuple():
            return tuple(_bare(part) for part in value)
        case Performs():
            return replace(value, regimen=_without_gates(value.regimen))
        case Caution():
            return replace(value, condition=None)
        case _:
            return value


def _without_gates(regimen: Regimen) -> Regimen:
    match regimen:
        case action.Course():
            return replace(regimen, condition=None)
        case action.AllOf():
            return action.AllOf(tuple(map(_without_gates, regimen.parts)))
        case action.OneOf():
            return action.OneOf(tuple(map(_without_gates, regimen.alternatives)))
        case action.Sequence():
            return action.Sequence(tuple(map(_without_gates, regimen.steps)))


# --- order, where it decides --------------------------------------------------------------------------------


def _orders(comparison: Comparison, content: frozenset[str]) -> Iterator[Change]:
    """Answers, rows and ordered values that stand in another order."""
    for match in comparison.matching.matches:
        effect: Effect
        table: Table
        match match.old.record, match.new.record:
            case Decision(kind="first match"), Decision(kind="first match"):
                table = "branch"
                effect = "outcomes decide"
            case Definition(first_match=True), Definition(first_match=True):
                table = "row"
                effect = _through(match.new.id[0], content)
            case EnumType(ordered=True), EnumType(ordered=True):
                table = "value"
                effect = "certain"
            case _:
                continue
        old, new = comparison.parts(match, table)
        if [part.id for part in old] != [part.id for part in new]:
            words = [[part.label for part in side] for side in (old, new)]
            if words[0] == words[1]:  # two rows of one label
                words = [[_told(part, comparison.new) for part in side] for side in (old, new)]
            before, after = (", ".join(side) for side in words)
            item, touches = match.new, comparison.touches(match)
            yield Change(
                item.kind, shown(item.id), item.label, "", "order", before, after, effect, touches
            )


# --- words ---------------------------------------------------------------------------------------------------


def _told(item: Item, guideline: Guideline) -> str:
    """What something says that is there in one version only."""

    def said(aspect: str, value: object) -> str:
        return in_words(aspect, value, item, guideline)

    match item.record:
        case Branch() as branch:
            targets = ", ".join(said("targets", target) for target in branch.targets)
            return f"{condition_in_words(branch.condition, guideline)} → {targets}"
        case (DefinitionRow() | Constraint()) as row:
            return condition_in_words(row.condition, guideline)
        case ReadingAlternative() as alternative:
            return describe_condition(alternative.expression, guideline)
        case Reading() as reading:
            return describe_condition(reading.chosen.expression, guideline)
        case Definition(expression=None) as definition:
            values = [describe_value(r.value, definition.type, guideline) for r in definition.rows]
            conditions = [condition_in_words(row.condition, guideline) for row in definition.rows]
            return "; ".join(f"{v}: {c}" for v, c in zip(values, conditions, strict=True))
        case Definition(expression=expression):
            return condition_in_words(expression, guideline)
        case ActionClass() as class_:
            return ", ".join(said("members", name) for name in class_.members)
        case Contraindication() as veto:
            barred = ", ".join(said("actions", name) for name in veto.actions)
            listed = said("each_of", veto.each_of) if veto.each_of else ""
            under = (
                f" when {describe_condition(veto.condition, guideline)}" if veto.condition else ""
            )
            return f"{barred or listed}{under}"
        case Incompatibility() as pair:
            return f"{said('actions', pair.first)} with {said('actions', pair.second)}"
        case (Recommend() | Standing()) as card:
            return "; ".join((card.stance, *_course(card.course, said)))
        case Option() as option:
            return "; ".join((option.rank, *_course(option.course, said)))
        case Choose() as choice:
            return ", ".join(option.label for option in choice.options)
        case (Decision() | Review()) as asked:
            answers = [
                b.label or condition_in_words(b.condition, guideline) for b in asked.branches
            ]
            return ", ".join(answers)
        case Slot() as slot:
            return ", ".join(slot.ids)
        case _:
            return item.label


def _course(course: Course, said: Callable[[str, object], str]) -> Iterator[str]:
    yield from (said("performs", performs) for performs in course.performs)
    yield from (f"avoid {said('avoids', name)}" for name in course.avoids)
