"""Evaluating expressions: strong Kleene logic over values that may be unknown or imprecise."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal, assert_never

from pathway_compiler.datatypes.number import (
    Comparison,
    Interval,
    Number,
    add,
    compare,
    divide,
    interval,
    multiply,
    subtract,
)
from pathway_compiler.datatypes.partial_date import (
    CalendarUnit,
    PartialDate,
    compare_dates,
    duration_between,
    shift,
)
from pathway_compiler.datatypes.truth import (
    Missing,
    Reason,
    Truth,
    Unknown,
    at_least,
    at_most,
    kleene_and,
    kleene_not,
    kleene_or,
)
from pathway_compiler.engine.environment import Candidates, Environment, Records, Result
from pathway_compiler.model.expression import (
    And,
    Arithmetic,
    AtLeast,
    Bars,
    Between,
    Compare,
    Contains,
    CountWhere,
    Ever,
    Expression,
    FieldOf,
    IsA,
    IsEmpty,
    IsKnown,
    IsValue,
    Literally,
    Negative,
    Not,
    Or,
    Pick,
    Quantified,
    Reference,
    SizeOf,
    Today,
    Union,
    UnionWhere,
    UnknownLiteral,
    Variable,
    children,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import ActionType, EnumType, ListType, QuantityType, SetType
from pathway_compiler.model.vocabulary import (
    Definition,
    Element,
    Entry,
    ListValue,
    Reading,
    Scalar,
    SetValue,
    Value,
)
from pathway_compiler.patient_data.patient import Observation

__all__ = [
    "SWAPPED",
    "bars",
    "compare_with_named",
    "computed_value",
    "evaluate_condition",
    "evaluate_expression",
    "fact_value",
    "observed_value",
]

_NUMBER = (int, Fraction, Interval)


def evaluate_condition(expression: Expression, environment: Environment) -> Truth:
    """The truth of a condition for the patient."""
    result = evaluate_expression(expression, environment)
    if isinstance(result, bool | Unknown):
        return result
    raise TypeError(f"not a condition: {type(expression).__name__}")


def evaluate_expression(expression: Expression, environment: Environment) -> Result:
    """The value of an expression for the patient, or unknown with what is missing."""
    match expression:
        case Reference():
            return _reference(expression, environment)
        case IsValue():
            return _is_value(expression, environment)
        case And():
            return kleene_and(evaluate_condition(o, environment) for o in expression.operands)
        case Or():
            return kleene_or(evaluate_condition(o, environment) for o in expression.operands)
        case Not():
            return kleene_not(evaluate_condition(expression.operand, environment))
        case Compare():
            return _compare(expression, environment)
        case Literally():
            return expression.value
        case UnknownLiteral():
            return Unknown()
        case Contains():
            return _contains(expression, environment)
        case Bars():
            subject = evaluate_expression(expression.subject, environment)
            if isinstance(subject, Unknown):
                return subject
            assert isinstance(subject, SetValue)
            return bars(
                subject,
                expression.action,
                environment.guideline,
                _incomplete(expression.subject, environment),
            )
        case IsA():
            subject = evaluate_expression(expression.subject, environment)
            if isinstance(subject, Unknown):
                return subject
            assert isinstance(subject, str)
            return _is_a(subject, expression.action, expression.subject, environment)
        case IsKnown():
            return _is_known(evaluate_expression(expression.subject, environment))
        case IsEmpty():
            return _is_empty(expression, environment)
        case AtLeast():
            return _threshold(expression, environment)
        case Quantified():
            return _quantified(expression, environment)
        case CountWhere():
            return _count(expression.variable, expression.list, expression.where, environment)
        case SizeOf():
            return _size(expression, environment)
        case Pick():
            return _pick(expression, environment)
        case Variable():
            return _variable(expression, environment)
        case FieldOf():
            return _field(expression, environment)
        case Arithmetic():
            return _arithmetic(expression, environment)
        case Negative():
            operand = evaluate_expression(expression.operand, environment)
            return operand if isinstance(operand, Unknown) else subtract(0, _number(operand))
        case Between():
            start = evaluate_expression(expression.start, environment)
            end = evaluate_expression(expression.end, environment)
            if isinstance(start, Unknown) or isinstance(end, Unknown):
                return _both(start, end)
            assert isinstance(start, PartialDate) and isinstance(end, PartialDate)
            return duration_between(expression.unit, start, end, begun=expression.begun)
        case Today():
            return environment.as_of
        case Ever():
            return evaluate_expression(expression.operand, environment.at_any_time())
        case Union():
            return _union(expression, environment)
        case UnionWhere():
            found = _union_where(expression, environment)
            return found if isinstance(found, Unknown) else found[0]
        case _:
            assert_never(expression)


# --- named facts ----------------------------------------------------------------------------------------


def _reference(expression: Reference, environment: Environment) -> Result:
    match expression.kind:
        case "parameter":
            return environment.settings[expression.name]
        case "pathway_parameter":
            return environment.arguments[expression.name]
        case _:
            return fact_value(expression.name, environment)


def fact_value(name: str, environment: Environment) -> Result:
    """The value of an element, definition or reading for this patient; computed once."""
    cached = environment.cache.get(name)
    if cached is not None:
        return cached
    for earlier in _in_order(name, environment):
        environment.cache[earlier] = _fact(earlier, environment)
    return environment.cache[name]


def _in_order(name: str, environment: Environment) -> list[str]:
    """A fact after those it is worked out from, so that long chains of definitions need no deep stack."""
    order: dict[str, None] = {}
    waiting = [(name, False)]
    while waiting:
        current, opened = waiting.pop()
        if current in order or current in environment.cache:
            continue
        behind = () if opened else _worked_out_from(current, environment)
        if not behind:
            order[current] = None
            continue
        waiting.append((current, True))
        waiting.extend((earlier, False) for earlier in behind)
    return list(order)


def _worked_out_from(name: str, environment: Environment) -> list[str]:
    """The facts that the expressions of a definition, a reading or a derived element name."""
    guideline = environment.guideline
    waiting: list[Expression] = []
    if name in guideline.definitions:
        definition = guideline.definitions[name]
        if definition.expression is not None:
            waiting.append(definition.expression)
        waiting.extend(row.condition for row in definition.rows if row.condition is not None)
    elif name in guideline.readings:
        waiting.append(_chosen(guideline.readings[name], environment))
    elif (element := guideline.elements.get(name)) is not None and element.derive is not None:
        waiting.append(element.derive)
    found: dict[str, None] = {}
    while waiting:
        part = waiting.pop()
        if isinstance(part, Reference) and part.kind in ("element", "definition", "reading"):
            found[part.name] = None
        waiting.extend(children(part))
    return list(found)


def _chosen(reading: Reading, environment: Environment) -> Expression:
    chosen = reading.alternative(environment.readings.get(reading.name, "")) or reading.chosen
    return chosen.expression


def _fact(name: str, environment: Environment) -> Result:
    reading = environment.guideline.readings.get(name)
    if reading is not None:
        return evaluate_expression(_chosen(reading, environment), environment)
    computed = computed_value(name, environment)
    if isinstance(computed, Interval):
        # Data that do not fit it were refused, so that a value entered directly says more.
        observed = observed_value(name, environment)
        return computed if isinstance(observed, Unknown) else observed
    if isinstance(computed, SetValue) and not computed.complete:
        observed = observed_value(name, environment)
        if not isinstance(observed, SetValue):
            return computed
        return SetValue(observed.items | computed.items, observed.complete)
    if computed is not None and not isinstance(computed, Unknown):
        return computed
    observed = observed_value(name, environment)
    if computed is not None and isinstance(observed, Unknown):
        element = environment.guideline.elements.get(name)
        if element is None and not environment.patient.facts.get(name):
            return computed
        return Unknown(computed.because | observed.because) if element is None else observed
    return observed


def computed_value(name: str, environment: Environment) -> Result | None:
    """What a definition or a derived element works out to; None when nothing derives it."""
    definition = environment.guideline.definitions.get(name)
    if definition is not None:
        return _definition(definition, environment)
    element = environment.guideline.elements.get(name)
    if element is not None and element.derive is not None:
        return evaluate_expression(element.derive, environment)
    return None


def _definition(definition: Definition, environment: Environment) -> Result:
    if definition.expression is not None:
        return evaluate_expression(definition.expression, environment)
    return (
        _first_match(definition, environment)
        if definition.first_match
        else _plain(definition, environment)
    )


def _plain(definition: Definition, environment: Environment) -> Result:
    """The value whose row holds; rows of other values are disjoint by the author's obligation."""
    truths: list[Truth] = []
    true: dict[Scalar, None] = {}
    doubt: frozenset[Missing] = frozenset()
    open_values: dict[Scalar, None] = {}
    otherwise: Scalar | None = None
    has_otherwise = False
    for row in definition.rows:
        if row.condition is None:
            otherwise, has_otherwise = row.value, True
            continue
        truth = evaluate_condition(row.condition, environment)
        truths.append(truth)
        if truth is True:
            true[row.value] = None
        elif isinstance(truth, Unknown):
            open_values[row.value] = None
            doubt |= truth.because
    if len(true) == 1:
        return next(iter(true))
    if len(true) > 1:
        return Unknown(frozenset({Missing(definition.name, Reason.UNINTERPRETABLE)}))
    if has_otherwise:
        assert otherwise is not None
        if not open_values or set(open_values) == {otherwise}:
            return otherwise
        return Unknown(doubt)
    if open_values:
        return Unknown(doubt)
    return Unknown(frozenset({Missing(definition.name, Reason.UNINTERPRETABLE)}))


