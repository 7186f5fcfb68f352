"""What a recommendation holds: eligibility, options, regimens, precedence, contradictions."""

import pytest

from pathway_compiler.engine.outcome import Outcome, RegimenPart
from unit.engine.running import found, given, not_given, possible, run, states


def parts(outcome: Outcome, name: str) -> dict[str, str]:
    """The single actions of a recommendation (`p.a`) or option (`p.c.o`) with their states."""
    owner, _, option = name.partition(":")
    recommendation = found(outcome, owner)
    regimen = recommendation.regimen
    if option:
        (regimen,) = [o.regimen for o in recommendation.options if o.id.endswith(f".{option}")]
    return {leaf.action or "": leaf.status for part in regimen for leaf in leaves(part)}


def leaves(part: RegimenPart) -> list[RegimenPart]:
    return [leaf for inner in part.parts for leaf in leaves(inner)] or [part]


def reasons(outcome: Outcome, name: str) -> tuple[str, ...]:
    (found_,) = [n.reasons for n in outcome.not_recommended if n.id == name]
    return found_


# --- eligibility ----------------------------------------------------------------------------------

WHEN = 'pathway p "P":\n  recommend a "A" when fit unless pregnant\n'


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"fit": True, "pregnant": False}, "given"),
        ({"fit": False, "pregnant": False}, "not"),
        ({"fit": True, "pregnant": True}, "not"),
        ({"fit": True}, "possible"),
        ({"pregnant": False}, "possible"),
        ({"pregnant": True}, "not"),
        ({"fit": False}, "not"),
        ({}, "possible"),
    ],
)
def test_when_must_hold_and_unless_must_not(facts: dict[str, object], state: str) -> None:
    outcome = run(WHEN, facts)
    for name, names in (("given", given), ("possible", possible), ("not", not_given)):
        assert (names(outcome) == {"a"}) is (name == state)


def test_what_is_not_eligible_says_which_condition_speaks_against_it() -> None:
    assert reasons(run(WHEN, {"fit": False}), "p.a") == (
        "only when: Fit for chemotherapy",
        "not when (not known): Pregnant",
    )
    assert reasons(run(WHEN, {"pregnant": True}), "p.a") == (
        "only when (not known): Fit for chemotherapy",
        "not when: Pregnant",
    )


ONLY_IF = """pathway p "P":
  recommend a "A" only if fit:
    do mastectomy
"""


@pytest.mark.parametrize(
    ("facts", "for_it", "against_it"),
    [({"fit": True}, "given", None), ({"fit": False}, None, "given"), ({}, "possible", "possible")],
)
def test_only_if_speaks_in_both_directions(
    facts: dict[str, object], for_it: str | None, against_it: str | None
) -> None:
    outcome = run(ONLY_IF, facts)
    states = {r.id: (r.certainty, r.direction) for r in outcome.recommendations}
    assert states.get("p.a") == (for_it and (for_it, "for"))
    assert states.get("p.a.otherwise_not") == (against_it and (against_it, "against"))


def test_only_if_speaks_against_the_same_actions() -> None:
    against = found(run(ONLY_IF, {"fit": False}), "p.a.otherwise_not")
    assert against.avoids == ("mastectomy",)
    assert against.regimen == ()


def test_only_if_is_silent_where_the_rest_does_not_hold() -> None:
    text = ONLY_IF.replace("only if", "when pregnant only if")
    assert run(text, {"fit": False, "pregnant": False}).recommendations == ()


def test_a_case_can_name_the_other_direction_of_only_if() -> None:
    from unit.engine.running import case

    expectation = "  recommends a.otherwise_not\n  not a\n"
    assert case(
        ONLY_IF + f'case k "K":\n  as of 2019-03-01\n  given fit = no\n{expectation}'
    ).passed


# --- choose ---------------------------------------------------------------------------------------

CHOOSE = """pathway p "P":
  choose c "C":
    preferred one "One" when fit:
      give tamoxifen
    preferred two "Two" unless pregnant:
      give letrozole
    fallback three "Three" only if heart_failure:
      give fulvestrant
"""


def test_an_option_says_for_itself_whether_it_is_eligible() -> None:
    outcome = run(CHOOSE, {"fit": True, "pregnant": True})
    assert given(outcome) == {"c"}
    assert states(outcome, "p.c") == {"one": "eligible", "two": "excluded", "three": "perhaps"}
    assert [o.reasons for o in found(outcome, "p.c").options] == [
        (), ("not when: Pregnant",), ("only if: Heart failure",),
    ]  # fmt: skip


