"""Units of measure."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway_compiler.datatypes import ucum, units
from pathway_compiler.datatypes.units import (
    Unit,
    UnitError,
    conversion_factor,
    convert,
    is_calendar,
    parse_unit,
    same_dimension,
)

EVERYDAY = sorted(units._EVERYDAY)
LINEAR_SI = ["mm", "cm", "mL", "dL", "cm3", "kg", "ug", "Gy", "cGy", "pg/mL", "pmol/L", "U/L"]


def unit(text: str) -> Unit:
    parsed = parse_unit(text)
    assert isinstance(parsed, Unit), parsed
    return parsed


def refusal(source: str, target: str) -> str:
    factor = conversion_factor(unit(source), unit(target))
    assert isinstance(factor, UnitError), factor
    return factor.message


def test_thirty_millimetres_are_exactly_three_centimetres() -> None:
    """CQL 1.5: `ConvertQuantity`."""
    value = convert(30, unit("mm"), unit("cm"))
    assert value == 3
    assert type(value) is int


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("g/dL", "g/L", 10),
        ("g/dl", "g/L", 10),
        ("10*3/uL", "10*9/L", 1),
        ("cc", "mL", None),
        ("cm3", "mL", 1),
        ("Gy", "cGy", 100),
        ("[lb_av]", "kg", Fraction(45359237, 100000000)),
        ("g%", "g/dL", 1),
        ("m[IU]/mL", "[IU]/L", 1),
        ("%", "1", Fraction(1, 100)),
        ("mg/(kg.d)", "ug/kg/d", 1000),
        ("U", "nmol/s", Fraction(50, 3)),
        ("10*3{cells}/uL", "{cells}/nL", 1),
    ],
)
def test_conversion_factors_are_exact(
    source: str, target: str, factor: int | Fraction | None
) -> None:
    """CQL 1.5: `ConvertQuantity`."""
    parsed = parse_unit(source)
    if factor is None:
        assert isinstance(parsed, UnitError)
    else:
        assert isinstance(parsed, Unit)
        assert conversion_factor(parsed, unit(target)) == factor


@pytest.mark.parametrize(
    ("word", "code", "display"),
    [
        ("years", "a", "years"),
        ("month", "mo", "months"),
        ("weeks", "wk", "weeks"),
        ("day", "d", "days"),
        ("hours", "h", "hours"),
        ("minute", "min", "minutes"),
    ],
)
def test_calendar_words_are_units(word: str, code: str, display: str) -> None:
    parsed = unit(word)
    assert parsed == unit(code) == Unit(code)
    assert parsed.display == display
    assert is_calendar(parsed)


def test_other_units_are_displayed_by_their_code() -> None:
    assert unit("mg/m2").display == "mg/m2"
    assert not is_calendar(unit("mg/m2"))
    assert not is_calendar(unit("s"))


def test_calendar_units_convert_within_their_family() -> None:
    assert convert(2, unit("years"), unit("months")) == 24
    assert convert(18, unit("mo"), unit("a")) == Fraction(3, 2)
    assert convert(3, unit("weeks"), unit("days")) == 21
    assert convert(1, unit("d"), unit("min")) == 1440


@pytest.mark.parametrize(
    ("source", "target"), [("d", "a"), ("months", "weeks"), ("mg/mo", "mg/d"), ("a", "h")]
)
def test_months_have_no_fixed_number_of_days(source: str, target: str) -> None:
    message = refusal(source, target)
    assert message.endswith("because years and months have no fixed number of days")
    assert not same_dimension(unit(source), unit(target))


def test_a_refused_conversion_names_both_units_in_words() -> None:
    assert refusal("d", "a").startswith("`days` cannot be converted to `years`")


def test_an_annotation_is_part_of_what_is_measured() -> None:
    assert "`{1.73_m2}` is part of" in refusal("mL/min/{1.73_m2}", "mL/min")
    assert "`{score}` is part of" in refusal("{score}", "1")
    assert "`{cells}` and `{cycle}` are part of" in refusal("{cells}", "{cycle}")
    assert conversion_factor(unit("L/h/{1.73_m2}"), unit("mL/min/{1.73_m2}")) == Fraction(50, 3)


@pytest.mark.parametrize(
    ("source", "target"),
    [("[IU]/L", "/L"), ("mol", "1"), ("[HPF]", "1"), ("[IU]", "[arb'U]"), ("mg", "cm")],
)
def test_different_things_do_not_convert(source: str, target: str) -> None:
    assert refusal(source, target).endswith("because they measure different things")


@pytest.mark.parametrize(("source", "target"), [("Cel", "K"), ("[degF]", "Cel"), ("B", "1")])
def test_conversions_that_are_not_by_a_factor_are_refused(source: str, target: str) -> None:
    assert refusal(source, target).endswith("with an offset or a logarithm are not supported")
    assert conversion_factor(unit(source), unit(source)) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [("ml", "mL"), ("g/dl", "g/dL"), ("[iU]/l", "[IU]/L"), ("10^9/L", "10*9/L"), (" mg ", "mg")],
)
def test_two_spellings_of_a_unit_are_one_unit(text: str, code: str) -> None:
    assert parse_unit(text) == Unit(code)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("mgs", "mg"),
        ("mcg", "ug"),
        ("cc", "cm3"),
        ("percent", "%"),
        ("KG", "kg"),
        ("monhts", "months"),
        ("mcg/mL", "ug/mL"),
        ("mg/day", "mg/d"),
        ("mg/m²", "mg/m2"),
        ("mg/m^2", "mg/m2"),
        ("IU/L", "[IU]/L"),
        ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
        ("mg/24h", "mg/(24.h)"),
        ("nonsense", None),
    ],
)
def test_a_mistaken_unit_is_answered_with_a_suggestion(text: str, suggestion: str | None) -> None:
    assert parse_unit(text) == UnitError(f"`{text}` is not a UCUM unit", suggestion)


def test_no_text_is_no_unit() -> None:
    assert parse_unit(" ") == UnitError("a unit is missing")


@pytest.mark.parametrize("text", ["10*999999999", "m" + "0" * 90, "(" * 70, "m0", "0", "m/", "µm³"])
def test_a_text_that_is_not_a_unit_is_refused_without_harm(text: str) -> None:
    assert isinstance(parse_unit(text), UnitError)


def test_a_unit_made_by_hand_from_a_wrong_code_converts_to_nothing() -> None:
    assert conversion_factor(Unit("mgs"), Unit("g")) == UnitError("`mgs` is not a UCUM unit", "mg")


@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_an_error(text: str) -> None:
    parsed = parse_unit(text)
    if isinstance(parsed, Unit):
        assert parse_unit(parsed.code) == parsed


@given(st.sampled_from(EVERYDAY), st.sampled_from(EVERYDAY), st.fractions())
def test_a_value_converted_there_and_back_is_unchanged(
    source: str, target: str, value: Fraction
) -> None:
    there = convert(value, Unit(source), Unit(target))
    if not isinstance(there, UnitError):
        assert convert(there, Unit(target), Unit(source)) == value


@pytest.mark.parametrize("code", EVERYDAY)
def test_the_table_of_everyday_units_agrees_with_ucum(code: str) -> None:
    assert ucum.read(code) == ucum.Reading(code, units._EVERYDAY[code])


@pytest.mark.parametrize(("mistake", "correction"), sorted(units._COMMON_MISTAKES.items()))
def test_a_common_mistake_is_not_a_unit_and_its_correction_is(
    mistake: str, correction: str
) -> None:
    assert ucum.read(mistake) is None
    assert ucum.read(correction) is not None


def test_every_unit_that_ucum_defines_is_read() -> None:
    from ucumvert.xml_util import get_units

    assert [code for code in get_units() if ucum.read(code) is None] == []


def test_factors_agree_with_pint() -> None:
    """An independent reader of UCUM finds the same factors, to the precision of a float."""
    from ucumvert import PintUcumRegistry, UcumToPintTransformer
    from ucumvert.parser import parse_ucum

    registry = PintUcumRegistry()
    transformer = UcumToPintTransformer(registry)
    quantities = {code: transformer.transform(parse_ucum(code)) for code in LINEAR_SI}
    compared = 0
    for source in LINEAR_SI:
        for target in LINEAR_SI:
            factor = conversion_factor(Unit(source), Unit(target))
            same = quantities[source].is_compatible_with(quantities[target].units)
            assert same == (not isinstance(factor, UnitError))
            if not isinstance(factor, UnitError):
                found = (quantities[source] / quantities[target]).to_base_units().magnitude
                assert float(factor) == pytest.approx(found, rel=1e-12)
                compared += 1
    assert compared > len(LINEAR_SI)


def test_everyday_units_need_no_library() -> None:
    program = (
        "import sys\n"
        "from pathway_compiler.datatypes.units import convert, parse_unit\n"
        "assert convert(30, parse_unit('mm'), parse_unit('cm')) == 3\n"
        "parse_unit('mcg'), convert(1, parse_unit('d'), parse_unit('years'))\n"
        "assert not {'pint', 'ucumvert', 'lark'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
