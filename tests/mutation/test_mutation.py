"""Each kind of fault is made where it belongs, and found by what should find it."""

from collections import Counter

import pytest

from mutation.equivalence import difference
from mutation.mutants import KINDS, Mutant, mutants
from mutation.places import places
from mutation.report import report
from mutation.trials import Trial, sound, try_out
from pathway_compiler.driver import load_text
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs

TEXT = """\
guideline small "Small":
  version "1"
  grading scheme
  entry care
grading scheme "Scheme":
  certainty high "High"
  grade A "For all", certainty high

element age "Age": quantity in years from 0 to 120
element marker "Marker": one of positive "Positive" | negative "Negative"
element other "Other marker": one of positive "Positive" | negative "Negative"
element fit "Fit": boolean
element well "Well": boolean
element had "Had before": set of agent
element barred "Contraindicated": set of agent
element worse "Worse": boolean

agent alpha "Alpha":
agent beta "Beta":
agent gamma "Gamma":
class greek "Greek": alpha, beta
contraindication recorded "Recorded": each of barred
constraint "The fit are well": not fit or well

statement says "What is said":
  section "All"
  lines 1-2
  kind recommend
  evidence high A [1]

define old "Old": boolean = age >= 65 years
define state "State": one of good "Good" | poor "Poor"
  good when at least 2 of (fit, well, marker is positive)
  poor otherwise
define both "Both": boolean = marker is positive and other is positive

pathway care "Care":
  applies when both or state is good
  decision how "Old?":
    when old "Old" -> gentle
    when not old "Young" -> strong
  recommend gentle "Gentle":
    when fit
    from says
    give alpha + beta
    avoid gamma
    overrides care.strong
    caution "Slowly." when had contains alpha
    -> later
  choose strong "Strong":
    preferred first "First":
      unless had contains greek
      from says
      give together alpha + beta
    acceptable second "Second":
      from says
      give gamma if fit
    -> later
  review later "Later":
    on worse "Worse" -> gentle
    on not worse "Not worse" -> strong

case young "Young":
  as of 2019-03-01
  given age = 40 years
  given marker = positive
  given other = positive
  given fit = yes
  given well = yes
  given had = {}
  given barred = {}
  recommends strong.first preferred
case at_the_limit "65":
  as of 2019-03-01
  given age = 65 years
  given marker = positive
  given other = positive
  given fit = yes
  given well = yes
  given had = {}
  given barred = {}
  recommends gentle
"""

GUIDELINE = load_text(TEXT).guideline
MADE = list(mutants(GUIDELINE))
SOUND = sound(GUIDELINE)


def only(kind: str, where: str, words: str = "") -> Mutant:
    found = [m for m in MADE if m.kind == kind and m.where == where and words in m.description]
    assert len(found) == 1, [(m.where, m.description) for m in MADE if m.kind == kind]
    return found[0]


def tried(kind: str, where: str, words: str = "") -> Trial:
    return try_out(only(kind, where, words), SOUND)


def test_every_kind_of_fault_is_made() -> None:
    assert set(KINDS) == {m.kind for m in MADE}


@pytest.mark.parametrize(
    ("kind", "where", "words", "line"),
    [
        ("condition negated", "old", "Age ≥ 65 years → Age < 65 years", "define old"),
        ("`not` dropped", "constraint “The fit are well”", "not: Fit → Fit", "constraint"),
        ("operand dropped", "both", "→ Other marker is Positive", "define both"),
        ("`and` and `or` exchanged", "both", "is Positive or Other", "define both"),
        ("comparison shifted", "old", "Age > 65 years", "define old"),
        ("limit shifted", "old", "Age ≥ 64 years", "define old"),
        ("value exchanged", "both", "Other marker is Negative", "define both"),
        ("member exchanged", "care.gentle", "with greek", "caution"),
        ("number of `at least` shifted", "state", "at least 3 of", "good when"),
        ("condition dropped", "care.gentle", "without `when` Fit", "recommend gentle"),
        (
            "condition of an option dropped",
            "care.strong.first",
            "without `unless`",
            "preferred first",
        ),
        ("condition of a caution dropped", "care.gentle", "always", "recommend gentle"),
        ("avoided action dropped", "care.gentle", "Gamma", "recommend gentle"),
        ("answer dropped", "care.how", "“Old”", "decision how"),
        ("targets exchanged", "care.how", "“Old” and “Young”", "decision how"),
        ("row dropped", "state", "without the row of Good", "define state"),
        (
            "ranks exchanged",
            "care.strong",
            "“First” acceptable, “Second” preferred",
            "choose strong",
        ),
        ("action dropped", "care.strong.first", "without Beta", "preferred first"),
        ("action exchanged", "care.strong.first", "Beta → Alpha", "give together"),
        ("`overrides` dropped", "care.gentle", "care.strong", "recommend gentle"),
        ("constraint dropped", "constraint “The fit are well”", "", "constraint"),
        ("contraindication dropped", "recorded", "", "contraindication"),
    ],
)
def test_a_fault_is_made_at_one_place_and_says_which(
    kind: str, where: str, words: str, line: str
) -> None:
    mutant = only(kind, where, words)
    number = int(mutant.place.rsplit(":", 1)[1])
    assert line in TEXT.splitlines()[number - 1]
    before, after = list(places(GUIDELINE)), list(places(mutant.guideline))
    changed = [a.record for a in after if a.record not in [b.record for b in before]]
    tops = {id(h.above[0]) if h.above else id(h.record) for h in after if h.record in changed}
    assert len(tops) <= 1


