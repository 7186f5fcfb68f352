"""Who gets something else: the patients who move from one recommendation of OLD to another of NEW."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pathway_compiler.analysis.formulas import FALSE, Formulas
from pathway_compiler.analysis.proof import Witness
from pathway_compiler.analysis.solver import Solver
from pathway_compiler.analysis.two_versions import TwoVersions, two_versions
from pathway_compiler.analysis.visits import Visit, begins_like
from pathway_compiler.analysis.witness import REPLAY_DAY, facts_in_words
from pathway_compiler.changes.items import Id
from pathway_compiler.changes.matching import Matching
from pathway_compiler.changes.renaming import in_new_names
from pathway_compiler.engine.acceptance import accept
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.engine.outcome import WaitingPoint
from pathway_compiler.engine.to_json import value_to_json
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs
from pathway_compiler.model.pathway import OTHERWISE_NOT, Follow
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.patient_data.read import patient_from_facts
from pathway_compiler.patient_data.to_json import patient_to_json

__all__ = ["Cell", "Movements", "MovingPatient", "movements"]


@dataclass(frozen=True, slots=True)
class MovingPatient:
    """A patient who shows a movement, as a patient file writes her: JSON values by name.

    Facts go by their names in NEW; one that NEW has no longer goes by its name in OLD, with ` of OLD`
    after it when NEW uses that name for something else. `matter` names
    the facts and settings that the movement rests on, and `words` tells those: `HER2 status: Positive;
    Age: 61 years`. `waiting` are the reviews, as `pathway.node` of NEW,
    where the visit begins; none: a first visit. `confirmed`: the interpreter, run on the patient in both
    versions, finds the same.
    """

    facts: Mapping[str, object]
    words: str
    matter: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix: a patient loses what is in the row and gains what is in the column.

    Both are ids, `pathway.node` or `pathway.choice.option` of a recommendation, `pathway.node.otherwise_not`
    of the other side of its `only if`, or `pathway.node` of an `outside`: `recommendation_from` as OLD
    calls it, `recommendation_to` as NEW does. None in the row:
    she loses nothing; None in the column: she gains nothing. `regions` describe all such patients in words.
    """

    recommendation_from: str | None
    recommendation_to: str | None
    patient: MovingPatient
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Movements:
    """The matrix of outcomes: rows what OLD gives, columns what NEW gives; only cells that somebody is in.

    `newly_refused` is a patient whose data only OLD accepts, `newly_accepted` one whose data only NEW
    accepts. `undecided` are the cells for which the search was given up, or found only patients of whom the
    interpreter says otherwise; (None, None) stands for whether both accept the same data. While there are
    any, nothing is proved by the absence of others. `whatever_is_missing`: patients of whom facts are missing were
    compared as well, with what is given to them for certain and what is possible.
    """

    cells: tuple[Cell, ...]
    newly_refused: MovingPatient | None = None
    newly_accepted: MovingPatient | None = None
    undecided: tuple[tuple[str | None, str | None], ...] = ()
    whatever_is_missing: bool = False

    @property
    def anybody(self) -> bool:
        """Whether some patient is told something else."""
        return bool(self.cells or self.newly_refused or self.newly_accepted)


