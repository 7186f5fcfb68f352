"""Files of the language that the package carries: diagnostic pages and JSON Schemas.

Each lives once, in `dsl/`; what lies here are symlinks, which become real files in a wheel.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["diagnostic_page", "diagnostic_pages", "json_schema", "json_schemas"]


def diagnostic_page(code: str) -> str | None:
    """The page that explains one diagnostic, in Markdown; None when there is no such code."""
    if code not in diagnostic_pages():
        return None
    return (_folder() / "diagnostics" / f"{code}.md").read_text(encoding="utf-8")


def diagnostic_pages() -> tuple[str, ...]:
    """The codes that have a page, sorted."""
    return _names(_folder() / "diagnostics", ".md")


def json_schema(name: str) -> str:
    """The text of one JSON Schema, such as `patient` for `patient.schema.json`."""
    return (_folder() / f"{name}.schema.json").read_text(encoding="utf-8")


def json_schemas() -> tuple[str, ...]:
    """The names of the JSON Schemas, sorted."""
    return _names(_folder(), ".schema.json")


def _folder() -> Traversable:
    return files(__name__)


def _names(folder: Traversable, ending: str) -> tuple[str, ...]:
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            entry.name.removesuffix(ending)
            for entry in folder.iterdir()
            if entry.name.endswith(ending)
        )
    )
