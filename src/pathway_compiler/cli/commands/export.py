"""`pathway export`: a guideline in another format."""

import argparse

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import add_guideline, load_guideline, write_atomically

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway export pathways/seom_abc_2018 --to mermaid --pathway her2_first_line
  pathway export pathways/seom_abc_2018 --to node-link -o seom.json
  pathway export pathways/seom_abc_2018 --to graphml -o seom.graphml
  pathway export pathways/seom_abc_2018 --to compiled -o seom.compiled.json

formats: dot, mermaid, graphml, node-link, compiled (all that a run needs, for the engine in the browser; with
--pathway, the run starts there), and what installed packages add"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("--to", required=True, metavar="FORMAT", help="see below")
    parser.add_argument("--pathway", metavar="NAME", help="only this one; else the whole guideline")
    parser.add_argument("-o", "--output", metavar="FILE", help="instead of standard output")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.diagnostics.suggest import did_you_mean
    from pathway_compiler.exports.export import UnknownExport, export

    compiled = load_guideline(arguments.guideline, console)
    if arguments.pathway and arguments.pathway not in compiled.graphs:
        help = did_you_mean(arguments.pathway, compiled.graphs)
        raise Stop(2, f"there is no pathway `{arguments.pathway}`" + (f"; {help}" if help else ""))
    try:
        artifact = export(arguments.to, compiled.guideline, compiled.graphs, arguments.pathway)
    except UnknownExport as error:
        raise Stop(2, f"there is no format `{arguments.to}`; {error}") from None
    if arguments.output:
        write_atomically(arguments.output, artifact.text)
        console.note(f"written: {arguments.output}")
    if arguments.json:
        console.json(
            {
                "format": "pathway-export/1",
                "filename": arguments.output or artifact.filename,
                "text": None if arguments.output else artifact.text,
            }
        )
    elif not arguments.output:
        console.raw(artifact.text)
    return 0
