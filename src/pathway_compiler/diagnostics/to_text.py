"""Findings for a reader at a terminal: the sentence, the underlined place, related places, help."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pathway_compiler.diagnostics.codes import Severity
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.diagnostics.terminal import (
    blue,
    bold,
    dim,
    display_width,
    finished,
    red,
    wrapped,
    yellow,
)

__all__ = ["diagnostic_to_text", "diagnostics_to_text", "summary_text"]

TAB = 4
MOST_LINES = 4
"""A stretch of more lines than this shows its first and its last line."""
_STYLE = {Severity.ERROR: red, Severity.WARNING: yellow, Severity.NOTE: blue}


def diagnostics_to_text(
    diagnostics: Iterable[Diagnostic], *, width: int = 80, colour: bool = False
) -> str:
    """Every finding with its place, parted by blank lines; empty when there are none."""
    return "\n".join(
        diagnostic_to_text(diagnostic, width=width, colour=colour) for diagnostic in diagnostics
    )


def diagnostic_to_text(diagnostic: Diagnostic, *, width: int = 80, colour: bool = False) -> str:
    """One finding, for example::

    error[unknown-name]: nothing in this pathway is called `her`
      advanced_breast.pathway:14:8
       14 |   when her is positive
          |        ^^^
      help: did you mean `her2`?
    """
    style = _STYLE[diagnostic.severity]
    head = style(f"{diagnostic.severity.value}[{diagnostic.code}]:")
    lines = wrapped(f"{head} {bold(diagnostic.message)}", width, rest="  ")
    marks = [_Mark(diagnostic.span, "", True)]
    marks += [_Mark(label.span, label.text, False) for label in diagnostic.labels]
    sources: dict[int, list[_Mark]] = {}
    firsts: list[Source] = []
    for mark in marks:
        for number, source in enumerate(firsts):
            if source is mark.span.source or source == mark.span.source:
                sources[number].append(mark)
                break
        else:
            sources[len(firsts)] = [mark]
            firsts.append(mark.span.source)
    gutter = max(5, 2 + max(len(str(mark.span.end_line)) for mark in marks))
    for number in sources:
        lines += _snippet(sources[number], gutter, width, style_of_primary=style)
    for note in diagnostic.notes:
        lines += wrapped(note, width, "  note: ", "        ")
    if diagnostic.help:
        first, *more = diagnostic.help.split("\n")
        lines += wrapped(first, width, "  help: ", "        ")
        for line in more:
            lines += wrapped(line, width, "        ", "        ")
    return "".join(f"{finished(line, colour)}\n" for line in lines)


def summary_text(diagnostics: Sequence[Diagnostic]) -> str:
    """How many findings of each severity: `2 errors, 1 warning`; `no findings` when there are none."""
    parts = []
    for severity in Severity:
        number = sum(d.severity is severity for d in diagnostics)
        if number:
            parts.append(f"{number} {severity.value}" + ("s" if number > 1 else ""))
    return ", ".join(parts) or "no findings"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch to underline, with the words that belong to it."""

    span: Span
    text: str
    primary: bool


def _snippet(
    marks: Sequence[_Mark], gutter: int, width: int, *, style_of_primary: object
) -> list[str]:
    span = marks[0].span
    if not span.source.text:
        words = f": {marks[0].text}" if marks[0].text else ""
        return [f"  {span.source.name}{words}"]
    lines = [f"  {span}"]
    shown = sorted({line for mark in marks for line in _lines(mark.span)})
    previous: int | None = None
    empty = " " * gutter + dim(" | ")
    for number in shown:
        if previous is not None and number > previous + 1:
            lines.append(" " * (gutter - 2) + dim("..."))
        previous = number
        text = span.source.line_text(number)
        line = _Line(text)
        here = [
            (mark, *_columns(mark.span, number, text)) for mark in marks if _touches(mark, number)
        ]
        start = line.window(here[0][1], width - gutter - 3) if here else 0
        lines.append(
            f"{dim(f'{number:>{gutter}} |')} {line.cut(start, width - gutter - 3)}".rstrip()
        )
        for mark, low, high in here:
            left, right = line.starts[low] - start, line.starts[high] - start
            right = min(max(right, left + 1), max(width - gutter - 3, left + 1))
            under = ("^" if mark.primary else "-") * (right - left)
            coloured = (
                style_of_primary(under)
                if mark.primary and callable(style_of_primary)
                else blue(under)
            )
            last = number == _lines(mark.span)[-1]
            words = f" {mark.text}" if mark.text and last else ""
            first = f"{empty}{' ' * left}{coloured}"
            if words and gutter + 3 + right + display_width(words) > width:
                lines.append(first.rstrip())
                indent = empty + " " * min(left, max(0, width - gutter - 43))
                lines += wrapped(mark.text, width, indent, indent)
            else:
                lines.append((first + words).rstrip())
    return lines


def _lines(span: Span) -> list[int]:
    """The lines of a stretch that are shown."""
    first, last = span.line, span.end_line
    if last - first >= MOST_LINES:
        return [first, last]
    return list(range(first, last + 1))


def _touches(mark: _Mark, number: int) -> bool:
    return number in _lines(mark.span)


def _columns(span: Span, number: int, text: str) -> tuple[int, int]:
    """The characters of a line, from and to, that belong to a stretch."""
    indentation = len(text) - len(text.lstrip())
    low = span.column - 1 if number == span.line else min(indentation, len(text))
    high = span.end_column - 1 if number == span.end_line else len(text)
    low = min(low, len(text))
    return low, max(low, min(high, len(text)))


class _Line:
    """A line as it is shown: tabs as spaces, and the column at which each character begins."""

    def __init__(self, text: str) -> None:
        shown: list[str] = []
        self.starts = [0]
        for character in text:
            here = self.starts[-1]
            if character == "\t":
                size = TAB - here % TAB
                shown.append(" " * size)
            else:
                character = finished(character, colour=False) or " "
                size = display_width(character)
                shown.append(character)
            self.starts.append(here + size)
        self._shown = shown

    def window(self, character: int, width: int) -> int:
        """The first column to show, so that a character can be seen in a long line."""
        wanted = self.starts[character]
        if self.starts[-1] <= width or wanted < width * 3 // 4:
            return 0
        goal = wanted - width // 3
        return next(column for column in self.starts if column >= goal)

    def cut(self, start: int, width: int) -> str:
        """The columns from `start` on, with `…` where there is more."""
        found: list[str] = []
        for column, character in zip(self.starts, self._shown, strict=False):
            if column < start:
                continue
            end = column - start + display_width(character)
            if end > width or (end == width and self.starts[-1] - start > width):
                found.append("…")
                break
            found.append(character)
        if start and found:
            found[0] = "…" + " " * (display_width(found[0]) - 1)
        return "".join(found)
