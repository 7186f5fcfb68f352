"""Patients in pairs for each part of a condition: that part alone decides (MC/DC).

Two patients come to the condition and differ in one simple condition, which flips the whole. All other
simple conditions are the same where such a pair exists ("unique cause"); otherwise they may differ as
long as the whole turns on the one in both patients ("masking").
"""

from collections.abc import Iterator, Sequence

from pathway_compiler.analysis.asked import Asked, asked, atoms, comes_to, decisive, expanded
from pathway_compiler.analysis.formulas import Rail
from pathway_compiler.analysis.generated import LeftOut, Made, Maker, Shown
from pathway_compiler.engine.expressions import evaluate_condition
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.expression import Expression

__all__ = ["condition_pairs"]

MOST_TRIES = 12
"""So many combinations of the other simple conditions are tried before masking is allowed."""

Cells = Sequence[int]


def condition_pairs(maker: Maker) -> Iterator[Made | LeftOut]:
    """For each part of each condition two patients in whom it alone decides."""
    for ways in asked(maker.analysis):
        if not ways:
            continue
        condition = expanded(ways[0].condition, maker.analysis.conditions)
        parts = atoms(condition)
        for index, atom in enumerate(parts, start=1):
            yield from _pair(maker, ways, condition, parts, atom, index)


def _pair(
    maker: Maker,
    ways: Sequence[Asked],
    condition: Expression,
    parts: Sequence[Expression],
    atom: Expression,
    index: int,
) -> Iterator[Made | LeftOut]:
    guideline = maker.analysis.guideline
    words = describe_condition(atom, guideline)
    whole = describe_condition(ways[0].condition, guideline)
    path = ways[0].path
    alone = f"“{whole}” turns on “{words}”" if len(parts) > 1 else f"“{whole}”"
    reason = ""
    for way in ways:
        turning = decisive(maker.analysis.conditions, way, condition, atom)
        found = _unique_cause(maker, way, parts, atom, turning)
        found = found or _masking(maker, way, condition, atom, turning)
        if found is None:
            reason = reason or _why_no_pair(maker, way, atom, turning)
            continue
        made = [
            _made(maker, way, atom, cells, holds, Shown(path, f"{alone}: {word}"), index)
            for cells, holds, word in zip(found, (True, False), ("yes", "no"), strict=True)
        ]
        confirmed = [m for m in made if m is not None]
        if len(confirmed) == 2 and _differ(maker, way, condition, confirmed):
            yield from confirmed
            return
        reason = reason or maker.why_not(turning)
    yield LeftOut("condition", Shown(path, alone), reason)


def _unique_cause(
    maker: Maker, way: Asked, parts: Sequence[Expression], atom: Expression, turning: int
) -> tuple[Cells, Cells] | None:
    """Two patients for whom every other simple condition is the same."""
    conditions = maker.analysis.conditions
    formulas = conditions.formulas
    own = conditions.read(atom, way.scope)
    others = [conditions.read(part, way.scope) for part in parts if part != atom]
    tried: list[int] = []
    for _ in range(MOST_TRIES):
        first = maker.cells(turning, own.true, *tried)
        if first is None:
            return None
        same = _as_in(maker, first, others)
        asked_facts = formulas.facts_in([own.true, own.false])
        second = maker.near([turning, own.false, same], first, asked_facts)
        if second is not None:
            return first, second
        tried.append(-same)
    return None


def _as_in(maker: Maker, cells: Cells, rails: Sequence[Rail]) -> int:
    """That conditions are as they are for one patient."""
    formulas = maker.analysis.conditions.formulas
    values: list[bool] = []
    formulas.evaluate(cells, values)
    literals: list[int] = []
    for rail in rails:
        for side in (rail.true, rail.false):
            holds = values[side] if side > 0 else not values[-side]
            literals.append(side if holds else -side)
    return formulas.all_of(literals)


def _masking(
    maker: Maker,
    way: Asked,
    condition: Expression,
    atom: Expression,
    turning: int,
) -> tuple[Cells, Cells] | None:
    """Two patients for both of whom all turns on the part, whatever the other parts are."""
    conditions = maker.analysis.conditions
    own = conditions.read(atom, way.scope)
    whole = conditions.read(condition, way.scope)
    for one, other in ((whole.true, whole.false), (whole.false, whole.true)):
        first = maker.cells(turning, own.true, one)
        if first is None:
            continue
        asked_facts = conditions.formulas.facts_in([own.true, own.false])
        second = maker.near([turning, own.false, other], first, asked_facts)
        if second is not None:
            return first, second
    return None


def _why_no_pair(maker: Maker, way: Asked, atom: Expression, turning: int) -> str:
    analysis = maker.analysis
    own = analysis.conditions.read(atom, way.scope)
    if analysis.can(way.context) == "no":
        return "no patient gets there"
    verdicts = [analysis.can(way.context, side) for side in (own.true, own.false)]
    if verdicts[0] == "no":
        return "it holds for no patient who gets there"
    if verdicts[1] == "no":
        return "it holds for every patient who gets there"
    if "undecided" in (*verdicts, analysis.can(turning)):
        return "the search was given up after its limit"
    return "the condition never turns on it alone"


def _made(
    maker: Maker,
    way: Asked,
    atom: Expression,
    cells: Cells,
    holds: bool,
    shown: Shown,
    index: int,
) -> Made | None:
    """The patient, if the interpreter finds that the condition is asked and the part is as wanted."""
    conditions = maker.analysis.conditions
    own = conditions.read(atom, way.scope)
    formula = conditions.formulas.all_of((way.context, own.true if holds else own.false))
    patient = maker.witness(cells, formula, way.visit)
    outcome = maker.analysis.run(patient, way.visit)
    if outcome is None or not comes_to(outcome, way):
        return None
    if (
        evaluate_condition(atom, maker.environment(patient, way.path[0], way.scope.arguments))
        is not holds
    ):
        return None
    name = (*shown.place, str(index), "yes" if holds else "no")
    return Made("condition", shown, name, way.visit, tuple(cells), patient, outcome)


def _differ(maker: Maker, way: Asked, condition: Expression, pair: Sequence[Made]) -> bool:
    """Whether the interpreter finds that the condition holds for one and not for the other."""
    truths = [
        evaluate_condition(
            condition, maker.environment(made.witness, way.path[0], way.scope.arguments)
        )
        for made in pair
    ]
    return truths in ([True, False], [False, True])
