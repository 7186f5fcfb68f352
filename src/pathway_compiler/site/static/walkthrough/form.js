"use strict";
/** The whole form: every fact of the guideline by groups, each answered where it stands. */
(function (walk) {
  const { element, fill, freshId } = walk.dom;
  const { say, sayMany } = walk.words;
  const { UNKNOWN, parts } = walk.answers;

  /** What a fact is to the present run, most important first. */
  const MARKS = ["now", "later", "spared"];

  /**
   * @param {HTMLElement} place
   * @param {object} guideline
   * @param {{answer, withdraw}} act
   */
  function formPanel(place, guideline, act) {
    const items = new Map();
    const groups = guideline.groups.map((group) => groupOf(group));
    let state = null;

    const filter = element("input", { type: "search", autocomplete: "off", on: { input: () => refresh() } });
    const onlyAsked = element("input", { type: "checkbox", on: { change: () => refresh() } });
    const count = element("p", { class: "quiet", role: "status" });
    fill(
      place,
      element("h2", { tabindex: "-1" }, say("wholeForm")),
      element("p", { class: "quiet" }, say("wholeFormHint")),
      element(
        "div",
        { class: "form-tools" },
        element("label", {}, element("span", {}, say("lookForQuestion")), filter),
        element("label", { class: "choice" }, onlyAsked, element("span", {}, say("onlyAsked"))),
      ),
      count,
      groups.map((group) => group.node),
    );

    function groupOf({ label, names }) {
      const told = element("span", { class: "quiet" });
      const body = element("div", { class: "group-items" });
      const node = element("details", { class: "group" }, element("summary", {}, element("span", {}, label), " ", told), body);
      const group = { node, names, body, told, label, made: false };
      node.addEventListener("toggle", () => {
        if (node.open) make(group);
      });
      return group;
    }

    /** The fields of a group are made when it is opened first. */
    function make(group) {
      if (group.made) return;
      group.made = true;
      for (const name of group.names) {
        const item = itemOf(name);
        items.set(name, item);
        group.body.append(item.node);
      }
      refresh();
    }

    function itemOf(name) {
      const title = freshId();
      const about = freshId();
      const declaration = guideline.speaker.declared(name);
      const mark = element("span", { class: "mark" });
      const trouble = element("div", { class: "trouble", role: "alert" });
      const holder = element("div", {});
      const node = element(
        "div",
        { class: "item", role: "group", "aria-labelledby": title, "aria-describedby": about, "data-element": name },
        element("p", { class: "item-title" }, element("span", { id: title }, guideline.question(name)), " ", mark),
        element(
          "div",
          { id: about, class: "quiet" },
          declaration.hint,
          declaration.judgement && ` ${say("judgement")} ${declaration.judgement_note ?? ""}`,
        ),
        holder,
        trouble,
      );
      const item = { name, node, mark, trouble, holder, shown: undefined, title };
      return item;
    }

    /** The field of an item, made anew when its answer came from somewhere else. */
    function fieldOf(item, raw) {
      const told = raw === undefined ? {} : parts(raw);
      const type = guideline.speaker.declared(item.name).type;
      const about = { label: guideline.question(item.name), labelledby: item.title, changed: () => read() };
      const field = walk.fields.fieldFor(guideline, type, told.many ? {} : told, about);
      const unknown = element("input", { type: "checkbox", checked: told.unknown !== undefined });
      const clear = element("button", { type: "button", class: "quiet-button" }, say("clear"));

      function read() {
        const value = field.read();
        if (value === undefined) return;
        unknown.checked = false;
        change(item, value);
      }

      unknown.addEventListener("change", () => {
        if (unknown.checked) change(item, UNKNOWN);
        else change(item, undefined);
      });
      clear.addEventListener("click", () => change(item, undefined));
      return element(
        "div",
        { class: "item-field" },
        field.node,
        told.many && element("p", { class: "quiet" }, guideline.speaker.answer(item.name, raw)),
        element(
          "div",
          { class: "item-more" },
          element("label", { class: "choice unknown" }, unknown, element("span", {}, say("unknown"))),
          clear,
        ),
      );
    }

    /** An answer from the form itself: the field keeps what the reader wrote, and the focus. */
    function change(item, raw) {
      const mistakes = raw === undefined ? act.withdraw(item.name) : act.answer(item.name, raw);
      fill(item.trouble, mistakes.map(walk.question.mistake));
      // A text that is no answer stays in its field; everything else is shown as it was understood.
      if (mistakes.length === 0 && (raw === undefined || raw === UNKNOWN)) renew(item);
      else item.shown = key(item.name);
    }

    function renew(item) {
      const held = item.holder.contains(document.activeElement) ? document.activeElement : null;
      const place = held ? [...item.holder.querySelectorAll("input,select,button")].indexOf(held) : -1;
      item.shown = key(item.name);
      item.holder.replaceChildren(fieldOf(item, state.facts.get(item.name)));
      fill(item.trouble);
      if (place >= 0) (item.holder.querySelectorAll("input,select,button")[place] ?? item.node).focus();
    }

    function key(name) {
      return JSON.stringify(state.facts.get(name));
    }

    /** @param {{facts: Map, needs: object[], irrelevant: string[]}} latest */
    function show(latest) {
      state = { ...latest, marks: marksOf(latest) };
      refresh();
    }

    function refresh() {
      if (state === null) return;
      const searching = filter.value.trim() !== "";
      let shown = 0;
      for (const group of groups) {
        let inGroup = 0;
        let answered = 0;
        let asked = 0;
        for (const name of group.names) {
          const mark = state.marks.get(name);
          if (state.facts.has(name)) answered += 1;
          if (mark === "now") asked += 1;
          if (visible(name, mark)) inGroup += 1;
        }
        group.node.hidden = inGroup === 0;
        group.told.textContent = [sayMany("answeredOf", answered, { all: group.names.length }), asked > 0 && sayMany("askedNow", asked)]
          .filter(Boolean)
          .join(", ");
        if (searching && inGroup > 0 && !group.node.open) group.node.open = true;
        if (group.made) for (const name of group.names) refreshItem(items.get(name));
        shown += inGroup;
      }
      count.textContent = sayMany("questionsShown", shown);
    }

    function visible(name, mark) {
      if (onlyAsked.checked && mark !== "now" && mark !== "later" && !state.facts.has(name)) return false;
      const text = walk.find.folded(`${guideline.question(name)} ${guideline.speaker.labelOf(name)}`);
      return walk.find.matches(text, filter.value);
    }

    function refreshItem(item) {
      const mark = state.marks.get(item.name);
      item.node.hidden = !visible(item.name, mark);
      item.mark.textContent = mark ? say(`mark-${mark}`) : "";
      item.mark.className = `mark ${mark ?? ""}`;
      if (item.shown !== key(item.name) || item.holder.childElementCount === 0) renew(item);
    }

    return { focus: () => walk.dom.focusOn(place.querySelector("h2")), show };
  }

  function marksOf({ needs, irrelevant }) {
    const [now, later, spared] = MARKS;
    const marks = new Map();
    for (const name of irrelevant) marks.set(name, spared);
    for (const need of needs) marks.set(need.element, need.urgency === "needed now" ? now : later);
    return marks;
  }

  walk.form = Object.freeze({ formPanel });
})((globalThis.PathwayWalk ??= {}));
