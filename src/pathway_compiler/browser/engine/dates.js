"use strict";
/**
 * Dates as charts have them: a day, a month, or only a year; `datatypes/partial_date.py` in JavaScript.
 * The clock is never read.
 */
(function (engine) {
  const { compare, interval, whole } = engine.numbers;

  const FIRST_YEAR = 1000;
  const LAST_YEAR = 9999;
  const MONTHS_IN_YEAR = 12;
  const DAYS_IN_YEAR = 365;
  const DAYS_IN_MONTH = 30;
  const DAYS_IN_WEEK = 7;
  const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

  function isLeap(year) {
    return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  }

  function monthLength(year, month) {
    return month === 2 && isLeap(year) ? 29 : MONTH_LENGTHS[month - 1];
  }

  /** Days since the first of January of the year 1, as a whole number. */
  function ordinal({ year, month, day }) {
    const before = year - 1;
    let days = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
    for (let m = 1; m < month; m += 1) days += monthLength(year, m);
    return days + day;
  }

  function fromOrdinal(days) {
    let year = Math.max(1, Math.floor(days / 366));
    while (ordinal({ year: year + 1, month: 1, day: 1 }) <= days) year += 1;
    let month = 1;
    while (month < 12 && ordinal({ year, month: month + 1, day: 1 }) <= days) month += 1;
    return { year, month, day: days - ordinal({ year, month, day: 1 }) + 1 };
  }

  /** A date known to the day, to the month or to the year, between 1000 and 9999. */
  class PartialDate {
    /** @param {number} year @param {?number} month @param {?number} day */
    constructor(year, month = null, day = null) {
      /** @readonly */ this.year = year;
      /** @readonly */ this.month = month;
      /** @readonly */ this.day = day;
      Object.freeze(this);
    }

    /** The first day that this date can stand for. */
    get earliest() {
      return { year: this.year, month: this.month ?? 1, day: this.day ?? 1 };
    }

    /** The last day that this date can stand for. */
    get latest() {
      const month = this.month ?? MONTHS_IN_YEAR;
      return { year: this.year, month, day: this.day ?? monthLength(this.year, month) };
    }

    toString() {
      const two = (part) => (part === null ? "" : `-${String(part).padStart(2, "0")}`);
      return `${String(this.year).padStart(4, "0")}${two(this.month)}${two(this.day)}`;
    }
  }

  const ISO_TIME =
    "T(?:[01][0-9]|2[0-4])(?::[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?";
  const ISO_DATE = new RegExp(`^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:${ISO_TIME})?)?)?$`);

  /**
   * Read an ISO 8601 date such as `2016`, `2016-05` or `2016-05-03`; null if it is not one.
   * @param {string} text
   * @returns {?PartialDate}
   */
  function parseDate(text) {
    const match = ISO_DATE.exec(text);
    if (match === null || match[0].length !== text.length) return null;
    const [year, month, day] = match.slice(1).map((part) => (part === undefined ? null : Number(part)));
    if (year < FIRST_YEAR || year > LAST_YEAR) return null;
    if (month !== null && (month < 1 || month > MONTHS_IN_YEAR)) return null;
    if (day !== null && (day < 1 || day > monthLength(year, month))) return null;
    return new PartialDate(year, month, day);
  }

  /** Whether two dates are written the same; whether they are the same day says `compareDates`. */
  function sameDate(left, right) {
    return left.year === right.year && left.month === right.month && left.day === right.day;
  }

  function dayNumbers(date) {
    return interval(whole(ordinal(date.earliest)), whole(ordinal(date.latest)));
  }

  /**
   * Compare two dates; null where their precision does not decide.
   * @param {string} operator
   * @param {PartialDate} left
   * @param {PartialDate} right
   * @returns {?boolean}
   */
  function compareDates(operator, left, right) {
    return compare(operator, dayNumbers(left), dayNumbers(right));
  }

  /** Which of two days comes first, by the first day that each date can stand for. */
  function startsBefore(left, right) {
    return ordinal(left.earliest) < ordinal(right.earliest);
  }

  /**
   * Count the completed calendar periods from start to end, negative when end comes first. With `isBegun` a
   * period counts as soon as one of its days has passed.
   * @param {"years"|"months"|"weeks"|"days"} unit
   * @param {PartialDate} start
   * @param {PartialDate} end
   * @param {boolean} isBegun
   */
  function durationBetween(unit, start, end, isBegun = false) {
    const count = isBegun ? begun : completed;
    const fewest = count(unit, start.latest, end.earliest);
    const most = count(unit, start.earliest, end.latest);
    return interval(whole(fewest), whole(most));
  }

  function begun(unit, start, end) {
    const number = completed(unit, start, end);
    // Before the start, the end of a period is where it begins.
    if (ordinal(end) <= ordinal(start)) return number;
    return number + Number(completed(unit, start, fromOrdinal(ordinal(end) - 1)) === number);
  }

  function completed(unit, start, end) {
    switch (unit) {
      case "years":
        return Math.trunc(completedMonths(start, end) / MONTHS_IN_YEAR);
      case "months":
        return completedMonths(start, end);
      case "weeks":
        return Math.trunc((ordinal(end) - ordinal(start)) / DAYS_IN_WEEK);
      case "days":
        return ordinal(end) - ordinal(start);
      default:
        throw new Error(`no calendar unit: ${unit}`);
    }
  }

  /** Whole months: one is complete when its day of the month is reached. */
  function completedMonths(start, end) {
    if (ordinal(end) < ordinal(start)) return -completedMonths(end, start);
    const months = (end.year - start.year) * MONTHS_IN_YEAR + end.month - start.month;
    return end.day < start.day ? months - 1 : months;
  }

  const MONTHS_IN_UNIT = { a: MONTHS_IN_YEAR, mo: 1 };
  const DAYS_IN_UNIT = { wk: DAYS_IN_WEEK, d: 1 };

  /**
   * Move a date by an amount of calendar time, keeping its precision; null outside 1000 to 9999.
   * @param {PartialDate} date
   * @param {number} amount a whole number
   * @param {"a"|"mo"|"wk"|"d"} unit the code of UCUM
   * @returns {?PartialDate}
   */
  function shift(date, amount, unit) {
    if (unit === "a" || unit === "mo") {
      const months = amount * MONTHS_IN_UNIT[unit];
      if (date.month === null) return shiftYears(date, Math.trunc(months / MONTHS_IN_YEAR));
      return shiftMonths(date, months);
    }
    const days = amount * DAYS_IN_UNIT[unit];
    if (date.month === null) return shiftYears(date, Math.trunc(days / DAYS_IN_YEAR));
    if (date.day === null) return shiftMonths(date, Math.trunc(days / DAYS_IN_MONTH));
    const moved = ordinal(date) + days;
    const first = ordinal({ year: FIRST_YEAR, month: 1, day: 1 });
    const last = ordinal({ year: LAST_YEAR, month: 12, day: 31 });
    if (moved < first || moved > last) return null;
    const { year, month, day } = fromOrdinal(moved);
    return new PartialDate(year, month, day);
  }

  function shiftMonths(date, months) {
    const all = months + date.year * MONTHS_IN_YEAR + date.month - 1;
    const year = Math.floor(all / MONTHS_IN_YEAR);
    if (year < FIRST_YEAR || year > LAST_YEAR) return null;
    const month = all - year * MONTHS_IN_YEAR + 1;
    const day = date.day === null ? null : Math.min(date.day, monthLength(year, month));
    return new PartialDate(year, month, day);
  }

  function shiftYears(date, years) {
    const year = date.year + years;
    return year >= FIRST_YEAR && year <= LAST_YEAR ? new PartialDate(year) : null;
  }

  engine.dates = Object.freeze({
    PartialDate,
    compareDates,
    durationBetween,
    parseDate,
    sameDate,
    shift,
    startsBefore,
  });
})((globalThis.PathwayEngine ??= {}));
