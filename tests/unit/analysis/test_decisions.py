"""Proofs about decisions and definitions, against trying every patient of a small world."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from markdown_tests import PRELUDES
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.driver import check_text

HEADER = 'guideline g "G":\n  version "1"\n  grading uspstf\n  entry p\n'
PRELUDE = (PRELUDES / "breast.pathway").read_text(encoding="utf-8")
CODES = ("decision-gap", "decision-overlap", "dead-row", "not-decided")


def findings(text: str) -> list[Diagnostic]:
    found = check_text(HEADER + text + PRELUDE)
    unexpected = [d for d in found if d.severity == "error" and d.code not in CODES]
    assert not unexpected, unexpected
    return [d for d in found if d.code in CODES]


def decision(*branches: str, kind: str = "", more: str = "") -> list[str]:
    """The codes found for a decision with these branches, each to a node of its own."""
    lines = "".join(f"    {b} -> n{i}\n" for i, b in enumerate(branches))
    nodes = "".join(f'  end n{i} "N"\n' for i in range(len(branches)))
    text = f'{more}pathway p "P":\n  decision d "D"{kind}:\n{lines}{nodes}'
    return [d.code for d in findings(text)]


GAP, OVERLAP, DEAD, NOT_CHECKED = [[code] for code in CODES]
FIRST = " first match"


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        (["when fit", "when not fit"], []),
        (["when fit"], GAP),
        (["when fit", "when pregnant"], [*GAP, *OVERLAP]),
        (["when fit", "when pregnant and not fit", "otherwise"], []),
        (["when fit", "otherwise"], []),
        (["when her2_status is positive", "when her2_status is negative"], []),
        (["when tumour is t1", "when tumour is t2", "when tumour is t3"], []),
        (["when tumour is t1", "when tumour is t2"], GAP),
        (["when tumour is t1", "when tumour is t1c", "otherwise"], OVERLAP),
        (["when tumour <= t1", "when tumour > t1"], []),
        (["when tumour < t1c", "when tumour >= t1c"], []),
        (["when tumour <= t1", "when tumour > t2"], GAP),
        (["when tumour <= t1c", "when tumour = t1", "otherwise"], OVERLAP),
        (["when performance < ecog_2", "when performance >= ecog_2"], []),
        (["when performance < ecog_2", "when performance > ecog_2"], GAP),
        # Numbers: at, below, above and between the limits, within the range of the element.
        (["when lvef < 50 %", "when lvef >= 50 %"], []),
        (["when lvef < 50 %", "when lvef > 50 %"], GAP),
        (["when lvef <= 50 %", "when lvef >= 50 %"], OVERLAP),
        (["when lvef <= 99.5 %"], GAP),
        (["when lvef >= 0.5 %"], GAP),
        (["when lvef >= 0 %", "when lvef > 99 %", "otherwise"], OVERLAP),
        (["when lvef <= 100 %"], []),
        (["when lvef < 40 %", "when lvef >= 40 % and lvef < 50 %", "when lvef >= 50 %"], []),
        (["when lvef < 40 %", "when lvef > 40 % and lvef < 50 %", "when lvef >= 50 %"], GAP),
        (["when tumour_size > 30 mm", "when tumour_size <= 3 cm"], []),
        (["when tumour_size > 30 mm", "when 3.1 cm > tumour_size"], OVERLAP),
        # Counts have nothing between two neighbours.
        (["when involved_nodes <= 2", "when involved_nodes >= 3"], []),
        (["when involved_nodes < 2.5", "when involved_nodes > 2.5"], []),
        (["when involved_nodes < 2", "when involved_nodes > 2"], GAP),
        (["when involved_nodes <= 2", "when involved_nodes >= 4"], GAP),
        (["when involved_nodes >= 0"], []),
        (["when involved_nodes >= 1"], GAP),
        (["when involved_nodes < brain_metastases", "when involved_nodes >= brain_metastases"], []),
        (["when involved_nodes < brain_metastases", "when involved_nodes > brain_metastases"], GAP),
        # Sets.
        (["when sites contains bone", "when not sites contains bone"], []),
        (["when sites contains bone", "when sites is empty"], GAP),
        (["when sites contains liver", "when not sites contains visceral", "otherwise"], []),
        (["when sites contains visceral", "when not sites contains liver", "otherwise"], OVERLAP),
        (["when sites contains bone", "when sites is empty", "otherwise"], []),
        (
            [
                "when not_tolerated bars taxane",
                "when not not_tolerated bars paclitaxel",
                "otherwise",
            ],
            [],
        ),
        # Being known.
        (["when fit is known and fit", "when fit is known and not fit", "when fit is unknown"], []),
        (["when fit is known", "when not fit"], OVERLAP),
        (["when at least 1 of (fit, pregnant)", "when at most 0 of (fit, pregnant)"], []),
        (["when exactly 1 of (fit, pregnant)", "when at least 2 of (fit, pregnant)"], GAP),
    ],
)
def test_a_plain_decision_leaves_nobody_out_and_takes_nobody_twice(
    branches: list[str], expected: list[str]
) -> None:
    assert sorted(decision(*branches)) == sorted(expected)


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        (["when fit", "when pregnant", "otherwise"], []),
        (["when fit", "when fit and pregnant", "otherwise"], DEAD),
        (["when fit", "when not fit", "otherwise"], DEAD),
        (["when fit", "when pregnant"], GAP),
        (["when lvef < 50 %", "when lvef < 40 %", "otherwise"], DEAD),
        (["when lvef < 40 %", "when lvef < 50 %", "otherwise"], []),
        (["when lvef <= 99.5 %", "when lvef > 99.5 %"], []),
        (["when tumour is t1", "when tumour is t1c", "otherwise"], DEAD),
        (["when tumour is t1c", "when tumour is t1", "otherwise"], []),
        (["when sites contains visceral", "when sites contains liver", "otherwise"], DEAD),
    ],
)
def test_in_first_match_somebody_takes_each_branch(
    branches: list[str], expected: list[str]
) -> None:
    assert decision(*branches, kind=FIRST) == expected


def test_all_that_apply_owes_nothing() -> None:
    assert decision("when fit", "when fit", kind=" all that apply") == []


def test_branches_to_one_place_may_overlap() -> None:
    text = """pathway p "P":
  decision d "D":
    when fit -> a
    when pregnant -> a
    otherwise -> b
  end a "A"
  end b "B"
