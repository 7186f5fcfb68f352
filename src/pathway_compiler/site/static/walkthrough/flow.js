"use strict";
/**
 * The flowchart with the way of the answers on it. Nodes, answers and arrows get classes, and what matters gets
 * a sign and a word too: width, sign and spoken name tell the same as the colour.
 */
(function (walk) {
  const { element, fill } = walk.dom;
  const { say, sayMany } = walk.words;

  const PREFIX = "walk-flow-";
  const START = "(start)";
  const RANK = { false: 0, unknown: 1, true: 2 };
  const SIGNS = { true: "✓", unknown: "?", false: "✗" };
  const CLASSES = ["on-way", "perhaps-on-way", "off-way", "asks", "given", "possible", "refused"];
  const STEP = 1.25;
  const PARTS = ".node, .answer, .option, .cluster, .edge, .walk-mark";

  /** @param {HTMLElement} place @param {object} guideline */
  function flowPanel(place, guideline) {
    const ways = element("ul", { class: "ways" });
    const canvas = element("div", { class: "canvas flow walk-flow", tabindex: "0", role: "region", "aria-label": say("flowHint") });
    const evenly = element("input", { type: "checkbox" });
    const list = element("div", {});
    const title = element("h2", { tabindex: "-1" }, say("flow"));
    let latest = null;
    let shown = null;
    let zoom = null;
    let turn = 0;

    evenly.addEventListener("change", () => canvas.classList.toggle("evenly", evenly.checked));
    fill(
      place,
      title,
      element("nav", { "aria-label": say("onTheWay") }, ways),
      element(
        "div",
        { class: "tools" },
        tool("−", say("smaller"), () => setZoom((zoom ?? fitted()) / STEP)),
        tool("+", say("larger"), () => setZoom((zoom ?? fitted()) * STEP)),
        tool(say("fit"), null, () => setZoom(null)),
        element("label", { class: "choice" }, evenly, element("span", {}, say("evenly"))),
      ),
      canvas,
      list,
    );

    function tool(text, spoken, act) {
      return element("button", { type: "button", "aria-label": spoken, on: { click: act } }, text);
    }

    function fitted() {
      const svg = canvas.querySelector("svg");
      return svg ? svg.getBoundingClientRect().width / Number(svg.dataset.width) : 1;
    }

    function setZoom(value) {
      zoom = value === null ? null : Math.min(3, Math.max(0.2, value));
      const svg = canvas.querySelector("svg");
      canvas.classList.toggle("zoomed", zoom !== null);
      if (svg) svg.setAttribute("width", String(Number(svg.dataset.width) * (zoom ?? 1)));
    }

    /**
     * @param {?object} result null when the data are refused: what was lit stays, since nothing new is known
     * @param {?string} asked the fact that is asked for
     */
    function show(result, asked) {
      if (result === null) return;
      const before = latest;
      latest = { result, way: wayOf(result), asking: askingNode(result, asked) };
      const wanted = latest.asking?.pathway ?? [...latest.way.pathways.keys()].at(-1) ?? result.pathway;
      const moved = before === null || before.asking?.pathway !== latest.asking?.pathway || !latest.way.pathways.has(shown);
      look(moved ? wanted : shown);
    }

    async function look(name) {
      turn += 1;
      const mine = turn;
      const same = shown === name && canvas.querySelector("svg") !== null;
      shown = name;
      showWays();
      showList();
      if (!same) {
        const svg = await walk.drawings.drawing(name);
        if (mine !== turn) return;
        if (svg) {
          svg.dataset.width = svg.getAttribute("width");
          canvas.replaceChildren(svg);
          setZoom(zoom);
          toStart();
        } else fill(canvas, element("p", {}, say("noDrawing")));
      }
      light(canvas, latest);
      toAsking();
    }

    /** The pathways on the way, each with how certain that is. */
    function showWays() {
      fill(
        ways,
        [...latest.way.pathways].map(([name, activation]) =>
          element(
            "li",
            {},
            element(
              "button",
              {
                type: "button",
                class: activation === "true" ? "way" : "way perhaps",
                "aria-current": name === shown ? "true" : null,
                on: { click: () => look(name) },
              },
              element("span", { class: "way-sign", "aria-hidden": "true" }, SIGNS[activation]),
              guideline.pathwayLabel(name),
              activation === "unknown" && element("span", { class: "visually-hidden" }, ` (${say("possibly")})`),
              latest.asking?.pathway === name && element("span", { class: "asks-here" }, ` ${say("asksHere")}`),
            ),
          ),
        ),
      );
    }

    /** The same way as a list, for those who do not look at the drawing. */
    function showList() {
      const steps = latest.result.trace.filter((t) => t.activation !== "false" && t.node !== START && t.kind !== "together");
      fill(list, walk.dom.folded("way-list", sayMany("wayAsList", steps.length), element("ol", { class: "way-list" }, steps.map((t) => step(t, guideline)))));
    }

    /** A new drawing is seen from its start. */
    function toStart() {
      canvas.scrollTo(0, 0);
      const box = canvas.querySelector(".node.start")?.getBoundingClientRect();
      const frame = canvas.getBoundingClientRect();
      if (box) canvas.scrollLeft = box.left - frame.left - (frame.width - box.width) / 2;
    }

    /** Scroll the drawing, never the page, to the node that asks. */
    function toAsking() {
      const node = latest.asking && canvas.querySelector(`#${CSS.escape(PREFIX + latest.asking.id)}`);
      if (!node) return;
      const box = node.getBoundingClientRect();
      const frame = canvas.getBoundingClientRect();
      if (box.top >= frame.top && box.bottom <= frame.bottom && box.left >= frame.left && box.right <= frame.right) return;
      canvas.scrollTop += box.top - frame.top - (frame.height - box.height) / 2;
      canvas.scrollLeft += box.left - frame.left - (frame.width - box.width) / 2;
    }

    return { show };
  }

  function step(entry, guideline) {
    const id = `${entry.pathway}.${entry.node}`;
    const answers = entry.branches.filter((b) => b.taken !== "false").map((b) => (b.taken === "true" ? b.label : say("perhaps", { text: b.label })));
    const known = Object.entries(entry.facts).map(([name, value]) => `${guideline.speaker.labelOf(name)}: ${guideline.speaker.found(name, value)}`);
    return element(
      "li",
      { class: entry.activation === "true" ? "" : "perhaps" },
      element("a", { href: guideline.addressOf(id) }, entry.label || guideline.titleOf(id)),
      answers.length > 0 && `: ${answers.join(" / ")}`,
      entry.activation === "unknown" && ` (${say("possibly")})`,
      known.length > 0 && element("span", { class: "quiet block" }, known.join("; ")),
    );
  }

  // --- the way ---------------------------------------------------------------------------------------------

  /** How far the run got: by node, by answer, by pathway; a node that was met twice counts as far as it got. */
  function wayOf(result) {
    const nodes = new Map();
    const answers = new Map();
    const pathways = new Map();
    for (const entry of result.trace) {
      const id = entry.node === START ? entry.pathway : `${entry.pathway}.${entry.node}`;
      further(nodes, id, entry.activation);
      if (entry.activation !== "false") further(pathways, entry.pathway, entry.activation);
      for (const branch of entry.branches) further(answers, `${id}.${branch.name}`, branch.taken);
    }
    return { nodes, answers, pathways };
  }

  function further(table, key, found) {
    const known = table.get(key);
    if (known === undefined || RANK[found] > RANK[known]) table.set(key, found);
  }

  /** What rests on the fact that is asked for: the first node that is surely on the way, or may be. */
  function askingNode(result, asked) {
    if (asked === null) return null;
    const rests = (entry) =>
      Object.values(entry.facts).some((value) => value?.unknown?.some((m) => m.element.split(".", 1)[0] === asked));
    const needing = new Set(result.recommendations.filter((r) => r.missing.some((m) => m.element === asked)).map((r) => r.id));
    const settled = new Set(result.needs.find((n) => n.element === asked)?.settles);
    const idOf = ({ pathway, node }) => `${pathway}.${node}`;
    for (const activation of ["true", "unknown"]) {
      const met = result.trace.filter((entry) => entry.activation === activation);
      const found = met.find(rests) ?? met.find((entry) => needing.has(idOf(entry))) ?? met.find((entry) => settled.has(idOf(entry)));
      if (found) return { pathway: found.pathway, id: found.node === START ? found.pathway : idOf(found) };
    }
    return null;
  }

  /** Whether recommendations and options are given, possible or refused, by id. */
  function statusesOf(result) {
    const found = new Map();
    for (const r of result.recommendations) {
      found.set(r.id, r.certainty);
      for (const o of r.options) {
        const given = o.status === "eligible" && r.certainty === "given";
        found.set(o.id, o.status === "excluded" ? "refused" : given ? "given" : "possible");
      }
    }
    return found;
  }

  // --- lighting --------------------------------------------------------------------------------------------

  function light(canvas, { result, way, asking }) {
    const statuses = statusesOf(result);
    for (const mark of canvas.querySelectorAll(".walk-mark")) mark.remove();
    for (const part of canvas.querySelectorAll(`[id^="${PREFIX}"]`)) {
      if (part.matches(".node, .answer")) outlineOf(part).shape?.classList.add("walk-outline");
      const id = part.id.slice(PREFIX.length);
      part.classList.remove(...CLASSES);
      if (part.classList.contains("edge")) lightEdge(part, id, way);
      else if (part.classList.contains("answer")) lightAnswer(part, id, way);
      else if (part.classList.contains("option")) lightStatus(part, id, statuses, way);
      else if (part.classList.contains("node") || part.classList.contains("cluster")) lightNode(part, id, way, statuses, asking);
    }
  }

  function lightNode(part, id, way, statuses, asking) {
    // What only leads on, such as the card `Back to …`, is named after the arrow it stands for.
    const activation = way.nodes.get(id) ?? way.nodes.get(id.split("--", 1)[0]) ?? "false";
    const status = statuses.get(id);
    classify(part, activation);
    const words = [say(`way-${activation}`)];
    if (status !== undefined) {
      part.classList.add(status);
      words.push(say(`status-${status}`));
      mark(part, status === "given" ? "true" : "unknown");
    }
    if (asking?.id === id) {
      part.classList.add("asks");
      words.push(say("asksHere"));
    }
    speak(part, words);
  }

  function lightAnswer(part, id, way) {
    const node = id.split(".").slice(0, -1).join(".");
    const met = way.nodes.get(node) ?? "false";
    if (id.endsWith(".unknown") && !way.answers.has(id)) {
      const open = [...way.answers].some(([key, taken]) => key.startsWith(`${node}.`) && taken === "unknown");
      classify(part, met !== "false" && open ? "unknown" : "false");
      speak(part, met !== "false" && open ? [say("way-unknown")] : []);
      if (met !== "false" && open) mark(part, "unknown");
      return;
    }
    const taken = met === "false" ? "false" : way.answers.get(id) ?? "false";
    classify(part, taken);
    if (met === "false" || !way.answers.has(id)) {
      speak(part, []);
      return;
    }
    mark(part, taken);
    speak(part, [say(`answer-${taken}`)]);
  }

  function lightStatus(part, id, statuses, way) {
    const status = statuses.get(id);
    if (status === undefined) {
      classify(part, "false");
      speak(part, []);
      return;
    }
    classify(part, status === "given" ? "true" : status === "possible" ? "unknown" : "false");
    part.classList.add(status);
    mark(part, status === "given" ? "true" : status === "possible" ? "unknown" : "false");
    speak(part, [say(`status-${status}`)]);
  }

  /** An arrow is `NODE--TARGET` or `NODE.BRANCH--TARGET`. */
  function lightEdge(part, id, way) {
    const from = id.split("--", 1)[0];
    classify(part, way.answers.get(from) ?? way.nodes.get(from) ?? "false");
  }

  function classify(part, activation) {
    part.classList.add(activation === "true" ? "on-way" : activation === "unknown" ? "perhaps-on-way" : "off-way");
  }

  /** Add the state to the spoken name, which is the drawing's own otherwise. */
  function speak(part, words) {
    for (const named of [part, ...part.querySelectorAll("a")]) {
      if (named !== part && named.closest(PARTS) !== part) continue;
      const own = named.dataset.name ?? named.getAttribute("aria-label");
      if (own === null) continue;
      named.dataset.name = own;
      named.setAttribute("aria-label", [own, ...words].join(" · "));
    }
  }

  /** A sign on the corner of a box. */
  function mark(part, activation) {
    const at = placeOfMark(part);
    if (at === null) return;
    const SVG = "http://www.w3.org/2000/svg";
    const group = document.createElementNS(SVG, "g");
    group.setAttribute("class", `walk-mark mark-${activation}`);
    group.setAttribute("aria-hidden", "true");
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("r", "8");
    const text = document.createElementNS(SVG, "text");
    text.setAttribute("text-anchor", "middle");
    text.setAttribute("y", "4");
    text.textContent = SIGNS[activation];
    group.setAttribute("transform", `translate(${at.x} ${at.y})`);
    group.append(circle, text);
    part.append(group);
  }

  /** The upper right corner of a box; an option has none of its own, and is a part of the box of its choice. */
  function placeOfMark(part) {
    const inside = part.classList.contains("option");
    const { box } = outlineOf(inside ? part.parentElement.closest(".node") ?? part : part);
    if (box === null) return null;
    const text = inside && part.querySelector("text");
    return text ? { x: box.right - 14, y: Number(text.getAttribute("y")) - 3 } : { x: box.right - 6, y: box.top + 2 };
  }

  /**
   * The largest shape of a part, which is its border, and where that is. The numbers of the drawing are read,
   * since a drawing that is not shown yet has no boxes.
   */
  function outlineOf(part) {
    let found = { shape: null, box: null };
    for (const shape of part.querySelectorAll("polygon, path")) {
      if (shape.closest(PARTS) !== part) continue;
      const numbers = (shape.getAttribute("points") ?? shape.getAttribute("d") ?? "").match(/-?\d+(\.\d+)?/g) ?? [];
      const across = numbers.filter((_, at) => at % 2 === 0).map(Number);
      const down = numbers.filter((_, at) => at % 2 === 1).map(Number);
      const box = { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
      if (found.box === null || area(box) > area(found.box)) found = { shape, box };
    }
    return found;
  }

  function area({ left, right, top, bottom }) {
    return (right - left) * (bottom - top);
  }

  walk.flow = Object.freeze({ flowPanel });
})((globalThis.PathwayWalk ??= {}));
