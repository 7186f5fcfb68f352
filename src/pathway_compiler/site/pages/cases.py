"""The guideline's own cases: what is given, what comes out, and the route that leads there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.engine.cases import CaseResult, VisitResult
from pathway_compiler.engine.outcome import Outcome, Recommendation, TraceEntry
from pathway_compiler.graph.pathway_graph import START
from pathway_compiler.model.case import Visit
from pathway_compiler.model.describe import describe_value, fact_label, fact_type
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.site.links import (
    Link,
    case_link,
    element_link,
    node_link,
    option_link,
    pathway_link,
)
from pathway_compiler.site.pages.common import Badge, Site, badge, fact_link, in_english

__all__ = [
    "CasePage",
    "CaseRow",
    "CasesPage",
    "FactView",
    "Given",
    "NotGiven",
    "OptionGiven",
    "RouteStep",
    "Tested",
    "VisitView",
    "case_page",
    "cases_page",
]


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact of the patient, or a choice between readings or settings."""

    link: Link
    value: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """An expectation as the author wrote it, and what differs from it; nothing when it is met."""

    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class OptionGiven:
    link: Link
    status: str
    rank: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A recommendation that is given or possible."""

    link: Link
    certainty: str
    direction: str
    badges: tuple[Badge, ...]
    regimen: str
    options: tuple[OptionGiven, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotGiven:
    """A recommendation that the patient comes to, and that is not for her."""

    link: Link
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RouteStep:
    """A node that the patient comes to; `certain` unless data are missing. Answers are those taken."""

    link: Link
    kind: str
    certain: bool
    answers: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class VisitView:
    """One visit: no status when its data are refused or it was not run."""

    label: str
    day: str
    given: tuple[FactView, ...]
    tested: tuple[Tested, ...]
    ran: bool
    status: str
    recommendations: tuple[Given, ...]
    not_given: tuple[NotGiven, ...]
    needs: tuple[FactView, ...]
    reviews: tuple[Link, ...]
    route: tuple[RouteStep, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """A patient with one visit or several."""

    name: str
    label: str
    note: str
    pathway: Link | None
    choices: tuple[FactView, ...]
    visits: tuple[VisitView, ...]
    passed: bool
    place: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the table of all."""

    link: Link
    name: str
    pathway: str
    visits: int
    status: str
    recommendations: int
    passed: bool


@dataclass(frozen=True, slots=True)
class CasesPage:
    rows: tuple[CaseRow, ...]

    @property
    def passed(self) -> int:
        return sum(row.passed for row in self.rows)


def cases_page(pages: Iterable[CasePage]) -> CasesPage:
    return CasesPage(
        tuple(
            CaseRow(
                case_link(page.name, page.label or page.name),
                page.name,
                page.pathway.text if page.pathway else "",
                len(page.visits),
                page.visits[-1].status if page.visits else "",
                sum(
                    given.certainty == "given"
                    for visit in page.visits[-1:]
                    for given in visit.recommendations
                ),
                page.passed,
            )
            for page in pages
        )
    )


def case_page(result: CaseResult, site: Site) -> CasePage:
    guideline, case = site.guideline, result.case
    pathway = case.pathway or guideline.entry
    visits = [_visit(visit, site) for visit in result.visits]
    visits += [_not_run(visit, guideline) for visit in result.not_run]
    return CasePage(
        case.name,
        case.label,
        case.note,
        pathway_link(pathway, guideline.pathways[pathway].label) if pathway else None,
        (
            *(_fact(name, value, guideline) for name, value in case.settings),
            *(_reading(name, alternative, guideline) for name, alternative in case.readings),
        ),
        tuple(visits),
        result.passed,
        site.place(case.span),
    )


