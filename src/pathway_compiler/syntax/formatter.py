"""The one canonical layout of a file: `pathway fmt`.

The formatter moves tokens and comments and knows nothing of meaning; the syntax tree is the same
afterwards.

- Two spaces a block level; one space between tokens, none inside brackets, two before a comment
  that ends a line.
- Inside a block at most one blank line, none where the block opens. Between two declarations
  exactly one if either takes more than one line, else none or one as the author chose.
- Where the author broke a line inside brackets, it stays broken: line breaks carry grouping that no
  rule about length would find again. Each open bracket indents by four spaces, and a line that
  starts with closing brackets counts them as closed. Blank lines inside brackets go.
- A comment on its own line takes the indentation of what follows. At the end of a block it stays in
  the block it was indented to.
- Text in triple quotation marks moves as a whole with its block, so that `inspect.cleandoc` gives
  the same text. Tabs in it become spaces as there, because their width depends on the place.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pathway_compiler.diagnostics.diagnostic import Diagnostic, has_errors
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.syntax.parser import parse
from pathway_compiler.syntax.tokens import (
    COMMENT,
    LINE_END,
    SPELT_OUT,
    LayoutToken,
    continues_as,
    is_spelt_as,
    layout_tokens,
)
from pathway_compiler.syntax.tree import ParsedFile

__all__ = ["diff_text", "format_source"]

_WINDOWS_LINE_END = re.compile(r"\r+\n")
_INDENT = "  "
_CONTINUATION = "    "
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_ENDS_OPERAND = frozenset({"NAME", "NUMBER", "UNIT", "QUOTED_UNIT", "DATE", "YES", "NO"})
_OPERAND_WORDS = frozenset({")", "today", "unknown"})
_OPERATOR_WORDS = ("QUANTIFIER", "THRESHOLD", "PICK", "PERIOD")
_SPELT_WITH_SPACES = frozenset(
    {"FIRST_MATCH", "ALL_THAT_APPLY", "ANY_OF", "RECOMMEND", "THRESHOLD"}
)


def format_source(source: Source) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text in canonical layout, or none if it has syntax errors; and what `parse` found."""
    file, diagnostics = parse(source)
    if has_errors(diagnostics):
        return None, diagnostics
    formatted = _written(_placed(_split_lines(file), file.source.text))
    # The author's words are worth a comparison: no later mistake here may cost a dose or a comment.
    if "".join(formatted.split()) != "".join(source.text.split()):
        raise AssertionError(f"formatting {source.name} would change more than its layout")
    return formatted, diagnostics


def diff_text(before: str, after: str, name: str) -> str:
    """What formatting changes, as a unified diff; empty when nothing does."""
    changes = difflib.unified_diff(_with_ends(before), _with_ends(after), name, name)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in changes
    )


def _with_ends(text: str) -> list[str]:
    # Not `splitlines`: a line separator (U+2028) inside a text ends no line here.
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


# --- from tokens to lines -------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """A logical line, or a comment that stands on a line of its own.

    `rows` are the lines the author broke it into; a comment can end each of them.
    """

    rows: list[list[LayoutToken]]
    blank_before: bool
    level: int = field(default=0)

    @property
    def start(self) -> int:
        return self.rows[0][0].start

    @property
    def is_comment(self) -> bool:
        return self.rows[0][0].type == COMMENT


def _split_lines(file: ParsedFile) -> list[_Line]:
    """The logical lines of a file; line ends inside brackets end only a row."""
    lines: list[_Line] = []
    rows: list[list[LayoutToken]] = []
    row: list[LayoutToken] = []
    depth = line_ends = 0

    def end_row() -> None:
        nonlocal rows, row
        if row:
            rows.append(row)
            row = []
        if rows and depth == 0:
            lines.append(_Line(rows, blank))
            rows = []

    blank = False
    for token in layout_tokens(file):
        if token.type == LINE_END:
            end_row()
            line_ends += 1
            continue
        if not rows and not row:
            blank = line_ends > 1
        row.append(token)
        line_ends = 0
        if token.type == SPELT_OUT:
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
    depth = 0
    end_row()
    return lines


# --- where each line goes -------------------------------------------------------------------------


def _placed(lines: list[_Line], text: str) -> list[_Line]:
    """The lines with their block levels, found as the parser's indenter finds them."""
    widths = [0]
    comments: list[_Line] = []
    for line in lines:
        if line.is_comment:
            comments.append(line)
            continue
        before = widths[:]
        width = _column(line, text)
        while width < widths[-1]:
            widths.pop()
        if width > widths[-1]:
            widths.append(width)
        line.level = len(widths) - 1
        _place_comments(comments, before, line.level, text)
        comments.clear()
    _place_comments(comments, widths, 0, text)
    return lines


def _place_comments(comments: list[_Line], widths: list[int], following: int, text: str) -> None:
    """Comments belong to what follows, or to a block that ends here if they were indented to it."""
    for comment in comments:
        level = max(following, len(widths) - 1)
        while level > following and widths[level] > _column(comment, text):
            level -= 1
        widths = widths[: level + 1]
        comment.level = level


