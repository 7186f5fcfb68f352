"""A guideline in another language: the same names, conditions and numbers, other texts."""

from dataclasses import replace
from pathlib import Path

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs
from pathway_compiler.translation.catalogue import (
    Catalogue,
    catalogue_path,
    read_catalogue,
)
from pathway_compiler.translation.marking import marked_text
from pathway_compiler.translation.texts import Text, with_texts

__all__ = ["in_language", "translated"]


def translated(compiled: CompiledGuideline, catalogue: Catalogue) -> CompiledGuideline:
    """A compiled guideline whose texts are those of a catalogue.

    A run gives the same results with it, in other words. A text without a translation that somebody
    has looked at stays as it is, marked with its language.
    """
    ready = catalogue.ready()
    source = compiled.guideline.header.language

    def say(text: Text) -> str:
        found = ready.get((text.place, text.source))
        return marked_text(text.source, source) if found is None else found

    guideline = with_texts(compiled.guideline, say)
    guideline = replace(guideline, header=replace(guideline.header, language=catalogue.language))
    exhaustive = {name: graph.exhaustive for name, graph in compiled.graphs.items()}
    return CompiledGuideline(guideline, build_graphs(guideline, exhaustive))


def in_language(
    compiled: CompiledGuideline, guideline: str | Path, language: str
) -> tuple[CompiledGuideline | None, tuple[Diagnostic, ...]]:
    """The guideline of a folder in a language, by the catalogue beside it; or why there is none."""
    if language == compiled.guideline.header.language:
        return compiled, ()
    catalogue, problems = read_catalogue(catalogue_path(guideline, language), language)
    if catalogue is None:
        return None, problems
    return translated(compiled, catalogue), ()
