"""The same site in several languages, each linked to the others.

The first edition stands in the folder itself, the others in folders named by their languages within it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.language import own_name
from pathway_compiler.site.contents import SiteLanguage, SiteOptions
from pathway_compiler.site.write import Written, remove_site, single_file, sites_within, write_site

__all__ = ["Edition", "single_file_name", "single_files", "write_editions"]


@dataclass(frozen=True, slots=True)
class Edition:
    """A guideline in one language, and what its site has beside it; `languages` are filled in."""

    compiled: CompiledGuideline
    options: SiteOptions

    @property
    def language(self) -> str:
        return self.compiled.guideline.header.language


def write_editions(editions: Sequence[Edition], folder: Path) -> Written:
    """Write a site for each edition; those of languages that are gone are removed."""
    first, *others = editions
    written = []
    for edition in editions:
        links = tuple(
            SiteLanguage(other.language, own_name(other.language), _way(edition, other, first))
            for other in editions
            if other is not edition
        )
        place = folder if edition is first else folder / edition.language
        options = replace(edition.options, languages=links)
        written.append(write_site(edition.compiled, place, options))
    kept = {edition.language for edition in others}
    gone = [remove_site(place) for place in sites_within(folder) if place.name not in kept]
    return Written(
        folder,
        tuple(_within(folder, site, name) for site in written for name in site.files),
        tuple(_within(folder, site, name) for site in (*written, *gone) for name in site.changed),
    )


def single_files(editions: Sequence[Edition], name: str) -> dict[str, str]:
    """One HTML file for each edition, by its file name, which begins with `name`."""
    first = editions[0]
    names = {id(e): single_file_name(name, e.language if e is not first else "") for e in editions}
    found = {}
    for edition in editions:
        links = tuple(
            SiteLanguage(other.language, own_name(other.language), names[id(other)])
            for other in editions
            if other is not edition
        )
        options = replace(edition.options, languages=links)
        found[names[id(edition)]] = single_file(edition.compiled, options)
    return found


def single_file_name(name: str, language: str = "") -> str:
    """`bone.html`, `bone.es.html`."""
    return f"{name}.{language}.html" if language else f"{name}.html"


def _way(here: Edition, there: Edition, first: Edition) -> str:
    up = "" if here is first else "../"
    return up if there is first else f"{up}{there.language}/"


def _within(folder: Path, site: Written, name: str) -> str:
    return (site.folder / name).relative_to(folder).as_posix()
