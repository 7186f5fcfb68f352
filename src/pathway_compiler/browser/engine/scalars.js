"use strict";
/**
 * Single values, read by the type that their element has; `patient_data/typed_scalars.py` in JavaScript.
 * Each function returns null after a mistake, which is noted.
 */
(function (engine) {
  const { Rational, ZERO, bitsOf, formatNumber, fraction, order, parseNumber } = engine.numbers;
  const { PartialDate, parseDate } = engine.dates;
  const { MOST_BITS, RawObject, Unusable, described, written } = engine.jsonText;
  const { REASON } = engine.truth;
  const { convert, displayOfUnit, parseUnit } = engine.units;
  const { hasValue, suggestValue } = engine.factNames;
  const { casefold, quoted, split, strip } = engine.text;
  const { describeType } = engine.describe;

  const HOW_TO_DATE = "write year-month-day: 2019-03-01, or 2019-03 or 2019 if no more is known";
  const HOW_TO_NAME = "write the name of a value";
  const LONGEST_NUMBER = 60;
  const LONGEST_UNIT = 100;
  const TRUTHS = new Map([["true", true], ["yes", true], ["false", false], ["no", false]]);
  /** The reasons for missing data that a data file can give. */
  const REASONS = [REASON.NOT_RECORDED, REASON.NOT_ASKED, REASON.NOT_KNOWN, REASON.NOT_DONE, REASON.UNINTERPRETABLE];
  const MISSING_WORDS = new Set([
    "?", "-", "na", "n/a", "n.a.", "nan", "nd", "unk", "unk/nd", "unknown", "missing", "none",
    "not available", "not applicable", "not known", "#n/a", ...REASONS,
  ]);
  const LOOSE_DATE = /^([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?$/;
  const ISO_SHAPE = /^[0-9]{4}-[0-9]{2}(-[0-9]{2})?(T|$)/;
  const NUMBER_AND_UNIT = /^([+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)([^\n]*)$/;
  const DECIMAL_COMMA = /^[+-]?[0-9]+,[0-9]+$/;

  /** Reads yes and no, names, numbers, quantities and dates of one patient. */
  class ScalarReader {
    constructor(guideline, mistakes) {
      this.guideline = guideline;
      this.mistakes = mistakes;
    }

    /** A value of any type that is neither a set nor a list. @returns {?Scalar} */
    read(type, raw, at) {
      switch (type.is) {
        case "enum":
        case "action":
          return this.named(type, raw, at);
        case "boolean":
          return this.boolean(raw, at);
        case "count":
        case "number":
        case "quantity":
          return this.number(type, raw, at);
        case "date":
          return this.date(raw, at);
        default:
          this.mistakes.wrong("data-wrong-type", `a ${describeType(type)} cannot be read`, at);
          return null;
      }
    }

    named(type, raw, at) {
      if (typeof raw === "string" && hasValue(this.guideline, type, raw)) return raw;
      if (typeof raw === "string" || typeof raw === "boolean" || raw instanceof Rational) {
        const word = written(raw);
        const article = "ai".includes(type.kind?.[0]) ? "an" : "a";
        const what =
          type.is === "enum" ? `a value of \`${at.name}\`` : `${article} ${type.kind} of the guideline`;
        const help = ifMissing(word) ?? suggestValue(this.guideline, type, word);
        this.mistakes.wrong("data-unknown-value", `${quoted(word)} is not ${what}`, at, help);
        return null;
      }
      const message = `a name is needed, and this is ${described(raw)}`;
      this.mistakes.wrong("data-wrong-type", message, at, HOW_TO_NAME);
      return null;
    }

    boolean(raw, at) {
      if (typeof raw === "boolean") return raw;
      const truth = typeof raw === "string" ? TRUTHS.get(raw.toLowerCase()) : undefined;
      if (truth !== undefined) return truth;
      const message = `\`${at.name}\` is yes or no, and this is ${described(raw)}`;
      const text = raw instanceof Unusable ? raw.text : raw;
      const help = typeof text === "string" ? ifMissing(text) : null;
      this.mistakes.wrong("data-wrong-type", message, at, help ?? "write true or false");
      return null;
    }

    /** A day, a month or a year. @returns {?PartialDate} */
    date(raw, at) {
      if (raw instanceof PartialDate) return raw;
      if (typeof raw !== "string" && !(raw instanceof Rational && raw.isWhole)) {
        const message = `\`${at.name}\` is a date, and this is ${described(raw)}`;
        this.mistakes.wrong("data-wrong-type", message, at, HOW_TO_DATE);
        return null;
      }
      const text = written(raw);
      const date = parseDate(text);
      if (date === null) {
        const loose = LOOSE_DATE.exec(text);
        const parts = (loose ?? []).slice(1).filter((part) => part !== undefined);
        const padded = parts.map((part) => part.padStart(2, "0")).join("-");
        const help =
          parseDate(padded) !== null ? `did you mean \`${padded}\`?` : (ifMissing(text) ?? HOW_TO_DATE);
        const message = ISO_SHAPE.test(text)
          ? `the calendar has no day ${quoted(text)}`
          : `${quoted(text)} is not a date`;
        this.mistakes.wrong("data-date", message, at, help);
      }
      return date;
    }

    // --- numbers ---------------------------------------------------------------------------------------

    /** A number in the unit of its element, whatever the unit that it is written in. @returns {?Rational} */
    number(type, raw, at, unit = null, unitAt = null) {
      const found = this.numberAndUnit(raw, at);
      if (found === null) return null;
      let [number, unitBehind] = found;
      if (unitAt !== null) {
        if (unitBehind !== "") {
          this.mistakes.wrong("data-unit", "there are two units", unitAt, "remove one");
          return null;
        }
        if (typeof unit !== "string") {
          this.mistakes.wrong("data-unit", `a unit is needed, and this is ${described(unit)}`, unitAt);
          return null;
        }
        unitBehind = strip(unit);
      }
      if (bitsOf(number) > MOST_BITS) {
        this.mistakes.wrong("data-wrong-type", "this number has too many digits", at);
        return null;
      }
      if (unitBehind !== "") {
        number = this.converted(type, number, unitBehind, unitAt ?? at);
        if (number === null) return null;
      }
      if (type.is === "count" && !number.isWhole) {
        const message = `\`${at.name}\` is a whole number, and this is ${described(number)}`;
        this.mistakes.wrong("data-wrong-type", message, at, "write a whole number, such as 2");
        return null;
      }
      return this.inRange(type, number, at);
    }

    /** A number, and the unit that is written behind it in the same text. @returns {?[Rational, string]} */
    numberAndUnit(raw, at) {
      if (raw instanceof Rational) return [raw, ""];
      if (typeof raw === "string") {
        const match = NUMBER_AND_UNIT.exec(strip(raw));
        const number = match === null ? null : parseNumber(match[1]);
        if (number !== null && isUnitLike(match[2])) return [number, strip(match[2])];
      }
      const message = `\`${at.name}\` is a number, and this is ${described(raw)}`;
      const text = raw instanceof Unusable ? raw.text : raw;
      const help = typeof text === "string" ? helpForNumber(text) : null;
      this.mistakes.wrong("data-wrong-type", message, at, help);
      return null;
    }

    converted(type, number, text, at) {
      const unit = [...text].length <= LONGEST_UNIT ? parseUnit(text) : { suggestion: null };
      if (unit.code === undefined) {
        let help = unit.suggestion === null ? null : `did you mean \`${unit.suggestion}\`?`;
        if (help === null && type.is === "quantity") {
          help = `write the value in ${displayOfUnit(type.unit)}`;
        }
        this.mistakes.wrong("data-unit", `${quoted(text)} is not a UCUM unit`, at, help);
        return null;
      }
      if (type.is !== "quantity") {
        const what = type.is === "count" ? "count" : "number";
        const message = `a ${what} has no unit, and this has ${quoted(displayOfUnit(unit.code))}`;
        this.mistakes.wrong("data-unit", message, at, "remove the unit");
        return null;
      }
      const converted = convert(number, unit.code, type.unit);
      if (converted.value === undefined) {
        const help = `write the value in ${displayOfUnit(type.unit)}`;
        this.mistakes.wrong("data-unit", converted.message, at, help);
        return null;
      }
      return converted.value;
    }

    inRange(type, number, at) {
      const low = type.low ?? (type.is === "count" ? ZERO : null);
      const high = type.high ?? null;
      if ((low === null || order(number, low) >= 0) && (high === null || order(number, high) <= 0)) {
        return number;
      }
      const hasUnit = type.is === "quantity" && type.unit !== "1";
      const name = hasUnit ? ` ${displayOfUnit(type.unit)}` : "";
      let range;
      if (low !== null && high !== null) range = `${formatNumber(low)} to ${formatNumber(high)}${name}`;
      else if (low !== null) range = `${formatNumber(low)}${name} or more`;
      else range = `${formatNumber(high)}${name} or less`;
      let value = formatNumber(number);
      if (value.length > LONGEST_NUMBER) value = `${value.slice(0, LONGEST_NUMBER - 1)}…`;
      let help = "correct the value";
      if (name !== "") {
        help += `, or give its unit if it is not in${name}, as in \`{"value": …, "unit": "…"}\``;
      }
      const message = `\`${at.name}\` lies outside ${range}: it is ${value}${name}`;
      this.mistakes.wrong("data-out-of-range", message, at, help);
      return null;
    }
  }

  /** A number whose decimal never ends, such as a twelfth of a year, in two parts. @param {RawObject} raw */
  function ratio(raw) {
    const parts = ["numerator", "denominator"].map((key) => raw.get(key));
    const two = raw.keys().length === 2 && raw.repeated.length === 0;
    if (!two || !parts.every((part) => part instanceof Rational && part.isWhole)) return raw;
    const [top, bottom] = parts.map((part) => part.numerator);
    return bottom > 0n ? fraction(top, bottom) : raw;
  }

  /** What to write when a word says that there is no value. @param {string} text */
  function ifMissing(text) {
    if (!MISSING_WORDS.has(split(casefold(text)).join(" "))) return null;
    return 'if it is not known, write null, or a reason such as `{"unknown": "not done"}`';
  }

  function helpForNumber(text) {
    const stripped = strip(text);
    if (DECIMAL_COMMA.test(stripped)) return `did you mean \`${stripped.replaceAll(",", ".")}\`?`;
    if (["<", ">", "≤", "≥", "~"].includes([...stripped][0] ?? "")) {
      return "a bound is not a value; write the number that was measured, or null";
    }
    return ifMissing(text) ?? "write digits, with a point before decimals";
  }

  /** Whether what follows a number can be a unit, and not the rest of `12-15`, `1,5` or `1/12`. */
  function isUnitLike(text) {
    const rest = strip(text);
    if (rest === "") return true;
    return !"-–,.:+<>=±(".includes([...rest][0]) && /[\p{L}%[{]/u.test(rest);
  }

  engine.scalars = Object.freeze({ HOW_TO_DATE, REASONS, ScalarReader, ratio });
})((globalThis.PathwayEngine ??= {}));
