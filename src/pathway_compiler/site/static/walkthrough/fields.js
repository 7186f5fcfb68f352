"use strict";
/**
 * A field for each type of fact. Each is a record: `node` to show, `read()` gives the value as in a patient
 * file, undefined when there is none, and `first` takes the focus. `changed` is called when the reader is done
 * with a change, not at each key.
 */
(function (walk) {
  const { element, freshId } = walk.dom;
  const { say, sayMany } = walk.words;

  /** With more names than this there is a field to look for one. */
  const MANY = 12;

  /** @typedef {{node: HTMLElement, first: HTMLElement, read: () => unknown}} Field */

  /**
   * @param {{document: object, speaker: object}} guideline
   * @param {object} type
   * @param {{value?: unknown, unit?: string, complete?: boolean}} parts what is answered already
   * @param {{label: string, labelledby?: string, describedby?: string, changed: () => void}} about
   * @returns {Field}
   */
  function fieldFor(guideline, type, parts, about) {
    switch (type.is) {
      case "boolean":
        return oneOf([[true, say("yes")], [false, say("no")]], truthOf(parts.value), about);
      case "enum":
        return oneOf(valuesOf(guideline, type), parts.value, about);
      case "action":
        return oneOf(actionsOf(guideline, type), parts.value, about);
      case "set":
        return someOf(guideline, type.of, parts, about);
      case "list":
        return records(guideline, type, parts, about);
      case "date":
        return text(parts.value, about, { hint: say("dateHint"), placeholder: say("datePlaceholder") });
      default:
        return number(guideline, type, parts, about);
    }
  }

  function truthOf(value) {
    if (value === "yes" || value === "true") return true;
    return value === "no" || value === "false" ? false : value;
  }

  // --- names ---------------------------------------------------------------------------------------------

  /** The values of a closed list: [name, words, depth]. */
  function valuesOf({ document }, type) {
    const values = document.enums[type.enum].values;
    const depth = (value) => {
      const parent = value.parent && values.find((v) => v.name === value.parent);
      return parent ? depth(parent) + 1 : 0;
    };
    return values.map((value) => [value.name, value.label || value.name, depth(value), ""]);
  }

  /** The actions of a kind and the classes of them: [name, words, depth, other names to look for]. */
  function actionsOf({ document }, type) {
    const actions = Object.entries(document.actions).filter(([, action]) => action.kind === type.kind);
    const classes = Object.entries(document.classes).filter(([, class_]) => class_.kind === type.kind);
    return [
      ...actions.map(([name, action]) => [name, action.label || name, 0, (action.synonyms ?? []).join(" ")]),
      ...classes.map(([name, class_]) => [name, say("classOf", { name: class_.label || name }), 0, ""]),
    ];
  }

  /** One of some names, by radio buttons. */
  function oneOf(choices, chosen, about) {
    const group = freshId();
    const inputs = [];
    const rows = choices.map(([value, words, depth = 0, also = ""]) => {
      const input = element("input", { type: "radio", name: group, checked: value === chosen, on: { change: about.changed } });
      inputs.push([value, input]);
      return row(input, words, depth, also);
    });
    const node = element("div", { class: "choices", role: "radiogroup", ...named(about) }, many(rows), rows);
    const first = (inputs.find(([, input]) => input.checked) ?? inputs[0])?.[1] ?? node;
    return { node, first, read: () => inputs.find(([, input]) => input.checked)?.[0] };
  }

  /** Some of the names, by check boxes; whether that is all of them, and whether it is none. */
  function someOf(guideline, type, parts, about) {
    const choices = type.is === "enum" ? valuesOf(guideline, type) : actionsOf(guideline, type);
    const given = Array.isArray(parts.value) ? parts.value : null;
    const none = element("input", { type: "checkbox", checked: given !== null && given.length === 0 });
    const others = element("input", { type: "checkbox", checked: given !== null && parts.complete === false });
    const inputs = choices.map(([name]) => [name, element("input", { type: "checkbox", checked: given?.includes(name) })]);
    const rows = choices.map(([, words, depth, also], at) => row(inputs[at][1], words, depth, also));
    // In a long list what is chosen stands first.
    if (rows.length > MANY) rows.sort((a, b) => isTicked(b) - isTicked(a));
    const chosen = () => inputs.filter(([, input]) => input.checked).map(([name]) => name);
    none.addEventListener("change", () => {
      if (none.checked) for (const [, input] of inputs) input.checked = false;
      about.changed();
    });
    others.addEventListener("change", about.changed);
    for (const [, input] of inputs) {
      input.addEventListener("change", () => {
        if (input.checked) none.checked = false;
        about.changed();
      });
    }
    const node = element(
      "div",
      { class: "choices some", role: "group", ...named(about) },
      row(none, say("noneOfThese"), 0, "", "always"),
      many(rows),
      element("div", { class: rows.length > MANY ? "names long" : "names" }, rows),
      row(others, say("mayBeOthers"), 0, "", "always"),
    );
    return {
      node,
      first: none,
      read: () => {
        const items = chosen();
        if (items.length === 0 && !none.checked && !others.checked) return undefined;
        return others.checked ? { items, complete: false } : items;
      },
    };
  }

  function isTicked(each) {
    return Number(each.querySelector("input").checked);
  }

  function row(input, words, depth, also, extra = "") {
    const classes = ["choice", depth > 0 ? `depth-${Math.min(depth, 3)}` : "", extra].filter(Boolean).join(" ");
    return element("label", { class: classes, "data-find": walk.find.folded(`${words} ${also}`) }, input, element("span", {}, words));
  }

  /** A field that hides the rows that do not match; those that are ticked stay. */
  function many(rows) {
    if (rows.length <= MANY) return null;
    const count = element("span", { class: "visually-hidden", role: "status" });
    const look = (event) => {
      let shown = 0;
      for (const each of rows) {
        const hit = walk.find.matches(each.dataset.find, event.target.value);
        each.hidden = !hit && !isTicked(each);
        if (hit) shown += 1;
      }
      count.textContent = sayMany("namesFound", shown);
    };
    const stop = (event) => {
      if (event.key === "Enter") event.preventDefault();
    };
    const input = element("input", { type: "search", autocomplete: "off", on: { input: look, keydown: stop } });
    return element("div", { class: "look" }, element("label", {}, say("lookForName"), " ", input), count);
  }

  // --- numbers and dates ---------------------------------------------------------------------------------

  function number({ speaker }, type, parts, about) {
    const unit = type.is === "quantity" ? speaker.unitOf(type) : "";
    const range =
      type.low !== undefined && type.high !== undefined
        ? say("range", { low: decimal(type.low), high: decimal(type.high), unit })
        : "";
    const value = parts.value === undefined ? undefined : parts.unit ? `${parts.value} ${parts.unit}` : parts.value;
    const field = text(value, about, { hint: range, unit, inputmode: type.is === "count" ? "numeric" : "decimal" });
    return { ...field, read: () => numberOf(field.read()) };
  }

  /** A number as data where it is one; anything else is told to the engine as it is. */
  function numberOf(written) {
    if (written === undefined) return undefined;
    const value = Number(written);
    return /^-?\d+(\.\d+)?$/.test(written) && written.length < 16 ? value : written;
  }

  /** `5/2` as 2.5. */
  function decimal(exact) {
    const [over, under = "1"] = String(exact).split("/");
    return String(Number(over) / Number(under));
  }

  function text(value, about, { hint = "", unit = "", placeholder = null, inputmode = null }) {
    const hinted = hint ? freshId() : null;
    const input = element("input", {
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      inputmode,
      placeholder,
      value: value === undefined || value === null ? "" : String(value),
      ...named(about),
      "aria-describedby": [about.describedby, hinted].filter(Boolean).join(" ") || null,
      on: { change: about.changed },
    });
    const node = element(
      "div",
      { class: "written" },
      element("span", { class: "with-unit" }, input, unit && element("span", { class: "unit" }, unit)),
      hint && element("span", { class: "quiet", id: hinted }, hint),
    );
    const read = () => (input.value.trim() === "" ? undefined : input.value.trim());
    return { node, first: input, read };
  }

  function named(about) {
    return {
      "aria-labelledby": about.labelledby ?? null,
      "aria-label": about.labelledby ? null : about.label,
      "aria-describedby": about.describedby ?? null,
    };
  }

  // --- lists of records ----------------------------------------------------------------------------------

  /** Records one below the other, each with its fields. */
  function records(guideline, type, parts, about) {
    const declaration = guideline.document.records[type.record];
    const given = Array.isArray(parts.value) ? parts.value : null;
    const none = element("input", { type: "checkbox", checked: given !== null && given.length === 0 });
    const others = element("input", { type: "checkbox", checked: given !== null && parts.complete === false });
    const list = element("ol", { class: "records" });
    let rows = [];
    const addButton = element("button", { type: "button", class: "quiet-button" }, say("addRecord", { record: declaration.label }));

    function append(item) {
      const record = recordRow(guideline, declaration, item, rows.length + 1, about.changed, () => {
        rows = rows.filter((each) => each !== record);
        record.node.remove();
        addButton.focus();
        about.changed();
      });
      rows.push(record);
      list.append(record.node);
      none.checked = false;
      return record;
    }

    addButton.addEventListener("click", () => append({}).first.focus());
    for (const item of given ?? []) append(item);
    none.checked = given !== null && given.length === 0;
    none.addEventListener("change", () => {
      if (none.checked) {
        rows = [];
        list.replaceChildren();
      }
      about.changed();
    });
    others.addEventListener("change", about.changed);
    const node = element(
      "div",
      { class: "choices some", role: "group", ...named(about) },
      row(none, say("none"), 0, "", "always"),
      list,
      addButton,
      row(others, say("mayBeOthers"), 0, "", "always"),
    );
    return {
      node,
      first: none,
      read: () => {
        const items = rows.map((each) => each.read()).filter((item) => Object.keys(item).length > 0);
        if (items.length === 0 && !none.checked && !others.checked) return undefined;
        return others.checked ? { items, complete: false } : items;
      },
    };
  }

  function recordRow(guideline, declaration, item, position, changed, remove) {
    const fields = declaration.fields.map((field) => {
      const told = walk.answers.parts(item[field.name]);
      const old = told.unknown === undefined && !told.many ? told : {};
      const inner = compact(guideline, field, old, changed);
      // What a simple field cannot show is kept as it is until something is written over it.
      return { field, inner, keep: old === told ? undefined : item[field.name] };
    });
    const node = element(
      "li",
      {},
      element(
        "fieldset",
        {},
        element("legend", {}, `${declaration.label} ${position}`),
        fields.map(({ inner }) => inner.node),
        element("button", { type: "button", class: "quiet-button", on: { click: remove } }, say("removeRecord")),
      ),
    );
    const read = () => {
      const found = {};
      for (const { field, inner, keep } of fields) {
        const value = inner.read() ?? keep;
        if (value !== undefined) found[field.name] = value;
      }
      return found;
    };
    return { node, first: fields[0]?.inner.first ?? node, read };
  }

  /** A field of a record; names are chosen from a list, since there are many fields. */
  function compact(guideline, field, parts, changed) {
    const label = field.label || field.name;
    const { type } = field;
    if (type.is === "enum" || type.is === "action" || type.is === "boolean") {
      const choices =
        type.is === "boolean"
          ? [[true, say("yes")], [false, say("no")]]
          : type.is === "enum" ? valuesOf(guideline, type) : actionsOf(guideline, type);
      const select = element("select", { on: { change: changed } }, element("option", { value: "" }, say("notRecorded")));
      choices.forEach(([value, words], at) => {
        const option = element("option", { value: String(at) }, words);
        option.selected = value === truthOf(parts.value);
        select.append(option);
      });
      const node = element("label", { class: "compact" }, element("span", {}, label), select);
      return { node, first: select, read: () => (select.value === "" ? undefined : choices[Number(select.value)][0]) };
    }
    const title = freshId();
    const inner = fieldFor(guideline, type, parts, { label, labelledby: title, changed });
    const node = element("div", { class: "compact" }, element("span", { id: title }, label), inner.node);
    return { ...inner, node };
  }

  walk.fields = Object.freeze({ actionsOf, fieldFor, valuesOf });
})((globalThis.PathwayWalk ??= {}));
