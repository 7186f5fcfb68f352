"use strict";
/**
 * Recommendations as the run meets them, before they override each other; `engine/drafts.py` in JavaScript.
 */
(function (engine) {
  const { Unknown, and, not, or } = engine.truth;
  const { actionOrClass } = engine.guideline;
  const { evaluateCondition } = engine.expressions;
  const { assess, leaves } = engine.regimens;
  const { together } = engine.describe;
  const { say } = engine.text;

  /** What the other side of an `only if` is called, after its recommendation. */
  const OTHERWISE_NOT = "otherwise_not";

  /**
   * @typedef {object} Place where a recommendation stands, and how the run came there or why it did not
   * @property {string} pathway
   * @property {object} node
   * @property {string[]} via
   * @property {object[]} route
   * @property {object[]} because
   * @property {string[]} notReached
   */

  /**
   * @typedef {object} Draft a recommendation with the truth of its being given, before overriding
   * @property {Place} place
   * @property {string[]} path
   * @property {Truth} truth
   * @property {Truth} own the part of it that does not depend on the route
   */

  /** What is missing about options; nothing when the choice itself is not for this patient. */
  function optionDoubts(draft) {
    if (draft.truth === false) return [];
    return draft.options.map(({ truth }) => truth).filter((truth) => truth instanceof Unknown);
  }

  /**
   * What a node recommends: one draft, or two when it says `only if`.
   * @param {Place} place
   * @param {Truth} active
   * @param {Environment} environment
   * @param {?object} adding
   * @returns {Draft[]}
   */
  function draftRecommendations(place, active, environment, adding) {
    const { node } = place;
    const { guideline } = environment;
    const path = [place.pathway, node.name];
    if (active === false) return [notReached(place, path)];
    const { eligible, against } = eligibilityOf(node.eligibility, environment);
    const { onlyIf, notOnlyIf } = onlyIfOf(node.eligibility, environment);
    const stance = node.stance ?? "recommend";
    let added = adding;
    if (node.kind === "standing" || (node.kind === "recommend" && stance !== "recommend")) added = null;
    const course = assessCourse(node.course, environment, added);
    let options = [];
    let possible = not(course.impossible);
    let reasons = [...against, ...notOnlyIf, ...course.reasons];
    if (node.kind === "choose") {
      // What the choice itself says holds for every option, an added part as well.
      if (lineToAddTo(node.course, added, guideline) !== null) added = null;
      options = node.options.map((option) => draftOption(option, path, environment, added, course));
      possible = or(options.map(({ truth }) => truth));
      if (possible === false) {
        reasons.push(say("no option is left"));
        reasons.push(...options.map((o) => `${o.option.label}: ${o.outcome.reasons.join("; ")}`));
      }
    }
    let { avoids } = course;
    if (stance === "recommend against") {
      // What stands under a verb there is what not to do; a contraindication only agrees with that.
      avoids = [...new Set([...avoids, ...actionsOf(course.parts)])];
      possible = true;
      reasons = [...against, ...notOnlyIf];
    }
    const own = and([eligible, onlyIf, possible]);
    const draft = {
      place,
      path,
      title: node.label,
      direction: node.direction,
      truth: and([active, own]),
      own,
      reasons,
      evidence: node.statements.map((name) => gradedEvidence(name, guideline)),
      regimen: course.parts,
      avoids,
      cautions: course.cautions,
      options,
      overrides: node.course.overrides,
      moment: node.moment,
      exclusive: !(node.kind === "choose" && node.combinable === true),
    };
    if (node.eligibility.onlyIf.length === 0) return [draft];
    const mirrored = {
      ...draft,
      path: [...path, OTHERWISE_NOT],
      title: say("Not otherwise: %(title)s", { title: node.label }),
      direction: "against",
      truth: and([active, eligible, not(onlyIf)]),
      own: and([eligible, not(onlyIf)]),
      reasons: place.notReached,
      regimen: [],
      avoids: [...new Set(actionsOf(course.parts))],
      cautions: [],
      options: [],
      overrides: [],
    };
    return [draft, mirrored];
  }

  /** What no route of this visit leads to: only its reasons are told. */
  function notReached(place, path) {
    return {
      place,
      path,
      title: place.node.label,
      direction: "for",
      truth: false,
      own: false,
      reasons: place.notReached,
      evidence: [],
      regimen: [],
      avoids: [],
      cautions: [],
      options: [],
      overrides: [],
      moment: null,
      exclusive: true,
    };
  }

  /** An option; nothing of it is left when nothing of its own lines and of the shared ones is. */
  function draftOption(option, path, environment, adding, shared) {
    const { eligible, against } = eligibilityOf(option.eligibility, environment);
    const { onlyIf, notOnlyIf } = onlyIfOf(option.eligibility, environment);
    const course = assessCourse(option.course, environment, adding);
    const lines = [shared, course].filter((c) => c.parts.length > 0).map((c) => c.impossible);
    const impossible = lines.length > 0 ? and(lines) : false;
    const truth = and([eligible, onlyIf, not(impossible)]);
    const status = truth instanceof Unknown ? "perhaps" : truth ? "eligible" : "excluded";
    const reasons = [...against, ...notOnlyIf, ...course.reasons];
    if (truth !== true) reasons.push(...shared.reasons);
    const outcome = {
      id: [...path, option.name].join("."),
      title: option.label,
      rank: option.rank,
      status,
      reasons,
      evidence: option.statements.map((name) => gradedEvidence(name, environment.guideline)),
      regimen: course.parts,
      avoids: course.avoids,
      cautions: course.cautions,
    };
    return { option, truth, outcome };
  }

  /** The actions of a course under contraindications; impossible when nothing of it is left. */
  function assessCourse(course, environment, adding) {
    const regimens = course.lines.map((line) => line.regimen);
    const index = lineToAddTo(course, adding, environment.guideline);
    if (index !== null) regimens[index] = together(regimens[index], adding);
    const assessed = regimens.map((regimen, place) =>
      assess(regimen, environment, course.lines[place].inseparable === true),
    );
    const impossible = assessed.length > 0 ? and(assessed.map((a) => a.impossible)) : false;
    const reasons = new Set();
    for (const part of assessed.flatMap((a) => leaves(a.part))) {
      if (part.status === "offered") continue;
      for (const reason of part.reasons) reasons.add(`${part.text}: ${reason}`);
    }
    const cautions = course.cautions.filter(
      ({ condition }) => condition === null || evaluateCondition(condition.if, environment) !== false,
    );
    return {
      parts: assessed.map((a) => a.part),
      impossible,
      reasons: impossible === false ? [] : [...reasons],
      avoids: course.avoids,
      cautions: cautions.map(({ text }) => text),
    };
  }

  /** The first line of a course whose actions are of the kind of the added ones. @returns {?number} */
  function lineToAddTo(course, adding, guideline) {
    if (adding === null) return null;
    const { kind } = actionOrClass(guideline, firstAction(adding));
    const index = course.lines.findIndex((line) => line.kind === kind);
    return index < 0 ? null : index;
  }

  function firstAction(regimen) {
    return regimen.kind === "action" ? regimen.action : firstAction(regimen.parts[0]);
  }

  function actionsOf(parts) {
    return parts
      .flatMap(leaves)
      .map(({ action }) => action)
      .filter((action) => action !== null);
  }

  /** Whether `when` and `unless` let something apply, and what speaks against it. */
  function eligibilityOf(eligibility, environment) {
    const truths = [];
    const against = [];
    for (const condition of eligibility.when) {
      const truth = evaluateCondition(condition.if, environment);
      truths.push(truth);
      if (truth === false) against.push(say("only when: %(condition)s", { condition: condition.text }));
      else if (truth !== true) against.push(say("only when (not known): %(condition)s", { condition: condition.text }));
    }
    for (const condition of eligibility.unless) {
      const truth = evaluateCondition(condition.if, environment);
      truths.push(not(truth));
      if (truth === true) against.push(say("not when: %(condition)s", { condition: condition.text }));
      else if (truth !== false) against.push(say("not when (not known): %(condition)s", { condition: condition.text }));
    }
    return { eligible: and(truths), against };
  }

  function onlyIfOf(eligibility, environment) {
    const truths = [];
    const notOnlyIf = [];
    for (const condition of eligibility.onlyIf) {
      const truth = evaluateCondition(condition.if, environment);
      truths.push(truth);
      if (truth !== true) notOnlyIf.push(say("only if: %(condition)s", { condition: condition.text }));
    }
    return { onlyIf: and(truths), notOnlyIf };
  }

  /** A statement with the evidence that covers it, as printed. */
  function gradedEvidence(name, guideline) {
    const statement = guideline.statements.get(name);
    const scheme = guideline.header.grading ?? "";
    const grade = statement.grade ?? null;
    return {
      statement: name,
      title: statement.label,
      kind: statement.kind,
      scheme,
      certainty: statement.certainty ?? null,
      grade,
      grade_meaning: guideline.gradings.get(scheme)?.grades.get(grade) ?? null,
      references: statement.references ?? [],
      section: statement.section ?? "",
      lines: statement.lines ?? [],
    };
  }

  engine.drafts = Object.freeze({ OTHERWISE_NOT, draftRecommendations, optionDoubts });
})((globalThis.PathwayEngine ??= {}));
