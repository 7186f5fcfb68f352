"""Nested values, sets, lists, dates, numbers and derived facts."""

import pytest

from pathway_compiler.datatypes.truth import Missing, Reason, Unknown
from pathway_compiler.driver import DataError
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.expressions import fact_value
from pathway_compiler.patient_data.patient import Observation, Patient
from pathway_compiler.patient_data.read import patient_from_facts
from unit.engine.running import AS_OF, compiled, day, run, unknown, value

END = 'pathway p "P":\n  end done "Done"\n'


def fact(declared: str, name: str, facts: dict[str, object], as_of: str = AS_OF) -> object:
    """The value of a definition, or what is missing for it."""
    guideline = compiled(declared + END)
    read = patient_from_facts(facts, guideline.guideline, as_of=as_of)
    assert read.patient is not None, read.diagnostics
    return fact_value(name, base_environment(guideline, read.patient, day(as_of)))


# --- enumerations ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tumour", "expression", "expected"),
    [
        ("t1c", "tumour is t1c", "yes"),
        ("t1c", "tumour is t1", "yes"),
        ("t1c", "tumour is not t1", "no"),
        ("t1c", "tumour is t1a", "no"),
        ("t1", "tumour is t1", "yes"),
        ("t1", "tumour is t1c", "unknown"),
        ("t1", "tumour is not t1c", "unknown"),
        ("t1", "tumour is t2", "no"),
        ("t1", "tumour is one of (t1c, t2)", "unknown"),
        ("t1c", "tumour is one of (t1, t2)", "yes"),
        ("t2", "tumour is one of (t1, t3)", "no"),
        ("t1c", "tumour = t1", "yes"),
        ("t1c", "t1 = tumour", "yes"),
        ("t1c", "tumour != t1", "no"),
        ("t1c", "tumour != t1a", "yes"),
    ],
)
def test_a_part_is_its_whole_and_a_whole_leaves_its_parts_open(
    tumour: str, expression: str, expected: str
) -> None:
    assert value(expression, {"tumour": tumour}) == expected


@pytest.mark.parametrize(
    ("tumour", "expression", "expected"),
    [
        ("t1c", "tumour < t2", "yes"),
        ("t1", "tumour < t2", "yes"),
        ("t1", "tumour < t1b", "unknown"),
        ("t1a", "tumour < t1b", "yes"),
        ("t1c", "tumour < t1b", "no"),
        # A group that the text names is all of its parts.
        ("t1c", "tumour <= t1", "yes"),
        ("t1", "tumour <= t1", "yes"),
        ("t2", "tumour <= t1", "no"),
        ("t1a", "tumour < t1", "no"),
        ("t1", "tumour < t1", "no"),
        ("t1c", "tumour > t1", "no"),
        ("t2", "tumour > t1", "yes"),
        ("t1a", "tumour >= t1", "yes"),
        ("t1c", "t1 >= tumour", "yes"),
        ("t1c", "t1 < tumour", "no"),
        ("t3", "t1 < tumour", "yes"),
        ("t1", "tumour <= t1b", "unknown"),
        ("t1", "tumour >= t1a", "yes"),
    ],
)
def test_ordered_values_compare_by_their_place_with_nested_ones_inside(
    tumour: str, expression: str, expected: str
) -> None:
    assert value(expression, {"tumour": tumour}) == expected


@pytest.mark.parametrize("tumour", ["t1", "t1a", "t1b", "t1c", "t2", "t3"])
@pytest.mark.parametrize("named", ["t1", "t1a", "t1b", "t1c", "t2", "t3"])
def test_at_most_is_less_or_equal(tumour: str, named: str) -> None:
    """`<=` says no less than `<` and `=` do."""
    facts = {"tumour": tumour}
    loose = value(f"tumour < {named} or tumour = {named}", facts)
    assert value(f"tumour <= {named}", facts) in {loose} | (
        {"yes"} if loose == "unknown" else set()
    )


