"""Proofs about what is read after a review, where `ever` reads more than this visit."""

import pytest

from pathway_compiler.driver import check_text

TEXT = """guideline g "G":
  version "1"
  entry p
element therapies "Therapies": list of therapy
record therapy "Therapy" dated by started:
  agent: agent
  started: date
element pregnant "Pregnant": boolean
element sex "Sex": one of female | male
  lasting
agent x "X"
pathway p "P":
  review r "Review":
    on pregnant -> d
    on not pregnant -> d
  decision d "Decision":
    when {first} -> a
    when {second} -> b
  end a "A"
  end b "B"
"""


GIVEN = "(union of t.agent for t in therapies)"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        # Records dated before the review are read by `ever` only.
        ("any t in therapies", "not ever (any t in therapies)", "not-decided"),
        ("any t in therapies", "not (any t in therapies)", None),
        ("ever (any t in therapies)", "not ever (any t in therapies)", None),
        (f"{GIVEN} contains x", f"not ever {GIVEN} contains x", "not-decided"),
        (f"{GIVEN} contains x", f"not {GIVEN} contains x", None),
        (f"ever {GIVEN} contains x", f"not ever {GIVEN} contains x", None),
        # What was known before the review need not be known now.
        ("pregnant is known", "ever pregnant is unknown", "decision-gap"),
        # What is known now is the last that was ever known.
        ("pregnant", "not ever pregnant", None),
        ("sex is known", "ever sex is unknown", None),
    ],
)
def test_a_gap_between_now_and_ever_is_found(first: str, second: str, code: str | None) -> None:
    codes = {"decision-gap", "decision-overlap", "not-decided"}
    found = [d for d in check_text(TEXT.format(first=first, second=second)) if d.code in codes]
    assert [d.code for d in found] == ([code] if code else [])
    if code == "not-decided":
        assert "Therapies (at any time): " in found[0].message


def test_both_may_hold_at_once_when_one_looks_back() -> None:
    text = TEXT.format(first="not (any t in therapies)", second="ever (any t in therapies)")
    assert {"not-decided"} == {
        d.code for d in check_text(text) if d.code in ("not-decided", "decision-overlap")
    }
