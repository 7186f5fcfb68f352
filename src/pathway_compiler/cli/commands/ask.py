"""`pathway ask`: question by question in the terminal."""

import argparse
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import (
    add_guideline,
    add_run_options,
    choices,
    load_guideline,
    only_patient,
)

if TYPE_CHECKING:
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.patient_data.patient import Patient

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway ask pathways/seom_abc_2018
  pathway ask pathways/seom_abc_2018 --as-of 2019-03-01
  pathway ask pathways/seom_abc_2018 patient.json --save patient.json

answers: a value or its number; `unknown` when nobody knows; `skip` to go on without it;
`back` to take the last answer back; `show` what is settled so far; `?` for help; `end`
to stop. The first letter will do. The questions go to stderr, the result to stdout."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("patient", metavar="PATIENT", nargs="?", help="what is known already")
    parser.add_argument("--patient", metavar="FILE", dest="known", help="the same, by name")
    add_run_options(parser)
    parser.add_argument("--id", metavar="ID", default="patient", help="what to call the patient")
    parser.add_argument("--save", metavar="FILE", help="write the patient here as JSON")
    parser.add_argument("--why", action="store_true", help="end with all reasons, as `run --why`")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from dataclasses import replace

    from pathway_compiler.cli.conversation import Conversation, Ended
    from pathway_compiler.patient_data.patient import Patient

    compiled = load_guideline(arguments.guideline, console)
    known = arguments.patient or arguments.known
    if known:
        if known == "-":
            raise Stop(2, "the answers come from standard input; give the patient as a file")
        patient = only_patient([known], compiled, arguments.as_of, console)
    else:
        patient = Patient(arguments.id, {})
    chosen = choices(arguments, compiled)
    talk = Conversation(compiled, console)
    day = chosen.as_of or patient.as_of
    if day is None:
        try:
            day = talk.ask_day()
        except Ended:
            day = None
    if day is None or day.day is None:
        raise Stop(3, "say which day to ask for: --as-of 2019-03-01")
    patient = replace(patient, as_of=day)
    outcome, patient = talk.hold(patient, replace(chosen, as_of=day))
    if arguments.json:
        from pathway_compiler.engine.to_json import outcome_to_json

        console.json(outcome_to_json(outcome, compiled))
    else:
        from pathway_compiler.cli.outcome_text import outcome_text

        console.print()
        console.print(outcome_text(outcome, compiled, width=console.width, why=arguments.why))
    if arguments.save:
        _save(arguments.save, patient, compiled, console)
    return 0


def _save(path: str, patient: "Patient", compiled: "CompiledGuideline", console: Console) -> None:
    import json

    from pathway_compiler.cli.inputs import write_atomically
    from pathway_compiler.patient_data.to_json import patient_to_json

    data = patient_to_json(patient, compiled.guideline)
    write_atomically(path, json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    console.note(f"the patient is saved in {path}")
