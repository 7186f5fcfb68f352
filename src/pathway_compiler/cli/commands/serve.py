"""`pathway serve`: the guideline as a site that follows the author's files."""

import argparse
import errno
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop, counted
from pathway_compiler.cli.inputs import add_guideline

if TYPE_CHECKING:
    from pathway_compiler.serve.preview import Preview, Told

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway serve pathways/seom_abc_2018 --open
  pathway serve pathways/seom_abc_2018 --port 8080 --fast
  curl -H 'Content-Type: application/json' --data @patient.json http://127.0.0.1:8000/api/run

Every save of a file shows on the open pages; errors are shown over the last version without them.
Only this machine reaches the preview, unless --host says otherwise. Control-C ends it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="127.0.0.1 unless given"
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=8000,
        metavar="N",
        help="8000 unless given; 0: any that is free",
    )
    parser.add_argument("--open", action="store_true", help="open the front page in a browser")
    parser.add_argument(
        "--fast",
        action="store_true",
        help="leave out the proof and the cases, which run beside",
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"`{text}` is not a port: a number up to 65535")
    return int(text)


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.driver import read_guideline
    from pathway_compiler.render.layout import LayoutUnavailable, best_engine
    from pathway_compiler.serve.preview import Preview

    path = Path(arguments.guideline)
    _, unreadable = read_guideline(path)
    if unreadable:
        console.complain(unreadable)
        raise Stop(3)
    try:
        best_engine()
    except LayoutUnavailable as error:
        raise Stop(1, f"{error}\n`pathway doctor` looks for what is missing") from None
    try:
        preview = Preview(
            path,
            host=arguments.host,
            port=arguments.port,
            told=lambda news: _tell(news, console),
            complain=lambda message: console.note(f"pathway serve: {message}"),
            thoroughly=not arguments.fast,
        )
    except OSError as error:
        raise Stop(2, _why_not(error, arguments)) from None
    _serve(preview, arguments, console)
    return 0


def _why_not(error: OSError, arguments: argparse.Namespace) -> str:
    place = f"{arguments.host}, port {arguments.port}"
    if error.errno == errno.EADDRINUSE:
        return f"{place}: another program listens there; --port 0 takes any that is free"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{place}: this needs rights that you do not have; take a port above 1023"
    return f"{place}: this machine cannot listen there: {error.strerror or error}"


def _serve(preview: "Preview", arguments: argparse.Namespace, console: Console) -> None:
    from pathway_compiler.serve.requests import is_loopback

    # Closing the terminal and `kill` end it as well as Control-C does.
    asked = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: preview.stop()) for number in asked}
    try:
        with preview:
            if arguments.json:
                console.json({"format": "pathway-serve/1", "url": preview.url}, one_line=True)
            else:
                console.print(preview.url)
            console.flush()
            if not is_loopback(arguments.host):
                console.note("others in the network can read this guideline, and run patients")
            if arguments.open:
                import webbrowser

                webbrowser.open(preview.url)
            preview.wait()
    except KeyboardInterrupt:
        console.note("")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(news: "Told", console: Console) -> None:
    """One line for each new state; of errors, the first one with its place."""
    from pathway_compiler.diagnostics.terminal import green, red
    from pathway_compiler.diagnostics.to_text import summary_text

    state = news.state
    errors = [found for found in state.findings if found.severity == "error"]
    if errors:
        first = errors[0]
        console.note(f"{red(summary_text(errors))}: {first.span}: {first.message}")
        return
    done = {
        "decided": "decisions proved",
        "everything": "decisions proved",
        "done": "everything proved or listed",
        "failed": "the proof came to grief",
    }.get(state.proving, "shown")
    files = f"{counted(news.changed, 'file')} anew in {news.seconds:.1f} s"
    console.note(f"{green(done)}: {summary_text(state.findings)}; {files}")
