"""Whether each decision and definition covers every patient, and none twice, by enumeration.

Every combination of the values that the conditions tell apart is tried, for the patients who can get
to the decision. A decision with more combinations than `MOST` is reported as not checked.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from math import prod

from pathway_compiler.analysis.abstraction import (
    DEEPEST,
    LARGEST,
    Assignment,
    Fact,
    FactValue,
    TooLarge,
    assignments,
    facts_of,
    test_of,
    written_out,
)
from pathway_compiler.datatypes.truth import Truth, kleene_not, kleene_or
from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.graph.pathway_graph import START, PathwayGraph
from pathway_compiler.model.describe import describe_condition, describe_number, describe_value
from pathway_compiler.model.expression import And, Expression, Not, Or, Reference, children
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Branch, Decision
from pathway_compiler.model.types import BooleanType, QuantityType, SetType
from pathway_compiler.semantics.checks import readings_read, references

__all__ = ["MOST", "DecisionCheck", "check_decisions"]

MOST = 20_000
"""Combinations tried for one decision."""
MOST_READINGS = 64
"""Combinations of readings under which one decision is tried."""


@dataclass(frozen=True, slots=True)
class DecisionCheck:
    """What was found, and by pathway the plain decisions that are complete."""

    problems: tuple[Diagnostic, ...]
    complete: dict[str, frozenset[str]] = field(default_factory=dict)


def check_decisions(guideline: Guideline, graphs: dict[str, PathwayGraph]) -> DecisionCheck:
    """Check every decision in its context, and every definition with rows."""
    problems: list[Diagnostic] = []
    complete: dict[str, frozenset[str]] = {}
    constraints = list(_small_enough((c.condition for c in guideline.constraints), guideline))
    for name, graph in graphs.items():
        proved: set[str] = set()
        contexts = _Contexts(graph, guideline)
        for node in graph.pathway.nodes:
            if isinstance(node, Decision):
                found, is_complete = _check_decision(node, contexts, constraints, guideline)
                problems.extend(found)
                if is_complete and _is_complete_otherwise_read(node, graph, guideline):
                    proved.add(node.name)
        complete[name] = frozenset(proved)
    problems.extend(_check_definitions(guideline, constraints))
    return DecisionCheck(tuple(problems), complete)


def _is_complete_otherwise_read(node: Decision, graph: PathwayGraph, guideline: Guideline) -> bool:
    """Whether a decision is complete as well when a reviewer switches the readings that it rests on.

    A gap there is no mistake of the author, who defends the chosen readings; only nothing may be
    concluded from the decision being complete.
    """
    if any(b.condition is None for b in node.branches):
        return True
    names = sorted(
        {
            name
            for b in node.branches
            if b.condition is not None
            for name in readings_read(b.condition, guideline)
        }
    )
    if not names:
        return True
    choices = [guideline.readings[name].alternatives for name in names]
    if prod(map(len, choices)) > MOST_READINGS:
        return False
    for chosen in product(*choices):
        switched = dict(guideline.readings)
        for name, wanted in zip(names, chosen, strict=True):
            alternatives = (replace(a, chosen=a == wanted) for a in switched[name].alternatives)
            switched[name] = replace(switched[name], alternatives=tuple(alternatives))
        other = replace(guideline, readings=switched)
        constraints = list(_small_enough((c.condition for c in other.constraints), other))
        if not _check_decision(node, _Contexts(graph, other), constraints, other)[1]:
            return False
    return True


class _Contexts:
    """For each node, a condition that every patient who gets there fulfils."""

    def __init__(self, graph: PathwayGraph, guideline: Guideline) -> None:
        self._graph = graph
        self._guideline = guideline
        self._memory: dict[str, _Context] = {}

    def of(self, node: str) -> Expression | None:
        """The condition; None when nothing is known of these patients. Raises TooLarge."""
        for name in self._graph.order:
            if node in self._memory:
                break
            if name not in self._memory:
                try:
                    self._memory[name] = self._work_out(name)
                except TooLarge:
                    self._memory[name] = _Context(None, too_large=True)
        if self._memory[node].too_large:
            raise TooLarge
        return self._memory[node].condition

    def _work_out(self, node: str) -> "_Context":
        graph = self._graph
        if node == START:
            applies = graph.pathway.applies
            return _context(written_out(applies, self._guideline) if applies is not None else None)
        for decision in graph.joins.get(node, ()):
            # All answers meet here, so that nothing is known but what was known before it.
            if _all_routes_pass(graph, decision, node):
                return self._memory[decision]
        routes: list[Expression] = []
        for edge in graph.incoming[node]:
            if edge.kind == "later":
                return _Context(None)
            before = self._memory[edge.source]
            if before.too_large:
                return before
            guard = self._guard(edge.source, edge.branch) if edge.kind == "branch" else None
            parts = [p for p in (before.condition, guard) if p is not None]
            if not parts:
                return _Context(None)
            routes.append(_joined(And, parts))
        return _context(_joined(Or, routes) if routes else None)

    def _guard(self, source: str, branch_name: str) -> Expression | None:
        decision = self._graph.record(source)
        assert isinstance(decision, Decision)
        index = next(i for i, b in enumerate(decision.branches) if b.name == branch_name)
        branch = decision.branches[index]
        before = decision.branches[:index]
        parts: list[Expression] = []
        if branch.condition is not None:
            parts.append(written_out(branch.condition, self._guideline))
        if branch.condition is None or decision.kind == "first match":
            for other in before:
                if other.condition is not None:
                    inner = written_out(other.condition, self._guideline)
                    parts.append(Not(inner, BooleanType(), inner.span))
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else And(tuple(parts), BooleanType(), parts[0].span)


def _small_enough(conditions: Iterable[Expression], guideline: Guideline) -> Iterator[Expression]:
    """Constraints written out; without the very large ones, which rule out patients all the same."""
    for condition in conditions:
        with suppress(TooLarge):
            yield written_out(condition, guideline)


@dataclass(frozen=True, slots=True)
class _Context:
    """What is known of the patients who get somewhere; None when nothing is."""

    condition: Expression | None
    too_large: bool = False


def _context(condition: Expression | None) -> _Context:
    if condition is not None and not _is_small(condition):
        raise TooLarge
    return _Context(condition)


def _is_small(condition: Expression) -> bool:
    """Whether a condition has few enough parts, and few enough within each other, to be looked into."""
    parts = 0
    waiting = [(condition, 0)]
    while waiting:
        current, depth = waiting.pop()
        parts += 1
        if parts > LARGEST or depth > DEEPEST:
            return False
        waiting.extend((child, depth + 1) for child in children(current))
    return True


def _joined(connective: type[And] | type[Or], parts: Sequence[Expression]) -> Expression:
    """Several conditions as one, without a connective within itself; each of them once."""
    operands: dict[Expression, None] = {}
    for part in parts:
        inner = part.operands if isinstance(part, connective) else (part,)
        operands.update(dict.fromkeys(inner))
    if len(operands) == 1:
        return next(iter(operands))
    return connective(tuple(operands), BooleanType(), parts[0].span)


def _all_routes_pass(graph: PathwayGraph, decision: str, node: str) -> bool:
    """Whether every way to a node at this visit leads through a decision."""
    waiting, seen = [node], {node}
    while waiting:
        for edge in graph.incoming[waiting.pop()]:
            if edge.source == START or edge.kind == "later":
                return False
            if edge.source != decision and edge.source not in seen:
                seen.add(edge.source)
                waiting.append(edge.source)
    return True


def _check_decision(
    node: Decision, contexts: _Contexts, constraints: Sequence[Expression], guideline: Guideline
) -> tuple[list[Diagnostic], bool]:
    has_otherwise = any(b.condition is None for b in node.branches)
    if node.kind == "all that apply":
        return [], has_otherwise
    if node.kind == "plain" and has_otherwise and len(node.branches) <= 2:
        return [], True  # one condition and the rest: there is nothing to find
    check = _check_first_match if node.kind == "first match" else _check_plain
    reason = "it distinguishes too many cases to try them, or tells dates apart"
    try:
        conditions = _conditions(node, guideline)
        known = [c for c in conditions if c is not None]
        cases = _cases(known, contexts.of(node.name), constraints, guideline)
        problems, complete = check(node, conditions, cases, guideline)
        if not problems or not _free_facts_are_related(known):
            return problems, complete
        reason = "several of its conditions ask about the same list or dates"
    except TooLarge:
        pass
    # What holds for all patients holds for those who get here; a finding may be about others.
    try:
        conditions = _conditions(node, guideline)
        known = [c for c in conditions if c is not None]
        found, complete = check(
            node, conditions, _cases(known, None, constraints, guideline), guideline
        )
        if not found:
            return [], complete
    except TooLarge:
        pass
    problem = Diagnostic(
        "decision-not-checked",
        f"whether `{node.name}` covers every patient is not checked: {reason}",
        node.span,
        help="make it simpler, or end it with `otherwise`",
    )
    return [problem], has_otherwise


def _conditions(node: Decision, guideline: Guideline) -> list[Expression | None]:
    """The conditions of the branches, written out; None for `otherwise`. Raises TooLarge."""
    return [
        None if b.condition is None else written_out(b.condition, guideline) for b in node.branches
    ]


def _free_facts_are_related(conditions: Sequence[Expression]) -> bool:
    """Whether two conditions that are not looked into read the same data, so that one may bear on the
    other in a way that trying combinations does not see."""
    free = {
        f.subject for c in conditions for f in facts_of(c) if not isinstance(f.subject, Reference)
    }
    read = [{r.name for r in references(subject)} for subject in free]
    return any(first & second for index, first in enumerate(read) for second in read[index + 1 :])


def _cases(
    conditions: list[Expression],
    context: Expression | None,
    constraints: Sequence[Expression],
    guideline: Guideline,
) -> list[Assignment]:
    """The combinations that patients who get there can have."""
    everything = conditions if context is None else [*conditions, context]
    mentioned = {fact for c in everything for fact in facts_of(c)}
    fitting = [c for c in constraints if set(facts_of(c)) <= mentioned]
    required = fitting if context is None else [*fitting, context]
    # Each case is tried on every part of the conditions, so that large ones are tried on fewer cases.
    parts = sum(1 for c in everything for _ in facts_of(c))
    most = min(MOST, MOST * 100 // max(parts, 1))
    tests = [test_of(c) for c in required]
    return [
        case
        for case in assignments([*everything, *fitting], guideline, most)
        if all(test(case) is not False for test in tests)
    ]


def _check_plain(
    node: Decision,
    conditions: list[Expression | None],
    cases: list[Assignment],
    guideline: Guideline,
) -> tuple[list[Diagnostic], bool]:
    problems: list[Diagnostic] = []
    known = [
        (b, test_of(c)) for b, c in zip(node.branches, conditions, strict=True) if c is not None
    ]
    has_otherwise = len(known) < len(conditions)
    gap = overlap = None
    for case in cases:
        truths = [(branch, test(case)) for branch, test in known]
        held = [branch for branch, value in truths if value is True]
        if gap is None and not has_otherwise and all(value is False for _, value in truths):
            gap = case
        if overlap is None and len({branch.targets for branch in held}) > 1:
            overlap = (case, held)
    if gap is not None:
        problems.append(
            Diagnostic(
                "decision-gap",
                f"no branch of `{node.name}` covers a patient with {_told(gap, guideline)}",
                node.span,
                help="add a branch for this patient, or an `otherwise`",
            )
        )
    if overlap is not None:
        case, held = overlap
        problems.append(
            Diagnostic(
                "decision-overlap",
                f"{len(held)} branches of `{node.name}` hold for a patient with {_told(case, guideline)}",
                held[0].span,
                tuple(Label(b.span, "and this one") for b in held[1:]),
                help="make the conditions exclude each other, or write `first match`"
                " when the order decides, or `all that apply`",
            )
        )
    return problems, gap is None


def _check_first_match(
    node: Decision,
    conditions: list[Expression | None],
    cases: list[Assignment],
    guideline: Guideline,
) -> tuple[list[Diagnostic], bool]:
    reached = [False] * len(conditions)
    tests = [None if c is None else test_of(c) for c in conditions]
    gap = None
    for case in cases:
        before: list[Truth] = []
        for index, test in enumerate(tests):
            value: Truth = True if test is None else test(case)
            if value is not False and kleene_not(kleene_or(before)) is not False:
                reached[index] = True
            before.append(value)
        if gap is None and all(value is False for value in before):
            gap = case
    problems = [
        Diagnostic(
            "dead-row",
            f"no patient gets to this branch of `{node.name}`",
            branch.span,
            tuple(Label(b.span, "taken before it") for b in node.branches[:index]),
            help="remove it, or move it up",
        )
        for index, branch in enumerate(node.branches)
        if not reached[index]
    ]
    if gap is not None:
        problems.append(
            Diagnostic(
                "decision-gap",
                f"no branch of `{node.name}` covers a patient with {_told(gap, guideline)}",
                node.span,
                help="add a branch for this patient, or an `otherwise`",
            )
        )
    return problems, gap is None


def _check_definitions(guideline: Guideline, constraints: Sequence[Expression]) -> list[Diagnostic]:
    """A definition with rows gives each patient one value."""
    problems: list[Diagnostic] = []
    for definition in guideline.definitions.values():
        if not definition.rows or definition.span is None:
            continue
        branches = tuple(
            Branch(
                f"row_{index + 1}",
                "",
                row.condition,
                (str(row.value),),
                row.span or definition.span,
            )
            for index, row in enumerate(definition.rows)
        )
        decision = Decision(
            name=definition.name,
            label=definition.label,
            span=definition.span,
            kind="first match" if definition.first_match else "plain",
            branches=branches,
        )
        problems.extend(_check_rows(decision, definition.span, constraints, guideline))
    return problems


def _check_rows(
    decision: Decision, span: Span, constraints: Sequence[Expression], guideline: Guideline
) -> list[Diagnostic]:
    check = _check_first_match if decision.kind == "first match" else _check_plain
    try:
        conditions = _conditions(decision, guideline)
        known = [c for c in conditions if c is not None]
        cases = _cases(known, None, constraints, guideline)
        problems, _ = check(decision, conditions, cases, guideline)
        if not problems or not _free_facts_are_related(known):
            return problems
        reason = "several of its rows ask about the same list or dates"
    except TooLarge:
        reason = "it distinguishes too many cases to try them, or tells dates apart"
    return [
        Diagnostic(
            "decision-not-checked",
            f"whether `{decision.name}` has one value for every patient is not checked: {reason}",
            span,
            help="make it simpler, or end it with `otherwise`",
        )
    ]


# --- words ----------------------------------------------------------------------------------------------


def _told(case: Assignment, guideline: Guideline) -> str:
    """A combination in words: `HER2 status: Negative; Age: 61 years`."""
    parts = [text for fact, value in case.items() if (text := _fact_told(fact, value, guideline))]
    return "; ".join(parts) or "any data"


def _fact_told(fact: Fact, value: FactValue, guideline: Guideline) -> str:
    subject = fact.subject
    words = describe_condition(subject, guideline)
    part = fact.part
    type_ = subject.type
    inner = type_.of if isinstance(type_, SetType) else type_
    if fact.test == "order":
        assert isinstance(value, str)
        return words.replace(" < ", f" {value} ")
    if fact.test == "empty":
        return f"{words}: none" if value else f"{words}: some"
    if fact.test in ("contains", "bars", "is a"):
        name = (
            guideline.action_label(part)
            if part in (*guideline.actions, *guideline.classes)
            else (describe_value(part, inner, guideline))
        )
        verb = {"contains": "with", "bars": "barring", "is a": "is"}[fact.test]
        return f"{words} {verb if value else ('without' if fact.test == 'contains' else 'not ' + verb)} {name}"
    if value is None:
        return f"{words}: unknown"
    if isinstance(value, bool):
        if isinstance(subject, Reference):
            return f"{words}: {'yes' if value else 'no'}"
        return words if value else f"not ({words})"
    if isinstance(value, int | Fraction):
        return f"{words}: {describe_number(value, type_.unit if isinstance(type_, QuantityType) else None)}"
    return f"{words}: {describe_value(value, type_, guideline)}"
