"""Drawings as parts of a page: links lead to the page around them, colours come from its style sheet."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Decision, Review
from pathway_compiler.render.drawing import Drawing
from pathway_compiler.render.palette import DARK, LIGHT
from pathway_compiler.render.svg import PIXELS_PER_POINT, finish_svg
from pathway_compiler.site.links import Addresses, pathway_page

__all__ = [
    "PREFIX",
    "START_ANCHOR",
    "Picture",
    "colour_rules",
    "overview_picture",
    "pathway_picture",
]

PREFIX = "d-"
"""Before every id of a drawing; with the hyphen it is no author's name."""

START_ANCHOR = "start-of-pathway"

_LARGE, _SHRUNK = 1700, 0.75
"""A drawing so wide, in pixels, is shown smaller by this, at which its small print can still be read."""

_UPRIGHT, _TURNED = (186.0, 225.0, 262.0), (273.0, 142.0, 178.0)
"""What A4 leaves to a drawing, in millimetres, upright and on its side: across, down under the title of
the page, and down on a page of its own."""
_MILLIMETRES_PER_POINT = 25.4 / 72
_READABLE = 0.62
"""The scale at which a question is printed in 7.5 points; what would be smaller goes on several sheets."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of a drawing that is printed on one page: from where to where, and how large."""

    top: float
    height: float
    millimetres: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as an element of HTML, its size in pixels, and the sheets of its print.

    `large` when it is shown smaller than it is, and larger than a page; `turned` when it prints larger on
    a page on its side.
    """

    svg: str
    width: int
    height: int
    drawn: str
    points: float
    large: bool
    turned: bool
    sheets: tuple[Sheet, ...]


def pathway_picture(
    layout: bytes, drawing: Drawing, guideline: Guideline, addresses: Addresses
) -> Picture:
    """The flowchart of a pathway on its page. What it shows of another pathway leads to that one's page."""
    page = pathway_page(drawing.name)

    def href(id_: str) -> str:
        name, anchor = _place(id_, guideline)
        return addresses.href(pathway_page(name), anchor or START_ANCHOR, page)

    return _picture(layout, drawing, page, href, addresses)


def overview_picture(layout: bytes, drawing: Drawing, addresses: Addresses) -> Picture:
    """The overview on the front page: every card leads to the page of its pathway."""
    return _picture(
        layout,
        drawing,
        "index",
        lambda id_: addresses.href(pathway_page(id_), "", "index"),
        addresses,
    )


def _picture(
    layout: bytes, drawing: Drawing, page: str, href: Callable[[str], str], addresses: Addresses
) -> Picture:
    svg = finish_svg(
        layout,
        prefix=addresses.identity(PREFIX, page),
        title=drawing.title,
        description="",
        aria=drawing.aria,
        order=drawing.order,
        lang=drawing.language,
        classes=drawing.classes,
        links=href,
        inline=True,
    )
    root = ET.fromstring(layout)
    width, height = (float(side) for side in root.get("viewBox", "0 0 1 1").split()[2:])
    turned, sheets = _sheets(root, width, height)
    large = width * PIXELS_PER_POINT > _LARGE
    scale = PIXELS_PER_POINT * (_SHRUNK if large else 1)
    if large:
        size = f'width="{width * scale:.0f}" height="{height * scale:.0f}"'
        svg = re.sub(r'width="[^"]*" height="[^"]*"', size, svg, count=1)
    drawn = addresses.identity(f"{PREFIX}graph0", page)
    return Picture(
        svg, round(width * scale), round(height * scale), drawn, width, large, turned, sheets
    )


# --- print --------------------------------------------------------------------------------------------


def _sheets(root: ET.Element, width: float, height: float) -> tuple[bool, tuple[Sheet, ...]]:
    """One sheet when that can be read; else as many as it takes, cut where it hurts least."""

    def scale(room: tuple[float, float, float]) -> float:
        across, down = room[0] / _MILLIMETRES_PER_POINT, room[1] / _MILLIMETRES_PER_POINT
        return min(1.0, across / width, down / height)

    upright, turned = scale(_UPRIGHT), scale(_TURNED)
    whole = (_sheet(0.0, height, width, max(upright, turned)),)
    if max(upright, turned) >= _READABLE:
        return turned > upright, whole
    for room in (_UPRIGHT, _TURNED):
        across = min(1.0, room[0] / _MILLIMETRES_PER_POINT / width)
        if across >= _READABLE:
            return room is _TURNED, tuple(_slices(root, width, height, across, room))
    # So wide that it is not read on any number of sheets: shown whole, for its shape.
    return turned > upright, whole


