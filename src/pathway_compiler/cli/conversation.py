"""Asking for one fact after the other, the most useful first."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop, counted
from pathway_compiler.cli.inputs import Choices, full_date, run_one, typed_value
from pathway_compiler.cli.outcome_text import badge, outcome_text
from pathway_compiler.datatypes.number import format_number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Missing, Reason, Unknown
from pathway_compiler.diagnostics.terminal import bold, dim, green, unbroken, wrapped, yellow
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.describe import describe_value, fact_label, fact_type
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
from pathway_compiler.model.vocabulary import Entry, ListValue, Value
from pathway_compiler.patient_data.patient import Observation, Patient

if TYPE_CHECKING:
    from pathway_compiler.engine.outcome import NeededElement, Outcome

__all__ = ["Conversation", "Ended"]

_HELP = """\
type a value, or the number before it; several values are parted by commas
  unknown   nobody knows; it is not asked again (also `d`, `don't know`)
  skip      go on without it for now
  back      take the last answer back
  show      what is settled so far
  end       stop here"""
_DO_NOT_KNOW = ("u", "unknown", "d", "don't know", "dont know", "do not know", "not known")
_MOST_LISTED = 24


class Ended(Exception):
    """The user stops, or standard input has ended."""


class _Back(Exception):
    pass


class _Skip(Exception):
    pass


class _Show(Exception):
    pass


@dataclass
class Conversation:
    """Questions and answers, all on stderr: stdout has the result only."""

    compiled: CompiledGuideline
    console: Console
    _answered: list[str] = field(default_factory=list)
    _skipped: list[str] = field(default_factory=list)

    def ask_day(self) -> PartialDate:
        while True:
            self._say(bold("As of which day? (such as 2019-03-01)"))
            day = full_date(self._line())
            if day is not None:
                return day
            self._say(yellow("Write the full date: year, month and day."))

    def hold(self, patient: Patient, chosen: Choices) -> "tuple[Outcome, Patient]":
        """Ask until nothing is open; what came out, and the patient as far as is known."""
        outcome, problems = run_one(self.compiled, patient, chosen, "the patient")
        if outcome is None:
            self.console.complain(problems)
            raise Stop(3)
        self._say(dim("`?` for help, `unknown` when nobody knows, `end` to stop"))
        while True:
            need = self._next(outcome)
            if need is None:
                return outcome, patient
            try:
                value = self._ask(need)
            except Ended:
                return outcome, patient
            except _Show:
                width = self.console.width
                self._print(outcome_text(outcome, self.compiled, width=width))
                continue
            except _Skip:
                self._skipped.append(need.element)
                continue
            except _Back:
                patient = self._go_back(patient)
                outcome, _ = run_one(self.compiled, patient, chosen, "the patient")
                assert outcome is not None
                continue
            facts = {**patient.facts, need.element: (Observation(value),)}
            after = replace(patient, facts=facts)
            found, problems = run_one(self.compiled, after, chosen, "the patient")
            if found is None:
                for problem in problems:
                    self._say(yellow(problem.message), "  ")
                self._say("That does not fit; please answer again, or `back` to go back.", "  ")
                continue
            self._answered.append(need.element)
            self._settled(outcome, found)
            patient, outcome = after, found

    def _next(self, outcome: "Outcome") -> "NeededElement | None":
        """The most useful question; those that were skipped are not asked again."""
        return next((n for n in outcome.needs if n.element not in self._skipped), None)

    def _go_back(self, patient: Patient) -> Patient:
        if not self._answered:
            self._say("there is no earlier answer", "  ")
            return patient
        name = self._answered.pop()
        self._say(f"taken back: {name}", "  ")
        return replace(patient, facts={n: o for n, o in patient.facts.items() if n != name})

    def _settled(self, before: "Outcome", after: "Outcome") -> None:
        """What the last answer decided."""
        known = {(r.id, r.via) for r in before.given}
        for recommendation in after.given:
            if (recommendation.id, recommendation.via) not in known:
                grade = badge(recommendation.evidence, self.compiled.guideline)
                self._say(f"{green('settled:')} {recommendation.title} {grade}", "  ")
        still = {r.id for r in after.recommendations}
        for recommendation in before.possible:
            if recommendation.id not in still:
                self._say(dim(f"× no longer possible: {recommendation.title}"), "  ")
        if after.needs:
            self._say(dim(f"{counted(len(after.needs), 'question')} open"), "  ")

    # One question.

    def _ask(self, need: "NeededElement") -> "Value | Unknown":
        type_ = fact_type(self.compiled.guideline, need.element)
        assert type_ is not None
        self._say("")
        self._say(bold(need.question))
        self._say_choices(type_)
        while True:
            try:
                return self._value(need.element, type_)
            except _Wrong as wrong:
                self._say(yellow(str(wrong)), "  ")

    def _value(self, name: str, type_: Type) -> "Value | Unknown":
        if isinstance(type_, ListType):
            return self._list(name, type_)
        label = fact_label(self.compiled.guideline, name)
        text = self._line()
        special = self._special(text, name, type_)
        if special is not None:
            return special
        return self._typed(text, name, label, type_)

    def _special(self, text: str, name: str, type_: Type) -> Unknown | None:
        """What is no value: not known, or a wish of the user."""
        word = text.strip().casefold()
        if self._names(type_).get(word) is not None:
            return None
        if word in _DO_NOT_KNOW:
            return Unknown(frozenset({Missing(name, Reason.NOT_KNOWN)}))
        match word:
            case "e" | "end" | "q" | "quit" | "exit":
                raise Ended
            case "b" | "back":
                raise _Back
            case "s" | "skip":
                raise _Skip
            case "show":
                raise _Show
            case "":
                raise _Wrong("type an answer, `unknown` when nobody knows, or `?` for help")
            case "?" | "help":
                element = self.compiled.guideline.elements.get(name)
                for line in _HELP.splitlines():
                    self._say(line, "  ")
                if element is not None and element.hint:
                    self._say(element.hint, "  ")
                if element is not None and element.judgement_note:
                    self._say(element.judgement_note, "  ")
                raise _Wrong("") from None
            case _:
                return None

    def _typed(self, text: str, name: str, label: str, type_: Type) -> "Value | Unknown":
        names = self._names(type_)
        if isinstance(type_, SetType):
            items = text.strip().removeprefix("{").removesuffix("}").replace(";", ",").split(",")
            text = ", ".join(names.get(item.strip().casefold(), item.strip()) for item in items)
        else:
            text = names.get(text.strip().casefold(), text)
        value, problems = typed_value(text, name, label, type_, self.compiled.guideline)
        if value is None:
            raise _Wrong("; ".join(problems))
        if isinstance(value, Unknown):
            reason = next((m.reason for m in value.because), Reason.NOT_KNOWN)
            return Unknown(frozenset({Missing(name, reason)}))
        shown = describe_value(value, type_, self.compiled.guideline)
        if shown.casefold() != text.strip().casefold():
            self._say(dim(f"= {shown}"), "  ")
        return value

    def _list(self, name: str, type_: ListType) -> "Value | Unknown":
        """A list, one record after the other and one field after the other."""
        record = self.compiled.guideline.records[type_.of.name]
        self._say(dim("`none`, or the first record: an empty line leaves a field out"), "  ")
        entries: list[Entry] = []
        text = self._line("none, or press return to begin: ")
        if text.strip().casefold() in ("none", "no", "[]"):
            return ListValue(())
        if text.strip():
            special = self._special(text, name, type_)
            if special is not None:
                return special
            raise _Wrong("press return to enter the records one by one, or write `none`")
        while True:
            fields: list[tuple[str, Value | Unknown]] = []
            for part in record.fields:
                while True:
                    answer = self._line(f"{part.label} {self._short(part.type)}: ")
                    if not answer.strip():
                        break
                    try:
                        found = self._typed(answer, part.name, part.label, part.type)
                    except _Wrong as wrong:
                        self._say(yellow(str(wrong)), "    ")
                        continue
                    fields.append((part.name, found))
                    break
            if fields:
                entries.append(Entry(tuple(fields)))  # type: ignore[arg-type]  # a field holds no list
            if not self._yes("Another one?", False):
                break
        return ListValue(tuple(entries), self._yes("Are these all there are?", True))

    def _yes(self, question: str, usual: bool) -> bool:
        answer = self._line(f"{question} [{'Y/n' if usual else 'y/N'}] ").strip().casefold()
        return usual if not answer else answer in ("y", "yes")

    def _names(self, type_: Type) -> dict[str, str]:
        """The names of values by what a user may type: a number, the name, the label."""
        if isinstance(type_, BooleanType):
            return {"y": "yes", "n": "no", "yes": "yes", "no": "no", "1": "yes", "2": "no"}
        found: dict[str, str] = {}
        for number, (name, *labels) in enumerate(self._choices(type_), start=1):
            for label in labels:
                found.setdefault(label.casefold(), name)
            found[str(number)] = name
        for name, *_ in self._choices(type_):
            found[name.casefold()] = name
        return found

    def _choices(self, type_: Type) -> list[tuple[str, ...]]:
        """Name, label and other names of each value."""
        guideline = self.compiled.guideline
        match type_:
            case SetType():
                return self._choices(type_.of)
            case EnumType():
                return [(value.name, value.label) for value in type_.values]
            case ActionType():
                actions = [a for a in guideline.actions.values() if a.kind == type_.kind]
                classes = [c for c in guideline.classes.values() if c.kind == type_.kind]
                return [(a.name, a.label, *a.synonyms) for a in actions] + [
                    (c.name, c.label) for c in classes
                ]
            case _:
                return []

    def _say_choices(self, type_: Type) -> None:
        listed = self._choices(type_)
        if isinstance(type_, BooleanType):
            self._say("1 yes   2 no", "  ")
        elif listed and isinstance(type_, EnumType):
            for number, (name, label, *_) in enumerate(listed, start=1):
                depth = "  " * (len(type_.ancestors(name)) - 1)
                told = label if label.casefold() == name.casefold() else f"{label} {dim(name)}"
                self._say(f"{number:>2} {depth}{told}", "  ")
        elif listed:
            shown = [unbroken(f"{n} {label}") for n, (_, label, *_) in enumerate(listed, start=1)]
            self._say(
                "; ".join(shown[:_MOST_LISTED]) + ("; …" if len(shown) > _MOST_LISTED else ""), "  "
            )
            if isinstance(type_, SetType):
                self._say(
                    dim("several by commas, `none`, or with `…` at the end when unsure"), "  "
                )
        else:
            self._say(dim(self._short(type_)), "  ")

    def _short(self, type_: Type) -> str:
        """What may be typed, in a few words."""
        match type_:
            case BooleanType():
                return "(yes or no)"
            case EnumType() if len(type_.values) <= 6:
                return f"({' | '.join(value.name for value in type_.values)})"
            case DateType():
                return "(2019, 2019-03 or 2019-03-01)"
            case QuantityType() | CountType() | NumberType():
                unit = f" in {type_.unit.display}" if isinstance(type_, QuantityType) else ""
                low = "" if type_.low is None else f" from {format_number(type_.low)}"
                high = "" if type_.high is None else f" to {format_number(type_.high)}"
                return f"(a number{unit}{low}{high})"
            case ActionType():
                return f"(an {type_.kind})" if type_.kind[0] in "aeiou" else f"(a {type_.kind})"
            case SetType():
                return "(several by commas)"
            case _:
                return ""

    # The terminal.

    def _line(self, prompt: str = "> ") -> str:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            sys.stderr.write(line.rstrip("\n") + "\n")
        if not line:
            raise Ended
        return line.rstrip("\r\n")

    def _say(self, text: str, indent: str = "") -> None:
        if not text and indent:
            return
        lines: Sequence[str] = [indent + text]
        if len(text) > self.console.width - len(indent):
            lines = wrapped(text, self.console.width, indent, indent)
        self._print("\n".join(lines))

    def _print(self, text: str) -> None:
        self.console.note(text)


class _Wrong(Exception):
    """An answer that cannot be read; empty when there is nothing to complain of."""
