"""Random guidelines so small that every patient can be tried.

The facts of a guideline are `b0`, `b1`, `b2` (booleans), `e0` (values within values), `o0`, `o1`
(ordered), `n0`, `n1` (counts), `q0` (a quantity), `s0` (a set of values) and `a0` (a set of agents), as far
as it reads them; `local` is a setting, `d0`, `d1` are definitions and `g0` is a reading. It starts with
pathway `p`, which may follow `q`.
"""

from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

from hypothesis import strategies as st

from oracle.plans import (
    ORDER,
    Agent,
    AllOf,
    Asking,
    Branch,
    Compare,
    Condition,
    Definition,
    Element,
    Facts,
    Joined,
    Label,
    Line,
    Node,
    Not,
    OneOf,
    Only,
    Option,
    Pathway,
    Plan,
    RandomGuideline,
    Regimen,
    Target,
    Test,
    Threshold,
    compared,
    element,
    guideline_of,
    one_of,
    two_compared,
    yes_or_no,
)
from pathway_compiler.model.vocabulary import SetValue, Value

__all__ = ["RandomGuideline", "guidelines", "partial_facts", "plans"]

MOST_PATIENTS = 130
"""Three times as many at most when one element may be missing and there is a setting."""


@st.composite
def guidelines(draw: st.DrawFn) -> RandomGuideline:
    """Small guidelines without errors, except that decisions and definitions may have gaps and overlaps."""
    return guideline_of(draw(plans()))


@st.composite
def partial_facts(
    draw: st.DrawFn, guideline: RandomGuideline, *, vague: bool = False
) -> dict[str, Value]:
    """A patient of whom some facts are missing; a constraint may refuse it.

    With `vague`, a value may be one with parts, and a set one that may be incomplete.
    """
    found: dict[str, Value] = {}
    for name, values in guideline.values.items():
        place = draw(st.integers(0, 2 * len(values) - 1))
        if place < len(values):
            continue
        value = values[place - len(values)]
        if vague and isinstance(value, SetValue) and draw(st.booleans()):
            value = SetValue(value.items, complete=False)
        elif vague and value in ("t1a", "t1b") and draw(st.booleans()):
            value = "t1"
        found[name] = value
    return found


def _sometimes(draw: st.DrawFn, one_in: int) -> bool:
    """Seldom true; simplest when it is not."""
    return draw(st.integers(0, one_in - 1)) == one_in - 1


# --- facts and conditions --------------------------------------------------------------------------------


@st.composite
def _conditions(draw: st.DrawFn, facts: Facts, depth: int = 1) -> Condition:
    shape = draw(st.integers(0, 9)) if depth else 0
    if shape <= 5:
        return draw(st.sampled_from(draw(st.sampled_from(facts)).atoms))
    inner = _conditions(facts, depth - 1)
    if shape == 6:
        return Not(draw(inner))
    if shape == 7:
        words = draw(st.sampled_from(("at least 2", "at most 1", "exactly 1", "exactly 2")))
        return Threshold(words, (draw(inner), draw(inner), draw(inner)))
    return Joined("and" if shape == 8 else "or", (draw(inner), draw(inner)))


@st.composite
def _elements(draw: st.DrawFn, agents: tuple[str, ...]) -> tuple[Element, ...]:
    """A few elements, few enough for every patient to be tried."""
    names = ("b0", "b1", "b2", "e0", "o0", "n0", "q0", "s0", "a0", "n0 n1", "o0 o1")
    drawn = draw(st.lists(st.sampled_from(names), min_size=2, max_size=5, unique=True))
    found: dict[str, Element] = {}
    for name in " ".join(drawn).split():
        new = element(name, agents, draw(st.booleans()))
        sizes = [len(e.values) for e in (*found.values(), new)]
        if len(sizes) <= 5 and prod(sizes) <= MOST_PATIENTS:
            found.setdefault(name, new)
    return tuple(found.values())


@dataclass(frozen=True)
class _Given:
    """What the parts of a pathway are drawn from.

    `earlier` are recommendations and options that may be overridden. A `sound` guideline has neither
    gaps nor overlaps.
    """

    facts: Facts
    agents: tuple[str, ...]
    sound: bool
    follows: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()

    def and_facts(self, *more: Asking) -> "_Given":
        return replace(self, facts=(*self.facts, *more))


@st.composite
def _themes(draw: st.DrawFn, facts: Facts) -> Asking:
    """Conditions that come again and again, so that they imply and contradict each other."""
    one, two = draw(_conditions(facts)), draw(_conditions(facts))
    return Asking((one, Not(one), two, Not(two)), ((one, Not(one)), (two, Not(two))))


SOUND = ("otherwise", "negated", "partition", "partition")
UNSOUND = ("random", "random", "random", "first left out", "last exchanged")


