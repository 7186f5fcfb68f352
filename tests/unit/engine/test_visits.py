"""Reviews, what a later visit sees, and the enactment between visits."""

import json

import pytest

from pathway_compiler.engine.enactment import (
    EnactmentError,
    LoggedDecision,
    advance,
    enactment_from_json,
    enactment_to_json,
    log_decision,
)
from unit.engine.running import (
    compiled,
    day,
    found,
    given,
    not_given,
    possible,
    run,
    states,
    visits,
    waiting,
)

FIRST, SECOND, THIRD = "2019-03-01", "2019-06-01", "2019-09-01"

TREATMENT = """pathway p "P":
  standing s "S"
  recommend first "First" -> response
  review response "Response":
    every 3 months
    on disease_status is progression "Progression" -> second
    on disease_status is stable "Stable" -> response
  recommend second "Second":
    give capecitabine
"""


def dated(value: object, on: str) -> dict[str, object]:
    return {"value": value, "date": on}


def test_a_visit_goes_on_from_the_review_where_the_patient_waits() -> None:
    first, second = visits(
        TREATMENT, (FIRST, {}), (SECOND, {"disease_status": dated("progression", SECOND)})
    )
    assert given(first) == {"first", "s"}
    assert waiting(first) == {"p.response"}
    assert given(second) == {"second", "s"}
    assert waiting(second) == set()
    assert "first" in not_given(second)


@pytest.mark.parametrize(
    ("on", "seen"), [("2019-02-28", False), (FIRST, False), ("2019-03-02", True)]
)
def test_a_later_visit_reads_what_is_dated_after_the_review_began(on: str, seen: bool) -> None:
    _, second = visits(
        TREATMENT, (FIRST, {}), (SECOND, {"disease_status": dated("progression", on)})
    )
    assert ("second" in given(second)) is seen
    assert ("second" in possible(second)) is not seen


def test_a_date_too_coarse_to_tell_is_asked_for_again() -> None:
    _, second = visits(
        TREATMENT, (FIRST, {}), (SECOND, {"disease_status": dated("progression", "2019")})
    )
    assert possible(second) == {"second"}
    assert [n.element for n in second.needs] == ["disease_status"]


def test_an_answer_may_lead_back_to_the_review() -> None:
    _, second, third = visits(
        TREATMENT,
        (FIRST, {}),
        (SECOND, {"disease_status": dated("stable", SECOND)}),
        (THIRD, {"disease_status": dated("stable", SECOND)}),
    )
    assert [(w.node, str(w.since)) for w in second.waiting] == [("response", SECOND)]
    # The stable disease of the second visit is no news at the third.
    assert possible(third) == {"second"}
    assert [(w.node, str(w.since)) for w in third.waiting] == [("response", SECOND)]


def test_no_answer_keeps_the_patient_waiting() -> None:
    _, second = visits(
        TREATMENT, (FIRST, {}), (SECOND, {"disease_status": dated("response", SECOND)})
    )
    assert given(second) == {"s"}
    assert [(w.node, str(w.since)) for w in second.waiting] == [("response", FIRST)]
    assert [(r.id, str(r.since)) for r in second.reviews] == [("p.response", FIRST)]


def test_undated_facts_are_of_now() -> None:
    _, second = visits(TREATMENT, (FIRST, {}), (SECOND, {"disease_status": "progression"}))
    assert "second" in given(second)


def scoped(condition: str, declared: str = "") -> str:
    return f"""{declared}pathway p "P":
  recommend first "First" -> response
  review response "Response":
    on {condition} "Yes" -> second
  recommend second "Second"
"""


@pytest.mark.parametrize(
    ("text", "facts", "seen"),
    [
        (scoped("heart_failure"), {"heart_failure": dated(True, "2018-01-01")}, False),
        (scoped("ever heart_failure"), {"heart_failure": dated(True, "2018-01-01")}, True),
        (scoped("years between birth_date and today > 50 years"),
         {"birth_date": dated("1960-01-01", "2018-01-01")}, True),
        (scoped("any t in prior_therapies where t.agent is a taxane"),
         {"prior_therapies": [{"agent": "paclitaxel", "started": "2018-01-01"}]}, False),
        (scoped("any t in prior_therapies where t.agent is a taxane"),
         {"prior_therapies": [{"agent": "paclitaxel", "started": "2019-04-01"}]}, True),
        (scoped("any t in (ever prior_therapies) where t.agent is a taxane"),
         {"prior_therapies": [{"agent": "paclitaxel", "started": "2018-01-01"}]}, True),
        (scoped("weak", 'define weak "W": boolean = heart_failure and fit\n'),
         {"heart_failure": dated(True, "2018-01-01"), "fit": True}, False),
        (scoped("ever weak", 'define weak "W": boolean = heart_failure and fit\n'),
         {"heart_failure": dated(True, "2018-01-01"), "fit": True}, True),
    ],
)  # fmt: skip
def test_only_lasting_facts_and_ever_reach_behind_the_review(
    text: str, facts: dict[str, object], seen: bool
) -> None:
    _, second = visits(text, (FIRST, {}), (SECOND, facts))
    assert ("second" in given(second)) is seen


