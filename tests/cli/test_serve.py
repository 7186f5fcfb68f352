"""`pathway serve`: the address, the news in the terminal, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

Pathway = Any
Started = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def started() -> Iterator[Started]:
    """Starts the command in a process of its own."""
    processes: list[subprocess.Popen[str]] = []

    def start(*words: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "pathway_compiler", "serve", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _get(url: str, path: str) -> str:
    connection = HTTPConnection(url.removeprefix("http://").rstrip("/"), timeout=30)
    connection.request("GET", path)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_where_it_is_and_ends_cleanly(
    guideline: Path, started: Started, way: signal.Signals
) -> None:
    process = started(guideline, "--port", 0)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:")
    end = time.monotonic() + 30
    while json.loads(_get(url, "/api/guideline"))["proof"] != "done":
        assert time.monotonic() < end
        time.sleep(0.1)
    process.send_signal(way)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "")
    assert "everything proved or listed: no findings" in err
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # nobody of its session is left


def test_with_json_the_address_is_data(guideline: Path, started: Started) -> None:
    process = started(guideline, "--port", 0, "--json", "--fast")
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    assert told["format"] == "pathway-serve/1"
    assert "<h1" in _get(told["url"], "/") or "One moment" in _get(told["url"], "/")


def test_an_error_is_told_with_its_place(guideline: Path, started: Started) -> None:
    process = started(guideline, "--port", 0, "--fast")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    assert process.stderr.readline().startswith("shown: ")
    file = guideline / "first.pathway"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("decision ", "decisoin ", 1), encoding="utf-8")
    while (told := process.stderr.readline()).startswith("decisions proved: "):
        pass  # unless the edit was faster than the proof
    line = text[: text.index("decision ")].count("\n") + 1
    assert told.startswith(f"1 error: {file}:{line}:3: ")


def test_a_folder_without_a_guideline_is_refused(pathway: Pathway, tmp_path: Path) -> None:
    done = pathway("serve", tmp_path)
    assert done.code == 3
    assert "no-guideline" in done.err


def test_a_port_that_is_taken_is_told_with_the_way_out(pathway: Pathway, guideline: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = pathway("serve", guideline, "--port", taken.getsockname()[1])
    assert done.code == 2
    assert "another program listens there; --port 0 takes any that is free" in done.err


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_of_this_machine_is_told(
    pathway: Pathway, guideline: Path, host: str
) -> None:
    done = pathway("serve", guideline, "--host", host, "--port", 0)
    assert done.code == 2
    assert f"{host}, port 0: this machine cannot listen there" in done.err


@pytest.mark.parametrize("port", ["-1", "65536", "http", "1.5", ""])
def test_a_port_is_a_number(pathway: Pathway, guideline: Path, port: str) -> None:
    done = pathway("serve", guideline, f"--port={port}")
    assert done.code == 2
    assert "is not a port" in done.err
