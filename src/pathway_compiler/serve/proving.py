"""Proofs of a text and the run of its cases, in a process of its own: nobody waits for them.

The process reads the texts from its standard input and answers on its standard output, first about the
decisions, on which every run relies, and then about everything. It is ended when the text has changed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Thread

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.site.checked import Checked

__all__ = ["Decided", "Failed", "News", "Proved", "Prover", "news_about"]

QUIET_SECONDS = 0.2
"""A proof is not begun before the author has paused this long."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What is proved of the decisions and definitions; `sound` when the guideline can be run.

    `exhaustive` are the decisions that cover everybody, by pathway.
    """

    content_hash: str
    findings: tuple[Diagnostic, ...]
    exhaustive: Mapping[str, frozenset[str]]
    sound: bool


@dataclass(frozen=True, slots=True)
class Proved:
    """Every finding, and what the pages of cases, coverage and proof say if they can be made."""

    content_hash: str
    findings: tuple[Diagnostic, ...]
    checked: Checked | None


@dataclass(frozen=True, slots=True)
class Failed:
    """The process came to grief."""


News = Decided | Proved | Failed


class Prover:
    """At most one proof at a time; a new one ends the one before.

    A process is started ahead and has everything in memory that a proof needs, so that the first findings
    come as fast as in this process.
    """

    def __init__(self) -> None:
        self._running: _Proof | None = None
        self._spare: subprocess.Popen[bytes] | None = None

    def prove(
        self, sources: Sequence[Source], *, thoroughly: bool, told: Callable[[News], None]
    ) -> None:
        """Begin a proof. `told` is called by a thread of its own."""
        self.end()
        if self._spare is None:
            self._spare = _started()
        self._running = _Proof(self._take, tuple(sources), thoroughly, told)

    def _take(self) -> subprocess.Popen[bytes]:
        """The process that waits; another one waits for the next text. Called by the thread of the proof."""
        process = self._spare or _started()
        self._spare = _started()
        return process

    def end(self) -> None:
        """End the proof that runs; nothing is told any more."""
        if self._running is not None:
            self._running.stop()
            self._running = None

    def close(self) -> None:
        """Leave no process behind."""
        self.end()
        if self._spare is not None:
            _reap(self._spare)
            self._spare = None


class _Proof:
    def __init__(
        self,
        take: Callable[[], subprocess.Popen[bytes]],
        sources: tuple[Source, ...],
        thoroughly: bool,
        told: Callable[[News], None],
    ) -> None:
        self._take = take
        self._sources = sources
        self._thoroughly = thoroughly
        self._told = told
        self._stopped = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="pathway proof", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.kill()
        self._thread.join()

    def _run(self) -> None:
        if self._stopped.wait(QUIET_SECONDS):
            return
        try:
            process = self._process = self._take()
        except OSError:  # no process can be started
            self._tell(Failed())
            return
        try:
            if not self._stopped.is_set():
                self._ask(process)
        finally:
            _reap(process)

    def _ask(self, process: subprocess.Popen[bytes]) -> None:
        questions, answers = process.stdin, process.stdout
        assert questions is not None and answers is not None
        texts = [(source.name, source.text) for source in self._sources]
        try:
            pickle.dump((texts, self._thoroughly), questions)
            questions.close()
            for _ in range(2 if self._thoroughly else 1):
                news: News = pickle.load(answers)
                self._tell(news)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._tell(Failed())

    def _tell(self, news: News) -> None:
        if not self._stopped.is_set():
            self._told(news)


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pathway_compiler.serve.proof_process"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, 10)
    return process


def _reap(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()


def news_about(sources: Sequence[Source], *, thoroughly: bool) -> Iterator[News]:
    """What the process tells about a text, one after the other."""
    from pathway_compiler.driver import compile_unless_kept, content_hash
    from pathway_compiler.site.checked import check

    text = content_hash(sources)
    # Both are kept in the user's cache, where `pathway check` and `pathway run` of the same text find them.
    decided = compile_unless_kept(sources)
    yield Decided(
        text, decided.diagnostics, decided.exhaustive or {}, sound=decided.compiled is not None
    )
    if not thoroughly:
        return
    proved = compile_unless_kept(sources, thoroughly=True)
    # What only the thorough proof calls an error does not keep the cases from being run.
    compiled = proved.compiled or decided.compiled
    checked = None
    if compiled is not None:
        checked = check(compiled, proof=proved.proof, diagnostics=proved.diagnostics)
    yield Proved(text, proved.diagnostics, checked)
