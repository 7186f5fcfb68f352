"""Laws of reading patients: what is written is read again, and no input breaks the reader."""

import io
import json
import tempfile
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Missing, Unknown
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    DateType,
    EnumType,
    ListType,
    NumberType,
    QuantityType,
    SetType,
    Type,
)
from pathway_compiler.model.vocabulary import Entry, ListValue, SetValue, Value
from pathway_compiler.patient_data.patient import Observation, Patient
from pathway_compiler.patient_data.read import (
    patient_from_facts,
    read_patients,
    read_patients_from_text,
)
from pathway_compiler.patient_data.to_json import patient_to_json
from pathway_compiler.resources import json_schema
from pathway_compiler.semantics.literals import REASONS

_DATES = st.one_of(
    st.builds(PartialDate, st.integers(1900, 2018)),
    st.builds(PartialDate, st.integers(1900, 2018), st.integers(1, 12)),
    st.builds(PartialDate, st.integers(1900, 2018), st.integers(1, 12), st.integers(1, 28)),
)


def _values(type_: Type, guideline: Guideline, name: str) -> st.SearchStrategy[Value | Unknown]:
    unknown = st.sampled_from(sorted(REASONS.values())).map(
        lambda reason: Unknown(frozenset({Missing(name, reason)}))
    )
    return st.one_of(_known(type_, guideline, name), unknown)


def _known(type_: Type, guideline: Guideline, name: str) -> st.SearchStrategy[Value]:
    match type_:
        case BooleanType():
            return st.booleans()
        case EnumType():
            return st.sampled_from([v.name for v in type_.values])
        case ActionType():
            actions = (*guideline.actions.values(), *guideline.classes.values())
            return st.sampled_from([a.name for a in actions if a.kind == type_.kind])
        case CountType():
            return st.integers(0, 100)
        case NumberType() | QuantityType():
            high = int(type_.high) if type_.high is not None else 10**20
            return st.fractions(0, high).map(lambda f: int(f) if f.denominator == 1 else f)
        case DateType():
            return _DATES
        case SetType():
            items = st.frozensets(_known(type_.of, guideline, name))
            return st.builds(SetValue, items, st.booleans())
        case ListType():
            fields = guideline.records[type_.of.name].fields
            entry = st.fixed_dictionaries(
                {},
                optional={f.name: _values(f.type, guideline, f"{name}.{f.name}") for f in fields},
            ).map(lambda found: Entry(tuple(sorted(found.items()))))
            return st.builds(ListValue, st.lists(entry, max_size=3).map(tuple), st.booleans())
        case _:
            raise AssertionError(type_)


def _in_time(observation: Observation) -> tuple[bool, str]:
    return observation.date is None, str(observation.date)


@st.composite
def _patients(draw: st.DrawFn, guideline: Guideline) -> Patient:
    types = {e.name: e.type for e in guideline.elements.values()}
    types |= {d.name: d.type for d in guideline.definitions.values()}
    facts = {}
    for name in draw(st.lists(st.sampled_from(sorted(types)), unique=True)):
        dates = draw(st.lists(st.none() | _DATES, min_size=1, max_size=3, unique=True))
        values = _values(types[name], guideline, name)
        observations = [Observation(draw(values), date) for date in dates]
        facts[name] = tuple(sorted(observations, key=_in_time))
    as_of = draw(st.sampled_from([None, PartialDate(2019, 3, 1)]))
    id = draw(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20))
    return Patient(id, facts, as_of)


@given(st.data())
def test_a_written_patient_is_read_again_as_the_same(
    guideline: Guideline, data: st.DataObject
) -> None:
    patient = data.draw(_patients(guideline))
    written = patient_to_json(patient, guideline)
    text = json.dumps(written, ensure_ascii=False)
    for name in ("p.json", "p.ndjson", "p.yaml"):
        (result,) = read_patients_from_text(text, name, guideline)
        assert result.diagnostics == ()
        assert result.patient == patient


@given(st.data())
def test_our_own_values_are_read_as_they_are(guideline: Guideline, data: st.DataObject) -> None:
    patient = data.draw(_patients(guideline))
    result = patient_from_facts(patient.facts, guideline, id=patient.id, as_of=patient.as_of)
    assert result.patient == patient


@given(st.data())
def test_a_written_patient_fits_the_published_schema(
    guideline: Guideline, data: st.DataObject
) -> None:
    written = patient_to_json(data.draw(_patients(guideline)), guideline)
    _SCHEMA.validate(json.loads(json.dumps(written)))


