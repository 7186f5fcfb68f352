"use strict";
/** Our own words in the language of the page, from a block of JSON that the template writes. */
(function (walk) {
  const words = walk.dom.embedded("walk-words");

  /**
   * A sentence with its values: `{name}` stands for one. Values are not looked through again, so that a text
   * of the author or of a file with braces stays as it is.
   * @param {string} key @param {Record<string, unknown>} values
   */
  function say(key, values = {}) {
    const found = words[key];
    if (typeof found !== "string") throw new Error(`no words for ${key}`);
    return filled(found, values);
  }

  /** The same for a number of things. @param {string} key @param {number} n */
  function sayMany(key, n, values = {}) {
    const [one, other] = words[key];
    return filled(n === 1 ? one : other, { n, ...values });
  }

  /** A number with its unit. @param {number|string} n @param {string} unit as the engine shows it */
  function sayAmount(n, unit) {
    const found = words.amounts[unit];
    return found ? filled(Number(n) === 1 ? found[0] : found[1], { n }) : `${n} ${unit}`;
  }

  /** The word for a value of a closed list of the engine, such as a rank; itself when there is none. */
  function sayOf(list, value) {
    return words[list][value] ?? value;
  }

  function filled(text, values) {
    return text.replace(/\{([a-z]+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  walk.words = Object.freeze({ say, sayAmount, sayMany, sayOf });
})((globalThis.PathwayWalk ??= {}));
