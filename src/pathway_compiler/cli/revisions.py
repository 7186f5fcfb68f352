"""The files of a guideline as a revision of git has them. Nothing is checked out or written."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pathway_compiler.cli.console import Stop
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import MAXIMAL_BYTES, is_one_guideline

__all__ = ["read_revision"]

_ENVIRONMENT = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""A hook of git sets these for its own repository, which need not be that of the guideline."""


@dataclass(frozen=True, slots=True)
class _Blob:
    path: PurePosixPath
    object: str
    size: int


def read_revision(path: str, revision: str) -> tuple[Source, ...]:
    """The texts of a guideline at a revision, in the order of their names.

    `path` is the folder, or one file of it, as in the working tree; it need not be there any more.
    Raises Stop when there is no such repository, revision or guideline.
    """
    if not revision or revision.startswith("-") or "\0" in revision:
        raise Stop(2, f"`{revision}` is no revision")
    target = Path(os.path.abspath(path))
    folder = target.parent if target.suffix == ".pathway" else target
    place = next(p for p in (folder, *folder.parents) if p.is_dir())
    within = folder.relative_to(place).as_posix()
    try:
        _git(place, "rev-parse", "--git-dir")
    except _Refused as refused:
        raise Stop(2, f"{path} is in no git repository that can be read: {refused}") from None
    try:
        wanted = ("--verify", "--end-of-options", f"{revision}^{{commit}}")
        commit = _git(place, "rev-parse", *wanted).decode().strip()
    except _Refused:
        raise Stop(2, f"there is no revision `{revision}`; `git log` lists them") from None
    sources = tuple(_source(place, blob, revision) for blob in _blobs(place, commit, within))
    if target != folder and not is_one_guideline(sources):
        name = _named(revision, PurePosixPath(within, target.name))
        sources = tuple(source for source in sources if source.name == name)
    if not sources:
        raise Stop(3, f"{path} has no `.pathway` file at revision `{revision}`")
    return sources


def _blobs(place: Path, commit: str, within: str) -> Iterator[_Blob]:
    """The `.pathway` files of a folder, links left out."""
    listed = _git(place, "ls-tree", "-r", "-z", "-l", commit, "--", within)
    for line in listed.split(b"\0"):
        head, tab, name = line.partition(b"\t")
        if not tab or not name.endswith(b".pathway"):
            continue
        mode, _, object_, size = head.decode().split()
        if mode.startswith("100"):
            yield _Blob(PurePosixPath(os.fsdecode(name)), object_, int(size))


def _source(place: Path, blob: _Blob, revision: str) -> Source:
    name = _named(revision, blob.path)
    if blob.size > MAXIMAL_BYTES:
        raise Stop(3, f"{name} is larger than {MAXIMAL_BYTES:,} bytes")
    try:
        return Source(name, _git(place, "cat-file", "blob", blob.object).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Stop(3, f"{name} is not UTF-8 text") from None
    except _Refused as refused:
        raise Stop(3, f"{name} cannot be read: {refused}") from None


def _named(revision: str, path: PurePosixPath) -> str:
    return f"{revision}:{path}"


class _Refused(Exception):
    """What git says when it does not answer."""


def _git(place: Path, *words: str) -> bytes:
    environment = {k: v for k, v in os.environ.items() if k not in _OF_A_HOOK}
    try:
        done = subprocess.run(
            ["git", "-C", str(place), *words],
            env={**environment, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise Stop(2, "comparing revisions needs git, which is not installed") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().split("\n")[0]
        raise _Refused(said.removeprefix("fatal: "))
    return done.stdout
