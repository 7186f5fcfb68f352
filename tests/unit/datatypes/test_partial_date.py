"""Dates known to the day, the month or the year."""

from __future__ import annotations

import datetime
import operator
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pathway_compiler.datatypes.number import Comparison, Interval, Number, interval
from pathway_compiler.datatypes.partial_date import (
    CalendarUnit,
    PartialDate,
    compare_dates,
    duration_between,
    from_date,
    parse_date,
    shift,
)

COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

# Few years, leap and not, so that the dates drawn often meet.
full_dates = st.dates(datetime.date(2015, 1, 1), datetime.date(2018, 12, 31)).map(from_date)
months = st.builds(PartialDate, st.integers(2015, 2018), st.integers(1, 12))
years = st.builds(PartialDate, st.integers(2015, 2018))
dates = full_dates | months | years
units = st.sampled_from(get_args(CalendarUnit))


def date(text: str) -> PartialDate:
    parsed = parse_date(text)
    assert parsed is not None
    return parsed


def completions(partial: PartialDate) -> list[datetime.date]:
    """Every day that a partial date can stand for, found by walking through the calendar."""
    days = []
    day = datetime.date(partial.year, 1, 1)
    while day.year == partial.year:
        if partial.month in (None, day.month) and partial.day in (None, day.day):
            days.append(day)
        day += datetime.timedelta(days=1)
    return days


def completed_by_counting(unit: CalendarUnit, start: datetime.date, end: datetime.date) -> int:
    """Completed periods between two days, by counting anniversaries rather than by formula."""
    if end < start:
        return -completed_by_counting(unit, end, start)
    count = 0
    while _anniversary_key(unit, start, count + 1) <= (end.year, end.month, end.day):
        count += 1
    return count


def _anniversary_key(unit: CalendarUnit, start: datetime.date, count: int) -> tuple[int, int, int]:
    if unit in ("weeks", "days"):
        day = start + datetime.timedelta(days=count * (7 if unit == "weeks" else 1))
        return day.year, day.month, day.day
    month = start.year * 12 + start.month - 1 + count * (12 if unit == "years" else 1)
    return month // 12, month % 12 + 1, start.day


@pytest.mark.parametrize("text", ["2016", "2016-05", "2016-05-03", "2016-02-29", "1000", "9999"])
def test_an_iso_date_is_read_and_written_the_same(text: str) -> None:
    """CQL 1.5: `ToDate`, `ToString`."""
    assert str(date(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "2016-05-03T10:00:00Z",
        "2016-05-03T23:59:60.123+02:00",
        "2016-05-03T10:00",
        "2016-05-03T10",
    ],
)
def test_a_timestamp_is_read_as_the_date_written_in_it(text: str) -> None:
    """CQL 1.5: `date from`."""
    assert parse_date(text) == PartialDate(2016, 5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "16",
        "0999",
        "20160503",
        "2016-13",
        "2016-00",
        "2016-5",
        "2015-02-29",
        "2016-04-31",
        "2016-05-03T",
        "2016-05-03Z",
        "2016-05-03T10:61:00Z",
        "2016-05T10:00:00Z",
        "2016-05-03 ",
        "٢٠١٦",
        "03/05/2016",
    ],
)
def test_text_that_is_not_an_iso_date_is_refused(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "parts", [(999, None, None), (10000, None, None), (2016, None, 3), (2016, 13), (2015, 2, 29)]
)
def test_a_date_off_the_calendar_cannot_be_made(parts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"year|month|day"):
        PartialDate(*parts)


def test_a_date_can_be_a_dictionary_key() -> None:
    assert {date("2016-05"): 1}[PartialDate(2016, 5)] == 1


@given(dates)
def test_the_earliest_and_latest_day_bound_every_completion(partial: PartialDate) -> None:
    """CQL 1.5: `LowBoundary`, `HighBoundary`."""
    days = completions(partial)
    assert (partial.earliest, partial.latest) == (min(days), max(days))


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_a_calendar_day_keeps_its_parts(day: datetime.date) -> None:
    partial = from_date(day)
    assert partial.earliest == partial.latest == day
    assert parse_date(day.isoformat()) == partial


