"""`pathway test`: the guideline's own cases."""

import argparse
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import add_guideline, load_guideline

if TYPE_CHECKING:
    from pathway_compiler.engine.cases import CaseResult
    from pathway_compiler.engine.coverage import Coverage
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.model.case import Case

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway test pathways/seom_abc_2018
  pathway test pathways/seom_abc_2018 --coverage
  pathway test pathways/seom_abc_2018 --case her2_and_bone --verbose"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument(
        "--case", metavar="NAME", action="append", default=[], help="only this case (repeatable)"
    )
    parser.add_argument("--coverage", action="store_true", help="list what no case reaches")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every case")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.engine.cases import run_case
    from pathway_compiler.engine.coverage import coverage

    compiled = load_guideline(arguments.guideline, console)
    cases = _chosen(arguments.case, compiled)
    results: list[CaseResult] = []
    for number, case in enumerate(cases, start=1):
        console.progress(f"case {number} of {len(cases)}: {case.name}")
        results.append(run_case(compiled, case))
    reached = coverage(compiled, results)
    failed = [result for result in results if not result.passed]
    if arguments.json:
        _print_json(results, reached, compiled, console)
    else:
        _print(results, reached, arguments, console)
    return 1 if failed else 0


def _chosen(names: list[str], compiled: "CompiledGuideline") -> "list[Case]":
    from pathway_compiler.diagnostics.suggest import did_you_mean

    cases = compiled.guideline.cases
    for name in names:
        if name not in cases:
            help = did_you_mean(name, cases)
            raise Stop(2, f"there is no case `{name}`" + (f"; {help}" if help else ""))
    return [case for case in cases.values() if not names or case.name in names]


def _print(
    results: "list[CaseResult]",
    reached: "Coverage",
    arguments: argparse.Namespace,
    console: Console,
) -> None:
    from pathway_compiler.cli.outcome_text import counted
    from pathway_compiler.diagnostics.terminal import bold, dim, green, red

    failed = [result for result in results if not result.passed]
    if arguments.verbose:
        for result in results:
            sign = green("passed") if result.passed else red("failed")
            label = f" {dim(result.case.label)}" if result.case.label else ""
            console.paragraph(f"{sign} {result.case.name}{label}", "", "       ")
        console.print()
    for result in failed:
        label = f": {result.case.label}" if result.case.label else ""
        console.print(bold(f"case {result.case.name}{label}"))
        console.diagnostics(result.failures)
        console.print()
    if not results:
        console.print("there are no cases; `case` in dsl/reference.md shows how one is written")
    elif failed:
        console.print(
            red(f"{len(failed)} of {counted(len(results), 'case')} failed")
            + f", {len(results) - len(failed)} passed"
        )
    else:
        passed = "passed" if len(results) == 1 else "all passed"
        console.print(green(f"{counted(len(results), 'case')}: {passed}"))
    if arguments.case and not arguments.coverage:
        return
    told = [f"{part.number} of {len(part.total)} {name}" for name, part in reached.parts]
    console.paragraph("reached: " + ", ".join(told), "", "  ")
    if arguments.coverage:
        for name, part in reached.parts:
            if part.missed:
                console.print(f"\n{bold(f'{name} that no case reaches')}")
                for missed in part.missed:
                    console.print(f"  {missed}")


def _print_json(
    results: "list[CaseResult]",
    reached: "Coverage",
    compiled: "CompiledGuideline",
    console: Console,
) -> None:
    from pathway_compiler.diagnostics.to_json import diagnostic_to_json
    from pathway_compiler.engine.coverage import coverage_to_json

    console.json(
        {
            "format": "pathway-test/1",
            "guideline": compiled.name,
            "content_hash": compiled.guideline.content_hash,
            "passed": sum(result.passed for result in results),
            "failed": sum(not result.passed for result in results),
            "cases": [
                {
                    "name": result.case.name,
                    "label": result.case.label,
                    "passed": result.passed,
                    "failures": [diagnostic_to_json(failure) for failure in result.failures],
                }
                for result in results
            ],
            "coverage": coverage_to_json(reached),
        }
    )
