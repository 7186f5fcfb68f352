"""Small random guidelines, as texts, and random patients for them.

A guideline is drawn as a `Plan`: data from which its text is written, declaration by declaration, and
from which a test can work out by itself what must come out. Its facts are `b0`, `b1` (booleans), `e0`
(an enumeration), `n0` (a count) and sometimes a definition `d0`; its first pathway is `p`.
"""

from dataclasses import dataclass, field

from hypothesis import strategies as st

__all__ = [
    "BOOLEANS",
    "COUNTS",
    "ENUM",
    "Condition",
    "Plan",
    "complete_patients",
    "conditions",
    "partial_patients",
    "plans",
]

BOOLEANS = ("b0", "b1", "b2")
ENUM = ("red", "green", "blue")
COUNTS = range(0, 5)

Condition = tuple[object, ...]
"""("is", fact, value), ("less", n), ("not", c), ("and", …), ("or", …), ("threshold", word, n, …)."""


@dataclass(frozen=True)
class Branch:
    condition: Condition | None
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """A node of a plan: its kind, where it leads, and what makes it hold."""

    name: str
    kind: str
    targets: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    when: Condition | None = None
    unless: Condition | None = None
    agents: tuple[str, ...] = ()
    options: tuple[tuple[str, Condition | None, str], ...] = ()
    follows: str = ""


@dataclass(frozen=True)
class Plan:
    """A guideline: its pathways by name, with the condition under which each applies."""

    pathways: dict[str, tuple[Condition | None, tuple[Node, ...]]]
    definition: Condition
    contraindication: Condition | None = None
    extra: tuple[str, ...] = field(default=())

    def declarations(self) -> list[str]:
        """The text of each declaration."""
        found = ['guideline g "G":\n  version "1"\n  entry p\n']
        found += [f'element {name} "{name.upper()}": boolean\n' for name in BOOLEANS]
        found.append(f'element e0 "E0": one of {" | ".join(ENUM)}\n')
        found.append(f'element n0 "N0": count from 0 to {COUNTS[-1]}\n')
        found.append(f'define d0 "D0": boolean = {written(self.definition)}\n')
        found += [f'agent {name} "{name.upper()}"\n' for name in ("x", "y", "z")]
        found.append('class xy "XY": x, y\n')
        if self.contraindication is not None:
            found.append(f'contraindication c0 "C0": x when {written(self.contraindication)}\n')
        for name, (applies, nodes) in self.pathways.items():
            text = f'pathway {name} "{name.upper()}":\n'
            if applies is not None:
                text += f"  applies when {written(applies)}\n"
            found.append(text + "".join(_node(node) for node in nodes))
        return found + list(self.extra)

    def text(self) -> str:
        return "\n".join(self.declarations())


def written(condition: Condition) -> str:
    """A condition as an author writes it, with every bracket."""
    match condition:
        case ("is", fact, bool(value)):
            return f"{fact} = {'yes' if value else 'no'}"
        case ("is", "d0", _):
            return "d0"
        case ("is", fact, value):
            return f"{fact} is {value}"
        case ("less", number):
            return f"n0 < {number}"
        case ("not", inner):
            return f"not ({written(inner)})"
        case ("threshold", word, number, *parts):
            return f"{word} {number} of ({', '.join(map(written, parts))})"
        case (word, *parts):
            return f" {word} ".join(f"({written(part)})" for part in parts)
    raise AssertionError(condition)


def _targets(targets: tuple[str, ...]) -> str:
    return f" -> {', '.join(targets)}" if targets else ""


def _node(node: Node) -> str:
    label = f'{node.name} "{node.name.upper()}"'
    eligibility = ""
    if node.when is not None:
        eligibility += f" when {written(node.when)}"
    if node.unless is not None:
        eligibility += f" unless {written(node.unless)}"
    if node.kind in ("plain", "first match", "all that apply"):
        kind = "" if node.kind == "plain" else f" {node.kind}"
        text = f"  decision {label}{kind}:\n"
        for index, branch in enumerate(node.branches):
            condition = (
                "otherwise" if branch.condition is None else f"when {written(branch.condition)}"
            )
            text += f'    {condition} "A{index}"{_targets(branch.targets)}\n'
        return text
    if node.kind in ("recommend", "standing"):
        body = f"    give {' + '.join(node.agents)}\n" if node.agents else ""
        body += f"   {_targets(node.targets)}\n" if node.targets else ""
        return f"  {node.kind} {label}{eligibility}" + (f":\n{body}" if body else "\n")
    if node.kind == "choose":
        text = f"  choose {label} any of{eligibility}:\n"
        for name, when, agent in node.options:
            condition = "" if when is None else f" when {written(when)}"
            text += f'    option {name} "{name.upper()}"{condition}:\n      give {agent}\n'
        return text + (f"   {_targets(node.targets)}\n" if node.targets else "")
    if node.kind == "together":
        return f"  together {label}:\n   {_targets(node.targets)}\n"
    if node.kind == "follow":
        return f"  follow {node.follows} as {label}{_targets(node.targets)}\n"
    assert node.kind == "end"
    return f"  end {label}\n"


# --- conditions ------------------------------------------------------------------------------------


