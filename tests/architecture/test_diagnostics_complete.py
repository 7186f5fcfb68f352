"""Every diagnostic code has a page whose wrong example produces it, and a place that creates it."""

import re
from functools import cache
from pathlib import Path

import pytest

from markdown_tests import (
    REPOSITORY,
    Block,
    Section,
    errors,
    findings,
    guideline_text,
    sections,
)
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.diagnostics.codes import CODES
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import compile_sources, read_guideline, run_patient
from pathway_compiler.model.acceptance import ACCEPTABLE
from pathway_compiler.patient_data.read import read_patients_from_text
from pathway_compiler.syntax.parser import MAXIMAL_FILE_SIZE

PAGES = REPOSITORY / "dsl" / "diagnostics"
SOURCES = REPOSITORY / "src" / "pathway_compiler"
DATA = sorted(code for code in CODES if code.startswith("data-"))
ABOUT_FILES = ["file-too-large", "unreadable-file"]
ABOUT_TEXT = sorted(code for code in CODES if code not in {*DATA, *ABOUT_FILES})


def _page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def _section(code: str, heading: str) -> Section:
    found = {section.heading: section for section in sections(_page(code))}
    assert heading in found, f"{code}.md shows nothing below `## {heading}`"
    return found[heading]


# --- the triangle of code, page and place --------------------------------------------------------


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == set(CODES)
    assert all(page.suffix == ".md" for page in PAGES.iterdir())


@cache
def _source_text() -> str:
    files = [f for f in SOURCES.rglob("*.py") if f.name != "codes.py"]
    return "\n".join(f.read_text(encoding="utf-8") for f in files)


@pytest.mark.parametrize("code", sorted(CODES))
def test_code_is_created_somewhere(code: str) -> None:
    assert f'"{code}"' in _source_text()


def test_every_code_that_is_created_is_listed() -> None:
    created = re.findall(r'(?:Diagnostic|report)\(\s*"([a-z]+(?:-[a-z]+)*)"', _source_text())
    assert created
    assert set(created) <= set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_page_has_its_title_its_severity_and_its_sections(code: str) -> None:
    text = _page(code)
    info = CODES[code]
    article = "an" if info.severity == "error" else "a"
    assert text.startswith(f"# {info.title}\n\nCode `{code}`, {article} {info.severity}.\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Wrong", "Mended", "Why we insist"]


# --- pages about the text of a guideline ---------------------------------------------------------


def _shown(found: list[Diagnostic]) -> list[str]:
    return [f"{d.code}: {d.message} (`{d.span.text}`)" for d in found]


@pytest.mark.parametrize("code", ABOUT_TEXT)
def test_wrong_example_produces_its_code(code: str) -> None:
    examples = _section(code, "Wrong").of("pathway")
    assert examples
    for example in examples:
        found = list(findings(guideline_text(example)))
        assert code in {d.code for d in found}, _shown(found)
        others = [d for d in errors(found) if d.code != code]
        assert not others, _shown(others)
        if example.underlines is not None:
            assert example.underlines in [d.span.text for d in found if d.code == code]


@pytest.mark.parametrize("code", ABOUT_TEXT)
def test_mended_example_is_free_of_it(code: str) -> None:
    examples = _section(code, "Mended").of("pathway")
    assert examples
    for example in examples:
        found = list(findings(guideline_text(example)))
        assert not [d for d in found if d.code == code], _shown(found)
        assert not errors(found), _shown(errors(found))


WORDS = [(word, code) for word, codes in ACCEPTABLE.items() for code in codes]


@pytest.mark.parametrize(("word", "code"), WORDS)
def test_page_says_how_its_finding_is_accepted(word: str, code: str) -> None:
    said = _page(code).replace("\n", " ")
    assert re.findall(r"`accept (\w+) \"…\"`", said) == [word]
    (example,) = _section(code, "Wrong").of("pathway")
    text = guideline_text(example)
    accepting = text.replace('  version "1"\n', f'  version "1"\n  accept {word} "Why."\n')
    assert text != accepting
    before, after = ({d.code for d in findings(t)} for t in (text, accepting))
    assert code in before
    assert code not in after
    assert "stale-acceptance" not in after


def test_no_other_page_speaks_of_accepting() -> None:
    acceptable = {code for _, code in WORDS}
    assert not [
        code
        for code in CODES
        if code not in acceptable and code != "unknown-finding" and "`accept " in _page(code)
    ]


# --- pages about files ---------------------------------------------------------------------------


def test_file_that_is_too_large(tmp_path: Path) -> None:
    file = tmp_path / "everything.pathway"
    file.write_text("# …\n" * (MAXIMAL_FILE_SIZE // 4 + 1), encoding="utf-8")
    sources, problems = read_guideline(file)
    found = [*problems, *compile_sources(sources).diagnostics]
    assert "file-too-large" in {d.code for d in found}


def test_file_in_an_older_encoding(tmp_path: Path) -> None:
    file = tmp_path / "old.pathway"
    file.write_bytes('guideline old "Cáncer de mama":\n  version "1"\n'.encode("cp1252"))
    _, problems = read_guideline(file)
    assert [d.code for d in problems] == ["unreadable-file"]


# --- pages about patient data --------------------------------------------------------------------


def _refusals(vocabulary: Block, data: Block) -> list[Diagnostic]:
    """Why a patient in JSON is refused, by the reader or by the engine."""
    compiled = compile_sources([Source("g.pathway", guideline_text(vocabulary))]).compiled
    assert compiled is not None
    found: list[Diagnostic] = []
    as_of = PartialDate(2019, 3, 1)
    for result in read_patients_from_text(data.text, "p1.json", compiled.guideline, as_of=as_of):
        found.extend(result.diagnostics)
        if result.patient is not None:
            day = result.patient.as_of or as_of
            _, refused = run_patient(compiled, result.patient, as_of=day)
            found.extend(refused)
    return found


def _vocabulary(section: Section) -> Block:
    pathway = 'pathway nothing "Nothing":\n  end done "Done"\n'
    own = section.of("pathway")
    return Block("pathway", {}, (own[0].text if own else "") + pathway, 1)


@pytest.mark.parametrize("code", DATA)
def test_wrong_data_are_refused_with_their_code(code: str) -> None:
    section = _section(code, "Wrong")
    (data,) = section.of("json")
    found = _refusals(_vocabulary(section), data)
    assert {d.code for d in found} == {code}, _shown(found)
    quoted = re.search(r"^> (.*)$", _page(code), re.MULTILINE)
    assert quoted is not None, f"{code}.md quotes no message"
    assert any(quoted[1] in f"{d.message} {d.help or ''}" for d in found), _shown(found)
    if data.underlines is not None:
        assert data.underlines in [d.span.text for d in found]


@pytest.mark.parametrize("code", DATA)
def test_mended_data_are_accepted(code: str) -> None:
    section = _section(code, "Mended")
    (data,) = section.of("json")
    found = _refusals(_vocabulary(section), data)
    assert not found, _shown(found)
