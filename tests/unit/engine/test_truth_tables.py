"""The tables of three-valued logic, as the logical operators of CQL 1.5 define them.

Reference: HL7 Clinical Quality Language 1.5, Appendix B, "Logical Operators" (And, Or, Not) and "List
Operators" (Exists), and Kleene's strong three-valued logic.
"""

from itertools import product

import pytest

from pathway_compiler.driver import evaluate, evaluate_text, load_text
from pathway_compiler.graph.compiled import CompiledGuideline

VALUES = ("yes", "no", "unknown")

GUIDELINE = """guideline g "G":
  version "1"
element a "A": boolean
element b "B": boolean
element n "N": count from 0 to 9
element l "L": list of item
element s "S": set of colour
record item "Item":
  held "Held": boolean
type colour "Colour":
  red "Red"
  blue "Blue"
"""


@pytest.fixture(scope="module")
def compiled() -> CompiledGuideline:
    return load_text(GUIDELINE)


def value(text: str) -> str:
    result = evaluate_text(text)
    assert not result.diagnostics, result.diagnostics
    return result.text


# --- and, or, not --------------------------------------------------------------------------------

AND = {
    ("yes", "yes"): "yes", ("yes", "no"): "no", ("yes", "unknown"): "unknown",
    ("no", "yes"): "no", ("no", "no"): "no", ("no", "unknown"): "no",
    ("unknown", "yes"): "unknown", ("unknown", "no"): "no", ("unknown", "unknown"): "unknown",
}  # fmt: skip
OR = {
    ("yes", "yes"): "yes", ("yes", "no"): "yes", ("yes", "unknown"): "yes",
    ("no", "yes"): "yes", ("no", "no"): "no", ("no", "unknown"): "unknown",
    ("unknown", "yes"): "yes", ("unknown", "no"): "unknown", ("unknown", "unknown"): "unknown",
}  # fmt: skip


@pytest.mark.parametrize(("left", "right"), AND)
def test_and_is_that_of_cql(left: str, right: str) -> None:
    """CQL 1.5, Appendix B §3.1 And: false decides, null otherwise unless both are true."""
    assert value(f"{left} and {right}") == AND[left, right]


@pytest.mark.parametrize(("left", "right"), OR)
def test_or_is_that_of_cql(left: str, right: str) -> None:
    """CQL 1.5, Appendix B §3.4 Or: true decides, null otherwise unless both are false."""
    assert value(f"{left} or {right}") == OR[left, right]


@pytest.mark.parametrize(
    ("operand", "expected"), [("yes", "no"), ("no", "yes"), ("unknown", "unknown")]
)
def test_not_is_that_of_cql(operand: str, expected: str) -> None:
    """CQL 1.5, Appendix B §3.3 Not: null stays null."""
    assert value(f"not {operand}") == expected


@pytest.mark.parametrize(("left", "right"), list(product(VALUES, VALUES)))
def test_de_morgan_holds_with_unknown(left: str, right: str) -> None:
    assert value(f"not ({left} and {right})") == value(f"not {left} or not {right}")
    assert value(f"not ({left} or {right})") == value(f"not {left} and not {right}")


@pytest.mark.parametrize(("left", "right"), list(product(VALUES, VALUES)))
def test_and_and_or_do_not_mind_the_order(left: str, right: str) -> None:
    assert value(f"{left} and {right}") == value(f"{right} and {left}")
    assert value(f"{left} or {right}") == value(f"{right} or {left}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes or no and no", "yes"),
        ("(yes or no) and no", "no"),
        ("not yes or yes", "yes"),
        ("not (yes or yes)", "no"),
        ("not no and no", "no"),
    ],
)
def test_not_binds_closer_than_and_and_and_closer_than_or(text: str, expected: str) -> None:
    """CQL 1.5, Author's Guide, "Operator Precedence"."""
    assert value(text) == expected


# --- thresholds -------------------------------------------------------------------------------------


def _expected_threshold(word: str, number: int, values: tuple[str, ...]) -> str:
    """What all completions of the unknown values agree on."""
    choices = [("yes", "no") if v == "unknown" else (v,) for v in values]
    answers = set()
    for completed in product(*choices):
        count = completed.count("yes")
        answers.add(
            {"at least": count >= number, "at most": count <= number, "exactly": count == number}[
                word
            ]
        )
    if len(answers) > 1:
        return "unknown"
    return "yes" if answers.pop() else "no"


@pytest.mark.parametrize("word", ["at least", "at most", "exactly"])
@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_threshold_is_what_all_completions_agree_on(word: str, number: int) -> None:
    """As counting with intervals: CQL has no such operator; Kleene's logic of `or` over `and`."""
    for values in product(VALUES, repeat=3):
        text = f"{word} {number} of ({', '.join(values)})"
        result = evaluate_text(text)
        assert not result.diagnostics, (text, result.diagnostics)
        assert result.text == _expected_threshold(word, number, values), text


