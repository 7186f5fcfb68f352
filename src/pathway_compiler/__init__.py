"""Executable, provable, drawable clinical guidelines.

Read a guideline, run a patient, see why, draw it:

    >>> from pathway_compiler import evaluate, load
    >>> guideline = load("pathways/seom_abc_2018")                                  # doctest: +SKIP
    >>> outcome = evaluate(guideline, {"her2_status": "positive"}, as_of="2019-03-01")  # doctest: +SKIP
    >>> outcome.status, [need.element for need in outcome.needs]                    # doctest: +SKIP

Reading order of the packages, each knowing only those before it: `diagnostics` (places and findings),
`datatypes` (truth, numbers, dates, units), `model` (what a guideline says), `syntax` (text), `semantics`
(from text to model), `graph`, `patient_data`, `engine` (running), `analysis`, `render`, `exports`,
`changes` (two versions compared), `driver` (the pipeline), `cli`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pathway_compiler._version import LANGUAGE_VERSION, __version__

if TYPE_CHECKING:
    from pathway_compiler.datatypes.partial_date import PartialDate as PartialDate
    from pathway_compiler.datatypes.truth import Unknown as Unknown
    from pathway_compiler.diagnostics.diagnostic import Diagnostic as Diagnostic
    from pathway_compiler.driver import CompileError as CompileError
    from pathway_compiler.driver import DataError as DataError
    from pathway_compiler.driver import Diagram as Diagram
    from pathway_compiler.driver import check_text as check_text
    from pathway_compiler.driver import draw as draw
    from pathway_compiler.driver import evaluate as evaluate
    from pathway_compiler.driver import evaluate_text as evaluate_text
    from pathway_compiler.driver import load as load
    from pathway_compiler.driver import load_text as load_text
    from pathway_compiler.engine.enactment import Enactment as Enactment
    from pathway_compiler.engine.enactment import advance as advance
    from pathway_compiler.engine.outcome import Outcome as Outcome
    from pathway_compiler.engine.outcome import Recommendation as Recommendation
    from pathway_compiler.engine.to_json import outcome_to_json as outcome_to_json
    from pathway_compiler.graph.compiled import CompiledGuideline as CompiledGuideline
    from pathway_compiler.graph.pathway_graph import PathwayGraph as PathwayGraph
    from pathway_compiler.model.guideline import Guideline as Guideline
    from pathway_compiler.patient_data.patient import Patient as Patient
    from pathway_compiler.patient_data.read import read_patients as read_patients

_HOMES = {
    "CompileError": "driver",
    "CompiledGuideline": "graph.compiled",
    "DataError": "driver",
    "Diagnostic": "diagnostics.diagnostic",
    "Diagram": "driver",
    "Enactment": "engine.enactment",
    "Guideline": "model.guideline",
    "Outcome": "engine.outcome",
    "PartialDate": "datatypes.partial_date",
    "PathwayGraph": "graph.pathway_graph",
    "Patient": "patient_data.patient",
    "Recommendation": "engine.outcome",
    "Unknown": "datatypes.truth",
    "advance": "engine.enactment",
    "check_text": "driver",
    "draw": "driver",
    "evaluate": "driver",
    "evaluate_text": "driver",
    "load": "driver",
    "load_text": "driver",
    "outcome_to_json": "engine.to_json",
    "read_patients": "patient_data.read",
}

__all__ = ["LANGUAGE_VERSION", "__version__", *sorted(_HOMES)]  # all are strings


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `pathway --help` needs none of them."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
