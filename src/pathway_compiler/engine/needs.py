"""Which missing facts would settle something, the easiest to find out and most informative first."""

from typing import get_args

from pathway_compiler.datatypes.truth import Missing, Reason
from pathway_compiler.engine.environment import Environment
from pathway_compiler.engine.findings import Findings
from pathway_compiler.engine.outcome import NeededElement
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import reached_from
from pathway_compiler.graph.pathway_graph import START
from pathway_compiler.language import gettext as _
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Follow, Recommend, Standing
from pathway_compiler.model.vocabulary import Burden

__all__ = ["needed_elements", "unanswerable"]

_ANSWERABLE = (
    Reason.NOT_RECORDED,
    Reason.NOT_ASKED,
    Reason.NOT_DONE,
    Reason.INCOMPLETE,
    Reason.IMPRECISE,
)
"""Missing for these reasons, a fact can still be asked for; asked and not known is never asked again."""


def needed_elements(
    findings: Findings, environment: Environment, compiled: CompiledGuideline
) -> tuple[NeededElement, ...]:
    """The data elements that the open questions of a run rest on.

    Those needed now come first, then those that are easier to find out, then those that settle
    more recommendations, then in the order of the vocabulary. What a definition lacks is traced
    back to data elements by the run itself.
    """
    downstream = _Downstream(compiled)
    now: dict[str, bool] = {}
    settles: dict[str, dict[str, None]] = {}
    reasons: dict[str, str] = {}
    asked_in_vain = {m.element for m in unanswerable(findings)}
    for doubt in findings.doubts:
        for missing in sorted(doubt.unknown.because):
            if missing.reason not in _ANSWERABLE or missing.element in asked_in_vain:
                continue
            name = _askable(missing.element, environment.guideline)
            if name is None:
                continue
            now[name] = now.get(name, False) or doubt.now
            reasons.setdefault(name, missing.reason.value)
            found = settles.setdefault(name, {})
            found.update(dict.fromkeys(downstream.recommendations(doubt.pathway, doubt.node)))
    needed = [
        NeededElement(
            name,
            _question(name, environment.guideline),
            "needed now" if now[name] else "perhaps later",
            tuple(settles[name]),
            reasons[name],
        )
        for name in now
    ]
    names = (*environment.guideline.elements, *environment.guideline.definitions)
    place = {name: index for index, name in enumerate(names)}
    return tuple(
        sorted(
            needed,
            key=lambda n: (
                n.urgency != "needed now",
                _burden(n.element, environment.guideline),
                -len(n.settles),
                place[n.element],
            ),
        )
    )


def unanswerable(findings: Findings) -> tuple[Missing, ...]:
    """The missing facts that were asked for in vain, on which something open rests."""
    return tuple(
        sorted(
            {
                missing
                for doubt in findings.doubts
                for missing in doubt.unknown.because
                if missing.reason not in _ANSWERABLE
            }
        )
    )


def _askable(name: str, guideline: Guideline) -> str | None:
    base = name.split(".", 1)[0]
    if base in guideline.elements or base in guideline.definitions:
        return base
    return None


def _burden(name: str, guideline: Guideline) -> int:
    element = guideline.elements.get(name)
    return get_args(Burden).index(element.burden) if element is not None else 0


def _question(name: str, guideline: Guideline) -> str:
    element = guideline.elements.get(name)
    if element is not None:
        return element.question
    return _("%(label)s?", label=guideline.definitions[name].label)


class _Downstream:
    """The recommendations that may still be reached from a node in the same visit."""

    def __init__(self, compiled: CompiledGuideline) -> None:
        self._compiled = compiled
        self._memory: dict[tuple[str, str], tuple[str, ...]] = {}

    def recommendations(self, pathway: str, node: str) -> tuple[str, ...]:
        key = (pathway, node)
        if key in self._memory:
            return self._memory[key]
        self._memory[key] = ()  # guards against pathways that lead back here over time
        graph = self._compiled.graphs[pathway]
        reached = reached_from(node, (e for e in graph.edges() if e.kind != "later"))
        found: dict[str, None] = {}
        for name in graph.order:
            if name not in reached:
                continue
            record = graph.record(name)
            if isinstance(record, Recommend | Standing | Choose):
                found[f"{pathway}.{name}"] = None
            elif isinstance(record, Follow):
                inner = self.recommendations(record.pathway, START)
                found.update(dict.fromkeys(inner))
        self._memory[key] = tuple(found)
        return self._memory[key]
