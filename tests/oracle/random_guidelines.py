"""Random guidelines so small that every patient can be tried.

A guideline is drawn as a `Plan`: nested frozen records from which its text is written. Its facts are
`b0`, `b1` (booleans), `e0` (values within values), `o0`, `o1` (ordered), `n0`, `n1` (counts), `q0` (a
quantity), `s0` (a set of values) and `a0` (a set of agents), as far as it reads them; `local` is a setting,
`d0`, `d1` are definitions and `g0` is a reading. It starts with pathway `p`, which may follow `q`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import combinations
from math import prod
from typing import Any

from hypothesis import strategies as st

from pathway_compiler.model.vocabulary import SetValue, Value

__all__ = ["Change", "RandomGuideline", "changes", "guidelines", "partial_facts"]

MOST_PATIENTS = 400
MOST_PARTIAL_PATIENTS = 3_000


@dataclass(frozen=True)
class RandomGuideline:
    """A guideline in one text, and the values that tell its patients apart.

    `values` are those of each element, as the model has them; `asked` are the elements of which a
    condition asks whether they are known, and which a patient may therefore lack; `settings` are the
    values of each parameter, the default first.
    """

    text: str
    values: Mapping[str, tuple[Value, ...]]
    asked: frozenset[str]
    settings: Mapping[str, tuple[Value, ...]]

    def __repr__(self) -> str:
        values = "\n".join(f"# {name}: {list(values)}" for name, values in self.values.items())
        return f"a guideline:\n{self.text}\n{values}\n"


@dataclass(frozen=True)
class Change:
    """A guideline before and after a small change; both have the same elements."""

    kind: str
    old: RandomGuideline
    new: RandomGuideline


# --- conditions --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Test:
    """A condition that is one question, as written."""

    __test__ = False  # it is no test of pytest
    text: str


@dataclass(frozen=True)
class Compare:
    """A comparison with one of several limits, so that a change can move it to another."""

    subject: str
    operator: str
    limits: tuple[str, ...]
    at: int


@dataclass(frozen=True)
class Not:
    part: "Condition"


@dataclass(frozen=True)
class Joined:
    """Conditions joined by `and` or `or`."""

    word: str
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Threshold:
    """`at least 2 of (…)`."""

    words: str
    parts: tuple["Condition", ...]


Condition = Test | Compare | Not | Joined | Threshold


def written(condition: Condition) -> str:
    """A condition as an author writes it, with every bracket."""
    match condition:
        case Test():
            return condition.text
        case Compare():
            return f"{condition.subject} {condition.operator} {condition.limits[condition.at]}"
        case Not():
            return f"not ({written(condition.part)})"
        case Joined():
            return f" {condition.word} ".join(f"({written(part)})" for part in condition.parts)
        case Threshold():
            return f"{condition.words} of ({', '.join(map(written, condition.parts))})"


@dataclass(frozen=True)
class Asking:
    """What can be asked of one fact: single questions, and questions of which one holds for everybody."""

    atoms: tuple[Condition, ...]
    partitions: tuple[tuple[Condition, ...], ...] = ()


Facts = tuple[Asking, ...]


@st.composite
def conditions(draw: st.DrawFn, facts: Facts, depth: int = 1) -> Condition:
    shape = draw(st.integers(0, 9)) if depth else 0
    if shape <= 5:
        return draw(st.sampled_from(draw(st.sampled_from(facts)).atoms))
    inner = conditions(facts, depth - 1)
    if shape == 6:
        return Not(draw(inner))
    if shape == 7:
        words = draw(st.sampled_from(("at least 2", "at most 1", "exactly 1", "exactly 2")))
        return Threshold(words, (draw(inner), draw(inner), draw(inner)))
    return Joined("and" if shape == 8 else "or", (draw(inner), draw(inner)))


# --- elements ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Element:
    """A data element: what declares it, its values and what can be asked of it."""

    name: str
    type: str
    values: tuple[Value, ...]
    asking: Asking


TYPES = {
    "stage": 'type stage "Stage":\n  t1 "T1":\n    t1a "T1a"\n    t1b "T1b"\n  t2 "T2"\n',
    "level": 'type level "Level" ordered:\n  low "Low"\n  mid "Mid"\n  high "High"\n',
    "site": 'type site "Site":\n  bone "Bone"\n  visceral "Viscera":\n    liver "Liver"\n    lung "Lung"\n',
    "place": 'type place "Place":\n  skin "Skin"\n  node "Node"\n',
}
LEVELS = ("low", "mid", "high")
ORDER = ("<", "<=", "=", ">", ">=", "!=")


def comparisons(subject: str, limits: tuple[str, ...]) -> Asking:
    """Every comparison with these limits; the patients below, at and above one are a partition."""
    atoms = [
        Compare(subject, operator, limits, at) for at in range(len(limits)) for operator in ORDER
    ]
    partitions = [
        tuple(Compare(subject, operator, limits, at) for operator in operators)
        for at in range(len(limits))
        for operators in (("<", ">="), ("<=", ">"), ("<", "=", ">"))
    ]
    return Asking(tuple(atoms), tuple(partitions))


def _boolean(name: str) -> Element:
    yes, no = Test(name), Test(f"{name} = no")
    return Element(name, "boolean", (False, True), Asking((yes, no), ((yes, no),)))


def _nested() -> Element:
    tests = [Test(f"e0 is {value}") for value in ("t1", "t1a", "t1b", "t2")]
    t1, t1a, t1b, t2 = tests
    several, other = Test("e0 is one of (t1b, t2)"), Test("e0 is not t1a")
    partitions = ((t1, t2), (t1a, t1b, t2), (t1a, several))
    return Element("e0", "stage", ("t1a", "t1b", "t2"), Asking((*tests, several, other), partitions))


def _ordered(name: str) -> Element:
    return Element(name, "level", LEVELS, comparisons(name, LEVELS))


def _count(name: str, high: int) -> Element:
    limits = tuple(str(number) for number in range(1, high + 1))
    values = tuple(range(high + 1))
    return Element(name, f"count from 0 to {high}", values, comparisons(name, limits))


def _quantity(two_limits: bool) -> Element:
    limits, values = ("3 cm",), (1, 3, 8)
    if two_limits:
        limits, values = ("3 cm", "60 mm"), (1, 3, 4, 6, 8)
    return Element("q0", "quantity in cm from 0 to 10", values, comparisons("q0", limits))


def _subsets(members: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple(
        SetValue(frozenset(chosen))
        for size in range(len(members) + 1)
        for chosen in combinations(members, size)
    )


def _set(name: str, of: str, members: tuple[str, ...], classes: tuple[str, ...]) -> Element:
    has = [Test(f"{name} contains {value}") for value in (*members, *classes)]
    empty, some = Test(f"{name} is empty"), Test(f"{name} is not empty")
    first, second = members[0], members[1]
    atoms: list[Condition] = [
        *has,
        empty,
        some,
        Test(f"{name} contains any of ({first}, {second})"),
        Test(f"{name} contains all of ({first}, {second})"),
    ]
    size = comparisons(f"number of {name}", ("1", "2"))
    partitions = [(empty, some), *size.partitions[-2:]]
    return Element(name, f"set of {of}", _subsets(members), Asking((*atoms, *size.atoms[6:]), tuple(partitions)))


def _agents(members: tuple[str, ...]) -> Element:
    plain = _set("a0", "agent", members, ("xy",))
    barred = [Test(f"a0 bars {name}") for name in ("x", "y", "xy")]
    return replace(plain, asking=replace(plain.asking, atoms=(*plain.asking.atoms[:7], *barred)))


@st.composite
def _elements(draw: st.DrawFn, agents: tuple[str, ...]) -> tuple[Element, ...]:
    """A few elements, few enough for every patient to be tried."""
    names = ("b0", "b1", "b2", "e0", "o0", "n0", "q0", "s0", "a0", "n0 n1", "o0 o1")
    drawn = draw(st.lists(st.sampled_from(names), min_size=2, max_size=5, unique=True))
    found: dict[str, Element] = {}
    for name in " ".join(drawn).split():
        match name:
            case "b0" | "b1" | "b2":
                element = _boolean(name)
            case "e0":
                element = _nested()
            case "o0" | "o1":
                element = _ordered(name)
            case "n0" | "n1":
                element = _count(name, draw(st.integers(2, 3)))
            case "q0":
                element = _quantity(draw(st.booleans()))
            case "s0" if draw(st.booleans()):
                element = _set("s0", "site", ("bone", "liver", "lung"), ("visceral",))
            case "s0":
                element = _set("s0", "place", ("skin", "node"), ())
            case _:
                element = _agents(agents)
        sizes = [len(e.values) for e in (*found.values(), element)]
        if len(sizes) <= 5 and prod(sizes) <= 150:
            found.setdefault(name, element)
    return tuple(found.values())


def _together(elements: tuple[Element, ...]) -> Facts:
    """What can be asked of two facts of one order."""
    names = {element.name for element in elements}
    found = []
    for first, second in (("n0", "n1"), ("o0", "o1")):
        if {first, second} <= names:
            tests = {op: Test(f"{first} {op} {second}") for op in ORDER}
            partitions = (("<", ">="), ("<=", ">"), ("<", "=", ">"))
            found.append(
                Asking(tuple(tests.values()), tuple(tuple(tests[o] for o in p) for p in partitions))
            )
    return tuple(found)


# --- the parts of a guideline -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Label:
    text: str


@dataclass(frozen=True)
class Target:
    """A node that an arrow leads to."""

    name: str


@dataclass(frozen=True)
class Agent:
    """An agent or class in a regimen or after `avoid`."""

    name: str


@dataclass(frozen=True)
class Only:
    """An agent that is given if a condition holds."""

    part: Agent
    condition: Condition


@dataclass(frozen=True)
class OneOf:
    parts: tuple["Regimen", ...]


@dataclass(frozen=True)
class AllOf:
    """Parts joined by `+`, or by `then`."""

    parts: tuple["Regimen", ...]
    word: str = "+"


Regimen = Agent | Only | OneOf | AllOf


@dataclass(frozen=True)
class Line:
    """A line of a course: `give`, `give together`, `avoid` with a regimen, or other words."""

    words: str
    regimen: Regimen | None = None


@dataclass(frozen=True)
class Branch:
    """A branch of a decision or review; without a condition it is `otherwise`."""

    condition: Condition | None
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Option:
    words: str
    name: str
    eligibility: tuple[tuple[str, Condition], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Node:
    """A node: the words before and after its name, and what stands below it."""

    words: str
    name: str
    label: Label
    kind: str = ""
    eligibility: tuple[tuple[str, Condition], ...] = ()
    branches: tuple[Branch, ...] = ()
    options: tuple[Option, ...] = ()
    lines: tuple[Line, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Pathway:
    name: str
    parameters: str
    applies: Condition | None
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Definition:
    """A definition by an expression (no value), or by rows of a value and a condition."""

    name: str
    type: str
    kind: str
    rows: tuple[tuple[str, Condition | None], ...]


@dataclass(frozen=True)
class Plan:
    """A guideline; `others` are declarations that no change touches."""

    agents: tuple[str, ...]
    elements: tuple[Element, ...]
    local: bool
    definitions: tuple[Definition, ...]
    readings: tuple[Condition, ...]
    constraints: tuple[Condition, ...]
    contraindications: tuple[tuple[Agent, Condition], ...]
    pathways: tuple[Pathway, ...]
    others: tuple[str, ...]


# --- their text -----------------------------------------------------------------------------------------------


def _regimen(regimen: Regimen) -> str:
    match regimen:
        case Agent():
            return regimen.name
        case Only():
            return f"{regimen.part.name} if ({written(regimen.condition)})"
        case OneOf():
            return f"({' | '.join(map(_regimen, regimen.parts))})"
        case AllOf():
            return f" {regimen.word} ".join(map(_regimen, regimen.parts))


def _line(line: Line) -> str:
    return line.words if line.regimen is None else f"{line.words} {_regimen(line.regimen)}"


def _arrow(targets: tuple[Target, ...]) -> str:
    return "-> " + ", ".join(target.name for target in targets) if targets else ""


def _eligibility(eligibility: tuple[tuple[str, Condition], ...]) -> str:
    return "".join(f" {word} {written(condition)}" for word, condition in eligibility)


def _node(node: Node) -> str:
    label = f'"{node.label.text}"'
    if node.words.startswith("follow"):
        return f"  {node.words} as {node.name} {label} {_arrow(node.targets)}".rstrip() + "\n"
    head = f"  {node.words} {node.name} {label}{node.kind}{_eligibility(node.eligibility)}"
    body = []
    for branch in node.branches:
        words = "on" if node.words == "review" else "when"
        condition = f"{words} {written(branch.condition)}" if branch.condition else "otherwise"
        body.append(f"{condition} {_arrow(branch.targets)}")
    for option in node.options:
        text = f'{option.words} {option.name} "{option.name.upper()}"{_eligibility(option.eligibility)}'
        lines = [f"\n      {_line(line)}" for line in option.lines]
        body.append(text + (":" + "".join(lines) if lines else ""))
    body += map(_line, node.lines)
    if node.targets:
        body.append(_arrow(node.targets))
    return head + (":\n" if body else "\n") + "".join(f"    {line}\n" for line in body)


def _pathway(pathway: Pathway) -> str:
    text = f'pathway {pathway.name} "{pathway.name.upper()}"{pathway.parameters}:\n'
    if pathway.applies is not None:
        text += f"  applies when {written(pathway.applies)}\n"
    return text + "".join(map(_node, pathway.nodes))


def _definition(definition: Definition) -> str:
    head = f'define {definition.name} "{definition.name.upper()}"{definition.kind}: {definition.type}'
    if not definition.kind and definition.rows[0][0] == "":
        condition = definition.rows[0][1]
        assert condition is not None
        return f"{head} = {written(condition)}\n"
    rows = [
        f"  {value} otherwise\n" if condition is None else f"  {value} when {written(condition)}\n"
        for value, condition in definition.rows
    ]
    return head + "\n" + "".join(rows)


def _without_elements(plan: Plan) -> str:
    """The declarations of everything but the elements and their types."""
    found = [f'agent {name} "{name.upper()}"\n' for name in plan.agents]
    found.append('class xy "XY": x, y\n')
    if plan.local:
        found.append('parameter local "Local": boolean = yes\n')
    found += map(_definition, plan.definitions)
    if plan.readings:
        words = ("chosen", "alternative")
        found.append(
            'reading g0 "G0":\n'
            + "".join(
                f'  {word} {word}_one "{word}": {written(condition)}\n'
                for word, condition in zip(words, plan.readings, strict=True)
            )
        )
    found += [f'constraint "C": {written(condition)}\n' for condition in plan.constraints]
    found += [
        f'contraindication c{index} "C{index}": {agent.name} when {written(condition)}\n'
        for index, (agent, condition) in enumerate(plan.contraindications)
    ]
    return "\n".join((*found, *map(_pathway, plan.pathways), *plan.others))


def _guideline(plan: Plan) -> RandomGuideline:
    """The text of a plan, with the elements that it reads and their values."""
    rest = _without_elements(plan)
    elements = _used(plan.elements, rest)
    types = {e.type.removeprefix("set of ") for e in elements}
    text = "\n".join(
        [
            'guideline g "G":\n  version "1"\n  entry p\n',
            *(declaration for name, declaration in TYPES.items() if name in types),
            *(f'element {e.name} "{e.name.upper()}": {e.type}\n' for e in elements),
            rest,
        ]
    )
    asked = frozenset(re.findall(r"\b(\w+) is (?:known|unknown)\b", rest))
    settings = {"local": (True, False)} if plan.local else {}
    return RandomGuideline(text, {e.name: e.values for e in elements}, asked, settings)


def _used(elements: tuple[Element, ...], text: str) -> tuple[Element, ...]:
    return tuple(e for e in elements if re.search(rf"\b{e.name}\b", text))


# --- drawing a guideline ----------------------------------------------------------------------------------------


def _sometimes(draw: st.DrawFn, one_in: int) -> bool:
    """Seldom true; simplest when it is not."""
    return draw(st.integers(0, one_in - 1)) == one_in - 1


@dataclass(frozen=True)
class _Setting:
    """What the parts of a pathway are drawn from."""

    facts: Facts
    agents: tuple[str, ...]
    sound: bool
    follows: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    """Recommendations and options that may be overridden."""


@st.composite
def _regimens(draw: st.DrawFn, setting: _Setting, depth: int = 1) -> Regimen:
    agent = Agent(draw(st.sampled_from(setting.agents)))
    shape = draw(st.integers(0, 6)) if depth else 0
    if shape <= 2:
        return agent
    if shape == 3:
        return Only(agent, draw(conditions(setting.facts, 0)))
    inner = _regimens(setting, depth - 1)
    if shape == 4:
        return OneOf((agent, draw(inner)))
    return AllOf((agent, draw(inner)), "then" if shape == 6 and _sometimes(draw, 2) else "+")


@st.composite
def _courses(draw: st.DrawFn, setting: _Setting) -> tuple[Line, ...]:
    lines = []
    if not _sometimes(draw, 4):
        words = "give together" if _sometimes(draw, 5) else "give"
        lines.append(Line(words, draw(_regimens(setting))))
    if _sometimes(draw, 5):
        lines.append(Line("avoid", Agent(draw(st.sampled_from(setting.agents)))))
    if setting.earlier and _sometimes(draw, 4):
        lines.append(Line(f"overrides {draw(st.sampled_from(setting.earlier))}"))
    return tuple(lines)


@st.composite
def _eligibilities(draw: st.DrawFn, setting: _Setting) -> tuple[tuple[str, Condition], ...]:
    words = draw(
        st.sampled_from(
            ((), (), (), ("when",), ("when",), ("unless",), ("only if",), ("when", "unless"))
        )
    )
    return tuple((word, draw(conditions(setting.facts))) for word in words)


def _ways(draw: st.DrawFn, later: list[str], most: int) -> tuple[Target, ...]:
    size = 2 if most == 2 and _sometimes(draw, 3) else 1
    names = draw(st.lists(st.sampled_from(later), min_size=1, max_size=size, unique=True))
    return tuple(map(Target, names))


@st.composite
def _rows(draw: st.DrawFn, kind: str, setting: _Setting) -> tuple[Condition | None, ...]:
    """The conditions of a decision or definition, which in a sound guideline leave nobody out."""
    facts = setting.facts
    if kind == "all that apply":
        rows = draw(st.lists(conditions(facts), min_size=1, max_size=3))
        return (*rows, *([None] if draw(st.booleans()) else []))
    if kind == "first match":
        rows = draw(st.lists(conditions(facts), min_size=1, max_size=2 if setting.sound else 3))
        if draw(st.booleans()):
            return (*rows, None)
        return (*rows, Not(rows[0])) if setting.sound else tuple(rows)
    shape = draw(st.integers(0, 3 if setting.sound else 7))
    partitions = [partition for asking in facts for partition in asking.partitions]
    partition = draw(st.sampled_from(partitions))
    match shape:
        case 0:
            return draw(conditions(facts)), None
        case 1:
            condition = draw(conditions(facts))
            return condition, Not(condition)
        case 2 | 3:
            return partition
        case 4:
            return partition[1:]
        case 5:
            return (*partition[:-1], draw(conditions(facts)))
        case _:
            return tuple(draw(st.lists(conditions(facts), min_size=2, max_size=3)))


@st.composite
def _nodes(draw: st.DrawFn, letter: str, sizes: tuple[int, ...], setting: _Setting) -> tuple[Node, ...]:
    """Nodes that lead to later ones, each reached by some route; a review may lead back."""
    names = [f"{letter}{index}" for index in range(draw(st.sampled_from(sizes)))]
    reached = {names[0]}
    nodes = []
    for index, name in enumerate(names):
        later = names[index + 1 :]
        node = draw(_one_node(name, later, names, setting))
        leads = {t.name for t in (*node.targets, *(t for b in node.branches for t in b.targets))}
        if later and later[0] not in reached | leads:
            way = Target(later[0])
            if node.branches:
                first = node.branches[0]
                node = replace(
                    node, branches=(replace(first, targets=(way, *first.targets)), *node.branches[1:])
                )
            else:
                node = replace(node, targets=(way, *node.targets))
            leads.add(later[0])
        reached |= leads
        nodes.append(node)
        earlier = (*setting.earlier, *_overridable(letter, node))
        setting = replace(setting, earlier=earlier)
    if _sometimes(draw, 3):
        words = "standing against" if _sometimes(draw, 3) else "standing"
        lines = draw(_courses(setting))
        eligibility = draw(_eligibilities(setting))
        nodes.append(Node(words, f"{letter}s", Label("S"), "", eligibility, lines=lines))
    return tuple(nodes)


def _overridable(letter: str, node: Node) -> tuple[str, ...]:
    if not _recommends(node):
        return ()
    pathway = {"r": "p", "u": "q"}[letter]
    path = f"{pathway}.{node.name}"
    return path, *(f"{path}.{option.name}" for option in node.options)


def _recommends(node: Node) -> bool:
    return node.words.split()[0] in ("recommend", "no", "choose", "standing")


@st.composite
def _one_node(
    draw: st.DrawFn, name: str, later: list[str], names: list[str], setting: _Setting
) -> Node:
    kinds = ["recommend", "recommend", "choose", "recommend against", "end", "outside"]
    if later:
        kinds = [
            "decision", "decision", "decision", "decision", "recommend", "recommend", "choose", "together",
            "recommend against", "review", "review",
        ]  # fmt: skip
        kinds += ["follow"] * 6 if setting.follows else []
    kind = draw(st.sampled_from(kinds))
    label = Label(name.upper())
    targets = _ways(draw, later, 2) if later else ()
    match kind:
        case "decision":
            shape = draw(
                st.sampled_from(("plain", "plain", "first match", "all that apply"))
            )
            most = 1 if shape == "plain" else 2
            branches = []
            for condition in draw(_rows(shape, setting)):
                used = {target.name for branch in branches for target in branch.targets}
                unused = [name for name in later if name not in used] or later
                targets = _ways(draw, later if _sometimes(draw, 4) else unused, most)
                branches.append(Branch(condition, targets))
            words = "" if shape == "plain" else f" {shape}"
            return Node("decision", name, label, words, branches=tuple(branches))
        case "review":
            branches = tuple(
                Branch(draw(conditions(setting.facts)), _ways(draw, [*later, *names], 1))
                for _ in range(draw(st.integers(1, 2)))
            )
            return Node("review", name, label, branches=branches)
        case "choose":
            return draw(_choices(name, targets, setting))
        case "together":
            return Node("together", name, label, targets=targets)
        case "follow":
            words = draw(st.sampled_from(setting.follows))
            if _sometimes(draw, 4):
                words += f" adding {draw(st.sampled_from(setting.agents))}"
            return Node(words, name, label, targets=targets)
        case "end" | "outside":
            return Node(kind, name, label)
        case _:
            words = "no consensus" if kind == "recommend" and _sometimes(draw, 8) else kind
            eligibility = draw(_eligibilities(setting))
            lines = draw(_courses(setting))
            return Node(words, name, label, "", eligibility, lines=lines, targets=targets)


@st.composite
def _choices(draw: st.DrawFn, name: str, targets: tuple[Target, ...], setting: _Setting) -> Node:
    any_of = draw(st.booleans())
    ranks = ("option",) if any_of else ("preferred", "acceptable", "fallback")
    options = []
    for index in range(draw(st.integers(1, 3))):
        lines = draw(_courses(setting))
        eligibility = draw(_eligibilities(setting))
        options.append(Option(draw(st.sampled_from(ranks)), f"i{index}", eligibility, lines))
    kind = (" any of" if any_of else "") + (" combinable" if _sometimes(draw, 3) else "")
    shared = draw(_courses(setting)) if _sometimes(draw, 4) else ()
    eligibility = draw(_eligibilities(setting))
    return Node(
        "choose", name, Label(name.upper()), kind, eligibility, (), tuple(options), shared, targets
    )


VALUES = {
    "boolean": (("yes", "no"), (Test("{}"), Test("{} = no"))),
    "one of red | green | blue": (("red", "green", "blue"), tuple(Test(f"{{}} is {v}") for v in ("red", "green", "blue"))),
    "count": (("0", "1", "2"), ()),
}  # fmt: skip


@st.composite
def _definitions(draw: st.DrawFn, name: str, setting: _Setting) -> tuple[Definition, Asking]:
    """A definition, and what can be asked of it."""
    if draw(st.booleans()):
        rows = (("", draw(conditions(setting.facts, 2))),)
        yes, no = Test(name), Test(f"{name} = no")
        return Definition(name, "boolean", "", rows), Asking((yes, no), ((yes, no),))
    type_ = draw(st.sampled_from(tuple(VALUES)))
    values, templates = VALUES[type_]
    kind = draw(st.sampled_from(("plain", "first match")))
    conditions_ = draw(_rows(kind, setting))
    rows = tuple((draw(st.sampled_from(values)), condition) for condition in conditions_)
    tests = tuple(Test(t.text.format(name)) for t in templates)
    asking = Asking(tests, (tests,)) if tests else comparisons(name, ("1", "2"))
    return Definition(name, type_, " first match" if kind == "first match" else "", rows), asking


PARAMETERS = {
    "told": (" with told: boolean = no", ("follow q with told", "follow q"), Asking((Test("told"), Test("told = no")))),
    "limit": (" with limit: count = 1", ("follow q with limit = 2", "follow q"), None),
}  # fmt: skip


@st.composite
def _plans(draw: st.DrawFn) -> Plan:
    agents = draw(st.sampled_from((("x", "y"), ("x", "y", "z"))))
    elements = draw(_elements(agents))
    names = {e.name for e in elements}
    # One fact is asked more often, so that conditions imply and contradict each other.
    often = (elements[0].asking,) * 2
    recorded: Facts = (*(e.asking for e in elements), *_together(elements), *often)
    local = _sometimes(draw, 6)
    facts = recorded
    if local:
        facts += (Asking((Test("local"), Test("local = no"))),)
    sound = draw(st.sampled_from((True, False, False)))
    setting = _Setting(facts, (*agents, "xy"), sound)
    definitions = []
    for name in ("d0", "d1")[: draw(st.sampled_from((0, 0, 1, 1, 2)))]:
        definition, asking = draw(_definitions(name, setting))
        definitions.append(definition)
        setting = replace(setting, facts=(*setting.facts, asking))
    readings: tuple[Condition, ...] = ()
    if _sometimes(draw, 6):
        readings = draw(conditions(setting.facts)), draw(conditions(setting.facts))
        setting = replace(setting, facts=(*setting.facts, Asking((Test("g0"), Test("g0 = no")))))
    if _sometimes(draw, 3):
        name = draw(st.sampled_from(sorted(names)))
        asked = Test(f"{name} is known"), Test(f"{name} is unknown")
        setting = replace(setting, facts=(*setting.facts, Asking(asked, (asked,))))
    constraints = tuple(
        Joined("or", (Not(draw(conditions(recorded, 0))), draw(conditions(recorded, 0))))
        for _ in range(draw(st.sampled_from((0, 0, 0, 1, 1, 2))))
    )
    barred = tuple(
        (Agent(draw(st.sampled_from(setting.agents))), draw(conditions(setting.facts)))
        for _ in range(draw(st.sampled_from((0, 0, 1))))
    )
    pathways = draw(_pathways(setting, names))
    others = draw(_others(pathways, agents, names))
    return Plan(
        agents, elements, local, tuple(definitions), readings, constraints, barred, pathways, others
    )


@st.composite
def _pathways(draw: st.DrawFn, setting: _Setting, names: set[str]) -> tuple[Pathway, ...]:
    followed = _sometimes(draw, 2)
    parameters, asked, follows = "", None, ("follow q",)
    if followed and _sometimes(draw, 2):
        parameter = draw(st.sampled_from(("told", "limit") if "n0" in names else ("told",)))
        parameters, follows, asked = PARAMETERS[parameter]
        asked = asked or Asking(tuple(Test(f"n0 {operator} limit") for operator in ORDER))
    applies = draw(conditions(setting.facts)) if _sometimes(draw, 3) else None
    inner = replace(setting, facts=(*setting.facts, asked) if asked else setting.facts)
    outer = replace(setting, follows=follows if followed else ())
    first = Pathway("p", "", applies, draw(_nodes("r", (1, 2, 3, 4, 4, 5, 5, 6), outer)))
    if not any(node.words.startswith("follow") for node in first.nodes):
        return (first,)
    applies = draw(conditions(inner.facts)) if _sometimes(draw, 2) else None
    earlier = tuple(path for node in first.nodes for path in _overridable("r", node))
    nodes = draw(_nodes("u", (1, 2, 2, 3), replace(inner, earlier=earlier)))
    return first, Pathway("q", parameters, applies, nodes)


@st.composite
def _others(
    draw: st.DrawFn, pathways: tuple[Pathway, ...], agents: tuple[str, ...], names: set[str]
) -> tuple[str, ...]:
    """What bars and excludes whole recommendations."""
    found = []
    if "a0" in names and draw(st.booleans()):
        found.append('contraindication each "Each": each of a0\n')
    if _sometimes(draw, 4):
        pairs = tuple(combinations(agents, 2))
        first, second = draw(st.sampled_from((*pairs, ("z", "xy")) if "z" in agents else pairs))
        found.append(f'incompatible i0 "I0": {first} with {second}\n')
    nodes = [
        f"{pathway.name}.{node.name}"
        for pathway in pathways
        for node in pathway.nodes
        if _recommends(node)
    ]
    if len(nodes) > 1 and _sometimes(draw, 6):
        two = draw(st.lists(st.sampled_from(nodes), min_size=2, max_size=2, unique=True))
        found.append(f'slot l0 "L0": {", ".join(two)}\n')
    return tuple(found)


def _is_small(guideline: RandomGuideline) -> bool:
    settings = prod(len(values) for values in guideline.settings.values())
    sizes = {name: len(values) for name, values in guideline.values.items()}
    complete = prod(size + (name in guideline.asked) for name, size in sizes.items())
    partial = prod(size + 1 for size in sizes.values())
    return (
        len(sizes) <= 5
        and complete * settings <= MOST_PATIENTS
        and partial <= MOST_PARTIAL_PATIENTS
    )


def guidelines() -> st.SearchStrategy[RandomGuideline]:
    """Small guidelines without errors, except that decisions and definitions may have gaps and overlaps."""
    return _plans().map(_guideline).filter(_is_small)


@st.composite
def partial_facts(draw: st.DrawFn, guideline: RandomGuideline) -> dict[str, Value]:
    """A patient of whom some facts are missing; a constraint may refuse it."""
    found = {}
    for name, values in guideline.values.items():
        place = draw(st.integers(0, 2 * len(values) - 1))
        if place >= len(values):
            found[name] = values[place - len(values)]
    return found


# --- changes ------------------------------------------------------------------------------------------------------


Path = tuple[int | str, ...]
KINDS = ("threshold", "condition", "target", "agent", "threshold", "condition", "target", "label", "nothing")


def _parts(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every record within a plan, with the way to it."""
    if is_dataclass(value):
        yield path, value
        for field in fields(value):
            yield from _parts(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _parts(item, (*path, index))


def _put(value: Any, path: Path, part: Any) -> Any:
    """The plan with another part at a place."""
    if not path:
        return part
    step, *rest = path
    if isinstance(step, int):
        return (*value[:step], _put(value[step], tuple(rest), part), *value[step + 1 :])
    return replace(value, **{step: _put(getattr(value, step), tuple(rest), part)})


def _changed(plan: Plan, kind: str) -> Iterator[Plan]:
    """The plan with one change of a kind, in each way that leaves every node reached."""
    if kind == "nothing":
        yield plan
    body = replace(plan, elements=())
    for path, part in _parts(body):
        others: list[Any] = []
        match kind, part:
            case "threshold", Compare():
                others = [replace(part, at=at) for at in range(len(part.limits)) if at != part.at]
            case "condition", Test() | Compare() | Not() | Joined() | Threshold():
                others = [Not(part)]
            case "agent", Agent():
                others = [Agent(name) for name in (*plan.agents, "xy") if name != part.name]
            case "label", Label():
                others = [Label(part.text + " again")]
            case "target", Target():
                pathway, node = plan.pathways[int(path[1])], int(path[3])
                later = [n.name for n in pathway.nodes[node + 1 :] if "standing" not in n.words]
                others = [Target(name) for name in later if name != part.name]
        for other in others:
            changed = replace(_put(body, path, other), elements=plan.elements)
            if kind != "target" or all(map(_all_reached, changed.pathways)):
                yield changed


def _all_reached(pathway: Pathway) -> bool:
    leads = {
        node.name: [t.name for t in (*node.targets, *(t for b in node.branches for t in b.targets))]
        for node in pathway.nodes
    }
    waiting, reached = [pathway.nodes[0].name], set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += leads[name]
    return reached == {n.name for n in pathway.nodes if "standing" not in n.words}


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A guideline, and the same with one small change or none."""
    plan = draw(_plans().filter(lambda plan: _is_small(_guideline(plan))))
    found = {kind: list(_changed(plan, kind)) for kind in KINDS}
    kind = draw(st.sampled_from([kind for kind in KINDS if found[kind]]))
    changed = draw(st.sampled_from(found[kind]))
    return Change(kind, _guideline(plan), _guideline(changed))
