"""Records of a list that fulfil some conditions and not others, for patients who show a finding."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import combinations, islice, product

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.expressions import evaluate_condition
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.expression import (
    Bars,
    Contains,
    Expression,
    FieldOf,
    IsA,
    children,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    DateType,
    EnumType,
    ListType,
    SetType,
    Type,
)
from pathway_compiler.model.vocabulary import Entry, ListValue, Scalar, SetValue
from pathway_compiler.patient_data.patient import Patient

__all__ = ["RecordsWanted", "records_for"]

MOST_TRIES = 4_000
"""So many records are tried; a list that needs a rarer one is left out of the patient."""

MOST_RECORDS = 50

_DAYS = (PartialDate(2018, 1, 1), PartialDate(2016, 1, 1), PartialDate(2018, 12, 1))


@dataclass(frozen=True, slots=True)
class RecordsWanted:
    """How many records of a list are to fulfil a condition (None: any record), at least and at most.
    `variable` is the name that stands for the record."""

    variable: str
    where: Expression | None
    least: int
    most: int | None


def records_for(
    type_: ListType,
    tests: Sequence[RecordsWanted],
    guideline: Guideline,
    patient: Patient,
    as_of: PartialDate,
) -> ListValue | None:
    """A list with as many records as are wanted for each test; None when no such list is found."""
    environment = base_environment(CompiledGuideline(guideline, {}), patient, as_of)

    def fulfils(entry: Entry, test: RecordsWanted) -> bool | None:
        if test.where is None:
            return True
        inner = environment.with_variable(test.variable, entry, Unknown())
        truth = evaluate_condition(test.where, inner)
        return None if isinstance(truth, Unknown) else truth

    there = [0] * len(tests)
    found: list[Entry] = []
    for index, test in enumerate(tests):
        if there[index] >= test.least:
            continue
        for entry in islice(_entries(type_, tests, guideline), MOST_TRIES):
            truths = [fulfils(entry, other) for other in tests]
            if truths[index] is not True or None in truths:
                continue
            more = [n + (truth is True) for n, truth in zip(there, truths, strict=True)]
            while there[index] < min(test.least, MOST_RECORDS) and all(
                other.most is None or n <= other.most or not truth
                for other, n, truth in zip(tests, more, truths, strict=True)
            ):
                found.append(entry)
                there = more
                more = [n + (truth is True) for n, truth in zip(there, truths, strict=True)]
            if there[index] >= test.least:
                break
        else:
            return None
    return ListValue(tuple(found))


def _entries(
    type_: ListType, tests: Sequence[RecordsWanted], guideline: Guideline
) -> Iterator[Entry]:
    """Records with every field filled in, the simplest first; fields that no test reads are the same."""
    fields = guideline.records[type_.of.name].fields
    read: set[str] = set()
    asked: set[str] = set()
    waiting = [test.where for test in tests if test.where is not None]
    while waiting:
        part = waiting.pop()
        waiting.extend(children(part))
        match part:
            case FieldOf():
                read.add(part.field)
            case Contains():
                asked.add(part.value)
            case IsA() | Bars():
                asked.add(part.action)
            case _:
                pass
    choices = [
        _choices(field.type, asked, guideline)[: None if field.name in read else 1]
        for field in fields
    ]
    for values in product(*choices):
        yield Entry(
            tuple((f.name, v) for f, v in zip(fields, values, strict=True) if v is not None)
        )


def _choices(
    type_: Type, asked: Set[str], guideline: Guideline
) -> Sequence[Scalar | SetValue | None]:
    match type_:
        case BooleanType():
            return (False, True)
        case EnumType():
            return type_.leaves()
        case DateType():
            return _DAYS
        case ActionType():
            groups: dict[frozenset[str], str] = {}
            for action in guideline.actions.values():
                if action.kind == type_.kind:
                    above = guideline.action_and_classes(action.name)
                    groups.setdefault(above & asked, action.name)
            return tuple(groups.values())
        case SetType():
            members = [m for m in _choices(type_.of, asked, guideline) if isinstance(m, bool | str)]
            return [
                SetValue(frozenset(some)) for n in (1, 0, 2) for some in combinations(members, n)
            ]
        case _:
            return (None,)
