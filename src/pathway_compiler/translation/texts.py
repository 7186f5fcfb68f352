"""Every text of a guideline with the place where it stands.

One walk serves both ways: it hands each text to a function and puts in what that returns, so that what
is extracted is exactly what is replaced. A place is a readable context of gettext:

    her2_first_line.choice.tdm1 label          a node or option, by its id
    her2_first_line.choice.tdm1 caution 1
    element her2_status ask                    other declarations, after what they are
    type her2.positive label
    section                                    a heading of the source; the same everywhere
    name high                                  a name that is shown as a word
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import PurePath
from typing import TypeVar, cast

from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.acceptance import Acceptance
from pathway_compiler.model.action import (
    Action,
    ActionClass,
    Authorisation,
    Contraindication,
    Incompatibility,
)
from pathway_compiler.model.case import Case, Visit
from pathway_compiler.model.evidence import Certainty, Grade, Grading, Moment, Statement
from pathway_compiler.model.guideline import Guideline, GuidelineHeader
from pathway_compiler.model.pathway import (
    Branch,
    Caution,
    Choose,
    Decision,
    End,
    Follow,
    Option,
    Outside,
    Pathway,
    Recommend,
    Review,
    Slot,
    Standing,
    Together,
)
from pathway_compiler.model.types import EnumType, EnumValue
from pathway_compiler.model.vocabulary import (
    Constraint,
    Definition,
    Element,
    Field,
    Parameter,
    Reading,
    ReadingAlternative,
    RecordDeclaration,
)

__all__ = ["Say", "Text", "texts_of", "with_texts"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its place, and where the author wrote it.

    `about` helps a translator: the question of an answer, what a choice is about.
    """

    place: str
    source: str
    span: Span | None = None
    about: str = ""


Say = Callable[[Text], str]

_NODES = (Decision, Recommend, Choose, Standing, Together, Follow, Review, End, Outside)
_LABEL, _REMARKS = ("label",), ("issues", "note")
_TEXTS: Mapping[type, tuple[str, ...]] = {
    GuidelineHeader: ("title", "note"),
    Grading: ("label", "note"),
    Certainty: _LABEL,
    Grade: _LABEL,
    Statement: ("label", "section", *_REMARKS),
    Moment: _LABEL,
    EnumType: _LABEL,
    EnumValue: _LABEL,
    RecordDeclaration: ("label", "note"),
    Field: _LABEL,
    Action: ("label", *_REMARKS),
    ActionClass: ("label", *_REMARKS),
    Authorisation: ("text",),
    Element: ("label", "ask", "hint", "judgement_note", *_REMARKS),
    Constraint: ("label", *_REMARKS),
    Parameter: ("label", *_REMARKS),
    Definition: ("label", *_REMARKS),
    Reading: ("label", *_REMARKS),
    ReadingAlternative: _LABEL,
    Contraindication: ("label", *_REMARKS),
    Incompatibility: ("label", *_REMARKS),
    Pathway: ("label", *_REMARKS),
    Branch: _LABEL,
    Option: ("label", *_REMARKS),
    Caution: ("text",),
    Slot: ("label", *_REMARKS),
    Acceptance: ("reason",),
    Case: ("label", "note"),
    Visit: _LABEL,
    **dict.fromkeys(_NODES, ("label", *_REMARKS)),
}
"""The fields that hold an author's sentences. The source and the publisher are cited, never translated;
codes, names and synonyms of drugs are the same in every language."""

_KINDS: Mapping[type, str] = {
    Grading: "grading",
    Statement: "statement",
    Moment: "moment",
    RecordDeclaration: "record",
    Action: "action",
    ActionClass: "class",
    Element: "element",
    Parameter: "parameter",
    Definition: "definition",
    Reading: "reading",
    Contraindication: "contraindication",
    Incompatibility: "incompatible",
    Pathway: "",
    Slot: "slot",
    Case: "case",
}
"""What stands before the name of a declaration in a place; nothing before that of a pathway."""

_T = TypeVar("_T")


def texts_of(guideline: Guideline) -> tuple[Text, ...]:
    """Every text of a guideline, declaration by declaration; each place and text once."""
    found: dict[tuple[str, str], Text] = {}

    def note(text: Text) -> str:
        found.setdefault((text.place, text.source), text)
        return text.source

    with_texts(guideline, note)
    return tuple(found.values())


def with_texts(guideline: Guideline, say: Say) -> Guideline:
    """The same guideline with what `say` returns in place of each text; names stay as they are."""
    walk = _Walk(say)
    changed = {
        f.name: walk.anything(getattr(guideline, f.name), "", None)
        for f in fields(guideline)
        if f.name not in ("content_hash", "names_in_words")
    }
    return replace(guideline, **changed, names_in_words=_names(guideline, say))


