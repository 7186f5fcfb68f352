"use strict";
/**
 * From a text of JSON, or from plain values, to patients: each value is read by the type of its element.
 * All mistakes of a patient are found at once, and a patient with a mistake is not returned;
 * `patient_data/typed_facts.py` in JavaScript.
 */
(function (engine) {
  const { Rational, bitsOf } = engine.numbers;
  const { PartialDate, compareDates } = engine.dates;
  const { REASON, missing } = engine.truth;
  const { Entry, ListValue, SetValue, sameValue } = engine.values;
  const { MOST_BITS, NotJson, RawObject, TooDeep, Unusable } = engine.jsonText;
  const { described, linesAndColumns, rawFromValue, readJson } = engine.jsonText;
  const { At, Mistakes, TooManyMistakes, diagnostic } = engine.mistakes;
  const { explainName, hasValue, labelOfFact, typeOfFact } = engine.factNames;
  const { HOW_TO_DATE, REASONS, ScalarReader, ratio } = engine.scalars;
  const { describeType } = engine.describe;
  const { didYouMean, listed } = engine.suggest;
  const { compareText, isPrintable, lengthOf, quoted, strip } = engine.text;

  const LONGEST_ID = 200;
  const LARGEST_TEXT = 20_000_000;
  const RESERVED = ["id", "as_of", "facts", "$schema"];
  const WRITTEN_RESERVED = ["id", "as_of", "facts"];
  const HOW_TO_OBSERVE = 'write `[{"value": …, "date": …}, …]`';
  const HOW_TO_WRITE = 'write `{"id": "p1", "facts": {…}}`, or a list of such objects';
  const NUMERIC = new Set(["count", "number", "quantity"]);

  /** @typedef {{value: Value|Unknown, date: ?PartialDate}} Observation an undated one is of now */

  /**
   * @typedef {object} Patient
   * @property {string} id
   * @property {Map<string, Observation[]>} facts by name of element or definition, the latest one last
   * @property {?PartialDate} asOf the day of the evaluation, when the data say it
   */

  /**
   * @typedef {object} PatientResult
   * @property {string} id
   * @property {string} source
   * @property {?Patient} patient null when there are mistakes
   * @property {Diagnostic[]} diagnostics
   */

  /** Reads the patients of one run, and sees to it that no two have the same id. */
  class PatientReader {
    constructor(guideline, asOf = null) {
      this.guideline = guideline;
      this.asOf = asOf;
      this.origins = new Map();
    }

    /** @returns {PatientResult} */
    read(origin) {
      const one = new OnePatient(origin, this.guideline);
      const id = one.id ?? this.unused(origin.defaultId);
      const earlier = this.origins.get(id) ?? null;
      if (earlier === null) this.origins.set(id, origin.told);
      return { id, source: origin.file, ...one.read(id, this.asOf, earlier) };
    }

    unused(defaultId) {
      let id = defaultId;
      for (let number = 2; this.origins.has(id); number += 1) id = `${defaultId} (${number})`;
      return id;
    }
  }

  class OnePatient {
    constructor(origin, guideline) {
      this.raw = origin.raw;
      this.guideline = guideline;
      this.mistakes = new Mistakes(origin);
      this.scalars = new ScalarReader(guideline, this.mistakes);
      this.patient = origin.raw instanceof RawObject ? origin.raw : new RawObject(new Map());
      this.asOf = null;
      this.id = this.ownId();
    }

    // --- the patient as a whole ------------------------------------------------------------------------

    read(id, asOf, earlier) {
      this.mistakes.name = id;
      let facts = new Map();
      try {
        if (earlier !== null) {
          const message = `another patient has this id already, in ${earlier}`;
          this.mistakes.add("data-duplicate", message, ["id"], "give each patient an id of its own");
        }
        facts = this.readFacts(asOf);
      } catch (error) {
        if (!(error instanceof TooManyMistakes)) throw error;
      }
      const diagnostics = this.mistakes.found;
      const patient = diagnostics.length > 0 ? null : Object.freeze({ id, facts, asOf: this.asOf });
      return { patient, diagnostics };
    }

    readFacts(asOf) {
      const [raw, prefix] = this.rawFacts();
      this.asOf = this.dayOfEvaluation() ?? asOf;
      const found = new Map();
      for (const [name, value] of raw) {
        const type = typeOfFact(this.guideline, name);
        if (type === undefined) {
          const [message, help] = explainName(this.guideline, name);
          this.mistakes.add("data-unknown-name", message, [...prefix, name], help, { key: true });
          continue;
        }
        const at = new At([...prefix, name], labelOfFact(this.guideline, name), name);
        const observations = this.observations(type, value, at);
        if (observations.length > 0) found.set(name, observations);
      }
      return found;
    }

    ownId() {
      const raw = this.patient.get("id") ?? null;
      if (raw === null || raw === "") return null;
      let id = "";
      if (raw instanceof Rational && raw.isWhole && bitsOf(raw) < MOST_BITS) id = String(raw.numerator);
      else if (typeof raw === "string") id = raw;
      if (id === "" || lengthOf(id) > LONGEST_ID || !isPrintable(id)) {
        const help = `write an id of at most ${LONGEST_ID} characters`;
        this.mistakes.add("data-wrong-type", "the id is not a text on one line", ["id"], help);
        return null;
      }
      return id;
    }

    dayOfEvaluation() {
      const raw = this.patient.get("as_of") ?? null;
      if (raw === null) return null;
      const at = new At(["as_of"], "Day of the evaluation", "as_of");
      const date = this.scalars.date(raw, at);
      if (date !== null && date.day === null) {
        const message = "the day of an evaluation must be a full date";
        this.mistakes.wrong("data-date", message, at, HOW_TO_DATE);
        return null;
      }
      return date;
    }

    /** The facts of the patient, and the way to them. @returns {[Iterable<[string, Raw]>, string[]]} */
    rawFacts() {
      const { mistakes, patient } = this;
      if (!(this.raw instanceof RawObject)) {
        const message = `a patient is needed here, and this is ${described(this.raw)}`;
        mistakes.add("data-wrong-type", message, [], 'write `{"id": "p1", "facts": {…}}`');
        return [[], []];
      }
      mistakes.repeated(patient, []);
      if (patient.has("resourceType") && typeOfFact(this.guideline, "resourceType") === undefined) {
        const help = 'write the facts by the names of the guideline: `{"facts": {…}}`';
        mistakes.add("data-unreadable", "this is FHIR, which is not read here", ["resourceType"], help);
        return [[], []];
      }
      if (!patient.has("facts")) {
        return [[...patient.values].filter(([key]) => !RESERVED.includes(key)), []];
      }
      for (const key of patient.keys()) {
        if (RESERVED.includes(key)) continue;
        const isFact = typeOfFact(this.guideline, key) !== undefined;
        const help = isFact ? "put it into `facts`" : didYouMean(key, WRITTEN_RESERVED);
        const message = `${quoted(key)} stands beside \`facts\`, where only \`id\` and \`as_of\` can stand`;
        mistakes.add("data-unknown-name", message, [key], help, { key: true });
      }
      const facts = patient.get("facts");
      if (facts === null) return [[], []];
      if (!(facts instanceof RawObject)) {
        const message = `\`facts\` must be an object, and this is ${described(facts)}`;
        mistakes.add("data-wrong-type", message, ["facts"], 'write `"facts": {"age": 54, …}`');
        return [[], []];
      }
      mistakes.repeated(facts, ["facts"]);
      return [facts.values, ["facts"]];
    }

    // --- observations ----------------------------------------------------------------------------------

    /** @returns {Observation[]} */
    observations(type, raw, at) {
      let series;
      let there = at;
      if (raw instanceof RawObject && raw.has("observations")) {
        this.mistakes.onlyKeys(raw, ["observations"], at);
        series = raw.get("observations");
        there = at.inside("observations");
        if (!Array.isArray(series)) {
          const message = `\`observations\` must be a list, and this is ${described(series)}`;
          this.mistakes.wrong("data-wrong-type", message, there, HOW_TO_OBSERVE);
          return [];
        }
      } else if (isSeries(type, raw)) {
        series = raw;
        if (!series.every((item) => item instanceof RawObject)) {
          const message = `\`${at.name}\` has a single value, and this is a list`;
          const help = `several observations are written ${HOW_TO_OBSERVE.slice(6)}`;
          this.mistakes.wrong("data-wrong-type", message, at, help);
          return [];
        }
      } else {
        const observation = this.observation(type, raw, at);
        return observation === null ? [] : [observation];
      }
      if (series.length === 0) {
        this.mistakes.wrong("data-wrong-type", "an empty list says nothing", there, "write null");
      }
      return this.inTime(type, series, there);
    }

    inTime(type, series, at) {
      const found = new Map();
      series.forEach((item, number) => {
        const there = at.inside(number);
        const observation = this.observation(type, item, there);
        if (observation === null) return;
        const key = observation.date === null ? "" : String(observation.date);
        const earlier = found.get(key);
        if (earlier === undefined) found.set(key, { observation, there });
        else if (!sameValue(earlier.observation.value, observation.value)) {
          const when = key === "" ? "without a date" : `of ${key}`;
          const message = `${at.label}: there are two different values ${when}`;
          const related = [{ text: "the other one", place: this.mistakes.place(earlier.there.path) }];
          const help = "keep one of them, or correct a date";
          this.mistakes.add("data-duplicate", message, there.path, help, { related });
        }
      });
      const all = [...found.values()].map(({ observation }) => observation);
      return all.sort((left, right) => orderInTime(left.date, right.date));
    }

    observation(type, raw, at) {
      let date = null;
      if (raw instanceof RawObject && raw.has("date") && raw.get("date") !== null) {
        const there = at.inside("date");
        date = this.scalars.date(raw.get("date"), there);
        this.notInTheFuture(date, there);
      }
      const value = this.value(type, raw, at, true);
      return value === null ? null : Object.freeze({ value, date });
    }

    notInTheFuture(date, at) {
      if (date === null || this.asOf === null || compareDates(">", date, this.asOf) !== true) return;
      const message = `this is dated after the day of the evaluation: ${date} comes after ${this.asOf}`;
      const help = "correct the date, or evaluate as of a later day";
      this.mistakes.wrong("data-future", message, at, help);
    }

    // --- values: null means that there is nothing to keep, or that a mistake is noted --------------------

    /** @returns {?(Value|Unknown)} */
    value(type, raw, at, dated = false) {
      if (raw instanceof RawObject) return this.object(type, raw, at, dated);
      if (raw === null) return null;
      if (typeof raw === "string" && !hasValue(this.guideline, type, raw)) {
        const colon = raw.indexOf(":");
        const word = colon < 0 ? raw : raw.slice(0, colon);
        if (strip(word) === "unknown") {
          return this.unknown(colon < 0 ? REASON.NOT_KNOWN : strip(raw.slice(colon + 1)), at);
        }
      }
      if (type.is === "set") return this.set(type, raw, true, at);
      if (type.is === "list") return this.list(type, raw, true, at);
      return this.scalars.read(type, raw, at);
    }

    /** A value with its unit, date or completeness, or the reason why there is none. */
    object(type, raw, at, dated) {
      const { mistakes } = this;
      const many = type.is === "set" || type.is === "list";
      const contents = many ? ["value", "items", "unknown"] : ["value", "unknown"];
      const extra = many ? ["complete"] : NUMERIC.has(type.is) ? ["unit"] : [];
      if (many && ![...contents, "date", "complete"].some((key) => raw.has(key))) {
        const form = type.is === "list" ? "`[{…}, …]`" : "`[…]`";
        const message = `\`${at.name}\` is a ${describeType(type)}, and this is an object`;
        mistakes.wrong("data-wrong-type", message, at, `write a list: ${form}`);
        return null;
      }
      if (!mistakes.onlyKeys(raw, [...contents, ...extra, ...(dated ? ["date"] : [])], at)) return null;
      const given = contents.filter((key) => raw.has(key));
      if (given.includes("unknown")) {
        given.push(...extra.filter((key) => (raw.get(key) ?? null) !== null));
      }
      if (given.length !== 1) {
        const message =
          given.length > 0
            ? `${quoted(given[0])} and ${quoted(given[1])} cannot both be said`
            : "neither a value is given nor why there is none";
        mistakes.wrong("data-wrong-type", message, at, howToSay(type));
        return null;
      }
      let content = raw.get(given[0]);
      const inner = at.inside(given[0]);
      if (given[0] === "unknown") return this.unknown(content, inner);
      if (many) return this.many(type, raw, content, inner);
      if (NUMERIC.has(type.is) && content instanceof RawObject) content = ratio(content);
      if (NUMERIC.has(type.is) && (raw.get("unit") ?? null) !== null) {
        if (content === null || content instanceof RawObject) {
          mistakes.wrong("data-wrong-type", "there is a unit, and no number", inner);
          return null;
        }
        return this.scalars.number(type, content, inner, raw.get("unit"), at.inside("unit"));
      }
      if (content instanceof RawObject) {
        mistakes.wrong("data-wrong-type", "this is an object, and a value is needed", inner);
        return null;
      }
      return this.value(type, content, inner);
    }

    /** The items of a set or a list that says whether it is complete. */
    many(type, raw, content, at) {
      const { mistakes } = this;
      if (content instanceof RawObject) {
        if (raw.has("value") && !raw.has("complete") && content.has("items")) {
          return this.object(type, content, at, false);
        }
        mistakes.wrong("data-wrong-type", "this is an object, and a list is needed", at);
        return null;
      }
      let complete = true;
      if ((raw.get("complete") ?? null) !== null) {
        const outside = new At([...at.path.slice(0, -1), "complete"], at.label, at.name);
        complete = this.scalars.boolean(raw.get("complete"), outside);
      }
      if (content === null) {
        if (raw.has("complete")) {
          mistakes.wrong("data-wrong-type", "there are no items", at, "write `[]` for none");
        }
        return null;
      }
      const isText = typeof content === "string" || content instanceof Unusable;
      if (isText && !raw.has("complete")) return this.value(type, content, at);
      if (type.is === "set") return this.set(type, content, complete !== false, at);
      return this.list(type, content, complete !== false, at);
    }

    unknown(reason, at) {
      const text = reason instanceof Unusable ? reason.text : reason;
      if (REASONS.includes(text)) return missing(at.name, text);
      const isText = typeof text === "string";
      const shown = isText ? quoted(text) : described(reason);
      const help = isText ? didYouMean(text, REASONS) : null;
      const message = `${shown} is not a reason for missing data`;
      this.mistakes.wrong("data-unknown-value", message, at, help ?? listed(REASONS, "the reasons are"));
      return null;
    }

    set(type, raw, complete, at) {
      const { mistakes } = this;
      if (!Array.isArray(raw)) {
        const message = `\`${at.name}\` is a ${describeType(type)}, and this is ${described(raw)}`;
        const help = "write the values in brackets, as in `[first, second]`, or `[]` for none";
        mistakes.wrong("data-wrong-type", message, at, help);
        return null;
      }
      const items = new Map();
      raw.forEach((item, number) => {
        const there = at.inside(number);
        const isMissing = item === null || item === "unknown";
        if (isMissing && !(typeof item === "string" && hasValue(this.guideline, type, item))) {
          const help = 'if there may be others, write `{"items": […], "complete": false}`';
          mistakes.wrong("data-wrong-type", "a value of a set cannot be missing", there, help);
          return;
        }
        const value = this.scalars.read(type.of, item, there);
        if (value === null) return;
        if (items.has(value)) {
          const shown = typeof value === "boolean" ? (value ? "True" : "False") : value;
          const related = [{ text: "the first one", place: mistakes.place(items.get(value).path) }];
          const message = `${at.label}: ${quoted(shown)} is given twice`;
          mistakes.add("data-duplicate", message, there.path, "keep one of them", { related });
        } else items.set(value, there);
      });
      return new SetValue([...items.keys()], complete);
    }

    list(type, raw, complete, at) {
      if (!Array.isArray(raw)) {
        const message = `\`${at.name}\` is a ${describeType(type)}, and this is ${described(raw)}`;
        const help = "write a list of objects: `[{…}, …]`, or `[]` for none";
        this.mistakes.wrong("data-wrong-type", message, at, help);
        return null;
      }
      const entries = [];
      raw.forEach((item, number) => {
        const there = at.inside(number, `${at.label}, entry ${number + 1}`);
        if (item instanceof RawObject) entries.push(this.entry(type, item, there));
        else {
          const message = `\`${at.name}\` holds ${type.record} records, and this is ${described(item)}`;
          this.mistakes.wrong("data-wrong-type", message, there, "write an object with its fields: `{…}`");
        }
      });
      return new ListValue(entries, complete);
    }

    entry(type, raw, at) {
      const record = this.guideline.records.get(type.record);
      this.mistakes.onlyKeys(raw, [...record.fields.keys()], at);
      const found = [];
      for (const [name, part] of raw.values) {
        const field = record.fields.get(name);
        if (field === undefined) continue;
        const there = new At([...at.path, name], `${at.label}, ${field.label || name}`, `${at.name}.${name}`);
        const value = this.value(field.type, part, there);
        if (value === null || value instanceof ListValue) continue;
        found.push([name, value]);
        if (name === record.dated_by && value instanceof PartialDate) this.notInTheFuture(value, there);
      }
      return new Entry(new Map(found.sort(([a], [b]) => compareText(a, b))));
    }
  }

  /** Whether a list is one of observations, and not of the items of one value. */
  function isSeries(type, raw) {
    if (!Array.isArray(raw) || type.is === "list") return false;
    if (type.is === "set") return raw.length > 0 && raw.every((item) => item instanceof RawObject);
    return true;
  }

  /** Earlier days first; what has no date is of now, and comes last. */
  function orderInTime(left, right) {
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return (
      left.year - right.year ||
      (left.month ?? 0) - (right.month ?? 0) ||
      (left.day ?? 0) - (right.day ?? 0)
    );
  }

  function howToSay(type) {
    const many = type.is === "set" || type.is === "list";
    const key = many ? '"items": […]' : '"value": …';
    return `write \`{${key}}\` or \`{"unknown": "not done"}\``;
  }

  // --- where patients come from ------------------------------------------------------------------------

  /**
   * The patients of a text: JSON, or one patient a line when its name ends in `.ndjson` or `.jsonl`.
   * @param {Guideline} guideline
   * @param {string} text
   * @param {string} name of the file, for messages
   * @param {?PartialDate} asOf the day of the evaluation, unless the data say it
   * @returns {PatientResult[]}
   */
  function readPatients(guideline, text, name, asOf = null) {
    const stem = name.replace(/^.*[/\\]/, "").replace(/(.)\.[^.]*$/, "$1");
    const whole = text.replace(/^\ufeff/, "");
    const reader = new PatientReader(guideline, asOf);
    if (whole.length > LARGEST_TEXT) {
      const message = `this file is larger than ${LARGEST_TEXT / 1_000_000} MB`;
      return [unreadable(name, stem, message, { help: "split it" })];
    }
    if (/\.(ndjson|jsonl)$/i.test(name)) return lines(reader, whole, name, stem);
    const found = json(whole, name, stem, 1);
    if (found.diagnostics) return [found];
    if (found.raw === null) {
      const place = linesAndColumns(whole, found.place, name);
      return [unreadable(name, stem, "there is no patient in this file", { help: HOW_TO_WRITE, place })];
    }
    return [...patientsOf(found.raw, name, stem)].map((one) =>
      reader.read({ ...one, text: whole, place: found.place, file: name, firstLine: 1 }),
    );
  }

  function lines(reader, text, name, stem) {
    const results = [];
    text.split("\n").forEach((line, index) => {
      if (strip(line) === "") return;
      const defaultId = `${stem}#${results.length + 1}`;
      const shown = line.replace(/\r+$/, "");
      const found = json(shown, name, defaultId, index + 1);
      if (found.diagnostics) results.push(found);
      else {
        const told = `${name}:${index + 1}`;
        const origin = { raw: found.raw, path: [], place: found.place, text: shown, file: name };
        results.push(reader.read({ ...origin, defaultId, told, firstLine: index + 1 }));
      }
    });
    return results;
  }

  /** One text as plain data, or a result that says why it is not JSON. */
  function json(text, name, id, firstLine) {
    try {
      return readJson(text);
    } catch (error) {
      if (error instanceof TooDeep) {
        const place = linesAndColumns(text, { start: 0, end: 1 }, name, firstLine);
        return unreadable(name, id, "lists and objects are nested too deeply", { place });
      }
      if (!(error instanceof NotJson)) throw error;
      const end = trimmedEnd(text);
      const start = Math.min(error.at, end);
      const range = { start, end: Math.min(start + 1, text.length) };
      const place = linesAndColumns(text, range, name, firstLine);
      const help = start >= end ? "the text ends too early: is the file complete?" : null;
      return unreadable(name, id, `this is not JSON: ${error.message}`, { place, help });
    }
  }

  /** Where the text ends without the space behind it. */
  function trimmedEnd(text) {
    return strip(`x${text}`).length - 1;
  }

  function unreadable(source, id, message, more) {
    return { id, source, patient: null, diagnostics: [diagnostic("data-unreadable", message, more)] };
  }

  /** The patients of one document: one, a list of them, or `{"patients": […]}`. */
  function* patientsOf(document, name, stem) {
    let raw = document;
    const path = [];
    if (raw instanceof RawObject && raw.keys().filter((key) => key !== "$schema").join("\n") === "patients") {
      raw = raw.get("patients");
      path.push("patients");
    }
    if (!Array.isArray(raw)) {
      yield { raw, path, defaultId: stem, told: name };
      return;
    }
    for (const [number, patient] of raw.entries()) {
      const told = `${name}, patient ${number + 1}`;
      yield { raw: patient, path: [...path, number], defaultId: `${stem}#${number + 1}`, told };
    }
  }

  /**
   * A patient from plain values by name of fact, written as in a JSON file.
   * @param {Guideline} guideline
   * @param {Record<string, unknown>} facts
   * @param {{id?: string, asOf?: ?string}} more
   * @returns {PatientResult}
   */
  function patientFromFacts(guideline, facts, { id = "patient", asOf = null } = {}) {
    const raw = rawFromValue({ id, as_of: asOf, facts });
    const origin = { raw, path: [], place: null, text: "", file: "facts", firstLine: 1 };
    return new PatientReader(guideline).read({ ...origin, defaultId: "patient", told: "facts" });
  }

  /**
   * A single value of a fact, read as a patient's is: for settings, and for answers one by one.
   * @returns {{value: ?(Value|Unknown), diagnostics: Diagnostic[]}}
   */
  function readValue(guideline, type, name, label, written) {
    const raw = rawFromValue(written);
    const origin = { raw: new RawObject(new Map()), path: [], place: null, text: "", file: "", firstLine: 1 };
    const one = new OnePatient({ ...origin, defaultId: "you" }, guideline);
    const value = one.value(type, raw, new At([name], label, name));
    return { value: one.mistakes.found.length > 0 ? null : value, diagnostics: one.mistakes.found };
  }

  engine.patients = Object.freeze({ patientFromFacts, readPatients, readValue });
})((globalThis.PathwayEngine ??= {}));
