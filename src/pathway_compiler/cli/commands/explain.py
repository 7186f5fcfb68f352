"""`pathway explain`: why something is recommended for a patient, and why not."""

import argparse

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import (
    add_guideline,
    add_run_options,
    choices,
    load_guideline,
    only_patient,
    run_one,
)

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway explain pathways/seom_abc_2018 bone_treatment --patient patient.json
  pathway explain pathways/seom_abc_2018 her2_second_line.tdm1 --patient patient.json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("recommendation", metavar="RECOMMENDATION", help="its id, or the end of it")
    parser.add_argument("--patient", metavar="FILE", required=True, help="the facts of one patient")
    add_run_options(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.diagnostics.suggest import did_you_mean
    from pathway_compiler.engine.explain import explain, explanation_to_json, recommendation_ids

    compiled = load_guideline(arguments.guideline, console)
    ids = recommendation_ids(compiled.guideline)
    wanted = [
        i
        for i in ids
        if i == arguments.recommendation or i.endswith(f".{arguments.recommendation}")
    ]
    if not wanted:
        ends = {part for i in ids for part in (i, i.rsplit(".", 1)[1])}
        help = did_you_mean(arguments.recommendation, ends) or "`pathway statements` shows all"
        raise Stop(2, f"there is no recommendation `{arguments.recommendation}`; {help}")
    patient = only_patient([arguments.patient], compiled, arguments.as_of, console)
    outcome, problems = run_one(compiled, patient, choices(arguments, compiled), arguments.patient)
    if outcome is None:
        console.complain(problems)
        raise Stop(3)
    explanations = [explain(outcome, compiled, id_) for id_ in wanted]
    if arguments.json:
        console.json([explanation_to_json(e) for e in explanations])
        return 0
    for index, explanation in enumerate(explanations):
        if index:
            console.print()
        for line in explanation.lines():
            indent = " " * (len(line) - len(line.lstrip()))
            console.paragraph(line.lstrip(), indent, indent + "  ")
    return 0
