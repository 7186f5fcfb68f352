// What the preview adds to a page of the site: news of the author's text, the errors over the last good
// drawing, and the page itself made anew in its place. Author text is only ever set as text.
"use strict";
(function () {
  const tag = document.currentScript.dataset.tag;
  const PLACE = "pathway-preview-place";
  const OPEN = "pathway-preview-open";

  /** An element with a class, texts and other elements in it. */
  function made(name, className, ...inside) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...inside);
    return element;
  }

  function counted(number, word) {
    return `${number} ${word}${number === 1 ? "" : "s"}`;
  }

  // Storage is a convenience: a browser may refuse it.
  function remember(name, value) {
    try {
      window.sessionStorage.setItem(name, JSON.stringify(value));
    } catch {
      // Then the page starts at its top.
    }
  }

  function remembered(name) {
    try {
      return JSON.parse(window.sessionStorage.getItem(name));
    } catch {
      return null;
    }
  }

  // --- the panel ---------------------------------------------------------------------------------

  const status = made("button", "preview-status", "…");
  status.type = "button";
  status.setAttribute("aria-controls", "preview-panel");
  const spoken = made("p", "preview-spoken");
  spoken.setAttribute("role", "status");
  const title = made("h2", "preview-title");
  title.id = "preview-title";
  title.tabIndex = -1;
  const close = made("button", "preview-close", "Close");
  close.type = "button";
  const about = made("p", "preview-about");
  const list = made("ol", "preview-findings");
  const lesser = made("summary", "");
  const lesserList = made("ol", "preview-findings");
  const others = made("details", "preview-others", lesser, lesserList);
  const head = made("header", "", title, close);
  const panel = made("section", "preview-panel", head, about, list, others);
  panel.id = "preview-panel";
  panel.setAttribute("aria-labelledby", title.id);
  panel.hidden = true;
  const root = made("div", "preview-root", panel, status, spoken);
  document.body.append(root);

  /** Whether the reader opened or closed the panel herself: kept until the errors come or go. */
  let chosen = remembered(OPEN);
  let state = null;
  let connected = true;
  let gone = false;

  function wrong() {
    return state !== null && (state.status === "broken" || state.status === "errors");
  }

  function open() {
    if (state === null) return false;
    return chosen === null ? wrong() : chosen.open;
  }

  function choose(value) {
    chosen = { wrong: wrong(), open: value };
    remember(OPEN, chosen);
    show();
  }

  status.addEventListener("click", () => {
    choose(!open());
    if (open()) title.focus();
  });
  close.addEventListener("click", () => {
    choose(false);
    status.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open() || event.defaultPrevented) return;
    const inside = root.contains(document.activeElement);
    if (!inside && document.activeElement !== document.body) return; // it is another one's Escape
    choose(false);
    if (inside) status.focus();
  });

  function headline() {
    const errors = state.findings.counts.error;
    if (state.status === "errors") return `${counted(errors, "error")}, found by the proof`;
    if (state.status === "broken") return `${counted(errors, "error")} in the text`;
    const found = counts();
    return found ? `Findings: ${found}` : "No findings";
  }

  function counts() {
    const parts = [];
    for (const word of ["error", "warning", "note"]) {
      const number = state.findings.counts[word];
      if (number) parts.push(counted(number, word));
    }
    return parts.join(", ");
  }

  const PROOF = {
    "not begun": "",
    decisions: "proving …",
    decided: "decisions proved",
    everything: "proving …",
    done: "proved",
    failed: "the proof came to grief",
  };

  function brief() {
    if (!connected) return "Not connected: is `pathway serve` running?";
    if (gone) return "The guideline no longer has this page";
    if (state === null || state.status === "starting") return "Reading …";
    const found = counts() || "no findings";
    const proof = state.status === "broken" ? "" : PROOF[state.proof];
    return [found, proof].filter(Boolean).join(" · ");
  }

  function explained() {
    if (state.status === "broken") {
      return state.shown === null
        ? "Nothing can be shown until they are mended."
        : "The page shows the last version without errors.";
    }
    if (state.status === "errors") return "The page shows the text as it is now.";
    if (state.proof === "done") return "Everything is proved, or listed here.";
    return state.proof === "failed" ? "" : "The proof may still find more.";
  }

  /** A sentence; what stands in backticks is text of the guideline. */
  function sentence(text) {
    const parts = text.split("`");
    if (parts.length % 2 === 0) return [text];
    return parts.map((part, n) => (n % 2 ? made("code", "", made("bdi", "", part)) : part));
  }

  /** The name of a file within the guideline. */
  function within(file) {
    const folder = state.folder;
    const inside = file.startsWith(folder) && /^[/\\]./.test(file.slice(folder.length));
    return inside ? file.slice(folder.length + 1) : file;
  }

  function finding(found) {
    const place = found.place;
    const item = made(
      "li",
      `preview-finding preview-${found.severity}`,
      made(
        "p",
        "preview-message",
        made("strong", "preview-severity", found.severity),
        " ",
        made("span", "preview-sentence", ...sentence(found.message)),
        " ",
        made("code", "preview-code", found.code),
      ),
      made(
        "p",
        "preview-place",
        made("code", "preview-file", within(place.file)),
        ` line ${place.start.line}, column ${place.start.column}`,
      ),
    );
    if (found.excerpt.length) {
      const lines = made("pre", "preview-excerpt");
      lines.tabIndex = 0;
      lines.setAttribute("role", "group");
      lines.setAttribute("aria-label", "The text");
      for (const line of found.excerpt) {
        lines.append(
          made("span", "preview-number", String(line.line)),
          made("bdi", "", line.before, made("mark", "", line.marked || " "), line.after),
          "\n",
        );
      }
      item.append(lines);
    }
    for (const note of found.notes) item.append(made("p", "preview-note", ...sentence(note)));
    for (const other of found.related) {
      const at = other.place;
      item.append(
        made("p", "preview-note", ...sentence(other.text), `: ${within(at.file)} line ${at.start.line}`),
      );
    }
    if (found.help) item.append(made("p", "preview-help", ...sentence(found.help)));
    return item;
  }

  function show() {
    const isOpen = open();
    root.dataset.status = !connected ? "lost" : wrong() ? "wrong" : "good";
    status.textContent = brief();
    status.setAttribute("aria-expanded", String(isOpen));
    panel.hidden = !isOpen;
    if (state !== null) {
      title.textContent = headline();
      const left = state.findings.left_out;
      about.textContent = explained() + (left ? ` ${left} more are not listed.` : "");
      // Beside errors, everything else can wait.
      const first = wrong() ? (found) => found.severity === "error" : () => true;
      const found = state.findings.diagnostics;
      list.replaceChildren(...found.filter(first).map(finding));
      lesserList.replaceChildren(...found.filter((each) => !first(each)).map(finding));
      others.hidden = lesserList.childElementCount === 0;
      lesser.textContent = counts().replace(/^\d+ errors?, /, "");
    }
    // Whatever the panel hides can be scrolled above it.
    document.body.style.setProperty("padding-bottom", isOpen ? `${panel.offsetHeight}px` : "");
  }

  // --- the page anew, in its place -----------------------------------------------------------------

  /** An element as the way to it from the body, or by its id; it names the same one in the next version. */
  function wayTo(element) {
    const steps = [];
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (at.id) return [`#${CSS.escape(at.id)}`, ...steps].join(" > ");
      const same = [...at.parentElement.children].filter((e) => e.localName === at.localName);
      steps.unshift(`${CSS.escape(at.localName)}:nth-of-type(${same.indexOf(at) + 1})`);
    }
    return ["body", ...steps].join(" > ");
  }

  function all(selector) {
    return [...document.querySelectorAll(selector)].filter((e) => !root.contains(e));
  }

  /** What the reader looks at: the uppermost thing with a name that begins within the window. */
  function landmark() {
    const seen = all("main [id]")
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.height > 0 && box.top >= 0 && box.top < window.innerHeight)
      .sort((one, other) => one.box.top - other.box.top);
    const first = seen.find(({ element }) => !sticks(element));
    return first ? { way: wayTo(first.element), top: first.box.top } : null;
  }

  /** Whether an element stays in the window while the page is scrolled. */
  function sticks(element) {
    for (let at = element; at; at = at.parentElement) {
      if (["sticky", "fixed"].includes(getComputedStyle(at).position)) return true;
    }
    return false;
  }

  const FIELDS = "input:not([type=file]):not([type=password]), select, textarea";

  function place() {
    const active = document.activeElement;
    return {
      path: location.pathname,
      left: window.scrollX,
      top: window.scrollY,
      landmark: landmark(),
      scrolled: all("*")
        .filter((e) => e.scrollLeft || (e.scrollTop && e !== document.documentElement))
        .filter((e) => e !== document.body)
        .map((e) => ({ way: wayTo(e), left: e.scrollLeft, top: e.scrollTop })),
      details: all("details").map((e) => ({ way: wayTo(e), open: e.open })),
      zoomed: all(".canvas.zoomed svg").map((e) => ({ way: wayTo(e), width: e.style.width })),
      pressed: all("button[aria-pressed=true]").map(wayTo),
      fields: all(FIELDS).map((e) => ({ way: wayTo(e), value: e.value, checked: e.checked })),
      focus: active && active !== document.body && !root.contains(active) ? wayTo(active) : null,
      panel: panel.scrollTop,
    };
  }

  function found(way) {
    try {
      return document.querySelector(way);
    } catch {
      return null;
    }
  }

  function comeBackTo(kept) {
    for (const { way, open: was } of kept.details) {
      const element = found(way);
      if (element && element.localName === "details") element.open = was;
    }
    for (const way of kept.pressed) {
      const button = found(way);
      if (button && button.getAttribute("aria-pressed") === "false") button.click();
    }
    for (const { way, value, checked } of kept.fields) {
      const field = found(way);
      if (!field || (field.value === value && field.checked === checked)) continue;
      field.value = value;
      if (typeof checked === "boolean") field.checked = checked;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    for (const { way, width } of kept.zoomed) {
      const svg = found(way);
      if (!svg || !svg.closest(".canvas")) continue;
      svg.style.width = width;
      svg.style.height = "auto";
      svg.closest(".canvas").classList.add("zoomed");
    }
    const focus = kept.focus && found(kept.focus);
    if (focus) focus.focus({ preventScroll: true });
    for (const { way, left, top } of kept.scrolled) {
      const element = found(way);
      if (element) element.scrollTo({ left, top, behavior: "instant" });
    }
    window.scrollTo({ left: kept.left, top: kept.top, behavior: "instant" });
    keepInPlace(kept.landmark);
  }

  /** Something may have grown above what the reader looked at: scroll by as much. */
  function keepInPlace(mark) {
    const element = mark && found(mark.way);
    if (!element) return;
    const grown = element.getBoundingClientRect().top - mark.top;
    let scroller = element.parentElement;
    while (scroller && (scroller.scrollTop === 0 || scroller === document.documentElement)) {
      scroller = scroller.parentElement;
    }
    const by = { top: grown, behavior: "instant" };
    if (scroller) scroller.scrollBy(by);
    else if (window.scrollY > 0) window.scrollBy(by);
  }

  const kept = remembered(PLACE);
  window.sessionStorage.removeItem(PLACE);
  const again = kept !== null && kept.path === location.pathname;

  function comeBack() {
    if (again) comeBackTo(kept);
    // Before the page is complete, the browser would scroll to where it was by number.
    window.addEventListener("load", () => setTimeout(() => (history.scrollRestoration = "auto")));
  }

  /** Load this page again if it has changed. */
  let asking = false;
  let askAgain = false;
  async function compare() {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    try {
      const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
      const now = answer.headers.get("ETag");
      gone = answer.status === 404 && tag !== "";
      if (answer.ok && now !== null && now !== `"${tag}"`) {
        remember(PLACE, place());
        history.scrollRestoration = "manual";
        location.reload();
        return;
      }
    } catch {
      // The server has just gone; its events say so.
    } finally {
      asking = false;
    }
    show();
    if (askAgain) {
      askAgain = false;
      compare();
    }
  }

  // --- news ------------------------------------------------------------------------------------------

  let events = null;
  function listen() {
    if (events !== null) return;
    events = new EventSource("/-/events");
    events.addEventListener("state", (event) => {
      const before = wrong();
      state = JSON.parse(event.data);
      connected = true;
      if (chosen !== null && chosen.wrong !== wrong()) {
        chosen = null;
        remember(OPEN, chosen);
      }
      show();
      if (again && kept.panel) panel.scrollTop = kept.panel;
      if (wrong() !== before) {
        spoken.textContent = wrong() ? headline() : "The errors are mended.";
      }
      if (state.shown !== null) compare();
    });
    events.addEventListener("error", () => {
      connected = false;
      show();
    });
  }

  function pause() {
    if (events === null) return;
    events.close();
    events = null;
  }

  // A browser has six connections for all pages of the preview: a page that nobody sees needs none.
  document.addEventListener("visibilitychange", () => (document.hidden ? pause() : listen()));
  // A page in the back-forward cache must not keep one either.
  window.addEventListener("pagehide", pause);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) listen();
  });

  comeBack();
  if (!document.hidden) listen();
})();
