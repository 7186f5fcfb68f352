"""The thorough proof of a text and the run of its cases, in a process of its own: nobody waits for it.

The process reads the texts from its standard input and answers on its standard output; it is ended as
soon as the text has changed again.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.site.checked import Checked

__all__ = ["Ended", "Found", "Prover", "found_about"]

QUIET_SECONDS = 0.3
"""A proof is not begun before the author has paused this long."""


@dataclass(frozen=True, slots=True)
class Found:
    """Every finding about a text, and what its pages of cases, coverage and proof say."""

    content_hash: str
    findings: tuple[Diagnostic, ...]
    checked: Checked | None


@dataclass(frozen=True, slots=True)
class Ended:
    """A proof has ended; it found nothing when its process came to grief."""

    found: Found | None


class Prover:
    """At most one proof at a time; a new one ends the one before."""

    def __init__(self) -> None:
        self._running: _Proof | None = None

    def prove(self, sources: Sequence[Source], done: Callable[[Ended], None]) -> None:
        """Begin a proof; `done` is told when it has ended."""
        self.stop()
        self._running = _Proof(tuple(sources), done)

    def stop(self) -> None:
        """End the proof that runs; its `done` is not called any more."""
        if self._running is not None:
            self._running.stop()
            self._running = None


class _Proof:
    def __init__(self, sources: tuple[Source, ...], done: Callable[[Ended], None]) -> None:
        self._sources = sources
        self._done = done
        self._stopped = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="pathway proof", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        process = self._process
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()
        self._thread.join()

    def _run(self) -> None:
        if self._stopped.wait(QUIET_SECONDS):
            return
        texts = [(source.name, source.text) for source in self._sources]
        command = [sys.executable, "-m", "pathway_compiler.serve.proof_process"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            self._process = process
            if self._stopped.is_set():  # between its start and our knowing of it
                process.kill()
            written, _ = process.communicate(pickle.dumps(texts))
        if self._stopped.is_set():
            return
        self._done(Ended(pickle.loads(written) if process.returncode == 0 else None))


def found_about(sources: Sequence[Source]) -> Found:
    """What the process finds out about a text."""
    from pathway_compiler.driver import compile_unless_kept, content_hash
    from pathway_compiler.site.checked import check

    # It is kept in the user's cache, where `pathway check` of the same text finds it.
    compilation = compile_unless_kept(sources, thoroughly=True)
    # What only a thorough proof calls an error does not keep the guideline from being shown.
    compiled = compilation.compiled or compile_unless_kept(sources).compiled
    return Found(
        content_hash(sources),
        compilation.diagnostics,
        check(compiled, proof=compilation.proof, diagnostics=compilation.diagnostics)
        if compiled is not None
        else None,
    )
