"""What came out of cases as JSON data; the schema is `dsl/test-result.schema.json`."""

from collections.abc import Sequence

from pathway_compiler.diagnostics.to_json import place_to_json
from pathway_compiler.engine.cases import CaseResult, Failure, VisitResult
from pathway_compiler.engine.coverage.report import CoverageReport
from pathway_compiler.engine.coverage.to_json import coverage_to_json
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.case import Visit

__all__ = ["FORMAT", "results_to_json"]

FORMAT = "pathway-test/1"

Json = dict[str, object]


def results_to_json(
    compiled: CompiledGuideline, results: Sequence[CaseResult], report: CoverageReport | None
) -> Json:
    """Every case with its visits, and what the cases cover."""
    guideline = compiled.guideline
    return {
        "format": FORMAT,
        "guideline": guideline.name,
        "version": guideline.header.version,
        "content_hash": guideline.content_hash,
        "passed": sum(result.passed for result in results),
        "failed": sum(not result.passed for result in results),
        "cases": [_case(result) for result in results],
        "coverage": None if report is None else coverage_to_json(report),
    }


def _case(result: CaseResult) -> Json:
    case = result.case
    first_not_run = len(result.visits) + 1
    return {
        "name": case.name,
        "label": case.label,
        "place": place_to_json(case.span),
        "passed": result.passed,
        "visits": [
            *(_visit(v.visit, v.number, v) for v in result.visits),
            *(_visit(v, number) for number, v in enumerate(result.not_run, start=first_not_run)),
        ],
    }


def _visit(visit: Visit, number: int, result: VisitResult | None = None) -> Json:
    """A visit that did not run comes after one whose data are refused."""
    came_out = "not run" if result is None else "failed" if result.failures else "passed"
    return {
        "number": number,
        "label": visit.label,
        "as_of": str(visit.as_of),
        "result": came_out,
        "refused": result is not None and result.outcome is None,
        "failures": [_failure(failure) for failure in result.failures] if result else [],
    }


def _failure(failure: Failure) -> Json:
    return {
        "expected": failure.expected,
        "got": failure.got,
        "help": failure.diagnostic.help,
        "place": place_to_json(failure.span),
    }
