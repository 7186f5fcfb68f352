"""`POST /api/run`: a patient as JSON, the outcome as JSON. Nothing of a patient is kept or written down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qsl

from pathway_compiler.datatypes.partial_date import PartialDate, parse_date
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.diagnostics.to_json import diagnostic_to_json
from pathway_compiler.driver import run_patient
from pathway_compiler.engine.to_json import outcome_to_json
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.patient_data.read import read_patients_from_text
from pathway_compiler.serve.state import State

__all__ = ["LARGEST_PATIENT", "Answer", "error", "run"]

Json = dict[str, object]

LARGEST_PATIENT = 1_000_000
"""Bytes of a patient's data."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status of HTTP and a document."""

    status: int
    document: Json


class _Refused(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def error(
    status: int, code: str, message: str, diagnostics: Sequence[Diagnostic] = (), patient: str = ""
) -> Answer:
    """Why there is no outcome, with the findings about the data or the guideline."""
    document: Json = {
        "format": "pathway-error/1",
        "error": {"code": code, "message": message},
        "diagnostics": [diagnostic_to_json(diagnostic) for diagnostic in diagnostics],
    }
    if patient:
        document["patient"] = patient
    return Answer(status, document)


def run(state: State, body: bytes, query: str) -> Answer:
    """The outcome for one patient.

    400: the request is wrong; 422: the data are refused; 503: there is no guideline without errors.
    """
    try:
        return Answer(200, _run(state, body, query))
    except _Refused as refused:
        return refused.answer


def _run(state: State, body: bytes, query: str) -> Json:
    # What is shown while there are errors is older than the text, and nobody would see that in an outcome.
    errors = [d for d in state.findings if d.severity == "error"]
    if state.shown is None or not state.runnable:
        if errors:
            message = "the guideline has errors, so nobody can be run"
            _refuse(503, "guideline-errors", message, errors)
        message = "the decisions of the guideline are being proved; ask again in a moment"
        _refuse(503, "not-proved-yet", message)
    compiled = state.shown.compiled
    options = _options(query, compiled)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        _refuse(400, "not-utf-8", f"the patient is not UTF-8 text (byte {wrong.start})")
    name = "patient.json"
    found = list(read_patients_from_text(text, name, compiled.guideline))
    if len(found) != 1:
        _refuse(400, "not-one-patient", f"this needs one patient, and there are {len(found)}")
    result = found[0]
    if result.patient is None:
        unreadable = any(d.code == "data-unreadable" for d in result.diagnostics)
        if unreadable:
            _refuse(400, "not-json", "the patient cannot be read", result.diagnostics)
        _refuse(422, "data-refused", "the data are refused", result.diagnostics, result.id)
    day = options.as_of or result.patient.as_of
    if day is None or day.day is None:
        missing = Diagnostic(
            "data-date",
            "the day of the evaluation is missing",
            Span(Source(name, ""), 0, 0),
            help='write "as_of" in the data, or ask with ?as_of=2019-03-01',
        )
        _refuse(422, "data-refused", "the data are refused", [missing], result.id)
    outcome, refused = run_patient(
        compiled,
        result.patient,
        as_of=day,
        pathway=options.pathway,
        readings=options.readings,
        exact=options.exact,
    )
    if outcome is None:
        _refuse(422, "data-refused", "the data are refused", refused, result.id)
    return outcome_to_json(outcome, compiled)


@dataclass(frozen=True, slots=True)
class _Options:
    """What is asked for beside the patient, as the options of `pathway run`."""

    pathway: str
    as_of: PartialDate | None
    readings: dict[str, str]
    exact: bool


def _options(query: str, compiled: CompiledGuideline) -> _Options:
    as_of: PartialDate | None = None
    pathway = compiled.guideline.entry
    readings: dict[str, str] = {}
    exact = True
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        _refuse(400, "bad-option", "what stands behind the question mark cannot be read")
    for name, value in given:
        match name:
            case "as_of":
                as_of = parse_date(value)
                if as_of is None or as_of.day is None:
                    _bad_option(f"`{value}` is not a full date such as 2019-03-01")
            case "pathway":
                pathway = value
            case "reading":
                reading, alternative = _reading(value, compiled)
                readings[reading] = alternative
            case "exact":
                if value not in ("yes", "no"):
                    _bad_option("`exact` is yes or no")
                exact = value == "yes"
            case _:
                known = ("as_of", "pathway", "reading", "exact")
                _bad_option(f"there is no option `{name}`; {did_you_mean(name, known) or known}")
    if pathway is None or pathway not in compiled.graphs:
        near = did_you_mean(pathway or "", compiled.graphs)
        known_pathways = ", ".join(compiled.graphs) or "none"
        _bad_option(
            f"there is no pathway `{pathway or ''}`; {near or f'there are: {known_pathways}'}"
        )
    return _Options(pathway, as_of, readings, exact)


def _reading(text: str, compiled: CompiledGuideline) -> tuple[str, str]:
    name, _, alternative = text.partition("=")
    reading = compiled.guideline.readings.get(name)
    if reading is None:
        _bad_option(f"there is no reading `{name}`")
    known = [each.name for each in reading.alternatives]
    if alternative not in known:
        _bad_option(f"the alternatives of `{name}` are {', '.join(known)}")
    return name, alternative


def _bad_option(message: str) -> NoReturn:
    _refuse(400, "bad-option", message[:500])


def _refuse(
    status: int,
    code: str,
    message: str,
    diagnostics: Sequence[Diagnostic] = (),
    patient: str = "",
) -> NoReturn:
    raise _Refused(error(status, code, message, diagnostics, patient))


def as_bytes(document: Json) -> bytes:
    """A document as it is sent."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode(errors="replace") + b"\n"
