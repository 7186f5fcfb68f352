"use strict";
/**
 * The flowcharts that the build drew. In a folder each is a script of its own, `drawings/NAME.js`, loaded when
 * it is first wanted: a page from `file://` can read no other file. In a single file they stand on the pages of
 * their pathways, and are copied from there.
 */
(function (walk) {
  const texts = new Map();

  /** Called by the scripts of the drawings. @param {string} name @param {string} svg */
  function add(name, svg) {
    texts.set(name, svg);
  }

  const loading = new Map();

  /** @returns {Promise<?SVGElement>} a new copy whose ids begin with `walk-flow-`; null when there is none */
  async function drawing(name) {
    const page = document.getElementById(`pathways/${name}/d-svg`);
    if (page) return copied(page.cloneNode(true), null);
    if (!texts.has(name)) await loaded(name);
    if (!texts.has(name)) return null;
    // This text is the build's own drawing, in which the guideline's texts were escaped.
    const holder = document.createElement("template");
    holder.innerHTML = texts.get(name);
    return copied(holder.content.querySelector("svg"), name);
  }

  function loaded(name) {
    if (!loading.has(name)) {
      const root = document.documentElement.dataset.root ?? "";
      const script = document.createElement("script");
      script.src = `${root}drawings/${name}.js`;
      loading.set(
        name,
        new Promise((done) => {
          script.addEventListener("load", done);
          script.addEventListener("error", done);
        }),
      );
      document.head.append(script);
    }
    return loading.get(name);
  }

  /** With ids and links of this page; `pathway` when links are written as on the page of that. */
  function copied(svg, pathway) {
    const prefix = svg.id.replace(/svg$/, "");
    const own = (id) => `walk-flow-${id.slice(prefix.length)}`;
    for (const node of [svg, ...svg.querySelectorAll("[id]")]) {
      if (node.id.startsWith(prefix)) node.id = own(node.id);
    }
    const names = svg.getAttribute("aria-labelledby");
    if (names) svg.setAttribute("aria-labelledby", names.split(" ").map(own).join(" "));
    for (const link of svg.querySelectorAll("a[href]")) {
      const href = link.getAttribute("href");
      if (pathway === null) continue;
      link.setAttribute("href", href.startsWith("#") ? `pathways/${pathway}.html${href}` : href.replace(/^\.\.\//, ""));
    }
    return svg;
  }

  walk.drawings = Object.freeze({ add, drawing });
})((globalThis.PathwayWalk ??= {}));
