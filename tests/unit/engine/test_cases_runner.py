"""Each kind of expectation passes when it is met, and fails with words that help."""

import pytest

from markdown_tests import errors, findings
from pathway_compiler.driver import load_text
from pathway_compiler.engine.cases import run_case

GUIDELINE = """guideline g "G":
  version "1"
  entry p
element a "A": boolean
element n "N": count from 0 to 9
element state "State": one of better | worse
constraint "Few when A": not a or n < 5
define high "High": boolean = n > 3
agent x "X"
agent y "Y"
contraindication no_y "Y is barred": y when n = 2
pathway p "P":
  decision d "A?":
    when a "Yes" -> r
    when not a "No" -> c
  recommend r "R":
    give x
    -> check
  choose c "C":
    preferred first "First" when n > 1:
      give x
    fallback second "Second":
      give y
  review check "Check":
    on state is worse "Worse" -> later
  recommend later "Later":
    give y
pathway q "Q":
  applies when a
  recommend other "Other"
"""


def failures(lines: str) -> list[str]:
    """The messages of a case with these lines."""
    text = GUIDELINE + 'case shown "Shown":\n  as of 2019-03-01\n' + "".join(
        f"  {line}\n" for line in lines.split("\n")
    )  # fmt: skip
    found = errors(findings(text))
    assert all(d.code == "case-failed" for d in found), found
    return [d.message for d in found]


@pytest.mark.parametrize(
    "lines",
    [
        "given a = yes\nrecommends r",
        "given a = yes\nrecommends p.r",
        "given a = no\ngiven n = 3\nrecommends c.first preferred",
        "given a = no\ngiven n = 3\nrecommends p.c.second fallback",
        "may recommend r",
        "may recommend c.first",
        "given a = no\nmay recommend c.first",
        "given a = no\nnot r",
        'given a = no\nnot r because "No"',
        'given a = no\ngiven n = 1\nnot c.first because "N"',
        'given a = no\ngiven n = 2\nnot c.second because "Y is barred"',
        "asks a",
        "status needs_data",
        "given a = yes\nstatus complete",
        "pathway q\ngiven a = no\nstatus not_applicable",
        "given a = yes\nwaits at check",
        "given a = yes\nwaits at p.check",
        "given n = 4\nhigh is yes",
        "high is unknown",
        "given a = yes\ngiven n = 7\nrefused",
        'given a = yes\ngiven n = 7\nrefused because "Few when A"',
    ],
)
def test_expectation_that_is_met_passes(lines: str) -> None:
    assert failures(lines) == []


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("given a = no\nrecommends r", "`r` is not given: "),
        ("recommends r", "`r` is possible only: not known are a"),
        ("given a = yes\nmay recommend r", "`r` is given"),
        ("given a = no\ngiven n = 1\nrecommends c.first", "`c.first` is not given: only when"),
        (
            "given a = no\ngiven n = 3\nrecommends c.first fallback",
            "`c.first` is preferred",
        ),
        ("given a = yes\nrecommends r preferred", "`r` is not an option, so it has no rank"),
        ("given a = yes\nnot r", "`r` is given"),
        ("not r", "`r` is possible"),
        (
            'given a = no\nnot r because "the moon"',
            "`r` is not given for another reason: ",
        ),
        (
            'given a = no\ngiven n = 1\nnot c.first because "the moon"',
            "`c.first` is not given for another reason: ",
        ),
        ("given a = yes\nasks a", "`a` is not asked for; asked are: none"),
        ("given a = yes\nstatus needs_data", "the status is `complete`"),
        ("status complete", "the status is `needs_data`"),
        ("given a = no\nwaits at check", "the patient does not wait there; reviews: none"),
        ("given n = 4\nhigh is no", "`high` is yes"),
        ("high is yes", "`high` is unknown"),
        ("given n = 4\nhigh is unknown", "`high` is yes"),
        ("given n = 1\nrefused", "the data should be refused, and they are accepted"),
        (
            'given a = yes\ngiven n = 7\nrefused because "the moon"',
            "the data are refused for another reason: ",
        ),
        (
            "given a = yes\ngiven n = 7\nrecommends r",
            "the data of this case are refused: ",
        ),
    ],
)
def test_expectation_that_is_not_met_says_what_came_out(lines: str, message: str) -> None:
    (found,) = failures(lines)
    assert found.startswith(message)


def test_each_failed_line_is_underlined() -> None:
    text = GUIDELINE + (
        'case shown "Shown":\n  as of 2019-03-01\n  given a = yes\n'
        "  recommends c\n  status needs_data\n"
    )
    found = errors(findings(text))
    lines = [d.span.source.line_text(d.span.line).strip() for d in found]
    assert lines == ["recommends c", "status needs_data"]


def test_later_visit_keeps_earlier_facts_and_goes_on_from_the_review() -> None:
    text = GUIDELINE + (
        'case shown "Shown":\n  as of 2019-03-01\n  given a = yes\n  waits at check\n'
        '  visit "Later":\n    as of 2019-06-01\n    given state = worse\n    given n = 1\n'
        "    recommends later\n    not r\n"
    )
    compiled = load_text(text)
    result = run_case(compiled, compiled.guideline.cases["shown"])
    assert result.passed, result.failures
    assert [str(o.as_of) for o in result.outcomes] == ["2019-03-01", "2019-06-01"]
    assert result.outcomes[1].facts["a"] is True


def test_case_stops_at_a_visit_whose_data_are_refused() -> None:
    text = GUIDELINE + (
        'case shown "Shown":\n  as of 2019-03-01\n  given a = yes\n  refused\n'
        '  visit "Later":\n    as of 2019-06-01\n    recommends later\n'
    )
    compiled = load_text(text)
    result = run_case(compiled, compiled.guideline.cases["shown"])
    assert [d.message for d in result.failures] == [
        "the data should be refused, and they are accepted"
    ]
    assert result.outcomes == ()


def test_running_a_case_twice_gives_the_same() -> None:
    text = GUIDELINE + 'case shown "Shown":\n  as of 2019-03-01\n  status needs_data\n'
    compiled = load_text(text)
    case = compiled.guideline.cases["shown"]
    assert run_case(compiled, case) == run_case(compiled, case)
