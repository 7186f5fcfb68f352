"use strict";
/**
 * The mistakes of one patient, each with its code, its words and its place; `patient_data/mistakes.py`.
 */
(function (engine) {
  const { keyPlaces, linesAndColumns, placeOf } = engine.jsonText;
  const { quoted } = engine.text;
  const { didYouMean, listed } = engine.suggest;

  /** What each code stands for, as the compiler says it. */
  const TITLES = Object.freeze({
    "data-conflict": "Patient data entered directly and by history that do not agree",
    "data-constraint": "Patient data that break a constraint of the guideline",
    "data-date": "Patient data with an impossible date",
    "data-duplicate": "Patient data that says the same thing twice",
    "data-future": "Patient data dated after the day of the evaluation",
    "data-out-of-range": "Patient data outside the range of the element",
    "data-unit": "Patient data in a unit that does not fit the element",
    "data-unknown-name": "Patient data under a name that the guideline does not have",
    "data-unknown-value": "Patient data with a value that the element does not have",
    "data-unreadable": "Patient data that cannot be read",
    "data-wrong-type": "Patient data of another type than the element has",
  });

  /**
   * @typedef {object} Diagnostic
   * @property {string} code
   * @property {string} severity
   * @property {string} title
   * @property {string} message
   * @property {?string} help
   * @property {string[]} notes
   * @property {?object} place file, start and end; null where there is no text
   * @property {{text: string, place: ?object}[]} related
   * @property {(string|number)[]} path the way to the value within the patient
   */

  /** @returns {Diagnostic} */
  function diagnostic(code, message, { help = null, place = null, related = [], path = [] } = {}) {
    return { code, severity: "error", title: TITLES[code], message, help, notes: [], place, related, path };
  }

  /** A diagnostic as `pathway run --json` writes it. @param {Diagnostic} found */
  function diagnosticToJson(found) {
    const { code, severity, title, message, help, notes, place, related } = found;
    return { code, severity, title, message, help, notes, place, related };
  }

  /** Which value is being read: its way, what a reader calls it, and the name of its fact. */
  class At {
    /** @param {(string|number)[]} path @param {string} label @param {string} name */
    constructor(path, label, name) {
      this.path = path;
      this.label = label;
      this.name = name;
    }

    inside(step, label = this.label) {
      return new At([...this.path, step], label, this.name);
    }
  }

  /** So much is wrong with a patient that the rest is not looked at. */
  class TooManyMistakes extends Error {}

  const MOST_MISTAKES = 100;

  /** What is wrong with one patient; `name` is what messages call the patient. */
  class Mistakes {
    /** @param {object} origin raw, path, place, text, file, firstLine of the patient */
    constructor(origin) {
      /** @type {Diagnostic[]} */
      this.found = [];
      this.name = origin.defaultId;
      this.origin = origin;
    }

    /** Note a mistake at a place within the patient. */
    add(code, message, path, help = null, { key = false, related = [] } = {}) {
      const said = `patient ${quoted(this.name)}: ${message}`;
      this.found.push(diagnostic(code, said, { help, place: this.place(path, key), related, path }));
      if (this.found.length === MOST_MISTAKES) {
        const end = `patient ${quoted(this.name)}: after ${MOST_MISTAKES} mistakes reading stops`;
        this.found.push(diagnostic("data-unreadable", end, { place: this.place([], false) }));
        throw new TooManyMistakes();
      }
    }

    /** Note a mistake in the value that is being read. @param {At} at */
    wrong(code, message, at, help = null) {
      this.add(code, `${at.label}: ${message}`, at.path, help);
    }

    /** The place of a value of this patient, or of the key that it stands under. */
    place(path, key = false) {
      const { text, place, file, firstLine } = this.origin;
      if (place === null) return null;
      const whole = [...this.origin.path, ...path];
      const keys = key ? keyPlaces(place, whole) : [];
      const found = keys.length > 0 ? keys[keys.length - 1] : placeOf(place, whole);
      return linesAndColumns(text, found, file, firstLine);
    }

    /** Note the keys that stand in an object more than once. */
    repeated(raw, path) {
      const { text, place, file, firstLine } = this.origin;
      for (const key of raw.repeated) {
        const [first] = place === null ? [] : keyPlaces(place, [...this.origin.path, ...path, key]);
        const related = first
          ? [{ text: "the first one", place: linesAndColumns(text, first, file, firstLine) }]
          : [];
        this.add("data-duplicate", `${quoted(key)} is given twice`, [...path, key], "keep one of them", {
          key: true,
          related,
        });
      }
    }

    /** Whether an object has only these keys, each once. @param {At} at */
    onlyKeys(raw, allowed, at) {
      const before = this.found.length;
      this.repeated(raw, at.path);
      for (const key of raw.keys()) {
        if (allowed.includes(key)) continue;
        const help = didYouMean(key, allowed) ?? listed(allowed, "what can be said is");
        this.add("data-unknown-name", `${at.label}: ${quoted(key)} cannot be said here`, [...at.path, key], help, {
          key: true,
        });
      }
      return this.found.length === before;
    }
  }

  engine.mistakes = Object.freeze({ At, Mistakes, TITLES, TooManyMistakes, diagnostic, diagnosticToJson });
})((globalThis.PathwayEngine ??= {}));
