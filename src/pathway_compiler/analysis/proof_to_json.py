"""A proof as JSON data; the schema is `dsl/proof.schema.json`."""

from pathway_compiler.analysis.proof import Obligation, Proof, Witness
from pathway_compiler.diagnostics.to_json import diagnostic_to_json
from pathway_compiler.engine.to_json import value_to_json
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.patient_data.to_json import patient_to_json

__all__ = ["FORMAT", "proof_to_json"]

FORMAT = "pathway-proof/1"

Json = dict[str, object]


def proof_to_json(proof: Proof) -> Json:
    """Every obligation with its verdict, and the patients who refute it."""
    guideline = proof.guideline
    return {
        "format": FORMAT,
        "guideline": guideline.name,
        "version": guideline.header.version,
        "content_hash": guideline.content_hash,
        "counts": {
            "proved": sum(o.verdict == "proved" for o in proof.obligations),
            "refuted": sum(o.verdict == "refuted" for o in proof.obligations),
            "undecided": sum(o.verdict == "undecided" for o in proof.obligations),
            "accepted": sum(o.accepted is not None for o in proof.obligations),
        },
        "obligations": [_obligation(o, guideline) for o in proof.obligations],
    }


def _obligation(obligation: Obligation, guideline: Guideline) -> Json:
    diagnostic = obligation.diagnostic
    return {
        "kind": obligation.kind,
        "place": list(obligation.place),
        "verdict": obligation.verdict,
        "accepted": obligation.accepted,
        "rests_on_free_facts": obligation.rests_on_free,
        "finding": None if diagnostic is None else diagnostic_to_json(diagnostic),
        "regions": list(obligation.boxes),
        "witness": None if obligation.witness is None else _witness(obligation.witness, guideline),
    }


def _witness(witness: Witness, guideline: Guideline) -> Json:
    return {
        "facts": patient_to_json(witness.patient(), guideline)["facts"],
        "matter": list(witness.matter),
        "settings": {name: value_to_json(value) for name, value in witness.settings.items()},
        "waiting": [
            {"pathway": point.pathway, "node": point.node, "via": list(point.via)}
            for point in witness.waiting
        ],
        "confirmed": witness.confirmed,
    }
