"""`pathway test`: the guideline's own cases, and what they cover."""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console, Stop, counted
from pathway_compiler.cli.inputs import add_guideline, load_guideline, write_atomically

if TYPE_CHECKING:
    from pathway_compiler.engine.cases import CaseResult, VisitResult
    from pathway_compiler.engine.coverage.items import CoverageItem, Kind
    from pathway_compiler.engine.coverage.report import CoverageReport, Reaching
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.model.case import Case
    from pathway_compiler.model.guideline import Guideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway test pathways/seom_abc_2018
  pathway test pathways/seom_abc_2018 -k bone --coverage
  pathway test pathways/seom_abc_2018 --junit cases.xml --min-coverage 95"""

MINIMUM_KINDS: "tuple[Kind, ...]" = ("node", "branch", "option")
"""What `--min-coverage` is about."""

_MISSED: "Mapping[Kind, str]" = {
    "node": "Nodes that no case reaches",
    "branch": "Branches that no case takes",
    "option": "Options that no case is offered",
    "condition": "Conditions not seen both true and false",
    "statement": "Statements that no case makes use of",
}
_MOST_MISSES = 20
"""So many misses of a kind are listed, unless --verbose."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument(
        "--case", metavar="NAME", action="append", default=[], help="only this case (repeatable)"
    )
    parser.add_argument("-k", metavar="TEXT", help="only cases with this in their name")
    parser.add_argument(
        "--coverage",
        action=argparse.BooleanOptionalAction,
        help="what the cases cover, and why not the rest; shown unless cases are picked, and "
        "when asked for with patients who would reach the rest, which takes seconds",
    )
    parser.add_argument(
        "--min-coverage",
        metavar="PERCENT",
        type=_percent,
        help="exit code 1 when fewer nodes, branches or options are covered",
    )
    parser.add_argument("--junit", metavar="FILE", help="also write the results as JUnit XML")
    parser.add_argument("-v", "--verbose", action="store_true", help="every case and every miss")


def _percent(text: str) -> float:
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError(f"`{text}` is not a percentage from 0 to 100")
    return percent


@dataclass(frozen=True, slots=True)
class _Tested:
    """What came out: of each case, with the seconds of each visit by case and number, and together.

    `report` is None when coverage is left out; `below` are the kinds of which fewer than the `minimum`
    percentage is covered.
    """

    compiled: "CompiledGuideline"
    results: "Sequence[CaseResult]"
    seconds: Mapping[tuple[str, int], float]
    report: "CoverageReport | None"
    seconds_of_coverage: float
    minimum: "Mapping[Kind, float]"
    below: "Sequence[Kind]"


def run(arguments: argparse.Namespace, console: Console) -> int:
    compiled = load_guideline(arguments.guideline, console)
    results, seconds = _run(_chosen(arguments, compiled), compiled, console)
    tested = _covered(arguments, compiled, results, seconds, console)
    if arguments.junit:
        _write_junit(tested, arguments.junit)
    if arguments.json:
        _print_json(tested, console)
    else:
        _print(tested, arguments.verbose, console)
    return 1 if tested.below or any(not result.passed for result in results) else 0


def patients_for_misses(compiled: "CompiledGuideline") -> "Reaching":
    """Where the patients come from who would reach what the cases miss."""
    from pathway_compiler.analysis.reaching import reaching

    return reaching(compiled)


def _chosen(arguments: argparse.Namespace, compiled: "CompiledGuideline") -> "list[Case]":
    from pathway_compiler.diagnostics.suggest import did_you_mean

    cases = compiled.guideline.cases
    for name in arguments.case:
        if name not in cases:
            help = did_you_mean(name, cases)
            raise Stop(2, f"there is no case `{name}`" + (f"; {help}" if help else ""))
    text = (arguments.k or "").casefold()
    chosen = [
        case
        for case in cases.values()
        if (not arguments.case or case.name in arguments.case) and text in case.name.casefold()
    ]
    if text and not chosen:
        raise Stop(2, f"no case has `{arguments.k}` in its name")
    return chosen


