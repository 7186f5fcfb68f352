"""The flowchart in Mermaid, for places that draw it themselves. Decisions are diamonds there.

Mermaid has no cards: evidence stands as a second line, options as further lines. A whole guideline is
one chart with a subgraph for each pathway, and a dotted arrow from each `follow` to its pathway.
"""

from collections.abc import Iterator, Mapping

from pathway_compiler.exports.export import Artifact
from pathway_compiler.graph.pathway_graph import START, Edge, PathwayGraph
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Choose,
    Decision,
    End,
    Follow,
    Node,
    Option,
    Outside,
    Recommend,
    Review,
    Standing,
    Together,
)

__all__ = ["export"]

_LONGEST = 120
"""Characters of a label; Mermaid stops drawing at texts that are far too long."""


def export(
    guideline: Guideline, graphs: Mapping[str, PathwayGraph], pathway: str | None
) -> Artifact:
    """Mermaid text of one pathway or of all."""
    lines = ["flowchart TD"]
    if pathway is not None:
        lines += _chart(graphs[pathway], guideline, "  ")
        return Artifact(f"{pathway}.mmd", "\n".join(lines) + "\n")
    for name, graph in graphs.items():
        lines.append(f'  subgraph {name}["{_text(graph.pathway.label)}"]')
        lines += _chart(graph, guideline, "    ")
        lines.append("  end")
    for name, graph in graphs.items():
        for node in graph.pathway.nodes:
            if isinstance(node, Follow):
                lines.append(f"  {_id(name, node.name)} -.-> {_id(node.pathway, START)}")
    return Artifact(f"{guideline.name}.mmd", "\n".join(lines) + "\n")


def _chart(graph: PathwayGraph, guideline: Guideline, indent: str) -> Iterator[str]:
    for name in graph.nodes:
        yield f"{indent}{_id(graph.name, name)}{_shape(graph, name, guideline)}"
    for edge in graph.edges():
        yield f"{indent}{_arrow(graph.name, edge)}"


def _id(pathway: str, node: str) -> str:
    return f"{pathway}__{'start_' if node == START else node}"


def _arrow(pathway: str, edge: Edge) -> str:
    line = "-.->" if edge.kind == "later" else "-->"
    label = f'|"{_text(edge.label)}"|' if edge.label else ""
    return f"{_id(pathway, edge.source)} {line}{label} {_id(pathway, edge.target)}"


def _shape(graph: PathwayGraph, name: str, guideline: Guideline) -> str:
    node = graph.record(name)
    label = _text(graph.label(name))
    match node:
        case None:
            return f'(["{label}"])'
        case Decision():
            return f'{{"{label}"}}'
        case Review():
            return f'[/"{label}"/]'
        case Follow():
            return f'[["{label}"]]'
        case Together():
            return f'(("{label or "and"}"))'
        case End() | Outside():
            return f'(["{label}"])'
        case Recommend() | Standing() | Choose():
            return f'["{"<br/>".join([label, *_more(node, guideline)])}"]'


def _more(node: Node, guideline: Guideline) -> Iterator[str]:
    evidence = _evidence(node.statements, guideline)
    if evidence:
        yield evidence
    if isinstance(node, Choose):
        for option in node.options:
            yield _option(option, guideline)


def _option(option: Option, guideline: Guideline) -> str:
    rank = "" if option.rank == "option" else f"{option.rank}: "
    evidence = _evidence(option.statements, guideline)
    return f"• {rank}{_text(option.label)}" + (f" ({evidence})" if evidence else "")


def _evidence(statements: tuple[str, ...], guideline: Guideline) -> str:
    found: dict[str, None] = {}
    for name in statements:
        evidence = guideline.printed_evidence(guideline.statements[name])
        words = [f"GR {evidence.grade}"] if evidence.grade else []
        words += [f"LC {evidence.certainty}"] if evidence.certainty else []
        if words:
            found[", ".join(words)] = None
    return "; ".join(found)


def _text(label: str) -> str:
    """A label within quotation marks: everything that Mermaid or HTML would read is written as a code."""
    short = label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
    return "".join(
        c if c.isalnum() or c in " .,:;?!()+-/%=≤≥–—•…" else f"#{ord(c)};"
        for c in " ".join(short.split())
    )
