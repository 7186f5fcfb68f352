"use strict";
/**
 * The engine for node: the same scripts, in the order in which a page loads them.
 */
for (const name of require("./files.json")) require(`./${name}`);
module.exports = globalThis.PathwayEngine;
