"""The syntax tree: what the author wrote, by grammar rule, with its place. It knows nothing of meaning."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lark import Token, Tree

from pathway_compiler.diagnostics.span import Source, Span

__all__ = ["ParsedFile", "SyntaxNode", "Token"]


class SyntaxNode(Tree[Token]):
    """One grammar rule applied: `data` is the rule's name, `children` are nodes and tokens."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return str(self.data)

    def nodes(self, *kinds: str) -> "Iterator[SyntaxNode]":
        """The child nodes of these kinds, or all child nodes."""
        for child in self.children:
            if isinstance(child, SyntaxNode) and (not kinds or child.data in kinds):
                yield child

    def node(self, *kinds: str) -> "SyntaxNode | None":
        """The first child node of these kinds."""
        return next(self.nodes(*kinds), None)

    def tokens(self, *types: str) -> Iterator[Token]:
        """The child tokens of these types, or all child tokens."""
        for child in self.children:
            if isinstance(child, Token) and (not types or child.type in types):
                yield child

    def token(self, *types: str) -> Token | None:
        """The first child token of these types."""
        return next(self.tokens(*types), None)

    def has(self, token_type: str) -> bool:
        return self.token(token_type) is not None

    def bounds(self) -> tuple[int, int]:
        """Character offsets of the text of this node; (0, 0) when the rule took no text."""
        if self.meta.empty:
            return 0, 0
        return self.meta.start_pos, self.meta.end_pos


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One file read: its declarations, and the names in the stretches that could not be read.

    `damaged` keeps one syntax error from causing more: names that stand in unreadable text are not
    reported as unknown elsewhere.
    """

    source: Source
    declarations: tuple[SyntaxNode, ...]
    damaged: frozenset[str] = field(default=frozenset())

    def span(self, part: SyntaxNode | Token) -> Span:
        """The place of a node or token in this file."""
        if isinstance(part, Token):
            start = part.start_pos or 0
            return Span(self.source, start, part.end_pos or start)
        start, end = part.bounds()
        text = self.source.text[start:end]
        # Behind the last kept token stand only signs, white space and comments.
        kept = max(_end_of_last_token(part) - start, 0)
        for match in _SIGN_OR_COMMENT.finditer(text, kept):
            if match.group()[0] != "#":
                kept = match.end()
        return Span(self.source, start, start + kept)


_SIGN_OR_COMMENT = re.compile(r"#[^\n]*|\S")


def _end_of_last_token(node: SyntaxNode) -> int:
    waiting: list[SyntaxNode | Token] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Token):
            return part.end_pos or 0
        waiting.extend(c for c in part.children if isinstance(c, SyntaxNode | Token))
    return 0
