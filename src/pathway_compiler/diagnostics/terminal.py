"""Text for a terminal: how wide it is, which styles it has, and nothing that a terminal obeys.

Styles are single characters of the private-use area until `finished` turns them into escape
sequences, or drops them. So a text can be measured and wrapped with its styles in it, and control
characters in the words of an author or of patient data never reach the terminal.
"""

import re
import unicodedata
from functools import lru_cache

__all__ = [
    "blue", "bold", "dim", "display_width", "finished", "green", "red", "unbroken", "wrapped", "yellow",
]  # fmt: skip

_SPACE = "\uf8ef"
_RESET = "\uf8f0"
_BOLD, _DIM, _RED, _YELLOW, _GREEN, _BLUE = (
    "\uf8f1",
    "\uf8f2",
    "\uf8f3",
    "\uf8f4",
    "\uf8f5",
    "\uf8f6",
)
_SEQUENCES = {
    _RESET: "\x1b[0m",
    _BOLD: "\x1b[1m",
    _DIM: "\x1b[2m",
    _RED: "\x1b[1;31m",
    _YELLOW: "\x1b[1;33m",
    _GREEN: "\x1b[32m",
    _BLUE: "\x1b[1;34m",
}
_STYLES = re.compile(f"[{_RESET}-{_BLUE}]")
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def bold(text: str) -> str:
    return f"{_BOLD}{text}{_RESET}"


def dim(text: str) -> str:
    return f"{_DIM}{text}{_RESET}"


def red(text: str) -> str:
    return f"{_RED}{text}{_RESET}"


def yellow(text: str) -> str:
    return f"{_YELLOW}{text}{_RESET}"


def green(text: str) -> str:
    return f"{_GREEN}{text}{_RESET}"


def blue(text: str) -> str:
    return f"{_BLUE}{text}{_RESET}"


def unbroken(text: str) -> str:
    """The text with spaces at which no line is broken."""
    return text.replace(" ", _SPACE)


def finished(text: str, colour: bool) -> str:
    """The text as it is written: styles as escape sequences or dropped, control characters shown.

    >>> finished(bold("a\\x1b"), colour=False)
    'a␛'
    """
    text = _UNPRINTABLE.sub(lambda match: _visible(match.group()), text)
    text = text.replace(_SPACE, " ")
    return _STYLES.sub(lambda match: _SEQUENCES[match.group()] if colour else "", text)


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def display_width(text: str) -> int:
    """How many columns of a terminal a text takes; styles take none.

    >>> display_width("HER2+ 乳癌")
    10
    """
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    if _STYLES.match(character) or character in "\u200b\u200c\u200d":
        return 0
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """The lines of a text, broken at spaces; `first` begins the first line, `rest` the others.

    A word longer than a line stays whole, so that it can be copied.
    """
    lines: list[str] = []
    line, used, empty = first, display_width(first), True
    for word in text.split():
        size = display_width(word)
        if not empty and used + 1 + size > width:
            lines.append(line)
            line, used, empty = rest, display_width(rest), True
        if not empty:
            line, used = line + " ", used + 1
        line, used, empty = line + word, used + size, False
    return [*lines, line.rstrip()]
