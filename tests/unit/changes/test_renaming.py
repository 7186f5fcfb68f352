"""OLD in the names of NEW is what NEW says, and so outcomes can be compared."""

import pytest

from pathway_compiler.changes.matching import match_guidelines
from pathway_compiler.changes.renaming import in_new_names
from pathway_compiler.changes.report import compare
from unit.changes.examples import BASE, changes, compiled, with_name

NAMES = (
    ("her2", "her2_state"),
    ("size", "diameter"),
    ("barred", "not_to_be_given"),
    ("risk", "hazard"),
    ("soon", "early_enough"),
    ("policy", "second_drug"),
    ("status", "receptor"),
    ("positive", "pos"),
    ("poor", "bad"),
    ("raised", "elevated"),
    ("drugs", "medicines"),
    ("other", "second"),
    ("scan", "picture"),
)


def test_old_in_new_names_is_new() -> None:
    text = BASE
    for old_name, new_name in NAMES:
        text = with_name(old_name, new_name, text)
    old, new = compiled(BASE).guideline, compiled(text).guideline
    found = in_new_names(old, match_guidelines(old, new).names)
    for table in (
        "types", "records", "actions", "classes", "elements", "constraints", "parameters",
        "definitions", "readings", "contraindications", "incompatibilities", "pathways",
    ):  # fmt: skip
        assert getattr(found, table) == getattr(new, table), table


def test_without_renamings_nothing_is_written_anew() -> None:
    old = compiled(BASE).guideline
    assert in_new_names(old, {}) is old


@pytest.mark.parametrize(("old", "new"), [*NAMES, ("treat", "therapy"), ("q", "later")])
def test_nobody_moves_by_a_renaming(old: str, new: str) -> None:
    found = compare(compiled(BASE), compiled(with_name(old, new)))
    assert found.movements is not None
    assert not found.movements.anybody
    assert found.verdict == "equivalent"


def test_an_element_that_becomes_a_definition_moves_patients() -> None:
    found = changes(
        (
            'element fit "Fit for treatment": boolean\n  ask "Is she fit?"\n  lasting\n',
            'element age "Age": count\ndefine fit "Fit for treatment": boolean = age < 70\n',
        ),
        ("  given fit = yes\n", "  given age = 50\n"),
        outcomes=True,
    )
    assert found.movements is not None
    cell = next(c for c in found.movements.cells if c.recommendation_from == "p.treat")
    assert cell.recommendation_to == "p.support"
    assert {"age", "fit of OLD"} <= cell.patient.facts.keys()


def test_an_element_that_is_gone_can_still_move_patients() -> None:
    found = changes(
        ('element her2 "HER2 status": status\n', ""),
        (" when her2 is positive:", ":"),
        ("  given her2 = positive\n", ""),
        outcomes=True,
    )
    assert found.movements is not None
    (cell,) = found.movements.cells
    assert (cell.recommendation_from, cell.recommendation_to) == (None, "p.treat")
    assert cell.patient.facts["her2"] == "negative"
