"""How findings look at a terminal: wide characters, tabs, several lines, labels, the end of a file."""

from pathlib import Path

import pytest

from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.diagnostics.terminal import display_width, finished, wrapped
from pathway_compiler.diagnostics.to_text import (
    diagnostic_to_text,
    diagnostics_to_text,
    summary_text,
)


def span(text: str, part: str, name: str = "a.pathway") -> Span:
    """The first place where `part` stands in a text."""
    start = text.index(part)
    return Span(Source(name, text), start, start + len(part))


def shown(text: str, part: str, *, width: int = 80, help: str | None = None) -> str:
    found = Diagnostic("unknown-name", "nothing is called so", span(text, part), help=help)
    return diagnostic_to_text(found, width=width)


def test_the_place_is_underlined() -> None:
    assert shown("pathway p:\n  when her is positive\n", "her", help="did you mean `her2`?") == (
        "error[unknown-name]: nothing is called so\n"
        "  a.pathway:2:8\n"
        "    2 |   when her is positive\n"
        "      |        ^^^\n"
        "  help: did you mean `her2`?\n"
    )


@pytest.mark.parametrize(
    ("text", "under"),
    [
        ("label 乳癌 her", "           ^^^"),
        ("e\u0301tat her", "     ^^^"),
        ("\ther", "    ^^^"),
        ("ab\ther", "    ^^^"),
        ("her", "^^^"),
        ("乳癌her", "    ^^^"),
    ],
)
def test_underlining_counts_columns_not_characters(text: str, under: str) -> None:
    lines = shown(text, "her").splitlines()
    assert lines[3] == f"      | {under}"
    column = lines[3].index("^")
    before = finished(text.expandtabs(4), False)
    assert display_width(before[: before.index("her")]) == column - len("      | ")


def test_a_span_over_two_lines_underlines_both() -> None:
    told = shown("  one two\n  three four\n", "two\n  three")
    assert told.splitlines()[2:] == [
        "    1 |   one two",
        "      |       ^^^",
        "    2 |   three four",
        "      |   ^^^^^",
    ]


def test_a_long_span_shows_its_first_and_last_line() -> None:
    text = "\n".join(f"line {n}" for n in range(1, 12))
    told = shown(text, text)
    assert "    1 | line 1\n" in told
    assert "   11 | line 11\n" in told
    assert "line 5" not in told
    assert "..." in told


@pytest.mark.parametrize("text", ["pathway p:\n", "pathway p:"])
def test_the_end_of_a_file_can_be_pointed_at(text: str) -> None:
    source = Source("a.pathway", text)
    place = Span(source, len(text), len(text))
    told = diagnostic_to_text(Diagnostic("syntax-error", "something is missing", place))
    assert told.rstrip().endswith("^")
    assert told.count("^") == 1


def test_a_file_without_text_has_a_name_only() -> None:
    place = Span(Source("gone.pathway", ""), 0, 0)
    told = diagnostic_to_text(Diagnostic("unreadable-file", "this file cannot be read", place))
    assert told == "error[unreadable-file]: this file cannot be read\n  gone.pathway\n"


def test_labels_stand_beside_their_places() -> None:
    text = 'element her2 "HER2": boolean\nelement her2 "Again": boolean\n'
    source = Source("a.pathway", text)
    second = text.rindex("her2")
    found = Diagnostic(
        "duplicate-name",
        "two things are called `her2`",
        Span(source, second, second + 4),
        (Label(span(text, "her2"), "the first one"),),
    )
    assert diagnostic_to_text(found) == (
        "error[duplicate-name]: two things are called `her2`\n"
        "  a.pathway:2:9\n"
        '    1 | element her2 "HER2": boolean\n'
        "      |         ---- the first one\n"
        '    2 | element her2 "Again": boolean\n'
        "      |         ^^^^\n"
    )


def test_a_label_in_another_file_names_it() -> None:
    found = Diagnostic(
        "duplicate-name",
        "two things are called `x`",
        span("x\n", "x", "b.pathway"),
        (Label(span("x\n", "x", "a.pathway"), "the first one"),),
    )
    told = diagnostic_to_text(found)
    assert told.index("b.pathway:1:1") < told.index("a.pathway:1:1")


def test_notes_stand_between_the_place_and_the_help() -> None:
    found = Diagnostic(
        "decision-gap",
        "no branch covers a patient",
        span("  decision old", "old"),
        help="add a branch",
        notes=("all with Age from 65 years to 70 years", "running this patient confirms it"),
    )
    assert diagnostic_to_text(found, width=40) == (
        "error[decision-gap]: no branch covers a\n"
        "  patient\n"
        "  a.pathway:1:12\n"
        "    1 |   decision old\n"
        "      |            ^^^\n"
        "  note: all with Age from 65 years to 70\n"
        "        years\n"
        "  note: running this patient confirms it\n"
        "  help: add a branch\n"
    )


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "word " * 60 + "her " + "word " * 60
    told = shown(text, "her")
    assert "her" in told
    assert "…" in told
    assert all(display_width(line) <= 80 for line in told.splitlines())


def test_severities_and_colour() -> None:
    place = span("x\n", "x")
    findings = [
        Diagnostic("unknown-name", "one", place),
        Diagnostic("unused-element", "two", place),
        Diagnostic("grade-not-allowed", "three", place),
    ]
    assert summary_text(findings) == "1 error, 1 warning, 1 note"
    assert summary_text([findings[0]] * 2) == "2 errors"
    assert summary_text([]) == "no findings"
    plain = diagnostics_to_text(findings)
    assert "warning[unused-element]: two" in plain
    assert "\x1b" not in plain
    assert "\x1b[" in diagnostics_to_text(findings, colour=True)
    assert diagnostics_to_text([]) == ""


def test_an_authors_control_characters_do_not_reach_the_terminal() -> None:
    told = shown("\x1b[2Jher\u202e", "her")
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_wrapping_keeps_a_long_word_whole() -> None:
    word = "/a/very/long/path/" + "x" * 60
    assert wrapped(f"see {word} there", 40, "  ", "    ") == [
        "  see",
        f"    {word}",
        "    there",
    ]


def test_a_windows_line_end_is_not_shown(tmp_path: Path) -> None:
    assert "\r" not in shown("one\r\nher\r\n", "her")
