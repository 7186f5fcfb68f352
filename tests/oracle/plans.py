"""A small guideline as nested frozen records, and the text that says it.

Conditions, agents, targets and labels are records of their own, so that a change can exchange one of
them wherever it stands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from pathway_compiler.model.vocabulary import SetValue, Value

__all__ = [
    "ORDER", "Agent", "AllOf", "Asking", "Branch", "Compare", "Condition", "Definition", "Element", "Facts", "Joined",
    "Label", "Line", "Node", "Not", "OneOf", "Only", "Option", "Pathway", "Plan", "RandomGuideline", "Regimen",
    "Target", "Test", "Threshold", "compared", "element", "guideline_of", "one_of", "two_compared", "yes_or_no",
]  # fmt: skip


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


# --- elements ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Element:
    """A data element: its type, its values and what can be asked of it."""

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
ORDER = ("<", "<=", "=", ">", ">=", "!=")
_SPLITS = (("<", ">="), ("<=", ">"), ("<", "=", ">"))


def yes_or_no(name: str) -> Asking:
    """What can be asked of a boolean fact."""
    yes, no = Test(name), Test(f"{name} = no")
    return Asking((yes, no), ((yes, no),))


def one_of(name: str, values: tuple[str, ...]) -> Asking:
    """What can be asked of a fact with these values."""
    tests = tuple(Test(f"{name} is {value}") for value in values)
    return Asking(tests, (tests,))


def compared(subject: str, limits: tuple[str, ...]) -> Asking:
    """Every comparison with these limits; what is below, at and above one is a partition."""
    places = range(len(limits))
    return Asking(
        tuple(Compare(subject, operator, limits, at) for at in places for operator in ORDER),
        tuple(
            tuple(Compare(subject, operator, limits, at) for operator in split)
            for at in places
            for split in _SPLITS
        ),
    )


def element(name: str, agents: tuple[str, ...], larger: bool) -> Element:
    """The element of a name, as one of two with more or fewer values."""
    sizes = "1", "2"
    members: tuple[str, ...]
    match name:
        case "b0" | "b1" | "b2":
            return Element(name, "boolean", (False, True), yes_or_no(name))
        case "e0":
            return Element(name, "stage", ("t1a", "t1b", "t2"), _nested(name))
        case "o0" | "o1":
            levels = "low", "mid", "high"
            return Element(name, "level", levels, compared(name, levels))
        case "n0" | "n1":
            limits = ("1", "2", "3")[: 3 if larger else 2]
            values = tuple(range(len(limits) + 1))
            return Element(name, f"count from 0 to {limits[-1]}", values, compared(name, limits))
        case "q0":
            limits = ("3 cm", "60 mm")[: 2 if larger else 1]
            values = (1, 3, 4, 6, 8) if larger else (1, 3, 8)
            return Element(name, "quantity in cm from 0 to 10", values, compared(name, limits))
        case "s0" if larger:
            members = "bone", "liver", "lung"
            return Element(
                name, "set of site", _subsets(members), _set(name, (*members, "visceral"), sizes)
            )
        case "s0":
            members = "skin", "node"
            return Element(name, "set of place", _subsets(members), _set(name, members, sizes))
    # Its number is not asked: a set may have a class beside its members, which is not among the values.
    barred = tuple(Test(f"{name} bars {agent}") for agent in ("x", "y", "xy"))
    return Element(name, "set of agent", _subsets(agents), _set(name, (*agents, "xy"), (), barred))


def _nested(name: str) -> Asking:
    t1, t1a, t1b, t2, several, other = (
        Test(f"{name} is {words}")
        for words in ("t1", "t1a", "t1b", "t2", "one of (t1b, t2)", "not t1a")
    )
    return Asking((t1, t1a, t1b, t2, several, other), ((t1, t2), (t1a, t1b, t2), (t1a, several)))


def _set(
    name: str, members: tuple[str, ...], sizes: tuple[str, ...], more: tuple[Condition, ...] = ()
) -> Asking:
    some, empty = Test(f"{name} is not empty"), Test(f"{name} is empty")
    has = [Test(f"{name} contains {member}") for member in members]
    two = [
        Test(f"{name} contains {words} of ({', '.join(members[:2])})") for words in ("any", "all")
    ]
    size = compared(f"number of {name}", sizes)
    atoms = (*has, *more, *two, some, empty, *size.atoms[-len(ORDER) :])
    return Asking(atoms, ((some, empty), *size.partitions))


def _subsets(members: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple(
        SetValue(frozenset(chosen))
        for size in range(len(members) + 1)
        for chosen in combinations(members, size)
    )


def two_compared(elements: tuple[Element, ...]) -> Facts:
    """What can be asked of two facts of one order."""
    names = {element.name for element in elements}
    found = []
    for one, two in (("n0", "n1"), ("o0", "o1")):
        if {one, two} <= names:
            tests = {operator: Test(f"{one} {operator} {two}") for operator in ORDER}
            splits = tuple(tuple(tests[operator] for operator in split) for split in _SPLITS)
            found.append(Asking(tuple(tests.values()), splits))
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
    """A definition by an expression, or by rows of a value and a condition (None: otherwise)."""

    name: str
    type: str
    first_match: bool = False
    expression: Condition | None = None
    rows: tuple[tuple[str, Condition | None], ...] = ()


@dataclass(frozen=True)
class Plan:
    """A guideline; `others` are declarations that no change touches."""

    agents: tuple[str, ...]
    elements: tuple[Element, ...]
    local: bool
    definitions: tuple[Definition, ...]
    readings: tuple[tuple[Condition, Condition], ...]
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
    kind = " first match" if definition.first_match else ""
    head = f'define {definition.name} "{definition.name.upper()}"{kind}: {definition.type}'
    if definition.expression is not None:
        return f"{head} = {written(definition.expression)}\n"
    rows = [
        f"  {value} otherwise\n" if condition is None else f"  {value} when {written(condition)}\n"
        for value, condition in definition.rows
    ]
    return head + "\n" + "".join(rows)


def _reading(alternatives: tuple[Condition, Condition]) -> str:
    chosen, other = map(written, alternatives)
    return f'reading g0 "G0":\n  chosen one "One": {chosen}\n  alternative two "Two": {other}\n'


def _without_elements(plan: Plan) -> str:
    """The declarations of everything but the elements and their types."""
    found = [f'agent {name} "{name.upper()}"\n' for name in plan.agents]
    found.append('class xy "XY": x, y\n')
    if plan.local:
        found.append('parameter local "Local": boolean = yes\n')
    found += map(_definition, plan.definitions)
    found += map(_reading, plan.readings)
    found += [f'constraint "C": {written(condition)}\n' for condition in plan.constraints]
    found += [
        f'contraindication c{index} "C{index}": {agent.name} when {written(condition)}\n'
        for index, (agent, condition) in enumerate(plan.contraindications)
    ]
    return "\n".join((*found, *map(_pathway, plan.pathways), *plan.others))


def guideline_of(plan: Plan) -> RandomGuideline:
    """The text of a plan, with the elements that it reads and their values."""
    rest = _without_elements(plan)
    elements = [e for e in plan.elements if re.search(rf"\b{e.name}\b", rest)]
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
