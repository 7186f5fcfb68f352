"""Pathways as JSON: nodes, edges, the order in which a run visits them, and where routes join."""

from collections.abc import Iterator
from typing import assert_never

from pathway_compiler.browser.expressions_to_json import condition_to_json
from pathway_compiler.browser.values_to_json import (
    EnumTable,
    Json,
    type_to_json,
    value_to_json,
    without_nothing,
)
from pathway_compiler.engine.drafts import direction_of, moment_of
from pathway_compiler.engine.interpreter import describe_interval
from pathway_compiler.graph.pathway_graph import START, Edge, PathwayGraph
from pathway_compiler.model.action import AllOf, Course, OneOf, Regimen, Sequence
from pathway_compiler.model.describe import (
    describe_condition,
    describe_part_of_regimen,
    describe_regimen,
)
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Branch,
    Choose,
    Decision,
    Eligibility,
    End,
    Follow,
    Node,
    Option,
    Outside,
    Recommend,
    Review,
    Standing,
    Together,
)
from pathway_compiler.model.pathway import Course as CourseOfAction
from pathway_compiler.semantics.regimens import VERB_KINDS

__all__ = ["pathway_to_json"]


def pathway_to_json(graph: PathwayGraph, guideline: Guideline, enums: EnumTable) -> Json:
    """One pathway with its graph."""
    pathway = graph.pathway
    return without_nothing(
        {
            "label": pathway.label,
            "parameters": [
                {
                    "name": parameter.name,
                    "type": type_to_json(parameter.type, enums),
                    **(
                        {}
                        if parameter.default is None
                        else {"default": value_to_json(parameter.default)}
                    ),
                }
                for parameter in pathway.parameters
            ],
            "applies": _condition(pathway.applies, guideline, enums),
            "nodes": [_node(graph, node, guideline, enums) for node in pathway.nodes],
            "edges": [_edge(edge) for edge in _edges(graph)],
            "order": list(graph.order),
            "joins": {name: list(decisions) for name, decisions in graph.joins.items()},
            "exhaustive": [name for name in graph.nodes if name in graph.exhaustive],
            "statements": list(pathway.statements),
            "note": pathway.note,
        }
    )


def _edges(graph: PathwayGraph) -> Iterator[Edge]:
    """Every edge, so that those that come to a node and those that leave it are in the graph's order."""
    for edge in graph.outgoing[START]:
        if not isinstance(graph.record(edge.target), Standing):
            yield edge
    for name in graph.nodes:
        if isinstance(graph.record(name), Standing):
            yield from (edge for edge in graph.outgoing[START] if edge.target == name)
        if name != START:
            yield from graph.outgoing[name]


def _edge(edge: Edge) -> Json:
    return without_nothing(
        {
            "from": edge.source,
            "to": edge.target,
            "kind": edge.kind,
            "branch": edge.branch,
            **({"label": edge.label} if edge.label else {}),
        }
    )


# --- nodes -----------------------------------------------------------------------------------------------


def _node(graph: PathwayGraph, node: Node, guideline: Guideline, enums: EnumTable) -> Json:
    return without_nothing(
        {
            "name": node.name,
            "kind": graph.kind(node.name),
            "label": node.label,
            "statements": list(node.statements),
            "note": node.note,
            **_particulars(node, guideline, enums),
        }
    )


def _particulars(node: Node, guideline: Guideline, enums: EnumTable) -> Json:
    match node:
        case Decision():
            return {"decision": node.kind, "branches": _branches(node, guideline, enums)}
        case Review():
            return {
                "every": describe_interval(node.every) if node.every else None,
                "branches": _branches(node, guideline, enums),
            }
        case Recommend() | Standing():
            return {
                "stance": node.stance,
                "direction": direction_of(node.stance, node.statements, node.course, guideline),
                "moment": moment_of(node, guideline),
                "eligibility": _eligibility(node.eligibility, guideline, enums),
                "course": _course(node.course, guideline, enums),
            }
        case Choose():
            return {
                "any_of": node.any_of,
                "combinable": node.combinable,
                "direction": direction_of("recommend", node.statements, node.course, guideline),
                "moment": moment_of(node, guideline),
                "eligibility": _eligibility(node.eligibility, guideline, enums),
                "course": _course(node.course, guideline, enums),
                "options": [_option(option, guideline, enums) for option in node.options],
            }
        case Follow():
            return {
                "pathway": node.pathway,
                "arguments": {a.name: value_to_json(a.value) for a in node.arguments},
                "adding": None if node.adding is None else _line(node.adding, guideline, enums),
            }
        case Together() | End() | Outside():
            return {}
        case _:
            assert_never(node)


