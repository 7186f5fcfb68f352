"""Lines fit, numbers stay with their units, and nothing invisible stays in a label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway_compiler.render.wrap import clean, measure, shorten, wrap


@given(st.text(max_size=400), st.floats(60, 300))
def test_every_line_is_within_the_width(text: str, width: float) -> None:
    for line in wrap(text, width, 12, lines=99):
        assert measure(line, 12) <= width or len(line) == 1


@given(st.text(alphabet="ab éß-", max_size=200))
def test_wrapping_loses_no_letter(text: str) -> None:
    lines = wrap(text, 100, 12, lines=999)

    assert "".join("".join(lines).split()) == "".join(clean(text).split())


def test_a_number_stays_with_its_unit() -> None:
    lines = wrap("Stop the treatment after 6 months or at ≥ 3 cycles", 150, 12)

    assert not any(line.endswith(("6", "≥", "3")) for line in lines)


def test_lines_are_even() -> None:
    first, second = wrap("Previously exposed to pertuzumab and more", 190, 12)

    assert abs(len(first) - len(second)) < 12


@pytest.mark.parametrize("length", [10, 10_000])
def test_a_long_word_is_split_and_cut(length: int) -> None:
    lines = wrap("x" * length, 120, 12, lines=3)

    assert len(lines) <= 3
    assert all(measure(line, 12) <= 120 for line in lines)
    assert (lines[-1][-1] == "…") is (length > 100)


def test_signs_that_deceive_are_taken_out() -> None:
    assert clean("a\u202eb\u200bc\x00d\ud800e\n f") == "abcde f"


def test_shortened_text_ends_at_a_word() -> None:
    assert shorten("one two three", 10) == "one two…"
    assert shorten("one", 10) == "one"
