"""From the files to the next state. What did not change is not worked out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import compile_sources, read_guideline
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.serve.proving import Ended
from pathway_compiler.serve.state import Page, Shown, State
from pathway_compiler.site.checked import Checked
from pathway_compiler.site.contents import SiteOptions
from pathway_compiler.site.write import MANIFEST, write_site
from pathway_compiler.syntax.parser import parse
from pathway_compiler.syntax.tree import ParsedFile

__all__ = ["Rebuilder", "Step"]

Parsed = tuple[ParsedFile, tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """The next state, and what it takes to go on from it."""

    state: State
    text_changed: bool = False
    to_prove: bool = False
    changed: int = 0
    """Files of the site that are new, other than before, or gone."""


@dataclass(slots=True)
class Rebuilder:
    """Compiles a guideline again and again, and writes its site into a folder of its own."""

    path: Path
    folder: Path
    sources: tuple[Source, ...] | None = None
    """The texts that the last state is about; None before the first, and when they cannot be read."""
    _parses: _Parses = field(default_factory=lambda: _Parses())
    _unreadable: tuple[Diagnostic, ...] = ()
    _checked: Checked | None = None
    """What was found out about this text or an earlier one, which its pages show until there is more."""

    def next(self, before: State, ended: Ended | None) -> Step:
        """The state after the files changed or a proof has ended; the one before when nothing is new."""
        sources, unreadable = read_guideline(self.path)
        if unreadable:
            return self._without_text(before, unreadable)
        if sources != self.sources:
            return self._with_text(before, sources)
        if ended is not None and before.shown is not None and not before.stale:
            return self._with_proof(before, before.shown, ended)
        return Step(before)

    def _without_text(self, before: State, unreadable: tuple[Diagnostic, ...]) -> Step:
        if self.sources is None and unreadable == before.findings:
            return Step(before)
        self.sources = None
        state = State(before.number + 1, before.shown, unreadable, stale=True)
        return Step(state, text_changed=True)

    def _with_text(self, before: State, sources: tuple[Source, ...]) -> Step:
        self.sources = sources
        compilation = compile_sources(sources, parse=self._parses.parse)
        self._parses.forget_others()
        compiled = compilation.compiled
        if compiled is None:
            state = State(before.number + 1, before.shown, compilation.diagnostics, stale=True)
            return Step(state, text_changed=True)
        pages, changed = self._pages(compiled, before.shown)
        state = State(before.number + 1, Shown(compiled, pages), compilation.diagnostics)
        return Step(state, text_changed=True, to_prove=True, changed=changed)

    def _with_proof(self, before: State, shown: Shown, ended: Ended) -> Step:
        found = ended.found
        if found is None:
            return Step(replace(before, number=before.number + 1, proving="failed"))
        if found.content_hash != shown.compiled.guideline.content_hash:
            return Step(before)  # of an earlier text
        self._checked = found.checked
        pages, changed = self._pages(shown.compiled, shown)
        shown = Shown(shown.compiled, pages)
        return Step(
            State(before.number + 1, shown, found.findings, proving="done"), changed=changed
        )

    def _pages(
        self, compiled: CompiledGuideline, before: Shown | None
    ) -> tuple[Mapping[str, Page], int]:
        try:
            written = write_site(compiled, self.folder, SiteOptions(checked=self._checked))
        except BaseException:
            # Half of the files may be new: the next time all are made anew.
            (self.folder / MANIFEST).unlink(missing_ok=True)
            raise
        old = before.pages if before is not None else {}
        anew = set(written.changed)
        pages = {
            name: old[name]
            if name in old and name not in anew
            else Page.of((self.folder / name).read_bytes())
            for name in written.files
        }
        return pages, len(anew)


@dataclass(slots=True)
class _Parses:
    """How each file was read, for as long as it stays as it is."""

    _kept: dict[Source, Parsed] = field(default_factory=dict)
    _used: dict[Source, Parsed] = field(default_factory=dict)

    def parse(self, source: Source) -> Parsed:
        found = self._kept.get(source) or parse(source)
        self._used[source] = found
        return found

    def forget_others(self) -> None:
        """Keep only what was used since the last call."""
        self._kept, self._used = self._used, {}
