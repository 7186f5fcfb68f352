"""`union of t.agents for t in LIST where …`: the set itself, as a definition, and as what an element follows from."""

from itertools import combinations_with_replacement, product

import pytest

from pathway_compiler.datatypes.truth import Reason, Unknown
from pathway_compiler.driver import DataError
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.vocabulary import SetValue
from unit.engine.running import compiled, run, unknown, value, visits
from unit.engine.test_values import END, fact

HAD = 'define had "Had": set of agent = union of c.agents for c in courses where c.setting is metastatic\n'
PRIOR = """element prior "Prior": set of agent
  derive union of c.agents for c in courses where c.setting is metastatic
"""

AGENTS = (
    ["paclitaxel"],
    ["paclitaxel", "tamoxifen"],
    [],
    None,
    {"items": ["tamoxifen"], "complete": False},
)
COURSES = tuple(product(AGENTS, ("metastatic", "adjuvant", None)))


def courses(*found: tuple[object, str | None], complete: bool = True) -> dict[str, object]:
    items = [
        {k: v for k, v in (("agents", agents), ("setting", setting)) if v is not None}
        for agents, setting in found
    ]
    return {"courses": {"items": items, "complete": complete}}


def completions(agents: object, setting: str | None) -> set[frozenset[str]]:
    """What one course may add, as far as it is told; letrozole stands for any agent not named."""
    universe = ("paclitaxel", "tamoxifen", "letrozole")
    every = {
        frozenset(a for a, there in zip(universe, some, strict=True) if there)
        for some in product((False, True), repeat=3)
    }
    if agents is None:
        held = every
    elif isinstance(agents, dict):
        held = {some for some in every if some >= set(agents["items"])}
    else:
        assert isinstance(agents, list)
        held = {frozenset(agents)}
    nothing: set[frozenset[str]] = {frozenset()}
    return {"metastatic": held, "adjuvant": nothing, None: held | nothing}[setting]


@pytest.mark.parametrize(
    "found", [(), *((c,) for c in COURSES), *combinations_with_replacement(COURSES, 2)]
)
def test_the_set_is_what_all_completions_of_the_data_agree_on(
    found: tuple[tuple[object, str | None], ...],
) -> None:
    possible = {
        frozenset().union(*added) for added in product(*(completions(*course) for course in found))
    }
    certain = frozenset.intersection(*possible)
    for complete in (True, False):
        result = fact(HAD, "had", courses(*found, complete=complete))
        assert result == SetValue(certain, complete and len(possible) == 1)


def test_of_an_unknown_list_nothing_is_known() -> None:
    assert fact(HAD, "had", {}) == unknown("courses")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(union of c.agents for c in courses) contains taxane", "yes"),
        ("(union of c.agents for c in courses where c.setting is adjuvant) contains taxane", "no"),
        ("(union of c.agents for c in courses where c.setting is adjuvant) is empty", "no"),
        ("(union of c.agents for c in courses where c.setting is neoadjuvant) is empty", "yes"),
        ("(union of c.agents for c in courses) bars taxane", "no"),
        ("(union of c.agents for c in courses) bars docetaxel", "yes"),
        ("(union of c.setting for c in courses) contains adjuvant", "yes"),
        ("(union of c.setting for c in courses) contains neoadjuvant", "no"),
        ("(union of c.tolerated for c in courses) contains no", "no"),
        ("(union of t.agent for t in prior_therapies) contains endocrine", "yes"),
        ("(union of b.site for b in biopsies) contains visceral", "yes"),
        (
            "(union of c.agents for c in courses) union (union of t.agent for t in prior_therapies)"
            " contains all of (docetaxel, tamoxifen, letrozole)",
            "yes",
        ),
        ("number of had = 1", "yes"),
        ("had contains docetaxel", "yes"),
        ("had union not_tolerated contains docetaxel", "yes"),
    ],
)
def test_it_is_a_set_like_others(expression: str, expected: str) -> None:
    facts = {
        "courses": [
            {"agents": ["docetaxel"], "setting": "metastatic", "tolerated": True},
            {"agents": ["tamoxifen"], "setting": "adjuvant", "tolerated": True},
        ],
        "prior_therapies": [{"agent": "letrozole"}],
        "biopsies": [{"site": "liver"}],
    }
    assert value(expression, facts, HAD) == expected


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (courses((["paclitaxel"], None)), unknown("courses")),
        (courses((None, "metastatic")), unknown("courses")),
        (courses(complete=False), unknown("courses", Reason.INCOMPLETE)),
        (
            courses(({"items": [], "complete": False}, "metastatic")),
            unknown("courses", Reason.INCOMPLETE),
        ),
        (courses((["paclitaxel"], "adjuvant")), False),
    ],
)
def test_what_is_not_in_it_for_certain_names_what_is_missing(
    facts: dict[str, object], missing: Unknown | bool
) -> None:
    declared = HAD + 'define taxed "T": boolean = had contains taxane\n'
    assert fact(declared, "taxed", facts) == missing
    direct = HAD + (
        'define taxed "T": boolean = (union of c.agents for c in courses'
        " where c.setting is metastatic) contains taxane\n"
    )
    assert fact(direct, "taxed", facts) == missing


# --- what an element follows from -----------------------------------------------------------------

TWO = (["paclitaxel", "tamoxifen"], "metastatic")
ONE_AND_MORE = courses((["paclitaxel"], "metastatic"), complete=False)


