"use strict";
/**
 * What an expression is evaluated in: one patient, one day, one choice of settings and readings.
 */
(function (engine) {
  const { sameDate } = engine.dates;
  const { Candidates } = engine.values;

  /**
   * The patient's facts as one visit sees them. `since` is the day a review began: facts read after it are
   * those dated later, unless lasting or read with `ever`. `cache` holds derived values.
   */
  class Environment {
    constructor(parts) {
      /** @type {Guideline} */ this.guideline = parts.guideline;
      /** @type {Patient} */ this.patient = parts.patient;
      /** @type {PartialDate} */ this.asOf = parts.asOf;
      /** @type {Map<string, Value>} */ this.settings = parts.settings;
      /** @type {Map<string, string>} */ this.readings = parts.readings;
      /** @type {?PartialDate} */ this.since = parts.since ?? null;
      /** @type {Map<string, Value>} */ this.told = parts.told ?? new Map();
      /** @type {Map<string, Candidates>} */ this.variables = parts.variables ?? new Map();
      /** @type {Map<string, Result>} */ this.cache = parts.cache ?? new Map();
      Object.freeze(this);
    }

    /** The same without regard to the review. */
    atAnyTime() {
      return this.since === null ? this : new Environment({ ...this, since: null, cache: new Map() });
    }

    /** The same for a visit that goes on from a review. @param {?PartialDate} since */
    after(since) {
      const same = since === null ? this.since === null : this.since !== null && sameDate(since, this.since);
      return same ? this : new Environment({ ...this, since, cache: new Map() });
    }

    /** The same within a followed pathway; derived values do not depend on what it is told. */
    withTold(told) {
      return new Environment({ ...this, told });
    }

    /** The same with a record at hand; `doubt` says what is missing when one of its fields is. */
    withVariable(name, record, doubt) {
      const bound = new Candidates([record], false, doubt);
      return new Environment({ ...this, variables: new Map([...this.variables, [name, bound]]) });
    }
  }

  /**
   * The environment of a first visit: parameters at their defaults, readings as chosen, if not given.
   * @param {Guideline} guideline
   * @param {Patient} patient
   * @param {PartialDate} asOf
   * @param {Map<string, Value>} settings
   * @param {Map<string, string>} readings
   */
  function baseEnvironment(guideline, patient, asOf, settings, readings) {
    const defaults = [...guideline.parameters].map(([name, parameter]) => [name, parameter.default]);
    const chosen = [...guideline.readings].map(([name, reading]) => [name, reading.chosen]);
    return new Environment({
      guideline,
      patient,
      asOf,
      settings: new Map([...defaults, ...settings]),
      readings: new Map([...chosen, ...readings]),
    });
  }

  engine.environment = Object.freeze({ Environment, baseEnvironment });
})((globalThis.PathwayEngine ??= {}));
