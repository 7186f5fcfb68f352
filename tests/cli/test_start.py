"""What `pathway` does before any command runs, and what it needs for that."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pathway_compiler._version import __version__
from pathway_compiler.cli.main import COMMANDS, main
from pathway_compiler.cli.run_command import command_module

SOURCE = Path(__file__).parents[2] / "src"


def python(code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


def imported_by(words: list[str]) -> set[str]:
    """The modules that a command has loaded when it is done."""
    done = python(
        "import sys\n"
        "from pathway_compiler.cli.main import main\n"
        f"main({words!r})\n"
        "print('modules:', *sys.modules)"
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rsplit("modules:", 1)[1].split())


@pytest.mark.parametrize("words", [["--version"], ["--help"]])
def test_nothing_large_is_imported_to_say_who_we_are(words: list[str]) -> None:
    loaded = imported_by(words)
    unwanted = {"lark", "networkx", "jinja2", "pint", "yaml", "importlib.metadata", "argparse"}
    assert not loaded & unwanted
    assert not any(name.startswith("pathway_compiler.driver") for name in loaded)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_imports_no_compiler(command: str) -> None:
    loaded = imported_by([command, "--help"])
    assert not loaded & {"lark", "networkx", "jinja2", "pint", "yaml"}


def test_check_imports_nothing_that_only_others_need() -> None:
    loaded = imported_by(["check", str(Path(__file__).parent / "trial")])
    assert not loaded & {"networkx", "pint", "yaml", "jinja2"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_json(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert f"  pathway {command}" in told.split("examples:")[1] or command == "completion"
    assert "--json" in told
    assert command_module(command).EXAMPLES in told


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pathway {__version__}\n"


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(command in told for command in COMMANDS)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "usage: pathway COMMAND"),
        (["chekc"], "did you mean `check`"),
        (["frobnicate"], "`pathway --help` lists the commands"),
        (["--frobnicate"], "there is no option `--frobnicate` before a command"),
        (["check"], "GUIDELINE"),
        (["check", "a", "--frobnicate"], "--frobnicate"),
        (["completion", "tcsh"], "tcsh"),
    ],
)
def test_bad_usage_is_2_and_goes_to_stderr(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert told in streams.err


def broken(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr("pathway_compiler.cli.run_command.run_command", fail)


def test_a_bug_of_ours_is_one_line_and_70(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken(monkeypatch, RuntimeError("first\nsecond"))
    assert main(["doctor"]) == 70
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "RuntimeError: first" in told
    assert main(["doctor", "--debug"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_interrupted_is_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken(monkeypatch, KeyboardInterrupt())
    assert main(["doctor"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_bug() -> None:
    script = (
        "import sys\n"
        "from pathway_compiler.cli.main import main\n"
        "sys.exit(main(['completion', 'bash']))\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.close()
    said = writer.stderr.read()
    writer.stderr.close()
    assert writer.wait(timeout=60) == 141
    assert said == b""
