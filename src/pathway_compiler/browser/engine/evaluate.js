"use strict";
/**
 * What a guideline says about a patient: the whole of it, as `pathway run --no-exact` says it.
 *
 * These are the functions that a page calls; all else is behind them:
 *
 *     const guideline = PathwayEngine.load(JSON.parse(text));                  // pathway-compiled/1
 *     const [found] = PathwayEngine.readPatients(guideline, fileText, "ana.json");
 *     // or, of answers in a form: PathwayEngine.patientFromFacts(guideline, {age: 54}, {asOf: "2019-03-01"})
 *     if (found.patient === null) show(found.diagnostics);                     // code, message, help, path …
 *     const {result, diagnostics, enactment} = PathwayEngine.evaluate(guideline, found.patient);
 *     if (result === null) show(diagnostics);                                  // the data cannot be
 *     else show(result);                                                       // pathway-result/1
 *     // The next visit goes on from where this one ended:
 *     PathwayEngine.evaluate(guideline, later, {enactment});
 */
(function (engine) {
  const { parseDate } = engine.dates;
  const { baseEnvironment } = engine.environment;
  const { accept } = engine.acceptance;
  const { interpret } = engine.interpreter;
  const { summarise } = engine.summary;
  const { outcomeToJson } = engine.result;
  const { advance, waitingOn } = engine.enactment;
  const { diagnostic, diagnosticToJson } = engine.mistakes;
  const { readValue } = engine.patients;
  const { Unknown } = engine.truth;
  const { speak } = engine.text;

  /**
   * @typedef {object} Choices how a run is made; everything may be left out
   * @property {string|PartialDate} [asOf] the day of the evaluation, unless the patient's data say it
   * @property {string} [pathway] where to start; the guideline's entry otherwise
   * @property {Record<string, unknown>} [settings] local policy, written as facts are
   * @property {Record<string, string>} [readings] alternatives of ambiguous sentences, by name
   * @property {?Enactment} [enactment] where an earlier visit ended
   */

  /**
   * @typedef {object} Evaluation
   * @property {?object} result the document `pathway-result/1`; null when the data are refused
   * @property {Diagnostic[]} diagnostics why they are refused
   * @property {?Enactment} enactment where the patient waits now
   */

  /**
   * Run a patient. Throws a plain Error for a pathway, setting or reading that the guideline does not have.
   * @param {Guideline} guideline
   * @param {Patient} patient
   * @param {Choices} choices
   * @returns {Evaluation}
   */
  function evaluate(guideline, patient, choices = {}) {
    speak(guideline.words);
    const enactment = choices.enactment ?? null;
    const asOf = dayOf(choices.asOf ?? null) ?? patient.asOf;
    if (asOf === null || asOf.day === null) {
      const message = `patient \`${patient.id}\`: the day of the evaluation is missing`;
      const help = 'write "as_of" in the data, or give --as-of 2019-03-01';
      return refused([diagnostic("data-date", message, { help, path: ["as_of"] })], enactment);
    }
    const settings = settingsOf(guideline, choices.settings ?? {});
    const readings = readingsOf(guideline, choices.readings ?? {});
    const environment = () => baseEnvironment(guideline, patient, asOf, settings, readings);
    const waiting = enactment === null ? [] : waitingOn(enactment, asOf);
    const problems = accept(environment(), waiting);
    if (problems.length > 0) return refused(problems, enactment);
    const start = choices.pathway ?? enactment?.pathway ?? guideline.header.entry;
    if (!guideline.pathways.has(start)) throw new Error(`there is no pathway called ${start}`);
    const own = environment();
    const outcome = summarise(interpret(guideline, own, start, waiting), own);
    return {
      result: outcomeToJson(outcome, guideline),
      diagnostics: [],
      enactment: advance(enactment, outcome),
    };
  }

  function refused(diagnostics, enactment) {
    return { result: null, diagnostics, enactment };
  }

  /** The document `pathway-refused/1` of a patient who cannot be run. */
  function refusedToJson(id, source, diagnostics) {
    return { format: "pathway-refused/1", patient: id, source, diagnostics: diagnostics.map(diagnosticToJson) };
  }

  function dayOf(day) {
    if (typeof day !== "string") return day;
    const parsed = parseDate(day);
    if (parsed === null) throw new Error(`${day} is not a date such as 2019-03-01`);
    return parsed;
  }

  function settingsOf(guideline, written) {
    return new Map(
      Object.entries(written).map(([name, raw]) => {
        const parameter = guideline.parameters.get(name);
        if (parameter === undefined) throw new Error(`there is no parameter ${name}`);
        const { value, diagnostics } = readValue(guideline, parameter.type, name, parameter.label, raw);
        if (value === null || value instanceof Unknown) {
          throw new Error(diagnostics[0]?.message ?? "a parameter has always a value");
        }
        return [name, value];
      }),
    );
  }

  function readingsOf(guideline, chosen) {
    return new Map(
      Object.entries(chosen).map(([name, alternative]) => {
        if (!guideline.readings.get(name)?.alternatives.has(alternative)) {
          throw new Error(`there is no reading ${name} = ${alternative}`);
        }
        return [name, alternative];
      }),
    );
  }

  Object.assign(engine, {
    evaluate,
    refusedToJson,
    advance,
    enactmentFromJson: engine.enactment.enactmentFromJson,
    enactmentToJson: engine.enactment.enactmentToJson,
    jsonOf: engine.result.jsonOf,
    load: engine.guideline.load,
    parseDate,
    patientFromFacts: engine.patients.patientFromFacts,
    readPatients: engine.patients.readPatients,
    readValue,
  });
})((globalThis.PathwayEngine ??= {}));