def _first_match(definition: Definition, environment: Environment) -> Result:
    doubt: frozenset[Missing] = frozenset()
    possible: dict[Scalar, None] = {}
    for row in definition.rows:
        truth = True if row.condition is None else evaluate_condition(row.condition, environment)
        if truth is False:
            continue
        possible[row.value] = None
        if truth is True:
            break
        assert isinstance(truth, Unknown)
        doubt |= truth.because
    else:
        return Unknown(doubt or frozenset({Missing(definition.name, Reason.UNINTERPRETABLE)}))
    return next(iter(possible)) if len(possible) == 1 else Unknown(doubt)


def observed_value(name: str, environment: Environment) -> Result:
    """What was recorded of a fact: the latest value that this visit may read."""
    observations = environment.patient.facts.get(name, ())
    if not observations:
        return Unknown(frozenset({Missing(name)}))
    element = environment.guideline.elements.get(name)
    lasting = element is not None and element.lasting
    since = None if lasting else environment.since
    usable: list[Observation] = []
    doubtful = False
    for observation in observations:
        recent = _is_after(observation.date, since)
        if recent is True:
            usable.append(observation)
        elif recent is None:
            doubtful = True
    if not usable:
        reason = Reason.IMPRECISE if doubtful else Reason.NOT_RECORDED
        return Unknown(frozenset({Missing(name, reason)}))
    value = _latest(usable, name, environment.as_of)
    if isinstance(value, ListValue):
        return _records(value, element, since, name, environment)
    return value


