"use strict";
/**
 * The answers in the address of the page, after `#`, which no browser sends anywhere.
 *
 *     #answers&text=032812add255&on=2019-03-01&her2_status=positive&abc_antiher2_lines=0&on=2019-06-01&…
 *
 * Only values of data elements are in it: no name, no id of a patient, no file, no date of birth. An answer is
 * written as it is when it reads as nothing else, and as JSON otherwise. Our own keys stand before the
 * first visit, or have a full stop, which no name of the guideline has.
 */
(function (walk) {
  const MARK = "answers";

  /**
   * @param {Answers} answers @param {string} hash of the guideline's text
   * @param {Set<string>} identifying names that never go into a link
   */
  function toFragment(answers, hash, identifying) {
    const found = [`text=${hash.slice(0, 12)}`];
    if (answers.pathway !== null) found.push(`start=${encoded(answers.pathway)}`);
    for (const [name, value] of answers.readings) found.push(`reading.${name}=${written(value)}`);
    for (const [name, value] of answers.settings) found.push(`setting.${name}=${written(value)}`);
    for (const { on, facts } of answers.visits) {
      found.push(`visit.on=${encoded(on)}`);
      for (const [name, raw] of facts) if (!identifying.has(name)) found.push(`${encoded(name)}=${written(raw)}`);
    }
    return [MARK, ...found].join("&");
  }

  /**
   * @param {string} fragment what stands after `#`, perhaps behind the name of a page
   * @returns {?{answers: Answers, text: string}} null when it holds no answers
   */
  function fromFragment(fragment) {
    const at = fragment.indexOf(`${MARK}&`);
    if (at < 0 || (at > 0 && fragment[at - 1] !== "/")) return null;
    const answers = { pathway: null, readings: new Map(), settings: new Map(), visits: [] };
    let text = "";
    for (const part of fragment.slice(at).split("&").slice(1)) {
      const sign = part.indexOf("=");
      if (sign < 1) continue;
      const key = decoded(part.slice(0, sign));
      const value = decoded(part.slice(sign + 1));
      const visit = answers.visits.at(-1);
      if (key === "visit.on") answers.visits.push({ on: value, facts: new Map() });
      else if (visit !== undefined) visit.facts.set(key, read(value));
      else if (key === "text") text = value;
      else if (key === "start") answers.pathway = value;
      else if (key.startsWith("reading.")) answers.readings.set(key.slice(8), String(read(value)));
      else if (key.startsWith("setting.")) answers.settings.set(key.slice(8), read(value));
    }
    return answers.visits.length > 0 ? { answers, text } : null;
  }

  function written(raw) {
    const plain = typeof raw === "string" && read(raw) === raw;
    return encoded(plain ? raw : JSON.stringify(raw));
  }

  function read(text) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  /** Like encodeURIComponent; commas and colons stay, since they need no escape after `#`. */
  function encoded(text) {
    return encodeURIComponent(text).replace(/%2C/g, ",").replace(/%3A/g, ":");
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  walk.link = Object.freeze({ fromFragment, toFragment });
})((globalThis.PathwayWalk ??= {}));
