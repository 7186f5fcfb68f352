"""What must hold of every page of a site: read with Python's own HTML parser, without a browser."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = {
    "meta",
    "link",
    "input",
    "br",
    "hr",
    "img",
    "use",
    "polygon",
    "path",
    "ellipse",
    "polyline",
}
_APART = {
    "p",
    "li",
    "td",
    "th",
    "dt",
    "dd",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "summary",
    "span",
    "caption",
}


@dataclass
class Page:
    """A page as far as these tests look."""

    ids: Counter[str] = field(default_factory=Counter)
    links: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    policy: str = ""
    language: str = ""
    inline: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    elements: Counter[str] = field(default_factory=Counter)
    text: str = ""
    attributes: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []
        self.runs = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._element(tag, attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._element(tag, attributes)

    def _element(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        page = self.page
        if tag in _APART:
            page.text += " "
        found = {name: value or "" for name, value in attributes}
        assert len(found) == len(attributes), f"an attribute stands twice in {tag}: {attributes}"
        page.elements[tag] += 1
        page.attributes += found.values()
        if "id" in found:
            page.ids[found["id"]] += 1
        page.inline += [name for name in found if name == "style" or name.startswith("on")]
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            page.references += found.get(name, "").split()
        if tag in ("a", "use") and "href" in found:
            page.links.append(found["href"])
        if tag == "html":
            page.language = found.get("lang", "")
        if tag == "meta" and found.get("http-equiv") == "Content-Security-Policy":
            page.policy = found["content"]
        if tag == "link" and not found["href"].startswith("data:"):
            page.resources.append(found["href"])
        if tag == "script":
            self.runs = "src" not in found and found.get("type") != "application/json"
            if "src" in found:
                page.resources.append(found["src"])
            elif self.runs:
                page.scripts.append("")
        if tag == "style":
            page.styles.append("")
        if tag in ("h1", "h2", "h3", "h4"):
            page.headings.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()
        if tag in _APART:
            self.page.text += " "

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside == "script" and self.runs:
            self.page.scripts[-1] += data
        elif inside == "style" and self.page.styles:
            self.page.styles[-1] += data
        elif inside not in ("script", "style"):
            self.page.text += data


def read_page(text: str) -> Page:
    """The page; fails when its elements are not nested as they should be."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open, f"never closed: {reader.open}"
    return reader.page


def read_site(folder: Path) -> dict[str, Page]:
    """All pages of a site, by their path within it."""
    return {
        file.relative_to(folder).as_posix(): read_page(file.read_text(encoding="utf-8"))
        for file in sorted(folder.rglob("*.html"))
    }


def broken_links(pages: dict[str, Page], folder: Path) -> Iterator[str]:
    """Every link, resource and reference that leads nowhere, or out of the site."""
    for name, page in pages.items():
        for target in (*page.links, *page.resources):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc or parts.path.startswith("/"):
                yield f"{name}: {target} leads out of the site"
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            found = name if not parts.path else path
            if not (folder / found).is_file():
                yield f"{name}: {target} is no file"
            elif parts.fragment and unquote(parts.fragment) not in pages[found].ids:
                yield f"{name}: {target} has no such place"
        for reference in page.references:
            if reference not in page.ids:
                yield f"{name}: nothing has the id {reference}"


def faults(page: Page) -> Iterator[str]:
    """What no page may have."""
    for identity, count in page.ids.items():
        if count > 1:
            yield f"the id {identity} stands {count} times"
    for attribute in page.inline:
        yield f"an attribute {attribute}"
    if page.elements["h1"] != 1 or page.elements["main"] != 1:
        yield f"{page.elements['h1']} h1, {page.elements['main']} main"
    if not page.language:
        yield "no language"
    for before, after in zip(page.headings, page.headings[1:], strict=False):
        if int(after[1]) > int(before[1]) + 1:
            yield f"{after} after {before}"
