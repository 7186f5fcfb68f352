"""A compiled guideline as JSON data: all that a run in the browser needs, and no more.

The format is published in `dsl/compiled.schema.json`. Declarations stand in the order of the text, so that
equal guidelines give equal bytes. Numbers are exact, conditions are trees, and where a result quotes a
condition or a regimen, its words stand beside it.
"""

import json

from pathway_compiler.browser.expressions_to_json import condition_to_json, expression_to_json
from pathway_compiler.browser.pathways_to_json import pathway_to_json
from pathway_compiler.browser.values_to_json import (
    EnumTable,
    Json,
    type_to_json,
    value_to_json,
    without_nothing,
)
from pathway_compiler.browser.words_to_json import words_to_json
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.language import speaking
from pathway_compiler.model.action import Action, ActionClass, Contraindication
from pathway_compiler.model.evidence import Grading, Statement
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import Coding
from pathway_compiler.model.vocabulary import Definition, Element, RecordDeclaration

__all__ = ["FORMAT", "compiled_text", "compiled_to_json"]

FORMAT = "pathway-compiled/1"
"""The name and version of the format; the number changes when a reader must change."""


def compiled_text(compiled: CompiledGuideline, entry: str | None = None) -> str:
    """The document as one line of text that can stand in a `script` element.

    No `<` is left in it, so that no text of an author ends the element.
    """
    document = compiled_to_json(compiled, entry)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def compiled_to_json(compiled: CompiledGuideline, entry: str | None = None) -> Json:
    """The document; `entry` is the pathway that a run starts with, when it is not the guideline's."""
    with speaking(compiled.guideline.header.language):
        return _compiled_to_json(compiled, entry)


def _compiled_to_json(compiled: CompiledGuideline, entry: str | None) -> Json:
    guideline = compiled.guideline
    header = guideline.header
    enums = EnumTable()
    found: Json = {
        "format": FORMAT,
        "guideline": {
            "name": guideline.name,
            "title": guideline.title,
            "version": header.version,
            "content_hash": guideline.content_hash,
            "language": header.language,
            "publisher": header.publisher,
            "source": header.source,
            "grading": header.grading,
            "entry": entry or guideline.entry,
        },
        "gradings": {name: _grading(g) for name, g in guideline.gradings.items()},
        "statements": {name: _statement(s, guideline) for name, s in guideline.statements.items()},
        "moments": {name: m.label for name, m in guideline.moments.items()},
        "records": {name: _record(r, enums) for name, r in guideline.records.items()},
        "actions": {name: _action(a, guideline, enums) for name, a in guideline.actions.items()},
        "classes": {name: _class(c, guideline) for name, c in guideline.classes.items()},
        "elements": {name: _element(e, enums) for name, e in guideline.elements.items()},
        "definitions": {name: _definition(d, enums) for name, d in guideline.definitions.items()},
        "readings": {
            name: {
                "label": reading.label,
                "type": type_to_json(reading.type, enums),
                "chosen": reading.chosen.name,
                "alternatives": [
                    {
                        "name": alternative.name,
                        "label": alternative.label,
                        "expression": expression_to_json(alternative.expression, enums),
                    }
                    for alternative in reading.alternatives
                ],
            }
            for name, reading in guideline.readings.items()
        },
        "parameters": {
            name: {
                "label": parameter.label,
                "type": type_to_json(parameter.type, enums),
                "default": value_to_json(parameter.default),
            }
            for name, parameter in guideline.parameters.items()
        },
        "constraints": [
            {"label": c.label, **condition_to_json(c.condition, guideline, enums)}
            for c in guideline.constraints
        ],
        "contraindications": {
            name: _contraindication(c, guideline, enums)
            for name, c in guideline.contraindications.items()
        },
        "incompatibilities": {
            name: {"label": i.label, "first": i.first, "second": i.second}
            for name, i in guideline.incompatibilities.items()
        },
        "slots": {
            name: {"label": slot.label, "recommendations": list(slot.ids)}
            for name, slot in guideline.slots.items()
        },
        "pathways": {
            name: pathway_to_json(graph, guideline, enums)
            for name, graph in compiled.graphs.items()
        },
    }
    # The table is complete only when everything that refers to it has been written.
    return {**found, "enums": enums.to_json(), "words": words_to_json()}


