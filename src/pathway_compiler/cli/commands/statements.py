"""`pathway statements`: the statements of the source, and where each is encoded."""

import argparse

from pathway_compiler.cli.console import Console
from pathway_compiler.cli.inputs import add_guideline, load_guideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway statements pathways/seom_abc_2018
  pathway statements pathways/seom_abc_2018 --unused
  pathway statements pathways/seom_abc_2018 --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("--unused", action="store_true", help="only those that nothing refers to")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.cli.outcome_text import counted
    from pathway_compiler.diagnostics.terminal import bold, dim
    from pathway_compiler.semantics.traceability import uses_of_statements

    guideline = load_guideline(arguments.guideline, console).guideline
    uses = uses_of_statements(guideline)
    chosen = [s for s in guideline.statements.values() if not (arguments.unused and uses[s.name])]
    if arguments.json:
        rows = []
        for statement in chosen:
            evidence = guideline.printed_evidence(statement)
            rows.append(
                {
                    "name": statement.name,
                    "title": statement.label,
                    "kind": statement.kind,
                    "section": statement.section,
                    "lines": [list(pair) for pair in statement.lines],
                    "certainty": evidence.certainty,
                    "grade": evidence.grade,
                    "references": list(evidence.references),
                    "shares_marker_with": statement.evidence.shared_with,
                    "encoded_in": list(uses[statement.name]),
                    "issues": list(statement.issues),
                }
            )
        console.json(rows)
        return 0
    section: str | None = None
    for statement in chosen:
        if statement.section != section:
            section = statement.section
            console.print("\n" + bold(section or "No section"))
        evidence = guideline.printed_evidence(statement)
        marks = [f"GR {evidence.grade}"] if evidence.grade else []
        marks += [f"LC {evidence.certainty}"] if evidence.certainty else []
        marks += [str(list(evidence.references))] if evidence.references else []
        lines = ", ".join(f"{a}-{b}" if a != b else str(a) for a, b in statement.lines)
        shared = statement.evidence.shared_with
        console.paragraph(statement.label, "  ", "    ")
        told = f"{statement.name} · {statement.kind} · {' · '.join(marks) or 'not graded'}"
        console.paragraph(told + (f" (marker of {shared})" if shared else ""), "    ", "      ")
        console.paragraph(
            f"lines {lines or '?'}; in {', '.join(uses[statement.name]) or 'nothing'}",
            "    ",
            "      ",
        )
        for issue in statement.issues:
            console.paragraph(dim(f"issue: {issue}"), "    ", "      ")
    unused = sum(not uses[s.name] for s in guideline.statements.values())
    console.note(f"{counted(len(guideline.statements), 'statement')}, {unused} not encoded")
    return 0
