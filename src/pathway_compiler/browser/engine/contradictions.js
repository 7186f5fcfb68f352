"use strict";
/**
 * Recommendations that speak against each other; `engine/contradictions.py` in JavaScript.
 */
(function (engine) {
  const { actionLabel, isA } = engine.guideline;
  const { OTHERWISE_NOT } = engine.drafts;
  const { say } = engine.text;

  const UNUSABLE = new Set(["barred", "not applicable"]);

  /**
   * One recommendation asks for an action and another bans it (or a class of it), or two incompatible
   * actions are asked for, or two recommendations compete for one slot. An alternative that can be left out
   * contradicts nothing.
   */
  function findContradictions(recommendations, guideline) {
    return [
      ...banned(recommendations, guideline),
      ...incompatible(recommendations, guideline),
      ...competing(recommendations, guideline),
    ];
  }

  function* banned(recommendations, guideline) {
    for (const second of recommendations) {
      for (const ban of second.avoids) {
        for (const first of recommendations) {
          // The two sides of `only if` never hold together.
          if (first === second || second.id === `${first.id}.${OTHERWISE_NOT}`) continue;
          const action = requiredWithin(first, ban, guideline);
          if (action === null) continue;
          const text = say("“%(first)s” asks for %(action)s, and “%(second)s” is against %(banned)s", {
            first: first.title,
            action: actionLabel(guideline, action),
            second: second.title,
            banned: actionLabel(guideline, ban),
          });
          yield contradiction(first, second, action, text);
        }
      }
    }
  }

  function* incompatible(recommendations, guideline) {
    for (const { label, first: one, second: other } of guideline.incompatibilities.values()) {
      for (const [index, first] of recommendations.entries()) {
        for (const second of recommendations.slice(index)) {
          const both =
            requiredWithin(first, one, guideline) !== null && requiredWithin(second, other, guideline) !== null;
          const swapped =
            first !== second &&
            requiredWithin(first, other, guideline) !== null &&
            requiredWithin(second, one, guideline) !== null;
          if (!both && !swapped) continue;
          const titles = { rule: label, first: first.title, second: second.title };
          const text = say("%(rule)s: “%(first)s” and “%(second)s”", titles);
          yield contradiction(first, second, one, text);
        }
      }
    }
  }

  /**
   * The pairs of different recommendations of a slot of which at least one is given. Two that are only
   * possible are as a rule the answers of a question still open.
   */
  function* competing(recommendations, guideline) {
    for (const slot of guideline.slots.values()) {
      const active = new Map();
      for (const found of recommendations) {
        if (!slot.recommendations.includes(found.id) || !asks(found)) continue;
        const earlier = active.get(found.id);
        if (earlier === undefined || earlier.certainty === "possible") active.set(found.id, found);
      }
      const all = [...active.values()];
      for (const [index, first] of all.entries()) {
        for (const second of all.slice(index + 1)) {
          if (first.certainty !== "given" && second.certainty !== "given") continue;
          const titles = { rule: slot.label, first: first.title, second: second.title };
          const text = say("%(rule)s: at most one of “%(first)s” and “%(second)s”", titles);
          yield contradiction(first, second, null, text);
        }
      }
    }
  }

  function contradiction(first, second, action, text) {
    const certain = first.certainty === "given" && second.certainty === "given";
    const statements = [...first.evidence, ...second.evidence].map((e) => e.statement);
    return {
      first: first.id,
      second: second.id,
      action,
      text,
      certainty: certain ? "given" : "possible",
      statements: [...new Set(statements)],
    };
  }

  function asks(recommendation) {
    return recommendation.direction === "for" || recommendation.direction === "selective";
  }

  /** An action that cannot be left out and falls under the banned action or class; null when none does. */
  function requiredWithin(recommendation, ban, guideline) {
    if (!asks(recommendation)) return null;
    const groups = [recommendation.regimen];
    const eligible = recommendation.options.filter((o) => o.status !== "excluded");
    if (eligible.length === 1) groups.push(eligible[0].regimen);
    else if (eligible.length > 1) {
      const under = eligible.map((o) => firstRequired(o.regimen, ban, guideline));
      if (under.every((action) => action !== null)) return under[0];
    }
    for (const parts of groups) {
      const action = firstRequired(parts, ban, guideline);
      if (action !== null) return action;
    }
    return null;
  }

  function firstRequired(parts, ban, guideline) {
    for (const part of parts) {
      const [action] = required(part, ban, guideline);
      if (action !== undefined) return action;
    }
    return null;
  }

  /** The actions of a part that fall under the ban and have no alternative outside it. */
  function required(part, ban, guideline) {
    if (UNUSABLE.has(part.status)) return [];
    if (part.kind === "action") return isA(guideline, part.action, ban) ? [part.action] : [];
    if (part.kind !== "one of") return part.parts.flatMap((inner) => required(inner, ban, guideline));
    const usable = part.parts.filter((p) => !UNUSABLE.has(p.status));
    const under = usable.map((p) => required(p, ban, guideline)[0]);
    return under.length > 0 && under.every((action) => action !== undefined) ? under : [];
  }

  engine.contradictions = Object.freeze({ findContradictions });
})((globalThis.PathwayEngine ??= {}));
