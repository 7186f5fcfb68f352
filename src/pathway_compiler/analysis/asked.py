"""Where conditions are asked, and what they are made of: simple conditions, thresholds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pathway_compiler.analysis.all_patients import Analysis
from pathway_compiler.analysis.conditions import Conditions, Scope
from pathway_compiler.analysis.formulas import TRUE
from pathway_compiler.analysis.visits import Answer, Place, Visit
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.pathway_graph import START
from pathway_compiler.model.action import courses
from pathway_compiler.model.expression import (
    And,
    AtLeast,
    Compare,
    CountWhere,
    Expression,
    Literally,
    Not,
    Or,
    Pick,
    Quantified,
    Reference,
    UnionWhere,
    children,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Choose,
    Decision,
    Eligibility,
    Node,
    Recommend,
    Review,
    Standing,
)
from pathway_compiler.model.types import BooleanType
from pathway_compiler.semantics.checks import expressions_of_node

__all__ = [
    "Asked",
    "asked",
    "asked_besides",
    "atoms",
    "comes_to",
    "decisive",
    "expanded",
    "thresholds",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition where it is asked in a visit: its name there, and the patients who are asked.

    `above` are the rows of a `first match` that must not hold before it is asked.
    """

    visit: Visit
    place: Place
    name: str
    condition: Expression
    context: int
    scope: Scope
    above: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        _, pathway, node = self.place
        return (pathway, *(() if node == START else (node,)), *self.name.split("."))


def asked(analysis: Analysis) -> Iterator[tuple[Asked, ...]]:
    """Every condition of every node, each with all the ways in which it is asked.

    `otherwise` asks nothing. In `first match` a row is asked when none above it holds.
    """
    formulas = analysis.conditions.formulas
    for pathway in analysis.guideline.pathways.values():
        visits = analysis.visits_of(pathway.name)
        if pathway.applies is not None:
            condition = pathway.applies
            yield tuple(
                Asked(
                    visit,
                    (s.via, pathway.name, START),
                    "applies",
                    condition,
                    s.arriving.true,
                    visit.scopes[s.via, pathway.name, START],
                )
                for visit in visits
                for s in visit.started
                if s.pathway == pathway.name and (s.via, pathway.name, START) in visit.scopes
            )
        for node in pathway.nodes:
            places = list(analysis.places(pathway.name, node.name))
            if isinstance(node, Review):
                places = [(v, key) for v, key in places if key in v.answers]
            for name, condition in conditions_of(node):
                found = []
                for visit, key in places:
                    context = TRUE if isinstance(node, Review) else visit.activation[key].true
                    above: tuple[Answer, ...] = ()
                    if isinstance(node, Decision) and node.kind == "first match":
                        names = [a.branch.name for a in visit.answers[key]]
                        above = visit.answers[key][: names.index(name)]
                        context = formulas.all_of((context, *(a.condition.false for a in above)))
                    rows = tuple(a.branch.name for a in above)
                    scope = visit.scopes[key]
                    found.append(Asked(visit, key, name, condition, context, scope, rows))
                yield tuple(found)


def asked_besides(analysis: Analysis) -> Iterator[tuple[Asked, ...]]:
    """The conditions within regimens and cautions, and those of contraindications where they count."""
    guideline = analysis.guideline
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            own = [condition for _, condition in conditions_of(node)]
            others = [c for c in expressions_of_node(node) if not any(c is o for o in own)]
            for condition in others:
                yield tuple(
                    Asked(v, key, "regimen", condition, v.activation[key].true, v.scopes[key])
                    for v, key in analysis.places(pathway.name, node.name)
                )
    for contraindication in guideline.contraindications.values():
        if contraindication.condition is None:
            continue
        found = []
        for visit in (*analysis.visits, *analysis.others):
            for draft in visit.drafts:
                key = (draft.via, draft.path[0], draft.path[1])
                if any(
                    guideline.is_a(action, barred)
                    for action in _actions(draft.node)
                    for barred in contraindication.actions
                ):
                    context = draft.active.true
                    name = contraindication.name
                    condition = contraindication.condition
                    found.append(Asked(visit, key, name, condition, context, visit.scopes[key]))
        yield tuple(found)


def _actions(node: Recommend | Standing | Choose) -> Iterator[str]:
    """The single actions that a recommendation may give."""
    options = node.options if isinstance(node, Choose) else ()
    for course in (node.course, *(option.course for option in options)):
        for performs in course.performs:
            yield from (found.action for found in courses(performs.regimen))


def comes_to(outcome: Outcome, way: Asked) -> bool:
    """Whether a patient certainly comes to where a condition is asked."""
    via, pathway, node = way.place
    if node == START:
        # The pathway is asked whether it applies: by the follow node that leads to it, or at once.
        return not via or any(
            e.activation is True and (e.via, e.node) == (via[:-1], via[-1]) for e in outcome.trace
        )
    entries = [e for e in outcome.trace if (e.via, e.pathway, e.node) == (via, pathway, node)]
    return any(
        e.activation is True
        and all(b.condition is False for b in e.branches if b.name in way.above)
        for e in entries
    )


