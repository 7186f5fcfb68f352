"""An outcome as a piece of HTML, for notebooks."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from pathway_compiler.datatypes.truth import Truth, Unknown
from pathway_compiler.engine.code_words import code_in_words
from pathway_compiler.language import gettext as _
from pathway_compiler.language import marked, pgettext, speaking

if TYPE_CHECKING:
    from pathway_compiler.engine.outcome import GradedEvidence, Outcome, Recommendation, RegimenPart

__all__ = ["outcome_html"]

_STATUS = {
    "complete": marked("Everything that decides is known"),
    "needs_data": marked("Some facts are missing"),
    "not_applicable": marked("This pathway does not apply"),
    "outside_guideline": marked("The guideline was not written for this patient"),
}


def outcome_html(outcome: "Outcome") -> str:
    """The outcome with its recommendations, what is missing, and the trace folded away."""
    with speaking(outcome.language):
        return _html(outcome)


def _html(outcome: "Outcome") -> str:
    patient = _("Patient %(id)s, as of %(day)s.", id=outcome.patient, day=outcome.as_of)
    parts = [
        f"<h4>{escape(outcome.guideline_title)}: {escape(outcome.pathway)}</h4>",
        f"<p>{escape(patient)} <b>{escape(_(_STATUS[outcome.status]))}.</b></p>",
        _list(_("Outside the guideline"), map(escape, outcome.outside)),
        _list(_("Contradictions"), (escape(c.text) for c in outcome.contradictions)),
        _list(_("Recommended"), map(_recommendation, outcome.given)),
        _list(_("Possible, depending on missing facts"), map(_recommendation, outcome.possible)),
        _list(
            _("To be asked"),
            (
                f"{escape(n.question)} <small>({escape(code_in_words(n.urgency))})</small>"
                for n in outcome.needs
            ),
        ),
        _list(_("Reviews"), (escape(r.title) for r in outcome.reviews)),
        _list(
            _("Not recommended"),
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
        return f"<details><summary>{escape(title)}</summary><ul>{listed}</ul></details>"
    return f"<p><b>{escape(title)}</b></p><ul>{listed}</ul>"


def _recommendation(recommendation: "Recommendation") -> str:
    text = f"<b>{escape(recommendation.title)}</b> {_evidence(recommendation.evidence)}"
    if recommendation.direction != "for":
        text += f" <i>{escape(code_in_words(recommendation.direction))}</i>"
    inner = "".join(f"<li>{_part(part)}</li>" for part in recommendation.regimen)
    for option in recommendation.options:
        reasons = f" <small>{escape('; '.join(option.reasons))}</small>" if option.reasons else ""
        inner += (
            f"<li>{escape(code_in_words(option.rank))}: {escape(option.title)}"
            f" ({escape(code_in_words(option.status))})"
            f" {_evidence(option.evidence)}{reasons}</li>"
        )
    for caution in recommendation.cautions:
        said = _("Caution: %(text)s", text=caution)
        inner += f"<li>{escape(said)}</li>"
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
            [
                *([_("GR %(grade)s", grade=grade)] if grade else []),
                *([_("LC %(certainty)s", certainty=certainty)] if certainty else []),
            ]
        )
        for grade, certainty in seen
    ]
    return " ".join(f"<small>[{escape(badge)}]</small>" for badge in badges)


def _truth(truth: Truth) -> str:
    if isinstance(truth, Unknown):
        return "?"
    return escape(pgettext("value", "yes") if truth else pgettext("value", "no"))


def _trace(outcome: "Outcome") -> str:
    rows = []
    for entry in outcome.trace:
        answers = ", ".join(f"{b.label}: {_truth(b.taken)}" for b in entry.branches)
        rows.append(
            f"<tr><td>{escape(entry.pathway)}.{escape(entry.node)}</td><td>{escape(entry.kind)}</td>"
            f"<td>{_truth(entry.activation)}</td><td>{escape(answers)}</td></tr>"
        )
    titles = (_("node"), _("kind"), _("active"), _("answers"))
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    table = f"<table><tr>{head}</tr>{''.join(rows)}</table>"
    title = escape(_("Trace"))
    return f"<details><summary>{title}</summary>{table}</details>"
