"""Pathways and their nodes."""

from typing import TypedDict, cast

from pathway_compiler.datatypes.number import parse_number
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.datatypes.units import UnitError, parse_unit
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.acceptance import Acceptance
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.pathway import (
    Argument,
    Branch,
    Caution,
    Choose,
    Course,
    Decision,
    DecisionKind,
    Eligibility,
    End,
    Follow,
    Interval,
    Node,
    Option,
    Outside,
    Pathway,
    PathwayParameter,
    Performs,
    Rank,
    Recommend,
    Review,
    Slot,
    Stance,
    Standing,
    Together,
    Verb,
)
from pathway_compiler.model.types import BooleanType, Type, UnknownType
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.semantics.expressions import (
    EXPRESSION_RULES,
    ExpressionReader,
    read_condition,
)
from pathway_compiler.semantics.literals import LITERAL_RULES, read_literal
from pathway_compiler.semantics.regimens import VERB_KINDS, read_regimen
from pathway_compiler.semantics.scope import Scope, Symbol
from pathway_compiler.semantics.text import (
    acceptances,
    issues_of,
    label_of,
    note_of,
    statement_names,
    unquote,
)
from pathway_compiler.semantics.type_expressions import TYPE_RULES, read_type
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode, Token

__all__ = ["node_names", "read_pathway", "read_pathway_parameters", "read_slot"]

_NODE_RULES = (
    "decision", "recommend", "choose", "standing", "together", "follow", "review", "end", "outside",
)  # fmt: skip
_ELIGIBILITY_RULES = ("when", "unless", "only_if")


def read_pathway_parameters(symbol: Symbol, scope: Scope) -> tuple[PathwayParameter, ...]:
    """What a pathway is told by the one that follows it: `with suppression: boolean = no`."""
    parameters: list[PathwayParameter] = []
    for item in symbol.node.nodes("pathway_parameter"):
        token = item.token("NAME")
        type_node = item.node(*TYPE_RULES)
        assert token is not None and type_node is not None
        name = str(token)
        if any(p.name == name for p in parameters) or scope.symbol("fact", name) is not None:
            scope.report(
                "duplicate-name",
                f"`{name}` already stands for something else",
                symbol.file.span(token),
            )
            continue
        type_ = read_type(type_node, symbol.file, scope)
        literal = item.node(*LITERAL_RULES)
        default: Value | None = None
        if literal is not None:
            value = read_literal(literal, type_, name, symbol.file, scope)
            default = None if isinstance(value, Unknown) else value
        parameters.append(PathwayParameter(name, type_, default))
    return tuple(parameters)


def read_pathway(
    symbol: Symbol, parameters: dict[str, tuple[PathwayParameter, ...]], scope: Scope
) -> Pathway:
    """One pathway with its nodes; names of nodes are checked within it."""
    own = parameters[symbol.name]
    reader = ExpressionReader(scope, symbol.file, pathway_parameters={p.name: p.type for p in own})
    builder = _PathwayReader(symbol, reader, parameters)
    return builder.read(own)


def option_names(symbol: Symbol, choice: str) -> tuple[str, ...]:
    """The names of the options of a choice; none of another node."""
    return tuple(
        str(option.token("NAME"))
        for node in symbol.node.nodes("choose")
        if str(_node_name(node)) == choice
        for option in node.nodes("option")
    )


def node_names(symbol: Symbol) -> dict[str, Token]:
    """The names of the nodes of a pathway, where first declared."""
    names: dict[str, Token] = {}
    for node in symbol.node.nodes(*_NODE_RULES):
        token = _node_name(node)
        if token is not None:
            names.setdefault(str(token), token)
    return names


def _node_name(node: SyntaxNode) -> Token | None:
    names = list(node.tokens("NAME"))
    if node.kind == "follow":
        # `follow PATHWAY as NAME`; without `as` the node is called like the pathway.
        return names[-1] if names else None
    return names[0] if names else None