def test_ranks_are_kept_as_written_and_ties_stay_ties() -> None:
    assert [o.rank for o in found(run(CHOOSE, {"fit": True}), "p.c").options] == [
        "preferred", "preferred", "fallback",
    ]  # fmt: skip


def test_a_choice_of_which_every_option_is_open_is_possible() -> None:
    outcome = run(CHOOSE)
    assert possible(outcome) == {"c"}
    assert set(states(outcome, "p.c").values()) == {"perhaps"}


def test_a_choice_without_an_option_left_is_not_given_and_says_why() -> None:
    outcome = run(CHOOSE, {"fit": False, "pregnant": True, "heart_failure": False})
    assert not_given(outcome) == {"c"}
    assert reasons(outcome, "p.c") == (
        "no option is left",
        "One: only when: Fit for chemotherapy",
        "Two: not when: Pregnant",
        "Three: only if: Heart failure",
    )


@pytest.mark.parametrize(("word", "exclusive"), [("", True), (" combinable", False)])
def test_options_exclude_each_other_unless_they_are_combinable(word: str, exclusive: bool) -> None:
    text = f'pathway p "P":\n  choose c "C" any of{word}:\n    option o "O"\n'
    assert found(run(text), "p.c").exclusive is exclusive


def test_a_condition_of_the_choice_holds_for_the_whole_card() -> None:
    text = 'pathway p "P":\n  choose c "C" any of when fit:\n    option o "O"\n'
    assert given(run(text, {"fit": True})) == {"c"}
    assert possible(run(text)) == {"c"}
    assert not_given(run(text, {"fit": False})) == {"c"}


# --- contraindications and regimens ---------------------------------------------------------------

BARS = 'contraindication personal "Not tolerated": each of not_tolerated\n'
HEART = 'contraindication heart "Heart failure": trastuzumab, pertuzumab when heart_failure\n'


def regimen(written: str, *facts: str, tail: str = BARS) -> Outcome:
    return run(
        f'pathway p "P":\n  recommend a "A":\n    {written}\n{tail}', {"not_tolerated": list(facts)}
    )


@pytest.mark.parametrize(
    ("written", "barred", "given_", "expected"),
    [
        ("give tamoxifen", ["tamoxifen"], False, {}),
        ("give tamoxifen", ["endocrine"], False, {}),
        ("give tamoxifen + letrozole", ["tamoxifen"], True,
         {"tamoxifen": "barred", "letrozole": "offered"}),
        ("give tamoxifen + letrozole", ["endocrine"], False, {}),
        ("give together tamoxifen + letrozole", ["tamoxifen"], False, {}),
        ("give together tamoxifen + (letrozole | fulvestrant)", ["letrozole"], True,
         {"tamoxifen": "offered", "letrozole": "barred", "fulvestrant": "offered"}),
        ("give together tamoxifen + (letrozole | fulvestrant)", ["letrozole", "fulvestrant"], False, {}),
        ("give (letrozole | fulvestrant)", ["letrozole"], True,
         {"letrozole": "barred", "fulvestrant": "offered"}),
        ("give (letrozole | fulvestrant)", ["letrozole", "fulvestrant"], False, {}),
        ("give tamoxifen then letrozole", ["tamoxifen"], True,
         {"tamoxifen": "barred", "letrozole": "offered"}),
        ("give together tamoxifen then letrozole", ["tamoxifen"], False, {}),
        ("give taxane", ["paclitaxel"], True, {"taxane": "offered"}),
        ("give taxane", ["paclitaxel", "docetaxel"], False, {}),
        ("give taxane", ["taxane"], False, {}),
        ("give paclitaxel", ["taxane"], False, {}),
    ],
)  # fmt: skip
def test_what_remains_of_a_regimen_is_offered(
    written: str, barred: list[str], given_: bool, expected: dict[str, str]
) -> None:
    outcome = regimen(written, *barred)
    assert (given(outcome) == {"a"}) is given_
    if given_:
        assert parts(outcome, "p.a") == expected
    else:
        assert all("Not tolerated" in reason for reason in reasons(outcome, "p.a"))


def test_a_class_with_barred_members_says_which() -> None:
    outcome = regimen("give taxane", "paclitaxel")
    (part,) = found(outcome, "p.a").regimen
    assert part.reasons == ("not Paclitaxel: Not tolerated",)


