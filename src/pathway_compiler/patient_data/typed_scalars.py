"""Single values, read by the type that their element has.

Each function returns `None` after a mistake, which is noted.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import assert_never

from pathway_compiler.datatypes.number import Number, exact, format_number, parse_number
from pathway_compiler.datatypes.partial_date import PartialDate, parse_date
from pathway_compiler.datatypes.units import UnitError, convert, parse_unit
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    DateType,
    EnumType,
    ListType,
    NumberType,
    NumericType,
    QuantityType,
    RecordType,
    SetType,
    Type,
    UnknownType,
    describe_type,
)
from pathway_compiler.model.vocabulary import Scalar
from pathway_compiler.patient_data.fact_names import FactNames
from pathway_compiler.patient_data.mistakes import At, Mistakes
from pathway_compiler.patient_data.raw import (
    HOW_TO_DATE, MOST_BITS, Plain, Raw, RepeatedKeys, Unusable, described, quoted, written,
)

__all__ = ["ScalarReader"]


class ScalarReader:
    """Reads yes and no, names, numbers, quantities and dates of one patient."""

    def __init__(self, names: FactNames, mistakes: Mistakes) -> None:
        self._names = names
        self._mistakes = mistakes

    def read(self, type_: Type, raw: Raw, at: At) -> Scalar | None:
        match type_:
            case EnumType() | ActionType():
                return self._named(type_, raw, at)
            case BooleanType():
                return self._boolean(raw, at)
            case CountType() | NumberType() | QuantityType():
                return self.number(type_, raw, at)
            case DateType():
                return self.date(raw, at)
            case SetType() | ListType() | RecordType() | UnknownType():
                self._mistakes.wrong("data-wrong-type", f"a {describe_type(type_)} cannot be read", at)
                return None
            case _:
                assert_never(type_)

    def _named(self, type_: EnumType | ActionType, raw: Raw, at: At) -> str | None:
        if isinstance(raw, str) and self._names.has_value(type_, raw):
            return str(raw)
        if isinstance(raw, str | int | Fraction) and not isinstance(raw, Unusable):
            word = written(raw)
            if isinstance(type_, EnumType):
                what = "one of its values"
            else:
                what = f"an {type_.kind}" if type_.kind[0] in "ai" else f"a {type_.kind}"
                what += " of the guideline"
            help = _if_missing(word) or self._names.suggest_value(type_, word)
            self._mistakes.wrong("data-unknown-value", f"{quoted(word)} is not {what}", at, help)
            return None
        self._mistakes.wrong(
            "data-wrong-type", f"a name is needed, and this is {described(raw)}", at, _HOW_TO_NAME
        )
        return None

    def _boolean(self, raw: Raw, at: At) -> bool | None:
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, str) and not isinstance(raw, Unusable):
            truth = _TRUTHS.get(raw.lower())
            if truth is not None:
                return truth
        self._mistakes.wrong(
            "data-wrong-type",
            f"yes or no is needed, and this is {described(raw)}",
            at,
            (_if_missing(raw) if isinstance(raw, str) else None) or "write true or false",
        )
        return None

    def date(self, raw: Raw, at: At) -> PartialDate | None:
        if isinstance(raw, PartialDate):
            return raw
        if isinstance(raw, Unusable) or isinstance(raw, bool) or not isinstance(raw, str | int):
            self._mistakes.wrong(
                "data-wrong-type", f"a date is needed, and this is {described(raw)}", at, HOW_TO_DATE
            )
            return None
        text = written(raw)
        date = parse_date(text)
        if date is None:
            loose = _LOOSE_DATE.fullmatch(text)
            padded = "-".join(part.zfill(2) for part in loose.groups() if part) if loose else ""
            if parse_date(padded) is not None:
                help: str | None = f"did you mean `{padded}`?"
            else:
                help = _if_missing(text) or HOW_TO_DATE
            if _ISO_SHAPE.match(text):
                message = f"the calendar has no day {quoted(text)}"
            else:
                message = f"{quoted(text)} is not a date"
            self._mistakes.wrong("data-date", message, at, help)
        return date

    # Numbers.

    def number(
        self,
        type_: NumericType,
        raw: Raw,
        at: At,
        unit: Raw = None,
        unit_at: At | None = None,
    ) -> Number | None:
        found = self._number_and_unit(raw, at)
        if found is None:
            return None
        number, unit_behind = found
        if unit_at is not None:
            if unit_behind:
                self._mistakes.wrong("data-unit", "there are two units", unit_at, "remove one of them")
                return None
            if not isinstance(unit, str) or isinstance(unit, Unusable):
                self._mistakes.wrong(
                    "data-unit", f"a unit is needed, and this is {described(unit)}", unit_at
                )
                return None
            unit_behind, at_unit = unit.strip(), unit_at
        else:
            at_unit = at
        if max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS:
            self._mistakes.wrong("data-wrong-type", "this number has more digits than are read", at)
            return None
        if unit_behind:
            converted = self._converted(type_, number, unit_behind, at_unit)
            if converted is None:
                return None
            number = converted
        if isinstance(type_, CountType) and not isinstance(number, int):
            self._mistakes.wrong(
                "data-wrong-type",
                f"a whole number is needed, and this is {format_number(number)}",
                at,
                "write a whole number, such as 2",
            )
            return None
        return self._in_range(type_, number, at)

    def _number_and_unit(self, raw: Raw, at: At) -> tuple[Number, str] | None:
        """A number, and the unit that is written behind it in the same text."""
        if isinstance(raw, int | Fraction) and not isinstance(raw, bool):
            return exact(raw), ""
        if isinstance(raw, str) and not isinstance(raw, Unusable):
            match = _NUMBER_AND_UNIT.fullmatch(raw.strip())
            number = parse_number(match["number"]) if match else None
            if match and number is not None and _is_unit_like(match["unit"]):
                return number, match["unit"].strip()
        self._mistakes.wrong(
            "data-wrong-type",
            f"a number is needed, and this is {described(raw)}",
            at,
            _help_for_number(raw) if isinstance(raw, str) else None,
        )
        return None

    def ratio(self, raw: dict[str, Raw], at: At) -> Raw:
        """A number whose decimal never ends, such as a twelfth of a year, in two parts."""
        if set(raw) == {"numerator", "denominator"} and not isinstance(raw, RepeatedKeys):
            parts: list[int] = []
            for part in (raw["numerator"], raw["denominator"]):
                number = parse_number(part) if isinstance(part, Plain) else part
                if isinstance(number, int) and not isinstance(number, bool):
                    parts.append(number)
            if len(parts) == 2 and parts[1] > 0:
                return exact(Fraction(parts[0], parts[1]))
        return raw

    def _converted(
        self, type_: NumericType, number: Number, text: str, at: At
    ) -> Number | None:
        unit = parse_unit(text) if len(text) <= _LONGEST_UNIT else UnitError("this is not a unit")
        if isinstance(unit, UnitError):
            help = f"did you mean `{unit.suggestion}`?" if unit.suggestion else None
            if help is None and isinstance(type_, QuantityType):
                help = f"write the value in {type_.unit.display}"
            shown = unit.message if "`" not in unit.message else f"{quoted(text)} is not a UCUM unit"
            self._mistakes.wrong("data-unit", shown, at, help)
            return None
        if not isinstance(type_, QuantityType):
            self._mistakes.wrong(
                "data-unit",
                f"a {'count' if isinstance(type_, CountType) else 'number'} has no unit, "
                f"and this has {quoted(unit.display)}",
                at,
                "remove the unit",
            )
            return None
        converted = convert(number, unit, type_.unit)
        if isinstance(converted, UnitError):
            self._mistakes.wrong(
                "data-unit", converted.message, at, f"write the value in {type_.unit.display}"
            )
            return None
        return converted

    def _in_range(self, type_: NumericType, number: Number, at: At) -> Number | None:
        low, high = type_.low, type_.high
        if isinstance(type_, CountType):
            low = low or 0
        if (low is None or number >= low) and (high is None or number <= high):
            return number
        unit: Unit | None = type_.unit if isinstance(type_, QuantityType) else None
        name = f" {unit.display}" if unit is not None and unit.code != "1" else ""
        if low is not None and high is not None:
            range_ = f"its range, {format_number(low)} to {format_number(high)}{name}"
        elif low is not None:
            range_ = f"its range, {format_number(low)}{name} or more"
        else:
            range_ = f"its range, {format_number(high or 0)}{name} or less"
        value = format_number(number)
        if len(value) > _LONGEST_NUMBER:
            value = value[: _LONGEST_NUMBER - 1] + "…"
        help = "correct the value"
        if name:
            help += f', or give its unit if it is not in{name}, as in `{{"value": …, "unit": "…"}}`'
        self._mistakes.wrong("data-out-of-range", f"{value}{name} is outside {range_}", at, help)
        return None


_MOST_MISTAKES = 100
_LONGEST_ID = 200
_LONGEST_NUMBER = 60
_LONGEST_UNIT = 100
_MOST_BITS = 4000
_MOST_LISTED = 12
_RESERVED = frozenset({"id", "as_of", "facts", "$schema"})
_WRITTEN_RESERVED = ("id", "as_of", "facts")
_NOTHING = frozenset({"", "null", "Null", "NULL", "~"})
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_MISSING_WORDS = frozenset(
    "?|-|na|n/a|n.a.|nan|nd|unk|unk/nd|unknown|not available|not applicable|not known|missing|none"
    "|not done|not recorded|not asked|uninterpretable|asked but not known|#n/a".split("|")
)
_LOOSE_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?", re.ASCII)
_ISO_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?(T|\Z)", re.ASCII)
_NUMBER_AND_UNIT = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?P<unit>.*)", re.ASCII
)
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+", re.ASCII)
HOW_TO_DATE = "write a date such as 2019-03-01, 2019-03 or 2019"
_HOW_TO_NAME = "write the name of a value"
_HOW_TO_OBSERVE = 'write `[{"value": …, "date": …}, …]`'


def _if_missing(text: str) -> str | None:
    """What to write when a word says that there is no value."""
    if " ".join(text.casefold().split()) in _MISSING_WORDS:
        return 'if it is not known, write null, or a reason such as `{"unknown": "not done"}`'
    return None


def _help_for_number(text: str) -> str | None:
    if _DECIMAL_COMMA.fullmatch(text.strip()):
        return f"did you mean `{text.strip().replace(',', '.')}`?"
    if text.strip()[:1] in ("<", ">", "≤", "≥", "~"):
        return "a bound is not a value; write the number that was measured, or null"
    return _if_missing(text) or "write digits, with a point before decimals"


def _is_unit_like(text: str) -> bool:
    """Whether what follows a number can be a unit, and not the rest of `12-15`, `1,5` or `2019-03`."""
    rest = text.strip()
    return not rest or not (rest[0] in "-–,.:+<>=±" or rest[0].isdigit() or rest[0] == "(")
