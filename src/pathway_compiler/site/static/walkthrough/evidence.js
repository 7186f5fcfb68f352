"use strict";
/** Grades and certainties as badges, and the statements of the source behind a recommendation. */
(function (walk) {
  const { element } = walk.dom;
  const { say, sayOf } = walk.words;

  const OWN_COLOURS = new Set(["A", "B", "C", "D", "I"]);

  /** Each pair of grade and certainty once, as printed. @param {object[]} evidence of a result */
  function pairs(evidence) {
    const graded = evidence.filter((e) => e.grade !== null || e.certainty !== null);
    const found = new Map(graded.map((e) => [`${e.grade}|${e.certainty}`, e]));
    return [...found.values()];
  }

  function badges(evidence) {
    if (evidence.length === 0) return null;
    const graded = pairs(evidence);
    if (graded.length === 0) return element("span", { class: "badge" }, element("span", { class: "ungraded" }, say("notGraded")));
    return graded.map((e) => [
      element(
        "span",
        { class: "badge" },
        e.grade === null ? element("span", { class: "ungraded" }, say("noGrade")) : grade(e),
        " ",
        element("span", { class: "certainty" }, e.certainty === null ? say("noCertainty") : certainty(e)),
      ),
      " ",
    ]);
  }

  function grade({ grade: name, grade_meaning: meaning }) {
    const colour = OWN_COLOURS.has(name) ? name.toLowerCase() : "other";
    const title = meaning ? `${say("gradeTitle", { grade: name })}: ${meaning}` : say("gradeTitle", { grade: name });
    return element("abbr", { class: `grade grade-${colour}`, title }, `${say("gradeShort")} ${name}`);
  }

  function certainty({ certainty: name }) {
    return say("certainty", { level: sayOf("certainties", name) });
  }

  /** The same in a line of text. */
  function badgeText(evidence) {
    return pairs(evidence)
      .map((e) => [e.grade && `${say("gradeShort")} ${e.grade}`, e.certainty && certainty(e)])
      .map((parts) => parts.filter(Boolean).join(", "))
      .join("; ");
  }

  /** The statements, with section, lines and references. @param {object} guideline */
  function statements(guideline, evidence) {
    return element(
      "ul",
      { class: "plain" },
      evidence.map((e) =>
        element(
          "li",
          { class: "statement" },
          element("p", {}, element("a", { href: guideline.address("statements", e.statement) }, e.title), " ", badges([e])),
          element("p", { class: "quiet" }, [
            `${sayOf("statementKinds", e.kind)} · ${e.section}`,
            e.lines.length > 0 && ` · ${say("lines", { lines: e.lines.map(([a, b]) => (a === b ? a : `${a}–${b}`)).join(", ") })}`,
            e.references.length > 0 && ` · ${say("references", { numbers: e.references.join(", ") })}`,
          ]),
        ),
      ),
    );
  }

  walk.evidence = Object.freeze({ badgeText, badges, statements });
})((globalThis.PathwayWalk ??= {}));
