"""Every small guideline of the conformance documents and of the reference, compiled without proofs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from markdown_tests import REPOSITORY, blocks, evaluations, guideline_text
from pathway_compiler.diagnostics.diagnostic import has_errors
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs, check_graphs
from pathway_compiler.semantics.from_syntax import elaborate
from pathway_compiler.syntax.parser import parse

__all__ = ["compiled_quickly", "documents", "snippets"]


def compiled_quickly(text: str) -> CompiledGuideline | None:
    """A guideline without proofs, whatever gaps it has; None when it has errors."""
    file, problems = parse(Source("guideline.pathway", text))
    guideline, more = elaborate((file,))
    if guideline is None or has_errors([*problems, *more]) or has_errors(check_graphs(guideline)):
        return None
    return CompiledGuideline(guideline, build_graphs(guideline))


def documents() -> list[Path]:
    """The documents that hold small guidelines."""
    return [
        *sorted((REPOSITORY / "tests" / "conformance").glob("*.md")),
        REPOSITORY / "dsl" / "reference.md",
    ]


@cache
def snippets(document: Path) -> tuple[CompiledGuideline, ...]:
    """The guidelines of a document that can be run."""
    found = (compiled_quickly(text) for text in _texts(document))
    return tuple(compiled for compiled in found if compiled is not None and compiled.graphs)


def _texts(document: Path) -> Iterator[str]:
    for block in blocks(document.read_text(encoding="utf-8")):
        if block.language == "pathway" and block.error is None:
            facts = re.findall(r"^(?:element|define|reading) (\w+)", block.text, re.MULTILINE)
            has_pathway = re.search(r"^pathway ", block.text, re.MULTILINE)
            more = "" if has_pathway or not facts else _reading(f"{f} is known" for f in facts)
            yield guideline_text(block, more)
        elif block.language == "eval":
            shown = evaluations(block)
            results = (f"result_{number}" for _, _, number in shown.expressions)
            assert _UNREAD in shown.guideline
            yield shown.guideline.replace(_UNREAD, _reading(results))


_UNREAD = 'pathway nothing "Nothing":\n  end done "Done"\n'


def _reading(conditions: Iterable[str]) -> str:
    """A pathway that reads these conditions, so that a run works each of them out."""
    branches = "".join(f"    when {condition} -> done\n" for condition in conditions)
    return (
        'pathway nothing "Nothing":\n  decision all "All" all that apply:\n'
        f'{branches}  end done "Done"\n'
    )