def test_an_unknown_contraindication_leaves_a_part_perhaps_and_the_rest_given() -> None:
    text = f'pathway p "P":\n  recommend a "A":\n    give trastuzumab + paclitaxel\n{HEART}'
    outcome = run(text)
    assert given(outcome) == {"a"}
    assert parts(outcome, "p.a") == {"trastuzumab": "perhaps", "paclitaxel": "offered"}
    alone = text.replace(" + paclitaxel", "")
    assert possible(run(alone)) == {"a"}


def test_a_set_that_may_be_incomplete_bars_what_it_names_and_leaves_the_rest_open() -> None:
    text = f'pathway p "P":\n  recommend a "A":\n    give paclitaxel + tamoxifen\n{BARS}'
    facts = {"not_tolerated": {"items": ["paclitaxel"], "complete": False}}
    assert parts(run(text, facts), "p.a") == {"paclitaxel": "barred", "tamoxifen": "perhaps"}


@pytest.mark.parametrize(
    ("facts", "state"),
    [({"fit": True}, "offered"), ({"fit": False}, "not applicable"), ({}, "perhaps")],
)
def test_a_part_with_a_condition_drops_out_when_that_is_false(
    facts: dict[str, object], state: str
) -> None:
    text = 'pathway p "P":\n  recommend a "A":\n    give trastuzumab + taxane if fit\n'
    assert parts(run(text, facts), "p.a") == {"trastuzumab": "offered", "taxane": state}


def test_a_veto_does_not_depend_on_where_it_stands_in_the_text() -> None:
    pathway = 'pathway p "P":\n  recommend a "A":\n    give trastuzumab\n'
    for text in (HEART + pathway, pathway + HEART):
        assert not_given(run(text, {"heart_failure": True})) == {"a"}


def test_several_lines_stand_or_fall_by_themselves() -> None:
    text = f'pathway p "P":\n  recommend a "A":\n    give trastuzumab\n    do mastectomy\n{HEART}'
    outcome = run(text, {"heart_failure": True})
    assert given(outcome) == {"a"}
    assert parts(outcome, "p.a") == {"trastuzumab": "barred", "mastectomy": "offered"}


def test_an_option_of_which_nothing_is_left_is_excluded_with_the_reason() -> None:
    text = f"""pathway p "P":
  choose c "C" any of:
    option one "One":
      give trastuzumab
    option two "Two":
      give tamoxifen
{HEART}"""
    outcome = run(text, {"heart_failure": True})
    assert states(outcome, "p.c") == {"one": "excluded", "two": "eligible"}
    assert found(outcome, "p.c").options[0].reasons == ("Trastuzumab: Heart failure",)


def test_a_line_of_the_choice_that_is_barred_leaves_only_options_with_lines_of_their_own() -> None:
    text = f"""pathway p "P":
  choose c "C" any of:
    give trastuzumab
    option one "One"
    option two "Two":
      give tamoxifen
{HEART}"""
    outcome = run(text, {"heart_failure": True})
    assert states(outcome, "p.c") == {"one": "excluded", "two": "eligible"}
    assert found(outcome, "p.c").options[0].reasons == ("Trastuzumab: Heart failure",)
    assert states(run(text), "p.c") == {"one": "perhaps", "two": "eligible"}
    alone = text.replace('    option two "Two":\n      give tamoxifen\n', "")
    assert not_given(run(alone, {"heart_failure": True})) == {"c"}


# --- cautions, moments, evidence --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "cautions"),
    [({"lvef": 50}, ("Always", "Low")), ({"lvef": 60}, ("Always",)), ({}, ("Always", "Low"))],
)
def test_a_caution_is_told_unless_its_condition_is_false(
    facts: dict[str, object], cautions: tuple[str, ...]
) -> None:
    text = 'pathway p "P":\n  recommend a "A":\n    caution "Always"\n    caution "Low" when lvef < 55 %\n'
    assert found(run(text, facts), "p.a").cautions == cautions


def test_a_moment_is_that_of_the_node_or_of_its_statements() -> None:
    text = """moment later "Later"
statement early "Early":
  kind recommend
  evidence high A
  at start_of_line
pathway p "P":
  recommend a "A":
    from early
    -> b
  recommend b "B":
    from early
    at later
    -> c
  recommend c "C":
    from her2_dual_blockade
"""
    outcome = run(text)
    assert [r.moment for r in outcome.recommendations] == ["start_of_line", "later", None]