def _run(
    cases: "Sequence[Case]", compiled: "CompiledGuideline", console: Console
) -> "tuple[list[CaseResult], dict[tuple[str, int], float]]":
    """What came out of the cases, and how many seconds each visit took."""
    from pathway_compiler.engine.cases import CaseResult, run_visits

    results: list[CaseResult] = []
    seconds: dict[tuple[str, int], float] = {}
    for number, case in enumerate(cases, start=1):
        console.progress(f"case {number} of {len(cases)}: {case.name}")
        visits: list[VisitResult] = []
        began = time.perf_counter()
        for visit in run_visits(compiled, case):
            visits.append(visit)
            ended = time.perf_counter()
            seconds[case.name, visit.number] = ended - began
            began = ended
        results.append(CaseResult(case, tuple(visits)))
    return results, seconds


def _covered(
    arguments: argparse.Namespace,
    compiled: "CompiledGuideline",
    results: "Sequence[CaseResult]",
    seconds: Mapping[tuple[str, int], float],
    console: Console,
) -> _Tested:
    """What the cases cover together; with a minimum it is always looked at."""
    from pathway_compiler.engine.coverage.report import coverage, with_patients

    percent = arguments.min_coverage
    wanted = arguments.coverage
    if wanted is None:
        wanted = percent is not None or not (arguments.case or arguments.k)
    if not wanted and percent is None:
        return _Tested(compiled, results, seconds, None, 0.0, {}, ())
    console.progress("what the cases cover …")
    began = time.perf_counter()
    report = coverage(compiled, results)
    if arguments.coverage:  # looking for patients takes seconds
        report = with_patients(report, patients_for_misses(compiled))
    minimum = {} if percent is None else dict.fromkeys(MINIMUM_KINDS, percent)
    below = [kind for kind in minimum if report.tally(kind).below(minimum[kind])]
    took = time.perf_counter() - began
    return _Tested(compiled, results, seconds, report if wanted else None, took, minimum, below)


# For machines.


def _print_json(tested: _Tested, console: Console) -> None:
    from pathway_compiler.engine.cases_to_json import results_to_json
    from pathway_compiler.engine.coverage.items import KINDS

    console.json(
        {
            **results_to_json(tested.compiled, tested.results, tested.report),
            "minimum_coverage": {KINDS[kind]: percent for kind, percent in tested.minimum.items()},
            "below_minimum": [KINDS[kind] for kind in tested.below],
        }
    )


def _write_junit(tested: _Tested, path: str) -> None:
    from pathway_compiler.cli.junit import junit_xml

    text = junit_xml(
        tested.compiled.name,
        tested.results,
        tested.seconds,
        tested.report,
        tested.seconds_of_coverage,
        tested.minimum,
    )
    write_atomically(path, text)


# For people.


def _print(tested: _Tested, verbose: bool, console: Console) -> None:
    from pathway_compiler.diagnostics.terminal import dim, green, red
    from pathway_compiler.engine.coverage.items import KINDS

    if verbose:
        for result in tested.results:
            sign = green("passed") if result.passed else red("failed")
            label = f" {dim(result.case.label)}" if result.case.label else ""
            console.paragraph(f"{sign} {result.case.name}{label}", "", "       ")
        console.print()
    for result in tested.results:
        if not result.passed:
            _print_failed(result, console)
    if tested.report is not None and tested.results:
        _print_table(tested.report, tested.minimum, console)
        _print_misses(tested.report, tested.compiled.guideline, verbose, console)
    _print_number(tested.results, console)
    for kind in tested.below:
        few = f"too few {KINDS[kind]} are covered: less than {tested.minimum[kind]:g} %"
        console.print(red(few))


def _print_failed(result: "CaseResult", console: Console) -> None:
    """Where a case differs from what it expects, visit by visit."""
    from pathway_compiler.diagnostics.terminal import bold, dim, red

    case = result.case
    label = f" {bold(case.label)}" if case.label else ""
    console.paragraph(f"{red('failed')} {bold(case.name)}{label}", "", "       ")
    for visit in result.visits:
        for failure in visit.failures:
            place = f"{failure.span.source.name}:{failure.span.line}"
            if len(case.visits) > 1:
                at = f": {visit.visit.label}" if visit.visit.label else ""
                place += f", visit {visit.number}{at}"
            console.paragraph(dim(place), "  ", "  ")
            console.paragraph(failure.expected, "    expected  ", " " * 14)
            console.paragraph(failure.got, "    got       ", " " * 14)
            if failure.diagnostic.help:
                console.paragraph(failure.diagnostic.help, "    help      ", " " * 14)
    if result.not_run:
        console.print(dim(f"  {_visits(len(result.not_run))} not run"))
    console.print()


