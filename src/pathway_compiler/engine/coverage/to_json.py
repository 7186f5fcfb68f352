"""Coverage as JSON data; the schema is part of `dsl/test-result.schema.json`."""

from pathway_compiler.diagnostics.to_json import place_to_json
from pathway_compiler.engine.coverage.items import KINDS, CoverageItem
from pathway_compiler.engine.coverage.report import CoverageReport

__all__ = ["coverage_to_json"]

Json = dict[str, object]


def coverage_to_json(report: CoverageReport) -> Json:
    """The number of each kind, and every item."""
    return {
        "counts": {
            KINDS[kind]: {"covered": t.covered, "total": t.total, "percent": t.percent}
            for kind, t in report.tallies.items()
        },
        "items": [_item(item) for item in report.items],
    }


def _item(item: CoverageItem) -> Json:
    found: Json = {
        "kind": item.kind,
        "id": item.id,
        "label": item.label,
        "place": None if item.span is None else place_to_json(item.span),
        "covered": item.covered,
        "cases": list(item.cases),
        "reason": item.reason,
        "patient": None if item.patient is None else dict(item.patient),
    }
    if item.kind == "condition":
        found["true_in"] = list(item.true_in)
        found["false_in"] = list(item.false_in)
        found["unknown_in"] = list(item.unknown_in)
        found["lacks"] = list(item.lacks)
    return found
