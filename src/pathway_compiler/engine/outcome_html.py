"""An outcome as a piece of HTML, for notebooks."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from pathway_compiler.datatypes.truth import Truth, Unknown

if TYPE_CHECKING:
    from pathway_compiler.engine.outcome import GradedEvidence, Outcome, Recommendation, RegimenPart

__all__ = ["outcome_html"]

_STATUS = {
    "complete": "Everything that decides is known",
    "needs_data": "Some facts are missing",
    "not_applicable": "This pathway does not apply",
    "outside_guideline": "The guideline was not written for this patient",
}


def outcome_html(outcome: "Outcome") -> str:
    """The outcome with its recommendations, what is missing, and the trace folded away."""
    parts = [
        f"<h4>{escape(outcome.guideline_title)}: {escape(outcome.pathway)}</h4>",
        f"<p>Patient {escape(outcome.patient)}, as of {outcome.as_of}."
        f" <b>{_STATUS[outcome.status]}.</b></p>",
        _list("Outside the guideline", map(escape, outcome.outside)),
        _list("Contradictions", (escape(c.text) for c in outcome.contradictions)),
        _list("Recommended", map(_recommendation, outcome.given)),
        _list("Possible, depending on missing facts", map(_recommendation, outcome.possible)),
        _list(
            "To be asked",
            (f"{escape(n.question)} <small>({n.urgency})</small>" for n in outcome.needs),
        ),
        _list("Reviews", (escape(r.title) for r in outcome.reviews)),
        _list(
            "Not recommended",
            (
                f"{escape(r.title)} <small>{escape('; '.join(r.reasons))}</small>"
                for r in outcome.not_recommended
            ),
            folded=True,
        ),
        _trace(outcome),
    ]
    footer = f"{outcome.guideline} {outcome.guideline_version} · {outcome.content_hash[:12]}"
    return f"<div>{''.join(parts)}<p><small>{escape(footer)}</small></p></div>"


def _list(title: str, items: Iterable[str], *, folded: bool = False) -> str:
    listed = "".join(f"<li>{item}</li>" for item in items)
    if not listed:
        return ""
    if folded:
        return f"<details><summary>{title}</summary><ul>{listed}</ul></details>"
    return f"<p><b>{title}</b></p><ul>{listed}</ul>"


def _recommendation(recommendation: "Recommendation") -> str:
    text = f"<b>{escape(recommendation.title)}</b> {_evidence(recommendation.evidence)}"
    if recommendation.direction != "for":
        text += f" <i>{escape(recommendation.direction)}</i>"
    inner = "".join(f"<li>{_part(part)}</li>" for part in recommendation.regimen)
    for option in recommendation.options:
        reasons = f" <small>{escape('; '.join(option.reasons))}</small>" if option.reasons else ""
        inner += (
            f"<li>{escape(option.rank)}: {escape(option.title)} ({option.status})"
            f" {_evidence(option.evidence)}{reasons}</li>"
        )
    inner += "".join(f"<li>Caution: {escape(text_)}</li>" for text_ in recommendation.cautions)
    return text + (f"<ul>{inner}</ul>" if inner else "")


def _part(part: "RegimenPart") -> str:
    text = escape(part.text)
    if part.status == "barred":
        text = f"<s>{text}</s>"
    reasons = "; ".join(part.reasons)
    return text + (f" <small>{escape(reasons)}</small>" if reasons else "")


def _evidence(evidence: "tuple[GradedEvidence, ...]") -> str:
    seen = dict.fromkeys((e.grade, e.certainty) for e in evidence if e.grade or e.certainty)
    badges = [
        " · ".join(
            [*([f"GR {grade}"] if grade else []), *([f"LC {certainty}"] if certainty else [])]
        )
        for grade, certainty in seen
    ]
    return " ".join(f"<small>[{escape(badge)}]</small>" for badge in badges)


def _truth(truth: Truth) -> str:
    return "?" if isinstance(truth, Unknown) else "yes" if truth else "no"


def _trace(outcome: "Outcome") -> str:
    rows = []
    for entry in outcome.trace:
        answers = ", ".join(f"{b.label}: {_truth(b.taken)}" for b in entry.branches)
        rows.append(
            f"<tr><td>{escape(entry.pathway)}.{escape(entry.node)}</td><td>{escape(entry.kind)}</td>"
            f"<td>{_truth(entry.activation)}</td><td>{escape(answers)}</td></tr>"
        )
    head = "<tr><th>node</th><th>kind</th><th>active</th><th>answers</th></tr>"
    return f"<details><summary>Trace</summary><table>{head}{''.join(rows)}</table></details>"