def _is_after(date: PartialDate | None, since: PartialDate | None) -> bool | None:
    if date is None or since is None:
        return True
    return compare_dates(">", date, since)


def _latest(observations: Sequence[Observation], name: str, as_of: PartialDate) -> Value | Unknown:
    """The value dated last; unknown when partial dates leave it open between different values."""
    if len(observations) == 1:
        return observations[0].value
    values = []
    for observation in observations:
        date = observation.date or as_of
        others = (o.date or as_of for o in observations if o is not observation)
        if not any(compare_dates("<", date, other) is True for other in others):
            values.append(observation.value)
    if all(value == values[0] for value in values):
        return values[0]
    return Unknown(frozenset({Missing(name, Reason.IMPRECISE)}))


def _records(
    value: ListValue,
    element: Element | None,
    since: PartialDate | None,
    name: str,
    environment: Environment,
) -> Records:
    complete: Truth = value.complete or Unknown(frozenset({Missing(name, Reason.INCOMPLETE)}))
    dated_by = None
    if element is not None and isinstance(element.type, ListType):
        record = environment.guideline.records.get(element.type.of.name)
        dated_by = record.dated_by if record else None
    items: list[tuple[Entry, Truth]] = []
    for entry in value.items:
        belongs: Truth = True
        if since is not None and dated_by is not None:
            date = entry.get(dated_by)
            after = compare_dates(">", date, since) if isinstance(date, PartialDate) else None
            belongs = (
                Unknown(frozenset({Missing(name, Reason.IMPRECISE)})) if after is None else after
            )
        if belongs is not False:
            items.append((entry, belongs))
    return Records(tuple(items), complete)