def test_two_facts_of_one_ordered_type_compare_with_each_other() -> None:
    declared = 'element before "Before": t_stage\n'
    facts = {"before": "t1c", "tumour": "t2"}
    assert value("before < tumour", facts, declared) == "yes"
    assert value("before = tumour", facts, declared) == "no"
    assert value("before = tumour", {"before": "t1", "tumour": "t1c"}, declared) == "unknown"
    assert value("before < tumour", {"before": "t1", "tumour": "t2"}, declared) == "yes"


# --- sets -----------------------------------------------------------------------------------------


def some(*items: str) -> dict[str, object]:
    return {"items": list(items), "complete": False}


@pytest.mark.parametrize(
    ("sites", "expression", "expected"),
    [
        (["liver"], "sites contains visceral", "yes"),
        (["visceral"], "sites contains liver", "unknown"),
        (["visceral", "liver"], "sites contains liver", "yes"),
        (["bone"], "sites contains liver", "no"),
        (some("bone"), "sites contains liver", "unknown"),
        (some("liver"), "sites contains visceral", "yes"),
        ([], "sites contains liver", "no"),
        ([], "sites is empty", "yes"),
        ([], "sites is not empty", "no"),
        (some(), "sites is empty", "unknown"),
        (some("bone"), "sites is empty", "no"),
        (["bone", "liver"], "sites contains any of (brain, liver)", "yes"),
        (["bone"], "sites contains any of (brain, liver)", "no"),
        (some("bone"), "sites contains any of (brain, liver)", "unknown"),
        (some("bone"), "sites contains any of (brain, bone)", "yes"),
        (["bone", "liver"], "sites contains all of (bone, visceral)", "yes"),
        (["bone"], "sites contains all of (bone, visceral)", "no"),
        (some("bone"), "sites contains all of (bone, visceral)", "unknown"),
        (["bone", "liver"], "number of sites = 2", "yes"),
        (some("bone"), "number of sites >= 1", "yes"),
        (some("bone"), "number of sites = 1", "unknown"),
        (some("bone"), "number of sites < 1", "no"),
    ],
)
def test_sets_roll_up_and_may_be_incomplete(sites: object, expression: str, expected: str) -> None:
    assert value(expression, {"sites": sites}) == expected


@pytest.mark.parametrize(
    ("agents", "expression", "expected"),
    [
        (["paclitaxel"], "prior_agents contains taxane", "yes"),
        (["letrozole"], "prior_agents contains endocrine", "yes"),
        (["taxane"], "prior_agents contains paclitaxel", "unknown"),
        (["aromatase_inhibitor"], "prior_agents contains nsai", "unknown"),
        (["nsai"], "prior_agents contains aromatase_inhibitor", "yes"),
        (["exemestane"], "prior_agents contains nsai", "no"),
        (some("paclitaxel"), "prior_agents contains tamoxifen", "unknown"),
        (["taxane"], "prior_agents bars paclitaxel", "yes"),
        (["taxane"], "prior_agents bars taxane", "yes"),
        (["paclitaxel"], "prior_agents bars taxane", "no"),
        (["paclitaxel", "docetaxel"], "prior_agents bars taxane", "yes"),
        (["nsai", "exemestane"], "prior_agents bars aromatase_inhibitor", "yes"),
        (["endocrine"], "prior_agents bars letrozole", "yes"),
        (some("paclitaxel"), "prior_agents bars taxane", "unknown"),
        (some("taxane"), "prior_agents bars docetaxel", "yes"),
        ([], "prior_agents bars docetaxel", "no"),
    ],
)
def test_exposure_rolls_up_and_contraindication_rolls_down(
    agents: object, expression: str, expected: str
) -> None:
    assert value(expression, {"prior_agents": agents}) == expected


