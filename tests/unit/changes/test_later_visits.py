"""Visits from one review that several ways lead to: each is compared with its own counterpart."""

import pytest

from pathway_compiler.changes.report import compare
from unit.changes.examples import compiled

TEXT = """guideline g "G":
  entry p
element fit "Fit": boolean
element worse "Worse": boolean
agent drug "Drug"
agent other "Other"
pathway p "P":
  decision way "Way?":
    when fit "Yes" -> guarded
    when not fit "No" -> plain
  follow around as guarded "With care"
  follow line as plain "Without"
pathway around "Around":
  standing watch "Watch":
    give other
  follow line as inner "The line"
pathway line "Line":
  recommend first "First":
    give drug
    -> response
  review response "Response":
    on worse "Worse" -> again
    on not worse "Better" -> done
  recommend again "Again":
    give drug
  end done "Done"
"""


def test_two_ways_to_one_review_are_not_mixed_up() -> None:
    """What stands around one of them is neither lost nor gained by those who came the other way."""
    same = TEXT.replace("    when not fit ", "    when fit = no ")
    found = compare(compiled(TEXT), compiled(same)).movements
    assert found is not None
    assert not found.anybody
    assert not found.undecided


@pytest.mark.parametrize("reverse", [False, True])
def test_what_stands_on_one_way_only_is_found_at_the_later_visit(reverse: bool) -> None:
    """The standing recommendation goes to another agent: told at the first visit and at the later one."""
    text = TEXT.replace('standing watch "Watch":', 'standing look "Look":').replace(
        "    give other\n", "    give drug\n"
    )
    old, new = (text, TEXT) if reverse else (TEXT, text)
    found = compare(compiled(old), compiled(new)).movements
    assert found is not None
    assert found.anybody
    assert all(cell.patient.confirmed for cell in found.cells)


def test_a_change_behind_one_way_shows_at_its_review_only() -> None:
    """`again` is withdrawn for those who came with care, by a parameter that only they are told."""
    old = TEXT.replace('pathway line "Line":', 'pathway line "Line" with careful: boolean = no:')
    new = old.replace(
        'follow line as inner "The line"', 'follow line with careful as inner "The line"'
    )
    old, new = (
        text.replace('recommend again "Again":', 'recommend again "Again":\n    unless careful')
        for text in (old, new)
    )
    found = compare(compiled(old), compiled(new)).movements
    assert found is not None
    assert [(c.recommendation_from, c.recommendation_to) for c in found.cells] == [
        ("line.again", None)
    ]
    assert found.cells[0].patient.waiting == ("line.response",)