def _is_known(result: Result) -> bool:
    """Whether there is a value; of `latest` and `earliest`, whether one record is picked for certain."""
    if isinstance(result, Candidates):
        return len(result.items) == 1 and not result.absent
    return not isinstance(result, Unknown)


# --- tests ----------------------------------------------------------------------------------------------


def _named(
    expression: Expression, environment: Environment, reason: Reason = Reason.IMPRECISE
) -> Unknown:
    """Unknown because what the expression reads is not precise enough."""
    names: set[str] = set()
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Reference):
            names.add(current.name)
        elif isinstance(current, Variable) and current.name in environment.variables:
            doubt = environment.variables[current.name].doubt
            names.update(missing.element for missing in doubt.because)
        waiting.extend(children(current))
    return Unknown(frozenset(Missing(name, reason) for name in names))


def _both(left: Result, right: Result) -> Unknown:
    because: frozenset[Missing] = frozenset()
    for side in (left, right):
        if isinstance(side, Unknown):
            because |= side.because
    return Unknown(because)


def _is_value(expression: IsValue, environment: Environment) -> Truth:
    subject = evaluate_expression(expression.subject, environment)
    if isinstance(subject, Unknown):
        return subject
    type_ = expression.subject.type
    assert isinstance(subject, str) and isinstance(type_, EnumType)
    return _within(subject, expression.value, type_, expression.subject, environment)


def _within(
    value: str, wanted: str, type_: EnumType, expression: Expression, environment: Environment
) -> Truth:
    """Whether a value is the wanted one or a part of it; open when it is coarser."""
    if value == wanted or wanted in type_.ancestors(value):
        return True
    if value in type_.ancestors(wanted):
        return _named(expression, environment)
    return False


def _is_a(action: str, wanted: str, expression: Expression, environment: Environment) -> Truth:
    """Whether an action belongs to a class; open when only a wider class is known."""
    guideline = environment.guideline
    if guideline.is_a(action, wanted):
        return True
    if guideline.is_a(wanted, action) or (
        action in guideline.classes
        and wanted in guideline.classes
        and set(guideline.single_actions(action)) & set(guideline.single_actions(wanted))
    ):
        return _named(expression, environment)
    return False


def _contains(expression: Contains, environment: Environment) -> Truth:
    subject = evaluate_expression(expression.subject, environment)
    if isinstance(subject, Unknown):
        return subject
    type_ = expression.subject.type
    assert isinstance(subject, SetValue) and isinstance(type_, SetType)
    tests: list[Truth] = []
    for item in subject.items:
        if isinstance(type_.of, ActionType):
            tests.append(_is_a(str(item), expression.value, expression.subject, environment))
        elif isinstance(type_.of, EnumType):
            tests.append(
                _within(str(item), expression.value, type_.of, expression.subject, environment)
            )
        else:
            tests.append(item is (expression.value == "yes"))
    if not subject.complete:
        tests.append(_incomplete(expression.subject, environment))
    return kleene_or(tests)


def _incomplete(expression: Expression, environment: Environment) -> Unknown:
    """Unknown because of those facts in a set expression to which others may belong."""
    while isinstance(expression, Ever | Reference):
        inner = _named_only(expression, environment)
        if inner is None:
            break
        expression, environment = inner
    if isinstance(expression, Union):
        parts = [_incomplete(side, environment) for side in (expression.left, expression.right)]
        return Unknown(parts[0].because | parts[1].because)
    if isinstance(expression, UnionWhere):
        found = _union_where(expression, environment)
        return found if isinstance(found, Unknown) else found[1]
    value = evaluate_expression(expression, environment)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, SetValue) and value.complete:
        return Unknown()
    return _named(expression, environment, Reason.INCOMPLETE)