"""
    assert findings(text) == []


# --- context ----------------------------------------------------------------------------------------


def test_what_holds_before_a_decision_is_known_in_it() -> None:
    text = """pathway p "P":
  applies when lvef >= 40 %
  decision d "D":
    when fit -> e
    otherwise -> z
  decision e "E":
    when fit and lvef >= 50 % -> a
    when lvef >= 40 % and lvef < 50 % -> b
  end a "A"
  end b "B"
  end z "Z"
"""
    assert findings(text) == []
    (gap,) = findings(text.replace("lvef >= 40 % and", "lvef > 40 % and"))
    assert gap.code == "decision-gap"


def test_the_answers_above_are_known_in_first_match_and_otherwise() -> None:
    for kind, second in ((" first match", "when pregnant -> z\n    otherwise"), ("", "otherwise")):
        text = f"""pathway p "P":
  decision d "D"{kind}:
    when fit -> z
    {second} -> e
  decision e "E":
    when not fit -> z
  end z "Z"
"""
        assert findings(text) == []


def test_where_routes_meet_only_what_all_of_them_know_is_known() -> None:
    text = """pathway p "P":
  decision d "D" all that apply:
    when fit -> e
    when pregnant -> e
  decision e "E":
    when fit -> a
    when pregnant and not fit -> b
  end a "A"
  end b "B"
"""
    assert findings(text) == []
    (gap,) = findings(text.replace("when pregnant -> e", "when heart_failure -> e"))
    assert gap.code == "decision-gap"


def test_after_a_review_nothing_of_the_first_visit_is_known() -> None:
    text = """pathway p "P":
  applies when fit
  review r "R":
    on pregnant -> d
  decision d "D":
    when fit -> a
  end a "A"
"""
    assert [f.code for f in findings(text)] == ["decision-gap"]


def test_a_constraint_rules_patients_out() -> None:
    constraint = 'constraint "C": fit or pregnant\n'
    assert decision("when fit", "when pregnant and not fit", more=constraint) == []
    assert decision("when fit", "when pregnant and not fit") == GAP


def test_definitions_and_readings_are_looked_into() -> None:
    more = """define risk "R" first match: one of low | middle | high
  high when lvef < 40 %
  middle when lvef < 50 %
  low otherwise
reading strong "S?":
  chosen one "One": lvef >= 50 %
  alternative two "Two": fit
