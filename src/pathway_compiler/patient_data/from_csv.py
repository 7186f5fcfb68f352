"""Patients from a table: a column for each fact, a row for each patient, read row by row."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.types import ListType, SetType
from pathway_compiler.patient_data.fact_names import FactNames
from pathway_compiler.patient_data.places import CellPlaces, Excerpt, cells
from pathway_compiler.patient_data.raw import Path, Plain, Raw, RawPatient, Unreadable, quoted

__all__ = ["csv_patients"]


def csv_patients(
    lines: Iterator[tuple[int, str] | Diagnostic], name: str, stem: str, names: FactNames
) -> Iterator[RawPatient | Unreadable]:
    """The patients of a table whose first line names the facts.

    A mistake in it would be one of every patient: it is reported once, and nothing is read.
    """
    feed = _Lines(lines)
    header = next((line for line in feed if not line.isspace()), None)
    if header is None:
        if feed.broken is not None:
            yield Unreadable(name, stem, (feed.broken,))
        return
    table = _header(header, feed.take(name), names)
    if isinstance(table, tuple):
        yield Unreadable(name, stem, table)
        return
    rows = csv.reader(feed, delimiter=table.delimiter, strict=True)
    count = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            place = feed.take(name)
            if feed.broken is None:
                feed.broken = Diagnostic(
                    "data-unreadable",
                    f"this row cannot be read: {error}",
                    Span(place, 0, len(place.text.rstrip("\r\n"))),
                    help="look for a missing quotation mark; the rows after it are not read",
                )
            break
        place = feed.take(name)
        if feed.broken is not None:
            break  # the row may be cut short
        if not any(row):
            continue
        count += 1
        default_id = f"{stem}#{count}"
        if len(row) != len(table.columns):
            wrong = Diagnostic(
                "data-unreadable",
                f"this row has {len(row)} cells, and the first line names {len(table.columns)}",
                Span(place, 0, len(place.text.rstrip("\r\n"))),
                help="put quotation marks around a cell that contains the separator",
            )
            yield Unreadable(name, default_id, (wrong,))
            continue
        yield RawPatient(
            table.patient(row),
            (),
            _RowPlaces(place, table),
            name,
            default_id,
            f"{name}:{place.first_line}",
        )
    if feed.broken is not None:
        yield Unreadable(name, f"{stem}#{count + 1}", (feed.broken,))


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns of a table, in order, and what separates them."""

    columns: tuple[str, ...]
    delimiter: str
    sets: frozenset[str]
    named_none: frozenset[str]
    """The sets in which `none` is a value like others."""

    def patient(self, row: list[str]) -> Raw:
        """The cells of a row as one patient; empty cells are not recorded."""
        facts: dict[str, Raw] = {}
        patient: dict[str, Raw] = {"facts": facts}
        for column, text in zip(self.columns, row, strict=True):
            cell = text.strip()
            if not cell:
                continue
            if column in ("id", "as_of"):
                patient[column] = Plain(cell)
            elif column in self.sets:
                facts[column] = self._set(cell, column)
            else:
                facts[column] = Plain(cell)
        return patient

    def _set(self, cell: str, column: str) -> Raw:
        """The values of a cell; `…` at the end says that there may be others."""
        if cell == "{}" or (cell == "none" and column not in self.named_none):
            return []
        if cell.partition(":")[0].strip() == "unknown":
            return Plain(cell)
        items = [item.strip() for item in cell.split(_SET_SEPARATOR)]
        complete = items[-1] not in ("...", "…")
        if not complete:
            items.pop()
        values: list[Raw] = [Plain(item) for item in items]
        return values if complete else {"items": values, "complete": False}


_SET_SEPARATOR = ";"
_DELIMITERS = (",", ";", "\t")
_MOST_MISTAKES = 100


class _Lines:
    """Lines for the csv reader, which keeps those of the row that it is reading."""

    def __init__(self, lines: Iterator[tuple[int, str] | Diagnostic]) -> None:
        self._lines = lines
        self._row: deque[str] = deque()
        self._first = 1
        self.broken: Diagnostic | None = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.broken is not None:
            raise StopIteration
        found = next(self._lines)
        if isinstance(found, Diagnostic):
            self.broken = found
            raise StopIteration
        number, line = found
        if not self._row:
            self._first = number
        self._row.append(line)
        return line

    def take(self, name: str) -> Excerpt:
        """The lines of the row that has just been read."""
        text = "".join(self._row)
        self._row.clear()
        return Excerpt(name, text, first_line=self._first)


class _RowPlaces:
    """The places of a row, worked out when there is a mistake in it."""

    __slots__ = ("_place", "_table")

    def __init__(self, place: Excerpt, table: _Table) -> None:
        self._place = place
        self._table = table

    def span(self, path: Path, *, key: bool = False) -> Span:
        found = CellPlaces(self._place, self._table.columns, self._table.delimiter)
        return found.span(path, key=key)

    def key_spans(self, path: Path) -> list[Span]:
        return []


def _header(header: str, place: Excerpt, names: FactNames) -> _Table | tuple[Diagnostic, ...]:
    """The columns that the first line names, or what is wrong with it."""
    # Blank lines before the header are part of the excerpt.
    offset = len(place.text) - len(header)
    known = names.types()
    best: tuple[int, int, str, list[str]] | None = None
    for delimiter in _DELIMITERS:
        try:
            row = next(csv.reader([header], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        columns = [cell.strip() for cell in row]
        score = sum(c in known or c in ("id", "as_of") for c in columns)
        if best is None or (score, len(columns)) > best[:2]:
            best = (score, len(columns), delimiter, columns)
    if best is None:
        whole = Span(place, offset, offset + len(header.rstrip("\r\n")))
        return (Diagnostic("data-unreadable", "the first line cannot be read", whole),)
    _, _, delimiter, columns = best
    places = [Span(place, offset + start, offset + end) for start, end in cells(header, delimiter)]
    places += [places[-1]] * (len(columns) - len(places))
    found: list[Diagnostic] = []
    first_places: dict[str, Span] = {}
    for number, (column, at) in enumerate(zip(columns, places, strict=False), start=1):
        found += _column(column, number, at, first_places.get(column), names)
        first_places.setdefault(column, at)
        if len(found) >= _MOST_MISTAKES:
            break
    if found:
        return tuple(found)
    types = {c: known[c] for c in columns if c in known}
    sets = {c: t for c, t in types.items() if isinstance(t, SetType)}
    named_none = frozenset(c for c, t in sets.items() if names.has_value(t, "none"))
    return _Table(tuple(columns), delimiter, frozenset(sets), named_none)


def _column(
    column: str, number: int, place: Span, earlier: Span | None, names: FactNames
) -> Iterator[Diagnostic]:
    """What is wrong with one column of the first line; `earlier` is one of the same name."""
    known = names.types()
    if column and earlier is not None:
        first = Label(earlier, "the first one")
        message = f"there are two columns {quoted(column)}"
        yield Diagnostic("data-duplicate", message, place, (first,), "remove one of them")
    elif column in ("id", "as_of"):
        return
    elif not column:
        message = f"column {number} has no name"
        yield Diagnostic("data-unknown-name", message, place, help="name it, or remove it")
    elif column not in known:
        message, help = names.explain(column)
        yield Diagnostic("data-unknown-name", message, place, help=help)
    elif isinstance(known[column], ListType):
        yield Diagnostic(
            "data-wrong-type",
            f"{quoted(column)} is a list of records, and a cell of a table cannot hold one",
            place,
            help="write these patients as JSON, YAML or NDJSON",
        )
