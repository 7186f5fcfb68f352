"""From a page's record to HTML. Author text is data: escaped by Jinja, and cleared of what deceives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pathway_compiler.language import interface, spoken_by
from pathway_compiler.site.links import Addresses, Link
from pathway_compiler.translation.marking import element, marked_text, unmarked

__all__ = ["Renderer", "as_json", "visible"]

# Marks of direction reorder what a reader sees, and signs without width hide in it; line breaks stay.
_DECEIVING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """The text without signs that XML forbids or that make it read otherwise than it is.

    >>> visible("anti\\u202eHER2")
    'antiHER2'
    """
    return _DECEIVING.sub("", text) if _DECEIVING.search(text) else text


def as_json(value: object) -> Markup:
    """JSON for a script element: no tag can begin or end in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for sign, escaped in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(sign, escaped)
    return Markup(visible(text))


@dataclass(frozen=True, slots=True)
class Renderer:
    """The templates in one language, for one kind of site."""

    environment: Environment
    addresses: Addresses

    @classmethod
    def of(cls, addresses: Addresses, language: str) -> Renderer:
        return cls(_environment(spoken_by(language)), addresses)

    def render(self, template: str, here: str, **values: object) -> str:
        """A template on the page `here`, to which its links are relative."""
        with _page(here, self.addresses):
            return visible(self.environment.get_template(template).render(here=here, **values))


@dataclass(frozen=True, slots=True)
class _Page:
    here: str
    addresses: Addresses


_PAGE: ContextVar[_Page] = ContextVar("page")


@contextmanager
def _page(here: str, addresses: Addresses) -> Iterator[None]:
    token = _PAGE.set(_Page(here, addresses))
    try:
        yield
    finally:
        _PAGE.reset(token)


def _href(link: Link) -> str:
    page = _PAGE.get()
    return page.addresses.href(link.page, link.anchor, page.here)


def _place(name: str, anchor: str) -> str:
    page = _PAGE.get()
    return page.addresses.href(name, anchor, page.here)


def _identity(anchor: str) -> str:
    page = _PAGE.get()
    return page.addresses.identity(anchor, page.here)


def _case_row(case: str) -> str:
    return _PAGE.get().addresses.case_row(case)


def _in_language(folder: str) -> str:
    page = _PAGE.get()
    return page.addresses.elsewhere(folder, page.here)


def _paragraphs(text: str) -> list[str]:
    """A note, cut where the author left a line empty."""
    other = unmarked(text)
    if other is not None:
        language, inside = other
        return [marked_text(part, language) for part in _paragraphs(inside)]
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return [part for part in parts if part]


def _coded(text: str) -> Markup:
    """What an author or a message puts in backticks, as code."""
    other = unmarked(text)
    if other is not None:
        language, inside = other
        return Markup(element(_coded(inside), language))
    parts = str(escape(text)).split("`")
    if len(parts) % 2 == 0:
        return Markup("`".join(parts))
    return Markup(
        "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
    )


@lru_cache(maxsize=8)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("pathway_compiler.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(interface(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "href": _href,
        "place": _place,
        "id": _identity,
        "case_row": _case_row,
        "in_language": _in_language,
    }
    environment.filters |= {"paragraphs": _paragraphs, "coded": _coded, "json": as_json}
    return environment