def test_evidence_is_carried_as_printed() -> None:
    text = 'pathway p "P":\n  recommend a "A":\n    from her2_dual_blockade\n'
    (evidence,) = found(run(text), "p.a").evidence
    assert (evidence.certainty, evidence.grade, evidence.references) == ("high", "A", (47,))


# --- overrides ------------------------------------------------------------------------------------

CHAIN = """pathway p "P":
  together t "T":
    -> a, b, c
  recommend a "A" when fit:
    overrides b
  recommend b "B":
    overrides c
  recommend c "C"
"""


@pytest.mark.parametrize(
    ("facts", "certain", "open_"),
    [
        ({"fit": True}, {"a", "c"}, set()),
        ({"fit": False}, {"b"}, set()),
        ({}, set(), {"a", "b", "c"}),
    ],
)
def test_what_is_overridden_overrides_nothing(
    facts: dict[str, object], certain: set[str], open_: set[str]
) -> None:
    outcome = run(CHAIN, facts)
    assert given(outcome) == certain
    assert possible(outcome) == open_


def test_what_gives_way_says_to_what() -> None:
    assert reasons(run(CHAIN, {"fit": True}), "p.b") == ("gives way to: A",)


def test_an_override_reaches_into_other_pathways_and_options() -> None:
    text = """pathway p "P":
  together t "T":
    -> f, a
  follow q as f
  recommend a "A" when fit:
    overrides q.c.one
pathway q "Q":
  choose c "C" any of:
    option one "One"
    option two "Two"
"""
    assert states(run(text, {"fit": True}), "q.c") == {"one": "excluded", "two": "eligible"}
    assert states(run(text), "q.c") == {"one": "perhaps", "two": "eligible"}
    assert states(run(text, {"fit": False}), "q.c") == {"one": "eligible", "two": "eligible"}
    assert found(run(text, {"fit": True}), "q.c").options[0].reasons == ("gives way to: A",)


OPTION_OVERRIDES = """pathway p "P":
  together t "T":
    -> c, x, y
  choose c "C" any of:
    option one "One":
      overrides x
    option two "Two"
  recommend x "X"
  recommend y "Y" when fit:
    overrides c.one
"""


def test_an_option_overrides_while_it_is_eligible() -> None:
    assert given(run(OPTION_OVERRIDES, {"fit": False})) == {"c"}


def test_an_option_that_gives_way_overrides_nothing() -> None:
    assert given(run(OPTION_OVERRIDES, {"fit": True})) == {"c", "x", "y"}
    assert possible(run(OPTION_OVERRIDES)) == {"x", "y"}


def test_a_choice_of_which_every_option_gives_way_is_not_given() -> None:
    text = """pathway p "P":
  together t "T":
    -> c, y
  choose c "C" any of:
    option one "One"
  recommend y "Y" when fit:
    overrides c.one
"""
    assert given(run(text, {"fit": True})) == {"y"}
    assert reasons(run(text, {"fit": True}), "p.c") == ("no option is left",)
    assert possible(run(text)) == {"c", "y"}
    assert given(run(text, {"fit": False})) == {"c"}


# --- contradictions -------------------------------------------------------------------------------


def contradictions(
    first: str, second: str, tail: str = "", **facts: object
) -> list[tuple[str, str]]:
    text = f"""pathway p "P":
  together t "T":
    -> a, b
  recommend a "A":
    {first}
  recommend b "B" unless pregnant:
    {second}
{tail}"""
    outcome = run(text, {"pregnant": False, **facts})
    return [(c.action, c.certainty) for c in outcome.contradictions]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("do mastectomy", "avoid mastectomy", ["mastectomy"]),
        ("do mastectomy", "avoid radiotherapy", []),
        ("give paclitaxel", "avoid taxane", ["paclitaxel"]),
        ("give taxane", "avoid paclitaxel", []),
        ("give nsai", "avoid aromatase_inhibitor", ["nsai"]),
        ("give (paclitaxel | capecitabine)", "avoid taxane", []),
        ("give (paclitaxel | docetaxel)", "avoid taxane", ["paclitaxel"]),
        ("give capecitabine + paclitaxel", "avoid taxane", ["paclitaxel"]),
        ("give capecitabine then paclitaxel", "avoid taxane", ["paclitaxel"]),
        ("avoid mastectomy", "avoid mastectomy", []),
    ],
)
def test_for_and_against_the_same_action_contradict(
    first: str, second: str, expected: list[str]
) -> None:
    assert contradictions(first, second) == [(action, "given") for action in expected]
    assert contradictions(second, first) == [(action, "given") for action in expected]