def _slices(
    root: ET.Element, width: float, height: float, scale: float, room: tuple[float, float, float]
) -> Iterator[Sheet]:
    spans = _spans(root)
    top, down = 0.0, room[1]
    while height - top > 1:
        most = down / _MILLIMETRES_PER_POINT / scale
        cut = height if height - top <= most else _cut(top, top + most, spans)
        yield _sheet(top, cut - top, width, scale)
        top, down = cut, room[2]


def _sheet(top: float, height: float, width: float, scale: float) -> Sheet:
    scale *= _MILLIMETRES_PER_POINT
    return Sheet(
        round(top, 2), round(height, 2), (round(width * scale, 1), round(height * scale, 1))
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """From where to where something reaches, and how much a cut through it hurts."""

    top: float
    bottom: float
    hurt: int


def _spans(root: ET.Element) -> tuple[_Span, ...]:
    """Lines of text, the boxes of the cards, and the lines within cards, at which a cut is welcome."""
    graph = root.find("{http://www.w3.org/2000/svg}g")
    assert graph is not None
    moved = re.search(r"translate\(\S+ (\S+)\)", graph.get("transform", ""))
    down = float(moved[1]) if moved else 0.0
    spans = []
    for element in graph.iter():
        if element.tag.endswith("}text"):
            line = float(element.get("y", "0")) + down
            spans.append(_Span(line - 13, line + 4, 100))
        elif element.tag.endswith(("}polygon", "}polyline")):
            heights = [
                float(point.split(",")[1]) + down for point in element.get("points", "").split()
            ]
            top, bottom = min(heights), max(heights)
            if bottom - top < 2:  # the line between two options of a card
                spans.append(_Span(top - 4, bottom, -20))
            else:
                spans.append(_Span(top, bottom, 1))
    return tuple(spans)


def _cut(top: float, most: float, spans: tuple[_Span, ...]) -> float:
    """Where a sheet ends: in its last third, through as little as possible, as low as possible."""
    first = round(top + (most - top) * 0.6)
    places = range(int(most), first, -1)
    return float(min(places, key=lambda y: sum(s.hurt for s in spans if s.top < y < s.bottom)))


# --- links --------------------------------------------------------------------------------------------


def _place(id_: str, guideline: Guideline) -> tuple[str, str]:
    """Pathway and anchor of something in a drawing; a cell of ours, such as `unknown`, is of its node."""
    name, _, rest = id_.partition(".")
    node_name, _, part = rest.partition(".")
    pathway = guideline.pathways.get(name)
    node = pathway.node(node_name) if pathway else None
    match node:
        case Decision() | Review():
            parts = {branch.name for branch in node.branches}
        case Choose():
            parts = {option.name for option in node.options}
        case _:
            parts = set()
    return name, f"{node_name}.{part}" if part in parts else node_name


# --- colours ------------------------------------------------------------------------------------------


def colour_rules() -> str:
    """The style sheet that makes drawings follow the page: each colour as a variable, light and dark."""
    roles: dict[str, str] = {}
    for role, colour in LIGHT.items():
        roles.setdefault(colour.lower(), role)
    light = "".join(f"--flow-{role}:{LIGHT[role].lower()};" for role in roles.values())
    dark = "".join(f"--flow-{role}:{DARK[role].lower()};" for role in roles.values())
    lines = [
        f":root{{{light}}}",
        f'@media screen{{:root[data-theme="dark"]{{{dark}}}}}',
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}',
    ]
    for colour, role in roles.items():
        for attribute in ("fill", "stroke"):
            lines.append(f'.flow [{attribute}="{colour}"]{{{attribute}:var(--flow-{role})}}')
    return "\n".join(lines) + "\n"
