"use strict";
/**
 * What a guideline calls its facts and their values, and what a misspelt name may mean.
 */
(function (engine) {
  const { actionLabel } = engine.guideline;
  const { compareText, quoted } = engine.text;
  const { listed, meant } = engine.suggest;

  /** The type of a fact about a patient; undefined when the guideline has no such fact. */
  function typeOfFact(guideline, name) {
    return (guideline.definitions.get(name) ?? guideline.elements.get(name))?.type;
  }

  /** What a reader calls a fact. */
  function labelOfFact(guideline, name) {
    return (guideline.definitions.get(name) ?? guideline.elements.get(name)).label || name;
  }

  function labels(guideline) {
    const names = [...new Set([...guideline.elements.keys(), ...guideline.definitions.keys()])];
    return names.map((name) => [name, [labelOfFact(guideline, name)]]);
  }

  /** Whether a word is a value of a type, or of the values of a set. */
  function hasValue(guideline, type, word) {
    switch (type.is) {
      case "enum":
        return type.enum.values.has(word);
      case "action":
        return [guideline.actions, guideline.classes].some((table) => table.get(word)?.kind === type.kind);
      case "set":
        return hasValue(guideline, type.of, word);
      default:
        return false;
    }
  }

  /** What the writer of a wrong value may have meant. */
  function suggestValue(guideline, type, word) {
    const names = type.is === "enum" ? enumNames(type) : actionNames(guideline, type);
    return (
      meant(word, names) ??
      (listed(names.map(([name]) => name)) || "there are no values; the guideline is not complete")
    );
  }

  function enumNames(type) {
    return [...type.enum.values].map(([name, value]) => [name, [value.label]]);
  }

  function actionNames(guideline, type) {
    const all = [...guideline.actions.keys(), ...guideline.classes.keys()];
    const names = [...new Set(all)].filter((name) => hasValue(guideline, type, name)).sort(compareText);
    return names.map((name) => {
      const action = guideline.actions.get(name);
      const spoken = action ? [action.label, ...(action.synonyms ?? [])] : [actionLabel(guideline, name)];
      return [name, spoken];
    });
  }

  /** Why a name is none of a fact, and what to do. @returns {[string, string]} */
  function explainName(guideline, name) {
    if (guideline.parameters.has(name)) {
      return [
        `${quoted(name)} is a parameter of the guideline, and not a fact about a patient`,
        "a parameter is local policy: set it where the guideline is run",
      ];
    }
    if (guideline.readings.has(name)) {
      return [
        `${quoted(name)} is a reading of a sentence, and not a fact about a patient`,
        "choose the reading where the guideline is run; here give the facts it is made of",
      ];
    }
    if (guideline.actions.has(name) || guideline.classes.has(name)) {
      return [
        `${quoted(name)} is an action of the guideline, and not a fact about a patient`,
        "name it within a fact, such as the list of treatments",
      ];
    }
    return [
      `no data element of the guideline is called ${quoted(name)}`,
      meant(name, labels(guideline)) ?? "the facts are the data elements and definitions of the guideline",
    ];
  }

  engine.factNames = Object.freeze({ explainName, hasValue, labelOfFact, suggestValue, typeOfFact });
})((globalThis.PathwayEngine ??= {}));
