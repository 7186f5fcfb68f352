"""Exact numbers, and quantities known only within bounds.

A number is an `int` or a `Fraction`, never a `float`: 0.1 + 0.2 is 0.3, and a threshold means
what the guideline prints. A quantity that the record leaves open, such as the months since
a date of which only the year is known, is an `Interval`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never

__all__ = [
    "Comparison",
    "Interval",
    "Number",
    "add",
    "compare",
    "divide",
    "exact",
    "format_number",
    "interval",
    "multiply",
    "parse_number",
    "subtract",
]

Number: TypeAlias = int | Fraction
Comparison: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Interval:
    """A quantity known to lie between two bounds, both included; `None` leaves a side open.

    CQL 1.5 calls this an uncertainty.
    """

    low: Number | None
    high: Number | None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the low bound {self.low} lies above the high bound {self.high}")


def interval(low: Number | None, high: Number | None) -> Number | Interval:
    """Return the quantity between two bounds: a plain number where the bounds meet."""
    if low is not None and low == high:
        return _reduced(low)
    return Interval(_reduced_bound(low), _reduced_bound(high))


def parse_number(text: str) -> Number | None:
    """Read a decimal number such as `30`, `-0.5` or `1.2e3` exactly; `None` if it is not one.

    A number with an exponent outside -30 to 30, or longer than 100 characters, is refused:
    no clinical quantity needs it, and its exact value could fill the memory.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None or len(text) > _LONGEST_TEXT:
        return None
    exponent = match["exponent"]
    if exponent is not None and abs(int(exponent)) > _LARGEST_EXPONENT:
        return None
    return _reduced(Fraction(text))


def exact(value: int | float | Decimal | Fraction | str) -> Number:
    """Return the exact number that a value stands for.

    A `float` stands for the decimal it prints as: 0.1, as read from JSON, is one tenth.
    Raises `ValueError` for what is not a finite number.
    """
    match value:
        case bool():
            raise ValueError(f"{value} is a truth value, not a number")
        case int() | Fraction():
            return _reduced(value)
        case float():
            return exact(Decimal(repr(value)))
        case Decimal():
            if not value.is_finite() or abs(value.adjusted()) > _LARGEST_DECIMAL_MAGNITUDE:
                raise ValueError(f"{value} cannot be held as an exact number")
            return _reduced(Fraction(value))
        case str():
            number = parse_number(value)
            if number is None:
                raise ValueError(f"`{value}` is not a number")
            return number
        case _:
            assert_never(value)


def format_number(number: Number) -> str:
    """Write a number as a reader expects it: the shortest decimal, without an exponent.

    A number whose decimal never ends is rounded to 6 significant digits: 1/3 is `0.333333`.
    """
    fraction = Fraction(number)
    places = _decimal_places(fraction.denominator)
    if places is None:
        context = Context(prec=_SIGNIFICANT_DIGITS)
        rounded = context.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
        text = f"{rounded:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if places == 0:
        return str(fraction.numerator)
    digits = str(abs(fraction.numerator) * 10**places // fraction.denominator)
    digits = digits.rjust(places + 1, "0")
    sign = "-" if fraction < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def add(left: Number | Interval, right: Number | Interval) -> Number | Interval:
    """Add two quantities. CQL 1.5: `Add`."""
    (left_low, left_high), (right_low, right_high) = _ends(left), _ends(right)
    return _from_ends(_end_sum(left_low, right_low), _end_sum(left_high, right_high))


def subtract(left: Number | Interval, right: Number | Interval) -> Number | Interval:
    """Subtract the right quantity from the left one. CQL 1.5: `Subtract`.

    The two are taken as independent: an interval minus itself is not zero.
    """
    return add(left, multiply(right, -1))


def multiply(left: Number | Interval, right: Number | Interval) -> Number | Interval:
    """Multiply two quantities. CQL 1.5: `Multiply`."""
    products = [_end_product(a, b) for a in _ends(left) for b in _ends(right)]
    return _from_ends(min(products), max(products))


def divide(left: Number | Interval, right: Number) -> Number | Interval:
    """Divide a quantity by a number other than zero. CQL 1.5: `Divide`.

    The checker has proved that the divisor is not zero; `ZeroDivisionError` is a bug of ours.
    """
    return multiply(left, 1 / Fraction(right))


def compare(operator: Comparison, left: Number | Interval, right: Number | Interval) -> bool | None:
    """Compare two quantities; `None` where the bounds leave it undecided.

    CQL 1.5: comparison of uncertainties, which is null unless every possible value agrees.
    """
    match operator:
        case "=":
            return _equal(left, right)
        case "!=":
            return _negated(_equal(left, right))
        case "<":
            return _less(left, right)
        case "<=":
            return _negated(_less(right, left))
        case ">":
            return _less(right, left)
        case ">=":
            return _negated(_less(left, right))
        case _:
            assert_never(operator)


_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE](?P<exponent>[+-]?[0-9]+))?")
_LONGEST_TEXT = 100
_LARGEST_EXPONENT = 30
_LARGEST_DECIMAL_MAGNITUDE = 400  # covers every finite float
_SIGNIFICANT_DIGITS = 6

# An end of an interval: a number, or an infinity where the side is open. The infinities are
# the only floats here; they are compared, and never enter arithmetic.
_End: TypeAlias = Number | float


def _ends(value: Number | Interval) -> tuple[_End, _End]:
    if not isinstance(value, Interval):
        return value, value
    low = -math.inf if value.low is None else value.low
    high = math.inf if value.high is None else value.high
    return low, high


def _from_ends(low: _End, high: _End) -> Number | Interval:
    return interval(
        None if isinstance(low, float) else low,
        None if isinstance(high, float) else high,
    )


def _end_sum(left: _End, right: _End) -> _End:
    """Add two lower ends or two upper ends, so that infinities never have opposite signs."""
    if isinstance(left, float):
        return left
    if isinstance(right, float):
        return right
    return left + right


def _end_product(left: _End, right: _End) -> _End:
    """Multiply two ends; zero times an open side is zero, since every value there is finite."""
    if left == 0 or right == 0:
        return 0
    if isinstance(left, float) or isinstance(right, float):
        return math.inf if (left > 0) == (right > 0) else -math.inf
    return left * right


def _equal(left: Number | Interval, right: Number | Interval) -> bool | None:
    (left_low, left_high), (right_low, right_high) = _ends(left), _ends(right)
    if left_high < right_low or right_high < left_low:
        return False
    if left_low == left_high == right_low == right_high:
        return True
    return None


def _less(left: Number | Interval, right: Number | Interval) -> bool | None:
    (left_low, left_high), (right_low, right_high) = _ends(left), _ends(right)
    if left_high < right_low:
        return True
    if left_low >= right_high:
        return False
    return None


def _negated(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _reduced(number: Number) -> Number:
    return number.numerator if number.denominator == 1 else number


def _reduced_bound(bound: Number | None) -> Number | None:
    return None if bound is None else _reduced(bound)


def _decimal_places(denominator: int) -> int | None:
    """Count the decimal places of a reduced fraction; `None` when its decimal never ends."""
    counts = []
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        counts.append(count)
    return max(counts) if denominator == 1 else None
