"""What is found out about a guideline before its site is written: by its cases, and by proof.

It is a value of its own because it takes longer than writing: a preview writes the site with what was
found about an earlier text, and again when the new findings are there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pathway_compiler.analysis.proof import Proof
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.engine.cases import CaseResult, run_case
from pathway_compiler.engine.coverage.report import coverage
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.language import speaking
from pathway_compiler.site.pages.cases import CasePage, case_page
from pathway_compiler.site.pages.common import site_of
from pathway_compiler.site.pages.reports import (
    CoveragePage,
    Finding,
    ProofPage,
    coverage_page,
    findings,
    proof_page,
)

__all__ = ["Checked", "check"]


@dataclass(frozen=True, slots=True)
class Checked:
    """The pages of cases, coverage and proof, and the findings; `content_hash` is that of the text."""

    content_hash: str
    cases: tuple[CasePage, ...]
    coverage: CoveragePage
    proof: ProofPage | None
    findings: tuple[Finding, ...]


def check(
    compiled: CompiledGuideline,
    *,
    proof: Proof | None = None,
    diagnostics: Iterable[Diagnostic] = (),
    results: Iterable[CaseResult] | None = None,
    judged: Mapping[str, CaseResult] | None = None,
) -> Checked:
    """Run the cases (unless there are results) and lay out what they and the proof say.

    `judged` are the results in the language in which the cases were written, when this is another one:
    a case may ask for words of a reason, which only those have.
    """
    site = site_of(compiled)
    if results is None:
        results = (run_case(compiled, case) for case in compiled.guideline.cases.values())
    ran = tuple(results)
    if judged is not None:
        ran = tuple(_as_judged(result, judged[result.case.name]) for result in ran)
    with speaking(compiled.guideline.header.language):
        return Checked(
            compiled.guideline.content_hash,
            tuple(case_page(result, site) for result in ran),
            coverage_page(coverage(compiled, ran), site),
            proof_page(proof, site) if proof is not None else None,
            findings(tuple(diagnostics), site),
        )


def _as_judged(result: CaseResult, judged: CaseResult) -> CaseResult:
    """What came out in one language, with the failures that were found in another."""
    visits = zip(result.visits, judged.visits, strict=True)
    return replace(
        result, visits=tuple(replace(one, failures=other.failures) for one, other in visits)
    )
