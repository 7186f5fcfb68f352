"""The guideline's own cases: every kind of expectation, met and not met."""

import pytest

from unit.engine.running import case

GUIDELINE = """define strong "Strong": boolean = fit and not pregnant
parameter offer "Offer": boolean = yes
reading about "About?":
  chosen narrow "Narrow": fit and pregnant
  alternative wide "Wide": fit or pregnant
constraint "No heart failure in the fit": not (fit and heart_failure)
pathway p "P":
  applies when er_status is positive
  decision d "D":
    when fit -> a
    otherwise -> b
  recommend a "A" -> c
  recommend b "B" -> r
  recommend e "E"
  choose c "C":
    preferred one "One" when strong
    fallback two "Two" unless offer
    acceptable three "Three" when about
    -> r
  review r "R":
    on disease_status is progression -> e
pathway q "Q":
  recommend z "Z"
"""
FACTS = ("er_status = positive", "fit = yes", "pregnant = no")


def failures(*expectations: str, given: tuple[str, ...] = FACTS, more: str = "") -> list[str]:
    lines = [f"given {fact}" for fact in given] + list(expectations)
    text = 'case k "K":\n  as of 2019-03-01\n' + "".join(f"  {line}\n" for line in lines) + more
    return [d.message for d in case(GUIDELINE + text).failures]


@pytest.mark.parametrize(
    "expectation",
    [
        "recommends a", "recommends p.a", "recommends c.one", "recommends p.c.one",
        "recommends c.one preferred", "not b", 'not b because "D"', "not c.two",
        'not c.two because "Offer"', "not q.z", "waits at r", "waits at p.r", "status complete",
        "strong is yes", "about is no",
    ],
)  # fmt: skip
def test_an_expectation_that_is_met_passes(expectation: str) -> None:
    assert failures(expectation) == []


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        ("recommends b", "`b` is not given: D: Fit for chemotherapy"),
        ("recommends c.two", "`c.two` is not given: not when: Offer"),
        ("recommends c.one fallback", "`c.one` is preferred"),
        ("recommends a preferred", "`a` is not an option, so it has no rank"),
        ("may recommend a", "`a` is given"),
        ("may recommend c.two", "`c.two` is not given: not when: Offer"),
        ("may recommend b", "`b` is not given: D: Fit for chemotherapy"),
        ("not a", "`a` is given"),
        ("not c.one", "`c.one` is given"),
        (
            'not b because "nonsense"',
            "`b` is not given for another reason: D: Fit for chemotherapy",
        ),
        (
            'not c.two because "nonsense"',
            "`c.two` is not given for another reason: not when: Offer",
        ),
        ("asks pregnant", "`pregnant` is not asked for; asked are: none"),
        ("status needs_data", "the status is `complete`"),
        ("strong is no", "`strong` is yes"),
        ("strong is unknown", "`strong` is yes"),
        ("refused", "the data should be refused, and they are accepted"),
    ],
)
def test_an_expectation_that_is_not_met_says_what_came_out(expectation: str, message: str) -> None:
    assert failures(expectation) == [message]


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        ("may recommend a", None),
        ("may recommend b", None),
        ("may recommend c.one", None),
        ("asks fit", None),
        ("status needs_data", None),
        ("strong is unknown", None),
        ("recommends a", "`a` is possible only: not known are fit"),
        ("not a", "`a` is possible"),
        ("strong is yes", "`strong` is unknown"),
        ("asks lvef", "`lvef` is not asked for; asked are: fit, pregnant"),
        ("waits at r", None),
    ],
)
def test_what_is_not_known_is_possible(expectation: str, message: str | None) -> None:
    found = failures(expectation, given=("er_status = positive",))
    if message is None or expectation.startswith("asks lvef"):
        assert all("lvef" in m for m in found) or not found
    else:
        assert found == [message]


def test_a_case_may_say_that_its_data_are_refused() -> None:
    broken = ("fit = yes", "heart_failure = yes")
    assert failures("refused", given=broken) == []
    assert failures('refused because "No heart failure"', given=broken) == []
    (message,) = failures('refused because "age"', given=broken)
    assert message.startswith("the data are refused for another reason: patient `k` cannot be")
    (message,) = failures("recommends a", given=broken)
    assert message.startswith("the data of this case are refused: patient `k` cannot be")


def test_every_failure_of_a_case_is_told_in_order() -> None:
    assert len(failures("recommends b", "not a", "status needs_data")) == 3


def test_settings_readings_and_another_pathway_are_used() -> None:
    assert failures("setting offer = no", "recommends c.two") == []
    assert failures("reading about is wide", "recommends c.three", "about is yes") == []
    assert failures("pathway q", "recommends z") == []


def test_facts_of_earlier_visits_keep_the_day_of_their_visit() -> None:
    assert (
        failures(
            "recommends a",
            "waits at r",
            more="""  visit "Nothing new":
    as of 2019-06-01
    may recommend e
    waits at r
    fit is yes
  visit "Progression":
    as of 2019-09-01
    given disease_status = progression
    recommends e
""".replace("    fit is yes\n", "    strong is yes\n"),
        )
        == []
    )


def test_a_fact_with_a_date_is_read_by_its_date() -> None:
    late = "given disease_status = progression on 2019-02-01"
    more = '  visit "Later":\n    as of 2019-06-01\n    {}\n    {} e\n'
    assert failures(more=more.format(late, "not")) == [
        "`e` is possible"
    ]  # of before the review, so that nothing is known
    assert failures(more=more.format(late.replace("02-01", "05-01"), "recommends")) == []


def test_the_first_visit_that_is_refused_ends_the_case() -> None:
    more = '  visit "Impossible":\n    as of 2019-06-01\n    given heart_failure = yes\n    given fit = yes\n    refused\n'
    assert failures(more=more) == []


def test_a_failure_stands_at_its_line() -> None:
    text = (
        GUIDELINE
        + 'case k "K":\n  as of 2019-03-01\n  given er_status = positive\n  given fit = yes\n  recommends b\n'
    )
    (failure,) = case(text).failures
    assert failure.code == "case-failed"
    assert failure.span.text == "recommends b"
