"""`pathway translate`: the texts of a guideline in other languages."""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import add_guideline, load_guideline, write_atomically

if TYPE_CHECKING:
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.translation.catalogue import Catalogue, Entry
    from pathway_compiler.translation.checking import Checked

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway translate extract pathways/seom_abc_2018 > seom.pot
  pathway translate update pathways/seom_abc_2018 --language es
  pathway translate check pathways/seom_abc_2018

update writes GUIDELINE/translations/es.po: new texts, changed ones as fuzzy, and what is
gone as obsolete. Edit it with any editor of PO files, and take away `fuzzy` when a proposal
is right. check exits with 1 while a text is missing, fuzzy, or says other numbers than the
original. `pathway run --language es` and `pathway build --language es` use it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("extract", "update", "check"))
    add_guideline(parser)
    parser.add_argument(
        "--language", type=_language, metavar="CODE", help="such as es; check looks at all"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="where extract writes; to the screen unless given"
    )


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", text):
        raise argparse.ArgumentTypeError(f"`{text}` is not a language such as es or pt-BR")
    return text


def run(arguments: argparse.Namespace, console: Console) -> int:
    _check_usage(arguments)
    compiled = load_guideline(arguments.guideline, console)
    match arguments.what:
        case "extract":
            return _extract(arguments, compiled, console)
        case "update":
            return _update(arguments, compiled, console)
        case _:
            return _check(arguments, compiled, console)


def _check_usage(arguments: argparse.Namespace) -> None:
    if arguments.what == "update" and not arguments.language:
        raise Stop(2, "which language? give --language es")
    if arguments.what == "extract" and arguments.language:
        raise Stop(2, "a template has no language; `pathway translate update` makes a catalogue")
    if arguments.what != "extract" and arguments.output:
        raise Stop(
            2, "--output belongs to extract; catalogues are in the guideline's translations/"
        )


def _template(arguments: argparse.Namespace, compiled: "CompiledGuideline") -> "tuple[Entry, ...]":
    from pathway_compiler.translation.catalogue import template_of
    from pathway_compiler.translation.texts import texts_of

    return template_of(texts_of(compiled.guideline), arguments.guideline)


def _extract(arguments: argparse.Namespace, compiled: "CompiledGuideline", console: Console) -> int:
    from pathway_compiler.translation.catalogue import Catalogue, write_catalogue

    entries = _template(arguments, compiled)
    text = write_catalogue(Catalogue("", entries), compiled.name)
    if arguments.output:
        write_atomically(arguments.output, text)
    elif not arguments.json:
        console.raw(text)
    if arguments.json:
        console.json({"format": "pathway-template/1", "texts": len(entries)})
    console.note(f"{len(entries)} texts")
    return 0


def _update(arguments: argparse.Namespace, compiled: "CompiledGuideline", console: Console) -> int:
    from pathway_compiler.translation.catalogue import (
        Catalogue,
        catalogue_path,
        write_catalogue,
    )
    from pathway_compiler.translation.merging import merged

    path = catalogue_path(arguments.guideline, arguments.language)
    old = (
        _read(path, arguments.language, console)
        if path.exists()
        else Catalogue(arguments.language, remarks=f"{compiled.title}: {arguments.language}")
    )
    found = merged(old, _template(arguments, compiled))
    path.parent.mkdir(exist_ok=True)
    write_atomically(str(path), write_catalogue(found.catalogue, compiled.name))
    if arguments.json:
        counts = {"new": found.new, "changed": found.changed, "gone": found.gone}
        console.json({"format": "pathway-translation-update/1", "file": str(path), **counts})
    else:
        console.print(f"{path}: {found.new} new, {found.changed} changed, {found.gone} gone")
    return 0


def _read(path: Path, language: str, console: Console) -> "Catalogue":
    from pathway_compiler.translation.catalogue import read_catalogue

    catalogue, problems = read_catalogue(path, language)
    if catalogue is None:
        console.complain(problems)
        raise Stop(3)
    return catalogue


def _check(arguments: argparse.Namespace, compiled: "CompiledGuideline", console: Console) -> int:
    from pathway_compiler.translation.catalogue import catalogue_path, languages_beside
    from pathway_compiler.translation.checking import check_catalogue

    languages = (
        (arguments.language,) if arguments.language else languages_beside(arguments.guideline)
    )
    if not languages:
        raise Stop(2, "there is no catalogue yet: `pathway translate update … --language es`")
    template = _template(arguments, compiled)
    found: dict[str, Checked] = {}
    for language in languages:
        path = catalogue_path(arguments.guideline, language)
        found[language] = check_catalogue(_read(path, language, console), template)
    if arguments.json:
        console.json(_json(found))
    else:
        for language, checked in found.items():
            _print(language, checked, console)
    return 0 if all(checked.is_complete for checked in found.values()) else 1


def _json(found: "dict[str, Checked]") -> object:
    return {
        "format": "pathway-translation-check/1",
        "languages": {
            language: {
                "texts": checked.total,
                "translated": checked.translated,
                **checked.counts,
                "stale": checked.stale,
                "problems": [
                    {
                        "kind": problem.kind,
                        "place": problem.entry.place,
                        "text": problem.entry.source,
                        "detail": problem.detail,
                    }
                    for problem in checked.problems
                ],
            }
            for language, checked in found.items()
        },
    }


def _print(language: str, checked: "Checked", console: Console) -> None:
    from pathway_compiler.diagnostics.terminal import bold, dim

    for problem in checked.problems:
        detail = f" ({problem.detail})" if problem.detail else ""
        text = " ".join(problem.entry.source.split())
        console.paragraph(f"{problem.kind}{detail}: {text} {dim(problem.entry.place)}", "", "  ")
    counts = ", ".join(f"{number} {kind}" for kind, number in checked.counts.items())
    stale = f", {checked.stale} not in the guideline any more" if checked.stale else ""
    console.print(
        f"{bold(language)}: {checked.translated} of {checked.total} texts, {counts}{stale}"
    )
