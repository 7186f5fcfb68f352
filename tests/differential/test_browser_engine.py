"""The engine of the browser against the interpreter: the same documents, byte for byte.

Both read the same texts, so that reading, refusing and running are compared at once.
"""

import json
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from browser_engine.node import Node, Text, by_interpreter, compare, node
from browser_engine.odd_files import ODD_UNITS, odd_file
from browser_engine.patients import changed, patient_text, random_facts
from browser_engine.snippets import compiled_quickly, documents, snippets
from markdown_tests import REPOSITORY, guideline_text, sections
from oracle.brute_force import prepare
from oracle.random_guidelines import guidelines, partial_facts
from pathway_compiler.browser.compiled_to_json import compiled_to_json
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.units import Unit
from pathway_compiler.driver import CompileError, load, load_text
from pathway_compiler.engine.cases import run_visits
from pathway_compiler.engine.enactment import (
    EnactmentError,
    enactment_from_json,
    enactment_to_json,
)
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.case import Case
from pathway_compiler.model.pathway import Decision
from pathway_compiler.model.types import BooleanType, DateType, QuantityType
from pathway_compiler.patient_data.patient import Patient
from pathway_compiler.patient_data.raw import NOTHING, quoted
from pathway_compiler.patient_data.to_json import patient_to_json

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

SEOM = REPOSITORY / "pathways" / "seom_abc_2018"
EVERYTHING = REPOSITORY / "tests" / "browser_engine" / "everything.pathway"
EXAMPLE = REPOSITORY / "docs" / "example"
OFTEN = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
VERY_OFTEN = settings(OFTEN, max_examples=2_000)
DAYS = (PartialDate(2019, 3, 1), PartialDate(2019, 6, 15), PartialDate(2019, 12, 31))


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


def _patients_of(case: Case, compiled: CompiledGuideline) -> list[Patient]:
    """The facts of a case at each of its visits, those of earlier ones with the days of theirs."""
    return [visit.environment.patient for visit in run_visits(compiled, case)]


def _random_patients(
    compiled: CompiledGuideline,
    engine: Node,
    number: int,
    seed: int,
    known: Sequence[float] = (0.02, 0.1, 0.3),
) -> Counter[str]:
    """Patients of the cases with some facts changed, and patients made from nothing."""
    guideline = compiled.guideline
    engine.load(compiled)
    random = Random(seed)
    cases = [*guideline.cases.values()]
    pathways = [*guideline.pathways]
    seen: Counter[str] = Counter()
    for _ in range(number):
        visits = []
        if cases and random.random() < 0.8:
            patients = _patients_of(random.choice(cases), compiled)
            for patient, day in zip(patients, DAYS, strict=False):
                changes = random.choice((0, 1, 2, 4, 8))
                facts = changed(patient, guideline, random, changes, day.earliest)
                visits.append(Text(patient_text(facts), day=day))
        else:
            often = random.choice(known)
            for day in DAYS[: random.choice((1, 2, 3))]:
                facts = random_facts(guideline, random, often, day.earliest)
                visits.append(Text(patient_text(facts), day=day))
        readings = {
            name: random.choice(reading.alternatives).name
            for name, reading in guideline.readings.items()
            if random.random() < 0.2
        }
        settings = _random_settings(compiled, random)
        pathway = random.choice([guideline.entry or pathways[0]] * 3 + pathways)
        both = compare(
            engine, compiled, visits, pathway=pathway, readings=readings, settings=settings
        )
        for document in both["documents"]:
            seen[document.get("status") or document["diagnostics"][0]["code"]] += 1
    return seen


def _random_settings(compiled: CompiledGuideline, random: Random) -> dict[str, str]:
    """Local policy as a user writes it."""
    found = {}
    for name, parameter in compiled.guideline.parameters.items():
        words = {BooleanType: ("yes", "no"), QuantityType: ("3 cm", "27 mm"), DateType: ("2017",)}
        choices = words.get(type(parameter.type), ())
        if choices and "cm" in (getattr(parameter.type, "unit", None) or Unit("cm")).code:
            found[name] = random.choice(choices)
    return found if random.random() < 0.5 else {}


