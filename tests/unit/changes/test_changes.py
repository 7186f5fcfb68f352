"""Each kind of change: the group it is told in, its words, and whether the meaning changed.

Outcomes are not compared here: what they settle is `undecided`.
"""

import re
from dataclasses import fields

import pytest

from pathway_compiler.changes.items import items
from pathway_compiler.changes.meaning import NESTED, aspects
from pathway_compiler.changes.report import Changes, Verdict, compare
from unit.changes.examples import BASE, changes, compiled, edited, groups, told

Edit = tuple[str, str]

SHUFFLED = "\n".join(sorted(re.findall(r"^\S.*(?:\n +.*)*", BASE, re.MULTILINE), reverse=True))
"""The same declarations in another order."""


@pytest.mark.parametrize(
    "edit",
    [
        ("  decision fitness", "  # The first question.\n\n  decision   fitness"),
        ("drug with other", "other with drug"),
        ('class drugs "Drugs": drug, other', 'class drugs "Drugs": other, drug'),
        ("every 2 weeks", "every 14 days"),
        ("evidence low B [2, 3]", "evidence low B [3, 2]"),
        ("size > 100 mm", "size > 10 cm"),
        ("disease is not late or size >= 20 mm", "(size >= 20 mm or (disease is not late))"),
        (
            '    when fit "Yes" -> treat\n    when not fit "No" -> support\n',
            '    when not fit "No" -> support\n    when fit "Yes" -> treat\n',
        ),
    ],
)
def test_what_says_the_same_is_no_change(edit: Edit) -> None:
    found = changes(edit)
    assert found.verdict == "equivalent"
    assert groups(found) == set()


def test_the_order_of_declarations_is_no_change() -> None:
    found = compare(compiled(BASE), compiled(SHUFFLED), outcomes=False)
    assert found.verdict == "equivalent"
    assert groups(found) == set()


@pytest.mark.parametrize(
    ("edit", "line", "verdict"),
    [
        (
            ("when her2 is positive:", "when her2 is negative:"),
            "p.treat when: HER2 status is Positive → HER2 status is Negative",
            "undecided",
        ),
        (
            ("when her2 is positive:", "unless her2 is positive:"),
            "p.treat when: HER2 status is Positive → ",
            "undecided",
        ),
        (
            ("size > 50 mm", "size > 60 mm"),
            "big condition: Tumour size > 50 mm → Tumour size > 60 mm",
            "undecided",
        ),
        (
            ("raised when grade is poor", "raised when grade is well"),
            "risk row “High” condition: Histological grade is Poorly differentiated"
            " → Histological grade is Well differentiated",
            "undecided",
        ),
        (
            ('chosen narrow "Below 30": size < 30 mm', 'chosen narrow "Below 30": size < 31 mm'),
            "soon alternative “Below 30” condition: Tumour size < 30 mm → Tumour size < 31 mm",
            "undecided",
        ),
        (
            ('    when not fit "No"', '    otherwise "No"'),
            "p.fitness answer “No” condition: not: Fit for treatment → otherwise",
            "undecided",
        ),
        (
            ('"High risk" -> last', '"High risk" -> last, q'),
            "p.follow_up answer “High risk” leads to:  → Follow-up (q)",
            "undecided",
        ),
        (
            ("give drug 50 mg every", "give drug 75 mg every"),
            "p.treat action: give Drug 50 mg every 2 weeks → give Drug 75 mg every 2 weeks",
            "meaning changed",
        ),
        (
            ("give drug 50 mg every 2 weeks", "give drug 50 mg every 2 weeks + other"),
            "p.treat action: give Drug 50 mg every 2 weeks"
            " → give Drug 50 mg every 2 weeks + other drug",
            "meaning changed",
        ),
        (
            ("give drug 50 mg every 2 weeks", "give together drug 50 mg every 2 weeks"),
            "p.treat action: give Drug 50 mg every 2 weeks"
            " → give Drug 50 mg every 2 weeks (all of it or nothing)",
            "meaning changed",
        ),
        (
            ("give drug if big", "give drug if soon"),
            "p.options.one action: give Drug (if big tumour) → give Drug (if soon enough)",
            "undecided",
        ),
        (
            ("acceptable two", "fallback two"),
            "p.options.two rank: acceptable → fallback",
            "meaning changed",
        ),
        (("avoid drugs", "avoid drug"), "p.support avoids: Drugs → Drug", "meaning changed"),
        (("avoid drugs", "avoid drugs, drug"), "p.support avoids:  → Drug", "meaning changed"),
        (
            ('caution "Check the heart"', 'caution "Check the liver"'),
            "p.treat caution: “Check the heart” when Big tumour → “Check the liver” when Big tumour",
            "meaning changed",
        ),
        (
            ('"Check the heart" when big', '"Check the heart" when soon'),
            "p.treat caution: “Check the heart” when Big tumour → “Check the heart” when Soon enough",
            "undecided",
        ),
        (
            ("    at start\n", ""),
            "p.treat at the moment: At the start → none",
            "meaning changed",
        ),
        (
            ("    -> options\n", "    overrides support\n    -> options\n"),
            "p.treat overrides:  → p.support",
            "undecided",
        ),
        (
            ("every 3 months", "every 6 months"),
            "p.follow_up interval: every 3 months → every 6 months",
            "meaning changed",
        ),
        (
            ("other when size > 100 mm", "other when size > 90 mm"),
            "large condition: Tumour size > 100 mm → Tumour size > 90 mm",
            "undecided",
        ),
        (
            ("other when size > 100 mm", "drugs when size > 100 mm"),
            "large actions: Other drug → Drugs",
            "meaning changed",
        ),
        (
            ('contraindication large "Too large": other when size > 100 mm\n', ""),
            "large removed: Other drug when Tumour size > 100 mm → ",
            "meaning changed",
        ),
        (
            ('constraint "Late disease is large": disease is not late or size >= 20 mm\n', ""),
            "removed: Stage of disease is not Late or Tumour size ≥ 20 mm → ",
            "undecided",
        ),
        (
            ('slot line "One line": p.treat, p.options\n', ""),
            "line removed: p.treat, p.options → ",
            "meaning changed",
        ),
        (
            ('incompatible pair "Never both": drug with other\n', ""),
            "pair removed: Drug with Other drug → ",
            "meaning changed",
        ),
        (
            ('class drugs "Drugs": drug, other', 'class drugs "Drugs": drug'),
            "drugs member: Other drug → ",
            "meaning changed",
        ),
        (("  entry p\n", "  entry q\n"), "entry pathway: Treatment (p) → Follow-up (q)", "undecided"),
        (
            ('pathway q "Follow-up":\n', 'pathway q "Follow-up":\n  applies when fit\n'),
            "q applies when: none → Fit for treatment",
            "undecided",
        ),
    ],
)  # fmt: skip
def test_a_change_of_meaning(edit: Edit, line: str, verdict: Verdict) -> None:
    found = changes(edit)
    assert found.verdict == verdict
    assert line in told(found.meaning)
    assert not found.evidence