def _names(guideline: Guideline, say: Say) -> dict[str, str]:
    """What has no label is shown by its name: a part of a record, a parameter, a level of certainty.

    A file of data elements heads those questions of a form that stand in it.
    """
    found: dict[str, tuple[Span | None, str]] = {}
    for grading in guideline.gradings.values():
        for certainty in grading.certainties:
            found.setdefault(certainty.name, (grading.span, "level of certainty"))
    for record in guideline.records.values():
        for part in record.fields:
            found.setdefault(part.name, (record.span, f"part of: {record.label}"))
    for pathway in guideline.pathways.values():
        for parameter in pathway.parameters:
            found.setdefault(parameter.name, (pathway.span, f"told to: {pathway.label}"))
    for element in guideline.elements.values():
        if element.span is not None:
            topic = PurePath(element.span.source.name).stem
            found.setdefault(topic, (element.span, "a file, as the heading of its data elements"))
    return {
        name: say(Text(f"name {name}", name.replace("_", " "), span, about))
        for name, (span, about) in found.items()
    }


class _Walk:
    """Rebuilds records from the leaves up; what holds no text is left as it is."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._types: dict[EnumType, EnumType] = {}

    def anything(self, value: _T, place: str, span: Span | None, about: str = "") -> _T:
        """A value with its texts replaced; the very same one when it holds none."""
        if isinstance(value, tuple):
            items = self._items(value, place, span, about)
            return cast(
                _T, items if any(a is not b for a, b in zip(items, value, strict=True)) else value
            )
        if isinstance(value, Mapping):
            return cast(_T, {k: self.anything(v, place, span, about) for k, v in value.items()})
        if isinstance(value, EnumType):
            return cast(_T, self._enum(value, place, span))
        if is_dataclass(value) and not isinstance(value, Span | type):
            return self._record(value, place, span, about)
        return value

    def _items(
        self, values: tuple[object, ...], place: str, span: Span | None, about: str
    ) -> tuple[object, ...]:
        """Cautions, visits and the like have no name, and go by their number."""
        numbers: dict[str, int] = {}
        found = []
        for value in values:
            within = place
            word = _nameless(value)
            if word:
                numbers[word] = numbers.get(word, 0) + 1
                within = f"{place} {word} {numbers[word]}".lstrip()
            found.append(self.anything(value, within, span, about))
        return tuple(found)

    def _record(self, value: _T, place: str, span: Span | None, about: str) -> _T:
        place, span = _place_of(value, place), getattr(value, "span", None) or span
        texts = _TEXTS.get(type(value), ())
        inner_about = _about(value)
        changed: dict[str, object] = {}
        for f in fields(value):  # type: ignore[arg-type]
            old = getattr(value, f.name)
            if f.name in texts:
                new = self._text(old, f.name, place, span, about)
            else:
                new = self.anything(old, place, span, inner_about)
            if new is not old:
                changed[f.name] = new
        return replace(value, **changed) if changed else value  # type: ignore[type-var]

    def _text(self, old: object, field: str, place: str, span: Span | None, about: str) -> object:
        if isinstance(old, tuple):
            return tuple(
                self._said(text, f"{place} issue {number}", span, "")
                for number, text in enumerate(old, start=1)
            )
        if not isinstance(old, str):
            return old
        if field == "section":
            return self._said(old, "section", span, "a heading of the source")
        word = {"reason": "", "text": "", "judgement_note": " judgement"}.get(field, f" {field}")
        return self._said(old, f"{place}{word}", span, about if field == "label" else "")

    def _said(self, text: str, place: str, span: Span | None, about: str) -> str:
        return self._say(Text(place, text, span, about)) if text.strip() else text

    def _enum(self, type_: EnumType, place: str, span: Span | None) -> EnumType:
        """A closed list, translated where it is first met; its values stand in every condition."""
        if type_ not in self._types:
            here = f"type {type_.name}" if type_.name else place
            at = type_.span or span
            values = tuple(
                replace(v, label=self._said(v.label, f"{here}.{v.name} label", at, type_.label))
                for v in type_.values
            )
            label = self._said(type_.label, f"{here} label", at, "") if type_.name else type_.label
            self._types[type_] = replace(type_, values=values, label=label)
        return self._types[type_]


def _nameless(value: object) -> str:
    match value:
        case Constraint():
            return "constraint"
        case Caution():
            return "caution"
        case Visit():
            return "visit"
        case Authorisation():
            return "authorisation"
        case Acceptance():
            return f"accept {value.finding}"
        case _:
            return ""


def _place_of(value: object, place: str) -> str:
    """The place of a record, given that of what holds it."""
    match value:
        case GuidelineHeader():
            return "guideline"
        case Constraint():
            # Numbers would move when one is added before it.
            return f"constraint “{value.label}”"
        case (
            Certainty() | Grade() | Field() | ReadingAlternative() | Branch() | Option() | Decision() | Recommend()
            | Choose() | Standing() | Together() | Follow() | Review() | End() | Outside()
        ):  # fmt: skip
            return f"{place}.{value.name}"
        case _:
            kind = _KINDS.get(type(value))
            if kind is None:
                return place
            return f"{kind} {value.name}".lstrip()  # type: ignore[attr-defined]


def _about(value: object) -> str:
    match value:
        case Decision() | Review():
            return f"answer to: {value.label}"
        case Choose():
            return f"option of: {value.label}"
        case Reading():
            return f"reading of: {value.label}"
        case _:
            return ""
