"""Cases: the guideline's own tests."""

from typing import cast

from pathway_compiler.datatypes.partial_date import PartialDate, parse_date
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.case import (
    Asks,
    Case,
    Expectation,
    Given,
    HasValue,
    MayRecommend,
    NotRecommended,
    Recommends,
    Refused,
    Status,
    StatusIs,
    Visit,
    WaitsAt,
)
from pathway_compiler.model.pathway import OTHERWISE_NOT, Choose, Pathway, Rank, Recommend, Standing
from pathway_compiler.model.types import UnknownType
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.semantics.literals import LITERAL_RULES, read_literal
from pathway_compiler.semantics.scope import Scope, Symbol
from pathway_compiler.semantics.text import label_of, note_of, unquote
from pathway_compiler.syntax.tree import SyntaxNode, Token

__all__ = ["read_case", "recommendation_paths"]


def recommendation_paths(pathways: dict[str, Pathway]) -> set[tuple[str, ...]]:
    """Every way a case can name something: `node`, `pathway.node`, `node.option` and so on."""
    paths: set[tuple[str, ...]] = set()
    for pathway in pathways.values():
        for node in pathway.nodes:
            full: list[tuple[str, ...]] = [(pathway.name, node.name)]
            if isinstance(node, Choose):
                full += [(pathway.name, node.name, option.name) for option in node.options]
            if isinstance(node, Recommend | Standing | Choose) and node.eligibility.only_if:
                full.append((pathway.name, node.name, OTHERWISE_NOT))
            for path in full:
                paths.update(path[start:] for start in range(len(path)))
    return paths


def read_case(symbol: Symbol, paths: set[tuple[str, ...]], scope: Scope) -> Case:
    """One case; visits after the first stand in `visit` blocks."""
    return _CaseReader(symbol, paths, scope).read()