@pytest.mark.parametrize(
    ("agent", "wanted", "expected"),
    [
        ("paclitaxel", "a taxane", "yes"),
        ("paclitaxel", "paclitaxel", "yes"),
        ("letrozole", "an endocrine", "yes"),
        ("taxane", "docetaxel", "unknown"),
        ("endocrine", "a taxane", "no"),
        ("tamoxifen", "a taxane", "no"),
    ],
)
def test_an_agent_belongs_to_its_classes(agent: str, wanted: str, expected: str) -> None:
    facts = {"prior_therapies": [{"agent": agent}]}
    assert value(f"any t in prior_therapies where t.agent is {wanted}", facts) == expected


def test_two_classes_that_overlap_leave_it_open() -> None:
    declared = 'class favourites "F": letrozole, tamoxifen\nelement drug "D": agent\n'
    facts = {"drug": "favourites"}
    assert value("drug is an aromatase_inhibitor", facts, declared) == "unknown"
    assert value("drug is a taxane", facts, declared) == "no"


@pytest.mark.parametrize(
    ("facts", "expression", "expected"),
    [
        (
            {"prior_agents": ["letrozole"], "not_tolerated": ["taxane"]},
            "contains docetaxel",
            "unknown",
        ),
        ({"prior_agents": ["letrozole"], "not_tolerated": ["taxane"]}, "contains nsai", "yes"),
        ({"prior_agents": [], "not_tolerated": ["taxane"]}, "contains tamoxifen", "no"),
        ({"prior_agents": ["letrozole"]}, "contains nsai", "yes"),
        ({"prior_agents": ["letrozole"]}, "contains taxane", "unknown"),
        ({}, "contains taxane", "unknown"),
        ({"prior_agents": [], "not_tolerated": []}, "is empty", "yes"),
        ({"prior_agents": []}, "is empty", "unknown"),
    ],
)
def test_a_union_holds_what_either_set_holds(
    facts: dict[str, object], expression: str, expected: str
) -> None:
    assert value(f"prior_agents union not_tolerated {expression}", facts) == expected


def test_a_half_known_union_asks_for_the_other_half() -> None:
    declared = 'define had "H": boolean = prior_agents union not_tolerated contains taxane\n'
    result = fact(declared, "had", {"prior_agents": []})
    assert isinstance(result, Unknown)
    assert {m.element for m in result.because} == {"not_tolerated"}


# --- lists ----------------------------------------------------------------------------------------


def biopsies(*entries: tuple[str | None, str], complete: bool = True) -> dict[str, object]:
    items = [{"er": er} if taken is None else {"taken": taken, "er": er} for taken, er in entries]
    return {"biopsies": {"items": items, "complete": complete}}


POS, NEG = "positive", "negative"


@pytest.mark.parametrize(
    ("entries", "latest", "earliest"),
    [
        ([("2016-03-01", POS), ("2018-11-20", NEG)], NEG, POS),
        ([("2018-11-20", NEG), ("2016-03-01", POS)], NEG, POS),
        ([("2016", POS), ("2018-11", NEG)], NEG, POS),
        ([("2018", POS), ("2018-11-20", NEG)], "unknown", "unknown"),
        ([("2018", NEG), ("2018-11-20", NEG)], NEG, NEG),
        ([("2018-11-20", POS), ("2018-11-20", NEG)], "unknown", "unknown"),
        ([("2018-11-20", POS), ("2018-11-20", POS)], POS, POS),
        ([(None, POS), ("2018-11-20", NEG)], "unknown", "unknown"),
        ([(None, NEG), ("2018-11-20", NEG)], NEG, NEG),
        ([("2016", POS), ("2017", POS), ("2018", NEG)], NEG, POS),
        ([], "unknown", "unknown"),
    ],
)
def test_the_latest_is_picked_where_the_dates_decide(
    entries: list[tuple[str | None, str]], latest: str, earliest: str
) -> None:
    for kind, expected in (("latest", latest), ("earliest", earliest)):
        answer = value(f"({kind} b in biopsies by taken).er is negative", biopsies(*entries))
        assert answer == {POS: "no", NEG: "yes"}.get(expected, "unknown")


def test_of_a_list_that_may_be_incomplete_nobody_knows_the_latest() -> None:
    facts = biopsies(("2016-03-01", POS), complete=False)
    assert value("(latest b in biopsies by taken).er is positive", facts) == "unknown"


