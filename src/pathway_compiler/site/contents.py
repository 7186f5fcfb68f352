"""Which pages a site has, and from what each is made: unchanged pages are told by that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from pathway_compiler.changes.report import Changes
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.language import gettext as _
from pathway_compiler.language import speaking
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Follow, Pathway, Recommend, Standing
from pathway_compiler.render.layout import LayoutEngine
from pathway_compiler.render.overview import counts, follows
from pathway_compiler.site.checked import Checked
from pathway_compiler.site.links import pathway_page
from pathway_compiler.site.pages.cases import cases_page
from pathway_compiler.site.pages.changes import changes_page
from pathway_compiler.site.pages.common import Site, site_of
from pathway_compiler.site.pages.evidence import references_page, statements_page
from pathway_compiler.site.pages.front import front_page
from pathway_compiler.site.pages.pathway import followers, pathway_view
from pathway_compiler.site.pages.vocabulary import (
    agents_page,
    data_page,
    definitions_page,
    users_of,
)
from pathway_compiler.site.pages.walkthrough import walkthrough_page
from pathway_compiler.site.search import Entry, search_entries

__all__ = [
    "Contents", "DrawingSource", "Page", "Since", "SiteLanguage", "SiteOptions", "contents_of", "digest",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteLanguage:
    """The same site in another language: its code, its own name for itself, the way to its folder.

    The way is from the front page, such as `es/` or `../`; of a single file it leads to the other file.
    """

    code: str
    name: str
    folder: str


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since another version, and what the reader calls that version."""

    revision: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """What a site has beside the guideline itself.

    Without `checked` it has no pages of cases, coverage and proof; `since` adds the page of changes.
    `languages` are the other languages that each page links to.
    """

    checked: Checked | None = None
    since: Since | None = None
    languages: tuple[SiteLanguage, ...] = ()
    engine: LayoutEngine | None = None