@pytest.mark.parametrize(
    ("facts", "entered", "expected"),
    [
        # The list says all, and so must what is entered, as precisely as anybody knows.
        (courses(TWO), None, SetValue(frozenset({"paclitaxel", "tamoxifen"}))),
        (courses(TWO), ["paclitaxel", "tamoxifen"], SetValue(frozenset({"paclitaxel", "tamoxifen"}))),
        (courses(TWO), ["taxane", "tamoxifen"], SetValue(frozenset({"paclitaxel", "tamoxifen"}))),
        (courses(TWO), ["paclitaxel"], None),
        (courses(TWO), ["paclitaxel", "tamoxifen", "letrozole"], None),
        (courses(TWO), {"items": ["tamoxifen"], "complete": False}, SetValue(frozenset({"paclitaxel", "tamoxifen"}))),
        (courses(TWO), {"items": ["letrozole"], "complete": False}, None),
        # The list may be incomplete: what is entered says more.
        (ONE_AND_MORE, None, SetValue(frozenset({"paclitaxel"}), False)),
        (ONE_AND_MORE, ["paclitaxel"], SetValue(frozenset({"paclitaxel"}))),
        (ONE_AND_MORE, ["paclitaxel", "letrozole"], SetValue(frozenset({"paclitaxel", "letrozole"}))),
        (ONE_AND_MORE, ["letrozole"], None),
        (ONE_AND_MORE, [], None),
        (ONE_AND_MORE, {"items": ["letrozole"], "complete": False}, SetValue(frozenset({"paclitaxel", "letrozole"}), False)),
        # Nothing follows.
        ({}, ["letrozole"], SetValue(frozenset({"letrozole"}))),
        ({}, None, unknown("prior")),
    ],
)  # fmt: skip
def test_entered_and_derived_sets_agree_or_are_refused(
    facts: dict[str, object], entered: object, expected: object
) -> None:
    given = facts if entered is None else {**facts, "prior": entered}
    if expected is None:
        with pytest.raises(DataError) as refused:
            run(PRIOR + END, given)
        assert [d.code for d in refused.value.diagnostics] == ["data-conflict"]
    else:
        run(PRIOR + END, given)
        assert fact(PRIOR, "prior", given) == expected


def test_a_definition_that_was_entered_agrees_as_an_element_does() -> None:
    facts = {**ONE_AND_MORE, "had": ["paclitaxel", "letrozole"]}
    assert fact(HAD, "had", facts) == SetValue(frozenset({"paclitaxel", "letrozole"}))
    with pytest.raises(DataError):
        run(HAD + END, {**ONE_AND_MORE, "had": ["letrozole"]})


LINES = """element lines "Lines": count
  derive number of c in courses where c.setting is metastatic and c.agents contains taxane and c.ended is known
element free "Months since adjuvant treatment": quantity in months
  derive months between (latest c in courses by ended where c.setting is adjuvant).ended and relapse_date
"""
HISTORY = {
    "courses": [
        {"agents": ["paclitaxel"], "setting": "metastatic", "ended": "2018-03-01"},
        {"agents": ["paclitaxel"], "setting": "metastatic"},
        {"agents": ["tamoxifen"], "setting": "metastatic", "ended": "2018-09-01"},
        {"agents": ["docetaxel"], "setting": "metastatic", "ended": "2017-03-01"},
        {"agents": ["letrozole"], "setting": "adjuvant", "ended": "2015-03-01"},
        {"agents": ["paclitaxel"], "setting": "adjuvant", "ended": "2010-03-01"},
    ],
    "relapse_date": "2016-09-01",
}


def test_counts_and_durations_follow_from_a_list() -> None:
    assert fact(LINES, "lines", HISTORY) == 2
    assert fact(LINES, "free", HISTORY) == 18
    assert fact(LINES, "free", {"courses": [], "relapse_date": "2016-09-01"}) == unknown("free")


@pytest.mark.parametrize(
    ("entered", "agrees"),
    [({"lines": 2}, True), ({"lines": 3}, False), ({"free": 18}, True), ({"free": 17}, False)],
)
def test_counts_and_durations_that_are_entered_have_to_agree(
    entered: dict[str, object], agrees: bool
) -> None:
    if agrees:
        run(LINES + END, {**HISTORY, **entered})
    else:
        with pytest.raises(DataError):
            run(LINES + END, {**HISTORY, **entered})


# --- later visits ---------------------------------------------------------------------------------


def test_after_a_review_older_records_are_left_out_unless_read_with_ever() -> None:
    text = f"""{HAD}pathway p "P":
  recommend first "First":
    give capecitabine
    -> look
  review look "Look":
    on had contains taxane "Taxane since" -> again
    on ever had contains taxane and not had contains taxane "Taxane before" -> before
  end again "Again"
  end before "Before"
"""
    old = {"agents": ["paclitaxel"], "setting": "metastatic", "started": "2018-01-01"}
    new = {"agents": ["docetaxel"], "setting": "metastatic", "started": "2019-06-01"}
    for found, expected in (([old], "before"), ([old, new], "again")):
        outcomes = visits(
            text, ("2019-03-01", {"courses": [old]}), ("2019-09-01", {"courses": found})
        )
        reached = {entry.node for entry in outcomes[-1].trace if entry.activation is True}
        assert expected in reached


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (
            "had contains taxane",
            "agents of Courses of treatment (where setting is Metastatic) with taxanes",
        ),
        (
            "(union of t.agent for t in prior_therapies) is empty",
            "agent of Previous systemic therapies: none",
        ),
    ],
)
def test_it_is_told_in_words(condition: str, words: str) -> None:
    declared = condition.replace(
        "had", "(union of c.agents for c in courses where c.setting is metastatic)"
    )
    guideline = compiled(f'define told "T": boolean = {declared}\n' + END).guideline
    expression = guideline.definitions["told"].expression
    assert expression is not None
    assert describe_condition(expression, guideline) == words
