"""Patients who would reach what the cases of a guideline miss."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pathway_compiler.analysis.generate import generate
from pathway_compiler.analysis.generated import GeneratedPatient
from pathway_compiler.analysis.proof import Witness
from pathway_compiler.analysis.witness import REPLAY_DAY
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.coverage.items import CoverageItem
from pathway_compiler.engine.coverage.report import CoverageReport, coverage
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.case import Case, Given, Visit
from pathway_compiler.patient_data.to_json import patient_to_json

__all__ = ["reaching"]


def reaching(compiled: CompiledGuideline) -> Callable[[CoverageItem], Mapping[str, object] | None]:
    """For something that the cases miss, the facts of a patient who reaches it at a first visit.

    Each is found among the patients that can be generated, and counted as a case would be. They are
    made when first asked for, those for routes before those for conditions.
    """
    known: list[tuple[GeneratedPatient, CoverageReport]] = []
    more = _patients(compiled)

    def patients() -> Iterator[tuple[GeneratedPatient, CoverageReport]]:
        yield from known
        for made in more:
            found = made, _covered(made.witness, made.pathway, compiled)
            known.append(found)
            yield found

    def find(item: CoverageItem) -> Mapping[str, object] | None:
        for made, report in patients():
            if _reaches(report, item):
                patient = made.witness
                few = {name: v for name, v in patient.facts.items() if name in patient.matter}
                fewer = replace(patient, facts=few)
                if _reaches(_covered(fewer, made.pathway, compiled), item):
                    patient = fewer
                data = patient_to_json(patient.patient(), compiled.guideline)["facts"]
                assert isinstance(data, dict)
                return data
        return None

    return find


def _patients(compiled: CompiledGuideline) -> Iterator[GeneratedPatient]:
    for routes, conditions in ((True, False), (False, True)):
        found = generate(compiled, routes=routes, boundary=False, conditions=conditions)
        yield from (made for made in found.patients if not made.witness.waiting)


def _covered(patient: Witness, pathway: str, compiled: CompiledGuideline) -> CoverageReport:
    """What a patient covers, as the only case."""
    nowhere = Span(Source("patient", ""), 0, 0)
    given = tuple(Given(name, value, span=nowhere) for name, value in patient.facts.items())
    visit = Visit(REPLAY_DAY, given, (), span=nowhere)
    case = Case("patient", "", pathway, tuple(patient.settings.items()), (), (visit,), span=nowhere)
    return coverage(compiled, [run_case(compiled, case)])


def _reaches(report: CoverageReport, item: CoverageItem) -> bool:
    """Whether a patient covers an item, or shows a condition with a truth that it lacks."""
    found = next(i for i in report.items if (i.kind, i.id) == (item.kind, item.id))
    if item.kind != "condition":
        return found.covered
    return any(found.true_in if truth else found.false_in for truth in item.lacks)
