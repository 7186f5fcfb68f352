"use strict";
/** From answers to result documents: each visit goes on from where the one before it ended. */
(function (walk) {
  /**
   * @typedef {object} VisitRun
   * @property {?object} result the document `pathway-result/1`; null when the data are refused
   * @property {object[]} diagnostics why they are refused
   */

  /**
   * Run all visits, up to the first whose data are refused. As in the guideline's own cases, what an earlier
   * visit said without a date is of the day of that visit.
   * @param {object} guideline @param {Answers} answers
   * @returns {VisitRun[]}
   */
  function runVisits(guideline, answers) {
    const { engine } = guideline;
    const known = new Map();
    const runs = [];
    let enactment = null;
    for (const { on, facts } of answers.visits) {
      const read = PathwayEngine.patientFromFacts(engine, Object.fromEntries(facts), { asOf: on });
      if (read.patient === null) return [...runs, { result: null, diagnostics: read.diagnostics }];
      const patient = { id: read.id, asOf: read.patient.asOf, facts: merged(known, read.patient.facts) };
      const run = PathwayEngine.evaluate(engine, patient, {
        pathway: answers.pathway ?? undefined,
        settings: Object.fromEntries(answers.settings),
        readings: Object.fromEntries(answers.readings),
        enactment,
      });
      runs.push({ result: run.result, diagnostics: run.diagnostics });
      if (run.result === null) return runs;
      ({ enactment } = run);
      for (const [name, observations] of read.patient.facts) {
        const dated = observations.map(({ value, date }) => ({ value, date: date ?? patient.asOf }));
        known.set(name, [...(known.get(name) ?? []), ...dated]);
      }
    }
    return runs;
  }

  function merged(known, latest) {
    const facts = new Map(known);
    for (const [name, observations] of latest) facts.set(name, [...(facts.get(name) ?? []), ...observations]);
    return facts;
  }

  /** What is wrong with a single answer, whatever else was answered. @returns {object[]} diagnostics */
  function mistakesOf(guideline, name, raw, on) {
    return PathwayEngine.patientFromFacts(guideline.engine, { [name]: raw }, { asOf: on }).diagnostics;
  }

  /** The answers without what this guideline does not have, and the names of that. */
  function fitting(guideline, answers) {
    const { document } = guideline;
    const gone = [];
    const has = (table, name) => {
      const found = Object.hasOwn(document[table], name);
      if (!found) gone.push(name);
      return found;
    };
    const readings = new Map(
      [...answers.readings].filter(([name, chosen]) => {
        if (!has("readings", name)) return false;
        const known = document.readings[name].alternatives.some((a) => a.name === chosen);
        if (!known) gone.push(`${name} = ${chosen}`);
        return known;
      }),
    );
    const settings = new Map(
      [...answers.settings].filter(([name, raw]) => {
        if (!has("parameters", name)) return false;
        const { type, label } = guideline.engine.parameters.get(name);
        const { value } = PathwayEngine.readValue(guideline.engine, type, name, label, raw);
        if (value === null) gone.push(name);
        return value !== null;
      }),
    );
    const pathway = answers.pathway !== null && has("pathways", answers.pathway) ? answers.pathway : null;
    const visits = answers.visits
      .filter(({ on }) => isDay(on) || gone.push(on) < 0)
      .map(({ on, facts }) => ({ on, facts: new Map([...facts].filter(([name]) => isFact(name))) }));
    function isFact(name) {
      const found = Object.hasOwn(document.elements, name) || Object.hasOwn(document.definitions, name);
      if (!found) gone.push(name);
      return found;
    }
    return { answers: { pathway, readings, settings, visits }, gone };
  }

  /** Whether a text is a full date. */
  function isDay(text) {
    const date = PathwayEngine.parseDate(text);
    return date !== null && date.day !== null;
  }

  walk.runs = Object.freeze({ fitting, isDay, mistakesOf, runVisits });
})((globalThis.PathwayWalk ??= {}));