@pytest.mark.parametrize("folder", [SEOM, EXAMPLE], ids=lambda folder: folder.name)
def test_random_patients_give_the_same_documents(folder: Path, engine: Node) -> None:
    seen = _random_patients(guideline_of(folder), engine, 60, seed=1)
    assert seen["complete"]
    assert seen["needs_data"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("folder", [SEOM, EXAMPLE], ids=lambda folder: folder.name)
def test_many_random_patients_give_the_same_documents(
    folder: Path, engine: Node, seed: int
) -> None:
    _random_patients(guideline_of(folder), engine, 700, seed)


def _cases(compiled: CompiledGuideline, engine: Node, each: int = 1) -> None:
    guideline = compiled.guideline
    engine.load(compiled)
    for case in [*guideline.cases.values()][::each]:
        visits = [
            Text(
                json.dumps(patient_to_json(visit.environment.patient, guideline)),
                day=visit.visit.as_of,
            )
            for visit in run_visits(compiled, case)
        ]
        compare(engine, compiled, visits, pathway=case.pathway, readings=dict(case.readings))


@pytest.mark.parametrize(("folder", "each"), [(SEOM, 25), (EXAMPLE, 1)])
def test_cases_give_the_same_documents_at_each_visit(folder: Path, each: int, engine: Node) -> None:
    _cases(guideline_of(folder), engine, each)


@pytest.mark.slow
def test_every_case_gives_the_same_documents_at_each_visit(engine: Node) -> None:
    _cases(guideline_of(SEOM), engine)


# --- one guideline with everything in it -------------------------------------------------------------------


@cache
def everything() -> CompiledGuideline:
    found = compiled_quickly(EVERYTHING.read_text(encoding="utf-8"))
    assert found is not None
    return found


def test_a_guideline_with_everything_gives_the_same_documents(engine: Node) -> None:
    seen = _random_patients(everything(), engine, 90, 1, (0.3, 0.6, 0.9))
    assert {"data-constraint", "data-conflict", "needs_data"} <= set(seen)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 10))
def test_a_guideline_with_everything_gives_many_the_same_documents(engine: Node, seed: int) -> None:
    _random_patients(everything(), engine, 600, seed, (0.3, 0.6, 0.9))


# --- in another language -----------------------------------------------------------------------------------


@cache
def in_spanish() -> CompiledGuideline:
    """The same guideline; what the engines themselves say is said in Spanish."""
    text = EVERYTHING.read_text(encoding="utf-8")
    found = compiled_quickly(text.replace('  version "1"\n', '  version "1"\n  language es\n', 1))
    assert found is not None
    return found


def test_a_guideline_in_spanish_gives_the_same_documents(engine: Node) -> None:
    assert "cede ante" in json.dumps(compiled_to_json(in_spanish())["words"])
    seen = _random_patients(in_spanish(), engine, 50, 1, (0.3, 0.6, 0.9))
    assert {"data-constraint", "data-conflict", "needs_data"} <= set(seen)


@pytest.mark.slow
def test_many_patients_of_a_guideline_in_spanish_give_the_same_documents(engine: Node) -> None:
    _random_patients(in_spanish(), engine, 600, 2, (0.3, 0.6, 0.9))
    _random_patients(load(SEOM, language="es"), engine, 300, 3)


# --- small guidelines of the documents -------------------------------------------------------------------


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.stem)
def test_random_patients_of_small_guidelines_give_the_same_documents(
    document: Path, engine: Node
) -> None:
    for compiled in snippets(document):
        _random_patients(compiled, engine, 2, 1, (0.1, 0.5, 0.9))


@pytest.mark.slow
@pytest.mark.parametrize("document", documents(), ids=lambda path: path.stem)
def test_many_random_patients_of_small_guidelines_give_the_same_documents(
    document: Path, engine: Node
) -> None:
    for seed, compiled in enumerate(snippets(document)):
        _random_patients(compiled, engine, 100, seed, (0.1, 0.5, 0.9))


# --- values instead of files, and where a patient waits -----------------------------------------------------


def test_facts_of_a_page_give_the_document_of_a_file(engine: Node) -> None:
    compiled = guideline_of(SEOM)
    engine.load(compiled)
    random = Random(1)
    for _ in range(40):
        facts = random_facts(compiled.guideline, random, 0.1, DAYS[0].earliest)
        facts["age"] = random.choice((54, 54.5, 0.1 + 0.2, 1e300, 130, "54 a", None))
        text = Text(patient_text(facts, "ana", "2019-03-01"))
        (expected,) = by_interpreter(compiled, [text])["documents"]
        told = {"facts": facts, "id": "ana", "day": "2019-03-01"}
        (found,) = engine.ask(told)["documents"]
        for diagnostic in (*found["diagnostics"], *expected["diagnostics"]):
            diagnostic["place"] = None
            diagnostic["related"] = [r["text"] for r in diagnostic["related"]]
        found["source"] = expected["source"] = "a page"
        assert found == expected


