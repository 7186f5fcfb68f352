"""Dates as charts have them: a day, a month, or only a year.

A partial date stands for one unknown day within its month or year. A comparison is decided
only where every such day agrees, and a duration is an interval of all that is possible.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from pathway_compiler.datatypes.number import Comparison, Interval, Number, compare, interval

__all__ = [
    "CalendarUnit",
    "PartialDate",
    "compare_dates",
    "duration_between",
    "from_date",
    "parse_date",
    "shift",
]

CalendarUnit: TypeAlias = Literal["years", "months", "weeks", "days"]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, to the month or to the year, between 1000 and 9999.

    Two partial dates are equal as Python values when they are written the same;
    whether they are the same day is the question that `compare_dates` answers.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise ValueError(f"the year {self.year} lies outside {_FIRST_YEAR} to {_LAST_YEAR}")
        if self.month is None:
            if self.day is not None:
                raise ValueError("a day needs a month")
        elif not 1 <= self.month <= _MONTHS_IN_YEAR:
            raise ValueError(f"there is no month {self.month}")
        elif self.day is not None and not 1 <= self.day <= _month_length(self.year, self.month):
            raise ValueError(f"there is no day {self.day} in {self.year:04}-{self.month:02}")

    @property
    def earliest(self) -> datetime.date:
        """The first day that this date can stand for. CQL 1.5: `LowBoundary`."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> datetime.date:
        """The last day that this date can stand for. CQL 1.5: `HighBoundary`."""
        month = self.month or _MONTHS_IN_YEAR
        return datetime.date(self.year, month, self.day or _month_length(self.year, month))

    def __str__(self) -> str:
        text = f"{self.year:04}"
        if self.month is not None:
            text += f"-{self.month:02}"
        if self.day is not None:
            text += f"-{self.day:02}"
        return text


def parse_date(text: str) -> PartialDate | None:
    """Read an ISO 8601 date such as `2016`, `2016-05` or `2016-05-03`; `None` if it is not one.

    A timestamp such as `2016-05-03T10:00:00Z` is read as the date written in it,
    whatever its time zone. CQL 1.5: `ToDate`.
    """
    match = _ISO_DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (None if part is None else int(part) for part in match.groups())
    assert year is not None
    try:
        return PartialDate(year, month, day)
    except ValueError:
        return None


def from_date(date: datetime.date) -> PartialDate:
    """Return the same day as a partial date that is known to the day."""
    return PartialDate(date.year, date.month, date.day)


def compare_dates(operator: Comparison, left: PartialDate, right: PartialDate) -> bool | None:
    """Compare two dates; `None` where their precision does not decide.

    CQL 1.5: comparison of dates with uncertainty. It differs from CQL in two cases. CQL calls
    `2016 = 2016` true; here it is undecided, because the two may be different days of that year.
    CQL leaves `2016-05 <= 2016-05-31` undecided; here it is true, because each day agrees.
    """
    return compare(operator, _day_numbers(left), _day_numbers(right))


def duration_between(
    unit: CalendarUnit, start: PartialDate, end: PartialDate, *, begun: bool = False
) -> Number | Interval:
    """Count the completed calendar periods from start to end, negative when end comes first.

    CQL 1.5: `years between`, `months between`, `weeks between`, `days between` (durations, not
    differences), truncated towards zero in both directions. With partial dates the result is
    the tight interval of all counts, each date being any of the days it can stand for.

    `begun` counts a period as soon as one of its days has passed, which CQL has no word for: what
    lies within 12 months has at most 12 of them begun.
    """
    count = _begun if begun else _completed
    # The count never falls when the end moves later or the start moves earlier.
    fewest = count(unit, start.latest, end.earliest)
    most = count(unit, start.earliest, end.latest)
    return interval(fewest, most)


def shift(date: PartialDate, amount: int, unit: CalendarUnit) -> PartialDate | None:
    """Move a date by an amount of calendar time; `None` outside the years 1000 to 9999.

    CQL 1.5: `Add` and `Subtract` of a date and a quantity. A day past the end of the month
    becomes its last day. The precision stays: an amount finer than the date is first turned
    into whole months of 30 days, or whole years of 12 months or 365 days, so that
    2014 + 25 months is 2016.
    """
    if unit == "years" or unit == "months":
        months = amount * _MONTHS_IN_UNIT[unit]
        if date.month is None:
            return _shift_years(date, _truncated_division(months, _MONTHS_IN_YEAR))
        return _shift_months(date, months)
    days = amount * _DAYS_IN_UNIT[unit]
    if date.month is None:
        return _shift_years(date, _truncated_division(days, _DAYS_IN_YEAR))
    if date.day is None:
        return _shift_months(date, _truncated_division(days, _DAYS_IN_MONTH))
    try:
        return from_date(date.earliest + datetime.timedelta(days=days))
    except (OverflowError, ValueError):
        return None


_FIRST_YEAR = 1000
_LAST_YEAR = 9999
_MONTHS_IN_YEAR = 12
_DAYS_IN_YEAR = 365
_DAYS_IN_MONTH = 30
_DAYS_IN_WEEK = 7
_MONTHS_IN_UNIT = {"years": _MONTHS_IN_YEAR, "months": 1}
_DAYS_IN_UNIT = {"weeks": _DAYS_IN_WEEK, "days": 1}

_ISO_TIME = (
    r"T(?:[01][0-9]|2[0-4])(?::[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\.[0-9]+)?)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_ISO_DATE = re.compile(rf"([0-9]{{4}})(?:-([0-9]{{2}})(?:-([0-9]{{2}})(?:{_ISO_TIME})?)?)?")


def _month_length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _day_numbers(date: PartialDate) -> Number | Interval:
    return interval(date.earliest.toordinal(), date.latest.toordinal())


def _begun(unit: CalendarUnit, start: datetime.date, end: datetime.date) -> int:
    completed = _completed(unit, start, end)
    if end <= start:
        return completed  # before the start, the end of a period is where it begins
    return completed + (_completed(unit, start, end - datetime.timedelta(days=1)) == completed)


def _completed(unit: CalendarUnit, start: datetime.date, end: datetime.date) -> int:
    match unit:
        case "years":
            return _truncated_division(_completed_months(start, end), _MONTHS_IN_YEAR)
        case "months":
            return _completed_months(start, end)
        case "weeks":
            return _truncated_division((end - start).days, _DAYS_IN_WEEK)
        case "days":
            return (end - start).days
        case _:
            assert_never(unit)


def _completed_months(start: datetime.date, end: datetime.date) -> int:
    """Count whole months: one is complete when its day of the month is reached."""
    if end < start:
        return -_completed_months(end, start)
    months = (end.year - start.year) * _MONTHS_IN_YEAR + end.month - start.month
    return months - 1 if end.day < start.day else months


def _shift_months(date: PartialDate, months: int) -> PartialDate | None:
    assert date.month is not None
    months += date.year * _MONTHS_IN_YEAR + date.month - 1
    year, month_before = divmod(months, _MONTHS_IN_YEAR)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    month = month_before + 1
    day = None if date.day is None else min(date.day, _month_length(year, month))
    return PartialDate(year, month, day)


def _shift_years(date: PartialDate, years: int) -> PartialDate | None:
    year = date.year + years
    return PartialDate(year) if _FIRST_YEAR <= year <= _LAST_YEAR else None


def _truncated_division(amount: int, divisor: int) -> int:
    """Divide and drop the remainder, towards zero for negative amounts as well."""
    quotient = abs(amount) // divisor
    return quotient if amount >= 0 else -quotient