def test_a_record_that_may_not_fit_leaves_the_pick_open() -> None:
    facts = {
        "biopsies": [
            {"taken": "2016-01-01", "site": "liver", "er": POS},
            {"taken": "2018-01-01", "site": "visceral", "er": NEG},
        ]
    }
    text = "(latest b in biopsies by taken where b.site is liver).er is positive"
    assert value(text, facts) == "unknown"


def test_a_count_is_known_within_limits() -> None:
    facts = {
        "prior_therapies": [{"agent": "paclitaxel"}, {"agent": "taxane"}, {"agent": "letrozole"}]
    }
    count = "(number of t in prior_therapies where t.agent is paclitaxel)"
    for expression, expected in [
        (">= 1", "yes"), (">= 2", "unknown"), (">= 3", "no"), ("= 0", "no"), ("= 3", "no"), ("= 2", "unknown"),
    ]:  # fmt: skip
        assert value(f"{count} {expression}", facts) == expected


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("months between 2018-01-31 and 2018-02-28 = 0 months", "yes"),
        ("months between 2018-01-28 and 2018-02-28 = 1 months", "yes"),
        ("years between 2016-02-29 and 2017-02-28 = 0 years", "yes"),
        ("years between 2016-02-29 and 2017-03-01 = 1 years", "yes"),
        ("weeks between 2018-01-01 and 2018-01-14 = 1 weeks", "yes"),
        ("days between 2018-03-01 and 2018-02-28 = -1 days", "yes"),
        ("months between 2016 and 2018-05-19 >= 16 months", "yes"),
        ("months between 2016 and 2018-05-19 >= 28 months", "unknown"),
        ("months between 2016 and 2018-05-19 >= 29 months", "no"),
        ("months between 2016-05 and 2016-05 = 0 months", "yes"),
        ("days between 2016-05 and 2016-05 = 0 days", "unknown"),
        ("days between 2016-05 and 2016-05 <= 30 days", "yes"),
        ("2016 < 2017-01-01", "yes"),
        ("2016 = 2016-05-03", "unknown"),
        ("2016 = 2017", "no"),
        ("2018-01-31 + 1 months = 2018-02-28", "yes"),
        ("2016-02-29 - 1 years = 2015-02-28", "yes"),
        ("2018-01-01 + 2 weeks = 2018-01-15", "yes"),
        ("2018-03-01 - 1 days = 2018-02-28", "yes"),
        ("2016-05 + 1 months < 2016-07-01", "yes"),
        ("9999-12-31 + 1 days > 2016-01-01", "unknown"),
        ("2019-03-01 = today", "yes"),
        ("2019 < today", "unknown"),
    ],
)
def test_dates_are_as_precise_as_they_are_written(expression: str, expected: str) -> None:
    """CQL 1.5 `DurationBetween`, comparison with uncertainty, and `Add` of a date and a quantity."""
    assert value(f"({expression}) = yes") == expected


def test_what_a_partial_date_leaves_open_is_said_to_be_imprecise() -> None:
    declared = 'define late "L": boolean = months between diagnosis_date and today >= 34 months\n'
    result = fact(declared, "late", {"diagnosis_date": "2016"})
    assert result == unknown("diagnosis_date", Reason.IMPRECISE)


