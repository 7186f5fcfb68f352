"""Lists, dates, parameters of pathways, vetoes: what the small example has not."""

import pytest

from pathway_compiler.changes.changelog import changelog
from pathway_compiler.changes.report import Changes, Verdict, compare
from unit.changes.examples import compiled, edited, groups, told, with_name

TEXT = """guideline g "Lists":
  version "1"
  entry main
record course "Course" dated by started:
  agent "Medicine": agent
  setting "Setting": one of first "First" | later "Later"
  started "Started": date
element courses "Courses so far": list of course
element relapse "Relapse": date
element weight "Weight": quantity in kg from 1 to 300
element fit "Fit": boolean
element never "Never again": set of agent
agent drug "Drug"
  authorised ema "For adults" when weight > 30 kg
agent other "Other drug"
class drugs "Drugs": drug, other
contraindication heavy "Too heavy": drugs when weight > 200 kg
contraindication listed "Listed": each of never
parameter limit "Limit": quantity in kg = 80 kg
define exposed "Exposed": boolean = any t in courses where t.agent is a drugs and t.started < relapse
define twice "Twice": boolean = (number of t in courses where t.setting is later) >= 2
define had "Had": set of agent = union of t.agent for t in courses where t.setting is first
define before "Before": boolean = had contains drug
define recent "Recent": boolean = months between (latest t in courses by started).started and relapse < 12 months
define spared "Spared": boolean = not never bars drug and never is not empty or number of never = 3
define several "Several": boolean = at least 2 of (exposed, twice, recent)
pathway main "Main":
  applies when weight > limit
  decision ways "Which ways?" all that apply:
    when exposed "Exposed" -> strictly
    when several "Several" -> both
  together both "Both":
    -> against, scan
  follow sub with strict adding other as strictly "Strict"
  recommend against against "Against it":
    avoid drug
  recommend scan "Scan" only if spared:
    order picture then picture
    -> finish
  end finish "Finish"
pathway sub "Sub" with strict: boolean = no:
  decision how "How?" first match:
    when strict and ever fit "Strict" -> one
    otherwise "Loose" -> two
  recommend one "One":
    give drug 1 mg/kg every 3 weeks for 12 weeks + (drug | other)
  recommend two "Two":
    give drug if recent
    -> control
  review control "Control":
    every 2 to 4 cycles
    on fit -> one2
  choose one2 "Again" any of combinable:
    option a "A":
      give other
investigation picture "Picture"
"""


def after(*edits: tuple[str, str]) -> Changes:
    return compare(compiled(TEXT), compiled(edited(*edits, text=TEXT)), outcomes=False)


@pytest.mark.parametrize(
    ("edit", "line", "verdict"),
    [
        (
            ("t.started < relapse", "t.started > relapse"),
            "exposed condition: Courses so far: one with agent is drugs and started < Relapse"
            " → Courses so far: one with agent is drugs and started > Relapse",
            "undecided",
        ),
        (
            ("is later) >= 2", "is later) >= 3"),
            "twice condition: number of Courses so far where setting is Later ≥ 2"
            " → number of Courses so far where setting is Later ≥ 3",
            "undecided",
        ),
        (
            ("at least 2 of", "at most 2 of"),
            "several condition: at least 2 of: Exposed; Twice; Recent"
            " → at most 2 of: Exposed; Twice; Recent",
            "undecided",
        ),
        (
            ("number of never = 3", "number of never = 4"),
            "spared condition: (Drug not barred by Never again and Never again: some)"
            " or number of Never again = 3"
            " → (Drug not barred by Never again and Never again: some) or number of Never again = 4",
            "undecided",
        ),
        (
            ("latest t in", "earliest t in"),
            "recent condition: months from started of latest of Courses so far to Relapse < 12 months"
            " → months from started of earliest of Courses so far to Relapse < 12 months",
            "undecided",
        ),
        (
            ("follow sub with strict adding other", "follow sub with strict adding drug"),
            "main.strictly adds: Other drug → Drug",
            "undecided",
        ),
        (
            ("follow sub with strict adding", "follow sub adding"),
            "main.strictly with: strict = yes → ",
            "undecided",
        ),
        (
            ("with strict: boolean = no", "with strict: boolean = yes"),
            "sub pathway parameter “strict” default: no → yes",
            "meaning changed",
        ),
        (("order picture then picture", "order picture"), "main.scan action: order Picture, then picture → order Picture", "meaning changed"),
        (
            ("1 mg/kg", "2 mg/kg"),
            "sub.one action: give Drug 1 mg/kg every 3 weeks for 12 weeks + (drug or other drug)"
            " → give Drug 2 mg/kg every 3 weeks for 12 weeks + (drug or other drug)",
            "meaning changed",
        ),
        (("every 2 to 4 cycles", "every 2 to 5 cycles"), "sub.control interval: every 2 to 4 cycles → every 2 to 5 cycles", "meaning changed"),
        (("any of combinable", "any of"), "sub.one2 combinable: yes → no", "meaning changed"),
        (('"How?" first match', '"How?" all that apply'), "sub.how kind: first match → all that apply", "undecided"),
        (("ever fit", "fit"), "sub.how answer “Strict” condition: Strict and Fit (at any time) → Strict and Fit", "undecided"),
        (("drugs when weight", "drug when weight"), "heavy actions: Drugs → Drug", "meaning changed"),
    ],
)  # fmt: skip
def test_a_change_of_meaning(edit: tuple[str, str], line: str, verdict: Verdict) -> None:
    found = after(edit)
    assert found.verdict == verdict
    assert groups(found) == {"meaning"}
    assert told(found.meaning) == [line]


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (
            ("when weight > 30 kg", "when weight > 40 kg"),
            "drug authorisation: “ema: For adults” when Weight > 30 kg"
            " → “ema: For adults” when Weight > 40 kg",
        ),
        (
            ('  started "Started": date', '  started "Started": date\n  ended "Ended": date'),
            "course field “Ended” added:  → date",
        ),
        (
            ('| later "Later"', '| later "Later" | last "Last"'),
            "course field “Setting” value:  → Last",
        ),
        ((" dated by started", ""), "course dated by: started → none"),
    ],
)  # fmt: skip
def test_a_change_of_data(edit: tuple[str, str], line: str) -> None:
    found = after(edit)
    assert told(found.data) == [line]
    assert found.verdict == "meaning changed"


