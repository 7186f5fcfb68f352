"""Running commands in this process, and a guideline to run them on."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pathway_compiler.cli.main import main


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Pathway = Callable[..., Done]


@pytest.fixture
def pathway(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pathway:
    """Run `pathway` with these words."""
    for name in ("NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: object) -> Done:
        capsys.readouterr()
        code = main([str(word) for word in words])
        streams = capsys.readouterr()
        return Done(code, streams.out, streams.err)

    return run


@pytest.fixture
def guideline(tmp_path: Path) -> Path:
    """A copy of a small guideline: who is fit is treated, who is not is supported."""
    folder = tmp_path / "trial"
    shutil.copytree(Path(__file__).parent / "trial", folder)
    return folder


@pytest.fixture
def patient(guideline: Path) -> Path:
    """Its patient: fit, without contraindications, on 2026-01-15."""
    return guideline / "patients" / "example.json"
