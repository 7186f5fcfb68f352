"""The interpreter against evaluations that are too simple to be wrong.

`Naive` follows a plan from its start, with two-valued logic and without a graph; it knows complete
patients only. What the interpreter says of an incomplete patient is held against all completions.
"""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import strategies
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import compile_sources, evaluate, load_text
from strategies import Branch, Condition, Node, Plan

DAY = "2019-03-01"
FACTS: dict[str, tuple[object, ...]] = {
    **dict.fromkeys(strategies.BOOLEANS, (False, True)),
    "e0": strategies.ENUM,
    "n0": tuple(strategies.COUNTS),
}

OFTEN = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
VERY_OFTEN = settings(OFTEN, max_examples=3_000)

Facts = dict[str, object]


def completions(facts: Facts) -> Iterator[Facts]:
    """Every complete patient that the known facts allow."""
    missing = [name for name in FACTS if name not in facts]
    for values in product(*(FACTS[name] for name in missing)):
        yield {**facts, **dict(zip(missing, values, strict=True))}


# --- the naive evaluation ----------------------------------------------------------------------------


class Naive:
    """What a plan says of a complete patient: ids of what is given, and of eligible options."""

    def __init__(self, plan: Plan, facts: Facts) -> None:
        self.plan, self.facts = plan, facts
        self.given: set[tuple[str, tuple[str, ...]]] = set()
        self.eligible: set[str] = set()
        self.applies = self._walk("p", ())

    def holds(self, condition: Condition | None) -> bool:
        match condition:
            case None:
                return True
            case ("is", "d0", _):
                return self.holds(self.plan.definition)
            case ("is", name, value):
                return self.facts[str(name)] == value
            case ("less", int(number)):
                return self.facts["n0"] < number  # type: ignore[operator]
            case ("not", inner):
                return not self.holds(inner)  # type: ignore[arg-type]
            case ("and", *parts):
                return all(map(self.holds, parts))  # type: ignore[arg-type]
            case ("or", *parts):
                return any(map(self.holds, parts))  # type: ignore[arg-type]
            case ("threshold", word, int(number), *parts):
                count = sum(map(self.holds, parts))  # type: ignore[arg-type]
                return {
                    "at least": count >= number,
                    "at most": count <= number,
                    "exactly": count == number,
                }[str(word)]
        raise AssertionError(condition)

    def _barred(self, agent: str) -> bool:
        """`x` may be barred; the class `xy` can still be given as `y`."""
        barred = self.plan.contraindication
        return agent == "x" and barred is not None and self.holds(barred)

    def _walk(self, pathway: str, via: tuple[str, ...]) -> bool:
        applies, nodes = self.plan.pathways[pathway]
        if not self.holds(applies):
            return False
        by_name = {node.name: node for node in nodes}
        waiting = [nodes[0], *(node for node in nodes if node.kind == "standing")]
        seen: set[str] = set()
        while waiting:
            node = waiting.pop()
            if node.name in seen:
                continue
            seen.add(node.name)
            self._say(pathway, node, via)
            if node.follows:
                self._walk(node.follows, (*via, node.name))
            waiting.extend(by_name[name] for name in self._next(node))
        return True

    def _next(self, node: Node) -> list[str]:
        held = [b for b in node.branches if b.condition is not None and self.holds(b.condition)]
        otherwise = [b for b in node.branches if b.condition is None]
        if node.kind == "first match":
            held = held[:1]
        taken: list[Branch] = held or otherwise
        return [*node.targets, *(target for branch in taken for target in branch.targets)]

    def _say(self, pathway: str, node: Node, via: tuple[str, ...]) -> None:
        if node.kind not in ("recommend", "choose", "standing"):
            return
        if not self.holds(node.when) or (node.unless is not None and self.holds(node.unless)):
            return
        id_ = f"{pathway}.{node.name}"
        if node.agents and all(map(self._barred, node.agents)):
            return
        if node.kind == "choose":
            left = [
                name
                for name, when, agent in node.options
                if self.holds(when) and not self._barred(agent)
            ]
            if not left:
                return
            self.eligible.update(f"{id_}.{name}" for name in left)
        self.given.add((id_, via))


