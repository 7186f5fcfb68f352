"""The words of a file as the author laid them out: tokens, comments and line ends, in order.

The parser drops comments, line ends and the words that the grammar spells out. What it keeps has a
place, and between two kept tokens only dropped ones can stand, so one parse is enough to see all.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pathway_compiler.syntax.grammar import pathway_parser
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode, Token

__all__ = [
    "COMMENT",
    "LINE_END",
    "SPELT_OUT",
    "LayoutToken",
    "continues_as",
    "is_spelt_as",
    "layout_tokens",
]

COMMENT = "comment"
LINE_END = "line end"
SPELT_OUT = "spelt out"
"""The type of a word or sign that the grammar writes in quotation marks: `when`, `:`."""


class LayoutToken(NamedTuple):
    """A stretch of text without white space; its `type` is the grammar's or one of the above."""

    type: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def layout_tokens(file: ParsedFile) -> Iterator[LayoutToken]:
    """All tokens, comments and line ends of a file that was read without errors."""
    text = file.source.text
    position = 0
    for declaration in file.declarations:
        for token in _kept_tokens(declaration):
            assert token.start_pos is not None
            assert token.end_pos is not None
            yield from _dropped_tokens(text, position, token.start_pos)
            yield LayoutToken(token.type, str(token), token.start_pos)
            position = token.end_pos
    yield from _dropped_tokens(text, position, len(text))


def continues_as(token_type: str, text: str, following: str) -> bool:
    """Whether the lexer would take part of what follows into a token of this type."""
    match = _terminal(token_type).match(text + following)
    return match is not None and match.end() > len(text)


def is_spelt_as(token_type: str, word: str) -> bool:
    """Whether a word standing alone can be a token of this type."""
    return _terminal(token_type).fullmatch(word) is not None


def _kept_tokens(declaration: SyntaxNode) -> Iterator[Token]:
    stack: list[SyntaxNode | Token] = [declaration]
    while stack:
        part = stack.pop()
        if isinstance(part, SyntaxNode):
            stack.extend(p for p in reversed(part.children) if isinstance(p, SyntaxNode | Token))
        else:
            yield part


def _dropped_tokens(text: str, start: int, end: int) -> Iterator[LayoutToken]:
    for match in _DROPPED.finditer(text, start, end):
        found = match.group()
        if found == "\n":
            yield LayoutToken(LINE_END, found, match.start())
        elif found[0] == "#":
            yield LayoutToken(COMMENT, found.rstrip(), match.start())
        else:
            yield LayoutToken(SPELT_OUT, found, match.start())


@cache
def _terminal(name: str) -> re.Pattern[str]:
    return re.compile(pathway_parser().get_terminal(name).pattern.to_regexp())


# Words that an author ran together (`isknown`) stay so: only the lexer could part them for certain.
_DROPPED = re.compile(r"\n|#[^\n]*|->|[^\W\d]+|\S")
