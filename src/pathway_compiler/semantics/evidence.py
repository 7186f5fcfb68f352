"""The guideline's header, its grading schemes and its statements."""

from typing import cast

from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.evidence import (
    Certainty,
    Evidence,
    Grade,
    Grading,
    Moment,
    Statement,
    StatementKind,
)
from pathway_compiler.model.guideline import GuidelineHeader
from pathway_compiler.semantics.scope import Scope, Symbol
from pathway_compiler.semantics.text import (
    acceptances,
    issues_of,
    label_of,
    note_of,
    unquote,
)
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode

__all__ = ["read_grading", "read_header", "read_moment", "read_statement"]

_HEADER_TEXTS = ("version", "publisher", "source")
_HEADER_NAMES = ("language", "uses_grading", "entry")


def read_header(node: SyntaxNode, file: ParsedFile, scope: Scope) -> GuidelineHeader:
    """`guideline NAME "Title":` with its governance."""
    values: dict[str, str] = {}
    for item in node.nodes(*_HEADER_TEXTS, *_HEADER_NAMES):
        if item.kind in values:
            scope.report("duplicate-item", f"`{item.kind}` is said twice", file.span(item))
            continue
        token = item.token("STRING", "NAME")
        assert token is not None
        if item.kind in _HEADER_TEXTS:
            values[item.kind] = unquote(token)
            continue
        values[item.kind] = str(token)
        if item.kind == "uses_grading" and scope.need("grading", token, file) is None:
            values[item.kind] = ""
        if item.kind == "entry" and scope.need("pathway", token, file) is None:
            values[item.kind] = ""
    token = node.token("NAME")
    assert token is not None
    return GuidelineHeader(
        str(token),
        label_of(node),
        version=values.get("version", ""),
        publisher=values.get("publisher", ""),
        source=values.get("source", ""),
        language=values.get("language", "en"),
        grading=values.get("uses_grading") or None,
        entry=values.get("entry") or None,
        note=note_of(node),
        accepted=acceptances(node, file, scope),
        span=file.span(token),
    )


def read_grading(symbol: Symbol, scope: Scope) -> Grading:
    """`grading uspstf "…":` with its certainties and grades."""
    certainties: list[Certainty] = []
    grades: list[Grade] = []
    for item in symbol.node.nodes("certainties"):
        for named in item.nodes("named"):
            name = str(named.token("NAME"))
            certainties.append(Certainty(name, label_of(named, name)))
    names = [c.name for c in certainties]
    for item in symbol.node.nodes("grade"):
        token, text = item.token("NAME"), item.token("STRING")
        assert token is not None and text is not None
        allowed: list[str] = []
        for listed in item.nodes("names_or"):
            for name_token in listed.tokens("NAME"):
                if str(name_token) not in names:
                    scope.report(
                        "unknown-value",
                        f"`{name_token}` is not a certainty of this scheme",
                        symbol.file.span(name_token),
                        help=did_you_mean(str(name_token), names),
                    )
                allowed.append(str(name_token))
        if any(g.name == str(token) for g in grades):
            scope.report(
                "duplicate-name", f"grade `{token}` is declared twice", symbol.file.span(token)
            )
            continue
        grades.append(Grade(str(token), unquote(text), tuple(allowed)))
    return Grading(
        symbol.name,
        label_of(symbol.node),
        tuple(certainties),
        tuple(grades),
        note_of(symbol.node),
        symbol.span,
    )


def read_moment(symbol: Symbol) -> Moment:
    return Moment(symbol.name, label_of(symbol.node), symbol.span)


