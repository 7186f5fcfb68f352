"""Where the newest state hangs: the builder puts it up, every open page waits for the next one."""

from collections.abc import Callable
from threading import Condition

from pathway_compiler.serve.state import NOTHING, State

__all__ = ["Board"]


class Board:
    """INVARIANT: only the newest state is kept, so that a slow reader costs nothing and misses nothing."""

    def __init__(self) -> None:
        self._news = Condition()
        self._state = NOTHING
        self._closed = False

    @property
    def state(self) -> State:
        return self._state

    @property
    def closed(self) -> bool:
        return self._closed

    def show(self, state: State) -> None:
        with self._news:
            self._state = state
            self._news.notify_all()

    def after(self, number: int, seconds: float) -> State | None:
        """The newest state once it is another than this number; None when nothing comes for so long."""
        with self._news:
            self._news.wait_for(lambda: self._closed or self._state.number != number, seconds)
            return None if self._closed or self._state.number == number else self._state

    def wait_for(self, good: Callable[[State], bool], seconds: float) -> None:
        """Until the newest state is good, but not for longer than this."""
        with self._news:
            self._news.wait_for(lambda: self._closed or good(self._state), seconds)

    def close(self) -> None:
        """Let everybody go who waits."""
        with self._news:
            self._closed = True
            self._news.notify_all()
