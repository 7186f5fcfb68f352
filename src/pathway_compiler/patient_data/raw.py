"""What every format is read into first: plain data with a place, before any type is known.

JSON knows numbers and yes/no of its own; a cell of a CSV file or a word without quotation marks
in YAML is only a text, and its element decides what it means. So a YAML `NO` stays `NO`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeAlias

from pathway_compiler.datatypes.number import format_number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Span

__all__ = [
    "DEEPEST_NESTING",
    "HOW_TO_DATE",
    "MOST_BITS",
    "NOTHING",
    "Path",
    "Places",
    "Plain",
    "Raw",
    "RawPatient",
    "RepeatedKeys",
    "Unreadable",
    "Unusable",
    "described",
    "is_nothing",
    "quoted",
    "written",
]

Raw: TypeAlias = "bool | int | Fraction | str | PartialDate | list[Raw] | dict[str, Raw] | None"
Path: TypeAlias = tuple[str | int, ...]
"""The way from the top of a document to a value: keys of objects, numbers of list items."""

DEEPEST_NESTING = 50
"""Objects and lists within each other, far beyond what any patient needs."""


MOST_BITS = 4000
"""Numbers with more are refused, so that none fills the memory."""

NOTHING = frozenset({"", "null", "Null", "NULL", "~"})
"""How YAML writes null."""

HOW_TO_DATE = "write year-month-day: 2019-03-01, or 2019-03 or 2019 if no more is known"


class Plain(str):
    """A text without quotation marks: a cell of a table, or a plain word of YAML."""

    __slots__ = ()


class Unusable(str):
    """How something is written that no element can hold: `NaN`, `1e999`, an object of Python."""

    __slots__ = ()


class RepeatedKeys(dict[str, Raw]):
    """An object in which keys stand more than once; the last value of each counts."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: Sequence[tuple[str, Raw]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        repeated: dict[str, None] = {}
        for key, _ in pairs:
            if key in seen:
                repeated[key] = None
            seen.add(key)
        self.repeated = tuple(repeated)


class Places(Protocol):
    """Where the parts of a document stand in its text; worked out only when there is a mistake."""

    def span(self, path: Path, *, key: bool = False) -> Span:
        """The place of a value, or of the key that it stands under."""

    def key_spans(self, path: Path) -> list[Span]:
        """Every place where the last key of a path stands, the first one first."""


@dataclass(frozen=True, slots=True)
class RawPatient:
    """One patient of a document, not yet understood."""

    raw: Raw
    path: Path
    places: Places
    source_name: str
    default_id: str
    origin: str
    """Where it was found, for a reader: `patients.csv:12`."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a part of one, that holds no patient because of its form."""

    source_name: str
    default_id: str
    diagnostics: tuple[Diagnostic, ...]


def quoted(text: str) -> str:
    """A text in backticks, on one line and of at most 60 characters."""
    first = text[: _LONGEST_QUOTE + 1]
    shown = "".join(c if c.isprintable() and c != "`" else _NOT_SHOWN for c in first)
    if len(shown) > _LONGEST_QUOTE:
        shown = shown[: _LONGEST_QUOTE - 1] + "…"
    return f"`{shown}`"


def written(raw: str | int | Fraction) -> str:
    """A value as a data file writes it."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return str(raw)
    if max(raw.numerator.bit_length(), raw.denominator.bit_length()) > MOST_BITS:
        return "a number with very many digits"
    return format_number(raw)


def described(raw: Raw) -> str:
    """A value in a few words, for a message."""
    match raw:
        case None:
            return "null"
        case str():
            return quoted(raw) if raw else "an empty text"
        case bool() | int() | Fraction():
            return quoted(written(raw))
        case PartialDate():
            return f"the date {raw}"
        case dict():
            return "an object"
        case _:
            return "a list"


def is_nothing(raw: Raw) -> bool:
    """Whether data say `null`."""
    return raw is None or (isinstance(raw, Plain) and raw in NOTHING)


_LONGEST_QUOTE = 60
_NOT_SHOWN = "\N{REPLACEMENT CHARACTER}"
