"""Each type of the language, as data files write it."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Missing, Reason, Unknown
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.vocabulary import Entry, ListValue, SetValue
from pathway_compiler.patient_data.patient import Observation
from pathway_compiler.patient_data.read import patient_from_facts


def value(guideline: Guideline, name: str, given: object) -> object:
    result = patient_from_facts({name: given}, guideline)
    assert result.diagnostics == ()
    assert result.patient is not None
    (observation,) = result.patient.facts[name]
    return observation.value


def mistake(guideline: Guideline, name: str, given: object, **more: object) -> tuple[str, str, str]:
    """Code, message and help of the only mistake."""
    result = patient_from_facts({name: given}, guideline, as_of="2019-03-01")
    assert result.patient is None
    (found,) = result.diagnostics
    return found.code, found.message, found.help or ""


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("fit", True, True),
        ("fit", "yes", True),
        ("fit", "no", False),
        ("her2_status", "positive", "positive"),
        ("answer", "no", "no"),
        ("answer", "unknown", "unknown"),
        ("metastases", 3, 3),
        ("metastases", 3.0, 3),
        ("metastases", "3", 3),
        ("ratio", 0.1, Fraction(1, 10)),
        ("ratio", Decimal("0.30"), Fraction(3, 10)),
        ("ratio", Fraction(1, 3), Fraction(1, 3)),
        ("ratio", "1e-3", Fraction(1, 1000)),
        ("ratio", {"value": {"numerator": 1, "denominator": 3}}, Fraction(1, 3)),
        ("age", 54, 54),
        ("age", "648 months", 54),
        ("age", {"value": 1, "unit": "mo"}, Fraction(1, 12)),
        ("size", {"value": 30, "unit": "mm"}, 3),
        ("size", "30mm", 3),
        ("platelets", "150 10*9/L", 150),
        ("diagnosed", "2016", PartialDate(2016)),
        ("diagnosed", 2016, PartialDate(2016)),
        ("diagnosed", "2016-05", PartialDate(2016, 5)),
        ("diagnosed", datetime.date(2016, 5, 3), PartialDate(2016, 5, 3)),
        ("diagnosed", datetime.datetime(2016, 5, 3, 10), PartialDate(2016, 5, 3)),
        ("diagnosed", PartialDate(2016), PartialDate(2016)),
        ("sites", ["bone", "liver"], SetValue(frozenset({"bone", "liver"}))),
        ("sites", {"bone"}, SetValue(frozenset({"bone"}))),
        ("sites", [], SetValue(frozenset())),
        ("sites", {"items": ["lung"], "complete": False}, SetValue(frozenset({"lung"}), False)),
        ("sites", SetValue(frozenset({"lung"}), False), SetValue(frozenset({"lung"}), False)),
        ("given", ["tamoxifen", "nsai"], SetValue(frozenset({"tamoxifen", "nsai"}))),
        ("elderly", False, False),
    ],
)
def test_a_value_is_read_by_the_type_of_its_element(
    guideline: Guideline, name: str, given: object, expected: object
) -> None:
    assert value(guideline, name, given) == expected


def test_records_have_typed_fields_and_missing_fields_are_left_out(guideline: Guideline) -> None:
    given = [
        {"agent": "tamoxifen", "started": "2014", "months": "2 years", "reasons": ["bone"]},
        {"agent": {"unknown": "not asked"}, "months": None},
    ]
    unknown = Unknown(frozenset({Missing("therapies.agent", Reason.NOT_ASKED)}))
    assert value(guideline, "therapies", given) == ListValue(
        (
            Entry(
                (
                    ("agent", "tamoxifen"),
                    ("months", 24),
                    ("reasons", SetValue(frozenset({"bone"}))),
                    ("started", PartialDate(2014)),
                )
            ),
            Entry((("agent", unknown),)),
        )
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("unknown", Reason.NOT_KNOWN),
        ("unknown: not done", Reason.NOT_DONE),
        ({"unknown": "not done"}, Reason.NOT_DONE),
        ({"unknown": "uninterpretable"}, Reason.UNINTERPRETABLE),
        (Reason.NOT_ASKED, Reason.NOT_ASKED),
        (Unknown(frozenset({Missing("x", Reason.NOT_DONE)})), Reason.NOT_DONE),
    ],
)
def test_a_missing_value_keeps_its_reason(
    guideline: Guideline, given: object, reason: Reason
) -> None:
    assert value(guideline, "age", given) == Unknown(frozenset({Missing("age", reason)}))


def test_null_is_the_same_as_saying_nothing(guideline: Guideline) -> None:
    result = patient_from_facts({"age": None, "size": {"value": None}}, guideline)
    assert result.patient is not None
    assert result.patient.facts == {}


def test_observations_are_kept_in_the_order_of_time(guideline: Guideline) -> None:
    given = [{"value": 3}, {"value": 2, "date": "2019-02"}, {"value": 1, "date": 2018}]
    result = patient_from_facts({"size": given}, guideline, as_of=datetime.date(2019, 3, 1))
    assert result.patient is not None
    assert result.patient.as_of == PartialDate(2019, 3, 1)
    assert result.patient.facts["size"] == (
        Observation(1, PartialDate(2018)),
        Observation(2, PartialDate(2019, 2)),
        Observation(3),
    )


def test_a_set_may_be_observed_more_than_once(guideline: Guideline) -> None:
    series = [{"items": ["bone"], "date": "2018"}, {"value": ["bone", "lung"], "date": "2019"}]
    for given in (series, {"observations": series}):
        result = patient_from_facts({"sites": given}, guideline)
        assert result.patient is not None
        assert [str(o.date) for o in result.patient.facts["sites"]] == ["2018", "2019"]


@pytest.mark.parametrize(
    ("name", "given", "code", "words", "help"),
    [
        ("her2_status", "Positive", "data-unknown-value", "`Positive`", "`positive`"),
        ("her2_status", "Positve", "data-unknown-value", "`Positve`", "`positive`"),
        ("her2_status", "pos", "data-unknown-value", "`pos`", "`positive`"),
        ("her2_status", "Unk/ND", "data-unknown-value", "`Unk/ND`", '{"unknown": "not done"}'),
        ("her2_status", True, "data-unknown-value", "`true`", "`negative`"),
        ("her2_status", ["positive"], "data-wrong-type", "a single value", "observations"),
        ("ecog", 1, "data-unknown-value", "`1`", "`ecog_1`"),
        ("given", ["Nolvadex"], "data-unknown-value", "`Nolvadex`", "`tamoxifen`"),
        ("given", ["mastectomy"], "data-unknown-value", "not an agent", ""),
        ("fit", 1, "data-wrong-type", "yes or no", "true or false"),
        ("age", 540, "data-out-of-range", "outside 0 to 120 years: it is 540 years", "unit"),
        ("age", True, "data-wrong-type", "`true`", ""),
        ("age", float("nan"), "data-wrong-type", "`nan`", "null"),
        ("age", float("inf"), "data-wrong-type", "`inf`", ""),
        ("age", "5,5", "data-wrong-type", "`5,5`", "`5.5`"),
        ("age", "> 65", "data-wrong-type", "`> 65`", "bound"),
        ("age", "50-60", "data-wrong-type", "`50-60`", ""),
        ("age", "3 cm", "data-unit", "cannot be converted", "years"),
        ("age", "400 days", "data-unit", "no fixed number of days", "years"),
        ("age", "5 yrs", "data-unit", "`yrs`", "`a`"),
        ("age", object(), "data-wrong-type", "class object", ""),
        ("metastases", 2.5, "data-wrong-type", "whole number", ""),
        ("metastases", -1, "data-out-of-range", "-1", ""),
        ("metastases", "1/12", "data-wrong-type", "`1/12`", ""),
        ("metastases", {"value": 1, "unit": "mo"}, "data-unit", "a count has no unit", ""),
        ("diagnosed", "31.02.2018", "data-date", "`31.02.2018`", "year-month-day"),
        ("diagnosed", "2019-02-30", "data-date", "calendar", ""),
        ("diagnosed", "2019-3-1", "data-date", "`2019-3-1`", "`2019-03-01`"),
        ("diagnosed", 12.5, "data-wrong-type", "`12.5`", ""),
        ("sites", "bone", "data-wrong-type", "set of site", "[first, second]"),
        ("sites", ["bone", "bone"], "data-duplicate", "`bone`", ""),
        ("sites", ["bone", None], "data-wrong-type", "missing", "complete"),
        ("sites", {"item": ["bone"]}, "data-wrong-type", "an object", "[…]"),
        ("therapies", {"agent": "tamoxifen"}, "data-wrong-type", "an object", "[{…}, …]"),
        ("therapies", ["tamoxifen"], "data-wrong-type", "therapy records", "{…}"),
        ("therapies", [{"agnt": 1}], "data-unknown-name", "entry 1", "`agent`"),
        ("therapies", [{"started": "2020"}], "data-future", "2020", ""),
        ("size", {"value": 1, "date": "2019-03-02"}, "data-future", "after 2019-03-01", ""),
        ("size", {"unknown": "not don"}, "data-unknown-value", "`not don`", "`not done`"),
        ("size", {"unknown": "not done", "value": 1}, "data-wrong-type", "both", ""),
        ("size", {"date": "2018"}, "data-wrong-type", "neither", ""),
        ("size", {"value": 3, "units": "mm"}, "data-unknown-name", "`units`", "`unit`"),
        ("size", {"value": "3 cm", "unit": "mm"}, "data-unit", "two units", ""),
        ("size", [{"value": 1}, {"value": 2}], "data-duplicate", "without a date", ""),
        ("size", [], "data-wrong-type", "empty list", ""),
        ("offer_c", True, "data-unknown-name", "is a parameter", "local policy"),
        ("tamoxifen", True, "data-unknown-name", "is an action", ""),
        ("HER2 Status", "positive", "data-unknown-name", "`HER2 Status`", "`her2_status`"),
        ("her2", "positive", "data-unknown-name", "`her2`", "`her2_status`"),
    ],
)
def test_a_mistake_is_explained(
    guideline: Guideline, name: str, given: object, code: str, words: str, help: str
) -> None:
    found = mistake(guideline, name, given)
    assert found[0] == code
    assert words in found[1]
    assert help in found[2]


def test_a_message_names_patient_label_range_and_unit(guideline: Guideline) -> None:
    result = patient_from_facts({"size": "320 mm"}, guideline, id="p7")
    assert [d.message for d in result.diagnostics] == [
        "patient `p7`: Tumour size: `size` lies outside 0 to 30 cm: it is 32 cm"
    ]


def test_quoted_values_are_short_and_hold_no_control_characters(guideline: Guideline) -> None:
    _, message, _ = mistake(guideline, "fit", "\x1b[31m" + "x" * 1000)
    assert "\x1b" not in message
    assert len(message) < 200


def test_values_of_python_are_shown_with_the_place_of_the_mistake(guideline: Guideline) -> None:
    result = patient_from_facts({"fit": True, "sites": ["bone", "livr"]}, guideline)
    (found,) = result.diagnostics
    assert found.span.text == '"livr"'
    assert found.span.source.text == '{\n  "fit": true,\n  "sites": ["bone", "livr"]\n}'


@pytest.mark.parametrize(
    "given",
    [10**5000, -(10**5000), Fraction(1, 10**3000), {"value": 10**4000, "unit": "km"}],
    ids=["huge", "hugely negative", "tiny", "huge in a unit"],
)
def test_a_number_too_long_to_print_is_refused(guideline: Guideline, given: object) -> None:
    assert mistake(guideline, "ratio" if not isinstance(given, dict) else "size", given)[0] in (
        "data-wrong-type",
        "data-out-of-range",
    )


def test_a_list_that_contains_itself_is_refused(guideline: Guideline) -> None:
    endless: list[object] = []
    endless.append(endless)
    assert patient_from_facts({"sites": endless}, guideline).patient is None


def test_after_a_hundred_mistakes_reading_stops(guideline: Guideline) -> None:
    result = patient_from_facts({f"x{n}": 1 for n in range(5000)}, guideline)
    assert len(result.diagnostics) == 101
    assert "reading stops" in result.diagnostics[-1].message
