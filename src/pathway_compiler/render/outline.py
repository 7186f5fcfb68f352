"""The flowchart in words: for screen readers, for search, and for whoever prefers a list to a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from pathway_compiler.graph.pathway_graph import Edge, PathwayGraph
from pathway_compiler.language import enumeration
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.pathway import (
    Branch,
    Choose,
    Decision,
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
from pathway_compiler.render.cards import (
    NOT_COVERED,
    UNKNOWN,
    Look,
    answer_label,
    choice_kind,
    follow_details,
    grades_of,
    small_print,
)
from pathway_compiler.render.missing import unknown_matters
from pathway_compiler.render.wrap import clean

__all__ = ["answer_texts", "edge_text", "node_label", "node_text", "option_text", "outline"]


def outline(graph: PathwayGraph, look: Look) -> str:
    """A pathway as lines of text, in the order in which the nodes are met."""
    say = look.words
    lines = [f"{say['start']}: {clean(graph.pathway.label)}."]
    if graph.pathway.applies is not None:
        lines[0] += (
            f" {say['applies']} {describe_condition(graph.pathway.applies, look.guideline)}."
        )
    for name in graph.order:
        record = graph.record(name)
        if record is None:
            continue
        lines.append(node_text(record, name, look))
        if isinstance(record, Choose):
            lines += [f"- {option_text(option, '', look)}" for option in record.options]
        lines += [
            f"- {clean(answer_label(branch, look.guideline))}: {_targets(branch.targets, graph, look)}"
            for branch in _branches(record)
        ]
        if not _branches(record) and record.targets:
            lines.append(f"- {_targets(record.targets, graph, look)}")
    return "\n".join(lines)


def node_text(node: Node, id: str, look: Look) -> str:
    """Everything a card says, as one spoken text."""
    say = look.words
    parts: list[str] = []
    match node:
        case Decision():
            parts.append(f"{say['decision']}: {node.label}")
            if node.kind != "plain":
                parts.append(say[node.kind])
        case Recommend() | Standing():
            kind = say["recommend"] if node.stance == "recommend" else say[node.stance]
            if isinstance(node, Standing):
                kind = f"{say['standing']}: {kind}"
            parts.append(f"{kind}: {node.label}")
            parts += small_print("", node.eligibility, node.course, "", (), look)
            parts += evidence_texts(node.statements, look)
        case Choose():
            parts += [f"{say['choose']}: {node.label}", say[choice_kind(node)]]
            parts += small_print("", node.eligibility, node.course, "", (), look)
            parts += evidence_texts(node.statements, look)
        case Together():
            parts.append(f"{say['together']}: {node.label}")
        case Follow():
            parts.append(f"{say['follow']}: {node_label(node, look)}")
            parts += follow_details(node, look)
        case Review():
            parts.append(f"{say['review']}: {node.label}")
        case End():
            parts.append(f"{say['end']}: {node.label}")
        case Outside():
            parts.append(f"{say['outside']}: {node.label}")
        case _:
            assert_never(node)
    parts += [node.note, *node.issues]
    parts += _overlay_texts(id, look)
    return _sentences(parts)


def option_text(option: Option, id: str, look: Look) -> str:
    """One option of a choice, as spoken text."""
    say = look.words
    parts = [f"{say[option.rank]}: {option.label}"]
    parts += small_print("", option.eligibility, option.course, option.note, option.issues, look)
    parts += evidence_texts(option.statements, look)
    status = look.status(id) if id else None
    if status is not None:
        parts.append(say[status])
    return _sentences(parts)


def answer_texts(
    node: Decision | Review, id: str, graph: PathwayGraph, look: Look
) -> dict[str, str]:
    """The spoken text of each answer cell, by id: the question, the answer, where it leads."""
    say = look.words
    texts = {}
    for branch in node.branches:
        said = [f"{node.label}: {answer_label(branch, look.guideline)}"]
        if branch.condition is not None and branch.label:
            said.append(describe_condition(branch.condition, look.guideline))
        said.append(_targets(branch.targets, graph, look))
        if isinstance(node, Review):
            said.append(say["later"])
        if look.overlay is not None:
            match look.overlay.mark(id, branch.name):
                case "yes":
                    said.append(say["yes"])
                case "unknown":
                    said.append(say["unknown"])
                case "no":
                    said.append(say["no"])
        texts[f"{id}.{branch.name}"] = _sentences(said)
    if isinstance(node, Decision):
        if unknown_matters(node, look.guideline):
            texts[f"{id}.{UNKNOWN}"] = (
                f"{clean(node.label)}: {say['unknown']}; {say['all stay open']}."
            )
        if node.kind == "plain" and node.name not in graph.exhaustive:
            texts[f"{id}.{NOT_COVERED}"] = f"{clean(node.label)}: {say['not covered']}."
    return texts


def edge_text(edge: Edge, graph: PathwayGraph, look: Look) -> str:
    """An arrow as a sentence: from what, by which answer, to what."""
    record = graph.record(edge.source)
    source = node_label(record, look) if record is not None else graph.pathway.label
    answer = f", {edge.label}," if edge.label else ""
    later = f" ({look.words['later']})" if edge.kind == "later" else ""
    return clean(f"{source}{answer} {_targets((edge.target,), graph, look)}{later}")


def node_label(node: Node, look: Look) -> str:
    """The label of a node; a followed pathway without one of its own has the pathway's."""
    if isinstance(node, Follow) and not node.label:
        pathway = look.guideline.pathways.get(node.pathway)
        return pathway.label if pathway else node.pathway
    return node.label or node.name


def evidence_texts(statements: Sequence[str], look: Look) -> list[str]:
    """The grades of statements, as printed, in words."""
    say = look.words
    texts = []
    for (certainty, grade), references in grades_of(statements, look.guideline).items():
        if certainty is None and grade is None:
            text = say["not graded"]
        else:
            text = f"{say['grade']} {grade}" if grade else say["no grade"]
            words = look.guideline.names_in_words.get(certainty or "", certainty)
            text += f", {say['certainty']} {words or say['not stated']}"
            grading = look.guideline.grading
            found = grading.grade(grade) if grading else None
            if found is not None and found.label and found.label != grade:
                text += f" ({found.label})"
        if references:
            text += f"; {say['references']} {', '.join(map(str, references))}"
        texts.append(text)
    return texts


def _branches(node: Node) -> tuple[Branch, ...]:
    return node.branches if isinstance(node, Decision | Review) else ()


def _targets(targets: Sequence[str], graph: PathwayGraph, look: Look) -> str:
    if not targets:
        return look.words["leads nowhere"]
    names = []
    for target in targets:
        record = graph.record(target)
        names.append(node_label(record, look) if record is not None else target)
    return clean(f"{look.words['leads to']} {enumeration(names)}")


def _overlay_texts(id: str, look: Look) -> list[str]:
    if look.overlay is None:
        return []
    key = {"true": "on path", "unknown": "perhaps", "false": "off path"}[look.overlay.node(id)]
    texts = [look.words[key]]
    status = look.status(id)
    if status is not None:
        texts.append(look.words[status])
    if id in look.overlay.facts:
        texts.append(look.overlay.facts[id])
    if look.overlay.needs.get(id):
        texts.append(f"{look.words['needs']}: {', '.join(look.overlay.needs[id])}")
    return texts


def _sentences(parts: Iterable[str]) -> str:
    cleaned = [clean(part) for part in parts]
    return " ".join(part if part[-1] in ".?!…:" else f"{part}." for part in cleaned if part)
