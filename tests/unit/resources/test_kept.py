"""What is kept between runs is read back for the same texts only, and damage is passed over."""

import os
from pathlib import Path

import pytest

from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import check_sources, compile_sources, compile_unless_kept
from pathway_compiler.resources.kept import MOST, cache_folder, keep, kept, key_of

TEXT = 'guideline tiny "Tiny":\n  version "1"\nelement fever "Fever": boolean\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATHWAY_CACHE_DIR", str(tmp_path))
    found = cache_folder()
    assert found is not None
    return found


def test_a_value_is_read_back_for_its_key_only() -> None:
    keep("name", key_of("a"), ["first", "second"])
    assert kept("name", key_of("a"), 0) == "first"
    assert kept("name", key_of("a"), 1) == "second"
    assert kept("name", key_of("b"), 0) is None
    assert kept("other", key_of("a"), 0) is None


def test_texts_that_run_into_each_other_have_different_keys() -> None:
    assert key_of("ab", "c") != key_of("a", "bc")


def test_a_damaged_file_counts_as_none(folder: Path) -> None:
    keep("name", key_of("a"), [["value"]])
    (file,) = folder.glob("*.kept")
    for damage in (b"", b"nonsense", file.read_bytes()[:-3], b"\xff\xfe\n"):
        file.write_bytes(damage)
        assert kept("name", key_of("a"), 0) is None


def test_the_oldest_are_forgotten(folder: Path) -> None:
    for number in range(MOST + 5):
        keep(f"name {number}", key_of("a"), [number])
    assert len(list(folder.glob("*.kept"))) == MOST
    assert sorted(folder.iterdir()) == sorted(folder.glob("*.kept"))


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_a_folder_that_others_can_write_to_is_not_used(folder: Path) -> None:
    folder.chmod(0o777)
    assert cache_folder() is None
    keep("name", key_of("a"), ["value"])
    assert kept("name", key_of("a"), 0) is None
    assert list(folder.iterdir()) == []


def test_a_guideline_read_back_equals_the_compiled_one() -> None:
    sources = [Source("tiny.pathway", TEXT)]
    fresh = compile_sources(sources)
    assert fresh.compiled is not None
    assert compile_unless_kept(sources) == fresh  # compiled and kept
    assert compile_unless_kept(sources) == fresh  # read back
    assert check_sources(sources) == fresh.diagnostics != ()


def test_an_edit_is_seen(folder: Path) -> None:
    assert check_sources([Source("tiny.pathway", TEXT)]) != ()
    wrong = check_sources([Source("tiny.pathway", TEXT + "element\n")])
    assert any(d.severity == "error" for d in wrong)
    assert len(list(folder.glob("*.kept"))) == 1
