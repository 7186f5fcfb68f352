"""A table of mistakes: the code that names each, and the words that it underlines."""

import pytest

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.driver import check_text

BASE = """guideline g "G":
  version "1"
  entry main
  grading scheme
grading scheme "Scheme":
  certainty high | low
  grade A "Offer", certainty high
statement s "S":
  kind recommend
  evidence high A [1]
statement not_this "Not this":
  kind against
element flag "Flag": boolean
element size "Size": quantity in cm from 0 to 30
element age "Age": quantity in years from 0 to 120
element nodes "Nodes": count from 0 to 50
element colour "Colour": one of red | green
element stage "Stage": ordered one_ | two_ | three_
element day "Day": date
element places "Places": set of place
element visits "Visits": list of contact
type place "Place":
  bone "Bone"
  liver "Liver"
record contact "Contact":
  when_ "When": date
  held "Held": boolean
agent drug "Drug"
agent other "Other"
class both "Both": drug, other
procedure cut "Cut"
pathway main "Main":
  recommend start "Start":
    from s
    give drug
"""


def findings(text: str) -> tuple[Diagnostic, ...]:
    """The errors and warnings that an addition to the base makes."""
    known = {(d.code, d.message) for d in check_text(BASE)}
    return tuple(d for d in check_text(BASE + text) if (d.code, d.message) not in known)


def condition(text: str) -> str:
    return f'define made "Made": boolean = {text}\n'


def pathway(body: str) -> str:
    return f'pathway more "More":\n{body}'


def test_base_has_no_errors() -> None:
    assert [d for d in check_text(BASE) if d.severity == "error"] == []


