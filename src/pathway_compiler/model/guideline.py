"""A whole guideline: everything its files declare, by name and in a stable order."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.acceptance import Acceptance
from pathway_compiler.model.action import Action, ActionClass, Contraindication, Incompatibility
from pathway_compiler.model.case import Case
from pathway_compiler.model.evidence import Evidence, Grading, Moment, Statement
from pathway_compiler.model.pathway import Pathway, Slot
from pathway_compiler.model.types import EnumType
from pathway_compiler.model.vocabulary import (
    Constraint,
    Definition,
    Element,
    Parameter,
    Reading,
    RecordDeclaration,
)

__all__ = ["Guideline", "GuidelineHeader"]


@dataclass(frozen=True, slots=True)
class GuidelineHeader:
    """Name, title and governance of a guideline."""

    name: str
    title: str
    version: str = ""
    publisher: str = ""
    source: str = ""
    language: str = "en"
    grading: str | None = None
    entry: str | None = None
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Guideline:
    """A checked guideline. All mappings are by name, in the order of files and text."""

    header: GuidelineHeader
    gradings: Mapping[str, Grading]
    statements: Mapping[str, Statement]
    moments: Mapping[str, Moment]
    types: Mapping[str, EnumType]
    records: Mapping[str, RecordDeclaration]
    actions: Mapping[str, Action]
    classes: Mapping[str, ActionClass]
    elements: Mapping[str, Element]
    constraints: tuple[Constraint, ...]
    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Definition]
    readings: Mapping[str, Reading]
    contraindications: Mapping[str, Contraindication]
    incompatibilities: Mapping[str, Incompatibility]
    pathways: Mapping[str, Pathway]
    slots: Mapping[str, Slot]
    cases: Mapping[str, Case]
    content_hash: str = field(default="", compare=False)
    names_in_words: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Of a translated guideline: the words for what has a name and no label, such as `high`."""

    @property
    def name(self) -> str:
        return self.header.name

    @property
    def title(self) -> str:
        return self.header.title

    @property
    def grading(self) -> Grading | None:
        return self.gradings.get(self.header.grading or "")

    @property
    def entry(self) -> str | None:
        """The pathway a run starts with: the declared one, or the only one."""
        if self.header.entry:
            return self.header.entry
        return next(iter(self.pathways)) if len(self.pathways) == 1 else None

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        parents: dict[str, list[str]] = {}
        for class_ in self.classes.values():
            for member in class_.members:
                parents.setdefault(member, []).append(class_.name)
        above: dict[str, frozenset[str]] = {}

        def collect(name: str) -> frozenset[str]:
            if name not in above:
                above[name] = frozenset(
                    {name}
                )  # guards against a circle, which is reported elsewhere
                above[name] = frozenset({name}).union(*(collect(p) for p in parents.get(name, ())))
            return above[name]

        for name in (*self.actions, *self.classes):
            collect(name)
        return above

    @cached_property
    def _leaves(self) -> dict[str, tuple[str, ...]]:
        return {
            name: tuple(a for a in self.actions if name in self._above[a])
            for name in (*self.actions, *self.classes)
        }

    def action_and_classes(self, name: str) -> frozenset[str]:
        """The action or class itself and every class that contains it."""
        return self._above.get(name, frozenset({name}))

    def is_a(self, name: str, class_name: str) -> bool:
        """Whether an action or class is the other one or belongs to it."""
        return class_name in self.action_and_classes(name)

    def single_actions(self, name: str) -> tuple[str, ...]:
        """The single actions of a class, in the order of declaration; of an action, itself."""
        return self._leaves.get(name, ())

    def action_label(self, name: str) -> str:
        found = self.actions.get(name) or self.classes.get(name)
        return found.label if found else name

    def printed_evidence(self, statement: Statement) -> Evidence:
        """The evidence that covers a statement: its own, or that of the marker it shares.

        References are never taken over: they stand where they are printed.
        """
        seen = {statement.name}
        evidence = statement.evidence
        while evidence.shared_with and evidence.shared_with not in seen:
            seen.add(evidence.shared_with)
            evidence = self.statements[evidence.shared_with].evidence
        return replace(evidence, references=statement.evidence.references, shared_with=None)
