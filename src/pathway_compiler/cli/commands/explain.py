"""`pathway explain`: why, why not, and what would change it."""

import argparse
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import (
    add_guideline,
    add_run_options,
    choices,
    load_guideline,
    only_patient,
    run_one,
)

if TYPE_CHECKING:
    from pathway_compiler.analysis.what_if import WhatIf
    from pathway_compiler.engine.explain import Explanation
    from pathway_compiler.engine.outcome import Outcome
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.model.guideline import Guideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway explain pathways/seom_abc_2018 patient.json
  pathway explain pathways/seom_abc_2018 patient.json dual_blockade
  pathway explain pathways/seom_abc_2018 her2_first_line.tdm1 --patient patient.json --what-if

ID is the name of a recommendation or an option, or the end of its full id, or an action.
Without one, every recommendation is explained that is given, possible or was within reach.
--what-if finds the fewest facts that would have to be otherwise, up to three, those that
change most readily first; each suggestion is run before it is shown."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument(
        "words",
        metavar="PATIENT [ID ...]",
        nargs="*",
        help="a file of one patient, or - (unless --patient names it), then what is to be explained",
    )
    parser.add_argument("--patient", metavar="FILE", help="the file of one patient, or -")
    add_run_options(parser)
    parser.add_argument(
        "--what-if",
        action="store_true",
        help="the smallest changes in the facts that would give or withdraw it",
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.engine.explain import explain

    file, ids = _patient_and_ids(arguments)
    compiled = load_guideline(arguments.guideline, console)
    patient = only_patient([file], compiled, arguments.as_of, console)
    outcome, problems = run_one(compiled, patient, choices(arguments, compiled), file)
    if outcome is None:
        console.complain(problems)
        return 3
    names = ids or [
        *(r.id for r in outcome.recommendations),
        *(r.id for r in outcome.not_recommended),
    ]
    explanations: list[Explanation] = []
    for name in dict.fromkeys(names):
        found = explain(outcome, compiled, name)
        if not found:
            raise Stop(2, _unknown(name, compiled))
        explanations += [e for e in found if e.id == name or ids]
    what_ifs: dict[str, WhatIf] = {}
    if arguments.what_if:
        from pathway_compiler.analysis.what_if import ready_to_ask

        console.progress("what would change it …")
        asking = ready_to_ask(compiled, patient, outcome, exact=not arguments.no_exact)
        for explanation in explanations:
            console.progress(f"what would change {explanation.id} …")
            if explanation.id not in what_ifs:
                what_ifs[explanation.id] = asking.ask(explanation.id)
        console.end_progress()
    if arguments.json:
        console.json(_json(explanations, what_ifs, compiled, outcome))
        return 0
    for number, explanation in enumerate(explanations):
        if number:
            console.print()
        _print(explanation, compiled.guideline, console)
        if explanation.id in what_ifs:
            _print_what_if(what_ifs[explanation.id], compiled.guideline, console)
    from pathway_compiler.cli.outcome_text import provenance
    from pathway_compiler.diagnostics.terminal import dim

    console.print()
    console.paragraph(dim(provenance(outcome)))
    return 0


def _patient_and_ids(arguments: argparse.Namespace) -> tuple[str, list[str]]:
    if arguments.patient is not None:
        return arguments.patient, arguments.words
    if not arguments.words:
        raise Stop(2, "name the file of a patient")
    return arguments.words[0], arguments.words[1:]


def _json(
    explanations: "list[Explanation]",
    what_ifs: "dict[str, WhatIf]",
    compiled: "CompiledGuideline",
    outcome: "Outcome",
) -> dict[str, object]:
    from pathway_compiler.engine.explain import explanation_to_json

    found = []
    for explanation in explanations:
        data = explanation_to_json(explanation)
        if explanation.id in what_ifs:
            from pathway_compiler.analysis.what_if import what_if_to_json

            data["what_if"] = what_if_to_json(what_ifs[explanation.id], compiled.guideline)
        found.append(data)
    return {
        "format": "pathway-explanation/1",
        "guideline": compiled.name,
        "patient": outcome.patient,
        "as_of": str(outcome.as_of),
        "explanations": found,
    }


def _unknown(name: str, compiled: "CompiledGuideline") -> str:
    from pathway_compiler.diagnostics.suggest import did_you_mean
    from pathway_compiler.engine.explain import names_to_explain

    ids = names_to_explain(compiled.guideline)
    last = {part for id_ in ids for part in (id_, id_.split(".", 1)[1], id_.rsplit(".", 1)[1])}
    return f"nothing is recommended under the name `{name}`; " + (
        did_you_mean(name, last) or "`pathway statements` lists the recommendations"
    )


def _print(
    explanation: "Explanation",
    guideline: "Guideline",
    console: Console,
) -> None:
    from pathway_compiler.cli.outcome_text import badge
    from pathway_compiler.diagnostics.terminal import blue, bold, dim, green, red, yellow
    from pathway_compiler.model.describe import describe_fact, fact_label

    style = {"given": green, "possible": yellow, "not given": red}[explanation.verdict]
    grade = blue(badge(explanation.evidence, guideline)) if explanation.evidence else ""
    console.paragraph(f"{bold(explanation.title)} {grade}", "", "  ")
    via = f", by way of {'.'.join(explanation.via)}" if explanation.via else ""
    console.paragraph(f"{style(explanation.verdict)} {dim(explanation.id + via)}", "  ", "  ")

    def told(facts: object) -> str:
        assert isinstance(facts, tuple)
        words = "; ".join(describe_fact(name, value, guideline) for name, value in facts)
        return f" {dim(f'({words})')}" if words else ""

    if explanation.verdict != "not given" and explanation.because:
        heading = "why" if explanation.verdict == "given" else "the way to it"
        console.print(f"  {bold(heading)}")
        for because in explanation.because:
            answer = "" if because.question == because.answer else f" {because.answer}"
            console.paragraph(f"{because.question}{answer}{told(because.facts)}", "    ", "      ")
    whys = list(explanation.reasons)
    if whys or explanation.obstacles:
        heading = "why not" if explanation.verdict == "not given" else "what stands against it"
        if explanation.verdict == "possible":
            heading = "what is open"
        console.print(f"  {bold(heading)}")
    for obstacle in explanation.obstacles:
        gap = "" if obstacle.question.endswith("?") else ":"
        wanted = f"needed: {obstacle.wanted}"
        if obstacle.condition and obstacle.condition != obstacle.wanted:
            wanted += f" ({obstacle.condition})"
        console.paragraph(
            f"{obstacle.question}{gap} {obstacle.found}; {wanted}{told(obstacle.facts)}",
            "    ",
            "      ",
        )
    if not explanation.obstacles or explanation.verdict == "given":
        for reason in whys:
            console.paragraph(reason, "    ", "      ")
    else:
        covered = {f"{o.question}: {o.found}" for o in explanation.obstacles}
        covered |= {f"{o.question}: {o.found}".replace("?:", ":") for o in explanation.obstacles}
        for reason in whys:
            if reason not in covered:
                console.paragraph(reason, "    ", "      ")
    for missing in explanation.missing:
        label = fact_label(guideline, missing.element.split(".")[0])
        console.paragraph(
            f"{yellow('not known:')} {label} ({missing.reason.value})", "    ", "      "
        )
    if explanation.evidence and explanation.verdict != "not given":
        console.print(f"  {bold('source')}")
        for item in explanation.evidence:
            console.paragraph(f"{item.title} {dim(f'({item.section})')}", "    ", "      ")


def _print_what_if(found: "WhatIf", guideline: "Guideline", console: Console) -> None:
    """The alternatives of each verdict, the smallest first, and what was not looked into."""
    from pathway_compiler.analysis.what_if import MOST_FACTS, change_in_words
    from pathway_compiler.diagnostics.terminal import bold, dim
    from pathway_compiler.model.describe import fact_label

    console.print(f"  {bold('what would change it')}")
    if found.settled:
        console.paragraph("no fact would change it at this visit", "    ", "      ")
    elif not found.alternatives:
        console.paragraph(f"no change of up to {MOST_FACTS} facts was found", "    ", "      ")
    verdict = ""
    for alternative in found.alternatives:
        words = " and ".join(change_in_words(c, guideline) for c in alternative.changes)
        would = {"given": "would be given if", "not given": "would not be given if"}
        lead = "or if" if alternative.verdict == verdict else would[alternative.verdict]
        verdict = alternative.verdict
        console.paragraph(f"{lead} {words}", "    ", "      ")
    if found.not_tried:
        labels = "; ".join(fact_label(guideline, name) for name in found.not_tried)
        console.paragraph(dim(f"left as it is: {labels}"), "    ", "      ")
