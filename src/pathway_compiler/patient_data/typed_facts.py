"""From plain data to a patient: each value is read by the type that its element has.

All mistakes of a patient are found at once. A patient with a mistake is not returned.
"""

from __future__ import annotations

from dataclasses import replace

from pathway_compiler.datatypes.partial_date import PartialDate, compare_dates
from pathway_compiler.datatypes.truth import Missing, Reason, Unknown
from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.types import (
    BooleanType,
    ListType,
    NumericType,
    RecordType,
    SetType,
    Type,
    describe_type,
)
from pathway_compiler.model.vocabulary import Entry, ListValue, Scalar, SetValue, Value
from pathway_compiler.patient_data.fact_names import FactNames, listed
from pathway_compiler.patient_data.mistakes import At, Mistakes, TooManyMistakes
from pathway_compiler.patient_data.patient import Observation, Patient
from pathway_compiler.patient_data.raw import (
    HOW_TO_DATE,
    MOST_BITS,
    Path,
    Raw,
    RawPatient,
    Unusable,
    described,
    is_nothing,
    quoted,
)
from pathway_compiler.patient_data.typed_scalars import ScalarReader
from pathway_compiler.semantics.literals import REASONS

__all__ = ["PatientReader"]


class PatientReader:
    """Reads the patients of one run, and sees to it that no two have the same id."""

    def __init__(self, names: FactNames, as_of: PartialDate | None = None) -> None:
        self._names = names
        self._as_of = as_of
        self._origins: dict[str, str] = {}

    def read(self, raw: RawPatient) -> tuple[str, Patient | None, tuple[Diagnostic, ...]]:
        """The id of a patient, the patient unless there are mistakes, and the mistakes."""
        patient = _OnePatient(raw, self._names)
        id = patient.id or self._unused(raw.default_id)
        earlier = self._origins.get(id)
        self._origins.setdefault(id, raw.origin)
        return id, *patient.read(id, self._as_of, earlier)

    def _unused(self, default_id: str) -> str:
        id, number = default_id, 1
        while id in self._origins:
            number += 1
            id = f"{default_id} ({number})"
        return id


