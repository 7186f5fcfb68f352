"""Findings as JSON data."""

from collections.abc import Sequence

from pathway_compiler.diagnostics.codes import CODES, Severity
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Span

__all__ = ["FORMAT", "diagnostic_to_json", "diagnostics_to_json", "place_to_json"]

FORMAT = "pathway-diagnostics/1"

Json = dict[str, object]


def diagnostics_to_json(diagnostics: Sequence[Diagnostic]) -> Json:
    """A document of findings, with the number of each severity."""
    return {
        "format": FORMAT,
        "counts": {
            severity.value: sum(d.severity is severity for d in diagnostics)
            for severity in Severity
        },
        "diagnostics": [diagnostic_to_json(diagnostic) for diagnostic in diagnostics],
    }


def diagnostic_to_json(diagnostic: Diagnostic) -> Json:
    """One finding; lines and columns count from 1, and the end is the column after the last one."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "title": CODES[diagnostic.code].title,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "notes": list(diagnostic.notes),
        "place": place_to_json(diagnostic.span),
        "related": [
            {"text": label.text, "place": place_to_json(label.span)} for label in diagnostic.labels
        ],
    }


def place_to_json(span: Span) -> Json:
    return {
        "file": span.source.name,
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }
