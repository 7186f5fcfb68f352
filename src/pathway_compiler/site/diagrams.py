"""Drawings as parts of a page: links lead to the page around them, colours come from its style sheet."""

from collections.abc import Callable
from dataclasses import dataclass

from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Decision, Review
from pathway_compiler.render.diagrams import Size, size_of_svg
from pathway_compiler.render.drawing import Drawing
from pathway_compiler.render.palette import DARK, LIGHT
from pathway_compiler.render.svg import finish_svg
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

_ROOM = (185.0, 262.0)
"""What A4 upright leaves to a drawing, in millimetres."""
_MILLIMETRES_PER_PIXEL = 25.4 / 96
_SMALLEST_PRINT = 0.5
"""The scale at which the text of a question is printed in 6 points."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as an element of HTML; `turned` when it prints larger on a page on its side."""

    svg: str
    width: int
    height: int

    @property
    def turned(self) -> bool:
        return self._scale(*_ROOM[::-1]) > self._scale(*_ROOM)

    @property
    def prints_well(self) -> bool:
        """Whether it can be read on one page of A4."""
        return max(self._scale(*_ROOM), self._scale(*_ROOM[::-1])) >= _SMALLEST_PRINT

    def _scale(self, width: float, height: float) -> float:
        return min(
            1.0,
            width / (self.width * _MILLIMETRES_PER_PIXEL),
            height / (self.height * _MILLIMETRES_PER_PIXEL),
        )


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
    size: Size = size_of_svg(svg.encode())
    return Picture(svg, round(size.width), round(size.height))


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
