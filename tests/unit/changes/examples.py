"""A small guideline, and ways of changing its text."""

import re
from functools import cache

from pathway_compiler.changes.change import Change
from pathway_compiler.changes.report import Changes, compare
from pathway_compiler.driver import load_text
from pathway_compiler.graph.compiled import CompiledGuideline

BASE = """guideline g "Example":
  version "1"
  grading scheme
  entry p
grading scheme "Scheme":
  certainty high "High"
  certainty low "Low"
  grade A "Do it", certainty high
  grade B "Rather do it", certainty high | low
moment start "At the start"
statement s_treat "Treat those who are fit":
  section "Treatment"
  lines 1-3
  kind recommend
  evidence high A [1]
statement s_support "Support everybody else":
  section "Support"
  lines 4-5
  kind recommend
  evidence low B [2, 3]
statement s_scan "Scan once a year":
  kind monitoring
  evidence none
type status "Receptor status":
  positive "Positive": snomed 10828004
  negative "Negative"
type stage "Stage" ordered:
  early "Early"
  late "Late"
element fit "Fit for treatment": boolean
  ask "Is she fit?"
  lasting
element her2 "HER2 status": status
element size "Tumour size": quantity in mm from 0 to 200
element disease "Stage of disease": stage
element barred "Contraindicated medicines": set of agent
element grade "Histological grade": one of well "Well differentiated" | poor "Poorly differentiated"
agent drug "Drug": rxnorm 1
  synonym "Brand"
agent other "Other drug"
class drugs "Drugs": drug, other
investigation scan "Scan"
contraindication listed "On her list": each of barred
contraindication large "Too large": other when size > 100 mm
incompatible pair "Never both": drug with other
constraint "Late disease is large": disease is not late or size >= 20 mm
parameter policy "Offer the other drug": boolean = yes
define big "Big tumour": boolean = size > 50 mm
define risk "Risk" first match: one of raised "High" | usual "Low"
  raised when grade is poor
  usual otherwise
reading soon "Soon enough": boolean
  chosen narrow "Below 30": size < 30 mm
  alternative wide "Below 40": size < 40 mm
pathway p "Treatment":
  decision fitness "Fit?":
    when fit "Yes" -> treat
    when not fit "No" -> support
  recommend treat "Treat" when her2 is positive:
    from s_treat
    at start
    give drug 50 mg every 2 weeks
    caution "Check the heart" when big
    -> options
  recommend support "Support":
    from s_support
    avoid drugs
  choose options "What next":
    preferred one "Drug" unless soon:
      from s_treat
      give drug if big
    acceptable two "Other drug" when policy:
      give other
    -> follow_up
  review follow_up "Review":
    every 3 months
    on risk is raised "High risk" -> last
    on risk is usual "Low risk" -> q
  follow q
  end last "Stop here"
pathway q "Follow-up":
  recommend scanning "Yearly scan":
    from s_scan
    order scan
    -> stop
  outside stop "Ask elsewhere"
slot line "One line": p.treat, p.options
case ordinary "An ordinary patient":
  as of 2019-03-01
  given fit = yes
  given her2 = positive
  recommends treat
"""


@cache
def compiled(text: str) -> CompiledGuideline:
    return load_text(text)


def edited(*edits: tuple[str, str], text: str = BASE) -> str:
    """The example with each text of a pair replaced by the other, everywhere."""
    for old, new in edits:
        assert old in text, f"the example has no {old!r}"
        text = text.replace(old, new)
    return text


def with_name(old: str, new: str, text: str = BASE) -> str:
    """The example with a name replaced wherever it is not within a text for the reader."""
    parts = re.split(r'("[^"]*")', text)
    name = re.compile(rf"\b{old}\b")
    return "".join(part if part.startswith('"') else name.sub(new, part) for part in parts)


def changes(*edits: tuple[str, str], outcomes: bool = False) -> Changes:
    """What changed when each text of a pair is replaced by the other, everywhere."""
    return compare(compiled(BASE), compiled(edited(*edits)), outcomes=outcomes)


def told(found: tuple[Change, ...]) -> list[str]:
    """Changes in short: `p.treat action: Drug → Other drug`."""
    return [
        " ".join(f"{c.id} {c.part} {c.what}:".split()) + f" {c.old or ''} → {c.new or ''}"
        for c in found
    ]


def groups(found: Changes) -> set[str]:
    """The groups in which something changed."""
    names = ("meaning", "evidence", "data", "renamed", "text", "cases")
    return {name for name in names if getattr(found, name)}
