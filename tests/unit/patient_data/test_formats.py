"""JSON, NDJSON, YAML and CSV: the forms that are read, and the places of mistakes."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

import pytest

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Missing, Reason, Unknown
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.model.vocabulary import Entry, ListValue, SetValue
from pathway_compiler.patient_data.patient import Observation, Patient
from pathway_compiler.patient_data.read import PatientResult

ReadAll: TypeAlias = Callable[..., list[PatientResult]]
ReadOne: TypeAlias = Callable[..., Patient]
Refuse: TypeAlias = Callable[..., Sequence[Diagnostic]]


def places(mistakes: Sequence[Diagnostic]) -> list[tuple[str, str, str]]:
    return [(d.code, str(d.span), d.span.text) for d in mistakes]


class TestJson:
    def test_one_patient(self, read_one: ReadOne) -> None:
        patient = read_one('{"id": "p1", "as_of": "2019-03-01", "facts": {"age": 54}}')
        assert patient == Patient("p1", {"age": (Observation(54),)}, PartialDate(2019, 3, 1))

    def test_facts_may_stand_in_the_outer_object(self, read_one: ReadOne) -> None:
        assert read_one('{"id": 7, "age": 54}') == Patient("7", {"age": (Observation(54),)})

    def test_a_patient_without_id_has_the_name_of_its_file(self, read_one: ReadOne) -> None:
        assert read_one('{"age": 54}', "folder/anna.json").id == "anna"

    @pytest.mark.parametrize("text", ['[{"age": 1}, {"age": 2}]', '{"patients": [{}, {}]}'])
    def test_several_patients(self, read: ReadAll, text: str) -> None:
        assert [r.id for r in read(text)] == ["data#1", "data#2"]

    def test_numbers_are_exact(self, read_one: ReadOne) -> None:
        digits = "1234567890123456789012345"
        (observation,) = read_one(f'{{"ratio": 0.{digits}}}').facts["ratio"]
        assert observation.value == Fraction(int(digits), 10 ** len(digits))

    def test_all_mistakes_are_reported_at_their_places(self, refuse: Refuse) -> None:
        text = (
            '{"id": "p1",\n "facts": {\n  "age": 540,\n'
            '  "her2": "x",\n  "sites": ["bone", "livr"]}}'
        )
        assert places(refuse(text)) == [
            ("data-out-of-range", "data.json:3:10", "540"),
            ("data-unknown-name", "data.json:4:3", '"her2"'),
            ("data-unknown-value", "data.json:5:21", '"livr"'),
        ]

    def test_the_other_patients_still_come(self, read: ReadAll) -> None:
        results = read('[{"age": 1}, {"age": "x"}, 5, {"age": 3}]')
        assert [r.patient is not None for r in results] == [True, False, False, True]
        assert places(results[1].diagnostics) == [("data-wrong-type", "data.json:1:22", '"x"')]
        assert places(results[2].diagnostics) == [("data-wrong-type", "data.json:1:28", "5")]

    def test_a_repeated_key_is_found(self, refuse: Refuse) -> None:
        (found,) = refuse('{"facts": {"age": 54, "age": 45}}')
        assert (found.code, found.span.column) == ("data-duplicate", 23)
        assert found.labels[0].span.column == 12

    @pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
    def test_what_is_no_exact_number_is_refused(self, refuse: Refuse, text: str) -> None:
        (found,) = refuse(f'{{"ratio": {text}}}')
        assert found.code == "data-wrong-type"
        assert found.span.text == text

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ('{"id": "p1", "facts": {"age": 54', "1:33"),
            ('{"age": 54,\n "fit": tru}', "2:9"),
            ("", "1:1"),
            ("null", "1:1"),
            ("[" * 100_000, "1:1"),
            ('{"a": "\x01"}', "1:8"),
        ],
    )
    def test_what_is_not_json_is_reported_with_its_place(
        self, refuse: Refuse, text: str, place: str
    ) -> None:
        (found,) = refuse(text)
        assert found.code == "data-unreadable"
        assert str(found.span) == f"data.json:{place}"

    def test_fhir_is_recognised(self, refuse: Refuse) -> None:
        (found,) = refuse('{"resourceType": "Bundle", "entry": []}')
        assert "FHIR" in found.message

    def test_a_partial_day_of_evaluation_is_refused(self, refuse: Refuse) -> None:
        assert places(refuse('{"as_of": "2019-03"}')) == [
            ("data-date", "data.json:1:11", '"2019-03"')
        ]

    def test_a_fact_beside_facts_is_refused(self, refuse: Refuse) -> None:
        (found,) = refuse('{"facts": {}, "age": 5}')
        assert (found.span.text, found.help) == ('"age"', "put it into `facts`")

    @pytest.mark.parametrize("id", ["true", "[]", '"a\\nb"', '"\\ud800"', f'"{"x" * 201}"'])
    def test_an_id_is_one_short_line(self, refuse: Refuse, id: str) -> None:
        (found,) = refuse(f'{{"id": {id}}}')
        assert (found.code, found.span.text) == ("data-wrong-type", id)

    def test_two_patients_with_one_id_are_refused(self, read: ReadAll) -> None:
        first, second = read('[{"id": "a"}, {"id": "a"}]')
        assert first.patient is not None
        assert second.patient is None
        assert places(second.diagnostics) == [("data-duplicate", "data.json:1:22", '"a"')]
        assert "data.json, patient 1" in second.diagnostics[0].message


class TestNdjson:
    def test_one_patient_a_line(self, read: ReadAll) -> None:
        results = read('{"id": "a", "age": 1}\n\n{"age": 2}\n', "x.ndjson")
        assert [r.id for r in results] == ["a", "x#2"]

    def test_a_broken_line_does_not_stop_the_others(self, read: ReadAll) -> None:
        results = read('{"age": 1}\n{"age": \n{"age": "y"}\n{"age": 3}', "x.jsonl")
        assert [r.patient is not None for r in results] == [True, False, False, True]
        assert results[1].diagnostics[0].span.line == 2
        assert places(results[2].diagnostics) == [("data-wrong-type", "x.jsonl:3:9", '"y"')]
        span = results[2].diagnostics[0].span
        assert span.source.line_text(span.line) == '{"age": "y"}'


class TestYaml:
    def test_words_mean_what_their_element_says(self, read_one: ReadOne) -> None:
        patient = read_one(
            "id: 007\nanswer: no\nfit: no\ndiagnosed: 2019-03-01\nage: ~\n", "p.yaml"
        )
        assert patient.id == "007"
        assert {n: o[0].value for n, o in patient.facts.items()} == {
            "answer": "no",
            "fit": False,
            "diagnosed": PartialDate(2019, 3, 1),
        }

    def test_several_documents(self, read: ReadAll) -> None:
        results = read("age: 1\n---\n- age: 2\n- id: z\n---\nage: 4\n---\n", "p.yml")
        assert [r.id for r in results] == ["p", "p#2", "z", "p#4"]

    def test_structures(self, read_one: ReadOne) -> None:
        text = (
            "facts:\n  size: [{value: 3 cm, date: 2018}, {value: 40, unit: mm}]\n"
            "  her2_status: {unknown: not done}\n  sites: {items: [bone], complete: no}\n"
        )
        facts = read_one(text, "p.yaml").facts
        assert facts["size"] == (Observation(3, PartialDate(2018)), Observation(4))
        missing = Unknown(frozenset({Missing("her2_status", Reason.NOT_DONE)}))
        assert facts["her2_status"][0].value == missing
        assert facts["sites"][0].value == SetValue(frozenset({"bone"}), False)

    def test_mistakes_are_reported_at_their_places(self, refuse: Refuse) -> None:
        text = (
            "facts:\n  age: 12:30\n  metastases: 0x10\n  ages: 3\n"
            "  sites:\n    - bone\n    - livr\n"
        )
        assert places(refuse(text, "p.yaml")) == [
            ("data-wrong-type", "p.yaml:2:8", "12:30"),
            ("data-unit", "p.yaml:3:15", "0x10"),
            ("data-unknown-name", "p.yaml:4:3", "ages"),
            ("data-unknown-value", "p.yaml:7:7", "livr"),
        ]

    def test_a_repeated_key_is_found(self, refuse: Refuse) -> None:
        (found,) = refuse("age: 54\nage: 45\n", "p.yaml")
        assert (found.code, str(found.span)) == ("data-duplicate", "p.yaml:2:1")

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a: &x [1]\nb: *x\n", "2:4"),
            ("age: !!python/object:os.system 5\n", "1:6"),
            ("age: !secret 5\n", "1:6"),
            ("? [a, b]\n: 5\n", "1:3"),
            ("age: [1, 2\n", "2:1"),
            ("a: " + "[" * 200, "1:54"),
            ("# nothing\n", "1:1"),
            ("", "1:1"),
        ],
    )
    def test_what_is_not_plain_yaml_is_refused(self, refuse: Refuse, text: str, place: str) -> None:
        (found,) = refuse(text, "p.yaml")
        assert found.code == "data-unreadable"
        assert str(found.span) == f"p.yaml:{place}"

    def test_documents_before_a_broken_one_still_come(self, read: ReadAll) -> None:
        good, bad = read("age: 1\n---\nage: [\n", "p.yaml")
        assert good.patient is not None
        assert bad.patient is None


class TestCsv:
    def test_a_column_a_fact_and_a_row_a_patient(self, read: ReadAll) -> None:
        text = (
            "id,as_of,age,sites,her2_status,fit\n"
            "a,2019-03-01,54,bone;liver,positive,yes\n"
            ",,24 months,none,unknown: not done,\n"
            "c,,,bone;…,unknown,no\n"
        )
        first, second, third = (r.patient for r in read(text, "t.csv"))
        assert first is not None
        assert first.as_of == PartialDate(2019, 3, 1)
        assert first.facts["sites"][0].value == SetValue(frozenset({"bone", "liver"}))
        assert second is not None
        assert second.id == "t#2"
        assert {n: o[0].value for n, o in second.facts.items()} == {
            "age": 2,
            "sites": SetValue(frozenset()),
            "her2_status": Unknown(frozenset({Missing("her2_status", Reason.NOT_DONE)})),
        }
        assert third is not None
        assert third.facts["sites"][0].value == SetValue(frozenset({"bone"}), False)

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_the_separator_is_recognised(self, read_one: ReadOne, separator: str) -> None:
        text = '\ufeffid,age,sites\r\na,54,"bone;lung"\r\n'.replace(",", separator)
        patient = read_one(text, "t.csv")
        assert patient.id == "a"
        assert patient.facts["age"] == (Observation(54),)
        assert patient.facts["sites"][0].value == SetValue(frozenset({"bone", "lung"}))

    def test_mistakes_are_reported_at_their_cells(self, read: ReadAll) -> None:
        text = 'id,age,sites\na,1,bone\nb,"5\n0","bone;livr"\nc,540,\n'
        _, second, third = read(text, "t.csv")
        assert places(second.diagnostics) == [
            ("data-wrong-type", "t.csv:3:3", '"5\n0"'),
            ("data-unknown-value", "t.csv:4:4", '"bone;livr"'),
        ]
        assert places(third.diagnostics) == [("data-out-of-range", "t.csv:5:3", "540")]

    @pytest.mark.parametrize(
        ("header", "code", "text"),
        [
            ("id,age,age", "data-duplicate", "age"),
            ("id,ages", "data-unknown-name", "ages"),
            ("id,,age", "data-unknown-name", ""),
            ("id,therapies", "data-wrong-type", "therapies"),
            ("id,offer_c", "data-unknown-name", "offer_c"),
        ],
    )
    def test_a_wrong_column_is_reported_once(
        self, refuse: Refuse, header: str, code: str, text: str
    ) -> None:
        (found,) = refuse(f"{header}\na,1,2\nb,1,2\n", "t.csv")
        assert (found.code, found.span.text, found.span.line) == (code, text, 1)

    def test_of_very_many_wrong_columns_the_first_are_reported(self, refuse: Refuse) -> None:
        header = ",".join(f"c{number}" for number in range(5000))
        assert len(refuse(f"{header}\n1\n", "t.csv")) == 100

    def test_empty_lines_count_and_say_nothing(self, read: ReadAll) -> None:
        results = read("\nid,age\n\na,1\n,\nb,x\n", "t.csv")
        assert [r.id for r in results] == ["a", "b"]
        assert places(results[1].diagnostics) == [("data-wrong-type", "t.csv:6:3", "x")]

    def test_a_row_of_another_length_is_refused(self, read: ReadAll) -> None:
        results = read("id,age\na,1\nb\nc,1,2\nd,4\n", "t.csv")
        assert [r.patient is not None for r in results] == [True, False, False, True]
        assert [r.diagnostics[0].span.line for r in results if r.diagnostics] == [3, 4]

    def test_an_open_quotation_mark_ends_the_reading(self, read: ReadAll) -> None:
        first, second = read('id,age\na,1\nb,"2\nc,3\n', "t.csv")
        assert first.patient is not None
        assert (second.diagnostics[0].code, second.diagnostics[0].span.line) == (
            "data-unreadable",
            3,
        )

    def test_none_is_a_value_where_the_element_has_it(self, read_one: ReadOne) -> None:
        assert read_one("id,answer\na,none\n", "t.csv").facts["answer"] == (Observation("none"),)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('{"id": "a"}', ["a"]),
        ('\n [{"id": "a"},\n {"id": "b"}]', ["a", "b"]),
        ('{"id": "a"}\n{"id": "b"}\n', ["a", "b"]),
        ("id: a\nage: 5\n", ["a"]),
        ("# note\n- id: a\n- id: b\n", ["a", "b"]),
        ("id,age\na,5\nb,6\n", ["a", "b"]),
        ("id\tage\na\t5\n", ["a"]),
    ],
)
def test_the_format_is_recognised_by_the_content(read: ReadAll, text: str, ids: list[str]) -> None:
    assert [r.id for r in read(text, "stdin")] == ids


class TestSetsWithinRecords:
    """A record may hold a set, in every format that holds lists."""

    EXPECTED = ListValue(
        (
            Entry((("given", SetValue(frozenset({"tamoxifen"}))),)),
            Entry((("given", SetValue(frozenset({"nsai"}), False)),)),
            Entry((("given", Unknown(frozenset({Missing("courses.given", Reason.NOT_DONE)}))),)),
            Entry((("given", SetValue(frozenset())),)),
        )
    )

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            (
                '{"courses": [{"given": ["tamoxifen"]}, {"given": {"items": ["nsai"], "complete": false}},'
                ' {"given": "unknown: not done"}, {"given": []}]}',
                "data.json",
            ),
            (
                "courses:\n- given: [tamoxifen]\n- given: {items: [nsai], complete: no}\n"
                "- given: {unknown: not done}\n- given: []\n",
                "data.yaml",
            ),
        ],
    )
    def test_it_is_read(self, read_one: ReadOne, text: str, name: str) -> None:
        (observation,) = read_one(text, name).facts["courses"]
        assert observation.value == self.EXPECTED

    def test_a_mistake_is_told_at_its_place(self, refuse: Refuse) -> None:
        (found,) = refuse('{"courses": [{"given": ["tamoxifen", "tamoxifin"]}]}')
        assert (found.code, found.span.text) == ("data-unknown-value", '"tamoxifin"')
