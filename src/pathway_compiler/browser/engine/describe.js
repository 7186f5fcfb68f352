"use strict";
/**
 * Values and types in a reader's words. Conditions are not described here: the document brings their words.
 */
(function (engine) {
  const { Rational, formatNumber, sameNumber, whole } = engine.numbers;
  const { PartialDate } = engine.dates;
  const { Unknown } = engine.truth;
  const { SetValue } = engine.values;
  const { actionLabel, declared } = engine.guideline;
  const { capitalised, compareText, say, sayAs } = engine.text;
  const { displayOfUnit } = engine.units;

  const ONE = whole(1);
  /** What is said of one of a calendar unit, and of several. */
  const COUNTED = new Map([
    ["years", ["%(amount)s year", "%(amount)s years"]],
    ["months", ["%(amount)s month", "%(amount)s months"]],
    ["weeks", ["%(amount)s week", "%(amount)s weeks"]],
    ["days", ["%(amount)s day", "%(amount)s days"]],
    ["hours", ["%(amount)s hour", "%(amount)s hours"]],
    ["minutes", ["%(amount)s minute", "%(amount)s minutes"]],
  ]);
  const NUMERIC = new Set(["count", "number", "quantity"]);

  /** A number with its unit: `24 months`, `1 month`, `3 cm`. @param {Rational} number @param {?string} unit */
  function describeNumber(number, unit = null) {
    const amount = formatNumber(number);
    if (unit === null) return amount;
    const counted = COUNTED.get(displayOfUnit(unit));
    if (counted === undefined) return `${amount} ${displayOfUnit(unit)}`;
    return say(counted[sameNumber(number, ONE) ? 0 : 1], { amount });
  }

  /** A value with the labels of its type. @param {Value|Unknown} value @param {?object} type */
  function describeValue(value, type, guideline) {
    if (value instanceof Unknown) return sayAs("value", "unknown");
    if (typeof value === "boolean") return value ? sayAs("value", "yes") : sayAs("value", "no");
    if (value instanceof Rational) {
      return describeNumber(value, type?.is === "quantity" ? type.unit : null);
    }
    if (value instanceof PartialDate) return String(value);
    if (typeof value === "string") {
      if (type?.is === "enum") return type.enum.values.get(value)?.label ?? value;
      if (NUMERIC.has(type?.is)) return betweenLimits(value);
      return actionLabel(guideline, value);
    }
    const more = value.complete ? [] : [say("perhaps others")];
    if (value instanceof SetValue) {
      const inner = type?.is === "set" ? type.of : null;
      const names = value.items.map((item) => describeValue(item, inner, guideline)).sort(compareText);
      return [...names, ...more].join(", ") || sayAs("values", "none");
    }
    const fields = type?.is === "list" ? guideline.records.get(type.record)?.fields : undefined;
    const entries = value.items.map((entry) =>
      [...entry.fields]
        .map(([name, item]) => describeValue(item, fields?.get(name)?.type ?? null, guideline))
        .join(", "),
    );
    return [...entries, ...more].join("; ") || sayAs("values", "none");
  }

  /** A number known within limits, such as `3 to 5`. */
  function betweenLimits(text) {
    const [low, high = ""] = text.split(" to ");
    return say("%(low)s to %(high)s", { low, high });
  }

  /** A fact as one would say it: `HER2 status: Positive`. */
  function describeFact(name, value, guideline) {
    return `${factLabel(guideline, name)}: ${describeValue(value, factType(guideline, name), guideline)}`;
  }

  /** The label of an element, definition, reading or parameter. */
  function factLabel(guideline, name) {
    return declared(guideline, name)?.label ?? capitalised(name.replaceAll("_", " "));
  }

  function factType(guideline, name) {
    return declared(guideline, name)?.type ?? null;
  }

  /** The type as an author would write it. */
  function describeType(type) {
    switch (type.is) {
      case "enum":
        return type.enum.declared ?? `one of ${[...type.enum.values.keys()].join(" | ")}`;
      case "count":
      case "number":
        return type.is + rangeOf(type);
      case "quantity":
        return `quantity in ${displayOfUnit(type.unit)}${rangeOf(type)}`;
      case "action":
        return type.kind;
      case "set":
        return `set of ${describeType(type.of)}`;
      case "list":
        return `list of ${type.record}`;
      case "record":
        return type.record;
      default:
        return type.is;
    }
  }

  function rangeOf({ low, high }) {
    if (low === undefined || high === undefined) return "";
    return ` from ${formatNumber(low)} to ${formatNumber(high)}`;
  }

  /** A regimen and what is added to it, as one. */
  function together(first, second) {
    const words = `${first.within} + ${second.within}`;
    return {
      kind: "all of",
      parts: [first, second],
      condition: null,
      text: capitalised(words),
      within: `(${words})`,
    };
  }

  engine.describe = Object.freeze({
    describeFact,
    describeNumber,
    describeType,
    describeValue,
    factLabel,
    factType,
    together,
  });
})((globalThis.PathwayEngine ??= {}));
