"use strict";
/**
 * "Did you mean": the nearest of the names that could have been meant, as Python's `difflib` finds them.
 */
(function (engine) {
  const { casefold, compareText, plainWords } = engine.text;

  const CUTOFF = 0.6;
  const POPULAR = 200;

  /**
   * Where the letters of a text stand; letters that are too common in a long text are left out.
   * @param {string[]} second
   */
  function placesOf(second) {
    const places = new Map();
    second.forEach((letter, place) => {
      if (!places.has(letter)) places.set(letter, []);
      places.get(letter).push(place);
    });
    if (second.length >= POPULAR) {
      const most = Math.floor(second.length / 100) + 1;
      for (const [letter, found] of places) if (found.length > most) places.delete(letter);
    }
    return places;
  }

  /** How many letters two texts have in common, in matching blocks. */
  function matches(first, second, places) {
    const waiting = [[0, first.length, 0, second.length]];
    let number = 0;
    while (waiting.length > 0) {
      const [firstLow, firstHigh, secondLow, secondHigh] = waiting.pop();
      const [i, j, size] = longestMatch(first, second, places, firstLow, firstHigh, secondLow, secondHigh);
      if (size === 0) continue;
      number += size;
      if (firstLow < i && secondLow < j) waiting.push([firstLow, i, secondLow, j]);
      if (i + size < firstHigh && j + size < secondHigh) {
        waiting.push([i + size, firstHigh, j + size, secondHigh]);
      }
    }
    return number;
  }

  function longestMatch(first, second, places, firstLow, firstHigh, secondLow, secondHigh) {
    let [bestI, bestJ, best] = [firstLow, secondLow, 0];
    let lengths = new Map();
    for (let i = firstLow; i < firstHigh; i += 1) {
      const next = new Map();
      for (const j of places.get(first[i]) ?? []) {
        if (j < secondLow) continue;
        if (j >= secondHigh) break;
        const length = (lengths.get(j - 1) ?? 0) + 1;
        next.set(j, length);
        if (length > best) [bestI, bestJ, best] = [i - length + 1, j - length + 1, length];
      }
      lengths = next;
    }
    // Letters that were left out as too common still lengthen a match.
    while (bestI > firstLow && bestJ > secondLow && first[bestI - 1] === second[bestJ - 1]) {
      [bestI, bestJ, best] = [bestI - 1, bestJ - 1, best + 1];
    }
    while (
      bestI + best < firstHigh &&
      bestJ + best < secondHigh &&
      first[bestI + best] === second[bestJ + best]
    ) {
      best += 1;
    }
    return [bestI, bestJ, best];
  }

  function ratio(found, first, second) {
    const length = first.length + second.length;
    return length === 0 ? 1 : (2 * found) / length;
  }

  /** Letters in common, wherever they stand. */
  function commonLetters(first, second) {
    const left = new Map();
    for (const letter of second) left.set(letter, (left.get(letter) ?? 0) + 1);
    let number = 0;
    for (const letter of first) {
      const count = left.get(letter) ?? 0;
      if (count > 0) number += 1;
      left.set(letter, count - 1);
    }
    return number;
  }

  /**
   * The candidates that look like a word, the nearest first (`difflib.get_close_matches`).
   * @param {string} word
   * @param {Iterable<string>} candidates
   * @param {number} limit
   */
  function closeMatches(word, candidates, limit) {
    const second = [...word];
    const places = placesOf(second);
    const found = [];
    for (const candidate of candidates) {
      const first = [...candidate];
      if (ratio(Math.min(first.length, second.length), first, second) < CUTOFF) continue;
      if (ratio(commonLetters(first, second), first, second) < CUTOFF) continue;
      const score = ratio(matches(first, second, places), first, second);
      if (score >= CUTOFF) found.push([score, candidate]);
    }
    found.sort(([a, x], [b, y]) => b - a || compareText(y, x));
    return found.slice(0, limit).map(([, candidate]) => candidate);
  }

  /** Up to three candidates that look like a word. */
  function nearest(word, candidates) {
    const folded = new Map();
    for (const name of [...new Set(candidates)].sort(compareText)) {
      const key = casefold(name);
      if (!folded.has(key)) folded.set(key, name);
    }
    return closeMatches(casefold(word), folded.keys(), 3).map((key) => folded.get(key));
  }

  function asked(names) {
    return `did you mean ${names.map((name) => `\`${name}\``).join(" or ")}?`;
  }

  /** A help line such as "did you mean `her2_status`?", or null when nothing is near. */
  function didYouMean(word, candidates) {
    const names = nearest(word, candidates);
    return names.length === 0 ? null : asked(names);
  }

  const MOST_LISTED = 12;

  /** The first of some names, for a help line; the empty text when there are none. */
  function listed(names, words = "the values are") {
    const found = [...names];
    if (found.length === 0) return "";
    const more = found.length - MOST_LISTED;
    const first = found.slice(0, MOST_LISTED).map((name) => `\`${name}\``);
    return `${words} ${first.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  }

  const LONGEST_GUESS = 60;

  /**
   * A line such as "did you mean `positive`?" for a word that may be a label or misspelt.
   * @param {string} word
   * @param {Iterable<[string, string[]]>} labels names with what they are called
   */
  function meant(word, labels) {
    const folded = plainWords(word);
    const byText = new Map();
    for (const [name, texts] of labels) {
      for (const text of [name, ...texts]) {
        const key = plainWords(text);
        if (!byText.has(key)) byText.set(key, name);
      }
    }
    if (byText.has(folded)) return asked([byText.get(folded)]);
    if ([...folded].length > LONGEST_GUESS) return null;
    const beginning = new Set();
    for (const [text, name] of byText) if (folded && text.startsWith(folded)) beginning.add(name);
    if (beginning.size === 1) return asked([...beginning]);
    const near = nearest(folded, byText.keys());
    if (near.length === 0) return null;
    return asked([...new Set(near.map((text) => byText.get(text)))]);
  }

  engine.suggest = Object.freeze({ closeMatches, didYouMean, listed, meant });
})((globalThis.PathwayEngine ??= {}));