def movements(
    old: CompiledGuideline, new: CompiledGuideline, matching: Matching
) -> Movements | None:
    """Compare what OLD and NEW give, for every patient whom both accept, at every visit.

    The recommendations of OLD and NEW that are matched (`matching.new_id("node", pathway, node)`,
    `matching.new_id("option", pathway, choice, option)`) count as one, whatever they are called; so do
    matched facts and values. Say L are those that a patient is given by OLD and not by NEW, G those she
    is given by NEW and not by OLD. There is a cell

    - (a, b) when for some patient a is in L and b in G: who got a, now gets b;
    - (a, None) when for some patient a is in L and G is empty: she gets nothing in exchange;
    - (None, b) when for some patient b is in G and L is empty.

    A patient with an option is also given its choice; a cell for the choice itself is told only where
    the options do not tell it. "Given" is what an outcome calls given and eligible: after vetoes,
    `overrides` and eligibility, with the readings as they are chosen and the parameters at any setting.
    Visits are the first one and the one from each matched review.

    An answer with no cells and nothing undecided is a proof: `Changes.verdict` then counts changes of
    routes, eligibility and definitions as no change of meaning.

    None: the outcomes were not compared, because a version has no entry pathway.
    """
    renamed = _in_new_names(old, matching)
    both = two_versions(renamed, _with_facts_of(renamed, new))
    if both is None:
        return None
    search = _Search(renamed, new, matching, both)
    cells = tuple(search.cells())
    return Movements(
        cells,
        search.newly(both.accepted_by_old, both.new_constraints),
        search.newly(both.accepted_by_new, both.old_constraints),
        tuple(search.undecided),
    )


_OF_OLD = " of OLD"
"""After the name of an element that NEW has as something else, such as a definition."""


def _in_new_names(old: CompiledGuideline, matching: Matching) -> CompiledGuideline:
    """OLD with its facts, values and actions called as NEW calls them."""
    names = dict(matching.names)
    for match in matching.matches:
        if match.new.table == "fact" and match.old.kind != match.new.kind:
            names["fact", match.old.id] = (match.new.id[0] + _OF_OLD,)
    guideline = in_new_names(old.guideline, names)
    exhaustive = {name: graph.exhaustive for name, graph in old.graphs.items()}
    return CompiledGuideline(guideline, build_graphs(guideline, exhaustive))


def _with_facts_of(old: CompiledGuideline, new: CompiledGuideline) -> CompiledGuideline:
    """NEW, where what only OLD asks can be recorded as well."""
    theirs, ours = old.guideline, new.guideline
    joint = replace(
        ours,
        elements={**theirs.elements, **ours.elements},
        parameters={**theirs.parameters, **ours.parameters},
        records={**theirs.records, **ours.records},
    )
    return CompiledGuideline(joint, new.graphs)


_Way = tuple[int, Visit, Visit]
"""A formula, and the visits of OLD and NEW of which it speaks."""