def _named_only(
    expression: Ever | Reference, environment: Environment
) -> tuple[Expression, Environment] | None:
    """What a set expression stands for; None for data, also for what was entered for a definition."""
    match expression:
        case Ever():
            return expression.operand, environment.at_any_time()
        case Reference(kind="reading"):
            return _chosen(
                environment.guideline.readings[expression.name], environment
            ), environment
        case Reference(kind="definition") if not environment.patient.facts.get(expression.name):
            inner = environment.guideline.definitions[expression.name].expression
            return None if inner is None else (inner, environment)
        case _:
            return None


def bars(subject: SetValue, action: str, guideline: Guideline, doubt: Unknown) -> Truth:
    """Whether a set of contraindicated actions and classes bars an action or a whole class.

    Contraindication rolls down: a ban on taxanes bans paclitaxel; a ban on paclitaxel is no ban on
    taxanes, unless every single taxane is banned.
    """
    singles = guideline.single_actions(action) or (action,)
    barred = all(
        any(guideline.is_a(single, str(item)) for item in subject.items) for single in singles
    )
    if barred:
        return True
    return False if subject.complete else doubt


def _is_empty(expression: IsEmpty, environment: Environment) -> Truth:
    subject = evaluate_expression(expression.subject, environment)
    match subject:
        case Unknown():
            return subject
        case SetValue():
            if subject.items:
                return False
            return True if subject.complete else _incomplete(expression.subject, environment)
        case Records():
            some = kleene_or(belongs for _, belongs in subject.items)
            return kleene_and([kleene_not(some), subject.complete]) if some is not True else False
        case _:
            raise TypeError("only sets and lists can be empty")


def _threshold(expression: AtLeast, environment: Environment) -> Truth:
    truths = [evaluate_condition(o, environment) for o in expression.operands]
    match expression.kind:
        case "at least":
            return at_least(expression.number, truths)
        case "at most":
            return at_most(expression.number, truths)
        case "exactly":
            return kleene_and(
                [at_least(expression.number, truths), at_most(expression.number, truths)]
            )


def _compare(expression: Compare, environment: Environment) -> Truth:
    left = evaluate_expression(expression.left, environment)
    right = evaluate_expression(expression.right, environment)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _both(left, right)
    decided: bool | None
    if isinstance(left, bool) and isinstance(right, bool):
        return (left is right) is (expression.operator == "=")
    if isinstance(left, PartialDate) and isinstance(right, PartialDate):
        decided = compare_dates(expression.operator, left, right)
    elif isinstance(left, str) and isinstance(right, str):
        type_ = expression.left.type
        assert isinstance(type_, EnumType)
        if isinstance(expression.right, Literally):
            decided = compare_with_named(expression.operator, left, right, type_)
        elif isinstance(expression.left, Literally):
            decided = compare_with_named(SWAPPED[expression.operator], right, left, type_)
        else:
            decided = compare(expression.operator, _position(left, type_), _position(right, type_))
    else:
        decided = compare(expression.operator, _number(left), _number(right))
    return _named(expression, environment) if decided is None else decided


def _position(value: str, type_: EnumType) -> Number | Interval:
    """Where a value stands in the order; a value with parts covers the places of its parts."""
    leaves = type_.leaves()
    places = [leaves.index(leaf) for leaf in type_.leaves(value)]
    return interval(min(places), max(places))


