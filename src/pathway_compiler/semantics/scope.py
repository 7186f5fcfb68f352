"""What is declared where, and the list of problems found so far."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.action import ActionKind
from pathway_compiler.model.types import EnumType, Type
from pathway_compiler.model.vocabulary import RecordDeclaration
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode, Token

CONDITION_WORDS = frozenset(
    [
        "not",
        "no",
        "yes",
        "any",
        "every",
        "at",
        "exactly",
        "latest",
        "earliest",
        "number",
        "union",
        "today",
        "unknown",
        "ever",
        "years",
        "months",
        "weeks",
        "days",
    ]
)
"""Words that stand at the start of a condition or value; a fact of that name could not be read."""

__all__ = ["CONDITION_WORDS", "Scope", "Symbol", "collect"]

_NAMESPACE = {
    "element": "fact",
    "define": "fact",
    "reading": "fact",
    "parameter": "fact",
    "action": "action",
    "action_class": "action",
    "statement": "statement",
    "pathway": "pathway",
    "type_declaration": "type",
    "record": "type",
    "grading": "grading",
    "moment": "moment",
    "case": "case",
    "contraindication": "contraindication",
    "incompatible": "incompatible",
    "slot": "slot",
}
_ARTICLE = {
    "fact": "data element, definition, reading or parameter",
    "action": "action or class of actions",
    "statement": "statement",
    "pathway": "pathway",
    "type": "type or record",
    "grading": "grading",
    "moment": "moment",
    "case": "case",
}


@dataclass(frozen=True, slots=True)
class Symbol:
    """One declaration: its name, its grammar rule, and where it stands."""

    name: str
    rule: str
    file: ParsedFile
    node: SyntaxNode
    span: Span


@dataclass(slots=True)
class Scope:
    """Everything that a name can stand for while a guideline is being checked."""

    files: tuple[ParsedFile, ...]
    symbols: dict[str, dict[str, Symbol]] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    types: dict[str, EnumType] = field(default_factory=dict)
    records: dict[str, RecordDeclaration] = field(default_factory=dict)
    fact_types: dict[str, Type] = field(default_factory=dict)
    action_kinds: dict[str, ActionKind] = field(default_factory=dict)
    damaged: frozenset[str] = frozenset()

    def report(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        labels: Iterable[Label] = (),
        help: str | None = None,
    ) -> None:
        self.problems.append(Diagnostic(code, message, span, tuple(labels), help))

    def symbol(self, namespace: str, name: str) -> Symbol | None:
        return self.symbols.get(namespace, {}).get(name)

    def of_rule(self, *rules: str) -> Iterator[Symbol]:
        """All declarations by these rules, in the order of files and text."""
        for table in self.symbols.values():
            for symbol in table.values():
                if symbol.rule in rules:
                    yield symbol

    def need(self, namespace: str, token: Token, file: ParsedFile) -> Symbol | None:
        """The declaration a name stands for; reported when there is none."""
        name = str(token)
        found = self.symbol(namespace, name)
        if found is None and name not in self.damaged:
            what = _ARTICLE.get(namespace, namespace)
            self.report(
                "unknown-name",
                f"there is no {what} called `{name}`",
                file.span(token),
                help=did_you_mean(name, self.symbols.get(namespace, {})),
            )
        return found

    def duplicate(self, what: str, name: str, span: Span, first: Span) -> None:
        self.report(
            "duplicate-name",
            f"{what} `{name}` is declared twice",
            span,
            labels=(Label(first, "first declared here"),),
            help="give one of them another name",
        )


def collect(files: tuple[ParsedFile, ...]) -> Scope:
    """A scope with every declaration entered by name, and duplicates reported."""
    damaged = frozenset().union(*(f.damaged for f in files))
    scope = Scope(files, damaged=damaged)
    for file in files:
        for node in file.declarations:
            namespace = _NAMESPACE.get(node.kind)
            token = node.token("NAME")
            if namespace is None or token is None:
                continue
            name = str(token)
            if namespace == "fact" and name in CONDITION_WORDS:
                scope.report(
                    "reserved-word",
                    f"`{name}` begins a condition, so no fact can be called that",
                    file.span(token),
                    help=f"choose another name, such as `{name}_`",
                )
                continue
            symbol = Symbol(name, node.kind, file, node, file.span(token))
            table = scope.symbols.setdefault(namespace, {})
            if name in table:
                what = node.kind.replace("_", " ").replace("declaration", "").strip()
                scope.duplicate(what, name, symbol.span, table[name].span)
            else:
                table[name] = symbol
    return scope