@st.composite
def _rows(draw: st.DrawFn, kind: str, given: _Given) -> tuple[Condition | None, ...]:
    """The conditions of a decision or definition, which in a sound guideline leave nobody out."""
    one = _conditions(given.facts)
    if kind == "all that apply":
        rows = draw(st.lists(one, min_size=1, max_size=3))
        return (*rows, *([None] if draw(st.booleans()) else []))
    if kind == "first match":
        rows = draw(st.lists(one, min_size=1, max_size=3))
        if draw(st.booleans()):
            return (*rows, None)
        return (*rows, Not(rows[0])) if given.sound else tuple(rows)
    partition = draw(st.sampled_from([p for asking in given.facts for p in asking.partitions]))
    shape = draw(st.sampled_from(SOUND if given.sound else (*UNSOUND, *SOUND)))
    if shape == "random":
        return tuple(draw(st.lists(one, min_size=2, max_size=3)))
    if shape == "otherwise":
        return draw(one), None
    if shape == "negated":
        condition = draw(one)
        return condition, Not(condition)
    if shape == "first left out":
        return partition[1:]
    return (*partition[:-1], draw(one)) if shape == "last exchanged" else partition


VALUES = {
    "boolean": ("yes", "no"),
    "one of red | green | blue": ("red", "green", "blue"),
    "count": ("0", "1", "2"),
}


@st.composite
def _definitions(draw: st.DrawFn, name: str, given: _Given) -> tuple[Definition, Asking]:
    """A definition, and what can be asked of it."""
    if draw(st.booleans()):
        condition = draw(_conditions(given.facts, 2))
        return Definition(name, "boolean", expression=condition), yes_or_no(name)
    type_ = draw(st.sampled_from(tuple(VALUES)))
    values = VALUES[type_]
    kind = draw(st.sampled_from(("plain", "first match")))
    rows = tuple((draw(st.sampled_from(values)), c) for c in draw(_rows(kind, given)))
    if type_ == "boolean":
        asking = yes_or_no(name)
    else:
        asking = compared(name, ("1", "2")) if type_ == "count" else one_of(name, values)
    return Definition(name, type_, kind == "first match", rows=rows), asking


# --- recommendations -------------------------------------------------------------------------------------


@st.composite
def _regimens(draw: st.DrawFn, given: _Given, depth: int = 1) -> Regimen:
    agent = Agent(draw(st.sampled_from(given.agents)))
    shape = draw(st.integers(0, 6)) if depth else 0
    if shape <= 2:
        return agent
    if shape == 3:
        return Only(agent, draw(_conditions(given.facts, 0)))
    inner = draw(_regimens(given, depth - 1))
    if shape == 4:
        return OneOf((agent, inner))
    return AllOf((agent, inner), "then" if shape == 6 and _sometimes(draw, 2) else "+")


@st.composite
def _courses(draw: st.DrawFn, given: _Given) -> tuple[Line, ...]:
    lines = []
    if not _sometimes(draw, 4):
        words = "give together" if _sometimes(draw, 5) else "give"
        lines.append(Line(words, draw(_regimens(given))))
    if _sometimes(draw, 5):
        lines.append(Line("avoid", Agent(draw(st.sampled_from(given.agents)))))
    if given.earlier and _sometimes(draw, 4):
        lines.append(Line(f"overrides {draw(st.sampled_from(given.earlier))}"))
    return tuple(lines)


ELIGIBILITIES = (
    (), (), (), ("when",), ("when",), ("unless",), ("only if",), ("when", "unless"),
)  # fmt: skip


@st.composite
def _eligibilities(draw: st.DrawFn, given: _Given) -> tuple[tuple[str, Condition], ...]:
    words = draw(st.sampled_from(ELIGIBILITIES))
    return tuple((word, draw(_conditions(given.facts))) for word in words)


@st.composite
def _choices(draw: st.DrawFn, name: str, targets: tuple[Target, ...], given: _Given) -> Node:
    any_of = draw(st.booleans())
    ranks = ("option",) if any_of else ("preferred", "acceptable", "fallback")
    options = tuple(
        Option(
            draw(st.sampled_from(ranks)),
            f"i{index}",
            draw(_eligibilities(given)),
            draw(_courses(given)),
        )
        for index in range(draw(st.integers(1, 3)))
    )
    return Node(
        "choose",
        name,
        Label(name.upper()),
        (" any of" if any_of else "") + (" combinable" if _sometimes(draw, 3) else ""),
        draw(_eligibilities(given)),
        options=options,
        lines=draw(_courses(given)) if _sometimes(draw, 4) else (),
        targets=targets,
    )


# --- nodes -------------------------------------------------------------------------------------------------

