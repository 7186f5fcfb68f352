"""`pathway diff`: what changed between two versions of a guideline, by meaning and not by lines."""

import argparse
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop

if TYPE_CHECKING:
    from pathway_compiler.changes.movements import MovingPatient
    from pathway_compiler.changes.report import Changes
    from pathway_compiler.changes.telling import Entry
    from pathway_compiler.graph.compiled import CompiledGuideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway diff pathways/seom_abc_2018 draft/seom_abc_2018
  pathway diff pathways/seom_abc_2018 --from v1.0
  pathway diff pathways/seom_abc_2018 --from v1.0 --to v1.1 --changelog CHANGES.md
exit codes: 0 the meaning is the same; 1 it changed, or may have changed"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "guidelines",
        nargs="+",
        metavar="GUIDELINE",
        help="OLD and NEW: folders of .pathway files; with --from one folder",
    )
    parser.add_argument("--from", dest="from_", metavar="REVISION", help="OLD is this git revision")
    parser.add_argument(
        "--to",
        metavar="REVISION",
        help="NEW is this git revision; the files as they are, if left out",
    )
    parser.add_argument(
        "--fast", action="store_true", help="compare the texts only, and not what patients get"
    )
    parser.add_argument(
        "--changelog", metavar="FILE", help="write the changes as Markdown; - writes them to stdout"
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.changes.report import compare

    if arguments.json and arguments.changelog == "-":
        raise Stop(2, "--json and --changelog - would both write to stdout")
    (old_name, old_revision), (new_name, new_revision) = _both(arguments)
    old = _read(old_name, old_revision, console)
    new = _read(new_name, new_revision, console)
    console.progress("comparing …")
    changes = compare(old, new, outcomes=not arguments.fast)
    console.end_progress()
    if arguments.changelog is not None:
        _write(changes, arguments.changelog, console)
    if arguments.json:
        from pathway_compiler.changes.to_json import changes_to_json

        console.json(changes_to_json(changes))
    elif arguments.changelog != "-":
        names = (old_revision or old_name, new_revision or new_name)
        _print(changes, names, console)
    return 0 if changes.verdict in ("equivalent", "text only") else 1


def _both(arguments: argparse.Namespace) -> tuple[tuple[str, str | None], tuple[str, str | None]]:
    """The folder and the revision of OLD and of NEW."""
    paths = arguments.guidelines
    if arguments.from_ is None:
        if arguments.to is not None:
            raise Stop(2, "--to needs --from")
        if len(paths) != 2:
            raise Stop(2, "this needs OLD and NEW, or one guideline and --from REVISION")
        return (paths[0], None), (paths[1], None)
    if len(paths) != 1:
        raise Stop(2, "with --from this needs one guideline, whose revisions are compared")
    return (paths[0], arguments.from_), (paths[0], arguments.to)


def _read(path: str, revision: str | None, console: Console) -> "CompiledGuideline":
    from pathway_compiler.cli.inputs import compiled_or_stop, load_guideline
    from pathway_compiler.cli.revisions import read_revision

    if revision is None:
        return load_guideline(path, console, f"`{path}`")
    console.progress(f"reading revision {revision} …")
    return compiled_or_stop(read_revision(path, revision), console, f"revision `{revision}`")


def _write(changes: "Changes", target: str, console: Console) -> None:
    from pathway_compiler.changes.changelog import changelog
    from pathway_compiler.cli.inputs import write_atomically

    if target == "-":
        console.raw(changelog(changes))
        return
    write_atomically(target, changelog(changes))
    console.note(f"changelog written to {target}")


def _print(changes: "Changes", names: tuple[str, str], console: Console) -> None:
    """The changes for a reviewer; `names` are what she called OLD and NEW."""
    from pathway_compiler.changes.telling import headline, remarks, sections
    from pathway_compiler.diagnostics.terminal import bold, dim, green, red, yellow

    style = {"equivalent": green, "text only": green, "undecided": yellow}.get(changes.verdict, red)
    console.print(style(headline(changes)))
    for word, name, side in (("old", names[0], changes.old), ("new", names[1], changes.new)):
        version = f", version {side.version}" if side.version else ""
        told = f"{name}: {side.title}{version}, text {side.content_hash[:12]}"
        console.paragraph(dim(told), f"{word}  ", "     ")
    for remark in remarks(changes):
        console.paragraph(yellow(remark))
    _print_movements(changes, console)
    for section in sections(changes):
        console.print()
        console.print(f"{bold(section.title)} ({section.number})")
        for entry in section.entries:
            _print_entry(entry, console)


def _print_entry(entry: "Entry", console: Console) -> None:
    from pathway_compiler.diagnostics.terminal import dim, yellow

    id_ = f" {dim(f'({entry.id})')}" if entry.id else ""
    console.paragraph(f"{entry.label}{id_}", "  ", "    ")
    for line in entry.lines:
        console.paragraph(line.text, f"  {yellow('?') if line.doubtful else ' '} ", "      ")
    if entry.touches:
        more = len(entry.touches) - _MOST_TOUCHED
        listed = ", ".join(entry.touches[:_MOST_TOUCHED]) + (
            f" and {more} more" if more > 0 else ""
        )
        console.paragraph(dim(f"bears on {listed}"), "    ", "      ")


_MOST_TOUCHED = 3


def _print_movements(changes: "Changes", console: Console) -> None:
    from pathway_compiler.changes.telling import refusals, rows
    from pathway_compiler.diagnostics.terminal import bold, dim

    if changes.movements is not None and changes.movements.anybody:
        console.print()
        console.print(bold("Who gets something else"))
    for row in rows(changes):
        console.paragraph(f"{row.label} {dim(f'({row.id})') if row.id else ''}", "  ", "    ")
        before = ""
        for id_, label, cell in row.columns:
            console.paragraph(f"→ {label} {dim(f'({id_})') if id_ else ''}", "    ", "      ")
            told = _patient(cell.patient)
            again = "the same patient" if told == before else told
            console.paragraph(again, "      ", "        ")
            before = told
    for what, patient in refusals(changes):
        console.paragraph(what, "  ", "    ")
        console.paragraph(_patient(patient), "      ", "        ")


def _patient(patient: "MovingPatient") -> str:
    waiting = f" (at {', '.join(patient.waiting)})" if patient.waiting else ""
    return f"for example {patient.words}{waiting}"
