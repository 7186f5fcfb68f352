"use strict";
/**
 * Contraindications, and what remains of a regimen under them; `engine/regimens.py` in JavaScript.
 */
(function (engine) {
  const { REASON, Unknown, and, missing, not, or } = engine.truth;
  const { SetValue } = engine.values;
  const { actionLabel, actionOrClass, singleActions } = engine.guideline;
  const { bars, evaluateCondition, factValue } = engine.expressions;
  const { factType } = engine.describe;
  const { say } = engine.text;

  /**
   * @typedef {object} RegimenPart
   * @property {string} kind "action", "all of", "one of" or "then"
   * @property {string} text
   * @property {"offered"|"perhaps"|"barred"|"not applicable"} status
   * @property {?string} action
   * @property {string[]} reasons
   * @property {RegimenPart[]} parts
   */

  /**
   * Whether contraindications bar an action or whole class, and the labels of those that may.
   * @param {string} action
   * @param {Environment} environment
   * @returns {{veto: Truth, reasons: string[]}}
   */
  function barred(action, environment) {
    const { guideline } = environment;
    const found = [];
    for (const contraindication of guideline.contraindications.values()) {
      const truth = barredBy(contraindication, action, environment);
      if (truth !== false) found.push({ truth, label: contraindication.label });
    }
    const veto = or(found.map(({ truth }) => truth));
    const telling = veto === true ? found.filter(({ truth }) => truth === true) : found;
    return { veto, reasons: telling.map(({ label }) => label) };
  }

  function barredBy(contraindication, action, environment) {
    const { guideline } = environment;
    const name = contraindication.each_of;
    if (name !== undefined) {
      if (!speaksOf(name, action, guideline)) return false;
      const value = factValue(name, environment);
      if (value instanceof Unknown) return value;
      return bars(value, action, guideline, missing(name, REASON.INCOMPLETE));
    }
    const banned = new SetValue(contraindication.actions);
    if (bars(banned, action, guideline, new Unknown()) !== true) return false;
    return evaluateCondition(contraindication.condition.if, environment);
  }

  /** Whether a set of actions can bar this one: a set of agents bars no service. */
  function speaksOf(name, action, guideline) {
    const type = factType(guideline, name);
    const found = actionOrClass(guideline, action);
    if (type?.is !== "set" || type.of.is !== "action" || found === undefined) return true;
    return type.of.kind === found.kind;
  }

  /**
   * Each part of a regimen judged: barred parts drop out, and what remains is offered. Of an inseparable
   * regimen nothing remains when a part is barred.
   * @returns {{part: RegimenPart, impossible: Truth}}
   */
  function assess(regimen, environment, inseparable = false) {
    const condition = regimen.condition === null ? true : evaluateCondition(regimen.condition.if, environment);
    if (regimen.kind === "action") return assessAction(regimen, condition, environment);
    const assessed = regimen.parts.map((part) => assess(part, environment, inseparable));
    const combine = inseparable && regimen.kind !== "one of" ? or : and;
    const noneLeft = combine(assessed.map(({ impossible }) => impossible));
    const part = {
      kind: regimen.kind,
      text: regimen.text,
      status: statusOf(noneLeft, condition),
      action: null,
      reasons: [],
      parts: assessed.map((inner) => inner.part),
    };
    return { part, impossible: or([noneLeft, not(condition)]) };
  }

  function assessAction(regimen, condition, environment) {
    const { veto, reasons } = barred(regimen.action, environment);
    const status = statusOf(veto, condition);
    let told = reasons;
    if (condition !== true) told = [...reasons, say("only if %(condition)s", { condition: regimen.condition.text })];
    if (status === "offered") told = membersBarred(regimen.action, environment);
    const part = { kind: "action", text: regimen.text, status, action: regimen.action, reasons: told, parts: [] };
    return { part, impossible: or([veto, not(condition)]) };
  }

  /** Of a class that can be given: which single actions of it cannot. */
  function membersBarred(action, environment) {
    const { guideline } = environment;
    if (!guideline.classes.has(action)) return [];
    const found = [];
    for (const single of singleActions(guideline, action)) {
      const { veto, reasons } = barred(single, environment);
      if (veto !== true) continue;
      const label = actionLabel(guideline, single);
      found.push(say("not %(action)s: %(reasons)s", { action: label, reasons: reasons.join("; ") }));
    }
    return found;
  }

  function statusOf(veto, condition) {
    if (condition === false) return "not applicable";
    if (veto === true) return "barred";
    return veto instanceof Unknown || condition instanceof Unknown ? "perhaps" : "offered";
  }

  /** The parts without parts. @param {RegimenPart} part @returns {RegimenPart[]} */
  function leaves(part) {
    return part.parts.length === 0 ? [part] : part.parts.flatMap(leaves);
  }

  engine.regimens = Object.freeze({ assess, leaves });
})((globalThis.PathwayEngine ??= {}));
