"""Drawings as files: SVG for a page, PNG and PDF for a document, DOT for whoever draws on.

>>> from pathway_compiler.render.to_dot import pathway_to_dot       # doctest: +SKIP
>>> draw(pathway_to_dot(graph, guideline, graphs=graphs), "svg")    # doctest: +SKIP
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, assert_never

from pathway_compiler.render.drawing import Drawing
from pathway_compiler.render.layout import LayoutEngine, lay_out
from pathway_compiler.render.palette import dark_colours
from pathway_compiler.render.svg import Mode, finish_svg, recolour_dot

__all__ = ["FORMATS", "Format", "Size", "draw", "size_of_svg"]

Format = Literal["svg", "png", "pdf", "dot"]
FORMATS: tuple[Format, ...] = ("svg", "png", "pdf", "dot")

READABLE_PIXELS = 9.0
"""The smallest size at which the text of a question is still read on a screen."""
_TEXT_POINTS = 12.0


def draw(
    drawing: Drawing,
    format: Format = "svg",
    theme: Mode | None = None,
    *,
    prefix: str | None = None,
    engine: LayoutEngine | None = None,
    layout: bytes | None = None,
) -> bytes:
    """Lay out a drawing and write it in a format.

    `theme` can turn a light drawing `dark`, or, as SVG, let it follow the reader's setting (`auto`);
    without it the drawing stays as it is. `prefix` stands before every id of an SVG, so that two can
    share a page; it is the drawing's name and a hyphen unless given. `layout` is the SVG that Graphviz
    made of the drawing, when somebody asked it already.
    """
    wanted: Mode = theme or drawing.theme
    if drawing.theme == "dark" and wanted != "dark":
        raise ValueError("a dark drawing does not become light; draw it light first")
    turn = drawing.theme == "light" and wanted == "dark"
    dot = recolour_dot(drawing.dot, dark_colours()) if turn else drawing.dot
    match format:
        case "dot":
            return dot.encode()
        case "png" | "pdf":
            return lay_out(dot, format, engine=engine)
        case "svg":
            mode: Mode = "auto" if wanted == "auto" else "light"
            return finish_svg(
                lay_out(dot, "svg", engine=engine) if layout is None or turn else layout,
                prefix=f"{drawing.name}-" if prefix is None else prefix,
                title=drawing.title,
                description=drawing.description,
                aria=drawing.aria,
                order=drawing.order,
                lang=drawing.language,
                mode=mode,
                palette=dark_colours() if mode == "auto" else None,
                classes=drawing.classes,
            ).encode()
        case _:
            assert_never(format)


@dataclass(frozen=True, slots=True)
class Size:
    """The size of an SVG in pixels."""

    width: float
    height: float

    def text_pixels(self, page_width: float = 1000) -> float:
        """How large the text of a question is on a page of this width, in pixels."""
        return _TEXT_POINTS * 96 / 72 * min(1.0, page_width / self.width)

    def is_readable(self, page_width: float = 1000) -> bool:
        """Whether it can be read without enlarging the page."""
        return self.text_pixels(page_width) >= READABLE_PIXELS


def size_of_svg(svg: bytes) -> Size:
    """The size that a finished SVG says it has.

    >>> size_of_svg(b'<svg width="1600" height="900">').text_pixels(1000)
    10.0
    """
    head = svg[: svg.index(b">", svg.index(b"<svg")) + 1].decode()
    found = {
        side: float(value)
        for side, value in re.findall(r'\b(width|height)="([\d.]+)(?:px)?"', head)
    }
    return Size(found["width"], found["height"])
