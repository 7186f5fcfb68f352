"""Strong Kleene logic, as CQL 1.5 defines it, through the language itself."""

from itertools import product

import pytest

from unit.engine.running import value

T, F, U = True, False, None
TRUTHS = (T, U, F)
WORDS = {True: "yes", False: "no", None: "unknown"}
FACTS = ("fit", "pregnant", "heart_failure")


def patient(*truths: bool | None) -> dict[str, object]:
    return {name: t for name, t in zip(FACTS, truths, strict=False) if t is not None}


def completions(truths: tuple[bool | None, ...]) -> list[tuple[bool, ...]]:
    return list(product(*((True, False) if t is None else (t,) for t in truths)))


def agreed(results: set[bool]) -> bool | None:
    """What all completions say, if they say the same."""
    return results.pop() if len(results) == 1 else None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (T, T, T),
        (T, U, U),
        (T, F, F),
        (U, T, U),
        (U, U, U),
        (U, F, F),
        (F, T, F),
        (F, U, F),
        (F, F, F),
    ],
)
def test_and_is_false_if_a_side_is_false_and_else_unknown_if_one_is(
    left: bool | None, right: bool | None, expected: bool | None
) -> None:
    """CQL 1.5 `And`: false if either is false, null if either is null, else true."""
    assert value("fit and pregnant", patient(left, right)) == WORDS[expected]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (T, T, T),
        (T, U, T),
        (T, F, T),
        (U, T, T),
        (U, U, U),
        (U, F, U),
        (F, T, T),
        (F, U, U),
        (F, F, F),
    ],
)
def test_or_is_true_if_a_side_is_true_and_else_unknown_if_one_is(
    left: bool | None, right: bool | None, expected: bool | None
) -> None:
    """CQL 1.5 `Or`: true if either is true, null if either is null, else false."""
    assert value("fit or pregnant", patient(left, right)) == WORDS[expected]


@pytest.mark.parametrize(("operand", "expected"), [(T, F), (U, U), (F, T)])
def test_not_leaves_the_unknown_unknown(operand: bool | None, expected: bool | None) -> None:
    """CQL 1.5 `Not`: null if the operand is null."""
    assert value("not fit", patient(operand)) == WORDS[expected]


@pytest.mark.parametrize("truths", list(product(TRUTHS, repeat=3)))
@pytest.mark.parametrize("number", [0, 1, 2, 3])
@pytest.mark.parametrize("kind", ["at least", "at most", "exactly"])
def test_thresholds_say_what_all_completions_say(
    kind: str, number: int, truths: tuple[bool | None, ...]
) -> None:
    """CQL 1.5 `Count` of the true ones, compared; decided where no unknown one can change it."""
    compare = {
        "at least": lambda n: n >= number,
        "at most": lambda n: n <= number,
        "exactly": lambda n: n == number,
    }[kind]
    expected = agreed({compare(sum(c)) for c in completions(truths)})
    text = f"{kind} {number} of ({', '.join(FACTS)})"
    assert value(text, patient(*truths)) == WORDS[expected]


LISTS = [
    [],
    ["toxicity"],
    ["progression"],
    [None],
    ["toxicity", "progression"],
    ["toxicity", None],
    ["progression", None],
]


def therapies(stopped: list[str | None], complete: bool) -> dict[str, object]:
    items = [
        {"agent": "paclitaxel", **({} if why is None else {"stopped_for": why})} for why in stopped
    ]
    return {"prior_therapies": {"items": items, "complete": complete}}


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("stopped", LISTS)
def test_any_is_the_or_over_the_list(stopped: list[str | None], complete: bool) -> None:
    """CQL 1.5 `Exists` of a filtered list; over an incomplete list never false."""
    truths = tuple(None if why is None else why == "toxicity" for why in stopped)
    expected = agreed({any(c) for c in completions(truths)})
    if not complete and expected is False:
        expected = None
    text = "any t in prior_therapies where t.stopped_for is toxicity"
    assert value(text, therapies(stopped, complete)) == WORDS[expected]
    negated = None if expected is None else not expected
    text = "no t in prior_therapies where t.stopped_for is toxicity"
    assert value(text, therapies(stopped, complete)) == WORDS[negated]


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("stopped", LISTS)
def test_every_is_the_and_over_the_list(stopped: list[str | None], complete: bool) -> None:
    """CQL 1.5 `AllTrue`; over an incomplete list never true, over an empty one true."""
    truths = tuple(None if why is None else why == "toxicity" for why in stopped)
    expected = agreed({all(c) for c in completions(truths)})
    if not complete and expected is True:
        expected = None
    text = "every t in prior_therapies where t.stopped_for is toxicity"
    assert value(text, therapies(stopped, complete)) == WORDS[expected]


