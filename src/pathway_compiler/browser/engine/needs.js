"use strict";
/**
 * Which missing facts would settle something, the easiest to find out and most informative first;
 * `engine/needs.py` in JavaScript.
 */
(function (engine) {
  const { REASON, compareMissing } = engine.truth;
  const { START } = engine.guideline;
  const { RECOMMENDING } = engine.interpreter;
  const { say } = engine.text;

  /** Missing for these reasons, a fact can still be asked for; asked and not known is never asked again. */
  const ANSWERABLE = new Set([
    REASON.NOT_RECORDED,
    REASON.NOT_ASKED,
    REASON.NOT_DONE,
    REASON.INCOMPLETE,
    REASON.IMPRECISE,
  ]);
  const BURDENS = ["low", "moderate", "high"];

  /** The data elements that the open questions of a run rest on. */
  function neededElements(findings, guideline) {
    const downstream = new Downstream(guideline);
    const found = new Map();
    const inVain = new Set(unanswerable(findings).map(({ element }) => element));
    for (const doubt of findings.doubts) {
      for (const { element, reason } of doubt.unknown.sorted()) {
        if (!ANSWERABLE.has(reason) || inVain.has(element)) continue;
        const name = askable(element, guideline);
        if (name === null) continue;
        if (!found.has(name)) found.set(name, { now: false, reason, settles: new Set() });
        const need = found.get(name);
        need.now ||= doubt.now;
        for (const id of downstream.recommendations(doubt.pathway, doubt.node)) need.settles.add(id);
      }
    }
    const place = new Map();
    for (const name of [...guideline.elements.keys(), ...guideline.definitions.keys()]) {
      place.set(name, place.size);
    }
    const needs = [...found].map(([element, need]) => ({
      element,
      question: questionOf(element, guideline),
      urgency: need.now ? "needed now" : "perhaps later",
      settles: [...need.settles],
      reason: need.reason,
    }));
    return needs.sort(
      (a, b) =>
        Number(a.urgency !== "needed now") - Number(b.urgency !== "needed now") ||
        burdenOf(a.element, guideline) - burdenOf(b.element, guideline) ||
        b.settles.length - a.settles.length ||
        place.get(a.element) - place.get(b.element),
    );
  }

  /** The missing facts that were asked for in vain, on which something open rests. @returns {Missing[]} */
  function unanswerable(findings) {
    const found = new Map();
    for (const { unknown } of findings.doubts) {
      for (const [key, fact] of unknown.because) if (!ANSWERABLE.has(fact.reason)) found.set(key, fact);
    }
    return [...found.values()].sort(compareMissing);
  }

  function askable(name, guideline) {
    const base = name.split(".", 1)[0];
    return guideline.elements.has(base) || guideline.definitions.has(base) ? base : null;
  }

  function burdenOf(name, guideline) {
    const element = guideline.elements.get(name);
    return element === undefined ? 0 : BURDENS.indexOf(element.burden);
  }

  function questionOf(name, guideline) {
    return (
      guideline.elements.get(name)?.question ??
      say("%(label)s?", { label: guideline.definitions.get(name).label })
    );
  }

  /** The recommendations that may still be reached from a node in the same visit. */
  class Downstream {
    constructor(guideline) {
      this.guideline = guideline;
      this.memory = new Map();
    }

    recommendations(pathway, node) {
      const key = `${pathway}:${node}`;
      if (this.memory.has(key)) return this.memory.get(key);
      this.memory.set(key, []); // guards against pathways that lead back here over time
      const graph = this.guideline.pathways.get(pathway);
      const reached = reachedFrom(node, graph);
      const found = new Set();
      for (const name of graph.order) {
        const record = reached.has(name) ? graph.byName.get(name) : undefined;
        if (record === undefined) continue;
        if (RECOMMENDING.has(record.kind)) found.add(`${pathway}.${name}`);
        else if (record.kind === "follow") {
          for (const id of this.recommendations(record.pathway, START)) found.add(id);
        }
      }
      this.memory.set(key, [...found]);
      return this.memory.get(key);
    }
  }

  /** The nodes that a node leads to in the same visit, itself included. */
  function reachedFrom(start, graph) {
    const reached = new Set([start]);
    for (const name of reached) {
      for (const edge of graph.outgoing.get(name)) if (edge.kind !== "later") reached.add(edge.to);
    }
    return reached;
  }

  engine.needs = Object.freeze({ neededElements, unanswerable });
})((globalThis.PathwayEngine ??= {}));