def test_two_dates_in_the_same_year_may_be_different_days() -> None:
    assert compare_dates("=", date("2016"), date("2016")) is None
    assert compare_dates("!=", date("2016-05"), date("2016-05")) is None
    assert compare_dates("=", date("2016-05-03"), date("2016-05-03")) is True


def test_a_comparison_is_decided_where_every_day_agrees() -> None:
    """CQL 1.5: `Less`, `LessOrEqual`, `Equal` of dates."""
    assert compare_dates("<", date("2015"), date("2016-01")) is True
    assert compare_dates("<", date("2016"), date("2016-05")) is None
    assert compare_dates("<=", date("2016-05"), date("2016-05-31")) is True
    assert compare_dates("=", date("2016"), date("2017-01-01")) is False


@settings(max_examples=60, deadline=None)
@given(dates, dates)
def test_a_comparison_equals_brute_force_over_all_completions(
    left: PartialDate, right: PartialDate
) -> None:
    """CQL 1.5: comparison of dates with uncertainty."""
    orders = {(a > b) - (a < b) for a in completions(left) for b in completions(right)}
    comparison: Comparison
    for comparison in get_args(Comparison):
        answers = {COMPARE[comparison](order, 0) for order in orders}
        expected = answers.pop() if len(answers) == 1 else None
        assert compare_dates(comparison, left, right) is expected


@pytest.mark.parametrize(
    ("unit", "start", "end", "count"),
    [
        ("years", "2012-03-10", "2013-03-10", 1),
        ("years", "2012-03-10", "2013-03-09", 0),
        ("years", "2016-02-29", "2017-02-28", 0),
        ("years", "2016-02-29", "2017-03-01", 1),
        ("months", "2016-01-31", "2016-02-29", 0),
        ("months", "2016-01-31", "2016-03-31", 2),
        ("months", "2016-03-31", "2016-01-31", -2),
        ("months", "2016-03-30", "2016-01-31", -1),
        ("weeks", "2016-01-01", "2016-01-14", 1),
        ("weeks", "2016-01-14", "2016-01-01", -1),
        ("days", "2016-02-28", "2016-03-01", 2),
    ],
)
def test_completed_calendar_periods_are_counted(
    unit: CalendarUnit, start: str, end: str, count: int
) -> None:
    """CQL 1.5: `years between`, `months between`, `weeks between`, `days between`."""
    assert duration_between(unit, date(start), date(end)) == count


@pytest.mark.parametrize(
    ("unit", "start", "end", "expected"),
    [
        ("years", "2005", "2010", Interval(4, 5)),
        ("months", "2016-05", "2016-07", Interval(1, 2)),
        ("months", "2016", "2016", Interval(-11, 11)),
        ("days", "2016-02", "2016-02", Interval(-28, 28)),
        ("years", "2016", "2016-06-30", 0),
    ],
)
def test_partial_dates_give_an_interval_of_durations(
    unit: CalendarUnit, start: str, end: str, expected: Number | Interval
) -> None:
    """CQL 1.5: `years between` and the like, of dates with uncertainty."""
    assert duration_between(unit, date(start), date(end)) == expected


@settings(max_examples=80, deadline=None)
@given(units, dates, full_dates, st.booleans())
def test_a_duration_equals_brute_force_over_all_completions(
    unit: CalendarUnit, partial: PartialDate, full: PartialDate, reverse: bool
) -> None:
    """CQL 1.5: `months between` and the like, of one partial date and a day."""
    start, end = (full, partial) if reverse else (partial, full)
    counts = [
        completed_by_counting(unit, a, b) for a in completions(start) for b in completions(end)
    ]
    assert duration_between(unit, start, end) == interval(min(counts), max(counts))


