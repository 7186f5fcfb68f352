"""`pathway check`: the mistakes of a guideline."""

import argparse
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, counted
from pathway_compiler.cli.inputs import add_guideline

if TYPE_CHECKING:
    from pathway_compiler.diagnostics.diagnostic import Diagnostic
    from pathway_compiler.model.guideline import Guideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway check pathways/seom_abc_2018
  pathway check pathways/seom_abc_2018 --strict
  pathway check pathways/seom_abc_2018 --format sarif > findings.sarif"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument(
        "--format", choices=("text", "json", "sarif"), help="text unless given; --json is json"
    )
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")
    parser.add_argument(
        "--fast",
        action="store_true",
        help="for editors: prove decisions and definitions only, and leave `prove` out",
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.diagnostics.codes import Severity
    from pathway_compiler.driver import compile_unless_kept, read_guideline

    form = arguments.format or ("json" if arguments.json else "text")
    console.progress("checking …")
    sources, unreadable = read_guideline(arguments.guideline)
    found = unreadable
    compiled = None
    if not unreadable:
        compilation = compile_unless_kept(sources, thoroughly=not arguments.fast)
        found, compiled = compilation.diagnostics, compilation.compiled
    console.end_progress()
    match form:
        case "json":
            from pathway_compiler.diagnostics.to_json import diagnostics_to_json

            console.json(diagnostics_to_json(found))
        case "sarif":
            from pathway_compiler._version import __version__
            from pathway_compiler.diagnostics.to_sarif import diagnostics_to_sarif

            console.json(diagnostics_to_sarif(found, version=__version__))
        case _:
            _print(found, len(sources), console)
            if compiled is not None:
                _contents(compiled.guideline, console)
    if unreadable:
        return 3
    wrong = {Severity.ERROR, Severity.WARNING} if arguments.strict else {Severity.ERROR}
    return 1 if any(d.severity in wrong for d in found) else 0


def _print(found: "tuple[Diagnostic, ...]", files: int, console: Console) -> None:
    from pathway_compiler.diagnostics.diagnostic import has_errors
    from pathway_compiler.diagnostics.terminal import green, red, yellow
    from pathway_compiler.diagnostics.to_text import summary_text

    console.diagnostics(found[:MOST])
    if len(found) > MOST:
        console.print(f"\n… and {len(found) - MOST} more; --json has all of them")
    if found:
        console.print()
    style = red if has_errors(found) else yellow if found else green
    console.print(f"{style(summary_text(found))} in {counted(files, 'file')}")
    if found:
        console.note(f"`pathway explain-code {found[0].code}` tells more about the first of them")


def _contents(guideline: "Guideline", console: Console) -> None:
    from pathway_compiler.diagnostics.terminal import dim

    nodes = sum(len(pathway.nodes) for pathway in guideline.pathways.values())
    console.print(
        dim(
            f"{guideline.name}: {counted(len(guideline.pathways), 'pathway')} with"
            f" {counted(nodes, 'node')}, {counted(len(guideline.statements), 'statement')},"
            f" {counted(len(guideline.cases), 'case')}"
        )
    )


MOST = 50
"""So many findings are shown as text; nobody reads more of them."""