@dataclass(slots=True)
class _Search:
    """The search for moving patients, visit by visit."""

    old: CompiledGuideline
    new: CompiledGuideline
    matching: Matching
    both: TwoVersions
    undecided: list[tuple[str | None, str | None]] = field(default_factory=list)

    def cells(self) -> Iterator[Cell]:
        """The cells that somebody is in, in the order of the texts."""
        formulas = self.both.analysis.conditions.formulas
        found: dict[tuple[str | None, str | None], list[_Way]] = {}
        for before, after in self._visits():
            given_before, given_after = _given(before, formulas), _given(after, formulas)
            lost = {
                id_: formulas.all_of((f, -given_after.get(self._new_id(id_) or (), FALSE)))
                for id_, f in given_before.items()
            }
            gained = {
                id_: formulas.all_of((f, -given_before.get(self._old_id(id_) or (), FALSE)))
                for id_, f in given_after.items()
            }
            lost, gained = self._some(lost), self._some(gained)
            nothing_lost = -formulas.any_of(lost.values())
            nothing_gained = -formulas.any_of(gained.values())
            for a, loses in lost.items():
                for b, gains in gained.items():
                    pair = (".".join(a), ".".join(b))
                    found.setdefault(pair, []).append(
                        (formulas.all_of((loses, gains)), before, after)
                    )
                alone = formulas.all_of((loses, nothing_gained))
                found.setdefault((".".join(a), None), []).append((alone, before, after))
            for b, gains in gained.items():
                alone = formulas.all_of((gains, nothing_lost))
                found.setdefault((None, ".".join(b)), []).append((alone, before, after))
        for (row, column), ways in found.items():
            cell = self._cell(row, column, ways)
            if cell is not None:
                yield cell

    def _visits(self) -> Iterator[tuple[Visit, Visit]]:
        """Visits that begin alike: at the start, or at matched reviews that the same way leads to."""
        old, new = self.both.old_visits, self.both.analysis.visits
        pairs = [(b, self._counterpart(b, self.old, self.new, new, self._new_id)) for b in old]
        yield from ((before, after) for before, after in pairs if after is not None)
        paired = {id(after) for _, after in pairs}
        for after in new:
            if id(after) not in paired:
                before = self._counterpart(after, self.new, self.old, old, self._old_id)
                if before is not None:
                    yield before, after

    def _counterpart(
        self,
        visit: Visit,
        here: CompiledGuideline,
        there: CompiledGuideline,
        visits: Sequence[Visit],
        named: Callable[[Id], Id | None],
    ) -> Visit | None:
        """The visit of the other version from the same review, if there is one.

        Where the way that leads there is gone, any visit from that review will do.
        """
        if not visit.waiting:
            return visits[0]
        (point,) = visit.waiting
        assert point.node is not None
        review = named((point.pathway, point.node))
        if review is None:
            return None
        followed = [named(id_) for id_ in _followed(point, here)]
        via = tuple(id_[1] for id_ in followed if id_ is not None)
        if len(via) == len(point.via):
            moved = WaitingPoint(review[0], review[1], via, point.since)
            begins = begins_like(there.graphs, there.guideline.entry or "", moved)
            if begins is not None:
                return next((v for v in visits if v.begins_like == begins), None)
        return next(
            (v for v in visits if [(p.pathway, p.node) for p in v.waiting] == [review]), None
        )

    def _new_id(self, id_: Id) -> Id | None:
        return _matched(id_, self.matching.new_id)

    def _old_id(self, id_: Id) -> Id | None:
        return _matched(id_, self.matching.old_id)

    def _some(self, formulas: Mapping[Id, int]) -> dict[Id, int]:
        """Those that somebody fulfils; of a choice only what its options do not tell."""
        table = self.both.analysis.conditions.formulas
        found = {}
        for id_, formula in formulas.items():
            within = [f for other, f in formulas.items() if len(other) == 3 and other[:2] == id_]
            told = table.all_of((formula, *(-f for f in within)))
            if told != FALSE and self.both.analysis.can(told) != "no":
                found[id_] = told
        return found

    def _cell(self, row: str | None, column: str | None, ways: Sequence[_Way]) -> Cell | None:
        """The first patient who is in a cell; one of whom the solver dreams is no patient."""
        undecided = False
        for formula, before, after in ways:
            verdict = self.both.analysis.can(formula)
            undecided = undecided or verdict == "undecided"
            if verdict == "yes":
                found, regions, free = self.both.analysis.witness(formula, after, None)
                confirmed = self._is_confirmed(found, before, after, row, column)
                if confirmed or not free:
                    return Cell(row, column, self._patient(found, after, confirmed), regions)
                undecided = True
        if undecided:
            self.undecided.append((row, column))
        return None

    def newly(self, solver: Solver, constraints: Sequence[int]) -> MovingPatient | None:
        """A patient whom one version accepts and a constraint of the other refuses."""
        formulas = self.both.analysis.conditions.formulas
        refused = -formulas.all_of(constraints)
        verdict = solver.can(refused)
        if verdict == "yes":
            visit = Visit(self.new.guideline.entry or "", ())
            analysis = replace(self.both.analysis, solver=solver)
            found, _, free = analysis.witness(refused, visit, None)
            facts = self._facts(found)
            confirmed = (_told(self.old, facts) is None) != (_told(self.new, facts) is None)
            if confirmed or not free:
                return self._patient(found, visit, confirmed)
        if verdict != "no":
            self.undecided.append((None, None))
        return None

    def _facts(self, found: Witness) -> dict[str, object]:
        facts = patient_to_json(found.patient(), self.both.analysis.guideline)["facts"]
        assert isinstance(facts, dict)
        return dict(facts)

    def _patient(self, found: Witness, visit: Visit, confirmed: bool) -> MovingPatient:
        return MovingPatient(
            self._facts(found),
            facts_in_words(found, self.both.analysis.guideline),
            found.matter,
            {name: value_to_json(value) for name, value in found.settings.items()},
            tuple(f"{p.pathway}.{p.node}" for p in visit.waiting),
            confirmed,
        )

    def _is_confirmed(
        self, found: Witness, before: Visit, after: Visit, row: str | None, column: str | None
    ) -> bool:
        """Whether the interpreter, run on the patient in both versions, finds the movement."""
        facts = self._facts(found)
        told_before = _told(self.old, facts, found.settings, before)
        told_after = _told(self.new, facts, found.settings, after)
        if told_before is None or told_after is None:
            return False
        new_row = self._new_id(tuple(row.split("."))) if row else None
        old_column = self._old_id(tuple(column.split("."))) if column else None
        loses = row is None or (row in told_before and ".".join(new_row or ("",)) not in told_after)
        gains = column is None or (
            column in told_after and ".".join(old_column or ("",)) not in told_before
        )
        return loses and gains


