"""A guideline that is served, and a browser that looks at it."""

import contextlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from serving import Served, serving


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all tests of a module, which leave it as it was."""
    for found in serving(tmp_path_factory.mktemp("shared")):
        found.until_proved()
        yield found


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """One of its own."""
    yield from serving(tmp_path)


@dataclass
class Window:
    """A page of the preview in a browser, and what it said in the console."""

    page: Page
    served: Served
    said: list[str]
    may_be_missing: bool = False
    """The page asks for one that is not there, which Chromium notes in the console."""

    def open(self, path: str = "pathways/bone.html") -> None:
        """Open a page and wait until it has heard of the state."""
        self.page.goto(self.served.preview.url + path)
        expect(self.page.locator(".preview-status")).not_to_have_text(re.compile("^Reading|^…"))

    def until_it_says(self, text: str) -> None:
        """Until the page with this text has come, and is where the reader left it."""
        found = f"document.body.textContent.includes({json.dumps(text)})"
        self.until(f"document.querySelector('.preview-status') && {found}")

    def until(self, expression: str) -> None:
        """Until an expression is true. The page's policy forbids what Playwright has for this."""
        end = time.monotonic() + 30
        while True:
            with contextlib.suppress(Error):  # while the page is loaded again
                if self.page.evaluate(expression):
                    return
            assert time.monotonic() < end, expression
            self.page.wait_for_timeout(20)


@pytest.fixture
def window(browser: Browser, shared: Served) -> Iterator[Window]:
    """A window that must say nothing in the console and ask for nothing elsewhere."""
    context = browser.new_context(viewport={"width": 1000, "height": 600})
    context.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((shared.preview.url, "data:"))
            else foreign.append(request.url)
        ),
    )
    found = Window(page, shared, said)
    yield found
    context.close()
    shared.mend()
    shared.until_shown()
    if found.may_be_missing:
        said = [text for text in said if "404" not in text]
    assert said == []
    assert foreign == []
