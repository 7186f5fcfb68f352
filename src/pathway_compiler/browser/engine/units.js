"use strict";
/**
 * Units of measure by UCUM, converted exactly; `datatypes/units.py` and `datatypes/ucum.py` in JavaScript.
 * Years and months are one family, weeks, days and shorter times another; an annotation counts.
 */
(function (engine) {
  const { fraction, fromDocument, product, whole } = engine.numbers;
  const { compareText, strip } = engine.text;
  const table = engine.ucumTable;

  const atoms = new Map(Object.entries(table.atoms));
  const prefixes = new Map(Object.entries(table.prefixes).map(([code, f]) => [code, fromDocument(f)]));
  const canonicalAtoms = new Map(Object.entries(table.canonical));
  const everyday = new Set(table.everyday);
  const words = new Map(Object.entries(table.words));
  const displays = new Map(Object.entries(table.displays));
  const mistakes = new Map(Object.entries(table.mistakes));

  const LONGEST_CODE = 80;
  const LARGEST_EXPONENT = 30;

  /**
   * @typedef {object} Measure so many of a product of base units
   * @property {Rational} factor
   * @property {Map<string, number>} of exponents by base unit, none of them zero
   */

  /** A way to read a code that does not lead on. */
  class NotAUnit extends Error {}

  // --- reading a code --------------------------------------------------------------------------------

  /** Reads one code of UCUM from its start to its end. */
  class CodeReader {
    constructor(code) {
      this.code = code;
      this.at = 0;
      /** Where an atom is to be spelt otherwise: start, end, spelling. */
      this.respelt = [];
    }

    read() {
      const measure = this.mainTerm();
      if (this.at < this.code.length) throw new NotAUnit();
      let canonical = this.code;
      for (const [start, end, spelling] of this.respelt.reverse()) {
        canonical = canonical.slice(0, start) + spelling + canonical.slice(end);
      }
      return { code: canonical, measure };
    }

    takes(character) {
      if (this.code[this.at] !== character) return false;
      this.at += 1;
      return true;
    }

    mainTerm() {
      return this.takes("/") ? power(this.term(), -1) : this.term();
    }

    term() {
      let found = this.component();
      for (;;) {
        if (this.takes(".")) found = times(found, this.component());
        else if (this.takes("/")) found = times(found, power(this.component(), -1));
        else return found;
      }
    }

    component() {
      const found = this.annotatable();
      const annotation = this.annotation();
      return annotation === null ? found : times(found, annotation);
    }

    annotatable() {
      const annotation = this.annotation();
      if (annotation !== null) return annotation;
      if (this.takes("(")) {
        const inner = this.mainTerm();
        if (!this.takes(")")) throw new NotAUnit();
        return inner;
      }
      const simple = this.simpleUnit();
      const exponent = /^[+-]?[1-9][0-9]*/.exec(this.code.slice(this.at));
      if (exponent === null) return simple;
      this.at += exponent[0].length;
      if (Math.abs(Number(exponent[0])) > LARGEST_EXPONENT) throw new NotAUnit();
      return power(simple, Number(exponent[0]));
    }

    annotation() {
      const found = /^\{[!-z|~]*\}/.exec(this.code.slice(this.at));
      if (found === null) return null;
      this.at += found[0].length;
      return { factor: whole(1), of: new Map([[found[0], 1]]) };
    }

    /** An atom, an atom with a prefix, or a number; the longest one that something can follow. */
    simpleUnit() {
      const rest = this.code.slice(this.at);
      const ways = [];
      for (const code of atoms.keys()) if (rest.startsWith(code)) ways.push([code.length, null, code]);
      for (const prefix of prefixes.keys()) {
        if (!rest.startsWith(prefix)) continue;
        for (const [code, atom] of atoms) {
          if (atom.metric && rest.startsWith(code, prefix.length)) {
            ways.push([prefix.length + code.length, prefix, code]);
          }
        }
      }
      const factor = /^[1-9][0-9]*/.exec(rest);
      if (factor !== null) ways.push([factor[0].length, null, null]);
      ways.sort(([a], [b]) => b - a);
      for (const [length, prefix, code] of ways) {
        if (!/^(?:$|[./){]|[+-]?[1-9])/.test(rest.slice(length))) continue;
        this.at += length;
        if (code === null) return { factor: whole(BigInt(factor[0])), of: new Map() };
        const spelling = canonicalAtoms.get(code);
        if (spelling !== undefined) this.respelt.push([this.at - code.length, this.at, spelling]);
        const measure = measureOfAtom(code);
        if (prefix === null) return measure;
        return { factor: product(prefixes.get(prefix), measure.factor), of: measure.of };
      }
      throw new NotAUnit();
    }
  }

  function measureOfAtom(code) {
    const atom = atoms.get(code);
    return { factor: fromDocument(atom.factor), of: new Map(atom.of) };
  }

  function times(left, right) {
    const of = new Map(left.of);
    for (const [base, exponent] of right.of) {
      const sum = (of.get(base) ?? 0) + exponent;
      if (sum === 0) of.delete(base);
      else of.set(base, sum);
    }
    return { factor: product(left.factor, right.factor), of };
  }

  function power(measure, exponent) {
    const { numerator, denominator } = measure.factor;
    const size = BigInt(Math.abs(exponent));
    const [top, bottom] = [numerator ** size, denominator ** size];
    const factor = exponent < 0 ? fraction(bottom, top) : fraction(top, bottom);
    const of = new Map([...measure.of].map(([base, count]) => [base, count * exponent]));
    return { factor, of };
  }

  /** A code in its canonical spelling with what it measures; null when it is none. */
  function read(code) {
    if ([...code].length > LONGEST_CODE) return null;
    try {
      return new CodeReader(code).read();
    } catch (error) {
      if (error instanceof NotAUnit) return null;
      throw error;
    }
  }

  // --- units -----------------------------------------------------------------------------------------

  /**
   * Read a code of UCUM, or a calendar word such as `months`.
   * @param {string} text
   * @returns {{code: string}|{suggestion: ?string}}
   */
  function parseUnit(text) {
    const stripped = strip(text);
    if (stripped === "") return { suggestion: null };
    const code = words.get(stripped) ?? stripped;
    if (everyday.has(code)) return { code };
    const found = mistakes.has(code) ? null : read(code);
    return found === null ? { suggestion: suggestion(code) } : { code: found.code };
  }

  /** The unit that may have been meant. */
  function suggestion(code) {
    if (mistakes.has(code)) return mistakes.get(code);
    const mended = code.split(/(\{[^{}]*\}|[./])/).map(mendedFactor).join("");
    if (mended !== code && read(mended) !== null) return mended;
    const known = [...words.keys(), ...everyday];
    const same = known.find((candidate) => candidate.toLowerCase() === code.toLowerCase());
    return same ?? engine.suggest.closeMatches(code, known, 1)[0] ?? null;
  }

  const SUPERSCRIPTS = { "²": "2", "³": "3", "^": "" };

  function mendedFactor(factor) {
    const word = words.get(factor) ?? factor;
    return (mistakes.get(word) ?? word).replace(/[²³^]/g, (c) => SUPERSCRIPTS[c]);
  }

  /** The unit as a reader expects it: `months` for `mo`, otherwise the code. @param {string} code */
  function displayOfUnit(code) {
    return displays.get(code) ?? code;
  }

  /**
   * A number in another unit, or why it cannot be converted.
   * @param {Rational} value
   * @param {string} source
   * @param {string} target
   * @returns {{value: Rational}|{message: string}}
   */
  function convert(value, source, target) {
    if (source === target) return { value };
    const from = read(source).measure;
    const to = read(target).measure;
    if (sameDimension(from, to)) {
      const factor = fraction(
        from.factor.numerator * to.factor.denominator,
        from.factor.denominator * to.factor.numerator,
      );
      return { value: product(value, factor) };
    }
    return { message: whyNot(source, from, target, to) };
  }

  function sameDimension(left, right) {
    return left.of.size === right.of.size && [...left.of].every(([base, n]) => right.of.get(base) === n);
  }

  function whyNot(source, from, target, to) {
    const differing = new Set();
    for (const [base, count] of from.of) if (to.of.get(base) !== count) differing.add(base);
    for (const [base, count] of to.of) if (from.of.get(base) !== count) differing.add(base);
    const annotations = [...differing].filter((base) => base.startsWith("{")).sort(compareText);
    const noConversion = `\`${displayOfUnit(source)}\` cannot be converted to \`${displayOfUnit(target)}\``;
    if (annotations.length > 0 && annotations.length === differing.size) {
      const names = annotations.map((annotation) => `\`${annotation}\``).join(" and ");
      const verb = annotations.length === 1 ? "is" : "are";
      return `${noConversion}, because ${names} ${verb} part of what is measured`;
    }
    if (differing.size === 2 && differing.has("mo") && differing.has("s")) {
      return `${noConversion}, because years and months have no fixed number of days`;
    }
    if ([...differing].some((base) => atoms.get(base)?.special)) {
      return `${noConversion}, because conversions with an offset or a logarithm are not supported`;
    }
    return `${noConversion}, because they measure different things`;
  }

  engine.units = Object.freeze({ convert, displayOfUnit, parseUnit });
})((globalThis.PathwayEngine ??= {}));
