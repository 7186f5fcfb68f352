"""Sets collected from the records of a list: what is proved, settled, imagined and generated of them."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway_compiler.analysis.exact import exact_guideline
from pathway_compiler.analysis.generate import generate
from pathway_compiler.driver import DataError, check_text, evaluate, load_text
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.patient_data.read import patient_from_facts
from unit.analysis.test_decisions import DEAD, FIRST, GAP, OVERLAP, decision

COLLECTED = "(union of c.agents for c in courses where c.setting is metastatic)"
DECLARED = """define had "Had": set of agent = union of c.agents for c in courses where c.setting is metastatic
define all_agents "All": set of agent = had union prior_agents
element prior "Prior": set of agent
  derive union of c.agents for c in courses where c.setting is metastatic
element places "Places": set of site
  derive union of b.site for b in biopsies
element lines "Lines": count
  derive number of c in courses where c.setting is metastatic and c.agents contains taxane
"""
ANY = "any c in courses where c.setting is metastatic"


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        (["when had contains taxane", "when not had contains taxane"], []),
        (["when had contains taxane", f"when not {COLLECTED} contains taxane"], []),
        # It is understood as a condition on some record, and so linked to such conditions.
        (["when had contains taxane", f"when not ({ANY} and c.agents contains taxane)"], []),
        (["when had contains taxane", f"when no {ANY[4:]}", "otherwise"], []),
        (["when had contains paclitaxel", "when not had contains taxane", "otherwise"], []),
        (["when had is empty", "when had contains taxane", "otherwise"], []),
        (["when had is empty", "when had is not empty"], []),
        (["when had bars paclitaxel", "when not had contains paclitaxel"], []),
        (["when had contains taxane", "when lines = 0"], []),
        (["when had contains taxane", "when lines > 0", "otherwise"], OVERLAP),
        # What an element follows from says what it contains.
        (["when prior contains taxane", "when not had contains taxane"], []),
        (["when prior contains paclitaxel", "when not prior contains taxane", "otherwise"], []),
        (["when prior contains taxane", f"when not ({ANY} and c.agents contains taxane)"], []),
        (["when prior bars taxane", "when not had bars taxane"], []),
        (["when places contains visceral", "when not (any b in biopsies where b.site is visceral)"], []),
        (["when places is empty", "when any b in biopsies"], []),
        (["when number of places = 0", "when any b in biopsies"], []),
        # In a union of sets.
        (["when all_agents contains taxane", "when had contains taxane", "otherwise"], OVERLAP),
        (["when not all_agents contains taxane", "when had contains taxane", "otherwise"], []),
        (["when all_agents is empty", "when had is not empty", "when had is empty and prior_agents is not empty"], []),
        (["when all_agents bars taxane", "when not all_agents bars taxane"], []),
        # Mistakes are found.
        (["when had contains taxane"], GAP),
        (["when prior contains taxane"], GAP),
        (["when had contains taxane", "when not had contains paclitaxel"], OVERLAP),
        (["when prior contains taxane", "when not prior contains paclitaxel"], OVERLAP),
        (["when had contains taxane", "when not had contains taxane and had contains endocrine"], GAP),
        (["when places contains visceral", "when places contains bone", "otherwise"], OVERLAP),
    ],
)  # fmt: skip
def test_proofs(branches: list[str], expected: list[str]) -> None:
    assert decision(*branches, more=DECLARED) == expected


def test_a_dead_row_is_found_through_the_class_of_a_member() -> None:
    rows = ["when had contains taxane", "when had contains paclitaxel", "otherwise"]
    assert decision(*rows, kind=FIRST, more=DECLARED) == DEAD


TEXT = """guideline g "G":
  version "1"
  entry p
agent paclitaxel "Paclitaxel"
agent docetaxel "Docetaxel"
agent doxorubicin "Doxorubicin"
agent tamoxifen "Tamoxifen"
class taxane "Taxanes": paclitaxel, docetaxel
class chemotherapy "Chemotherapy": taxane, doxorubicin
record course "Course" dated by started:
  agents "Agents": set of agent
  setting "Setting": one of adjuvant | advanced
  started "Started": date
  ended "Ended": date
element courses "Courses": list of course
element relapse_date "Relapse": date
element counted "Counted at all": boolean
element prior "Agents for advanced disease": set of agent
  derive union of c.agents for c in courses where c.setting is advanced
element lines "Lines of chemotherapy": count
  derive number of c in courses where c.setting is advanced and c.agents contains chemotherapy and c.ended is known
element free "Months since the end": quantity in months
  derive months between (latest c in courses by ended where c.setting is adjuvant).ended and relapse_date
define adjuvant "Adjuvant agents": set of agent = union of c.agents for c in courses where c.setting is adjuvant
"""
PATHWAY = """pathway p "P":
  decision before "Taxane before?":
    when prior contains taxane "Yes" -> late
    when not prior contains taxane "No" -> early
  decision early "Adjuvant taxane?" first match:
    when adjuvant contains taxane and free < 12 months "Yes" -> other
    when (union of c.agents for c in courses) contains tamoxifen "Tamoxifen" -> other
    otherwise "No" -> give_taxane
  decision late "Lines?":
    when lines >= 3 "Many" -> stop
    when lines < 3 "Few" -> other
  recommend give_taxane "Taxane":
    give taxane
  recommend other "Doxorubicin":
    give doxorubicin
  end stop "Nothing"
