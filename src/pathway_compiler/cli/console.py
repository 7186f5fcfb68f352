"""Where a command writes: results to stdout, messages and progress to stderr."""

import io
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from typing import TextIO

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.terminal import finished, wrapped
from pathway_compiler.diagnostics.to_text import diagnostics_to_text

__all__ = ["Console", "Stop", "counted"]

WIDEST = 100
"""Lines of text longer than this are hard to read, however wide the terminal is."""
NARROWEST = 40
USUAL = 80


def counted(number: int, word: str) -> str:
    """`1 question`, `2 questions`."""
    return f"{number} {word}" + ("" if number == 1 else "s")


class Stop(Exception):
    """The end of a command that cannot go on: an exit code, and what to tell the user."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Console:
    """The two streams of a command, their colours and their width."""

    def __init__(self, color: str = "auto") -> None:
        self._out: TextIO = sys.stdout
        self._err: TextIO = sys.stderr
        for stream in (self._out, self._err):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        self._colour_out = _coloured(self._out, color)
        self._colour_err = _coloured(self._err, color)
        self.width = _width(self._out if self._out.isatty() else self._err)
        self._progress_shown = False
        self._last_progress = 0.0

    # Results.

    def print(self, text: str = "") -> None:
        """A line or more of the result, with its styles."""
        self.end_progress()
        self._out.write(finished(text, self._colour_out) + "\n")

    def paragraph(self, text: str, first: str = "", rest: str = "") -> None:
        """A text of the result, broken into lines."""
        for line in wrapped(text, self.width, first, rest):
            self.print(line)

    def raw(self, text: str) -> None:
        """A result that is written as it is."""
        self.end_progress()
        self._out.write(text)

    def json(self, data: object, *, one_line: bool = False) -> None:
        self.end_progress()
        text = json.dumps(data, ensure_ascii=False, indent=None if one_line else 2)
        self._out.write(text + "\n")

    def flush(self) -> None:
        """What was printed is there for whoever reads it: a command may go on for hours."""
        self._out.flush()

    def diagnostics(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Findings as the result of a command."""
        self.end_progress()
        self._out.write(diagnostics_to_text(diagnostics, width=self.width, colour=self._colour_out))

    # Messages.

    def note(self, text: str) -> None:
        """A message beside the result."""
        self.end_progress()
        self._out.flush()
        self._err.write(finished(text, self._colour_err) + "\n")

    def complain(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Findings that keep a command from its result."""
        self.end_progress()
        self._out.flush()
        self._err.write(diagnostics_to_text(diagnostics, width=self.width, colour=self._colour_err))

    def progress(self, text: str) -> None:
        """What is being done, on one line that is overwritten; only in a terminal."""
        if not self._err.isatty() or os.environ.get("TERM") == "dumb":
            return
        now = time.monotonic()
        if self._progress_shown and now - self._last_progress < 0.05:
            return
        self._last_progress = now
        self._progress_shown = True
        self._err.write(f"\r\x1b[K{finished(text, False)[: self.width - 1]}")
        self._err.flush()

    def end_progress(self) -> None:
        if self._progress_shown:
            self._err.write("\r\x1b[K")
            self._err.flush()
            self._progress_shown = False


def _coloured(stream: TextIO, color: str) -> bool:
    if color != "auto":
        return color == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width(stream: TextIO) -> int:
    if not stream.isatty() and not os.environ.get("COLUMNS"):
        return USUAL
    columns = shutil.get_terminal_size((USUAL, 24)).columns
    return max(NARROWEST, min(columns, WIDEST))