"""
    assert decision("when risk is low", "when lvef < 50 %", more=more) == []
    assert decision("when risk is one of (low, middle)", "when lvef <= 40 %", more=more) == OVERLAP
    assert decision("when strong", "when risk is not low", more=more) == []


# --- definitions ------------------------------------------------------------------------------------

END = 'pathway p "P":\n  end done "Done"\n'


@pytest.mark.parametrize(
    ("rows", "kind", "expected"),
    [
        (["u when fit", "v when not fit"], "", []),
        (["u when fit", "v when pregnant"], "", [*GAP, *OVERLAP]),
        (["u when fit", "u when pregnant", "v otherwise"], "", []),
        (["u when fit", "v otherwise"], "", []),
        (["u when fit", "v when fit and pregnant", "u otherwise"], FIRST, DEAD),
        (["u when lvef < 50 %", "v when lvef > 50 %"], "", GAP),
    ],
)
def test_a_definition_gives_each_patient_one_value(
    rows: list[str], kind: str, expected: list[str]
) -> None:
    lines = "".join(f"  {row}\n" for row in rows)
    text = f'define x "X"{kind}: one of u | v\n{lines}{END}'
    assert sorted(d.code for d in findings(text)) == sorted(expected)


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("branches", "words"),
    [
        (["when fit"], "a patient with Fit for chemotherapy: no"),
        (["when her2_status is positive"], "a patient with HER2 status: Negative"),
        (["when lvef > 50 %"], "a patient with Left ventricular ejection fraction: 25 %"),
        (["when sites contains bone"], "a patient with Metastatic sites: none"),
        (["when tumour < t3"], "a patient with Primary tumour: T3"),
    ],
)
def test_a_gap_is_told_by_a_patient(branches: list[str], words: str) -> None:
    lines = "".join(f"    {b} -> n\n" for b in branches)
    (gap,) = findings(f'pathway p "P":\n  decision d "D":\n{lines}  end n "N"\n')
    assert gap.message == f"no branch of `d` covers {words}"
    assert gap.span.text == "d"


def test_an_overlap_shows_both_branches() -> None:
    (overlap,) = findings("""pathway p "P":
  decision d "D":
    when fit "One" -> a
    when pregnant "Two" -> b
    otherwise -> c
  end a "A"
  end b "B"
  end c "C"
