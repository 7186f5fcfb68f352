"""Chromium, as the tests in a browser use it; they are skipped with a reason where something is missing."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

__all__ = ["AXE", "Watched", "brightness", "opened_browser", "violations", "watched"]

AXE = "4.14.1"

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """The Chromium of the system; `scripts/browser.sh` installs it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no Chromium to look with; scripts/browser.sh installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass
class Watched:
    """A page, with everything that must not happen on it."""

    page: Page
    context: BrowserContext
    troubles: list[str] = field(default_factory=list)


@contextmanager
def watched(browser: Browser, **settings: object) -> Iterator[Watched]:
    """A fresh page; messages in the console, failed requests and requests to elsewhere are noted."""
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    found = Watched(page, context)
    page.on("console", lambda message: found.troubles.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: found.troubles.append(f"error: {error}"))
    page.on("requestfailed", lambda request: found.troubles.append(f"failed: {request.url}"))
    page.on("dialog", lambda dialog: (found.troubles.append(dialog.message), dialog.dismiss()))

    def requested(url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:", "http://127.0.0.1")):
            found.troubles.append(f"request: {url}")

    page.on("request", lambda request: requested(request.url))
    yield found
    context.close()


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe-core finds wrong with a page, or a part of it, as it is now."""
    source = _axe()
    if source is None:
        pytest.skip("axe-core is not installed; scripts/browser.sh installs it with npm")
    page.evaluate(source)
    found = page.evaluate(
        """async (within) => (await axe.run(within, {
             runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
             resultTypes: ["violations"],
             preload: false,
           })).violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`))""",
        within,
    )
    return [str(each) for each in found]


def _axe() -> str | None:
    cache = os.environ.get("PATHWAY_TEST_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    base = Path(cache) if cache else Path(home) / "pathway-compiler-tests"
    file = base / f"axe-core-{AXE}" / "node_modules" / "axe-core" / "axe.min.js"
    return file.read_text(encoding="utf-8") if file.is_file() else None


def brightness(browser: Browser, png: bytes) -> tuple[float, int]:
    """How bright a picture is on the whole, from 0 to 255, and how many colours it has, about."""
    page = browser.new_page()
    found = page.evaluate(
        """async (url) => {
             const image = new Image();
             image.src = url;
             await image.decode();
             const canvas = new OffscreenCanvas(image.width, image.height);
             const context = canvas.getContext("2d");
             context.drawImage(image, 0, 0);
             const data = context.getImageData(0, 0, image.width, image.height).data;
             let sum = 0;
             const colours = new Set();
             for (let at = 0; at < data.length; at += 4) {
               sum += (data[at] + data[at + 1] + data[at + 2]) / 3;
               colours.add((data[at] >> 4) * 256 + (data[at + 1] >> 4) * 16 + (data[at + 2] >> 4));
             }
             return [sum / (data.length / 4), colours.size];
           }""",
        f"data:image/png;base64,{base64.b64encode(png).decode()}",
    )
    page.close()
    return float(found[0]), int(found[1])
