"""Exact answers where another reading is chosen, or `ever` reads more than the visit."""

import pytest

from unit.engine.running import given, possible, run, visits

READ = """element other_size "Other size": quantity in mm from 0 to 300
reading size "Which size?": quantity in mm
  chosen own "Of the tumour": tumour_size
  alternative other "Of the other one": other_size
pathway p "P":
  decision d "D":
    when size >= 20 mm -> a
    otherwise -> b
  recommend a "A"
  recommend b "B"
"""


@pytest.mark.parametrize("chosen", ["own", "other"])
def test_the_limits_of_a_number_are_those_of_the_reading_that_is_chosen(chosen: str) -> None:
    element = {"own": "tumour_size", "other": "other_size"}[chosen]
    readings = {"size": chosen}
    assert possible(run(READ, readings=readings)) == {"a", "b"}
    assert given(run(READ, {element: "30 mm"}, readings=readings)) == {"a"}
    assert given(run(READ, {element: "10 mm"}, readings=readings)) == {"b"}


@pytest.mark.parametrize(
    "condition",
    [
        "ever lvef >= 50 %",
        "ever (number of prior_therapies) >= 1",
        "ever (number of t in prior_therapies where t.agent is a taxane) >= 1",
        "ever (months between diagnosis_date and relapse_date) >= 12 months",
        "ever performance <= ecog_1",
        "ever sites contains visceral",
    ],
)
def test_at_a_later_visit_nothing_known_at_any_time_settles_nothing(condition: str) -> None:
    text = f"""pathway p "P":
  recommend s "S" -> r
  review r "R":
    on fit -> d
  decision d "D":
    when {condition} -> a
    otherwise -> b
  recommend a "A"
  recommend b "B"
"""
    now_fit = {"fit": {"value": True, "date": "2019-05-01"}}
    _, later = visits(text, ("2019-03-01", {}), ("2019-06-01", now_fit))
    assert possible(later) == {"a", "b"}
