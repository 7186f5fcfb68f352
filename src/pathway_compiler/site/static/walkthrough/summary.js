"use strict";
/** The answers and what follows as plain text, to be pasted into a record. It names no patient. */
(function (walk) {
  const { say, sayMany, sayOf } = walk.words;
  const { badgeText } = walk.evidence;

  /**
   * @param {object} guideline @param {Answers} answers @param {VisitRun[]} runs
   * @returns {string}
   */
  function summaryText(guideline, answers, runs) {
    const { header, speaker } = guideline;
    const lines = [header.title, say("versionLine", { version: header.version || "–", hash: header.content_hash.slice(0, 12) }), ""];
    if (answers.pathway !== null) lines.push(say("startedWith", { pathway: guideline.pathwayLabel(answers.pathway) }), "");
    answers.visits.forEach((visit, at) => {
      lines.push(say("visitLine", { number: at + 1, date: visit.on }).toUpperCase());
      for (const [name, raw] of visit.facts) lines.push(`- ${speaker.labelOf(name)}: ${speaker.answer(name, raw)}`);
      lines.push("", ...(runs[at] ? outcome(guideline, runs[at]) : []));
    });
    lines.push(say("noReplacement"));
    return `${lines.map(walk.dom.visible).join("\n")}\n`;
  }

  function outcome(guideline, { result, diagnostics }) {
    if (result === null) return [say("cannotBe"), ...diagnostics.map((d) => `- ${d.message}`), ""];
    const of = (certainty) => result.recommendations.filter((r) => r.certainty === certainty);
    const block = (title, lines) => (lines.length > 0 ? [title, ...lines, ""] : []);
    const changed = Object.entries(result.readings)
      .filter(([name, chosen]) => guideline.document.readings[name]?.chosen !== chosen)
      .map(([name, chosen]) => `- ${guideline.speaker.labelOf(name)}: ${chosen}`);
    return [
      ...(result.status === "needs_data" ? [sayMany("needsData", result.needs.length)] : [sayOf("statuses", result.status)]),
      "",
      ...block(say("settled"), of("given").flatMap(recommendation)),
      ...block(say("possible"), of("possible").flatMap(recommendation)),
      ...block(say("contradictions"), result.contradictions.map((c) => `- ${c.text}`)),
      ...block(say("reviews"), result.reviews.map((r) => `- ${r.title}`)),
      ...block(say("stillOpen"), result.needs.map((n) => `- ${n.question}`)),
      ...block(say("readOtherwise"), changed),
    ];
  }

  function recommendation(r) {
    const direction = r.direction === "for" ? "" : `${sayOf("directions", r.direction)}: `;
    const own = [...r.regimen.map((p) => `    ${p.text}`), ...r.cautions.map((text) => `    ${say("caution")} ${text}`)];
    const options = r.options.flatMap((o) => {
      const rank = o.rank === "option" ? "" : `, ${sayOf("ranks", o.rank)}`;
      const reasons = o.reasons.map((reason) => `      ${reason}`);
      const cautions = o.status === "excluded" ? [] : o.cautions.map((text) => `      ${say("caution")} ${text}`);
      return [`    - ${sayOf("optionStatuses", o.status)}: ${o.title}${rank}${bracket(badgeText(o.evidence))}`, ...reasons, ...cautions];
    });
    return [`- ${direction}${r.title}${bracket(badgeText(r.evidence))}`, ...own, ...options];
  }

  function bracket(text) {
    return text ? ` [${text}]` : "";
  }

  walk.summary = Object.freeze({ summaryText });
})((globalThis.PathwayWalk ??= {}));
