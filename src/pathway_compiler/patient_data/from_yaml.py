"""Patients from YAML, one document or several in a file.

Only the form of YAML is used, never its guesses: `no`, `12:30` and `2019-03-01` are texts until
their element says what they are. Aliases are refused, because a few lines of them can stand for
billions of values; so are tags other than those of plain data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.patient_data.from_json import patients_of_document
from pathway_compiler.patient_data.places import PlacedNode, TreePlaces
from pathway_compiler.patient_data.raw import (
    DEEPEST_NESTING,
    Plain,
    Raw,
    RawPatient,
    RepeatedKeys,
    Unreadable,
)

__all__ = ["yaml_patients"]


def yaml_patients(source: Source, stem: str) -> Iterator[RawPatient | Unreadable]:
    """The patients of every document of a YAML file, in their order."""
    documents = count = 0
    try:
        events = yaml.parse(source.text, Loader=_LOADER)
        for event in events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            raw, node = _value(next(events), events, source, 0)
            if raw == "" and isinstance(raw, Plain):
                continue  # an empty document, as after a last `---`
            documents += 1
            places = TreePlaces(source, node)
            for patient in patients_of_document(raw, places, source.name, stem, count):
                count += 1
                yield patient
    except (_RefusedError, yaml.YAMLError, UnicodeError, ValueError) as error:
        found = error.diagnostic if isinstance(error, _RefusedError) else _broken(error, source)
        yield Unreadable(source.name, f"{stem}#{count + 1}" if count else stem, (found,))
        return
    if documents == 0:
        place = Span(source, 0, len(source.text.rstrip()))
        nothing = Diagnostic(
            "data-unreadable",
            "there is no patient in this file",
            place,
            help="write `facts:` and below it one line a fact, such as `age: 54`",
        )
        yield Unreadable(source.name, stem, (nothing,))


# The C library reads about ten times as fast; it is not part of every build of PyYAML.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Events: TypeAlias = Iterator[Any]
_STANDARD = "tag:yaml.org,2002:"
_TEXT_TAGS = {"!", f"{_STANDARD}str"}
_PLAIN_TAGS = {f"{_STANDARD}{name}" for name in ("int", "float", "bool", "null", "timestamp")}
_COLLECTION_TAGS = {"!", f"{_STANDARD}map", f"{_STANDARD}seq"}


class _RefusedError(Exception):
    def __init__(self, message: str, span: Span, help: str | None = None) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic("data-unreadable", message, span, help=help)


def _value(event: Any, events: _Events, source: Source, depth: int) -> tuple[Raw, PlacedNode]:
    """Read the value that begins with an event, and all within it."""
    start, end = event.start_mark.index, event.end_mark.index
    span = Span(source, start, end)
    if isinstance(event, yaml.AliasEvent):
        raise _RefusedError("aliases are not read", span, "write the values out")
    if depth > DEEPEST_NESTING:
        raise _RefusedError("lists and mappings are nested too deeply", span)
    node = PlacedNode(start, end)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, span), node
    if event.tag is not None and event.tag not in _COLLECTION_TAGS:
        raise _RefusedError(f"the tag `{event.tag[:60]}` is not read", span, "remove the tag")
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Raw] = []
        for inner in events:
            if isinstance(inner, yaml.SequenceEndEvent):
                node.end = _end(inner, node, source)
                break
            item, item_node = _value(inner, events, source, depth + 1)
            node.items[len(items)] = item_node
            items.append(item)
        return items, node
    pairs: list[tuple[str, Raw]] = []
    for inner in events:
        if isinstance(inner, yaml.MappingEndEvent):
            node.end = _end(inner, node, source)
            break
        key, key_node = _value(inner, events, source, depth + 1)
        if not isinstance(key, str):
            place = Span(source, key_node.start, key_node.end)
            raise _RefusedError("a key must be a single name", place)
        value, value_node = _value(next(events), events, source, depth + 1)
        name = str(key)
        pairs.append((name, value))
        node.items[name] = value_node
        node.keys.setdefault(name, []).append((key_node.start, key_node.end))
    found = dict(pairs)
    return (found if len(found) == len(pairs) else RepeatedKeys(pairs)), node


def _scalar(event: Any, span: Span) -> str:
    if event.tag is None:
        return str(event.value) if event.style else Plain(event.value)
    if event.tag in _TEXT_TAGS:
        return str(event.value)
    if event.tag in _PLAIN_TAGS:
        return Plain(event.value)
    raise _RefusedError(f"the tag `{event.tag[:60]}` is not read", span, "remove the tag")


def _end(event: Any, node: PlacedNode, source: Source) -> int:
    """Where a collection ends, without the empty lines and comments that follow it."""
    if event.end_mark.index > event.start_mark.index:
        return int(event.end_mark.index)  # its closing bracket
    ends = [inner.end for inner in node.items.values()]
    ends += [end for places in node.keys.values() for _, end in places]
    return max(ends, default=node.end)


def _broken(error: Exception, source: Source) -> Diagnostic:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = getattr(error, "problem", None) or getattr(error, "reason", None)
    size = len(source.text)
    start = min(mark.index if mark is not None else 0, size)
    message = "this is not YAML" + (f": {words}" if words else "")
    return Diagnostic("data-unreadable", message, Span(source, start, min(start + 1, size)))
