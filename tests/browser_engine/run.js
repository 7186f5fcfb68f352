"use strict";
/**
 * Runs patients as told on standard input, one line of JSON for each, and answers each with one line.
 *
 * {"load": document}: the guideline of the lines that follow.
 * {"visits": [{"text", "name", "day"}], "choices": {…}}: one patient, visit by visit.
 * {"facts": {…}, "id", "day"}: one patient whose facts are values, as a page has them.
 * {"enactment": data}: an enactment read and written again, or what is wrong with it.
 * {"call": [module, function, …arguments]}: one function of the engine.
 */
const readline = require("node:readline");
const path = require("node:path");

const engine = require(path.resolve(process.argv[2]));
let guideline = null;

function answer(told) {
  if (told.load !== undefined) {
    guideline = engine.load(told.load);
    return {};
  }
  if (told.call !== undefined) {
    const [module, name, ...rest] = told.call;
    return { value: engine[module][name](...rest) ?? null };
  }
  if (told.enactment !== undefined) return again(told.enactment);
  if (told.facts !== undefined) {
    const found = engine.patientFromFacts(guideline, told.facts, { id: told.id, asOf: told.day });
    return { documents: [run(found, told.choices ?? {}, null).document] };
  }
  const documents = [];
  let enactment = null;
  for (const { text, name, day } of told.visits) {
    const asOf = day === null ? null : engine.parseDate(day);
    for (const found of engine.readPatients(guideline, text, name, asOf)) {
      const done = run(found, told.choices, enactment);
      documents.push(done.document);
      // Written and read again, as a page keeps it between visits.
      const kept = done.enactment && engine.enactmentToJson(done.enactment, guideline);
      enactment = kept && engine.enactmentFromJson(kept, guideline);
    }
  }
  return {
    documents,
    enactment: enactment === null ? null : engine.enactmentToJson(enactment, guideline),
  };
}

function run(found, choices, enactment) {
  const { patient } = found;
  const done =
    patient === null
      ? { result: null, diagnostics: found.diagnostics, enactment }
      : engine.evaluate(guideline, patient, { ...choices, enactment });
  const document = done.result ?? engine.refusedToJson(found.id, found.source, done.diagnostics);
  return { document, enactment: done.enactment };
}

function again(data) {
  try {
    return { value: engine.enactmentToJson(engine.enactmentFromJson(data, guideline), guideline) };
  } catch (error) {
    if (error instanceof engine.enactment.EnactmentError) return { value: error.message };
    throw error;
  }
}

const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
lines.on("line", (line) => {
  let found;
  try {
    found = answer(JSON.parse(line));
  } catch (error) {
    found = { error: String(error.stack) };
  }
  process.stdout.write(`${engine.jsonOf(found)}\n`);
});
