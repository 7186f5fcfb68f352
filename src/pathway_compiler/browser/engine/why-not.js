"use strict";
/**
 * Why a node was not reached: the answers that led elsewhere; `engine/why_not.py` in JavaScript.
 */
(function (engine) {
  const { Unknown } = engine.truth;
  const { START } = engine.guideline;
  const { say } = engine.text;

  /** One text for the way by which a pathway was reached. @param {string[]} via */
  function wayOf(via) {
    return via.join("/");
  }

  /** What a run found at the nodes of a pathway that was reached this way, by node. */
  function entriesOf(graph, via, trace) {
    const way = wayOf(via);
    const found = trace.filter((entry) => entry.pathway === graph.name && wayOf(entry.via) === way);
    return new Map(found.map((entry) => [entry.node, entry]));
  }

  /**
   * The nearest answers that kept the patient from a node, such as `Fit for a taxane?: No`.
   * @param {Graph} graph
   * @param {string} name
   * @param {Map<string, object>} entries what the run found at the nodes of this pathway so far
   * @returns {string[]}
   */
  function whyNotReached(graph, name, entries) {
    const reasons = new Set();
    const seen = new Set();
    const waiting = [name];
    while (waiting.length > 0) {
      const current = waiting.shift();
      if (seen.has(current)) continue;
      seen.add(current);
      for (const edge of graph.incoming.get(current)) {
        if (edge.kind === "later") {
          const words = { review: graph.labelOf(edge.from), answer: edge.label ?? "" };
          reasons.add(say("only after “%(review)s”: %(answer)s", words));
          continue;
        }
        const source = entries.get(edge.from);
        if (source === undefined || source.activation === false) {
          if (edge.from !== START) waiting.push(edge.from);
          else if (graph.applies !== null && source !== undefined) {
            const words = { pathway: graph.label, condition: graph.applies.text };
            reasons.add(say("%(pathway)s applies only if: %(condition)s", words));
          }
          continue;
        }
        if (edge.kind === "branch") {
          const answer = answerOf(source) || say("not %(answer)s", { answer: edge.label ?? "" });
          reasons.add(`${source.label}: ${answer}`);
        }
      }
    }
    return [...reasons];
  }

  /** The answers that were given to a decision, or may be. */
  function answerOf(source) {
    let taken = source.branches.filter((b) => b.taken === true).map((b) => b.label);
    if (taken.length === 0) {
      const open = source.branches.filter((b) => b.taken instanceof Unknown);
      taken = open.map((b) => say("perhaps %(answer)s", { answer: b.label }));
    }
    return [...new Set(taken)].join(" / ");
  }

  engine.whyNot = Object.freeze({ entriesOf, wayOf, whyNotReached });
})((globalThis.PathwayEngine ??= {}));
