"""Three-valued truth: true, false, and unknown with the missing facts it rests on.

Strong Kleene logic, as SQL and CQL 1.5 use for `and`, `or`, `not`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Missing",
    "Reason",
    "Truth",
    "Unknown",
    "at_least",
    "at_most",
    "kleene_and",
    "kleene_not",
    "kleene_or",
]


class Reason(StrEnum):
    """Why a fact is not there."""

    NOT_RECORDED = "not recorded"
    NOT_ASKED = "not asked"
    NOT_KNOWN = "asked but not known"
    NOT_DONE = "not done"
    UNINTERPRETABLE = "uninterpretable"
    INCOMPLETE = "the list may be incomplete"
    IMPRECISE = "not precise enough"


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """A fact that is not there: the data element or definition, and the reason."""

    element: str
    reason: Reason = Reason.NOT_RECORDED


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither true nor false, or no value: with the missing facts that would settle it."""

    because: frozenset[Missing] = frozenset()

    def __bool__(self) -> bool:
        raise TypeError("unknown is neither true nor false: test with `is True` or `isinstance`")


Truth = bool | Unknown


def kleene_not(value: Truth) -> Truth:
    """CQL 1.5 `not`: unknown stays unknown."""
    return value if isinstance(value, Unknown) else not value


def kleene_and(values: Iterable[Truth]) -> Truth:
    """CQL 1.5 `and`: false if any is false, else unknown if any is unknown, else true."""
    because: frozenset[Missing] | None = None
    for value in values:
        if value is False:
            return False
        if isinstance(value, Unknown):
            because = value.because if because is None else because | value.because
    return True if because is None else Unknown(because)


def kleene_or(values: Iterable[Truth]) -> Truth:
    """CQL 1.5 `or`: true if any is true, else unknown if any is unknown, else false."""
    because: frozenset[Missing] | None = None
    for value in values:
        if value is True:
            return True
        if isinstance(value, Unknown):
            because = value.because if because is None else because | value.because
    return False if because is None else Unknown(because)


def at_least(number: int, values: Iterable[Truth]) -> Truth:
    """Whether at least `number` of the values are true; unknown when the unknown ones decide it."""
    true, because, unknown = _count(values)
    if true >= number:
        return True
    return Unknown(because) if true + unknown >= number else False


def at_most(number: int, values: Iterable[Truth]) -> Truth:
    """Whether at most `number` of the values are true; unknown when the unknown ones decide it."""
    return kleene_not(at_least(number + 1, values))


def _count(values: Iterable[Truth]) -> tuple[int, frozenset[Missing], int]:
    true = unknown = 0
    because: frozenset[Missing] = frozenset()
    for value in values:
        if isinstance(value, Unknown):
            unknown += 1
            because |= value.because
        elif value:
            true += 1
    return true, because, unknown
