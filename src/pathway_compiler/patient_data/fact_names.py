"""What a guideline calls its facts and their values, and what a misspelt name may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import ActionType, EnumType, SetType, Type
from pathway_compiler.patient_data.raw import quoted

__all__ = ["FactNames", "listed"]


class FactNames:
    """What a guideline calls its facts and their values."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self._types: dict[str, Type] = {}
        self._labels: dict[str, str] = {}
        for element in guideline.elements.values():
            self._types[element.name] = element.type
            self._labels[element.name] = element.label or element.name
        for definition in guideline.definitions.values():
            self._types[definition.name] = definition.type
            self._labels[definition.name] = definition.label or definition.name
        self._values: dict[int, frozenset[str]] = {}
        self._actions: dict[str, frozenset[str]] = {}

    def types(self) -> dict[str, Type]:
        """The type of each fact by its name."""
        return self._types

    def label(self, name: str) -> str:
        return self._labels[name]

    def has_value(self, type_: Type, word: str) -> bool:
        """Whether a word is a value of a type, or of the values of a set."""
        match type_:
            case EnumType():
                # INVARIANT: types live as long as their guideline, so that an id is never reused.
                values = self._values.get(id(type_))
                if values is None:
                    values = frozenset(value.name for value in type_.values)
                    self._values[id(type_)] = values
                return word in values
            case ActionType():
                return word in self._of_kind(type_.kind)
            case SetType():
                return self.has_value(type_.of, word)
            case _:
                return False

    def suggest_value(self, type_: EnumType | ActionType, word: str) -> str:
        """What the writer of a wrong value may have meant."""
        labels: list[tuple[str, tuple[str, ...]]]
        if isinstance(type_, EnumType):
            labels = [(value.name, (value.label,)) for value in type_.values]
        else:
            labels = [
                (name, self._spoken_names(name)) for name in sorted(self._of_kind(type_.kind))
            ]
        meant = _meant(word, labels)
        if meant is not None:
            return meant
        names = [name for name, _ in labels]
        return listed(names) or "there are no values; the guideline is not complete"

    def explain(self, name: str) -> tuple[str, str | None]:
        """Why a name is none of a fact, and what to do."""
        guideline = self.guideline
        if name in guideline.parameters:
            return (
                f"{quoted(name)} is a parameter of the guideline, and not a fact about a patient",
                "a parameter is local policy: set it where the guideline is run",
            )
        if name in guideline.readings:
            return (
                f"{quoted(name)} is a reading of a sentence, and not a fact about a patient",
                "choose the reading where the guideline is run; here give the facts it is made of",
            )
        if name in guideline.actions or name in guideline.classes:
            return (
                f"{quoted(name)} is an action of the guideline, and not a fact about a patient",
                "name it within a fact, such as the list of treatments",
            )
        meant = _meant(name, [(fact, (label,)) for fact, label in self._labels.items()])
        return (
            f"no data element of the guideline is called {quoted(name)}",
            meant or "the facts are the data elements and definitions of the guideline",
        )

    def _of_kind(self, kind: str) -> frozenset[str]:
        names = self._actions.get(kind)
        if names is None:
            guideline = self.guideline
            names = frozenset(
                [a.name for a in guideline.actions.values() if a.kind == kind]
                + [c.name for c in guideline.classes.values() if c.kind == kind]
            )
            self._actions[kind] = names
        return names

    def _spoken_names(self, name: str) -> tuple[str, ...]:
        action = self.guideline.actions.get(name)
        if action is not None:
            return (action.label, *action.synonyms)
        return (self.guideline.action_label(name),)


def listed(names: Iterable[str], words: str = "the values are") -> str:
    found = list(names)
    more = len(found) - _MOST_LISTED
    listed = ", ".join(f"`{name}`" for name in found[:_MOST_LISTED])
    return f"{words} {listed}" + (f" and {more} more" if more > 0 else "") if found else ""


_MOST_LISTED = 12


def _meant(word: str, labels: Iterable[tuple[str, tuple[str, ...]]]) -> str | None:
    """A line such as "did you mean `positive`?" for a word that may be a label or misspelt."""
    folded = " ".join(_WORD.findall(word.casefold()))
    by_text: dict[str, str] = {}
    for name, texts in labels:
        for text in (name, *texts):
            by_text.setdefault(" ".join(_WORD.findall(text.casefold())), name)
    if folded in by_text:
        return f"did you mean `{by_text[folded]}`?"
    if len(folded) > _LONGEST_GUESS:
        return None
    beginning = {name for text, name in by_text.items() if folded and text.startswith(folded)}
    if len(beginning) == 1:
        return f"did you mean `{beginning.pop()}`?"
    meant = did_you_mean(folded, by_text)
    if meant is None:
        return None
    names = dict.fromkeys(by_text[text] for text in re.findall(r"`([^`]*)`", meant))
    return "did you mean " + " or ".join(f"`{name}`" for name in names) + "?"


_WORD = re.compile(r"[^\W_]+")
_LONGEST_GUESS = 60
