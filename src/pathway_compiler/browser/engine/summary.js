"use strict";
/**
 * From what a run has found to its outcome: overriding, actions, contradictions, needs, status;
 * `engine/summary.py` in JavaScript.
 */
(function (engine) {
  const { Unknown, and, not, or } = engine.truth;
  const { shown } = engine.values;
  const { actionLabel, isA } = engine.guideline;
  const { chosenAlternative, evaluateCondition, expressionsOf } = engine.expressions;
  const { factValue, factsBehind, valuesOf } = engine.expressions;
  const { findContradictions } = engine.contradictions;
  const { neededElements, unanswerable } = engine.needs;
  const { entriesOf, wayOf, whyNotReached } = engine.whyNot;
  const { RECOMMENDING } = engine.interpreter;
  const { compareText, say } = engine.text;

  /** The outcome of a run. @param {object} findings @param {Environment} environment */
  function summarise(findings, environment) {
    const { guideline, patient } = environment;
    const { recommendations, refused } = decide(findings.drafts);
    const needs = neededElements(findings, guideline);
    return {
      pathway: findings.pathway,
      patient: patient.id,
      asOf: environment.asOf,
      status: statusOf(findings, recommendations, needs),
      recommendations,
      notRecommended: [...refused, ...inPathwaysNotEntered(findings, guideline)],
      actions: actionsOf(recommendations, environment),
      needs,
      unanswerable: unanswerable(findings),
      definitions: definitionsOf(findings, environment),
      reviews: findings.reviews,
      contradictions: findContradictions(recommendations, guideline),
      outside: findings.outside.filter(({ truth }) => truth === true).map(({ text }) => text),
      ends: findings.ends,
      trace: findings.trace,
      waiting: findings.waiting,
      settings: environment.settings,
      readings: environment.readings,
      facts: valuesOf([...patient.facts.keys()].sort(compareText), environment),
    };
  }

  function statusOf(findings, recommendations, needs) {
    if (findings.applies === false) return "not_applicable";
    if (findings.outside.some(({ truth }) => truth === true)) return "outside_guideline";
    const open = recommendations.some((r) => r.certainty === "possible");
    return needs.length > 0 || findings.doubts.length > 0 || open ? "needs_data" : "complete";
  }

  // --- overriding --------------------------------------------------------------------------------------

  /** Which drafts and options override which, and whether they hold. */
  class Overrides {
    constructor(drafts) {
      this.holders = new Map();
      this.memory = new Map();
      for (const draft of drafts) {
        for (const target of draft.overrides) this.note(target, draft, null);
        for (const option of draft.options) {
          for (const target of option.option.course.overrides) this.note(target, draft, option);
        }
      }
    }

    note(target, draft, option) {
      const key = target.join(".");
      if (!this.holders.has(key)) this.holders.set(key, []);
      this.holders.get(key).push({ draft, option });
    }

    /** Whether something that holds overrides this path. @param {string} key @returns {Truth} */
    of(key) {
      if (!this.memory.has(key)) {
        this.memory.set(key, false);
        this.memory.set(key, or((this.holders.get(key) ?? []).map((holder) => this.holds(holder))));
      }
      return this.memory.get(key);
    }

    holds({ draft, option }) {
      const id = draft.path.join(".");
      return and([
        draft.truth,
        option === null ? true : option.truth,
        not(this.of(id)),
        option === null ? true : not(this.of(`${id}.${option.option.name}`)),
      ]);
    }

    titles(key) {
      const holding = this.holders.get(key).filter(({ draft }) => draft.truth !== false);
      return holding.map(({ draft }) => draft.title).join(", ");
    }
  }

  /** Apply `overrides`, and tell the recommendations that hold from those that do not. */
  function decide(drafts) {
    const overrides = new Overrides(drafts);
    const recommendations = new Map();
    const refused = new Map();
    for (const draft of drafts) {
      const id = draft.path.join(".");
      const over = overrides.of(id);
      const reasons = [...draft.reasons];
      if (over !== false) reasons.push(say("gives way to: %(titles)s", { titles: overrides.titles(id) }));
      let left = true;
      if (draft.options.length > 0) {
        left = or(draft.options.map((o) => and([o.truth, not(overrides.of(`${id}.${o.option.name}`))])));
        if (left === false && draft.truth !== false) reasons.push(say("no option is left"));
      }
      const truth = and([draft.truth, not(over), left]);
      const key = `${id}:${wayOf(draft.place.via)}`;
      if (truth === false) {
        if (!refused.has(key)) refused.set(key, { id, title: draft.title, reasons, via: draft.place.via });
        continue;
      }
      const found = recommendation(draft, id, truth, draft.options.map((o) => optionOf(o, overrides)));
      const earlier = recommendations.get(key);
      if (earlier === undefined || (earlier.certainty === "possible" && found.certainty === "given")) {
        recommendations.set(key, found);
      }
    }
    return {
      recommendations: [...recommendations.values()],
      refused: [...refused].filter(([key]) => !recommendations.has(key)).map(([, r]) => r),
    };
  }

  function optionOf({ outcome, truth }, overrides) {
    const over = overrides.of(outcome.id);
    if (over === false) return outcome;
    const excluded = over === true || truth === false;
    return {
      ...outcome,
      status: excluded ? "excluded" : "perhaps",
      reasons: [...outcome.reasons, say("gives way to: %(titles)s", { titles: overrides.titles(outcome.id) })],
    };
  }

  function recommendation(draft, id, truth, options) {
    return {
      id,
      title: draft.title,
      direction: draft.direction,
      certainty: truth === true ? "given" : "possible",
      standing: draft.place.node.kind === "standing",
      moment: draft.moment,
      via: draft.place.via,
      evidence: draft.evidence,
      regimen: draft.regimen,
      avoids: draft.avoids,
      cautions: draft.cautions,
      exclusive: draft.exclusive,
      options,
      because: draft.place.because,
      route: draft.place.route,
      missing: truth instanceof Unknown ? truth.sorted() : [],
    };
  }

  // --- pathways that this visit did not follow ---------------------------------------------------------

  /** What stands in pathways that this visit did not follow, with why it did not. */
  function inPathwaysNotEntered(findings, guideline) {
    const entered = new Set(findings.entered.map(({ name }) => name));
    const found = new Map();
    for (const { via, name } of [...findings.entered].sort(compareEntered)) {
      const graph = guideline.pathways.get(name);
      const entries = entriesOf(graph, via, findings.trace);
      for (const node of graph.nodes) {
        if (node.kind !== "follow" || entered.has(node.pathway)) continue;
        let reasons = whyNotReached(graph, node.name, entries);
        if (reasons.length === 0) reasons = [say("“%(title)s” is not reached at this visit", { title: node.label })];
        for (const [pathway, steps] of followedFrom(node.pathway, guideline, entered)) {
          for (const inner of guideline.pathways.get(pathway).nodes) {
            const id = `${pathway}.${inner.name}`;
            if (!RECOMMENDING.has(inner.kind) || steps >= (found.get(id)?.steps ?? Infinity)) continue;
            found.set(id, { steps, refused: { id, title: inner.label, reasons, via: [...via, node.name] } });
          }
        }
      }
    }
    return [...found.values()].map(({ refused }) => refused);
  }

  function compareEntered(left, right) {
    for (let at = 0; at < Math.min(left.via.length, right.via.length); at += 1) {
      const order = compareText(left.via[at], right.via[at]);
      if (order !== 0) return order;
    }
    return left.via.length - right.via.length || compareText(left.name, right.name);
  }

  /** A pathway and all that it leads to, in how many steps, apart from what the visit entered. */
  function followedFrom(name, guideline, entered) {
    const steps = new Map([[name, 0]]);
    for (const [pathway, before] of steps) {
      for (const node of guideline.pathways.get(pathway).nodes) {
        if (node.kind !== "follow" || entered.has(node.pathway) || steps.has(node.pathway)) continue;
        steps.set(node.pathway, before + 1);
      }
    }
    return steps;
  }

  // --- actions and derived facts -----------------------------------------------------------------------

  /** Every action that some recommendation asks for, with what bars it. */
  function actionsOf(recommendations, environment) {
    const { guideline } = environment;
    const asked = new Map();
    const avoided = new Map();
    for (const found of recommendations) {
      for (const use of askedFor(found)) {
        const { action, status } = use.part;
        if (action === null || status === "not applicable") continue;
        if (!asked.has(action)) asked.set(action, []);
        asked.get(action).push({ ...use, recommendation: found });
      }
      for (const action of found.avoids) {
        if (!avoided.has(action)) avoided.set(action, []);
        avoided.get(action).push(found.id);
      }
    }
    return [...asked]
      .sort(([a], [b]) => compareText(a, b))
      .map(([action, uses]) => {
        const barring = new Set();
        for (const { part } of uses) {
          if (part.status === "barred") for (const reason of part.reasons) barring.add(reason);
        }
        for (const [ban, ids] of avoided) {
          if (isA(guideline, action, ban)) for (const id of ids) barring.add(id);
        }
        const certain = uses.some(
          ({ recommendation: r, part, alternative }) =>
            r.certainty === "given" && part.status === "offered" && !alternative,
        );
        return {
          action,
          title: actionLabel(guideline, action),
          certainty: certain ? "given" : "possible",
          alternative: uses.every(({ alternative }) => alternative),
          recommendedBy: [...new Set(uses.map(({ recommendation: r }) => r.id))],
          barredBy: [...barring],
          authorisations: authorisationsOf(action, environment),
        };
      });
  }

  function authorisationsOf(action, environment) {
    const found = environment.guideline.actions.get(action)?.authorisations ?? [];
    return found.map(({ regulator, text, condition }) => {
      const truth = condition === null ? true : evaluateCondition(condition.if, environment);
      const status = truth instanceof Unknown ? "perhaps" : truth ? "covered" : "not covered";
      return { regulator, text, status };
    });
  }

  /** The single actions of a recommendation, and whether each is one of several alternatives. */
  function* askedFor(found) {
    if (found.direction === "for" || found.direction === "selective") {
      for (const part of found.regimen) yield* singles(part, false);
    }
    const usable = found.options.filter((o) => o.status !== "excluded");
    for (const option of usable) {
      for (const part of option.regimen) yield* singles(part, usable.length > 1);
    }
  }

  function* singles(part, alternative) {
    if (part.kind === "action") yield { part, alternative };
    const usable = part.parts.filter((p) => p.status === "offered" || p.status === "perhaps");
    const several = part.kind === "one of" && usable.length > 1;
    for (const inner of part.parts) yield* singles(inner, alternative || several);
  }

  /** The derived facts that this run read, with the facts behind them. */
  function definitionsOf(findings, environment) {
    const { guideline, readings } = environment;
    const read = new Set(environment.cache.keys());
    for (const entry of findings.trace) for (const [name] of entry.facts) read.add(name);
    const waiting = [...read];
    const seen = new Map();
    while (waiting.length > 0) {
      const name = waiting.shift();
      if (seen.has(name)) continue;
      const title = titleOfDerived(name, guideline, readings);
      if (title === null) continue;
      const facts = factsBehind(expressionsOf(name, environment), environment);
      waiting.push(...facts.map(([inner]) => inner));
      seen.set(name, { name, title, value: shown(factValue(name, environment)), facts });
    }
    return [...seen].sort(([a], [b]) => compareText(a, b)).map(([, fact]) => fact);
  }

  function titleOfDerived(name, guideline, readings) {
    const definition = guideline.definitions.get(name);
    if (definition !== undefined) return definition.label;
    const reading = guideline.readings.get(name);
    if (reading !== undefined) return `${reading.label}: ${chosenAlternative(reading, readings).label}`;
    const element = guideline.elements.get(name);
    return element !== undefined && element.derive !== null ? element.label : null;
  }

  engine.summary = Object.freeze({ summarise });
})((globalThis.PathwayEngine ??= {}));
