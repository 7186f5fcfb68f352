"use strict";
/**
 * Runs patients as told on standard input, one line of JSON for each, and answers each with one line.
 *
 * {"load": document}: the guideline of the lines that follow.
 * {"visits": [{"text", "name", "day"}], "choices": {…}}: one patient, visit by visit.
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
  const documents = [];
  let enactment = null;
  for (const { text, name, day } of told.visits) {
    const asOf = day === null ? null : engine.parseDate(day);
    for (const found of engine.readPatients(guideline, text, name, asOf)) {
      const run =
        found.patient === null
          ? { result: null, diagnostics: found.diagnostics, enactment }
          : engine.evaluate(guideline, found.patient, { ...told.choices, enactment });
      documents.push(run.result ?? engine.refusedToJson(found.id, found.source, run.diagnostics));
      enactment = run.enactment;
    }
  }
  return {
    documents,
    enactment: enactment === null ? null : engine.enactmentToJson(enactment, guideline),
  };
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
