"use strict";
/** One question at a time: the first that the run asks for, or an earlier answer that is changed. */
(function (walk) {
  const { element, fill, focusOn, freshId } = walk.dom;
  const { say, sayMany } = walk.words;
  const { UNKNOWN, isObject, parts, whole } = walk.answers;

  /** Up to so many values are buttons that answer at once. */
  const BUTTONS = 9;

  /**
   * @typedef {object} Asked
   * @property {string} name of the element or definition
   * @property {number} visit
   * @property {unknown} raw what is answered already, or undefined
   * @property {unknown} draft what was written and is no answer
   * @property {?object} need from the result document
   * @property {object[]} mistakes diagnostics about the answer
   */

  /**
   * @param {HTMLElement} place
   * @param {object} guideline
   * @param {{answer, withdraw, skip, cancel, askAgain, nextVisit}} act what the reader can do
   */
  function questionPanel(place, guideline, act) {
    /** @param {?Asked} asked @param {object} rest */
    function show(asked, rest) {
      if (asked === null) fill(place, nothingAsked(rest, act));
      else fill(place, card(guideline, asked, rest, act));
    }

    function focus() {
      const heading = place.querySelector("h2");
      if (heading) focusOn(heading);
    }

    return { focus, show };
  }

  function nothingAsked({ skipped, half, unanswerable, reviews, refused }, act) {
    if (refused) return [element("h2", {}, say("cannotBe")), element("p", {}, say("changeOne"))];
    return [
      element("h2", {}, skipped > 0 ? sayMany("skipped", skipped) : say("noQuestion")),
      unanswerable.length > 0 && element("p", {}, say("restsOnUnknown", { facts: unanswerable.join(", ") })),
      half.length > 0 && element("p", {}, say("halfAnswered", { facts: half.join(", ") })),
      element(
        "p",
        { class: "buttons" },
        skipped > 0 && button(say("askAgain"), act.askAgain),
        reviews > 0 && button(say("nextVisit"), act.nextVisit),
      ),
    ];
  }

  function card(guideline, asked, rest, act) {
    const { name, raw, draft, need, mistakes } = asked;
    const { speaker } = guideline;
    const declaration = speaker.declared(name);
    const shown = draft ?? raw;
    const old = shown === undefined ? {} : parts(shown);
    const title = freshId();
    const about = freshId();
    const trouble = freshId();
    const question = guideline.question(name);
    const date = dateField(guideline, old);
    const answer = (told) => act.answer(asked, withDate(told, date.read()));
    const names = {
      label: question,
      labelledby: title,
      describedby: mistakes.length > 0 ? `${trouble} ${about}` : about,
      changed: () => {},
    };
    const quick = quickChoices(guideline, declaration.type);
    const told = old.many ? {} : old;
    const settles = (need?.settles ?? []).map(guideline.titleOf);
    return [
      element("p", { class: "kicker", "data-element": name }, raw === undefined ? sayMany("openQuestions", rest.open) : say("changeAnswer")),
      element("h2", { id: title, tabindex: "-1" }, question),
      element(
        "div",
        { class: "about", id: about },
        declaration.hint && element("p", {}, declaration.hint),
        declaration.judgement && element("p", { class: "judgement" }, say("judgement"), " ", declaration.judgement_note),
        raw !== undefined && element("p", {}, say("nowAnswered", { value: speaker.answer(name, raw) })),
      ),
      mistakes.length > 0 && element("div", { class: "trouble", id: trouble, role: "alert" }, mistakes.map(mistake)),
      quick ? buttons(quick, told, names, answer, act, asked) : form(guideline, declaration.type, told, names, answer, act, asked),
      element(
        "p",
        { class: "buttons" },
        raw === undefined && button(say("skip"), () => act.skip(name)),
        raw !== undefined && button(say("leave"), act.cancel),
        raw !== undefined && button(say("withdraw"), () => act.withdraw(asked)),
      ),
      walk.dom.folded("more", say("aboutQuestion"), [
        element("dl", { class: "facts-list" }, [
          element("dt", {}, say("fact")),
          element("dd", {}, element("a", { href: guideline.address(factPage(guideline, name), name) }, speaker.labelOf(name))),
          settles.length > 0 && [element("dt", {}, say("settles")), settles.map((text) => element("dd", {}, text))],
        ]),
        declaration.note && element("p", { class: "quiet" }, declaration.note),
        date.node,
      ]),
    ];
  }

  function factPage(guideline, name) {
    return Object.hasOwn(guideline.document.elements, name) ? "data" : "definitions";
  }

  /** The answers that are buttons: [value, words]; null when a field is needed. */
  function quickChoices(guideline, type) {
    if (type.is === "boolean") return [[true, say("yes")], [false, say("no")]];
    if (type.is !== "enum") return null;
    const values = walk.fields.valuesOf(guideline, type);
    return values.length <= BUTTONS ? values : null;
  }

  function buttons(choices, told, names, answer, act, asked) {
    const one = (value, words, depth = 0) =>
      element(
        "button",
        {
          type: "button",
          class: depth > 0 ? "answer-button nested" : "answer-button",
          "aria-pressed": asked.raw === undefined ? null : String(told.value === value),
          on: { click: () => answer(value) },
        },
        words,
      );
    return element(
      "div",
      { class: "answer-buttons", role: "group", "aria-labelledby": names.labelledby, "aria-describedby": names.describedby },
      choices.map(([value, words, depth]) => one(value, words, depth)),
      unknownButton(told, answer, asked),
    );
  }

  function unknownButton(told, answer, asked) {
    const pressed = asked.raw === undefined ? null : String(told.unknown !== undefined);
    const unknown = () => answer(UNKNOWN);
    return element("button", { type: "button", class: "answer-button unknown", "aria-pressed": pressed, on: { click: unknown } }, say("unknown"));
  }

  function form(guideline, type, told, names, answer, act, asked) {
    const field = walk.fields.fieldFor(guideline, type, told, names);
    const submit = (event) => {
      event.preventDefault();
      const value = field.read();
      if (value === undefined) {
        field.first.focus();
        act.nothingWritten();
      } else answer(value);
    };
    return element(
      "form",
      { class: "answer-form", novalidate: true, on: { submit } },
      field.node,
      element(
        "div",
        { class: "answer-buttons" },
        element("button", { type: "submit", class: "answer-button main" }, say("save")),
        unknownButton(told, answer, asked),
      ),
    );
  }

  /** Of which day the fact is, when that is not the day of the visit. */
  function dateField(guideline, old) {
    const label = freshId();
    const field = walk.fields.fieldFor(guideline, { is: "date" }, { value: old.date }, { labelledby: label, changed: () => {} });
    const node = element("div", { class: "compact" }, element("span", { id: label }, say("observedOn")), field.node);
    return { node, read: field.read };
  }

  function withDate(told, date) {
    if (date === undefined) return told;
    return whole({ ...(isObject(told) ? parts(told) : { value: told }), date });
  }

  /** What is wrong with an answer, in the engine's words. */
  function mistake({ message, help }) {
    return element("p", {}, element("strong", {}, sentence(message)), help && ` ${sentence(help)}`);
  }

  /** With a capital letter and a full stop. @param {string} text */
  function sentence(text) {
    const begun = text.charAt(0).toUpperCase() + text.slice(1);
    return /[.?!]$/.test(begun) ? begun : `${begun}.`;
  }

  function button(text, act) {
    return element("button", { type: "button", class: "quiet-button", on: { click: () => act() } }, text);
  }

  walk.question = Object.freeze({ button, mistake, questionPanel });
})((globalThis.PathwayWalk ??= {}));