# --- against the interpreter -------------------------------------------------------------------------


def _check_complete(plan: Plan, facts: Facts) -> None:
    naive = Naive(plan, facts)
    outcome = evaluate(load_text(plan.text()), facts, as_of=DAY)
    assert {(r.id, r.via) for r in outcome.given} == naive.given
    assert not outcome.possible
    eligible = {o.id for r in outcome.given for o in r.options if o.status == "eligible"}
    assert eligible == naive.eligible
    assert (outcome.status == "not_applicable") == (not naive.applies)


def _check_sound(plan: Plan, facts: Facts) -> None:
    outcome = evaluate(load_text(plan.text()), facts, as_of=DAY)
    given = {(r.id, r.via) for r in outcome.given}
    told = {(r.id, r.via) for r in outcome.recommendations}
    not_given = {(r.id, r.via) for r in outcome.not_recommended}
    every = [Naive(plan, complete) for complete in completions(facts)]
    always = set.intersection(*(naive.given for naive in every))
    sometimes = set.union(*(naive.given for naive in every))
    assert given <= always, "given, and not given in some completion"
    assert sometimes <= told, "not recommended, and given in some completion"
    assert not not_given & sometimes
    options = {o.id: o.status for r in outcome.given for o in r.options}
    for naive in every:
        assert {o for o, status in options.items() if status == "eligible"} <= naive.eligible
        assert not {o for o, status in options.items() if status == "excluded"} & naive.eligible
    if outcome.status == "not_applicable":
        assert not any(naive.applies for naive in every)
    if outcome.status == "complete":
        assert given == always == sometimes
    event("something is possible" if outcome.possible else "everything is settled")


@OFTEN
@given(strategies.plans(), strategies.complete_patients())
def test_complete_patient_gets_what_a_naive_walk_gives(plan: Plan, facts: Facts) -> None:
    _check_complete(plan, facts)


@OFTEN
@given(strategies.plans(), strategies.partial_patients())
def test_what_is_said_of_an_incomplete_patient_holds_for_every_completion(
    plan: Plan, facts: Facts
) -> None:
    _check_sound(plan, facts)


@pytest.mark.slow
@VERY_OFTEN
@given(strategies.plans(), strategies.complete_patients())
def test_complete_patient_gets_what_a_naive_walk_gives_in_many_guidelines(
    plan: Plan, facts: Facts
) -> None:
    _check_complete(plan, facts)


@pytest.mark.slow
@VERY_OFTEN
@given(strategies.plans(), strategies.partial_patients())
def test_what_is_said_of_an_incomplete_patient_holds_for_every_completion_of_many(
    plan: Plan, facts: Facts
) -> None:
    _check_sound(plan, facts)


def _check_constrained(plan: Plan, constraint: Condition, facts: Facts) -> None:
    text = plan.text() + f'\nconstraint "C": {strategies.written(constraint)}\n'
    compiled = compile_sources([Source("g.pathway", text)]).compiled
    if compiled is None:  # the constraint may leave a row of a decision nothing
        return
    admitted = [f for f in completions(facts) if Naive(plan, f).holds(constraint)]
    if not admitted:
        return
    outcome = evaluate(compiled, facts, as_of=DAY)
    every = [Naive(plan, complete).given for complete in admitted]
    assert {(r.id, r.via) for r in outcome.given} <= set.intersection(*every)
    assert set.union(*every) <= {(r.id, r.via) for r in outcome.recommendations}


@settings(OFTEN, max_examples=50)
@given(strategies.plans(), strategies.conditions(), strategies.partial_patients())
def test_answers_hold_for_every_completion_that_a_constraint_admits(
    plan: Plan, constraint: Condition, facts: Facts
) -> None:
    _check_constrained(plan, constraint, facts)