@dataclass(frozen=True, slots=True)
class DrawingSource:
    """A drawing that a page shows: of a pathway, or the overview; `key` is what it is made from."""

    pathway: str | None
    key: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name without `.html`, its title, and the record that its template shows."""

    name: str
    title: str
    template: str
    content: object
    drawing: DrawingSource | None = None
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """All pages, those of the navigation with the words it has for them, and what can be found."""

    pages: tuple[Page, ...]
    navigation: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]


def contents_of(compiled: CompiledGuideline, options: SiteOptions) -> Contents:
    """The pages of a site, the front page first; our own words are in the language of the guideline."""
    with speaking(compiled.guideline.header.language):
        return _contents(compiled, options)


def _contents(compiled: CompiledGuideline, options: SiteOptions) -> Contents:
    site = site_of(compiled)
    guideline = site.guideline
    checked = options.checked
    users = users_of(guideline)
    leading = followers(guideline)
    sources = _drawing_sources(compiled)
    pathways = [pathway_view(graph, site, leading[name]) for name, graph in compiled.graphs.items()]
    statements, data = statements_page(site), data_page(site, users)
    definitions, agents = definitions_page(site, users), agents_page(site, users)

    front = Page("index", guideline.title, "index.html", _front(site, checked), sources[None])
    listed = [
        (front, _("Overview")),
        (_walkthrough(compiled, _("Walkthrough")), _("Walkthrough")),
        _listed("statements", _("Statements"), statements),
        _listed("data", _("Data"), data),
        _listed("definitions", _("Definitions"), definitions),
        _listed("agents", _("Agents"), agents),
    ]
    if checked is not None:
        listed.append(_listed("cases", _("Cases"), cases_page(checked.cases)))
        listed.append(_listed("coverage", _("Coverage"), checked.coverage))
    if checked is not None and checked.proof is not None:
        listed.append(_listed("proof", _("Proof"), checked.proof))
    listed.append(_listed("references", _("References"), references_page(guideline)))
    if options.since is not None:
        told = changes_page(options.since.changes, options.since.revision, guideline)
        listed.append(_listed("changes", _("Changes"), told))
    cases = checked.cases if checked is not None else ()
    return Contents(
        (
            *(page for page, _words in listed),
            *(
                Page(pathway_page(p.name), p.label, "pathway.html", p, sources[p.name])
                for p in pathways
            ),
            *(Page(f"cases/{c.name}", c.label or c.name, "case.html", c) for c in cases),
        ),
        tuple((page.name, words) for page, words in listed),
        tuple(search_entries(pathways, statements, data, definitions, agents, cases)),
    )


def _walkthrough(compiled: CompiledGuideline, title: str) -> Page:
    return Page(
        "walkthrough",
        title,
        "walkthrough.html",
        walkthrough_page(compiled),
        styles=("walkthrough.css",),
        scripts=("engine.js", "walkthrough.js"),
    )


def _listed(name: str, words: str, content: object) -> tuple[Page, str]:
    return Page(name, words, f"{name}.html", content), words


def _front(site: Site, checked: Checked | None) -> object:
    if checked is None:
        return front_page(site, None, (), None)
    proof = checked.proof
    passed = sum(case.passed for case in checked.cases)
    return front_page(
        site,
        (proof.proved, proof.total) if proof is not None else None,
        checked.findings,
        (passed, len(checked.cases)) if checked.cases else None,
    )


# --- from what a drawing is made ----------------------------------------------------------------------


def digest(*parts: object) -> str:
    """A digest of records, which their `repr` tells completely; where they stand does not count."""
    found = sha256()
    for part in parts:
        text = part if isinstance(part, str) else repr(part)
        found.update(f"{len(text)}:".encode())
        found.update(text.encode(errors="surrogatepass"))
    return found.hexdigest()


def _drawing_sources(compiled: CompiledGuideline) -> Mapping[str | None, DrawingSource]:
    """Of a pathway: itself, and the names of what it leads to; of the overview, what its cards say."""
    guideline, graphs = compiled.guideline, compiled.graphs
    words = digest(*_vocabulary(guideline))
    own = {
        name: digest(replace(graph.pathway, accepted=()), sorted(graph.exhaustive))
        for name, graph in graphs.items()
    }
    cards = (
        (
            graph.pathway.label,
            graph.pathway.applies and describe_condition(graph.pathway.applies, guideline),
            counts(graph, guideline),
            follows(graph),
        )
        for graph in graphs.values()
    )
    found: dict[str | None, DrawingSource] = {
        None: DrawingSource(None, digest(guideline.header, *cards))
    }
    for name, graph in graphs.items():
        named = (*_followed(graph.pathway, guideline), *_overridden(graph.pathway, guideline))
        found[name] = DrawingSource(name, digest(words, own[name], *named))
    return found


def _vocabulary(guideline: Guideline) -> Iterator[object]:
    """Everything but pathways and cases, which words of a drawing can come from."""
    yield guideline.header
    for table in (
        guideline.gradings,
        guideline.statements,
        guideline.moments,
        guideline.types,
        guideline.records,
        guideline.actions,
        guideline.classes,
        guideline.elements,
        guideline.parameters,
        guideline.definitions,
        guideline.readings,
    ):
        yield tuple(table.values())


def _followed(pathway: Pathway, guideline: Guideline) -> Iterator[object]:
    """What the cards that lead to other pathways say of them."""
    for node in pathway.nodes:
        target = guideline.pathways.get(node.pathway) if isinstance(node, Follow) else None
        if target is not None:
            yield target.label, target.parameters


def _overridden(pathway: Pathway, guideline: Guideline) -> Iterator[str]:
    """The labels of what is overridden in other pathways, since a card names it."""
    for node in pathway.nodes:
        if not isinstance(node, Recommend | Standing | Choose):
            continue
        options = node.options if isinstance(node, Choose) else ()
        for course in (node.course, *(option.course for option in options)):
            for path in course.overrides:
                target = guideline.pathways.get(path[0])
                found = target.node(path[1]) if target is not None and len(path) > 1 else None
                yield ".".join(path)
                yield found.label if found is not None else ""
                if isinstance(found, Choose):
                    yield from (option.label for option in found.options)
