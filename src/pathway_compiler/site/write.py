"""The site of a guideline, as a folder of pages or as one file.

A page is written anew only when something that it shows has changed: `.site.json` in the folder says
from what each page was made. Nothing else is remembered between two builds, and equal input gives equal
bytes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from markupsafe import Markup

from pathway_compiler._version import __version__
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.language import gettext as _
from pathway_compiler.language import speaking, spoken
from pathway_compiler.language.catalogue import path_of
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.render.diagrams import draw
from pathway_compiler.render.drawing import Drawing
from pathway_compiler.render.layout import LayoutEngine, best_engine, lay_out_many
from pathway_compiler.render.to_dot import overview_to_dot, pathway_to_dot
from pathway_compiler.site.contents import (
    Contents,
    DrawingSource,
    Page,
    SiteOptions,
    contents_of,
    digest,
)
from pathway_compiler.site.diagrams import (
    Picture,
    colour_rules,
    overview_picture,
    pathway_picture,
)
from pathway_compiler.site.links import Addresses, FolderAddresses, SingleFileAddresses
from pathway_compiler.site.pages.walkthrough import (
    drawing_script,
    drawing_script_name,
    walkthrough_scripts,
)
from pathway_compiler.site.rendering import Renderer, as_json
from pathway_compiler.site.search import index_of
from pathway_compiler.translation.marking import marked_html

__all__ = [
    "LAYOUTS", "Written", "drawn_pages", "frame_of", "picture_of", "remove_site", "single_file",
    "sites_within", "whole_page", "write_site",
]  # fmt: skip

MANIFEST = ".site.json"
OVERVIEW = "index"

POLICY = (
    "default-src 'none'; style-src {styles}; script-src {scripts}; img-src data:; "
    "connect-src 'none'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a site, and those of them that this build wrote or removed; within the folder."""

    folder: Path
    files: tuple[str, ...]
    changed: tuple[str, ...]


def write_site(
    compiled: CompiledGuideline, folder: Path, options: SiteOptions | None = None
) -> Written:
    """Write the site into a folder; what an earlier build wrote there and is gone now is removed."""
    with speaking(compiled.guideline.header.language):
        return _site(compiled, folder, options or SiteOptions())


def _site(compiled: CompiledGuideline, folder: Path, options: SiteOptions) -> Written:
    contents = contents_of(compiled, options)
    output = _Output(folder)
    renderer = Renderer.of(FolderAddresses(), compiled.guideline.header.language)
    frame = frame_of(contents, compiled.guideline, options)
    engine = options.engine or best_engine()
    base = digest(_program(), _own_words(), frame, engine.name, engine.version)
    keys = {page.name: digest(base, page) for page in contents.pages}
    anew = [page for page in contents.pages if not output.has(f"{page.name}.html", keys[page.name])]
    for page in contents.pages:
        output.keep(f"{page.name}.html", keys[page.name])
        if page.drawing is not None and page.drawing.pathway is not None:
            output.keep(drawing_script_name(page.drawing.pathway), keys[page.name])
    drawn = drawn_pages(anew, compiled, engine)
    for page in anew:
        layout = drawn.get(page.name)
        picture = None
        if layout is not None:
            picture = picture_of(page, layout, compiled.guideline, renderer.addresses)
            pathway = page.drawing.pathway if page.drawing is not None else None
            if pathway is not None:
                script = drawing_script(pathway, picture.svg)
                output.write(drawing_script_name(pathway), keys[page.name], script)
        text = whole_page(page, picture, renderer, frame)
        output.write(f"{page.name}.html", keys[page.name], text)
    for page in contents.pages:
        if page.drawing is None:
            continue
        name = _diagram_file(page, compiled.guideline)
        key = _layout_key(page.drawing, engine)
        if not output.has(name, key):
            layout = drawn.get(page.name) or drawn_pages([page], compiled, engine)[page.name]
            svg = draw(layout.drawing, "svg", "auto", layout=layout.svg)
            output.write(name, key, svg.decode())
        output.keep(name, key)
    for name, text in _static_files(contents, compiled.guideline, renderer.addresses).items():
        key = digest(text)
        if not output.has(name, key):
            output.write(name, key, text)
        output.keep(name, key)
    return output.finish()


def sites_within(folder: Path) -> tuple[Path, ...]:
    """The folders directly within this one into which a site was written."""
    return tuple(sorted(path.parent for path in folder.glob(f"*/{MANIFEST}")))


def remove_site(folder: Path) -> Written:
    """Remove what was written into a folder, and the folder when nothing else is in it."""
    names = tuple(_manifest(folder / MANIFEST))
    for name in (*names, MANIFEST):
        (folder / name).unlink(missing_ok=True)
    for place in sorted((folder, *folder.rglob("*")), key=lambda path: -len(path.parts)):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    return Written(folder, (), names)


