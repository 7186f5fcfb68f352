"""Recommendations that speak against each other for the same patient."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from pathway_compiler.engine.outcome import Certainty, Contradiction, Recommendation, RegimenPart
from pathway_compiler.language import gettext as _
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import OTHERWISE_NOT, Slot

__all__ = ["find_contradictions"]


def find_contradictions(
    recommendations: Sequence[Recommendation], guideline: Guideline
) -> tuple[Contradiction, ...]:
    """One recommendation asks for an action and another bans it (or a class of it), or two
    incompatible actions are asked for, or two recommendations compete for one slot. An alternative
    that can be left out contradicts nothing."""
    found: list[Contradiction] = []
    for second in recommendations:
        for banned in second.avoids:
            for first in recommendations:
                if first is second or second.id == f"{first.id}.{OTHERWISE_NOT}":
                    continue  # the two sides of `only if` never hold together
                action = _required_within(first, banned, guideline)
                if action is not None:
                    text = _(
                        "“%(first)s” asks for %(action)s, and “%(second)s” is against %(banned)s",
                        first=first.title,
                        action=guideline.action_label(action),
                        second=second.title,
                        banned=guideline.action_label(banned),
                    )
                    found.append(_contradiction(first, second, action, text))
    for incompatibility in guideline.incompatibilities.values():
        for index, first in enumerate(recommendations):
            one = _required_within(first, incompatibility.first, guideline)
            for second in recommendations[index:]:
                two = _required_within(second, incompatibility.second, guideline)
                if one is None or two is None:
                    one_swapped = _required_within(first, incompatibility.second, guideline)
                    two_swapped = _required_within(second, incompatibility.first, guideline)
                    if one_swapped is None or two_swapped is None or first is second:
                        continue
                text = _(
                    "%(rule)s: “%(first)s” and “%(second)s”",
                    rule=incompatibility.label,
                    first=first.title,
                    second=second.title,
                )
                found.append(_contradiction(first, second, incompatibility.first, text))
    for slot in guideline.slots.values():
        for first, second in _competing(slot, recommendations):
            text = _(
                "%(rule)s: at most one of “%(first)s” and “%(second)s”",
                rule=slot.label,
                first=first.title,
                second=second.title,
            )
            found.append(_contradiction(first, second, None, text))
    return tuple(found)


def _competing(
    slot: Slot, recommendations: Sequence[Recommendation]
) -> Iterator[tuple[Recommendation, Recommendation]]:
    """The pairs of different recommendations of a slot of which at least one is given.

    Two that are only possible are as a rule the answers of a question still open.
    """
    ids = slot.ids
    active: dict[str, Recommendation] = {}
    for recommendation in recommendations:
        if recommendation.id in ids and recommendation.direction in ("for", "selective"):
            earlier = active.get(recommendation.id)
            if earlier is None or earlier.certainty == "possible":
                active[recommendation.id] = recommendation
    for first, second in combinations(active.values(), 2):
        if "given" in (first.certainty, second.certainty):
            yield first, second


def _contradiction(
    first: Recommendation, second: Recommendation, action: str | None, text: str
) -> Contradiction:
    certainty: Certainty = "given" if first.certainty == second.certainty == "given" else "possible"
    statements = dict.fromkeys(e.statement for r in (first, second) for e in r.evidence)
    return Contradiction(first.id, second.id, action, text, certainty, tuple(statements))


def _required_within(
    recommendation: Recommendation, banned: str, guideline: Guideline
) -> str | None:
    """An action that cannot be left out and falls under the banned action or class."""
    if recommendation.direction not in ("for", "selective"):
        return None
    groups = [list(recommendation.regimen)]
    eligible = [o for o in recommendation.options if o.status != "excluded"]
    if len(eligible) == 1:
        groups.append(list(eligible[0].regimen))
    elif eligible:
        under = [_first(o.regimen, banned, guideline) for o in eligible]
        if all(action is not None for action in under):
            return under[0]
    for parts in groups:
        action = _first(parts, banned, guideline)
        if action is not None:
            return action
    return None


def _first(parts: Sequence[RegimenPart], banned: str, guideline: Guideline) -> str | None:
    for part in parts:
        action = next(_required(part, banned, guideline), None)
        if action is not None:
            return action
    return None


def _required(part: RegimenPart, banned: str, guideline: Guideline) -> Iterator[str]:
    """The actions of a part that fall under the ban and have no alternative outside it."""
    if part.status in ("barred", "not applicable"):
        return
    if part.kind == "action":
        if part.action is not None and guideline.is_a(part.action, banned):
            yield part.action
    elif part.kind == "one of":
        usable = [p for p in part.parts if p.status not in ("barred", "not applicable")]
        under = [next(_required(p, banned, guideline), None) for p in usable]
        if under and all(action is not None for action in under):
            yield from (action for action in under if action is not None)
    else:
        for inner in part.parts:
            yield from _required(inner, banned, guideline)