_SCHEMA = jsonschema.Draft202012Validator(json.loads(json_schema("patient")))


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('{"age": 54}', True),
        ('{"id": 7, "as_of": "2019-03-01", "facts": {"age": {"value": "24 months"}}}', True),
        ('[{"sites": {"items": ["bone"], "complete": false}}]', True),
        ('{"patients": [{"therapies": [{"agent": "tamoxifen", "started": null}]}]}', True),
        ('{"size": [{"value": 1, "date": 2018}, {"unknown": "not done"}]}', True),
        ('{"size": {"unknown": "lost"}}', False),
        ('{"size": {"value": 1, "dat": "2018"}}', False),
        ('{"facts": {}, "age": 5}', False),
        ('{"as_of": "2019-03", "facts": {}}', False),
        ("5", False),
    ],
)
def test_the_schema_and_the_reader_agree(guideline: Guideline, text: str, fits: bool) -> None:
    results = list(read_patients_from_text(text, "p.json", guideline))
    assert all(r.patient is not None for r in results) is fits
    assert _SCHEMA.is_valid(json.loads(text)) is fits


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(_SCHEMA.schema)


def test_the_order_of_facts_and_observations_changes_nothing(guideline: Guideline) -> None:
    one = '{"fit": true, "size": [{"value": 1, "date": "2018"}, {"value": 2}]}'
    other = '{"size": [{"value": 2}, {"value": 1, "date": "2018"}], "fit": true}'
    (first,) = read_patients_from_text(one, "p.json", guideline)
    (second,) = read_patients_from_text(other, "p.json", guideline)
    assert first.patient == second.patient


_NAMES = st.sampled_from(["p.json", "p.ndjson", "p.yaml", "p.csv", "p"])
_VALID = st.sampled_from(
    [
        '{"id": "p1", "facts": {"age": 54, "sites": ["bone"], "size": [{"value": 1}]}}',
        "id: p1\nfacts:\n  age: 54\n  sites: [bone]\n  size:\n  - {value: 1, date: 2018}\n",
        'id,age,sites\np1,54,"bone;liver"\np2,,\n',
    ]
)


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """A good file of which a piece is cut out or replaced."""
    text = draw(_VALID).encode()
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return text[:start] + draw(st.binary(max_size=3)) + text[end:]


def _check_results(content: bytes, name: str, guideline: Guideline) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        results = list(read_patients([path], guideline))
    assert [r.id for r in results if r.patient] == [r.patient.id for r in results if r.patient]
    for result in results:
        assert (result.patient is None) == bool(result.diagnostics)
        for found in result.diagnostics:
            assert 0 <= found.span.start <= found.span.end <= len(found.span.source.text)
            assert found.span.line >= 1
            assert "\n" not in found.message


@given(st.binary() | _damaged() | st.text().map(str.encode), _NAMES)
@settings(max_examples=400, deadline=None)
def test_no_bytes_break_the_reader(guideline: Guideline, content: bytes, name: str) -> None:
    _check_results(content, name, guideline)


_JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["value", "unit", "date", "unknown", "items", "complete", "observations"]
            )
            | st.text(max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_no_value_breaks_the_reader(guideline: Guideline, data: st.DataObject) -> None:
    names = st.sampled_from([*guideline.elements, "elderly", "id", "as_of", "facts", "x"])
    facts = data.draw(st.dictionaries(names, _JSON_VALUES, max_size=4))
    text = json.dumps(facts, ensure_ascii=data.draw(st.booleans()))
    _check_results(text.encode("utf-8", "surrogatepass"), data.draw(_NAMES), guideline)
    result = patient_from_facts(facts, guideline)
    assert (result.patient is None) == bool(result.diagnostics)


@given(st.text())
@settings(deadline=None)
def test_no_text_on_standard_input_breaks_the_reader(guideline: Guideline, text: str) -> None:
    for result in read_patients(["-"], guideline, stdin=io.StringIO(text)):
        assert (result.patient is None) == bool(result.diagnostics)


def test_numbers_without_a_short_decimal_are_written_exactly(guideline: Guideline) -> None:
    for number in (Fraction(1, 3), Fraction(1, 10), Fraction(10**25 + 1, 10**5)):
        patient = Patient("p", {"ratio": (Observation(number),)})
        text = json.dumps(patient_to_json(patient, guideline))
        (result,) = read_patients_from_text(text, "p.json", guideline)
        assert result.patient == patient
