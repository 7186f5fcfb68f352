"use strict";
/**
 * JSON with exact numbers, with keys that stand more than once, and with the place of every value.
 *
 * `JSON.parse` rounds numbers and forgets repeated keys; a patient file needs both. What is read is plain:
 * null, booleans, strings, `Rational`, arrays, `RawObject`, and `Unusable` for what no element can hold.
 */
(function (engine) {
  const { Rational, formatNumber, parseNumber, bitsOf } = engine.numbers;
  const { PartialDate } = engine.dates;
  const { lengthOf, quoted } = engine.text;

  /** How something is written that no element can hold: `NaN`, `1e999`. */
  class Unusable {
    /** @param {string} text */
    constructor(text) {
      /** @readonly */ this.text = text;
    }
  }

  /** An object: the last value of each key, and the keys that stand in it more than once. */
  class RawObject {
    /** @param {Map<string, Raw>} values @param {string[]} repeated */
    constructor(values, repeated = []) {
      /** @readonly */ this.values = values;
      /** @readonly */ this.repeated = repeated;
    }

    has(key) {
      return this.values.has(key);
    }

    get(key) {
      return this.values.get(key);
    }

    keys() {
      return [...this.values.keys()];
    }
  }

  /** @typedef {null|boolean|string|Rational|PartialDate|Unusable|Raw[]|RawObject} Raw */

  /** What is wrong with a text that is not JSON, and where. */
  class NotJson extends Error {
    /** @param {string} words @param {number} at */
    constructor(words, at) {
      super(words);
      this.at = at;
    }
  }

  /** So deep within each other that no patient needs it. */
  class TooDeep extends Error {}

  const DEEPEST = 900;
  const LONGEST_WHOLE = 4300;
  const SPACE = /[ \t\n\r]*/y;
  const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
  const PLAIN = /[^"\\\u0000-\u001f]*/y;
  const HEX = /[0-9a-fA-F]{4}/y;
  const CONSTANTS = ["NaN", "Infinity", "-Infinity"];
  const ESCAPES = new Map(Object.entries({ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }));

  /** Reads one text; the place of each value is noted while it is read. */
  class JsonReader {
    constructor(text) {
      this.text = text;
      this.at = 0;
    }

    read() {
      this.skip();
      const found = this.value(0);
      this.skip();
      if (this.at !== this.text.length) throw new NotJson("extra data", this.at);
      return found;
    }

    match(pattern) {
      pattern.lastIndex = this.at;
      const found = pattern.exec(this.text);
      if (found !== null) this.at += found[0].length;
      return found;
    }

    skip() {
      this.match(SPACE);
    }

    /** @returns {[Raw, object]} a value and its place */
    value(depth) {
      if (depth > DEEPEST) throw new TooDeep();
      const start = this.at;
      switch (this.text[start]) {
        case '"': {
          const found = this.string();
          return [found, { start, end: this.at }];
        }
        case "{":
          return this.object(depth);
        case "[":
          return this.array(depth);
        default:
          return [this.word(), { start, end: this.at }];
      }
    }

    word() {
      for (const [word, value] of [["null", null], ["true", true], ["false", false]]) {
        if (this.takes(word)) return value;
      }
      const number = this.match(NUMBER);
      if (number !== null) {
        const [text, digits, decimals, exponent] = number;
        if (decimals === undefined && exponent === undefined) {
          return digits.length > LONGEST_WHOLE ? new Unusable(text) : new Rational(BigInt(digits));
        }
        return parseNumber(text) ?? new Unusable(text);
      }
      const constant = CONSTANTS.find((word) => this.takes(word));
      if (constant === undefined) throw new NotJson("expecting value", this.at);
      return new Unusable(constant);
    }

    takes(word) {
      if (!this.text.startsWith(word, this.at)) return false;
      this.at += word.length;
      return true;
    }

    object(depth) {
      const start = this.at;
      const values = new Map();
      const repeated = new Set();
      const place = { start, end: 0, items: new Map(), keys: new Map() };
      this.at += 1;
      this.skip();
      if (!this.takes("}")) {
        do {
          this.skip();
          const keyStart = this.at;
          if (this.text[this.at] !== '"') {
            throw new NotJson("expecting property name enclosed in double quotes", this.at);
          }
          const key = this.string();
          if (place.keys.has(key)) repeated.add(key);
          else place.keys.set(key, []);
          place.keys.get(key).push({ start: keyStart, end: this.at });
          this.skip();
          if (!this.takes(":")) throw new NotJson("expecting ':' delimiter", this.at);
          this.skip();
          const [value, inner] = this.value(depth + 1);
          values.set(key, value);
          place.items.set(key, inner);
          this.skip();
        } while (this.takes(","));
        if (!this.takes("}")) throw new NotJson("expecting ',' delimiter", this.at);
      }
      place.end = this.at;
      return [new RawObject(values, [...repeated]), place];
    }

    array(depth) {
      const start = this.at;
      const values = [];
      const place = { start, end: 0, items: new Map(), keys: new Map() };
      this.at += 1;
      this.skip();
      if (!this.takes("]")) {
        do {
          this.skip();
          const [value, inner] = this.value(depth + 1);
          place.items.set(values.length, inner);
          values.push(value);
          this.skip();
        } while (this.takes(","));
        if (!this.takes("]")) throw new NotJson("expecting ',' delimiter", this.at);
      }
      place.end = this.at;
      return [values, place];
    }

    string() {
      const start = this.at;
      let found = "";
      this.at += 1;
      for (;;) {
        found += this.match(PLAIN)[0];
        const next = this.text[this.at];
        if (next === undefined) throw new NotJson("unterminated string starting at", start);
        if (next === '"') {
          this.at += 1;
          return found;
        }
        if (next !== "\\") throw new NotJson("invalid control character at", this.at);
        found += this.escape(start);
      }
    }

    escape(start) {
      const letter = this.text[this.at + 1];
      if (letter === undefined) throw new NotJson("unterminated string starting at", start);
      if (letter !== "u") {
        if (!ESCAPES.has(letter)) throw new NotJson("invalid \\escape", this.at);
        this.at += 2;
        return ESCAPES.get(letter);
      }
      const place = this.at + 1;
      this.at += 2;
      const digits = this.match(HEX);
      if (digits === null) throw new NotJson("invalid \\uXXXX escape", place);
      return String.fromCharCode(parseInt(digits[0], 16));
    }
  }

  /**
   * Read a JSON text.
   * @param {string} text
   * @returns {{raw: Raw, place: object}}
   */
  function readJson(text) {
    const [raw, place] = new JsonReader(text).read();
    return { raw, place };
  }

  /**
   * The place of a value, or of the nearest value above it.
   * @param {object} root
   * @param {(string|number)[]} path
   */
  function placeOf(root, path) {
    let place = root;
    for (const step of path) {
      const below = place.items?.get(step);
      if (below === undefined) return place;
      place = below;
    }
    return place;
  }

  /** Every place where the last key of a path stands, the first one first. */
  function keyPlaces(root, path) {
    let place = root;
    for (const step of path.slice(0, -1)) {
      place = place?.items?.get(step);
    }
    return place?.keys?.get(path[path.length - 1]) ?? [];
  }

  /** Values of JavaScript as if they had been read from a file. @returns {Raw} */
  function rawFromValue(value) {
    if (value === undefined) return null;
    if (typeof value === "number") return parseNumber(String(value)) ?? new Unusable(String(value));
    if (typeof value === "bigint") return new Rational(value);
    if (Array.isArray(value)) return value.map(rawFromValue);
    if (value !== null && typeof value === "object") {
      const ours = [Rational, PartialDate, Unusable, RawObject];
      if (ours.some((class_) => value instanceof class_)) return value;
      return new RawObject(new Map(Object.entries(value).map(([k, v]) => [k, rawFromValue(v)])));
    }
    return value;
  }

  /** Numbers with more are refused. */
  const MOST_BITS = 4000;

  /** A value as a data file writes it. @param {boolean|string|Rational} raw */
  function written(raw) {
    if (typeof raw === "boolean") return raw ? "true" : "false";
    if (typeof raw === "string") return raw;
    return bitsOf(raw) > MOST_BITS ? "a number with very many digits" : formatNumber(raw);
  }

  /** A value in a few words, for a message. @param {Raw} raw */
  function described(raw) {
    if (raw === null) return "null";
    if (raw instanceof Unusable) return quoted(raw.text);
    if (typeof raw === "string") return raw === "" ? "an empty text" : quoted(raw);
    if (typeof raw === "boolean" || raw instanceof Rational) return quoted(written(raw));
    if (raw instanceof PartialDate) return `the date ${raw}`;
    return raw instanceof RawObject ? "an object" : "a list";
  }

  /** A place as lines and columns, counted from 1 in characters. */
  function linesAndColumns(text, { start, end }, file, firstLine = 1) {
    const at = (offset) => {
      const before = text.slice(0, offset);
      const lineStart = before.lastIndexOf("\n") + 1;
      const line = before.split("\n").length - 1 + firstLine;
      return { line, column: lengthOf(text.slice(lineStart, offset)) + 1 };
    };
    const last = at(Math.max(start, end - lengthOfLast(text, end)));
    return { file, start: at(start), end: { line: last.line, column: last.column + 1 } };
  }

  /** How many units the character before a place has. */
  function lengthOfLast(text, end) {
    const unit = text.charCodeAt(end - 1);
    return unit >= 0xdc00 && unit <= 0xdfff ? 2 : 1;
  }

  engine.jsonText = Object.freeze({
    MOST_BITS,
    NotJson,
    RawObject,
    TooDeep,
    Unusable,
    described,
    keyPlaces,
    linesAndColumns,
    placeOf,
    rawFromValue,
    readJson,
    written,
  });
})((globalThis.PathwayEngine ??= {}));
