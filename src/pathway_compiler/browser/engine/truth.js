"use strict";
/**
 * Three-valued truth: true, false, and unknown with the missing facts it rests on.
 * Strong Kleene logic; `datatypes/truth.py` in JavaScript.
 */
(function (engine) {
  const { compareText } = engine.text;

  /** Why a fact is not there. */
  const REASON = Object.freeze({
    NOT_RECORDED: "not recorded",
    NOT_ASKED: "not asked",
    NOT_KNOWN: "asked but not known",
    NOT_DONE: "not done",
    UNINTERPRETABLE: "uninterpretable",
    INCOMPLETE: "the list may be incomplete",
    IMPRECISE: "not precise enough",
  });

  /** @typedef {{element: string, reason: string}} Missing */

  /** Neither true nor false, or no value: with the missing facts that would settle it. */
  class Unknown {
    /** @param {Map<string, Missing>} because by element and reason, each once */
    constructor(because = new Map()) {
      /** @readonly */ this.because = because;
      Object.freeze(this);
    }

    /** The missing facts by name and reason. @returns {Missing[]} */
    sorted() {
      return [...this.because.values()].sort(compareMissing);
    }
  }

  /** @typedef {boolean|Unknown} Truth */

  /** @param {Missing} left @param {Missing} right */
  function compareMissing(left, right) {
    return compareText(left.element, right.element) || compareText(left.reason, right.reason);
  }

  /** @param {string} element @param {string} reason */
  function missing(element, reason = REASON.NOT_RECORDED) {
    return unknownBecause([{ element, reason }]);
  }

  /** @param {Iterable<Missing>} facts */
  function unknownBecause(facts) {
    const because = new Map();
    for (const { element, reason } of facts) {
      because.set(`${element}\n${reason}`, Object.freeze({ element, reason }));
    }
    return new Unknown(because);
  }

  /** Unknown for the reasons of all that is unknown among these. @param {Iterable<unknown>} values */
  function both(...values) {
    let because = null;
    for (const value of values) {
      if (value instanceof Unknown) because = joined(because, value.because);
    }
    return new Unknown(because ?? new Map());
  }

  function joined(because, more) {
    return because === null || because.size === 0 ? more : new Map([...because, ...more]);
  }

  /** @param {Truth} value @returns {Truth} */
  function not(value) {
    return value instanceof Unknown ? value : !value;
  }

  /**
   * False if any is false, else unknown if any is unknown, else true. Stops at the first false one.
   * @param {Iterable<Truth>} values
   * @returns {Truth}
   */
  function and(values) {
    let because = null;
    for (const value of values) {
      if (value === false) return false;
      if (value instanceof Unknown) because = joined(because, value.because);
    }
    return because === null ? true : new Unknown(because);
  }

  /**
   * True if any is true, else unknown if any is unknown, else false. Stops at the first true one.
   * @param {Iterable<Truth>} values
   * @returns {Truth}
   */
  function or(values) {
    let because = null;
    for (const value of values) {
      if (value === true) return true;
      if (value instanceof Unknown) because = joined(because, value.because);
    }
    return because === null ? false : new Unknown(because);
  }

  /**
   * Whether at least so many are true; unknown when the unknown ones decide it.
   * @param {number} number
   * @param {Truth[]} values
   * @returns {Truth}
   */
  function atLeast(number, values) {
    const open = values.filter((value) => value instanceof Unknown);
    const holding = values.filter((value) => value === true).length;
    if (holding >= number) return true;
    return holding + open.length >= number ? both(...open) : false;
  }

  /** @param {number} number @param {Truth[]} values @returns {Truth} */
  function atMost(number, values) {
    return not(atLeast(number + 1, values));
  }

  engine.truth = Object.freeze({
    REASON,
    Unknown,
    and,
    atLeast,
    atMost,
    both,
    compareMissing,
    missing,
    not,
    or,
    unknownBecause,
  });
})((globalThis.PathwayEngine ??= {}));
