"""Why something is recommended for a patient, why not, and which one fact would change it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Missing, Unknown
from pathway_compiler.engine.acceptance import accept
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.engine.outcome import (
    Because,
    Direction,
    GradedEvidence,
    Outcome,
    Recommendation,
    Step,
    TraceEntry,
    WaitingPoint,
)
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import START, Edge
from pathway_compiler.model.describe import (
    describe_condition,
    describe_fact,
    describe_value,
    fact_label,
    fact_type,
)
from pathway_compiler.model.expression import Expression, Reference, children
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Follow, Recommend, Standing
from pathway_compiler.model.types import ActionType, BooleanType, EnumType, SetType, Type
from pathway_compiler.model.vocabulary import SetValue, Value
from pathway_compiler.patient_data.patient import Observation, Patient

__all__ = [
    "Change",
    "Explanation",
    "Obstacle",
    "Verdict",
    "changes_that_matter",
    "explain",
    "explanation_to_json",
    "explanation_to_text",
    "names_to_explain",
    "verdict_of",
]

Verdict = Literal["given", "possible", "not given"]
Facts = tuple[tuple[str, Value | Unknown], ...]
MOST_RUNS = 400
"""How many single changes are tried."""


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
class Change:
    """One fact that, were it otherwise, would change the verdict."""

    element: str
    now: Value | Unknown
    otherwise: Value
    verdict: Verdict


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
    """Every recommendation or option with this id, or whose id ends in `.name`.

    Empty when the guideline has none. Several explanations of one id differ in `via`.
    """
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
    return tuple(found)


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
    """Whether a recommendation or an option with this full id is given."""
    best: Verdict = "not given"
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
                        "only at a later visit", (),
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
                    pathway, graph.pathway.label, "applies", words, "does not apply", start.facts
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
            condition = "none of the other answers"
        answers = [b.label for b in source.branches if b.taken is True]
        answers = answers or [
            f"perhaps {b.label}" for b in source.branches if isinstance(b.taken, Unknown)
        ]
        self.found[
            Obstacle(
                f"{pathway}.{edge.source}", source.label, edge.label, condition,
                " / ".join(dict.fromkeys(answers)) or "none of the answers", source.facts,
            )
        ] = None  # fmt: skip


# --- which one fact would change it -------------------------------------------------------------------


def changes_that_matter(
    compiled: CompiledGuideline,
    patient: Patient,
    outcome: Outcome,
    id_: str,
    *,
    waiting: Sequence[WaitingPoint] = (),
) -> tuple[Change, ...]:
    """The single facts that would give this recommendation or option another verdict.

    Found by running the patient again with each fact changed: yes and no, the values of a list, one
    value more or less in a set. Numbers, dates and records are not changed. A change that the
    guideline's constraints refuse is left out.
    """
    guideline = compiled.guideline
    before = verdict_of(outcome, id_)
    found: list[Change] = []
    runs = 0
    for name in _elements_behind(id_, outcome, compiled):
        element = guideline.elements[name]
        now = outcome.facts.get(name, Unknown(frozenset({Missing(name)})))
        for otherwise in _other_values(element.type, now, guideline):
            runs += 1
            if runs > MOST_RUNS:
                return tuple(found)
            facts = {**patient.facts, name: (Observation(otherwise, outcome.as_of),)}
            verdict = _run(
                compiled, Patient(patient.id, facts), outcome.as_of, outcome, waiting, id_
            )
            if verdict is not None and verdict != before:
                found.append(Change(name, now, otherwise, verdict))
    return tuple(found)


def _run(
    compiled: CompiledGuideline,
    patient: Patient,
    as_of: PartialDate,
    outcome: Outcome,
    waiting: Sequence[WaitingPoint],
    id_: str,
) -> Verdict | None:
    """The verdict for another patient; None when there can be none like this."""
    settings, readings = dict(outcome.settings), dict(outcome.readings)
    environment = base_environment(compiled, patient, as_of, settings, readings)
    if accept(environment):
        return None
    other = interpret(
        compiled,
        patient,
        as_of,
        pathway=outcome.pathway,
        settings=settings,
        readings=readings,
        waiting=waiting,
    )
    return verdict_of(other, id_)


def _other_values(type_: Type, now: Value | Unknown, guideline: Guideline) -> Iterator[Value]:
    match type_:
        case BooleanType():
            yield from (value for value in (True, False) if value is not now)
        case EnumType():
            yield from (value for value in type_.leaves() if value != now)
        case SetType():
            items = now.items if isinstance(now, SetValue) else frozenset()
            for item in sorted(items, key=str):
                yield SetValue(items - {item})
            for item in _members(type_.of, guideline):
                if item not in items:
                    yield SetValue(items | {item})
        case _:
            return


def _members(type_: BooleanType | EnumType | ActionType, guideline: Guideline) -> Iterator[str]:
    match type_:
        case EnumType():
            yield from type_.leaves()
        case ActionType():
            yield from (a.name for a in guideline.actions.values() if a.kind == type_.kind)
        case BooleanType():
            return


def _elements_behind(id_: str, outcome: Outcome, compiled: CompiledGuideline) -> tuple[str, ...]:
    """The data elements that the way to a node, and the node itself, rest on."""
    guideline = compiled.guideline
    names: dict[str, None] = {}
    pathways: dict[str, None] = {id_.split(".")[0]: None, outcome.pathway: None}
    waiting = list(pathways)
    while waiting:  # every pathway from which this one can be reached
        target = waiting.pop()
        for graph in compiled.graphs.values():
            for node in graph.pathway.nodes:
                if isinstance(node, Follow) and node.pathway == target:
                    if graph.name not in pathways:
                        waiting.append(graph.name)
                    pathways[graph.name] = None
    for name in pathways:
        graph = compiled.graphs[name]
        if graph.pathway.applies is not None:
            _names(graph.pathway.applies, names)
        for edge in graph.edges():
            if edge.condition is not None and edge.kind == "branch":
                _names(edge.condition, names)
    _names_of_node(id_, guideline, names)
    elements: dict[str, None] = {}
    queue, seen = list(names), set(names)
    while queue:
        name = queue.pop(0)
        if name in guideline.elements:
            elements[name] = None
        behind: dict[str, None] = {}
        for expression in _expressions(name, guideline, outcome):
            _names(expression, behind)
        queue += [inner for inner in behind if inner not in seen]
        seen.update(behind)
    return tuple(elements)


def _names_of_node(id_: str, guideline: Guideline, names: dict[str, None]) -> None:
    pathway, name, *option = id_.split(".")
    node = guideline.pathways[pathway].node(name)
    if not isinstance(node, Recommend | Standing | Choose):
        return
    holders = [node.eligibility]
    if isinstance(node, Choose):
        holders += [o.eligibility for o in node.options if not option or o.name == option[0]]
    for held in holders:
        for condition in (*held.when, *held.unless, *held.only_if):
            _names(condition, names)
    for contraindication in guideline.contraindications.values():
        if contraindication.each_of is not None:
            names[contraindication.each_of] = None
        if contraindication.condition is not None:
            _names(contraindication.condition, names)


def _expressions(name: str, guideline: Guideline, outcome: Outcome) -> list[Expression]:
    definition = guideline.definitions.get(name)
    if definition is not None:
        found = [row.condition for row in definition.rows if row.condition is not None]
        return [definition.expression, *found] if definition.expression is not None else found
    reading = guideline.readings.get(name)
    if reading is not None:
        chosen = reading.alternative(outcome.readings.get(name, "")) or reading.chosen
        return [chosen.expression]
    element = guideline.elements.get(name)
    if element is not None and element.derive is not None:
        return [element.derive]
    return []


def _names(expression: Expression, names: dict[str, None]) -> None:
    if isinstance(expression, Reference):
        names[expression.name] = None
    for child in children(expression):
        _names(child, names)


# --- in words, and as data ----------------------------------------------------------------------------


def explanation_to_text(
    explanation: Explanation, guideline: Guideline, changes: Sequence[Change] = ()
) -> tuple[str, ...]:
    """The explanation in paragraphs, the most important first."""
    found = [f"{explanation.title} is {explanation.verdict}."]
    if explanation.because and explanation.verdict != "not given":
        found += [
            f"{b.question} {b.answer}" + _told(b.facts, guideline) for b in explanation.because
        ]
    found += explanation.reasons
    for obstacle in explanation.obstacles:
        found.append(
            f"{obstacle.question} {obstacle.found}; needed: {obstacle.wanted}"
            + _told(obstacle.facts, guideline)
        )
    found += [
        f"Not known: {fact_label(guideline, m.element.split('.')[0])} ({m.reason.value})"
        for m in explanation.missing
    ]
    found += [
        f"It would be {change.verdict} if {fact_label(guideline, change.element)} were "
        + describe_value(change.otherwise, fact_type(guideline, change.element), guideline)
        for change in changes
    ]
    return tuple(found)


def _told(facts: Facts, guideline: Guideline) -> str:
    told = "; ".join(describe_fact(name, value, guideline) for name, value in facts)
    return f" ({told})" if told else ""


def explanation_to_json(
    explanation: Explanation, guideline: Guideline, changes: Sequence[Change] = ()
) -> dict[str, object]:
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
        "changes": [
            {
                "element": c.element,
                "now": value_to_json(c.now),
                "otherwise": value_to_json(c.otherwise),
                "verdict": c.verdict,
            }
            for c in changes
        ],
    }
