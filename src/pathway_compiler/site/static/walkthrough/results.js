"use strict";
/** What follows from the answers: what is settled, what is still possible, what is not and why. */
(function (walk) {
  /** More recommendations than these are shown by pathway; those that are only possible, folded away. */
  const MANY = 8;

  const { element, fill, folded, foldedLate } = walk.dom;
  const { say, sayMany, sayOf } = walk.words;
  const { badges, statements } = walk.evidence;

  /** @param {HTMLElement} place @param {object} guideline @param {{nextVisit}} act */
  function resultsPanel(place, guideline, act) {
    const { speaker } = guideline;

    /**
     * @param {?object} result null when the data are refused @param {object[]} diagnostics
     * @param {number} unanswered how many of its questions have no answer at all
     */
    function show(result, diagnostics, unanswered) {
      fill(place, element("h2", { tabindex: "-1" }, say("results")), result === null ? refused(diagnostics) : outcome(result, unanswered));
    }

    function refused(diagnostics) {
      return element("div", { class: "trouble" }, element("p", {}, say("cannotBe")), diagnostics.map(walk.question.mistake));
    }

    function outcome(result, unanswered) {
      const given = result.recommendations.filter((r) => r.certainty === "given");
      const possible = result.recommendations.filter((r) => r.certainty === "possible");
      return [
        element("p", { class: `status ${result.status}` }, statusOf(result, unanswered)),
        result.outside.length > 0 && element("ul", {}, result.outside.map((text) => element("li", {}, text))),
        contradictions(result.contradictions.filter((c) => c.certainty === "given")),
        section("settled", say("settled"), given),
        section("possible", say("possible"), possible),
        result.recommendations.length === 0 && element("p", {}, say("nothingYet")),
        reviews(result),
        result.ends.length > 0 && [element("h3", {}, say("ends")), list(result.ends)],
        refusedOnes(result),
        medicines(result),
        concluded(result),
        missingFacts(result),
        howItWasRead(result),
      ];
    }

    function statusOf(result, unanswered) {
      if (result.status !== "needs_data") return sayOf("statuses", result.status);
      return sayMany("needsData", unanswered || result.needs.length);
    }

    function section(key, title, found) {
      if (found.length === 0) return null;
      const contents =
        found.length <= MANY
          ? recommendations(found)
          : [...byPathway(found)].map(([pathway, some]) =>
              key === "settled"
                ? [element("h4", {}, guideline.pathwayLabel(pathway)), recommendations(some)]
                : foldedLate(`${key}-${pathway}`, `${guideline.pathwayLabel(pathway)} (${some.length})`, () => [recommendations(some)]),
            );
      return element("section", { class: `results-${key}` }, element("h3", {}, `${title} (${found.length})`), contents);
    }

    function recommendations(found) {
      return element("ul", { class: "recommendations" }, found.map(recommendation));
    }

    /** @param {{id: string}[]} found @returns {Map<string, object[]>} in the order in which they come */
    function byPathway(found) {
      const groups = new Map();
      for (const each of found) {
        const pathway = each.id.split(".", 1)[0];
        groups.set(pathway, [...(groups.get(pathway) ?? []), each]);
      }
      return groups;
    }

    function recommendation(r) {
      return element(
        "li",
        { class: `recommendation ${r.certainty} ${r.direction.replace(" ", "-")}`, "data-id": r.id },
        element(
          "p",
          { class: "recommendation-title" },
          r.direction !== "for" && [element("span", { class: "direction" }, sayOf("directions", r.direction)), " "],
          element("a", { href: guideline.addressOf(r.id) }, r.title),
          " ",
          badges(r.evidence),
        ),
        r.moment && element("p", { class: "quiet" }, guideline.document.moments[r.moment] ?? r.moment),
        course(r),
        r.options.length > 0 && [
          element("p", { class: "quiet" }, r.exclusive ? say("oneOfThese") : say("someOfThese")),
          element("ul", { class: "options" }, r.options.map(option)),
        ],
        r.missing.length > 0 && element("p", { class: "missing" }, say("dependsOn", { facts: names(r.missing) })),
        foldedLate(`why-${r.id}-${r.via.join(".")}`, say("why"), () => [
          because(r.because),
          r.evidence.length > 0 && statements(guideline, r.evidence),
        ]),
      );
    }

    function option(o) {
      return element(
        "li",
        { class: `option-row ${o.status}`, "data-id": o.id },
        element(
          "p",
          { class: "recommendation-title" },
          element("span", { class: "option-status" }, sayOf("optionStatuses", o.status)),
          " ",
          element("a", { href: guideline.addressOf(o.id) }, o.title),
          " ",
          o.rank !== "option" && [element("span", { class: "rank" }, sayOf("ranks", o.rank)), " "],
          badges(o.evidence),
        ),
        o.reasons.length > 0 && element("ul", { class: "reasons" }, o.reasons.map((reason) => element("li", {}, reason))),
        o.status !== "excluded" && course(o),
        o.evidence.length > 0 && foldedLate(`why-${o.id}`, say("statements"), () => [statements(guideline, o.evidence)]),
      );
    }

    /** What is given, avoided and cautioned about. */
    function course(of) {
      return [
        of.regimen.length > 0 && element("ul", { class: "regimen" }, of.regimen.map(part)),
        of.avoids.length > 0 && element("p", {}, element("strong", {}, say("avoid")), " ", of.avoids.map((a) => speaker.nameInWords({ is: "action" }, a)).join(", ")),
        of.cautions.map((text) => element("p", { class: "caution" }, element("strong", {}, say("caution")), " ", text)),
      ];
    }

    function part(p) {
      const reasons = [...p.reasons, ...p.parts.flatMap(reasonsWithin)];
      return element(
        "li",
        { class: `part ${p.status.replace(" ", "-")}` },
        p.status === "offered" ? p.text : [element("span", { class: "part-status" }, sayOf("partStatuses", p.status)), " ", p.text],
        reasons.length > 0 && element("ul", { class: "reasons" }, [...new Set(reasons)].map((text) => element("li", {}, text))),
      );
    }

    function reasonsWithin(p) {
      return [...p.reasons, ...p.parts.flatMap(reasonsWithin)];
    }

    function because(steps) {
      if (steps.length === 0) return null;
      return element(
        "ol",
        { class: "because" },
        steps.map(({ node, question, answer, facts }) =>
          element(
            "li",
            {},
            element("a", { href: guideline.addressOf(node) }, question),
            question !== answer && `: ${answer}`,
            factsOf(facts),
          ),
        ),
      );
    }

    function factsOf(facts) {
      const told = Object.entries(facts).map(([name, value]) => `${speaker.labelOf(name)}: ${speaker.found(name, value)}`);
      return told.length > 0 && element("span", { class: "quiet block" }, told.join("; "));
    }

    function names(missing) {
      return [...new Set(missing.map((m) => speaker.labelOf(m.element)))].join(", ");
    }

    function contradictions(found) {
      if (found.length === 0) return null;
      return element("section", { class: "trouble" }, element("h3", {}, say("contradictions")), list(found.map((c) => c.text)));
    }

    function reviews(result) {
      if (result.reviews.length === 0) return null;
      return element(
        "section",
        {},
        element("h3", {}, say("reviews")),
        element(
          "ul",
          { class: "reviews" },
          result.reviews.map((r) =>
            element(
              "li",
              { "data-id": r.id },
              element("a", { href: guideline.addressOf(r.id) }, r.title),
              r.certainty === "possible" && ` (${say("possibly")})`,
              r.every && ` · ${r.every}`,
              r.since && ` · ${say("since", { date: r.since })}`,
            ),
          ),
        ),
        element("p", { class: "buttons" }, walk.question.button(say("nextVisit"), act.nextVisit)),
      );
    }

    function refusedOnes(result) {
      const found = result.not_recommended;
      if (found.length === 0) return null;
      return foldedLate("not", sayMany("notRecommended", found.length), () =>
        [...byPathway(found)].map(([pathway, some]) => [
          element("h4", {}, guideline.pathwayLabel(pathway)),
          element("ul", { class: "not-recommended" }, some.map(refusedOne)),
        ]),
      );
    }

    function refusedOne(each) {
      return element(
        "li",
        { "data-id": each.id },
        element("a", { href: guideline.addressOf(each.id) }, each.title),
        each.reasons.length > 0 && element("span", { class: "quiet block" }, each.reasons.join("; ")),
      );
    }

    function medicines(result) {
      if (result.actions.length === 0) return null;
      return foldedLate("actions", sayMany("actions", result.actions.length), () => [
        element("ul", { class: "actions" }, result.actions.map(medicine)),
      ]);
    }

    function medicine(a) {
      return element(
        "li",
        {},
        element("a", { href: guideline.address("agents", a.action) }, a.title),
        ` · ${a.certainty === "given" ? say("isGiven") : say("possibly")}`,
        a.alternative && ` · ${say("oneOfSeveral")}`,
        a.barred_by.length > 0 && ` · ${say("barredBy", { reasons: a.barred_by.join("; ") })}`,
        a.authorisations.map(({ regulator, text, status }) =>
          element("span", { class: "quiet block" }, `${regulator.toUpperCase()}: ${text} (${sayOf("authorised", status)})`),
        ),
      );
    }

    function concluded(result) {
      const known = result.definitions.filter(({ value }) => !(value !== null && typeof value === "object" && "unknown" in value));
      if (known.length === 0) return null;
      return foldedLate("definitions", sayMany("concluded", known.length), () => [
        element(
          "dl",
          { class: "facts-list" },
          known.map((d) => [
            element("dt", {}, element("a", { href: guideline.address("definitions", d.name) }, d.title)),
            element("dd", {}, speaker.found(d.name, d.value), factsOf(d.facts)),
          ]),
        ),
      ]);
    }

    function missingFacts(result) {
      const later = result.needs.map((n) => `${n.question} (${sayOf("urgencies", n.urgency)})`);
      const vain = result.unanswerable.map((m) => `${speaker.labelOf(m.element)}: ${speaker.missing(m.reason)}`);
      const spared = result.irrelevant.map((name) => speaker.labelOf(name));
      const perhaps = result.contradictions.filter((c) => c.certainty === "possible").map((c) => c.text);
      return [
        perhaps.length > 0 && folded("perhaps-contradictions", sayMany("possibleContradictions", perhaps.length), list(perhaps)),
        later.length > 0 && folded("needs", sayMany("openQuestions", later.length), list(later)),
        vain.length > 0 && folded("vain", sayMany("unanswerable", vain.length), list(vain)),
        spared.length > 0 && folded("spared", sayMany("spared", spared.length), list(spared)),
      ];
    }

    function howItWasRead(result) {
      const settings = Object.entries(result.settings).map(([name, value]) => [speaker.labelOf(name), speaker.found(name, value)]);
      const readings = Object.entries(result.readings).map(([name, chosen]) => [speaker.labelOf(name), readingOf(name, chosen)]);
      const rows = [...readings, ...settings];
      if (rows.length === 0) return null;
      return folded(
        "readings",
        say("readAs"),
        element("dl", { class: "facts-list" }, rows.map(([title, value]) => [element("dt", {}, title), element("dd", {}, value)])),
      );
    }

    function readingOf(name, chosen) {
      const reading = guideline.document.readings[name];
      return reading?.alternatives.find((a) => a.name === chosen)?.label || chosen;
    }

    function list(texts) {
      return element("ul", {}, texts.map((text) => element("li", {}, text)));
    }

    return { show };
  }

  walk.results = Object.freeze({ resultsPanel });
})((globalThis.PathwayWalk ??= {}));