def _column(line: _Line, text: str) -> int:
    line_end = text.rfind("\n", 0, line.start)
    # White space before the first line of all is no indentation.
    return line.start - line_end - 1 if line_end >= 0 else 0


# --- writing --------------------------------------------------------------------------------------


def _written(lines: list[_Line]) -> str:
    blanks = _blank_lines(lines)
    written: list[str] = []
    for line, blank in zip(lines, blanks, strict=True):
        if blank:
            written.append("")
        written.extend(_line_text(line))
    return "".join(f"{line}\n" for line in written)


def _blank_lines(lines: Sequence[_Line]) -> list[bool]:
    """For each line whether a blank line goes before it."""
    blanks: list[bool] = []
    last_declaration: int | None = None
    separation: list[int] = []  # the lines a blank line before which parts two declarations
    for index, line in enumerate(lines):
        opens_block = index > 0 and line.level > lines[index - 1].level
        blanks.append(line.blank_before and index > 0 and not opens_block)
        if line.level > 0:
            continue
        separation.append(index)
        if line.is_comment:
            continue
        if (
            last_declaration is not None
            and not any(blanks[i] for i in separation)
            and (_is_long(lines, last_declaration) or _is_long(lines, index))
        ):
            blanks[separation[0]] = True
        last_declaration = index
        separation = []
    return blanks


def _is_long(lines: Sequence[_Line], declaration: int) -> bool:
    """Whether a declaration takes more than one line."""
    following = lines[declaration + 1 : declaration + 2]
    return len(lines[declaration].rows) > 1 or any(line.level > 0 for line in following)


def _line_text(line: _Line) -> Iterator[str]:
    depth = 0
    earlier: LayoutToken | None = None
    previous: LayoutToken | None = None
    unary = False
    for row in line.rows:
        closed = 0
        while closed < len(row) and row[closed].type == SPELT_OUT and row[closed].text in _CLOSING:
            closed += 1
        parts = [_INDENT * line.level + _CONTINUATION * (depth - closed)]
        for index, token in enumerate(row):
            if token.type == COMMENT:
                parts.append(f"  {token.text}" if index else token.text)
                continue
            space = ""
            if index and previous is not None:
                space = _space(earlier, previous, token, unary)
            parts.append(space + _token_text(token, line.level))
            glued = space == "" and index > 0
            unary = token.type == "MINUS" and (glued or not _ends_operand(previous))
            earlier, previous = previous, token
            if token.type == SPELT_OUT:
                depth += (token.text in _OPENING) - (token.text in _CLOSING)
        yield "".join(parts)


def _ends_operand(token: LayoutToken | None) -> bool:
    return token is not None and (
        token.type in _ENDS_OPERAND or (token.type == SPELT_OUT and token.text in _OPERAND_WORDS)
    )


def _space(
    earlier: LayoutToken | None, before: LayoutToken, after: LayoutToken, unary: bool
) -> str:
    """What goes between two tokens of a row; `unary`: `before` is a minus that takes no space."""
    tight = (
        unary
        or (before.type == SPELT_OUT and before.text in "([{.-")
        or (after.type == SPELT_OUT and after.text in ":,)]}.-")
    )
    if tight:
        # A unit may hold `]`, `}` and `.`, so these keep their distance: `[5 mg ]`.
        swallows = before.type in ("UNIT", "CODE") and continues_as(
            before.type, before.text, after.text
        )
        return " " if swallows else ""
    if before.type == "NAME" and before.end == after.start and after.text.startswith("-"):
        return "" if _needs_the_minus(before.text, earlier) else " "
    if before.type == "RECOMMEND" and continues_as(before.type, before.text, f" {after.text}"):
        # A recommendation that is called `against`: with a space it would be one word.
        return "\t"
    return " "


def _needs_the_minus(name: str, earlier: LayoutToken | None) -> bool:
    """Whether a name is read as another word unless `-` or `->` follows without a space.

    `months-x` subtracts from an element called `months`, but `months - x` lacks its `between`.
    """
    if earlier is not None and (earlier.type == "NOT" or earlier.text == "is"):
        return is_spelt_as("A", name)
    return any(is_spelt_as(word, name) for word in _OPERATOR_WORDS)


def _token_text(token: LayoutToken, level: int) -> str:
    if token.type == "TEXT":
        return _moved_text(token.text, _INDENT * level)
    if token.type in _SPELT_WITH_SPACES:
        return " ".join(token.text.split())
    return token.text


def _moved_text(text: str, indentation: str) -> str:
    """Text in triple quotation marks, its lines moved together to this indentation."""
    first, *rest = _WINDOWS_LINE_END.sub("\n", text[3:-3]).expandtabs().split("\n")
    if any(line.strip() for line in rest):
        margin = min(len(line) - len(line.lstrip(" ")) for line in rest if line.strip(" "))
        moved = [line[margin:] for line in rest]
        rest = [indentation + line if line else "" for line in moved[:-1]]
        rest.append(indentation + moved[-1])
        first = first if first.strip(" ") else ""
    # Else there is no margin: every space counts, as `inspect.cleandoc` sees it.
    return '"""' + "\n".join([first, *rest]) + '"""'
