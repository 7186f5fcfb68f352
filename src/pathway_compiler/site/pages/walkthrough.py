"""The walkthrough: answers of one patient go in, the engine of the browser says what follows.

The page holds the compiled guideline as data, and the scripts do the rest. Nothing of a patient is in it.
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePath

from pathway_compiler.browser.compiled_to_json import compiled_text
from pathway_compiler.browser.scripts import engine_scripts
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.describe import name_in_words
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import DateType
from pathway_compiler.model.vocabulary import Element
from pathway_compiler.site.rendering import as_json, visible

__all__ = [
    "WalkthroughPage", "drawing_script", "drawing_script_name", "walkthrough_page",
    "walkthrough_scripts",
]  # fmt: skip

MODULES = (
    "dom", "words", "find", "answers", "link", "values", "guideline", "runs", "fields", "evidence",
    "question", "form", "history", "results", "summary", "drawings", "flow", "files", "choices",
    "walkthrough",
)  # fmt: skip
"""The modules of `static/walkthrough/`, each behind those that it uses."""

BIRTH_DATES = {("loinc", "21112-8"), ("snomed", "184099003"), ("snomed", "397669002")}
"""Codes of a date of birth."""


@dataclass(frozen=True, slots=True)
class WalkthroughPage:
    """`guideline` is the document `pathway-compiled/1`; `groups` are the facts of the whole form.

    Facts in `identifying` are never written into a link. `certainties` are names and words.
    """

    guideline: str
    groups: tuple[dict[str, object], ...]
    identifying: tuple[str, ...]
    certainties: tuple[tuple[str, str], ...]


def walkthrough_page(compiled: CompiledGuideline) -> WalkthroughPage:
    guideline = compiled.guideline
    return WalkthroughPage(
        visible(compiled_text(compiled)),
        tuple({"label": label, "names": names} for label, names in _groups(guideline).items()),
        tuple(e.name for e in guideline.elements.values() if _tells_who(e)),
        tuple(
            (certainty.name, name_in_words(certainty.name, guideline))
            for certainty in (guideline.grading.certainties if guideline.grading else ())
        ),
    )


def _groups(guideline: Guideline) -> dict[str, list[str]]:
    """Facts in the order of the text, by the file that they stand in: authors keep a topic in a file."""
    found: dict[str, list[str]] = {}
    for element in guideline.elements.values():
        stem = PurePath(element.span.source.name).stem if element.span is not None else ""
        label = name_in_words(stem, guideline).strip() or guideline.title
        found.setdefault(label[:1].upper() + label[1:], []).append(element.name)
    return found


def _tells_who(element: Element) -> bool:
    """Whether a fact is a date of birth."""
    coded = any((code.system, code.code) in BIRTH_DATES for code in element.codes)
    words = {*element.name.lower().split("_"), *element.label.lower().split()}
    return isinstance(element.type, DateType) and (
        coded or bool(words & {"birth", "birthdate", "dob"})
    )


# --- scripts ------------------------------------------------------------------------------------------


def walkthrough_scripts() -> dict[str, str]:
    """The engine and the walkthrough, each as one file: the modules one behind the other."""
    folder = files("pathway_compiler.site") / "static" / "walkthrough"
    modules = [(folder / f"{name}.js").read_text(encoding="utf-8") for name in MODULES]
    return {
        "engine.js": "".join(script.text for script in engine_scripts()),
        "walkthrough.js": "".join(modules),
    }


def drawing_script_name(pathway: str) -> str:
    """The file of that script within the folder of the site."""
    return f"drawings/{pathway}.js"


def drawing_script(pathway: str, svg: str) -> str:
    """A drawing as a script: a page from `file://` can load no other kind of file."""
    return f"PathwayWalk.drawings.add({as_json(pathway)}, {as_json(svg)});\n"
