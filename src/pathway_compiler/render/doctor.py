"""What about this machine could make a drawing fail or look different. For `pathway doctor`."""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pathway_compiler.render.fonts import cache_folder, font_folder
from pathway_compiler.render.layout import (
    INSTALL_LINE,
    MINIMUM_DOT,
    LayoutFailed,
    LayoutUnavailable,
    available_engines,
    best_engine,
    lay_out_many,
)

__all__ = ["diagnose", "Finding", "Status"]

Status = Literal["ok", "warning", "problem"]

DISTRIBUTION = "pathway-compiler"
OLDEST_PYTHON = (3, 11)

SAMPLE = "HER2 +, ER ≥ 1 %: ¿trastuzumab?"
SAMPLE_POINTS = 100
EXPECTED_INCHES = {"regular": 21.565, "bold": 22.333}
"""Widths of the sample in Liberation Sans: the sum of its letters, from the font files."""
TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    status: Status
    detail: str
    remedy: str = ""
    """What to do about it, or how to get what is optional; may be empty."""
    more: str = ""
    """What only `-v` shows, such as the font library's own messages."""


def diagnose() -> list[Finding]:
    """Look at everything a drawing depends on. Never raises for what it finds."""
    return [
        _python(),
        _package(),
        _layout_engine(),
        *_fonts(),
        _cache(),
        *_requirements(),
    ]


def _python() -> Finding:
    version = sys.version.split(" ", maxsplit=1)[0]
    # A package can be run from a checkout by any Python, whatever its metadata say.
    if tuple(sys.version_info[:2]) < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return Finding("Python", "problem", version, f"use Python {wanted} or newer")
    return Finding("Python", "ok", f"{version} ({sys.executable})")


def _package() -> Finding:
    try:
        version = importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return Finding(
            DISTRIBUTION, "warning", "runs from a folder, not installed", "pip install -e ."
        )
    return Finding(DISTRIBUTION, "ok", version)


def _layout_engine() -> Finding:
    engines = available_engines()
    try:
        best = best_engine()
    except LayoutUnavailable as error:
        return Finding("layout engine", "problem", str(error), INSTALL_LINE)
    others = [engine for engine in engines if engine != best]
    detail = f"{best.name} {best.version}" + (f" ({best.path})" if best.path else "")
    if others:
        seen = ", ".join(f"{engine.name} {engine.version}" for engine in others)
        detail += f"; also here: {seen}"
    if not best.is_recent:
        wanted = ".".join(map(str, MINIMUM_DOT))
        return Finding(
            "layout engine",
            "warning",
            f"{detail}; older than {wanted}, drawings will differ a little",
            "pip install pygraphviz",
        )
    return Finding("layout engine", "ok", detail)


def _fonts() -> Iterator[Finding]:
    missing = [
        name
        for name in ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf")
        if not (font_folder() / name).is_file()
    ]
    if missing:
        yield Finding(
            "fonts",
            "problem",
            f"not in {font_folder()}: {', '.join(missing)}",
            f"reinstall: pip install --force-reinstall {DISTRIBUTION}",
        )
        return
    try:
        widths, messages = _measure()
    except (LayoutFailed, LayoutUnavailable) as error:
        yield Finding("fonts", "problem", f"could not be measured: {error}")
        return
    more = "\n".join(messages)
    wrong = {
        weight: width
        for weight, width in widths.items()
        if abs(width / EXPECTED_INCHES[weight] - 1) > TOLERANCE
    }
    if wrong:
        told = ", ".join(
            f"{weight} {width:.2f} in, expected {EXPECTED_INCHES[weight]:.2f} in"
            for weight, width in wrong.items()
        )
        yield Finding(
            "fonts",
            "warning",
            f"labels are measured with another font ({told}); layouts will not be reproducible",
            "choose the other engine with PATHWAY_LAYOUT=pygraphviz or PATHWAY_LAYOUT=dot, "
            "or on Debian: apt-get install fonts-liberation",
            more,
        )
    else:
        yield Finding(
            "fonts",
            "ok",
            "labels are measured with Liberation Sans; layouts are reproducible",
            more=more,
        )


def _measure() -> tuple[dict[str, float], tuple[str, ...]]:
    """The width of the sample as Graphviz sees it, in inches, by weight of the font."""
    node = "shape=plain width=0 height=0"
    dot = (
        f'digraph {{ node [{node} fontname="Arial" fontsize={SAMPLE_POINTS}]'
        f" regular [label=<{SAMPLE}>] bold [label=<<B>{SAMPLE}</B>>] }}"
    )
    laid_out = lay_out_many([dot], ["json"])
    objects = json.loads(laid_out.drawings[0]["json"])["objects"]
    widths = {thing["name"]: float(thing["width"]) for thing in objects}
    return widths, laid_out.font_messages


def _cache() -> Finding:
    try:
        folder = cache_folder()
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding(
            "cache", "problem", str(error), "set PATHWAY_CACHE to a folder you may write to"
        )
    return Finding("cache", "ok", f"{folder} can be written")


def _requirements() -> Iterator[Finding]:
    """What the package needs, and what each of its extras would add; read from its metadata."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return
    groups: dict[str, list[str]] = {}
    for line in lines:
        name = re.match(r"[\w.-]+", line)
        extra = re.search(r"extra\s*==\s*['\"]([\w.-]+)['\"]", line)
        if name:
            groups.setdefault(extra[1] if extra else "", []).append(name[0])
    for group, names in groups.items():
        missing = [name for name in names if not _is_installed(name)]
        title = f"extra `{group}`" if group else "required packages"
        if not missing:
            yield Finding(title, "ok", f"all {len(names)} installed")
        elif group:
            yield Finding(
                title,
                "ok",
                f"optional, not installed: {', '.join(missing)}",
                f"pip install '{DISTRIBUTION}[{group}]'",
            )
        else:
            yield Finding(
                title,
                "problem",
                f"not installed: {', '.join(missing)}",
                f"pip install {' '.join(missing)}",
            )


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