def read_slot(symbol: Symbol, scope: Scope) -> Slot:
    """Recommendations that exclude each other; each is named by its pathway and node."""
    node, file = symbol.node, symbol.file
    recommendations: dict[tuple[str, str], None] = {}
    for listed in node.nodes("node_paths"):
        for item in listed.nodes("node_path"):
            path = _slot_member(item, file, scope)
            if path in recommendations:
                scope.report(
                    "duplicate-item", f"`{'.'.join(path)}` is listed twice", file.span(item)
                )
            elif path is not None:
                recommendations[path] = None
    return Slot(
        symbol.name,
        label_of(node),
        tuple(recommendations),
        statement_names(node, file, scope),
        issues_of(node),
        note_of(node),
        acceptances(node, file, scope),
        span=symbol.span,
    )


def _slot_member(item: SyntaxNode, file: ParsedFile, scope: Scope) -> tuple[str, str] | None:
    """The pathway and the recommendation that an item of a slot names."""
    pathway_token, token = item.tokens("NAME")
    pathway = scope.need("pathway", pathway_token, file)
    if pathway is None:
        return None
    name = str(token)
    kinds = {str(_node_name(n)): n.kind for n in pathway.node.nodes(*_NODE_RULES)}
    if name not in kinds:
        if name not in scope.damaged:
            scope.report(
                "unknown-name",
                f"pathway `{pathway.name}` has no node called `{name}`",
                file.span(token),
                help=did_you_mean(name, kinds),
            )
        return None
    if kinds[name] not in ("recommend", "choose", "standing"):
        scope.report(
            "wrong-kind",
            f"`{name}` is a node of kind `{kinds[name]}`, and a slot holds recommendations",
            file.span(token),
        )
        return None
    return pathway.name, name


class _Common(TypedDict):
    """What is read of every node."""

    name: str
    label: str
    statements: tuple[str, ...]
    issues: tuple[str, ...]
    note: str
    accepted: tuple[Acceptance, ...]
    span: Span


