"""The outcome of a run as JSON data, in the format that `dsl/result.schema.json` publishes."""

from fractions import Fraction

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Missing, Truth, Unknown
from pathway_compiler.engine.outcome import (
    Because,
    BranchTrace,
    GradedEvidence,
    OptionOutcome,
    Outcome,
    Recommendation,
    RegimenPart,
    TraceEntry,
)
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.vocabulary import Entry, ListValue, SetValue, Value

__all__ = ["FORMAT", "outcome_to_json", "value_to_json"]

FORMAT = "pathway-result/1"
"""The name and version of the format; the number changes when a reader must change."""

Json = dict[str, object]


def outcome_to_json(outcome: Outcome, compiled: CompiledGuideline) -> Json:
    """The whole outcome; every list has a stable order, and equal outcomes give equal data."""
    guideline = compiled.guideline
    return {
        "format": FORMAT,
        "guideline": {
            "name": outcome.guideline,
            "title": outcome.guideline_title,
            "version": outcome.guideline_version,
            "content_hash": outcome.content_hash,
        },
        "pathway": outcome.pathway,
        "patient": outcome.patient,
        "as_of": str(outcome.as_of),
        "status": outcome.status,
        "exactness": outcome.exactness,
        "recommendations": [_recommendation(r, guideline) for r in outcome.recommendations],
        "not_recommended": [
            {"id": r.id, "title": r.title, "reasons": list(r.reasons), "via": list(r.via)}
            for r in outcome.not_recommended
        ],
        "actions": [
            {
                "action": a.action,
                "title": a.title,
                "certainty": a.certainty,
                "decided_by": a.decided_by,
                "alternative": a.alternative,
                "recommended_by": list(a.recommended_by),
                "barred_by": list(a.barred_by),
                "authorisations": [
                    {"regulator": x.regulator, "text": x.text, "status": x.status}
                    for x in a.authorisations
                ],
            }
            for a in outcome.actions
        ],
        "needs": [
            {
                "element": n.element,
                "question": n.question,
                "urgency": n.urgency,
                "settles": list(n.settles),
                "reason": n.reason,
            }
            for n in outcome.needs
        ],
        "irrelevant": list(outcome.irrelevant),
        "unanswerable": [_missing(m) for m in outcome.unanswerable],
        "definitions": [
            {
                "name": d.name,
                "title": d.title,
                "value": value_to_json(d.value),
                "facts": _facts(d.facts),
            }
            for d in outcome.definitions
        ],
        "reviews": [
            {
                "id": r.id,
                "title": r.title,
                "certainty": r.certainty,
                "every": r.every,
                "via": list(r.via),
                "since": str(r.since) if r.since else None,
            }
            for r in outcome.reviews
        ],
        "contradictions": [
            {
                "first": c.first,
                "second": c.second,
                "action": c.action,
                "text": c.text,
                "certainty": c.certainty,
                "statements": list(c.statements),
            }
            for c in outcome.contradictions
        ],
        "outside": list(outcome.outside),
        "ends": list(outcome.ends),
        "settings": {
            name: value_to_json(value) for name, value in sorted(outcome.settings.items())
        },
        "readings": dict(sorted(outcome.readings.items())),
        "facts": {name: value_to_json(value) for name, value in sorted(outcome.facts.items())},
        "trace": [_trace(entry) for entry in outcome.trace],
        "diagnostics": [],
    }


def value_to_json(value: Value | Unknown) -> object:
    """A value as JSON: exact numbers as numbers, dates as text, unknown with its reasons."""
    match value:
        case Unknown():
            return {"unknown": [_missing(m) for m in sorted(value.because)]}
        case Fraction():
            return float(value)
        case PartialDate():
            return str(value)
        case SetValue():
            items = sorted((value_to_json(item) for item in value.items), key=str)
            return {"items": items, "complete": value.complete}
        case ListValue():
            return {"items": [_entry(entry) for entry in value.items], "complete": value.complete}
        case _:
            return value


def _entry(entry: Entry) -> Json:
    return {name: value_to_json(value) for name, value in entry.fields}


def _missing(missing: Missing) -> Json:
    return {"element": missing.element, "reason": missing.reason.value}


def _facts(facts: tuple[tuple[str, Value | Unknown], ...]) -> Json:
    return {name: value_to_json(value) for name, value in facts}


def _truth(truth: Truth) -> str:
    return "unknown" if isinstance(truth, Unknown) else "true" if truth else "false"


def _evidence(evidence: tuple[GradedEvidence, ...], guideline: Guideline) -> list[Json]:
    grading = guideline.grading
    found: list[Json] = []
    for item in evidence:
        grade = grading.grade(item.grade) if grading else None
        found.append(
            {
                "statement": item.statement,
                "title": item.title,
                "kind": item.kind,
                "scheme": item.scheme,
                "certainty": item.certainty,
                "grade": item.grade,
                "grade_meaning": grade.label if grade else None,
                "references": list(item.references),
                "section": item.section,
                "lines": [list(pair) for pair in item.lines],
            }
        )
    return found


def _part(part: RegimenPart) -> Json:
    return {
        "kind": part.kind,
        "text": part.text,
        "status": part.status,
        "action": part.action,
        "reasons": list(part.reasons),
        "parts": [_part(inner) for inner in part.parts],
    }


def _option(option: OptionOutcome, guideline: Guideline) -> Json:
    return {
        "id": option.id,
        "title": option.title,
        "rank": option.rank,
        "status": option.status,
        "reasons": list(option.reasons),
        "evidence": _evidence(option.evidence, guideline),
        "regimen": [_part(part) for part in option.regimen],
        "avoids": list(option.avoids),
        "cautions": list(option.cautions),
    }


def _because(because: Because) -> Json:
    return {
        "node": because.node,
        "question": because.question,
        "answer": because.answer,
        "facts": _facts(because.facts),
    }


def _recommendation(recommendation: Recommendation, guideline: Guideline) -> Json:
    return {
        "id": recommendation.id,
        "title": recommendation.title,
        "direction": recommendation.direction,
        "certainty": recommendation.certainty,
        "decided_by": recommendation.decided_by,
        "standing": recommendation.standing,
        "moment": recommendation.moment,
        "via": list(recommendation.via),
        "evidence": _evidence(recommendation.evidence, guideline),
        "regimen": [_part(part) for part in recommendation.regimen],
        "avoids": list(recommendation.avoids),
        "cautions": list(recommendation.cautions),
        "exclusive": recommendation.exclusive,
        "options": [_option(option, guideline) for option in recommendation.options],
        "because": [_because(item) for item in recommendation.because],
        "route": [{"node": step.node, "answer": step.answer} for step in recommendation.route],
        "missing": [_missing(m) for m in recommendation.missing],
    }


def _branch(branch: BranchTrace) -> Json:
    return {
        "name": branch.name,
        "label": branch.label,
        "condition": _truth(branch.condition),
        "taken": _truth(branch.taken),
        "targets": list(branch.targets),
    }


def _trace(entry: TraceEntry) -> Json:
    return {
        "pathway": entry.pathway,
        "node": entry.node,
        "kind": entry.kind,
        "label": entry.label,
        "activation": _truth(entry.activation),
        "via": list(entry.via),
        "facts": _facts(entry.facts),
        "branches": [_branch(branch) for branch in entry.branches],
    }
