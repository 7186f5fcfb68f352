"""Units of measure: UCUM, with exact conversion factors.

`30 mm` is `3 cm` exactly. Three things are kept apart, although other readers of UCUM join them:

* Years and months are one family, weeks, days, hours and minutes another. No factor leads from
  one to the other, because years and months have no fixed number of days.
* An annotation counts: `mL/min/{1.73_m2}` is not `mL/min`, and `{score}` is not `1`.
* Arbitrary units such as `[IU]`, and `mol`, are not plain numbers.

Everyday units are listed here; all others are read by ucumvert, imported when first needed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pathway_compiler.datatypes.number import Number, exact
from pathway_compiler.datatypes.ucum import Dimension, Measure, is_special, measure, read

__all__ = [
    "Unit",
    "UnitError",
    "UnitWords",
    "conversion_factor",
    "convert",
    "in_base_units",
    "is_calendar",
    "parse_unit",
    "same_dimension",
    "unit_words",
]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure, named by its canonical UCUM code."""

    code: str

    @property
    def display(self) -> str:
        """The unit as a reader expects it: `months` for `mo`, otherwise the code."""
        return _CALENDAR_NAMES.get(self.code, self.code)


@dataclass(frozen=True, slots=True)
class UnitError:
    """Why a text is not a unit, or why one unit does not convert to another.

    The message is a sentence in lower case without a full stop; the suggestion is
    a unit that the author may have meant.
    """

    message: str
    suggestion: str | None = None


def parse_unit(text: str) -> Unit | UnitError:
    """Read a UCUM code, or a calendar word such as `months`."""
    code = text.strip()
    if not code:
        return UnitError("a unit is missing")
    code = _CALENDAR_WORDS.get(code, code)
    if code in _EVERYDAY:
        return Unit(code)
    canonical = None if code in _COMMON_MISTAKES else _canonical_code(code)
    if canonical is None:
        return UnitError(f"`{code}` is not a UCUM unit", _suggestion(code))
    return Unit(canonical)


def conversion_factor(source: Unit, target: Unit) -> Fraction | UnitError:
    """Return what to multiply by to go from the source unit to the target unit, exactly."""
    if source == target:
        return Fraction(1)
    source_measure, target_measure = _measure(source.code), _measure(target.code)
    for unit, found in ((source, source_measure), (target, target_measure)):
        if found is None:
            return UnitError(f"`{unit.code}` is not a UCUM unit", _suggestion(unit.code))
    assert source_measure is not None
    assert target_measure is not None
    if source_measure.dimension != target_measure.dimension:
        return UnitError(_why_not(source, source_measure, target, target_measure))
    return source_measure.factor / target_measure.factor


def convert(value: Number, source: Unit, target: Unit) -> Number | UnitError:
    """Express a value given in the source unit in the target unit. CQL 1.5: `ConvertQuantity`."""
    factor = conversion_factor(source, target)
    return factor if isinstance(factor, UnitError) else exact(value * factor)


def in_base_units(value: Number, unit: Unit) -> tuple[Number, Dimension]:
    """An amount apart from how it is written: `30 mm` and `3 cm` give the same."""
    found = _measure(unit.code)
    if found is None:
        return value, ((unit.code, 1),)
    return exact(value * found.factor), found.dimension


@dataclass(frozen=True, slots=True)
class UnitWords:
    """What `parse_unit` knows beside UCUM: everyday codes, calendar words and common mistakes."""

    everyday: tuple[str, ...]
    words: Mapping[str, str]
    displays: Mapping[str, str]
    mistakes: Mapping[str, str]


def unit_words() -> UnitWords:
    """The words and codes, for a reader of units elsewhere."""
    return UnitWords(tuple(_EVERYDAY), _CALENDAR_WORDS, _CALENDAR_NAMES, _COMMON_MISTAKES)


def is_calendar(unit: Unit) -> bool:
    """Tell whether a unit counts time on the calendar: years, months, weeks, days, hours, minutes.

    `days` and `months` do not convert to each other, though both are calendar units.
    """
    return unit.code in _CALENDAR_NAMES