# --- evidence --------------------------------------------------------------------------------------------


def _grading(grading: Grading) -> Json:
    return {
        "label": grading.label,
        "certainties": {c.name: c.label for c in grading.certainties},
        "grades": {g.name: g.label for g in grading.grades},
    }


def _statement(statement: Statement, guideline: Guideline) -> Json:
    """A statement with the evidence that covers it."""
    evidence = guideline.printed_evidence(statement)
    return without_nothing(
        {
            "label": statement.label,
            "kind": statement.kind,
            "section": statement.section,
            "lines": [list(pair) for pair in statement.lines],
            "certainty": evidence.certainty,
            "grade": evidence.grade,
            "references": list(evidence.references),
        }
    )


# --- actions ---------------------------------------------------------------------------------------------


def _action(action: Action, guideline: Guideline, enums: EnumTable) -> Json:
    return without_nothing(
        {
            "label": action.label,
            "kind": action.kind,
            "classes": _classes_above(action.name, guideline),
            "synonyms": list(action.synonyms),
            "codes": _codes(action.codes),
            "authorisations": [
                {
                    "regulator": a.regulator,
                    "text": a.text,
                    **(
                        {}
                        if a.condition is None
                        else {"condition": condition_to_json(a.condition, guideline, enums)}
                    ),
                }
                for a in action.authorisations
            ],
        }
    )


def _class(class_: ActionClass, guideline: Guideline) -> Json:
    return without_nothing(
        {
            "label": class_.label,
            "kind": class_.kind,
            "members": list(class_.members),
            "classes": _classes_above(class_.name, guideline),
            "actions": list(guideline.single_actions(class_.name)),
        }
    )


def _classes_above(name: str, guideline: Guideline) -> list[str]:
    """Every class that contains an action or a class, in the order of the text."""
    above = guideline.action_and_classes(name) - {name}
    return [class_ for class_ in guideline.classes if class_ in above]


def _contraindication(
    contraindication: Contraindication, guideline: Guideline, enums: EnumTable
) -> Json:
    condition = contraindication.condition
    return without_nothing(
        {
            "label": contraindication.label,
            "each_of": contraindication.each_of,
            "actions": list(contraindication.actions),
            "condition": condition and condition_to_json(condition, guideline, enums),
        }
    )


# --- vocabulary ------------------------------------------------------------------------------------------


def _record(record: RecordDeclaration, enums: EnumTable) -> Json:
    return without_nothing(
        {
            "label": record.label,
            "dated_by": record.dated_by,
            "fields": [
                {"name": f.name, "label": f.label, "type": type_to_json(f.type, enums)}
                for f in record.fields
            ],
        }
    )


def _element(element: Element, enums: EnumTable) -> Json:
    found = without_nothing(
        {
            "label": element.label,
            "type": type_to_json(element.type, enums),
            "question": element.question,
            "hint": element.hint,
            "burden": element.burden,
            "judgement": element.judgement,
            "judgement_note": element.judgement_note,
            "lasting": element.lasting,
            "codes": _codes(element.codes),
            "note": element.note,
        }
    )
    if element.typical is not None:
        found["typical"] = value_to_json(element.typical)
    if element.derive is not None:
        found["derive"] = expression_to_json(element.derive, enums)
    return found


def _definition(definition: Definition, enums: EnumTable) -> Json:
    found: Json = {"label": definition.label, "type": type_to_json(definition.type, enums)}
    if definition.expression is not None:
        found["expression"] = expression_to_json(definition.expression, enums)
    else:
        found["first_match"] = definition.first_match
        found["rows"] = [
            {
                "value": value_to_json(row.value),
                **(
                    {}
                    if row.condition is None
                    else {"if": expression_to_json(row.condition, enums)}
                ),
            }
            for row in definition.rows
        ]
    if definition.note:
        found["note"] = definition.note
    return found


def _codes(codes: tuple[Coding, ...]) -> list[list[str]]:
    return [[coding.system, coding.code] for coding in codes]
