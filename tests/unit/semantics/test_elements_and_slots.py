"""What an element says beyond its type, and which recommendations a slot holds."""

import pytest

from markdown_tests import PRELUDES
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.driver import check_text, load_text
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.vocabulary import Entry, ListValue, SetValue, Value

PRELUDE = (PRELUDES / "breast.pathway").read_text(encoding="utf-8")
HEADER = 'guideline g "G":\n  version "1"\n  grading uspstf\n  entry p\n'
END = 'pathway p "P":\n  end done "Done"\n'


def guideline(text: str) -> Guideline:
    return load_text(HEADER + text + PRELUDE).guideline


def errors(text: str) -> list[tuple[str, str]]:
    found = check_text(HEADER + text + PRELUDE)
    return [(d.code, d.span.text) for d in found if d.severity == "error"]


# --- typical ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "literal", "expected"),
    [
        ("boolean", "no", False),
        ("one of positive | negative", "negative", "negative"),
        ("ordered low | high", "low", "low"),
        ("ecog", "ecog_1", "ecog_1"),
        ("quantity in years from 0 to 120", "61 years", 61),
        ("quantity in years from 0 to 120", "732 months", 61),
        ("number from -4 to 4", "-2", -2),
        ("count", "0", 0),
        ("date", "2018-03", PartialDate(2018, 3)),
        ("agent", "paclitaxel", "paclitaxel"),
        ("set of site", "{bone}", SetValue(frozenset({"bone"}))),
        ("set of agent", "{}", SetValue(frozenset())),
        ("list of therapy", "[]", ListValue(())),
        (
            "list of therapy",
            "[{agent: tamoxifen}]",
            ListValue((Entry((("agent", "tamoxifen"),)),)),
        ),
    ],
)
def test_a_typical_value_is_read_by_the_type_of_the_element(
    type_: str, literal: str, expected: Value
) -> None:
    found = guideline(f'element x "X": {type_}\n  typical {literal}\n{END}')
    assert found.elements["x"].typical == expected


@pytest.mark.parametrize(
    ("type_", "line", "expected"),
    [
        ("boolean", "typical maybe", [("type-mismatch", "maybe")]),
        ("boolean", "typical unknown", [("type-mismatch", "unknown")]),
        ("count", "typical 1.5", [("type-mismatch", "1.5")]),
        ("count from 0 to 3", "typical 4", [("out-of-range", "4")]),
        ("quantity in cm from 0 to 3", "typical 31 mm", [("out-of-range", "31 mm")]),
        ("quantity in cm", "typical 3", [("bare-number", "3")]),
        ("quantity in cm", "typical 3 kg", [("unit-mismatch", "kg")]),
        ("ecog", "typical ecog_9", [("unknown-value", "ecog_9")]),
        ("set of site", "typical {bone, ...}", [("type-mismatch", "{bone, ...}")]),
        ("list of therapy", "typical [...]", [("type-mismatch", "[...]")]),
        ("set of agent", "typical {mastectomy}", [("wrong-kind", "mastectomy")]),
        ("boolean", "typical no\n  typical yes", [("duplicate-item", "typical yes")]),
        ("boolean", "burden low\n  burden high", [("duplicate-item", "burden high")]),
        ("boolean", "burden heavy", [("syntax-error", "heavy")]),
    ],
)
def test_mistake_in_an_element_is_underlined(
    type_: str, line: str, expected: list[tuple[str, str]]
) -> None:
    assert errors(f'element x "X": {type_}\n  {line}\n{END}') == expected


def test_an_element_that_says_nothing_is_easy_to_find_out_and_has_no_typical_value() -> None:
    found = guideline(f'element x "X": boolean\n{END}').elements["x"]
    assert (found.typical, found.burden) == (None, "low")


@pytest.mark.parametrize("burden", ["low", "moderate", "high"])
def test_the_burden_of_an_element(burden: str) -> None:
    found = guideline(f'element x "X": boolean\n  burden {burden}\n{END}')
    assert found.elements["x"].burden == burden


# --- slots ------------------------------------------------------------------------------------------

PATHWAYS = """pathway p "P":
  recommend a "A" -> b
  choose b "B" any of:
    option one "One"
    -> d
  standing c "C"
  end d "D"
pathway q "Q":
  recommend against a "A" -> p
  follow p
"""


def test_a_slot_holds_recommendations_in_the_order_of_the_text() -> None:
    text = """slot line "First line": q.a, p.a, p.b, p.c
  \"\"\"
  A note.
  \"\"\"
  from her2_dual_blockade
  issue "A doubt."
"""
    slot = guideline(text + PATHWAYS).slots["line"]
    assert slot.ids == ("q.a", "p.a", "p.b", "p.c")
    assert slot.recommendations[0] == ("q", "a")
    assert (slot.label, slot.note) == ("First line", "A note.")
    assert (slot.statements, slot.issues) == (("her2_dual_blockade",), ("A doubt.",))


def test_a_statement_that_a_slot_is_from_is_used() -> None:
    text = 'statement s "S":\n  kind principle\n{}' + PATHWAYS
    unused = ("unused-statement", "s")
    assert unused in [(d.code, d.span.text) for d in check_text(HEADER + text.format("") + PRELUDE)]
    used = text.format('slot line "L": p.a, p.b\n  from s\n')
    assert unused not in [(d.code, d.span.text) for d in check_text(HEADER + used + PRELUDE)]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ("o.a", [("unknown-name", "o")]),
        ("p.z", [("unknown-name", "z")]),
        ("p.d", [("wrong-kind", "d")]),
        ("q.p", [("wrong-kind", "p")]),
        ("p.a, p.a", [("duplicate-item", "p.a")]),
        ("p.b.one", [("syntax-error", ".")]),
        ("(p.a, q.a, p.z)", [("unknown-name", "z")]),
    ],
)
def test_mistake_in_a_slot_is_underlined(members: str, expected: list[tuple[str, str]]) -> None:
    assert errors(f'slot line "L": {members}\n{PATHWAYS}') == expected


@pytest.mark.parametrize(("member", "meant"), [("pq.a", "p"), ("p.aa", "a")])
def test_a_near_miss_in_a_slot_gets_a_suggestion(member: str, meant: str) -> None:
    text = HEADER + f'slot line "L": {member}\n' + PATHWAYS + PRELUDE
    (found,) = [d for d in check_text(text) if d.severity == "error"]
    assert f"`{meant}`" in (found.help or "")


def test_a_node_that_could_not_be_read_is_no_unknown_name() -> None:
    text = 'slot line "L": p.a, p.b\npathway p "P":\n  recommend a "A" -> b\n  recommend b ->\n'
    assert [code for code, _ in errors(text)] == ["syntax-error"]
