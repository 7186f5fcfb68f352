"""Changes of real files are noticed, whatever the way in which they are made."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread

import pytest

from pathway_compiler.serve import watching
from pathway_compiler.serve.watching import signature, watch

Changed = Callable[[], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "guideline"
    made.mkdir()
    (made / "a.pathway").write_text("a", encoding="utf-8")
    return made


@pytest.fixture
def watched(folder: Path) -> Iterator[Changed]:
    """Waits for the next change that is told; fails when there is none."""
    yield from _watching(folder)


def _watching(path: Path) -> Iterator[Changed]:
    told: SimpleQueue[None] = SimpleQueue()
    stop = Event()
    thread = Thread(target=watch, args=(path, lambda: told.put(None), stop))
    thread.start()

    def changed() -> None:
        told.get(timeout=10)

    changed()  # the first look
    changed.nothing_more = lambda: _is_empty(told)  # type: ignore[attr-defined]
    yield changed
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()


def _is_empty(told: "SimpleQueue[None]") -> bool:
    try:
        told.get(timeout=0.6)
    except Empty:
        return True
    return False


def test_a_saved_file(folder: Path, watched: Changed) -> None:
    (folder / "a.pathway").write_text("b", encoding="utf-8")
    watched()


def test_a_file_saved_by_renaming_another_one_onto_it(folder: Path, watched: Changed) -> None:
    for text in ("first", "other"):
        (folder / ".a.pathway.swp").write_text(text, encoding="utf-8")
        os.replace(folder / ".a.pathway.swp", folder / "a.pathway")
        watched()


def test_a_file_that_is_renamed_and_one_that_is_deleted(folder: Path, watched: Changed) -> None:
    (folder / "a.pathway").rename(folder / "b.pathway")
    watched()
    (folder / "b.pathway").unlink()
    watched()


def test_a_file_in_a_new_folder_and_then_a_change_of_it(folder: Path, watched: Changed) -> None:
    (folder / "new" / "deeper").mkdir(parents=True)
    (folder / "new" / "deeper" / "b.pathway").write_text("b", encoding="utf-8")
    watched()
    (folder / "new" / "deeper" / "b.pathway").write_text("more", encoding="utf-8")
    watched()


def test_a_folder_with_files_that_is_moved_in(
    folder: Path, watched: Changed, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "b.pathway").write_text("b", encoding="utf-8")
    (tmp_path / "outside").rename(folder / "inside")
    watched()
    shutil.rmtree(folder / "inside")
    watched()


def test_the_whole_guideline_is_removed_and_made_again(folder: Path, watched: Changed) -> None:
    shutil.rmtree(folder)
    watched()
    for text in ("again", "and again"):
        folder.mkdir(exist_ok=True)
        (folder / "a.pathway").write_text(text, encoding="utf-8")
        watched()


def test_files_that_are_no_part_of_the_guideline_are_passed_over(
    folder: Path, watched: Changed
) -> None:
    (folder / "patient.json").write_text("{}", encoding="utf-8")
    (folder / "a.pathway~").write_text("{}", encoding="utf-8")
    assert watched.nothing_more()  # type: ignore[attr-defined]


def test_several_files_saved_at_once_are_one_change(folder: Path, watched: Changed) -> None:
    for number in range(20):
        (folder / f"{number}.pathway").write_text("x", encoding="utf-8")
    watched()
    assert watched.nothing_more()  # type: ignore[attr-defined]


def test_a_single_file_is_watched_without_the_folders_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "only.pathway"
    file.write_text("a", encoding="utf-8")
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "b.pathway").write_text("b", encoding="utf-8")
    assert [entry[0] for entry in signature(file)] == [str(file)]
    for changed in _watching(file):
        file.write_text("more", encoding="utf-8")
        changed()
        file.unlink()
        changed()
        file.write_text("again", encoding="utf-8")
        changed()


def test_one_file_of_several_stands_for_its_folder(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "c.pathway").write_text("c", encoding="utf-8")
    (folder / "b.pathway").write_text("b", encoding="utf-8")
    assert len(signature(folder / "a.pathway")) == 3


def test_changes_are_found_by_looking_where_the_system_tells_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_watches_left(*_: object, **__: object) -> Iterator[None]:
        raise OSError("OS file watch limit reached")
        yield

    monkeypatch.setattr("watchfiles.watch", no_watches_left)
    monkeypatch.setattr(watching, "LOOK_EVERY_MS", 50)
    for changed in _watching(folder):
        (folder / "a.pathway").write_text("more", encoding="utf-8")
        changed()
