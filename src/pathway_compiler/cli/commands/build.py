"""`pathway build`: every pathway drawn, and an overview."""

import argparse
from pathlib import Path
from typing import cast

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import (
    add_guideline,
    add_run_options,
    choices,
    load_guideline,
    only_patient,
    run_one,
)

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway build pathways/seom_abc_2018
  pathway build pathways/seom_abc_2018 --format svg,pdf,png -o build
  pathway build pathways/seom_abc_2018 --patient patient.json      her way on the flowcharts
  pathway build pathways/seom_abc_2018 --theme dark"""

_FORMATS = ("svg", "png", "pdf", "dot")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("-o", "--output", metavar="FOLDER", default="build", help="default: build")
    parser.add_argument(
        "--format",
        default="svg,png,dot",
        metavar="LIST",
        help=f"of {', '.join(_FORMATS)}; default: svg,png,dot",
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--patient", metavar="FILE", help="draw this patient's way")
    add_run_options(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.driver import draw
    from pathway_compiler.render.diagrams import Format
    from pathway_compiler.render.diagrams import draw as draw_file
    from pathway_compiler.render.layout import LayoutUnavailable, best_engine

    formats = [name.strip() for name in arguments.format.split(",") if name.strip()]
    unknown = [name for name in formats if name not in _FORMATS]
    if unknown or not formats:
        raise Stop(2, f"--format takes some of {', '.join(_FORMATS)}")
    compiled = load_guideline(arguments.guideline, console)
    outcome = None
    if arguments.patient:
        patient = only_patient([arguments.patient], compiled, arguments.as_of, console)
        outcome, problems = run_one(
            compiled, patient, choices(arguments, compiled), arguments.patient
        )
        if outcome is None:
            console.complain(problems)
            raise Stop(3)
    folder = Path(arguments.output) / compiled.name / "diagrams"
    folder.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    pages: list[str | None] = [None, *compiled.graphs]
    if arguments.pathway:
        pages = [choices(arguments, compiled).pathway]
    try:
        for number, pathway in enumerate(pages, start=1):
            console.progress(f"drawing {number} of {len(pages)}: {pathway or 'overview'}")
            diagram = draw(
                compiled,
                pathway,
                outcome=outcome if pathway else None,
                theme=arguments.theme,
            )
            for name in formats:
                file = folder / f"{pathway or 'overview'}.{name}"
                file.write_bytes(draw_file(diagram.drawing, cast(Format, name)))
                written.append(str(file))
        engine = None if formats == ["dot"] else best_engine()
    except LayoutUnavailable as error:
        raise Stop(1, f"{error}; `--format dot` needs no layout") from None
    console.end_progress()
    if arguments.json:
        console.json({"files": written, "layout": engine.name if engine else None})
    else:
        for name in written:
            console.print(name)
    if engine:
        console.note(f"{len(written)} files, laid out by {engine.name} {engine.version}")
    return 0
