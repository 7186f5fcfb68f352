"""Which files of a guideline changed: told by the operating system, and looked at each second as well.

INVARIANT: news of the operating system only make us look. What changed is found by comparing, so that
lost, doubled and unrelated news do no harm: folders that were removed and made again, network drives
that tell nothing, editors that save by renaming.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

__all__ = ["Signature", "signature", "watch"]

GATHERED_MS = 150
"""News that follow each other are gathered this long, so that one save is one change."""
QUIET_MS = 50
"""So long nothing else may happen before a change is told: files that are written slowly are whole then."""
LOOK_EVERY_MS = 1000

Signature = tuple[tuple[str, int, int, int], ...]
"""Each file with its inode, its size and the time of its last change."""


def signature(path: Path) -> Signature:
    """What tells one state of the files from another without reading them; empty when they are gone."""
    return tuple(sorted(_entries(_files(path))))


def _files(path: Path) -> Iterator[Path]:
    """Those that `driver.read_guideline` may read."""
    if not _is_folder(path):
        beside = list(path.parent.glob("*.pathway"))
        if len(beside) < 2:
            yield from beside
            return
        path = path.parent
    yield from path.rglob("*.pathway")


def _is_folder(path: Path) -> bool:
    """Whether a guideline is a folder; also of one that is not there at the moment."""
    return path.is_dir() or path.suffix != ".pathway"


def _entries(files: Iterator[Path]) -> Iterator[tuple[str, int, int, int]]:
    try:
        for file in files:
            try:
                status = file.stat()
            except OSError:
                continue
            yield str(file), status.st_ino, status.st_size, status.st_mtime_ns
    except OSError:  # a folder that goes away while it is walked through
        return


def watch(path: Path, changed: Callable[[], None], stop: Event) -> None:
    """Call `changed` after every change of the guideline's files, until `stop` is set."""
    last: Signature | None = None
    while not stop.is_set():
        folder = _existing(path)
        identity = _identity(folder)
        for _ in _news(folder, recursive=folder == path, stop=stop):
            now = signature(path)
            if now != last:
                last = now
                changed()
            if _existing(path) != folder or _identity(folder) != identity:
                break  # to be watched anew: the news would be those of what is gone


def _news(folder: Path, *, recursive: bool, stop: Event) -> Iterator[None]:
    """At once, whenever something may have changed within a folder, and each second."""
    from watchfiles import watch as changes

    while not stop.is_set():
        yield
        try:
            for _ in changes(
                folder,
                watch_filter=None,
                debounce=GATHERED_MS,
                step=QUIET_MS,
                rust_timeout=LOOK_EVERY_MS,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
                recursive=recursive,
                ignore_permission_denied=True,
                debug=False,
            ):
                yield
            return
        except (OSError, RuntimeError):
            # The folder has just gone, or the system has no watches left; to look each second is enough.
            stop.wait(LOOK_EVERY_MS / 1000)


def _existing(path: Path) -> Path:
    """The folder to watch: that of the guideline, or the nearest one that is there."""
    folder = path if _is_folder(path) else path.parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return status.st_dev, status.st_ino
