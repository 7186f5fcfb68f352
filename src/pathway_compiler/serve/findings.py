"""Findings as data for the page: beside the place, the lines of text with the part that is underlined."""

import re
from collections.abc import Sequence

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.diagnostics.to_json import diagnostic_to_json, diagnostics_to_json

__all__ = ["MOST_SHOWN", "findings_to_json"]

Json = dict[str, object]

MOST_SHOWN = 100
"""Findings that are told one by one; nobody reads more of them beside a drawing."""
MOST_LINES = 4
"""Lines of text shown for one finding."""
WIDEST = 160
"""Characters of a line that are shown around what is underlined."""

# Marks of direction and control characters make a line read otherwise than it is.
_DECEIVING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def findings_to_json(diagnostics: Sequence[Diagnostic]) -> Json:
    """Findings with their excerpts, errors first; `left_out` says how many are not among them."""
    ranked = sorted(diagnostics, key=lambda d: _RANK[d.severity.value])
    document = diagnostics_to_json(())
    document["counts"] = diagnostics_to_json(diagnostics)["counts"]
    document["diagnostics"] = [
        {**diagnostic_to_json(d), "excerpt": excerpt(d.span)} for d in ranked[:MOST_SHOWN]
    ]
    document["left_out"] = max(0, len(ranked) - MOST_SHOWN)
    return document


_RANK = {"error": 0, "warning": 1, "note": 2}


def excerpt(span: Span) -> list[Json]:
    """The lines that a finding is about, each in three parts of which the second is underlined."""
    if not span.source.text:
        return []
    last = min(span.end_line, span.line + MOST_LINES - 1)
    return [_line(span, number) for number in range(span.line, last + 1)]


def _line(span: Span, number: int) -> Json:
    text = span.source.line_text(number)
    low = span.column - 1 if number == span.line else len(text) - len(text.lstrip())
    high = span.end_column - 1 if number == span.end_line else len(text)
    low = min(low, len(text))
    high = min(max(high, low), len(text))
    before, marked, after = text[:low], text[low:high], text[high:]
    if len(text) > WIDEST:
        room = WIDEST // 4
        before = f"…{before[-room:]}" if len(before) > room else before
        marked = f"{marked[: room * 2]}…" if len(marked) > room * 2 else marked
        after = f"{after[:room]}…" if len(after) > room else after
    return {
        "line": number,
        "before": _shown(before),
        "marked": _shown(marked),
        "after": _shown(after),
    }


def _shown(text: str) -> str:
    return _DECEIVING.sub("\ufffd", text)
