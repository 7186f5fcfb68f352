"""Patient files that somebody got wrong: misspelt names and values, odd units, repeated keys, broken text."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import Any

from browser_engine.patients import random_facts
from pathway_compiler.datatypes.units import unit_words
from pathway_compiler.model.guideline import Guideline

__all__ = ["ODD_UNITS", "odd_file"]

Json = Any

ODD_UNITS = (
    *unit_words().everyday, *unit_words().words, *unit_words().mistakes, "mths", "Months", "jahre", "KG", "ml", "dl",
    "l", "[iU]", "[IU]/L", "10^3/uL", "10*3.uL-1", "mg/m²", "m²", "kg/m^2", "mmol/mol", "{cells}/uL", "/{HPF}",
    "mL/min/{1.73_m2}", "mL/min/{other}", "[lb_av]", "[in_i]", "Cel", "[degF]", "[pH]", "B[10.nV]", "kHz", "dar",
    "mol/L", "(8.h)", "g/(8.h){shift}", "100/{cells}", "{a}{b}", "{a}{b}{c}", "//m", "m//s", "m.", "m31", "m-30",
    "m+2", "m0", "µg", "μmol/l", "mm Hg", "a_j", "mo_s", "kat/L", "U/l", "%", "g%", "10*", "2", "20", "", " ", "-",
    "1/a", "[m/s2/Hz^(1/2)]", "cd", "Pa", "PT", "ug/ml/h", "'", "deg", "x" * 90, "{" + "x" * 90 + "}", "°C", "wk/mo",
)  # fmt: skip

_ODD_VALUES: tuple[Json, ...] = (
    "", " ", "unknown", "unknown:", "unknown: not done", "unknown: nobody", "Unknown", "n/a", "?", "None", "yes", "NO",
    "TRUE", "12 months", " 12  months ", "12,5", "<5", "≥ 3", "1e3", "1e40", "1e-31", ".5", "5.", "-3", "+4", "12-15",
    "1/12", "0.1", "2019", "2019-02", "2019-02-29", "2019-2-3", "2019/02/03", "03.02.2019", "2019-02-03T10:00:00Z",
    "2019-02-03T25:00", "2031-01-01", "0999", "positive ", "Positive", "posit", "`quoted`", "<script>", "a\nb",
    "\u202eright to left", "ß", "İ", "\U0001f600", "x" * 70, "x" * 300, 0, 1, -1, 2.5, 1e300, 12345678901234567890,
    True, False, None, [], {}, [[]], [{}], [1, "a"], ["unknown"], [None], {"value": 1}, {"value": None},
    {"value": 5, "unit": "months"}, {"value": "5 months", "unit": "months"}, {"value": 5, "unit": 3},
    {"value": 5, "unit": None}, {"unit": "mo"}, {"value": {"numerator": 1, "denominator": 3}},
    {"value": {"numerator": 1, "denominator": 0}}, {"value": {"numerator": 1}}, {"value": 1, "unknown": "not done"},
    {"unknown": "not done", "unit": "mo"}, {"unknown": "not dne"}, {"unknown": None}, {"unknown": 3},
    {"items": []}, {"items": None}, {"items": None, "complete": True}, {"items": [], "complete": "perhaps"},
    {"items": [], "complete": False}, {"value": {"items": ["x"], "complete": False}}, {"items": {"a": 1}},
    {"items": "unknown"}, {"items": "unknown", "complete": True}, {"observations": []}, {"observations": 3},
    {"observations": [{"value": 1}, {"value": 2}]}, {"observations": [1], "more": 2}, {"date": "2018"},
    {"value": 1, "date": "2018-13"}, {"value": 1, "date": 2018}, {"value": 1, "date": "2030"}, {"valeu": 1},
    {"value": True, "date": None}, [{"value": 1}], [{"value": 1, "date": "2018"}, {"value": 2, "date": "2018"}],
    [{"value": True, "date": "2018-01"}, {"value": False, "date": "2018-02"}, 3],
)  # fmt: skip


def odd_file(guideline: Guideline, random: Random) -> str:
    """The text of a file, perhaps of several patients, perhaps of none."""
    patients = [_patient(guideline, random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    shape = random.random()
    if shape < 0.6:
        document: Json = patients[0]
    elif shape < 0.75:
        document = patients
    elif shape < 0.9:
        document = {"patients": patients}
    else:
        document = random.choice(_ODD_VALUES)
    text = _written(document, random)
    if random.random() < 0.15:
        text = _broken(text, random)
    return random.choice(("", "", "\ufeff", "\n ")) + text + random.choice(("", "\n", " \t\n"))


def _patient(guideline: Guideline, random: Random) -> Json:
    facts = random_facts(guideline, random, random.choice((0.02, 0.1)), date(2019, 3, 1))
    names = [*guideline.elements, *guideline.definitions]
    others = [
        *guideline.parameters, *guideline.readings, *guideline.actions, "resourceType", "id", "facts", "Age", "",
    ]  # fmt: skip
    for _ in range(random.choice((0, 1, 1, 2, 4))):
        name = random.choice(names)
        if random.random() < 0.2:
            name = _misspelt(random.choice([*names, *others]), random)
        facts[name] = _odd(guideline, name, facts, random)
    shape = random.random()
    found: dict[str, Json] = {"facts": facts} if shape < 0.7 else dict(facts)
    if shape > 0.95:
        found["facts"] = random.choice(_ODD_VALUES)
    if random.random() < 0.6:
        found["id"] = random.choice(("p1", "p2", "Ana", 7, "", "a\nb", "x" * 201, True, 2.5, None))
    if random.random() < 0.4:
        found["as_of"] = random.choice(
            ("2019-03-01", "2019-03", "2019-02-30", "tomorrow", 2019, None, "2019-03-01T08:00:00")
        )
    if random.random() < 0.1:
        found[random.choice(("$schema", "as of", "fcts", "note"))] = "x"
    return found


def _odd(guideline: Guideline, name: str, facts: dict[str, Json], random: Random) -> Json:
    shape = random.random()
    if shape < 0.15:
        return f"{random.choice((5, 0.5, 100))} {random.choice(ODD_UNITS)}"
    if shape < 0.25:
        return {"value": random.choice((3, 200, "7")), "unit": random.choice(ODD_UNITS)}
    if shape < 0.4 and name in facts:
        return _misspelt_within(facts[name], random)
    if shape < 0.5:
        record = random.choice([*guideline.records.values()]) if guideline.records else None
        names = [f.name for f in record.fields] if record else ["field"]
        entry = {
            _misspelt(n, random) if random.random() < 0.2 else n: random.choice(_ODD_VALUES)
            for n in names
        }
        return [entry, random.choice(_ODD_VALUES)]
    return random.choice(_ODD_VALUES)


def _misspelt_within(value: Json, random: Random) -> Json:
    match value:
        case str():
            return _misspelt(value, random)
        case list():
            return [_misspelt_within(item, random) for item in value] + value[:1]
        case dict():
            return {
                (_misspelt(key, random) if random.random() < 0.2 else key): _misspelt_within(
                    v, random
                )
                for key, v in value.items()
            }
        case _:
            return value


def _misspelt(word: str, random: Random) -> str:
    place = random.randrange(len(word) + 1)
    shape = random.random()
    if shape < 0.25:
        return word[:place] + word[place + 1 :]
    if shape < 0.5:
        return word[:place] + random.choice("aeßx_ 9") + word[place:]
    if shape < 0.6:
        return word.upper()
    if shape < 0.7:
        return word.replace("_", " ")
    return word[:place]


def _written(value: Json, random: Random) -> str:
    """JSON in which a key is sometimes repeated, and a number sometimes cannot be held."""
    match value:
        case dict():
            pairs = [
                f"{json.dumps(key, ensure_ascii=random.random() < 0.5)}: {_written(v, random)}"
                for key, v in value.items()
            ]
            if pairs and random.random() < 0.02:
                pairs.append(random.choice(pairs))
            return "{" + ",".join(random.choice(("", " ", "\n  ")) + pair for pair in pairs) + "}"
        case list():
            return "[" + ", ".join(_written(item, random) for item in value) + "]"
        case bool() | None:
            return json.dumps(value)
        case int() | float() if random.random() < 0.05:
            return random.choice(
                (
                    "NaN",
                    "-Infinity",
                    "1e999",
                    "1E5",
                    "-0",
                    "0.10",
                    "9" * 120,
                    "9" * 1500,
                    "1.0",
                    "3.0000000000000000001",
                )
            )
        case _:
            return json.dumps(value, ensure_ascii=random.random() < 0.5)


def _broken(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    shape = random.random()
    if shape < 0.3:
        return text[:place]
    if shape < 0.6:
        return text[:place] + text[place + 1 :]
    return text[:place] + random.choice('{}[]",:\\ux\n\tn-0.\x01') + text[place:]
