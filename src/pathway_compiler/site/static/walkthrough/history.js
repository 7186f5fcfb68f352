"use strict";
/** What was answered so far, visit by visit; each answer can be changed, and the others stay. */
(function (walk) {
  const { element, fill } = walk.dom;
  const { say, sayMany } = walk.words;

  /**
   * @param {HTMLElement} place
   * @param {object} guideline
   * @param {{change, remove, setDay, removeVisit, nextVisit}} act
   */
  function historyPanel(place, guideline, act) {
    /** @param {Answers} answers @param {?{name: string, visit: number}} changing @param {boolean} mayGoOn */
    function show(answers, changing, mayGoOn) {
      const total = answers.visits.reduce((sum, visit) => sum + visit.facts.size, 0);
      const several = answers.visits.length > 1;
      fill(
        place,
        element("h2", { id: "walk-answers-title", tabindex: "-1" }, total > 0 ? sayMany("answers", total) : say("noAnswers")),
        answers.visits.map((visit, at) => visitOf(visit, at, several, changing, answers)),
        mayGoOn && element("p", { class: "buttons" }, walk.question.button(say("nextVisit"), act.nextVisit)),
      );
    }

    function visitOf({ on, facts }, at, several, changing, answers) {
      const last = at === answers.visits.length - 1;
      const day = element("input", { type: "date", value: on, min: "1000-01-01", max: "9999-12-31", "data-visit": at });
      day.addEventListener("change", () => act.setDay(at, day.value));
      return element(
        "section",
        { class: "visit" },
        several && element("h3", {}, say("visitNumber", { number: at + 1 })),
        element("p", { class: "visit-day" }, element("label", {}, element("span", {}, say("dayOfVisit")), " ", day)),
        facts.size > 0 && element("dl", { class: "answered" }, [...facts].map(([name, raw]) => answerOf(name, raw, at, changing))),
        several && last && walk.question.button(say("removeVisit"), act.removeVisit),
      );
    }

    function answerOf(name, raw, visit, changing) {
      const label = guideline.speaker.labelOf(name);
      const now = changing?.name === name && changing.visit === visit;
      return element(
        "div",
        { class: now ? "answer-row now" : "answer-row", "data-element": name },
        element("dt", {}, label),
        element("dd", {}, element("span", { class: "answer-value" }, guideline.speaker.answer(name, raw)), [
          small(say("change"), say("changeOf", { fact: label }), () => act.change(name, visit), now),
          small("×", say("removeOf", { fact: label }), () => act.remove(name, visit)),
        ]),
      );
    }

    function small(text, spoken, act_, now = false) {
      return element(
        "button",
        { type: "button", class: "small-button", "aria-label": spoken, "aria-current": now ? "true" : null, on: { click: act_ } },
        text,
      );
    }

    /** After an answer is gone: the heading, since its row is gone too. */
    function focus() {
      walk.dom.focusOn(place.querySelector("h2"));
    }

    return { focus, show };
  }

  walk.history = Object.freeze({ historyPanel });
})((globalThis.PathwayWalk ??= {}));
