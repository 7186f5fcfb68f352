"""What is measured: guidelines and patients made by rule, the same in every run.

A `Tree` is a pathway of decisions with two answers each. It is written out three times: in the
pathway language, as nested `if`s in Python, and as the same `if`s that keep a trace.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

__all__ = ["Tree", "decision_tree", "guideline_of", "large_guideline", "patients"]

Facts = dict[str, Any]
Function = Callable[[Mapping[str, Any]], Any]

FACTS = 38
"""As many as the pathway that the peers were measured on."""


# --- one pathway, in three languages ------------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """A question with two answers, in the pathway language and in Python."""

    facts: tuple[str, ...]
    pathway: str
    python: str


@dataclass(frozen=True)
class Decision:
    name: str
    condition: Condition
    yes: str
    no: str


@dataclass(frozen=True)
class Tree:
    """Decisions and the recommendations they end in; several ways may lead to one decision."""

    decisions: tuple[Decision, ...]
    leaves: tuple[str, ...]

    def routes(self) -> int:
        """How many ways lead from the first decision to a recommendation."""
        decisions = {d.name: d for d in self.decisions}

        def below(name: str) -> int:
            here = decisions.get(name)
            return 1 if here is None else below(here.yes) + below(here.no)

        return below(self.decisions[0].name)

    def as_guideline(self) -> str:
        return guideline_of(self)

    def as_function(self) -> Function:
        """Nested `if`s: the recommendation, or None when a fact on the way is missing."""
        return _compiled_function(
            "\n".join(["def decide(p):", *self._ifs(self.decisions[0].name, 1)])
        )

    def as_tracing_function(self) -> Function:
        """The same, with the decisions passed, their answers and the facts these rest on."""
        lines = [
            "def decide(p):",
            "  trace = []",
            *self._ifs(self.decisions[0].name, 1, trace=True),
        ]
        return _compiled_function("\n".join(lines))

    def _ifs(self, name: str, depth: int, *, trace: bool = False) -> Iterator[str]:
        here = next((d for d in self.decisions if d.name == name), None)
        margin = "  " * depth
        if here is None:
            yield f"{margin}return {name!r}, trace" if trace else f"{margin}return {name!r}"
            return
        for fact in here.condition.facts:
            yield f"{margin}{fact} = p.get({fact!r})"
        missing = " or ".join(f"{fact} is None" for fact in here.condition.facts)
        yield f"{margin}if {missing}: return " + ("None, trace" if trace else "None")
        seen = ", ".join(f"({fact!r}, {fact})" for fact in here.condition.facts)
        for opening, answer, target in (
            (f"if {here.condition.python}:", "yes", here.yes),
            ("else:", "no", here.no),
        ):
            yield f"{margin}{opening}"
            if trace:
                yield f"{margin}  trace.append(({name!r}, {answer!r}, ({seen},)))"
            yield from self._ifs(target, depth + 1, trace=trace)


def _compiled_function(source: str) -> Function:
    found: dict[str, Any] = {}
    exec(source, found)
    decide: Function = found["decide"]
    return decide


def decision_tree(front: int, back: int = 0, entries: int = 0) -> Tree:
    """A balanced tree of `front` decisions; `entries` of its ends lead on to a second of `back`.

    (24, 21, 5) has 45 decisions and 130 routes, near the 135 of the pathway the peers ran.
    """
    decisions: list[Decision] = []
    leaves: list[str] = []
    waiting = entries

    def grow(size: int, first: bool) -> str:
        nonlocal waiting
        if size == 0:
            if first and waiting:
                waiting -= 1
                return "back"
            leaves.append(f"leaf_{len(leaves) + 1}")
            return leaves[-1]
        place = len(decisions)
        name = f"decision_{place + 1}" if first or size < back else "back"
        condition = _condition(place)
        decisions.append(Decision(name, condition, "", ""))
        left = (size - 1) // 2
        yes, no = grow(left, first), grow(size - 1 - left, first)
        decisions[place] = Decision(name, condition, yes, no)
        return name

    grow(front, True)
    if back:
        grow(back, False)
    return Tree(tuple(decisions), tuple(leaves))


def _condition(place: int) -> Condition:
    """A condition on the next facts in turn, every fifth of them on two."""
    name = f"fact_{place % FACTS + 1}"
    match place % FACTS % 4:
        case 0:
            simple = Condition((name,), name, name)
        case 1:
            simple = Condition((name,), f"{name} is high", f"{name} == 'high'")
        case 2:
            simple = Condition((name,), f"{name} >= 3", f"{name} >= 3")
        case _:
            simple = Condition((name,), f"{name} > 40 mg", f"{name} > 40")
    if place % 5 != 4:
        return simple
    other = f"fact_{(place * 7 + 4) % FACTS // 4 * 4 + 1}"
    if other == name:
        return simple
    return Condition(
        (name, other), f"{simple.pathway} and not {other}", f"{simple.python} and not {other}"
    )


def guideline_of(tree: Tree) -> str:
    """The tree as a guideline of one pathway."""
    return (
        "\n".join([*_header("bench", "Made by rule", "tree"), *_facts(FACTS), *_pathway(tree)])
        + "\n"
    )


def patients(count: int, *, missing: float = 0.0) -> list[Facts]:
    """Patients with a value for each fact, or, for a share of the facts, none."""
    random = Random(20181105)
    return [
        {name: value for name, value in _values(random).items() if random.random() >= missing}
        for _ in range(count)
    ]


def _values(random: Random) -> Facts:
    values: Facts = {}
    for place in range(FACTS):
        match place % 4:
            case 0:
                value: Any = random.random() < 0.5
            case 1:
                value = random.choice(["low", "middle", "high"])
            case 2:
                value = random.randrange(7)
            case _:
                value = random.randrange(90)
        values[f"fact_{place + 1}"] = value
    return values


def _header(name: str, title: str, entry: str) -> list[str]:
    return [
        f'guideline {name} "{title}":',
        '  version "1"',
        "  grading scheme",
        f"  entry {entry}",
        "",
        'grading scheme "A scheme":',
        '  certainty high "High" | low "Low"',
        '  grade A "For everybody", certainty high | low',
        '  grade B "For some", certainty high | low',
        "",
    ]


def _facts(count: int) -> Iterator[str]:
    for place in range(count):
        types = ("boolean", 'one of low "Low" | middle "Middle" | high "High"', "count from 0 to 20",
                 "quantity in mg from 0 to 500")  # fmt: skip
        yield f'element fact_{place + 1} "Fact {place + 1}": {types[place % 4]}'
        yield f'  ask "What is fact {place + 1}?"'
        yield ""


def _pathway(tree: Tree) -> Iterator[str]:
    for place, leaf in enumerate(tree.leaves, start=1):
        yield f'agent agent_{place} "Agent {place}"' + ":"
        yield f'statement says_{place} "What the text says of {leaf}":'
        yield '  section "Treatment"'
        yield f"  lines {place * 3}-{place * 3 + 2}"
        yield "  kind recommend"
        yield f"  evidence high A [{place}]"
        yield ""
    yield 'pathway tree "The tree":'
    for decision in tree.decisions:
        yield f'  decision {decision.name} "Question {decision.name}?":'
        yield f'    when {decision.condition.pathway} "Yes" -> {decision.yes}'
        yield f'    otherwise "No" -> {decision.no}'
    for place, leaf in enumerate(tree.leaves, start=1):
        yield f'  recommend {leaf} "Give agent {place}":'
        yield f"    from says_{place}"
        yield f"    give agent_{place}"


# --- a guideline of a given length ----------------------------------------------------------------------


def large_guideline(lines: int) -> str:
    """A guideline of about so many lines, with the mix of declarations that a real one has."""
    text = _header("large", "A large guideline", "pathway_1")
    section = 0
    while len(text) < lines:
        section += 1
        text.extend(_section(section))
    return "\n".join(text) + "\n"


def _section(n: int) -> Sequence[str]:
    """A vocabulary, its evidence, a pathway and its cases: 110 lines."""
    return f'''\
# --- Section {n} {"-" * 60}

type stage_{n} "Stage":
  early "Early": snomed 10828004
  locally "Locally advanced"
  distant "Distant": snomed 94222008, loinc LA6576-8

element stage_found_{n} "Stage at diagnosis": stage_{n}
  ask "Which stage was found?"
  hint "Where two examinations differ, the later one counts."
  lasting
element marker_{n} "Marker": one of positive "Positive" | negative "Negative"
  ask "What is the marker in the most recent biopsy?"
  code loinc 48676-1, loinc 85319-2
element months_free_{n} "Months without disease": quantity in months from 0 to 600
  ask "For how long was there no disease?"
element earlier_lines_{n} "Earlier lines": count from 0 to 20
element fit_{n} "Fit for intensive treatment": boolean
  judgement "The source gives no criterion."
element had_{n} "Agents received": set of agent
  ask "What was given before?"

agent first_agent_{n} "First agent {n}": rxnorm 224905
  synonym "Brand {n}"
agent second_agent_{n} "Second agent {n}": rxnorm 1298944
agent third_agent_{n} "Third agent {n}":
class agents_{n} "Agents of section {n}": first_agent_{n}, second_agent_{n}

statement intensive_{n} "Intensive treatment for the fit":
  section "Treatment / Section {n}"
  lines {n * 20}-{n * 20 + 3}
  kind recommend
  evidence high A [{n}, {n + 2}-{n + 4}]
statement gentle_{n} "Gentle treatment for the others":
  section "Treatment / Section {n}"
  lines {n * 20 + 4}-{n * 20 + 6}
  kind option
  evidence low B
  issue "The source does not say who the others are; we read it as all who are not fit."
statement wait_{n} "No treatment before there is distant disease":
  section "Treatment / Section {n}"
  lines {n * 20 + 8}
  kind principle
  evidence none

define advanced_{n} "Advanced disease": boolean = stage_found_{n} is distant or (stage_found_{n} is locally and earlier_lines_{n} >= 1)
  from wait_{n}
define fast_{n} "Fast return": boolean = months_free_{n} <= 12 months and had_{n} contains first_agent_{n}
define course_{n} "Course": one of quick "Quick" | slow "Slow" | unclear "Unclear"
  quick when fast_{n} and marker_{n} is positive
  slow when not fast_{n}
  unclear otherwise

pathway pathway_{n} "Section {n}":
  """
  The fit are treated at once; the others as their course allows.
  """
  decision advanced_yet_{n} "Advanced disease?":
    when advanced_{n} "Yes" -> fitness_{n}
    otherwise "No" -> watch_{n}
    from wait_{n}
  decision fitness_{n} "Fit for intensive treatment?":
    when fit_{n} "Fit" -> intensive_first_{n}
    when not fit_{n} "Not fit" -> tempo_{n}
  decision tempo_{n} "How does it go on?" first match:
    when course_{n} is quick "Quick" -> gentle_now_{n}
    when course_{n} is slow and marker_{n} is negative "Slow, marker negative" -> watch_{n}
    otherwise "All others" -> gentle_now_{n}
  choose intensive_first_{n} "Intensive treatment":
    from intensive_{n}
    preferred both_{n} "Both agents" unless had_{n} contains any of (first_agent_{n}, second_agent_{n}):
      give first_agent_{n} + second_agent_{n}
      caution "Few patients had seen the first agent before." when earlier_lines_{n} >= 2
    acceptable single_{n} "The third agent alone":
      from gentle_{n}
      give third_agent_{n}
  recommend gentle_now_{n} "Gentle treatment":
    from gentle_{n}
    give (first_agent_{n} | third_agent_{n})
  end watch_{n} "Watch"

case typical_{n} "Fit, distant disease":
  pathway pathway_{n}
  as of 2019-03-01
  given stage_found_{n} = distant
  given fit_{n} = yes
  given had_{n} = {{}}
  given earlier_lines_{n} = 0
  recommends pathway_{n}.intensive_first_{n}.both_{n} preferred
  not pathway_{n}.gentle_now_{n}
  status complete
case quick_{n} "Not fit, back within the year":
  pathway pathway_{n}
  as of 2019-03-01
  given stage_found_{n} = distant
  given fit_{n} = no
  given months_free_{n} = 8 months
  given marker_{n} = positive
  given had_{n} = {{first_agent_{n}}}
  recommends pathway_{n}.gentle_now_{n}
  status complete
case little_known_{n} "Nothing known but the stage":
  pathway pathway_{n}
  as of 2019-03-01
  given stage_found_{n} = distant
  may recommend pathway_{n}.gentle_now_{n}
  asks fit_{n}
  status needs_data
'''.split("\n")