@given(units, dates, dates)
def test_periods_begun_are_the_fewest_that_reach_the_end(
    unit: CalendarUnit, start: PartialDate, end: PartialDate
) -> None:
    """What lies within n periods has at most n of them begun, and more than n - 1 completed."""
    for a in (start.earliest, start.latest):
        for b in (end.earliest, end.latest):
            begun = duration_between(unit, from_date(a), from_date(b), begun=True)
            completed = completed_by_counting(unit, a, b)
            if b <= a:
                assert begun == completed
            else:
                day_before = completed_by_counting(unit, a, b - datetime.timedelta(days=1))
                assert begun == day_before + 1
                assert begun in (completed, completed + 1)


@settings(max_examples=80, deadline=None)
@given(units, dates, full_dates, st.booleans())
def test_periods_begun_equal_brute_force_over_all_completions(
    unit: CalendarUnit, partial: PartialDate, full: PartialDate, reverse: bool
) -> None:
    start, end = (full, partial) if reverse else (partial, full)
    counts = [
        duration_between(unit, from_date(a), from_date(b), begun=True)
        for a in completions(start)
        for b in completions(end)
    ]
    assert all(isinstance(count, int) for count in counts)
    assert duration_between(unit, start, end, begun=True) == interval(min(counts), max(counts))


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["years", "months"]), months | years, months | years)
def test_a_duration_of_two_partial_dates_equals_brute_force(
    unit: CalendarUnit, start: PartialDate, end: PartialDate
) -> None:
    """CQL 1.5: `months between`; the two dates are completed independently."""
    assume(start.month is not None or end.month is not None)
    counts = [
        completed_by_counting(unit, a, b) for a in completions(start) for b in completions(end)
    ]
    assert duration_between(unit, start, end) == interval(min(counts), max(counts))


@given(units, dates, dates)
def test_a_duration_turns_its_sign_when_the_dates_are_swapped(
    unit: CalendarUnit, start: PartialDate, end: PartialDate
) -> None:
    forth, back = duration_between(unit, start, end), duration_between(unit, end, start)
    if isinstance(forth, Interval):
        assert forth.low is not None
        assert forth.high is not None
        assert back == Interval(-forth.high, -forth.low)
    else:
        assert back == -forth


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2016-05-03", 2, "years", "2018-05-03"),
        ("2016-02-29", 1, "years", "2017-02-28"),
        ("2016-01-31", 1, "months", "2016-02-29"),
        ("2016-01-31", -2, "months", "2015-11-30"),
        ("2016-02-28", 2, "days", "2016-03-01"),
        ("2016-05-03", -1, "weeks", "2016-04-26"),
        ("2014", 25, "months", "2016"),
        ("2014", -25, "months", "2012"),
        ("2014", 735, "days", "2016"),
        ("2014", 51, "weeks", "2014"),
        ("2014", 53, "weeks", "2015"),
        ("2014-06", 33, "days", "2014-07"),
        ("2014-06", -5, "weeks", "2014-05"),
        ("2014-12", 1, "years", "2015-12"),
    ],
)
def test_a_date_moves_and_keeps_its_precision(
    start: str, amount: int, unit: CalendarUnit, end: str
) -> None:
    """CQL 1.5: `Add` and `Subtract` of a date and a quantity."""
    assert str(shift(date(start), amount, unit)) == end


@pytest.mark.parametrize("start", ["9999-12-31", "9999-12", "9999"])
@pytest.mark.parametrize("unit", get_args(CalendarUnit))
def test_a_date_that_leaves_the_calendar_is_nothing(start: str, unit: CalendarUnit) -> None:
    """CQL 1.5: `Add`, whose result is null when it cannot be represented."""
    assert shift(date(start), 400, unit) is None
    assert shift(date(start), -(10**12), unit) is None


@given(dates, units)
def test_moving_by_nothing_changes_nothing(start: PartialDate, unit: CalendarUnit) -> None:
    assert shift(start, 0, unit) == start


@given(full_dates, st.integers(-3000, 3000), st.sampled_from(["weeks", "days"]))
def test_moving_by_days_or_weeks_is_what_the_duration_counts(
    start: PartialDate, amount: int, unit: CalendarUnit
) -> None:
    """CQL 1.5: `Add` and `days between` agree."""
    end = shift(start, amount, unit)
    assert end is not None
    assert duration_between(unit, start, end) == amount
