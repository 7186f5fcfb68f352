"use strict";
/**
 * The walkthrough: answers go in, the engine runs, the panels show what follows. The answers are the only state
 * that matters; everything shown is made from them anew after each change.
 */
(function (walk) {
  const { byId, element, embedded, fill } = walk.dom;
  const { say, sayMany } = walk.words;
  const { answered, chosen, isEmpty, nextVisit, onDay, parts, start, withdrawn, withoutLastVisit } = walk.answers;

  const single = "single" in document.documentElement.dataset;
  const guideline = walk.guideline.open(embedded("walk-guideline"), embedded("walk-page"));

  /**
   * @typedef {object} State
   * @property {Answers} answers
   * @property {Set<string>} skipped facts that the reader does not want to be asked for now
   * @property {?{name: string, visit: number}} changing an earlier answer that is in the card
   * @property {unknown} draft what was written and is no answer
   * @property {object[]} mistakes about that, or about the data as a whole
   */
  let state = fresh(start(today()));
  let runs = [];

  function fresh(answers) {
    return { answers, skipped: new Set(), changing: null, draft: undefined, mistakes: [] };
  }

  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  // --- panels ----------------------------------------------------------------------------------------------

  const question = walk.question.questionPanel(byId("walk-question"), guideline, {
    answer: ({ name, visit }, raw) => answer(name, visit, raw),
    withdraw: ({ name, visit }) => remove(name, visit),
    skip(name) {
      state.skipped.add(name);
      render();
      question.focus();
    },
    cancel() {
      Object.assign(state, { changing: null, draft: undefined, mistakes: [] });
      render();
      question.focus();
    },
    askAgain() {
      state.skipped.clear();
      render();
      question.focus();
    },
    nextVisit: beginVisit,
    nothingWritten: () => announce(say("nothingWritten")),
  });

  const form = walk.form.formPanel(byId("walk-form"), guideline, {
    answer(name, raw) {
      const visit = state.answers.visits.length - 1;
      const mistakes = walk.runs.mistakesOf(guideline, name, raw, state.answers.visits[visit].on);
      if (mistakes.length > 0) return mistakes;
      become(answered(state.answers, visit, name, raw));
      announceAnswer(name, raw);
      return runs.at(-1).diagnostics;
    },
    withdraw(name) {
      become(withdrawn(state.answers, state.answers.visits.length - 1, name));
      announceResult();
      return runs.at(-1).diagnostics;
    },
  });

  const history = walk.history.historyPanel(byId("walk-answers"), guideline, {
    change(name, visit) {
      Object.assign(state, { changing: { name, visit }, draft: undefined, mistakes: [] });
      setMode("one");
      render();
      question.focus();
    },
    remove,
    setDay(visit, on) {
      const { visits } = state.answers;
      const before = visits[visit - 1]?.on ?? "";
      const after = visits[visit + 1]?.on ?? "9999-99-99";
      if (!walk.runs.isDay(on) || on <= before || on >= after) {
        announce(say("dayOutOfOrder"));
        render();
      } else {
        become(onDay(state.answers, visit, on));
        announceResult();
      }
      byId("walk-answers").querySelector(`[data-visit="${visit}"]`)?.focus();
    },
    removeVisit() {
      become(withoutLastVisit(state.answers));
      announceResult();
      history.focus();
    },
    nextVisit: beginVisit,
  });

  const results = walk.results.resultsPanel(byId("walk-results"), guideline, { nextVisit: beginVisit });
  const flow = walk.flow.flowPanel(byId("walk-flow"), guideline);

  const choices = walk.choices.choicesPanel(byId("walk-choices"), guideline, (table, name, value) => {
    become(table === "pathway" ? { ...state.answers, pathway: value ?? null } : chosen(state.answers, table, name, value));
    announceResult();
    byId("walk-choices").querySelector(`[data-choice="${CSS.escape(name ?? "start")}"]`)?.focus();
  });

  const files = walk.files.filesPanel(
    { input: byId("walk-file"), report: byId("walk-file-report"), drop: byId("walk") },
    guideline,
    ({ facts, on }) => {
      const first = start(on ?? today());
      become({ ...state.answers, visits: [{ ...first.visits[0], facts }] });
      announceResult();
      question.focus();
    },
  );

  // --- what the reader does --------------------------------------------------------------------------------

  function answer(name, visit, raw) {
    const mistakes = walk.runs.mistakesOf(guideline, name, raw, state.answers.visits[visit].on);
    if (mistakes.length > 0) {
      Object.assign(state, { changing: { name, visit }, draft: raw, mistakes });
      render();
      byId("walk-question").querySelector("input, select, button")?.focus();
      return;
    }
    become(answered(state.answers, visit, name, raw));
    const refused = runs.at(-1).diagnostics;
    if (refused.length > 0) {
      // What cannot be is shown where the last answer can be mended.
      Object.assign(state, { changing: { name, visit }, mistakes: refused });
      render();
    }
    announceAnswer(name, raw);
    question.focus();
  }

  function remove(name, visit) {
    become(withdrawn(state.answers, visit, name));
    announce([say("removed", { fact: guideline.speaker.labelOf(name) }), resultInWords()].join(" "));
    history.focus();
  }

  function beginVisit() {
    const last = state.answers.visits.at(-1).on;
    const now = today();
    become(nextVisit(state.answers, now > last ? now : dayAfter(last)));
    state.skipped.clear();
    render();
    announce(say("visitBegins", { number: state.answers.visits.length }));
    byId("walk-answers").querySelector(`[data-visit="${state.answers.visits.length - 1}"]`)?.focus();
  }

  function dayAfter(day) {
    const date = new Date(`${day}T12:00:00Z`);
    date.setUTCDate(date.getUTCDate() + 1);
    return date.toISOString().slice(0, 10);
  }

  function reset() {
    const before = state;
    files.clear();
    state = fresh(start(today()));
    render();
    const undo = () => {
      state = before;
      fill(byId("walk-notice"));
      render();
      announceResult();
      question.focus();
    };
    fill(byId("walk-notice"), element("p", {}, say("resetDone"), " ", walk.question.button(say("undo"), undo)));
    announce(say("resetDone"));
    question.focus();
  }

  /** Other answers; what was being changed is done. */
  function become(answers) {
    Object.assign(state, { answers, changing: null, draft: undefined, mistakes: [] });
    fill(byId("walk-notice"));
    render();
  }

  // --- showing ---------------------------------------------------------------------------------------------

  function render() {
    const { answers } = state;
    runs = walk.runs.runVisits(guideline, answers);
    const { result, diagnostics } = runs.at(-1);
    const asked = askedNow(result);
    const facts = answers.visits.at(-1).facts;
    question.show(asked, restOf(result));
    form.show({ facts, needs: result?.needs ?? [], irrelevant: result?.irrelevant ?? [] });
    history.show(answers, state.changing, (result?.reviews.length ?? 0) > 0);
    results.show(result, diagnostics, open(result).length);
    flow.show(result, asked?.name ?? null);
    choices.show(answers);
    byId("walk-summary-text").value = walk.summary.summaryText(guideline, answers, runs);
    remember();
  }

  /** The question in the card. @returns {?Asked} */
  function askedNow(result) {
    const { answers, changing, draft, mistakes } = state;
    const needs = result?.needs ?? [];
    if (changing !== null) {
      const raw = answers.visits[changing.visit]?.facts.get(changing.name);
      const need = needs.find((n) => n.element === changing.name) ?? null;
      return { ...changing, raw, draft, need, mistakes };
    }
    const visit = answers.visits.length - 1;
    const need = open(result).find((n) => !state.skipped.has(n.element));
    return need === undefined ? null : { name: need.element, visit, raw: undefined, draft: undefined, need, mistakes: [] };
  }

  /** What the run asks for and nobody answered at this visit. */
  function open(result) {
    const { facts } = state.answers.visits.at(-1);
    return (result?.needs ?? []).filter((n) => !facts.has(n.element) || nobodyAsked(facts.get(n.element)));
  }

  /** A file may say of a fact that nobody asked for it, which is no answer. */
  function nobodyAsked(raw) {
    return ["not recorded", "not asked"].includes(parts(raw).unknown);
  }

  function restOf(result) {
    const left = open(result);
    return {
      open: left.length,
      skipped: left.filter((n) => state.skipped.has(n.element)).length,
      half: (result?.needs ?? []).filter((n) => !left.includes(n)).map((n) => guideline.speaker.labelOf(n.element)),
      unanswerable: (result?.unanswerable ?? []).map((m) => guideline.speaker.labelOf(m.element)),
      reviews: result?.reviews.length ?? 0,
      refused: result === null,
    };
  }

  // --- speaking --------------------------------------------------------------------------------------------

  function announce(text) {
    byId("walk-status").textContent = text;
  }

  function announceAnswer(name, raw) {
    const { labelOf, answer: inWords } = guideline.speaker;
    announce([say("recorded", { fact: labelOf(name), value: inWords(name, raw) }), resultInWords()].join(" "));
  }

  function announceResult() {
    announce(resultInWords());
  }

  function resultInWords() {
    const { result } = runs.at(-1);
    if (result === null) return say("cannotBe");
    const count = (certainty) => result.recommendations.filter((r) => r.certainty === certainty).length;
    return [sayMany("settledCount", count("given")), sayMany("possibleCount", count("possible")), sayMany("openQuestions", open(result).length)].join(", ");
  }

  // --- the link --------------------------------------------------------------------------------------------

  function remember() {
    const { answers } = state;
    const untouched = isEmpty(answers) && answers.pathway === null && answers.readings.size + answers.settings.size === 0;
    const page = single ? "walkthrough/" : "";
    if (single && byId("walkthrough").hidden) return;
    if (untouched && !location.hash.includes("answers&")) return;
    const fragment = untouched ? page.replace(/\/$/, "") : `${page}${fragmentOf(answers)}`;
    window.history.replaceState(null, "", fragment === "" ? location.pathname + location.search : `#${fragment}`);
  }

  function fragmentOf(answers) {
    return walk.link.toFragment(answers, guideline.header.content_hash, guideline.identifying);
  }

  /** Take the answers of the address, if it has any. */
  function recall() {
    const found = walk.link.fromFragment(location.hash.slice(1));
    if (found === null) return false;
    const { answers, gone } = walk.runs.fitting(guideline, found.answers);
    state = fresh(answers.visits.length > 0 ? answers : start(today()));
    if (single && byId("walkthrough").hidden) location.replace("#walkthrough");
    render();
    const other = found.text !== "" && !guideline.header.content_hash.startsWith(found.text);
    fill(
      byId("walk-notice"),
      other && element("p", {}, say("otherVersion")),
      gone.length > 0 && element("p", {}, say("notInGuideline", { names: gone.join(", ") })),
    );
    return true;
  }

  async function copy(text, done, place) {
    try {
      await navigator.clipboard.writeText(text);
      announce(done);
      fill(byId("walk-copied"), done);
    } catch {
      // Without a clipboard the text is marked, to be copied by hand.
      place.closest("details").open = true;
      place.focus();
      place.select();
      announce(say("copyByHand"));
      fill(byId("walk-copied"), say("copyByHand"));
    }
  }

  // --- the tools at the top --------------------------------------------------------------------------------

  function setMode(mode) {
    for (const name of ["one", "form"]) {
      byId(`walk-mode-${name}`).setAttribute("aria-pressed", String(name === mode));
      byId(name === "one" ? "walk-question" : "walk-form").hidden = name !== mode;
    }
  }

  byId("walk-mode-one").addEventListener("click", () => {
    setMode("one");
    question.focus();
  });
  byId("walk-mode-form").addEventListener("click", () => {
    setMode("form");
    form.focus();
  });
  byId("walk-reset").addEventListener("click", reset);
  byId("walk-copy").addEventListener("click", () => copy(byId("walk-summary-text").value, say("summaryCopied"), byId("walk-summary-text")));
  byId("walk-copy-link").addEventListener("click", () => {
    remember();
    byId("walk-link-text").value = location.href;
    copy(location.href, say("linkCopied"), byId("walk-link-text"));
  });
  window.addEventListener("hashchange", () => {
    if (!recall() && single && !byId("walkthrough").hidden) remember();
  });

  setMode("one");
  if (!recall()) render();
  byId("walk").dataset.ready = "";
})((globalThis.PathwayWalk ??= {}));
