"""One node process that runs many patients, and the comparison with the interpreter."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from markdown_tests import REPOSITORY
from pathway_compiler.browser.compiled_to_json import compiled_text
from pathway_compiler.cli.inputs import typed_value
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.diagnostics.to_json import diagnostic_to_json
from pathway_compiler.driver import run_patient
from pathway_compiler.engine.enactment import Enactment, advance, enactment_to_json
from pathway_compiler.engine.to_json import outcome_to_json
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.patient_data.read import read_patients_from_text

__all__ = ["Node", "Text", "by_interpreter", "compare", "node"]

NODE = shutil.which("node")
ENGINE = REPOSITORY / "src" / "pathway_compiler" / "browser" / "engine" / "index.js"
Json = dict[str, Any]


@dataclass(frozen=True)
class Text:
    """A patient file of one visit, and the day of the visit unless the file says it."""

    text: str
    name: str = "patient.json"
    day: PartialDate | None = None


class Node:
    """The process; each line that is told is answered by one line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, told: object) -> Json:
        return self.ask_text(json.dumps(told))

    def ask_text(self, line: str) -> Json:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        found: Json = json.loads(self._process.stdout.readline())
        assert "error" not in found, found["error"]
        return found

    def load(self, compiled: CompiledGuideline) -> None:
        """Run the patients that follow by this guideline, as it stands in a page."""
        self.ask_text('{"load":' + compiled_text(compiled) + "}")

    def visits(self, visits: Sequence[Text], **choices: object) -> Json:
        told = [
            {"text": v.text, "name": v.name, "day": None if v.day is None else str(v.day)}
            for v in visits
        ]
        return self.ask({"visits": told, "choices": choices})

    def call(self, module: str, function: str, *arguments: object) -> Any:
        return self.ask({"call": [module, function, *arguments]})["value"]


@contextmanager
def node() -> Iterator[Node]:
    """A process that ends with the block."""
    assert NODE is not None
    runner = Path(__file__).with_name("run.js")
    with subprocess.Popen(
        [NODE, str(runner), str(ENGINE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield Node(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


# --- the interpreter on the same texts -----------------------------------------------------------------


def by_interpreter(
    compiled: CompiledGuideline,
    visits: Sequence[Text],
    *,
    pathway: str | None = None,
    settings: Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Json:
    """What `pathway run --no-exact --json` says, visit by visit, and where the patient waits."""
    documents: list[object] = []
    enactment: Enactment | None = None
    chosen = {name: _setting(v, name, compiled) for name, v in (settings or {}).items()}
    for visit in visits:
        for read in read_patients_from_text(
            visit.text, visit.name, compiled.guideline, as_of=visit.day
        ):
            if read.patient is None:
                documents.append(_refused(read.id, read.source_name, read.diagnostics))
                continue
            day = read.patient.as_of
            if day is None:
                documents.append(_refused(read.id, read.source_name, (_no_day(read.id, visit),)))
                continue
            outcome, refused = run_patient(
                compiled, read.patient, as_of=day, pathway=pathway, settings=chosen,
                readings=readings, enactment=enactment, exact=False,
            )  # fmt: skip
            if outcome is None:
                documents.append(_refused(read.id, read.source_name, refused))
                continue
            documents.append(outcome_to_json(outcome, compiled))
            enactment = advance(enactment, outcome)
    return {
        "documents": documents,
        "enactment": None if enactment is None else enactment_to_json(enactment),
    }


def _setting(written: object, name: str, compiled: CompiledGuideline) -> Value:
    """A setting as `pathway run --set` reads it; other values than texts are those of the model."""
    if not isinstance(written, str):
        return cast(Value, written)
    parameter = compiled.guideline.parameters[name]
    value, problems = typed_value(
        written, name, parameter.label, parameter.type, compiled.guideline
    )
    assert value is not None, problems
    return cast(Value, value)


def _no_day(id: str, visit: Text) -> Diagnostic:
    return Diagnostic(
        "data-date",
        f"patient `{id}`: the day of the evaluation is missing",
        Span(Source("", ""), 0, 0),
        help='write "as_of" in the data, or give --as-of 2019-03-01',
    )


def _refused(id: str, source: str, diagnostics: Sequence[Diagnostic]) -> Json:
    return {
        "format": "pathway-refused/1",
        "patient": id,
        "source": source,
        "diagnostics": [_within(diagnostic_to_json(d), source) for d in diagnostics],
    }


def _within(diagnostic: Json, source: str) -> Json:
    """Without the places in the guideline, which a page does not have."""

    def place(found: Json) -> Json | None:
        return found if found["file"] == source else None

    related = [{**label, "place": place(label["place"])} for label in diagnostic["related"]]
    return {**diagnostic, "place": place(diagnostic["place"]), "related": related}


def compare(
    engine: Node,
    compiled: CompiledGuideline,
    visits: Sequence[Text],
    *,
    pathway: str | None = None,
    settings: Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Json:
    """What both say of the same texts, byte for byte; the guideline must be loaded."""
    expected = by_interpreter(
        compiled, visits, pathway=pathway, settings=settings, readings=readings
    )
    choices = {"pathway": pathway, "settings": settings, "readings": readings}
    found = engine.visits(visits, **{k: v for k, v in choices.items() if v is not None})
    # Keys in their order: a page shows facts as they come.
    if _bytes(found) != _bytes(expected):
        assert found == expected
        raise AssertionError("the keys of the documents stand in another order")
    return expected


def _bytes(document: object) -> str:
    return json.dumps(_canonical(document), ensure_ascii=False)


def _canonical(document: object) -> object:
    """Numbers as canonical JSON (RFC 8785) writes them: JavaScript has no `2.0` beside `2`."""
    match document:
        case dict():
            return {key: _canonical(value) for key, value in document.items()}
        case list():
            return [_canonical(value) for value in document]
        case float() if document.is_integer():
            return int(document)
        case _:
            return document