def _visit(result: VisitResult, site: Site) -> VisitView:
    guideline = site.guideline
    failed = {failure.span.start: in_english(failure.got) for failure in result.failures}
    tested = tuple(
        Tested(" ".join(e.span.text.split()), failed.pop(e.span.start, ""))
        for e in result.visit.expectations
    )
    tested += tuple(
        Tested(in_english(f.expected), in_english(f.got))
        for f in result.failures
        if f.span.start in failed
    )
    outcome = result.outcome
    if outcome is None:
        return _view(result.visit, tested, True, "refused", guideline)
    return _view(result.visit, tested, True, outcome.status, guideline, outcome)


def _not_run(visit: Visit, guideline: Guideline) -> VisitView:
    tested = tuple(Tested(" ".join(e.span.text.split()), "") for e in visit.expectations)
    return _view(visit, tested, False, "", guideline)


def _view(
    visit: Visit,
    tested: tuple[Tested, ...],
    ran: bool,
    status: str,
    guideline: Guideline,
    outcome: Outcome | None = None,
) -> VisitView:
    return VisitView(
        visit.label,
        str(visit.as_of or ""),
        tuple(
            _fact(given.name, given.value, guideline, str(given.on or "")) for given in visit.given
        ),
        tested,
        ran,
        status,
        *(_results(outcome, guideline) if outcome is not None else ((), (), (), (), ())),
    )


def _results(
    outcome: Outcome, guideline: Guideline
) -> tuple[
    tuple[Given, ...],
    tuple[NotGiven, ...],
    tuple[FactView, ...],
    tuple[Link, ...],
    tuple[RouteStep, ...],
]:
    met = {f"{e.pathway}.{e.node}" for e in outcome.trace if e.activation is not False}
    return (
        tuple(_given(r, guideline) for r in outcome.recommendations),
        tuple(
            NotGiven(_node(n.id, n.title), n.reasons)
            for n in outcome.not_recommended
            if n.id in met
        ),
        tuple(
            FactView(element_link(n.element, fact_label(guideline, n.element)), n.question)
            for n in outcome.needs
        ),
        tuple(_node(review.id, review.title) for review in outcome.reviews),
        tuple(_route(outcome.trace)),
    )


def _given(recommendation: Recommendation, guideline: Guideline) -> Given:
    found = {
        (e.certainty, e.grade): badge(e.certainty, e.grade, e.references, guideline)
        for e in recommendation.evidence
    }
    return Given(
        _node(recommendation.id, recommendation.title),
        recommendation.certainty,
        recommendation.direction,
        tuple(found.values()),
        "; ".join(part.text for part in recommendation.regimen if part.status == "offered"),
        tuple(
            OptionGiven(_node(o.id, o.title), o.status, o.rank, o.reasons)
            for o in recommendation.options
        ),
        tuple(f"{b.question} {b.answer}" for b in recommendation.because),
    )


def _node(id_: str, title: str) -> Link:
    """The place of a recommendation, whose id is pathway and node, perhaps with an option."""
    pathway, node, *option = id_.split(".")
    if option and option[0] != "otherwise_not":
        return option_link(pathway, node, option[0], title)
    return node_link(pathway, node, title)


def _route(trace: Iterable[TraceEntry]) -> Iterator[RouteStep]:
    """What the patient comes to, certainly or perhaps, in the order in which she does."""
    for entry in trace:
        if entry.activation is False:
            continue
        anchor = "" if entry.node == START else entry.node
        yield RouteStep(
            Link(f"pathways/{entry.pathway}", anchor, entry.label or entry.node),
            entry.kind,
            entry.activation is True,
            tuple(b.label or b.name for b in entry.branches if b.taken is True),
            len(entry.via),
        )


def _fact(name: str, value: "Value | Unknown", guideline: Guideline, day: str = "") -> FactView:
    link = fact_link(name, guideline) or element_link(name, fact_label(guideline, name))
    return FactView(link, describe_value(value, fact_type(guideline, name), guideline), day)


def _reading(name: str, alternative: str, guideline: Guideline) -> FactView:
    found = guideline.readings[name].alternative(alternative)
    link = fact_link(name, guideline)
    assert link is not None
    return FactView(link, found.label if found else alternative)