def test_a_new_recommendation_says_what_it_asks_for() -> None:
    added = '  standing against surgery "No surgery":\n    avoid drug\n'
    found = changes(("  end last", f"{added}  end last"))
    assert told(found.meaning) == ["p.surgery added:  → recommend against; avoid Drug"]
    assert found.verdict == "meaning changed"


def test_an_action_said_twice_is_told() -> None:
    found = changes(("    order scan\n", "    order scan\n    order scan\n"))
    assert told(found.meaning) == ["q.scanning action: order Scan → order Scan; order Scan"]


def test_the_order_of_rows_counts_where_the_first_one_decides() -> None:
    text = edited(("  usual otherwise", "  usual when fit\n  usual otherwise"))
    other = edited(
        (
            "  raised when grade is poor\n  usual otherwise",
            "  usual when fit\n  raised when grade is poor\n  usual otherwise",
        )
    )
    found = compare(compiled(text), compiled(other), outcomes=False)
    assert told(found.meaning) == ["risk order: High, Low, Low → Low, High, Low"]


def test_the_order_of_rows_with_one_label_counts_too() -> None:
    first = edited(("  usual otherwise", "  usual when fit\n  usual otherwise"))
    second = edited(
        (
            "  raised when grade is poor\n  usual otherwise",
            "  usual when fit\n  raised when grade is poor\n  usual otherwise",
        )
    )
    renamed = [('usual "Low"', 'usual "High"')]
    found = compare(
        compiled(edited(*renamed, text=first)),
        compiled(edited(*renamed, text=second)),
        outcomes=False,
    )
    assert found.verdict == "undecided"
    assert [change.what for change in found.meaning] == ["order"]


def test_a_thing_of_another_kind_is_told_as_such() -> None:
    found = changes(
        ('  recommend support "Support":', '  standing support "Support":'),
        (' "No" -> support', ' "No" -> last'),
    )
    assert "p.support declared as: recommendation → standing recommendation" in told(found.meaning)


