"""The guide for authors is gone through from top to bottom: commands, edits, and what is seen."""

import json
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "authoring.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.S | re.M)


class Reader:
    """Somebody who does what the guide says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = ""
        self.process: subprocess.Popen[str] | None = None
        self.url = ""

    def _command(self, line: str) -> list[str]:
        program, *words = shlex.split(line)
        assert program == "pathway"
        return [sys.executable, "-m", "pathway_compiler", *words]

    def sh(self, block: str) -> None:
        """Commands that end."""
        self.output = ""
        for line in block.splitlines():
            done = subprocess.run(
                self._command(line), cwd=self.folder, capture_output=True, text=True, check=False
            )
            assert done.returncode in (0, 1), done.stderr
            self.output += done.stdout

    def text(self, block: str) -> None:
        assert self.output == block

    def contains(self, block: str) -> None:
        assert block.strip() in self.output

    def serve(self, block: str) -> None:
        """The preview, at a free port and without a browser; those of the guide are accepted."""
        from pathway_compiler.cli.run_command import command_parser

        words = shlex.split(block)[2:]
        command_parser("serve").parse_args(words)
        words = [word for word in words if word != "--open"]
        self.process = subprocess.Popen(
            [*self._command("pathway serve"), *words, "--port", "0"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def terminal(self, block: str) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        first, *rest = block.splitlines()
        self.url = self.process.stdout.readline().strip()
        assert re.sub(r":\d+/", ":8000/", self.url) == first
        for line in rest:
            pattern = re.escape(line).replace("…", r"[\d.]+")
            assert re.fullmatch(pattern, self.process.stderr.readline().strip()), line

    def diff(self, block: str) -> None:
        """An edit: lines that go, and lines that come in their place; at the end when none goes."""
        head, *lines = block.splitlines()
        file = self.folder / head.removeprefix("--- ")
        assert {line[:1] for line in lines} <= {"-", "+"}
        old = "".join(f"{line[1:]}\n" for line in lines if line.startswith("-"))
        new = "".join(f"{line[1:]}\n" for line in lines if line.startswith("+"))
        text = file.read_text(encoding="utf-8")
        if old:
            at = text.rindex(old)
            file.write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8")
        else:
            file.write_text(text + new, encoding="utf-8")

    def panel(self, block: str) -> None:
        """What the page says about errors; the page itself is looked at in tests/serve."""
        code = block.splitlines()[1].partition(":")[0]

        def is_told(state: Any) -> bool:
            return [found["code"] for found in state["findings"]["diagnostics"]] == [code]

        state = self._state(is_told)
        (found,) = state["findings"]["diagnostics"]
        (line,) = found["excerpt"]
        start = found["place"]["start"]
        told = [
            "1 error in the text" if state["status"] == "broken" else "1 error, found by the proof",
            f"{found['code']}: {found['message']}",
            f"{Path(found['place']['file']).name} line {start['line']}, column {start['column']}",
            line["before"] + line["marked"] + line["after"],
            " " * len(line["before"]) + "^" * len(line["marked"]),
        ]
        shown = block.splitlines()
        assert shown[: len(told)] == told, "\n".join(told)
        assert shown[len(told) :] in ([f"Help: {found['help']}"], [])

    def run(self, block: str) -> None:
        words = shlex.split(block.replace("\\\n", " "))
        assert words[:3] == ["curl", "-H", "Content-Type: application/json"]
        patient = self.folder / words[words.index("--data") + 1].removeprefix("@")
        path = urlsplit(words[-1]).path
        status, data = self._ask("POST", path, patient.read_text(encoding="utf-8"))
        assert status == 200
        self.sh(f"pathway run sore_throat {patient} --json")
        assert data == json.loads(self.output)

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, Any]:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        data = json.loads(response.read())
        connection.close()
        return response.status, data

    def _state(self, good: Callable[[Any], bool]) -> Any:
        end = time.monotonic() + 60
        while True:
            _, state = self._ask("GET", "/api/guideline")
            if good(state):
                return state
            assert time.monotonic() < end, state
            time.sleep(0.05)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    monkeypatch.setenv("PATHWAY_CACHE_DIR", str(tmp_path / "cache"))
    found = Reader(tmp_path)
    yield found
    if found.process is not None:
        found.process.terminate()
        found.process.communicate(timeout=30)
        assert found.process.returncode == 0


def test_all_that_the_guide_shows_happens(reader: Reader) -> None:
    kinds = {kind for kind, _ in BLOCKS}
    assert kinds == {
        "shell", "sh", "text", "contains", "serve", "terminal", "diff", "panel", "run",
    }  # fmt: skip
    for kind, block in BLOCKS:
        if kind != "shell":  # installing: tests/packaging
            getattr(reader, kind)(block)


def test_every_link_of_the_guide_leads_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)", GUIDE.read_text(encoding="utf-8")):
        assert (GUIDE.parent / link).exists(), link
