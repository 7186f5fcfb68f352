"""From the files to the next state."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pathway_compiler.driver import compile_sources
from pathway_compiler.serve import rebuild
from pathway_compiler.serve.proving import Decided, Failed, Proved, news_about
from pathway_compiler.serve.rebuild import Rebuilder
from pathway_compiler.serve.state import NOTHING, State

EXAMPLE = Path(__file__).parents[3] / "docs" / "example"


@pytest.fixture
def guideline(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "example")
    return tmp_path / "example"


@pytest.fixture
def rebuilder(guideline: Path, tmp_path: Path) -> Rebuilder:
    return Rebuilder(guideline, tmp_path / "site")


def _edit(guideline: Path, old: str, new: str) -> None:
    file = guideline / "bone.pathway"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def _proved(rebuilder: Rebuilder, state: State) -> State:
    assert rebuilder.sources is not None
    for news in news_about(rebuilder.sources, thoroughly=True):
        state = rebuilder.after_news(news, state).state
    return state


def _page(state: State, name: str = "pathways/bone.html") -> str:
    assert state.shown is not None
    return state.shown.pages[name].content.decode()


def test_the_site_is_there_before_anything_is_proved(rebuilder: Rebuilder) -> None:
    step = rebuilder.after_change(NOTHING)
    assert step.text_changed
    assert step.to_prove
    assert (step.state.proving, step.state.runnable) == ("decisions", False)
    assert "A year of monthly treatment?" in _page(step.state)


def test_an_edit_changes_its_page_and_leaves_the_others_the_very_same(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    before = rebuilder.after_change(NOTHING).state
    _edit(guideline, "A year of monthly treatment?", "Treated for a year?")
    step = rebuilder.after_change(before)
    assert "Treated for a year?" in _page(step.state)
    assert before.shown is not None
    assert step.state.shown is not None
    same = "static/site.css"
    assert step.state.shown.pages[same] is before.shown.pages[same]
    assert 0 < step.changed < len(step.state.shown.pages)


def test_what_was_written_without_a_change_of_text_is_no_new_state(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    before = rebuilder.after_change(NOTHING).state
    (guideline / "bone.pathway").touch()
    assert rebuilder.after_change(before).state is before


def test_an_error_keeps_the_last_good_site_and_says_so(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    good = rebuilder.after_change(NOTHING).state
    _edit(guideline, "12 months", "12 moths")
    broken = rebuilder.after_change(good).state
    assert broken.stale
    assert not broken.runnable
    assert broken.shown is good.shown
    assert [d.span.text for d in broken.findings if d.severity == "error"] == ["moths"] * 2
    _edit(guideline, "12 moths", "12 months")
    mended = rebuilder.after_change(broken).state
    assert not mended.stale
    assert mended.findings == ()


def test_a_guideline_that_is_broken_at_the_start_shows_nothing(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    _edit(guideline, "12 months", "12 moths")
    state = rebuilder.after_change(NOTHING).state
    assert state.stale
    assert state.shown is None


def test_files_that_cannot_be_read_are_an_error_until_they_can(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    good = rebuilder.after_change(NOTHING).state
    text = (guideline / "bone.pathway").read_bytes()
    (guideline / "bone.pathway").unlink()
    gone = rebuilder.after_change(good).state
    assert [d.code for d in gone.findings] == ["no-guideline"]
    assert gone.shown is good.shown
    assert rebuilder.after_change(gone).state is gone
    (guideline / "bone.pathway").write_bytes(b"\xff\xfe")
    unreadable = rebuilder.after_change(gone).state
    assert [d.code for d in unreadable.findings] == ["unreadable-file"]
    (guideline / "bone.pathway").write_bytes(text)
    assert not rebuilder.after_change(unreadable).state.stale


def test_new_files_and_folders_belong_to_the_guideline(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    before = rebuilder.after_change(NOTHING).state
    _edit(guideline, "  grading uspstf\n\n", "  grading uspstf\n  entry bone\n\n")
    (guideline / "more").mkdir()
    (guideline / "more" / "liver.pathway").write_text(
        'pathway liver "Liver metastases":\n  end nothing "Nothing yet"\n', encoding="utf-8"
    )
    after = rebuilder.after_change(before).state
    assert "Liver metastases" in _page(after, "pathways/liver.html")


def test_of_the_files_that_are_gone_nothing_is_remembered(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    state = NOTHING
    for number in range(5):
        _edit(guideline, 'version "1', f'version "1{number}')
        state = rebuilder.after_change(state).state
    assert len(rebuilder._parses._kept) == 1


def test_the_proof_makes_the_guideline_runnable_and_brings_the_pages_of_its_cases(
    rebuilder: Rebuilder,
) -> None:
    state = rebuilder.after_change(NOTHING).state
    assert state.shown is not None
    assert "cases.html" not in state.shown.pages
    state = _proved(rebuilder, state)
    assert (state.proving, state.runnable, state.findings) == ("done", True, ())
    assert "Twelve months to the day" in _page(state, "cases.html")


def test_with_the_decisions_alone_the_proof_ends_there(guideline: Path, tmp_path: Path) -> None:
    rebuilder = Rebuilder(guideline, tmp_path / "site", thoroughly=False)
    state = rebuilder.after_change(NOTHING).state
    assert rebuilder.sources is not None
    (news,) = news_about(rebuilder.sources, thoroughly=False)
    state = rebuilder.after_news(news, state).state
    assert (state.proving, state.runnable) == ("decided", True)


def test_what_earlier_cases_came_to_stays_on_the_pages_while_an_edit_is_proved(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    state = _proved(rebuilder, rebuilder.after_change(NOTHING).state)
    _edit(guideline, "Every month, as before", "Each month")
    state = rebuilder.after_change(state).state
    assert "Twelve months to the day" in _page(state, "cases.html")


UNCOVERED = ('    otherwise "Not yet" -> monthly', '    when months_monthly_antiresorptive < 11 months "No" -> monthly')  # fmt: skip


def test_a_gap_is_an_error_over_the_text_as_it_is_and_the_drawing_shows_it(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    _edit(guideline, *UNCOVERED)
    assumed = rebuilder.after_change(NOTHING).state
    assert "Not covered" not in _page(assumed)
    state = _proved(rebuilder, assumed)
    assert [d.code for d in state.findings if d.severity == "error"] == ["decision-gap"]
    assert (state.stale, state.runnable) == (False, False)
    assert "Not covered" in _page(state)


def test_a_gap_that_is_known_is_drawn_at_once_after_the_next_edit(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    _edit(guideline, *UNCOVERED)
    state = _proved(rebuilder, rebuilder.after_change(NOTHING).state)
    _edit(guideline, "A year of monthly treatment?", "Treated for a year?")
    assert "Not covered" in _page(rebuilder.after_change(state).state)


def test_news_about_another_text_change_nothing(rebuilder: Rebuilder) -> None:
    state = rebuilder.after_change(NOTHING).state
    for news in (Decided("other", (), {}, True), Proved("other", (), None)):
        assert rebuilder.after_news(news, state).state is state
    assert rebuilder.after_news(Failed(), replace(state, stale=True)).state.stale


def test_a_proof_that_came_to_grief_is_told(rebuilder: Rebuilder) -> None:
    state = rebuilder.after_change(NOTHING).state
    assert rebuilder.after_news(Failed(), state).state.proving == "failed"


def test_the_numbers_of_states_grow(rebuilder: Rebuilder, guideline: Path) -> None:
    first = rebuilder.after_change(NOTHING).state
    _edit(guideline, "12 months", "12 moths")
    second = rebuilder.after_change(first).state
    assert NOTHING.number < first.number < second.number


def test_after_a_site_that_was_only_half_written_all_of_it_is_written_anew(
    rebuilder: Rebuilder, guideline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = rebuilder.after_change(NOTHING).state
    _edit(guideline, "A year of monthly treatment?", "Treated for a year?")
    with monkeypatch.context() as broken:

        def fails(*_: object) -> None:
            raise OSError("no room")

        broken.setattr(rebuild, "write_site", fails)
        with pytest.raises(OSError, match="no room"):
            rebuilder.after_change(state)
    _edit(guideline, "Treated for a year?", "A year of treatment?")
    after = rebuilder.after_change(state)
    assert after.state.shown is not None
    assert after.changed == len(after.state.shown.pages)


def test_warnings_that_the_author_accepts_are_not_told_before_the_proof_either(
    rebuilder: Rebuilder, guideline: Path
) -> None:
    _edit(
        guideline,
        "statement longer_interval ",
        'statement idle "Nobody needs this":\n  section "x"\n  kind recommend\n  accept unused "as an example"\n\n'
        "statement longer_interval ",
    )
    state = rebuilder.after_change(NOTHING).state
    assert rebuilder.sources is not None
    assert state.findings == compile_sources(rebuilder.sources).diagnostics
