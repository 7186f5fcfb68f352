"use strict";
/**
 * Elements made of plain values. Text is always text: nothing here, or anywhere in the walkthrough, turns a
 * string into markup, except the drawings that the build itself wrote.
 */
(function (walk) {
  // The same signs as `visible` in site/rendering.py: they reorder what a reader sees, or hide in it.
  const DECEIVING =
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|\p{Surrogate}/gu;

  let made = 0;

  /** The text without signs that make it read otherwise than it is. @param {unknown} text */
  function visible(text) {
    return String(text).replace(DECEIVING, "");
  }

  /** An id that no other element has; authors' names have no hyphen. */
  function freshId() {
    made += 1;
    return `walk-${made}`;
  }

  /**
   * @param {string} tag
   * @param {Record<string, unknown>} attributes null and false are left out, true is an empty text; `on` are
   *   listeners by event, `checked`, `value`, `disabled`, `hidden` and `open` are properties
   * @param {...(Node|string|null|undefined|false|Array)} children
   */
  function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
      else if (PROPERTIES.has(name)) node[name] = value;
      else node.setAttribute(name, value === true ? "" : visible(value));
    }
    add(node, children);
    return node;
  }

  const PROPERTIES = new Set(["checked", "value", "disabled", "hidden", "open"]);

  function add(node, children) {
    for (const child of children) {
      if (child === null || child === undefined || child === false) continue;
      if (Array.isArray(child)) add(node, child);
      else node.append(child instanceof Node ? child : visible(child));
    }
  }

  /** Put other children in place of those that are there; what the reader opened stays open. */
  function fill(node, ...children) {
    const opened = new Map([...node.querySelectorAll("details[data-key]")].map((d) => [d.dataset.key, d.open]));
    node.replaceChildren();
    add(node, children);
    for (const details of node.querySelectorAll("details[data-key]")) {
      if (opened.has(details.dataset.key)) details.open = opened.get(details.dataset.key);
    }
  }

  /** A text that is folded away under a heading. */
  function folded(key, summary, ...children) {
    return element("details", { "data-key": key }, element("summary", {}, summary), ...children);
  }

  /** The same for what is long: it is made when it is opened first. @param {() => Array} make */
  function foldedLate(key, summary, make) {
    const details = folded(key, summary);
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) add(details, make());
    });
    return details;
  }

  /** Move the focus to something that is not reached by the tab key. @param {HTMLElement} node */
  function focusOn(node) {
    if (!node.hasAttribute("tabindex")) node.setAttribute("tabindex", "-1");
    node.focus();
  }

  function byId(id) {
    return document.getElementById(id);
  }

  /** The data that the build wrote into the page. */
  function embedded(id) {
    return JSON.parse(byId(id).textContent);
  }

  walk.dom = Object.freeze({ byId, element, embedded, fill, focusOn, folded, foldedLate, freshId, visible });
})((globalThis.PathwayWalk ??= {}));
