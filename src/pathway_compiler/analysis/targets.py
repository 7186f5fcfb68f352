"""What a visit can come to: nodes, answers, options and recommendations, as formulas and in an outcome."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pathway_compiler.analysis.formulas import Formulas
from pathway_compiler.analysis.visits import Visit
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.pathway_graph import START

__all__ = ["Target", "merged", "reached", "targets"]

Kind = Literal["applies", "node", "answer", "recommendation", "option"]


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a patient comes to in a visit.

    `via` are the follow nodes on the way. `path` is the pathway, the node and for an answer or option
    its name; of a pathway that applies, it is the pathway alone.
    """

    kind: Kind
    path: tuple[str, ...]
    via: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return ".".join(self.path)


def targets(visit: Visit, formulas: Formulas) -> dict[Target, int]:
    """Everything that a visit can come to, and the patients for whom it does; what is deep comes last."""
    found: dict[Target, int] = {}
    for place, active in visit.activation.items():
        via, pathway, node = place
        if node == START:
            found[Target("applies", (pathway,), via)] = active.true
        else:
            found[Target("node", (pathway, node), via)] = active.true
    for (via, pathway, node), answers in visit.answers.items():
        for answer in answers:
            found[Target("answer", (pathway, node, answer.branch.name), via)] = answer.taken.true
    for draft in visit.drafts:
        found[Target("recommendation", draft.path, draft.via)] = draft.final.true
        for option in draft.options:
            found[Target("option", option.path, draft.via)] = formulas.all_of(
                (draft.final.true, option.final.true)
            )
    return found


def reached(outcome: Outcome) -> frozenset[Target]:
    """What a patient certainly came to, by the interpreter."""
    return frozenset(_reached(outcome))


def _reached(outcome: Outcome) -> Iterator[Target]:
    for entry in outcome.trace:
        if entry.activation is not True:
            continue
        if entry.node == START:
            yield Target("applies", (entry.pathway,), entry.via)
        else:
            yield Target("node", (entry.pathway, entry.node), entry.via)
        for branch in entry.branches:
            if branch.taken is True:
                path = (entry.pathway, entry.node, branch.name)
                yield Target("answer", path, entry.via)
    for recommendation in outcome.given:
        yield Target("recommendation", tuple(recommendation.id.split(".")), recommendation.via)
        for option in recommendation.options:
            if option.status == "eligible":
                yield Target("option", tuple(option.id.split(".")), recommendation.via)


def merged(found: Mapping[int, frozenset[Target]], wanted: frozenset[Target]) -> list[int]:
    """Few of the patients who come to everything that is wanted: always the one who comes to most."""
    left = set(wanted)
    chosen: list[int] = []
    while left and found:
        best = max(found, key=lambda number: (len(found[number] & left), -number))
        if not found[best] & left:
            break
        chosen.append(best)
        left -= found[best]
    return sorted(chosen)
