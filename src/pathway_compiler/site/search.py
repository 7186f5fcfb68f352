"""The search index: every place of the guideline with its words, made while the site is built.

Medicines are found by every name they have: a place that names one carries its number, and the page
looks the names up in one table.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathway_compiler.model.guideline import Guideline
from pathway_compiler.site.links import Addresses, Link
from pathway_compiler.site.pages.cases import CasePage
from pathway_compiler.site.pages.evidence import StatementsPage
from pathway_compiler.site.pages.pathway import CourseView, PathwayPage
from pathway_compiler.site.pages.vocabulary import AgentsPage, DataPage, DefinitionsPage

__all__ = ["Entry", "index_of", "search_entries"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place that can be found: its kind, its words, and the actions it names."""

    kind: str
    link: Link
    within: str
    text: str
    actions: tuple[str, ...] = ()


def search_entries(
    pathways: Iterable[PathwayPage],
    statements: StatementsPage,
    data: DataPage,
    definitions: DefinitionsPage,
    agents: AgentsPage,
    cases: Iterable[CasePage],
) -> Iterator[Entry]:
    """Everything that can be found, in the order in which equal matches are listed."""
    for agent in agents.actions:
        codes = " ".join(code.code for code in agent.codes)
        yield Entry(
            agent.kind,
            Link("agents", agent.name, agent.label),
            "",
            f"{agent.name} {codes}",
            (agent.name,),
        )
    for class_ in agents.classes:
        members = " ".join(link.text for link in class_.members)
        link = Link("agents", class_.name, class_.label)
        yield Entry("class", link, "", f"{class_.name} {members}")
    for pathway in pathways:
        yield from _pathway(pathway)
    for row in statements.rows:
        s = row.statement
        grade = f"GR {s.badge.grade}" if s.badge.grade else ""
        text = f"{s.name} {s.section} {grade} {s.note} {' '.join(s.issues)}"
        yield Entry("statement", s.link, s.section, text)
    for element in data.elements:
        codes = " ".join(code.code for code in element.codes)
        values = " ".join(value.label for value in element.type.values)
        text = f"{element.name} {element.question} {element.hint} {codes} {values}"
        yield Entry("element", Link("data", element.name, element.label), "", text)
    for definition in definitions.definitions:
        link = Link("definitions", definition.name, definition.label)
        rows = " ".join(row.condition.text for row in definition.rows if row.condition)
        yield Entry("definition", link, "", f"{definition.name} {rows}")
    for reading in definitions.readings:
        link = Link("definitions", reading.name, reading.label)
        told = " ".join(a.label for a in reading.alternatives)
        yield Entry("reading", link, "", f"{reading.name} {told}")
    for policy in definitions.policies:
        yield Entry("policy", Link("definitions", policy.name, policy.label), "", policy.name)
    for case in cases:
        link = Link(f"cases/{case.name}", "", case.label or case.name)
        yield Entry("case", link, "", f"{case.name} {case.note}")


def _pathway(page: PathwayPage) -> Iterator[Entry]:
    home = f"pathways/{page.name}"
    yield Entry("pathway", Link(home, "", page.label), "", f"{page.name} {page.note}")
    for node in page.nodes:
        answers = " ".join(answer.label for answer in node.answers)
        conditions = " ".join(a.condition.text for a in node.answers if a.condition)
        words, actions = _course(node.course)
        text = f"{node.anchor} {answers} {conditions} {words} {node.note} {' '.join(node.issues)}"
        yield Entry(node.kind, Link(home, node.anchor, node.label), page.label, text, actions)
        for option in node.options:
            words, actions = _course(option.course)
            text = f"{words} {option.note} {' '.join(option.issues)}"
            link = Link(home, option.anchor, option.label)
            yield Entry("option", link, f"{page.label}: {node.label}", text, actions)


def _course(course: CourseView | None) -> tuple[str, tuple[str, ...]]:
    if course is None:
        return "", ()
    parts = [r.condition.text for r in course.requirements]
    parts += [line.text for line in course.actions]
    parts += [caution.text for caution in course.cautions]
    links = [*(link for line in course.actions for link in line.actions), *course.avoids]
    return " ".join(parts), tuple(dict.fromkeys(link.anchor for link in links))


def index_of(
    entries: Iterable[Entry], guideline: Guideline, addresses: Addresses
) -> dict[str, object]:
    """The index as JSON: addresses as from the front page, actions by number into their names."""
    numbers = {name: number for number, name in enumerate(guideline.actions)}
    return {
        "names": [[a.label, *a.synonyms] for a in guideline.actions.values()],
        "entries": [
            [
                entry.kind,
                entry.link.text,
                addresses.href(entry.link.page, entry.link.anchor, "index"),
                entry.within,
                " ".join(entry.text.split()),
                [numbers[name] for name in entry.actions if name in numbers],
            ]
            for entry in entries
        ],
    }
