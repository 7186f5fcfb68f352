"""`pathway translate`, and what readers get with `--language`."""

from pathlib import Path
from typing import Any

import pytest

Pathway = Any


@pytest.fixture
def catalogue(pathway: Pathway, guideline: Path) -> Path:
    """A new Spanish catalogue of the small guideline."""
    assert pathway("translate", "update", guideline, "--language", "es").code == 0
    return guideline / "translations" / "es.po"


def fill(path: Path, translation: str = "¡{}!") -> None:
    """Translate everything by adding marks to it."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    filled = []
    for block in blocks:
        source = block.partition("\nmsgid ")[2].partition("\nmsgstr ")[0]
        new = translation.replace("{}", source[1:-1])
        filled.append(block.replace('msgstr ""', f'msgstr "{new}"') if source else block)
    path.write_text("\n\n".join(filled), encoding="utf-8")


def test_extract_writes_a_template(pathway: Pathway, guideline: Path) -> None:
    done = pathway("translate", "extract", guideline)

    assert done.code == 0
    assert done.out.startswith('msgid ""\nmsgstr ""\n')
    assert 'msgctxt "guideline title"' in done.out
    assert "Language:" not in done.out


def test_extract_into_a_file(pathway: Pathway, guideline: Path, tmp_path: Path) -> None:
    file = tmp_path / "trial.pot"
    done = pathway("translate", "extract", guideline, "-o", file)

    assert done.code == 0
    assert done.out == ""
    assert "msgctxt" in file.read_text(encoding="utf-8")


def test_update_twice_writes_the_same(pathway: Pathway, guideline: Path, catalogue: Path) -> None:
    before = catalogue.read_bytes()
    done = pathway("translate", "update", guideline, "--language", "es")

    assert "0 new, 0 changed, 0 gone" in done.out
    assert catalogue.read_bytes() == before


def test_check_counts_and_fails_until_all_is_there(
    pathway: Pathway, guideline: Path, catalogue: Path
) -> None:
    lacking = pathway("translate", "check", guideline)
    fill(catalogue)
    complete = pathway("translate", "check", guideline, "--language", "es")

    assert lacking.code == 1
    assert "missing: " in lacking.out
    assert complete.code == 0
    assert "0 missing, 0 fuzzy, 0 broken" in complete.out


def test_a_change_of_the_guideline_makes_its_text_fuzzy(
    pathway: Pathway, guideline: Path, catalogue: Path
) -> None:
    fill(catalogue)
    file = guideline / "guideline.pathway"
    text = file.read_text(encoding="utf-8")
    title = text.split('"')[1]
    file.write_text(text.replace(title, f"{title}, revised", 1), encoding="utf-8")

    before = pathway("translate", "check", guideline)
    update = pathway("translate", "update", guideline, "--language", "es")
    after = pathway("translate", "check", guideline, "--json")

    assert before.code == after.code == 1
    assert "1 changed, 1 gone" in update.out
    assert after.data["languages"]["es"]["fuzzy"] == 1
    assert f"#. was: {title}" in catalogue.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("update", "GUIDELINE"),
        ("extract", "GUIDELINE", "--language", "es"),
        ("check", "GUIDELINE", "-o", "x"),
        ("check", "GUIDELINE"),
        ("update", "GUIDELINE", "--language", "../es"),
        ("improve", "GUIDELINE"),
    ],
)
def test_usage(words: tuple[str, ...], pathway: Pathway, guideline: Path) -> None:
    done = pathway("translate", *(guideline if w == "GUIDELINE" else w for w in words))

    assert done.code == 2


def test_a_broken_catalogue_is_bad_data(pathway: Pathway, guideline: Path, catalogue: Path) -> None:
    catalogue.write_bytes(b"\xff")

    assert pathway("translate", "check", guideline).code == 3
    assert pathway("translate", "update", guideline, "--language", "es").code == 3
    assert catalogue.read_bytes() == b"\xff"


def test_run_in_a_language(
    pathway: Pathway, guideline: Path, patient: Path, catalogue: Path
) -> None:
    fill(catalogue)
    english = pathway("run", guideline, patient)
    spanish = pathway("run", guideline, patient, "--language", "es")

    assert "RECOMMENDED" in english.out
    assert "RECOMENDADO" in spanish.out
    assert "¡" in spanish.out
    assert "RECOMMENDED" not in spanish.out
    assert pathway("run", guideline, patient).out == english.out


def test_run_marks_what_is_not_translated(
    pathway: Pathway, guideline: Path, patient: Path, catalogue: Path
) -> None:
    assert "‹en: " in pathway("run", guideline, patient, "--language", "es").out


def test_run_gives_the_same_result_in_another_language(
    pathway: Pathway, guideline: Path, patient: Path, catalogue: Path
) -> None:
    fill(catalogue)
    one = pathway("run", guideline, patient, "--json").data
    two = pathway("run", guideline, patient, "--json", "--language", "es").data

    def ids(data: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
        return [(r["id"], r["certainty"]) for r in data["recommendations"]]

    assert ids(one) == ids(two)
    assert one["guideline"]["content_hash"] == two["guideline"]["content_hash"]


def test_an_unknown_language_is_named_with_those_there_are(
    pathway: Pathway, guideline: Path, patient: Path, catalogue: Path
) -> None:
    done = pathway("run", guideline, patient, "--language", "fr")

    assert done.code == 2
    assert "choose of en, es" in done.err


def test_build_in_a_language(
    pathway: Pathway, guideline: Path, catalogue: Path, tmp_path: Path
) -> None:
    fill(catalogue)
    done = pathway(
        "build", guideline, "--language", "es", "--format", "dot", "-o", tmp_path / "out"
    )  # fmt: skip

    assert done.code == 0
    drawn = "".join(f.read_text(encoding="utf-8") for f in (tmp_path / "out").rglob("*.dot"))
    assert "¡" in drawn
    assert "Decision" not in drawn
