"""Patients from JSON, one document a file or one patient a line (NDJSON)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction

from pathway_compiler.datatypes.number import parse_number
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.patient_data.places import Excerpt, JsonPlaces
from pathway_compiler.patient_data.raw import (
    Places,
    Raw,
    RawPatient,
    RepeatedKeys,
    Unreadable,
    Unusable,
)

__all__ = ["json_patients", "ndjson_patients", "patients_of_document", "read_json"]


def json_patients(source: Source, stem: str) -> Iterator[RawPatient | Unreadable]:
    """The patients of one JSON document: one, a list of them, or `{"patients": […]}`."""
    found = read_json(source)
    if isinstance(found, Diagnostic):
        yield Unreadable(source.name, stem, (found,))
        return
    raw, places = found
    if raw is None:
        nothing = Diagnostic(
            "data-unreadable", "there is no patient in this file", places.span(()), help=_HELP
        )
        yield Unreadable(source.name, stem, (nothing,))
        return
    yield from patients_of_document(raw, places, source.name, stem)


def ndjson_patients(
    lines: Iterator[tuple[int, str] | Diagnostic], name: str, stem: str
) -> Iterator[RawPatient | Unreadable]:
    """One patient a line; a line that is not JSON does not stop the others."""
    count = 0
    for found in lines:
        if not isinstance(found, Diagnostic) and (not found[1] or found[1].isspace()):
            continue
        count += 1
        default_id = f"{stem}#{count}"
        if isinstance(found, Diagnostic):
            yield Unreadable(name, default_id, (found,))
            continue
        number, line = found
        source = Excerpt(name, line.rstrip("\r\n"), first_line=number)
        read = read_json(source)
        if isinstance(read, Diagnostic):
            yield Unreadable(name, default_id, (read,))
        else:
            yield RawPatient(read[0], (), read[1], name, default_id, f"{name}:{number}")


def patients_of_document(
    raw: Raw, places: Places, name: str, stem: str, first: int = 0
) -> Iterator[RawPatient]:
    """The patients of one document; `first` is how many documents of the file came before."""
    prefix: tuple[str | int, ...] = ()
    if isinstance(raw, dict) and set(raw) - {"$schema"} == {"patients"}:
        prefix, raw = ("patients",), raw["patients"]
    if isinstance(raw, list):
        for number, patient in enumerate(raw):
            nth = first + number + 1
            yield RawPatient(
                patient, (*prefix, number), places, name, f"{stem}#{nth}", f"{name}, patient {nth}"
            )
    else:
        default_id = f"{stem}#{first + 1}" if first else stem
        yield RawPatient(raw, prefix, places, name, default_id, name)


def read_json(source: Source) -> tuple[Raw, Places] | Diagnostic:
    """One JSON text as plain data, with exact numbers and with repeated keys marked."""
    try:
        try:
            raw = _QUICK.decode(source.text)
        except json.JSONDecodeError:
            raise
        except ValueError:  # a whole number too long for `int`
            raw = _CAREFUL.decode(source.text)
    except json.JSONDecodeError as error:
        words = error.msg[:1].lower() + error.msg[1:]
        end = len(source.text.rstrip())
        start = min(error.pos, end)
        return Diagnostic(
            "data-unreadable",
            f"this is not JSON: {words}",
            Span(source, start, min(start + 1, len(source.text))),
            help="the text ends too early: is the file complete?" if start >= end else None,
        )
    except RecursionError:
        return Diagnostic(
            "data-unreadable", "lists and objects are nested too deeply", Span(source, 0, 1)
        )
    return raw, _LazyPlaces(source)


_HELP = 'write `{"id": "p1", "facts": {…}}`, or a list of such objects'


class _LazyPlaces:
    """Places in a JSON text that is looked at again only when something is wrong."""

    __slots__ = ("_found", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: JsonPlaces | None = None

    def span(self, path: tuple[str | int, ...], *, key: bool = False) -> Span:
        return self._places().span(path, key=key)

    def key_spans(self, path: tuple[str | int, ...]) -> list[Span]:
        return self._places().key_spans(path)

    def _places(self) -> JsonPlaces:
        if self._found is None:
            self._found = JsonPlaces(self._source)
        return self._found


def _object(pairs: list[tuple[str, Raw]]) -> dict[str, Raw]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else RepeatedKeys(pairs)


def _number(text: str) -> int | Fraction | Unusable:
    number = parse_number(text)
    return Unusable(text) if number is None else number


_QUICK = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_constant=Unusable)
_CAREFUL = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_number, parse_int=_number, parse_constant=Unusable
)
