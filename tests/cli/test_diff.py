"""`pathway diff`: two folders, or two revisions of one."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pathway_compiler.resources import json_schema

Pathway = Any


@pytest.fixture
def old(guideline: Path, tmp_path: Path) -> Path:
    """A second copy of the guideline, as it was."""
    return Path(shutil.copytree(guideline, tmp_path / "old"))


def edit(folder: Path, file: str, before: str, after: str) -> None:
    path = folder / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_two_equal_folders_are_equivalent(pathway: Pathway, old: Path, guideline: Path) -> None:
    done = pathway("diff", old, guideline)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Equivalent: every patient is told the same.\n")


def test_other_words_alone_are_no_finding(pathway: Pathway, old: Path, guideline: Path) -> None:
    edit(guideline, "first.pathway", '"Example treatment"', '"First line"')
    done = pathway("diff", old, guideline)
    assert done.code == 0
    assert done.out.startswith("Text only")
    assert "label: Example treatment → First line" in done.out


def test_a_changed_route_shows_who_moves(pathway: Pathway, old: Path, guideline: Path) -> None:
    swapped = (guideline / "first.pathway").read_text()
    swapped = swapped.replace("when not fit", "when FIT").replace("when fit", "when not fit")
    (guideline / "first.pathway").write_text(swapped.replace("when FIT", "when fit"))
    done = pathway("diff", old, guideline)
    assert done.code == 1
    assert done.out.startswith("The meaning changed.")
    assert "Who gets something else" in done.out
    assert "for example Fit" in done.out
    fast = pathway("diff", old, guideline, "--fast")
    assert fast.code == 1
    assert fast.out.startswith("Undecided")
    assert "not compared" in fast.out


def test_json_fits_the_schema(pathway: Pathway, old: Path, guideline: Path) -> None:
    import json

    edit(guideline, "statements.pathway", "lines 1-2\n  kind recommend", "lines 1-2\n  kind option")
    done = pathway("diff", old, guideline, "--json")
    assert done.code == 1
    assert done.data["verdict"] == "meaning changed"
    assert list(Draft202012Validator(json.loads(json_schema("diff"))).iter_errors(done.data)) == []


def test_the_changelog_is_written(
    pathway: Pathway, old: Path, guideline: Path, tmp_path: Path
) -> None:
    edit(guideline, "statements.pathway", "lines 1-2\n  kind recommend", "lines 1-2\n  kind option")
    done = pathway("diff", old, guideline, "--changelog", "-")
    assert done.out.startswith("## ")
    file = tmp_path / "CHANGES.md"
    beside = pathway("diff", old, guideline, "--changelog", file)
    assert file.read_text() == done.out
    assert beside.out.startswith("The meaning changed.")
    assert pathway("diff", old, guideline, "--changelog", "-", "--json").code == 2


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["{old}"],
        ["{old}", "{old}", "{old}"],
        ["{old}", "--to", "HEAD"],
        ["{old}", "{old}", "--from", "HEAD"],
    ],
)
def test_wrong_words_are_told(pathway: Pathway, old: Path, words: list[str]) -> None:
    assert pathway("diff", *(word.format(old=old) for word in words)).code == 2


def test_a_side_that_does_not_compile_is_told(pathway: Pathway, old: Path, guideline: Path) -> None:
    (guideline / "wrong.pathway").write_text("pathway ???\n")
    for pair in ((old, guideline), (guideline, old)):
        done = pathway("diff", *pair)
        assert (done.code, done.out) == (1, "")
        assert "wrong.pathway" in done.err
        assert str(guideline) in done.err
    assert pathway("diff", old, guideline / "nowhere").code == 3


def test_hostile_words_do_nothing_to_the_terminal(
    pathway: Pathway, old: Path, guideline: Path
) -> None:
    edit(guideline, "first.pathway", '"Example treatment"', '"\x1b[31mred\u202e"')
    done = pathway("diff", old, guideline)
    assert not {"\x1b", "\u202e"} & set(done.out)


# --- revisions ---------------------------------------------------------------------------------------------


class Repository:
    """A repository of git that holds the guideline."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *words: str) -> None:
        identity = (
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@b.example",
            "-c",
            "commit.gpgsign=false",
        )
        subprocess.run(["git", "-C", str(self.folder), *identity, *words], check=True, timeout=60)

    def commit(self, tag: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", tag)
        self.git("tag", tag)


@pytest.fixture
def repository(guideline: Path) -> Repository:
    """Two revisions: `one`, and `two` in which a label and a statement changed."""
    made = Repository(guideline.parent)
    made.commit("one")
    edit(guideline, "first.pathway", '"Example treatment"', '"First line"')
    edit(guideline, "statements.pathway", "lines 1-2\n  kind recommend", "lines 1-2\n  kind option")
    made.commit("two")
    return made


def test_revisions_are_compared(pathway: Pathway, repository: Repository, guideline: Path) -> None:
    before = sorted(repository.folder.rglob("*"))
    done = pathway("diff", guideline, "--from", "one", "--to", "two")
    assert done.code == 1
    assert "kind: recommend → option" in done.out
    assert pathway("diff", guideline, "--from", "two~1", "--to", "one").code == 0
    assert pathway("diff", guideline, "--from", "two").code == 0, "the files are those of `two`"
    assert (
        pathway("diff", guideline, "--from", "one").out.split("new")[0] == done.out.split("new")[0]
    )
    assert sorted(repository.folder.rglob("*")) == before, "nothing is checked out"


def test_files_as_they_are_are_new(
    pathway: Pathway, repository: Repository, guideline: Path
) -> None:
    edit(guideline, "first.pathway", '"First line"', '"First of all"')
    done = pathway("diff", guideline, "--from", "two")
    assert done.code == 0
    assert "label: First line → First of all" in done.out


def test_one_file_stands_for_its_folder(
    pathway: Pathway, repository: Repository, guideline: Path
) -> None:
    done = pathway("diff", guideline / "first.pathway", "--from", "one", "--to", "two")
    assert "kind: recommend → option" in done.out


def test_a_folder_that_is_gone_is_read_from_its_revisions(
    pathway: Pathway, repository: Repository, guideline: Path
) -> None:
    shutil.rmtree(guideline)
    assert pathway("diff", guideline, "--from", "one", "--to", "two").code == 1
    assert pathway("diff", guideline, "--from", "one").code == 3


def test_a_folder_within_the_working_directory(
    pathway: Pathway, repository: Repository, guideline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(guideline)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert pathway("diff", ".", "--from", "one", "--to", "two").code == 1


def test_links_in_a_revision_are_not_followed(
    pathway: Pathway, repository: Repository, guideline: Path
) -> None:
    (guideline / "link.pathway").symlink_to("/etc/passwd")
    repository.commit("three")
    (guideline / "link.pathway").unlink()
    assert pathway("diff", guideline, "--from", "three").code == 0


@pytest.mark.parametrize(
    ("revision", "code", "told"),
    [
        ("nowhere", 2, "there is no revision `nowhere`"),
        ("--output=evil", 2, "is no revision"),
        ("", 2, "is no revision"),
        ("one; touch evil", 2, "there is no revision"),
        ("$(touch evil)", 2, "there is no revision"),
        ("one:trial", 2, "there is no revision"),
    ],
)
def test_a_revision_that_is_none(
    pathway: Pathway,
    repository: Repository,
    guideline: Path,
    monkeypatch: pytest.MonkeyPatch,
    revision: str,
    code: int,
    told: str,
) -> None:
    monkeypatch.chdir(repository.folder)
    done = pathway("diff", guideline, f"--from={revision}")
    assert (done.code, done.out) == (code, "")
    assert told in done.err
    assert not list(repository.folder.glob("evil*"))


def test_a_revision_without_the_guideline(
    pathway: Pathway, repository: Repository, guideline: Path
) -> None:
    later = guideline.parent / "later"
    later.mkdir()
    (later / "g.pathway").write_text('guideline g "G":\n  version "1"\n')
    done = pathway("diff", later, "--from", "two")
    assert done.code == 3
    assert "has no `.pathway` file at revision `two`" in done.err


def test_a_revision_that_does_not_compile(
    pathway: Pathway, repository: Repository, guideline: Path
) -> None:
    wrong = guideline / "wrong.pathway"
    wrong.write_text("pathway ???\n")
    repository.commit("wrong")
    wrong.unlink()
    done = pathway("diff", guideline, "--from", "wrong")
    assert (done.code, done.out) == (1, "")
    assert "wrong:wrong.pathway" in done.err
    assert "revision `wrong` has" in done.err


def test_a_file_that_is_no_text(pathway: Pathway, repository: Repository, guideline: Path) -> None:
    (guideline / "bytes.pathway").write_bytes(b"\xff\xfe\x00")
    repository.commit("bytes")
    done = pathway("diff", guideline, "--from", "bytes")
    assert done.code == 3
    assert "is not UTF-8 text" in done.err


def test_a_folder_outside_of_git(pathway: Pathway, guideline: Path) -> None:
    done = pathway("diff", guideline, "--from", "one")
    assert done.code == 2
    assert "in no git repository" in done.err


def test_git_that_is_not_there(
    pathway: Pathway, guideline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    done = pathway("diff", guideline, "--from", "one")
    assert done.code == 2
    assert "needs git" in done.err
