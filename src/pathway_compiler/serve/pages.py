"""HTML as the preview sends it: pages of the site with our script in them, and two pages of our own."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files

from pathway_compiler.serve.state import Page

__all__ = ["CONTENT_TYPES", "OURS", "content_type", "missing_page", "our_file", "with_preview"]

OURS = "-/"
"""Where our own files are; no author's name has a hyphen, so the site has nothing there."""

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "dot": "text/plain; charset=utf-8",
}


def content_type(name: str) -> str:
    """The type of a file by the ending of its name."""
    return CONTENT_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def with_preview(page: Page) -> bytes:
    """An HTML page that follows the author's text; `data-tag` says which version of it this is.

    A page of the site may ask nobody for anything; in the preview it may ask the preview.
    """
    before, head, after = page.content.partition(b"</head>")
    before = before.replace(b"connect-src &#39;none&#39;", b"connect-src 'self'", 1)
    return before + _head(page.tag).encode() + head + after


def _head(tag: str) -> str:
    return (
        f'<link rel="stylesheet" href="/{OURS}preview.css">\n'
        f'<script src="/{OURS}preview.js" data-tag="{escape(tag)}" defer></script>\n'
    )


def missing_page(title: str, sentence: str) -> bytes:
    """A page instead of one that is not there (yet). It turns into that one as soon as it is."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n{_head("")}'
        f'</head>\n<body class="preview-missing">\n<main>\n<h1>{escape(title)}</h1>\n'
        f'<p>{escape(sentence)}</p>\n<p><a href="/">Front page</a></p>\n</main>\n</body>\n</html>\n'
    ).encode(errors="replace")


@cache
def our_file(name: str) -> Page | None:
    """A file of ours by its name; None when there is none."""
    if name not in ("preview.js", "preview.css"):
        return None
    return Page.of((files("pathway_compiler.serve") / "static" / name).read_bytes())
