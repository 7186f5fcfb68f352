"use strict";
/** How the guideline is read: where a run starts, readings of ambiguous sentences, local policy. */
(function (walk) {
  const { element, fill, freshId } = walk.dom;
  const { say, sayMany } = walk.words;

  /**
   * @param {HTMLElement} place
   * @param {object} guideline
   * @param {(table: string, name: ?string, value: unknown) => void} choose undefined goes back to the guideline's own
   */
  function choicesPanel(place, guideline, choose) {
    const { document, header } = guideline;

    /** @param {Answers} answers */
    function show(answers) {
      const changed = answers.readings.size + answers.settings.size + (answers.pathway === null ? 0 : 1);
      fill(
        place,
        walk.dom.folded(
          "choices",
          changed > 0 ? sayMany("choicesChanged", changed) : say("choices"),
          element("p", { class: "quiet" }, say("choicesHint")),
          element("div", { class: "compact" }, labelled(say("startWith"), startSelect(answers))),
          Object.entries(document.readings).map(([name, reading]) =>
            element("div", { class: "compact" }, labelled(reading.label || name, readingSelect(name, reading, answers)), reading.note && element("p", { class: "quiet" }, reading.note)),
          ),
          Object.entries(document.parameters).map(([name, parameter]) => setting(name, parameter, answers)),
        ),
      );
    }

    function labelled(label, control) {
      return element("label", {}, element("span", {}, label), control);
    }

    function startSelect(answers) {
      const select = element("select", { "data-choice": "start" });
      for (const [name, pathway] of Object.entries(document.pathways)) {
        const label = pathway.label || name;
        select.append(element("option", { value: name }, name === header.entry ? say("ownChoice", { text: label }) : label));
      }
      select.value = answers.pathway ?? header.entry;
      select.addEventListener("change", () => choose("pathway", null, select.value === header.entry ? undefined : select.value));
      return select;
    }

    function readingSelect(name, reading, answers) {
      const select = element("select", { "data-choice": name });
      for (const alternative of reading.alternatives) {
        const label = alternative.label || alternative.name;
        select.append(element("option", { value: alternative.name }, alternative.name === reading.chosen ? say("ownChoice", { text: label }) : label));
      }
      select.value = answers.readings.get(name) ?? reading.chosen;
      select.addEventListener("change", () => choose("readings", name, select.value === reading.chosen ? undefined : select.value));
      return select;
    }

    function setting(name, parameter, answers) {
      const title = freshId();
      const own = ownValue(parameter.default);
      const field = walk.fields.fieldFor(
        guideline,
        parameter.type,
        walk.answers.parts(answers.settings.get(name) ?? own),
        { label: parameter.label, labelledby: title, changed: () => choose("settings", name, sameAs(field.read(), own) ? undefined : field.read()) },
      );
      return element(
        "div",
        { class: "compact" },
        element("span", { id: title }, parameter.label || name),
        field.node,
        element("p", { class: "quiet" }, say("ownChoice", { text: guideline.speaker.answer(name, own) })),
      );
    }

    return { show };
  }

  /** The default of a parameter, as a patient file would say it. */
  function ownValue(written) {
    if (typeof written !== "object" || written === null) return written;
    if ("number" in written) {
      const [over, under = "1"] = String(written.number).split("/");
      return Number(over) / Number(under);
    }
    if ("date" in written) return written.date;
    return { items: (written.set ?? []).map(ownValue), complete: written.complete };
  }

  function sameAs(value, own) {
    return JSON.stringify(value) === JSON.stringify(own);
  }

  walk.choices = Object.freeze({ choicesPanel });
})((globalThis.PathwayWalk ??= {}));
