"""Random patients for any guideline: values, missing data, partial dates, several observations, records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    DateType,
    EnumType,
    ListType,
    NumberType,
    QuantityType,
    SetType,
    Type,
)
from pathway_compiler.patient_data.patient import Patient
from pathway_compiler.patient_data.to_json import patient_to_json
from pathway_compiler.semantics.literals import REASONS

__all__ = ["changed", "patient_text", "random_facts"]

Json = Any
FIRST_DAY = date(2016, 1, 1)
LATELY = 200


def patient_text(facts: Mapping[str, Json], id: str = "somebody", as_of: str | None = None) -> str:
    """A patient file."""
    day = {} if as_of is None else {"as_of": as_of}
    return json.dumps({"id": id, **day, "facts": facts}, ensure_ascii=False)


def random_facts(
    guideline: Guideline, random: Random, known: float, until: date
) -> dict[str, Json]:
    """Facts until a day, of elements, and a few of what follows from others; each is given so often."""
    maker = _Maker(guideline, random, until)
    found = {
        name: maker.fact(element.type)
        for name, element in guideline.elements.items()
        if random.random() < (known if element.derive is None else known / 10)
    }
    for name, definition in guideline.definitions.items():
        if random.random() < known / 20:
            found[name] = maker.fact(definition.type)
    return found


def changed(
    patient: Patient, guideline: Guideline, random: Random, changes: int, until: date
) -> dict[str, Json]:
    """The facts of a patient, of which some are left out, said to be unknown, or exchanged."""
    document: Json = patient_to_json(patient, guideline)
    facts: dict[str, Json] = document["facts"]
    maker = _Maker(guideline, random, until)
    names = [*guideline.elements]
    for _ in range(changes):
        name = random.choice([*facts] if facts and random.random() < 0.7 else names)
        type_ = (guideline.elements.get(name) or guideline.definitions[name]).type
        shape = random.random()
        if shape < 0.35:
            facts.pop(name, None)
        elif shape < 0.5:
            facts[name] = {"unknown": random.choice([*REASONS])}
        else:
            facts[name] = maker.fact(type_)
    return facts


class _Maker:
    """Values as a patient file writes them."""

    def __init__(self, guideline: Guideline, random: Random, until: date) -> None:
        self.guideline = guideline
        self.random = random
        self.days = (until - FIRST_DAY).days

    def fact(self, type_: Type) -> Json:
        shape = self.random.random()
        if shape < 0.06:
            return {"unknown": self.random.choice([*REASONS])}
        if shape < 0.12:
            return self.random.choice([None, "unknown", "unknown: not done"])
        if shape < 0.3:
            days = self.random.sample([None, *(self.day() for _ in range(4))], k=3)
            series = [self.observation(type_, day) for day in dict.fromkeys(days)]
            return {"observations": series} if _many(type_) else series
        if shape < 0.42:
            return self.observation(type_, self.day())
        return self.value(type_)

    def observation(self, type_: Type, day: str | None) -> Json:
        dated = {} if day is None else {"date": day}
        if self.random.random() < 0.1:
            return {"unknown": self.random.choice([*REASONS]), **dated}
        value = self.value(type_)
        if isinstance(value, dict):
            return {**value, **dated}
        return {"items" if _many(type_) else "value": value, **dated}

    def day(self) -> str:
        """As a rule a day that has been, often one since the visit before."""
        first = self.days - LATELY if self.random.random() < 0.4 else 0
        last = self.days + (LATELY if self.random.random() < 0.02 else 1)
        text = str(FIRST_DAY + timedelta(days=self.random.randrange(first, last)))
        return text[: self.random.choice([4, 7, 10, 10])]

    def value(self, type_: Type) -> Json:
        match type_:
            case BooleanType():
                return self.random.choice([True, False])
            case EnumType():
                return self.random.choice([v.name for v in type_.values])
            case CountType() | NumberType() | QuantityType():
                return self.number(type_)
            case DateType():
                return self.day()
            case ActionType():
                return self.random.choice(self.actions(type_))
            case SetType():
                return self.incomplete(self.some(self.members(type_)))
            case ListType():
                entries = [
                    self.entry(type_.of.name) for _ in range(self.random.choice((0, 1, 2, 3)))
                ]
                return self.incomplete(entries)
            case _:
                raise AssertionError(type_)

    def incomplete(self, items: list[Json]) -> Json:
        if self.random.random() < 0.25:
            return {"items": items, "complete": False}
        return items

    def members(self, type_: SetType) -> Sequence[Json]:
        match type_.of:
            case EnumType():
                return [v.name for v in type_.of.values]
            case ActionType():
                return self.actions(type_.of)
            case _:
                return [True, False]

    def actions(self, type_: ActionType) -> Sequence[str]:
        tables = (*self.guideline.actions.values(), *self.guideline.classes.values())
        return [found.name for found in tables if found.kind == type_.kind]

    def some(self, names: Sequence[Json]) -> list[Json]:
        return self.random.sample(names, k=min(len(names), self.random.choice((0, 1, 1, 2, 3))))

    def entry(self, name: str) -> Json:
        record = self.guideline.records[name]
        found: dict[str, Json] = {}
        for field in record.fields:
            if self.random.random() < 0.75:
                found[field.name] = self.value(field.type)
            elif self.random.random() < 0.3:
                found[field.name] = {"unknown": self.random.choice([*REASONS])}
        return found

    def number(self, type_: CountType | NumberType | QuantityType) -> Json:
        low = Fraction(0 if type_.low is None else type_.low)
        high = Fraction(low + 20 if type_.high is None else type_.high)
        if isinstance(type_, CountType):
            return self.random.randint(int(low), int(high))
        steps = self.random.choice((1, 2, 10, 12))
        number = low + (high - low) * self.random.randint(0, steps * 10) / (steps * 10)
        if number.denominator == 1:
            return int(number)
        if self.random.random() < 0.5:
            return {"value": {"numerator": number.numerator, "denominator": number.denominator}}
        return float(round(number, 2))


def _many(type_: Type) -> bool:
    return isinstance(type_, SetType | ListType)