# --- arithmetic -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("involved_nodes + 1 = 4", "yes"),
        ("involved_nodes - 4 = -1", "yes"),
        ("involved_nodes * 2 - 1 = 5", "yes"),
        ("involved_nodes / 2 = 1.5", "yes"),
        ("-involved_nodes < 0", "yes"),
        ("tumour_size * 2 = 50 mm", "yes"),
        ("tumour_size + 5 mm = 3 cm", "yes"),
        ("tumour_size / 5 mm = 5", "yes"),
        ("tumour_size / 2 = 12.5 mm", "yes"),
        ("0.1 + 0.2 = 0.3", "yes"),
        ("(months between 2016 and 2017-01-01) + 1 months >= 1 months", "yes"),
        ("(months between 2016 and 2017-01-01) + 1 months > 1 months", "unknown"),
        ("-(months between 2016 and 2017-01-01) <= 0 months", "yes"),
        ("(months between 2016 and 2017-01-01) / 2 <= 6 months", "yes"),
        ("(months between 2016 and 2017-01-01) * -1 > 0 months", "no"),
        ("lvef + 1 % > 0 %", "unknown"),
    ],
)
def test_arithmetic_is_exact_and_keeps_limits(expression: str, expected: str) -> None:
    """CQL 1.5 `Add`, `Subtract`, `Multiply`, `Divide`, over uncertainties as well."""
    facts = {"involved_nodes": 3, "tumour_size": "2.5 cm"}
    assert value(f"({expression}) = yes", facts) == expected


# --- definitions ----------------------------------------------------------------------------------

PLAIN = """define risk "R": one of low | middle | high
  high when fit and pregnant
  middle when fit and not pregnant
  low when not fit
"""
REST = """define risk "R": one of low | middle | high
  high when fit
  middle when pregnant and not fit
  low otherwise
"""
FIRST = """define risk "R" first match: one of low | middle | high
  high when fit
  middle when pregnant
  low otherwise
"""
OPEN = """define risk "R" first match: one of low | middle
  low when fit
  low when pregnant
  middle otherwise
"""


@pytest.mark.parametrize(
    ("declared", "facts", "expected"),
    [
        (PLAIN, {"fit": True, "pregnant": True}, "high"),
        (PLAIN, {"fit": False}, "low"),
        (PLAIN, {"fit": True}, {"pregnant"}),
        (PLAIN, {"pregnant": True}, {"fit"}),
        (REST, {"fit": True}, "high"),
        (REST, {"fit": False, "pregnant": False}, "low"),
        (REST, {"fit": False}, {"pregnant"}),
        (FIRST, {"fit": True, "pregnant": True}, "high"),
        (FIRST, {"fit": False, "pregnant": True}, "middle"),
        (FIRST, {"pregnant": True}, {"fit"}),
        (FIRST, {"fit": False}, {"pregnant"}),
        (FIRST, {"fit": False, "pregnant": False}, "low"),
        # Which row holds is not known, and both say the same.
        (OPEN, {"pregnant": True}, "low"),
        (OPEN, {"fit": True}, "low"),
        (OPEN, {"fit": False, "pregnant": False}, "middle"),
        (OPEN, {"fit": False}, {"pregnant"}),
    ],
)
def test_a_definition_by_rows_has_the_value_of_the_row_that_holds(
    declared: str, facts: dict[str, object], expected: object
) -> None:
    result = fact(declared, "risk", facts)
    if isinstance(expected, set):
        assert isinstance(result, Unknown)
        assert {m.element for m in result.because} == expected
    else:
        assert result == expected


def test_an_answered_but_unknown_fact_keeps_its_reason_through_a_definition() -> None:
    result = fact(FIRST, "risk", {"fit": {"unknown": "not done"}, "pregnant": True})
    assert result == unknown("fit", Reason.NOT_DONE)


def test_a_definition_may_be_entered_directly() -> None:
    assert fact(FIRST, "risk", {"risk": "middle"}) == "middle"
    assert fact(FIRST, "risk", {"risk": "middle", "fit": False}) == "middle"


def test_a_definition_entered_against_what_follows_is_refused() -> None:
    with pytest.raises(DataError) as refused:
        run(FIRST + END, {"risk": "low", "fit": True})
    assert [d.code for d in refused.value.diagnostics] == ["data-conflict"]


STAGE = """define stage "S" first match: t_stage
  t1c when fit
  t2 when pregnant
  t3 otherwise
"""


