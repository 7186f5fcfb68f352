"""`pathway eval`: the calculator to learn the language with."""

import argparse

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import day_argument, load_guideline, only_patient

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway eval '2 years = 24 months'
  pathway eval 'unknown and no'
  pathway eval 'months between 2016 and 2018-03'
  pathway eval 'today > 2019-01' --as-of 2019-03-01
  pathway eval 'her2_status is positive' --guideline pathways/seom_abc_2018 --data patient.json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("expression", metavar="EXPRESSION", help="in quotation marks")
    parser.add_argument("--guideline", metavar="GUIDELINE", help="whose names may be used")
    parser.add_argument("--data", metavar="FILE", help="the facts of one patient")
    parser.add_argument("--as-of", type=day_argument, metavar="DATE", help="what `today` means")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.driver import evaluate_text
    from pathway_compiler.engine.to_json import value_to_json

    if arguments.data and not arguments.guideline:
        raise Stop(2, "--data needs the guideline that names its facts: give --guideline")
    compiled = load_guideline(arguments.guideline, console) if arguments.guideline else None
    patient = None
    if arguments.data and compiled is not None:
        patient = only_patient([arguments.data], compiled, arguments.as_of, console)
    found = evaluate_text(arguments.expression, compiled, patient, as_of=arguments.as_of)
    if found.diagnostics:
        console.complain(found.diagnostics)
        return 1
    if arguments.json:
        value = found.value if isinstance(found.value, str) else value_to_json(found.value)  # type: ignore[arg-type]
        console.json(
            {"text": found.text, "type": found.type, "value": value, "missing": list(found.missing)}
        )
    else:
        console.print(found.text)
        if found.missing:
            console.note(f"missing: {', '.join(found.missing)}")
    return 0
