"use strict";
/**
 * A patient's way through a pathway over several visits, as plain data; `engine/enactment.py` in JavaScript,
 * without the log of what a clinician decided.
 */
(function (engine) {
  const { parseDate, sameDate } = engine.dates;

  const FORMAT = "pathway-enactment/1";

  /**
   * @typedef {object} Enactment
   * @property {string} pathway
   * @property {string} patient
   * @property {WaitingPoint[]} waiting where the patient waits after the last visit
   * @property {WaitingPoint[]} before where the last visit began, so that it can be run again
   * @property {PartialDate[]} visits the days of all visits
   */

  /** An enactment that does not fit the guideline, or is no enactment at all. */
  class EnactmentError extends Error {}

  /** Where a run on a day begins: the last visit, when run again on its day, as it began. */
  function waitingOn(enactment, day) {
    const last = enactment.visits[enactment.visits.length - 1];
    return last !== undefined && sameDate(day, last) ? enactment.before : enactment.waiting;
  }

  /** The enactment after a visit; running the same visit again gives the same enactment. */
  function advance(enactment, outcome) {
    const { pathway, patient, waiting, asOf } = outcome;
    if (enactment === null) return { pathway, patient, waiting, visits: [asOf], before: [] };
    const { visits } = enactment;
    const again = visits.length > 0 && sameDate(visits[visits.length - 1], asOf);
    return {
      ...enactment,
      waiting,
      visits: again ? visits : [...visits, asOf],
      before: again ? enactment.before : enactment.waiting,
    };
  }

  /** The enactment as JSON data; see `dsl/enactment.schema.json`. */
  function enactmentToJson(enactment, guideline) {
    const { header } = guideline;
    return {
      format: FORMAT,
      guideline: header.name,
      guideline_version: header.version,
      content_hash: header.content_hash,
      pathway: enactment.pathway,
      patient: enactment.patient,
      waiting: enactment.waiting.map(pointToJson),
      before: enactment.before.map(pointToJson),
      visits: enactment.visits.map(String),
      decisions: [],
    };
  }

  function pointToJson({ pathway, node, via, since }) {
    return { pathway, node, via, since: since === null ? null : String(since) };
  }

  /** An enactment read back; throws EnactmentError with what does not fit the guideline. */
  function enactmentFromJson(data, guideline) {
    if (data?.format !== FORMAT) {
      throw new EnactmentError("this is no enactment: `format` is not `pathway-enactment/1`");
    }
    if (data.guideline !== guideline.header.name) {
      const names = `\`${data.guideline}\`, not \`${guideline.header.name}\``;
      throw new EnactmentError(`this enactment belongs to guideline ${names}`);
    }
    if (!guideline.pathways.has(data.pathway)) {
      throw new EnactmentError(`the guideline has no pathway \`${data.pathway}\` any more`);
    }
    const points = (key) => listOf(data, key).map((item) => pointFromJson(item, data.pathway, guideline));
    return {
      pathway: data.pathway,
      patient: String(data.patient ?? ""),
      waiting: points("waiting"),
      before: points("before"),
      visits: listOf(data, "visits").map(dayFromJson),
    };
  }

  function listOf(data, key) {
    const value = data[key] ?? [];
    if (!Array.isArray(value)) throw new EnactmentError(`\`${key}\` is no list`);
    return value;
  }

  function dayFromJson(value) {
    const date = typeof value === "string" ? parseDate(value) : null;
    if (date === null || date.day === null) throw new EnactmentError(`\`${value}\` is not a full date`);
    return date;
  }

  function pointFromJson(item, entry, guideline) {
    if (item === null || typeof item !== "object") throw new EnactmentError("a waiting point is no object");
    const via = listOf(item, "via").map(String);
    let reached = entry;
    for (const name of via) {
      const follow = guideline.pathways.get(reached).byName.get(name);
      if (follow?.kind !== "follow") {
        throw new EnactmentError(`pathway \`${reached}\` has no node \`${name}\` that follows another pathway`);
      }
      reached = follow.pathway;
    }
    const { pathway } = item;
    if (reached !== pathway) throw new EnactmentError(`the way to \`${pathway}\` leads to \`${reached}\` now`);
    const since = (item.since ?? null) === null ? null : dayFromJson(item.since);
    const node = item.node ?? null;
    if (node === null) return { pathway, node, via, since };
    if (guideline.pathways.get(pathway).byName.get(node)?.kind !== "review") {
      throw new EnactmentError(`pathway \`${pathway}\` has no review \`${node}\` any more`);
    }
    if (since === null) {
      throw new EnactmentError(`the review \`${node}\` does not say since when the patient waits`);
    }
    return { pathway, node, via, since };
  }

  engine.enactment = Object.freeze({
    EnactmentError,
    advance,
    enactmentFromJson,
    enactmentToJson,
    waitingOn,
  });
})((globalThis.PathwayEngine ??= {}));
