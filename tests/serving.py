"""A guideline that is served, for tests: ways to edit it and to ask over a real socket."""

import json
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pathway_compiler.driver import content_hash, read_guideline
from pathway_compiler.serve.preview import Preview
from pathway_compiler.serve.state import State

__all__ = ["EXAMPLE", "PATIENT", "Answer", "Served", "serving"]

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"
PATIENT = (EXAMPLE / "patient.json").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Answer:
    """What came back over the socket."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Served:
    """A guideline while it is served, with the ways to edit it and to ask."""

    preview: Preview
    folder: Path
    complaints: list[str]
    _given: str = field(init=False)
    _number: int = 0
    """The state before the last edit."""

    def __post_init__(self) -> None:
        self._given = self.file.read_text(encoding="utf-8")

    @property
    def file(self) -> Path:
        return self.folder / "bone.pathway"

    @property
    def host(self) -> str:
        return urlsplit(self.preview.url).netloc

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self._number = self.preview.board.state.number
        self.file.write_text(text.replace(old, new), encoding="utf-8")

    def mend(self) -> None:
        """The text as it was at first."""
        if self.file.read_text(encoding="utf-8") == self._given:
            return
        self._number = self.preview.board.state.number
        self.file.write_text(self._given, encoding="utf-8")

    def until(self, good: Callable[[State], bool]) -> State:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            state = self.preview.board.state
            if good(state):
                return state
            time.sleep(0.01)
        raise AssertionError(f"still {self.preview.board.state}")

    def until_shown(self) -> State:
        """The first state of the text as it is; not one in which an earlier text was proved."""
        return self.until(lambda s: s.number > self._number and (s.stale or self._is_of_text(s)))

    def until_proved(self) -> State:
        """The state in which everything about the text as it is was proved."""
        return self.until(lambda s: s.proving == "done" and self._is_of_text(s))

    def _is_of_text(self, state: State) -> bool:
        sources, unreadable = read_guideline(self.folder)
        if unreadable or state.stale or state.shown is None:
            return False
        return state.shown.compiled.guideline.content_hash == content_hash(sources)

    def ask(
        self, method: str, path: str, body: bytes | str | None = None, **headers: str
    ) -> Answer:
        """One request over a real socket; `_` in the name of a header is `-`."""
        connection = HTTPConnection(self.host, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            content = body.encode() if isinstance(body, str) else body
            connection.request(method, path, content, named)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def run(self, patient: str | bytes = PATIENT, query: str = "") -> Answer:
        return self.ask("POST", f"/api/run{query}", patient, Content_Type="application/json")

    def raw(self, request: bytes) -> bytes:
        """What comes back for bytes that no library would send."""
        host, port = self.host.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)


def serving(place: Path) -> Iterator[Served]:
    """The example of the README, served from a copy in this folder until the generator is closed.

    It is there when its site is; the proof goes on.
    """
    folder = place / "guideline"
    shutil.copytree(EXAMPLE, folder)
    complaints: list[str] = []
    with Preview(folder, port=0, complain=complaints.append) as preview:
        found = Served(preview, folder, complaints)
        found.until(lambda state: state.shown is not None)
        yield found
    assert complaints == []
