"""`pathway fmt`: the one canonical layout of a file."""

import argparse
from pathlib import Path

from pathway_compiler.cli.console import Console, Stop, counted

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway fmt pathways/seom_abc_2018
  pathway fmt pathways/seom_abc_2018 --check
  pathway fmt my.pathway --diff
  pathway fmt - < my.pathway"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        metavar="GUIDELINE",
        nargs="+",
        help="a folder of .pathway files, a file, or - (from standard input to standard output)",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit code 1 if a file would change"
    )
    parser.add_argument(
        "--diff",
        action="store_true",
        help="write nothing; show what would change (also exit code 1)",
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    import sys

    from pathway_compiler.diagnostics.diagnostic import Diagnostic
    from pathway_compiler.diagnostics.span import Source
    from pathway_compiler.diagnostics.to_json import diagnostic_to_json
    from pathway_compiler.syntax.formatter import diff_text, format_source

    if arguments.paths == ["-"]:
        return _standard_input(sys.stdin.read(), console)
    dry = arguments.check or arguments.diff
    changed: list[str] = []
    broken = 0
    reports: list[object] = []
    files = [file for path in arguments.paths for file in _files(path)]
    for file in files:
        console.progress(f"{file} …")
        text = _read(file)
        formatted, problems = format_source(Source(str(file), text))
        if formatted is None:
            broken += 1
            if not arguments.json:
                console.complain([p for p in problems if p.severity == "error"][:5])
        elif formatted != text:
            changed.append(str(file))
            if not dry:
                from pathway_compiler.cli.inputs import write_atomically

                write_atomically(file, formatted)
            elif arguments.diff and not arguments.json:
                console.raw(diff_text(text, formatted, str(file)))
        errors: list[Diagnostic] = list(problems) if formatted is None else []
        reports.append(
            {
                "file": str(file),
                "changed": formatted is not None and formatted != text,
                "diagnostics": [diagnostic_to_json(problem) for problem in errors],
            }
        )
    if arguments.json:
        console.json({"format": "pathway-fmt/1", "written": not dry, "files": reports})
    else:
        _summary(changed, broken, len(files), arguments, console)
    return 1 if broken or (dry and changed) else 0


def _summary(
    changed: list[str], broken: int, files: int, arguments: argparse.Namespace, console: Console
) -> None:
    dry = arguments.check or arguments.diff
    if not arguments.diff:
        for name in changed:
            console.print(name)
    verb = "would change" if dry else "changed"
    told = f"{counted(files, 'file')}: {len(changed)} {verb}"
    if broken:
        told += f", {broken} left alone because of mistakes in the text"
    console.note(told)


def _standard_input(text: str, console: Console) -> int:
    from pathway_compiler.diagnostics.span import Source
    from pathway_compiler.syntax.formatter import format_source

    formatted, problems = format_source(Source("standard input", text))
    if formatted is None:
        console.complain([p for p in problems if p.severity == "error"][:5])
        return 1
    console.raw(formatted)
    return 0


def _files(path: str) -> list[Path]:
    found = Path(path)
    if found.is_dir():
        files = sorted(found.rglob("*.pathway"))
        if not files:
            raise Stop(3, f"{path}: this folder has no `.pathway` file")
        return files
    if not found.exists():
        raise Stop(3, f"{path}: there is no such file or folder")
    return [found]


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Stop(3, f"{file}: this file is not UTF-8 text") from None
