"""Whatever is said otherwise in any place of a guideline is noticed, as meaning or as text."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Any, get_args

import pytest

from pathway_compiler.changes.items import enum_of, items
from pathway_compiler.changes.meaning import TEXT, Meaning, aspects
from pathway_compiler.model.case import Case, Visit
from pathway_compiler.model.expression import (
    CountWhere,
    Expression,
    Pick,
    Quantified,
    Reference,
    UnionWhere,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Branch
from pathway_compiler.model.types import EnumType
from pathway_compiler.model.vocabulary import (
    Definition,
    Element,
    Field,
    Parameter,
    Reading,
    ReadingAlternative,
)
from unit.changes.examples import BASE, compiled
from unit.changes.test_constructs import TEXT as LISTS


def said(guideline: Guideline) -> dict[object, Hashable]:
    """Everything that a comparison looks at."""
    meaning = Meaning(guideline, {})
    found: dict[object, Hashable] = {}
    for item in items(guideline):
        if isinstance(item.record, Case):
            found["case", item.id] = meaning.case(item.record)
        for name, value in aspects(item.record).items():
            if name in TEXT:
                found[item.table, item.id, name] = str(value)
            elif not isinstance(item.record, Case):
                found[item.table, item.id, name] = meaning.aspect(item, name, value)
    return found


def otherwise(thing: Any) -> Iterator[tuple[str, Any]]:
    """The same with one leaf changed, and where."""
    match thing:
        case bool():
            yield "", not thing
        case int() | Fraction():
            yield "", thing + 1
        case str():
            yield "", thing + "_x"
        case tuple():
            for number, part in enumerate(thing):
                for where, other in otherwise(part):
                    yield f"[{number}]{where}", (*thing[:number], other, *thing[number + 1 :])
            if len(thing) > 1:
                yield "[:-1]", thing[:-1]
        case Mapping():
            for key, part in thing.items():
                for where, other in otherwise(part):
                    yield f".{key}{where}", {**thing, key: other}
        case _ if is_dataclass(thing) and not isinstance(thing, type):
            for field in fields(thing):
                if not field.compare or follows(thing, field.name):
                    continue
                for where, other in otherwise(getattr(thing, field.name)):
                    yield f".{field.name}{where}", replace(thing, **{field.name: other})


def follows(thing: object, field: str) -> bool:
    """Whether a field follows from something else that is compared, or is shown to nobody."""
    match thing, field:
        case (_, "type") if isinstance(thing, get_args(Expression)):
            return True
        case ((Element() | Definition() | Reading() | Parameter() | Field()), "type"):
            enum = enum_of(thing.type)
            return enum is not None and enum.name is not None
        case ((Quantified() | CountWhere() | Pick() | UnionWhere()), "variable"):
            return thing.where is None
        case EnumType(), "label":
            return thing.name is None
        case (
            (Reference(), "kind")
            | (Branch(), "name")
            | (Visit(), "label")
            | (ReadingAlternative(), "chosen")
        ):
            return True
        case _:
            return False


@pytest.mark.parametrize("text", [BASE, LISTS], ids=["example", "lists"])
def test_every_leaf_of_a_guideline_counts(text: str) -> None:
    guideline = compiled(text).guideline
    before = said(guideline)
    missed = []
    for where, other in otherwise(guideline):
        try:
            if said(other) == before:
                missed.append(where)
        except (KeyError, StopIteration, ValueError):
            continue  # it speaks of something that is not there, as no compiled guideline does
    assert missed == []
