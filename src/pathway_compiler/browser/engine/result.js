"use strict";
/**
 * The outcome of a run as a document of the format `pathway-result/1`; `engine/to_json.py` in JavaScript.
 */
(function (engine) {
  const { Unknown } = engine.truth;
  const { missingToJson, plainObject, valueToJson } = engine.values;
  const { compareText } = engine.text;

  const FORMAT = "pathway-result/1";

  /** @param {object} outcome @param {Guideline} guideline */
  function outcomeToJson(outcome, guideline) {
    const { header } = guideline;
    return {
      format: FORMAT,
      guideline: {
        name: header.name,
        title: header.title,
        version: header.version,
        content_hash: header.content_hash,
      },
      pathway: outcome.pathway,
      patient: outcome.patient,
      as_of: String(outcome.asOf),
      status: outcome.status,
      exactness: "kleene",
      recommendations: outcome.recommendations.map(recommendationToJson),
      not_recommended: outcome.notRecommended.map(({ id, title, reasons, via }) => ({ id, title, reasons, via })),
      actions: outcome.actions.map((a) => ({
        action: a.action,
        title: a.title,
        certainty: a.certainty,
        decided_by: "kleene",
        alternative: a.alternative,
        recommended_by: a.recommendedBy,
        barred_by: a.barredBy,
        authorisations: a.authorisations,
      })),
      needs: outcome.needs,
      irrelevant: [],
      unanswerable: outcome.unanswerable.map(missingToJson),
      definitions: outcome.definitions.map(({ name, title, value, facts }) => ({
        name,
        title,
        value: valueToJson(value),
        facts: factsToJson(facts),
      })),
      reviews: outcome.reviews.map((review) => ({
        ...review,
        since: review.since === null ? null : String(review.since),
      })),
      contradictions: outcome.contradictions,
      outside: outcome.outside,
      ends: outcome.ends,
      settings: factsToJson(sorted(outcome.settings)),
      readings: plainObject(sorted(outcome.readings)),
      facts: factsToJson(outcome.facts),
      trace: outcome.trace.map(traceToJson),
      diagnostics: [],
    };
  }

  function sorted(entries) {
    return [...entries].sort(([a], [b]) => compareText(a, b));
  }

  function factsToJson(facts) {
    return plainObject([...facts].map(([name, value]) => [name, valueToJson(value)]));
  }

  function truthToJson(truth) {
    return truth instanceof Unknown ? "unknown" : String(truth);
  }

  function recommendationToJson(r) {
    return {
      id: r.id,
      title: r.title,
      direction: r.direction,
      certainty: r.certainty,
      decided_by: "kleene",
      standing: r.standing,
      moment: r.moment,
      via: r.via,
      evidence: r.evidence,
      regimen: r.regimen,
      avoids: r.avoids,
      cautions: r.cautions,
      exclusive: r.exclusive,
      options: r.options,
      because: r.because.map(({ node, question, answer, facts }) => ({
        node,
        question,
        answer,
        facts: factsToJson(facts),
      })),
      route: r.route,
      missing: r.missing.map(missingToJson),
    };
  }

  function traceToJson(entry) {
    return {
      pathway: entry.pathway,
      node: entry.node,
      kind: entry.kind,
      label: entry.label,
      activation: truthToJson(entry.activation),
      via: entry.via,
      facts: factsToJson(entry.facts),
      branches: entry.branches.map((branch) => ({
        name: branch.name,
        label: branch.label,
        condition: truthToJson(branch.condition),
        taken: truthToJson(branch.taken),
        targets: branch.targets,
      })),
    };
  }

  /**
   * A document as one line of JSON. Whole numbers beyond what JavaScript holds exactly are written in full.
   */
  function jsonOf(document) {
    try {
      return JSON.stringify(document);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return withLargeNumbers(document);
    }
  }

  /** The same where a number is too large for `JSON.stringify`. */
  function withLargeNumbers(document) {
    if (typeof document === "bigint") return String(document);
    if (Array.isArray(document)) return `[${document.map(withLargeNumbers).join(",")}]`;
    if (document !== null && typeof document === "object") {
      const entries = Object.entries(document);
      return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${withLargeNumbers(value)}`).join(",")}}`;
    }
    return JSON.stringify(document);
  }

  engine.result = Object.freeze({ FORMAT, jsonOf, outcomeToJson });
})((globalThis.PathwayEngine ??= {}));