def test_the_name_of_a_record_at_hand_means_nothing() -> None:
    found = compare(compiled(TEXT), compiled(with_name("t", "therapy", TEXT)), outcomes=False)
    assert found.verdict == "equivalent"
    assert groups(found) == set()


def test_a_veto_of_another_form_is_told_in_full() -> None:
    assert told(after(("each of never", "drug when fit")).meaning) == [
        "listed bars what is listed in: Never again → none",
        "listed actions:  → Drug",
        "listed condition: none → Fit",
    ]


MORE = """\
class extra "Extra": drug
agent third "Third"
contraindication cold "Cold": drug when fit
incompatible both "Both": drug with other
constraint "No children": fit or weight > 2 kg
reading read "Read": boolean
  chosen a "A": fit
  alternative b "B": not fit
define old "Old" first match: one of y "Young" | o "Old"
  y when fit
  o otherwise
type colour "Colour":
  red "Red"
  green "Green"
record note "Note":
  text "Text": boolean
parameter number_of "Number": count = 3
moment later "Later"
slot line "Line": main.scan, sub.one
pathway extra "Extra" with deep: boolean = yes:
  decision d "D?":
    when deep "Yes" -> c
    otherwise "No" -> r
  choose c "C":
    preferred o "O":
      give drug
  review r "R":
    on fit "Fit" -> f
  follow sub as f "F"
  standing against s "S":
    avoid drug
"""


def test_what_is_new_is_told_with_what_it_says_and_so_is_what_went() -> None:
    new = compiled(TEXT + MORE)
    found = compare(compiled(TEXT), new, outcomes=False)
    assert told(found.meaning) == [
        "extra added:  → Drug",
        "old added:  → Young: Fit; Old: otherwise",
        "read added:  → Fit",
        "added:  → Fit or Weight > 2 kg",
        "cold added:  → Drug when Fit",
        "both added:  → Drug with Other drug",
        "extra added:  → Extra",
        "extra.d added:  → Yes, No",
        "extra.c added:  → O",
        "extra.r added:  → Fit",
        "extra.f added:  → F",
        "extra.s added:  → recommend against; avoid Drug",
        "extra.c.o added:  → preferred; give Drug",
        "line added:  → main.scan, sub.one",
    ]
    assert told(found.evidence) == ["later added:  → Later"]
    assert told(found.data) == [
        "colour added:  → Red | Green",
        "note added:  → Text",
        "third added:  → Third",
        "number_of added:  → count",
    ]
    back = compare(new, compiled(TEXT), outcomes=False)
    assert sorted(told(back.meaning)) == sorted(
        line.replace("added:  → ", "removed: ") + " → " for line in told(found.meaning)
    )
    assert back.verdict == found.verdict == "meaning changed"
    assert "option added: preferred; give Drug" in changelog(found)


def test_a_movement_that_no_run_confirms_is_left_undecided() -> None:
    text = edited(("t.started < relapse", "t.started > relapse"), text=TEXT)
    found = compare(compiled(TEXT), compiled(text)).movements
    assert found is not None
    assert found.cells or found.undecided
    assert all(cell.patient.confirmed for cell in found.cells)
