"""A drawing: DOT text, and what a reader who does not see it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathway_compiler.render.palette import Theme

__all__ = ["Drawing"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One page, not laid out yet.

    `name` is the pathway's. `aria` has the spoken text of each node, answer cell, option, edge and
    cluster, by id; `classes` the class of each cell with an id, which DOT cannot write; `order` the
    node ids as a reader should meet them; `description` the whole page in words.
    """

    name: str
    dot: str
    title: str
    description: str
    aria: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    language: str = "en"
    theme: Theme = "light"
