"""What commands share: the guideline, the patients, the day, settings and readings."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop

if TYPE_CHECKING:
    from pathway_compiler.datatypes.partial_date import PartialDate
    from pathway_compiler.datatypes.truth import Unknown
    from pathway_compiler.diagnostics.diagnostic import Diagnostic
    from pathway_compiler.diagnostics.span import Source
    from pathway_compiler.engine.enactment import Enactment
    from pathway_compiler.engine.outcome import Outcome
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.model.guideline import Guideline
    from pathway_compiler.model.types import Type
    from pathway_compiler.model.vocabulary import Value
    from pathway_compiler.patient_data.patient import Patient
    from pathway_compiler.patient_data.read import PatientResult

__all__ = [
    "Choices",
    "add_guideline",
    "add_language",
    "add_run_options",
    "choices",
    "compiled_or_stop",
    "day_argument",
    "full_date",
    "in_language_of",
    "load_guideline",
    "only_patient",
    "patients",
    "run_one",
    "typed_value",
    "write_atomically",
]


def add_guideline(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "guideline", metavar="GUIDELINE", help="a folder of .pathway files, or one of them"
    )


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """The options of every command that runs a patient."""
    parser.add_argument("--pathway", metavar="NAME", help="start here, not with the entry")
    parser.add_argument(
        "--as-of",
        type=day_argument,
        metavar="DATE",
        help="the day of the evaluation, unless the data say it",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PARAMETER=VALUE",
        help="local policy, such as offer_grade_c=no",
    )
    parser.add_argument(
        "--reading",
        action="append",
        default=[],
        metavar="NAME=ALTERNATIVE",
        help="read an ambiguous sentence another way",
    )
    parser.add_argument(
        "--no-exact",
        action="store_true",
        help="leave out what is settled whatever is missing: the interpreter's answer alone",
    )


def day_argument(text: str) -> str:
    if full_date(text) is None:
        raise argparse.ArgumentTypeError(f"`{text}` is not a full date such as 2019-03-01")
    return text


def full_date(text: str) -> "PartialDate | None":
    """A date that names its day."""
    from pathway_compiler.datatypes.partial_date import parse_date

    day = parse_date(text.strip())
    return day if day is not None and day.day is not None else None


# The guideline.


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option of the commands that make something for readers."""
    parser.add_argument(
        "--language",
        metavar="CODE",
        help="the language of what readers get, by the guideline's translations/CODE.po",
    )


def in_language_of(
    guideline: str, language: str | None, compiled: "CompiledGuideline", console: Console
) -> "CompiledGuideline":
    """The guideline in the language that was asked for; messages of the command stay in English."""
    if not language:
        return compiled
    from pathway_compiler.translation.catalogue import languages_beside
    from pathway_compiler.translation.translated import in_language

    own = compiled.guideline.header.language
    known = (own, *languages_beside(guideline))
    if language not in known:
        raise Stop(2, f"there is no `{language}`; choose of {', '.join(known)}")
    found, problems = in_language(compiled, guideline, language)
    if found is None:
        console.complain(problems)
        raise Stop(3)
    return found


def load_guideline(path: str, console: Console, name: str = "the guideline") -> "CompiledGuideline":
    """The guideline, checked; when it has errors they are shown and the command ends."""
    from pathway_compiler.driver import read_guideline

    console.progress("reading the guideline …")
    sources, unreadable = read_guideline(path)
    if unreadable:
        console.complain(unreadable)
        raise Stop(3)
    return compiled_or_stop(sources, console, name)


def compiled_or_stop(
    sources: "Sequence[Source]", console: Console, name: str = "the guideline"
) -> "CompiledGuideline":
    """The guideline of these texts; when it has errors they are shown and the command ends."""
    from pathway_compiler.diagnostics.diagnostic import has_errors
    from pathway_compiler.diagnostics.to_text import summary_text
    from pathway_compiler.driver import compile_unless_kept

    compilation = compile_unless_kept(sources)
    console.end_progress()
    if compilation.compiled is None or has_errors(compilation.diagnostics):
        errors = [d for d in compilation.diagnostics if d.severity == "error"]
        console.complain(errors[:_MOST_ERRORS])
        more = "; `pathway check` shows all" if len(errors) > _MOST_ERRORS else ""
        raise Stop(1, f"{name} has {summary_text(errors)}, so it cannot be used{more}")
    return compilation.compiled


_MOST_ERRORS = 5


# The patients.


def patients(
    paths: Sequence[str], compiled: "CompiledGuideline", as_of: str | None
) -> "Iterator[PatientResult]":
    from pathway_compiler.patient_data.read import read_patients

    day = full_date(as_of) if as_of else None
    return read_patients(paths, compiled.guideline, as_of=day)


def only_patient(
    paths: Sequence[str], compiled: "CompiledGuideline", as_of: str | None, console: Console
) -> "Patient":
    """The one patient that a command is about."""
    found = list(patients(paths, compiled, as_of))
    if len(found) != 1:
        raise Stop(2, f"this needs one patient, and there are {len(found)}")
    if found[0].patient is None:
        console.complain(found[0].diagnostics)
        raise Stop(3)
    return found[0].patient


# How to run them.


@dataclass(frozen=True, slots=True)
class Choices:
    """What the caller chose: where to start, the day, local policy, readings."""

    pathway: str
    as_of: "PartialDate | None"
    settings: "Mapping[str, Value]"
    readings: Mapping[str, str]
    exact: bool = True


