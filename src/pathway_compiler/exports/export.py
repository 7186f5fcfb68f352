"""The list of formats, and the one function that writes any of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.graph.pathway_graph import PathwayGraph
from pathway_compiler.model.guideline import Guideline

__all__ = ["EXPORTS", "Artifact", "UnknownExport", "export", "export_names"]

EXPORTS: Mapping[str, str] = {
    "dot": "pathway_compiler.exports.to_dot",
    "mermaid": "pathway_compiler.exports.to_mermaid",
    "graphml": "pathway_compiler.exports.to_graphml",
    "node-link": "pathway_compiler.exports.to_node_link",
    "compiled": "pathway_compiler.exports.to_compiled",
}
"""Format -> the module whose `export` writes it, imported when asked for."""

_GROUP = "pathway_compiler.exports"


@dataclass(frozen=True, slots=True)
class Artifact:
    """One exported document: its usual file name and its text."""

    filename: str
    text: str


Exporter = Callable[[Guideline, Mapping[str, PathwayGraph], str | None], Artifact]


class UnknownExport(Exception):
    """A format that nobody provides."""


def export_names() -> tuple[str, ...]:
    """Every format, ours first, then those that installed packages add (entry point group
    `pathway_compiler.exports`, each naming a function like ours)."""
    return (*EXPORTS, *sorted(e.name for e in entry_points(group=_GROUP) if e.name not in EXPORTS))


def export(
    name: str, guideline: Guideline, graphs: Mapping[str, PathwayGraph], pathway: str | None = None
) -> Artifact:
    """A pathway, or the whole guideline, in a format.

    Raises UnknownExport for an unknown format and KeyError for an unknown pathway.
    """
    if pathway is not None and pathway not in graphs:
        raise KeyError(pathway)
    return _exporter(name)(guideline, graphs, pathway)


def _exporter(name: str) -> Exporter:
    if name in EXPORTS:
        return cast(Exporter, import_module(EXPORTS[name]).export)
    for entry in entry_points(group=_GROUP):
        if entry.name == name:
            return cast(Exporter, entry.load())
    suggestion = did_you_mean(name, export_names())
    raise UnknownExport(suggestion or "the formats are " + ", ".join(export_names()))
