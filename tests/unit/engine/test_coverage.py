"""What cases reach."""

import pytest

from pathway_compiler.driver import load_text
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.coverage import coverage, coverage_to_json, places_of_statements
from pathway_compiler.graph.compiled import CompiledGuideline

TEXT = """
guideline g "G":
  version "1"
  entry p
statement one "One":
  kind recommend
  evidence none
statement two "Two":
  kind recommend
  evidence none
statement three "Three":
  kind principle
  evidence none
statement nowhere "Nowhere":
  kind principle
  evidence none
element fit "Fit": boolean
element barred "Barred": set of agent
agent a "A"
agent b "B"
define ready "Ready": boolean = fit
contraindication personal "Not tolerated": each of barred
  from three

pathway p "P":
  decision d "Fit?":
    when ready "Yes" -> c
    when not ready "No" -> r
  choose c "Choice":
    preferred x "X":
      from one
      give a
    fallback y "Y":
      give b
  recommend r "R":
    from two
    give b
"""


def compiled(*cases: str) -> CompiledGuideline:
    return load_text(TEXT + "".join(f"\ncase case_{n} {text}" for n, text in enumerate(cases)))


FIT = '"fit":\n  as of 2020-01-01\n  given fit = yes\n  given barred = {}\n  recommends c\n'
BARRED = '"barred":\n  as of 2020-01-01\n  given fit = yes\n  given barred = {a}\n  recommends c\n'
UNKNOWN = '"unknown":\n  as of 2020-01-01\n  asks fit\n'


def reached(*cases: str) -> dict[str, object]:
    guideline = compiled(*cases)
    found = coverage(
        guideline, [run_case(guideline, c) for c in guideline.guideline.cases.values()]
    )
    return coverage_to_json(found)


def test_nothing_is_reached_without_cases() -> None:
    found = reached()
    assert found["nodes"] == {"total": 3, "reached": 0, "missed": ["p.d", "p.c", "p.r"]}
    assert found["answers"] == {
        "total": 2,
        "reached": 0,
        "missed": ["p.d.branch_1", "p.d.branch_2"],
    }


def test_what_a_case_reaches_and_what_not() -> None:
    found = reached(FIT)
    assert found["nodes"] == {"total": 3, "reached": 2, "missed": ["p.r"]}
    assert found["answers"] == {"total": 2, "reached": 1, "missed": ["p.d.branch_2"]}
    assert found["options"] == {"total": 2, "reached": 2, "missed": []}
    assert found["statements"] == {"total": 3, "reached": 1, "missed": ["two", "three"]}


def test_an_excluded_option_is_not_reached_and_a_veto_is() -> None:
    found = reached(BARRED)
    assert found["options"] == {"total": 2, "reached": 1, "missed": ["p.c.x"]}
    assert found["statements"] == {"total": 3, "reached": 1, "missed": ["one", "two"]}


def test_what_is_only_possible_is_not_reached() -> None:
    found = reached(UNKNOWN)
    assert found["nodes"] == {"total": 3, "reached": 1, "missed": ["p.c", "p.r"]}
    assert found["options"] == {"total": 2, "reached": 0, "missed": ["p.c.x", "p.c.y"]}


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("one", [("option", "p.c.x")]),
        ("two", [("recommend", "p.r")]),
        ("three", [("contraindication", "personal")]),
        ("nowhere", []),
    ],
)
def test_where_statements_are_encoded(statement: str, places: list[tuple[str, str]]) -> None:
    found = places_of_statements(compiled().guideline)
    assert [(place.kind, place.id) for place in found[statement]] == places


@pytest.mark.parametrize(("given", "reached"), [("fit = no", True), ("fit = unknown", False)])
def test_a_slot_is_reached_by_whoever_gets_one_of_its_recommendations(
    given: str, reached: bool
) -> None:
    guideline = load_text(f"""{TEXT.replace("  from two", "")}
slot first_line "First line": p.c, p.r
  from two
case k "K":
  as of 2020-01-01
  given {given}
  given barred = {{}}
""")
    assert [
        (place.kind, place.id) for place in places_of_statements(guideline.guideline)["two"]
    ] == [("slot", "first_line")]
    result = run_case(guideline, guideline.guideline.cases["k"])
    assert ("two" in coverage(guideline, [result]).statements.reached) is reached
