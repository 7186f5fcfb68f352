"""Texts that nobody has translated yet: shown in the language they were written in, and marked.

In plain text and in drawings the mark is seen, `‹en: HER2 status›`; in a page it becomes an element with
that language, for readers and for what reads aloud.
"""

import re
from html import escape

__all__ = ["element", "marked_html", "marked_text", "unmarked"]

_OPEN = re.compile(r"‹([a-z]{2,3}(?:-[A-Za-z0-9]+)*): ")
_TEXT_OF_PAGE = re.compile(
    # What may hold no element is passed over whole, and so is the inside of a tag.
    r"<(svg|script|style|title|textarea|option)\b.*?</\1\s*>|<[^>]*>|[^<]+",
    re.DOTALL | re.IGNORECASE,
)


def marked_text(text: str, language: str) -> str:
    """A text with the mark that says in which language it is.

    >>> marked_text("HER2 status", "en")
    '‹en: HER2 status›'
    """
    return f"‹{language}: {text}›"


def unmarked(text: str) -> tuple[str, str] | None:
    """The language and the text within, of a text that is marked as a whole; None for any other.

    >>> unmarked("‹en: HER2 status›"), unmarked("HER2")
    (('en', 'HER2 status'), None)
    """
    found = _OPEN.match(text)
    if found is None or _end(text, found.end()) != len(text) - 1:
        return None
    return found[1], text[found.end() : -1]


def marked_html(page: str) -> str:
    """A page of HTML in which the marks between its tags are elements with a `lang`.

    >>> marked_html('<td title="‹en: Dose›">‹en: Dose›</td>')
    '<td title="‹en: Dose›"><span class="untranslated" lang="en">Dose</span></td>'
    """
    if not _OPEN.search(page):
        return page
    return _TEXT_OF_PAGE.sub(_piece, page)


def _piece(match: re.Match[str]) -> str:
    piece = match.group()
    return piece if piece.startswith("<") else _elements(piece)


def _elements(text: str) -> str:
    said, place = [], 0
    for found in _OPEN.finditer(text):
        if found.start() < place:
            continue  # within another mark
        end = _end(text, found.end())
        if end is None:
            break
        said.append(text[place : found.start()])
        inside = text[found.end() : end]
        said.append(element(inside, found[1]))
        place = end + 1
    said.append(text[place:])
    return "".join(said)


def element(inside: str, language: str) -> str:
    """HTML that is in another language than what is around it."""
    return f'<span class="untranslated" lang="{escape(language)}">{inside}</span>'


def _end(text: str, start: int) -> int | None:
    """Where the mark is closed: authors may use the same signs within it."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"‹": 1, "›": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return None
