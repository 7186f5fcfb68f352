"use strict";
/** A patient's file, by the file picker or dropped on the page. It is read here and goes nowhere. */
(function (walk) {
  const { element, fill } = walk.dom;
  const { say, sayMany } = walk.words;

  const LARGEST = 20_000_000;

  /**
   * @param {{input: HTMLInputElement, report: HTMLElement, drop: HTMLElement}} places `drop` is where files may fall
   * @param {object} guideline
   * @param {(patient: {facts: Map<string, unknown>, on: ?string}) => void} take
   */
  function filesPanel({ input, report, drop }, guideline, take) {
    input.addEventListener("change", () => {
      const [file] = input.files;
      input.value = "";
      if (file) open(file);
    });

    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    drop.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      drop.classList.add("dropping");
    });
    drop.addEventListener("dragleave", (event) => {
      if (!drop.contains(event.relatedTarget)) drop.classList.remove("dropping");
    });
    drop.addEventListener("drop", (event) => {
      drop.classList.remove("dropping");
      if (!carriesFiles(event)) return;
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      if (file) open(file);
    });

    async function open(file) {
      if (file.size > LARGEST) {
        tell("trouble", element("p", {}, say("fileTooLarge", { name: file.name })));
        return;
      }
      const text = await file.text();
      const results = PathwayEngine.readPatients(guideline.engine, text, file.name);
      const good = results.filter((r) => r.patient !== null);
      if (results.length === 0) tell("trouble", element("p", {}, say("noPatient", { name: file.name })));
      else if (results.length === 1 && good.length === 1) load(file.name, results, results[0], text);
      else if (good.length === 0) tell("trouble", mistakes(file.name, results));
      else choose(file.name, results, text);
    }

    function load(name, results, result, text) {
      const raw = rawPatients(name, text)[results.indexOf(result)];
      const facts = new Map(Object.entries(raw).filter(([, value]) => value !== null));
      const { asOf } = result.patient;
      tell("loaded", element("p", {}, say("loaded", { patient: result.id, name, facts: facts.size })));
      take({ facts, on: asOf === null ? null : String(asOf) });
    }

    /** A file of several patients: one of them is taken. */
    function choose(name, results, text) {
      const good = results.filter((r) => r.patient !== null);
      const select = element("select", {}, good.map((r, at) => element("option", { value: String(at) }, r.id)));
      const use = () => load(name, results, good[Number(select.value)], text);
      const refused = results.filter((r) => r.patient === null);
      tell(
        refused.length > 0 ? "trouble" : "loaded",
        element("p", {}, sayMany("severalPatients", results.length, { name })),
        element("p", { class: "buttons" }, element("label", {}, say("whichPatient"), " ", select), walk.question.button(say("takePatient"), use)),
        refused.length > 0 && mistakes(name, refused),
      );
      select.focus();
    }

    /** In the engine's words, with the place in the file. */
    function mistakes(name, results) {
      return [
        element("p", {}, element("strong", {}, say("fileRefused", { name }))),
        element(
          "ul",
          { class: "mistakes" },
          results.flatMap((r) =>
            r.diagnostics.map((d) => element("li", {}, placeOf(d), d.message, d.help && element("span", { class: "quiet block" }, d.help))),
          ),
        ),
      ];
    }

    function placeOf({ place }) {
      const line = place?.line ?? place?.start?.line;
      const column = place?.column ?? place?.start?.column;
      return line === undefined || line === null ? null : element("span", { class: "quiet" }, say("lineAndColumn", { line, column }), " ");
    }

    function tell(kind, ...children) {
      report.className = `file-report ${kind}`;
      fill(report, ...children);
    }

    return { clear: () => tell("") };
  }

  /**
   * The facts of each patient as they stand in a file that the engine has read without a mistake, in the same
   * order.
   */
  function rawPatients(name, text) {
    const whole = text.replace(/^\ufeff/, "");
    const documents = /\.(ndjson|jsonl)$/i.test(name)
      ? whole.split("\n").filter((line) => line.trim() !== "").map(orNothing)
      : [JSON.parse(whole)].flatMap((found) => (Array.isArray(found) ? found : Array.isArray(found?.patients) ? found.patients : [found]));
    return documents.map((patient) => {
      if (patient?.facts !== undefined) return patient.facts ?? {};
      const { id, as_of: asOf, $schema, ...facts } = patient ?? {};
      return facts;
    });
  }

  function orNothing(line) {
    try {
      return JSON.parse(line);
    } catch {
      return {};
    }
  }

  walk.files = Object.freeze({ filesPanel });
})((globalThis.PathwayWalk ??= {}));