class _OnePatient:
    def __init__(self, raw: RawPatient, names: FactNames) -> None:
        self._raw = raw
        self._names = names
        self._guideline = names.guideline
        self._mistakes = Mistakes(raw)
        self._scalars = ScalarReader(names, self._mistakes)
        self._patient: dict[str, Raw] = raw.raw if isinstance(raw.raw, dict) else {}
        self._as_of: PartialDate | None = None
        self.id = self._id()

    # The patient as a whole.

    def read(
        self, id: str, as_of: PartialDate | None, earlier: str | None
    ) -> tuple[Patient | None, tuple[Diagnostic, ...]]:
        """The patient with this id, or the mistakes; `earlier` is where the id has been before."""
        self._mistakes.name = id
        try:
            if earlier is not None:
                self._mistakes.add(
                    "data-duplicate",
                    f"another patient has this id already, in {earlier}",
                    ("id",),
                    "give each patient an id of its own",
                )
            found = self._read(as_of)
        except TooManyMistakes:
            found = {}
        mistakes = self._mistakes.found
        return None if mistakes else Patient(id, found, self._as_of), tuple(mistakes)

    def _read(self, as_of: PartialDate | None) -> dict[str, tuple[Observation, ...]]:
        facts, prefix = self._facts()
        self._as_of = self._day_of_evaluation() or as_of
        found: dict[str, tuple[Observation, ...]] = {}
        types = self._names.types()
        for name, raw in facts.items():
            type_ = types.get(name)
            if type_ is None:
                message, help = self._names.explain(name)
                self._mistakes.add("data-unknown-name", message, (*prefix, name), help, key=True)
                continue
            at = At((*prefix, name), self._names.label(name), name)
            observations = self._observations(type_, raw, at)
            if observations:
                found[name] = observations
        return found

    def _id(self) -> str | None:
        raw = self._patient.get("id")
        if raw is None or raw == "":
            return None
        id = ""
        if isinstance(raw, int) and not isinstance(raw, bool):
            id = str(raw) if raw.bit_length() < MOST_BITS else ""
        elif isinstance(raw, str) and not isinstance(raw, Unusable):
            id = str(raw)
        if not id or len(id) > _LONGEST_ID or not id.isprintable():
            self._mistakes.add(
                "data-wrong-type",
                "the id is not a text on one line",
                ("id",),
                f"write an id of at most {_LONGEST_ID} characters",
            )
            return None
        return id

    def _day_of_evaluation(self) -> PartialDate | None:
        raw = self._patient.get("as_of")
        if is_nothing(raw):
            return None
        at = At(("as_of",), "Day of the evaluation", "as_of")
        date = self._scalars.date(raw, at)
        if date is not None and date.day is None:
            self._mistakes.wrong(
                "data-date", "the day of an evaluation must be a full date", at, HOW_TO_DATE
            )
            return None
        return date

    def _facts(self) -> tuple[dict[str, Raw], Path]:
        """The facts of the patient, and the way to them."""
        patient = self._patient
        if not isinstance(self._raw.raw, dict):
            self._mistakes.add(
                "data-wrong-type",
                f"a patient is needed here, and this is {described(self._raw.raw)}",
                (),
                'write `{"id": "p1", "facts": {…}}`',
            )
            return {}, ()
        self._mistakes.repeated(patient, ())
        if "resourceType" in patient and "resourceType" not in self._names.types():
            self._mistakes.add(
                "data-unreadable",
                "this is FHIR, which is not read here",
                ("resourceType",),
                'write the facts by the names of the guideline: `{"facts": {…}}`',
            )
            return {}, ()
        if "facts" not in patient:
            return {k: v for k, v in patient.items() if k not in _RESERVED}, ()
        for key in patient:
            if key not in _RESERVED:
                if key in self._names.types():
                    help: str | None = "put it into `facts`"
                else:
                    help = did_you_mean(key, _WRITTEN_RESERVED)
                self._mistakes.add(
                    "data-unknown-name",
                    f"{quoted(key)} stands beside `facts`, where only `id` and `as_of` can stand",
                    (key,),
                    help,
                    key=True,
                )
        facts = patient["facts"]
        if is_nothing(facts):
            return {}, ()
        if not isinstance(facts, dict):
            self._mistakes.add(
                "data-wrong-type",
                f"`facts` must be an object, and this is {described(facts)}",
                ("facts",),
                'write `"facts": {"age": 54, …}`',
            )
            return {}, ()
        self._mistakes.repeated(facts, ("facts",))
        return facts, ("facts",)

    # Observations.

    def _observations(self, type_: Type, raw: Raw, at: At) -> tuple[Observation, ...]:
        if isinstance(raw, dict) and "observations" in raw:
            self._mistakes.only_keys(raw, ("observations",), at)
            series, at = raw["observations"], at.inside("observations")
            if not isinstance(series, list):
                self._mistakes.wrong(
                    "data-wrong-type",
                    f"`observations` must be a list, and this is {described(series)}",
                    at,
                    _HOW_TO_OBSERVE,
                )
                return ()
        elif _is_series(type_, raw):
            assert isinstance(raw, list)
            series = raw
            if not all(isinstance(item, dict) for item in series):
                self._mistakes.wrong(
                    "data-wrong-type",
                    f"`{at.name}` has a single value, and this is a list",
                    at,
                    f"several observations are written {_HOW_TO_OBSERVE[6:]}",
                )
                return ()
        else:
            observation = self._observation(type_, raw, at)
            return () if observation is None else (observation,)
        if not series:
            self._mistakes.wrong("data-wrong-type", "an empty list says nothing", at, "write null")
        found: dict[PartialDate | None, tuple[Observation, At]] = {}
        for number, item in enumerate(series):
            there = at.inside(number)
            observation = self._observation(type_, item, there)
            if observation is None:
                continue
            earlier = found.setdefault(observation.date, (observation, there))
            if earlier[0] != observation:
                when = "without a date" if observation.date is None else f"of {observation.date}"
                self._mistakes.add(
                    "data-duplicate",
                    f"{at.label}: there are two different values {when}",
                    there.path,
                    "keep one of them, or correct a date",
                    labels=(Label(self._mistakes.span(earlier[1].path), "the other one"),),
                )
        return tuple(sorted((o for o, _ in found.values()), key=_in_time))

    def _observation(self, type_: Type, raw: Raw, at: At) -> Observation | None:
        date: PartialDate | None = None
        if isinstance(raw, dict) and "date" in raw:
            there = at.inside("date")
            if not is_nothing(raw["date"]):
                date = self._scalars.date(raw["date"], there)
                self._not_in_the_future(date, there)
        value = self._value(type_, raw, at, dated=True)
        return None if value is None else Observation(value, date)

    def _not_in_the_future(self, date: PartialDate | None, at: At) -> None:
        as_of = self._as_of
        if date is not None and as_of is not None and compare_dates(">", date, as_of) is True:
            self._mistakes.wrong(
                "data-future",
                f"this is dated after the day of the evaluation: {date} comes after {as_of}",
                at,
                "correct the date, or evaluate as of a later day",
            )

    # Values. `None` means that there is nothing to keep: nothing was said, or a mistake is noted.

    def _value(
        self, type_: Type, raw: Raw, at: At, *, dated: bool = False
    ) -> Value | Unknown | None:
        if isinstance(raw, dict):
            return self._object(type_, raw, at, dated)
        if raw is None:
            return None
        if isinstance(raw, str) and not self._names.has_value(type_, raw):
            if is_nothing(raw):
                return None
            word, colon, reason = raw.partition(":")
            if word.strip() == "unknown":
                return self._unknown(reason.strip() if colon else Reason.NOT_KNOWN, at)
        return self._known(type_, raw, at)

    def _known(self, type_: Type, raw: Raw, at: At) -> Value | None:
        match type_:
            case SetType():
                return self._set(type_, raw, True, at)
            case ListType():
                return self._list(type_, raw, True, at)
            case _:
                return self._scalars.read(type_, raw, at)

    def _object(
        self, type_: Type, raw: dict[str, Raw], at: At, dated: bool
    ) -> Value | Unknown | None:
        """A value with its unit, date or completeness, or the reason why there is none."""
        many = isinstance(type_, SetType | ListType)
        contents = ("value", "items", "unknown") if many else ("value", "unknown")
        extra = ("complete",) if many else ("unit",) if isinstance(type_, NumericType) else ()
        if many and not any(key in raw for key in (*contents, "date", "complete")):
            form = "`[{…}, …]`" if isinstance(type_, ListType) else "`[…]`"
            self._mistakes.wrong(
                "data-wrong-type",
                f"`{at.name}` is a {describe_type(type_)}, and this is an object",
                at,
                f"write a list: {form}",
            )
            return None
        if not self._mistakes.only_keys(
            raw, (*contents, *extra, *(("date",) if dated else ())), at
        ):
            return None
        given = [key for key in contents if key in raw]
        if "unknown" in given:
            given += [key for key in extra if not is_nothing(raw.get(key))]
        if len(given) != 1:
            if given:
                message = f"{quoted(given[0])} and {quoted(given[1])} cannot both be said"
            else:
                message = "neither a value is given nor why there is none"
            self._mistakes.wrong("data-wrong-type", message, at, _how_to_say(type_))
            return None
        content, inner = raw[given[0]], at.inside(given[0])
        if given[0] == "unknown":
            return self._unknown(content, inner)
        if isinstance(type_, SetType | ListType):
            return self._many(type_, raw, content, inner)
        if isinstance(type_, NumericType) and isinstance(content, dict):
            content = self._scalars.ratio(content)
        if isinstance(type_, NumericType) and not is_nothing(raw.get("unit")):
            if is_nothing(content) or isinstance(content, dict):
                self._mistakes.wrong("data-wrong-type", "there is a unit, and no number", inner)
                return None
            return self._scalars.number(type_, content, inner, raw["unit"], at.inside("unit"))
        if isinstance(content, dict):
            self._mistakes.wrong(
                "data-wrong-type", "this is an object, and a value is needed", inner
            )
            return None
        return self._value(type_, content, inner)

    def _many(
        self, type_: SetType | ListType, raw: dict[str, Raw], content: Raw, at: At
    ) -> Value | Unknown | None:
        """The items of a set or a list that says whether it is complete."""
        if isinstance(content, dict):
            if "value" in raw and "complete" not in raw and "items" in content:
                return self._object(type_, content, at, dated=False)
            self._mistakes.wrong("data-wrong-type", "this is an object, and a list is needed", at)
            return None
        complete: Scalar | None = True
        if not is_nothing(raw.get("complete")):
            outside = At((*at.path[:-1], "complete"), at.label, at.name)
            complete = self._scalars.read(BooleanType(), raw["complete"], outside)
        if is_nothing(content):
            if "complete" in raw:
                self._mistakes.wrong(
                    "data-wrong-type", "there are no items", at, "write `[]` for none"
                )
            return None
        if isinstance(content, str) and "complete" not in raw:
            return self._value(type_, content, at)
        if isinstance(type_, SetType):
            return self._set(type_, content, complete is not False, at)
        return self._list(type_, content, complete is not False, at)

    def _unknown(self, reason: Raw | Reason, at: At) -> Unknown | None:
        known = REASONS.get(reason) if isinstance(reason, str) else None
        if known is None:
            shown = quoted(reason) if isinstance(reason, str) else described(reason)
            help = did_you_mean(reason, REASONS) if isinstance(reason, str) else None
            self._mistakes.wrong(
                "data-unknown-value",
                f"{shown} is not a reason for missing data",
                at,
                help or listed(REASONS, "the reasons are"),
            )
            return None
        return Unknown(frozenset({Missing(at.name, known)}))

    def _set(self, type_: SetType, raw: Raw, complete: bool, at: At) -> SetValue | None:
        if not isinstance(raw, list):
            self._mistakes.wrong(
                "data-wrong-type",
                f"`{at.name}` is a {describe_type(type_)}, and this is {described(raw)}",
                at,
                "write the values in brackets, as in `[first, second]`, or `[]` for none",
            )
            return None
        items: dict[Scalar, At] = {}
        for number, item in enumerate(raw):
            there = at.inside(number)
            missing = is_nothing(item) or item == "unknown"
            if missing and not (isinstance(item, str) and self._names.has_value(type_, item)):
                self._mistakes.wrong(
                    "data-wrong-type",
                    "a value of a set cannot be missing",
                    there,
                    'if there may be others, write `{"items": […], "complete": false}`',
                )
                continue
            value = self._scalars.read(type_.of, item, there)
            if value is None:
                continue
            if value in items:
                self._mistakes.add(
                    "data-duplicate",
                    f"{at.label}: {quoted(str(value))} is given twice",
                    there.path,
                    "keep one of them",
                    labels=(Label(self._mistakes.span(items[value].path), "the first one"),),
                )
            items.setdefault(value, there)
        return SetValue(frozenset(items), complete)

    def _list(self, type_: ListType, raw: Raw, complete: bool, at: At) -> ListValue | None:
        if not isinstance(raw, list):
            self._mistakes.wrong(
                "data-wrong-type",
                f"`{at.name}` is a {describe_type(type_)}, and this is {described(raw)}",
                at,
                "write a list of objects: `[{…}, …]`, or `[]` for none",
            )
            return None
        entries = []
        for number, item in enumerate(raw):
            there = replace(at.inside(number), label=f"{at.label}, entry {number + 1}")
            if isinstance(item, dict):
                entries.append(self._entry(type_.of, item, there))
            else:
                self._mistakes.wrong(
                    "data-wrong-type",
                    f"`{at.name}` holds {type_.of.name} records, and this is {described(item)}",
                    there,
                    "write an object with its fields: `{…}`",
                )
        return ListValue(tuple(entries), complete)

    def _entry(self, type_: RecordType, raw: dict[str, Raw], at: At) -> Entry:
        record = self._guideline.records[type_.name]
        self._mistakes.only_keys(raw, tuple(field.name for field in record.fields), at)
        found: list[tuple[str, Scalar | SetValue | Unknown]] = []
        for name, part in raw.items():
            field = record.field(name)
            if field is None:
                continue
            label = f"{at.label}, {field.label or field.name}"
            there = At((*at.path, name), label, f"{at.name}.{name}")
            value = self._value(field.type, part, there)
            if value is None or isinstance(value, ListValue):
                continue
            found.append((name, value))
            if name == record.dated_by and isinstance(value, PartialDate):
                self._not_in_the_future(value, there)
        return Entry(tuple(sorted(found, key=lambda part: part[0])))


def _is_series(type_: Type, raw: Raw) -> bool:
    """Whether a list is one of observations, and not of the items of one value."""
    if not isinstance(raw, list) or isinstance(type_, ListType):
        return False
    if isinstance(type_, SetType):
        return len(raw) > 0 and all(isinstance(item, dict) for item in raw)
    return True


def _in_time(observation: Observation) -> tuple[bool, int, int, int]:
    """Earlier days first; what has no date is of now, and comes last."""
    date = observation.date
    if date is None:
        return True, 0, 0, 0
    return False, date.year, date.month or 0, date.day or 0


def _how_to_say(type_: Type) -> str:
    if isinstance(type_, SetType | ListType):
        return 'write `{"items": […]}` or `{"unknown": "not done"}`'
    return 'write `{"value": …}` or `{"unknown": "not done"}`'


_LONGEST_ID = 200
_RESERVED = frozenset({"id", "as_of", "facts", "$schema"})
_WRITTEN_RESERVED = ("id", "as_of", "facts")
_HOW_TO_OBSERVE = 'write `[{"value": …, "date": …}, …]`'