class _PathwayReader:
    """Reads the nodes of one pathway."""

    def __init__(
        self,
        symbol: Symbol,
        reader: ExpressionReader,
        parameters: dict[str, tuple[PathwayParameter, ...]],
    ) -> None:
        self.symbol = symbol
        self.reader = reader
        self.scope = reader.scope
        self.file: ParsedFile = symbol.file
        self.parameters = parameters
        self.names = node_names(symbol)

    def read(self, own: tuple[PathwayParameter, ...]) -> Pathway:
        node = self.symbol.node
        applies_nodes = list(node.nodes("applies"))
        if len(applies_nodes) > 1:
            self.scope.report(
                "duplicate-item",
                "`applies when` is said twice",
                self.file.span(applies_nodes[1]),
                help="join the conditions with `and` or `or`",
            )
        applies = self._condition(applies_nodes[0]) if applies_nodes else None
        nodes: list[Node] = []
        for item in node.nodes(*_NODE_RULES):
            token = _node_name(item)
            assert token is not None
            if self.names[str(token)] is not token:
                first = self.file.span(self.names[str(token)])
                self.scope.duplicate("node", str(token), self.file.span(token), first)
                continue
            nodes.append(self._node(item, str(token), self.file.span(token)))
        pathway = Pathway(
            self.symbol.name,
            label_of(node),
            own,
            applies,
            tuple(nodes),
            statement_names(node, self.file, self.scope),
            issues_of(node),
            note_of(node),
            acceptances(node, self.file, self.scope),
            span=self.symbol.span,
        )
        if not nodes:
            self.scope.report("missing-start", "this pathway has no node", self.symbol.span)
        return pathway

    def _condition(self, node: SyntaxNode) -> Expression | None:
        found = node.node(*EXPRESSION_RULES)
        assert found is not None
        return read_condition(found, self.reader)

    def _node(self, node: SyntaxNode, name: str, span: Span) -> Node:
        common: _Common = {
            "name": name,
            "label": label_of(node),
            "statements": statement_names(node, self.file, self.scope),
            "issues": issues_of(node),
            "note": note_of(node),
            "accepted": acceptances(node, self.file, self.scope),
            "span": span,
        }
        targets = self._targets(node)
        match node.kind:
            case "decision":
                branches = self._branches(node, name, span)
                return Decision(**common, kind=_decision_kind(node), branches=branches)
            case "recommend":
                return Recommend(
                    **common,
                    targets=targets,
                    stance=_stance(node),
                    eligibility=self._eligibility(node),
                    course=self._course(node),
                )
            case "standing":
                if targets:
                    self.scope.report(
                        "wrong-kind",
                        "a standing recommendation holds everywhere and leads nowhere",
                        span,
                        help="remove the arrow, or make it a `recommend`",
                    )
                return Standing(
                    **common,
                    stance="recommend against" if node.has("AGAINST") else "recommend",
                    eligibility=self._eligibility(node),
                    course=self._course(node),
                )
            case "choose":
                return self._choose(node, common, targets)
            case "together":
                return Together(**common, targets=targets)
            case "follow":
                return self._follow(node, common, targets)
            case "review":
                every = node.node("every")
                return Review(
                    **common,
                    every=self._interval(every) if every else None,
                    branches=self._branches(node, name, span),
                )
            case "end":
                return End(**common)
            case _:
                return Outside(**common)

    def _targets(self, node: SyntaxNode) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for item in node.nodes("targets"):
            for token in item.tokens("NAME"):
                name = str(token)
                if name not in self.names:
                    if name not in self.scope.damaged:
                        self.scope.report(
                            "unknown-name",
                            f"this pathway has no node called `{name}`",
                            self.file.span(token),
                            help=did_you_mean(name, self.names),
                        )
                    continue
                found[name] = None
        return tuple(found)

    def _branches(self, node: SyntaxNode, name: str, span: Span) -> tuple[Branch, ...]:
        branches: list[Branch] = []
        items = list(node.nodes("branch", "otherwise_branch", "on"))
        for index, item in enumerate(items):
            if item.kind == "otherwise_branch":
                if index != len(items) - 1:
                    self.scope.report(
                        "misplaced-otherwise",
                        "`otherwise` must be the last branch",
                        self.file.span(item),
                        help="move it below the other branches; there can be one only",
                    )
                    continue
                branches.append(
                    Branch(
                        "otherwise",
                        label_of(item, "Otherwise"),
                        None,
                        self._targets(item),
                        self.file.span(item),
                    )
                )
                continue
            condition = self._condition(item)
            targets = self._targets(item)
            if condition is not None:
                branches.append(
                    Branch(
                        f"branch_{index + 1}",
                        label_of(item),
                        condition,
                        targets,
                        self.file.span(item),
                    )
                )
        if not items:
            self.scope.report(
                "missing-branch",
                f"`{name}` has no branch",
                span,
                help="add lines such as `when … -> target`"
                if node.kind == "decision"
                else "add `on … -> target`",
            )
        return tuple(branches)

    def _eligibility(self, node: SyntaxNode) -> Eligibility:
        conditions: dict[str, list[Expression]] = {kind: [] for kind in _ELIGIBILITY_RULES}
        for item in node.nodes(*_ELIGIBILITY_RULES):
            condition = self._condition(item)
            if condition is not None:
                conditions[item.kind].append(condition)
        return Eligibility(*(tuple(conditions[kind]) for kind in _ELIGIBILITY_RULES))

    def _course(self, node: SyntaxNode) -> Course:
        performs: list[Performs] = []
        for item in node.nodes("does"):
            verb = str(item.token("VERB"))
            regimen_node = item.node("regimen")
            assert regimen_node is not None
            regimen = read_regimen(regimen_node, VERB_KINDS[verb], self.reader)
            if regimen is not None:
                performs.append(Performs(cast(Verb, verb), regimen, item.has("TOGETHER")))
        avoids: dict[str, None] = {}
        for item in node.nodes("avoids"):
            for listed in item.nodes("action_names"):
                for token in listed.tokens("NAME"):
                    if self.scope.need("action", token, self.file) is not None:
                        avoids[str(token)] = None
        cautions: list[Caution] = []
        for item in node.nodes("caution"):
            text = item.token("STRING")
            assert text is not None
            condition_node = item.node(*EXPRESSION_RULES)
            condition = read_condition(condition_node, self.reader) if condition_node else None
            cautions.append(Caution(unquote(text), condition))
        overrides = []
        for item in node.nodes("overrides"):
            dotted = item.node("dotted")
            assert dotted is not None
            path = self._recommendation(dotted)
            if path is not None:
                overrides.append(path)
        moment = None
        for item in node.nodes("at"):
            name_token = item.token("NAME")
            assert name_token is not None
            if moment is not None:
                self.scope.report("duplicate-item", "`at` is said twice", self.file.span(item))
            moment = str(name_token) if self.scope.need("moment", name_token, self.file) else None
        return Course(tuple(performs), tuple(avoids), tuple(cautions), tuple(overrides), moment)

    def _recommendation(self, dotted: SyntaxNode) -> tuple[str, ...] | None:
        """`node`, `node.option`, `pathway.node` or `pathway.node.option`, as pathway, node, option."""
        tokens = list(dotted.tokens("NAME"))
        parts = [str(t) for t in tokens]
        symbol = self.symbol
        if parts[0] not in self.names and len(parts) > 1:
            found = self.scope.need("pathway", tokens[0], self.file)
            if found is None:
                return None
            symbol, parts, tokens = found, parts[1:], tokens[1:]
        names = node_names(symbol)
        if parts[0] not in names:
            if parts[0] not in self.scope.damaged:
                self.scope.report(
                    "unknown-name",
                    f"pathway `{symbol.name}` has no node called `{parts[0]}`",
                    self.file.span(tokens[0]),
                    help=did_you_mean(parts[0], names),
                )
            return None
        for token in tokens[1:]:
            known = option_names(symbol, parts[0]) if token is tokens[1] else ()
            if str(token) not in known:
                if str(token) not in self.scope.damaged:
                    self.scope.report(
                        "unknown-name",
                        f"`{'.'.join(parts[: tokens.index(token)])}` has no option called `{token}`",
                        self.file.span(token),
                        help=did_you_mean(str(token), known),
                    )
                return None
        return (symbol.name, *parts)

    def _choose(self, node: SyntaxNode, common: _Common, targets: tuple[str, ...]) -> Choose:
        any_of = node.has("ANY_OF")
        options: list[Option] = []
        for item in node.nodes("option"):
            token, rank_token = item.token("NAME"), item.token("RANK")
            assert token is not None and rank_token is not None
            first = next((o for o in options if o.name == str(token)), None)
            if first is not None:
                self.scope.duplicate("option", str(token), self.file.span(token), first.span)
                continue
            rank = cast(Rank, str(rank_token))
            if (rank == "option") is not any_of:
                message = (
                    f"`{token}` has a rank, and `any of` says that there is none"
                    if any_of
                    else f"`{token}` has no rank"
                )
                self.scope.report(
                    "rank-missing",
                    message,
                    self.file.span(rank_token),
                    help="write `option` in a choice with `any of`;"
                    " `preferred`, `acceptable` or `fallback` in a ranked one",
                )
            options.append(
                Option(
                    str(token),
                    label_of(item),
                    rank,
                    self._eligibility(item),
                    self._course(item),
                    statement_names(item, self.file, self.scope),
                    issues_of(item),
                    note_of(item),
                    acceptances(item, self.file, self.scope),
                    span=self.file.span(token),
                )
            )
        if not options:
            self.scope.report(
                "missing-item",
                f"`{common['name']}` offers no option",
                common["span"],
                help="add `option …` lines",
            )
        return Choose(
            **common,
            targets=targets,
            options=tuple(options),
            any_of=any_of,
            combinable=node.has("COMBINABLE"),
            eligibility=self._eligibility(node),
            course=self._course(node),
        )

    def _follow(self, node: SyntaxNode, common: _Common, targets: tuple[str, ...]) -> Follow:
        pathway_token = node.token("NAME")
        assert pathway_token is not None
        found = self.scope.need("pathway", pathway_token, self.file)
        arguments: dict[str, Argument] = {}
        if found is not None:
            declared = {p.name: p for p in self.parameters[found.name]}
            named = {str(item.token("NAME")) for item in node.nodes("argument")}
            for item in node.nodes("argument"):
                token = item.token("NAME")
                assert token is not None
                parameter = declared.get(str(token))
                if parameter is None:
                    self.scope.report(
                        "unknown-name",
                        f"pathway `{found.name}` has no parameter `{token}`",
                        self.file.span(token),
                        help=did_you_mean(str(token), declared),
                    )
                    continue
                value = self._argument_value(item, parameter.name, parameter.type)
                if value is not None:
                    arguments[parameter.name] = Argument(parameter.name, value)
            for parameter in declared.values():
                if parameter.default is None and parameter.name not in named:
                    self.scope.report(
                        "missing-argument",
                        f"pathway `{found.name}` needs `{parameter.name}`",
                        self.file.span(pathway_token),
                        help=f"write `with {parameter.name} = …`",
                    )
        adding_node = node.node("regimen")
        if not common["label"]:
            common["label"] = common["name"] if found is None else label_of(found.node)
        return Follow(
            **common,
            targets=targets,
            pathway=str(pathway_token),
            arguments=tuple(arguments.values()),
            adding=read_regimen(adding_node, None, self.reader) if adding_node else None,
        )

    def _argument_value(self, item: SyntaxNode, name: str, type_: Type) -> Value | None:
        literal = item.node(*LITERAL_RULES)
        if literal is not None:
            value = read_literal(literal, type_, name, self.file, self.scope)
            return None if isinstance(value, Unknown) else value
        if isinstance(type_, BooleanType):
            return True
        if not isinstance(type_, UnknownType):
            self.scope.report(
                "missing-item",
                f"`{name}` needs a value",
                self.file.span(item),
                help=f"write `{name} = …`",
            )
        return None

    def _interval(self, node: SyntaxNode) -> Interval | None:
        numbers = [parse_number(str(t)) for t in node.tokens("NUMBER")]
        low, high = numbers[0], numbers[-1]
        if low is None or high is None or high < low:
            self.scope.report(
                "invalid-range", "this interval ends below its start", self.file.span(node)
            )
            return None
        unit_node = node.node("unit")
        token = unit_node.token("UNIT", "QUOTED_UNIT") if unit_node else None
        word = str(token).strip("'") if token is not None else "cycles"
        if word in ("cycle", "cycles"):
            return Interval(low, high, None)
        unit = parse_unit(word)
        if isinstance(unit, UnitError):
            assert unit_node is not None
            self.scope.report(
                "unknown-unit",
                unit.message,
                self.file.span(unit_node),
                help=f"did you mean `{unit.suggestion}`?"
                if unit.suggestion
                else "write a unit of time or `cycles`",
            )
            return None
        return Interval(low, high, unit)


def _decision_kind(node: SyntaxNode) -> DecisionKind:
    if node.has("FIRST_MATCH"):
        return "first match"
    return "all that apply" if node.has("ALL_THAT_APPLY") else "plain"


def _stance(node: SyntaxNode) -> Stance:
    return cast(Stance, " ".join(str(node.token("RECOMMEND")).split()))