def choices(
    arguments: argparse.Namespace, compiled: "CompiledGuideline", *, entry: str | None = None
) -> Choices:
    """The options of `add_run_options`, checked against the guideline; `entry` is the usual start."""
    day = full_date(arguments.as_of) if arguments.as_of else None
    return Choices(
        _start(arguments.pathway, entry, compiled),
        day,
        dict(_setting(text, compiled.guideline) for text in arguments.set),
        dict(_reading(text, compiled.guideline) for text in arguments.reading),
        not arguments.no_exact,
    )


def _start(name: str | None, entry: str | None, compiled: "CompiledGuideline") -> str:
    start = name or entry or compiled.guideline.entry
    if start is None:
        known = ", ".join(compiled.graphs) or "none"
        raise Stop(2, f"say where to start with --pathway; the pathways are: {known}")
    if start not in compiled.graphs:
        raise Stop(2, _unknown("pathway", start, compiled.graphs))
    return start


def _setting(text: str, guideline: "Guideline") -> "tuple[str, Value]":
    from pathway_compiler.datatypes.truth import Unknown

    name, equals, value = text.partition("=")
    name = name.strip()
    parameter = guideline.parameters.get(name)
    if parameter is None:
        raise Stop(2, _unknown("parameter", name, guideline.parameters))
    if not equals:
        raise Stop(2, f"--set {name}: write {name}=VALUE")
    found, problems = typed_value(value, name, parameter.label, parameter.type, guideline)
    if found is None or isinstance(found, Unknown):
        why = problems[0] if problems else "a parameter has always a value"
        raise Stop(2, f"--set {name}: {why}")
    return name, found


def _reading(text: str, guideline: "Guideline") -> tuple[str, str]:
    name, equals, value = (part.strip() for part in text.partition("="))
    reading = guideline.readings.get(name)
    if reading is None:
        raise Stop(2, _unknown("reading", name, guideline.readings))
    known = [alternative.name for alternative in reading.alternatives]
    if not equals or value not in known:
        raise Stop(2, f"--reading {name}: the alternatives are {', '.join(known)}")
    return name, value


def _unknown(kind: str, name: str, known: Mapping[str, object]) -> str:
    from pathway_compiler.diagnostics.suggest import did_you_mean

    help = did_you_mean(name, known) or (
        f"there are: {', '.join(sorted(known))}" if known else "the guideline has none"
    )
    return f"there is no {kind} `{name}`; {help}"


def typed_value(
    text: str, name: str, label: str, type_: "Type", guideline: "Guideline"
) -> "tuple[Value | Unknown | None, tuple[str, ...]]":
    """A text as a value of a type, by the rules for patient data; or None and why not.

    The values of a set are parted by commas, `{}` or `none` is the empty set, and `…` at the end
    says that there may be others.
    """
    from pathway_compiler.model.types import SetType
    from pathway_compiler.model.vocabulary import Element
    from pathway_compiler.patient_data.read import patient_from_facts

    raw: object = text.strip()
    if isinstance(type_, SetType):
        raw = _set_of_text(text, name)
    alone = replace(guideline, elements={name: Element(name, label, type_)}, definitions={})
    result = patient_from_facts({name: raw}, alone, id="you")
    if result.patient is None:
        found = []
        for diagnostic in result.diagnostics:
            message = diagnostic.message.removeprefix("patient `you`: ").removeprefix(f"{label}: ")
            found.append(message + (f"; {diagnostic.help}" if diagnostic.help else ""))
        return None, tuple(found)
    observations = result.patient.facts.get(name, ())
    return (observations[0].value, ()) if observations else (None, ("there is no value",))


def _set_of_text(text: str, name: str) -> object:
    inner = text.strip()
    if inner.startswith("unknown"):
        return inner
    inner = inner.removeprefix("{").removesuffix("}").strip()
    if inner in ("", "none"):
        return []
    items = [item.strip() for item in inner.replace(";", ",").split(",")]
    open_ended = items[-1] in ("...", "…")
    return {"items": items[:-1] if open_ended else items, "complete": not open_ended}


def run_one(
    compiled: "CompiledGuideline",
    patient: "Patient",
    chosen: Choices,
    source_name: str,
    enactment: "Enactment | None" = None,
) -> "tuple[Outcome | None, tuple[Diagnostic, ...]]":
    """The outcome for one patient, or why the data are refused."""
    from pathway_compiler.diagnostics.diagnostic import Diagnostic
    from pathway_compiler.diagnostics.span import Source, Span
    from pathway_compiler.driver import run_patient

    day = chosen.as_of or patient.as_of
    if day is None or day.day is None:
        missing = Diagnostic(
            "data-date",
            f"patient `{patient.id}`: the day of the evaluation is missing",
            Span(Source(source_name, ""), 0, 0),
            help='write "as_of" in the data, or give --as-of 2019-03-01',
        )
        return None, (missing,)
    return run_patient(
        compiled,
        patient,
        as_of=day,
        pathway=chosen.pathway,
        settings=chosen.settings,
        readings=chosen.readings,
        enactment=enactment,
        exact=chosen.exact,
    )


def write_atomically(path: str | Path, text: str) -> None:
    """Replace a file as a whole: whoever reads it sees the old text or the new one."""
    import os
    import tempfile

    target = Path(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            os.chmod(name, target.stat().st_mode & 0o7777)
        else:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, 0o666 & ~mask)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
