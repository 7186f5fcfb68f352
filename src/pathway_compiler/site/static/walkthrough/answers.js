"use strict";
/**
 * What was answered, as plain data that never changes in place.
 *
 * An answer is written as in a patient file (`dsl/patient.schema.json`): `true`, `"positive"`, `12`,
 * `{"value": 12, "date": "2019-03"}`, `["bone"]`, `{"items": ["bone"], "complete": false}`,
 * `{"unknown": "asked but not known"}`, or several observations.
 */
(function (walk) {
  /** As data files say it when somebody asked and there is no answer. */
  const UNKNOWN = Object.freeze({ unknown: "asked but not known" });

  /**
   * @typedef {object} Visit
   * @property {string} on the day, as 2019-03-01
   * @property {Map<string, unknown>} facts by name of element or definition, in the order they were answered
   *
   * @typedef {object} Answers
   * @property {?string} pathway where a run starts; null for the entry
   * @property {Map<string, string>} readings that were chosen otherwise
   * @property {Map<string, unknown>} settings that were chosen otherwise
   * @property {Visit[]} visits at least one
   */

  /** @returns {Answers} */
  function start(on) {
    return { pathway: null, readings: new Map(), settings: new Map(), visits: [{ on, facts: new Map() }] };
  }

  /** With one answer more, or another one in its old place. @param {Answers} answers */
  function answered(answers, visit, name, raw) {
    return withVisit(answers, visit, (old) => ({ ...old, facts: new Map(old.facts).set(name, raw) }));
  }

  /** Without one answer; all others stay. */
  function withdrawn(answers, visit, name) {
    return withVisit(answers, visit, (old) => {
      const facts = new Map(old.facts);
      facts.delete(name);
      return { ...old, facts };
    });
  }

  function onDay(answers, visit, on) {
    return withVisit(answers, visit, (old) => ({ ...old, on }));
  }

  function withVisit(answers, number, change) {
    const visits = answers.visits.map((visit, at) => (at === number ? change(visit) : visit));
    return { ...answers, visits };
  }

  /** With a later visit at the end. */
  function nextVisit(answers, on) {
    return { ...answers, visits: [...answers.visits, { on, facts: new Map() }] };
  }

  /** Without the last visit. */
  function withoutLastVisit(answers) {
    return { ...answers, visits: answers.visits.slice(0, -1) };
  }

  /** With a choice that differs from the guideline's own; undefined goes back to that. */
  function chosen(answers, table, name, value) {
    const found = new Map(answers[table]);
    if (value === undefined) found.delete(name);
    else found.set(name, value);
    return { ...answers, [table]: found };
  }

  function isEmpty(answers) {
    return answers.visits.length === 1 && answers.visits[0].facts.size === 0;
  }

  // --- reading an answer -------------------------------------------------------------------------------

  /**
   * An answer taken apart. Several observations are `many`, which a simple field does not show.
   * @returns {{value?: unknown, unit?: string, complete?: boolean, unknown?: string, date?: string, many?: boolean}}
   */
  function parts(raw) {
    if (Array.isArray(raw) && raw.length > 0 && raw.every(isObservation)) {
      return raw.length === 1 ? parts(raw[0]) : { many: true };
    }
    if (!isObject(raw)) {
      const missing = typeof raw === "string" && /^unknown(:|$)/.exec(raw.trim());
      return missing ? { unknown: raw.split(":")[1]?.trim() ?? UNKNOWN.unknown } : { value: raw };
    }
    if ("observations" in raw) return parts(raw.observations);
    const date = raw.date ?? undefined;
    if ("unknown" in raw) return { unknown: raw.unknown, date };
    if ("items" in raw) return { value: raw.items, complete: raw.complete !== false, date };
    if (isObject(raw.value)) return { ...parts(raw.value), date };
    return { value: raw.value, unit: raw.unit ?? undefined, complete: raw.complete !== false, date };
  }

  /** An answer put together again, as short as it can be written. */
  function whole({ value, unit, complete = true, unknown, date }) {
    const dated = date ? { date } : {};
    if (unknown !== undefined) return { unknown, ...dated };
    if (!complete) return { items: value, complete: false, ...dated };
    if (unit) return { value, unit, ...dated };
    return date ? { value, date } : value;
  }

  function isObject(raw) {
    return typeof raw === "object" && raw !== null && !Array.isArray(raw);
  }

  /** Whether something in a list is an observation, and no record of a list. */
  function isObservation(raw) {
    return isObject(raw) && ("value" in raw || "unknown" in raw || "items" in raw);
  }

  walk.answers = Object.freeze({
    UNKNOWN, answered, chosen, isEmpty, isObject, nextVisit, onDay, parts, start, whole, withdrawn, withoutLastVisit,
  });
})((globalThis.PathwayWalk ??= {}));