def _visits(number: int) -> str:
    return "1 later visit is" if number == 1 else f"{number} later visits are"


def _print_number(results: "Sequence[CaseResult]", console: Console) -> None:
    from pathway_compiler.diagnostics.terminal import green, red

    failed = sum(not result.passed for result in results)
    if not results:
        console.print("there are no cases; `case` in dsl/reference.md shows how one is written")
    elif failed:
        number = red(f"{failed} of {counted(len(results), 'case')} failed")
        console.print(f"{number}, {len(results) - failed} passed")
    else:
        passed = "passed" if len(results) == 1 else "all passed"
        console.print(green(f"{counted(len(results), 'case')}: {passed}"))


def _print_table(
    report: "CoverageReport", minimum: "Mapping[Kind, float]", console: Console
) -> None:
    from pathway_compiler.diagnostics.terminal import bold, green, red, yellow
    from pathway_compiler.engine.coverage.items import KINDS

    tallies = report.tallies
    digits = max(len(str(tally.total)) for tally in tallies.values())
    console.print(bold("Covered"))
    for kind, tally in tallies.items():
        numbers = f"{tally.covered:{digits}} of {tally.total:{digits}}"
        if tally.percent is None:
            percent = "   –"
        elif tally.below(minimum.get(kind, 0)):
            percent = red(f"{tally.percent:3} %")
        else:
            percent = (green if tally.percent == 100 else yellow)(f"{tally.percent:3} %")
        console.print(f"  {KINDS[kind]:<12}{numbers}  {percent}")
    console.print()


def _print_misses(
    report: "CoverageReport", guideline: "Guideline", verbose: bool, console: Console
) -> None:
    """What no case covers, with the reason; neighbours that share it are told together."""
    from pathway_compiler.diagnostics.terminal import bold, dim

    for kind, title in _MISSED.items():
        missed = report.missed(kind)
        shown = missed if verbose else missed[:_MOST_MISSES]
        if not missed:
            continue
        console.print(bold(title))
        where = ""
        for (reason, patient), group in groupby(shown, lambda item: (item.reason, item.patient)):
            for item in group:
                if item.where != where:
                    _print_place(item, console)
                    where = item.where
                if item.kind == "condition":
                    console.paragraph(item.label, "    ", "      ")
            console.paragraph(reason or "", "      ", "      ")
            if patient is not None:
                told = _patient_in_words(patient, guideline)
                console.paragraph(f"{dim('such a patient:')} {told}", "      ", "        ")
        if len(shown) < len(missed):
            console.print(dim(f"  and {len(missed) - len(shown)} more; --verbose lists all"))
        console.print()


def _print_place(item: "CoverageItem", console: Console) -> None:
    from pathway_compiler.diagnostics.terminal import blue, dim, unbroken

    parts = [blue(item.where)]
    if item.kind != "condition":
        parts.append(item.label)
    if item.span is not None:
        file = item.span.source.name.rsplit("/", 1)[-1]
        parts.append(dim(unbroken(f"({file}:{item.span.line})")))
    console.paragraph(" ".join(parts), "  ", "    ")


def _patient_in_words(facts: "Mapping[str, object]", guideline: "Guideline") -> str:
    """The facts as they stand in a case: `her2_status = positive; metastatic_sites = {bone}`."""
    import json

    from pathway_compiler.analysis.case_text import literal_text
    from pathway_compiler.patient_data.read import patient_from_facts

    told = []
    for name, value in facts.items():
        patient = patient_from_facts({name: value}, guideline, id="found").patient
        given = patient.facts.get(name, ()) if patient is not None else ()
        text = json.dumps(value, ensure_ascii=False)
        if given:
            text = literal_text(given[-1].value, name, guideline)
        told.append(f"{name} = {text}")
    return "; ".join(told)
