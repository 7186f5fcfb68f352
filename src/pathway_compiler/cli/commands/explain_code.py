"""`pathway explain-code`: the page of a diagnostic."""

import argparse

from pathway_compiler.cli.console import Console, Stop

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway explain-code decision-gap
  pathway explain-code --list"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", nargs="?", help="the word in brackets of a finding")
    parser.add_argument(
        "--list", action="store_true", help="every code, with its severity and title"
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.diagnostics.codes import CODES
    from pathway_compiler.diagnostics.suggest import did_you_mean
    from pathway_compiler.resources import diagnostic_page

    if arguments.list:
        if arguments.json:
            console.json(
                [{"code": c.code, "severity": c.severity, "title": c.title} for c in CODES.values()]
            )
        else:
            size = max(map(len, CODES))
            for info in CODES.values():
                console.paragraph(
                    info.title, f"{info.code:<{size}}  {info.severity.value:<8} ", " " * (size + 11)
                )
        return 0
    if arguments.code is None:
        raise Stop(2, "name a code, or give --list")
    code = arguments.code.split("[")[-1].strip("[]`")
    found = CODES.get(code)
    if found is None:
        help = did_you_mean(code, CODES) or "`pathway explain-code --list` lists them"
        raise Stop(2, f"there is no diagnostic `{code}`; {help}")
    page = diagnostic_page(code)
    if arguments.json:
        console.json({"code": code, "severity": found.severity, "title": found.title, "page": page})
    elif page is None:
        console.print(f"{found.severity.value}[{code}]: {found.title}")
    else:
        console.print(page.rstrip("\n"))
    return 0
