"""From the words of a command line to a call of its command."""

import argparse
import sys
from importlib import import_module
from typing import NoReturn, Protocol, cast

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.main import COMMANDS

__all__ = ["Command", "command_module", "command_parser", "run_command"]


class Command(Protocol):
    """What each module in `commands` has."""

    EXAMPLES: str

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None: ...

    @staticmethod
    def run(arguments: argparse.Namespace, console: Console) -> int: ...


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.format_usage()}{self.prog}: {message}", file=sys.stderr)
        print(f"`{self.prog} --help` has examples", file=sys.stderr)
        sys.exit(2)


def run_command(command: str, words: list[str]) -> int:
    """Run a command with the words after it."""
    parser = command_parser(command)
    arguments = parser.parse_intermixed_args(words)
    console = Console(arguments.color)
    try:
        return command_module(command).run(arguments, console)
    except Stop as stop:
        console.end_progress()
        if stop.message:
            console.note(f"pathway {command}: {stop.message}")
        return stop.code
    finally:
        console.end_progress()


def command_module(command: str) -> Command:
    name = command.replace("-", "_")
    return cast(Command, import_module(f"pathway_compiler.cli.commands.{name}"))


def command_parser(command: str) -> argparse.ArgumentParser:
    """The parser of one command; what it does, its options, and examples at the end."""
    module = command_module(command)
    summary = COMMANDS[command]
    parser = _Parser(
        prog=f"pathway {command}",
        description=f"{summary[:1].upper()}{summary[1:]}.",
        epilog=f"examples:\n{module.EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="write the result as JSON")
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="auto: in a terminal, unless NO_COLOR is set",
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of a bug")
    return parser