def test_an_enactment_is_read_back_and_one_that_does_not_fit_is_refused_in_the_same_words(
    engine: Node,
) -> None:
    compiled = everything()
    engine.load(compiled)
    point = {"pathway": "third", "node": "wait", "via": ["follow_twice", "follow_on"]}
    good = {
        "format": "pathway-enactment/1", "guideline": "everything", "guideline_version": "1",
        "content_hash": "", "pathway": "start", "patient": "a", "visits": ["2019-03-01"],
        "waiting": [{**point, "since": "2019-03-01"}, {"pathway": "start", "node": None, "via": [], "since": None}],
        "before": [], "decisions": [],
    }  # fmt: skip
    wrong = [
        {**good, "format": "other"}, {**good, "guideline": "other"}, {**good, "pathway": "other"},
        {**good, "waiting": {}}, {**good, "waiting": [3]}, {**good, "visits": ["2019"]}, {**good, "visits": [3]},
        *(
            {**good, "waiting": [{**point, "since": "2019-03-01", **change}]}
            for change in (
                {"via": ["first"]}, {"via": ["follow_twice"]}, {"node": "give_it"}, {"since": None},
                {"since": "2019-02-30"}, {"via": "x"},
            )
        ),
    ]  # fmt: skip
    for data in (good, *wrong):
        try:
            expected: object = enactment_to_json(enactment_from_json(data, compiled))
        except EnactmentError as error:
            expected = str(error)
        assert engine.ask({"enactment": data})["value"] == expected


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
            visits.append(Text(json.dumps(document), day=day))
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


def _odd_files(compiled: CompiledGuideline, engine: Node, number: int, seed: int) -> Counter[str]:
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
        day = random.choice((None, DAYS[0]))
        for document in compare(engine, compiled, [Text(text, name, day)])["documents"]:
            for found in document["diagnostics"]:
                seen[found["code"]] += 1
    return seen


ALL = {
    "seom": lambda: guideline_of(SEOM),
    "example": lambda: guideline_of(EXAMPLE),
    "everything": everything,
}


@pytest.mark.parametrize("name", ALL)
def test_wrong_files_are_refused_in_the_same_words_at_the_same_places(
    name: str, engine: Node
) -> None:
    seen = _odd_files(ALL[name](), engine, 120, seed=1)
    assert {"data-unreadable", "data-unknown-name", "data-wrong-type"} <= set(seen)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("name", ALL)
def test_many_wrong_files_are_refused_in_the_same_words(name: str, engine: Node, seed: int) -> None:
    _odd_files(ALL[name](), engine, 2_000, seed)


def test_a_hundred_mistakes_end_the_reading_and_two_patients_need_two_ids(engine: Node) -> None:
    compiled = guideline_of(EXAMPLE)
    engine.load(compiled)
    wrong = {"id": "a", "facts": {f"no_such_fact_{n}": 1 for n in range(150)}}
    two = [{"id": "a"}, {"id": "a"}, {}, {"id": "p#3"}, {"resourceType": "Patient"}]
    nested = "[" * 2000 + "]" * 2000
    for text in (json.dumps(wrong), json.dumps(two), nested, "null", "[]", " "):
        compare(engine, compiled, [Text(text, "p.json", DAYS[0])])


def test_every_unit_is_read_and_converted_alike(engine: Node) -> None:
    compiled = everything()
    engine.load(compiled)
    names = ("size", "weight", "ratio", "clearance", "age", "copies", "free_number", "duration")
    patients = [
        {"id": f"{name} {number}", "facts": {name: fact}}
        for name in names
        for number, unit in enumerate(ODD_UNITS)
        for fact in ({"value": 2, "unit": unit}, f"2.5{unit}")[: 2 if name == "size" else 1]
    ]
    seen = [{**p, "id": f"{place}"} for place, p in enumerate(patients)]
    documents = compare(engine, compiled, [Text(json.dumps(seen), day=DAYS[0])])["documents"]
    assert sum("status" in document for document in documents) > len(names)


def test_text_is_folded_and_shown_as_python_does(engine: Node) -> None:
    letters = [
        c
        for c in map(chr, range(1, 0x20000))
        if unicodedata.category(c) not in ("Cc", "Cn", "Cs", "Co")
    ]
    folded = engine.call("text", "casefold", "\n".join(letters)).split("\n")
    wrong = {c: f for c, f in zip(letters, folded, strict=True) if f != c.casefold()}
    assert not wrong
    shown = [quoted(c) for c in letters[::23]]
    assert [engine.call("text", "quoted", c) for c in letters[::23]] == shown
    words = sorted(("b", "a\U0001f600", "a\ufffd", "a", "", "ä", "A", "a\ud7ff"))
    assert engine.call("text", "compareText", words[3], words[4]) < 0
    for one in words:
        for other in words:
            order = engine.call("text", "compareText", one, other)
            assert (order > 0) == (one > other)
            assert (order == 0) == (one == other)


def test_what_may_have_been_meant_is_found_as_difflib_finds_it(engine: Node) -> None:
    random = Random(1)
    names = [*guideline_of(SEOM).guideline.elements]
    for _ in range(150):
        letters = [*random.choice(names) * random.choice((1, 1, 8))]
        for _ in range(random.randrange(6)):
            letters[random.randrange(len(letters))] = random.choice("aeist_")
        word = "".join(letters)
        found = engine.call("suggest", "closeMatches", word, names, 3)
        assert found == get_close_matches(word, names, 3)
