"""Which findings an author accepts, and where."""

import pytest

from pathway_compiler.diagnostics.codes import CODES
from pathway_compiler.driver import check_text, load_text
from pathway_compiler.model.acceptance import ACCEPTABLE, Acceptance
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Node

TEXT = """guideline g "G":
  version "1"
  entry p
  accept undecided "guideline"
statement s "S":
  kind recommend
  accept unused "statement"
element fit "Fit": boolean
  accept unused "element"
define always "Always": boolean = fit or not fit
  accept always_true "define"
reading read "Read":
  chosen one "One": fit
  accept repeated "reading"
parameter limit "Limit": count = 1
  accept always_true "parameter"
constraint "C": fit
  accept never_true "constraint"
agent x "X"
agent y "Y"
contraindication veto "Veto": x when fit
  accept never_applies "contraindication"
incompatible apart "Apart": x with y
  accept contradiction "incompatible"
slot line "Line": p.give_x, p.choice
  accept contradiction "slot"
pathway p "P":
  accept always_applies "pathway"
  decision d "D":
    when fit -> both
    otherwise -> stop, elsewhere
    accept gap "decision"
    accept overlap "decision, again"
  together both "Both":
    -> give_x, choice, q
    accept unreachable "together"
  recommend give_x "Give X":
    give x
    accept never_given "recommend"
  choose choice "Choice" any of:
    option first "First":
      accept never_eligible "option"
    accept no_statement "choose"
  standing keep "Keep":
    accept direction "standing"
  follow q:
    accept dead_end "follow"
  end stop "Stop"
    accept unreachable "end"
  outside elsewhere "Elsewhere"
    accept unreachable "outside"
pathway q "Q":
  review later "Later":
    on fit -> later
    accept never_taken "review"
"""


def accepted(guideline: Guideline, place: str) -> tuple[Acceptance, ...]:
    """What the body of something accepts; a node is named `p.d`, an option `p.choice.first`."""
    if "." not in place:
        record = {
            "guideline": guideline.header,
            "constraint": guideline.constraints[0],
            **guideline.statements,
            **guideline.elements,
            **guideline.definitions,
            **guideline.readings,
            **guideline.parameters,
            **guideline.contraindications,
            **guideline.incompatibilities,
            **guideline.slots,
            **guideline.pathways,
        }[place]
        return record.accepted
    pathway, name, *option = place.split(".")
    node: Node | None = guideline.pathways[pathway].node(name)
    assert node is not None
    if not option:
        return node.accepted
    assert isinstance(node, Choose)
    return next(o.accepted for o in node.options if o.name == option[0])


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("guideline", [("undecided", "guideline")]),
        ("s", [("unused", "statement")]),
        ("fit", [("unused", "element")]),
        ("always", [("always_true", "define")]),
        ("read", [("repeated", "reading")]),
        ("limit", [("always_true", "parameter")]),
        ("constraint", [("never_true", "constraint")]),
        ("veto", [("never_applies", "contraindication")]),
        ("apart", [("contradiction", "incompatible")]),
        ("line", [("contradiction", "slot")]),
        ("p", [("always_applies", "pathway")]),
        ("q", []),
        ("p.d", [("gap", "decision"), ("overlap", "decision, again")]),
        ("p.both", [("unreachable", "together")]),
        ("p.give_x", [("never_given", "recommend")]),
        ("p.choice", [("no_statement", "choose")]),
        ("p.choice.first", [("never_eligible", "option")]),
        ("p.keep", [("direction", "standing")]),
        ("p.q", [("dead_end", "follow")]),
        ("p.stop", [("unreachable", "end")]),
        ("p.elsewhere", [("unreachable", "outside")]),
        ("q.later", [("never_taken", "review")]),
    ],
)
def test_a_finding_is_accepted_in_the_body_of_what_it_is_about(
    place: str, expected: list[tuple[str, str]]
) -> None:
    found = accepted(load_text(TEXT).guideline, place)
    assert [(a.finding, a.reason) for a in found] == expected
    assert all(a.span is not None and a.span.text.startswith("accept ") for a in found)


@pytest.mark.parametrize("word", ACCEPTABLE)
def test_every_word_can_be_accepted(word: str) -> None:
    text = TEXT.replace("accept undecided", f"accept {word}")
    assert [a.finding for a in load_text(text).guideline.header.accepted] == [word]


def test_what_can_be_accepted_is_a_finding() -> None:
    assert {code for codes in ACCEPTABLE.values() for code in codes} <= set(CODES)


@pytest.mark.parametrize(
    ("line", "code", "underlined", "help"),
    [
        ('accept gpa "R"', "unknown-finding", "gpa", "did you mean `gap`?"),
        ('accept everything "R"', "unknown-finding", "everything", "the findings are gap, overlap, "),
        ('accept gap ""', "missing-item", '""', "reason"),
        ('accept gap "  "', "missing-item", '"  "', "reason"),
        ('accept undecided "R"', "duplicate-item", 'accept undecided "guideline"', None),
    ],
)  # fmt: skip
def test_mistake_in_an_acceptance_is_underlined(
    line: str, code: str, underlined: str, help: str | None
) -> None:
    text = TEXT.replace("  accept undecided", f"  {line}\n  accept undecided")
    (found,) = [d for d in check_text(text) if d.severity == "error"]
    assert (found.code, found.span.text) == (code, underlined)
    assert (help or "") in (found.help or "")