@pytest.mark.parametrize(
    ("entered", "agrees"), [("t1c", True), ("t1", True), ("t1a", False), ("t2", False)]
)
def test_a_coarser_value_entered_agrees_with_the_finer_one_that_follows(
    entered: str, agrees: bool
) -> None:
    if agrees:
        run(STAGE + END, {"stage": entered, "fit": True})
        assert fact(STAGE, "stage", {"stage": entered, "fit": True}) == "t1c"
    else:
        with pytest.raises(DataError):
            run(STAGE + END, {"stage": entered, "fit": True})


DUE = 'element due "D": date\n  derive diagnosis_date + 6 months\n'


@pytest.mark.parametrize(
    ("entered", "agrees"),
    [("2016-11-03", True), ("2016-11", True), ("2016", True), ("2016-10", False)],
)
def test_a_partial_date_entered_agrees_with_the_day_that_follows(
    entered: str, agrees: bool
) -> None:
    facts = {"due": entered, "diagnosis_date": "2016-05-03"}
    if agrees:
        run(DUE + END, facts)
    else:
        with pytest.raises(DataError):
            run(DUE + END, facts)


def test_a_definition_entered_as_unknown_names_itself_among_what_is_missing() -> None:
    result = fact(FIRST, "risk", {"risk": {"unknown": "asked but not known"}})
    assert isinstance(result, Unknown)
    assert Missing("risk", Reason.NOT_KNOWN) in result.because


AGE = 'element old "Y": quantity in years\n  derive years between birth_date and today\n'


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"birth_date": "1965-01-01"}, 54),
        ({"old": 54}, 54),
        ({"old": 54, "birth_date": "1965-01-01"}, 54),
        # The year of birth leaves 53 or 54 open, and what was entered says which.
        ({"old": 54, "birth_date": "1965"}, 54),
        ({"old": 53, "birth_date": "1965"}, 53),
    ],
)
def test_a_derived_element_is_entered_or_follows(facts: dict[str, object], expected: int) -> None:
    assert fact(AGE, "old", facts) == expected


@pytest.mark.parametrize("birth", ["1960-01-01", "1960"])
def test_a_derived_element_entered_against_what_follows_is_refused(birth: str) -> None:
    with pytest.raises(DataError) as refused:
        run(AGE + END, {"old": 54, "birth_date": birth})
    assert [d.code for d in refused.value.diagnostics] == ["data-conflict"]


def test_an_underived_element_is_asked_for_by_its_own_name() -> None:
    assert fact(AGE, "old", {}) == unknown("old")


def test_three_hundred_definitions_each_using_the_one_before_have_a_value() -> None:
    chain = 'define d0 "D": boolean = fit\n' + "".join(
        f'define d{n} "D": boolean = not (not (d{n - 1} and pregnant))\n' for n in range(1, 300)
    )
    assert fact(chain, "d299", {"fit": True, "pregnant": True}) is True
    assert fact(chain, "d299", {"fit": True}) == unknown("pregnant")


# --- several observations -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        ([(True, "2018-01-01"), (False, "2018-02-01")], False),
        ([(True, "2018-02-01"), (False, "2018-01-01")], True),
        ([(True, None), (False, "2018-01-01")], True),
        ([(True, "2018"), (False, "2018-02-01")], "open"),
        ([(True, "2018"), (True, "2018-02-01")], True),
        ([(True, "2018-01"), (False, "2018-02")], False),
        ([(True, "2018-01-01"), ("not done", "2018-02-01")], "not done"),
    ],
)
def test_of_several_observations_the_latest_counts(
    observations: list[tuple[object, str | None]], expected: object
) -> None:
    guideline = compiled(END)
    made = tuple(
        Observation(
            unknown("fit", Reason(worth)) if isinstance(worth, str) else bool(worth),
            day(when) if when else None,
        )
        for worth, when in observations
    )
    for order in (made, tuple(reversed(made))):
        environment = base_environment(guideline, Patient("x", {"fit": order}), day(AS_OF))
        result = fact_value("fit", environment)
        if expected == "open":
            assert result == unknown("fit", Reason.IMPRECISE)
        elif isinstance(expected, str):
            assert result == unknown("fit", Reason(expected))
        else:
            assert result is expected
