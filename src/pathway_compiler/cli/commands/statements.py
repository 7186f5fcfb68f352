"""`pathway statements`: the evidence ledger, and where each statement is encoded."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console
from pathway_compiler.cli.inputs import add_guideline, load_guideline

if TYPE_CHECKING:
    from pathway_compiler.engine.coverage.statements import Place
    from pathway_compiler.model.evidence import Evidence, Statement
    from pathway_compiler.model.guideline import Guideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway statements pathways/seom_abc_2018
  pathway statements pathways/seom_abc_2018 --unused
  pathway statements pathways/seom_abc_2018 --json | jq '.statements[].grade'"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument(
        "--unused", action="store_true", help="only the statements that nothing refers to"
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.engine.coverage.statements import places_of_statements

    compiled = load_guideline(arguments.guideline, console)
    guideline = compiled.guideline
    places = places_of_statements(guideline)
    shown = [
        statement
        for statement in guideline.statements.values()
        if not (arguments.unused and places[statement.name])
    ]
    if arguments.json:
        console.json(
            {
                "format": "pathway-statements/1",
                "guideline": guideline.name,
                "statements": [_json(s, places[s.name], guideline) for s in shown],
            }
        )
        return 0
    _print(shown, places, guideline, console)
    encoded = sum(bool(found) for found in places.values())
    console.note(f"{len(places)} statements, {encoded} encoded, {len(places) - encoded} not")
    return 0


def _print(
    shown: "list[Statement]",
    places: "Mapping[str, tuple[Place, ...]]",
    guideline: "Guideline",
    console: Console,
) -> None:
    from pathway_compiler.diagnostics.terminal import blue, bold, dim, display_width, yellow

    section: str | None = None
    for statement in shown:
        if statement.section != section:
            if section is not None:
                console.print()
            section = statement.section
            console.paragraph(bold(section or "(no section)"))
        printed = _evidence(guideline.printed_evidence(statement))
        size = max(
            2, console.width - 4 - display_width(statement.name) - display_width(printed) - 15
        )
        console.print(
            f"  {statement.name}{' ' * size}{statement.kind:<14} {blue(printed)}".rstrip()
        )
        lines = ", ".join(f"{a}–{b}" if a != b else str(a) for a, b in statement.lines)
        where = f" {dim(f'(lines {lines})')}" if lines else ""
        console.paragraph(f"{statement.label}{where}", "      ", "      ")
        found = places[statement.name]
        if found:
            told = ", ".join(f"{_kind(place)}{place.id}" for place in found)
            console.paragraph(f"{dim('in')} {told}", "      ", "         ")
        else:
            console.print(f"      {yellow('not encoded')}")
        for issue in statement.issues:
            console.paragraph(f"{yellow('issue:')} {issue}", "      ", "        ")


def _kind(place: "Place") -> str:
    """A word before the id where the id alone does not tell a node."""
    return f"{place.kind} " if "." not in place.id or place.kind == "constraint" else ""


def _evidence(evidence: "Evidence") -> str:
    parts = []
    if evidence.certainty:
        parts.append(f"LC {evidence.certainty}")
    if evidence.grade:
        parts.append(f"GR {evidence.grade}")
    return " · ".join(parts) or "–"


def _json(
    statement: "Statement", places: "tuple[Place, ...]", guideline: "Guideline"
) -> dict[str, object]:
    evidence = guideline.printed_evidence(statement)
    return {
        "name": statement.name,
        "title": statement.label,
        "kind": statement.kind,
        "section": statement.section,
        "lines": [list(pair) for pair in statement.lines],
        "moment": statement.moment,
        "certainty": evidence.certainty,
        "grade": evidence.grade,
        "references": list(evidence.references),
        "shares_evidence_with": statement.evidence.shared_with,
        "issues": list(statement.issues),
        "places": [
            {
                "kind": place.kind,
                "id": place.id,
                "file": place.span.source.name if place.span else None,
                "line": place.span.line if place.span else None,
            }
            for place in places
        ],
    }
