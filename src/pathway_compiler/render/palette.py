"""The colours of the drawings, light and dark, by role.

Every pair of text and ground has a contrast of at least 4.5 (WCAG AA), every line that carries meaning
at least 3; `tests/unit/render/test_palette.py` computes them. Meaning never rests on a colour alone.

INVARIANT: two roles that share a light colour share the dark one, since a drawing keeps colours and
not roles (`svg.pair_palettes`). Where they must differ, the light one is off by one digit: `#FFFFFE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pathway_compiler.render.svg import pair_palettes

__all__ = ["DARK", "LIGHT", "Badge", "Palette", "Theme", "badge", "dark_colours", "palette"]

Theme = Literal["light", "dark"]
Palette = dict[str, str]

LIGHT: Palette = {
    "page": "#FEFEFE",
    "text": "#1B2733",
    "secondary": "#4A5968",
    "card": "#FFFFFF",
    "card_border": "#7A8896",
    "decision": "#E6F0FA",
    "decision_border": "#1D5A96",
    "cluster": "#F5F7F9",
    "cluster_border": "#B9C3CD",
    "edge": "#5B6B7A",
    "faded": "#7E8A98",
    "start": "#24364B",
    "start_text": "#FFFFFD",
    "start_border": "#24364C",
    "path": "#B3460C",
    "for": "#00695C",
    "against": "#9B1C14",
    "undecided": "#4A596A",
    "a_fill": "#004D40",
    "a_text": "#FFFFFB",
    "a_border": "#004D40",
    "b_fill": "#9CCBF2",
    "b_text": "#0B2239",
    "b_border": "#1D5A96",
    "c_fill": "#FFF1C2",
    "c_text": "#3A2E00",
    "c_border": "#8A6D00",
    "d_fill": "#FFFFFE",
    "d_text": "#9B1C15",
    "d_border": "#9B1C14",
    "i_fill": "#D9DEE3",
    "i_text": "#1B2734",
    "i_border": "#4A5969",
}

DARK: Palette = {
    "page": "#10171E",
    "text": "#E6EDF3",
    "secondary": "#A9B7C4",
    "card": "#1C252E",
    "card_border": "#6F8193",
    "decision": "#16324D",
    "decision_border": "#6CB2F0",
    "cluster": "#161E26",
    "cluster_border": "#3A4855",
    "edge": "#8FA1B2",
    "faded": "#64768A",
    "start": "#24364B",
    "start_text": "#FFFFFF",
    "start_border": "#6CB2F0",
    "path": "#FFB366",
    "for": "#5FD3BC",
    "against": "#FF9A8F",
    "undecided": "#A9B7C4",
    "a_fill": "#5FD3BC",
    "a_text": "#0B1218",
    "a_border": "#5FD3BC",
    "b_fill": "#8CC5F5",
    "b_text": "#0B1218",
    "b_border": "#6CB2F0",
    "c_fill": "#FFD45C",
    "c_text": "#0B1218",
    "c_border": "#FFD45C",
    "d_fill": "#FF9A8F",
    "d_text": "#0B1218",
    "d_border": "#FF9A8F",
    "i_fill": "#A9B7C4",
    "i_text": "#0B1218",
    "i_border": "#E6EDF3",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """How the badge of one grade looks."""

    fill: str
    text: str
    border: str
    dashed: bool = False


def palette(theme: Theme) -> Palette:
    """The colours of one theme, by role."""
    return DARK if theme == "dark" else LIGHT


def badge(grade: str, colours: Palette) -> Badge:
    """The look of a grade's badge; grades of other schemes than A, B, C, D, I are plain."""
    role = grade.lower() if grade.upper() in ("A", "B", "C", "D", "I") else ""
    if not role:
        return Badge(colours["card"], colours["text"], colours["edge"])
    return Badge(
        colours[f"{role}_fill"],
        colours[f"{role}_text"],
        colours[f"{role}_border"],
        dashed=role == "i",
    )


def dark_colours() -> dict[str, str]:
    """From each light colour to the dark one, for `svg.finish_svg` and `svg.recolour_dot`."""
    return pair_palettes(LIGHT, DARK)
