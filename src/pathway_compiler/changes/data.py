"""Changes of the data: what can be recorded about a patient, and what the guideline asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pathway_compiler.changes.change import Change, Effect
from pathway_compiler.changes.comparison import Comparison, Difference
from pathway_compiler.changes.items import Id, Item, Table, shown
from pathway_compiler.changes.words import in_words
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import EnumType, EnumValue
from pathway_compiler.model.vocabulary import Element, Field, Parameter, RecordDeclaration

__all__ = ["Need", "data_changes", "is_data", "needs"]

_TABLES: tuple[Table, ...] = ("type", "field", "value", "action", "fact")


@dataclass(frozen=True, slots=True)
class Need:
    """A data element that conditions newly read, or no longer read.

    `everywhere`: nothing read it before, or nothing reads it any more; otherwise it concerns these
    recommendations only.
    """

    element: str
    label: str
    everywhere: bool
    recommendations: tuple[str, ...]


def is_data(item: Item) -> bool:
    """Whether the changes of an item are told among the data."""
    match item.record:
        case Element() | Parameter() | EnumType() | EnumValue() | RecordDeclaration() | Field():
            return True
        case _:
            return item.kind in ("agent", "procedure", "investigation", "service")


def data_changes(comparison: Comparison) -> Iterator[Change]:
    """Elements, parameters, types and agents: those that came or went, and what differs about them."""
    for found in comparison.differences:
        if is_data(found.match.new):
            yield comparison.change(found, _effect(found))
    for item in comparison.gone(*_TABLES):
        if is_data(item):
            effect: Effect = "certain" if item.table in ("value", "field") else "none"
            yield comparison.removed(item, _told(item, comparison.old), effect)
    for item in comparison.come(*_TABLES):
        if is_data(item):
            effect = "certain" if item.table in ("value", "field") else "none"
            yield comparison.added(item, _told(item, comparison.new), effect)


def _effect(found: Difference) -> Effect:
    return "perhaps" if found.aspect in ("derive", "declared as") else "certain"


def _told(item: Item, guideline: Guideline) -> str:
    match item.record:
        case Element() | Parameter() | Field():
            return in_words("type", item.record.type, item, guideline)
        case EnumType():
            return " | ".join(value.label for value in item.record.values)
        case RecordDeclaration():
            return ", ".join(field.label for field in item.record.fields)
        case _:
            return item.label


# --- what is asked -----------------------------------------------------------------------------------------


def needs(comparison: Comparison) -> tuple[tuple[Need, ...], tuple[Need, ...]]:
    """The data elements newly needed and no longer needed, as the conditions read them."""
    old = {
        comparison.in_new(id_): frozenset(
            (comparison.matching.new_id("fact", name) or (name,))[0]
            for name in comparison.old_bearing.elements(id_, comparison.old)
        )
        for id_ in comparison.old_bearing.on
    }
    new = {
        id_: comparison.new_bearing.elements(id_, comparison.new)
        for id_ in comparison.new_bearing.on
    }
    labels = {
        name: element.label
        for side in (comparison.old, comparison.new)
        for name, element in side.elements.items()
    }
    return _needs(old, new, labels), _needs(new, old, labels)


def _needs(
    before: Mapping[Id, frozenset[str]],
    after: Mapping[Id, frozenset[str]],
    labels: Mapping[str, str],
) -> tuple[Need, ...]:
    """What is read after and not before; per recommendation only for those there before and after."""
    all_before = frozenset[str]().union(*before.values())
    found = []
    for name in dict.fromkeys(n for names in after.values() for n in sorted(names)):
        everywhere = name not in all_before
        readers = [
            id_
            for id_, names in after.items()
            if name in names and (everywhere or (id_ in before and name not in before[id_]))
        ]
        readers = [id_ for id_ in readers if id_[:2] == id_ or id_[:2] not in readers]
        if readers:
            found.append(Need(name, labels[name], everywhere, tuple(map(shown, readers))))
    return tuple(found)
