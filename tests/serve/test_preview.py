"""The preview as a whole: what it shows as files change, and that nothing is left of it."""

import gc
import http.client
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pathway_compiler.serve import proving
from pathway_compiler.serve.preview import Preview, Told
from pathway_compiler.serve.state import State
from serving import EXAMPLE, Served


def _children() -> set[str]:
    """The processes that this one has started and that still run."""
    found = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "args="],
        capture_output=True,
        text=True,
        check=False,
    )
    return {line for line in found.stdout.splitlines() if "proof_process" in line}


def test_a_saved_file_shows_and_everything_is_proved_again(served: Served) -> None:
    served.edit("A year of monthly treatment?", "Treated for a year?")
    state = served.until_proved()
    assert "Treated for a year?" in served.get("/pathways/bone.html").text
    assert state.runnable


def test_the_last_good_page_stays_while_the_text_has_errors(served: Served) -> None:
    before = served.get("/pathways/bone.html")
    served.edit("12 months", "12 moths")
    served.until(lambda state: state.stale)
    after = served.get("/pathways/bone.html")
    assert (after.body, after.headers["ETag"]) == (before.body, before.headers["ETag"])


def test_a_guideline_that_is_broken_at_the_start_is_served_as_its_errors(tmp_path: Path) -> None:
    (tmp_path / "broken.pathway").write_text("guideline broken:\n", encoding="utf-8")
    with Preview(tmp_path, port=0) as preview:
        served = _started(preview, lambda state: state.stale)
        page = served.request("/pathways/whatever.html")
        assert "Nothing to show yet" in page
        assert '<script src="/-/preview.js" data-tag=""' in page
        assert '"status": "broken"' in served.request("/api/guideline")
        (tmp_path / "broken.pathway").write_text(
            (EXAMPLE / "bone.pathway").read_text(encoding="utf-8"), encoding="utf-8"
        )
        served = _started(preview, lambda state: state.shown is not None)
        assert "Bone metastases" in served.request("/")


class _Started:
    def __init__(self, preview: Preview) -> None:
        self._url = preview.url

    def request(self, path: str) -> str:
        host = self._url.removeprefix("http://").rstrip("/")
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.request("GET", path)
        text = connection.getresponse().read().decode()
        connection.close()
        return text


def _started(preview: Preview, good: Callable[[State], bool]) -> _Started:
    end = time.monotonic() + 30
    while not good(preview.board.state):
        assert time.monotonic() < end
        time.sleep(0.01)
    return _Started(preview)


def test_a_pathway_that_is_renamed_has_its_page_under_the_new_name(served: Served) -> None:
    served.edit("pathway bone ", "pathway skeleton ")
    served.until_proved()
    assert served.get("/pathways/bone.html").status == 404
    assert served.get("/pathways/skeleton.html").status == 200


def test_the_guideline_is_moved_away_and_comes_back(served: Served, tmp_path: Path) -> None:
    served.folder.rename(tmp_path / "elsewhere")
    served.until(lambda state: state.stale)
    assert served.get("/pathways/bone.html").status == 200
    (tmp_path / "elsewhere").rename(served.folder)
    served.until(lambda state: not state.stale)
    served.edit("A year of monthly treatment?", "Treated for a year?")
    served.until_proved()
    assert "Treated for a year?" in served.get("/pathways/bone.html").text


def test_saves_in_quick_succession_end_with_the_last_one(served: Served) -> None:
    for number in range(12):
        served.mend()
        served.edit("A year of monthly treatment?", f"Question {number}?")
        time.sleep(0.03)
    served.until_proved()
    assert "Question 11?" in served.get("/pathways/bone.html").text


def test_a_proof_that_the_next_edit_overtakes_is_ended(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "QUIET_SECONDS", 0.0)
    for number in range(4):
        served.mend()
        served.edit("12 months", f"{number + 3} months")
        served.until_shown()
    served.until_proved()
    assert len(_children()) == 1  # the one that waits for the next text


def test_a_process_that_dies_is_told_and_the_next_edit_is_proved(
    served: Served,
) -> None:
    served.until_proved()
    spare = served.preview._prover._spare
    assert spare is not None
    spare.kill()
    served.edit("12 months", "11 months")
    served.until(lambda state: state.proving == "failed")
    served.mend()
    assert served.until_proved().runnable


def test_the_terminal_hears_of_each_state(tmp_path: Path) -> None:
    told: list[Told] = []
    file = tmp_path / "bone.pathway"
    file.write_text((EXAMPLE / "bone.pathway").read_text(encoding="utf-8"), encoding="utf-8")
    with Preview(tmp_path, port=0, told=told.append) as preview:
        _started(preview, lambda state: state.proving == "done")
    assert [news.state.proving for news in told] == ["decisions", "everything", "done"]
    assert told[0].changed > 10
    assert told[1].changed == 0


def test_a_bug_of_ours_is_told_and_the_next_save_is_shown(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("so it goes")

    with monkeypatch.context() as broken:
        broken.setattr("pathway_compiler.serve.rebuild.write_site", fails)
        served.edit("12 months", "11 months")
        end = time.monotonic() + 30
        while not served.complaints:
            assert time.monotonic() < end
            time.sleep(0.01)
    assert "a bug of ours" in served.complaints.pop()
    served.edit("11 months", "10 months")
    assert served.until_proved().runnable


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "bone.pathway").write_text(
        (EXAMPLE / "bone.pathway").read_text(encoding="utf-8"), encoding="utf-8"
    )
    threads = set(threading.enumerate())
    for _ in range(3):
        with Preview(tmp_path, port=0) as preview:
            served = _started(preview, lambda state: state.shown is not None)
            waiting = http.client.HTTPConnection(preview.url.split("/")[2], timeout=30)
            waiting.request("GET", "/-/events")
            stream = waiting.getresponse()
            served.request("/")
            folder = Path(preview._folder.name)
            assert folder.is_dir()
        assert not folder.exists()
        stream.read()  # the stream has ended
        waiting.close()
    assert set(threading.enumerate()) == threads
    assert _children() == set()
    assert gc.isenabled()


def test_a_port_that_is_taken_is_an_error_of_the_system_and_leaves_nothing(served: Served) -> None:
    port = int(served.host.split(":")[1])
    folders = Path(served.preview._folder.name).parent
    before = set(folders.glob("pathway-preview-*"))
    with pytest.raises(OSError, match="in use"):
        Preview(served.folder, port=port)
    assert set(folders.glob("pathway-preview-*")) == before


def test_it_listens_where_it_is_told(served: Served) -> None:
    for host in ("localhost", "0.0.0.0", "::1"):
        with Preview(served.folder, host=host, port=0) as preview:
            _started(preview, lambda state: state.shown is not None)
            assert "Bone metastases" in _Started(preview).request("/")
