"""The compiled guideline as JSON: it fits its schema, is small, the same every time, and safe in a page."""

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from browser_engine.snippets import compiled_quickly, documents, snippets
from markdown_tests import REPOSITORY
from pathway_compiler import CompiledGuideline, load, load_text
from pathway_compiler.browser.compiled_to_json import compiled_text, compiled_to_json
from pathway_compiler.browser.expressions_to_json import expression_to_json
from pathway_compiler.browser.scripts import engine_scripts
from pathway_compiler.browser.ucum_script import ucum_script
from pathway_compiler.browser.values_to_json import EnumTable, number_to_json, value_to_json
from pathway_compiler.browser.words_to_json import (
    COUNTED,
    IN_CONTEXT,
    SENTENCES,
    words_to_json,
)
from pathway_compiler.datatypes.number import parse_number
from pathway_compiler.diagnostics.codes import CODES
from pathway_compiler.exports.export import export
from pathway_compiler.language import LANGUAGES, speaking
from pathway_compiler.model.expression import Expression
from pathway_compiler.resources import json_schema

ENGINE = REPOSITORY / "src" / "pathway_compiler" / "browser" / "engine"
EVERYTHING = REPOSITORY / "tests" / "browser_engine" / "everything.pathway"
HOSTILE = (
    "</script><b>\"quoted\" & 'x' `code` {{x}} \\ \u202eright \u2028 left <!-- " + "x" * 10_000
)


@cache
def seom() -> CompiledGuideline:
    return load(REPOSITORY / "pathways" / "seom_abc_2018")


@cache
def everything() -> CompiledGuideline:
    found = compiled_quickly(EVERYTHING.read_text(encoding="utf-8"))
    assert found is not None
    return found


