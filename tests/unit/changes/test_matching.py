"""What is recognised under another name or in another pathway, and what is rather not."""

import pytest

from pathway_compiler.changes.report import Changes, compare
from unit.changes.examples import BASE, changes, compiled, edited, groups, told, with_name


def renamed(found: Changes) -> list[tuple[str, str, str]]:
    return [(r.how, r.old, r.new) for r in found.renamed]


def after(text: str) -> Changes:
    return compare(compiled(BASE), compiled(text), outcomes=False)


@pytest.mark.parametrize(
    ("old", "new", "ids"),
    [
        ("her2", "her2_state", ("her2", "her2_state")),
        ("size", "diameter", ("size", "diameter")),
        ("big", "voluminous", ("big", "voluminous")),
        ("risk", "hazard", ("risk", "hazard")),
        ("soon", "early_enough", ("soon", "early_enough")),
        ("narrow", "strict", ("soon.narrow", "soon.strict")),
        ("policy", "second_drug", ("policy", "second_drug")),
        ("s_treat", "s_therapy", ("s_treat", "s_therapy")),
        ("status", "receptor", ("status", "receptor")),
        ("positive", "pos", ("status.positive", "status.pos")),
        ("well", "good", ("grade.well", "grade.good")),
        ("raised", "elevated", ("risk.raised", "risk.elevated")),
        ("drugs", "medicines", ("drugs", "medicines")),
        ("other", "second", ("other", "second")),
        ("large", "too_large", ("large", "too_large")),
        ("pair", "both", ("pair", "both")),
        ("treat", "therapy", ("p.treat", "p.therapy")),
        ("fitness", "fit_or_not", ("p.fitness", "p.fit_or_not")),
        ("options", "next_step", ("p.options", "p.next_step")),
        ("two", "alternative_drug", ("p.options.two", "p.options.alternative_drug")),
        ("follow_up", "control", ("p.follow_up", "p.control")),
        ("q", "later", ("q", "later")),
        ("line", "only_one", ("line", "only_one")),
        ("start", "beginning", ("start", "beginning")),
        ("ordinary", "usual_patient", ("ordinary", "usual_patient")),
    ],
)
def test_another_name_alone_is_a_renaming(old: str, new: str, ids: tuple[str, str]) -> None:
    found = after(with_name(old, new))
    assert ("renamed", *ids) in renamed(found)
    assert all(r.why.startswith("the same ") for r in found.renamed)
    assert found.verdict == "equivalent"
    assert groups(found) == {"renamed"}


def test_many_renamings_at_once_are_recognised() -> None:
    text = BASE
    for old, new in (("p", "main"), ("treat", "therapy"), ("her2", "h"), ("s_treat", "s_therapy")):
        text = with_name(old, new, text)
    found = after(text)
    assert found.verdict == "equivalent"
    assert len(found.renamed) == 4


def test_a_thing_that_is_renamed_and_changed_is_one_thing() -> None:
    found = after(edited(("acceptable second", "fallback second"), text=with_name("two", "second")))
    assert renamed(found) == [("renamed", "p.options.two", "p.options.second")]
    assert told(found.meaning) == ["p.options.second rank: acceptable → fallback"]


def test_a_node_in_another_pathway_has_moved() -> None:
    scanning = '  recommend scanning "Yearly scan":\n    from s_scan\n    order scan\n'
    text = edited(
        (scanning + "    -> stop\n", ""),
        ("  follow q\n", "  follow q -> scanning\n" + scanning),
    )
    found = after(text)
    assert renamed(found) == [("moved", "q.scanning", "p.scanning")]
    assert found.verdict == "undecided"


def test_an_option_in_another_choice_has_moved() -> None:
    two = '    acceptable two "Other drug" when policy:\n      give other\n'
    one = '    acceptable other_one "Scan":\n      order scan\n'
    choice = '  choose later "Later":\n'
    first = edited(("  follow q\n", "  follow q -> later\n" + choice + one))
    second = edited((two, ""), (choice, choice + two), text=first)
    found = compare(compiled(first), compiled(second), outcomes=False)
    assert renamed(found) == [("moved", "p.options.two", "p.later.two")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('element fit "Fit for treatment"', 'element fit_x "Not fit for treatment"'),
        ('element size "Tumour size"', 'element size_x "Tumour size after 6 months"'),
        ('element disease "Stage of disease"', 'element disease_x "Stage of life"'),
    ],
)
def test_a_label_that_says_something_else_is_no_renaming(old: str, new: str) -> None:
    name = old.split()[1]
    found = after(edited((old.split('"')[1], new.split('"')[1]), text=with_name(name, f"{name}_x")))
    assert renamed(found) == []
    assert {change.what for change in found.data} == {"added", "removed"}
    assert found.verdict != "equivalent"


def test_two_candidates_are_no_match() -> None:
    twin = '  standing twin "Yearly scan":\n    from s_scan\n    order scan\n'
    found = after(
        edited(("  outside stop", f"{twin}  outside stop"), text=with_name("scanning", "scan_a"))
    )
    assert renamed(found) == [("renamed", "q.scanning", "q.scan_a")], (
        "a standing one is of another sort"
    )
    twin = twin.replace("standing", "recommend")
    text = edited(
        ("    -> stop\n", "    -> twin, stop\n"),
        ("  outside stop", f"{twin}  outside stop"),
        text=with_name("scanning", "scan_a"),
    )
    found = after(text)
    assert renamed(found) == []


def test_one_name_in_both_versions_is_one_thing_whatever_it_says() -> None:
    found = changes(
        ('recommend support "Support"', 'recommend support "Palliative care"'),
        ("avoid drugs", "order scan"),
    )
    assert renamed(found) == []
    assert "p.support action:  → order Scan" in told(found.meaning)
    assert "p.support avoids: Drugs → " in told(found.meaning)


def test_matching_is_symmetric() -> None:
    old, new = compiled(BASE), compiled(with_name("treat", "therapy"))
    there = renamed(compare(old, new, outcomes=False))
    back = renamed(compare(new, old, outcomes=False))
    assert {(how, a, b) for how, a, b in there} == {(how, b, a) for how, a, b in back}
