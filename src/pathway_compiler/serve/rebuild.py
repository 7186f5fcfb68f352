"""From the files to the next state. What did not change is not worked out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import assert_never

from pathway_compiler.analysis.acceptances import apply_acceptances
from pathway_compiler.diagnostics.diagnostic import Diagnostic, in_order
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import read_guideline, read_texts
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Decision
from pathway_compiler.serve.proving import Decided, Failed, News, Proved
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
    """Compiles a guideline again and again, and writes its site into a folder of its own.

    A state is made without a proof: until there is one, the decisions are taken to cover everybody, but for
    those of which the last proof said otherwise.
    """

    path: Path
    folder: Path
    thoroughly: bool = True
    sources: tuple[Source, ...] | None = None
    """The texts that the last state is about; None before the first, and when they cannot be read."""
    _parses: _Parses = field(default_factory=lambda: _Parses())
    _checked: Checked | None = None
    """What was found out about this text or an earlier one, which its pages show until there is more."""
    _gaps: frozenset[tuple[str, str]] = frozenset()
    """The decisions, each with its pathway, that the last proof did not find to cover everybody."""

    def after_change(self, before: State) -> Step:
        """The state after the files may have changed; the one before when their texts have not."""
        sources, unreadable = read_guideline(self.path)
        if unreadable:
            if self.sources is None and unreadable == before.findings:
                return Step(before)
            self.sources = None
            state = State(before.number + 1, before.shown, unreadable, stale=True)
            return Step(state, text_changed=True)
        if sources == self.sources:
            return Step(before)
        self.sources = sources
        guideline, found = read_texts(sources, parse=self._parses.parse)
        self._parses.forget_others()
        if guideline is None:
            state = State(before.number + 1, before.shown, in_order(found), stale=True)
            return Step(state, text_changed=True)
        _, findings, _ = apply_acceptances((), found, guideline)
        compiled = CompiledGuideline(guideline, build_graphs(guideline, self._assumed(guideline)))
        pages, changed = self._pages(compiled, before.shown)
        shown = Shown(compiled, pages)
        state = State(before.number + 1, shown, in_order(findings), proving="decisions")
        return Step(state, text_changed=True, to_prove=True, changed=changed)

    def after_news(self, news: News, before: State) -> Step:
        """The state after something was proved; the one before when it is about another text."""
        shown = before.shown
        if shown is None or before.stale:
            return Step(before)
        match news:
            case Decided():
                if news.content_hash != shown.compiled.guideline.content_hash:
                    return Step(before)
                return self._decided(before, shown.compiled.guideline, news)
            case Proved():
                if news.content_hash != shown.compiled.guideline.content_hash:
                    return Step(before)
                self._checked = news.checked or self._checked
                pages, changed = self._pages(shown.compiled, shown)
                state = replace(
                    before,
                    number=before.number + 1,
                    shown=Shown(shown.compiled, pages),
                    findings=news.findings,
                    proving="done",
                )
                return Step(state, changed=changed)
            case Failed():
                return Step(replace(before, number=before.number + 1, proving="failed"))
            case _:
                assert_never(news)

    def _decided(self, before: State, guideline: Guideline, news: Decided) -> Step:
        self._gaps = frozenset(
            (pathway, decision)
            for pathway, names in _decisions(guideline).items()
            for decision in names - news.exhaustive.get(pathway, frozenset())
        )
        compiled = CompiledGuideline(guideline, build_graphs(guideline, news.exhaustive))
        pages, changed = self._pages(compiled, before.shown)
        state = State(
            before.number + 1,
            Shown(compiled, pages),
            news.findings,
            proving="everything" if self.thoroughly else "decided",
            runnable=news.sound,
        )
        return Step(state, changed=changed)

    def _assumed(self, guideline: Guideline) -> Mapping[str, frozenset[str]]:
        return {
            pathway: frozenset(name for name in names if (pathway, name) not in self._gaps)
            for pathway, names in _decisions(guideline).items()
        }

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


def _decisions(guideline: Guideline) -> Mapping[str, frozenset[str]]:
    """The decisions that one can expect to cover everybody, by pathway."""
    return {
        name: frozenset(
            node.name
            for node in pathway.nodes
            if isinstance(node, Decision) and node.kind != "all that apply"
        )
        for name, pathway in guideline.pathways.items()
    }


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
