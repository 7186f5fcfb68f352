"""Records of a list that fulfil some conditions and not others, for patients who show a finding."""

from collections.abc import Iterator, Sequence
from itertools import islice, product

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.expressions import evaluate_condition
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import ActionType, BooleanType, DateType, EnumType, ListType, Type
from pathway_compiler.model.vocabulary import Entry, ListValue, Scalar
from pathway_compiler.patient_data.patient import Patient

__all__ = ["records_for"]

MOST_TRIES = 4_000
"""So many records are tried; a list that needs a rarer one is left out of the patient."""

_DAYS = (PartialDate(2018, 1, 1), PartialDate(2016, 1, 1), PartialDate(2018, 12, 1))


def records_for(
    type_: ListType,
    tests: Sequence[tuple[str, Expression | None, bool]],
    guideline: Guideline,
    patient: Patient,
    as_of: PartialDate,
) -> ListValue | None:
    """A list of which some record fulfils each test that is to hold, and none any other.

    A test is the name that stands for the record, its condition (None: any record), and whether some
    record is to fulfil it. None when no such list is found.
    """
    environment = base_environment(CompiledGuideline(guideline, {}), patient, as_of)

    def fulfils(entry: Entry, variable: str, where: Expression | None) -> bool | None:
        if where is None:
            return True
        truth = evaluate_condition(where, environment.with_variable(variable, entry, Unknown()))
        return None if isinstance(truth, Unknown) else truth

    found: list[Entry] = []
    for variable, where, wanted in tests:
        if not wanted or any(fulfils(entry, variable, where) for entry in found):
            continue
        for entry in islice(_entries(type_, guideline), MOST_TRIES):
            truths = [(fulfils(entry, v, w), holds) for v, w, holds in tests]
            if fulfils(entry, variable, where) and all(
                truth is False or (truth is True and holds) for truth, holds in truths
            ):
                found.append(entry)
                break
        else:
            return None
    return ListValue(tuple(found))


def _entries(type_: ListType, guideline: Guideline) -> Iterator[Entry]:
    """Records with every field filled in, the simplest first."""
    fields = guideline.records[type_.of.name].fields
    choices = [_choices(field.type, guideline) for field in fields]
    for values in product(*choices):
        yield Entry(
            tuple((f.name, v) for f, v in zip(fields, values, strict=True) if v is not None)
        )


def _choices(type_: Type, guideline: Guideline) -> Sequence[Scalar | None]:
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
                    above = guideline.action_and_classes(action.name) - {action.name}
                    groups.setdefault(above, action.name)
            return tuple(groups.values())
        case _:
            return (None,)
