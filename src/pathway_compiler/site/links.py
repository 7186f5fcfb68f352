"""Where things are on the site. Addresses are made of the author's names, so they last as long as those.

    pathways/NAME.html#NODE, #NODE.OPTION     statements.html#STATEMENT     data.html#ELEMENT
    definitions.html#NAME                     agents.html#NAME              cases/NAME.html

Author's names have no hyphen; anchors of ours all have one, so that the two never meet.
"""

from dataclasses import dataclass
from typing import Protocol

__all__ = [
    "Addresses", "FolderAddresses", "Link", "SingleFileAddresses", "action_link", "case_link",
    "definition_link", "element_link", "node_link", "option_link", "pathway_link", "pathway_page",
    "statement_link",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A page by its name without `.html`, a place on it or the page as a whole, and the words."""

    page: str
    anchor: str
    text: str


def pathway_page(pathway: str) -> str:
    return f"pathways/{pathway}"


def pathway_link(pathway: str, text: str) -> Link:
    return Link(pathway_page(pathway), "", text)


def node_link(pathway: str, node: str, text: str) -> Link:
    return Link(pathway_page(pathway), node, text)


def option_link(pathway: str, node: str, option: str, text: str) -> Link:
    return Link(pathway_page(pathway), f"{node}.{option}", text)


def statement_link(statement: str, text: str) -> Link:
    return Link("statements", statement, text)


def element_link(element: str, text: str) -> Link:
    return Link("data", element, text)


def definition_link(definition: str, text: str) -> Link:
    """A definition, reading or local policy: their names are told apart from each other."""
    return Link("definitions", definition, text)


def action_link(action: str, text: str) -> Link:
    return Link("agents", action, text)


def case_link(case: str, text: str) -> Link:
    return Link(f"cases/{case}", "", text)


class Addresses(Protocol):
    """How links and anchors are written, which differs between a folder of pages and a single file."""

    def href(self, page: str, anchor: str, on: str) -> str:
        """The address of a place, as a link on the page `on` says it."""

    def identity(self, anchor: str, on: str) -> str:
        """The `id` of a place on the page `on`."""

    def case_row(self, case: str) -> str:
        """The `id` of a case's row in the table of all."""

    def elsewhere(self, folder: str, on: str) -> str:
        """The address of the page `on` in another site of the same pages; `folder` leads to that."""


class FolderAddresses:
    """A file for each page; addresses are relative, so that the folder can be carried around."""

    def href(self, page: str, anchor: str, on: str) -> str:
        fragment = f"#{anchor}" if anchor else ""
        if page == on and fragment:
            return fragment
        return f"{'../' * on.count('/')}{page}.html{fragment}"

    def identity(self, anchor: str, on: str) -> str:
        return anchor

    def case_row(self, case: str) -> str:
        return case

    def elsewhere(self, folder: str, on: str) -> str:
        return f"{'../' * on.count('/')}{folder}{on}.html"


class SingleFileAddresses:
    """All pages in one file: the name of the page is part of every `id`.

    Cases have no pages of their own there, which would be most of the file: links to a case lead to its
    row in the table of all.
    """

    def href(self, page: str, anchor: str, on: str) -> str:
        return f"#{self.identity(anchor, page)}"

    def identity(self, anchor: str, on: str) -> str:
        return f"{on}/{anchor}" if anchor else on

    def case_row(self, case: str) -> str:
        return f"cases/{case}"

    def elsewhere(self, folder: str, on: str) -> str:
        return folder