class _CaseReader:
    def __init__(self, symbol: Symbol, paths: set[tuple[str, ...]], scope: Scope) -> None:
        self.symbol = symbol
        self.file = symbol.file
        self.paths = paths
        self.scope = scope

    def read(self) -> Case:
        node = self.symbol.node
        pathway: str | None = None
        settings: dict[str, Value] = {}
        readings: dict[str, str] = {}
        for item in node.nodes("case_pathway", "setting", "case_reading"):
            names = list(item.tokens("NAME"))
            if item.kind == "case_pathway":
                found = self.scope.need("pathway", names[0], self.file)
                pathway = found.name if found else None
            elif item.kind == "case_reading":
                self._reading(names[0], names[1], readings)
            else:
                self._setting(item, names[0], settings)
        visits = [self._visit(node)]
        visits += [self._visit(item) for item in node.nodes("visit")]
        return Case(
            self.symbol.name,
            label_of(node),
            pathway,
            tuple(settings.items()),
            tuple(readings.items()),
            tuple(visits),
            note_of(node),
            span=self.symbol.span,
        )

    def _reading(self, name: Token, alternative: Token, readings: dict[str, str]) -> None:
        found = self.scope.need("fact", name, self.file)
        if found is None:
            return
        if found.rule != "reading":
            self.scope.report("wrong-kind", f"`{name}` is no reading", self.file.span(name))
            return
        known = [
            str(t) for i in found.node.nodes("chosen", "alternative") for t in [i.token("NAME")]
        ]
        if str(alternative) not in known:
            self.scope.report(
                "unknown-value",
                f"reading `{name}` has no alternative `{alternative}`",
                self.file.span(alternative),
                help=did_you_mean(str(alternative), known),
            )
            return
        readings[str(name)] = str(alternative)

    def _setting(self, item: SyntaxNode, name: Token, settings: dict[str, Value]) -> None:
        found = self.scope.need("fact", name, self.file)
        if found is None:
            return
        if found.rule != "parameter":
            self.scope.report(
                "wrong-kind",
                f"`{name}` is no parameter",
                self.file.span(name),
                help="give a fact with `given`",
            )
            return
        value = self._literal(item, str(name))
        if value is not None and not isinstance(value, Unknown):
            settings[str(name)] = value

    def _literal(self, item: SyntaxNode, name: str) -> Value | Unknown | None:
        literal = item.node(*LITERAL_RULES)
        assert literal is not None
        type_ = self.scope.fact_types.get(name, UnknownType())
        return read_literal(literal, type_, name, self.file, self.scope)

    def _day(self, node: SyntaxNode | None) -> PartialDate | None:
        token = node.token("DATE", "NUMBER") if node else None
        if token is None:
            return None
        date = parse_date(str(token))
        if date is None:
            self.scope.report(
                "invalid-date", f"the calendar has no day `{token}`", self.file.span(token)
            )
        return date

    def _visit(self, node: SyntaxNode) -> Visit:
        as_of: PartialDate | None = None
        given: list[Given] = []
        expectations: list[Expectation] = []
        for item in node.nodes():
            if item.kind == "visit":
                continue
            if item.kind == "as_of":
                if as_of is not None:
                    self.scope.report(
                        "duplicate-item", "`as of` is said twice", self.file.span(item)
                    )
                as_of = self._day(item.node("day"))
                if as_of is not None and as_of.day is None:
                    self.scope.report(
                        "invalid-date",
                        "the day of an evaluation must be a full date",
                        self.file.span(item),
                        help="write year-month-day",
                    )
                    as_of = None
            elif item.kind == "given":
                fact = self._given(item, given)
                if fact is not None:
                    given.append(fact)
            else:
                expectation = self._expectation(item)
                if expectation is not None:
                    expectations.append(expectation)
        span = self.symbol.span if node is self.symbol.node else self.file.span(node)
        if as_of is None and not any(node.nodes("as_of")):
            self.scope.report(
                "missing-item",
                "this visit does not say its day"
                if node.kind == "visit"
                else "this case does not say its day",
                span,
                help="add a line such as `as of 2019-03-01`; the clock is never read",
            )
        label = label_of(node) if node.kind == "visit" else ""
        return Visit(as_of, tuple(given), tuple(expectations), label, span=span)

    def _given(self, item: SyntaxNode, given: list[Given]) -> Given | None:
        token = item.token("NAME")
        assert token is not None
        found = self.scope.need("fact", token, self.file)
        if found is None:
            return None
        if found.rule in ("parameter", "reading"):
            self.scope.report(
                "wrong-kind",
                f"`{token}` is a {found.rule}, not a fact about a patient",
                self.file.span(token),
                help=f"write `setting {token} = …`"
                if found.rule == "parameter"
                else f"write `reading {token} is …`",
            )
            return None
        on = self._day(item.node("day"))
        if on is None and any(g.name == str(token) and g.on is None for g in given):
            self.scope.report("duplicate-item", f"`{token}` is given twice", self.file.span(token))
            return None
        value = self._literal(item, str(token))
        if value is None:
            return None
        return Given(str(token), value, on, span=self.file.span(item))

    def _path(self, item: SyntaxNode) -> tuple[str, ...] | None:
        dotted = item.node("dotted")
        assert dotted is not None
        path = tuple(str(t) for t in dotted.tokens("NAME"))
        if path in self.paths or set(path) & self.scope.damaged:
            return path
        text = ".".join(path)
        self.scope.report(
            "unknown-name",
            f"no pathway has a recommendation called `{text}`",
            self.file.span(dotted),
            help=did_you_mean(text, [".".join(p) for p in self.paths]),
        )
        return None

    def _expectation(self, item: SyntaxNode) -> Expectation | None:
        span = self.file.span(item)
        match item.kind:
            case "recommends" | "may_recommend" | "not_recommended" | "waits":
                path = self._path(item)
                if path is None:
                    return None
                if item.kind == "recommends":
                    rank = item.token("RANK")
                    return Recommends(path, cast(Rank, str(rank)) if rank else None, span=span)
                if item.kind == "may_recommend":
                    return MayRecommend(path, span=span)
                if item.kind == "waits":
                    return WaitsAt(path, span=span)
                because = item.token("STRING")
                return NotRecommended(path, unquote(because) if because else None, span=span)
            case "asks":
                token = item.token("NAME")
                assert token is not None
                found = self.scope.need("fact", token, self.file)
                return Asks(str(token), span=span) if found else None
            case "status":
                return StatusIs(cast(Status, str(item.token("STATUS"))), span=span)
            case "refused":
                because = item.token("STRING")
                return Refused(unquote(because) if because else None, span=span)
            case "value_is":
                return self._value_is(item)
            case _:
                return None

    def _value_is(self, item: SyntaxNode) -> Expectation | None:
        dotted = item.node("dotted")
        assert dotted is not None
        tokens = list(dotted.tokens("NAME"))
        if len(tokens) != 1 or self.scope.need("fact", tokens[0], self.file) is None:
            return None
        value = self._literal(item, str(tokens[0]))
        return None if value is None else HasValue(str(tokens[0]), value, span=self.file.span(item))