def same_dimension(left: Unit, right: Unit) -> bool:
    """Tell whether values in these units can be compared. CQL 1.5: `CanConvertQuantity`."""
    return not isinstance(conversion_factor(left, right), UnitError)


_CALENDAR_NAMES = {
    "a": "years",
    "mo": "months",
    "wk": "weeks",
    "d": "days",
    "h": "hours",
    "min": "minutes",
}
_CALENDAR_WORDS = {
    word: code for code, name in _CALENDAR_NAMES.items() for word in (name, name.removesuffix("s"))
}


def _ten(exponent: int) -> Fraction:
    return Fraction(10) ** exponent


# What everyday units measure, so that most pathways need no library to be read.
# INVARIANT: each row is what `ucum.read` finds; a test compares them.
_EVERYDAY = {
    "1": measure(_ten(0), {}),
    "%": measure(_ten(-2), {}),
    "{score}": measure(_ten(0), {"{score}": 1}),
    "{#}": measure(_ten(0), {"{#}": 1}),
    # time
    "a": measure(Fraction(12), {"mo": 1}),
    "mo": measure(_ten(0), {"mo": 1}),
    "wk": measure(Fraction(604800), {"s": 1}),
    "d": measure(Fraction(86400), {"s": 1}),
    "h": measure(Fraction(3600), {"s": 1}),
    "min": measure(Fraction(60), {"s": 1}),
    "s": measure(_ten(0), {"s": 1}),
    "/min": measure(Fraction(1, 60), {"s": -1}),
    # length, area, volume
    "m": measure(_ten(0), {"m": 1}),
    "cm": measure(_ten(-2), {"m": 1}),
    "mm": measure(_ten(-3), {"m": 1}),
    "m2": measure(_ten(0), {"m": 2}),
    "cm2": measure(_ten(-4), {"m": 2}),
    "mm2": measure(_ten(-6), {"m": 2}),
    "cm3": measure(_ten(-6), {"m": 3}),
    "mm3": measure(_ten(-9), {"m": 3}),
    "L": measure(_ten(-3), {"m": 3}),
    "dL": measure(_ten(-4), {"m": 3}),
    "mL": measure(_ten(-6), {"m": 3}),
    # mass, dose
    "kg": measure(_ten(3), {"g": 1}),
    "g": measure(_ten(0), {"g": 1}),
    "mg": measure(_ten(-3), {"g": 1}),
    "ug": measure(_ten(-6), {"g": 1}),
    "kg/m2": measure(_ten(3), {"g": 1, "m": -2}),
    "mg/m2": measure(_ten(-3), {"g": 1, "m": -2}),
    "mg/kg": measure(_ten(-6), {}),
    "mg/d": measure(_ten(-3) / 86400, {"g": 1, "s": -1}),
    "Gy": measure(_ten(0), {"m": 2, "s": -2}),
    "cGy": measure(_ten(-2), {"m": 2, "s": -2}),
    "[IU]": measure(_ten(0), {"[iU]": 1}),
    # laboratory
    "g/L": measure(_ten(3), {"g": 1, "m": -3}),
    "g/dL": measure(_ten(4), {"g": 1, "m": -3}),
    "mg/L": measure(_ten(0), {"g": 1, "m": -3}),
    "mg/dL": measure(_ten(1), {"g": 1, "m": -3}),
    "ug/L": measure(_ten(-3), {"g": 1, "m": -3}),
    "ng/mL": measure(_ten(-3), {"g": 1, "m": -3}),
    "pg/mL": measure(_ten(-6), {"g": 1, "m": -3}),
    "mmol/L": measure(_ten(0), {"mol": 1, "m": -3}),
    "umol/L": measure(_ten(-3), {"mol": 1, "m": -3}),
    "nmol/L": measure(_ten(-6), {"mol": 1, "m": -3}),
    "pmol/L": measure(_ten(-9), {"mol": 1, "m": -3}),
    "[IU]/L": measure(_ten(3), {"[iU]": 1, "m": -3}),
    "m[IU]/mL": measure(_ten(3), {"[iU]": 1, "m": -3}),
    "U/L": measure(_ten(-3) / 60, {"mol": 1, "m": -3, "s": -1}),
    "/uL": measure(_ten(9), {"m": -3}),
    "/mm3": measure(_ten(9), {"m": -3}),
    "10*3/uL": measure(_ten(12), {"m": -3}),
    "10*9/L": measure(_ten(12), {"m": -3}),
    "mL/min": measure(_ten(-6) / 60, {"m": 3, "s": -1}),
    "mL/min/{1.73_m2}": measure(_ten(-6) / 60, {"m": 3, "s": -1, "{1.73_m2}": -1}),
    "mm[Hg]": measure(Fraction(133322), {"g": 1, "m": -1, "s": -2}),
}

