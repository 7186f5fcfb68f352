"""Why no case reaches something, in the words of the guideline."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pathway_compiler.engine.coverage.items import CoverageItem, answer_label
from pathway_compiler.engine.coverage.seen import Cases, Seen
from pathway_compiler.engine.coverage.statements import Place
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import START, Edge
from pathway_compiler.model.describe import describe_condition, fact_label
from pathway_compiler.model.pathway import Choose, Decision, Follow, Review

__all__ = ["Reasons"]

_MOST = 3
"""So many ways, answers or facts are named; of more, the number is told."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What the cases of a guideline saw, asked for the reasons of what they did not.

    `places` are those of the statements.
    """

    compiled: CompiledGuideline
    seen: Seen
    places: Mapping[str, tuple[Place, ...]]

    def why(self, item: CoverageItem) -> str:
        """Why this item is missed."""
        if not self.seen.cases:
            return "no case is run"
        match item.kind:
            case "node":
                return self._node(item.id)
            case "branch":
                return self._branch(item.place)
            case "option":
                return self._option(item)
            case "condition":
                return self._condition(item)
            case "statement":
                return self._statement(item.id)

    # --- nodes --------------------------------------------------------------------------------------

    def _node(self, id_: str) -> str:
        reached = self.seen.reached.get(id_)
        if not reached:
            return self._way_to(id_)
        against = self.seen.against.get(id_)
        if against:
            return (
                f"reached by {_cases(len(reached))}, but given in none: {_ranked(against, reached)}"
            )
        return f"reached by {_cases(len(reached))}, but only possible{self._open(id_)}"

    def _not_reached(self, id_: str) -> str:
        """Why what lies within a node is missed; the node itself says more."""
        pathway, _, node = id_.partition(".")
        return f"“{self.compiled.graphs[pathway].label(node or START)}” is not reached"

    def _way_to(self, id_: str) -> str:
        """Where the cases leave every way to a node or to the start of a pathway, the nearest first."""
        pathway, _, node = id_.partition(".")
        found = _Obstacles()
        done: set[tuple[str, str]] = set()
        waiting = [(pathway, node or START)]
        while waiting:
            place = waiting.pop(0)
            if place not in done:
                done.add(place)
                waiting += self._before(*place, found)
        return found.told() or "no way leads there from where the cases start"

    def _before(self, pathway: str, node: str, found: "_Obstacles") -> list[tuple[str, str]]:
        """Note what keeps the cases from a node just before it; the nodes to look before instead."""
        if node == START:
            return self._before_start(pathway, found)
        graph = self.compiled.graphs[pathway]
        further: list[tuple[str, str]] = []
        for edge in graph.incoming[node]:
            source = f"{pathway}.{edge.source}"
            if edge.source == START or not self.seen.reached.get(source):
                further.append((pathway, edge.source))
            elif edge.kind == "later" and not self.seen.asked.get(source):
                found.others[_no_return(graph.label(edge.source))] = None
            else:
                answers = found.answers.setdefault(graph.label(edge.source), {})
                answers[f"“{edge.label or 'otherwise'}”{self._perhaps(source, edge)}"] = None
        return further

    def _perhaps(self, source: str, edge: Edge) -> str:
        cases = self.seen.perhaps.get(f"{source}.{edge.branch}")
        return f" (open in {_cases(len(cases))}{self._open(source, edge.branch)})" if cases else ""

    def _before_start(self, pathway: str, found: "_Obstacles") -> list[tuple[str, str]]:
        whole = self.compiled.graphs[pathway].pathway
        came = self.seen.followed.get(pathway)
        if came:
            assert whole.applies is not None, (
                "a pathway without `applies` starts when it is followed"
            )
            words = describe_condition(whole.applies, self.compiled.guideline)
            whom = (
                "the case that comes" if len(came) == 1 else f"any of {len(came)} cases that come"
            )
            told = f"“{whole.label}” does not apply to {whom} to it: {words}"
            left_open = self._open(pathway) if self.seen.perhaps.get(pathway) else ""
            found.others[told + left_open] = None
            return []
        leading = [
            (graph.name, name)
            for graph in self.compiled.graphs.values()
            for name in graph.nodes
            if isinstance(record := graph.record(name), Follow) and record.pathway == pathway
        ]
        if not leading:
            found.others[f"no case starts with “{whole.label}”"] = None
        return leading

    def _open(self, *place: str) -> str:
        missing = self.seen.open.get(".".join(place), {})
        return f"; not known: {_listed(missing, ', ', 'fact', 'facts')}" if missing else ""

    # --- branches and options -------------------------------------------------------------------------

    def _branch(self, place: tuple[str, ...]) -> str:
        pathway, name, branch = place
        node = f"{pathway}.{name}"
        record = self.compiled.graphs[pathway].record(name)
        assert isinstance(record, Decision | Review)
        if not self.seen.reached.get(node):
            return self._not_reached(node)
        asked = self.seen.asked.get(node)
        if not asked:
            return _no_return(record.label)
        answers = {
            answer_label(b, self.compiled.guideline): taken
            for b in record.branches
            if (taken := self.seen.taken.get(f"{node}.{b.name}"))
        }
        return (
            f"reached by {_cases(len(asked))}{_answers(answers, asked)}"
            f"{self._left_open(f'{node}.{branch}', answers)}"
        )

    def _left_open(self, branch: str, answers: Mapping[str, Cases]) -> str:
        left_open = self.seen.perhaps.get(branch)
        if not left_open:
            return "" if answers else ", for none of which an answer holds"
        who = f"; {len(left_open)}" if answers else ", which"
        verb = "leaves" if len(left_open) == 1 else "leave"
        return f"{who} {verb} it open{self._open(branch)}"

    def _option(self, item: CoverageItem) -> str:
        pathway, name, _ = item.place
        node = f"{pathway}.{name}"
        reached = self.seen.reached.get(node)
        if not reached:
            return self._not_reached(node)
        against = self.seen.against.get(item.id)
        if against:
            return f"reached by {_cases(len(reached))}, but offered in none: {_ranked(against, reached)}"
        return f"“{self.compiled.graphs[pathway].label(name)}” is {self._node(node)}"

    # --- conditions -----------------------------------------------------------------------------------

    def _condition(self, item: CoverageItem) -> str:
        truths = self.seen.truths.get(item.id, {})
        told = [
            f"{word} in {_cases(len(cases))}"
            for word, cases in (
                ("true", truths.get(True)),
                ("false", truths.get(False)),
                ("not known", truths.get(None)),
            )
            if cases
        ]
        if not told:
            return self._never_read(item)
        lacking = " or ".join("true" if lack else "false" for lack in item.lacks)
        return f"{', '.join(told)}; never {lacking}"

    def _never_read(self, item: CoverageItem) -> str:
        guideline = self.compiled.guideline
        name = item.place[0]
        match item.holder:
            case "node" | "option":
                node = ".".join(item.place[:2])
                if not self.seen.reached.get(node):
                    return self._not_reached(node)
                return _no_return(self.compiled.graphs[name].label(item.place[1]))
            case "pathway":
                return f"no case comes to “{guideline.pathways[name].label}”: {self._way_to(name)}"
            case "contraindication":
                return (
                    "no case comes to a recommendation of what "
                    f"“{guideline.contraindications[name].label}” bars"
                )
            case "reading" if self.seen.read.get(name):
                chosen = guideline.readings[name].chosen
                return f"every case that asks for it chooses another reading than “{chosen.label}”"
            case _:
                return f"no case asks for “{fact_label(guideline, name)}”"

    # --- statements -----------------------------------------------------------------------------------

    def _statement(self, name: str) -> str:
        places = sorted(self.places[name], key=lambda place: "." not in place.id)  # nodes first
        told = dict.fromkeys(self._unused(place) for place in places)
        return _listed(told, "; ", "place", "places")

    def _unused(self, place: Place) -> str:
        guideline = self.compiled.guideline
        match place.kind:
            case "constraint":
                return "no case is run"
            case "definition" | "reading":
                label = fact_label(guideline, place.id)
                if self.seen.read.get(place.id):
                    return f"“{label}” is asked for, and never known"
                return f"no case asks for “{label}”"
            case "contraindication":
                return f"“{guideline.contraindications[place.id].label}” bars nothing in any case"
            case "incompatible":
                return f"no case combines “{guideline.incompatibilities[place.id].label}”"
            case "slot":
                return f"no case gets anything for “{guideline.slots[place.id].label}”"
            case "pathway":
                return self._not_reached(place.id)
            case "option":
                pathway, name, option = place.id.split(".")
                item = CoverageItem("option", place.id, "", (pathway, name, option))
                return f"“{self._option_label(pathway, name, option)}”: {self._option(item)}"
            case _:
                pathway, name = place.id.split(".")
                label = self.compiled.graphs[pathway].label(name)
                return f"“{label}”: {self._node(place.id)}"

    def _option_label(self, pathway: str, name: str, option: str) -> str:
        node = self.compiled.graphs[pathway].record(name)
        assert isinstance(node, Choose)
        return next(o.label for o in node.options if o.name == option)


# --- words ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Obstacles:
    """Where cases leave the ways to a node: the answers that none takes, by question, and others."""

    answers: dict[str, dict[str, None]] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)

    def told(self) -> str:
        taken = [f"{' or '.join(labels)} at “{at}”" for at, labels in self.answers.items()]
        parts = list(self.others)
        if taken:
            parts.insert(0, f"no case takes the answer {_listed(taken, ', or ', 'way', 'ways')}")
        return _listed(parts, "; ", "way", "ways")


def _no_return(label: str) -> str:
    return f"no case comes back to the review “{label}”"


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"


def _answers(answers: Mapping[str, Cases], asked: Cases) -> str:
    """What the cases answer: `, all of which answer “No”`."""
    if not answers:
        return ""
    if len(answers) == 1:
        (label, cases), *_ = answers.items()
        if len(cases) == len(asked):
            which = "which answers" if len(asked) == 1 else "all of which answer"
            return f", {which} “{label}”"
    told = {f"“{label}” ({len(cases)})": None for label, cases in answers.items()}
    return f", which answer {_listed(told, ', ', 'answer', 'answers')}"


def _ranked(reasons: Mapping[str, Cases], reached: Cases) -> str:
    """The reasons of most cases first, with their number unless it is all."""
    counts = Counter({reason: len(cases) for reason, cases in reasons.items()})
    told = [
        reason if number == len(reached) else f"{reason} ({_cases(number)})"
        for reason, number in counts.most_common()
    ]
    return _listed(told, "; ", "reason", "reasons")


def _listed(parts: Iterable[str], between: str, one: str, many: str) -> str:
    """The first of them, and how many more there are."""
    names = list(parts)
    more = len(names) - _MOST
    told = between.join(names[:_MOST])
    return told + (f"{between}and {more} more {one if more == 1 else many}" if more > 0 else "")
