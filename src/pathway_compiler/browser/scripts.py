"""The engine's scripts, in the order in which a page loads them."""

import json
from collections.abc import Iterator
from importlib.resources import files

__all__ = ["engine_scripts"]


def engine_scripts() -> Iterator[str]:
    """The text of each script; all of them fill the one global `PathwayEngine`."""
    folder = files("pathway_compiler.browser") / "engine"
    for name in json.loads((folder / "files.json").read_text(encoding="utf-8")):
        yield (folder / name).read_text(encoding="utf-8")
