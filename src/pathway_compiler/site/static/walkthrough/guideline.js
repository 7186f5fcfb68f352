"use strict";
/** The compiled guideline of the page, with what the panels ask of it: words, titles, addresses. */
(function (walk) {
  /**
   * @param {object} document `pathway-compiled/1`
   * @param {{address: string, groups: object[], identifying: string[]}} page what the build says beside it
   */
  function open(document, page) {
    const speaker = walk.values.speaker(document);
    const nodes = new Map();
    for (const [name, pathway] of Object.entries(document.pathways)) {
      for (const node of pathway.nodes) {
        nodes.set(`${name}.${node.name}`, node);
        for (const option of node.options ?? []) nodes.set(`${name}.${node.name}.${option.name}`, option);
      }
    }

    function pathwayLabel(name) {
      return document.pathways[name]?.label || name;
    }

    /** The title of a node or an option, by its id; that of a followed pathway when it has none of its own. */
    function titleOf(id) {
      const node = nodes.get(id);
      return node?.label || (node?.pathway ? pathwayLabel(node.pathway) : id);
    }

    /** The address of a place on another page. @param {string} place */
    function address(toPage, place = "") {
      const [before, between, after] = page.address.split(/PAGE|PLACE/);
      return `${before}${toPage}${between}${place}${after}`.replace(/[#/]$/, "");
    }

    /** The address of a node, an option or a pathway, by its id. */
    function addressOf(id) {
      const [pathway, ...rest] = id.split(".");
      return address(`pathways/${pathway}`, rest.join("."));
    }

    return Object.freeze({
      document,
      speaker,
      engine: PathwayEngine.guideline.load(document),
      groups: page.groups,
      identifying: new Set(page.identifying),
      header: document.guideline,
      address,
      addressOf,
      pathwayLabel,
      titleOf,
      question: (name) => speaker.declared(name)?.question ?? `${speaker.labelOf(name)}?`,
    });
  }

  walk.guideline = Object.freeze({ open });
})((globalThis.PathwayWalk ??= {}));
