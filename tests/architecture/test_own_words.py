"""Our own words are complete in every language, and none escapes the catalogues."""

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from markdown_tests import REPOSITORY
from pathway_compiler.language.catalogue import LANGUAGES, path_of

PACKAGE = REPOSITORY / "src" / "pathway_compiler"
SOURCES = sorted(PACKAGE.rglob("*.py"))
SAYING = {"_", "gettext", "ngettext", "pgettext", "marked", "marked_in"}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "translations", REPOSITORY / "scripts" / "translations.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_message_is_translated_with_its_placeholders(
    language: str, script: ModuleType
) -> None:
    assert script.complaints(script.brought_up_to_date(language)) == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_catalogue_is_what_the_script_writes(language: str, script: ModuleType) -> None:
    text = script.text_of(script.brought_up_to_date(language))

    assert path_of(language).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_messages_stand_where_the_extractor_sees_them(path: Path) -> None:
    """Within an f-string it does not see them, and a message put together is none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = [
        f"line {call.lineno}: {ast.unparse(call)}"
        for string in ast.walk(tree)
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if _says(call) and _has_text(call)
    ]
    put_together = [
        f"line {call.lineno}: {ast.unparse(call)}"
        for call in ast.walk(tree)
        if _says(call) and any(isinstance(a, ast.JoinedStr | ast.BinOp) for a in call.args)
    ]
    assert hidden == []
    assert put_together == []


def _says(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING


def _has_text(call: ast.AST) -> bool:
    assert isinstance(call, ast.Call)
    return any(isinstance(each, ast.Constant) for each in call.args)
