"""Why, why not, and what would change it."""

import pytest

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.driver import evaluate, load_text
from pathway_compiler.engine.explain import (
    explain,
    explanation_to_json,
    explanation_to_text,
    names_to_explain,
)
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.compiled import CompiledGuideline

TEXT = """
guideline g "G":
  version "1"
  entry entry
element er "Receptor": one of positive "Positive" | negative "Negative"
element fit "Fit": boolean
element size "Size": quantity in mm from 0 to 200
element sites "Sites": set of site
element barred "Barred": set of agent
type site "Site":
  bone "Bone"
  liver "Liver"
agent tamoxifen "Tamoxifen"
agent letrozole "Letrozole"
contraindication personal "Not tolerated": each of barred
define large "Large": boolean = size > 50 mm

pathway entry "Entry":
  decision receptor "Receptor?":
    when er is positive "Positive" -> endocrine
    when er is negative "Negative" -> supportive
  follow endocrine_pathway as endocrine
  recommend supportive "Supportive care":
    -> later
  review later "Later":
    on fit "Recovered" -> again
  recommend again "Again"

pathway endocrine_pathway "Endocrine":
  applies when fit
  decision big "Large?":
    when large "Yes" -> both
    when not large "No" -> single
  choose single "One agent":
    preferred first "Letrozole" unless sites contains liver:
      give letrozole
    fallback second "Tamoxifen":
      give tamoxifen
  recommend both "Both":
    give tamoxifen + letrozole
"""


@pytest.fixture(scope="module")
def compiled() -> CompiledGuideline:
    return load_text(TEXT)


FACTS: dict[str, object] = {
    "er": "positive", "fit": True, "size": 20, "sites": ["bone"], "barred": [],
}  # fmt: skip


def run(compiled: CompiledGuideline, **facts: object) -> Outcome:
    known = {name: value for name, value in {**FACTS, **facts}.items() if value is not None}
    return evaluate(compiled, known, as_of="2020-01-01")


def test_what_is_given_is_explained_by_the_answers_that_led_there(
    compiled: CompiledGuideline,
) -> None:
    (found,) = explain(run(compiled), compiled, "single")
    assert (found.id, found.verdict) == ("endocrine_pathway.single", "given")
    assert [(b.question, b.answer) for b in found.because][-1] == ("Large?", "No")
    assert found.obstacles == ()
    assert "is given" in explanation_to_text(found, compiled.guideline)[0]


def test_an_option_that_is_excluded_says_why(compiled: CompiledGuideline) -> None:
    (found,) = explain(run(compiled, sites=["liver"]), compiled, "single.first")
    assert found.verdict == "not given"
    assert "Sites with Liver" in found.reasons[0]


def test_what_is_not_given_names_the_answer_that_led_elsewhere(
    compiled: CompiledGuideline,
) -> None:
    (found,) = explain(run(compiled), compiled, "both")
    (obstacle,) = found.obstacles
    assert (obstacle.question, obstacle.found, obstacle.wanted) == ("Large?", "No", "Yes")
    assert [name for name, _ in obstacle.facts] == ["large"]


def test_a_pathway_that_does_not_apply_is_the_obstacle(compiled: CompiledGuideline) -> None:
    (found,) = explain(run(compiled, fit=False), compiled, "both")
    (obstacle,) = found.obstacles
    assert (obstacle.node, obstacle.found) == ("endocrine_pathway", "does not apply")
    assert obstacle.condition == "Fit"


def test_the_question_before_a_pathway_that_was_not_entered(compiled: CompiledGuideline) -> None:
    (found,) = explain(run(compiled, er="negative"), compiled, "single")
    (obstacle,) = found.obstacles
    assert (obstacle.node, obstacle.found) == ("entry.receptor", "Negative")


def test_what_comes_at_a_later_visit_says_so(compiled: CompiledGuideline) -> None:
    (found,) = explain(run(compiled, er="negative"), compiled, "again")
    assert [o.found for o in found.obstacles] == ["only at a later visit"]


def test_what_is_possible_names_what_is_missing(compiled: CompiledGuideline) -> None:
    (found,) = explain(run(compiled, size=None), compiled, "both")
    assert found.verdict == "possible"
    assert {missing.element for missing in found.missing} == {"size"}
    assert found.obstacles[0].found.startswith("perhaps")
    assert any("Not known: Size" in t for t in explanation_to_text(found, compiled.guideline))


def test_a_name_that_nothing_has_is_explained_by_nothing(compiled: CompiledGuideline) -> None:
    assert explain(run(compiled), compiled, "ingle") == ()
    ids = names_to_explain(compiled.guideline)
    assert "endocrine_pathway.single.first" in ids
    assert all(explain(run(compiled), compiled, id_) for id_ in ids)


def test_an_explanation_as_json_says_the_verdict(compiled: CompiledGuideline) -> None:
    data = explanation_to_json(explain(run(compiled), compiled, "single.first")[0])
    assert data["verdict"] == "given"


def test_an_action_names_the_recommendations_that_ask_for_it(compiled: CompiledGuideline) -> None:
    (found,) = explain(run(compiled, size=60), compiled, "letrozole")
    assert (found.verdict, [b.question for b in found.because]) == ("given", ["Both"])
    (found,) = explain(run(compiled, er="negative"), compiled, "letrozole")
    assert (found.verdict, found.reasons) == ("not given", ("no recommendation asks for it",))


def test_the_day_stays_that_of_the_run(compiled: CompiledGuideline) -> None:
    assert run(compiled).as_of == PartialDate(2020, 1, 1)
