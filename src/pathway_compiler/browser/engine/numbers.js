"use strict";
/**
 * Exact numbers, and quantities known only within bounds; `datatypes/number.py` in JavaScript.
 */
(function (engine) {
  /** An exact number: a fraction in lowest terms, its denominator above zero. */
  class Rational {
    /** @param {bigint} numerator @param {bigint} denominator */
    constructor(numerator, denominator = 1n) {
      /** @readonly */ this.numerator = numerator;
      /** @readonly */ this.denominator = denominator;
      Object.freeze(this);
    }

    /** Whether this is a whole number. */
    get isWhole() {
      return this.denominator === 1n;
    }
  }

  /** A quantity known to lie between two bounds, both included; null leaves a side open. */
  class Interval {
    /** @param {?Rational} low @param {?Rational} high */
    constructor(low, high) {
      /** @readonly */ this.low = low;
      /** @readonly */ this.high = high;
      Object.freeze(this);
    }
  }

  /** @typedef {Rational|Interval} Quantity */

  const ZERO = new Rational(0n);
  const ONE = new Rational(1n);
  const MINUS_ONE = new Rational(-1n);

  function absolute(value) {
    return value < 0n ? -value : value;
  }

  function greatestDivisor(a, b) {
    while (b !== 0n) [a, b] = [b, a % b];
    return a;
  }

  /** @param {bigint} numerator @param {bigint} denominator @returns {Rational} */
  function fraction(numerator, denominator) {
    if (denominator === 0n) throw new RangeError("division by zero");
    if (denominator === 1n) return new Rational(numerator);
    const divisor = greatestDivisor(absolute(numerator), absolute(denominator));
    const sign = denominator < 0n ? -1n : 1n;
    return new Rational((sign * numerator) / divisor, (sign * denominator) / divisor);
  }

  /** A whole number. @param {number|bigint} value */
  function whole(value) {
    return new Rational(BigInt(value));
  }

  /** A number as the document writes it: `12`, `"5/2"`. @param {number|string} written */
  function fromDocument(written) {
    const [numerator, denominator = "1"] = String(written).split("/");
    return new Rational(BigInt(numerator), BigInt(denominator));
  }

  const DECIMAL = /^([+-]?)(?:([0-9]+)(?:\.([0-9]+))?|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?$/;
  const LONGEST_TEXT = 100;
  const LARGEST_EXPONENT = 30;

  /**
   * Read a decimal number such as `30`, `-0.5` or `1.2e3` exactly; null if it is not one that is read.
   * @param {string} text
   * @returns {?Rational}
   */
  function parseNumber(text) {
    const match = DECIMAL.exec(text);
    if (match === null || text.length > LONGEST_TEXT) return null;
    const [, sign, digits = "", decimals = match[4] ?? "", , exponentText = "0"] = match;
    const exponent = Number(exponentText);
    if (Math.abs(exponent) > LARGEST_EXPONENT) return null;
    let numerator = BigInt(digits + decimals);
    if (sign === "-") numerator = -numerator;
    const places = exponent - decimals.length;
    return places >= 0
      ? new Rational(numerator * 10n ** BigInt(places))
      : fraction(numerator, 10n ** BigInt(-places));
  }

  // --- one number ------------------------------------------------------------------------------------

  function order(left, right) {
    const difference = left.numerator * right.denominator - right.numerator * left.denominator;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /** @param {Rational} left @param {Rational} right */
  function sameNumber(left, right) {
    return left.numerator === right.numerator && left.denominator === right.denominator;
  }

  function sum(left, right) {
    return fraction(
      left.numerator * right.denominator + right.numerator * left.denominator,
      left.denominator * right.denominator,
    );
  }

  function product(left, right) {
    return fraction(left.numerator * right.numerator, left.denominator * right.denominator);
  }

  function inverse(number) {
    return fraction(number.denominator, number.numerator);
  }

  /** @param {bigint} value */
  function bitLength(value) {
    return value === 0n ? 0 : absolute(value).toString(2).length;
  }

  /** How many bits the longer half of a number has. @param {Rational} number */
  function bitsOf(number) {
    return Math.max(bitLength(number.numerator), bitLength(number.denominator));
  }

  const SIGNIFICANT_DIGITS = 6;

  /**
   * The shortest decimal, without an exponent; one that never ends is rounded to 6 digits.
   * @param {Rational} number
   */
  function formatNumber(number) {
    const places = decimalPlaces(number.denominator);
    if (places === null) return rounded(number);
    if (places === 0) return String(number.numerator);
    const scaled = (absolute(number.numerator) * 10n ** BigInt(places)) / number.denominator;
    const digits = scaled.toString().padStart(places + 1, "0");
    const sign = number.numerator < 0n ? "-" : "";
    return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  }

  function decimalPlaces(denominator) {
    const counts = [2n, 5n].map((prime) => {
      let count = 0;
      while (denominator % prime === 0n) {
        denominator /= prime;
        count += 1;
      }
      return count;
    });
    return denominator === 1n ? Math.max(...counts) : null;
  }

  /** To 6 significant digits, half to even; the decimal never ends, so that no half occurs. */
  function rounded(number) {
    const top = absolute(number.numerator);
    const bottom = number.denominator;
    // The power of ten of the first digit.
    let power = top.toString().length - bottom.toString().length;
    const below = (p) =>
      p >= 0 ? top < bottom * 10n ** BigInt(p) : top * 10n ** BigInt(-p) < bottom;
    if (below(power)) power -= 1;
    const places = SIGNIFICANT_DIGITS - 1 - power;
    const [a, b] =
      places >= 0
        ? [top * 10n ** BigInt(places), bottom]
        : [top, bottom * 10n ** BigInt(-places)];
    let digits = (2n * a + b) / (2n * b);
    let shown;
    if (places <= 0) shown = (digits * 10n ** BigInt(-places)).toString();
    else {
      const text = digits.toString().padStart(places + 1, "0");
      shown = `${text.slice(0, -places)}.${text.slice(-places)}`.replace(/0+$/, "").replace(/\.$/, "");
    }
    return (number.numerator < 0n ? "-" : "") + shown;
  }

  /**
   * The number for a JSON document: exact when it is whole, otherwise the nearest double.
   * @param {Rational} number
   * @returns {number|bigint}
   */
  function toPlain(number) {
    const { numerator, denominator } = number;
    if (denominator === 1n) {
      const plain = Number(numerator);
      return Number.isSafeInteger(plain) ? plain : numerator;
    }
    // 66 bits and one that says whether anything is left: rounding these rounds the number itself.
    const top = absolute(numerator);
    const shift = 66 - bitLength(top) + bitLength(denominator);
    const [a, b] =
      shift >= 0 ? [top << BigInt(shift), denominator] : [top, denominator << BigInt(-shift)];
    const quotient = a / b;
    const sticky = quotient * b === a ? 0n : 1n;
    const half = Math.trunc(shift / 2);
    const magnitude = Number(quotient * 2n + sticky) * 2 ** -(half + 1) * 2 ** -(shift - half);
    return numerator < 0n ? -magnitude : magnitude;
  }

  // --- quantities ------------------------------------------------------------------------------------

  /**
   * The quantity between two bounds: a plain number where the bounds meet.
   * @param {?Rational} low
   * @param {?Rational} high
   * @returns {Quantity}
   */
  function interval(low, high) {
    if (low !== null && high !== null && sameNumber(low, high)) return low;
    return new Interval(low, high);
  }

  /** An end of a quantity: a number, or a side that is open: `Infinity` or `-Infinity`. */
  function ends(value) {
    if (value instanceof Rational) return [value, value];
    return [value.low ?? -Infinity, value.high ?? Infinity];
  }

  function fromEnds(low, high) {
    return interval(typeof low === "number" ? null : low, typeof high === "number" ? null : high);
  }

  function orderOfEnds(left, right) {
    if (typeof left === "number" || typeof right === "number") {
      const a = typeof left === "number" ? left : 0;
      const b = typeof right === "number" ? right : 0;
      return a < b ? -1 : a > b ? 1 : 0;
    }
    return order(left, right);
  }

  function sumOfEnds(left, right) {
    if (typeof left === "number") return left;
    if (typeof right === "number") return right;
    return sum(left, right);
  }

  function signOfEnd(end) {
    if (typeof end === "number") return end > 0 ? 1 : -1;
    return end.numerator > 0n ? 1 : end.numerator < 0n ? -1 : 0;
  }

  /** Zero times an open side is zero, since every value there is finite. */
  function productOfEnds(left, right) {
    const sign = signOfEnd(left) * signOfEnd(right);
    if (sign === 0) return ZERO;
    if (typeof left === "number" || typeof right === "number") return sign * Infinity;
    return product(left, right);
  }

  /** @param {Quantity} left @param {Quantity} right @returns {Quantity} */
  function add(left, right) {
    const [leftLow, leftHigh] = ends(left);
    const [rightLow, rightHigh] = ends(right);
    return fromEnds(sumOfEnds(leftLow, rightLow), sumOfEnds(leftHigh, rightHigh));
  }

  /** @param {Quantity} left @param {Quantity} right @returns {Quantity} */
  function multiply(left, right) {
    const products = ends(left).flatMap((a) => ends(right).map((b) => productOfEnds(a, b)));
    products.sort(orderOfEnds);
    return fromEnds(products[0], products[products.length - 1]);
  }

  /** @param {Quantity} left @param {Quantity} right @returns {Quantity} */
  function subtract(left, right) {
    return add(left, multiply(right, MINUS_ONE));
  }

  /** @param {Quantity} left @param {Rational} right @returns {Quantity} */
  function divide(left, right) {
    return multiply(left, inverse(right));
  }

  function equal(left, right) {
    const [leftLow, leftHigh] = ends(left);
    const [rightLow, rightHigh] = ends(right);
    if (orderOfEnds(leftHigh, rightLow) < 0 || orderOfEnds(rightHigh, leftLow) < 0) return false;
    if (left instanceof Rational && right instanceof Rational) return true;
    return null;
  }

  function less(left, right) {
    const [leftLow, leftHigh] = ends(left);
    const [rightLow, rightHigh] = ends(right);
    if (orderOfEnds(leftHigh, rightLow) < 0) return true;
    if (orderOfEnds(leftLow, rightHigh) >= 0) return false;
    return null;
  }

  function negated(truth) {
    return truth === null ? null : !truth;
  }

  /**
   * Compare two quantities; null where the bounds leave it undecided.
   * @param {string} operator
   * @param {Quantity} left
   * @param {Quantity} right
   * @returns {?boolean}
   */
  function compare(operator, left, right) {
    switch (operator) {
      case "=":
        return equal(left, right);
      case "!=":
        return negated(equal(left, right));
      case "<":
        return less(left, right);
      case "<=":
        return negated(less(right, left));
      case ">":
        return less(right, left);
      case ">=":
        return negated(less(left, right));
      default:
        throw new Error(`no comparison: ${operator}`);
    }
  }

  engine.numbers = Object.freeze({
    Interval,
    ONE,
    Rational,
    ZERO,
    add,
    bitsOf,
    compare,
    divide,
    formatNumber,
    fraction,
    fromDocument,
    interval,
    multiply,
    order,
    parseNumber,
    product,
    sameNumber,
    subtract,
    toPlain,
    whole,
  });
})((globalThis.PathwayEngine ??= {}));
