"""`pathway generate`: patients who try out a guideline, made from its text."""

import argparse
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop, counted
from pathway_compiler.cli.inputs import add_guideline, load_guideline, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathway_compiler.analysis.generated import Generation
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.model.guideline import Guideline
    from pathway_compiler.model.vocabulary import Value
    from pathway_compiler.patient_data.patient import Patient

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway generate pathways/seom_abc_2018
  pathway generate pathways/seom_abc_2018 --boundaries --output cases_boundaries.pathway
  pathway generate pathways/seom_abc_2018 --as ndjson | pathway run pathways/seom_abc_2018 -

Every patient has been run, and shows what is said of her. What cannot be shown is listed
with the reason. The same guideline gives the same patients every time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    what = parser.add_argument_group("what the patients show (everything, if nothing is chosen)")
    what.add_argument(
        "--routes", action="store_true", help="few who come to every node, answer and option"
    )
    what.add_argument(
        "--boundaries", action="store_true", help="just inside, on and outside each threshold"
    )
    what.add_argument(
        "--conditions", action="store_true", help="pairs for each part of a condition (MC/DC)"
    )
    parser.add_argument(
        "--every-route", action="store_true", help="one for each route, instead of few for all"
    )
    parser.add_argument(
        "--most",
        type=int,
        default=1_000,
        metavar="N",
        help="routes through one pathway with --every-route (default: 1000)",
    )
    parser.add_argument("--pathway", metavar="NAME", help="start here, not with the entry")
    parser.add_argument(
        "--as",
        dest="form",
        choices=("cases", "json", "ndjson", "csv"),
        default="cases",
        help="cases to paste into a .pathway file, or patients for `pathway run`",
    )
    parser.add_argument("--output", metavar="FILE", help="write the patients here")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from dataclasses import replace

    from pathway_compiler.analysis.generate import generate
    from pathway_compiler.diagnostics.suggest import did_you_mean

    if arguments.most < 1:
        raise Stop(2, "--most is a number of routes, at least 1")
    compiled = load_guideline(arguments.guideline, console)
    if arguments.pathway:
        if arguments.pathway not in compiled.graphs:
            help = did_you_mean(arguments.pathway, compiled.graphs)
            raise Stop(
                2, f"there is no pathway `{arguments.pathway}`" + (f"; {help}" if help else "")
            )
        header = replace(compiled.guideline.header, entry=arguments.pathway)
        started = replace(compiled.guideline, header=header)
        compiled = replace(compiled, guideline=started)
    console.progress("making patients …")
    routes = arguments.routes or arguments.every_route
    chosen = routes or arguments.boundaries or arguments.conditions
    found = generate(
        compiled,
        routes=routes or not chosen,
        boundary=arguments.boundaries or not chosen,
        conditions=arguments.conditions or not chosen,
        one_by_one=arguments.every_route,
        most=arguments.most,
    )
    console.end_progress()
    text, left_out = _FORMS["json" if arguments.json else arguments.form](found, compiled)
    if arguments.output:
        write_atomically(arguments.output, text)
    else:
        console.raw(text)
    for left in left_out:
        console.note(f"left out: {left}")
    console.note(
        f"{counted(len(found.patients), 'patient')}, each run and confirmed;"
        f" {len(left_out)} left out"
    )
    return 0


def _told(found: "Generation") -> list[str]:
    return [
        f"{'.'.join(left.shown.place)}: {left.shown.text}: {left.reason}" for left in found.left_out
    ]


# --- forms --------------------------------------------------------------------------------------------


def _cases(found: "Generation", compiled: "CompiledGuideline") -> tuple[str, list[str]]:
    from pathway_compiler.analysis.case_text import case_text

    texts: list[str] = []
    left_out = _told(found)
    for made in found.patients:
        outcome = made.outcome
        if made.witness.waiting:
            if made.before is None or made.after_it is None:
                where = ", ".join(f"{w.pathway}.{w.node}" for w in made.witness.waiting)
                left_out.append(f"{made.name}: no first visit leads to the review {where}")
                continue
            outcome = made.after_it
        first, *others = [shown.text for shown in made.shows]
        text = case_text(
            made.witness,
            compiled.guideline,
            made.name,
            first,
            outcome,
            made.pathway,
            before=made.before,
            notes=[f"{'.'.join(made.shows[0].place)}", *others],
        )
        texts.append(text)
    return "\n".join(texts), left_out