def single_file(compiled: CompiledGuideline, options: SiteOptions | None = None) -> str:
    """The whole site as one HTML file, with its style sheet, scripts and search index in it."""
    with speaking(compiled.guideline.header.language):
        return _single_file(compiled, options or SiteOptions())


def _single_file(compiled: CompiledGuideline, options: SiteOptions) -> str:
    contents = contents_of(compiled, options)
    pages = [page for page in contents.pages if not page.name.startswith("cases/")]
    addresses = SingleFileAddresses()
    renderer = Renderer.of(addresses, compiled.guideline.header.language)
    drawn = drawn_pages(pages, compiled, options.engine or best_engine())
    articles = []
    for page in pages:
        layout = drawn.get(page.name)
        picture = picture_of(page, layout, compiled.guideline, addresses) if layout else None
        content = _content(page, picture, renderer, single=True)
        articles.append({"name": page.name, "title": page.title, "content": content})
    static = _static_files(contents, compiled.guideline, addresses)
    extra = dict.fromkeys(name for page in pages for name in page.styles)
    styles = "\n".join(static[f"static/{name}"] for name in ("site.css", "colours.css", *extra))
    extra = dict.fromkeys(name for page in pages for name in page.scripts)
    names = ("theme.js", "search-index.js", "site.js", "search.js", *extra)
    scripts = [static[f"static/{name}"] for name in names]
    hashes = " ".join(map(_hash, scripts))
    policy = POLICY.format(styles=_hash(styles), scripts=hashes)
    text = renderer.render(
        "single.html",
        OVERVIEW,
        **frame_of(contents, compiled.guideline, options) | {"policy": policy},
        title=compiled.guideline.title,
        articles=articles,
        styles=Markup(styles),
        scripts=[Markup(script) for script in scripts],
    )
    return marked_html(text)


# --- pages --------------------------------------------------------------------------------------------


def frame_of(contents: Contents, guideline: Guideline, options: SiteOptions) -> dict[str, object]:
    """What is around every page. The hash of the text is not: an edit would change all pages."""
    return {
        "site_title": guideline.title,
        "version": guideline.header.version,
        "language": guideline.header.language,
        "navigation": [{"page": page, "text": text} for page, text in contents.navigation],
        "languages": options.languages,
        "policy": POLICY.format(styles="'self'", scripts="'self'"),
        "words": {
            "dark": _("dark"),
            "light": _("light"),
            "system": _("system"),
            "noResults": _("Nothing found."),
            "results": _("%(number)s found"),
            "first": _("the first %(number)s of %(total)s"),
            "rows": _("%(shown)s of %(total)s rows"),
            "showAll": _("Show all steps"),
            "showOne": _("Show one step"),
            "sortBy": _("Sort by %(column)s"),
            "kinds": {
                "agent": _("agent"),
                "procedure": _("procedure"),
                "investigation": _("investigation"),
                "service": _("service"),
                "class": _("class"),
                "pathway": _("pathway"),
                "decision": _("decision"),
                "recommend": _("recommendation"),
                "standing": _("recommendation"),
                "choose": _("choice"),
                "option": _("option"),
                "together": _("all of these"),
                "follow": _("another pathway"),
                "review": _("review"),
                "end": _("end"),
                "outside": _("outside"),
                "statement": _("statement"),
                "element": _("data element"),
                "definition": _("definition"),
                "reading": _("reading"),
                "policy": _("local policy"),
                "case": _("case"),
            },
        },
    }


def _content(
    page: Page, picture: Picture | None, renderer: Renderer, *, single: bool = False
) -> Markup:
    return Markup(
        renderer.render(page.template, page.name, page=page.content, picture=picture, single=single)
    )


def whole_page(
    page: Page, picture: Picture | None, renderer: Renderer, frame: Mapping[str, object]
) -> str:
    """A page with everything around it."""
    text = renderer.render(
        "layout.html",
        page.name,
        **frame,
        title=page.title,
        content=_content(page, picture, renderer),
        root="../" * page.name.count("/"),
        styles=page.styles,
        scripts=page.scripts,
    )
    return marked_html(text)


# --- drawings -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layout:
    drawing: Drawing
    svg: bytes


LAYOUTS: dict[str, _Layout] = {}
"""The last layouts of this process, by what they were made from: a preview asks for them again."""
_MOST_LAYOUTS = 200


def _layout_key(source: DrawingSource, engine: LayoutEngine) -> str:
    return digest(_program(), _own_words(), engine.name, engine.version, source)


