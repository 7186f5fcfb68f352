"""The engine of the browser against the interpreter: the same documents, byte for byte.

Both read the same texts, so that reading, refusing and running are compared at once.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from browser_engine.node import Node, Text, compare, node
from browser_engine.odd_files import odd_file
from browser_engine.patients import changed, patient_text, random_facts
from markdown_tests import REPOSITORY, guideline_text, sections
from oracle.brute_force import prepare
from oracle.random_guidelines import guidelines, partial_facts
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.driver import CompileError, load, load_text
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.pathway import Decision
from pathway_compiler.patient_data.patient import Patient
from pathway_compiler.patient_data.raw import NOTHING
from pathway_compiler.patient_data.to_json import patient_to_json

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

SEOM = REPOSITORY / "pathways" / "seom_abc_2018"
EXAMPLE = REPOSITORY / "docs" / "example"
OFTEN = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
VERY_OFTEN = settings(OFTEN, max_examples=2_000)
DAYS = ("2019-03-01", "2019-06-15", "2019-12-31")


@pytest.fixture(scope="module")
def engine() -> Iterator[Node]:
    with node() as process:
        yield process


@cache
def guideline_of(folder: Path) -> CompiledGuideline:
    return load(folder)


def _day(text: str) -> PartialDate:
    year, month, day = map(int, text.split("-"))
    return PartialDate(year, month, day)


# --- random patients of whole guidelines ---------------------------------------------------------------


@cache
def _patients_of_cases(folder: Path) -> tuple[tuple[Patient, ...], ...]:
    """The facts of each case at each of its visits, those of earlier ones with the days of theirs."""
    from pathway_compiler.engine.cases import run_visits

    compiled = guideline_of(folder)
    found = []
    for case in compiled.guideline.cases.values():
        visits = tuple(v.environment.patient for v in run_visits(compiled, case))
        found.append(visits)
    return tuple(found)


def _random_patients(folder: Path, engine: Node, number: int, seed: int) -> Counter[str]:
    compiled = guideline_of(folder)
    guideline = compiled.guideline
    engine.load(compiled)
    random = Random(seed)
    patients = [visits for visits in _patients_of_cases(folder) if visits]
    pathways = [*guideline.pathways]
    seen: Counter[str] = Counter()
    for _ in range(number):
        if patients and random.random() < 0.8:
            case = random.choice(patients)
            facts = [changed(p, guideline, random, random.choice((0, 1, 2, 4, 8))) for p in case]
        else:
            known = random.choice((0.02, 0.1, 0.3))
            facts = [random_facts(guideline, random, known) for _ in range(random.choice((1, 2)))]
        days = sorted(random.sample(DAYS, k=min(len(DAYS), len(facts))))
        visits = [
            Text(patient_text(f), day=_day(days[min(place, len(days) - 1)]))
            for place, f in enumerate(facts)
        ]
        readings = {
            name: random.choice(reading.alternatives).name
            for name, reading in guideline.readings.items()
            if random.random() < 0.2
        }
        pathway = random.choice([None, None, None, *pathways])
        for document in compare(engine, compiled, visits, pathway=pathway, readings=readings)[
            "documents"
        ]:
            seen[document.get("status") or document["diagnostics"][0]["code"]] += 1
    return seen


@pytest.mark.parametrize("folder", [SEOM, EXAMPLE], ids=lambda folder: folder.name)
def test_random_patients_give_the_same_documents(folder: Path, engine: Node) -> None:
    seen = _random_patients(folder, engine, 150, seed=1)
    assert seen["complete"]
    assert seen["needs_data"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("folder", [SEOM, EXAMPLE], ids=lambda folder: folder.name)
def test_many_random_patients_give_the_same_documents(
    folder: Path, engine: Node, seed: int
) -> None:
    _random_patients(folder, engine, 700, seed)


@pytest.mark.parametrize("folder", [SEOM, EXAMPLE], ids=lambda folder: folder.name)
def test_every_case_gives_the_same_documents_at_each_visit(folder: Path, engine: Node) -> None:
    compiled = guideline_of(folder)
    guideline = compiled.guideline
    engine.load(compiled)
    for case, patients in zip(
        guideline.cases.values(), _patients_of_cases(folder), strict=True
    ):
        visits = [
            Text(json.dumps(patient_to_json(patient, guideline)), day=visit.as_of)
            for visit, patient in zip(case.visits, patients, strict=False)
        ]
        chosen = dict(case.readings)
        compare(engine, compiled, visits, pathway=case.pathway, readings=chosen)


# --- random guidelines -----------------------------------------------------------------------------------


def _check_random(engine: Node, data: st.DataObject) -> None:
    random = data.draw(guidelines())
    joins: dict[str, frozenset[str]] = {}
    if data.draw(st.booleans()):
        # As if their answers were proved to leave nobody out, so that there are more joins.
        model = prepare(random).compiled.guideline
        joins = {
            name: frozenset(n.name for n in p.nodes if isinstance(n, Decision))
            for name, p in model.pathways.items()
        }
    compiled = prepare(random, joins).compiled
    engine.load(compiled)
    for _ in range(3):
        visits = []
        for day in DAYS[: data.draw(st.integers(1, 3))]:
            facts = data.draw(partial_facts(random, vague=True))
            patient = Patient("somebody", {})
            document: Any = patient_to_json(patient, compiled.guideline)
            document["facts"] = {name: _written(value) for name, value in facts.items()}
            visits.append(Text(json.dumps(document), day=_day(day)))
        chosen = {name: data.draw(st.sampled_from(v)) for name, v in random.settings.items()}
        compare(engine, compiled, visits, settings=chosen)


def _written(value: Any) -> Any:
    from pathway_compiler.patient_data.to_json import _value

    return _value(value)


@OFTEN
@given(st.data())
def test_random_guidelines_give_the_same_documents(engine: Node, data: st.DataObject) -> None:
    _check_random(engine, data)


@pytest.mark.slow
@VERY_OFTEN
@given(st.data())
def test_many_random_guidelines_give_the_same_documents(engine: Node, data: st.DataObject) -> None:
    _check_random(engine, data)


# --- the conformance documents ---------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """What YAML says, in JSON; words stay texts, and the type of the element decides."""
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return None if value in NOTHING else value


def _documents() -> list[Path]:
    return sorted((REPOSITORY / "tests" / "conformance").glob("*.md"))


@pytest.mark.parametrize("document", _documents(), ids=lambda path: path.stem)
def test_conformance_documents_give_the_same_documents(document: Path, engine: Node) -> None:
    import yaml

    above: list[Any] = []
    for section in sections(document.read_text(encoding="utf-8")):
        while above and above[-1].level >= section.level:
            above.pop()
        pathway = next((s.of("pathway")[-1] for s in reversed(above) if s.of("pathway")), None)
        above.append(section)
        compiled: CompiledGuideline | None = None
        visits: list[Text] = []
        facts: dict[str, Any] = {}
        for block in section.blocks:
            if block.language == "pathway":
                pathway, compiled, visits, facts = block, None, [], {}
            elif block.language == "patient":
                new = _plain(yaml.load(block.text, yaml.BaseLoader) or {})
                day = new.pop("as_of", "2019-03-01")
                start = new.pop("pathway", None)
                facts.update(new)
                visits.append(Text(patient_text(facts), day=_day(day)))
                if compiled is None:
                    assert pathway is not None
                    try:
                        compiled = load_text(guideline_text(pathway))
                    except CompileError:
                        break
                    engine.load(compiled)
                compare(engine, compiled, visits, pathway=start)


# --- files that somebody got wrong -------------------------------------------------------------------------


def _odd_files(folder: Path, engine: Node, number: int, seed: int) -> Counter[str]:
    compiled = guideline_of(folder)
    engine.load(compiled)
    random = Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(number):
        name = random.choice(("patient.json", "folder/of.patients.json", "p.ndjson", "ana"))
        text = odd_file(compiled.guideline, random)
        if name == "p.ndjson" and random.random() < 0.8:
            text = text.replace("\n  ", " ")
        if name == "ana" and not text.lstrip("\ufeff \n").startswith(("{", "[")):
            name = "ana.json"  # another format would be guessed from the content
        day = random.choice((None, _day("2019-03-01")))
        for document in compare(engine, compiled, [Text(text, name, day)])["documents"]:
            for found in document["diagnostics"]:
                seen[found["code"]] += 1
    return seen


@pytest.mark.parametrize("folder", [SEOM, EXAMPLE], ids=lambda folder: folder.name)
def test_wrong_files_are_refused_in_the_same_words_at_the_same_places(
    folder: Path, engine: Node
) -> None:
    seen = _odd_files(folder, engine, 250, seed=1)
    assert {"data-unreadable", "data-unknown-name", "data-wrong-type", "data-unit"} <= set(seen)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("folder", [SEOM, EXAMPLE], ids=lambda folder: folder.name)
def test_many_wrong_files_are_refused_in_the_same_words(
    folder: Path, engine: Node, seed: int
) -> None:
    _odd_files(folder, engine, 2_000, seed)
