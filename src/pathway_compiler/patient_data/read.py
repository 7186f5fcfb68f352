"""Patients from files, texts and Python values: typed, dated, and checked against the guideline.

One patient, as JSON (YAML says the same in its own form)::

    {
      "id": "p1",
      "as_of": "2019-03-01",
      "facts": {
        "age": 54,
        "er_status": "positive",
        "tumour_size": {"value": 30, "unit": "mm", "date": "2019-02"},
        "lvef": [{"value": 60, "date": "2018-11"}, {"value": "52 %", "date": "2019-02-20"}],
        "her2_status": {"unknown": "not done"},
        "sites": {"items": ["bone", "liver"], "complete": false},
        "prior_therapies": [{"agent": "tamoxifen", "started": "2014", "setting": "adjuvant"}]
      }
    }

* **The facts** stand under the names of the data elements and definitions of the guideline. `id`
  and `as_of` (the day of the evaluation, a full date) may be left out; so may `facts`, when the
  facts stand in the outer object itself. A file holds one patient, a list of them, or
  `{"patients": […]}`; a YAML file may have several documents; NDJSON has one patient a line.
* **A value** is `true` or `false` (`"yes"`, `"no"`); the name of a value or action, exactly as
  declared; a number, exact whatever its digits; for a quantity a number in the declared unit, or
  a text such as `"24 months"`, or `{"value": 24, "unit": "mo"}`, converted exactly; a date
  `2019-03-01`, `2019-03` or `2019`. `{"numerator": 1, "denominator": 12}` is a number whose
  decimal never ends.
* **A set** is a list of names, **a list of records** a list of objects; a field left out is not
  recorded. Either may be `{"items": […], "complete": false}` when there may be others; `[]` says
  that there are none.
* **No value**: `null`, or nothing at all, is not recorded. `{"unknown": REASON}` gives one of the
  reasons not recorded, not asked, asked but not known, not done, uninterpretable. The text
  `"unknown"` is asked but not known, and `"unknown: not done"` gives a reason, unless the element
  has such a value.
* **Dates**: `{"value": …, "date": …}` is an observation of that day, without a date it is of now.
  A list of such objects are several observations of one fact; for lists of records (and for sets
  as well) they stand in `{"observations": [{"items": […], "date": …}, …]}`. Two different values
  of one date are refused.

A table (CSV; the separator is a comma, semicolon or tab) has a column for each fact, beside `id`
and `as_of`, and a row for each patient. An empty cell is not recorded; the values of a set are
separated by semicolons, with `…` at the end when there may be others, and `none` or `{}` is the
empty set. Units and reasons are written as in texts: `24 months`, `unknown: not done`. A table
cannot hold lists of records.

Text is UTF-8. A mistake is never passed over: the patient is refused with all mistakes at their
places, and the other patients still come.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.patient_data.fact_names import FactNames
from pathway_compiler.patient_data.from_python import raw_value, shown
from pathway_compiler.patient_data.patient import Patient
from pathway_compiler.patient_data.places import JsonPlaces
from pathway_compiler.patient_data.raw import Path as PathWithin
from pathway_compiler.patient_data.raw import Raw, RawPatient, Unreadable
from pathway_compiler.patient_data.sources import raw_patients, raw_patients_of_text
from pathway_compiler.patient_data.typed_facts import PatientReader

__all__ = ["PatientResult", "patient_from_facts", "read_patients", "read_patients_from_text"]


@dataclass(frozen=True, slots=True)
class PatientResult:
    """One patient that was read, or what is wrong with it; then there is no patient.

    A file that holds no patient because of its form is a result too, so that none is passed over.
    """

    id: str
    source_name: str
    patient: Patient | None
    diagnostics: tuple[Diagnostic, ...] = ()


def read_patients(
    paths: Sequence[str | Path],
    guideline: Guideline,
    *,
    stdin: TextIO | None = None,
    as_of: PartialDate | None = None,
) -> Iterator[PatientResult]:
    """The patients of files, folders and `-` (standard input), one after the other.

    `as_of` is the day of the evaluation for patients whose data do not say it.
    """
    names = FactNames(guideline)
    yield from _results(raw_patients(paths, names, stdin), names, as_of)


def read_patients_from_text(
    text: str, name: str, guideline: Guideline, *, as_of: PartialDate | None = None
) -> Iterator[PatientResult]:
    """The patients of a text; the ending of its name says the format, or else its content."""
    names = FactNames(guideline)
    yield from _results(raw_patients_of_text(text, name, names), names, as_of)


def patient_from_facts(
    facts: Mapping[str, object],
    guideline: Guideline,
    *,
    id: str = "patient",
    as_of: str | datetime.date | PartialDate | None = None,
    source_name: str = "facts",
) -> PatientResult:
    """A patient from values of Python, by the rules for JSON; dates and sets may be of Python."""
    raw = raw_value(facts)
    patient: dict[str, Raw] = {"id": id, "as_of": raw_value(as_of), "facts": raw}
    places = _PlacesOfFacts(Source(source_name, shown(raw)))
    reader = PatientReader(FactNames(guideline))
    found = reader.read(RawPatient(patient, (), places, source_name, "patient", source_name))
    return PatientResult(found[0], source_name, found[1], found[2])


def _results(
    found: Iterable[RawPatient | Unreadable], names: FactNames, as_of: PartialDate | None
) -> Iterator[PatientResult]:
    reader = PatientReader(names, as_of)
    for raw in found:
        if isinstance(raw, Unreadable):
            yield PatientResult(raw.default_id, raw.source_name, None, raw.diagnostics)
        else:
            id, patient, diagnostics = reader.read(raw)
            yield PatientResult(id, raw.source_name, patient, diagnostics)


class _PlacesOfFacts:
    """Places in a text that shows the facts alone."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: JsonPlaces | None = None

    def span(self, path: PathWithin, *, key: bool = False) -> Span:
        if self._found is None:
            self._found = JsonPlaces(self._source)
        inside = path[1:] if path[:1] == ("facts",) else ()
        return self._found.span(inside, key=key)

    def key_spans(self, path: PathWithin) -> list[Span]:
        return []
