"""A recommendation against an action bans it, by whichever line names it."""

import pytest

from pathway_compiler import evaluate, load_text

TEXT = """
guideline g "G":
  version "1"
  entry p
element fit "Fit": boolean
element contraindications "Contraindications": set of agent
agent drug "Drug"
contraindication recorded "Recorded": each of contraindications
pathway p "P":
  together both "Both":
    -> against, for_it
  recommend against against "Not the drug":
    LINE
  recommend for_it "The drug" when fit:
    give drug
"""


@pytest.mark.parametrize("line", ["give drug", "avoid drug"])
def test_what_is_recommended_against_contradicts_what_is_given(line: str) -> None:
    guideline = load_text(TEXT.replace("LINE", line))
    outcome = evaluate(guideline, {"fit": True, "contraindications": []}, as_of="2019-03-01")

    assert [c.action for c in outcome.contradictions] == ["drug"]
    against = outcome.recommendation("against")
    assert against is not None
    assert against.direction == "against"
    assert against.avoids == ("drug",)


def test_a_contraindication_does_not_silence_the_advice_against() -> None:
    guideline = load_text(TEXT.replace("LINE", "give drug"))
    facts = {"fit": True, "contraindications": ["drug"]}
    outcome = evaluate(guideline, facts, as_of="2019-03-01")

    assert [r.id for r in outcome.given] == ["p.against"]
