"""Recommendations that contradict each other for some patient, anywhere in the guideline."""

from collections.abc import Iterator

from pathway_compiler.analysis.all_patients import Analysis
from pathway_compiler.analysis.formulas import FALSE, Formulas
from pathway_compiler.analysis.proof import Obligation
from pathway_compiler.analysis.solver import Verdict
from pathway_compiler.analysis.visits import Line, SymbolicDraft, Visit
from pathway_compiler.analysis.witness import facts_in_words, witness_notes
from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import OTHERWISE_NOT

__all__ = ["conflicts"]

Pair = tuple[str, str, str]
"""The ids of two recommendations, and what they disagree about."""


def conflicts(analysis: Analysis) -> Iterator[Obligation]:
    """For each two recommendations that could contradict each other, whether some patient gets both."""
    seen: dict[Pair, list[tuple[Visit, SymbolicDraft, SymbolicDraft, int, str]]] = {}
    for visit in (*analysis.visits, *analysis.others):
        for pair, first, second, formula, words in _pairs(visit, analysis):
            seen.setdefault(pair, []).append((visit, first, second, formula, words))
    formulas = analysis.conditions.formulas
    verdicts = analysis.can_each(
        [formulas.any_of(formula for *_, formula, _ in found) for found in seen.values()]
    )
    for (pair, found), verdict in zip(seen.items(), verdicts, strict=True):
        yield _conflict(pair, found, verdict, analysis)


def _conflict(
    pair: Pair,
    found: list[tuple[Visit, SymbolicDraft, SymbolicDraft, int, str]],
    verdict: Verdict,
    analysis: Analysis,
) -> Obligation:
    place = (pair[0], pair[1], pair[2])
    if verdict == "no":
        return Obligation("contradicts nothing", place, "proved")
    if verdict == "undecided":
        return Obligation("contradicts nothing", place, "undecided")
    visit, first, second, formula, words = next(f for f in found if analysis.can(f[3]) == "yes")

    def confirms(outcome: Outcome) -> bool:
        ids = {first.id, second.id}
        return any({c.first, c.second} == ids for c in outcome.contradictions)

    patient, boxes, free = analysis.witness(formula, visit, confirms, most=1)
    told = facts_in_words(patient, analysis.guideline)
    statements = dict.fromkeys((*first.node.statements, *second.node.statements))
    labels = [Label(second.node.span, "the other recommendation")]
    for name in statements:
        statement = analysis.guideline.statements[name]
        if statement.span is not None:
            labels.append(Label(statement.span, f"statement `{name}`"))
    diagnostic = Diagnostic(
        "contradiction",
        f"{words}, for a patient with {told}",
        first.node.span,
        tuple(labels),
        help="let one of them give way (`overrides`, `unless`), or part their patients",
        notes=witness_notes(patient, boxes),
    )
    undecided = free and not patient.confirmed
    return Obligation(
        "contradicts nothing",
        place,
        "undecided" if undecided else "refuted",
        None if undecided else diagnostic,
        patient,
        boxes,
        free,
    )


def _pairs(
    visit: Visit, analysis: Analysis
) -> Iterator[tuple[Pair, SymbolicDraft, SymbolicDraft, int, str]]:
    guideline, formulas = analysis.guideline, analysis.conditions.formulas
    drafts = [d for d in visit.drafts if d.final.true != FALSE]
    for second in drafts:
        for banned in second.avoids:
            for first in drafts:
                if first is second or second.id == f"{first.id}.{OTHERWISE_NOT}":
                    continue
                asks = asked(first, banned, guideline, formulas)
                both = formulas.all_of((first.final.true, second.final.true, asks))
                if both != FALSE:
                    words = (
                        f"“{first.node.label}” asks for something under"
                        f" {guideline.action_label(banned)}, and “{second.node.label}” is against it"
                    )
                    yield (first.id, second.id, banned), first, second, both, words
    for incompatibility in guideline.incompatibilities.values():
        for index, first in enumerate(drafts):
            for second in drafts[index:]:
                a = _both_asked(
                    first, second, incompatibility.first, incompatibility.second, analysis
                )
                b = FALSE
                if first is not second:
                    b = _both_asked(
                        first, second, incompatibility.second, incompatibility.first, analysis
                    )
                both = formulas.all_of(
                    (first.final.true, second.final.true, formulas.any_of((a, b)))
                )
                if both != FALSE:
                    words = (
                        f"{incompatibility.label}: “{first.node.label}” and “{second.node.label}”"
                    )
                    yield (first.id, second.id, incompatibility.name), first, second, both, words
    for slot in guideline.slots.values():
        filling = [d for d in drafts if d.path in slot.recommendations]
        for index, first in enumerate(filling):
            for second in filling[index + 1 :]:
                speaking = {first.direction, second.direction} <= {"for", "selective"}
                both = formulas.all_of((first.final.true, second.final.true))
                if first.id != second.id and speaking and both != FALSE:
                    words = f"{slot.label}: “{first.node.label}” and “{second.node.label}”"
                    yield (first.id, second.id, slot.name), first, second, both, words


def _both_asked(
    first: SymbolicDraft, second: SymbolicDraft, one: str, two: str, analysis: Analysis
) -> int:
    guideline, formulas = analysis.guideline, analysis.conditions.formulas
    return formulas.all_of(
        (asked(first, one, guideline, formulas), asked(second, two, guideline, formulas))
    )


def asked(draft: SymbolicDraft, banned: str, guideline: Guideline, formulas: Formulas) -> int:
    """That a recommendation cannot be followed without an action of the banned class."""
    if draft.direction not in ("for", "selective"):
        return FALSE
    shared = formulas.any_of(_required(line, banned, guideline, formulas) for line in draft.lines)
    if not draft.options:
        return shared
    eligible = [-option.final.false for option in draft.options]
    under = [
        formulas.any_of(_required(line, banned, guideline, formulas) for line in option.lines)
        for option in draft.options
    ]
    every = formulas.all_of(
        (
            formulas.any_of(eligible),
            *(formulas.implies(e, u) for e, u in zip(eligible, under, strict=True)),
        )
    )
    return formulas.any_of((shared, every))


def _required(line: Line, banned: str, guideline: Guideline, formulas: Formulas) -> int:
    if line.kind == "action":
        return -line.out.true if guideline.is_a(line.action, banned) else FALSE
    inner = [_required(part, banned, guideline, formulas) for part in line.parts]
    if line.kind == "one of":
        usable = [-part.out.true for part in line.parts]
        within = formulas.all_of(
            (
                formulas.any_of(usable),
                *(formulas.implies(u, i) for u, i in zip(usable, inner, strict=True)),
            )
        )
    else:
        within = formulas.any_of(inner)
    return formulas.all_of((-line.out.true, within))
