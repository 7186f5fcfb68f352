"""`pathway doctor`: what on this machine could make drawings fail or differ."""

import argparse

from pathway_compiler.cli.console import Console

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway doctor
  pathway doctor -v"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-v", "--verbose", action="store_true", help="also messages of libraries")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from dataclasses import asdict

    from pathway_compiler.diagnostics.terminal import green, red, yellow
    from pathway_compiler.render.doctor import diagnose

    console.progress("looking …")
    findings = diagnose()
    problems = any(finding.status == "problem" for finding in findings)
    if arguments.json:
        console.json(
            {"format": "pathway-doctor/1", "findings": [asdict(finding) for finding in findings]}
        )
        return 1 if problems else 0
    styles = {"ok": green("ok     "), "warning": yellow("warning"), "problem": red("problem")}
    for finding in findings:
        console.paragraph(
            f"{finding.name}: {finding.detail}", f"{styles[finding.status]} ", "        "
        )
        if finding.remedy:
            console.print(f"        -> {finding.remedy}")
        if arguments.verbose and finding.more:
            for line in finding.more.splitlines():
                console.paragraph(line, "        ", "        ")
    return 1 if problems else 0
