"use strict";
/**
 * Values of facts: yes or no, names, exact numbers, dates, sets and lists that may be incomplete.
 *
 * A yes or no is a boolean and a name a string; all else is an instance of a class.
 */
(function (engine) {
  const { Interval, Rational, formatNumber, fromDocument, sameNumber, toPlain } = engine.numbers;
  const { PartialDate, parseDate, sameDate } = engine.dates;
  const { Unknown, unknownBecause } = engine.truth;
  const { compareText } = engine.text;

  /** @typedef {boolean|string|Rational|PartialDate} Scalar */
  /** @typedef {Scalar|SetValue|ListValue} Value */

  /** The values of a set; when it is not complete, others may belong to it that nobody recorded. */
  class SetValue {
    /** @param {Scalar[]} items each once @param {boolean} complete */
    constructor(items, complete = true) {
      /** @readonly */ this.items = items;
      /** @readonly */ this.complete = complete;
      Object.freeze(this);
    }
  }

  /** One record of a list: the fields that are known or said to be unknown, by name. */
  class Entry {
    /** @param {Map<string, Scalar|SetValue|Unknown>} fields */
    constructor(fields) {
      /** @readonly */ this.fields = fields;
      Object.freeze(this);
    }
  }

  /** The records of a list; when it is not complete, there may be others. */
  class ListValue {
    /** @param {Entry[]} items @param {boolean} complete */
    constructor(items, complete = true) {
      /** @readonly */ this.items = items;
      /** @readonly */ this.complete = complete;
      Object.freeze(this);
    }
  }

  /** The records of a list as one visit sees them, each with the truth of its belonging there. */
  class Records {
    /** @param {[Entry, Truth][]} items @param {Truth} complete */
    constructor(items, complete) {
      /** @readonly */ this.items = items;
      /** @readonly */ this.complete = complete;
      Object.freeze(this);
    }
  }

  /** The records that `latest` or `earliest` may stand for; `absent` when there may be none. */
  class Candidates {
    /** @param {Entry[]} items @param {boolean} absent @param {Unknown} doubt */
    constructor(items, absent, doubt) {
      /** @readonly */ this.items = items;
      /** @readonly */ this.absent = absent;
      /** @readonly */ this.doubt = doubt;
      Object.freeze(this);
    }
  }

  /** @typedef {Value|Interval|Records|Candidates|Unknown} Result */

  /** A set of names and scalars, each once. @param {Iterable<Scalar>} items @param {boolean} complete */
  function setOf(items, complete = true) {
    const found = [];
    for (const item of items) if (!found.some((known) => sameValue(known, item))) found.push(item);
    return new SetValue(found, complete);
  }

  /** Whether two values are written the same. @param {?Result} left @param {?Result} right */
  function sameValue(left, right) {
    if (left === right) return true;
    if (left instanceof Rational) return right instanceof Rational && sameNumber(left, right);
    if (left instanceof PartialDate) return right instanceof PartialDate && sameDate(left, right);
    if (left instanceof SetValue) {
      return right instanceof SetValue && left.complete === right.complete && sameItems(left, right);
    }
    if (left instanceof ListValue) {
      return (
        right instanceof ListValue &&
        left.complete === right.complete &&
        left.items.length === right.items.length &&
        left.items.every((entry, at) => sameEntry(entry, right.items[at]))
      );
    }
    if (left instanceof Unknown) return right instanceof Unknown && sameKeys(left.because, right.because);
    return false;
  }

  function sameItems(left, right) {
    return (
      left.items.length === right.items.length &&
      left.items.every((item) => right.items.some((other) => sameValue(item, other)))
    );
  }

  function sameKeys(left, right) {
    return left.size === right.size && [...left.keys()].every((key) => right.has(key));
  }

  function sameEntry(left, right) {
    return (
      sameKeys(left.fields, right.fields) &&
      [...left.fields].every(([name, value]) => sameValue(value, right.fields.get(name)))
    );
  }

  /**
   * A value of the document.
   * @returns {Value|Unknown}
   */
  function valueFromDocument(written) {
    if (typeof written !== "object") return written;
    if ("number" in written) return fromDocument(written.number);
    if ("date" in written) return parseDate(written.date);
    if ("set" in written) return new SetValue(written.set.map(valueFromDocument), written.complete);
    if ("list" in written) {
      const entries = written.list.map((entry) => {
        const fields = Object.entries(entry).map(([name, value]) => [name, valueFromDocument(value)]);
        return new Entry(new Map(fields));
      });
      return new ListValue(entries, written.complete);
    }
    return unknownBecause(written.unknown.map(([element, reason]) => ({ element, reason })));
  }

  /** An object of JSON without inherited names. @param {Iterable<[string, unknown]>} entries */
  function plainObject(entries) {
    const found = Object.create(null);
    for (const [name, value] of entries) found[name] = value;
    return found;
  }

  /** A value for a result document. @param {Value|Unknown} value */
  function valueToJson(value) {
    if (value instanceof Unknown) return { unknown: value.sorted().map(missingToJson) };
    if (value instanceof Rational) return toPlain(value);
    if (value instanceof PartialDate) return String(value);
    if (value instanceof SetValue) {
      const items = value.items.map((item) => [textOfScalar(item), valueToJson(item)]);
      items.sort(([a], [b]) => compareText(a, b));
      return { items: items.map(([, item]) => item), complete: value.complete };
    }
    if (value instanceof ListValue) {
      return { items: value.items.map(entryToJson), complete: value.complete };
    }
    return value;
  }

  function entryToJson(entry) {
    return plainObject([...entry.fields].map(([name, value]) => [name, valueToJson(value)]));
  }

  /** @param {Missing} fact */
  function missingToJson(fact) {
    return { element: fact.element, reason: fact.reason };
  }

  function textOfScalar(item) {
    if (typeof item === "boolean") return item ? "True" : "False";
    return item instanceof Rational ? formatNumber(item) : String(item);
  }

  /**
   * A result as a value that can be printed: an interval in words, records as a list.
   * @param {Result} result
   * @returns {Value|Unknown}
   */
  function shown(result) {
    if (result instanceof Records) {
      const items = result.items.filter(([, belongs]) => belongs === true).map(([entry]) => entry);
      return new ListValue(items, result.complete === true && items.length === result.items.length);
    }
    if (result instanceof Interval) {
      const [low, high] = [result.low, result.high].map((b) => (b === null ? "…" : formatNumber(b)));
      return `${low} to ${high}`;
    }
    if (result instanceof Candidates) return new Unknown(result.doubt.because);
    return result;
  }

  engine.values = Object.freeze({
    Candidates,
    Entry,
    ListValue,
    Records,
    SetValue,
    missingToJson,
    plainObject,
    sameValue,
    setOf,
    shown,
    valueFromDocument,
    valueToJson,
  });
})((globalThis.PathwayEngine ??= {}));