LAST = ("recommend", "recommend", "choose", "recommend against", "end", "outside")
BEFORE = (
    "decision", "decision", "decision", "decision", "recommend", "recommend", "choose", "together",
    "recommend against", "review", "review",
)  # fmt: skip


def _ways(draw: st.DrawFn, later: list[str], most: int) -> tuple[Target, ...]:
    size = 2 if most == 2 and _sometimes(draw, 3) else 1
    names = draw(st.lists(st.sampled_from(later), min_size=1, max_size=size, unique=True))
    return tuple(map(Target, names))


@st.composite
def _branches(draw: st.DrawFn, kind: str, later: list[str], given: _Given) -> tuple[Branch, ...]:
    """The branches of a decision, as a rule to different nodes."""
    found: list[Branch] = []
    for condition in draw(_rows(kind, given)):
        used = {target.name for branch in found for target in branch.targets}
        unused = [name for name in later if name not in used]
        names = later if not unused or _sometimes(draw, 4) else unused
        found.append(Branch(condition, _ways(draw, names, 1 if kind == "plain" else 2)))
    return tuple(found)


@st.composite
def _one_node(
    draw: st.DrawFn, name: str, later: list[str], names: list[str], given: _Given
) -> Node:
    follow = ("follow",) * 6 if given.follows else ()
    kind = draw(st.sampled_from((*BEFORE, *follow) if later else LAST))
    label = Label(name.upper())
    if kind == "decision":
        shape = draw(st.sampled_from(("plain", "plain", "first match", "all that apply")))
        branches = draw(_branches(shape, later, given))
        return Node(kind, name, label, "" if shape == "plain" else f" {shape}", branches=branches)
    if kind == "review":
        branches = tuple(
            Branch(draw(_conditions(given.facts)), _ways(draw, [*later, *names], 1))
            for _ in range(draw(st.integers(1, 2)))
        )
        return Node(kind, name, label, branches=branches)
    if kind in ("end", "outside"):
        return Node(kind, name, label)
    targets = _ways(draw, later, 2) if later else ()
    if kind == "choose":
        return draw(_choices(name, targets, given))
    if kind == "together":
        return Node(kind, name, label, targets=targets)
    if kind == "follow":
        words = draw(st.sampled_from(given.follows))
        if _sometimes(draw, 4):
            words += f" adding {draw(st.sampled_from(given.agents))}"
        return Node(words, name, label, targets=targets)
    if kind == "recommend" and _sometimes(draw, 8):
        kind = "no consensus"
    return Node(
        kind,
        name,
        label,
        eligibility=draw(_eligibilities(given)),
        lines=draw(_courses(given)),
        targets=targets,
    )


