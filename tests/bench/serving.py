"""How long an author waits for the drawing of what she has just saved."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import compile_sources, draw, read_guideline, read_texts
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs
from pathway_compiler.serve.preview import Preview

from .inputs import decision_tree
from .measuring import Variant

__all__ = ["served"]


def save_and_look(
    preview: Preview, file: Path, text: str, old: str, page: str
) -> Callable[[], None]:
    """Save another label, wait until it is there, and fetch the page that shows it."""
    numbers = count()
    connection = HTTPConnection(preview.url.split("/")[2], timeout=120)

    def save() -> None:
        label = f"{old} {next(numbers)}"
        number = preview.board.state.number
        file.write_text(text.replace(f'"{old}"', f'"{label}"'), encoding="utf-8")
        while True:
            preview.board.after(number, 60)
            number = preview.board.state.number
            connection.request("GET", page)
            if label in connection.getresponse().read().decode():
                return

    return save


@contextmanager
def served(seom: Path) -> Iterator[dict[str, Variant]]:
    """A pathway alone and the whole SEOM guideline: compiled and drawn, and served while it is edited."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        alone = folder / "alone" / "tree.pathway"
        alone.parent.mkdir()
        text = decision_tree(29).as_guideline()
        alone.write_text(text, encoding="utf-8")
        shutil.copytree(seom, folder / "seom")
        edited = folder / "seom" / "advanced_breast_cancer.pathway"
        seom_text = edited.read_text(encoding="utf-8")
        tree_preview = stack.enter_context(Preview(alone.parent, port=0, thoroughly=False))
        seom_preview = stack.enter_context(Preview(folder / "seom", port=0, thoroughly=False))
        for preview in (tree_preview, seom_preview):
            preview.board.wait_for(lambda state: state.shown is not None, 120)
        yield {
            "alone": Variant(lambda: _compile_and_draw(text)),
            "save alone": Variant(
                save_and_look(tree_preview, alone, text, _first_label(text), "/pathways/tree.html")
            ),
            "seom": Variant(lambda: _read_and_draw(folder / "seom", "advanced_breast_cancer")),
            "save seom": Variant(
                save_and_look(
                    seom_preview,
                    edited,
                    seom_text,
                    _first_label(seom_text),
                    "/pathways/advanced_breast_cancer.html",
                )
            ),
        }


def _first_label(text: str) -> str:
    """What the first decision or choice of a text asks."""
    lines = (line.strip() for line in text.splitlines())
    line = next(line for line in lines if line.startswith(("decision ", "choose ", "together ")))
    return line.split('"')[1]


def _compile_and_draw(text: str) -> None:
    compiled = compile_sources([Source("tree.pathway", text)]).compiled
    assert compiled is not None
    draw(compiled, "tree").svg()


def _read_and_draw(folder: Path, pathway: str) -> None:
    """The guideline as the preview compiles it, without what is proved beside."""
    sources, _ = read_guideline(folder)
    guideline, _ = read_texts(sources)
    assert guideline is not None
    draw(CompiledGuideline(guideline, build_graphs(guideline)), pathway).svg()
