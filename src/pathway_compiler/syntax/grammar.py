"""The parser that Lark builds from `pathway.lark`, kept between runs in the user's cache folder."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import ClassVar

from lark import Lark, Token
from lark import __version__ as lark_version
from lark.exceptions import UnexpectedToken
from lark.indenter import Indenter

from pathway_compiler.resources.kept import cache_folder
from pathway_compiler.syntax.tree import SyntaxNode

__all__ = ["grammar_text", "keywords", "pathway_parser"]


def grammar_text() -> str:
    """The grammar of the language, as published in `dsl/pathway.lark`."""
    return files("pathway_compiler.syntax").joinpath("pathway.lark").read_text(encoding="utf-8")


@cache
def pathway_parser() -> Lark:
    """The parser for whole declarations; trees are `SyntaxNode`s with positions."""
    text = grammar_text()
    fingerprint = sha256(f"{lark_version}\n{text}".encode()).hexdigest()[:16]
    folder = cache_folder()
    cached = str(folder / f"grammar-{fingerprint}.lark-cache") if folder else False
    return Lark(
        text,
        parser="lalr",
        start=["start", "expression_text"],
        postlex=_PathwayIndenter(),
        propagate_positions=True,
        maybe_placeholders=False,
        tree_class=SyntaxNode,
        cache=cached,
    )


@cache
def keywords() -> frozenset[str]:
    """Every word that the grammar gives a meaning to."""
    words = set()
    for terminal in pathway_parser().terminals:
        pattern = terminal.pattern.value
        if terminal.pattern.type == "str" and pattern.replace("_", "").isalpha():
            words.add(pattern)
    return frozenset(words)


class _PathwayIndenter(Indenter):
    """Turns the white space at line starts into block marks; inside brackets lines run on."""

    NL_type = "_NL"
    OPEN_PAREN_types: ClassVar[list[str]] = ["LPAR", "LSQB", "LBRACE"]
    CLOSE_PAREN_types: ClassVar[list[str]] = ["RPAR", "RSQB", "RBRACE"]
    INDENT_type = "_INDENT"
    DEDENT_type = "_DEDENT"
    tab_len = 8

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        yield from super().process(_apart(stream))  # type: ignore[no-untyped-call]  # lark's

    def handle_NL(self, token: Token) -> Iterator[Token]:
        if self.paren_level > 0:
            return
        # A comment on the last of the blank lines must not count as indentation.
        text = str(token)
        indentation = text.rsplit("\n", 1)[1].split("#", 1)[0]
        yield token
        width = len(indentation)
        if width > self.indent_level[-1]:
            self.indent_level.append(width)
            yield Token.new_borrow_pos(self.INDENT_type, indentation, token)
            return
        while width < self.indent_level[-1]:
            self.indent_level.pop()
            yield Token.new_borrow_pos(self.DEDENT_type, indentation, token)
        if width != self.indent_level[-1]:
            # The parser meets an indent where none fits and reports the place.
            self.indent_level.append(width)
            yield Token.new_borrow_pos(self.INDENT_type, indentation, token)


def _apart(stream: Iterator[Token]) -> Iterator[Token]:
    """The tokens, refusing words that run into each other: `isknown` is not `is known`."""
    before: Token | None = None
    for token in stream:
        if (
            before is not None
            and before.end_pos == token.start_pos
            and before.type != "NUMBER"
            and _is_word(before[-1:])
            and _is_word(token[:1])
        ):
            joined = Token.new_borrow_pos("NAME", f"{before}{token}", before)
            joined.end_pos = token.end_pos
            raise UnexpectedToken(joined, set())  # type: ignore[no-untyped-call]  # lark's
        before = token
        yield token


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