def test_records_before_the_review_are_left_out_and_undated_ones_left_open() -> None:
    text = scoped("no t in prior_therapies where t.agent is a taxane")
    old = [{"agent": "paclitaxel", "started": "2018-01-01"}]
    assert "second" in given(visits(text, (FIRST, {}), (SECOND, {"prior_therapies": old}))[1])
    open_ = [{"agent": "paclitaxel"}]
    assert "second" in possible(visits(text, (FIRST, {}), (SECOND, {"prior_therapies": open_}))[1])


SEVERAL = """pathway p "P":
  together t "T":
    -> one, two
  review one "One":
    on fit -> a
  review two "Two":
    on pregnant -> b
  recommend a "A"
  recommend b "B"
"""


def test_a_patient_may_wait_at_several_reviews() -> None:
    first, second, third = visits(
        SEVERAL,
        (FIRST, {}),
        (SECOND, {"fit": dated(True, SECOND), "pregnant": dated(False, SECOND)}),
        (THIRD, {"fit": dated(True, SECOND), "pregnant": dated(True, THIRD)}),
    )
    assert waiting(first) == {"p.one", "p.two"}
    assert given(second) == {"a"}
    assert waiting(second) == {"p.two"}
    assert given(third) == {"b"}
    assert waiting(third) == set()


OUTER = """pathway p "P":
  standing s "Outer"
  follow q as inner
pathway q "Q":
  standing k "Inner"
  decision d "D":
    when fit -> r
    otherwise -> b
  review r "R":
    on pregnant -> a
  recommend a "A"
  recommend b "B"
"""


def test_what_stands_outside_holds_while_the_patient_waits_inside() -> None:
    first, second = visits(
        OUTER, (FIRST, {"fit": True}), (SECOND, {"pregnant": dated(False, SECOND)})
    )
    assert given(first) == {"s", "q.k"}
    assert waiting(first) == {"q.r"}
    assert given(second) == {"s", "q.k"}


def test_what_stands_outside_holds_while_the_inside_is_not_settled() -> None:
    first, again, later = visits(OUTER, (FIRST, {}), (FIRST, {}), (SECOND, {"fit": False}))
    assert given(first) == given(again) == {"s", "q.k"}
    assert waiting(first) == waiting(again) == {"q.(start)"}
    assert given(later) == {"s", "q.k", "q.b"}
    assert waiting(later) == set()


def test_an_unsettled_start_is_entered_again() -> None:
    text = """pathway p "P":
  decision d "D":
    when fit -> a
    otherwise -> b
  recommend a "A"
  recommend b "B"
"""
    first, second, third = visits(text, (FIRST, {}), (SECOND, {"fit": True}), (THIRD, {}))
    assert waiting(first) == {"p.(start)"}
    assert given(second) == {"a"}
    assert waiting(second) == set()
    # Nothing is left to wait for; without a place to go on from, the run begins anew.
    assert waiting(third) == {"p.(start)"}


def test_a_run_is_a_function_of_facts_and_day() -> None:
    facts = {"disease_status": dated("progression", SECOND), "fit": True}
    backwards = dict(reversed(facts.items()))
    one = visits(TREATMENT, (FIRST, {}), (SECOND, facts))[1]
    two = visits(TREATMENT, (FIRST, {}), (SECOND, backwards))[1]
    assert (one.recommendations, one.needs, one.waiting) == (
        two.recommendations,
        two.needs,
        two.waiting,
    )


# --- enactments -----------------------------------------------------------------------------------


def test_advancing_twice_with_one_visit_changes_nothing() -> None:
    outcome = run(TREATMENT, as_of=FIRST)
    once = advance(None, outcome)
    assert advance(once, outcome) == once


def test_the_days_of_all_visits_are_kept() -> None:
    enactment = None
    for on in (FIRST, SECOND, SECOND):
        outcome = run(TREATMENT, as_of=on, enactment=enactment)
        enactment = advance(enactment, outcome)
    assert enactment is not None
    assert [str(v) for v in enactment.visits] == [FIRST, SECOND]


