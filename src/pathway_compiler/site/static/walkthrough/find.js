"use strict";
/** Whether a text has all words that somebody looks for; capitals and accents do not matter. */
(function (walk) {
  function folded(text) {
    return String(text).normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase();
  }

  /** @param {string} text folded already @param {string} wanted as it was typed */
  function matches(text, wanted) {
    return folded(wanted).split(/\s+/).every((word) => text.includes(word));
  }

  walk.find = Object.freeze({ folded, matches });
})((globalThis.PathwayWalk ??= {}));
