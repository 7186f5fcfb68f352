"""`pathway fmt`: the one canonical layout."""

import argparse
from pathlib import Path

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import add_guideline, write_atomically

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway fmt my_guideline              rewrite what is laid out differently
  pathway fmt my_guideline --check      change nothing; exit 1 if something would change
  pathway fmt my_guideline --diff       show what would change"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("--check", action="store_true", help="only say what would change")
    parser.add_argument("--diff", action="store_true", help="only show what would change")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.diagnostics.diagnostic import Diagnostic
    from pathway_compiler.diagnostics.span import Source
    from pathway_compiler.syntax.formatter import diff_text, format_source

    path = Path(arguments.guideline)
    files = sorted(path.rglob("*.pathway")) if path.is_dir() else [path]
    if not files:
        raise Stop(3, f"{path}: this folder has no `.pathway` file")
    changed: list[str] = []
    refused: list[Diagnostic] = []
    for file in files:
        try:
            before = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Stop(3, f"{file}: this file is not UTF-8 text") from None
        after, problems = format_source(Source(str(file), before))
        if after is None:
            refused.extend(problems)
        elif after.encode() != file.read_bytes():
            changed.append(str(file))
            if arguments.diff:
                console.raw(diff_text(before, after, str(file)))
            if not arguments.check and not arguments.diff:
                write_atomically(file, after)
    if refused:
        console.complain(refused)
    if arguments.json:
        console.json({"files": len(files), "changed": changed, "refused": len(refused)})
    elif not arguments.diff:
        for name in changed:
            console.print(f"{'would change' if arguments.check else 'formatted'}: {name}")
    console.note(
        f"{len(files)} files, {len(changed)} {'to change' if arguments.check else 'changed'}"
    )
    return 1 if refused or (changed and (arguments.check or arguments.diff)) else 0
