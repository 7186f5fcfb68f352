"""What came out of cases as JUnit XML, the way systems of continuous integration read it."""

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from pathway_compiler.engine.cases import CaseResult, Failure
from pathway_compiler.engine.coverage.items import KINDS, Kind
from pathway_compiler.engine.coverage.report import CoverageReport
from pathway_compiler.model.case import Case, Visit

__all__ = ["junit_xml"]


def junit_xml(
    guideline: str,
    results: Sequence[CaseResult],
    seconds: Mapping[tuple[str, int], float],
    report: CoverageReport | None,
    seconds_of_coverage: float,
    minimum: Mapping[Kind, float],
) -> str:
    """A suite for each file with cases, a test for each visit, and a suite for what they cover.

    `seconds` says how long each visit took, by case and number. For each kind that has a `minimum`
    percentage of coverage there is a test that fails below it.
    """
    root = ET.Element("testsuites", name=_held(guideline))
    total = 0.0
    files: dict[str, list[CaseResult]] = {}
    for result in results:
        files.setdefault(result.case.span.source.name, []).append(result)
    for file, of_file in files.items():
        suite = ET.SubElement(root, "testsuite", name=_held(file))
        for result in of_file:
            for number, visit in enumerate(result.case.visits, start=1):
                _visit(suite, guideline, result, number, visit, seconds)
        taken = sum(seconds[r.case.name, v.number] for r in of_file for v in r.visits)
        _sum_up(suite, taken)
        total += taken
    if report is not None:
        suite = ET.SubElement(root, "testsuite", name=_held(f"coverage of {guideline}"))
        _coverage(suite, guideline, report, minimum)
        _sum_up(suite, seconds_of_coverage)
        total += seconds_of_coverage
    _sum_up(root, total)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _sum_up(element: ET.Element, seconds: float) -> None:
    """The numbers that stand at a suite, and at all suites together."""
    tests = list(element.iter("testcase"))
    element.set("tests", str(len(tests)))
    element.set("failures", str(sum(test.find("failure") is not None for test in tests)))
    element.set("errors", "0")
    element.set("skipped", str(sum(test.find("skipped") is not None for test in tests)))
    element.set("time", _time(seconds))


def _time(seconds: float) -> str:
    return f"{seconds:.6f}"


def _visit(
    suite: ET.Element,
    guideline: str,
    result: CaseResult,
    number: int,
    visit: Visit,
    seconds: Mapping[tuple[str, int], float],
) -> None:
    case = result.case
    test = ET.SubElement(
        suite,
        "testcase",
        classname=_held(f"{guideline}.{case.name}"),
        name=_held(_name(case, number, visit)),
        file=_held(visit.span.source.name),
        line=str(visit.span.line),
    )
    if number > len(result.visits):
        ET.SubElement(test, "skipped", message="the data of an earlier visit are refused")
        return
    test.set("time", _time(seconds[case.name, number]))
    failures = result.visits[number - 1].failures
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        message = f"expected: {failures[0].expected}; got: {failures[0].got}{more}"
        _failure(test, message, "\n\n".join(_text(failure) for failure in failures))


def _name(case: Case, number: int, visit: Visit) -> str:
    name = case.label or case.name
    if len(case.visits) == 1:
        return name
    return f"{name}, visit {number}" + (f": {visit.label}" if visit.label else "")


def _failure(test: ET.Element, message: str, text: str) -> None:
    element = ET.SubElement(test, "failure", type="case-failed", message=_held(message))
    element.text = _held(text)


def _text(failure: Failure) -> str:
    lines = [str(failure.span), f"expected: {failure.expected}", f"got: {failure.got}"]
    if failure.diagnostic.help:
        lines.append(f"help: {failure.diagnostic.help}")
    return "\n".join(lines)


def _coverage(
    suite: ET.Element, guideline: str, report: CoverageReport, minimum: Mapping[Kind, float]
) -> None:
    properties = ET.SubElement(suite, "properties")
    for kind, tally in report.tallies.items():
        percent = "" if tally.percent is None else str(tally.percent)
        for name, value in (
            ("covered", str(tally.covered)),
            ("total", str(tally.total)),
            ("percent", percent),
        ):
            ET.SubElement(
                properties, "property", name=f"coverage.{KINDS[kind]}.{name}", value=value
            )
    for kind, percent_wanted in minimum.items():
        test = ET.SubElement(
            suite,
            "testcase",
            classname=_held(f"{guideline}.coverage"),
            name=f"{KINDS[kind]}: at least {percent_wanted:g} %",
        )
        tally = report.tally(kind)
        if tally.below(percent_wanted):
            missed = [f"{item.id}: {item.reason}" for item in report.missed(kind)]
            message = f"{tally.covered} of {tally.total} {KINDS[kind]} are covered"
            _failure(test, message, "\n".join(missed))


_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _held(text: str) -> str:
    """The text with signs for the characters that XML cannot hold, and for carriage returns."""
    return _NOT_IN_XML.sub(
        lambda match: chr(0x2400 + ord(match.group())) if match.group() < " " else "\ufffd", text
    )
