"""The preview as a whole: what runs at the same time, and how it ends.

One thread watches the files, one builds, one waits for the process that proves, and the server has one for
each connection. They meet at two places: the board, which holds the newest state, and the lock below.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, RLock, Thread
from types import TracebackType

from pathway_compiler.serve import api
from pathway_compiler.serve.board import Board
from pathway_compiler.serve.proving import News, Prover
from pathway_compiler.serve.rebuild import Rebuilder, Step
from pathway_compiler.serve.server import PreviewServer, Serving
from pathway_compiler.serve.state import State
from pathway_compiler.serve.watching import watch

__all__ = ["Preview", "Told"]

PAUSE_SECONDS = 1.0
"""So long nothing happens before garbage is collected, unless there were very many turns."""
MOST_TURNS = 20
PATIENCE_SECONDS = 30
"""A patient who comes while the decisions are being proved waits this long."""


@dataclass(frozen=True, slots=True)
class Told:
    """News for the terminal: the state, how long it took to make, and how many files of the site changed."""

    state: State
    seconds: float
    changed: int


class Preview:
    """A guideline that is served while it is written; a context manager that leaves nothing behind.

    >>> with Preview(Path("docs/example"), port=0) as preview:    # doctest: +SKIP
    ...     print(preview.url)
    """

    def __init__(
        self,
        path: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 8000,
        told: Callable[[Told], None] = lambda news: None,
        complain: Callable[[str], None] = lambda message: None,
        thoroughly: bool = True,
    ) -> None:
        self._told = told
        self._complain = complain
        self._path = path
        self.board = Board()
        self._computing = _OneAtATime()
        self._prover = Prover()
        self._news: SimpleQueue[News] = SimpleQueue()
        """What was proved and is not on the pages yet."""
        self._changed = Event()
        self._stop = Event()
        self._folder = tempfile.TemporaryDirectory(prefix="pathway-preview-")
        folder = str(path if path.suffix != ".pathway" else path.parent)
        serving = Serving(self.board, folder, self._run, complain)
        try:
            self._server = PreviewServer(host, port, serving)
        except BaseException:
            self._folder.cleanup()
            raise
        self._rebuilder = Rebuilder(path, Path(self._folder.name), thoroughly)
        self._threads = [
            Thread(target=self._serve, name="pathway server", daemon=True),
            Thread(target=self._build, name="pathway builder", daemon=True),
            Thread(target=self._watch, name="pathway watcher", daemon=True),
        ]

    @property
    def url(self) -> str:
        return self._server.url

    def __enter__(self) -> Preview:
        self._computing.begin()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._changed.set()
        self._server.close_all()
        for thread in self._threads:
            thread.join()
        self._prover.close()
        self._folder.cleanup()
        self._computing.end()

    def wait(self) -> None:
        """Until `stop` is called, from another thread or by a signal."""
        # A wait without an end cannot be interrupted on Windows.
        while not self._stop.wait(1):
            pass

    def stop(self) -> None:
        self._stop.set()

    # --- threads ----------------------------------------------------------------------------------------

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.1)

    def _watch(self) -> None:
        watch(self._path, self._changed.set, self._stop)

    def _build(self) -> None:
        """The one thread that makes states: after a change of the files, and after a proof."""
        while not self._stop.is_set():
            # Collecting garbage takes as long as answering many requests, so it waits for a pause.
            pause = PAUSE_SECONDS if self._computing.has_garbage else None
            if not self._changed.wait(pause):
                self._computing.collect()
                continue
            self._changed.clear()
            if self._stop.is_set():
                return
            try:
                with self._computing.turn():
                    self._next_states()
            except Exception as wrong:
                # A bug of ours must not end the preview: the next save may not meet it.
                self._complain(
                    f"this is a bug of ours, please report it: {type(wrong).__name__}: {wrong}"
                )

    def _next_states(self) -> None:
        rebuilder = self._rebuilder
        step = self._step(rebuilder.after_change)
        if step.text_changed:
            self._prover.end()
            self._news = SimpleQueue()
        if step.to_prove and rebuilder.sources is not None:
            thoroughly = rebuilder.thoroughly
            self._prover.prove(rebuilder.sources, thoroughly=thoroughly, told=self._proved)
        while not self._news.empty():
            news = self._news.get()
            self._step(partial(rebuilder.after_news, news))

    def _step(self, make: Callable[[State], Step]) -> Step:
        """Make a state and show it."""
        started = time.perf_counter()
        before = self.board.state
        step = make(before)
        if step.state is not before:
            self.board.show(step.state)
            self._told(Told(step.state, time.perf_counter() - started, step.changed))
        return step

    def _proved(self, news: News) -> None:
        """Called by the thread that waits for a proof."""
        self._news.put(news)
        self._changed.set()

    def _run(self, body: bytes, query: str) -> api.Answer:
        """Called by the threads of the server."""
        self.board.wait_for(_is_settled, PATIENCE_SECONDS)
        with self._computing.turn():
            return api.run(self.board.state, body, query)


def _is_settled(state: State) -> bool:
    """Whether it is known that patients can be run, or that they cannot."""
    return state.stale or state.proving not in ("not begun", "decisions")


_TURN = RLock()


class _OneAtATime:
    """Compiling, drawing and running take turns, also when several previews run in one process.

    INVARIANT: while the preview runs, garbage is collected only by whoever has the turn. The objects of z3
    and of decision diagrams are freed in C, which must not happen while another thread is in there.
    """

    def __init__(self) -> None:
        self._lock = _TURN
        self._turns = 0
        """Since garbage was collected."""
        self._was_enabled = False

    def begin(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def end(self) -> None:
        if self.has_garbage:
            self.collect()
        if self._was_enabled:
            gc.enable()

    @property
    def has_garbage(self) -> bool:
        return self._turns > 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            finally:
                self._turns += 1
                if self._turns >= MOST_TURNS:
                    self.collect()

    def collect(self) -> None:
        with self._lock:
            gc.collect()
            self._turns = 0
