"""What a UCUM code measures: its factor and its base dimensions, exactly.

The grammar and the table of units are ucumvert's; the table is UCUM's own publication, whose
values are decimal text. The factors are worked out here as fractions, and not by pint, for
three reasons: pint drops annotations and lets `[IU]` equal `1`, reads `g%` as a hundredth of
a gram, and knows a few constants in a newer edition than UCUM does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from typing import Any, TypeAlias

__all__ = [
    "CANONICAL_ATOMS", "Atom", "Dimension", "Measure", "Reading", "atoms", "is_special", "measure",
    "prefixes", "read",
]  # fmt: skip

# Base units with their exponents, sorted by name. A base is one of UCUM's (`m`, `s`, `g`, `rad`,
# `K`, `C`, `cd`), the calendar month `mo`, an atom that no factor connects to anything else
# (`mol`, `[iU]`, `Cel`), or an annotation such as `{score}`.
Dimension: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """So many of a product of base units: `mL` is 1/1000000 of `m` to the third power."""

    factor: Fraction
    dimension: Dimension


@dataclass(frozen=True, slots=True)
class Reading:
    """A valid UCUM code in its canonical spelling, and what it measures."""

    code: str
    measure: Measure


def measure(factor: Fraction, exponents: Mapping[str, int]) -> Measure:
    """Return the measure with these exponents of base units, in its canonical form."""
    return Measure(factor, tuple(sorted((b, e) for b, e in exponents.items() if e != 0)))


def read(code: str) -> Reading | None:
    """Read a UCUM code; `None` when it is not one, or has an exponent above 30."""
    if len(code) > _LONGEST_CODE:
        return None
    ucum = _ucum()
    try:
        tree = ucum.parse(code)
    except ucum.not_a_unit:
        return None
    canonical = code
    for token in sorted(_tokens(tree), key=lambda token: -int(token.start_pos)):
        if token.type == "EXPONENT" and abs(int(token)) > _LARGEST_EXPONENT:
            return None
        spelling = CANONICAL_ATOMS.get(str(token)) if token.type in _ATOM_TOKENS else None
        if spelling is not None:
            canonical = canonical[: token.start_pos] + spelling + canonical[token.end_pos :]
    return Reading(canonical, _measure_of(tree))


def is_special(base: str) -> bool:
    """Tell whether a base is a unit that UCUM converts by a function: degrees Celsius, decibel."""
    atom = _ucum().atoms.get(base)
    return atom is not None and bool(atom.is_special)


@dataclass(frozen=True, slots=True)
class Atom:
    """A unit without prefix; only a metric one can have a prefix."""

    code: str
    is_metric: bool
    is_special: bool
    measure: Measure


def atoms() -> tuple[Atom, ...]:
    """Every unit of UCUM, base units first, for a reader of codes elsewhere."""
    bases = (Atom(code, True, False, _measure_of_atom(code)) for code in _BASE_UNITS)
    others = (
        Atom(code, bool(atom.is_metric), bool(atom.is_special), _measure_of_atom(code))
        for code, atom in _ucum().atoms.items()
    )
    return (*bases, *others)


def prefixes() -> Mapping[str, Fraction]:
    """Every prefix of UCUM with its factor."""
    return _ucum().prefixes


_BASE_UNITS = ("m", "s", "g", "rad", "K", "C", "cd")
_LONGEST_CODE = 80
_LARGEST_EXPONENT = 30
_ATOM_TOKENS = frozenset({"UNIT_METRIC", "UNIT_NON_METRIC"})

# Where UCUM has two codes for one unit, the one that clinical data use.
CANONICAL_ATOMS = {"l": "L", "[iU]": "[IU]", "10^": "10*"}
"""How an atom with two codes is written in what `read` gives."""

# INVARIANT: the calendar month is never defined by days.
_CALENDAR = {"mo": Fraction(1), "a": Fraction(12)}

# UCUM defines these as plain numbers; a clinician would not compare them with one.
_AMOUNT_OF_SUBSTANCE = "mol"
_PLAIN_NUMBERS = "dimless"


@dataclass(frozen=True, slots=True)
class _Ucum:
    """ucumvert's parser and tables, which carry no types."""

    parse: Callable[[str], Any]
    not_a_unit: type[Exception]
    prefixes: Mapping[str, Fraction]
    atoms: Mapping[str, Any]


@cache
def _ucum() -> _Ucum:
    """Load ucumvert on first use, because that takes a fifth of a second."""
    from ucumvert.parser import InvalidUcumError, get_ucum_parser, parse_ucum
    from ucumvert.xml_util import get_units_with_full_definition, root

    prefixes = {
        prefix.attrib["Code"]: Fraction(prefix.find("{*}value").attrib["value"])
        for prefix in root.findall(".//{*}prefix")
    }
    atoms = {atom.code_cs: atom for atom in get_units_with_full_definition()}
    parse = partial(parse_ucum, parser=get_ucum_parser())
    return _Ucum(parse, InvalidUcumError, prefixes, atoms)


def _tokens(node: Any) -> Iterator[Any]:
    if hasattr(node, "children"):
        for child in node.children:
            yield from _tokens(child)
    else:
        yield node


def _measure_of(node: Any) -> Measure:
    """Work out a node of ucumvert's syntax tree, whose leaves are tokens."""
    if not hasattr(node, "children"):  # the only leaf that stands on its own is an annotation
        return measure(Fraction(1), {str(node): 1})
    match [str(node.data), *node.children]:
        case ["simple_unit", factor] if factor.type == "FACTOR":
            return measure(Fraction(int(factor)), {})
        case ["simple_unit", atom]:
            return _measure_of_atom(str(atom))
        case ["simple_unit", prefix, atom]:
            prefix_factor = measure(_ucum().prefixes[str(prefix)], {})
            return _product(prefix_factor, _measure_of_atom(str(atom)), 1)
        case ["annotatable", unit, exponent]:
            return _product(_ONE, _measure_of(unit), int(exponent))
        case ["component", unit, annotation]:
            return _product(_measure_of(unit), _measure_of(annotation), 1)
        case ["main_term", _, divisor]:
            return _product(_ONE, _measure_of(divisor), -1)
        case ["term", left, operator, right]:
            return _product(_measure_of(left), _measure_of(right), -1 if operator == "/" else 1)
        case [_, only]:
            return _measure_of(only)
        case _:
            raise AssertionError(f"ucumvert made a tree of another shape: {node}")


@cache
def _measure_of_atom(code: str) -> Measure:
    if code in _CALENDAR:
        return measure(_CALENDAR[code], {"mo": 1})
    atom = _ucum().atoms.get(code)
    if atom is None or atom.is_special or code == _AMOUNT_OF_SUBSTANCE:
        return measure(Fraction(1), {code: 1})
    if atom.defining_unit == "1" and atom.class_ != _PLAIN_NUMBERS:
        return measure(Fraction(1), {code: 1})
    definition = _measure_of(_ucum().parse(atom.defining_unit))
    return _product(measure(Fraction(atom.conversion_factor), {}), definition, 1)


_ONE = Measure(Fraction(1), ())


def _product(left: Measure, right: Measure, exponent: int) -> Measure:
    """Multiply a measure by a power of another."""
    exponents = dict(left.dimension)
    for base, count in right.dimension:
        exponents[base] = exponents.get(base, 0) + count * exponent
    return measure(left.factor * right.factor**exponent, exponents)
