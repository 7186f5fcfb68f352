"""`pathway explain-code`: the page of a diagnostic."""

import argparse

from pathway_compiler.cli.console import Console, Stop

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway explain-code decision-gap
  pathway explain-code                  every code with its title"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", nargs="?", help="as it stands in brackets")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.diagnostics.codes import CODES
    from pathway_compiler.diagnostics.suggest import did_you_mean
    from pathway_compiler.resources import diagnostic_page

    if arguments.code is None:
        if arguments.json:
            console.json(
                [{"code": c, "severity": i.severity, "title": i.title} for c, i in CODES.items()]
            )
            return 0
        for code, info in CODES.items():
            console.print(f"{code:28} {info.severity:8} {info.title}")
        return 0
    page = diagnostic_page(arguments.code)
    if arguments.code not in CODES or page is None:
        help = did_you_mean(arguments.code, CODES) or "`pathway explain-code` lists all codes"
        raise Stop(2, f"there is no code `{arguments.code}`; {help}")
    if arguments.json:
        info = CODES[arguments.code]
        console.json(
            {"code": info.code, "severity": info.severity, "title": info.title, "page": page}
        )
    else:
        console.raw(page)
    return 0
