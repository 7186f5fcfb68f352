"""`pathway check`: every finding about a guideline's text."""

import argparse

from pathway_compiler.cli.console import Console
from pathway_compiler.cli.inputs import add_guideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway check pathways/seom_abc_2018
  pathway check my_guideline --strict            warnings count as findings, for CI
  pathway check my_guideline --format sarif      for code review tools
  pathway explain-code decision-gap              what a finding means"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif"),
        default="text",
        help="how to write the findings",
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 also for warnings")
    parser.add_argument("--quiet", action="store_true", help="leave out notes")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.diagnostics.codes import Severity
    from pathway_compiler.diagnostics.to_text import summary_text
    from pathway_compiler.driver import compile_sources, read_guideline

    console.progress("reading the guideline …")
    sources, unreadable = read_guideline(arguments.guideline)
    found = unreadable or compile_sources(sources).diagnostics
    console.end_progress()
    shown = [d for d in found if not (arguments.quiet and d.severity is Severity.NOTE)]
    if arguments.json or arguments.format == "json":
        from pathway_compiler.diagnostics.to_json import diagnostics_to_json

        console.json(diagnostics_to_json(shown))
    elif arguments.format == "sarif":
        from pathway_compiler._version import __version__
        from pathway_compiler.diagnostics.to_sarif import diagnostics_to_sarif

        console.json(diagnostics_to_sarif(shown, version=__version__))
    else:
        console.diagnostics(shown)
        files = "1 file" if len(sources) == 1 else f"{len(sources)} files"
        console.note(f"{files} checked: {summary_text(shown) if shown else 'nothing found'}")
    if unreadable:
        return 3
    stopping = {Severity.ERROR, Severity.WARNING} if arguments.strict else {Severity.ERROR}
    return 1 if any(d.severity in stopping for d in found) else 0
