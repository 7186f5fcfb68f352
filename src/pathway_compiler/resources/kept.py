"""What is worked out in one run and read in the next: the user's own cache folder.

Nothing depends on it. What cannot be read or written is worked out anew, without a word.
INVARIANT: values are pickles, so the folder is used only when nobody else can write to it.
"""

import contextlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from pathway_compiler._version import __version__

__all__ = ["cache_folder", "keep", "kept", "key_of"]

MOST = 30
"""Values kept; the oldest go first."""
_ENDING = ".kept"


def cache_folder() -> Path | None:
    """The folder; None when there is no place that only this user writes to."""
    base = os.environ.get("PATHWAY_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    home = os.environ.get("HOME") or ""
    if not base and not home:
        return None
    folder = Path(base or Path(home) / ".cache") / "pathway-compiler"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.stat()
        if not os.access(folder, os.W_OK):
            return None
    except OSError:
        return None
    if os.name == "posix":
        shared = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if found.st_uid != os.getuid() or shared:
            return None
    return folder


def key_of(*texts: str) -> str:
    """A key that changes with the texts, with this program and with the Python that runs it."""
    digest = sha256(repr((sys.version_info, __version__, _program())).encode())
    for text in texts:
        digest.update(f"{len(text)}:{text}".encode())
    return digest.hexdigest()


def kept(name: str, key: str, part: int) -> object | None:
    """A part of what was kept under a name, if it was for this key."""
    path = _path(name)
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            if file.readline().decode().strip() != key:
                return None
            for size in map(int, file.readline().split()[:part]):
                file.seek(size, os.SEEK_CUR)
            value: object = pickle.load(file)
            return value
    except Exception:  # a damaged pickle may raise anything
        return None


def keep(name: str, key: str, parts: Sequence[object]) -> None:
    """Keep these values for the key, in place of what the name had; each part is read by itself."""
    path = _path(name)
    if path is None:
        return
    with contextlib.suppress(OSError, pickle.PicklingError, RecursionError):
        written = [pickle.dumps(part, pickle.HIGHEST_PROTOCOL) for part in parts]
        head = f"{key}\n{' '.join(str(len(part)) for part in written)}\n"
        number, temporary = tempfile.mkstemp(dir=path.parent)
        with open(number, "wb") as file:
            file.write(head.encode())
            file.writelines(written)
        os.replace(temporary, path)
        _forget_oldest(path.parent)


def _path(name: str) -> Path | None:
    folder = cache_folder()
    return folder and folder / f"{sha256(name.encode()).hexdigest()[:32]}{_ENDING}"


def _forget_oldest(folder: Path) -> None:
    files = sorted(folder.glob(f"*{_ENDING}"), key=lambda file: file.stat().st_mtime)
    for file in files[:-MOST]:
        file.unlink(missing_ok=True)


@cache
def _program() -> tuple[tuple[str, int, int], ...]:
    """Every file of this package with its size and time: the version alone misses an edit."""
    package = Path(__file__).parents[1]
    found = []
    for folder, _, names in os.walk(package):
        for name in names:
            if name.endswith((".py", ".lark")):
                status = os.stat(os.path.join(folder, name))
                found.append((os.path.join(folder, name), status.st_size, status.st_mtime_ns))
    return tuple(sorted(found))
