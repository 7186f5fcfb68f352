"""What the preview shows at one moment: frozen records, so that whoever holds one sees nothing change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from pathway_compiler.diagnostics.diagnostic import Diagnostic, has_errors
from pathway_compiler.serve.findings import findings_to_json

if TYPE_CHECKING:
    from pathway_compiler.graph.compiled import CompiledGuideline

__all__ = ["NOTHING", "Page", "Proving", "Shown", "State", "state_to_json"]

Proving = Literal["not begun", "decisions", "decided", "everything", "done", "failed"]
"""What is being proved: first the decisions, and then everything unless that is left out."""

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the site; equal contents have equal tags."""

    content: bytes = field(repr=False)
    tag: str

    @classmethod
    def of(cls, content: bytes) -> Page:
        return cls(content, sha256(content).hexdigest()[:32])


@dataclass(frozen=True, slots=True)
class Shown:
    """The last text without errors, and its site: the files by their path within it."""

    compiled: CompiledGuideline
    pages: Mapping[str, Page] = field(repr=False)


@dataclass(frozen=True, slots=True)
class State:
    """The findings about the text as it is now, and what is shown meanwhile.

    `number` grows with every change, so that a page knows whether it has seen this one.
    """

    number: int
    shown: Shown | None
    findings: tuple[Diagnostic, ...] = ()
    stale: bool = False
    """What is shown is older than the text, which has errors."""
    proving: Proving = "not begun"
    runnable: bool = False
    """The decisions are proved, so that patients can be run."""


NOTHING = State(0, None)


def state_to_json(state: State, folder: str) -> Json:
    """The state as a page is told it, and as `GET /api/guideline` answers; `folder` is the guideline's."""
    return {
        "format": "pathway-preview/1",
        "number": state.number,
        "status": _status(state),
        "folder": folder,
        "shown": _shown(state.shown),
        "proof": state.proving,
        "findings": findings_to_json(state.findings),
    }


def _status(state: State) -> str:
    if state.stale:
        return "broken"
    if state.shown is None:
        return "starting"
    return "errors" if has_errors(state.findings) else "good"


def _shown(shown: Shown | None) -> Json | None:
    if shown is None:
        return None
    guideline = shown.compiled.guideline
    return {
        "name": guideline.name,
        "title": guideline.title,
        "version": guideline.header.version,
        "content_hash": guideline.content_hash,
    }
