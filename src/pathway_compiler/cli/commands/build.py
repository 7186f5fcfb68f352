"""`pathway build`: the site of a guideline, or its drawings alone."""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import (
    add_guideline,
    add_language,
    add_run_options,
    choices,
    in_language_of,
    load_guideline,
    only_patient,
    run_one,
)

if TYPE_CHECKING:
    from pathway_compiler.driver import Compilation
    from pathway_compiler.engine.cases import CaseResult
    from pathway_compiler.engine.outcome import Outcome
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.render.diagrams import Format
    from pathway_compiler.render.drawing import Drawing
    from pathway_compiler.render.layout import LayoutEngine
    from pathway_compiler.render.palette import Theme
    from pathway_compiler.site.contents import Since
    from pathway_compiler.site.editions import Edition

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway build pathways/seom_abc_2018
  pathway build pathways/seom_abc_2018 --since v1.0
  pathway build pathways/seom_abc_2018 --single-file
  pathway build pathways/seom_abc_2018 --format svg,pdf --theme dark -o /tmp/drawings
  pathway build pathways/seom_abc_2018 --patient patient.json

writes the site build/<guideline>/index.html, which opens without a server; with --single-file
build/<guideline>.html. A guideline with catalogues (translations/es.po) gets a site in each
language, build/<guideline>/es/, linked to the others; --language es writes that one only. With --format, --pathway or --patient it writes drawings only:
build/<guideline>/diagrams/<pathway>.svg and overview.svg; with --patient also
build/<guideline>/patients/<patient>/<pathway>.svg for each pathway on the patient's way."""

FORMATS = ("svg", "png", "pdf", "dot")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", default="build", help="build unless given"
    )
    site = parser.add_argument_group("the site")
    site.add_argument(
        "--single-file", action="store_true", help="one HTML file, for mail, in place of a folder"
    )
    site.add_argument(
        "--since", metavar="REVISION", help="add a page of what changed since this git revision"
    )
    site.add_argument(
        "--fast", action="store_true", help="leave out what takes long: cases, coverage and proof"
    )
    drawings = parser.add_argument_group("drawings only")
    drawings.add_argument(
        "--format", type=_formats, metavar="F,F", help=f"of {', '.join(FORMATS)}; svg unless given"
    )
    drawings.add_argument("--theme", choices=("light", "dark"), default="light")
    drawings.add_argument("--patient", metavar="FILE", help="also draw the way of this patient")
    add_run_options(parser)
    add_language(parser)


