"""Writing DOT: attributes in a fixed order, and the only two places where text is escaped.

`quoted` is for strings between quotation marks, `markup_text` for text within HTML-like labels. An
unescaped sign in a label makes Graphviz drop the whole drawing, so nobody escapes anywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pathway_compiler.render.wrap import clean

__all__ = [
    "Dot",
    "Markup",
    "attributes",
    "br_lines",
    "font",
    "markup_text",
    "port",
    "quoted",
    "tag",
]

# Graphviz replaces `\N` by the name of a node, in every text and also where it is written as entities:
# it takes two backslashes to show one, and in the tooltip of a node or arrow, read twice, four.
_BACKSLASH = "&#92;" * 2

# `recolour_dot` looks for `color=`; text must not look like an attribute.
_LIKE_A_COLOUR = re.compile(r"(?i)(color\s*)=")


class Markup(str):
    """A piece of an HTML-like label, escaped already."""

    __slots__ = ()


@lru_cache(maxsize=4096)
def markup_text(text: str) -> Markup:
    """Any text, for an HTML-like label.

    >>> markup_text('<b>5 & "6"')
    '&lt;b&gt;5 &amp; &quot;6&quot;'
    """
    escaped = (
        _visible(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#39;")
        .replace("\\", _BACKSLASH)
    )
    return Markup(_LIKE_A_COLOUR.sub(r"\1&#61;", escaped))


def quoted(text: str) -> str:
    r"""Any text, between quotation marks. Graphviz reads entities and backslashes in strings too.

    >>> quoted('5 & "6"')
    '"5 &amp; &quot;6&quot;"'
    """
    return f'"{markup_text(text)}"'


def _visible(text: str) -> str:
    # A non-breaking space is white space to `clean`; it is what keeps a number with its unit.
    return "\u00a0".join(clean(part) if part else "" for part in text.split("\u00a0"))


def tag(name: str, *content: str, **attrs: str | int | float | None) -> Markup:
    """An element of a label; attributes without a value are left out, text of them is escaped."""
    written = "".join(
        f' {key}="{markup_text(str(value))}"' for key, value in attrs.items() if value is not None
    )
    inside = "".join(content)
    return Markup(f"<{name}{written}>{inside}</{name}>")


def font(text: str, *, colour: str, size: float | None = None, bold: bool = False) -> Markup:
    """Text in a colour and size; nothing for no text, since Graphviz refuses empty elements."""
    escaped = text if isinstance(text, Markup) else markup_text(text)
    if not escaped:
        return Markup("")
    inner = tag("B", escaped) if bold else escaped
    return tag("FONT", inner, COLOR=colour, **{"POINT-SIZE": size})


def br_lines(lines: list[str], align: str = "LEFT") -> Markup:
    """Lines one under the other; each ends in a break, or Graphviz centres the last one."""
    if align == "CENTER":
        return Markup("<BR/>".join(markup_text(line) for line in lines))
    return Markup("".join(f'{markup_text(line)}<BR ALIGN="{align}"/>' for line in lines))


def port(branch: str) -> str:
    """The port of an answer. A bare `n` or `s` would be taken for a compass point."""
    return f"a_{branch}"


def attributes(attrs: Mapping[str, str | int | float | Markup | None]) -> str:
    """An attribute list; a `Markup` value is an HTML-like label."""
    written = []
    for key, value in attrs.items():
        if value is None:
            continue
        if isinstance(value, Markup):
            written.append(f"{key}=<{value}>")
        elif key == "tooltip":
            twice = markup_text(str(value)).replace(_BACKSLASH, _BACKSLASH * 2)
            written.append(f'{key}="{twice}"')
        elif isinstance(value, str):
            written.append(f"{key}={quoted(value)}")
        else:
            written.append(f"{key}={value}")
    return f"[{' '.join(written)}]"


@dataclass
class Dot:
    """A drawing being written, line by line, with clusters within clusters."""

    lines: list[str] = field(default_factory=list)
    depth: int = 0

    def write(self, line: str) -> None:
        self.lines.append("  " * self.depth + line)

    def open(self, head: str) -> None:
        self.write(f"{head} {{")
        self.depth += 1

    def close(self) -> None:
        self.depth -= 1
        self.write("}")

    def defaults(self, kind: str, attrs: Mapping[str, str | int | float | Markup | None]) -> None:
        self.write(f"{kind} {attributes(attrs)};")

    def node(self, name: str, attrs: Mapping[str, str | int | float | Markup | None]) -> None:
        self.write(f"{quoted(name)} {attributes(attrs)};")

    def edge(
        self, tail: str, head: str, attrs: Mapping[str, str | int | float | Markup | None]
    ) -> None:
        self.write(f"{tail} -> {head} {attributes(attrs)};")

    def text(self) -> str:
        return "\n".join(self) + "\n"

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)
