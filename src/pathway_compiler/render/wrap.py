"""Text that fits: cleaned of what could deceive or break a drawing, and wrapped to a width.

Graphviz does not wrap. Widths are those of Arial (and of Liberation Sans, which has the same), so a
line that fits here fits on the card.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["clean", "measure", "shorten", "wrap"]

# Directional marks reorder what a reader sees; zero-width signs hide in it; neither is for print.
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]")
# What XML does not allow, and halves of pairs that UTF-8 cannot write.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_NO_BREAK = "\u00a0"
_UNITS = "%|mg|g|kg|cm|mm|mL|years?|months?|weeks?|days?|hours?|minutes?|cycles?|points?"
_KEEP_TOGETHER = re.compile(rf"(?<=\d) (?=(?:{_UNITS})\b|%)|(?<=[<>≤≥=≠]) (?=\S)|(?<=\S) (?=[–+] )")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """One line of visible text: white space becomes single spaces, deceiving signs go.

    >>> clean("Anti\\u202e-HER2 \\n agent")
    'Anti-HER2 agent'
    """
    return " ".join(_INVISIBLE.sub("", _IMPOSSIBLE.sub("", text.replace("\x85", " "))).split())


def shorten(text: str, length: int = 280) -> str:
    """Cleaned text of at most this many characters; what is cut off ends in `…`."""
    text = clean(text)
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    head, _, tail = cut.rpartition(" ")
    return (head if head and len(tail) < 30 else cut).rstrip(" ,;:") + "…"


@lru_cache(maxsize=16384)
def measure(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line in points."""
    thousandths = sum(_advance(sign) for sign in text)
    return thousandths * size / 1000 * (1.07 if bold else 1.0)


def wrap(
    text: str,
    width: float,
    size: float,
    *,
    bold: bool = False,
    lines: int = 12,
    characters: int = 60,
) -> list[str]:
    """The lines of a text within a width in points, as even as they can be; the last may end in `…`.

    A number stays with its unit, and no word is alone on a line because of a single letter too much.
    """
    words = _KEEP_TOGETHER.sub(_NO_BREAK, clean(text)).split(" ")
    pieces = [piece for word in words for piece in _pieces(word, width, size, bold, characters)]
    wrapped = _fill(pieces, width, size, bold, characters)
    if len(wrapped) > lines:
        wrapped = wrapped[:lines]
        while measure(f"{wrapped[-1]}…", size, bold=bold) > width and wrapped[-1]:
            wrapped[-1] = wrapped[-1][:-1]
        wrapped[-1] = wrapped[-1].rstrip(" ,;:") + "…"
        return wrapped
    # The narrowest width with as many lines leaves no orphan on the last one.
    for share in (0.55, 0.65, 0.75, 0.82, 0.88, 0.94):
        narrower = _fill(pieces, width * share, size, bold, characters)
        if len(narrower) == len(wrapped) and all(
            measure(line, size, bold=bold) <= width for line in narrower
        ):
            return narrower
    return wrapped


def _fill(
    pieces: list[tuple[str, str]], width: float, size: float, bold: bool, characters: int
) -> list[str]:
    lines: list[str] = []
    line = ""
    for glue, piece in pieces:
        longer = f"{line}{glue}{piece}" if line else piece
        if line and (measure(longer, size, bold=bold) > width or len(longer) > characters):
            lines.append(line)
            line = piece
        else:
            line = longer
    return [*lines, line] if line else lines


def _pieces(
    word: str, width: float, size: float, bold: bool, characters: int
) -> list[tuple[str, str]]:
    """A word as one piece, or as several when it is wider than a line; with the glue before each."""
    if measure(word, size, bold=bold) <= width and len(word) <= characters:
        return [(" ", word)]
    if _NO_BREAK in word:
        return [
            piece
            for part in word.split(_NO_BREAK)
            for piece in _pieces(part, width, size, bold, characters)
        ]
    pieces: list[tuple[str, str]] = []
    rest = word
    glue = " "
    while rest:
        fits = 1
        while (
            fits < min(len(rest), characters)
            and measure(rest[: fits + 1], size, bold=bold) <= width
        ):
            fits += 1
        # Break after a sign that separates, where there is one in the second half.
        if fits < len(rest):
            seams = [found.end() for found in re.finditer(r"[-/_,.]", rest[:fits])]
            fits = next((seam for seam in reversed(seams) if seam > fits / 2), fits)
        pieces.append((glue, rest[:fits]))
        rest, glue = rest[fits:], ""
    return pieces


def _advance(sign: str) -> int:
    width = _ADVANCES.get(sign)
    if width is not None:
        return width
    if unicodedata.combining(sign):
        return 0
    base = unicodedata.normalize("NFD", sign)[0]
    if base in _ADVANCES:
        return _ADVANCES[base]
    return 1000 if unicodedata.east_asian_width(sign) in "WF" else 640


_ADVANCES: dict[str, int] = {
    **dict.fromkeys("0123456789?_aábdeghnopqu#$–", 556),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys(" !,./:;I[]\\ft\u00a0", 278),
    **dict.fromkeys("()-r`{}", 333),
    **dict.fromkeys("+<=>~−×", 584),
    **dict.fromkeys("Jckvsxyz", 500),
    **dict.fromkeys("ijl", 222),
    **dict.fromkeys("mM", 833),
    **dict.fromkeys("≥≤≠√", 549),
    '"': 355, "'": 191, "%": 889, "*": 389, "@": 1015, "L": 556, "W": 944, "^": 469, "|": 260,
    "…": 1000, "—": 1000, "•": 350, "·": 333, "→": 1000,
}  # fmt: skip
