"""The engine's scripts, for pages that carry it."""

import json
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["Script", "engine_scripts"]


@dataclass(frozen=True, slots=True)
class Script:
    """One classic script: its file name and its text."""

    name: str
    text: str


def engine_scripts() -> tuple[Script, ...]:
    """The scripts in the order in which a page loads them; together they set `PathwayEngine`."""
    folder = files("pathway_compiler.browser") / "engine"
    names: list[str] = json.loads((folder / "files.json").read_text(encoding="utf-8"))
    return tuple(Script(name, (folder / name).read_text(encoding="utf-8")) for name in names)