SWAPPED: dict[Comparison, Comparison] = {
    "=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip
"""The operator that says the same with the sides exchanged."""


def compare_with_named(
    operator: Comparison, value: str, named: str, type_: EnumType
) -> bool | None:
    """An ordered value against one that the text names; a named group is all of its parts.

    `t1c <= t1` holds as `t1c = t1` does, and `t1c < t1` does not. None where a coarse value in the
    data leaves it open.
    """
    parts = type_.leaves()
    first, *rest = type_.leaves(named)
    last = rest[-1] if rest else first
    end = last if operator in ("<=", ">") else first
    return compare(operator, _position(value, type_), parts.index(end))


def _number(value: Result) -> Number | Interval:
    if isinstance(value, bool) or not isinstance(value, _NUMBER):
        raise TypeError("not a number")
    return value


# --- lists ----------------------------------------------------------------------------------------------


def _list(expression: Expression, environment: Environment) -> Records | Unknown:
    found = evaluate_expression(expression, environment)
    if isinstance(found, Records | Unknown):
        return found
    raise TypeError("not a list")


def _matches(
    variable: str,
    records: Records,
    where: Expression | None,
    list_: Expression,
    environment: Environment,
) -> Iterable[tuple[Entry, Truth]]:
    """The records with the truth of their belonging to the list and fulfilling the condition."""
    doubt = _named(list_, environment, Reason.NOT_RECORDED)
    for entry, belongs in records.items:
        if where is None:
            yield entry, belongs
        else:
            truth = evaluate_condition(where, environment.with_variable(variable, entry, doubt))
            yield entry, kleene_and([belongs, truth])


def _quantified(expression: Quantified, environment: Environment) -> Truth:
    records = _list(expression.list, environment)
    if isinstance(records, Unknown):
        return records
    if expression.kind == "any":
        truths: list[Truth] = [
            truth
            for _, truth in _matches(
                expression.variable, records, expression.where, expression.list, environment
            )
        ]
        if records.complete is not True:
            truths.append(records.complete)
        return kleene_or(truths)
    truths = []
    for entry, belongs in records.items:
        truth: Truth = True
        if expression.where is not None:
            doubt = _named(expression.list, environment, Reason.NOT_RECORDED)
            inner = environment.with_variable(expression.variable, entry, doubt)
            truth = evaluate_condition(expression.where, inner)
        truths.append(kleene_or([kleene_not(belongs), truth]))
    if records.complete is not True and expression.where is not None:
        truths.append(records.complete)
    return kleene_and(truths)


def _count(
    variable: str, list_: Expression, where: Expression | None, environment: Environment
) -> Number | Interval | Unknown:
    records = _list(list_, environment)
    if isinstance(records, Unknown):
        return records
    truths = [truth for _, truth in _matches(variable, records, where, list_, environment)]
    low = sum(truth is True for truth in truths)
    high = sum(truth is not False for truth in truths)
    return interval(low, high if records.complete is True else None)


def _union_where(
    expression: UnionWhere, environment: Environment
) -> tuple[SetValue, Unknown] | Unknown:
    """What a field holds in the records that certainly fulfil the condition, and why others may belong."""
    records = _list(expression.list, environment)
    if isinstance(records, Unknown):
        return records
    doubt = _named(expression.list, environment, Reason.NOT_RECORDED)
    certain: set[Scalar] = set()
    perhaps: list[tuple[frozenset[Scalar], frozenset[Missing]]] = []
    because = records.complete.because if isinstance(records.complete, Unknown) else frozenset()
    complete = records.complete is True
    for entry, truth in _matches(
        expression.variable, records, expression.where, expression.list, environment
    ):
        if truth is False:
            continue
        inner = environment.with_variable(expression.variable, entry, doubt)
        value = evaluate_expression(expression.value, inner)
        if isinstance(value, Unknown):
            because, complete = because | value.because, False
            continue
        assert isinstance(value, bool | str | SetValue)
        held = value if isinstance(value, SetValue) else SetValue(frozenset({value}))
        if isinstance(truth, Unknown):
            perhaps.append((held.items, truth.because))
        else:
            certain |= held.items
        if not held.complete:
            because |= _named(expression.value, inner, Reason.INCOMPLETE).because
            complete = False
    for items, reasons in perhaps:
        if not items <= certain:
            because, complete = because | reasons, False
    return SetValue(frozenset(certain), complete), Unknown(because)


def _size(expression: SizeOf, environment: Environment) -> Number | Interval | Unknown:
    subject = evaluate_expression(expression.subject, environment)
    match subject:
        case Unknown():
            return subject
        case SetValue():
            low = len(subject.items)
            return interval(low, low if subject.complete else None)
        case Records():
            low = sum(belongs is True for _, belongs in subject.items)
            return interval(low, len(subject.items) if subject.complete is True else None)
        case _:
            raise TypeError("only sets and lists have a size")


def _pick(expression: Pick, environment: Environment) -> Candidates | Unknown:
    """The records that may be the latest (or earliest) one; unknown when others may not be recorded."""
    records = _list(expression.list, environment)
    if isinstance(records, Unknown):
        return records
    doubt = _named(expression.list, environment)
    if records.complete is not True:
        assert isinstance(records.complete, Unknown)
        return records.complete
    matching = [
        (entry, truth, entry.get(expression.by))
        for entry, truth in _matches(
            expression.variable, records, expression.where, expression.list, environment
        )
        if truth is not False
    ]
    earlier: Literal["<", ">"] = "<" if expression.kind == "latest" else ">"
    certain_dates = [
        date for _, truth, date in matching if truth is True and isinstance(date, PartialDate)
    ]
    candidates: list[Entry] = []
    for entry, truth, date in matching:
        if isinstance(truth, Unknown):
            doubt = Unknown(doubt.because | truth.because)
        beaten = isinstance(date, PartialDate) and any(
            compare_dates(earlier, date, other) is True for other in certain_dates
        )
        if not beaten:
            candidates.append(entry)
    absent = not any(truth is True for _, truth, _ in matching)
    return Candidates(tuple(candidates), absent, doubt)


def _variable(expression: Variable, environment: Environment) -> Result:
    return environment.variables[expression.name]


def _field(expression: FieldOf, environment: Environment) -> Result:
    record = evaluate_expression(expression.record, environment)
    if isinstance(record, Unknown):
        return record
    assert isinstance(record, Candidates)
    values = [item.get(expression.field) for item in record.items]
    if record.absent or not values or values[0] is None:
        return record.doubt
    if any(value != values[0] for value in values[1:]):
        return record.doubt
    return values[0]


# --- arithmetic and sets ----------------------------------------------------------------------------------


def _arithmetic(expression: Arithmetic, environment: Environment) -> Result:
    left = evaluate_expression(expression.left, environment)
    right = evaluate_expression(expression.right, environment)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _both(left, right)
    if isinstance(left, PartialDate):
        return _shifted(expression, left, right, environment)
    left_number, right_number = _number(left), _number(right)
    match expression.operator:
        case "+":
            return add(left_number, right_number)
        case "-":
            return subtract(left_number, right_number)
        case "*":
            return multiply(left_number, right_number)
        case "/":
            if isinstance(right_number, Interval):
                low, high = right_number.low, right_number.high
                if low is None or high is None:
                    return _named(expression, environment)
                quotients = [divide(left_number, low), divide(left_number, high)]
                return _hull(quotients)
            return divide(left_number, right_number)


def _hull(values: list[Number | Interval]) -> Number | Interval:
    lows = [v.low if isinstance(v, Interval) else v for v in values]
    highs = [v.high if isinstance(v, Interval) else v for v in values]
    low = None if None in lows else min(n for n in lows if n is not None)
    high = None if None in highs else max(n for n in highs if n is not None)
    return interval(low, high)


_CALENDAR: dict[str, CalendarUnit] = {"a": "years", "mo": "months", "wk": "weeks", "d": "days"}


def _shifted(
    expression: Arithmetic, date: PartialDate, amount: Result, environment: Environment
) -> Result:
    type_ = expression.right.type
    assert isinstance(type_, QuantityType) and isinstance(amount, int)
    signed = amount if expression.operator == "+" else -amount
    moved = shift(date, signed, _CALENDAR[type_.unit.code])
    return _named(expression, environment) if moved is None else moved


def _union(expression: Union, environment: Environment) -> Result:
    """Two sets in one; when only one is known, its members are known to belong, and others may."""
    left = evaluate_expression(expression.left, environment)
    right = evaluate_expression(expression.right, environment)
    if isinstance(left, Unknown) and isinstance(right, Unknown):
        return _both(left, right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        known = right if isinstance(left, Unknown) else left
        assert isinstance(known, SetValue)
        return SetValue(known.items, False)
    assert isinstance(left, SetValue) and isinstance(right, SetValue)
    return SetValue(left.items | right.items, left.complete and right.complete)
