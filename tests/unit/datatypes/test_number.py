"""Exact numbers and intervals."""

from __future__ import annotations

import operator
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway_compiler.datatypes.number import (
    Comparison,
    Interval,
    Number,
    add,
    compare,
    divide,
    exact,
    format_number,
    interval,
    multiply,
    parse_number,
    subtract,
)

COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

numbers = st.integers(-30, 30) | st.fractions(-30, 30, max_denominator=12)


@st.composite
def quantities_with_a_member(draw: st.DrawFn) -> tuple[Number | Interval, Number]:
    """A number or interval, possibly open, and one value inside it."""
    member = draw(numbers)
    below = draw(st.none() | st.just(0) | st.integers(1, 20))
    above = draw(st.none() | st.just(0) | st.integers(1, 20))
    low = None if below is None else member - below
    high = None if above is None else member + above
    return interval(low, high), member


quantities = quantities_with_a_member().map(lambda pair: pair[0])
small_intervals = st.tuples(st.integers(-5, 5), st.integers(-5, 5)).map(
    lambda ends: interval(min(ends), max(ends))
)


def members(quantity: Number | Interval) -> list[int]:
    """The integers of a bounded quantity with integer bounds."""
    if not isinstance(quantity, Interval):
        return [int(quantity)]
    assert quantity.low is not None
    assert quantity.high is not None
    return list(range(int(quantity.low), int(quantity.high) + 1))


def contains(quantity: Number | Interval, member: Number) -> bool:
    if not isinstance(quantity, Interval):
        return quantity == member
    return (quantity.low is None or quantity.low <= member) and (
        quantity.high is None or member <= quantity.high
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("30", 30),
        ("-0.5", Fraction(-1, 2)),
        ("+2.50", Fraction(5, 2)),
        (".5", Fraction(1, 2)),
        ("2.0", 2),
        ("1.2e3", 1200),
        ("1E-2", Fraction(1, 100)),
    ],
)
def test_decimal_text_is_read_exactly(text: str, number: Number) -> None:
    assert parse_number(text) == number
    assert type(parse_number(text)) is type(number)


@pytest.mark.parametrize(
    "text", ["", "x", "1,5", "1.", "1/3", "--1", "nan", "inf", "0x1", "1_000", "١", " 1", "1e"]
)
def test_text_that_is_not_a_decimal_is_refused(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["1e31", "1e-31", "1e999999999", "1" * 101, "1e" + "9" * 5000])
def test_numbers_too_large_to_hold_exactly_are_refused(text: str) -> None:
    assert parse_number(text) is None


def test_a_float_stands_for_the_decimal_it_prints_as() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(1e22) == 10**22
    assert exact(5e-324) == Fraction(5, 10**324)


def test_every_kind_of_number_becomes_exact_and_whole_numbers_become_integers() -> None:
    for value in (2, 2.0, Decimal("2.00"), Fraction(4, 2), "2.0"):
        assert exact(value) == 2
        assert type(exact(value)) is int


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("1e9999999"), "two", True]
)
def test_what_is_not_a_finite_number_is_refused(value: float | Decimal | str) -> None:
    with pytest.raises(ValueError, match="number"):
        exact(value)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (-7, "-7"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(-201, 100), "-2.01"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(-2, 3), "-0.666667"),
        (Fraction(20000000, 3), "6666670"),
        (Fraction(2999999999, 3), "1000000000"),
        (Fraction(1, 3 * 10**9), "0.000000000333333"),
    ],
)
def test_a_number_is_written_as_a_reader_expects_it(number: Number, text: str) -> None:
    assert format_number(number) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1e9, max_value=1e9))
def test_a_decimal_that_is_written_and_read_is_the_same_number(value: Decimal) -> None:
    number = exact(value)
    assert parse_number(format_number(number)) == number


def test_an_interval_whose_bounds_meet_is_a_number() -> None:
    assert interval(3, 3) == 3
    assert type(interval(Fraction(6, 2), Fraction(6, 2))) is int
    assert interval(None, 3) == Interval(None, 3)


def test_bounds_in_the_wrong_order_are_a_bug() -> None:
    with pytest.raises(ValueError, match="lies above"):
        interval(4, 3)


def test_zero_times_an_unknown_quantity_is_zero() -> None:
    """CQL 1.5: `Multiply`, of an uncertainty."""
    assert multiply(Interval(None, None), 0) == 0


def test_an_open_side_stays_open() -> None:
    """CQL 1.5: `Add`, `Subtract`, `Multiply`, of an uncertainty."""
    assert add(Interval(2, None), 3) == Interval(5, None)
    assert subtract(1, Interval(2, None)) == Interval(None, -1)
    assert multiply(Interval(2, None), Interval(-4, -3)) == Interval(None, -6)
    assert multiply(Interval(None, 2), Interval(-1, 3)) == Interval(None, None)


def test_division_is_exact() -> None:
    """CQL 1.5: `Divide`."""
    assert divide(1, 3) == Fraction(1, 3)
    assert divide(6, 3) == 2
    assert divide(Interval(3, 6), -3) == Interval(-2, -1)


def test_division_by_zero_is_a_bug() -> None:
    with pytest.raises(ZeroDivisionError):
        divide(1, 0)


@given(quantities_with_a_member(), quantities_with_a_member())
def test_interval_arithmetic_contains_every_pointwise_result(
    left_pair: tuple[Number | Interval, Number], right_pair: tuple[Number | Interval, Number]
) -> None:
    (left, a), (right, b) = left_pair, right_pair
    assert contains(add(left, right), a + b)
    assert contains(subtract(left, right), a - b)
    assert contains(multiply(left, right), a * b)
    if b != 0:
        assert contains(divide(left, b), exact(Fraction(a) / b))


@given(small_intervals, small_intervals)
def test_interval_arithmetic_is_tight(left: Number | Interval, right: Number | Interval) -> None:
    for function, pointwise in (
        (add, operator.add),
        (subtract, operator.sub),
        (multiply, operator.mul),
    ):
        results = [pointwise(a, b) for a in members(left) for b in members(right)]
        assert function(left, right) == interval(min(results), max(results))


@given(st.sampled_from(get_args(Comparison)), small_intervals, small_intervals)
def test_a_comparison_is_decided_exactly_where_every_member_agrees(
    comparison: Comparison, left: Number | Interval, right: Number | Interval
) -> None:
    """CQL 1.5: comparison of uncertainties."""
    answers = {COMPARE[comparison](a, b) for a in members(left) for b in members(right)}
    assert compare(comparison, left, right) == (answers.pop() if len(answers) == 1 else None)


@given(quantities, quantities)
def test_opposite_comparisons_have_opposite_answers(
    left: Number | Interval, right: Number | Interval
) -> None:
    opposites: list[tuple[Comparison, Comparison]] = [("=", "!="), ("<", ">="), ("<=", ">")]
    for one, other in opposites:
        answer = compare(one, left, right)
        assert compare(other, left, right) == (None if answer is None else not answer)


def test_a_bound_that_is_known_can_decide_although_the_other_is_open() -> None:
    assert compare(">", Interval(24, None), 12) is True
    assert compare("<", Interval(24, None), 24) is False
    assert compare("=", Interval(None, 3), 4) is False
    assert compare("=", Interval(None, None), 4) is None
