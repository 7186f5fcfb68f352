"""From DOT text to a drawing: which Graphviz lays it out, and with which fonts.

Two engines give the same kind of result. `dot` on the `PATH` is used when it is recent; otherwise
the Graphviz inside the `pygraphviz` wheel, which needs nothing installed. `PATHWAY_LAYOUT=dot` or
`PATHWAY_LAYOUT=pygraphviz` decides it. Both run with the bundled fonts (see `fonts`), and the same
DOT gives the same bytes again on the same engine. Golden tests should compare DOT all the same:
two Graphviz versions differ by some points.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, assert_never

from pathway_compiler.render.fonts import font_environment

__all__ = [
    "lay_out",
    "lay_out_many",
    "Layouts",
    "Format",
    "LayoutEngine",
    "available_engines",
    "best_engine",
    "LayoutFailed",
    "LayoutUnavailable",
]

Format = Literal["svg", "png", "pdf", "json"]
EngineName = Literal["graphviz-dot", "pygraphviz"]

MINIMUM_DOT = (9,)
"""An older `dot` still works, but the one in the wheel draws better."""

INSTALL_LINE = "pip install pygraphviz   (or, on Debian: apt-get install graphviz)"

TIME_LIMIT_SECONDS = 300

# INVARIANT: Graphviz keeps state between calls; one layout at a time in this process.
_ONE_AT_A_TIME = threading.RLock()


@dataclass(frozen=True, slots=True)
class LayoutEngine:
    """A Graphviz that this machine has."""

    name: EngineName
    version: str
    """The Graphviz release, such as `14.1.5`."""
    path: str | None
    """The program; None for the one inside the wheel."""

    @property
    def is_recent(self) -> bool:
        """Whether it is at least as new as the oldest version we recommend."""
        return _release(self.version) >= MINIMUM_DOT


@dataclass(frozen=True, slots=True)
class Layouts:
    """The drawings of several graphs, in the order in which they were given."""

    drawings: tuple[Mapping[Format, bytes], ...]
    warnings: tuple[str, ...]
    """What Graphviz remarked about the graphs; a correct DOT gives none."""
    font_messages: tuple[str, ...]
    """What the font library remarked about this machine. For `pathway doctor -v`."""


class LayoutUnavailable(RuntimeError):
    """No Graphviz was found; the message says how to get one."""


class LayoutFailed(RuntimeError):
    """Graphviz refused a graph; the message holds its own words."""


def lay_out(dot: str, format: Format, *, engine: LayoutEngine | None = None) -> bytes:
    """Draw one graph.

    >>> lay_out("digraph { a -> b }", "svg").startswith(b"<?xml")
    True
    """
    return lay_out_many([dot], [format], engine=engine).drawings[0][format]


def lay_out_many(
    dots: Sequence[str],
    formats: Sequence[Format] = ("svg",),
    *,
    engine: LayoutEngine | None = None,
) -> Layouts:
    """Draw several graphs, each in each format; the fonts are loaded once.

    Raises `LayoutFailed` at the first graph that Graphviz refuses.
    """
    chosen = engine or best_engine()
    if not dots or not formats:
        return Layouts(tuple({} for _ in dots), (), ())
    with _ONE_AT_A_TIME:
        match chosen.name:
            case "graphviz-dot":
                drawings, said = _draw_with_program(chosen, dots, formats)
            case "pygraphviz":
                drawings, said = _draw_in_process(dots, formats)
            case _:
                assert_never(chosen.name)
    messages = _whole_messages(said)
    return Layouts(
        drawings,
        warnings=tuple(text for text in messages if not _is_about_fonts(text)),
        font_messages=tuple(text for text in messages if _is_about_fonts(text)),
    )


def best_engine() -> LayoutEngine:
    """The engine a drawing is made with when the caller does not choose.

    Raises `LayoutUnavailable` when there is none, or not the one that `PATHWAY_LAYOUT` asks for.
    """
    wanted = os.environ.get("PATHWAY_LAYOUT", "")
    if wanted not in ("", "dot", "pygraphviz"):
        raise LayoutUnavailable(
            f"PATHWAY_LAYOUT is `{wanted}`; it can be `dot` or `pygraphviz`, or be left out"
        )
    program = _program() if wanted != "pygraphviz" else None
    if program and (wanted == "dot" or program.is_recent):
        return program
    embedded = _embedded() if wanted != "dot" else None
    best = embedded or program
    if best is None:
        asked = f" (PATHWAY_LAYOUT asks for `{wanted}`)" if wanted else ""
        raise LayoutUnavailable(f"no Graphviz to draw with{asked}; install it: {INSTALL_LINE}")
    return best


def available_engines() -> tuple[LayoutEngine, ...]:
    """Every engine of this machine, whether or not it would be chosen."""
    return tuple(engine for engine in (_program(), _embedded()) if engine is not None)


# --- the two engines -------------------------------------------------------------------------


def _draw_with_program(
    engine: LayoutEngine, dots: Sequence[str], formats: Sequence[Format]
) -> tuple[tuple[Mapping[Format, bytes], ...], list[str]]:
    """One call of `dot` for each graph: several in one call came out different each time (2.43)."""
    assert engine.path is not None
    environment = {
        **os.environ,
        "LC_ALL": "C",
        # The conventional way to ask for no date of today; newer cairo heeds it.
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "0"),
        **font_environment(),
    }
    types = [f"-T{format}" for format in dict.fromkeys(formats)]
    drawings: list[Mapping[Format, bytes]] = []
    everything: list[str] = []
    for dot in dots:
        with tempfile.TemporaryDirectory(prefix="pathway-layout-") as folder:
            source = Path(folder, "graph.dot")
            source.write_text(dot, encoding="utf-8", newline="\n")
            try:
                done = subprocess.run(
                    [engine.path, *types, "-O", source.name],
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=TIME_LIMIT_SECONDS,
                    check=False,
                )
            except OSError as error:
                raise LayoutUnavailable(f"`{engine.path}` does not start: {error}") from error
            except subprocess.TimeoutExpired as error:
                raise LayoutFailed(f"no layout after {TIME_LIMIT_SECONDS} seconds") from error
            said = done.stderr.decode("utf-8", "replace").splitlines()
            _raise_for_errors(said, failed=done.returncode != 0)
            everything += said
            outputs: dict[Format, bytes] = {}
            for format in formats:
                written = source.with_name(f"{source.name}.{format}")
                if not written.exists():
                    raise LayoutFailed(f"Graphviz found no graph to write as {format.upper()}")
                outputs[format] = _repeatable(written.read_bytes(), format)
            drawings.append(outputs)
    return tuple(drawings), everything


def _draw_in_process(
    dots: Sequence[str], formats: Sequence[Format]
) -> tuple[tuple[Mapping[Format, bytes], ...], list[str]]:
    drawings: list[Mapping[Format, bytes]] = []
    everything: list[str] = []
    # INVARIANT: the fonts are chosen before the library is loaded; it reads them once.
    with _environment(font_environment()):
        import pygraphviz

        for dot in dots:
            outputs: dict[Format, bytes] = {}
            for format in formats:
                said: list[str] = []
                drawn = b""
                failed = False
                with _captured_stderr(said):
                    try:
                        graph = pygraphviz.AGraph(string=dot)
                        drawn = graph.draw(format=format, prog="dot")
                        graph.close()
                    # DotError is a ValueError; bad text can also fail as a missing handle.
                    except (ValueError, TypeError, AttributeError) as error:
                        failed = True
                        said.append(str(error))
                _raise_for_errors(said, failed=failed)
                outputs[format] = _repeatable(drawn, format)
                everything += said
            drawings.append(outputs)
    return tuple(drawings), everything


def _program() -> LayoutEngine | None:
    path = shutil.which("dot")
    version = _version_of_program(path) if path else None
    return LayoutEngine("graphviz-dot", version, path) if version else None


@lru_cache
def _version_of_program(path: str) -> str | None:
    try:
        done = subprocess.run(
            [path, "-V"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = (done.stderr + done.stdout).decode("utf-8", "replace")
    found = re.search(r"graphviz version (\d+(?:\.\d+)*)", said)
    return found[1] if found else None


@lru_cache
def _embedded() -> LayoutEngine | None:
    if importlib.util.find_spec("pygraphviz") is None:
        return None
    with _environment(font_environment()):
        try:
            import pygraphviz
        except ImportError:  # built from source against a Graphviz that is gone
            return None
    version = getattr(pygraphviz, "__graphviz_version__", None)
    # Older releases of the wrapper start `dot` themselves: no layout inside.
    return LayoutEngine("pygraphviz", str(version), None) if version else None


# --- small things ------------------------------------------------------------------------------


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _raise_for_errors(said: Sequence[str], *, failed: bool) -> None:
    """Graphviz reports a broken label on stderr only and draws the rest: that is no drawing."""
    said = [line for line in said if not _is_about_fonts(line)]
    if failed or any(line.startswith("Error:") for line in said):
        raise LayoutFailed("\n".join(said).strip() or "Graphviz failed without a word")


def _whole_messages(said: Sequence[str]) -> list[str]:
    """Each message once, on one line: Graphviz says where on the next one ("in label of ...")."""
    messages: list[str] = []
    for line in (line.strip() for line in said):
        if line.startswith("in label of") and messages:
            messages[-1] = f"{messages[-1]} {line}"
        elif line:
            messages.append(line)
    return list(dict.fromkeys(messages))


def _is_about_fonts(line: str) -> bool:
    return bool(re.match(r"\s*(Fontconfig|Pango|\(.*\): (Pango|GLib)|.*Pango-WARNING)", line))


_CREATION_DATE = re.compile(rb"(/CreationDate \(D:)\d{14}")
_PAGE = re.compile(rb'(id="|url\(#)page\d+,\d+_')
_GROUP_OR_ANCHOR = re.compile(rb'<g id="(?P<id>[^"]*)"(?P<owner> class=)?')


def _repeatable(drawing: bytes, format: Format) -> bytes:
    """Take out what differs between two drawings of the same graph."""
    match format:
        case "pdf":
            # cairo writes the time of day; a fixed one of the same length keeps all offsets.
            return _CREATION_DATE.sub(rb"\g<1>19700101000000", drawing)
        case "svg":
            return _with_anchors_numbered_per_node(_PAGE.sub(rb"\1", drawing))
        case "png" | "json":
            return drawing
        case _:
            assert_never(format)


def _with_anchors_numbered_per_node(svg: bytes) -> bytes:
    """Name the links inside one label `a_<node>_0`, `a_<node>_1`, ...

    Graphviz counts them through all graphs that the process ever drew.
    """
    owner = b""
    count = 0

    def rename(found: re.Match[bytes]) -> bytes:
        nonlocal owner, count
        if found["owner"]:
            owner, count = found["id"], 0
        elif re.fullmatch(rb"a_" + re.escape(owner) + rb"_\d+", found["id"]):
            count += 1
            return b'<g id="a_%b_%d"' % (owner, count - 1)
        return found[0]

    return _GROUP_OR_ANCHOR.sub(rename, svg)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _captured_stderr(said: list[str]) -> Iterator[None]:
    """Collect what C code writes to file descriptor 2; Python's `sys.stderr` cannot."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # a program without a terminal may have closed it
        yield
        return
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            said.extend(file.read().decode("utf-8", "replace").splitlines())
