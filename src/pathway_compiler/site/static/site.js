// The site without this file is complete; with it, one step of a pathway stands beside the drawing,
// tables sort and filter, drawings zoom, and the theme can be chosen.
"use strict";
(function () {
  const root = document.documentElement;
  const single = "single" in root.dataset;
  const words = JSON.parse(document.getElementById("site-words").textContent);

  /** Fill the blanks of a text of ours: `%(name)s`. */
  function told(text, values) {
    return text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));
  }

  for (const element of document.querySelectorAll(".js-only")) element.hidden = false;

  // --- theme -------------------------------------------------------------------------------------

  const themes = ["system", "light", "dark"];
  const themeSwitch = document.getElementById("theme-switch");

  function showTheme() {
    document.getElementById("theme-name").textContent = words[root.dataset.theme || "system"];
  }

  themeSwitch.addEventListener("click", () => {
    const now = themes.indexOf(root.dataset.theme || "system");
    const next = themes[(now + 1) % themes.length];
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === "system") window.localStorage.removeItem("pathway-theme");
      else window.localStorage.setItem("pathway-theme", next);
    } catch {
      // It holds for this page.
    }
    showTheme();
  });
  showTheme();

  // On a phone the names of the pages stand in one row that scrolls.
  const current = document.querySelector("header.site nav a[aria-current]");
  if (current) {
    const row = current.closest("ul");
    row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  }

  // --- places ------------------------------------------------------------------------------------

  /** The element that the address names, if any. */
  function target() {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // Not an address of ours; taken as it is.
    }
    return id ? document.getElementById(id) : null;
  }

  /** In a single file one page at a time is shown: the one that holds the place. */
  function showPage(place) {
    const pages = [...document.querySelectorAll("main > .page")];
    if (pages.length === 0) return;
    const page = (place && place.closest(".page")) || pages[0];
    for (const other of pages) other.hidden = other !== page;
    document.title = page.dataset.title;
    for (const link of document.querySelectorAll("header.site nav a")) {
      if (link.getAttribute("href") === `#${page.id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** What is folded away opens when the address leads into it. */
  function unfold(place) {
    for (let at = place; at; at = at.parentElement) {
      if (at.localName === "details") at.open = true;
    }
  }

  // --- a pathway: one step at a time beside the drawing -------------------------------------------

  class Steps {
    constructor(work) {
      this.work = work;
      this.nodes = [...work.querySelectorAll(".nodes > .node")];
      this.all = work.querySelector("[data-all]");
      this.prefix = this.drawingPrefix();
      this.all.addEventListener("click", () => this.toggle());
      for (const node of this.nodes) node.addEventListener("beforematch", () => this.show(node));
      this.show(this.nodes[0], false);
    }

    drawingPrefix() {
      const svg = this.work.querySelector(".canvas svg");
      return svg ? svg.id.replace(/svg$/, "") : "";
    }

    toggle() {
      const all = !this.work.classList.contains("all");
      this.work.classList.toggle("all", all);
      this.all.textContent = all ? words.showOne : words.showAll;
      this.all.setAttribute("aria-pressed", String(all));
      this.show(this.now);
    }

    /** Show the step that holds a place, and mark it in the drawing. */
    show(place, mark = true) {
      const node = place.closest(".node");
      const all = this.work.classList.contains("all");
      this.now = place;
      for (const other of this.nodes) {
        if (all || other === node) other.removeAttribute("hidden");
        else other.setAttribute("hidden", "until-found");
      }
      for (const row of this.work.querySelectorAll(".chosen-row")) {
        row.classList.remove("chosen-row");
      }
      const option = place.closest(".option");
      if (option) option.classList.add("chosen-row");
      for (const marked of this.work.querySelectorAll(".selected")) {
        marked.classList.remove("selected");
      }
      const name = (option || node).dataset.node;
      const drawn = mark && document.getElementById(this.prefix + name);
      if (drawn) drawn.classList.add("selected");
    }

    /** Where the reader came from, to go back to with Escape. */
    inDrawing() {
      const marked = this.work.querySelector(".canvas .selected");
      return marked && (marked.closest("a") || marked.querySelector("a") || marked.parentElement);
    }
  }

  const steps = [...document.querySelectorAll(".work")].map((work) => new Steps(work));

  function arrive(moved) {
    const place = target();
    showPage(place);
    if (!place) return;
    unfold(place);
    const among = steps.find((each) => each.work.contains(place) && place.closest(".node"));
    if (among) {
      among.show(place);
      place.scrollIntoView({ block: "nearest", behavior: "instant" });
    } else if (single || moved) {
      place.scrollIntoView();
    }
    if (moved) {
      const focused = place.closest("[tabindex]") || place;
      focused.focus({ preventScroll: true });
    }
  }

  window.addEventListener("hashchange", () => arrive(true));
  arrive(false);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const among = steps.find((each) => each.work.querySelector(".nodes").contains(event.target));
    const drawn = among && among.inDrawing();
    if (drawn) drawn.focus();
  });

  // --- drawings: where they start, and zoom ------------------------------------------------------

  for (const canvas of document.querySelectorAll(".canvas")) {
    // A drawing that is wider than the page is first seen where it starts.
    const start = canvas.querySelector(".node");
    if (start && canvas.scrollWidth > canvas.clientWidth) {
      const box = start.getBoundingClientRect();
      const left = box.left + box.width / 2 - canvas.getBoundingClientRect().left;
      canvas.scrollLeft += left - canvas.clientWidth / 2;
    }
  }

  for (const tools of document.querySelectorAll(".tools")) {
    const canvas = tools.parentElement.querySelector(".canvas");
    const svg = canvas.querySelector("svg");
    const natural = Number(canvas.dataset.width);

    function zoom(scale) {
      const width = svg.getBoundingClientRect().width * scale;
      svg.style.width = `${Math.min(Math.max(width, natural / 4), natural * 4)}px`;
      svg.style.height = "auto";
      canvas.classList.remove("fitted");
      canvas.classList.add("zoomed");
    }

    function fit() {
      svg.style.width = svg.style.width === "100%" ? "" : "100%";
      svg.style.height = svg.style.width ? "auto" : "";
      canvas.classList.toggle("fitted", svg.style.width !== "");
      canvas.classList.remove("zoomed");
    }

    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-zoom]");
      if (!button) return;
      if (button.dataset.zoom === "in") zoom(1.25);
      else if (button.dataset.zoom === "out") zoom(0.8);
      else fit();
    });
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "+" || event.key === "=") zoom(1.25);
      else if (event.key === "-") zoom(0.8);
      else if (event.key === "0") fit();
    });
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
      },
      { passive: false },
    );
  }

  // --- tables ------------------------------------------------------------------------------------

  function sortKey(cell) {
    const given = cell.dataset.sort;
    const text = given === undefined ? cell.textContent.trim() : given;
    const number = /^-?\d+(\.\d+)?/.exec(text);
    return { text, number: number ? Number(number[0]) : null };
  }

  function compare(a, b) {
    if (a.number !== null && b.number !== null && a.number !== b.number) return a.number - b.number;
    if ((a.number === null) !== (b.number === null)) return a.number === null ? 1 : -1;
    return a.text.localeCompare(b.text);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = [...body.rows].map((row) => ({ row, key: sortKey(row.cells[column]) }));
        keyed.sort((a, b) => (down ? -1 : 1) * compare(a.key, b.key));
        body.append(...keyed.map((each) => each.row));
      });
    });
  }

  // On a phone each row of a wide table becomes a block. That takes away what makes it a table for
  // assistive technology, so its roles are said; and each cell carries the name of its column.
  for (const table of document.querySelectorAll("table.wide")) {
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    table.setAttribute("role", "table");
    for (const group of [table.tHead, ...table.tBodies]) group.setAttribute("role", "rowgroup");
    for (const row of table.rows) {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, column) => {
        const head = cell.scope === "col" ? "columnheader" : cell.scope ? "rowheader" : "cell";
        cell.setAttribute("role", head);
        if (cell.scope !== "col") cell.dataset.label = names[column];
      });
    }
    table.classList.add("stackable");
  }

  for (const form of document.querySelectorAll("form[data-filters]")) {
    const rows = [...document.getElementById(form.dataset.filters).tBodies[0].rows];
    const count = form.querySelector("[data-count]");

    function filter() {
      const wanted = [...form.querySelectorAll("[data-filter]")].filter((each) => each.value);
      let shown = 0;
      for (const row of rows) {
        row.hidden = !wanted.every((each) => row.dataset[each.dataset.filter] === each.value);
        if (!row.hidden) shown += 1;
      }
      count.textContent = wanted.length
        ? told(words.rows, { shown, total: rows.length })
        : "";
    }

    form.addEventListener("change", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => window.setTimeout(filter));
  }
})();