def _branches(node: Decision | Review, guideline: Guideline, enums: EnumTable) -> list[Json]:
    return [_branch(branch, guideline, enums) for branch in node.branches]


def _branch(branch: Branch, guideline: Guideline, enums: EnumTable) -> Json:
    label = branch.label
    if not label and branch.condition is not None:
        label = describe_condition(branch.condition, guideline)
    return without_nothing(
        {
            "name": branch.name,
            "label": label,
            "condition": _condition(branch.condition, guideline, enums),
            "targets": list(branch.targets),
        }
    )


def _option(option: Option, guideline: Guideline, enums: EnumTable) -> Json:
    return without_nothing(
        {
            "name": option.name,
            "label": option.label,
            "rank": option.rank,
            "eligibility": _eligibility(option.eligibility, guideline, enums),
            "course": _course(option.course, guideline, enums),
            "statements": list(option.statements),
            "note": option.note,
        }
    )


def _eligibility(eligibility: Eligibility, guideline: Guideline, enums: EnumTable) -> Json:
    def conditions(found: tuple[Expression, ...]) -> list[Json]:
        return [condition_to_json(condition, guideline, enums) for condition in found]

    return without_nothing(
        {
            "when": conditions(eligibility.when),
            "unless": conditions(eligibility.unless),
            "only_if": conditions(eligibility.only_if),
        }
    )


def _condition(condition: Expression | None, guideline: Guideline, enums: EnumTable) -> Json | None:
    return None if condition is None else condition_to_json(condition, guideline, enums)


# --- courses of action -----------------------------------------------------------------------------------


def _course(course: CourseOfAction, guideline: Guideline, enums: EnumTable) -> Json:
    return without_nothing(
        {
            "lines": [
                without_nothing(
                    {
                        "verb": line.verb,
                        "kind": VERB_KINDS[line.verb],
                        "inseparable": line.inseparable,
                        "regimen": _line(line.regimen, guideline, enums),
                    }
                )
                for line in course.performs
            ],
            "avoids": list(course.avoids),
            "cautions": [
                without_nothing(
                    {
                        "text": caution.text,
                        "condition": _condition(caution.condition, guideline, enums),
                    }
                )
                for caution in course.cautions
            ],
            "overrides": [list(path) for path in course.overrides],
        }
    )


def _line(regimen: Regimen, guideline: Guideline, enums: EnumTable) -> Json:
    """A regimen that others may be added to, or that is added: with its words as a part of another."""
    within = describe_part_of_regimen(regimen, guideline)
    return {**_regimen(regimen, guideline, enums), "within": within}


def _regimen(regimen: Regimen, guideline: Guideline, enums: EnumTable) -> Json:
    found: Json = {
        "text": describe_regimen(regimen, guideline),
        "condition": _condition(regimen.condition, guideline, enums),
    }
    match regimen:
        case Course():
            found |= {"kind": "action", "action": regimen.action}
        case AllOf():
            found |= {"kind": "all of", "parts": _parts(regimen.parts, guideline, enums)}
        case OneOf():
            found |= {"kind": "one of", "parts": _parts(regimen.alternatives, guideline, enums)}
        case Sequence():
            found |= {"kind": "then", "parts": _parts(regimen.steps, guideline, enums)}
        case _:
            assert_never(regimen)
    return without_nothing(found)


def _parts(parts: tuple[Regimen, ...], guideline: Guideline, enums: EnumTable) -> list[Json]:
    return [_regimen(part, guideline, enums) for part in parts]
