"""The units of UCUM as a script, so that the engine in the browser converts any of them exactly.

`engine/ucum-table.js` is what `ucum_script` writes; a test compares them.
"""

import json

from pathway_compiler.browser.values_to_json import Json, number_to_json
from pathway_compiler.datatypes.ucum import CANONICAL_ATOMS, Atom, atoms, prefixes
from pathway_compiler.datatypes.units import unit_words

__all__ = ["ucum_script"]

_HEAD = """\
"use strict";
/**
 * The units of UCUM, as published by its authors, with exact factors. Written by
 * `pathway_compiler.browser.ucum_script`; see the test of that name. An atom has its factor and its base
 * units; `metric` atoms take prefixes, and `special` ones are converted by a function and so not at all.
 *
 * This product includes all or a portion of the UCUM table, UCUM codes, and UCUM definitions or is derived
 * from it, subject to a license from Regenstrief Institute, Inc. and The UCUM Organization. Your use of the
 * UCUM table, UCUM codes, UCUM definitions also is subject to this license, a copy of which is available at
 * https://ucum.org. The UCUM table, codes and definitions are provided AS IS.
 */
(function (engine) {
"""
_TAIL = "})((globalThis.PathwayEngine ??= {}));\n"


def ucum_script() -> str:
    """The text of `ucum-table.js`."""
    words = unit_words()
    rows = ",\n".join(f"    {_text(atom.code)}: {_text(_atom(atom))}" for atom in atoms())
    others: Json = {
        "prefixes": {code: number_to_json(factor) for code, factor in prefixes().items()},
        "canonical": dict(CANONICAL_ATOMS),
        "everyday": list(words.everyday),
        "words": dict(words.words),
        "displays": dict(words.displays),
        "mistakes": dict(words.mistakes),
    }
    parts = [f"    {name}: {_text(table)}" for name, table in others.items()]
    body = ",\n".join([f"    atoms: {{\n{rows},\n    }}", *parts])
    return f"{_HEAD}  engine.ucumTable = Object.freeze({{\n{body},\n  }});\n{_TAIL}"


def _atom(atom: Atom) -> Json:
    found: Json = {
        "factor": number_to_json(atom.measure.factor),
        "of": [list(pair) for pair in atom.measure.dimension],
    }
    if atom.is_metric:
        found["metric"] = True
    if atom.is_special:
        found["special"] = True
    return found


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
