"""`pathway prove`: what holds for every patient, and a patient for whom it does not."""

import argparse
import time
from typing import TYPE_CHECKING

from pathway_compiler.cli.console import Console
from pathway_compiler.cli.inputs import add_guideline

if TYPE_CHECKING:
    from pathway_compiler.analysis.proof import Obligation, Proof

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway prove pathways/seom_abc_2018
  pathway prove pathways/seom_abc_2018 --all
  pathway prove pathways/seom_abc_2018 --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
    parser.add_argument("--all", action="store_true", help="list every obligation, proved ones too")
    parser.add_argument("--cases", action="store_true", help="print the patients found as cases")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from pathway_compiler.diagnostics.diagnostic import has_errors
    from pathway_compiler.driver import compile_unless_kept, read_guideline

    console.progress("proving …")
    sources, unreadable = read_guideline(arguments.guideline)
    if unreadable:
        console.complain(unreadable)
        return 3
    began = time.perf_counter()
    compilation = compile_unless_kept(sources, thoroughly=True)
    seconds = time.perf_counter() - began
    console.end_progress()
    proof = compilation.proof
    if proof is None:
        console.complain(compilation.diagnostics)
        return 1
    if arguments.json:
        from pathway_compiler.analysis.proof_to_json import proof_to_json

        console.json({**proof_to_json(proof), "seconds": round(seconds, 3)})
    else:
        _print(proof, seconds, arguments, console)
    open_ = any(
        o.verdict != "proved" and o.accepted is None and _matters(o) for o in proof.obligations
    )
    return 1 if open_ or has_errors(compilation.diagnostics) else 0


def _matters(obligation: "Obligation") -> bool:
    """Whether an obligation counts as a finding; a note, or what another finding explains, does not."""
    from pathway_compiler.diagnostics.codes import Severity

    diagnostic = obligation.diagnostic
    if diagnostic is None:
        return obligation.verdict == "undecided"
    return diagnostic.severity is not Severity.NOTE


def _print(proof: "Proof", seconds: float, arguments: argparse.Namespace, console: Console) -> None:
    from pathway_compiler.analysis.case_text import case_text
    from pathway_compiler.diagnostics.terminal import bold, dim, green, red, yellow

    found = [o for o in proof.obligations if o.diagnostic is not None and o.accepted is None]
    for obligation in found:
        assert obligation.diagnostic is not None
        console.diagnostics([obligation.diagnostic])
        if arguments.cases and obligation.witness is not None:
            console.print(dim("  as a case:"))
            name = "_".join(obligation.place).replace(".", "_")
            title = f"Finding: {obligation.diagnostic.code} at {' / '.join(obligation.place)}"
            case = case_text(obligation.witness, proof.guideline, name, title)
            console.print("\n".join(f"    {line}" for line in case.splitlines()))
        console.print()
    accepted = [o for o in proof.obligations if o.accepted is not None]
    if accepted:
        console.print(bold("Accepted"))
        for obligation in accepted:
            assert obligation.diagnostic is not None
            console.paragraph(
                f"{obligation.diagnostic.message}: {obligation.accepted}", "  ", "    "
            )
        console.print()
    if arguments.all:
        for obligation in proof.obligations:
            console.print(
                f"{obligation.verdict:10} {obligation.kind:28} {'.'.join(obligation.place)}"
            )
        console.print()
    console.print(bold("What every patient can rely on"))
    kinds = dict.fromkeys(o.kind for o in proof.obligations)
    for kind in kinds:
        of_kind = [o for o in proof.obligations if o.kind == kind]
        proved = sum(o.verdict == "proved" for o in of_kind)
        refuted = sum(o.verdict == "refuted" for o in of_kind)
        undecided = len(of_kind) - proved - refuted
        parts = [f"{proved:4} proved"]
        if refuted:
            parts.append(red(f"{refuted} not so"))
        if undecided:
            parts.append(yellow(f"{undecided} undecided"))
        console.print(f"  {kind:28} {', '.join(parts)}")
    total = len(proof.obligations)
    proved = sum(o.verdict == "proved" for o in proof.obligations)
    style = green if proved == total else yellow
    console.print(
        style(f"{proved} of {total} proved") + dim(f", {len(accepted)} accepted; {seconds:.2f} s")
    )
