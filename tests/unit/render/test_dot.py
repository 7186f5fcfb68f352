"""Text stays text, whatever it is, in both places where DOT has text."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway_compiler.render.dot import attributes, font, markup_text, port, quoted, tag
from pathway_compiler.render.layout import lay_out
from pathway_compiler.render.svg import recolour_dot
from pathway_compiler.render.wrap import clean

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"

HOSTILE = (
    "</TD></TABLE>> ] } -> evil",
    '"quotes" and \\back\\slashes\\',
    "\\N \\G \\l \\E",
    "&amp; &#60; &nbsp; & &&",
    "<!-- --> <![CDATA[ ]]> <script>alert(1)</script>",
    "\u202eright to left\u202c \u200f עברית العربية",
    "\x00\x01\ud800\ufffe",
    'color=white color="#FFFFFF" COLOR = red',
    "{{ 7*7 }} ${x} $(id) `id` %s",
    "x" * 2_000,
    "",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    cell = tag("TABLE", tag("TR", tag("TD", font(text, colour="#000000"))))
    shown = {"label": cell, "tooltip": clean(text) or "-", "href": "#x"}
    dot = f"digraph {quoted(text)} {{ a {attributes(shown)}; b {attributes({'label': text})}; }}"

    drawn = ET.fromstring(lay_out(dot, "svg"))

    in_cell, in_string = (
        "".join("".join(text.itertext()) for text in node.iter(f"{SVG}text")).replace("\u00a0", " ")
        for node in (each for each in drawn.iter(f"{SVG}g") if each.get("class") == "node")
    )
    (tooltip,) = (link.get(f"{XLINK}title") for link in drawn.iter(f"{SVG}a"))
    assert _words(in_cell) == _words(in_string) == _words(clean(text))
    assert _words(tooltip or "") == _words(clean(text) or "-")


def _words(text: str) -> str:
    """Graphviz writes a text in several pieces where it changes the font for a script."""
    return "".join(text.split())


@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_any_text_lays_out(texts: list[str]) -> None:
    cells = [tag("TD", font(each, colour="#111111"), TOOLTIP=each) for each in texts]
    label = tag("TABLE", tag("TR", *cells))

    assert lay_out(f"digraph {{ a {attributes({'label': label})} }}", "svg")


def test_text_that_looks_like_a_colour_is_not_recoloured() -> None:
    dot = f"a {attributes({'label': tag('B', markup_text('color=white'))})}"

    assert recolour_dot(dot, {"white": "#123456"}) == dot


def test_ports_are_never_compass_points() -> None:
    assert all(port(name).startswith("a_") for name in ("n", "s", "e", "w", "c", "ne"))


def test_attributes_without_a_value_are_left_out() -> None:
    assert attributes({"a": None, "b": 1, "c": "x"}) == '[b=1 c="x"]'
