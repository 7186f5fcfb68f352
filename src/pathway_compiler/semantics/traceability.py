"""Where each statement of the source is encoded."""

from collections.abc import Iterable

from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose

__all__ = ["uses_of_statements"]


def uses_of_statements(guideline: Guideline) -> dict[str, tuple[str, ...]]:
    """For every statement, the places that refer to it: nodes as `pathway.node`, options as
    `pathway.node.option`, definitions and the like by their kind and name."""
    uses: dict[str, dict[str, None]] = {name: {} for name in guideline.statements}

    def note(statements: Iterable[str], place: str) -> None:
        for name in statements:
            uses[name][place] = None

    for pathway in guideline.pathways.values():
        note(pathway.statements, pathway.name)
        for node in pathway.nodes:
            note(node.statements, f"{pathway.name}.{node.name}")
            if isinstance(node, Choose):
                for option in node.options:
                    note(option.statements, f"{pathway.name}.{node.name}.{option.name}")
    for definition in guideline.definitions.values():
        note(definition.statements, f"define {definition.name}")
    for reading in guideline.readings.values():
        note(reading.statements, f"reading {reading.name}")
    for contraindication in guideline.contraindications.values():
        note(contraindication.statements, f"contraindication {contraindication.name}")
    for incompatibility in guideline.incompatibilities.values():
        note(incompatibility.statements, f"incompatible {incompatibility.name}")
    for constraint in guideline.constraints:
        note(constraint.statements, f"constraint “{constraint.label}”")
    return {name: tuple(places) for name, places in uses.items()}