@cache
def schema() -> jsonschema.Draft202012Validator:
    document = json.loads(json_schema("compiled"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


@pytest.mark.parametrize("guideline", [seom, everything])
def test_it_fits_the_published_schema(guideline: Any) -> None:
    schema().validate(json.loads(compiled_text(guideline())))


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.stem)
def test_small_guidelines_fit_the_schema(document: Path) -> None:
    for compiled in snippets(document):
        schema().validate(compiled_to_json(compiled))


def test_every_kind_of_expression_is_tried() -> None:
    tried = set(re.findall(r'"op":"([^"]*)"', compiled_text(everything())))
    known = {
        word
        for branch in json.loads(json_schema("compiled"))["$defs"]["expression"]["oneOf"]
        for word in branch["properties"]["op"].get(
            "enum", [branch["properties"]["op"].get("const")]
        )
    }
    assert tried == known
    assert len(known) >= len(Expression.__args__)  # type: ignore[attr-defined]  # a union of classes


def test_the_seom_guideline_is_small() -> None:
    assert len(gzip.compress(compiled_text(seom()).encode())) < 100_000


def test_equal_guidelines_give_equal_bytes() -> None:
    text = EVERYTHING.read_text(encoding="utf-8")
    again = compiled_quickly(text)
    assert again is not None
    assert compiled_text(again) == compiled_text(everything())


def test_no_text_of_an_author_ends_the_script_that_carries_it() -> None:
    label = json.dumps(HOSTILE, ensure_ascii=False)
    compiled = load_text(
        f"guideline g {label}:\n  version {label}\n"
        f"type t {label}:\n  first {label}\n"
        f"element e {label}: t\n  hint {label}\n"
        f"pathway p {label}:\n  decision d {label}:\n"
        f"    when e is first {label} -> r\n    otherwise {label} -> r\n  recommend r {label}\n"
    )
    text = compiled_text(compiled)
    assert "<" not in text
    assert "\n" not in text
    document = json.loads(text)
    schema().validate(document)
    assert document["guideline"]["title"] == HOSTILE
    assert document["enums"]["t"]["values"][0]["label"] == HOSTILE
    assert document["pathways"]["p"]["nodes"][0]["branches"][0]["label"] == HOSTILE


def test_names_of_javascript_are_names_like_others() -> None:
    text = 'guideline g "G":\n  version "1"\n'
    for name in ("__proto__", "constructor", "toString"):
        text += f'element {name} "{name}": boolean\n'
    text += 'pathway p "P":\n  recommend hasOwnProperty "X" when __proto__ and constructor\n'
    document = json.loads(compiled_text(load_text(text)))
    assert list(document["elements"]) == ["__proto__", "constructor", "toString"]


def test_numbers_are_exact() -> None:
    def of(text: str) -> int | str:
        number = parse_number(text)
        assert number is not None
        return number_to_json(number)

    assert [of(t) for t in ("12", "-0.1", "2.5", "9007199254740991", "9007199254740992")] == [
        12,
        "-1/10",
        "5/2",
        9007199254740991,
        "9007199254740992",
    ]
    assert value_to_json(True) is True


def test_a_list_of_values_is_written_once_whoever_has_it() -> None:
    compiled = load_text(
        'guideline g "G":\n  version "1"\n'
        'element one "One": one of red | green\nelement two "Two": one of red | green\n'
        'element three "Three": one of up | down\n'
        'pathway p "P":\n  recommend r "R" when one is red and two is red and three is up\n'
    )
    document = compiled_to_json(compiled)
    assert list(document["enums"]) == ["(1)", "(2)"]  # type: ignore[call-overload]
    condition = compiled.guideline.pathways["p"].nodes[0].eligibility.when[0]  # type: ignore[union-attr]
    tree: Any = expression_to_json(condition, EnumTable())
    assert tree["op"] == "and"
    assert [inner["op"] for inner in tree["operands"]] == ["is", "is", "is"]


def test_export_writes_it_and_starts_with_the_pathway_that_is_named() -> None:
    compiled = everything()
    artifact = export("compiled", compiled.guideline, compiled.graphs)
    assert artifact.filename == "everything.compiled.json"
    assert artifact.text == compiled_text(compiled) + "\n"
    other = export("compiled", compiled.guideline, compiled.graphs, "third")
    assert json.loads(other.text)["guideline"]["entry"] == "third"


# --- the scripts -----------------------------------------------------------------------------------------


def test_the_table_of_units_is_that_of_ucum(request: pytest.FixtureRequest) -> None:
    file = ENGINE / "ucum-table.js"
    if request.config.getoption("--update-golden"):
        file.write_text(ucum_script(), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == ucum_script()


def test_every_script_is_listed_once_and_touches_neither_page_nor_network_nor_clock() -> None:
    scripts = engine_scripts()
    listed = [script.name for script in scripts]
    assert sorted([*listed, "index.js"]) == sorted(p.name for p in ENGINE.glob("*.js"))
    forbidden = re.compile(
        r"\b(?:document\.(?:body|createElement|getElement|querySelector|cookie)|window|navigator|fetch"
        r"|XMLHttpRequest|localStorage|sessionStorage|eval|Function|Date|Math\.random|require|import)\b\s*[(.]"
    )
    for script in scripts:
        assert script.text.startswith('"use strict";\n/**')
        assert not forbidden.search(script.text), script.name
        assert "</script" not in script.text
        assert script.text.count("globalThis") == 1, script.name


def test_the_engine_says_what_the_catalogues_have() -> None:
    text = "".join(s.text for s in engine_scripts() if s.name not in ("text.js", "ucum-table.js"))
    said = set(re.findall(r'\bsay\(\s*"([^"]*)"', text))
    assert said == set(SENTENCES)
    assert set(re.findall(r'\bsayAs\("(\w+)", "(\w+)"\)', text)) == set(IN_CONTEXT)
    assert set(re.findall(r'"%\(amount\)s (\w+)"', text)) == {
        word.split()[1] for pair in COUNTED for word in pair
    }
    for language in LANGUAGES[1:]:
        with speaking(language):
            words = words_to_json()
        assert len(words) == len(SENTENCES) + len(IN_CONTEXT) + 2 * len(COUNTED)
        same = {english for english, said in words.items() if english == said}
        assert not same - {"%(label)s?", "%(rule)s: “%(first)s” and “%(second)s”"}, language
        for english, translation in words.items():
            placed = [set(re.findall(r"%\(\w+\)s", text)) for text in (english, translation)]
            assert placed[0] == placed[1], english


def test_titles_of_codes_are_those_of_the_compiler() -> None:
    text = next(s.text for s in engine_scripts() if s.name == "mistakes.js")
    titles = dict(re.findall(r'^    "(data-[a-z-]+)": "([^"]*)",$', text, re.MULTILINE))
    assert titles == {code: info.title for code, info in CODES.items() if code.startswith("data-")}
