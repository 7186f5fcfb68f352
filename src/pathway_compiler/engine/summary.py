"""From what a run has found to its outcome: overriding, actions, contradictions, needs, status."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from pathway_compiler.datatypes.truth import Truth, Unknown, kleene_and, kleene_not, kleene_or
from pathway_compiler.engine.contradictions import find_contradictions
from pathway_compiler.engine.drafts import Draft, OptionDraft
from pathway_compiler.engine.environment import Environment
from pathway_compiler.engine.expressions import evaluate_condition, fact_value
from pathway_compiler.engine.facts import facts_behind, shown, values_of
from pathway_compiler.engine.findings import Findings
from pathway_compiler.engine.needs import needed_elements, unanswerable
from pathway_compiler.engine.outcome import (
    ActionOutcome,
    AuthorisationOutcome,
    Certainty,
    DerivedFact,
    NotRecommended,
    OptionOutcome,
    Outcome,
    Recommendation,
    RegimenPart,
)
from pathway_compiler.engine.why_not import entries_of, why_not_reached
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.language import gettext as _
from pathway_compiler.model.case import Status
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.pathway import Choose, Follow, Recommend, Standing

__all__ = ["summarise"]

Path = tuple[str, ...]


def summarise(findings: Findings, environment: Environment, compiled: CompiledGuideline) -> Outcome:
    """The outcome of a run."""
    guideline = compiled.guideline
    recommendations, not_recommended = _decide(findings.drafts)
    not_recommended += _in_pathways_not_entered(findings, compiled)
    needs = needed_elements(findings, environment, compiled)
    given_outside = any(truth is True for _, truth in findings.outside)
    return Outcome(
        guideline=guideline.name,
        guideline_title=guideline.title,
        guideline_version=guideline.header.version,
        content_hash=guideline.content_hash,
        pathway=findings.pathway,
        patient=environment.patient.id,
        as_of=environment.as_of,
        status=_status(findings, recommendations, given_outside, bool(needs)),
        recommendations=recommendations,
        not_recommended=not_recommended,
        actions=_actions(recommendations, environment),
        needs=needs,
        unanswerable=unanswerable(findings),
        definitions=_definitions(findings, environment),
        reviews=findings.reviews,
        contradictions=find_contradictions(recommendations, guideline),
        outside=tuple(text for text, truth in findings.outside if truth is True),
        ends=findings.ends,
        trace=findings.trace,
        waiting=findings.waiting,
        settings=dict(environment.settings),
        readings=dict(environment.readings),
        facts=dict(values_of(sorted(environment.patient.facts), environment)),
        language=guideline.header.language,
    )


def _status(
    findings: Findings, recommendations: Sequence[Recommendation], outside: bool, needs: bool
) -> Status:
    if findings.applies is False:
        return "not_applicable"
    if outside:
        return "outside_guideline"
    unsettled = (
        needs or bool(findings.doubts) or any(r.certainty == "possible" for r in recommendations)
    )
    return "needs_data" if unsettled else "complete"


# --- overriding -------------------------------------------------------------------------------------------


def _decide(
    drafts: Sequence[Draft],
) -> tuple[tuple[Recommendation, ...], tuple[NotRecommended, ...]]:
    """Apply `overrides`, and tell the recommendations that hold from those that do not."""
    overriding: dict[Path, list[tuple[Draft, OptionDraft | None]]] = {}
    for draft in drafts:
        for target in draft.overrides:
            overriding.setdefault(target, []).append((draft, None))
        for option in draft.options:
            for target in option.option.course.overrides:
                overriding.setdefault(target, []).append((draft, option))
    memory: dict[Path, Truth] = {}

    def overridden(path: Path) -> Truth:
        """Whether something that holds overrides this path; circles are refused when compiling."""
        if path not in memory:
            memory[path] = False
            memory[path] = kleene_or(
                kleene_and(
                    [
                        holder.truth,
                        True if option is None else option.truth,
                        kleene_not(overridden(holder.path)),
                        True
                        if option is None
                        else kleene_not(overridden((*holder.path, option.option.name))),
                    ]
                )
                for holder, option in overriding.get(path, ())
            )
        return memory[path]

    recommendations: dict[tuple[str, Path], Recommendation] = {}
    refused: dict[tuple[str, Path], NotRecommended] = {}
    for draft in drafts:
        over = overridden(draft.path)
        reasons = list(draft.reasons)
        if over is not False:
            titles = [h.title for h, _ in overriding[draft.path] if h.truth is not False]
            reasons.append(_("gives way to: %(titles)s", titles=", ".join(titles)))
        left: Truth = True
        if draft.options:
            left = kleene_or(
                kleene_and([o.truth, kleene_not(overridden((*draft.path, o.option.name)))])
                for o in draft.options
            )
            if left is False and draft.truth is not False:
                reasons.append(_("no option is left"))
        truth = kleene_and([draft.truth, kleene_not(over), left])
        key = (".".join(draft.path), draft.place.via)
        if truth is False:
            refused.setdefault(
                key,
                NotRecommended(
                    key[0],
                    draft.title,
                    tuple(reasons),
                    draft.place.via,
                    draft.place.not_reached.later and tuple(reasons) == draft.reasons,
                ),
            )
            continue
        options = [_override_option(o, overridden, overriding) for o in draft.options]
        found = _recommendation(draft, truth, tuple(options))
        earlier = recommendations.get(key)
        if earlier is None or (earlier.certainty == "possible" and found.certainty == "given"):
            recommendations[key] = found
    not_given = tuple(r for key, r in refused.items() if key not in recommendations)
    return tuple(recommendations.values()), not_given


def _override_option(
    option: OptionDraft,
    overridden: Callable[[Path], Truth],
    overriding: Mapping[Path, Sequence[tuple[Draft, OptionDraft | None]]],
) -> OptionOutcome:
    path = tuple(option.outcome.id.split("."))
    over = overridden(path)
    if over is False:
        return option.outcome
    titles = ", ".join(h.title for h, _ in overriding[path] if h.truth is not False)
    excluded = over is True or option.truth is False
    return replace(
        option.outcome,
        status="excluded" if excluded else "perhaps",
        reasons=(*option.outcome.reasons, _("gives way to: %(titles)s", titles=titles)),
    )


def _recommendation(
    draft: Draft, truth: Truth, options: tuple[OptionOutcome, ...]
) -> Recommendation:
    certainty: Certainty = "given" if truth is True else "possible"
    missing = tuple(sorted(truth.because)) if isinstance(truth, Unknown) else ()
    return Recommendation(
        ".".join(draft.path),
        draft.title,
        draft.direction,
        certainty,
        draft.evidence,
        draft.regimen,
        draft.avoids,
        draft.cautions,
        options,
        draft.place.because,
        draft.place.route,
        missing,
        draft.place.via,
        draft.moment,
        draft.exclusive,
        isinstance(draft.place.node, Standing),
    )


def _in_pathways_not_entered(
    findings: Findings, compiled: CompiledGuideline
) -> tuple[NotRecommended, ...]:
    """What stands in pathways that this visit did not follow, with why it did not."""
    entered = {pathway for _, pathway in findings.entered}
    found: dict[str, tuple[int, NotRecommended]] = {}
    for via, name in sorted(findings.entered):
        graph = compiled.graphs[name]
        entries = entries_of(graph, via, findings.trace)
        for node in graph.pathway.nodes:
            if not isinstance(node, Follow) or node.pathway in entered:
                continue
            why = why_not_reached(graph, node.name, entries, compiled)
            reasons = why.reasons or (
                _("“%(title)s” is not reached at this visit", title=node.label),
            )
            for pathway, steps in _followed_from(node.pathway, compiled, entered).items():
                for inner in compiled.guideline.pathways[pathway].nodes:
                    if isinstance(inner, Recommend | Standing | Choose):
                        key = f"{pathway}.{inner.name}"
                        if key not in found or steps < found[key][0]:
                            not_given = NotRecommended(key, inner.label, reasons, (*via, node.name))
                            found[key] = (steps, not_given)
    return tuple(not_given for _, not_given in found.values())


def _followed_from(
    name: str, compiled: CompiledGuideline, entered: Collection[str]
) -> dict[str, int]:
    """A pathway and all that it leads to, in how many steps, apart from what the visit entered."""
    steps = {name: 0}
    waiting = [name]
    while waiting:
        current = waiting.pop(0)
        for node in compiled.guideline.pathways[current].nodes:
            if (
                isinstance(node, Follow)
                and node.pathway not in entered
                and node.pathway not in steps
            ):
                steps[node.pathway] = steps[current] + 1
                waiting.append(node.pathway)
    return steps


# --- actions and derived facts --------------------------------------------------------------------------


def _actions(
    recommendations: Sequence[Recommendation], environment: Environment
) -> tuple[ActionOutcome, ...]:
    """Every action that some recommendation asks for, with what bars it."""
    guideline = environment.guideline
    asked: dict[str, list[tuple[Recommendation, RegimenPart, bool]]] = {}
    avoided: dict[str, list[str]] = {}
    for recommendation in recommendations:
        for part, alternative in _asked_for(recommendation):
            if part.action is not None and part.status != "not applicable":
                asked.setdefault(part.action, []).append((recommendation, part, alternative))
        for action in recommendation.avoids:
            avoided.setdefault(action, []).append(recommendation.id)
    outcomes = []
    for action, uses in sorted(asked.items()):
        barring: dict[str, None] = {}
        for part in (use[1] for use in uses):
            if part.status == "barred":
                barring.update(dict.fromkeys(part.reasons))
        for banned, ids in avoided.items():
            if guideline.is_a(action, banned):
                barring.update(dict.fromkeys(ids))
        certain = any(
            r.certainty == "given" and part.status == "offered" and not alternative
            for r, part, alternative in uses
        )
        outcomes.append(
            ActionOutcome(
                action,
                guideline.action_label(action),
                "given" if certain else "possible",
                tuple(dict.fromkeys(r.id for r, _, _ in uses)),
                tuple(barring),
                all(alternative for _, _, alternative in uses),
                _authorisations(action, environment),
            )
        )
    return tuple(outcomes)


def _authorisations(name: str, environment: Environment) -> tuple[AuthorisationOutcome, ...]:
    action = environment.guideline.actions.get(name)
    found = []
    for authorisation in action.authorisations if action else ():
        truth: Truth = True
        if authorisation.condition is not None:
            truth = evaluate_condition(authorisation.condition, environment)
        found.append(
            AuthorisationOutcome(
                authorisation.regulator,
                authorisation.text,
                "perhaps" if isinstance(truth, Unknown) else "covered" if truth else "not covered",
            )
        )
    return tuple(found)


def _asked_for(recommendation: Recommendation) -> Iterator[tuple[RegimenPart, bool]]:
    """The single actions of a recommendation, and whether each is one of several alternatives."""
    if recommendation.direction in ("for", "selective"):
        for part in recommendation.regimen:
            yield from _single(part, False)
    several = sum(o.status != "excluded" for o in recommendation.options) > 1
    for option in recommendation.options:
        if option.status != "excluded":
            for part in option.regimen:
                yield from _single(part, several)


def _single(part: RegimenPart, alternative: bool) -> Iterator[tuple[RegimenPart, bool]]:
    if part.kind == "action":
        yield part, alternative
    usable = [p for p in part.parts if p.status in ("offered", "perhaps")]
    for inner in part.parts:
        yield from _single(inner, alternative or (part.kind == "one of" and len(usable) > 1))


def _definitions(findings: Findings, environment: Environment) -> tuple[DerivedFact, ...]:
    """The derived facts that this run read, with the facts behind them."""
    read: dict[str, None] = dict.fromkeys(environment.cache)
    for entry in findings.trace:
        read.update((name, None) for name, _ in entry.facts)
    guideline = environment.guideline
    waiting = list(read)
    seen: dict[str, DerivedFact] = {}
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        expressions: list[Expression] = []
        definition = guideline.definitions.get(name)
        reading = guideline.readings.get(name)
        element = guideline.elements.get(name)
        if definition is not None:
            expressions = [row.condition for row in definition.rows if row.condition is not None]
            if definition.expression is not None:
                expressions.append(definition.expression)
            title = definition.label
        elif reading is not None:
            chosen = reading.alternative(environment.readings[name]) or reading.chosen
            expressions, title = [chosen.expression], f"{reading.label}: {chosen.label}"
        elif element is not None and element.derive is not None:
            expressions, title = [element.derive], element.label
        else:
            continue
        facts = facts_behind(expressions, environment)
        waiting.extend(inner for inner, _ in facts)
        value = shown(fact_value(name, environment), environment)
        seen[name] = DerivedFact(name, title, value, facts)
    return tuple(seen[name] for name in sorted(seen))
