"""`pathway doctor`: what on this machine could make drawings fail or differ."""

import argparse
from dataclasses import asdict

from pathway_compiler.cli.console import Console

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway doctor
  pathway doctor --verbose     also what Graphviz and fontconfig said"""

_SIGN = {"ok": "✓", "warning": "!", "problem": "×"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-v", "--verbose", action="store_true", help="show everything found")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.render.doctor import diagnose

    findings = diagnose()
    if arguments.json:
        console.json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            console.paragraph(
                f"{finding.name}: {finding.detail}", f"{_SIGN[finding.status]} ", "  "
            )
            if finding.remedy:
                console.paragraph(finding.remedy, "    ", "    ")
            if arguments.verbose and finding.more:
                console.paragraph(str(finding.more), "    ", "    ")
    return 1 if any(finding.status == "problem" for finding in findings) else 0
