"""Findings that the author accepts with a reason, and reasons that have nothing left to accept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pathway_compiler.analysis.proof import Obligation
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.acceptance import ACCEPTABLE, Acceptance
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose

__all__ = ["acceptances_of", "apply_acceptances"]


@dataclass(frozen=True, slots=True)
class _Holder:
    """Something that accepts findings about itself."""

    place: str
    span: Span | None
    accepted: tuple[Acceptance, ...]


def apply_acceptances(
    obligations: Sequence[Obligation], problems: Iterable[Diagnostic], guideline: Guideline
) -> tuple[tuple[Obligation, ...], tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The obligations with their accepted findings marked, the other findings that nobody accepts, and
    the acceptances that are stale."""
    everything = list(_holders(guideline))
    holders = [holder for holder in everything if holder.accepted]
    used: set[tuple[str, str]] = set()

    def reason_for(code: str, places: Sequence[str]) -> str | None:
        for holder in holders:
            here = holder.place == "" or any(
                p == holder.place or p.startswith(f"{holder.place}.") for p in places
            )
            for acceptance in holder.accepted if here else ():
                if code in ACCEPTABLE[acceptance.finding]:
                    used.add((holder.place, acceptance.finding))
                    return acceptance.reason
        return None

    marked = []
    for obligation in obligations:
        reason = None
        if obligation.diagnostic is not None:
            places = (".".join(obligation.place), *obligation.place[:2])
            if obligation.kind == "contradicts nothing":
                places = obligation.place
            reason = reason_for(obligation.diagnostic.code, places)
        marked.append(replace(obligation, accepted=reason))
    left = tuple(
        p for p in problems if reason_for(p.code, (_holder_of(p.span, everything),)) is None
    )
    stale = tuple(
        Diagnostic(
            "stale-acceptance",
            f"nothing is left here that `accept {acceptance.finding}` speaks of",
            acceptance.span,
            help="remove it",
        )
        for holder in holders
        for acceptance in holder.accepted
        if (holder.place, acceptance.finding) not in used and acceptance.span is not None
    )
    return tuple(marked), left, stale


def acceptances_of(guideline: Guideline) -> Iterator[Acceptance]:
    """Everything that the author accepts, in the order of the declarations."""
    return (acceptance for holder in _holders(guideline) for acceptance in holder.accepted)


def _holder_of(span: Span, holders: Iterable[_Holder]) -> str:
    """The declaration that a place lies in: the last one that begins before it."""
    before = [
        h
        for h in holders
        if h.span is not None and h.span.source == span.source and h.span.start <= span.start
    ]
    return max(before, key=lambda h: h.span.start if h.span else 0).place if before else ""


def _holders(guideline: Guideline) -> Iterator[_Holder]:
    yield _Holder("", guideline.header.span, guideline.header.accepted)
    for table in (
        guideline.statements,
        guideline.elements,
        guideline.parameters,
        guideline.definitions,
        guideline.readings,
        guideline.contraindications,
        guideline.incompatibilities,
        guideline.slots,
    ):
        for name, record in table.items():
            yield _Holder(name, record.span, record.accepted)
    for number, constraint in enumerate(guideline.constraints):
        yield _Holder(f"constraint {number + 1}", constraint.span, constraint.accepted)
    for pathway in guideline.pathways.values():
        yield _Holder(pathway.name, pathway.span, pathway.accepted)
        for node in pathway.nodes:
            yield _Holder(f"{pathway.name}.{node.name}", node.span, node.accepted)
            if isinstance(node, Choose):
                for option in node.options:
                    yield _Holder(
                        f"{pathway.name}.{node.name}.{option.name}", option.span, option.accepted
                    )
