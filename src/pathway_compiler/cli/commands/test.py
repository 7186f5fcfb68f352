"""`pathway test`: the guideline's own cases, and what they reach."""

import argparse

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import add_guideline, load_guideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway test pathways/seom_abc_2018
  pathway test pathways/seom_abc_2018 --coverage       what no case reaches
  pathway test my_guideline --case unknown_fitness"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("--case", metavar="NAME", action="append", default=[], help="only this one")
    parser.add_argument("--coverage", action="store_true", help="list what no case reaches")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.cli.outcome_text import counted
    from pathway_compiler.diagnostics.suggest import did_you_mean
    from pathway_compiler.diagnostics.to_json import diagnostic_to_json
    from pathway_compiler.engine.cases import run_case
    from pathway_compiler.engine.coverage import coverage_of

    compiled = load_guideline(arguments.guideline, console)
    cases = compiled.guideline.cases
    for name in arguments.case:
        if name not in cases:
            raise Stop(2, f"there is no case `{name}`; {did_you_mean(name, cases) or ''}")
    chosen = [c for c in cases.values() if not arguments.case or c.name in arguments.case]
    results = []
    for number, case in enumerate(chosen, start=1):
        console.progress(f"case {number} of {len(chosen)}: {case.name}")
        results.append(run_case(compiled, case))
    console.end_progress()
    failures = [failure for result in results for failure in result.failures]
    failed = sum(not result.passed for result in results)
    coverage = coverage_of(compiled, [o for result in results for o in result.outcomes])
    if arguments.json:
        console.json(
            {
                "cases": [
                    {
                        "name": r.case.name,
                        "title": r.case.label,
                        "passed": r.passed,
                        "failures": [diagnostic_to_json(f) for f in r.failures],
                    }
                    for r in results
                ],
                "passed": len(results) - failed,
                "failed": failed,
                "coverage": [
                    {
                        "what": part.what,
                        "reached": part.reached,
                        "all": part.total,
                        "missed": list(part.missed),
                    }
                    for part in coverage
                ],
            }
        )
        return 1 if failed else 0
    console.diagnostics(failures)
    console.print(
        f"{counted(len(results), 'case')}: {len(results) - failed} passed, {failed} failed"
    )
    if not arguments.case:
        told = [f"{part.reached} of {part.total} {part.what}" for part in coverage]
        console.paragraph("reached: " + ", ".join(told), "", "  ")
        for part in coverage:
            if arguments.coverage and part.missed:
                console.print(f"{part.what} that no case reaches:")
                for missed in part.missed:
                    console.print(f"  {missed}")
    return 1 if failed else 0
