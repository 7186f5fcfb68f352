"""Findings as SARIF 2.1.0, the format that code-review tools read."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from pathway_compiler.diagnostics.codes import CODES
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Span

__all__ = ["SCHEMA", "diagnostics_to_sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

Json = dict[str, object]


def diagnostics_to_sarif(diagnostics: Sequence[Diagnostic], *, version: str) -> Json:
    """A log with one run; `version` is that of the compiler."""
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES[code].title},
            "help": {"text": f"pathway explain-code {code}"},
            "defaultConfiguration": {"level": CODES[code].severity.value},
        }
        for code in codes
    ]
    driver = {"name": "pathway-compiler", "semanticVersion": version, "rules": rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(d, codes.index(d.code)) for d in diagnostics],
            }
        ],
    }


def _result(diagnostic: Diagnostic, rule: int) -> Json:
    message = "\n".join((diagnostic.message, *diagnostic.notes))
    if diagnostic.help:
        message += f"\n{diagnostic.help}"
    found: Json = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
        "message": {"text": message},
        "locations": [{"physicalLocation": _physical(diagnostic.span)}],
    }
    if diagnostic.labels:
        found["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(label.span),
                "message": {"text": label.text},
            }
            for number, label in enumerate(diagnostic.labels)
        ]
    return found


def _physical(span: Span) -> Json:
    place: Json = {"artifactLocation": {"uri": _uri(span.source.name)}}
    if span.source.text:
        place["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    return place


def _uri(name: str) -> str:
    """A file name as a reference; relative names stay relative."""
    if re.match(r"[A-Za-z]:[\\/]", name):  # a drive of Windows
        return "file:///" + quote(name.replace("\\", "/"), safe="/:")
    path = PurePosixPath(name)
    return f"file://{quote(str(path))}" if path.is_absolute() else quote(str(path))