# --- the checks of decisions -------------------------------------------------------------------------


def _decision(kind: str, applies: Condition | None, branches: list[Condition | None]) -> Plan:
    nodes = (
        Node(
            "q", kind,
            branches=tuple(Branch(c, (f"t{index}",)) for index, c in enumerate(branches)),
        ),
        *(Node(f"t{index}", "end") for index in range(len(branches))),
    )  # fmt: skip
    return Plan({"p": (applies, nodes)}, ("is", "b0", True))


def _check_decision(kind: str, applies: Condition | None, branches: list[Condition | None]) -> None:
    plan = _decision(kind, applies, branches)
    found = {d.code for d in compile_sources([Source("g.pathway", plan.text())]).diagnostics}
    patients = [n for f in completions({}) if (n := Naive(plan, f)).applies]
    if not patients:
        return  # nobody gets to the decision, which is another finding
    conditions = [b for b in branches if b is not None]
    holding = [[i for i, c in enumerate(conditions) if n.holds(c)] for n in patients]
    gap = len(conditions) == len(branches) and any(not held for held in holding)
    if kind == "plain":
        assert ("decision-gap" in found) == gap
        assert ("decision-overlap" in found) == any(len(held) > 1 for held in holding)
        return
    reached = {held[0] if held else len(conditions) for held in holding}
    dead = any(index not in reached for index in range(len(branches)))
    assert ("decision-gap" in found) == gap
    assert ("dead-row" in found) == dead
    assert "not-decided" not in found


def _branch_lists() -> st.SearchStrategy[list[Condition | None]]:
    return st.tuples(st.lists(strategies.conditions(), min_size=1, max_size=4), st.booleans()).map(
        lambda drawn: [*drawn[0], *([None] if drawn[1] else [])]
    )


@OFTEN
@given(
    st.sampled_from(("plain", "first match")), st.none() | strategies.conditions(), _branch_lists()
)
def test_findings_about_a_decision_agree_with_trying_every_patient(
    kind: str, applies: Condition | None, branches: list[Condition | None]
) -> None:
    _check_decision(kind, applies, branches)


@pytest.mark.slow
@VERY_OFTEN
@given(
    st.sampled_from(("plain", "first match")), st.none() | strategies.conditions(), _branch_lists()
)
def test_findings_about_many_decisions_agree_with_trying_every_patient(
    kind: str, applies: Condition | None, branches: list[Condition | None]
) -> None:
    _check_decision(kind, applies, branches)


@OFTEN
@given(
    st.booleans(),
    st.lists(st.tuples(strategies.conditions(with_definition=False), st.booleans()), min_size=1, max_size=3),
    st.booleans(),
)  # fmt: skip
def test_findings_about_a_definition_agree_with_trying_every_patient(
    first_match: bool, rows: list[tuple[Condition, bool]], otherwise: bool
) -> None:
    plan = _decision("all that apply", None, [("is", "b0", True)])
    text = f'define t "T"{" first match" if first_match else ""}: boolean\n' + "".join(
        f"  {'yes' if value else 'no'} when {strategies.written(condition)}\n"
        for condition, value in rows
    )
    text += "  no otherwise\n" if otherwise else ""
    found = {d.code for d in compile_sources([Source("g", plan.text() + "\n" + text)]).diagnostics}
    patients = [Naive(plan, f) for f in completions({})]
    holding = [[i for i, (c, _) in enumerate(rows) if n.holds(c)] for n in patients]
    assert ("decision-gap" in found) == (not otherwise and any(not held for held in holding))
    if first_match:
        reached = {held[0] if held else len(rows) for held in holding}
        count = len(rows) + otherwise
        assert ("dead-row" in found) == any(index not in reached for index in range(count))
    else:
        several = any(len({rows[i][1] for i in held}) > 1 for held in holding)
        assert ("decision-overlap" in found) == several