@pytest.mark.parametrize("word", ["at least", "at most", "exactly"])
def test_threshold_beyond_the_number_of_conditions_is_an_error(word: str) -> None:
    found = evaluate_text(f"{word} 4 of (yes, no, unknown)").diagnostics
    assert [d.code for d in found] == ["out-of-range"]


# --- comparisons, known and unknown --------------------------------------------------------------------


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
def test_comparison_with_an_unknown_side_is_unknown(
    operator: str, compiled: CompiledGuideline
) -> None:
    """CQL 1.5, Appendix B §4 Comparison Operators: null if either argument is null."""
    assert evaluate_text(f"n {operator} 3", compiled, {}).text == "unknown"
    assert evaluate_text(f"3 {operator} n", compiled, {}).text == "unknown"


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("a is known", {}, "no"),
        ("a is unknown", {}, "yes"),
        ("a is known", {"a": False}, "yes"),
        ("a is unknown", {"a": False}, "no"),
        ("a is known or b", {}, "unknown"),
        ("a = b", {"a": True}, "unknown"),
        ("a or not a", {}, "unknown"),
    ],
)
def test_known_and_unknown_are_two_valued(
    text: str, facts: dict[str, object], expected: str, compiled: CompiledGuideline
) -> None:
    """CQL 1.5, Appendix B §5 Nullological Operators, IsNull: never null."""
    assert evaluate_text(text, compiled, facts).text == expected


# --- lists -------------------------------------------------------------------------------------------


def _expected_quantifier(word: str, held: tuple[object, ...], complete: bool) -> str:
    """`any` is Kleene's or over the records, `every` its and; more records may be missing."""
    if word == "any":
        if True in held:
            return "yes"
        return "no" if complete and None not in held else "unknown"
    decisive = word != "every"
    if decisive in held:
        return "no"
    return "yes" if complete and None not in held else "unknown"


@pytest.mark.parametrize("word", ["any", "every", "no"])
@pytest.mark.parametrize("complete", [True, False], ids=["complete", "incomplete"])
@pytest.mark.parametrize("size", [0, 1, 2])
def test_quantifier_is_the_logic_of_its_records(
    word: str, complete: bool, size: int, compiled: CompiledGuideline
) -> None:
    """CQL 1.5, Appendix B §10 List Operators: AnyTrue and AllTrue, but null counts as null here."""
    for held in product((True, False, None), repeat=size):
        items = [{} if h is None else {"held": h} for h in held]
        facts = {"l": {"items": items, "complete": complete}}
        result = evaluate_text(f"{word} i in l where i.held", compiled, facts)
        assert not result.diagnostics
        assert result.text == _expected_quantifier(word, held, complete), (held, complete)


@pytest.mark.parametrize("word", ["any", "every", "no"])
def test_quantifier_over_an_unknown_list_is_unknown(word: str, compiled: CompiledGuideline) -> None:
    """CQL 1.5, Appendix B §10.10 Exists is false for null; here a missing list is not empty."""
    assert evaluate_text(f"{word} i in l where i.held", compiled, {}).text == "unknown"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("unknown", "unknown", "unknown")),
        ({"s": []}, ("no", "yes", "no")),
        ({"s": ["red"]}, ("yes", "no", "no")),
        ({"s": {"items": ["red"], "complete": False}}, ("yes", "no", "unknown")),
        ({"s": {"items": [], "complete": False}}, ("unknown", "unknown", "unknown")),
    ],
)
def test_set_that_may_be_incomplete_is_unknown_where_it_is_silent(
    facts: dict[str, object], expected: tuple[str, ...], compiled: CompiledGuideline
) -> None:
    """CQL 1.5, Appendix B §10.2 Contains; incompleteness is this language's own."""
    texts = ("s contains red", "s is empty", "s contains blue")
    assert tuple(evaluate_text(t, compiled, facts).text for t in texts) == expected


# --- decisions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["", " first match", " all that apply"])
@pytest.mark.parametrize(
    ("facts", "given", "possible"),
    [
        ({"a": True}, {"yes"}, set()),
        ({"a": False}, {"no"}, set()),
        ({}, set(), {"yes", "no"}),
    ],
)
def test_otherwise_is_taken_only_when_the_others_are_known_not_to_hold(
    kind: str, facts: dict[str, object], given: set[str], possible: set[str]
) -> None:
    """`language.md`, section 4: `otherwise` means none of the others, never negation as failure."""
    text = GUIDELINE + (
        f'pathway p "P":\n  decision d "D"{kind}:\n    when a "Yes" -> yes\n'
        '    otherwise "No" -> no\n  recommend yes "Yes"\n  recommend no "No"\n'
    )
    outcome = evaluate(load_text(text), facts, as_of="2019-03-01", pathway="p")
    assert {r.id.split(".")[1] for r in outcome.given} == given
    assert {r.id.split(".")[1] for r in outcome.possible} == possible
