"""Every result fits `dsl/result.schema.json`, and its JSON is the same in every process."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from markdown_tests import REPOSITORY
from pathway_compiler.driver import compile_sources, evaluate, load_text, read_guideline
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.to_json import outcome_to_json
from pathway_compiler.graph.compiled import CompiledGuideline

SCHEMA = json.loads((REPOSITORY / "dsl" / "result.schema.json").read_text(encoding="utf-8"))
FOLDERS = (REPOSITORY / "pathways" / "seom_abc_2018", REPOSITORY / "docs" / "example")

SHARE = 10
"""Of so many cases one is held to the schema; all of them take minutes."""

PROGRAM = """
import hashlib, json, sys
from pathway_compiler.driver import load
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.to_json import outcome_to_json

compiled = load(sys.argv[1])
for case in compiled.guideline.cases.values():
    for outcome in run_case(compiled, case).outcomes:
        text = json.dumps(outcome_to_json(outcome, compiled))
        print(case.name, hashlib.sha256(text.encode()).hexdigest())
"""


@cache
def _compiled(folder: Path) -> CompiledGuideline | None:
    sources, _ = read_guideline(folder)
    return compile_sources(sources).compiled


def _cases() -> list[object]:
    found: list[object] = []
    for folder in FOLDERS:
        compiled = _compiled(folder)
        if compiled is not None:
            found += [
                pytest.param(folder, name, id=f"{folder.name}:{name}")
                for name in list(compiled.guideline.cases)[::SHARE]
            ]
    return found


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("folder", "name"), _cases())
def test_outcomes_of_a_case_fit_the_schema(folder: Path, name: str) -> None:
    compiled = _compiled(folder)
    assert compiled is not None
    validator = Draft202012Validator(SCHEMA)
    for outcome in run_case(compiled, compiled.guideline.cases[name]).outcomes:
        data = json.loads(json.dumps(outcome_to_json(outcome, compiled)))
        problems = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(data)]
        assert not problems


def test_a_contradiction_within_a_slot_fits_the_schema() -> None:
    compiled = load_text("""guideline g "G":
  version "1"
  entry p
slot line "First line": p.a, p.b
pathway p "P":
  recommend a "A" -> b
  recommend b "B"
""")
    data = outcome_to_json(evaluate(compiled, {}, as_of="2019-03-01"), compiled)
    assert [c["action"] for c in data["contradictions"]] == [None]  # type: ignore[attr-defined]
    assert not list(Draft202012Validator(SCHEMA).iter_errors(data))


def test_schema_refuses_a_word_it_does_not_know() -> None:
    compiled = _compiled(FOLDERS[1])
    assert compiled is not None
    case = next(iter(compiled.guideline.cases.values()))
    (outcome,) = run_case(compiled, case).outcomes
    data = {**outcome_to_json(outcome, compiled), "status": "finished"}
    assert list(Draft202012Validator(SCHEMA).iter_errors(data))


def _printed(folder: Path, seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        env={
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(REPOSITORY / "src"),
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_json_is_the_same_in_every_process(folder: Path) -> None:
    first, second = (_printed(folder, seed) for seed in ("1", "2"))
    assert first
    assert first == second
