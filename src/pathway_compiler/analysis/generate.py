"""Patients for a guideline: one a route, at each threshold, and in pairs for each condition."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pathway_compiler.analysis.all_patients import analyse
from pathway_compiler.analysis.boundaries import boundaries
from pathway_compiler.analysis.case_text import REVIEW_DAY
from pathway_compiler.analysis.condition_pairs import condition_pairs
from pathway_compiler.analysis.generated import GeneratedPatient, Generation, LeftOut, Made, Maker
from pathway_compiler.analysis.proof import Witness
from pathway_compiler.analysis.routes import every_route, few_for_everything
from pathway_compiler.analysis.witness import REPLAY_DAY
from pathway_compiler.engine.acceptance import accept
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.patient_data.patient import Observation, Patient

__all__ = ["MOST_ROUTES", "generate"]

MOST_ROUTES = 1_000
"""So many routes through one pathway are shown one by one."""


def generate(
    compiled: CompiledGuideline,
    *,
    routes: bool = True,
    boundary: bool = True,
    conditions: bool = True,
    one_by_one: bool = False,
    most: int = MOST_ROUTES,
) -> Generation:
    """Patients who come to everything that somebody comes to, at each threshold, and for each condition.

    With `one_by_one` there is a patient for each way through each pathway, `most` of them at most,
    instead of few who come to everything. Every patient has been run, and shows what is said.
    """
    analysis = analyse(compiled.guideline, compiled.graphs)
    maker = Maker(analysis)
    found: list[Made | LeftOut] = []
    if routes:
        found += every_route(maker, most) if one_by_one else few_for_everything(maker)
    if boundary:
        found += boundaries(maker)
    if conditions:
        found += condition_pairs(maker)
    left_out = tuple(dict.fromkeys(f for f in found if isinstance(f, LeftOut)))
    patients = tuple(_patients([f for f in found if isinstance(f, Made)], maker))
    return Generation(patients, left_out)


def _patients(found: Iterable[Made], maker: Maker) -> Iterator[GeneratedPatient]:
    """Each patient once, with everything that she shows, and a name of her own."""
    same: dict[object, list[Made]] = {}
    for made in found:
        key = (
            made.purpose,
            made.visit.pathway,
            made.witness.waiting,
            tuple(made.witness.facts.items()),
            tuple(made.witness.settings.items()),
        )
        same.setdefault(key, []).append(made)
    names: set[str] = set()
    for several in same.values():
        first = several[0]
        shows = tuple(dict.fromkeys(made.shown for made in several))
        matter = dict.fromkeys(name for made in several for name in made.witness.matter)
        yield GeneratedPatient(
            _new_name(first, names),
            first.purpose,
            shows,
            first.visit.pathway,
            Witness(
                first.witness.facts,
                tuple(matter),
                first.witness.settings,
                first.witness.waiting,
                confirmed=True,
            ),
            first.outcome,
            *((_before(first, maker) if first.witness.waiting else None) or ()),
        )


def _new_name(made: Made, names: set[str]) -> str:
    name = re.sub(r"\W+", "_", "_".join((made.purpose, *made.name)), flags=re.ASCII).lower()
    number = 1
    while (found := name if number == 1 else f"{name}_{number}") in names:
        number += 1
    names.add(found)
    return found


def _before(made: Made, maker: Maker) -> tuple[Witness, Outcome] | None:
    """The same patient at a first visit that leads to the review at which she waits, as like her as can
    be; and what the interpreter finds at the review when she has come to it that way."""
    analysis = maker.analysis
    (point,) = made.witness.waiting
    place = (point.via, point.pathway, point.node or "")
    first = next((v for v in analysis.visits if not v.waiting and place in v.activation), None)
    if first is None:
        return None
    cells = maker.near([first.activation[place].true], made.cells)
    if cells is None:
        return None
    settings = made.witness.settings  # local policy is the same at both visits
    earlier = replace(maker.witness(cells, first.activation[place].true, first), settings=settings)
    outcome = analysis.run(earlier, first)
    if outcome is None:
        return None
    waiting = [w for w in outcome.waiting if (w.via, w.pathway, w.node) == place]
    if not waiting:
        return None
    now = {name: Observation(value) for name, value in made.witness.facts.items()}
    then = {name: Observation(value, REPLAY_DAY) for name, value in earlier.facts.items()}
    facts = {
        name: tuple(o for o in (then.get(name), now.get(name)) if o is not None)
        for name in {**then, **now}
    }
    patient = Patient("witness", facts)
    environment = base_environment(analysis.compiled, patient, REVIEW_DAY, settings)
    if accept(environment, outcome.waiting):
        return None
    later = interpret(
        analysis.compiled,
        patient,
        REVIEW_DAY,
        pathway=made.visit.pathway,
        settings=settings,
        waiting=outcome.waiting,
    )
    return earlier, later
