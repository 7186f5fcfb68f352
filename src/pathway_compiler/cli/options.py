"""Options that several commands share, and what is made of them."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.main import BAD_DATA, FINDINGS, USAGE
from pathway_compiler.datatypes.partial_date import PartialDate, parse_date
from pathway_compiler.diagnostics.suggest import did_you_mean

if TYPE_CHECKING:
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.model.guideline import Guideline
    from pathway_compiler.model.vocabulary import Value
    from pathway_compiler.patient_data.read import PatientResult

__all__ = [
    "Choices",
    "add_evaluation_options",
    "add_guideline",
    "evaluation_choices",
    "load_guideline",
    "one_patient",
    "pathway_name",
    "patients",
    "read_day",
    "readings",
    "settings",
    "starting_pathway",
]


def add_guideline(parser: argparse.ArgumentParser) -> None:
    """The first word of most commands."""
    parser.add_argument(
        "guideline", metavar="GUIDELINE", help="a folder of .pathway files, or one of them"
    )


def add_evaluation_options(parser: argparse.ArgumentParser) -> None:
    """How a patient is run: where to start, on which day, with which local choices."""
    parser.add_argument("--pathway", metavar="NAME", help="start here, not at the entry")
    parser.add_argument(
        "--as-of", metavar="DATE", help="the day of the evaluation, for data that do not say it"
    )
    parser.add_argument(
        "--set",
        metavar="PARAMETER=VALUE",
        action="append",
        default=[],
        help="set a parameter of the guideline; may be repeated",
    )
    parser.add_argument(
        "--reading",
        metavar="NAME=ALTERNATIVE",
        action="append",
        default=[],
        help="read an ambiguous sentence another way; may be repeated",
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """How to run patients, as the user said it."""

    as_of: PartialDate | None
    pathway: str | None
    settings: "Mapping[str, Value]"
    readings: Mapping[str, str]


def evaluation_choices(arguments: argparse.Namespace, compiled: "CompiledGuideline") -> Choices:
    """What the options of `add_evaluation_options` say, checked against the guideline."""
    return Choices(
        read_day(arguments.as_of),
        pathway_name(arguments.pathway, compiled),
        settings(arguments.set, compiled.guideline),
        readings(arguments.reading, compiled.guideline),
    )


def load_guideline(path: str, console: Console) -> "CompiledGuideline":
    """The guideline, or the end of the command with what is wrong with it."""
    from pathway_compiler.driver import compile_sources, read_guideline

    if not Path(path).exists():
        raise Stop(USAGE, f"there is no guideline `{path}`: no such file or folder")
    console.progress(f"reading {path}")
    sources, unreadable = read_guideline(path)
    if unreadable:
        console.complain(unreadable)
        raise Stop(BAD_DATA if sources else FINDINGS)
    console.progress(f"compiling {path}")
    compilation = compile_sources(sources)
    console.end_progress()
    if compilation.compiled is None:
        errors = [d for d in compilation.diagnostics if d.severity == "error"]
        console.complain(errors)
        number = f"{len(errors)} error" + ("s" if len(errors) != 1 else "")
        raise Stop(FINDINGS, f"the guideline has {number}; nothing was run")
    return compilation.compiled


def pathway_name(name: str | None, compiled: "CompiledGuideline") -> str | None:
    """A pathway of the guideline; None stays None."""
    if name is not None and name not in compiled.graphs:
        raise Stop(USAGE, f"there is no pathway `{name}`; {_one_of(name, tuple(compiled.graphs))}")
    return name


def starting_pathway(name: str | None, compiled: "CompiledGuideline") -> str:
    """The pathway a run starts with, which must be known."""
    start = pathway_name(name, compiled) or compiled.guideline.entry
    if start is None:
        raise Stop(
            USAGE,
            "the guideline names no entry; choose a pathway with --pathway: "
            + ", ".join(compiled.graphs),
        )
    return start


def read_day(text: str | None) -> PartialDate | None:
    """A full date, or the end of the command."""
    if text is None:
        return None
    day = parse_date(text)
    if day is None or day.day is None:
        raise Stop(USAGE, f"--as-of needs a full date such as 2019-03-01, and not `{text}`")
    return day


def settings(words: Sequence[str], guideline: "Guideline") -> "dict[str, Value]":
    """The values of `--set`, by the types of their parameters."""
    found: dict[str, Value] = {}
    for word in words:
        name, text = _assignment(word, "--set", "PARAMETER=VALUE")
        parameter = guideline.parameters.get(name)
        if parameter is None:
            raise Stop(
                USAGE,
                f"--set: there is no parameter `{name}`; "
                + _one_of(name, tuple(guideline.parameters)),
            )
        found[name] = _typed(name, text, guideline)
    return found


def readings(words: Sequence[str], guideline: "Guideline") -> dict[str, str]:
    """The alternatives of `--reading`."""
    found: dict[str, str] = {}
    for word in words:
        name, text = _assignment(word, "--reading", "NAME=ALTERNATIVE")
        reading = guideline.readings.get(name)
        if reading is None:
            raise Stop(
                USAGE,
                f"--reading: there is no reading `{name}`; "
                + _one_of(name, tuple(guideline.readings)),
            )
        names = tuple(alternative.name for alternative in reading.alternatives)
        if text not in names:
            raise Stop(
                USAGE, f"--reading: `{name}` has no alternative `{text}`; {_one_of(text, names)}"
            )
        found[name] = text
    return found


def _assignment(word: str, option: str, form: str) -> tuple[str, str]:
    name, sign, text = word.partition("=")
    if not sign or not name.strip() or not text.strip():
        raise Stop(USAGE, f"{option} needs {form}, and not `{word}`")
    return name.strip(), text.strip()


def _typed(name: str, text: str, guideline: "Guideline") -> "Value":
    """A value for a parameter, read by the rules for a cell of a table."""
    from pathway_compiler.cli.answers import read_answer
    from pathway_compiler.datatypes.truth import Unknown

    value, problem = read_answer(name, guideline.parameters[name].type, text, guideline)
    if value is None or isinstance(value, Unknown):
        raise Stop(USAGE, f"--set {name}: {problem or 'a parameter needs a value'}")
    return value


def _one_of(word: str, names: Sequence[str]) -> str:
    if not names:
        return "the guideline has none"
    return did_you_mean(word, names) or "there are: " + ", ".join(names)


def patients(
    paths: Sequence[str], guideline: "Guideline", as_of: PartialDate | None
) -> "Iterator[PatientResult]":
    """The patients of files, folders and standard input."""
    from pathway_compiler.patient_data.read import read_patients

    return read_patients(paths, guideline, stdin=sys.stdin, as_of=as_of)


def one_patient(
    path: str, guideline: "Guideline", as_of: PartialDate | None, console: Console
) -> "PatientResult":
    """The one patient of a file; several, none or a wrong one end the command."""
    found = list(patients([path], guideline, as_of))
    wrong = [d for result in found for d in result.diagnostics]
    if wrong:
        console.complain(wrong)
        raise Stop(BAD_DATA)
    if len(found) != 1:
        raise Stop(BAD_DATA, f"{path} holds {len(found) or 'no'} patients; one is needed here")
    return found[0]