"""


def test_patients_are_generated_for_every_route_threshold_and_part_of_a_condition() -> None:
    """Their records have sets of agents, and as many courses as are counted."""
    found = generate(load_text(TEXT + PATHWAY))
    assert found.left_out == ()
    assert {3, 2, 4} <= {patient.witness.facts.get("lines") for patient in found.patients}


def test_all_that_is_promised_is_proved() -> None:
    found = {d.code for d in check_text(TEXT + PATHWAY)}
    assert found == {"missing-statement", "unused-element"}


def test_a_record_that_cannot_matter_leaves_nothing_open() -> None:
    """The set is possibly incomplete, since tamoxifen may belong to it, and a taxane does not in any case."""
    text = TEXT + (
        'pathway p "P":\n  recommend r "R" when not had contains taxane:\n    give taxane\n'
        'define had "Had": set of agent = union of c.agents for c in courses where c.setting is advanced\n'
    )
    facts = {"courses": [{"agents": ["tamoxifen"]}]}
    outcome = evaluate(load_text(text), facts, as_of="2019-03-01")
    (found,) = outcome.recommendations
    assert (found.certainty, found.decided_by) == ("given", "exact")
    assert outcome.needs == ()


def test_what_an_element_contains_is_settled_by_the_list_where_it_can_be() -> None:
    text = (
        TEXT
        + 'pathway p "P":\n  recommend r "R" when not prior contains taxane:\n    give taxane\n'
    )
    facts = {"courses": [{"agents": ["tamoxifen"]}]}
    outcome = evaluate(load_text(text), facts, as_of="2019-03-01")
    assert [r.decided_by for r in outcome.recommendations] == ["exact"]
    facts = {"courses": [{"agents": ["paclitaxel"]}]}
    outcome = evaluate(load_text(text), facts, as_of="2019-03-01")
    assert [need.element for need in outcome.needs] == ["prior"]


# --- the laws hold of every patient -------------------------------------------------------------------

CONDITIONS = (
    "{} contains taxane",
    "{} contains paclitaxel",
    "{} contains chemotherapy",
    "{} bars paclitaxel",
    "{} bars taxane",
    "{} is empty",
    "number of prior >= 2",
    "{} union (union of c.agents for c in courses) contains tamoxifen",
)
SETS = ("(union of c.agents for c in courses where c.setting is advanced)", "prior", "adjuvant")
BESIDES = (
    "any c in courses where c.setting is advanced and c.agents contains taxane",
    "any c in courses where c.setting is advanced and c.agents contains docetaxel",
    "any c in courses where c.setting is advanced",
    "any c in courses where c.agents bars paclitaxel and c.setting is advanced",
    "lines >= 1",
    "prior is known",
)


ASKED = tuple(dict.fromkeys([c.format(s) for s in SETS for c in CONDITIONS] + list(BESIDES)))


@cache
def asking_all() -> CompiledGuideline:
    rules = [f'  standing s{n} "S" when {c}:\n    give taxane\n' for n, c in enumerate(ASKED)]
    rules += [
        f'  standing n{n} "N" when not ({c}):\n    give taxane\n' for n, c in enumerate(ASKED)
    ]
    return load_text(TEXT + 'pathway p "P":\n' + "".join(rules) + '  end e "E"\n')


AGENTS = ("paclitaxel", "docetaxel", "doxorubicin", "tamoxifen", "taxane")


@st.composite
def sets(draw: st.DrawFn) -> object:
    items = draw(st.lists(st.sampled_from(AGENTS), max_size=2, unique=True))
    return items if draw(st.booleans()) else {"items": items, "complete": draw(st.booleans())}


@st.composite
def histories(draw: st.DrawFn) -> dict[str, object]:
    course = st.fixed_dictionaries(
        {},
        optional={
            "agents": sets(),
            "setting": st.sampled_from(("advanced", "adjuvant")),
            "ended": st.just("2018-01-01"),
        },
    )
    found: dict[str, object] = {}
    if draw(st.integers(0, 4)):
        items = draw(st.lists(course, max_size=3))
        found["courses"] = {"items": items, "complete": draw(st.booleans())}
    if draw(st.booleans()):
        found["prior"] = draw(sets())
    return found


@settings(max_examples=60, deadline=None)
@given(histories())
def test_exact_answers_never_contradict_the_interpreter(facts: dict[str, object]) -> None:
    compiled = asking_all()
    try:
        kleene = evaluate(compiled, facts, as_of="2019-03-01", exact=False)
    except DataError:
        return
    read = patient_from_facts(facts, compiled.guideline, as_of="2019-03-01").patient
    assert read is not None
    assert read.as_of is not None
    patient = exact_guideline(compiled, "p").patient(base_environment(compiled, read, read.as_of))
    if patient is None:
        # No completion has what was entered, which is told of a set only where it is certain.
        assert "prior" in facts
        return
    for outcomes, settled in ((kleene.given, True), (kleene.not_recommended, False)):
        for found in outcomes:
            assert patient.settled(("recommendation", found.id)) is settled
    for name in range(len(ASKED)):
        sides = (patient.settled(("recommendation", f"p.{side}{name}")) for side in "sn")
        assert set(sides) in ({True, False}, {None})
