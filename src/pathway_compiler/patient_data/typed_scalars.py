"""Single values, read by the type that their element has.

Each function returns `None` after a mistake, which is noted.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import assert_never

from pathway_compiler.datatypes.number import Number, exact, format_number, parse_number
from pathway_compiler.datatypes.partial_date import PartialDate, parse_date
from pathway_compiler.datatypes.units import Unit, UnitError, convert, parse_unit
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
    HOW_TO_DATE,
    MOST_BITS,
    Plain,
    Raw,
    RepeatedKeys,
    Unusable,
    described,
    quoted,
    written,
)
from pathway_compiler.semantics.literals import REASONS

__all__ = ["ScalarReader"]


class ScalarReader:
    """Reads yes and no, names, numbers, quantities and dates of one patient."""

    def __init__(self, names: FactNames, mistakes: Mistakes) -> None:
        self._names = names
        self._mistakes = mistakes

    def read(self, type_: Type, raw: Raw, at: At) -> Scalar | None:
        """A value of any type that is neither a set nor a list."""
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
                self._mistakes.wrong(
                    "data-wrong-type", f"a {describe_type(type_)} cannot be read", at
                )
                return None
            case _:
                assert_never(type_)

    def _named(self, type_: EnumType | ActionType, raw: Raw, at: At) -> str | None:
        if isinstance(raw, str) and self._names.has_value(type_, raw):
            return str(raw)
        if isinstance(raw, str | int | Fraction) and not isinstance(raw, Unusable):
            word = written(raw)
            if isinstance(type_, EnumType):
                what = f"a value of `{at.name}`"
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
            f"`{at.name}` is yes or no, and this is {described(raw)}",
            at,
            (_if_missing(raw) if isinstance(raw, str) else None) or "write true or false",
        )
        return None

    def date(self, raw: Raw, at: At) -> PartialDate | None:
        """A day, a month or a year."""
        if isinstance(raw, PartialDate):
            return raw
        if isinstance(raw, Unusable | bool) or not isinstance(raw, str | int):
            message = f"`{at.name}` is a date, and this is {described(raw)}"
            self._mistakes.wrong("data-wrong-type", message, at, HOW_TO_DATE)
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
        """A number in the unit of its element, whatever the unit that it is written in."""
        found = self._number_and_unit(raw, at)
        if found is None:
            return None
        number, unit_behind = found
        if unit_at is not None:
            if unit_behind:
                self._mistakes.wrong("data-unit", "there are two units", unit_at, "remove one")
                return None
            if not isinstance(unit, str) or isinstance(unit, Unusable):
                self._mistakes.wrong(
                    "data-unit", f"a unit is needed, and this is {described(unit)}", unit_at
                )
                return None
            unit_behind = unit.strip()
        if max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS:
            self._mistakes.wrong("data-wrong-type", "this number has too many digits", at)
            return None
        if unit_behind:
            converted = self._converted(type_, number, unit_behind, unit_at or at)
            if converted is None:
                return None
            number = converted
        if isinstance(type_, CountType) and not isinstance(number, int):
            self._mistakes.wrong(
                "data-wrong-type",
                f"`{at.name}` is a whole number, and this is {described(number)}",
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
            f"`{at.name}` is a number, and this is {described(raw)}",
            at,
            _help_for_number(raw) if isinstance(raw, str) else None,
        )
        return None

    def ratio(self, raw: dict[str, Raw]) -> Raw:
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

    def _converted(self, type_: NumericType, number: Number, text: str, at: At) -> Number | None:
        unit = parse_unit(text) if len(text) <= _LONGEST_UNIT else UnitError("too long")
        if isinstance(unit, UnitError):
            help = f"did you mean `{unit.suggestion}`?" if unit.suggestion else None
            if help is None and isinstance(type_, QuantityType):
                help = f"write the value in {type_.unit.display}"
            self._mistakes.wrong("data-unit", f"{quoted(text)} is not a UCUM unit", at, help)
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
            range_ = f"{format_number(low)} to {format_number(high)}{name}"
        elif low is not None:
            range_ = f"{format_number(low)}{name} or more"
        else:
            range_ = f"{format_number(high or 0)}{name} or less"
        value = format_number(number)
        if len(value) > _LONGEST_NUMBER:
            value = value[: _LONGEST_NUMBER - 1] + "…"
        help = "correct the value"
        if name:
            help += f', or give its unit if it is not in{name}, as in `{{"value": …, "unit": "…"}}`'
        message = f"`{at.name}` lies outside {range_}: it is {value}{name}"
        self._mistakes.wrong("data-out-of-range", message, at, help)
        return None


_LONGEST_NUMBER = 60
_LONGEST_UNIT = 100
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_MISSING_WORDS = frozenset(
    {
        "?", "-", "na", "n/a", "n.a.", "nan", "nd", "unk", "unk/nd", "unknown", "missing", "none",
        "not available", "not applicable", "not known", "#n/a", *REASONS,
    }
)  # fmt: skip
_LOOSE_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?", re.ASCII)
_ISO_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?(T|\Z)", re.ASCII)
_NUMBER_AND_UNIT = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?P<unit>.*)", re.ASCII
)
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+", re.ASCII)
_HOW_TO_NAME = "write the name of a value"


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
    """Whether what follows a number can be a unit, and not the rest of `12-15`, `1,5` or `1/12`."""
    rest = text.strip()
    if not rest:
        return True
    return rest[0] not in "-–,.:+<>=±(" and any(c.isalpha() or c in "%[{" for c in rest)
