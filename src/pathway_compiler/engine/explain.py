"""Why something is recommended for a patient, and why not."""

from dataclasses import dataclass, replace
from typing import Literal

from pathway_compiler.datatypes.truth import Missing, Unknown
from pathway_compiler.engine.code_words import code_in_words
from pathway_compiler.engine.outcome import (
    Because,
    Direction,
    GradedEvidence,
    Outcome,
    Recommendation,
    Step,
    TraceEntry,
)
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import START, Edge
from pathway_compiler.language import gettext as _
from pathway_compiler.language import speaking
from pathway_compiler.model.describe import (
    describe_condition,
    describe_fact,
    fact_label,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Follow, Recommend, Standing
from pathway_compiler.model.vocabulary import Value

__all__ = [
    "Explanation",
    "Obstacle",
    "Verdict",
    "explain",
    "explanation_to_json",
    "explanation_to_text",
    "names_to_explain",
    "verdict_of",
]

Verdict = Literal["given", "possible", "not given"]
Facts = tuple[tuple[str, Value | Unknown], ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """An answer that would have led on, and the one that the patient's data give."""

    node: str
    question: str
    wanted: str
    condition: str
    found: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a recommendation or of an option, and why.

    `reasons` are sentences that speak against it, or leave it open; `obstacles` the answers that led
    elsewhere; `missing` the facts that would settle it.
    """

    id: str
    title: str
    verdict: Verdict
    direction: Direction
    because: tuple[Because, ...] = ()
    route: tuple[Step, ...] = ()
    evidence: tuple[GradedEvidence, ...] = ()
    reasons: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    missing: tuple[Missing, ...] = ()
    via: tuple[str, ...] = ()


# --- why, and why not ---------------------------------------------------------------------------------


def explain(outcome: Outcome, compiled: CompiledGuideline, name: str) -> tuple[Explanation, ...]:
    """Every recommendation or option with this id, or whose id ends in `.name`; else the action.

    Empty when the guideline has none. Several explanations of one id differ in `via`.
    """
    with speaking(compiled.guideline.header.language):
        return tuple(_explain(outcome, compiled, name))


def _explain(outcome: Outcome, compiled: CompiledGuideline, name: str) -> list[Explanation]:
    found: list[Explanation] = []
    for recommendation in outcome.recommendations:
        if _means(recommendation.id, name):
            found.append(_of_recommendation(recommendation, outcome, compiled))
        found += [
            _of_option(recommendation, option.id, outcome, compiled)
            for option in recommendation.options
            if _means(option.id, name)
        ]
    for refused in outcome.not_recommended:
        if _means(refused.id, name):
            found.append(_not_given(refused.id, outcome, compiled, refused.via, refused.reasons))
        for option_id in _options(refused.id, compiled.guideline):
            if _means(option_id, name):
                found.append(_not_given(option_id, outcome, compiled, refused.via, refused.reasons))
    told = {explanation.id for explanation in found}
    for id_ in names_to_explain(compiled.guideline):
        if _means(id_, name) and id_ not in told:
            found.append(_not_given(id_, outcome, compiled, (), ()))
    if not found and name in {**compiled.guideline.actions, **compiled.guideline.classes}:
        found.append(_of_action(name, outcome, compiled.guideline))
    return found


def names_to_explain(guideline: Guideline) -> tuple[str, ...]:
    """The ids of all recommendations and options."""
    found: list[str] = []
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            if isinstance(node, Recommend | Standing | Choose):
                found.append(f"{pathway.name}.{node.name}")
                found += _options(found[-1], guideline)
    return tuple(found)


def verdict_of(outcome: Outcome, id_: str) -> Verdict:
    """Whether a recommendation or an option with this full id is given, or an action with this name."""
    best: Verdict = "not given"
    for action in outcome.actions:
        if action.action == id_:
            return action.certainty
    for recommendation in outcome.recommendations:
        found: Verdict = "not given"
        if recommendation.id == id_:
            found = recommendation.certainty
        for option in recommendation.options:
            if option.id == id_ and option.status != "excluded":
                certain = recommendation.certainty == "given" and option.status == "eligible"
                found = "given" if certain else "possible"
        if found == "given":
            return found
        if found == "possible":
            best = found
    return best


def _means(id_: str, name: str) -> bool:
    return id_ == name or id_.endswith(f".{name}")


def _options(id_: str, guideline: Guideline) -> list[str]:
    pathway, node = id_.split(".")
    record = guideline.pathways[pathway].node(node)
    return [f"{id_}.{o.name}" for o in record.options] if isinstance(record, Choose) else []


def _of_recommendation(
    recommendation: Recommendation, outcome: Outcome, compiled: CompiledGuideline
) -> Explanation:
    obstacles: tuple[Obstacle, ...] = ()
    if recommendation.certainty == "possible":
        obstacles = _obstacles(recommendation.id, recommendation.via, outcome, compiled)
    return Explanation(
        recommendation.id,
        recommendation.title,
        recommendation.certainty,
        recommendation.direction,
        recommendation.because,
        recommendation.route,
        recommendation.evidence,
        (),
        obstacles,
        recommendation.missing,
        recommendation.via,
    )


def _of_option(
    recommendation: Recommendation, id_: str, outcome: Outcome, compiled: CompiledGuideline
) -> Explanation:
    whole = _of_recommendation(recommendation, outcome, compiled)
    option = next(option for option in recommendation.options if option.id == id_)
    return replace(
        whole,
        id=id_,
        title=option.title,
        verdict=verdict_of(outcome, id_),
        evidence=(*option.evidence, *whole.evidence),
        reasons=option.reasons,
    )


def _not_given(
    id_: str,
    outcome: Outcome,
    compiled: CompiledGuideline,
    via: tuple[str, ...],
    reasons: tuple[str, ...],
) -> Explanation:
    return Explanation(
        id_,
        _title(id_, compiled.guideline),
        "not given",
        "for",
        reasons=reasons,
        obstacles=_obstacles(id_, via, outcome, compiled),
        via=via,
    )


def _of_action(name: str, outcome: Outcome, guideline: Guideline) -> Explanation:
    found = next((a for a in outcome.actions if a.action == name), None)
    titles = [] if found is None else [_title(id_, guideline) for id_ in found.recommended_by]
    return Explanation(
        name,
        guideline.action_label(name),
        verdict_of(outcome, name),
        "for",
        tuple(Because("", title, title, ()) for title in titles),
        reasons=(_("no recommendation asks for it"),) if found is None else found.barred_by,
    )


def _title(id_: str, guideline: Guideline) -> str:
    pathway, name, *option = id_.split(".")
    node = guideline.pathways[pathway].node(name)
    assert node is not None
    if option and isinstance(node, Choose):
        return next(o.label for o in node.options if o.name == option[0])
    return node.label


# --- the answers that led elsewhere -------------------------------------------------------------------


def _obstacles(
    id_: str, via: tuple[str, ...], outcome: Outcome, compiled: CompiledGuideline
) -> tuple[Obstacle, ...]:
    pathway, node = id_.split(".")[:2]
    finder = _ObstacleFinder(outcome, compiled)
    finder.search(pathway, node, via)
    return tuple(finder.found)


class _ObstacleFinder:
    """Walks back from a node to where the patient's way and the way to the node part."""

    def __init__(self, outcome: Outcome, compiled: CompiledGuideline) -> None:
        self.found: dict[Obstacle, None] = {}
        self._compiled = compiled
        self._entries: dict[tuple[str, str], TraceEntry] = {}
        for entry in outcome.trace:
            key = (entry.pathway, entry.node)
            known = self._entries.get(key)
            if known is None or known.activation is False:
                self._entries[key] = entry
        self._seen: set[tuple[str, str]] = set()

    def search(self, pathway: str, node: str, via: tuple[str, ...]) -> None:
        if (pathway, node) in self._seen:
            return
        self._seen.add((pathway, node))
        graph = self._compiled.graphs[pathway]
        for edge in graph.incoming[node]:
            source = self._entries.get((pathway, edge.source))
            if edge.kind == "later":
                self.found[
                    Obstacle(
                        f"{pathway}.{edge.source}", graph.label(edge.source), edge.label, "",
                        _("only at a later visit"), (),
                    )
                ] = None  # fmt: skip
            elif source is None or source.activation is False:
                if edge.source == START:
                    self._entry(pathway, source)
                else:
                    self.search(pathway, edge.source, via)
            elif edge.kind == "branch":
                self._branch(pathway, edge, source)
            elif isinstance(source.activation, Unknown):
                self.search(pathway, edge.source, via)

    def _entry(self, pathway: str, start: TraceEntry | None) -> None:
        """The pathway was not entered: it does not apply, or nothing led to it."""
        graph = self._compiled.graphs[pathway]
        applies = graph.pathway.applies
        if start is not None and applies is not None:
            words = describe_condition(applies, self._compiled.guideline)
            self.found[
                Obstacle(
                    pathway,
                    graph.pathway.label,
                    _("applies"),
                    words,
                    _("does not apply"),
                    start.facts,
                )
            ] = None
            return
        for other in self._compiled.graphs.values():
            for name in other.nodes:
                record = other.record(name)
                if isinstance(record, Follow) and record.pathway == pathway:
                    self.search(other.name, name, ())

    def _branch(self, pathway: str, edge: Edge, source: TraceEntry) -> None:
        wanted = next((b for b in source.branches if b.name == edge.branch), None)
        if wanted is not None and wanted.taken is True:
            return
        if edge.condition is not None:
            condition = describe_condition(edge.condition, self._compiled.guideline)
        else:
            condition = _("none of the other answers")
        answers = [b.label for b in source.branches if b.taken is True]
        answers = answers or [
            _("perhaps %(answer)s", answer=b.label)
            for b in source.branches
            if isinstance(b.taken, Unknown)
        ]
        self.found[
            Obstacle(
                f"{pathway}.{edge.source}", source.label, edge.label, condition,
                " / ".join(dict.fromkeys(answers)) or _("none of the answers"), source.facts,
            )
        ] = None  # fmt: skip


# --- in words, and as data ----------------------------------------------------------------------------


def explanation_to_text(explanation: Explanation, guideline: Guideline) -> tuple[str, ...]:
    """The explanation in paragraphs, the most important first."""
    with speaking(guideline.header.language):
        return tuple(_paragraphs(explanation, guideline))


def _paragraphs(explanation: Explanation, guideline: Guideline) -> list[str]:
    verdict = code_in_words(explanation.verdict)
    found = [_("%(title)s is %(verdict)s.", title=explanation.title, verdict=verdict)]
    if explanation.because and explanation.verdict != "not given":
        found += [
            f"{b.question} {b.answer}" + _told(b.facts, guideline) for b in explanation.because
        ]
    found += explanation.reasons
    for obstacle in explanation.obstacles:
        found.append(
            _(
                "%(question)s %(found)s; needed: %(wanted)s",
                question=obstacle.question,
                found=obstacle.found,
                wanted=obstacle.wanted,
            )
            + _told(obstacle.facts, guideline)
        )
    found += [
        _(
            "Not known: %(fact)s (%(reason)s)",
            fact=fact_label(guideline, m.element.split(".")[0]),
            reason=code_in_words(m.reason),
        )
        for m in explanation.missing
    ]
    return found


def _told(facts: Facts, guideline: Guideline) -> str:
    told = "; ".join(describe_fact(name, value, guideline) for name, value in facts)
    return f" ({told})" if told else ""


def explanation_to_json(explanation: Explanation) -> dict[str, object]:
    """The explanation as JSON data; the values as in a result."""
    from pathway_compiler.engine.to_json import value_to_json

    def facts(found: Facts) -> dict[str, object]:
        return {name: value_to_json(value) for name, value in found}

    return {
        "id": explanation.id,
        "title": explanation.title,
        "verdict": explanation.verdict,
        "direction": explanation.direction,
        "via": list(explanation.via),
        "because": [
            {"node": b.node, "question": b.question, "answer": b.answer, "facts": facts(b.facts)}
            for b in explanation.because
        ],
        "route": [{"node": step.node, "answer": step.answer} for step in explanation.route],
        "evidence": [
            {
                "statement": e.statement,
                "title": e.title,
                "certainty": e.certainty,
                "grade": e.grade,
                "references": list(e.references),
                "section": e.section,
                "lines": [list(pair) for pair in e.lines],
            }
            for e in explanation.evidence
        ],
        "reasons": list(explanation.reasons),
        "obstacles": [
            {
                "node": o.node,
                "question": o.question,
                "wanted": o.wanted,
                "condition": o.condition,
                "found": o.found,
                "facts": facts(o.facts),
            }
            for o in explanation.obstacles
        ],
        "missing": [{"element": m.element, "reason": m.reason.value} for m in explanation.missing],
    }
