"""What the checker proves: coverage and disjointness of decisions, that everything can be reached, given
and settled, and that no two recommendations contradict each other.

Each function yields the obligations of one kind; `prove` puts them together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pathway_compiler.analysis.all_patients import Analysis, analyse
from pathway_compiler.analysis.complete import complete_decisions
from pathway_compiler.analysis.conditions import ALWAYS, Scope
from pathway_compiler.analysis.conflicts import conflicts
from pathway_compiler.analysis.formulas import FALSE, TRUE, Rail
from pathway_compiler.analysis.proof import Obligation, ObligationKind, Proof, ProofVerdict
from pathway_compiler.analysis.solver import EFFORT, Verdict
from pathway_compiler.analysis.visits import Answer, Visit
from pathway_compiler.analysis.witness import facts_in_words, witness_notes
from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.engine.outcome import Outcome, TraceEntry
from pathway_compiler.graph.pathway_graph import PathwayGraph
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.expression import And, Expression, Or
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    OTHERWISE_NOT,
    Branch,
    Choose,
    Decision,
    Eligibility,
    Node,
    Recommend,
    Review,
    Standing,
)
from pathway_compiler.model.vocabulary import Definition, DefinitionRow
from pathway_compiler.semantics.checks import references

__all__ = ["prove", "prove_decisions"]

Place = tuple[tuple[str, ...], str, str]
Found = tuple[Visit, Place, int]
"""A way to be in a situation: the visit, the node in it, and the formula of the patients concerned."""


def prove_decisions(
    guideline: Guideline, graphs: Mapping[str, PathwayGraph], effort: int = EFFORT
) -> tuple[Proof, dict[str, frozenset[str]]]:
    """What must be known before a guideline is run: that its decisions and definitions are sound.

    Gives also the decisions that cover everybody, however a patient comes to their pathway: where
    their routes meet again, an unknown answer leaves nothing unknown.
    """
    analysis = analyse(guideline, graphs, effort)
    obligations = (*_somebody(analysis), *_decisions(analysis), *_definitions(analysis))
    return Proof(guideline, obligations, analysis.solver.asked), complete_decisions(analysis)


def prove(
    guideline: Guideline, graphs: Mapping[str, PathwayGraph], effort: int = EFFORT
) -> tuple[Proof, dict[str, frozenset[str]]]:
    """Every obligation of a guideline, and the decisions that cover everybody (see above)."""
    analysis = analyse(guideline, graphs, effort)
    obligations = (
        *_somebody(analysis),
        *_decisions(analysis),
        *_definitions(analysis),
        *_reached(analysis),
        *_given(analysis),
        *_applies(analysis),
        *_conditions(analysis),
        *conflicts(analysis),
    )
    return Proof(guideline, obligations, analysis.solver.asked), complete_decisions(analysis)


def _somebody(analysis: Analysis) -> Iterator[Obligation]:
    """The constraints admit some patient; otherwise everything else would hold of nobody."""
    constraints = analysis.guideline.constraints
    if not constraints:
        return
    verdict = analysis.can(TRUE)
    diagnostic = None
    if verdict == "no":
        spans = [c.span for c in constraints if c.span is not None]
        diagnostic = Diagnostic(
            "constraints-admit-nobody",
            "no patient can fulfil all constraints",
            spans[0],
            tuple(Label(span, "and this one") for span in spans[1:]),
            help="they contradict each other, or the range of an element; correct one of them",
        )
    yield Obligation("somebody can be", ("constraints",), _VERDICT[verdict], diagnostic)


# --- decisions ------------------------------------------------------------------------------------------


def _decisions(analysis: Analysis) -> Iterator[Obligation]:
    for pathway in analysis.guideline.pathways.values():
        for node in pathway.nodes:
            if isinstance(node, Decision):
                yield from _decision(node, pathway.name, analysis)
            elif isinstance(node, Review):
                yield from _review(node, pathway.name, analysis)


def _review(node: Review, pathway: str, analysis: Analysis) -> Iterator[Obligation]:
    """Each answer of a review is given by somebody who waits there; `never-true` tells it when not."""
    met = [(v, k, v.answers[k]) for v, k in analysis.places(pathway, node.name) if k in v.answers]
    for index, branch in enumerate(node.branches):
        taken: list[Found] = [(v, key, -answers[index].taken.false) for v, key, answers in met]
        yield _possible(analysis, "answer is taken", (pathway, node.name, branch.name), taken, None)


def _decision(node: Decision, pathway: str, analysis: Analysis) -> Iterator[Obligation]:
    formulas = analysis.conditions.formulas
    met = [
        (visit, key, visit.activation[key], visit.answers[key])
        for visit, key in analysis.places(pathway, node.name)
    ]
    place = (pathway, node.name)
    if node.kind != "all that apply" and not _has_otherwise(node):
        gaps: list[Found] = [
            (v, key, formulas.all_of((-active.false, *(a.condition.false for a in answers))))
            for v, key, active, answers in met
        ]
        yield _refutable(
            analysis,
            "covers every patient",
            place,
            gaps,
            "decision-gap",
            lambda told: f"no branch of `{node.name}` covers a patient with {told}",
            node.span,
            help="add a branch for this patient, or an `otherwise`",
            confirms=lambda outcome, key: _no_answer(_entry(outcome, key)),
            matters=lambda visit, key: _gap_of(analysis, visit, key, met),
        )
    if node.kind == "plain":
        yield _overlap(node, place, met, analysis)
    for index, branch in enumerate(node.branches):
        taken: list[Found] = [(v, key, -answers[index].taken.false) for v, key, _, answers in met]
        first_match = node.kind == "first match"
        yield _possible(
            analysis,
            "row is not dead" if first_match else "answer is taken",
            (*place, branch.name),
            taken,
            None
            if _nobody(analysis, [(v, k, -active.false) for v, k, active, _ in met])
            else Diagnostic(
                "dead-row" if first_match else "branch-never-taken",
                f"no patient gets to this branch of `{node.name}`",
                branch.span,
                tuple(Label(b.span, "taken before it") for b in node.branches[:index])
                if first_match
                else (),
                help="remove it, or move it up"
                if first_match
                else "correct its condition, or remove it",
            ),
        )
    if node.kind != "all that apply":
        stuck: list[Found] = [
            (
                v,
                key,
                formulas.all_of(
                    (
                        active.true,
                        *(-a.taken.true for a in answers),
                        formulas.any_of(-a.taken.false for a in answers),
                        *_everything_known(analysis),
                    )
                ),
            )
            for v, key, active, answers in met
        ]
        yield _refutable(
            analysis,
            "can be settled",
            place,
            stuck,
            "dead-end",
            lambda told: (
                f"`{node.name}` stays open for a patient with {told}, though nothing is left to ask"
            ),
            node.span,
            help="say what holds when there is nothing to read, such as `any … in …` before"
            " `latest …`, or add a branch",
            confirms=lambda outcome, key: _stays_open(_entry(outcome, key)),
        )


def _everything_known(analysis: Analysis) -> list[int]:
    conditions = analysis.conditions
    return [
        conditions.yes(number)
        for number, fact in enumerate(conditions.facts)
        if fact.kind == "known"
    ]


def _gap_of(
    analysis: Analysis,
    visit: Visit,
    key: Place,
    met: Sequence[tuple[Visit, Place, Rail, tuple[Answer, ...]]],
) -> int:
    """The patients without an answer, without the way to the decision."""
    answers = next(a for v, k, _, a in met if v is visit and k == key)
    return analysis.conditions.formulas.all_of(a.condition.false for a in answers)


def _overlap(
    node: Decision,
    place: tuple[str, str],
    met: Sequence[tuple[Visit, Place, Rail, tuple[Answer, ...]]],
    analysis: Analysis,
) -> Obligation:
    formulas = analysis.conditions.formulas
    overlaps: list[Found] = []
    for visit, key, active, answers in met:
        leading: dict[tuple[str, ...], list[int]] = {}
        for answer in answers:
            if answer.branch.condition is not None:
                leading.setdefault(answer.branch.targets, []).append(answer.condition.true)
        two = formulas.at_least(2, [formulas.any_of(parts) for parts in leading.values()])
        overlaps.append((visit, key, formulas.all_of((-active.false, two))))
    verdict = analysis.can(formulas.any_of(f for _, _, f in overlaps))
    held: list[Branch] = []
    pair = (0, 0)
    if verdict == "yes":
        # The first two branches that can hold together are shown.
        pair = next(
            (i, j)
            for j in range(len(node.branches))
            for i in range(j)
            if node.branches[i].targets != node.branches[j].targets
            and any(
                analysis.can(-active.false, a[i].condition.true, a[j].condition.true) == "yes"
                for _, _, active, a in met
                if a[i].branch.condition is not None and a[j].branch.condition is not None
            )
        )
        held = [node.branches[index] for index in pair]
        overlaps = [
            (v, k, formulas.all_of((-active.false, *(a[i].condition.true for i in pair))))
            for v, k, active, a in met
        ]
    return _refutable(
        analysis,
        "answers exclude each other",
        place,
        overlaps,
        "decision-overlap",
        lambda told: f"{len(held)} branches of `{node.name}` hold for a patient with {told}",
        held[0].span if held else node.span,
        labels=tuple(Label(b.span, "and this one") for b in held[1:]),
        help="make the conditions exclude each other, or write `first match`"
        " when the order decides, or `all that apply`",
        confirms=lambda outcome, key: _several_answers(_entry(outcome, key)),
        matters=lambda visit, key: _overlap_of(analysis, visit, key, met, pair),
    )


def _overlap_of(
    analysis: Analysis,
    visit: Visit,
    key: Place,
    met: Sequence[tuple[Visit, Place, Rail, tuple[Answer, ...]]],
    pair: tuple[int, int],
) -> int:
    """The patients with both answers, without the way to the decision."""
    answers = next(a for v, k, _, a in met if v is visit and k == key)
    return analysis.conditions.formulas.all_of(answers[i].condition.true for i in pair)


def _has_otherwise(node: Decision) -> bool:
    return any(branch.condition is None for branch in node.branches)


# --- definitions ----------------------------------------------------------------------------------------


def _definitions(analysis: Analysis) -> Iterator[Obligation]:
    """A definition with rows gives each patient one value."""
    formulas = analysis.conditions.formulas
    for definition in analysis.guideline.definitions.values():
        if not definition.rows or definition.span is None:
            continue
        rails = [
            None if row.condition is None else analysis.conditions.read(row.condition, Scope())
            for row in definition.rows
        ]
        told = [rail for rail in rails if rail is not None]
        visit = _any_visit(analysis)
        if len(told) == len(rails):
            gap = formulas.all_of(rail.false for rail in told)
            yield _refutable(
                analysis,
                "covers every patient",
                (definition.name,),
                [(visit, ((), "", ""), gap)],
                "decision-gap",
                _no_row(definition.name),
                definition.span,
                help="add a row for this patient, or an `otherwise`",
                confirms=None,
            )
        if not definition.first_match:
            yield _rows_overlap(definition, rails, visit, analysis)
        yield from _dead_rows(definition, rails, visit, analysis)


def _no_row(name: str) -> Callable[[str], str]:
    return lambda told: f"no row of `{name}` covers a patient with {told}"


def _rows_overlap(
    definition: Definition, rails: Sequence[Rail | None], visit: Visit, analysis: Analysis
) -> Obligation:
    formulas = analysis.conditions.formulas
    rows = definition.rows
    pairs = [
        (i, j)
        for j in range(len(rows))
        for i in range(j)
        if rows[i].value != rows[j].value and rails[i] is not None and rails[j] is not None
    ]
    overlap = FALSE
    held: list[DefinitionRow] = []
    for i, j in pairs:
        first, second = rails[i], rails[j]
        assert first is not None and second is not None
        both = formulas.all_of((first.true, second.true))
        if analysis.can(both) != "no":
            overlap, held = both, [rows[i], rows[j]]
            break
    assert definition.span is not None
    spans = [row.span or definition.span for row in held]
    return _refutable(
        analysis,
        "answers exclude each other",
        (definition.name,),
        [(visit, ((), "", ""), overlap)],
        "decision-overlap",
        lambda told: f"2 rows of `{definition.name}` hold for a patient with {told}",
        spans[0] if spans else definition.span,
        labels=tuple(Label(span, "and this one") for span in spans[1:]),
        help="make the conditions exclude each other, or write `first match` when the order decides",
        confirms=None,
    )


def _dead_rows(
    definition: Definition, rails: Sequence[Rail | None], visit: Visit, analysis: Analysis
) -> Iterator[Obligation]:
    formulas = analysis.conditions.formulas
    for index, (row, rail) in enumerate(zip(definition.rows, rails, strict=True)):
        before = rails[:index] if definition.first_match else rails
        others = (
            [r for r in before if r is not None] if rail is None or definition.first_match else []
        )
        here = formulas.all_of(
            (
                TRUE if rail is None else -rail.false,
                *(-other.true for other in others),
            )
        )
        assert definition.span is not None
        yield _possible(
            analysis,
            "row is not dead",
            (definition.name, f"row_{index + 1}"),
            [(visit, ((), "", ""), here)],
            Diagnostic(
                "dead-row",
                f"no patient gets to this row of `{definition.name}`",
                row.span or definition.span,
                tuple(Label(r.span, "taken before it") for r in definition.rows[:index] if r.span)
                if definition.first_match
                else (),
                help="remove it, or move it up"
                if definition.first_match
                else "correct its condition, or remove it",
            ),
        )


def _any_visit(analysis: Analysis) -> Visit:
    return next(iter((*analysis.visits, *analysis.others)), Visit("", ()))


# --- what can be reached and given ------------------------------------------------------------------------


def _reached(analysis: Analysis) -> Iterator[Obligation]:
    for pathway in analysis.guideline.pathways.values():
        graph = analysis.compiled.graphs[pathway.name]
        reachable: dict[str, Verdict] = {}
        for name in graph.order:
            reachable[name] = analysis.can(
                analysis.conditions.formulas.any_of(
                    -visit.activation[key].false
                    for visit, key in analysis.places(pathway.name, name)
                )
            )
        for node in pathway.nodes:
            # The first node on the way that nobody reaches is told; what follows it needs no telling.
            explained = any(
                edge.kind == "branch" or reachable[edge.source] == "no"
                for edge in graph.incoming[node.name]
            )
            diagnostic = None
            if not explained:
                diagnostic = Diagnostic(
                    "never-reached",
                    f"no patient gets to `{node.name}`",
                    node.span,
                    help="correct the conditions on the way to it, or remove it",
                )
            verdict = reachable[node.name]
            yield Obligation(
                "is reached",
                (pathway.name, node.name),
                _VERDICT[verdict],
                diagnostic if verdict == "no" else None,
            )


_VERDICT: dict[Verdict, ProofVerdict] = {"yes": "proved", "no": "refuted", "undecided": "undecided"}


def _given(analysis: Analysis) -> Iterator[Obligation]:
    for pathway in analysis.guideline.pathways.values():
        visits = analysis.visits_of(pathway.name)
        for node in pathway.nodes:
            if not isinstance(node, Recommend | Standing | Choose):
                continue
            drafts = [
                (v, d) for v in visits for d in v.drafts if d.path == (pathway.name, node.name)
            ]
            reached: list[Found] = [
                (v, ((), pathway.name, node.name), -d.active.false) for v, d in drafts
            ]
            nobody = _nobody(analysis, reached)
            yield _possible(
                analysis,
                "is given",
                (pathway.name, node.name),
                [(v, ((), pathway.name, node.name), -d.final.false) for v, d in drafts],
                None
                if nobody
                else Diagnostic(
                    "never-given",
                    f"no patient is given `{node.name}`",
                    node.span,
                    help="patients get there; correct its conditions or contraindications, or remove it",
                ),
            )
            if node.eligibility.only_if:
                # That nobody is told the opposite follows from an `only if` that always holds.
                path = (pathway.name, node.name, OTHERWISE_NOT)
                opposite: list[Found] = [
                    (v, ((), *path[:2]), -d.final.false)
                    for v in visits
                    for d in v.drafts
                    if d.path == path
                ]
                yield _possible(analysis, "is given", path, opposite, None)
            for index, option in enumerate(node.options if isinstance(node, Choose) else ()):
                yield _possible(
                    analysis,
                    "option is eligible",
                    (pathway.name, node.name, option.name),
                    [
                        (
                            v,
                            ((), pathway.name, node.name),
                            analysis.conditions.formulas.all_of(
                                (-d.final.false, -d.options[index].final.false)
                            ),
                        )
                        for v, d in drafts
                    ],
                    None
                    if nobody
                    else Diagnostic(
                        "option-never-eligible",
                        f"no patient can be offered the option `{option.name}`",
                        option.span,
                        help="correct its conditions or contraindications, or remove it",
                    ),
                )


def _applies(analysis: Analysis) -> Iterator[Obligation]:
    formulas = analysis.conditions.formulas
    for pathway in analysis.guideline.pathways.values():
        if pathway.applies is None:
            continue
        started = [
            (v, s)
            for v in analysis.visits_of(pathway.name)
            for s in v.started
            if s.pathway == pathway.name
        ]
        key = ((), pathway.name, "")
        arriving: list[Found] = [(v, key, -s.arriving.false) for v, s in started]
        if not started or _nobody(analysis, arriving):
            continue
        within: list[Found] = [
            (v, key, formulas.all_of((-s.arriving.false, -s.applies.false))) for v, s in started
        ]
        yield _possible(
            analysis,
            "applies to somebody",
            (pathway.name,),
            within,
            Diagnostic(
                "never-applies",
                f"`{pathway.name}` applies to no patient who comes to it",
                pathway.applies.span,
                help="correct the condition, or remove the pathway",
            ),
        )
        without: list[Found] = [
            (v, key, formulas.all_of((-s.arriving.false, -s.applies.true))) for v, s in started
        ]
        yield _possible(
            analysis,
            "applies not to everybody",
            (pathway.name,),
            without,
            Diagnostic(
                "always-applies",
                f"`{pathway.name}` applies to every patient who comes to it",
                pathway.applies.span,
                help="nothing need be done; the condition can be left out",
            ),
        )


# --- conditions that say nothing ------------------------------------------------------------------------


def _conditions(analysis: Analysis) -> Iterator[Obligation]:
    """Conditions that hold for everybody or nobody who gets there, and parts that repeat the rest."""
    for pathway in analysis.guideline.pathways.values():
        for node in pathway.nodes:
            met = [
                (v, key, v.activation[key]) for v, key in analysis.places(pathway.name, node.name)
            ]
            if isinstance(node, Review):  # its answers are read by those who have waited at it
                met = [(v, key, ALWAYS) for v, key, _ in met if key in v.answers]
            if not met or _nobody(analysis, [(v, k, -r.false) for v, k, r in met]):
                continue
            for name, condition, several in _conditions_of(node):
                yield from _condition(
                    (pathway.name, node.name, name), condition, met, several, analysis
                )


def _conditions_of(node: Node) -> Iterator[tuple[str, Expression, bool]]:
    """The conditions of a node, and whether it matters when one holds for everybody there."""
    match node:
        case Decision():
            for branch in node.branches:
                if branch.condition is not None:
                    # A last row that holds for all who are left is as good as an `otherwise`.
                    yield branch.name, branch.condition, len(node.branches) > 1
        case Review():
            for branch in node.branches:
                if branch.condition is not None:
                    yield branch.name, branch.condition, False
        case Recommend() | Standing() | Choose():
            yield from _of_eligibility("", node.eligibility)
            if isinstance(node, Choose):
                for option in node.options:
                    yield from _of_eligibility(f"{option.name}.", option.eligibility)
        case _:
            return


def _of_eligibility(
    prefix: str, eligibility: Eligibility
) -> Iterator[tuple[str, Expression, bool]]:
    for word, found in (
        ("when", eligibility.when),
        ("unless", eligibility.unless),
        ("only_if", eligibility.only_if),
    ):
        for index, condition in enumerate(found):
            yield f"{prefix}{word}_{index + 1}", condition, True


def _condition(
    place: tuple[str, ...],
    condition: Expression,
    met: Sequence[tuple[Visit, Place, Rail]],
    several: bool,
    analysis: Analysis,
) -> Iterator[Obligation]:
    if not any(True for _ in references(condition)):
        return  # `constant-condition` says it
    formulas = analysis.conditions.formulas
    scoped = [(v, k, active, v.scopes[k]) for v, k, active in met]
    rails = [
        (v, k, active, analysis.conditions.read(condition, scope)) for v, k, active, scope in scoped
    ]
    words = describe_condition(condition, analysis.guideline)
    false = formulas.any_of(
        formulas.all_of((-active.false, -rail.true)) for _, _, active, rail in rails
    )
    true = formulas.any_of(
        formulas.all_of((-active.false, -rail.false)) for _, _, active, rail in rails
    )
    verdicts = analysis.can(true), analysis.can(false)
    diagnostic = None
    if verdicts[0] == "no":
        diagnostic = Diagnostic(
            "never-true",
            f"this holds for no patient who gets here: {words}",
            condition.span,
            help="correct it, or remove it",
        )
    elif verdicts[1] == "no" and several:
        diagnostic = Diagnostic(
            "always-true",
            f"this holds for every patient who gets here: {words}",
            condition.span,
            help="correct it, or leave it out",
        )
    constant = diagnostic is not None
    yield Obligation(
        "condition matters",
        place,
        "refuted" if constant else "undecided" if "undecided" in verdicts else "proved",
        diagnostic,
    )
    if constant or not isinstance(condition, And | Or):
        return
    for index, part in enumerate(condition.operands):
        others = [o for i, o in enumerate(condition.operands) if i != index]
        differs = []
        for _, _, active, scope in scoped:
            own = analysis.conditions.read(part, scope)
            rest = [analysis.conditions.read(o, scope) for o in others]
            if isinstance(condition, And):
                parts = (*(r.true for r in rest), -own.true)
            else:
                parts = (*(r.false for r in rest), -own.false)
            differs.append(formulas.all_of((-active.false, *parts)))
        verdict = analysis.can(formulas.any_of(differs))
        diagnostic = None
        if verdict == "no":
            diagnostic = Diagnostic(
                "repeated-condition",
                "the rest of the condition says this already: "
                + describe_condition(part, analysis.guideline),
                part.span,
                help="leave it out",
            )
        yield Obligation(
            "condition repeats nothing",
            (*place, f"part_{index + 1}"),
            _VERDICT[verdict],
            diagnostic,
        )


# --- how an obligation becomes a finding ------------------------------------------------------------------


def _nobody(analysis: Analysis, found: Iterable[Found]) -> bool:
    return analysis.can(analysis.conditions.formulas.any_of(f for _, _, f in found)) == "no"


def _possible(
    analysis: Analysis,
    kind: ObligationKind,
    place: tuple[str, ...],
    found: Sequence[Found],
    diagnostic: Diagnostic | None,
) -> Obligation:
    """An obligation that some patient shows; refuted when there is none."""
    verdict = analysis.can(analysis.conditions.formulas.any_of(f for _, _, f in found))
    return Obligation(kind, place, _VERDICT[verdict], diagnostic if verdict == "no" else None)


def _refutable(
    analysis: Analysis,
    kind: ObligationKind,
    place: tuple[str, ...],
    found: Sequence[Found],
    code: str,
    message: Callable[[str], str],
    span: Span,
    *,
    labels: tuple[Label, ...] = (),
    help: str,
    confirms: Callable[[Outcome, Place], bool] | None,
    matters: Callable[[Visit, Place], int] | None = None,
) -> Obligation:
    """An obligation that a patient refutes: with that patient, run by the interpreter."""
    verdict = analysis.can(analysis.conditions.formulas.any_of(f for _, _, f in found))
    if verdict == "no":
        return Obligation(kind, place, "proved")
    if verdict == "undecided":
        return Obligation(kind, place, "undecided", not_decided(place, span))
    visit, key, formula = next(f for f in found if analysis.can(f[2]) == "yes")
    check = None if confirms is None else (lambda outcome: confirms(outcome, key))
    patient, boxes, free = analysis.witness(
        formula, visit, check, None if matters is None else matters(visit, key)
    )
    told = facts_in_words(patient, analysis.guideline)
    if free and not patient.confirmed:
        diagnostic = not_decided(place, span, "; ".join(boxes))
        return Obligation(kind, place, "undecided", diagnostic, patient, boxes, True)
    notes = witness_notes(patient, boxes)
    diagnostic = Diagnostic(code, message(told), span, labels, help, notes)
    return Obligation(kind, place, "refuted", diagnostic, patient, boxes, free)


def not_decided(place: tuple[str, ...], span: Span, why: str = "") -> Diagnostic:
    """A place of which nothing is proved, and why."""
    reason = (
        f"it turns on what the analysis does not look into: {why}"
        if why
        else "the search was given up after its limit"
    )
    return Diagnostic(
        "not-decided",
        f"whether `{'.'.join(place)}` is right for every patient is not decided: {reason}",
        span,
        help="make the conditions simpler, or end with `otherwise`",
    )


def _entry(outcome: Outcome, key: Place) -> TraceEntry | None:
    via, pathway, node = key
    return next(
        (e for e in outcome.trace if e.via == via and e.pathway == pathway and e.node == node),
        None,
    )


def _no_answer(entry: TraceEntry | None) -> bool:
    return entry is not None and all(b.condition is False for b in entry.branches)


def _stays_open(entry: TraceEntry | None) -> bool:
    return (
        entry is not None
        and entry.activation is True
        and all(b.taken is not True for b in entry.branches)
        and any(b.taken is not False for b in entry.branches)
    )


def _several_answers(entry: TraceEntry | None) -> bool:
    return entry is not None and len({b.targets for b in entry.branches if b.condition is True}) > 1
