"""What is true of a small guideline, found by trying every patient with the interpreter.

Too simple to be wrong, and independent of `pathway_compiler.analysis`: a verdict about all patients is
a loop over all patients. A patient is *complete* when every element has a value; of an element that
some condition asks whether it is known, patients without it are tried as well. Facts are undated.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, product
from typing import Any

from oracle.plans import RandomGuideline
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Truth, Unknown, kleene_and, kleene_not, kleene_or
from pathway_compiler.diagnostics.diagnostic import has_errors
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.engine.acceptance import accept
from pathway_compiler.engine.environment import Environment, base_environment
from pathway_compiler.engine.expressions import evaluate_condition
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.engine.outcome import Outcome, TraceEntry, WaitingPoint
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs, check_graphs
from pathway_compiler.model.pathway import Choose, Decision, Follow, Recommend, Standing
from pathway_compiler.model.types import EnumType
from pathway_compiler.model.vocabulary import SetValue, Value
from pathway_compiler.patient_data.patient import Observation, Patient
from pathway_compiler.semantics.from_syntax import elaborate
from pathway_compiler.syntax.parser import parse

__all__ = [
    "DAY", "Exact", "Findings", "Key", "Movements", "Prepared", "Run", "all_visits", "exact", "findings",
    "irrelevant", "movements", "outcomes", "patient_of", "prepare",
]  # fmt: skip

DAY = PartialDate(2019, 3, 1)

Facts = Mapping[str, Value]
"""The known facts of a patient, by name of element."""
Settings = Mapping[str, Value]
Key = tuple[str, ...]
"""("recommendation", id, via…), ("option", id, via…), ("action", name), ("review", id, via…),
("outside", text), or that the pathway applies: ("applies",)."""


# --- all patients ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """What the interpreter says of one patient; `since` is the review where the visit began."""

    facts: Facts
    settings: Settings
    outcome: Outcome
    since: WaitingPoint | None = None


@dataclass(frozen=True, eq=False)
class Prepared:
    """A guideline ready to run, whatever gaps and overlaps it has; what is worked out is kept."""

    random: RandomGuideline
    compiled: CompiledGuideline
    settled: dict[frozenset[str], "Prepared"] = field(default_factory=dict, repr=False)

    @cached_property
    def admissible(self) -> tuple[tuple[Facts, Settings], ...]:
        """Every patient whom no constraint refuses, with each choice of settings."""
        return tuple(
            (facts, settings)
            for settings in _choices(self.random.settings)
            for facts in _patients(self.random)
            if not accept(self.environment(facts, settings))
        )

    @cached_property
    def first_visits(self) -> tuple[Run, ...]:
        return tuple(
            Run(facts, settings, self.run(facts, settings)) for facts, settings in self.admissible
        )

    @cached_property
    def visits(self) -> tuple[Run, ...]:
        """First visits, and those that begin at a review that some earlier visit may have come to."""
        runs = list(self.first_visits)
        seen: set[tuple[str, str, tuple[str, ...]]] = set()
        place = 0
        while place < len(runs):
            for entry in runs[place].outcome.trace:
                key = entry.pathway, entry.node, entry.via
                if entry.kind != "review" or entry.activation is False or key in seen:
                    continue
                seen.add(key)
                point = WaitingPoint(*key)
                runs.extend(
                    Run(facts, settings, self.run(facts, settings, point), point)
                    for facts, settings in self.admissible
                )
            place += 1
        return tuple(runs)

    @cached_property
    def findings(self) -> "Findings":
        return _findings(self)

    def as_known(self, known: frozenset[str]) -> "Prepared":
        """The same guideline where it is written out which elements are known."""
        asked = self.random.asked
        if not asked:
            return self
        known &= asked
        if known not in self.settled:
            text = self.random.text
            for name in asked:
                for word, answer in (("known", name in known), ("unknown", name not in known)):
                    text = re.sub(rf"\b{name} is {word}\b", "yes" if answer else "no", text)
            self.settled[known] = prepare(replace(self.random, text=text, asked=frozenset()))
        return self.settled[known]

    def environment(self, facts: Facts, settings: Settings) -> Environment:
        return base_environment(self.compiled, patient_of(facts), DAY, settings)

    def run(self, facts: Facts, settings: Settings, since: WaitingPoint | None = None) -> Outcome:
        entry = self.compiled.guideline.entry
        assert entry is not None
        waiting = () if since is None else (since,)
        return interpret(
            self.compiled, patient_of(facts), DAY, pathway=entry, settings=settings, waiting=waiting
        )


def prepare(
    random: RandomGuideline, exhaustive: Mapping[str, frozenset[str]] | None = None
) -> Prepared:
    """The checked model and its graphs; `exhaustive` are decisions to be taken as complete, by pathway."""
    file, unread = parse(Source("g.pathway", random.text))
    guideline, wrong = elaborate((file,))
    assert guideline is not None, wrong
    problems = [*unread, *wrong]
    if not has_errors(problems):
        problems += check_graphs(guideline)
    assert not has_errors(problems), [p for p in problems if p.severity == "error"]
    return Prepared(random, CompiledGuideline(guideline, build_graphs(guideline, exhaustive)))


def patient_of(facts: Facts) -> Patient:
    """A patient with these facts, undated."""
    return Patient("somebody", {name: (Observation(value),) for name, value in facts.items()})


def outcomes(prepared: Prepared) -> tuple[Run, ...]:
    """The first visit of every admissible patient."""
    return prepared.first_visits


def all_visits(prepared: Prepared) -> tuple[Run, ...]:
    """The first visit and every later one of every admissible patient."""
    return prepared.visits


def findings(prepared: Prepared) -> "Findings":
    """What trying all patients shows of a guideline."""
    return prepared.findings


def _choices(values: Mapping[str, Sequence[Value]]) -> Iterator[dict[str, Value]]:
    for chosen in product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def _patients(random: RandomGuideline) -> Iterator[dict[str, Value]]:
    """Every combination of values, and of what may be missing."""
    asked = sorted(random.asked)
    for size in range(len(asked) + 1):
        for missing in combinations(asked, size):
            yield from _choices({n: v for n, v in random.values.items() if n not in missing})


# --- findings ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Findings:
    """What is true of all patients at all visits.

    Nodes are named by pathway and node, branches by pathway, node and branch, rows of definitions by
    their place. A node that nobody comes to is never reached, and what it recommends never given; nothing
    is said of its branches and options.
    """

    gaps: frozenset[tuple[str, str]]
    """Decisions, not `all that apply`, of which somebody gives no answer: every condition is false."""
    overlaps: frozenset[tuple[str, str, str, str]]
    """Two branches of a plain decision with different targets that are true of the same patient."""
    dead_rows: frozenset[tuple[str, str, str]]
    """Branches of a `first match` that nobody takes, of those who come to the decision."""
    never_taken: frozenset[tuple[str, str, str]]
    """Branches of a decision of any kind, or of a review, that nobody takes who comes to it."""
    definition_gaps: frozenset[str]
    definition_overlaps: frozenset[tuple[str, int, int]]
    definition_dead_rows: frozenset[tuple[str, int]]
    reached: frozenset[tuple[str, str]]
    """Nodes whose activation is not false for somebody."""
    never_reached: frozenset[tuple[str, str]]
    never_given: frozenset[str]
    """Ids of recommendations that nobody is given, not even possibly; the second side of `only if` too."""
    never_eligible: frozenset[str]
    """Ids of options that are excluded whenever their recommendation is given or possible."""
    applies: Mapping[str, frozenset[bool | None]]
    """What `applies` of a pathway is for those who come to it (None: unknown); only where it is written."""
    contradictions: frozenset[tuple[str, str]]
    """First and second id of what is given together and contradicts each other."""

    @property
    def never_applies(self) -> frozenset[str]:
        """Pathways that apply to nobody who comes to them; those to which nobody comes are left out."""
        return frozenset(n for n, truths in self.applies.items() if truths == {False})

    @property
    def always_applies(self) -> frozenset[str]:
        return frozenset(n for n, truths in self.applies.items() if truths == {True})


def _findings(prepared: Prepared) -> Findings:
    guideline = prepared.compiled.guideline
    entries = [
        entry
        for run in prepared.visits
        for entry in run.outcome.trace
        if entry.activation is not False
    ]
    reached = {(e.pathway, e.node) for e in entries}
    nodes = {(p.name, node.name): node for p in guideline.pathways.values() for node in p.nodes}
    plain = [e for e in entries if _kind(e, nodes) == "plain"]
    first_match = [e for e in entries if _kind(e, nodes) == "first match"]
    recommended = [r for run in prepared.visits for r in run.outcome.recommendations]
    options = [(o.id, o.status) for r in recommended for o in r.options]
    return Findings(
        gaps=frozenset(
            (e.pathway, e.node)
            for e in (*plain, *first_match)
            if all(b.condition is False for b in e.branches)
        ),
        overlaps=frozenset(
            (e.pathway, e.node, one.name, two.name)
            for e in plain
            for one, two in combinations(e.branches, 2)
            if one.condition is True and two.condition is True and one.targets != two.targets
        ),
        dead_rows=_never_taken(first_match),
        never_taken=_never_taken(e for e in entries if e.branches),
        **_definition_findings(prepared),
        reached=frozenset(reached & nodes.keys()),
        never_reached=frozenset(nodes.keys() - reached),
        never_given=frozenset(_all_recommendations(nodes) - {r.id for r in recommended}),
        never_eligible=frozenset(
            {id_ for id_, _ in options} - {id_ for id_, status in options if status != "excluded"}
        ),
        applies=_applies(prepared),
        contradictions=frozenset(
            (c.first, c.second)
            for run in prepared.visits
            for c in run.outcome.contradictions
            if c.certainty == "given"
        ),
    )


def _kind(entry: TraceEntry, nodes: Mapping[tuple[str, str], object]) -> str:
    node = nodes.get((entry.pathway, entry.node))
    return node.kind if isinstance(node, Decision) else ""


def _never_taken(entries: Iterable[TraceEntry]) -> frozenset[tuple[str, str, str]]:
    asked, taken = set(), set()
    for entry in entries:
        for branch in entry.branches:
            place = entry.pathway, entry.node, branch.name
            asked.add(place)
            if branch.taken is not False:
                taken.add(place)
    return frozenset(asked - taken)


def _all_recommendations(nodes: Mapping[tuple[str, str], object]) -> set[str]:
    found = set()
    for path, node in nodes.items():
        if isinstance(node, Recommend | Standing | Choose):
            found.add(".".join(path))
            if node.eligibility.only_if:
                found.add(".".join((*path, "otherwise_not")))
    return found


def _definition_findings(prepared: Prepared) -> dict[str, Any]:
    """Gaps, overlaps and dead rows of definitions by rows, whoever reads them."""
    gaps, overlaps, asked, taken = set(), set(), set(), set()
    for facts, settings in prepared.admissible:
        environment = prepared.environment(facts, settings)
        for name, definition in prepared.compiled.guideline.definitions.items():
            conditions = [row.condition for row in definition.rows]
            truths = [evaluate_condition(c, environment) for c in conditions if c is not None]
            if definition.rows and None not in conditions and all(t is False for t in truths):
                gaps.add(name)
            if not definition.first_match:
                overlaps |= {
                    (name, i, j)
                    for i, j in combinations(range(len(truths)), 2)
                    if truths[i] is True and truths[j] is True
                    if definition.rows[i].value != definition.rows[j].value
                }
                continue
            for index in range(len(definition.rows)):
                asked.add((name, index))
                above = kleene_not(kleene_or(truths[:index]))
                if kleene_and([above, *truths[index : index + 1]]) is not False:
                    taken.add((name, index))
    return {
        "definition_gaps": frozenset(gaps),
        "definition_overlaps": frozenset(overlaps),
        "definition_dead_rows": frozenset(asked - taken),
    }


def _applies(prepared: Prepared) -> dict[str, frozenset[bool | None]]:
    """The truths of `applies` of each pathway that says it, for those who come to the pathway."""
    guideline = prepared.compiled.guideline
    found: dict[str, set[bool | None]] = {
        p.name: set() for p in guideline.pathways.values() if p.applies is not None
    }
    for run in prepared.visits:
        environment = prepared.environment(run.facts, run.settings)
        comes: list[tuple[str, Facts]] = []
        if run.since is None:
            comes.append((run.outcome.pathway, {}))
        for entry in run.outcome.trace:
            node = guideline.pathways[entry.pathway].node(entry.node)
            if isinstance(node, Follow) and entry.activation is not False:
                comes.append((node.pathway, {a.name: a.value for a in node.arguments}))
        for name, told in comes:
            pathway = guideline.pathways[name]
            if pathway.applies is not None:
                defaults = {p.name: p.default for p in pathway.parameters if p.default is not None}
                inner = environment.with_arguments({**defaults, **told})
                found[name].add(_known(evaluate_condition(pathway.applies, inner)))
    return {name: frozenset(truths) for name, truths in found.items()}


def _known(truth: Truth) -> bool | None:
    return None if isinstance(truth, Unknown) else truth


# --- exact answers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exact:
    """What the completions of a partial patient agree on.

    `truths` are the truths of each outcome in these completions (None: possible, which needs an
    unknown that no element settles); an outcome that is not listed never comes. `options` are the
    statuses of each option in those completions whose recommendation is given or possible.
    """

    truths: Mapping[Key, frozenset[bool | None]]
    options: Mapping[Key, frozenset[str]]
    completions: int

    def of(self, key: Key) -> bool | None:
        """True in every completion, false in every one, or open."""
        truths = self.truths.get(key, frozenset({False}))
        return next(iter(truths)) if len(truths) == 1 else None

    @property
    def always(self) -> frozenset[Key]:
        return frozenset(key for key in self.truths if self.of(key) is True)


def exact(prepared: Prepared, facts: Facts, settings: Settings | None = None) -> Exact | None:
    """What holds in all, none or some of the admissible completions of a partial patient.

    Settings that are not given are at their defaults. Whether an element counts as known stays as it
    is in the partial patient. None when no completion is admissible.
    """
    runs = _completions(prepared, facts, settings)
    if not runs:
        return None
    each = [_truths(run.outcome) for run in runs]
    keys = set().union(*each)
    statuses: dict[Key, set[str]] = {}
    for run in runs:
        for key, status in _statuses(run.outcome):
            statuses.setdefault(key, set()).add(status)
    return Exact(
        {key: frozenset(truths.get(key, False) for truths in each) for key in keys},
        {key: frozenset(found) for key, found in statuses.items()},
        len(runs),
    )


def irrelevant(
    prepared: Prepared, facts: Facts, order: Sequence[str], settings: Settings | None = None
) -> tuple[str, ...]:
    """Missing elements that need not be asked for, dropped one after the other in this order.

    With those of the order that are kept known, every outcome has to be known; but where even all of
    the order do not suffice for an outcome, the other missing elements may be taken as known as well.
    """
    runs = _completions(prepared, facts, settings)
    said = [(run.facts, _truths(run.outcome)) for run in runs]
    missing = [name for name in prepared.random.values if not _is_whole(prepared, name, facts)]
    order = [name for name in order if name in missing]

    def decide(names: Iterable[str], key: Key) -> bool:
        """Whether an outcome is a function of these elements."""
        names = tuple(names)
        truths: dict[tuple[Value, ...], bool | None] = {}
        return all(
            truths.setdefault(tuple(f[n] for n in names), found.get(key, False))
            == found.get(key, False)
            for f, found in said
        )

    keys = {key for _, found in said for key in found}
    others = {
        key: () if decide(order, key) else tuple(n for n in missing if n not in order)
        for key in keys
    }
    kept = list(order)
    for name in order:
        fewer = [n for n in kept if n != name]
        if all(decide((*fewer, *others[key]), key) for key in keys):
            kept = fewer
    return tuple(name for name in order if name not in kept)


def _completions(prepared: Prepared, facts: Facts, settings: Settings | None) -> list[Run]:
    chosen = {name: values[0] for name, values in prepared.random.settings.items()}
    chosen |= settings or {}
    return [
        run
        for run in prepared.as_known(frozenset(facts)).first_visits
        if run.settings == chosen
        and all(_completes(prepared, name, value, run.facts[name]) for name, value in facts.items())
    ]


def _completes(prepared: Prepared, name: str, told: Value, value: Value) -> bool:
    """Whether a value may be what was told: a value with parts, or a set that may be incomplete."""
    type_ = prepared.compiled.guideline.elements[name].type
    match told, value:
        case SetValue(complete=False), SetValue():
            return told.items <= value.items
        case str(), str() if isinstance(type_, EnumType):
            return told in type_.ancestors(value)
        case _:
            return told == value


def _is_whole(prepared: Prepared, name: str, facts: Facts) -> bool:
    return name in facts and facts[name] in prepared.random.values[name]


def _truths(outcome: Outcome) -> dict[Key, bool | None]:
    """Each outcome with whether it is certain; options and actions of what is only possible are, too."""
    found: dict[Key, bool | None] = {("applies",): outcome.status != "not_applicable"}
    for recommendation in outcome.recommendations:
        key = "recommendation", recommendation.id, *recommendation.via
        found[key] = True if recommendation.certainty == "given" else None
        for option in recommendation.options:
            if option.status != "excluded":
                certain = found[key] is True and option.status == "eligible"
                found["option", option.id, *recommendation.via] = True if certain else None
    for action in outcome.actions:
        # An alternative is possible even when everything is known, and then not certainly given.
        found["action", action.action] = action.certainty == "given"
    for review in outcome.reviews:
        key = "review", review.id, *review.via
        found[key] = True if review.certainty == "given" else None
    for text in outcome.outside:
        found["outside", text] = True
    return found


def _statuses(outcome: Outcome) -> Iterator[tuple[Key, str]]:
    for recommendation in outcome.recommendations:
        for option in recommendation.options:
            yield ("option", option.id, *recommendation.via), option.status


# --- two versions ----------------------------------------------------------------------------------------


Ids = frozenset[str]


@dataclass(frozen=True)
class Movements:
    """What two versions say of the same patients, at their first visit.

    `pairs` are what the old and the new one give, as sets of ids, each with one patient for it;
    `actions` are the same for what is certainly to be done.
    """

    pairs: Mapping[tuple[Ids, Ids], tuple[Facts, Settings]]
    actions: Mapping[tuple[Ids, Ids], tuple[Facts, Settings]]

    @property
    def lost(self) -> Ids:
        return frozenset().union(*(before - after for before, after in self.pairs))

    @property
    def gained(self) -> Ids:
        return frozenset().union(*(after - before for before, after in self.pairs))

    @property
    def moved(self) -> bool:
        """Whether somebody is given other recommendations."""
        return any(before != after for before, after in self.pairs)


def movements(old: Prepared, new: Prepared) -> Movements:
    """What changes for the patients whom both versions admit."""
    later = {_who(run): run for run in new.first_visits}
    pairs: dict[tuple[Ids, Ids], tuple[Facts, Settings]] = {}
    actions: dict[tuple[Ids, Ids], tuple[Facts, Settings]] = {}
    for run in old.first_visits:
        other = later.get(_who(run))
        if other is not None:
            who = run.facts, run.settings
            pairs.setdefault((_given(run), _given(other)), who)
            actions.setdefault((_certain(run), _certain(other)), who)
    return Movements(pairs, actions)


def _who(run: Run) -> tuple[frozenset[tuple[str, Value]], frozenset[tuple[str, Value]]]:
    return frozenset(run.facts.items()), frozenset(run.settings.items())


def _given(run: Run) -> Ids:
    return frozenset(recommendation.id for recommendation in run.outcome.given)


def _certain(run: Run) -> Ids:
    return frozenset(a.action for a in run.outcome.actions if a.certainty == "given")
