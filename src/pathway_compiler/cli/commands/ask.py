"""`pathway ask`: question by question, the most useful first."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import (
    add_guideline,
    add_run_options,
    choices,
    full_date,
    load_guideline,
    only_patient,
    run_one,
    typed_value,
    write_atomically,
)

if TYPE_CHECKING:
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.patient_data.patient import Patient

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway ask pathways/seom_abc_2018 --as-of 2019-03-01
  pathway ask pathways/seom_abc_2018 --patient patient.json --save patient.json

answer with a value, `?` for what can be answered, `unknown` when nobody knows,
`skip` to go on without it, `back` to take the last answer back, `end` to stop"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("--patient", metavar="FILE", help="what is known already")
    parser.add_argument("--save", metavar="FILE", help="write the patient when done")
    parser.add_argument("--id", default="patient", help="the patient's name in what is saved")
    add_run_options(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    import json
    from dataclasses import replace

    from pathway_compiler.cli.outcome_text import outcome_text
    from pathway_compiler.engine.to_json import outcome_to_json
    from pathway_compiler.patient_data.patient import Patient
    from pathway_compiler.patient_data.to_json import patient_to_json

    compiled = load_guideline(arguments.guideline, console)
    patient = Patient(arguments.id, {})
    if arguments.patient:
        patient = only_patient([arguments.patient], compiled, arguments.as_of, console)
    if arguments.as_of:
        patient = replace(patient, as_of=full_date(arguments.as_of))
    if patient.as_of is None:
        raise Stop(2, "say which day to ask for: --as-of 2019-03-01")
    chosen = choices(arguments, compiled)
    skipped: set[str] = set()
    answered: list[tuple[str, Patient]] = []
    told: set[str] = set()
    while True:
        outcome, problems = run_one(compiled, patient, chosen, arguments.patient or "answers")
        if outcome is None:
            console.complain(problems)
            if not answered:
                raise Stop(3)
            console.note("that cannot be, so the last answer is taken back")
            name, patient = answered.pop()
            continue
        for recommendation in outcome.given:
            if recommendation.id not in told:
                told.add(recommendation.id)
                console.note(f"settled: {recommendation.title}")
        open_needs = [need for need in outcome.needs if need.element not in skipped]
        if not open_needs:
            break
        need = open_needs[0]
        possible = len(outcome.possible)
        console.note(
            f"\n{possible} possible, {len(outcome.given)} settled, {len(open_needs)} to ask"
        )
        reply = _answer(need.element, need.question, compiled, console)
        if reply is None or reply == "end":
            break
        if reply == "back":
            if answered:
                name, patient = answered.pop()
                console.note(f"taken back: {name}")
            told = set()
            continue
        if reply == "skip":
            skipped.add(need.element)
            continue
        answered.append((need.element, patient))
        patient = _with_answer(patient, need.element, reply, compiled)
    if arguments.json:
        console.json(outcome_to_json(outcome, compiled))
    else:
        console.print("\n" + outcome_text(outcome, compiled, width=console.width))
    if arguments.save:
        document = patient_to_json(patient, compiled.guideline)
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        write_atomically(Path(arguments.save), text)
        console.note(f"saved: {arguments.save}")
    return 0


def _answer(
    name: str, question: str, compiled: "CompiledGuideline", console: Console
) -> str | None:
    """A reply that can be read as a value, or one of the words; None at the end of the input."""
    from pathway_compiler.model.describe import fact_label, fact_type
    from pathway_compiler.model.types import describe_type

    guideline = compiled.guideline
    type_ = fact_type(guideline, name)
    assert type_ is not None
    element = guideline.elements.get(name)
    console.note(question)
    if element is not None and element.hint:
        console.note(f"  {element.hint}")
    while True:
        sys.stderr.write(f"  [{_choices(name, compiled)}] ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            console.note("")
            return None
        reply = line.strip()
        if reply in ("end", "back", "skip"):
            return reply
        if reply in ("", "?"):
            console.note(
                f"  {fact_label(guideline, name)}: {describe_type(type_)}; {_choices(name, compiled)}"
            )
            continue
        value, mistakes = typed_value(reply, name, fact_label(guideline, name), type_, guideline)
        if value is not None:
            return reply
        for mistake in mistakes:
            console.note(f"  {mistake}")


def _choices(name: str, compiled: "CompiledGuideline") -> str:
    from pathway_compiler.model.describe import fact_type
    from pathway_compiler.model.types import (
        ActionType,
        BooleanType,
        DateType,
        EnumType,
        QuantityType,
        SetType,
        describe_type,
    )

    type_ = fact_type(compiled.guideline, name)
    match type_:
        case BooleanType():
            words = "yes/no"
        case EnumType():
            words = "/".join(value.name for value in type_.values)
        case SetType(of=EnumType() as inner):
            words = "none, or some of " + "/".join(value.name for value in inner.values)
        case SetType(of=ActionType() as inner):
            words = f"none, or {inner.kind}s parted by commas"
        case QuantityType():
            words = f"a number of {type_.unit.display}"
        case DateType():
            words = "a date such as 2019-03-01, 2019-03 or 2019"
        case _:
            words = describe_type(type_) if type_ is not None else "a value"
    return f"{words}/unknown"


def _with_answer(
    patient: "Patient", name: str, reply: str, compiled: "CompiledGuideline"
) -> "Patient":
    from dataclasses import replace

    from pathway_compiler.model.describe import fact_label, fact_type
    from pathway_compiler.patient_data.patient import Observation

    type_ = fact_type(compiled.guideline, name)
    assert type_ is not None
    label = fact_label(compiled.guideline, name)
    value, _ = typed_value(reply, name, label, type_, compiled.guideline)
    assert value is not None
    return replace(patient, facts={**patient.facts, name: (Observation(value),)})