@pytest.mark.parametrize(
    ("text", "code", "underlined"),
    [
        # names
        (condition("flg"), "unknown-name", "flg"),
        (condition("any v in visit where v.held"), "unknown-name", "visit"),
        ('class c "C": drug, nothing\n', "unknown-name", "nothing"),
        ('element e "E": nowhere\n', "unknown-name", "nowhere"),
        (pathway('  recommend r "R" -> gone\n'), "unknown-name", "gone"),
        (pathway('  follow gone\n'), "unknown-name", "gone"),
        (pathway('  recommend r "R":\n    from gone\n'), "unknown-name", "gone"),
        (pathway('  recommend r "R":\n    give gone\n'), "unknown-name", "gone"),
        ('element flag "Again": boolean\n', "duplicate-name", "flag"),
        ('define flag "Again": boolean = yes\n', "duplicate-name", "flag"),
        ('agent both "Both"\n', "duplicate-name", "both"),
        (pathway('  recommend r "R" -> r2\n  recommend r2 "R"\n  end r2 "R"\n'), "duplicate-name", "r2"),
        ('element no "No": boolean\n', "reserved-word", "no"),
        # kinds
        (pathway('  recommend r "R":\n    give cut\n'), "wrong-kind", "cut"),
        (pathway('  recommend r "R":\n    do drug\n'), "wrong-kind", "drug"),
        # types
        (condition("size"), "not-a-condition", "size"),
        (condition("flag and nodes"), "not-a-condition", "nodes"),
        (condition("not colour"), "not-a-condition", "colour"),
        (condition("size > 3"), "bare-number", "3"),
        (condition("size > 3 kg"), "unit-mismatch", "3 kg"),
        (condition("age > 3 wombats"), "unknown-unit", "wombats"),
        (condition("colour is blue"), "unknown-value", "blue"),
        (condition("colour is gren"), "unknown-value", "gren"),
        (condition("places contains brain"), "unknown-value", "brain"),
        (condition("colour < green"), "not-ordered", "<"),
        (condition("size > 31 cm"), "out-of-range", "31 cm"),
        (condition("nodes > 51"), "out-of-range", "51"),
        (condition("at least 3 of (flag, nodes > 1)"), "out-of-range", None),
        (condition("day > 2019-02-30"), "invalid-date", "2019-02-30"),
        (condition("months between day and flag > 3 months"), "date-order", "flag"),
        (condition("1 / nodes > 1"), "possible-division-by-zero", "nodes"),
        (condition("flag = colour"), "type-mismatch", None),
        ('element e "E": count from 5 to 1\n', "invalid-range", None),
        ('parameter q "Q": quantity in cm = 3 kg\n', "unit-mismatch", "kg"),
        # things said twice, or not at all
        ('element e "E": boolean\n  ask "A"\n  ask "B"\n', "duplicate-item", None),
        ('guideline h "H":\n  version "2"\n', "duplicate-name", "h"),
        # circles
        ('class a "A": b\nclass b "B": a\n', "circular-class", None),
        (condition("made"), "circular-definition", None),
        # pathways
        (pathway('  decision d "D":\n    otherwise -> e\n    when flag -> e\n  end e "E"\n'), "misplaced-otherwise", None),
        (pathway("  applies when flag\n"), "missing-start", "more"),
        (pathway('  decision d "D":\n    when flag -> e\n  end e "E"\n'), "decision-gap", "d"),
        (pathway('  decision d "D":\n    when flag -> e\n    when flag or nodes > 1 -> f\n    otherwise -> e\n  end e "E"\n  end f "F"\n'), "decision-overlap", None),
        (pathway('  decision d "D" first match:\n    when flag -> e\n    when flag and nodes > 1 -> e\n    otherwise -> e\n  end e "E"\n'), "dead-row", None),
        (pathway('  recommend r "R":\n    from not_this\n    give drug\n'), "direction-mismatch", None),
        (pathway('  recommend r "R":\n    give drug\n'), "missing-statement", None),
        (pathway('  choose c "C":\n    option o "O"\n'), "rank-missing", None),
        # evidence
        ('statement x "X":\n  kind recommend\n  evidence middling A\n', "unknown-value", "middling"),
        ('statement x "X":\n  kind recommend\n  evidence high Z\n', "unknown-value", "Z"),
        ('statement x "X":\n  kind recommend\n  evidence low A\n', "grade-not-allowed", None),
        ('statement x "X":\n  kind recommend\n', "unused-statement", "x"),
        ('element unread "U": boolean\n', "unused-element", "unread"),
        # cases
        ('case c "C":\n  as of 2019-03-01\n  given gone = yes\n', "unknown-name", "gone"),
        ('case c "C":\n  as of 2019-03-01\n  given size = 3 kg\n', "unit-mismatch", "kg"),
        ('case c "C":\n  as of 2019-03-01\n  given nodes = 99\n', None, None),
        ('case c "C":\n  as of 2019-03-01\n  recommends gone\n', "unknown-name", "gone"),
        ('case c "C":\n  as of 2019-03-01\n  given flag = unknown "no idea"\n', "unknown-reason", '"no idea"'),
        ('case c "C":\n  status complete\n', "missing-item", None),
    ],
)  # fmt: skip
def test_mistake_is_named_and_underlined(
    text: str, code: str | None, underlined: str | None
) -> None:
    found = findings(text)
    if code is None:
        assert not [d for d in found if d.code in ("syntax-error", "unknown-name")]
        return
    named = [d for d in found if d.code == code]
    assert named, [(d.code, d.message, d.span.text) for d in found]
    assert len(named) == 1 or code == "circular-class"
    if underlined is not None:
        assert named[0].span.text == underlined


@pytest.mark.parametrize(
    "text",
    [
        condition("flag and (size > 30 mm or age >= 12 months)"),
        condition("stage < two_ or stage is three_"),
        condition("day < 2018 and months between day and today > 3 months"),
        condition("any v in visits where v.held and v.when_ is known"),
        condition("places contains any of (bone, liver) and places is not empty"),
        condition("number of places > 1 and number of visits < 3"),
        condition("(latest v in visits by when_ where v.held).held"),
        condition("nodes / 2 > 1 and size * 2 > 3 cm"),
    ],
)
def test_correct_condition_has_no_errors(text: str) -> None:
    assert [d for d in findings(text) if d.severity == "error"] == []


def test_suggestion_names_what_was_meant() -> None:
    (found,) = [d for d in findings(condition("colour is gren")) if d.code == "unknown-value"]
    assert found.help is not None
    assert "green" in found.help


def test_findings_come_in_the_order_of_the_text() -> None:
    found = findings(condition("flg") + 'class c "C": nothing\n')
    assert [d.span.start for d in found] == sorted(d.span.start for d in found)


def test_lost_grading_scheme_gives_no_error_for_each_statement() -> None:
    broken = BASE.replace('grading scheme "Scheme":', 'grading scheme "Scheme"')
    assert [d.code for d in check_text(broken) if d.severity == "error"] == ["missing-colon"]


def test_lost_header_gives_no_error_for_each_statement() -> None:
    broken = BASE.replace('guideline g "G":', 'guideline g "G"')
    assert [d.code for d in check_text(broken) if d.severity == "error"] == ["missing-colon"]
