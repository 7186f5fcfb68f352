"""Findings as the page is told them."""

import pytest

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.serve.findings import MOST_SHOWN, WIDEST, excerpt, findings_to_json

TEXT = "first line\n  when her is positive\nlast line\n"


def _span(marked: str, text: str = TEXT) -> Span:
    start = text.index(marked)
    return Span(Source("a.pathway", text), start, start + len(marked))


def test_the_underlined_text_stands_between_the_rest_of_its_line() -> None:
    assert excerpt(_span("her")) == [
        {"line": 2, "before": "  when ", "marked": "her", "after": " is positive"}
    ]


def test_each_line_of_a_long_stretch_is_shown_and_indentation_is_not_underlined() -> None:
    found = excerpt(_span("line\n  when her is positive\nlast"))
    assert [(line["line"], line["before"], line["marked"]) for line in found] == [
        (1, "first ", "line"),
        (2, "  ", "when her is positive"),
        (3, "", "last"),
    ]


def test_a_stretch_of_very_many_lines_is_cut() -> None:
    text = "x\n" * 50
    assert len(excerpt(Span(Source("a", text), 0, len(text)))) == 4


def test_a_line_of_ten_thousand_characters_is_cut_around_the_place() -> None:
    text = "a" * 5000 + "HERE" + "b" * 5000 + "\n"
    (line,) = excerpt(_span("HERE", text))
    assert line["marked"] == "HERE"
    assert sum(len(str(line[part])) for part in ("before", "marked", "after")) < WIDEST


@pytest.mark.parametrize("place", [(0, 0), (0, 1)])
def test_a_file_that_could_not_be_read_has_no_excerpt(place: tuple[int, int]) -> None:
    assert excerpt(Span(Source("a", ""), *place)) == []


def test_the_end_of_a_text_can_be_pointed_at() -> None:
    (line,) = excerpt(Span(Source("a", "abc"), 3, 3))
    assert (line["before"], line["marked"], line["after"]) == ("abc", "", "")


def test_marks_that_turn_the_direction_of_text_are_made_visible() -> None:
    (line,) = excerpt(_span("a\u202eb", "x a\u202eb y\n"))
    assert line["marked"] == "a\ufffdb"


def test_errors_come_first_and_what_is_left_out_is_counted() -> None:
    note = Diagnostic("unused-element", "n", _span("first"))
    error = Diagnostic("unknown-name", "e", _span("her"))
    found = findings_to_json([note] * MOST_SHOWN + [error])
    assert found["diagnostics"][0]["code"] == "unknown-name"  # type: ignore[index]
    assert found["counts"]["error"] == 1  # type: ignore[index]
    assert found["left_out"] == 1