def conditions_of(node: Node) -> Iterator[tuple[str, Expression]]:
    """The conditions that a node asks itself, by name."""
    match node:
        case Decision() | Review():
            for branch in node.branches:
                if branch.condition is not None:
                    yield branch.name, branch.condition
        case Recommend() | Standing() | Choose():
            yield from _of_eligibility("", node.eligibility)
            if isinstance(node, Choose):
                for option in node.options:
                    yield from _of_eligibility(f"{option.name}.", option.eligibility)
        case _:
            return


def _of_eligibility(prefix: str, eligibility: Eligibility) -> Iterator[tuple[str, Expression]]:
    for word, found in (
        ("when", eligibility.when),
        ("unless", eligibility.unless),
        ("only_if", eligibility.only_if),
    ):
        for index, condition in enumerate(found):
            yield f"{prefix}{word}{index + 1 if index else ''}", condition


# --- what a condition is made of ------------------------------------------------------------------------

MOST_PARTS = 200
"""A condition with more parts is left as its author wrote it, with definitions as simple conditions."""


def expanded(condition: Expression, conditions: Conditions) -> Expression:
    """A condition with the definitions and readings in it written out, where that is not too long."""
    left = MOST_PARTS

    def written(expression: Expression) -> Expression:
        nonlocal left
        left -= 1
        if left < 0:
            return expression
        match expression:
            case Reference(kind="reading" | "definition"):
                subject, _ = conditions.plain(expression, Scope())
                return expression if subject == expression else written(subject)
            case Not():
                return replace(expression, operand=written(expression.operand))
            case And() | Or() | AtLeast():
                return replace(expression, operands=tuple(map(written, expression.operands)))
            case Compare() if isinstance(expression.left.type, BooleanType):
                return replace(
                    expression, left=written(expression.left), right=written(expression.right)
                )
            case _:
                return expression

    found = written(condition)
    return condition if left < 0 else found


def _parts(condition: Expression) -> Sequence[Expression] | None:
    """The conditions that another one combines; None for a simple condition."""
    match condition:
        case Not():
            return (condition.operand,)
        case And() | Or() | AtLeast():
            return condition.operands
        case Compare() if isinstance(condition.left.type, BooleanType):
            return (condition.left, condition.right)
        case _:
            return None


def atoms(condition: Expression) -> tuple[Expression, ...]:
    """The simple conditions that a condition combines, each once, in the order of the text."""
    found: dict[Expression, None] = {}
    waiting = [condition]
    while waiting:
        expression = waiting.pop()
        parts = _parts(expression)
        if parts is not None:
            waiting.extend(reversed(parts))
        elif not isinstance(expression, Literally):
            found[expression] = None
    return tuple(found)


def _substituted(condition: Expression, atom: Expression, value: bool) -> Expression:
    """A condition with one of its simple conditions decided."""
    if condition == atom:
        return Literally(value, BooleanType(), condition.span)
    match condition:
        case Not():
            return replace(condition, operand=_substituted(condition.operand, atom, value))
        case And() | Or() | AtLeast():
            operands = tuple(_substituted(o, atom, value) for o in condition.operands)
            return replace(condition, operands=operands)
        case Compare() if isinstance(condition.left.type, BooleanType):
            return replace(
                condition,
                left=_substituted(condition.left, atom, value),
                right=_substituted(condition.right, atom, value),
            )
        case _:
            return condition


def decisive(conditions: Conditions, way: Asked, condition: Expression, atom: Expression) -> int:
    """The patients who are asked a condition, and for whom all turns on one part of it."""
    one = conditions.read(_substituted(condition, atom, True), way.scope)
    other = conditions.read(_substituted(condition, atom, False), way.scope)
    formulas = conditions.formulas
    turns = formulas.any_of(
        (formulas.all_of((one.true, other.false)), formulas.all_of((one.false, other.true)))
    )
    return formulas.all_of((way.context, turns))


def thresholds(condition: Expression, guideline: Guideline) -> Iterator[tuple[Compare, bool]]:
    """The comparisons in a condition, also in the definitions and readings that it names; with whether
    they are about the records of a list."""
    named: set[str] = set()
    waiting = [(condition, False)]
    while waiting:
        expression, of_record = waiting.pop()
        match expression:
            case Reference(kind="definition"):
                if expression.name not in named:
                    named.add(expression.name)
                    definition = guideline.definitions[expression.name]
                    inner = [row.condition for row in definition.rows if row.condition is not None]
                    if definition.expression is not None:
                        inner.insert(0, definition.expression)
                    waiting.extend((c, of_record) for c in reversed(inner))
            case Reference(kind="reading"):
                waiting.append((guideline.readings[expression.name].chosen.expression, of_record))
            case Quantified() | CountWhere() | Pick() | UnionWhere():
                if expression.where is not None:
                    waiting.append((expression.where, True))
                waiting.append((expression.list, of_record))
            case _:
                if isinstance(expression, Compare):
                    yield expression, of_record
                waiting.extend((c, of_record) for c in reversed(children(expression)))
