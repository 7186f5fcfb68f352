// Search over the index that was made when the site was built. The index is loaded when it is first
// wanted. A query matches where each of its words begins a word of the entry, accents aside; names of a
// medicine stand for each other.
"use strict";
(function (scope) {
  const MOST = 30;

  /** Lower case without accents, words separated by single spaces. */
  function fold(text) {
    return text
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
  }

  /** The index as it is searched. */
  function prepare(index) {
    const names = index.names.map((each) => fold(each.join(" ")));
    return index.entries.map(([kind, title, href, within, text, actions], order) => ({
      kind,
      title,
      href,
      within,
      order,
      // A space before each word, so that "begins a word" is a plain search.
      heads: ` ${fold(title)}`,
      named: ` ${actions.map((number) => names[number]).join(" ")}`,
      body: ` ${fold(within)} ${fold(text)}`,
    }));
  }

  /** How well an entry fits, or 0. */
  function score(entry, tokens, phrase) {
    let sum = 0;
    for (const token of tokens) {
      const wanted = ` ${token}`;
      if (entry.heads.includes(wanted)) sum += 8;
      else if (entry.named.includes(wanted)) sum += 5;
      else if (entry.body.includes(wanted)) sum += 2;
      else return 0;
    }
    if (entry.heads === ` ${phrase}`) sum += 20;
    else if (entry.heads.startsWith(` ${phrase}`)) sum += 6;
    return sum;
  }

  /** The entries that fit, best first. */
  function search(entries, query) {
    const phrase = fold(query);
    if (!phrase) return [];
    const tokens = [...new Set(phrase.split(" "))];
    return entries
      .map((entry) => ({ entry, score: score(entry, tokens, phrase) }))
      .filter((each) => each.score > 0)
      .sort((a, b) => b.score - a.score || a.entry.order - b.entry.order)
      .map((each) => each.entry);
  }

  if (typeof module !== "undefined" && module.exports) {
    module.exports = { fold, prepare, search };
    return;
  }

  const root = document.documentElement;
  const field = document.getElementById("search-field");
  const results = document.getElementById("search-results");
  const status = document.getElementById("search-status");
  const words = JSON.parse(document.getElementById("site-words").textContent);
  let entries = null;
  let loading = null;

  function load() {
    if (loading) return loading;
    loading = new Promise((resolve) => {
      const ready = () => {
        entries = prepare(scope.PathwaySearchIndex);
        resolve();
      };
      if (scope.PathwaySearchIndex) {
        ready();
        return;
      }
      const script = document.createElement("script");
      script.src = `${root.dataset.root}static/search-index.js`;
      script.addEventListener("load", ready);
      document.head.append(script);
    });
    return loading;
  }

  function result(entry) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry.href.startsWith("#") ? entry.href : root.dataset.root + entry.href;
    link.append(entry.title);
    const what = document.createElement("span");
    what.className = "what";
    const kind = words.kinds[entry.kind] || entry.kind;
    what.textContent = entry.within ? `${kind} · ${entry.within}` : kind;
    link.append(what);
    item.append(link);
    return item;
  }

  function show() {
    const query = field.value;
    if (!fold(query)) {
      close();
      status.textContent = "";
      return;
    }
    const found = search(entries, query);
    const list = document.createElement("ul");
    list.append(...found.slice(0, MOST).map(result));
    results.replaceChildren();
    if (found.length === 0) {
      const nothing = document.createElement("p");
      nothing.textContent = words.noResults;
      results.append(nothing);
    } else {
      results.append(list);
    }
    results.hidden = false;
    if (found.length === 0) status.textContent = words.noResults;
    else if (found.length <= MOST) status.textContent = words.results.replace("%(number)s", found.length);
    else {
      status.textContent = words.first
        .replace("%(number)s", String(MOST))
        .replace("%(total)s", String(found.length));
    }
  }

  function close() {
    results.hidden = true;
    results.replaceChildren();
  }

  field.addEventListener("focus", load);
  field.addEventListener("input", () => load().then(show));

  document.getElementById("site-search").addEventListener("keydown", (event) => {
    const links = [...results.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      close();
      field.focus();
    } else if (event.key === "ArrowDown" && at < links.length - 1) {
      event.preventDefault();
      links[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at === 0 ? field : links[at - 1]).focus();
    } else if (event.key === "Enter" && document.activeElement === field && links.length > 0) {
      event.preventDefault();
      links[0].click();
    }
  });

  results.addEventListener("click", (event) => {
    if (event.target.closest("a")) close();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#site-search")) close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });
})(typeof window === "undefined" ? globalThis : window);
