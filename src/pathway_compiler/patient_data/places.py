"""Where a value stands in the text that it was read from."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.patient_data.raw import Path

__all__ = ["CellPlaces", "Excerpt", "JsonPlaces", "PlacedNode", "TreePlaces", "cells"]


@dataclass(frozen=True, slots=True)
class Excerpt(Source):
    """Some lines of a long file, which is never held as a whole; lines count as in the file."""

    first_line: int = 1

    def line_and_column(self, offset: int) -> tuple[int, int]:
        line, column = Source.line_and_column(self, offset)
        return line + self.first_line - 1, column

    def line_text(self, line: int) -> str:
        inner = line - self.first_line + 1
        return Source.line_text(self, inner) if 1 <= inner <= len(self.line_starts) else ""


@dataclass(slots=True)
class PlacedNode:
    """The place of a value, of the keys within it, and of the values below them."""

    start: int
    end: int
    items: dict[str | int, PlacedNode] = field(default_factory=dict)
    keys: dict[str | int, list[tuple[int, int]]] = field(default_factory=dict)


class TreePlaces:
    """Places that were noted down while the text was read."""

    def __init__(self, source: Source, root: PlacedNode) -> None:
        self._source = source
        self._root = root

    def span(self, path: Path, *, key: bool = False) -> Span:
        if key:
            found = self.key_spans(path)
            if found:
                return found[-1]
        node, _ = self._walk(path)
        return Span(self._source, node.start, node.end)

    def key_spans(self, path: Path) -> list[Span]:
        if not path:
            return []
        parent, complete = self._walk(path[:-1])
        places = parent.keys.get(path[-1], []) if complete else []
        return [Span(self._source, start, end) for start, end in places]

    def _walk(self, path: Path) -> tuple[PlacedNode, bool]:
        """The node at a path, or the nearest one above it."""
        node = self._root
        for step in path:
            below = self._below(node).get(step)
            if below is None:
                return node, False
            node = below
        return node, True

    def _below(self, node: PlacedNode) -> dict[str | int, PlacedNode]:
        return node.items


class JsonPlaces(TreePlaces):
    """Places in a JSON text, found by walking down to them and skipping all else."""

    def __init__(self, source: Source) -> None:
        start = _after_space(source.text, 0)
        super().__init__(source, PlacedNode(start, len(source.text.rstrip(" \t\n\r"))))
        self._opened: set[int] = set()

    def key_spans(self, path: Path) -> list[Span]:
        if path:
            self._below(self._walk(path[:-1])[0])
        return TreePlaces.key_spans(self, path)

    def _below(self, node: PlacedNode) -> dict[str | int, PlacedNode]:
        if id(node) not in self._opened:
            self._opened.add(id(node))
            with suppress(RecursionError):  # the place of the whole is then near enough
                self._open(node)
        return node.items

    def _open(self, node: PlacedNode) -> None:
        """Note the places of all that stands directly within an object or a list."""
        text = self._source.text
        if text[node.start] not in "[{":
            return
        number = 0
        position = _after_space(text, node.start + 1)
        while text[position] not in "]}":
            step: str | int = number
            if text[node.start] == "{":
                key, end = _JSON.raw_decode(text, position)
                step = str(key)
                node.keys.setdefault(step, []).append((position, end))
                position = _after_space(text, _after_space(text, end) + 1)  # the colon
            end = _JSON.raw_decode(text, position)[1]
            node.items[step] = PlacedNode(position, end)
            number += 1
            position = _after_space(text, end)
            if text[position] == ",":
                position = _after_space(text, position + 1)


class CellPlaces:
    """Places in one row of a table: every value of a fact stands in the cell of its column."""

    def __init__(self, source: Source, columns: Sequence[str], delimiter: str) -> None:
        self._source = source
        self._columns = {name: number for number, name in enumerate(columns)}
        self._cells = cells(source.text, delimiter)

    def span(self, path: Path, *, key: bool = False) -> Span:
        for step in path[:2]:
            number = self._columns.get(step) if isinstance(step, str) else None
            if number is not None and number < len(self._cells):
                return Span(self._source, *self._cells[number])
        return Span(self._source, 0, len(self._source.text.rstrip("\r\n")))

    def key_spans(self, path: Path) -> list[Span]:
        return []


def cells(row: str, delimiter: str) -> list[tuple[int, int]]:
    """The start and end of each cell of a row; quotation marks belong to their cell."""
    row = row.rstrip("\r\n")
    places = []
    start = 0
    while True:
        quotes = _QUOTED_CELL.match(row, start)
        end = row.find(delimiter, quotes.end() if quotes else start)
        places.append((start, len(row) if end < 0 else end))
        if end < 0:
            return places
        start = end + 1


# Numbers stay texts: only the places matter, and a number may be too long for Python.
_JSON = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_SPACE = re.compile(r"[ \t\n\r]*")
_QUOTED_CELL = re.compile(r'"(?:[^"]|"")*"')


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position