def _followed(point: WaitingPoint, compiled: CompiledGuideline) -> Iterator[Id]:
    """The nodes by which a waiting point is reached, as pathway and node."""
    pathway = compiled.guideline.entry or ""
    for name in point.via:
        yield pathway, name
        node = compiled.guideline.pathways[pathway].node(name)
        assert isinstance(node, Follow)
        pathway = node.pathway


def _matched(id_: Id, named: Callable[..., Id | None]) -> Id | None:
    """What the other version calls an outcome; the other side of `only if` goes with its node."""
    if len(id_) == 2:
        return named("node", *id_)
    option, node = named("option", *id_), named("node", *id_[:2])
    if option is None and node is not None and id_[2] == OTHERWISE_NOT:
        return (*node, OTHERWISE_NOT)
    return option


def _given(visit: Visit, formulas: Formulas) -> dict[Id, int]:
    """What a visit tells patients, with who is told it."""
    found: dict[Id, list[int]] = {}
    for draft in visit.drafts:
        found.setdefault(draft.path, []).append(draft.final.true)
        for option in draft.options:
            both = formulas.all_of((draft.final.true, option.final.true))
            found.setdefault(option.path, []).append(both)
    for (_, pathway, node), active in visit.outside:
        found.setdefault((pathway, node), []).append(active.true)
    return {id_: formulas.any_of(parts) for id_, parts in found.items()}


def _told(
    compiled: CompiledGuideline,
    facts: Mapping[str, object],
    settings: Mapping[str, Value] | None = None,
    visit: Visit | None = None,
) -> set[str] | None:
    """The ids of what the interpreter gives to a patient; None when the data are refused.

    Of the facts and settings those count that the version knows.
    """
    guideline = compiled.guideline
    known = {name: value for name, value in facts.items() if name in guideline.elements}
    chosen = {n: value for n, value in (settings or {}).items() if n in guideline.parameters}
    waiting = visit.waiting if visit is not None else ()
    patient = patient_from_facts(known, guideline).patient
    if patient is None or guideline.entry is None:
        return None
    if accept(base_environment(compiled, patient, REPLAY_DAY, chosen), waiting):
        return None
    outcome = interpret(
        compiled,
        patient,
        REPLAY_DAY,
        pathway=guideline.entry,
        settings=chosen,
        waiting=waiting,
    )
    told = {r.id for r in outcome.given}
    for recommendation in outcome.given:
        told |= {o.id for o in recommendation.options if o.status == "eligible"}
    told |= {
        f"{entry.pathway}.{entry.node}"
        for entry in outcome.trace
        if entry.kind == "outside" and entry.activation is True
    }
    return told
