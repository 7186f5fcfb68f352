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
    from pathway_compiler.engine.explain import Change, Explanation
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.model.guideline import Guideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway explain pathways/seom_abc_2018 patient.json
  pathway explain pathways/seom_abc_2018 patient.json dual_blockade
  pathway explain pathways/seom_abc_2018 patient.json her2_first_line.tdm1 --no-changes

ID is the name of a recommendation or an option, or the end of its full id. Without one,
every recommendation is explained that is given, possible or was within reach."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("patient", metavar="PATIENT", help="a file of one patient, or -")
    parser.add_argument("ids", metavar="ID", nargs="*", help="a recommendation or an option")
    add_run_options(parser)
    parser.add_argument(
        "--no-changes", action="store_true", help="do not look for what would change it"
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.engine.explain import changes_that_matter, explain

    compiled = load_guideline(arguments.guideline, console)
    patient = only_patient([arguments.patient], compiled, arguments.as_of, console)
    outcome, problems = run_one(compiled, patient, choices(arguments, compiled), arguments.patient)
    if outcome is None:
        console.complain(problems)
        return 3
    names = arguments.ids or [
        *(r.id for r in outcome.recommendations),
        *(r.id for r in outcome.not_recommended),
    ]
    found: list[tuple[Explanation, tuple[Change, ...]]] = []
    for name in dict.fromkeys(names):
        explanations = explain(outcome, compiled, name)
        if not explanations:
            raise Stop(2, _unknown(name, compiled))
        for explanation in explanations:
            changes: tuple[Change, ...] = ()
            if arguments.ids and not arguments.no_changes:
                console.progress(f"what would change {explanation.id} …")
                changes = changes_that_matter(compiled, patient, outcome, explanation.id)
            if explanation.id == name or arguments.ids:
                found.append((explanation, changes))
    if arguments.json:
        from pathway_compiler.engine.explain import explanation_to_json

        console.json(
            {
                "format": "pathway-explanation/1",
                "guideline": compiled.name,
                "patient": outcome.patient,
                "as_of": str(outcome.as_of),
                "explanations": [explanation_to_json(e, compiled.guideline, c) for e, c in found],
            }
        )
        return 0
    for number, (explanation, changes) in enumerate(found):
        if number:
            console.print()
        _print(explanation, changes, compiled.guideline, console)
    from pathway_compiler.cli.outcome_text import provenance
    from pathway_compiler.diagnostics.terminal import dim

    console.print()
    console.paragraph(dim(provenance(outcome)))
    return 0


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
    changes: "tuple[Change, ...]",
    guideline: "Guideline",
    console: Console,
) -> None:
    from pathway_compiler.cli.outcome_text import badge
    from pathway_compiler.diagnostics.terminal import blue, bold, dim, green, red, yellow
    from pathway_compiler.model.describe import describe_fact, fact_label

    style = {"given": green, "possible": yellow, "not given": red}[explanation.verdict]
    grade = blue(badge(explanation.evidence)) if explanation.evidence else ""
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
    _changes(changes, guideline, console)


def _changes(changes: "tuple[Change, ...]", guideline: "Guideline", console: Console) -> None:
    """The changes, one line for each fact and verdict."""
    from pathway_compiler.diagnostics.terminal import bold
    from pathway_compiler.model.describe import describe_value, fact_label, fact_type
    from pathway_compiler.model.vocabulary import SetValue

    if not changes:
        return
    console.print(f"  {bold('what would change it, one fact at a time')}")
    lines: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        type_ = fact_type(guideline, change.element)
        value = describe_value(change.otherwise, type_, guideline)
        if isinstance(change.otherwise, SetValue) and isinstance(change.now, SetValue):
            more = change.otherwise.items - change.now.items
            less = change.now.items - change.otherwise.items
            parts = [
                f"{word} " + describe_value(SetValue(frozenset(items)), type_, guideline)
                for word, items in (("with", more), ("without", less))
                if items
            ]
            value = ", ".join(parts)
        lines.setdefault((change.element, change.verdict), []).append(value)
    for (element, verdict), values in lines.items():
        shown = " / ".join(values[:6]) + (" / …" if len(values) > 6 else "")
        console.paragraph(
            f"{verdict} if {fact_label(guideline, element)}: {shown}", "    ", "      "
        )