@st.composite
def _nodes(draw: st.DrawFn, pathway: str, most: int, given: _Given) -> tuple[Node, ...]:
    """Nodes that lead to later ones, each reached by some route; a review may lead back."""
    size = draw(st.integers(1, most // 2)) + draw(st.integers(0, most - most // 2))
    names = [f"{'r' if pathway == 'p' else 'u'}{index}" for index in range(size)]
    reached = {names[0]}
    nodes = []
    for index, name in enumerate(names):
        later = names[index + 1 :]
        node = draw(_one_node(name, later, names, given))
        if later and later[0] not in reached | set(_leads(node)):
            node = _leading_to(later[0], node)
        reached.update(_leads(node))
        nodes.append(node)
        given = replace(given, earlier=(*given.earlier, *_overridable(pathway, node)))
    if _sometimes(draw, 3):
        words = "standing against" if _sometimes(draw, 3) else "standing"
        lines, eligibility = draw(_courses(given)), draw(_eligibilities(given))
        nodes.append(Node(words, f"{names[0][0]}s", Label("S"), "", eligibility, lines=lines))
    return tuple(nodes)


def _leads(node: Node) -> list[str]:
    return [t.name for t in (*node.targets, *(t for b in node.branches for t in b.targets))]


def _leading_to(name: str, node: Node) -> Node:
    """The node with one more way, which every node but the first needs to be reached."""
    if not node.branches:
        return replace(node, targets=(Target(name), *node.targets))
    first, *rest = node.branches
    return replace(node, branches=(replace(first, targets=(Target(name), *first.targets)), *rest))


def _recommends(node: Node) -> bool:
    return node.words.split()[0] in ("recommend", "no", "choose", "standing")


def _overridable(pathway: str, node: Node) -> tuple[str, ...]:
    if not _recommends(node):
        return ()
    path = f"{pathway}.{node.name}"
    return path, *(f"{path}.{option.name}" for option in node.options)


# --- pathways and guidelines -------------------------------------------------------------------------------


@st.composite
def _pathways(draw: st.DrawFn, given: _Given, names: set[str]) -> tuple[Pathway, ...]:
    """One pathway, or one that follows another and may tell it something."""
    parameters, follows = "", ["follow q"]
    told: Facts = ()
    kind = draw(st.integers(0, 4))
    if kind == 3:
        parameters, follows = " with told: boolean = no", ["follow q with told", "follow q"]
        told = (yes_or_no("told"),)
    elif kind == 4 and "n0" in names:
        parameters, follows = " with limit: count = 1", ["follow q with limit = 2", "follow q"]
        told = (Asking(tuple(Test(f"n0 {operator} limit") for operator in ORDER)),)
    applies = draw(_conditions(given.facts)) if _sometimes(draw, 3) else None
    nodes = draw(_nodes("p", 6, replace(given, follows=tuple(follows) if kind > 1 else ())))
    first = Pathway("p", "", applies, nodes)
    if not any(node.words.startswith("follow") for node in nodes):
        return (first,)
    earlier = tuple(path for node in nodes for path in _overridable("p", node))
    inner = replace(given, earlier=earlier).and_facts(*told)
    applies = draw(_conditions(inner.facts)) if _sometimes(draw, 2) else None
    return first, Pathway("q", parameters, applies, draw(_nodes("q", 3, inner)))


@st.composite
def _others(
    draw: st.DrawFn, pathways: tuple[Pathway, ...], agents: tuple[str, ...], names: set[str]
) -> tuple[str, ...]:
    """What bars and excludes whole recommendations."""
    found = []
    if "a0" in names and draw(st.booleans()):
        found.append('contraindication each "Each": each of a0\n')
    if _sometimes(draw, 4):
        one, two = draw(st.sampled_from([*combinations(agents, 2), (agents[-1], "xy")]))
        found.append(f'incompatible i0 "I0": {one} with {two}\n')
    nodes = [f"{p.name}.{node.name}" for p in pathways for node in p.nodes if _recommends(node)]
    if len(nodes) > 1 and _sometimes(draw, 6):
        one, two = draw(st.lists(st.sampled_from(nodes), min_size=2, max_size=2, unique=True))
        found.append(f'slot l0 "L0": {one}, {two}\n')
    return tuple(found)


@st.composite
def _constraints(draw: st.DrawFn, facts: Facts) -> tuple[Condition, ...]:
    """What follows from one condition that does not hold for everybody, so that some patient is left."""
    number = draw(st.sampled_from((0, 0, 0, 1, 1, 2)))
    if not number:
        return ()
    atoms = [atom for asking in facts for atom in asking.atoms]
    may_fail = [a for a in atoms if not isinstance(a, Compare) or a.operator not in ("<=", ">=")]
    unless = Not(draw(st.sampled_from(may_fail)))
    return tuple(Joined("or", (unless, draw(_conditions(facts, 0)))) for _ in range(number))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A whole guideline; what is drawn later may ask for what was drawn before."""
    agents = draw(st.sampled_from((("x", "y"), ("x", "y", "z"))))
    elements = draw(_elements(agents))
    names = {e.name for e in elements}
    recorded: Facts = (*(e.asking for e in elements), *two_compared(elements))
    given = _Given(recorded, (*agents, "xy"), draw(st.sampled_from((False, False, True))))
    constraints = draw(_constraints(recorded))
    if constraints:
        always, never = constraints, tuple(map(Not, constraints))
        given = given.and_facts(Asking((*always, *never), tuple(zip(never, always, strict=True))))
    local = _sometimes(draw, 6)
    if local:
        given = given.and_facts(yes_or_no("local"))
    themes = draw(_themes(given.facts))
    given = given.and_facts(themes, themes)
    definitions = []
    for name in ("d0", "d1")[: draw(st.sampled_from((0, 0, 1, 1, 2)))]:
        definition, asking = draw(_definitions(name, given))
        definitions.append(definition)
        given = given.and_facts(asking)
    readings = []
    if _sometimes(draw, 6):
        readings.append((draw(_conditions(given.facts)), draw(_conditions(given.facts))))
        given = given.and_facts(yes_or_no("g0"))
    if _sometimes(draw, 3):
        asked = draw(st.sampled_from(sorted(names)))
        known, unknown = Test(f"{asked} is known"), Test(f"{asked} is unknown")
        given = given.and_facts(Asking((known, unknown), ((known, unknown),)))
    barred = tuple(
        (Agent(draw(st.sampled_from(given.agents))), draw(_conditions(given.facts)))
        for _ in range(draw(st.sampled_from((0, 0, 1))))
    )
    pathways = draw(_pathways(given, names))
    return Plan(
        agents,
        elements,
        local,
        tuple(definitions),
        tuple(readings),
        constraints,
        barred,
        pathways,
        draw(_others(pathways, agents, names)),
    )