def test_what_a_change_bears_on_is_told() -> None:
    found = changes(("size > 50 mm", "size > 60 mm"))
    assert found.meaning[0].touches == ("p.treat", "p.options.one")


def test_long_conditions_are_told_without_what_they_share() -> None:
    long = " and ".join(
        ["fit", "her2 is positive", "size > 1 mm", "disease is early", "grade is poor"]
    )
    first, second = (
        edited(("boolean = size > 50 mm", f"boolean = {long} and size < {n} mm")) for n in (70, 80)
    )
    found = compare(compiled(first), compiled(second), outcomes=False)
    assert told(found.meaning) == [
        "big condition: … and Tumour size < 70 mm → … and Tumour size < 80 mm"
    ]


def test_conditions_with_the_same_words_are_told_as_written() -> None:
    twice = edited(("element her2", 'element fit_too "Fit for treatment": boolean\nelement her2'))
    found = compare(
        compiled(twice),
        compiled(twice.replace("when fit ", "when fit_too ").replace("not fit ", "not fit_too ")),
        outcomes=False,
    )
    assert "p.fitness answer “Yes” condition: fit → fit_too" in told(found.meaning)


# --- evidence ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            ("evidence high A [1]", "evidence low B [1, 4]"),
            [
                "s_treat level of certainty: high → low",
                "s_treat grade: A → B",
                "s_treat reference:  → [4]",
            ],
        ),
        (
            ("evidence low B [2, 3]", "evidence from s_treat [2, 3]"),
            [
                "s_support level of certainty: low → none",
                "s_support grade: B → none",
                "s_support evidence shared with: none → Treat those who are fit (s_treat)",
            ],
        ),
        (("kind monitoring", "kind principle"), ["s_scan kind: monitoring → principle"]),
        (
            ("    from s_support\n", "    from s_treat\n"),
            [
                "p.support statement: Support everybody else (s_support)"
                " → Treat those who are fit (s_treat)"
            ],
        ),
        (
            ('recommend support "Support"', 'recommend against support "Support"'),
            ["p.support direction: recommend → recommend against"],
        ),
        (
            ("type status", 'statement s_new "Something new":\n  kind option\n  evidence high A [9]\ntype status'),
            ["s_new added:  → option · LC high · GR A · [9]"],
        ),
        (
            ("certainty high | low\n", "certainty high\n"),
            ["scheme grade “Rather do it” allowed certainty: low → "],
        ),
    ],
)  # fmt: skip
def test_a_change_of_evidence(edit: Edit, lines: list[str]) -> None:
    found = changes(edit)
    assert told(found.evidence) == lines
    assert found.verdict == "meaning changed"
    assert groups(found) == {"evidence"}


def test_changed_evidence_names_the_recommendations_that_rest_on_it() -> None:
    found = changes(("evidence high A [1]", "evidence high B [1]"))
    assert found.evidence[0].touches == ("p.treat", "p.options.one")


# --- data -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "line", "verdict"),
    [
        (
            ("quantity in mm from 0 to 200", "quantity in mm from 0 to 300"),
            "size type: quantity in mm from 0 to 200 → quantity in mm from 0 to 300",
            "meaning changed",
        ),
        (
            ("quantity in mm from 0 to 200", "quantity in cm from 0 to 20"),
            "size type: quantity in mm from 0 to 200 → quantity in cm from 0 to 20",
            "meaning changed",
        ),
        (
            ("  lasting\n", ""),
            "fit lasts after a review: yes → no",
            "meaning changed",
        ),
        (
            ('  negative "Negative"\n', '  negative "Negative"\n  unclear "Unclear"\n'),
            "status value “Unclear” added:  → Unclear",
            "meaning changed",
        ),
        (
            ('one of well "Well differentiated" | ', 'one of well "Well differentiated" | middle | '),
            "grade value “Middle” added:  → Middle",
            "meaning changed",
        ),
        (
            ("snomed 10828004", "snomed 10828005"),
            "status value “Positive” code: snomed 10828004 → snomed 10828005",
            "meaning changed",
        ),
        (
            ("rxnorm 1\n", "rxnorm 2\n"),
            "drug code: rxnorm 1 → rxnorm 2",
            "meaning changed",
        ),
        (
            ("boolean = yes", "boolean = no"),
            "policy default: yes → no",
            "meaning changed",
        ),
        (
            ("element her2", 'element age "Age": count\nelement her2'),
            "age added:  → count",
            "equivalent",
        ),
        (
            ('type stage "Stage" ordered:\n  early "Early"\n  late "Late"',
             'type stage "Stage" ordered:\n  late "Late"\n  early "Early"'),
            "stage order: Early, Late → Late, Early",
            "meaning changed",
        ),
        (
            ("boolean\n  ask", "boolean\n  derive size < 20 mm\n  ask"),
            "fit derived from: none → Tumour size < 20 mm",
            "undecided",
        ),
    ],
)  # fmt: skip
def test_a_change_of_data(edit: Edit, line: str, verdict: Verdict) -> None:
    found = changes(edit)
    assert found.verdict == verdict
    assert told((*found.data, *found.meaning)) == [line]
    assert not found.evidence