def test_a_contradiction_of_something_possible_is_possible() -> None:
    text = """pathway p "P":
  together t "T":
    -> a, b
  recommend a "A":
    give tamoxifen
  recommend b "B" when fit:
    avoid endocrine
"""
    (contradiction,) = run(text).contradictions
    assert (contradiction.first, contradiction.second, contradiction.certainty) == (
        "p.a",
        "p.b",
        "possible",
    )
    assert run(text, {"fit": False}).contradictions == ()


def test_what_is_barred_contradicts_nothing() -> None:
    assert (
        contradictions(
            "give paclitaxel + capecitabine", "avoid taxane", BARS, not_tolerated=["paclitaxel"]
        )
        == []
    )


INCOMPATIBLE = 'incompatible no "Not both": tamoxifen with aromatase_inhibitor\n'


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("give tamoxifen", "give letrozole", 1),
        ("give letrozole", "give tamoxifen", 1),
        ("give tamoxifen", "give capecitabine", 0),
        ("give tamoxifen + letrozole", "give capecitabine", 1),
        ("give (tamoxifen | fulvestrant)", "give letrozole", 0),
    ],
)
def test_incompatible_actions_contradict(first: str, second: str, count: int) -> None:
    assert len(contradictions(first, second, INCOMPATIBLE)) == count


def test_an_option_contradicts_when_it_is_the_only_one_left() -> None:
    text = """pathway p "P":
  together t "T":
    -> c, b
  choose c "C" any of:
    option one "One":
      give paclitaxel
    option two "Two" unless pregnant:
      give capecitabine
  recommend b "B":
    avoid taxane
"""
    assert [c.action for c in run(text, {"pregnant": True}).contradictions] == ["paclitaxel"]
    assert run(text, {"pregnant": False}).contradictions == ()


SLOT = """slot line "First line": p.a, p.b, p.c
pathway p "P":
  together t "T":
    -> a, b, c
  recommend a "A" when fit:
    give taxane
  recommend b "B" when pregnant:
    give fulvestrant
  recommend c "C" unless heart_failure:
    give trastuzumab
"""


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"fit": True, "pregnant": True, "heart_failure": True}, [("p.a", "p.b", "given")]),
        ({"fit": True, "heart_failure": True}, [("p.a", "p.b", "possible")]),
        ({"pregnant": True, "heart_failure": True}, [("p.a", "p.b", "possible")]),
        ({"heart_failure": True}, []),
        ({"fit": True, "pregnant": False, "heart_failure": True}, []),
        (
            {"fit": True, "pregnant": True, "heart_failure": False},
            [("p.a", "p.b", "given"), ("p.a", "p.c", "given"), ("p.b", "p.c", "given")],
        ),
    ],
)
def test_two_recommendations_of_one_slot_contradict(
    facts: dict[str, object], expected: list[tuple[str, str, str]]
) -> None:
    found = run(SLOT, facts).contradictions
    assert [(c.first, c.second, c.certainty) for c in found] == expected
    assert {c.action for c in found} <= {None}


def test_a_contradiction_within_a_slot_names_the_slot_and_both() -> None:
    facts = {"fit": True, "pregnant": True, "heart_failure": True}
    (contradiction,) = run(SLOT, facts).contradictions
    assert contradiction.text == "First line: at most one of “A” and “B”"


# --- actions over all recommendations ----------------------------------------------------------------


def test_an_action_is_certain_if_some_recommendation_certainly_asks_for_it() -> None:
    text = f"""pathway p "P":
  together t "T":
    -> a, b, c
  recommend a "A" when fit:
    give tamoxifen
  recommend b "B":
    give tamoxifen + trastuzumab + (paclitaxel | docetaxel)
  recommend c "C":
    avoid taxane
{HEART}"""
    actions = {a.action: a for a in run(text, {"heart_failure": True}).actions}
    assert (actions["tamoxifen"].certainty, actions["tamoxifen"].recommended_by) == (
        "given", ("p.a", "p.b"),
    )  # fmt: skip
    assert actions["trastuzumab"].barred_by == ("Heart failure",)
    assert actions["paclitaxel"].barred_by == ("p.c",)
    assert actions["paclitaxel"].alternative
