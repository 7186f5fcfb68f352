"""`pathway eval`: the value of an expression."""

import argparse
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import day_argument

if TYPE_CHECKING:
    from pathway_compiler.driver import EvaluatedText
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.patient_data.patient import Patient

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway eval '2 years = 24 months'
  pathway eval 'unknown and no'
  pathway eval 'months between 2018-01-31 and 2018-03-01'
  pathway eval 'her2_status is positive' --guideline pathways/seom_abc_2018 --data patient.json
  pathway eval 'age >= 65 years' --guideline my_guideline --data '{"age": 70}'"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("expression", metavar="EXPRESSION", help="in the language of conditions")
    parser.add_argument("--guideline", metavar="FOLDER", help="whose facts may be named")
    parser.add_argument(
        "--data", metavar="FILE", help="a patient: a file, - or facts as JSON, such as '{...}'"
    )
    parser.add_argument("--as-of", type=day_argument, metavar="DATE", help="what `today` means")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.cli.inputs import load_guideline
    from pathway_compiler.driver import evaluate_text

    if arguments.data and not arguments.guideline:
        raise Stop(2, "--data needs --guideline FOLDER, which says what the data mean")
    compiled = patient = None
    if arguments.guideline:
        compiled = load_guideline(arguments.guideline, console)
    if arguments.data:
        assert compiled is not None
        patient = _patient(arguments, compiled, console)
    found = evaluate_text(arguments.expression, compiled, patient, as_of=arguments.as_of)
    if arguments.json:
        _print_json(found, console)
    elif found.diagnostics:
        console.complain(found.diagnostics)
    else:
        console.print(found.text)
        if found.missing:
            console.note(f"not known: {', '.join(found.missing)}")
    return 1 if found.diagnostics else 0


def _patient(
    arguments: argparse.Namespace, compiled: "CompiledGuideline", console: Console
) -> "Patient":
    from pathway_compiler.cli.inputs import full_date, only_patient
    from pathway_compiler.patient_data.read import read_patients_from_text

    if not arguments.data.lstrip().startswith("{"):
        return only_patient([arguments.data], compiled, arguments.as_of, console)
    day = full_date(arguments.as_of) if arguments.as_of else None
    results = list(read_patients_from_text(arguments.data, "--data", compiled.guideline, as_of=day))
    if len(results) != 1 or results[0].patient is None:
        console.complain(d for result in results for d in result.diagnostics)
        raise Stop(3)
    return results[0].patient


def _print_json(found: "EvaluatedText", console: Console) -> None:
    from pathway_compiler.diagnostics.to_json import diagnostic_to_json
    from pathway_compiler.engine.to_json import value_to_json

    value = None if found.value is None else value_to_json(found.value)
    console.json(
        {
            "format": "pathway-eval/1",
            "text": found.text,
            "type": found.type,
            "value": value,
            "missing": list(found.missing),
            "diagnostics": [diagnostic_to_json(d) for d in found.diagnostics],
        }
    )
