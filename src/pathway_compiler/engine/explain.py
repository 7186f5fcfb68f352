"""Why a recommendation is given, possible or not given for a patient."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.engine.outcome import Because, Outcome, Recommendation
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.describe import describe_fact, fact_label
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Recommend, Standing

__all__ = ["Explanation", "explain", "explanation_to_json", "recommendation_ids"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to why, or why not, for one recommendation or option."""

    id: str
    title: str
    status: str
    because: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The explanation as lines of text."""
        yield f"{self.title} ({self.id})"
        yield f"  {self.status}"
        for heading, items in (
            ("because", self.because),
            ("against it", self.against),
            ("not known", self.missing),
            ("evidence", self.evidence),
        ):
            if items:
                yield f"  {heading}:"
                for item in items:
                    yield f"    {item}"


def recommendation_ids(guideline: Guideline) -> tuple[str, ...]:
    """The id of every recommendation and option of a guideline."""
    found = []
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            if isinstance(node, Recommend | Standing | Choose):
                found.append(f"{pathway.name}.{node.name}")
            if isinstance(node, Choose):
                found += [f"{pathway.name}.{node.name}.{option.name}" for option in node.options]
    return tuple(found)


def explain(outcome: Outcome, compiled: CompiledGuideline, id_: str) -> Explanation:
    """Why the recommendation or option with this id is given to the patient of an outcome, or not."""
    guideline = compiled.guideline
    for recommendation in outcome.recommendations:
        if recommendation.id == id_:
            return _given(recommendation, guideline)
        for option in recommendation.options:
            if option.id == id_:
                whole = _given(recommendation, guideline)
                status = f"{option.status}, rank {option.rank}, of a choice that is {whole.status}"
                evidence = tuple(_evidence(e.certainty, e.grade, e.title) for e in option.evidence)
                return Explanation(
                    id_,
                    option.title,
                    status,
                    whole.because,
                    option.reasons,
                    whole.missing,
                    evidence,
                )
    refused = next(
        (r for r in outcome.not_recommended if r.id == id_ or id_.startswith(f"{r.id}.")), None
    )
    title = _title(id_, guideline)
    if refused is not None:
        return Explanation(id_, title, "not given", against=refused.reasons)
    return Explanation(
        id_, title, "not given", against=("its pathway is not reached at this visit",)
    )


def _given(recommendation: Recommendation, guideline: Guideline) -> Explanation:
    return Explanation(
        recommendation.id,
        recommendation.title,
        recommendation.certainty,
        tuple(_because(item, guideline) for item in recommendation.because),
        tuple(reason for part in recommendation.regimen for reason in part.reasons),
        tuple(f"{fact_label(guideline, m.element)} ({m.reason})" for m in recommendation.missing),
        tuple(_evidence(e.certainty, e.grade, e.title) for e in recommendation.evidence),
    )


def _because(because: Because, guideline: Guideline) -> str:
    known = [describe_fact(n, v, guideline) for n, v in because.facts if not isinstance(v, Unknown)]
    told = f" ({'; '.join(known)})" if known else ""
    return f"{because.question} {because.answer}{told}"


def _evidence(certainty: str | None, grade: str | None, title: str) -> str:
    marks = [f"GR {grade}"] if grade else []
    marks += [f"LC {certainty}"] if certainty else []
    return f"[{' · '.join(marks) or 'not graded'}] {title}"


def _title(id_: str, guideline: Guideline) -> str:
    pathway, node_name, *rest = id_.split(".")
    node = guideline.pathways[pathway].node(node_name)
    if isinstance(node, Choose) and rest:
        return next((o.label for o in node.options if o.name == rest[0]), node.label)
    return node.label if node else id_


def explanation_to_json(explanation: Explanation) -> dict[str, object]:
    return {
        "id": explanation.id,
        "title": explanation.title,
        "status": explanation.status,
        "because": list(explanation.because),
        "against": list(explanation.against),
        "missing": list(explanation.missing),
        "evidence": list(explanation.evidence),
    }