def drawn_pages(
    pages: Sequence[Page], compiled: CompiledGuideline, engine: LayoutEngine
) -> dict[str, _Layout]:
    """The drawings of these pages, laid out together: Graphviz and its fonts are loaded once."""
    keys = {
        page.name: _layout_key(page.drawing, engine) for page in pages if page.drawing is not None
    }
    known = {name: LAYOUTS[key] for name, key in keys.items() if key in LAYOUTS}
    wanted = [
        (page.name, _drawing(page.drawing, compiled))
        for page in pages
        if page.drawing is not None and page.name not in known
    ]
    layouts = lay_out_many([drawing.dot for _, drawing in wanted], engine=engine)
    for (name, drawing), layout in zip(wanted, layouts.drawings, strict=True):
        known[name] = _Layout(drawing, layout["svg"])
        LAYOUTS[keys[name]] = known[name]
    for key in list(LAYOUTS)[:-_MOST_LAYOUTS]:
        LAYOUTS.pop(key, None)
    return known


def _drawing(source: DrawingSource, compiled: CompiledGuideline) -> Drawing:
    if source.pathway is None:
        return overview_to_dot(compiled.guideline, compiled.graphs)
    graph = compiled.graphs[source.pathway]
    # Each pathway has a page of its own, so that frames would say everything twice, and smaller.
    return pathway_to_dot(graph, compiled.guideline, graphs=compiled.graphs, expand=False)


def picture_of(page: Page, layout: _Layout, guideline: Guideline, addresses: Addresses) -> Picture:
    """The drawing of a page, as a part of it."""
    assert page.drawing is not None
    if page.drawing.pathway is None:
        return overview_picture(layout.svg, layout.drawing, addresses)
    return pathway_picture(layout.svg, layout.drawing, guideline, addresses)


def _diagram_file(page: Page, guideline: Guideline) -> str:
    """The same drawing as a file, by the name that `pathway build --format svg` gives it too."""
    assert page.drawing is not None
    name = page.drawing.pathway
    if name is None:
        taken = "overview" in guideline.pathways
        name = f"{guideline.name}-overview" if taken else "overview"
    return f"diagrams/{name}.svg"


# --- files beside the pages ---------------------------------------------------------------------------


def _static_files(contents: Contents, guideline: Guideline, addresses: Addresses) -> dict[str, str]:
    index = as_json(index_of(contents.entries, guideline, addresses))
    return {
        **{f"static/{name}": text for name, text in _shipped("static").items()},
        **{f"static/{name}": text for name, text in walkthrough_scripts().items()},
        "static/colours.css": colour_rules(),
        "static/search-index.js": f"window.PathwaySearchIndex = {index};\n",
    }


@cache
def _shipped(folder: str) -> Mapping[str, str]:
    """The files of a folder of this package, by name."""
    found = files("pathway_compiler.site") / folder
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(found.iterdir(), key=lambda entry: entry.name)
        if entry.is_file()
    }


@cache
def _program() -> str:
    """What turns records into pages: another version of it makes every page anew."""
    package = files("pathway_compiler")
    code = [
        (name, entry.read_bytes())
        for folder in ("site", "render", "model", "language", "browser")
        for name, entry in _code(package / folder, folder)
    ]
    return digest(__version__, code, _shipped("templates"), sorted(_shipped("static")))


def _own_words() -> str:
    """Our words in the language that is spoken."""
    return _catalogue(spoken())


@cache
def _catalogue(language: str) -> str:
    return digest(language, path_of(language).read_text() if path_of(language).exists() else "")


def _code(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _code(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{name}/{entry.name}", entry


def _hash(text: str) -> str:
    """How a content security policy names a script or style within a page."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


# --- output -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Output:
    """A folder in which only what changed is written."""

    folder: Path
    before: dict[str, str] = field(init=False)
    now: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = _manifest(self.folder / MANIFEST)

    def has(self, name: str, key: str) -> bool:
        """Whether the file was made from this by an earlier build, and is there still."""
        return self.before.get(name) == key and (self.folder / name).is_file()

    def keep(self, name: str, key: str) -> None:
        self.now[name] = key

    def write(self, name: str, key: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        self.now[name] = key
        self.changed.append(name)

    def finish(self) -> Written:
        gone = [name for name in self.before if name not in self.now]
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"format": "pathway-site/1", "files": self.now}, indent=0) + "\n"
        (self.folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        return Written(self.folder, tuple(sorted(self.now)), (*self.changed, *gone))


def _manifest(path: Path) -> dict[str, str]:
    """From what each file was made; nothing when there is no such list, or it leads out of the folder."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: key
        for name, key in found.items()
        if isinstance(key, str) and not name.startswith("/") and ".." not in Path(name).parts
    }
