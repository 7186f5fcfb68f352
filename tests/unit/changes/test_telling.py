"""The verdict with outcomes, the changelog, the JSON document, and author's words that are hostile."""

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from markdown_tests import REPOSITORY
from pathway_compiler.changes.changelog import changelog
from pathway_compiler.changes.movements import Cell, Movements, MovingPatient
from pathway_compiler.changes.report import Changes, Verdict, compare
from pathway_compiler.changes.telling import remarks, rows
from pathway_compiler.changes.to_json import changes_to_json
from unit.changes.examples import BASE, changes, compiled, edited

SCHEMA = json.loads((REPOSITORY / "dsl" / "diff.schema.json").read_text(encoding="utf-8"))
PATIENT = MovingPatient({"fit": True}, "Fit for treatment: yes", ("fit",), waiting=("p.follow_up",))
CELLS = (
    Cell("p.treat", "p.support", PATIENT, ("Fit for treatment: yes",)),
    Cell("p.treat", None, PATIENT),
    Cell(None, "q.scanning", PATIENT),
)
ROUTE = ("when her2 is positive:", "when her2 is negative:")
GATE = ("give drug if big", "give drug if soon")
LABEL = ('recommend support "Support"', 'recommend support "Support her"')
GRADE = ("evidence high A", "evidence high B")


def with_outcomes(found: Changes, movements: Movements | None) -> Changes:
    return replace(found, movements=movements)


@pytest.mark.parametrize(
    ("edits", "movements", "verdict"),
    [
        ([], None, "equivalent"),
        ([LABEL], None, "text only"),
        ([ROUTE], None, "undecided"),
        ([ROUTE], Movements(()), "equivalent"),
        ([ROUTE, LABEL], Movements(()), "text only"),
        ([ROUTE], Movements((), undecided=(("p.treat", None),)), "undecided"),
        ([ROUTE], Movements(CELLS), "meaning changed"),
        ([ROUTE], Movements((), newly_refused=PATIENT), "meaning changed"),
        ([ROUTE], Movements((), newly_accepted=PATIENT), "meaning changed"),
        ([GATE], Movements(()), "undecided"),
        ([GRADE], Movements(()), "meaning changed"),
        ([LABEL], Movements((), undecided=(("p.treat", None),)), "text only"),
    ],
)
def test_the_verdict_rests_on_changes_and_outcomes(
    edits: list[tuple[str, str]], movements: Movements | None, verdict: Verdict
) -> None:
    assert with_outcomes(changes(*edits), movements).verdict == verdict


def test_what_was_not_compared_is_said() -> None:
    assert "not compared" in " ".join(remarks(changes(ROUTE)))
    assert list(remarks(changes(LABEL))) == []
    undecided = Movements((), undecided=(("p.treat", None),))
    assert "1 possible movement could" in " ".join(
        remarks(with_outcomes(changes(ROUTE), undecided))
    )
    assert "nothing is missing" in " ".join(remarks(with_outcomes(changes(ROUTE), Movements(()))))


def test_the_matrix_has_a_row_for_what_old_gives() -> None:
    found = rows(with_outcomes(changes(ROUTE), Movements(CELLS)))
    assert [(row.id, row.label) for row in found] == [
        ("p.treat", "Treat"),
        (None, "nothing of what went"),
    ]
    assert [(id_, label) for id_, label, _ in found[0].columns] == [
        ("p.support", "Support"),
        (None, "nothing in exchange"),
    ]


def test_who_moves_is_found_and_run() -> None:
    found = changes(ROUTE, outcomes=True)
    assert found.verdict == "meaning changed"
    assert found.movements is not None
    assert {(c.recommendation_from, c.recommendation_to) for c in found.movements.cells} == {
        ("p.treat", None),
        (None, "p.treat"),
    }


def test_a_condition_written_otherwise_is_proved_to_be_the_same() -> None:
    found = changes(('    when not fit "No"', '    otherwise "No"'), outcomes=True)
    assert found.verdict == "equivalent"
    assert len(found.meaning) == 1


# --- JSON ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found",
    [
        changes(),
        with_outcomes(
            changes(ROUTE, GATE, LABEL, GRADE),
            Movements(CELLS, PATIENT, PATIENT, ((None, "q.scanning"),)),
        ),
        changes(("support", "care"), ("element her2", 'element age "Age": count\nelement her2')),
        changes(("when her2 is positive:", "when disease is early:"), outcomes=True),
    ],
    ids=["nothing", "much", "renamed", "outcomes"],
)
def test_the_json_document_fits_its_schema(found: Changes) -> None:
    data = json.loads(json.dumps(changes_to_json(found)))
    assert [e.message for e in Draft202012Validator(SCHEMA).iter_errors(data)] == []
    assert data["verdict"] == found.verdict


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert list(Draft202012Validator(SCHEMA).iter_errors({"format": "pathway-diff/1"}))


# --- changelog ---------------------------------------------------------------------------------------------


def test_the_changelog() -> None:
    found = changes(ROUTE, GRADE, LABEL, ('  version "1"', '  version "2"'))
    assert changelog(with_outcomes(found, Movements(CELLS))) == CHANGELOG


CHANGELOG = """\
## Example: version 1 → 2

**The meaning changed.**

### Who gets something else

| got before ↓, gets now → | Support her `p.support` | nothing in exchange | Yearly scan `q.scanning` |
|---|---|---|---|
| Treat `p.treat` | Fit for treatment: yes (at `p.follow_up`) | Fit for treatment: yes (at `p.follow_up`) |  |
| nothing of what went |  |  | Fit for treatment: yes (at `p.follow_up`) |

### Meaning

- **Treat** (`p.treat`)
  - when: HER2 status is Positive → HER2 status is Negative

### Evidence

- **Treat those who are fit** (`s_treat`)
  - grade: A → B
  - bears on `p.treat`, `p.options.one`

### Text only

- **Example**
  - version: 1 → 2
- **Support her** (`p.support`)
  - label: Support → Support her
"""

HOSTILE = "<b>*x*</b> | [a](b) `c` \\\\ # \u202e\u2028 _d_ \x1b[31m"


def test_hostile_words_mean_nothing_to_markdown() -> None:
    old, new = compiled(BASE), compiled(edited(('"Support"', f'"{HOSTILE}"')))
    text = changelog(compare(old, new, outcomes=False))
    (line,) = (line for line in text.splitlines() if line.startswith("  - label"))
    assert r"\<b\>\*x\*\</b\> \| \[a\](b) \`c\` \\ \# " in line
    assert not {"\x1b", "\u202e", "\u2028"} & set(text)


def test_equal_input_gives_an_equal_changelog() -> None:
    edits = (ROUTE, GATE, GRADE, ("support", "care"))
    assert changelog(changes(*edits)) == changelog(changes(*edits))