def _json(found: "Generation", compiled: "CompiledGuideline") -> tuple[str, list[str]]:
    import json

    from pathway_compiler.patient_data.to_json import patient_to_json

    data, left_out = _first_visits(found, compiled.guideline)
    patients = [patient_to_json(patient, compiled.guideline) for patient in data]
    return json.dumps({"patients": patients}, ensure_ascii=False, indent=2) + "\n", left_out


def _ndjson(found: "Generation", compiled: "CompiledGuideline") -> tuple[str, list[str]]:
    import json

    from pathway_compiler.patient_data.to_json import patient_to_json

    data, left_out = _first_visits(found, compiled.guideline)
    lines = [
        json.dumps(patient_to_json(patient, compiled.guideline), ensure_ascii=False)
        for patient in data
    ]
    return "".join(f"{line}\n" for line in lines), left_out


def _csv(found: "Generation", compiled: "CompiledGuideline") -> tuple[str, list[str]]:
    """A row for each patient; lists of records do not fit into a cell."""
    import csv
    import io

    from pathway_compiler.model.vocabulary import ListValue

    data, left_out = _first_visits(found, compiled.guideline)
    fitting: list[Patient] = []
    for patient in data:
        lists = [
            name
            for name, (observation,) in patient.facts.items()
            if isinstance(observation.value, ListValue)
        ]
        if lists:
            left_out.append(f"{patient.id}: a table has no room for the list `{lists[0]}`")
        else:
            fitting.append(patient)
    names = {name for patient in fitting for name in patient.facts}
    columns = [name for name in compiled.guideline.elements if name in names]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["id", "as_of", *columns])
    for patient in fitting:
        cells = [_cell(patient, name) for name in columns]
        rows.writerow([patient.id, str(patient.as_of), *cells])
    return text.getvalue(), left_out


def _cell(patient: "Patient", name: str) -> str:
    from pathway_compiler.model.vocabulary import SetValue

    if name not in patient.facts:
        return ""
    (observation,) = patient.facts[name]
    value = observation.value
    if isinstance(value, SetValue):
        return "; ".join(sorted(map(_scalar_cell, value.items))) or "{}"
    return _scalar_cell(value)


def _scalar_cell(value: object) -> str:
    from fractions import Fraction

    from pathway_compiler.datatypes.number import format_number

    if isinstance(value, bool):
        return "yes" if value else "no"
    return format_number(value) if isinstance(value, int | Fraction) else str(value)


def _first_visits(found: "Generation", guideline: "Guideline") -> "tuple[list[Patient], list[str]]":
    """The patients as data; those of a visit after a review need what came before it."""
    from dataclasses import replace

    from pathway_compiler.analysis.witness import REPLAY_DAY

    patients: list[Patient] = []
    left_out = _told(found)
    for made in found.patients:
        if made.witness.waiting:
            left_out.append(
                f"{made.name}: she waits at a review; `--as cases` shows her two visits"
            )
        elif guideline.entry is not None and made.pathway != guideline.entry:
            left_out.append(f"{made.name}: she starts with `{made.pathway}`; give --pathway")
        elif other := _other_settings(made.witness.settings, guideline):
            left_out.append(f"{made.name}: data say nothing of local policy, here `{other[0]}`")
        else:
            patients.append(replace(made.witness.patient(), id=made.name, as_of=REPLAY_DAY))
    return patients, left_out


def _other_settings(settings: "Mapping[str, Value]", guideline: "Guideline") -> list[str]:
    """The parameters that are not at their defaults."""
    return [name for name, v in settings.items() if v != guideline.parameters[name].default]


_FORMS = {"cases": _cases, "json": _json, "ndjson": _ndjson, "csv": _csv}