@pytest.mark.parametrize(
    ("items", "complete", "expected"),
    [([], True, "no"), ([], False, "unknown"), ([{}], True, "yes"), ([{}], False, "yes")],
)
def test_any_without_where_asks_whether_there_is_a_record(
    items: list[object], complete: bool, expected: str
) -> None:
    facts = {"prior_therapies": {"items": items, "complete": complete}}
    assert value("any t in prior_therapies", facts) == expected


@pytest.mark.parametrize(
    "text",
    [
        "any t in prior_therapies where t.agent is a taxane",
        "no t in prior_therapies where t.agent is a taxane",
        "every t in prior_therapies where t.agent is a taxane",
        "any t in prior_therapies",
        "(number of t in prior_therapies where t.agent is a taxane) > 0",
        "number of prior_therapies >= 1",
        "prior_therapies is empty",
    ],
)
def test_a_list_nobody_recorded_is_unknown_and_not_empty(text: str) -> None:
    assert value(text) == "unknown"


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("tumour_size {} 2 cm", {}),
        ("2 cm {} tumour_size", {}),
        ("involved_nodes {} brain_metastases", {"involved_nodes": 1}),
        ("involved_nodes {} brain_metastases", {"brain_metastases": 1}),
        ("relapse_date {} diagnosis_date", {"diagnosis_date": "2016-01-01"}),
        ("performance {} ecog_2", {}),
        ("involved_nodes {} unknown", {"involved_nodes": 1}),
        ("unknown {} involved_nodes", {"involved_nodes": 1}),
    ],
)
def test_a_comparison_with_an_unknown_side_is_unknown(
    text: str, facts: dict[str, object], operator: str
) -> None:
    """CQL 1.5 `Equal`, `Less` and the others: null if either side is null."""
    assert value(text.format(operator), facts) == "unknown"


def test_an_unknown_is_not_even_equal_to_itself() -> None:
    """CQL 1.5 `Equal`: null = null is null."""
    assert value("involved_nodes = involved_nodes") == "unknown"
    assert value("unknown = unknown or yes") == "yes"


@pytest.mark.parametrize(
    ("expression", "facts", "known"),
    [
        ("fit", {}, "no"),
        ("fit", {"fit": False}, "yes"),
        ("fit", {"fit": {"unknown": "asked but not known"}}, "no"),
        ("(fit and pregnant)", {"fit": False}, "yes"),
        ("(fit and pregnant)", {"fit": True}, "no"),
        ("sites", {"sites": {"items": [], "complete": False}}, "yes"),
        ("(months between diagnosis_date and today)", {"diagnosis_date": "2016"}, "yes"),
        ("(latest b in biopsies by taken)", {"biopsies": []}, "no"),
        ("(latest b in biopsies by taken)", {"biopsies": [{"taken": "2016"}]}, "yes"),
        (
            "(latest b in biopsies by taken)",
            {"biopsies": [{"taken": "2016"}, {"taken": "2016-05"}]},
            "no",
        ),
        ("(latest b in biopsies by taken).er", {"biopsies": [{"taken": "2016"}]}, "no"),
    ],
)
def test_is_known_is_always_known(expression: str, facts: dict[str, object], known: str) -> None:
    """CQL 1.5 `IsNull`: never null itself."""
    opposite = {"yes": "no", "no": "yes"}[known]
    assert value(f"{expression} is known", facts) == known
    assert value(f"{expression} is unknown", facts) == opposite
    assert value(f"not ({expression} is known)", facts) == opposite
