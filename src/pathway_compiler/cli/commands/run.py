"""`pathway run`: what a guideline says about patients."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop, counted
from pathway_compiler.cli.inputs import (
    Choices,
    add_guideline,
    add_language,
    add_run_options,
    choices,
    in_language_of,
    load_guideline,
    patients,
    run_one,
    write_atomically,
)

if TYPE_CHECKING:
    from pathway_compiler.diagnostics.diagnostic import Diagnostic
    from pathway_compiler.engine.enactment import Enactment
    from pathway_compiler.engine.outcome import Outcome
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.patient_data.read import PatientResult

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway run pathways/seom_abc_2018 patient.json
  pathway run pathways/seom_abc_2018 cohort.csv --as-of 2019-03-01 --ndjson
  pathway run pathways/seom_abc_2018 patient.json --why
  pathway run pathways/seom_abc_2018 visit2.json --enactment marta.enactment.json \\
      --accept her2_first_line.dual_blockade_first --by "Dr Ruiz"

PATIENT is a file (JSON, YAML, CSV, NDJSON), a folder of them, or - for standard input.
A patient whose data are wrong is refused with the place and the remedy; the others run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("patients", metavar="PATIENT", nargs="+", help="a file, a folder, or -")
    add_run_options(parser)
    add_language(parser)
    parser.add_argument(
        "--why", action="store_true", help="the statements behind it, and what is not recommended"
    )
    parser.add_argument("--trace", action="store_true", help="every node of the run")
    parser.add_argument("--ndjson", action="store_true", help="one line of JSON for each patient")
    visits = parser.add_argument_group("visits")
    visits.add_argument(
        "--enactment",
        metavar="FILE",
        help="where the patient waits: read, and written after the visit (made when absent)",
    )
    visits.add_argument("--accept", metavar="ID", action="append", default=[], help="log: accepted")
    visits.add_argument(
        "--decline", metavar="ID", action="append", default=[], help="log: declined"
    )
    visits.add_argument(
        "--choose",
        metavar=("ID", "OPTION"),
        nargs=2,
        action="append",
        default=[],
        help="log: this option was chosen",
    )
    visits.add_argument("--reason", metavar="TEXT", help="why it was declined")
    visits.add_argument("--by", metavar="NAME", help="who decided")


def run(arguments: argparse.Namespace, console: Console) -> int:
    _check_usage(arguments)
    compiled = load_guideline(arguments.guideline, console)
    compiled = in_language_of(arguments.guideline, arguments.language, compiled, console)
    found = patients(arguments.patients, compiled, arguments.as_of)
    if arguments.enactment:
        return _visit(arguments, compiled, list(found), console)
    chosen = choices(arguments, compiled)
    documents: list[object] = []
    done = refused = 0
    for number, result in enumerate(found, start=1):
        console.progress(f"patient {number}: {result.id}")
        outcome, problems = _outcome(compiled, result, chosen)
        if outcome is None:
            refused += 1
            console.complain(problems)
        else:
            done += 1
        if arguments.ndjson:
            console.json(_document(result, outcome, problems, compiled), one_line=True)
        elif arguments.json:
            documents.append(_document(result, outcome, problems, compiled))
        elif outcome is not None:
            _print(outcome, compiled, arguments, console, first=done == 1)
    if arguments.json and not arguments.ndjson:
        console.json(documents[0] if len(documents) == 1 else documents)
    if done + refused == 0:
        raise Stop(3, "there are no patients in the data")
    if done + refused > 1 or refused:
        console.note(_summary(done, refused))
    return 3 if refused else 0


def _check_usage(arguments: argparse.Namespace) -> None:
    decides = arguments.accept or arguments.decline or arguments.choose
    if decides and not arguments.enactment:
        raise Stop(2, "decisions are kept in an enactment: give --enactment FILE")
    if arguments.decline and not arguments.reason:
        raise Stop(2, "--decline needs --reason TEXT")
    if arguments.reason and not arguments.decline:
        raise Stop(2, "--reason belongs to --decline")
    if arguments.by and not decides:
        raise Stop(2, "--by belongs to --accept, --decline or --choose")


def _outcome(
    compiled: "CompiledGuideline",
    result: "PatientResult",
    chosen: Choices,
    enactment: "Enactment | None" = None,
) -> "tuple[Outcome | None, tuple[Diagnostic, ...]]":
    if result.patient is None:
        return None, result.diagnostics
    return run_one(compiled, result.patient, chosen, result.source_name, enactment)


def _document(
    result: "PatientResult",
    outcome: "Outcome | None",
    problems: "tuple[Diagnostic, ...]",
    compiled: "CompiledGuideline",
) -> object:
    from pathway_compiler.diagnostics.to_json import diagnostic_to_json
    from pathway_compiler.engine.to_json import outcome_to_json

    if outcome is not None:
        return outcome_to_json(outcome, compiled)
    return {
        "format": "pathway-refused/1",
        "patient": result.id,
        "source": result.source_name,
        "diagnostics": [diagnostic_to_json(problem) for problem in problems],
    }


def _print(
    outcome: "Outcome",
    compiled: "CompiledGuideline",
    arguments: argparse.Namespace,
    console: Console,
    *,
    first: bool = True,
) -> None:
    from pathway_compiler.cli.outcome_text import outcome_text
    from pathway_compiler.diagnostics.terminal import dim

    if not first:
        console.print(f"\n{dim('─' * console.width)}\n")
    text = outcome_text(
        outcome, compiled, width=console.width, why=arguments.why, trace=arguments.trace
    )
    console.print(text)


def _summary(done: int, refused: int) -> str:
    return f"{counted(done + refused, 'patient')}: {done} run, {refused} refused"


# Visits.


def _visit(
    arguments: argparse.Namespace,
    compiled: "CompiledGuideline",
    found: "list[PatientResult]",
    console: Console,
) -> int:
    """One visit of one patient, going on from where the last one ended."""
    from pathway_compiler.engine.enactment import EnactmentError, advance, enactment_to_json

    if len(found) != 1:
        raise Stop(2, f"an enactment is that of one patient, and there are {len(found)}")
    enactment = _read_enactment(arguments.enactment, compiled)
    if enactment is not None:
        if arguments.pathway and arguments.pathway != enactment.pathway:
            raise Stop(2, f"this enactment is that of pathway `{enactment.pathway}`")
        if enactment.patient != found[0].id:
            raise Stop(
                3,
                f"{arguments.enactment} is that of patient `{enactment.patient}`,"
                f" and the data are of `{found[0].id}`; give them the same id",
            )
        if enactment.content_hash != compiled.guideline.content_hash:
            console.note("note: the text of the guideline has changed since the last visit")
    chosen = choices(arguments, compiled, entry=enactment.pathway if enactment else None)
    outcome, problems = _outcome(compiled, found[0], chosen, enactment)
    if outcome is None:
        console.complain(problems)
        if arguments.json or arguments.ndjson:
            console.json(_document(found[0], None, problems, compiled), one_line=arguments.ndjson)
        raise Stop(3, "the enactment stays as it was")
    if enactment is not None and enactment.visits:
        last = max(enactment.visits, key=lambda day: day.earliest)
        if outcome.as_of.earliest < last.earliest:
            raise Stop(3, f"the last visit was on {last}, after {outcome.as_of}")
    after = advance(enactment, outcome)
    try:
        after = _log(arguments, after, outcome)
    except EnactmentError as error:
        raise Stop(2, str(error)) from None
    import json

    text = json.dumps(enactment_to_json(after), ensure_ascii=False, indent=2) + "\n"
    write_atomically(arguments.enactment, text)
    if arguments.json or arguments.ndjson:
        console.json(_document(found[0], outcome, (), compiled), one_line=arguments.ndjson)
    else:
        _print(outcome, compiled, arguments, console)
    made = "written" if enactment is None else "brought up to date"
    visits = len(after.visits)
    console.note(
        f"{arguments.enactment}: {made}, visit {visits}, decisions logged: {len(after.log)}"
    )
    return 0


def _read_enactment(path: str, compiled: "CompiledGuideline") -> "Enactment | None":
    import json

    from pathway_compiler.engine.enactment import EnactmentError, enactment_from_json

    file = Path(path)
    if not file.exists():
        return None
    try:
        return enactment_from_json(json.loads(file.read_text(encoding="utf-8")), compiled)
    except EnactmentError as error:
        raise Stop(3, f"{path}: {error}") from None
    except (ValueError, RecursionError):
        raise Stop(3, f"{path}: this is no enactment, since it is not JSON") from None


def _log(arguments: argparse.Namespace, enactment: "Enactment", outcome: "Outcome") -> "Enactment":
    from pathway_compiler.engine.enactment import LoggedDecision, log_decision

    by, on = arguments.by, outcome.as_of
    entries = [LoggedDecision(id_, "accepted", on, by=by) for id_ in arguments.accept]
    entries += [
        LoggedDecision(id_, "declined", on, reason=arguments.reason, by=by)
        for id_ in arguments.decline
    ]
    entries += [
        LoggedDecision(id_, "chosen", on, option=option, by=by) for id_, option in arguments.choose
    ]
    for entry in entries:
        enactment = log_decision(enactment, outcome, entry)
    return enactment
