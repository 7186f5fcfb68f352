"""Where patients come from: files, folders, standard input; their size and their format.

Tables and NDJSON are read line by line, and may be long. JSON and YAML are read as a whole.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Literal, TextIO, TypeAlias, cast

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.patient_data.fact_names import FactNames
from pathway_compiler.patient_data.from_csv import csv_patients
from pathway_compiler.patient_data.from_json import json_patients, ndjson_patients
from pathway_compiler.patient_data.from_yaml import yaml_patients
from pathway_compiler.patient_data.places import Excerpt
from pathway_compiler.patient_data.raw import RawPatient, Unreadable

__all__ = ["raw_patients", "raw_patients_of_text"]

Format: TypeAlias = Literal["json", "ndjson", "yaml", "csv"]

LARGEST_LINES_FILE = 200_000_000
"""Bytes of a file that is read line by line: CSV and NDJSON."""
LARGEST_DOCUMENT = 20_000_000
"""Bytes of a file that is read as a whole, JSON and YAML, and of one line of the others."""


def raw_patients(
    paths: Sequence[str | Path], names: FactNames, stdin: TextIO | None
) -> Iterator[RawPatient | Unreadable]:
    """The patients of files, folders and `-`, in the order given."""
    for given in paths:
        if str(given) == "-":
            yield from _of_stream(_standard_input(stdin), "standard input", "stdin", None, names)
            continue
        path = Path(given)
        try:
            files = _files(path)
        except (OSError, ValueError) as error:
            yield _unreadable(path, error)
            continue
        if not files:
            endings = ", ".join(_FORMATS)
            nothing = Diagnostic(
                "data-unreadable",
                "this folder has no files of patients",
                Span(Source(str(path), ""), 0, 0),
                help=f"files of patients end with one of {endings}",
            )
            yield Unreadable(str(path), path.name, (nothing,))
        for file in files:
            yield from _of_file(file, names)


def raw_patients_of_text(
    text: str, name: str, names: FactNames
) -> Iterator[RawPatient | Unreadable]:
    """The patients of a text; its name says the format, or else its content."""
    stream = io.BytesIO(text.encode("utf-8", "surrogatepass"))
    path = Path(name)
    yield from _of_stream(stream, name, path.stem or name, _FORMATS.get(path.suffix.lower()), names)


_FORMATS: dict[str, Format] = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".tsv": "csv",
}


def _standard_input(stdin: TextIO | None) -> BinaryIO:
    """Standard input as bytes, so that it is UTF-8 whatever the terminal is set to."""
    stream = sys.stdin if stdin is None else stdin
    buffer = getattr(stream, "buffer", None)
    if buffer is not None:
        return cast(BinaryIO, buffer)
    return io.BytesIO(stream.read().encode("utf-8", "surrogatepass"))


def _files(path: Path) -> list[Path]:
    """The file itself, or those of a folder whose ending says that they hold patients."""
    if not path.is_dir():
        return [path]
    return sorted(
        (
            file
            for file in path.iterdir()
            if file.suffix.lower() in _FORMATS and not file.name.startswith(".") and file.is_file()
        ),
        key=lambda file: file.name,
    )


def _of_file(path: Path, names: FactNames) -> Iterator[RawPatient | Unreadable]:
    try:
        with path.open("rb") as stream:
            format = _FORMATS.get(path.suffix.lower())
            yield from _of_stream(stream, str(path), path.stem or path.name, format, names)
    except (OSError, ValueError) as error:
        yield _unreadable(path, error)


def _unreadable(path: Path, error: OSError | ValueError) -> Unreadable:
    reason = (error.strerror if isinstance(error, OSError) else str(error)) or "it cannot be opened"
    message = f"this file cannot be read: {reason[:1].lower()}{reason[1:]}"
    place = Span(Source(str(path), ""), 0, 0)
    return Unreadable(str(path), path.stem, (Diagnostic("data-unreadable", message, place),))


def _of_stream(
    stream: BinaryIO, name: str, stem: str, format: Format | None, names: FactNames
) -> Iterator[RawPatient | Unreadable]:
    """The patients of an open file."""
    opened = _Stream(stream)
    if format is None:
        format = _format_of_content(opened)
    match format:
        case "ndjson":
            yield from ndjson_patients(_lines(opened, name), name, stem)
        case "csv":
            yield from csv_patients(_lines(opened, name), name, stem, names)
        case _:
            source = _text(opened, name)
            if isinstance(source, Diagnostic):
                yield Unreadable(name, stem, (source,))
            elif format == "json":
                yield from json_patients(source, stem)
            else:
                yield from yaml_patients(source, stem)


class _Stream:
    """Bytes of which the first lines can be looked at before they are read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._seen: list[bytes] = []

    def look_at_line(self) -> bytes:
        """The next line that has not been looked at; it will still be read."""
        line = self._stream.readline(LARGEST_DOCUMENT + 1)
        self._seen.append(line)
        return line

    def read_line(self) -> bytes:
        if self._seen:
            return self._seen.pop(0)
        return self._stream.readline(LARGEST_DOCUMENT + 1)

    def read_all(self, most: int) -> bytes:
        """All that is left, or a little more than `most` bytes of it."""
        seen = b"".join(self._seen)
        self._seen.clear()
        parts = [seen]
        left = most + 1 - len(seen)
        while left > 0 and (part := self._stream.read(left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)


def _format_of_content(stream: _Stream) -> Format:
    """What the first lines look like; YAML where nothing else fits."""
    line = b""
    for _ in range(_LINES_LOOKED_AT):
        line = stream.look_at_line()
        if not line or not (line.isspace() or line.startswith(b"#")):
            break
    text = line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").strip()
    if text[:1] in ("{", "["):
        return "ndjson" if _is_one_of_many(text, stream) else "json"
    separators = sum(text.count(separator) for separator in ",;\t")
    if text[:1] in ("-", "%", "") or ":" in text:
        return "yaml"
    return "csv" if separators or text.replace("_", "").isalnum() else "yaml"


_LINES_LOOKED_AT = 100


def _is_one_of_many(text: str, stream: _Stream) -> bool:
    """Whether a line is a whole object, and another line follows."""
    try:
        if not isinstance(json.loads(text), dict):
            return False
    except (ValueError, RecursionError):
        return False
    for _ in range(_LINES_LOOKED_AT):
        line = stream.look_at_line()
        if not line:
            return False
        if not line.isspace():
            return line.lstrip()[:1] == b"{"
    return False


def _lines(stream: _Stream, name: str) -> Iterator[tuple[int, str] | Diagnostic]:
    """The lines of a file with their numbers; a line that cannot be read is a diagnostic."""
    size = number = 0
    while line := stream.read_line():
        number += 1
        size += len(line)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if size > LARGEST_LINES_FILE or len(line) > LARGEST_DOCUMENT:
            yield _too_large(Excerpt(name, "", first_line=number), LARGEST_LINES_FILE, number)
            return
        try:
            yield number, line.decode("utf-8")
        except UnicodeDecodeError as error:
            text = line.decode("utf-8", "replace")
            yield _not_utf8(Excerpt(name, text, first_line=number), line, error)
            if number == 1:
                return  # the whole file is in another encoding


def _text(stream: _Stream, name: str) -> Source | Diagnostic:
    """A whole file as text."""
    content = stream.read_all(LARGEST_DOCUMENT)
    if len(content) > LARGEST_DOCUMENT:
        return _too_large(Source(name, ""), LARGEST_DOCUMENT, None)
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return Source(name, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _not_utf8(Source(name, content.decode("utf-8", "replace")), content, error)


def _too_large(source: Source, most: int, line: int | None) -> Diagnostic:
    message = f"this file is larger than {most // 1_000_000} MB"
    if line is not None:
        message += f", or one of its lines than {LARGEST_DOCUMENT // 1_000_000} MB"
    help = "split it"
    if line is None:
        help += ", or write one patient a line (NDJSON), which may be longer"
    return Diagnostic("data-unreadable", message, Span(source, 0, 0), help=help)


def _not_utf8(source: Source, content: bytes, error: UnicodeDecodeError) -> Diagnostic:
    start = len(content[: error.start].decode("utf-8", "replace"))
    end = min(start + 1, len(source.text))
    return Diagnostic(
        "data-unreadable", "this is not UTF-8 text", Span(source, start, end), help=_SAVE_AS_UTF8
    )


_SAVE_AS_UTF8 = "save the file as UTF-8"