def test_an_enactment_survives_json() -> None:
    outcome = run(OUTER, {"fit": True}, as_of=FIRST)
    enactment = advance(None, outcome)
    enactment = log_decision(
        enactment,
        outcome,
        LoggedDecision("s", "declined", day(FIRST), reason="The patient’s wish", by="Dr. Ruiz"),
    )
    data = json.loads(json.dumps(enactment_to_json(enactment)))
    assert enactment_from_json(data, compiled(OUTER)) == enactment


def test_a_decision_is_logged_once_under_its_full_name() -> None:
    text = 'pathway p "P":\n  choose c "C" any of:\n    option o "O"\n'
    outcome = run(text)
    entry = LoggedDecision("c", "chosen", day(FIRST), option="o")
    once = log_decision(advance(None, outcome), outcome, entry)
    assert [(e.recommendation, e.option) for e in once.log] == [("p.c", "p.c.o")]
    assert log_decision(once, outcome, entry) == once
    assert states(run(text, enactment=once), "p.c") == states(outcome, "p.c")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (LoggedDecision("nothing", "accepted", day(FIRST)), "`nothing` is not recommended"),
        (LoggedDecision("c", "chosen", day(FIRST), option="x"), "has no option `x`"),
    ],
)
def test_a_decision_about_what_is_not_recommended_is_refused(
    entry: LoggedDecision, message: str
) -> None:
    outcome = run('pathway p "P":\n  choose c "C" any of:\n    option o "O"\n')
    with pytest.raises(EnactmentError, match=message):
        log_decision(advance(None, outcome), outcome, entry)


def good() -> dict[str, object]:
    return enactment_to_json(advance(None, run(OUTER, {"fit": True}, as_of=FIRST)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "pathway-enactment/9"}, "no enactment"),
        ({"guideline": "other"}, "belongs to guideline `other`"),
        ({"pathway": "gone"}, "no pathway `gone` any more"),
        ({"pathway": 3}, "`pathway` is missing or no text"),
        ({"waiting": "r"}, "`waiting` is no list"),
        ({"waiting": ["r"]}, "a waiting point is no object"),
        ({"waiting": [{"pathway": "q", "node": "gone", "via": ["inner"], "since": FIRST}]},
         "pathway `q` has no review `gone` any more"),
        ({"waiting": [{"pathway": "q", "node": "d", "via": ["inner"], "since": FIRST}]},
         "pathway `q` has no review `d` any more"),
        ({"waiting": [{"pathway": "q", "node": "r", "via": ["gone"], "since": FIRST}]},
         "pathway `p` has no node `gone` that follows"),
        ({"waiting": [{"pathway": "q", "node": "r", "via": [], "since": FIRST}]},
         "the way to `q` leads to `p` now"),
        ({"waiting": [{"pathway": "q", "node": "r", "via": ["inner"], "since": None}]},
         "does not say since when"),
        ({"waiting": [{"pathway": "q", "node": "r", "via": ["inner"], "since": "2019-03"}]},
         "`2019-03` is not a full date"),
        ({"visits": [20190301]}, "`20190301` is not a full date"),
        ({"visits": ["2019-02-30"]}, "`2019-02-30` is not a full date"),
        ({"decisions": ["x"]}, "a logged decision is no object"),
        ({"decisions": [{"recommendation": "p.s", "decision": "maybe", "on": FIRST}]},
         "`maybe` is no decision"),
        ({"decisions": [{"decision": "accepted", "on": FIRST}]},
         "`recommendation` is missing or no text"),
    ],
)  # fmt: skip
def test_an_enactment_that_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(EnactmentError, match=message):
        enactment_from_json({**good(), **change}, compiled(OUTER))


@pytest.mark.parametrize("data", [None, [], "text", 3, {}])
def test_what_is_no_enactment_is_refused(data: object) -> None:
    with pytest.raises(EnactmentError, match="no enactment"):
        enactment_from_json(data, compiled(OUTER))


def test_the_recommendation_of_a_later_visit_says_by_which_answer() -> None:
    _, second = visits(
        TREATMENT, (FIRST, {}), (SECOND, {"disease_status": dated("progression", SECOND)})
    )
    recommendation = found(second, "p.second")
    assert [(b.question, b.answer, dict(b.facts)) for b in recommendation.because] == [
        ("Response", "Progression", {"disease_status": "progression"})
    ]
    assert recommendation.route[0].answer == "Progression"