def conditions(*, with_definition: bool = True, depth: int = 2) -> st.SearchStrategy[Condition]:
    atoms: st.SearchStrategy[Condition] = st.one_of(
        st.tuples(st.just("is"), st.sampled_from(BOOLEANS), st.booleans()),
        st.tuples(st.just("is"), st.just("e0"), st.sampled_from(ENUM)),
        st.tuples(st.just("less"), st.integers(1, COUNTS[-1])),
        *([st.just(("is", "d0", None))] if with_definition else []),
    )
    if depth == 0:
        return atoms
    inner = conditions(with_definition=with_definition, depth=depth - 1)
    return st.one_of(
        atoms,
        inner.map(lambda c: ("not", c)),
        st.tuples(st.sampled_from(("and", "or")), inner, inner),
        st.tuples(
            st.just("threshold"),
            st.sampled_from(("at least", "at most", "exactly")),
            st.integers(1, 2),
            inner,
            inner,
        ),
    )


# --- pathways --------------------------------------------------------------------------------------


@st.composite
def _branches(draw: st.DrawFn, kind: str, names: list[str]) -> tuple[Branch, ...]:
    """Branches that leave nobody out, and for a plain decision exclude each other."""

    def target() -> tuple[str, ...]:
        count = draw(st.integers(1, 2)) if kind != "plain" else 1
        return tuple(
            draw(st.lists(st.sampled_from(names), min_size=1, max_size=count, unique=True))
        )

    if kind == "plain":
        shape = draw(st.integers(0, 3))
        if shape == 0:
            one = draw(conditions())
            return Branch(one, target()), Branch(("not", one), target())
        if shape == 1:
            return tuple(Branch(("is", "e0", value), target()) for value in ENUM)
        if shape == 2:
            limit = draw(st.integers(1, COUNTS[-1]))
            less: Condition = ("less", limit)
            return Branch(less, target()), Branch(("not", less), target())
        return Branch(draw(conditions()), target()), Branch(None, target())
    branches = [
        Branch(condition, target())
        for condition in draw(st.lists(conditions(), min_size=1, max_size=3))
    ]
    if kind == "first match" or draw(st.booleans()):
        branches.append(Branch(None, target()))
    return tuple(branches)


@st.composite
def _nodes(draw: st.DrawFn, follows: str | None) -> tuple[Node, ...]:
    """Nodes of one pathway; each leads to later ones only, and each is reached."""
    size = draw(st.integers(2, 6))
    names = [f"r{index}" for index in range(size)]
    optional = st.none() | conditions()
    agents = st.lists(st.sampled_from(("x", "y", "z", "xy")), max_size=2, unique=True).map(tuple)
    nodes: list[Node] = []
    reached = {names[0]}
    for index, name in enumerate(names):
        later = names[index + 1 :]
        kinds = ["recommend", "recommend", "choose", "end"]
        if later:
            kinds = [
                "plain",
                "plain",
                "first match",
                "all that apply",
                "together",
                "recommend",
                "choose",
            ]
            if follows:
                kinds.append("follow")
        kind = draw(st.sampled_from(kinds))
        targets: tuple[str, ...] = ()
        branches: tuple[Branch, ...] = ()
        if later:
            if kind in ("plain", "first match", "all that apply"):
                branches = draw(_branches(kind, later))
            else:
                count = 2 if kind == "together" else 1
                targets = tuple(
                    draw(st.lists(st.sampled_from(later), min_size=1, max_size=count, unique=True))
                )
        reached.update(targets, *(branch.targets for branch in branches))
        if later and later[0] not in reached:
            # Every node has to be reached by some route: the first way leads to the next node.
            if branches:
                first = branches[0]
                branches = (Branch(first.condition, (later[0], *first.targets)), *branches[1:])
            else:
                targets = (later[0], *targets)
            reached.add(later[0])
        options: tuple[tuple[str, Condition | None, str], ...] = ()
        if kind == "choose":
            options = tuple(
                (f"o{number}", draw(optional), draw(st.sampled_from(("x", "y", "z", "xy"))))
                for number in range(draw(st.integers(1, 3)))
            )
        can_fail = kind in ("recommend", "choose")
        nodes.append(
            Node(
                name,
                kind,
                targets,
                branches,
                draw(optional) if can_fail else None,
                draw(optional) if can_fail else None,
                draw(agents) if kind == "recommend" else (),
                options,
                follows if kind == "follow" and follows else "",
            )
        )
    if draw(st.booleans()):
        nodes.append(Node("s0", "standing", when=draw(optional), agents=("z",)))
    return tuple(nodes)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A small guideline. It may still break a promise that the checker proves; then it is no use."""
    optional = st.none() | conditions()
    pathways: dict[str, tuple[Condition | None, tuple[Node, ...]]] = {}
    second = draw(st.booleans())
    pathways["p"] = (draw(optional), draw(_nodes("q" if second else None)))
    if second:
        pathways["q"] = (draw(optional), draw(_nodes(None)))
    return Plan(
        pathways,
        draw(conditions(with_definition=False)),
        draw(st.none() | conditions(with_definition=False)),
    )


# --- patients ----------------------------------------------------------------------------------------


def complete_patients() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            **{name: st.booleans() for name in BOOLEANS},
            "e0": st.sampled_from(ENUM),
            "n0": st.sampled_from(COUNTS),
        }
    )


def partial_patients() -> st.SearchStrategy[dict[str, object]]:
    """Patients of whom some facts are not known."""
    return complete_patients().flatmap(
        lambda facts: st.sets(st.sampled_from(sorted(facts))).map(
            lambda known: {name: facts[name] for name in sorted(known)}
        )
    )
