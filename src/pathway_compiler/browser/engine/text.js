"use strict";
/**
 * Text as Python treats it, so that messages and orders are those of the interpreter.
 */
(function (engine) {
  /**
   * Compare by code points, as Python sorts text.
   * @param {string} left
   * @param {string} right
   * @returns {number}
   */
  function compareText(left, right) {
    const length = Math.min(left.length, right.length);
    for (let at = 0; at < length; at += 1) {
      const a = left.charCodeAt(at);
      const b = right.charCodeAt(at);
      if (a !== b) return rank(a) - rank(b);
    }
    return left.length - right.length;
  }

  /** Where a code unit stands: surrogates stand for the code points above all others. */
  function rank(unit) {
    return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
  }

  // What `str.strip` takes for space; `trim` would keep some of it and take more.
  const SPACE = "[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
  const STRIPPED = new RegExp(`^${SPACE}+|${SPACE}+$`, "gu");
  const SPACES = new RegExp(`${SPACE}+`, "u");

  /** @param {string} text */
  function strip(text) {
    return text.replace(STRIPPED, "");
  }

  /** The words between spaces. @param {string} text @returns {string[]} */
  function split(text) {
    return text.split(SPACES).filter((word) => word !== "");
  }

  const NOT_PRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

  /** @param {string} text */
  function isPrintable(text) {
    return !NOT_PRINTABLE.test(text);
  }

  const LONGEST_QUOTE = 60;

  /** A text in backticks, on one line and of at most 60 characters. @param {string} text */
  function quoted(text) {
    const first = firstPoints(text, LONGEST_QUOTE + 1);
    const shown = first.map((c) => (isPrintable(c) && c !== "`" ? c : "\ufffd"));
    if (shown.length > LONGEST_QUOTE) shown.splice(LONGEST_QUOTE - 1, shown.length, "…");
    return `\`${shown.join("")}\``;
  }

  /** The first characters of a text, however long the text is. */
  function firstPoints(text, number) {
    const found = [];
    for (const c of text) {
      if (found.length === number) break;
      found.push(c);
    }
    return found;
  }

  /** How many characters a text has. @param {string} text */
  function lengthOf(text) {
    let number = 0;
    // eslint-disable-next-line no-unused-vars
    for (const _ of text) number += 1;
    return number;
  }

  /** The text with its first letter in capitals. @param {string} text */
  function capitalised(text) {
    const [first = ""] = firstPoints(text, 1);
    return first.toUpperCase() + text.slice(first.length);
  }

  const FOLDED_BY_ITSELF = new Map([
    ["ı", "ı"],
    ["ẞ", "ss"],
  ]);

  /** The text without differences of case (`str.casefold`). @param {string} text */
  function casefold(text) {
    let folded = "";
    for (const c of text) folded += FOLDED_BY_ITSELF.get(c) ?? foldedLetter(c);
    return folded;
  }

  const CHEROKEE = /\p{Script=Cherokee}/u;

  function foldedLetter(c) {
    // The small letters of this script came late to Unicode, and fold to the large ones.
    if (CHEROKEE.test(c)) return c.toUpperCase();
    let folded = "";
    // One by one, so that a final sigma is like any other.
    for (const upper of c.toUpperCase()) folded += upper.toLowerCase();
    return folded;
  }

  const WORD = /[\p{L}\p{N}]+/gu;

  /** The letters and digits of a text, its words parted by single spaces. @param {string} text */
  function plainWords(text) {
    return (casefold(text).match(WORD) ?? []).join(" ");
  }

  /** The engine's own sentences in the language that is spoken, by the English ones; see `speak`. */
  let words = new Map();

  /**
   * Say the engine's own sentences in another language: that of the guideline at hand.
   * @param {Map<string, string>} translations
   */
  function speak(translations) {
    words = translations;
  }

  /**
   * One of the engine's own sentences, with what belongs into it: `%(condition)s` stands for a condition.
   * @param {string} sentence
   * @param {Record<string, string>} values
   */
  function say(sentence, values = {}) {
    return filled(words.get(sentence) ?? sentence, values);
  }

  /** The same for a word whose translation depends on where it is said. */
  function sayAs(context, sentence, values = {}) {
    return filled(words.get(`${context}\u0004${sentence}`) ?? sentence, values);
  }

  function filled(sentence, values) {
    return sentence.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));
  }

  engine.text = Object.freeze({
    capitalised,
    casefold,
    compareText,
    firstPoints,
    isPrintable,
    lengthOf,
    plainWords,
    quoted,
    say,
    sayAs,
    speak,
    split,
    strip,
  });
})((globalThis.PathwayEngine ??= {}));