""")
    assert overlap.message == (
        "2 branches of `d` hold for a patient with Fit for chemotherapy: yes; Pregnant: yes"
    )
    assert overlap.span.text == 'when fit "One" -> a'
    assert [label.span.text for label in overlap.labels] == ['when pregnant "Two" -> b']


# --- sizes ------------------------------------------------------------------------------------------


def booleans(count: int) -> str:
    return "".join(f'element e{n} "E{n}": boolean\n' for n in range(count))


def test_a_decision_about_very_many_facts_is_decided() -> None:
    names = " or ".join(f"e{n}" for n in range(40))
    assert decision(f"when {names}", "when fit", more=booleans(40)) == [*GAP, *OVERLAP]
    assert decision(f"when {names}", f"when not ({names})", more=booleans(40)) == []
    assert decision(f"when {names}", "otherwise", more=booleans(40)) == []


def test_many_decisions_in_a_row_whose_answers_meet_are_checked() -> None:
    count = 60
    text = booleans(count) + 'pathway p "P":\n'
    for n in range(count):
        text += (
            f'  decision d{n} "D":\n    when e{n} -> a{n}\n    otherwise -> b{n}\n'
            f'  recommend a{n} "A" -> d{n + 1}\n  recommend b{n} "B" -> d{n + 1}\n'
        )
    assert findings(text + f'  end d{count} "End"\n') == []


def test_many_plain_decisions_in_a_row_are_checked() -> None:
    count = 60
    text = booleans(count) + 'pathway p "P":\n'
    for n in range(count):
        text += (
            f'  decision d{n} "D":\n    when e{n} -> a{n}\n    when not e{n} -> b{n}\n'
            f'  recommend a{n} "A" -> d{n + 1}\n  recommend b{n} "B" -> d{n + 1}\n'
        )
    assert findings(text + f'  end d{count} "End"\n') == []


def test_a_long_chain_of_decisions_is_checked() -> None:
    count = 400
    text = booleans(count) + 'pathway p "P":\n'
    for n in range(count):
        text += f'  decision d{n} "D":\n    when e{n} -> d{n + 1}\n    when not e{n} -> z\n'
    assert findings(text + f'  end d{count} "End"\n  end z "Z"\n') == []


def test_definitions_that_double_at_each_step_are_decided() -> None:
    # With `pregnant` all of them hold; without it each is the opposite of the one before.
    more = 'define d0 "D": boolean = fit\n' + "".join(
        f'define d{n} "D": boolean = d{n - 1} and pregnant or not d{n - 1}\n' for n in range(1, 60)
    )
    assert decision("when d59", "when not d59 and fit", more=more) == []
    assert decision("when d58", "when not d58 and fit", more=more) == GAP
    assert decision("when d59", "when fit", "otherwise", more=more) == OVERLAP


def test_a_long_chain_of_definitions_is_decided() -> None:
    more = 'define d0 "D": boolean = fit\n' + "".join(
        f'define d{n} "D": boolean = not d{n - 1}\n' for n in range(1, 1_000)
    )
    assert decision("when d999", "when fit", more=more) == []
    assert decision("when d998", "when fit", more=more) == [*GAP, *OVERLAP]


# --- against trying every patient ---------------------------------------------------------------------

World = dict[str, object]
Test = tuple[str, Callable[[World], bool]]

STAGES = ("t1a", "t1b", "t1c", "t2", "t3")
NUMBERS = tuple(Fraction(n, 2) for n in range(0, 13))
"""Half steps around the whole limits, within the range from 0 to 6."""


def everybody() -> Iterator[World]:
    for fit, stage, number in product((True, False), STAGES, NUMBERS):
        yield {"fit": fit, "stage": stage, "number": number}


def atom(random: Random) -> Test:
    kind = random.randrange(4)
    if kind == 0:
        return "fit", lambda w: bool(w["fit"])
    if kind == 1:
        stage = random.choice(("t1", *STAGES))
        return f"tumour is {stage}", lambda w: str(w["stage"]).startswith(stage)
    if kind == 2:
        first = random.choice(STAGES)
        return f"tumour < {first}", lambda w: str(w["stage"]) < first
    limit, operator = random.randrange(0, 7), random.choice(("<", "<=", ">", ">=", "="))
    compare: dict[str, Callable[[object], bool]] = {
        "<": lambda n: n < limit,  # type: ignore[operator]
        "<=": lambda n: n <= limit,  # type: ignore[operator]
        ">": lambda n: n > limit,  # type: ignore[operator]
        ">=": lambda n: n >= limit,  # type: ignore[operator]
        "=": lambda n: n == limit,
    }
    return f"amount {operator} {limit}", lambda w: compare[operator](w["number"])


def some_condition(random: Random, depth: int = 2) -> Test:
    if depth == 0 or random.random() < 0.3:
        return atom(random)
    text, holds = some_condition(random, depth - 1)
    if random.random() < 0.3:
        return f"not ({text})", lambda w: not holds(w)
    other, also = some_condition(random, depth - 1)
    if random.random() < 0.5:
        return f"({text}) and ({other})", lambda w: holds(w) and also(w)
    return f"({text}) or ({other})", lambda w: holds(w) or also(w)


def expected_codes(conditions: list[Test], otherwise: bool, kind: str) -> set[str]:
    found: set[str] = set()
    if kind == FIRST:
        taken = set()
        for world in everybody():
            held = [i for i, (_, holds) in enumerate(conditions) if holds(world)]
            taken.add(held[0] if held else len(conditions))
        if len(conditions) in taken and not otherwise:
            found.add("decision-gap")
        rows = len(conditions) + otherwise
        if not set(range(rows)) <= taken:
            found.add("dead-row")
        return found
    for world in everybody():
        held = [i for i, (_, holds) in enumerate(conditions) if holds(world)]
        if not held and not otherwise:
            found.add("decision-gap")
        if len(held) > 1:
            found.add("decision-overlap")
    return found


def check_one(seed: int) -> None:
    random = Random(seed)
    conditions = [some_condition(random) for _ in range(random.randrange(1, 4))]
    if random.random() < 0.5:
        # Often complete: the last condition is that no other holds.
        first = conditions[:-1] or conditions[:1]
        text = " and ".join(f"not ({t})" for t, _ in first)
        conditions = [*first, (text, lambda w: not any(holds(w) for _, holds in first))]
    otherwise = random.random() < 0.3
    kind = random.choice(("", FIRST))
    branches = [f"when {text}" for text, _ in conditions] + ["otherwise"] * otherwise
    more = 'element amount "Amount": number from 0 to 6\n'
    found = set(decision(*branches, kind=kind, more=more))
    assert found == expected_codes(conditions, otherwise, kind), (kind, branches)


@pytest.mark.parametrize("seed", range(150))
def test_the_check_finds_what_trying_everybody_finds(seed: int) -> None:
    check_one(seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(30))
def test_the_check_finds_what_trying_everybody_finds_many_times(block: int) -> None:
    for seed in range(1000 + block * 100, 1100 + block * 100):
        check_one(seed)
