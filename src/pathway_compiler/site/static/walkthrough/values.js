"use strict";
/** Facts in words, by the type of their element: those that were answered, and those of a result. */
(function (walk) {
  const { say, sayAmount, sayMany, sayOf } = walk.words;
  const { isObject, parts } = walk.answers;

  /** Values in words for one guideline. @param {object} document the compiled guideline as JSON */
  function speaker(document) {
    /** The declaration of a fact, whichever way it is known. */
    function declared(name) {
      for (const table of ["elements", "definitions", "readings", "parameters"]) {
        if (Object.hasOwn(document[table], name)) return document[table][name];
      }
      for (const pathway of Object.values(document.pathways)) {
        const parameter = (pathway.parameters ?? []).find((p) => p.name === name);
        if (parameter) return parameter;
      }
      return null;
    }

    /** The label of a fact; of a field of a record, that of its list. */
    function labelOf(name) {
      return (declared(name) ?? declared(name.split(".", 1)[0]))?.label || name;
    }

    function nameInWords(type, name) {
      if (type.is === "enum") {
        return document.enums[type.enum].values.find((v) => v.name === name)?.label || name;
      }
      const found = Object.hasOwn(document.actions, name) ? document.actions[name] : document.classes[name];
      return found?.label || name;
    }

    /** A value that is no list, set or object. */
    function scalar(type, value) {
      if (value === true || value === "yes") return say("yes");
      if (value === false || value === "no") return say("no");
      if (type?.is === "enum" || type?.is === "action") return nameInWords(type, String(value));
      if (type?.is === "quantity" && typeof value === "number") return sayAmount(value, PathwayEngine.units.displayOfUnit(type.unit));
      return String(value);
    }

    function unitOf(type) {
      return sayOf("units", PathwayEngine.units.displayOfUnit(type.unit));
    }

    /** What was answered. @param {unknown} raw as in a patient file */
    function answer(name, raw) {
      const type = declared(name)?.type ?? null;
      const { value, unit, complete, unknown, date, many } = parts(raw);
      if (many) return sayMany("observations", (raw.observations ?? raw).length);
      const told = unknown !== undefined ? missing(unknown) : valued(type, value, complete !== false, unit);
      return date ? say("dated", { value: told, date }) : told;
    }

    function valued(type, value, complete, unit) {
      if (value === null || value === undefined) return say("notRecorded");
      if (Array.isArray(value)) return several(type, value, complete);
      if (isObject(value)) return JSON.stringify(value);
      return unit ? sayAmount(value, PathwayEngine.units.displayOfUnit(unit)) : scalar(type, value);
    }

    function several(type, items, complete) {
      const inner = type?.is === "set" ? type.of : type;
      const told = items.map((item) => (isObject(item) ? record(type, item) : scalar(inner, item)));
      if (told.length === 0) return complete ? say("none") : say("noneKnown");
      const all = told.join(isObject(items[0]) ? "\n" : ", ");
      return complete ? all : say("perhapsOthers", { items: all });
    }

    /** The fields of a record that are known, in a row. */
    function record(type, item) {
      const fields = document.records[type?.record]?.fields ?? [];
      const told = fields
        .filter((field) => Object.hasOwn(item, field.name))
        .map((field) => {
          const { value, unit, complete, unknown } = parts(item[field.name]);
          return unknown === undefined ? valued(field.type, value, complete !== false, unit) : null;
        })
        .filter((text) => text !== null);
      return told.join(" · ") || say("emptyRecord");
    }

    /** A value of a result document (`$defs/value`). */
    function found(name, value) {
      const type = declared(name)?.type ?? null;
      if (isObject(value) && "unknown" in value) {
        const names = [...new Set(value.unknown.map((m) => labelOf(m.element)))];
        return names.length > 0 ? say("unknownFor", { facts: names.join(", ") }) : say("unknown");
      }
      if (isObject(value)) return several(type, value.items, value.complete);
      return scalar(type, value);
    }

    function missing(reason) {
      return say("unknownBecause", { reason: sayOf("reasons", reason) });
    }

    return Object.freeze({ answer, declared, found, labelOf, missing, nameInWords, unitOf });
  }

  walk.values = Object.freeze({ speaker });
})((globalThis.PathwayWalk ??= {}));
