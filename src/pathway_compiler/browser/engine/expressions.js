"use strict";
/**
 * Evaluating expressions: strong Kleene logic over values that may be unknown or imprecise;
 * `engine/expressions.py` in JavaScript. What is not needed for an answer is not looked at.
 */
(function (engine) {
  const { Interval, Rational, ZERO, whole } = engine.numbers;
  const { add, compare, divide, interval, multiply, order, subtract } = engine.numbers;
  const { PartialDate, compareDates, durationBetween, shift } = engine.dates;
  const { REASON, Unknown, and, atLeast, atMost, both, missing, not, or, unknownBecause } = engine.truth;
  const { Candidates, ListValue, Records, SetValue, sameValue, setOf } = engine.values;
  const { children, isA, singleActions } = engine.guideline;

  /**
   * The truth of a condition for the patient.
   * @param {object} expression
   * @param {Environment} environment
   * @returns {Truth}
   */
  function evaluateCondition(expression, environment) {
    const result = evaluate(expression, environment);
    if (typeof result === "boolean" || result instanceof Unknown) return result;
    throw new TypeError(`not a condition: ${expression.op}`);
  }

  function* conditions(operands, environment) {
    for (const operand of operands) yield evaluateCondition(operand, environment);
  }

  /** How each kind of expression is evaluated, by its `op`. */
  const EVALUATED = {
    value: (expression) => expression.value,
    unknown: () => new Unknown(),
    fact: (expression, environment) => factValue(expression.name, environment),
    parameter: (expression, environment) => environment.settings.get(expression.name),
    argument: (expression, environment) => environment.told.get(expression.name),
    variable: (expression, environment) => environment.variables.get(expression.name),
    field: evaluateField,
    not: (expression, environment) => not(evaluateCondition(expression.operand, environment)),
    and: (expression, environment) => and(conditions(expression.operands, environment)),
    or: (expression, environment) => or(conditions(expression.operands, environment)),
    "at least": (expression, environment) => threshold(expression, environment),
    "at most": (expression, environment) => threshold(expression, environment),
    exactly: (expression, environment) => threshold(expression, environment),
    compare: evaluateComparison,
    is: evaluateIs,
    "is a": evaluateIsA,
    "is known": (expression, environment) => isKnown(evaluate(expression.subject, environment)),
    "is empty": evaluateIsEmpty,
    contains: evaluateContains,
    bars: evaluateBars,
    any: evaluateAny,
    every: evaluateEvery,
    "number of": evaluateCount,
    size: evaluateSize,
    latest: evaluatePick,
    earliest: evaluatePick,
    arithmetic: evaluateArithmetic,
    negative: (expression, environment) => {
      const operand = evaluate(expression.operand, environment);
      return operand instanceof Unknown ? operand : subtract(ZERO, asNumber(operand));
    },
    between: evaluateBetween,
    today: (_, environment) => environment.asOf,
    ever: (expression, environment) => evaluate(expression.operand, environment.atAnyTime()),
    union: evaluateUnion,
    "union of": (expression, environment) => {
      const found = collected(expression, environment);
      return found instanceof Unknown ? found : found.set;
    },
  };

  /**
   * The value of an expression for the patient, or unknown with what is missing.
   * @param {object} expression
   * @param {Environment} environment
   * @returns {Result}
   */
  function evaluate(expression, environment) {
    return EVALUATED[expression.op](expression, environment);
  }

  // --- named facts -------------------------------------------------------------------------------------

  /**
   * The value of an element, definition or reading for this patient; computed once.
   * @param {string} name
   * @param {Environment} environment
   * @returns {Result}
   */
  function factValue(name, environment) {
    const { cache } = environment;
    if (!cache.has(name)) {
      for (const earlier of inOrder(name, environment)) cache.set(earlier, workedOut(earlier, environment));
    }
    return cache.get(name);
  }

  /** A fact after those it is worked out from, so that long chains of definitions need no deep stack. */
  function inOrder(name, environment) {
    const found = new Set();
    const waiting = [[name, false]];
    while (waiting.length > 0) {
      const [current, opened] = waiting.pop();
      if (found.has(current) || environment.cache.has(current)) continue;
      const behind = opened ? [] : workedOutFrom(current, environment);
      if (behind.length === 0) {
        found.add(current);
        continue;
      }
      waiting.push([current, true], ...behind.map((earlier) => [earlier, false]));
    }
    return found;
  }

  /** The facts that the expressions of a definition, a reading or a derived element name. */
  function workedOutFrom(name, environment) {
    const waiting = expressionsOf(name, environment);
    const found = new Set();
    while (waiting.length > 0) {
      const part = waiting.pop();
      if (part.op === "fact") found.add(part.name);
      waiting.push(...children(part));
    }
    return [...found];
  }

  function expressionsOf(name, { guideline, readings }) {
    const definition = guideline.definitions.get(name);
    if (definition !== undefined) {
      const rows = definition.rows.filter((row) => row.if !== null).map((row) => row.if);
      return definition.expression === null ? rows : [definition.expression, ...rows];
    }
    const reading = guideline.readings.get(name);
    if (reading !== undefined) return [chosenAlternative(reading, readings).expression];
    const derive = guideline.elements.get(name)?.derive ?? null;
    return derive === null ? [] : [derive];
  }

  /** The alternative by which an ambiguous sentence is read. */
  function chosenAlternative(reading, readings) {
    return reading.alternatives.get(readings.get(reading.name)) ?? reading.alternatives.get(reading.chosen);
  }

  function workedOut(name, environment) {
    const { guideline, patient, readings } = environment;
    const reading = guideline.readings.get(name);
    if (reading !== undefined) {
      return evaluate(chosenAlternative(reading, readings).expression, environment);
    }
    const computed = computedValue(name, environment);
    if (computed instanceof Interval) {
      // Data that do not fit it were refused, so that a value entered directly says more.
      const observed = observedValue(name, environment);
      return observed instanceof Unknown ? computed : observed;
    }
    if (computed instanceof SetValue && !computed.complete) {
      const observed = observedValue(name, environment);
      if (!(observed instanceof SetValue)) return computed;
      return setOf([...observed.items, ...computed.items], observed.complete);
    }
    if (computed !== null && !(computed instanceof Unknown)) return computed;
    const observed = observedValue(name, environment);
    if (computed !== null && observed instanceof Unknown) {
      const isElement = guideline.elements.has(name);
      if (!isElement && !patient.facts.has(name)) return computed;
      return isElement ? observed : both(computed, observed);
    }
    return observed;
  }

  /** What a definition or a derived element works out to; null when nothing derives it. */
  function computedValue(name, environment) {
    const definition = environment.guideline.definitions.get(name);
    if (definition !== undefined) {
      if (definition.expression !== null) return evaluate(definition.expression, environment);
      return definition.first_match ? firstMatch(definition, environment) : plainRows(definition, environment);
    }
    const derive = environment.guideline.elements.get(name)?.derive ?? null;
    return derive === null ? null : evaluate(derive, environment);
  }

  /** The value whose row holds; rows of other values are disjoint by the author's obligation. */
  function plainRows(definition, environment) {
    const holding = [];
    const open = [];
    const doubts = [];
    let otherwise = null;
    for (const row of definition.rows) {
      if (row.if === null) {
        otherwise = row.value;
        continue;
      }
      const truth = evaluateCondition(row.if, environment);
      if (truth === true) holding.push(row.value);
      else if (truth instanceof Unknown) {
        open.push(row.value);
        doubts.push(truth);
      }
    }
    const holds = setOf(holding).items;
    if (holds.length === 1) return holds[0];
    if (holds.length > 1) return missing(definition.name, REASON.UNINTERPRETABLE);
    if (otherwise !== null) {
      return open.every((value) => sameValue(value, otherwise)) ? otherwise : both(...doubts);
    }
    return open.length > 0 ? both(...doubts) : missing(definition.name, REASON.UNINTERPRETABLE);
  }

  function firstMatch(definition, environment) {
    const possible = [];
    const doubts = [];
    let settled = false;
    for (const row of definition.rows) {
      const truth = row.if === null ? true : evaluateCondition(row.if, environment);
      if (truth === false) continue;
      possible.push(row.value);
      settled = truth === true;
      if (settled) break;
      doubts.push(truth);
    }
    const doubt = both(...doubts);
    if (!settled) {
      return doubt.because.size > 0 ? doubt : missing(definition.name, REASON.UNINTERPRETABLE);
    }
    const values = setOf(possible).items;
    return values.length === 1 ? values[0] : doubt;
  }

  /** What was recorded of a fact: the latest value that this visit may read. */
  function observedValue(name, environment) {
    const { guideline, patient } = environment;
    const observations = patient.facts.get(name) ?? [];
    if (observations.length === 0) return missing(name);
    const element = guideline.elements.get(name);
    const since = element?.lasting ? null : environment.since;
    const recent = observations.map(({ date }) => isAfter(date, since));
    const usable = observations.filter((_, place) => recent[place] === true);
    if (usable.length === 0) {
      return missing(name, recent.includes(null) ? REASON.IMPRECISE : REASON.NOT_RECORDED);
    }
    const value = latestValue(usable, name, environment.asOf);
    return value instanceof ListValue ? recordsOf(value, element, since, name, guideline) : value;
  }

  function isAfter(date, since) {
    return date === null || since === null ? true : compareDates(">", date, since);
  }

  /** The value dated last; unknown when partial dates leave it open between different values. */
  function latestValue(observations, name, asOf) {
    if (observations.length === 1) return observations[0].value;
    const values = observations
      .filter((observation) => {
        const date = observation.date ?? asOf;
        return !observations.some(
          (other) => other !== observation && compareDates("<", date, other.date ?? asOf) === true,
        );
      })
      .map(({ value }) => value);
    if (values.every((value) => sameValue(value, values[0]))) return values[0];
    return missing(name, REASON.IMPRECISE);
  }

  function recordsOf(value, element, since, name, guideline) {
    const complete = value.complete || missing(name, REASON.INCOMPLETE);
    const isList = element?.type.is === "list";
    const datedBy = (isList && guideline.records.get(element.type.record)?.dated_by) || null;
    const items = [];
    for (const entry of value.items) {
      let belongs = true;
      if (since !== null && datedBy !== null) {
        const date = entry.fields.get(datedBy);
        const after = date instanceof PartialDate ? compareDates(">", date, since) : null;
        belongs = after ?? missing(name, REASON.IMPRECISE);
      }
      if (belongs !== false) items.push([entry, belongs]);
    }
    return new Records(items, complete);
  }

  // --- tests -------------------------------------------------------------------------------------------

  /** Whether there is a value; of `latest` and `earliest`, whether one record is picked for certain. */
  function isKnown(result) {
    if (result instanceof Candidates) return result.items.length === 1 && !result.absent;
    return !(result instanceof Unknown);
  }

  const NAMES_A_FACT = new Set(["fact", "parameter", "argument"]);

  /** Unknown because what the expression reads is not precise enough. */
  function named(expression, environment, reason = REASON.IMPRECISE) {
    const names = new Set();
    const waiting = [expression];
    while (waiting.length > 0) {
      const current = waiting.pop();
      if (NAMES_A_FACT.has(current.op)) names.add(current.name);
      else if (current.op === "variable") {
        const { because } = environment.variables.get(current.name)?.doubt ?? new Unknown();
        for (const { element } of because.values()) names.add(element);
      }
      waiting.push(...children(current));
    }
    return unknownBecause([...names].map((element) => ({ element, reason })));
  }

  function evaluateIs(expression, environment) {
    const subject = evaluate(expression.subject, environment);
    if (subject instanceof Unknown) return subject;
    return within(subject, expression.value, expression.enum, expression.subject, environment);
  }

  /** Whether a value is the wanted one or a part of it; open when it is coarser. */
  function within(value, wanted, list, expression, environment) {
    if (value === wanted || (list.above.get(value)?.has(wanted) ?? false)) return true;
    if (list.above.get(wanted)?.has(value) ?? false) return named(expression, environment);
    return false;
  }

  function evaluateIsA(expression, environment) {
    const subject = evaluate(expression.subject, environment);
    if (subject instanceof Unknown) return subject;
    return belongs(subject, expression.action, expression.subject, environment);
  }

  /** Whether an action belongs to a class; open when only a wider class is known. */
  function belongs(action, wanted, expression, environment) {
    const { guideline } = environment;
    if (isA(guideline, action, wanted)) return true;
    if (isA(guideline, wanted, action)) return named(expression, environment);
    const classes = guideline.classes.has(action) && guideline.classes.has(wanted);
    const singles = new Set(classes ? singleActions(guideline, wanted) : []);
    const shared = classes && singleActions(guideline, action).some((single) => singles.has(single));
    return shared ? named(expression, environment) : false;
  }

  function evaluateContains(expression, environment) {
    const subject = evaluate(expression.subject, environment);
    if (subject instanceof Unknown) return subject;
    const tests = subject.items.map((item) => {
      if (expression.of === "action") return belongs(item, expression.value, expression.subject, environment);
      if (expression.of === "enum") {
        return within(item, expression.value, expression.enum, expression.subject, environment);
      }
      return item === (expression.value === "yes");
    });
    if (!subject.complete) tests.push(incomplete(expression.subject, environment));
    return or(tests);
  }

  /** Unknown because of those facts in a set expression to which others may belong. */
  function incomplete(expression, environment) {
    const inner = standsFor(expression, environment);
    if (inner !== null) return incomplete(...inner);
    if (expression.op === "union") {
      return both(incomplete(expression.left, environment), incomplete(expression.right, environment));
    }
    if (expression.op === "union of") {
      const found = collected(expression, environment);
      return found instanceof Unknown ? found : found.doubt;
    }
    const value = evaluate(expression, environment);
    if (value instanceof Unknown) return value;
    if (value instanceof SetValue && value.complete) return new Unknown();
    return named(expression, environment, REASON.INCOMPLETE);
  }

  /** What a set expression stands for; null for data, also for what was entered for a definition. */
  function standsFor(expression, environment) {
    const { guideline, patient, readings } = environment;
    if (expression.op === "ever") return [expression.operand, environment.atAnyTime()];
    if (expression.op !== "fact") return null;
    const reading = guideline.readings.get(expression.name);
    if (reading !== undefined) return [chosenAlternative(reading, readings).expression, environment];
    const own = guideline.definitions.get(expression.name)?.expression ?? null;
    return own === null || patient.facts.has(expression.name) ? null : [own, environment];
  }

  function evaluateBars(expression, environment) {
    const subject = evaluate(expression.subject, environment);
    if (subject instanceof Unknown) return subject;
    const doubt = incomplete(expression.subject, environment);
    return bars(subject, expression.action, environment.guideline, doubt);
  }

  /**
   * Whether a set of contraindicated actions and classes bars an action or a whole class: a ban on a class
   * bans its members; a ban on one member is no ban on the class, unless every single member is banned.
   * @param {SetValue} subject
   * @param {string} action
   * @param {Guideline} guideline
   * @param {Unknown} doubt
   * @returns {Truth}
   */
  function bars(subject, action, guideline, doubt) {
    const members = singleActions(guideline, action);
    const singles = members.length > 0 ? members : [action];
    const barred = singles.every((single) => subject.items.some((item) => isA(guideline, single, item)));
    if (barred) return true;
    return subject.complete ? false : doubt;
  }

  function evaluateIsEmpty(expression, environment) {
    const subject = evaluate(expression.subject, environment);
    if (subject instanceof Unknown) return subject;
    if (subject instanceof SetValue) {
      if (subject.items.length > 0) return false;
      return subject.complete ? true : incomplete(expression.subject, environment);
    }
    const some = or(subject.items.map(([, truth]) => truth));
    return some === true ? false : and([not(some), subject.complete]);
  }

  function threshold(expression, environment) {
    const truths = [...conditions(expression.operands, environment)];
    const { number } = expression;
    if (expression.op === "at least") return atLeast(number, truths);
    if (expression.op === "at most") return atMost(number, truths);
    return and([atLeast(number, truths), atMost(number, truths)]);
  }

  // --- comparisons -------------------------------------------------------------------------------------

  /** The operator that says the same with the sides exchanged. */
  const SWAPPED = { "=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

  function evaluateComparison(expression, environment) {
    const left = evaluate(expression.left, environment);
    const right = evaluate(expression.right, environment);
    if (left instanceof Unknown || right instanceof Unknown) return both(left, right);
    if (typeof left === "boolean" && typeof right === "boolean") {
      return (left === right) === (expression.operator === "=");
    }
    const decided = decide(expression, left, right);
    return decided === null ? named(expression, environment) : decided;
  }

  function decide(expression, left, right) {
    const { operator } = expression;
    if (left instanceof PartialDate && right instanceof PartialDate) return compareDates(operator, left, right);
    if (typeof left === "string" && typeof right === "string") {
      const list = expression.enum;
      if (expression.right.op === "value") return compareWithNamed(operator, left, right, list);
      if (expression.left.op === "value") return compareWithNamed(SWAPPED[operator], right, left, list);
      return compare(operator, position(left, list), position(right, list));
    }
    return compare(operator, asNumber(left), asNumber(right));
  }

  /** Where a value stands in the order; a value with parts covers the places of its parts. */
  function position(value, list) {
    const places = list.leavesWithin(value).map((leaf) => list.leaves.indexOf(leaf));
    return interval(whole(Math.min(...places)), whole(Math.max(...places)));
  }

  /** An ordered value against one that the text names; a named group is all of its parts. */
  function compareWithNamed(operator, value, namedValue, list) {
    const leaves = list.leavesWithin(namedValue);
    const end = operator === "<=" || operator === ">" ? leaves[leaves.length - 1] : leaves[0];
    return compare(operator, position(value, list), whole(list.leaves.indexOf(end)));
  }

  function asNumber(value) {
    if (value instanceof Rational || value instanceof Interval) return value;
    throw new TypeError("not a number");
  }

  // --- lists -------------------------------------------------------------------------------------------

  function asList(expression, environment) {
    const found = evaluate(expression, environment);
    if (found instanceof Records || found instanceof Unknown) return found;
    throw new TypeError("not a list");
  }

  /** The truth of the condition of a loop for one record. */
  function holdsOf(expression, entry, environment) {
    if (expression.where === undefined) return true;
    const doubt = named(expression.list, environment, REASON.NOT_RECORDED);
    return evaluateCondition(expression.where, environment.withVariable(expression.variable, entry, doubt));
  }

  /** The records with the truth of their belonging to the list and fulfilling the condition. */
  function matching(expression, records, environment) {
    return records.items.map(([entry, belongsTo]) => {
      if (expression.where === undefined) return [entry, belongsTo];
      return [entry, and([belongsTo, holdsOf(expression, entry, environment)])];
    });
  }

  function evaluateAny(expression, environment) {
    const records = asList(expression.list, environment);
    if (records instanceof Unknown) return records;
    const truths = matching(expression, records, environment).map(([, truth]) => truth);
    return or(records.complete === true ? truths : [...truths, records.complete]);
  }

  function evaluateEvery(expression, environment) {
    const records = asList(expression.list, environment);
    if (records instanceof Unknown) return records;
    const truths = records.items.map(([entry, belongsTo]) =>
      or([not(belongsTo), holdsOf(expression, entry, environment)]),
    );
    if (records.complete !== true && expression.where !== undefined) truths.push(records.complete);
    return and(truths);
  }

  function evaluateCount(expression, environment) {
    const records = asList(expression.list, environment);
    if (records instanceof Unknown) return records;
    const truths = matching(expression, records, environment).map(([, truth]) => truth);
    const low = truths.filter((truth) => truth === true).length;
    const high = truths.filter((truth) => truth !== false).length;
    return interval(whole(low), records.complete === true ? whole(high) : null);
  }

  /**
   * What a field holds in the records that certainly fulfil the condition, and why others may belong.
   * @returns {{set: SetValue, doubt: Unknown}|Unknown}
   */
  function collected(expression, environment) {
    const records = asList(expression.list, environment);
    if (records instanceof Unknown) return records;
    const doubt = named(expression.list, environment, REASON.NOT_RECORDED);
    const doubts = records.complete === true ? [] : [records.complete];
    const certain = [];
    const perhaps = [];
    for (const [entry, truth] of matching(expression, records, environment)) {
      if (truth === false) continue;
      const inner = environment.withVariable(expression.variable, entry, doubt);
      const value = evaluate(expression.item, inner);
      if (value instanceof Unknown) {
        doubts.push(value);
        continue;
      }
      const held = value instanceof SetValue ? value : new SetValue([value]);
      if (truth === true) certain.push(...held.items);
      else perhaps.push([held.items, truth]);
      if (!held.complete) doubts.push(named(expression.item, inner, REASON.INCOMPLETE));
    }
    const { items } = setOf(certain);
    for (const [held, truth] of perhaps) {
      if (!held.every((item) => items.some((known) => sameValue(known, item)))) doubts.push(truth);
    }
    return { set: new SetValue(items, doubts.length === 0), doubt: both(...doubts) };
  }

  function evaluateSize(expression, environment) {
    const subject = evaluate(expression.subject, environment);
    if (subject instanceof Unknown) return subject;
    const all = whole(subject.items.length);
    if (subject instanceof SetValue) return interval(all, subject.complete ? all : null);
    const low = subject.items.filter(([, truth]) => truth === true).length;
    return interval(whole(low), subject.complete === true ? all : null);
  }

  /** The records that may be the latest (or earliest) one; unknown when others may not be recorded. */
  function evaluatePick(expression, environment) {
    const records = asList(expression.list, environment);
    if (records instanceof Unknown) return records;
    if (records.complete !== true) return records.complete;
    const found = matching(expression, records, environment).filter(([, truth]) => truth !== false);
    const dateOf = (entry) => entry.fields.get(expression.by);
    const earlier = expression.op === "latest" ? "<" : ">";
    const certain = found
      .filter(([entry, truth]) => truth === true && dateOf(entry) instanceof PartialDate)
      .map(([entry]) => dateOf(entry));
    const candidates = found
      .map(([entry]) => entry)
      .filter((entry) => {
        const date = dateOf(entry);
        return !(
          date instanceof PartialDate && certain.some((other) => compareDates(earlier, date, other) === true)
        );
      });
    const doubt = both(named(expression.list, environment), ...found.map(([, truth]) => truth));
    return new Candidates(candidates, !found.some(([, truth]) => truth === true), doubt);
  }

  function evaluateField(expression, environment) {
    const record = evaluate(expression.record, environment);
    if (record instanceof Unknown) return record;
    const values = record.items.map((entry) => entry.fields.get(expression.field));
    if (record.absent || values.length === 0 || values[0] === undefined) return record.doubt;
    return values.every((value) => sameValue(value, values[0])) ? values[0] : record.doubt;
  }

  // --- arithmetic, dates and sets ------------------------------------------------------------------------

  function evaluateArithmetic(expression, environment) {
    const left = evaluate(expression.left, environment);
    const right = evaluate(expression.right, environment);
    if (left instanceof Unknown || right instanceof Unknown) return both(left, right);
    if (left instanceof PartialDate) return shifted(expression, left, right, environment);
    const [a, b] = [asNumber(left), asNumber(right)];
    switch (expression.operator) {
      case "+":
        return add(a, b);
      case "-":
        return subtract(a, b);
      case "*":
        return multiply(a, b);
      default:
        return b instanceof Interval ? dividedByInterval(expression, a, b, environment) : divide(a, b);
    }
  }

  function dividedByInterval(expression, a, { low, high }, environment) {
    if (low === null || high === null) return named(expression, environment);
    const quotients = [divide(a, low), divide(a, high)];
    const bound = (side, better) =>
      quotients
        .map((quotient) => (quotient instanceof Interval ? quotient[side] : quotient))
        .reduce((x, y) => (x === null || y === null ? null : better(order(x, y)) ? x : y));
    return interval(
      bound("low", (difference) => difference <= 0),
      bound("high", (difference) => difference >= 0),
    );
  }

  function shifted(expression, date, amount, environment) {
    const sign = expression.operator === "+" ? 1 : -1;
    const moved = shift(date, sign * Number(amount.numerator), expression.unit);
    return moved === null ? named(expression, environment) : moved;
  }

  function evaluateBetween(expression, environment) {
    const start = evaluate(expression.start, environment);
    const end = evaluate(expression.end, environment);
    if (start instanceof Unknown || end instanceof Unknown) return both(start, end);
    return durationBetween(expression.unit, start, end, expression.begun === true);
  }

  /** Two sets in one; when only one is known, its members are known to belong, and others may. */
  function evaluateUnion(expression, environment) {
    const left = evaluate(expression.left, environment);
    const right = evaluate(expression.right, environment);
    if (left instanceof Unknown && right instanceof Unknown) return both(left, right);
    if (left instanceof Unknown || right instanceof Unknown) {
      return new SetValue((left instanceof Unknown ? right : left).items, false);
    }
    return setOf([...left.items, ...right.items], left.complete && right.complete);
  }

  // --- the facts behind conditions -----------------------------------------------------------------------

  /**
   * The facts that expressions name, in the order of the text, each with its value as it is printed.
   * @param {object[]} expressions
   * @param {Environment} environment
   * @returns {[string, Value|Unknown][]}
   */
  function factsBehind(expressions, environment) {
    const names = new Set();
    const collect = (expression) => {
      if (expression.op === "fact") names.add(expression.name);
      children(expression).forEach(collect);
    };
    expressions.forEach(collect);
    return valuesOf(names, environment);
  }

  /** Named facts with their values. */
  function valuesOf(names, environment) {
    return [...names].map((name) => [name, engine.values.shown(factValue(name, environment))]);
  }

  engine.expressions = Object.freeze({
    bars,
    chosenAlternative,
    computedValue,
    evaluateCondition,
    expressionsOf,
    factValue,
    factsBehind,
    observedValue,
    valuesOf,
  });
})((globalThis.PathwayEngine ??= {}));