# INVARIANT: none of these is a UCUM code, and each suggestion is one; a test checks both.
_COMMON_MISTAKES = {
    "mcg": "ug",
    "µg": "ug",
    "μg": "ug",
    "mcL": "uL",
    "µL": "uL",
    "μL": "uL",
    "µmol": "umol",
    "μmol": "umol",
    "cc": "cm3",
    "ccm": "cm3",
    "gm": "g",
    "kgs": "kg",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "percent": "%",
    "pct": "%",
    "mmHg": "mm[Hg]",
    "IU": "[IU]",
    "iU": "[IU]",
    "UI": "[IU]",
    "mIU": "m[IU]",
    "mEq": "meq",
    "°C": "Cel",
    "degC": "Cel",
    "celsius": "Cel",
    "second": "s",
    "seconds": "s",
    "sec": "s",
    "hr": "h",
    "hrs": "h",
    "24h": "(24.h)",
    "24hr": "(24.h)",
    "yr": "a",
    "yrs": "a",
    "score": "{score}",
    "points": "{score}",
    "cells": "{cells}",
    "mL/min/1.73m2": "mL/min/{1.73_m2}",
    "mL/min/1.73 m2": "mL/min/{1.73_m2}",
    "ml/min/1.73m2": "mL/min/{1.73_m2}",
    "ml/min/1.73 m2": "mL/min/{1.73_m2}",
}


@lru_cache(maxsize=1024)
def _canonical_code(code: str) -> str | None:
    reading = read(code)
    return None if reading is None else reading.code


@lru_cache(maxsize=1024)
def _measure(code: str) -> Measure | None:
    if code in _EVERYDAY:
        return _EVERYDAY[code]
    reading = read(code)
    return None if reading is None else reading.measure


def _suggestion(code: str) -> str | None:
    """Return the unit that an author may have meant."""
    if code in _COMMON_MISTAKES:
        return _COMMON_MISTAKES[code]
    mended = "".join(_mended(part) for part in _FACTORS.split(code))
    if mended != code and _canonical_code(mended) is not None:
        return mended
    known = [*_CALENDAR_WORDS, *_EVERYDAY]
    for candidate in known:
        if candidate.lower() == code.lower():
            return candidate
    close = difflib.get_close_matches(code, known, n=1)
    return close[0] if close else None


_FACTORS = re.compile(r"(\{[^{}]*\}|[./])")
_SUPERSCRIPTS = str.maketrans("²³", "23", "^")


def _mended(factor: str) -> str:
    """Correct the common mistakes in one factor of a compound unit: the `m²` of `mg/m²`."""
    word = _CALENDAR_WORDS.get(factor, factor)
    return _COMMON_MISTAKES.get(word, word).translate(_SUPERSCRIPTS)


def _why_not(source: Unit, source_measure: Measure, target: Unit, target_measure: Measure) -> str:
    """Say why one unit does not convert to another."""
    differing = {base for base, _ in set(source_measure.dimension) ^ set(target_measure.dimension)}
    annotations = sorted(base for base in differing if base.startswith("{"))
    no_conversion = f"`{source.display}` cannot be converted to `{target.display}`"
    if annotations and len(annotations) == len(differing):
        names = " and ".join(f"`{annotation}`" for annotation in annotations)
        verb = "is" if len(annotations) == 1 else "are"
        return f"{no_conversion}, because {names} {verb} part of what is measured"
    if differing == {"mo", "s"}:
        return f"{no_conversion}, because years and months have no fixed number of days"
    if any(is_special(base) for base in differing):
        reason = "conversions with an offset or a logarithm are not supported"
        return f"{no_conversion}, because {reason}"
    return f"{no_conversion}, because they measure different things"
