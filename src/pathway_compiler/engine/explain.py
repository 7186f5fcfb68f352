"""Why something is recommended to a patient, why not, and what would change it: as data and as text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pathway_compiler.datatypes.truth import Missing, Unknown
from pathway_compiler.engine.outcome import (
    Because,
    DerivedFact,
    GradedEvidence,
    NeededElement,
    OptionOutcome,
    Outcome,
    Recommendation,
    RegimenPart,
    TraceEntry,
)
from pathway_compiler.engine.to_json import value_to_json
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import START
from pathway_compiler.model.describe import describe_condition, describe_fact, fact_label
from pathway_compiler.model.expression import Expression, Reference, children
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Choose,
    Decision,
    Eligibility,
    Follow,
    Option,
    Recommend,
    Review,
    Standing,
)
from pathway_compiler.model.vocabulary import Value

__all__ = [
    "Condition",
    "Explanation",
    "Turn",
    "explain",
    "explanation_to_json",
    "explanation_to_text",
    "names_like",
    "recommendation_ids",
]

Verdict = Literal["given", "possible", "not given"]
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question at which the patient's way parts from the way that leads to a recommendation."""

    node: str
    question: str
    answers: tuple[str, ...]
    """What the patient's answer is; several when it is not known, none when none fits."""
    needed: str
    """The answer that leads on."""
    condition: str
    """When that answer holds, in words."""
    certain: bool
    facts: tuple[tuple[str, Value | Unknown], ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the recommendation's own, in words."""

    kind: Literal["when", "unless", "only if"]
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that speaks for and against one recommendation, or one option of it.

    `because` are the answers on the patient's way to it; `turns` the answers that lead elsewhere;
    `reasons` what else speaks against it; `facts` the derived facts that took part, each with the
    facts behind it; `needs` what could be asked to settle it.
    """

    id: str
    title: str
    verdict: Verdict
    option: bool
    via: tuple[str, ...] = ()
    direction: str | None = None
    rank: str | None = None
    standing: bool = False
    evidence: tuple[GradedEvidence, ...] = ()
    because: tuple[Because, ...] = ()
    turns: tuple[Turn, ...] = ()
    conditions: tuple[Condition, ...] = ()
    reasons: tuple[str, ...] = ()
    regimen: tuple[RegimenPart, ...] = ()
    cautions: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    needs: tuple[NeededElement, ...] = ()
    facts: tuple[DerivedFact, ...] = ()


# --- which one is meant -----------------------------------------------------------------------------


def recommendation_ids(guideline: Guideline) -> dict[str, str]:
    """Everything that can be explained, with its title: `pathway.node` and `pathway.node.option`."""
    found: dict[str, str] = {}
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            if not isinstance(node, Recommend | Standing | Choose):
                continue
            id_ = f"{pathway.name}.{node.name}"
            found[id_] = node.label
            if isinstance(node, Choose):
                found.update({f"{id_}.{o.name}": o.label for o in node.options})
            if node.eligibility.only_if:
                found[f"{id_}.otherwise_not"] = f"Not otherwise: {node.label}"
    return found


def names_like(name: str, guideline: Guideline) -> tuple[str, ...]:
    """The ids that a name can stand for: the id itself, or all that end in it.

    An option may also be named without its choice: `pathway.option`.
    """
    ids = recommendation_ids(guideline)
    if name in ids:
        return (name,)
    wanted = tuple(name.split("."))
    found = [i for i in ids if tuple(i.split("."))[-len(wanted) :] == wanted]
    if not found and len(wanted) > 1:
        found = [i for i in ids if i.split(".")[-1] == wanted[-1] and i.split(".")[0] == wanted[0]]
    return tuple(found)


# --- the explanation --------------------------------------------------------------------------------


def explain(outcome: Outcome, compiled: CompiledGuideline, id_: str) -> tuple[Explanation, ...]:
    """Why a recommendation or option with this id is given, possible or not; see `names_like`.

    One explanation for each way by which other pathways lead to it.
    """
    guideline = compiled.guideline
    pathway, node_name, *rest = id_.split(".")
    node = guideline.pathways[pathway].node(node_name)
    if not isinstance(node, Recommend | Standing | Choose):
        raise KeyError(id_)
    option: Option | None = None
    base = id_
    if isinstance(node, Choose) and rest and rest != ["otherwise_not"]:
        option = next(o for o in node.options if o.name == rest[0])
        base = f"{pathway}.{node_name}"
    eligibility = _conditions(node.eligibility, guideline)
    if option is not None:
        eligibility += _conditions(option.eligibility, guideline)
    title = recommendation_ids(guideline)[id_]
    found: list[Explanation] = []
    for recommendation in outcome.recommendations:
        if recommendation.id == base:
            found.append(
                _of_given(recommendation, id_, option, outcome, compiled, eligibility, node_name)
            )
    if found:
        return tuple(found)
    # The same reasons may stand once for each way that leads there.
    for refused in outcome.not_recommended:
        if refused.id == base:
            turns = _turns(pathway, node_name, refused.via, outcome, compiled)
            told = {f"{turn.question}: {' / '.join(turn.answers)}" for turn in turns}
            reasons = tuple(r for r in refused.reasons if r not in told)
            found.append(
                Explanation(
                    id_,
                    title,
                    "not given",
                    option is not None,
                    refused.via,
                    rank=option.rank if option else None,
                    turns=turns,
                    conditions=eligibility,
                    reasons=reasons,
                    because=_way_so_far(pathway, refused.via, outcome),
                    facts=_derived(turns, (), node.eligibility, option, outcome),
                )
            )
    if not found:
        reason = "this visit does not come to its pathway"
        if outcome.status == "not_applicable":
            reason = f"the pathway “{guideline.pathways[outcome.pathway].label}” does not apply"
        found.append(
            Explanation(
                id_,
                title,
                "not given",
                option is not None,
                rank=option.rank if option else None,
                conditions=eligibility,
                reasons=(reason,),
            )
        )
    return tuple(found)


def _of_given(
    recommendation: Recommendation,
    id_: str,
    option: Option | None,
    outcome: Outcome,
    compiled: CompiledGuideline,
    conditions: tuple[Condition, ...],
    node_name: str,
) -> Explanation:
    chosen: OptionOutcome | None = None
    if option is not None:
        chosen = next(o for o in recommendation.options if o.id == id_)
    verdict: Verdict = recommendation.certainty
    if chosen is not None and chosen.status != "eligible":
        verdict = "possible" if chosen.status == "perhaps" else "not given"
    pathway = recommendation.id.split(".")[0]
    turns: tuple[Turn, ...] = ()
    if verdict == "possible":
        turns = _turns(pathway, node_name, recommendation.via, outcome, compiled)
    node = compiled.guideline.pathways[pathway].node(node_name)
    eligibility = node.eligibility if isinstance(node, Recommend | Standing | Choose) else None
    reasons: tuple[str, ...] = chosen.reasons if chosen else ()
    if chosen is None and verdict == "possible":
        reasons = tuple(
            f"{o.title}: {'; '.join(o.reasons)}"
            for o in recommendation.options
            if o.status != "eligible" and o.reasons
        )
    return Explanation(
        id_,
        chosen.title if chosen else recommendation.title,
        verdict,
        option is not None,
        recommendation.via,
        recommendation.direction,
        chosen.rank if chosen else None,
        recommendation.standing,
        (chosen.evidence or recommendation.evidence) if chosen else recommendation.evidence,
        recommendation.because,
        turns,
        conditions,
        reasons,
        chosen.regimen if chosen else recommendation.regimen,
        (*recommendation.cautions, *chosen.cautions) if chosen else recommendation.cautions,
        recommendation.missing,
        tuple(n for n in outcome.needs if recommendation.id in n.settles)
        if verdict == "possible"
        else (),
        _derived(turns, recommendation.because, eligibility, option, outcome),
    )


def _conditions(eligibility: Eligibility, guideline: Guideline) -> tuple[Condition, ...]:
    return (
        *(Condition("when", describe_condition(c, guideline)) for c in eligibility.when),
        *(Condition("unless", describe_condition(c, guideline)) for c in eligibility.unless),
        *(Condition("only if", describe_condition(c, guideline)) for c in eligibility.only_if),
    )


# --- where the way parts ----------------------------------------------------------------------------


def _turns(
    pathway: str, node: str, via: tuple[str, ...], outcome: Outcome, compiled: CompiledGuideline
) -> tuple[Turn, ...]:
    """The nearest questions that the patient reaches and that lead elsewhere, or perhaps do.

    When the pathway itself is not entered, the questions before the node that would follow it.
    """
    found: dict[Turn, None] = {}
    places = [(pathway, node, via)]
    entered = {(e.pathway, e.via) for e in outcome.trace}
    if (pathway, via) not in entered:
        places = list(_followers(pathway, compiled, entered))
    for place, name, way in places:
        found.update(dict.fromkeys(_turns_within(place, name, way, outcome, compiled)))
    return tuple(found)


def _followers(
    pathway: str, compiled: CompiledGuideline, entered: set[tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The nodes of entered pathways that lead to a pathway, over others that are not entered."""
    wanted, seen = [pathway], {pathway}
    while wanted:
        name = wanted.pop(0)
        for other in compiled.guideline.pathways.values():
            for node in other.nodes:
                if not isinstance(node, Follow) or node.pathway != name:
                    continue
                ways = sorted(way for place, way in entered if place == other.name)
                yield from ((other.name, node.name, way) for way in ways)
                if not ways and other.name not in seen:
                    seen.add(other.name)
                    wanted.append(other.name)


def _turns_within(
    pathway: str, node: str, via: tuple[str, ...], outcome: Outcome, compiled: CompiledGuideline
) -> Iterator[Turn]:
    graph = compiled.graphs[pathway]
    entries: dict[str, TraceEntry] = {
        e.node: e for e in outcome.trace if e.pathway == pathway and e.via == via
    }
    waiting, seen = [node], {node}
    while waiting:
        for edge in graph.incoming[waiting.pop(0)]:
            source = entries.get(edge.source)
            if source is None or source.activation is False:
                if edge.source != START and edge.kind != "later" and edge.source not in seen:
                    seen.add(edge.source)
                    waiting.append(edge.source)
                continue
            branch = next((b for b in source.branches if b.name == edge.branch), None)
            if branch is None or branch.taken is True:
                if isinstance(source.activation, Unknown) and edge.source not in seen:
                    seen.add(edge.source)
                    waiting.append(edge.source)
                continue
            record = graph.record(edge.source)
            condition = ""
            if edge.condition is not None:
                condition = describe_condition(edge.condition, compiled.guideline)
            elif isinstance(record, Decision | Review):
                condition = "none of the other answers"
            yield Turn(
                f"{pathway}.{edge.source}",
                source.label,
                _answers(source),
                edge.label,
                condition,
                branch.taken is False,
                source.facts,
            )
            if isinstance(source.activation, Unknown) and edge.source not in seen:
                seen.add(edge.source)
                waiting.append(edge.source)


def _answers(entry: TraceEntry) -> tuple[str, ...]:
    taken = tuple(b.label for b in entry.branches if b.taken is True)
    return taken or tuple(b.label for b in entry.branches if isinstance(b.taken, Unknown))


def _way_so_far(pathway: str, via: tuple[str, ...], outcome: Outcome) -> tuple[Because, ...]:
    """The certain answers in the pathway itself."""
    return tuple(
        Because(f"{e.pathway}.{e.node}", e.label, b.label, e.facts)
        for e in outcome.trace
        if e.pathway == pathway and e.via == via and e.activation is True
        for b in e.branches
        if b.taken is True
    )


def _derived(
    turns: Sequence[Turn],
    because: Sequence[Because],
    eligibility: Eligibility | None,
    option: Option | None,
    outcome: Outcome,
) -> tuple[DerivedFact, ...]:
    """The derived facts that took part, with those behind them, in the order in which they are met."""
    derived = {d.name: d for d in outcome.definitions}
    waiting = [name for item in (*because, *turns) for name, _ in item.facts]
    for rule in (eligibility, option.eligibility if option else None):
        if rule is not None:
            for expression in (*rule.when, *rule.unless, *rule.only_if):
                waiting += _names(expression)
    found: dict[str, DerivedFact] = {}
    while waiting:
        name = waiting.pop(0)
        if name in derived and name not in found:
            found[name] = derived[name]
            waiting += [inner for inner, _ in derived[name].facts]
    return tuple(found.values())


def _names(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Reference):
        yield expression.name
    for inner in children(expression):
        yield from _names(inner)


# --- as JSON ----------------------------------------------------------------------------------------


def explanation_to_json(explanation: Explanation) -> Json:
    """The explanation as JSON data."""
    return {
        "id": explanation.id,
        "title": explanation.title,
        "verdict": explanation.verdict,
        "option": explanation.option,
        "rank": explanation.rank,
        "direction": explanation.direction,
        "standing": explanation.standing,
        "via": list(explanation.via),
        "evidence": [
            {
                "statement": e.statement,
                "title": e.title,
                "kind": e.kind,
                "certainty": e.certainty,
                "grade": e.grade,
                "references": list(e.references),
                "section": e.section,
            }
            for e in explanation.evidence
        ],
        "because": [
            {
                "node": b.node,
                "question": b.question,
                "answer": b.answer,
                "facts": _facts_to_json(b.facts),
            }
            for b in explanation.because
        ],
        "turns": [
            {
                "node": t.node,
                "question": t.question,
                "answers": list(t.answers),
                "needed": t.needed,
                "condition": t.condition,
                "certain": t.certain,
                "facts": _facts_to_json(t.facts),
            }
            for t in explanation.turns
        ],
        "conditions": [{"kind": c.kind, "text": c.text} for c in explanation.conditions],
        "reasons": list(explanation.reasons),
        "missing": [{"element": m.element, "reason": m.reason.value} for m in explanation.missing],
        "needs": [
            {"element": n.element, "question": n.question, "urgency": n.urgency}
            for n in explanation.needs
        ],
        "cautions": list(explanation.cautions),
        "definitions": [
            {
                "name": d.name,
                "title": d.title,
                "value": value_to_json(d.value),
                "facts": _facts_to_json(d.facts),
            }
            for d in explanation.facts
        ],
    }


def _facts_to_json(facts: Sequence[tuple[str, Value | Unknown]]) -> Mapping[str, object]:
    return {name: value_to_json(value) for name, value in facts}


# --- as text ----------------------------------------------------------------------------------------


def explanation_to_text(explanation: Explanation, guideline: Guideline) -> str:
    """The explanation in a few short lines; a line indented by two spaces belongs to the one above."""
    return "\n".join(_lines(explanation, guideline))


def _lines(explanation: Explanation, guideline: Guideline) -> Iterator[str]:
    against = explanation.direction == "against"
    verdict = {
        "given": "advised against" if against else "recommended",
        "possible": "perhaps, depending on what is missing",
        "not given": "not recommended",
    }[explanation.verdict]
    if explanation.option:
        verdict = {"given": "eligible", "possible": verdict, "not given": "not eligible"}[
            explanation.verdict
        ]
        verdict += f" ({explanation.rank})" if explanation.rank else ""
    yield f"{explanation.title}: {verdict}"
    yield f"  {explanation.id}" + (
        f" by way of {', '.join(explanation.via)}" * bool(explanation.via)
    )
    for item in explanation.evidence:
        yield f"  {_evidence(item)}"
    if explanation.standing:
        yield "It holds wherever its pathway is active."
    if explanation.because:
        led = explanation.verdict != "not given" or explanation.option
        yield "The answers that lead here:" if led else "The way so far:"
        for because in explanation.because:
            yield f"  {because.question} {because.answer}"
            yield from _fact_lines(because.facts, guideline)
    for turn in explanation.turns:
        yield "Here the way leads elsewhere:" if turn.certain else "Here the answer is open:"
        now = " / ".join(turn.answers) or "no answer fits"
        if not turn.certain:
            now = "not known; perhaps " + now
        yield f"  {turn.question} {now}"
        yield from _fact_lines(turn.facts, guideline)
        condition = f", when {turn.condition}" if turn.condition else ""
        yield f"  It would take the answer “{turn.needed}”{condition}."
    if explanation.conditions:
        yield "Its own conditions:"
        for condition_ in explanation.conditions:
            yield f"  {condition_.kind}: {condition_.text}"
    if explanation.reasons:
        yield "What speaks against it:" if explanation.verdict == "not given" else "What limits it:"
        for reason in explanation.reasons:
            yield f"  {reason}"
    barred = [p for p in _leaves(explanation.regimen) if p.status == "barred"]
    if barred and explanation.verdict != "not given":
        yield "Parts that drop out:"
        for part in barred:
            yield f"  {part.text}: {'; '.join(part.reasons)}"
    for caution in explanation.cautions:
        yield f"Caution: {caution}"
    if explanation.missing:
        yield "Not known:"
        for missing in explanation.missing:
            yield f"  {fact_label(guideline, missing.element)} ({missing.reason.value})"
    if explanation.needs:
        yield "To settle it, ask:"
        for need in explanation.needs:
            yield f"  {need.question} ({need.element})"
    if explanation.facts:
        yield "What is derived:"
        for derived in explanation.facts:
            yield f"  {_derived_line(derived, guideline)}"
            yield from _fact_lines(derived.facts, guideline)


def _derived_line(derived: DerivedFact, guideline: Guideline) -> str:
    told = describe_fact(derived.name, derived.value, guideline)
    title = derived.title
    label = fact_label(guideline, derived.name)
    return told if title == label else f"{told} ({title.removeprefix(f'{label}: ')})"


def _fact_lines(
    facts: Sequence[tuple[str, Value | Unknown]], guideline: Guideline
) -> Iterator[str]:
    for name, value in facts:
        told = describe_fact(name, value, guideline)
        if isinstance(value, Unknown):
            reasons = sorted({m.reason.value for m in value.because if m.element == name})
            told += f" ({', '.join(reasons)})" if reasons else ""
        yield f"    {told}"


def _evidence(item: GradedEvidence) -> str:
    marks = [f"GR {item.grade}"] if item.grade else []
    marks += [f"LC {item.certainty}"] if item.certainty else []
    badge = f"[{' · '.join(marks)}] " if marks else ""
    references = f" (references {', '.join(map(str, item.references))})" if item.references else ""
    return f"{badge}{item.title}{references}"


def _leaves(parts: Sequence[RegimenPart]) -> Iterator[RegimenPart]:
    for part in parts:
        if part.parts:
            yield from _leaves(part.parts)
        else:
            yield part