def test_data_newly_and_no_longer_needed() -> None:
    found = changes(("when her2 is positive:", "when disease is early:"))
    (need,) = found.newly_needed
    assert (need.element, need.everywhere, need.recommendations) == ("disease", True, ("p.treat",))
    (need,) = found.no_longer_needed
    assert (need.element, need.everywhere, need.recommendations) == ("her2", True, ("p.treat",))


def test_data_needed_for_one_more_recommendation() -> None:
    found = changes(
        (
            'preferred one "Drug" unless soon:',
            'preferred one "Drug" unless soon when her2 is positive:',
        )
    )
    (need,) = found.newly_needed
    assert (need.element, need.everywhere, need.recommendations) == (
        "her2",
        False,
        ("p.options.one",),
    )
    assert not found.no_longer_needed


# --- text and cases ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (('recommend treat "Treat"', 'recommend treat "Treat her"'), ["p.treat label: Treat → Treat her"]),
        (('ask "Is she fit?"', 'ask "Fit?"'), ["fit question: Is she fit? → Fit?"]),
        (('"Yes" -> treat', '"Fit" -> treat'), ["p.fitness answer “Fit” label: Yes → Fit"]),
        (('  section "Treatment"', '  section "Drugs"'), ["s_treat section: Treatment → Drugs"]),
        (("  lines 1-3\n", "  lines 1-4\n"), ["s_treat lines: 1–3 → 1–4"]),
        (("    give other\n", '    give other\n      issue "Odd."\n'), ["p.options.two issue:  → Odd."]),
        (('certainty high "High"', 'certainty high "Very sure"'), ["scheme certainty “Very sure” label: High → Very sure"]),
        (('  version "1"', '  version "2"'), ["version: 1 → 2"]),
        (("  ask ", '  typical yes\n  burden high\n  ask '), ["fit typical value: none → yes", "fit effort to find out: low → high"]),
    ],
)  # fmt: skip
def test_a_change_of_words_is_text_only(edit: Edit, lines: list[str]) -> None:
    found = changes(edit)
    assert told(found.text) == lines
    assert found.verdict == "text only"
    assert groups(found) == {"text"}


def test_a_label_that_says_everything_is_pointed_out() -> None:
    (change,) = changes(('outside stop "Ask elsewhere"', 'outside stop "Do not ask"')).text
    assert change.speaks
    (change,) = changes(('recommend treat "Treat"', 'recommend treat "Treat her"')).text
    assert not change.speaks


def test_broken_lines_of_a_note_are_no_change() -> None:
    one, two = (
        edited(('pathway q "Follow-up":\n', f'pathway q "Follow-up":\n  """\n  {note}\n  """\n'))
        for note in ("A note over lines.", "A note\n  over   lines.")
    )
    assert compare(compiled(one), compiled(two), outcomes=False).verdict == "equivalent"


def test_cases_are_told_apart_and_do_not_count() -> None:
    found = changes(
        ("  recommends treat\n", "  recommends treat\n  not support\n"),
        ("given her2 = positive", "given her2 = negative"),
        (
            "case ordinary",
            'case unfit "Unfit":\n  as of 2019-03-01\n  given fit = no\ncase ordinary',
        ),
    )
    assert told(found.cases) == [
        "ordinary content: given her2 = positive → given her2 = negative; not support",
        "unfit added:  → Unfit",
    ]
    assert found.verdict == "equivalent"


def test_a_guideline_is_equivalent_to_itself() -> None:
    found: Changes = changes(outcomes=True)
    assert found.verdict == "equivalent"
    assert found.movements is not None
    assert not found.movements.anybody


def test_every_field_of_every_record_is_compared() -> None:
    elsewhere = {
        "parameters", "values", "chosen", "certainties", "grades", "first", "second",
        "eligibility", "course", "evidence",
    }  # fmt: skip
    guideline = compiled(BASE).guideline
    for item in items(guideline):
        compared = aspects(item.record).keys() | NESTED | elsewhere
        names = {field.name for field in fields(item.record) if field.compare}
        assert names <= compared, item.id
