"""Every colour is readable on its ground, in light and in dark."""

from __future__ import annotations

import pytest

from pathway_compiler.render.palette import DARK, LIGHT, Palette, badge, dark_colours

TEXT_ON = (
    ("text", "card"), ("text", "decision"), ("text", "cluster"), ("text", "page"),
    ("secondary", "card"), ("secondary", "decision"), ("secondary", "cluster"),
    ("secondary", "page"), ("start_text", "start"), ("path", "card"), ("path", "decision"),
    ("for", "card"), ("against", "card"), ("undecided", "card"), ("a_text", "a_fill"),
    ("b_text", "b_fill"), ("c_text", "c_fill"), ("d_text", "d_fill"), ("i_text", "i_fill"),
)  # fmt: skip
LINE_ON = (
    ("card_border", "cluster"), ("card_border", "page"), ("decision_border", "page"),
    ("decision_border", "cluster"), ("edge", "cluster"), ("edge", "page"), ("faded", "page"),
    ("faded", "cluster"), ("path", "page"), ("path", "cluster"), ("against", "page"),
    ("b_border", "card"), ("c_border", "card"), ("d_border", "card"), ("i_border", "card"),
)  # fmt: skip
THEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@THEMES
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_meets_aa(colours: Palette, text: str, ground: str) -> None:
    assert contrast(colours[text], colours[ground]) >= 4.5


@THEMES
@pytest.mark.parametrize(("line", "ground"), LINE_ON)
def test_lines_that_mean_something_are_seen(colours: Palette, line: str, ground: str) -> None:
    assert contrast(colours[line], colours[ground]) >= 3.0


def test_the_contrasts_of_the_design_hold() -> None:
    assert contrast(LIGHT["text"], LIGHT["card"]) == pytest.approx(15.2, abs=0.1)
    assert contrast(DARK["text"], DARK["decision"]) == pytest.approx(11.1, abs=0.1)


def test_each_light_colour_has_one_dark_colour() -> None:
    assert set(LIGHT) == set(DARK)
    assert len(dark_colours()) <= len(LIGHT)


@THEMES
def test_grades_differ_by_more_than_their_fill(colours: Palette) -> None:
    looks = [badge(grade, colours) for grade in "ABCDI"]

    assert len({(look.fill, look.border, look.dashed) for look in looks}) == 5
    assert badge("strong", colours) == badge("1A", colours)