def test_no_mutant_is_the_guideline_itself_and_no_two_are_alike() -> None:
    assert all(m.guideline != GUIDELINE for m in MADE)
    assert max(Counter((m.kind, m.where, m.description) for m in MADE).values()) == 1


def test_the_mutants_are_the_same_each_time() -> None:
    again = list(mutants(load_text(TEXT).guideline))
    assert [(m.number, m.kind, m.where, m.description) for m in again] == [
        (m.number, m.kind, m.where, m.description) for m in MADE
    ]
    some = MADE[::25]
    assert [try_out(m, SOUND) for m in some] == [try_out(m, SOUND) for m in some]


def test_the_proof_catches_a_gap_between_two_answers() -> None:
    trial = tried("answer dropped", "care.how", "“Young”")
    assert trial.fate == "caught"
    assert "decision-gap" in trial.by_prove


def test_a_case_at_the_limit_catches_a_shifted_comparison() -> None:
    trial = tried("comparison shifted", "old")
    assert (trial.fate, trial.by_test) == ("caught", "at_the_limit")


def test_a_case_catches_exchanged_ranks_that_no_proof_can_see() -> None:
    trial = tried("ranks exchanged", "care.strong")
    assert (trial.by_prove, trial.by_test) == ((), "young")


def test_the_checks_catch_an_element_that_nothing_reads_any_more() -> None:
    trial = tried("contraindication dropped", "recorded")
    assert trial.by_check == ("unused-element",)


def test_a_caution_that_no_case_can_assert_lets_a_mutant_survive() -> None:
    trial = tried("condition of a caution dropped", "care.gentle")
    assert (trial.fate, trial.why) == ("survived", "cautions are not asserted by cases")
    assert trial.differs.startswith("a caution of care.gentle")
    assert "Had before without Alpha" in trial.patient


@pytest.mark.parametrize(
    ("kind", "where", "words", "why"),
    [
        ("limit shifted", "old", "≥ 64", "no case lies on the side of the limit that tells"),
        ("condition negated", "care.later.branch_1", "", "no case reaches `care.later.branch_1`"),
        ("action dropped", "care.strong.first", "Beta", "does not say what a regimen consists of"),
        ("constraint dropped", "constraint “The fit are well”", "", "no case is refused by it"),
        ("row dropped", "state", "Good", "it shows in a case, which does not expect it (young"),
        ("condition dropped", "care.gentle", "Fit", "no case tells the two apart"),
    ],
)
def test_a_survivor_says_why_and_for_whom_it_matters(
    kind: str, where: str, words: str, why: str
) -> None:
    trial = tried(kind, where, words)
    assert trial.fate == "survived"
    assert why in trial.why
    assert trial.patient


def test_what_a_constraint_repeats_matters_only_where_data_are_missing() -> None:
    text = TEXT.replace("define both", 'define able "Able": boolean = fit and well\ndefine both')
    text = text.replace('"Strong":\n', '"Strong":\n    when able\n')
    guideline = load_text(text).guideline
    made = mutants(guideline)
    without = next(m for m in made if m.where == "able" and m.description.endswith("→ Fit"))
    trial = try_out(without, sound(guideline))
    assert trial.why == "it makes a difference only where data are missing"
    assert "Fit: not known; Well: no" in trial.patient


def test_a_mutant_that_changes_nothing_is_equivalent_and_no_survivor() -> None:
    text = TEXT.replace("age >= 65 years", "age >= 65 years and age >= 0 years")
    guideline = load_text(text).guideline
    kept = [m for m in mutants(guideline) if m.kind == "operand dropped" and m.where == "old"]
    fates = [try_out(m, sound(guideline)).fate for m in kept]
    assert fates == ["caught", "equivalent"]


def test_no_mutant_that_a_case_tells_apart_is_equivalent() -> None:
    caught = [m for m in MADE[::3] if try_out(m, SOUND).by_test]
    assert len(caught) > 5
    for mutant in caught:
        changed = mutant.guideline
        other = CompiledGuideline(changed, build_graphs(changed))
        assert difference(SOUND.compiled, other).verdict != "none"


def test_a_guideline_whose_cases_fail_is_refused() -> None:
    guideline = load_text(TEXT.replace("recommends gentle", "not gentle")).guideline
    with pytest.raises(ValueError, match="at_the_limit"):
        sound(guideline)


def test_the_report_counts_every_mutant_once() -> None:
    trials = [try_out(m, SOUND) for m in MADE[::20]]
    table = report(trials)
    fates = Counter(t.fate for t in trials)
    last = next(line for line in table.splitlines() if line.startswith("| all |"))
    cells = [cell.strip() for cell in last.strip("|").split("|")]
    assert cells[1] == str(len(trials))
    assert cells[-1] == str(fates["survived"] or "")
    assert table.count("  - why: ") == fates["survived"]