def read_statement(symbol: Symbol, grading: Grading | None, scope: Scope) -> Statement:
    """One statement of the source; its evidence is checked against the guideline's grading scheme."""
    node, file = symbol.node, symbol.file
    seen: set[str] = set()
    for item in node.nodes("section", "kind", "at", *_EVIDENCE):
        key = "evidence" if item.kind in _EVIDENCE else item.kind
        if key in seen:
            scope.report("duplicate-item", f"`{key}` is said twice", file.span(item))
        seen.add(key)
    if "kind" not in seen:
        scope.report(
            "missing-item",
            f"statement `{symbol.name}` does not say its kind",
            symbol.span,
            help="add a line such as `kind recommend`",
        )
    section = node.node("section")
    kind = node.node("kind")
    at = node.node("at")
    moment = None
    if at is not None:
        token = at.token("NAME")
        assert token is not None
        moment = str(token) if scope.need("moment", token, file) else None
    section_token = section.token("STRING") if section else None
    return Statement(
        symbol.name,
        label_of(node),
        cast(StatementKind, str(kind.token("KIND")) if kind else "principle"),
        unquote(section_token) if section_token is not None else "",
        tuple(pair for item in node.nodes("lines") for pair in _line_ranges(item, file, scope)),
        _evidence(node, file, grading, scope),
        moment,
        issues_of(node),
        note_of(node),
        acceptances(node, file, scope),
        symbol.span,
    )


_EVIDENCE = (
    "evidence_pair",
    "evidence_certainty",
    "evidence_grade",
    "evidence_none",
    "evidence_from",
)


def _line_ranges(node: SyntaxNode, file: ParsedFile, scope: Scope) -> list[tuple[int, int]]:
    ranges = []
    for item in node.nodes("line_range"):
        numbers = [str(t) for t in item.tokens("NUMBER")]
        if not all(n.isdigit() and len(n) < 8 for n in numbers):
            scope.report("type-mismatch", "whole numbers are needed here", file.span(item))
            continue
        first, last = int(numbers[0]), int(numbers[-1])
        if last < first or last - first > 10_000:
            scope.report(
                "invalid-range",
                "this range ends below its start, or is far too long",
                file.span(item),
            )
            continue
        ranges.append((first, last))
    return ranges


def _evidence(
    node: SyntaxNode, file: ParsedFile, grading: Grading | None, scope: Scope
) -> Evidence:
    item = node.node(*_EVIDENCE)
    if item is None:
        return Evidence()
    references: list[int] = []
    for listed in item.nodes("references"):
        for first, last in _line_ranges(listed, file, scope):
            references.extend(range(first, last + 1))
    names = list(item.tokens("NAME"))
    certainty = grade = shared_with = None
    match item.kind:
        case "evidence_pair":
            certainty, grade = names
        case "evidence_certainty":
            certainty = names[0]
        case "evidence_grade":
            grade = names[0]
        case "evidence_from":
            if scope.need("statement", names[0], file) is not None:
                shared_with = str(names[0])
        case _:
            pass
    for token, what, known in (
        (certainty, "certainty", [c.name for c in grading.certainties] if grading else None),
        (grade, "grade", [g.name for g in grading.grades] if grading else None),
    ):
        if token is None:
            continue
        if known is None and {"guideline", "grading"} & scope.damaged:
            continue  # the line that names the scheme could not be read
        if known is None:
            scope.report(
                "missing-item",
                "the guideline names no grading scheme, so this evidence has no meaning",
                file.span(token),
                help="declare a `grading` and name it in the guideline",
            )
        elif str(token) not in known:
            scope.report(
                "unknown-value",
                f"`{token}` is not a {what} of the grading scheme",
                file.span(token),
                help=did_you_mean(str(token), known) or f"it has {', '.join(known)}",
            )
    found = grading.grade(str(grade)) if grading and grade else None
    if (
        found
        and found.certainties
        and grading
        and grading.certainty(str(certainty))
        and str(certainty) not in found.certainties
    ):
        scope.report(
            "grade-not-allowed",
            f"grade {grade} is printed with {certainty} certainty, which the scheme does not allow",
            file.span(item),
            help="the printed value stays; this is a finding about the source",
        )
    if item.kind in ("evidence_certainty", "evidence_grade"):
        other = "grade" if item.kind == "evidence_certainty" else "certainty"
        scope.report("incomplete-evidence", f"this evidence has no {other}", file.span(item))
    return Evidence(
        str(certainty) if certainty else None,
        str(grade) if grade else None,
        tuple(references),
        shared_with,
    )