def _formats(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    wrong = [name for name in found if name not in FORMATS]
    if wrong or not found:
        raise argparse.ArgumentTypeError(f"`{text}`: choose of {', '.join(FORMATS)}")
    return found


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.render.layout import LayoutFailed, LayoutUnavailable

    drawings = bool(arguments.format or arguments.patient or arguments.pathway)
    if drawings and (arguments.single_file or arguments.since or arguments.fast):
        raise Stop(2, "--single-file, --since and --fast are about the site, not about drawings")
    try:
        return _drawings(arguments, console) if drawings else _site(arguments, console)
    except (LayoutUnavailable, LayoutFailed) as error:
        raise Stop(1, f"{error}\n`pathway doctor` looks for what is missing") from None


# --- the site -------------------------------------------------------------------------------------


def _site(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.cli.inputs import write_atomically
    from pathway_compiler.render.layout import best_engine
    from pathway_compiler.site.editions import single_files, write_editions

    engine = best_engine()
    editions = _editions(arguments, engine, console)
    compiled = editions[0].compiled
    console.progress("writing the pages …")
    folder = Path(arguments.output) / compiled.name
    if arguments.single_file:
        folder.parent.mkdir(parents=True, exist_ok=True)
        files, changed = [], len(editions)
        for name, text in single_files(editions, compiled.name).items():
            write_atomically(str(folder.with_name(name)), text)
            files.append(str(folder.with_name(name)))
        shown = files
    else:
        written = write_editions(editions, folder)
        files, changed = [str(folder / name) for name in written.files], len(written.changed)
        others = (folder / edition.language for edition in editions[1:])
        shown = [str(place / "index.html") for place in (folder, *others)]
    console.end_progress()
    if arguments.json:
        console.json(_json(compiled, engine, files))
    else:
        console.note(f"laid out by {engine.name} {engine.version}; {changed} files changed")
        for path in shown:
            console.print(path)
    return 0


def _editions(
    arguments: argparse.Namespace, engine: "LayoutEngine", console: Console
) -> "list[Edition]":
    """The guideline in the language asked for; in its own and those of its catalogues otherwise."""
    from pathway_compiler.site.checked import check
    from pathway_compiler.site.contents import SiteOptions
    from pathway_compiler.site.editions import Edition

    compiled, compilation = _compiled(arguments, console)
    since = _since(arguments, compiled, console) if arguments.since else None
    judged = _results(compiled, console) if compilation is not None else {}
    found = []
    for language in _languages(arguments, compiled):
        read = in_language_of(arguments.guideline, language, compiled, console)
        _tell_untranslated(read, compiled, console)
        checked = None
        if compilation is not None:
            results = judged if read is compiled else _results(read, console)
            console.progress("what the cases cover …")
            checked = check(
                read,
                proof=compilation.proof,
                diagnostics=compilation.diagnostics,
                results=results.values(),
                judged=judged,
            )
        found.append(Edition(read, SiteOptions(checked=checked, since=since, engine=engine)))
    return found


def _languages(arguments: argparse.Namespace, compiled: "CompiledGuideline") -> tuple[str, ...]:
    from pathway_compiler.translation.catalogue import languages_beside

    own = compiled.guideline.header.language
    if arguments.language:
        return (arguments.language,)
    return tuple(dict.fromkeys((own, *languages_beside(arguments.guideline))))


def _tell_untranslated(
    read: "CompiledGuideline", compiled: "CompiledGuideline", console: Console
) -> None:
    from pathway_compiler.translation.marking import marked_text
    from pathway_compiler.translation.texts import texts_of

    language, own = read.guideline.header.language, compiled.guideline.header.language
    if language == own:
        return
    sources = [text.source for text in texts_of(compiled.guideline)]
    said = [text.source for text in texts_of(read.guideline)]
    left = sum(marked_text(a, own) == b for a, b in zip(sources, said, strict=True))
    if left:
        console.note(
            f"{language}: {left:,} of {len(sources):,} texts have no translation, and are shown in"
            f" `{own}`; `pathway translate check {compiled.name}` lists them"
        )


def _compiled(
    arguments: argparse.Namespace, console: Console
) -> "tuple[CompiledGuideline, Compilation | None]":
    """The guideline; with its proof unless that is to be left out."""
    from pathway_compiler.diagnostics.diagnostic import has_errors
    from pathway_compiler.driver import compile_unless_kept, read_guideline

    if arguments.fast:
        return load_guideline(arguments.guideline, console), None
    console.progress("reading and proving the guideline …")
    sources, unreadable = read_guideline(arguments.guideline)
    if unreadable:
        console.complain(unreadable)
        raise Stop(3)
    compilation = compile_unless_kept(sources, thoroughly=True)
    compiled = compilation.compiled
    if compiled is None or has_errors(compilation.diagnostics):
        # What only the thorough proof finds stands in the way of no run; so it may be published.
        compiled = load_guideline(arguments.guideline, console)
    return compiled, compilation


def _results(compiled: "CompiledGuideline", console: Console) -> "dict[str, CaseResult]":
    """What came out of each case, in the language of the guideline at hand."""
    from pathway_compiler.engine.cases import run_case

    cases = compiled.guideline.cases.values()
    found = {}
    for number, case in enumerate(cases, start=1):
        console.progress(f"case {number} of {len(cases)}: {case.name}")
        found[case.name] = run_case(compiled, case)
    return found


def _since(
    arguments: argparse.Namespace, compiled: "CompiledGuideline", console: Console
) -> "Since":
    from pathway_compiler.changes.report import compare
    from pathway_compiler.cli.inputs import compiled_or_stop
    from pathway_compiler.cli.revisions import read_revision
    from pathway_compiler.site.contents import Since

    console.progress(f"comparing with revision {arguments.since} …")
    sources = read_revision(arguments.guideline, arguments.since)
    old = compiled_or_stop(sources, console, f"revision `{arguments.since}`")
    return Since(arguments.since, compare(old, compiled, outcomes=not arguments.fast))


def _json(
    compiled: "CompiledGuideline", engine: "LayoutEngine | None", files: list[str]
) -> dict[str, object]:
    return {
        "format": "pathway-build/1",
        "guideline": compiled.name,
        "content_hash": compiled.guideline.content_hash,
        "layout": {"engine": engine.name, "version": engine.version} if engine else None,
        "files": files,
    }


# --- drawings only --------------------------------------------------------------------------------


def _drawings(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.render.layout import best_engine

    compiled = load_guideline(arguments.guideline, console)
    compiled = in_language_of(arguments.guideline, arguments.language, compiled, console)
    arguments.format = arguments.format or ("svg",)
    engine: LayoutEngine | None = None
    outcome = _outcome(arguments, compiled, console) if arguments.patient else None
    if set(arguments.format) != {"dot"}:
        engine = best_engine()
        console.note(f"laid out by {engine.name} {engine.version}")
    written = _draw(arguments, compiled, outcome, engine, console)
    if arguments.json:
        console.json(_json(compiled, engine, [str(path) for path in written]))
    else:
        for path in written:
            console.print(str(path))
    return 0


def _outcome(
    arguments: argparse.Namespace, compiled: "CompiledGuideline", console: Console
) -> "Outcome":
    patient = only_patient([arguments.patient], compiled, arguments.as_of, console)
    outcome, problems = run_one(compiled, patient, choices(arguments, compiled), arguments.patient)
    if outcome is None:
        console.complain(problems)
        raise Stop(3)
    return outcome


def _draw(
    arguments: argparse.Namespace,
    compiled: "CompiledGuideline",
    outcome: "Outcome | None",
    engine: "LayoutEngine | None",
    console: Console,
) -> list[Path]:
    from pathway_compiler.render.from_outcome import overlay_of
    from pathway_compiler.render.to_dot import overview_to_dot, pathway_to_dot

    guideline, graphs, theme = compiled.guideline, compiled.graphs, arguments.theme
    names = [arguments.pathway] if arguments.pathway else list(graphs)
    if arguments.pathway and arguments.pathway not in graphs:
        raise Stop(2, f"there is no pathway `{arguments.pathway}`")
    folder = Path(arguments.output) / guideline.name
    jobs: list[tuple[Path, str]] = [(folder / "diagrams", name) for name in names]
    written: list[Path] = []
    overlay = overlay_of(outcome, guideline) if outcome is not None else None
    if outcome is not None:
        on_way = {entry.pathway for entry in outcome.trace if entry.activation is not False}
        place = folder / "patients" / _file_name(outcome.patient)
        jobs += [(place, name) for name in graphs if name in on_way]
    for number, (place, name) in enumerate(jobs, start=1):
        console.progress(f"drawing {number} of {len(jobs) + 1}: {name}")
        shown = overlay if place.parent.name == "patients" else None
        drawing = pathway_to_dot(graphs[name], guideline, graphs=graphs, overlay=shown, theme=theme)
        written += _write(drawing, place, name, arguments.format, theme, engine)
    if not arguments.pathway:
        console.progress("drawing the overview")
        drawing = overview_to_dot(guideline, graphs, theme=theme)
        taken = "overview" if "overview" not in graphs else f"{guideline.name}-overview"
        written += _write(drawing, folder / "diagrams", taken, arguments.format, theme, engine)
    return written


def _write(
    drawing: "Drawing",
    folder: Path,
    name: str,
    formats: "tuple[Format, ...]",
    theme: "Theme",
    engine: "LayoutEngine | None",
) -> list[Path]:
    from pathway_compiler.render.diagrams import draw

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for format in formats:
        path = folder / f"{name}.{format}"
        path.write_bytes(draw(drawing, format, theme, engine=engine))
        written.append(path)
    return written


def _file_name(patient: str) -> str:
    """A patient's id as a file name that leads nowhere else."""
    return re.sub(r"[^\w.-]", "_", patient).lstrip(".") or "patient"
