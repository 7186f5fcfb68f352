"""An author writes for a whole day: five hundred saves cost no more memory than the first hundred."""

import os
import threading
from pathlib import Path

import pytest

from pathway_compiler.serve.preview import Preview
from serving import Served

SAVES = 500
BEFORE = 100
"""So many saves fill what is remembered on purpose: texts that were measured, templates, modules."""
LARGEST_GROWTH = 12_000_000
"""Bytes. A single compiled guideline of this size, with its site, has about as many."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc"),
]


def _memory() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_five_hundred_rebuilds_leave_nothing_behind(served: Served) -> None:
    kinds = (
        ("A year of monthly treatment?", "Question {}?"),  # another drawing
        ("12 months", "12 moths{}"),  # an error
        ("Every month, as before", "Version {}"),
        ("pathway bone ", "pathway bone{} "),  # other pages
        ('otherwise "Not yet"', 'when months_monthly_antiresorptive < {} months "Less"'),  # a gap
    )
    measured: dict[int, tuple[int, int, int]] = {}
    for number in range(1, SAVES + 1):
        served.mend()
        old, new = kinds[number % len(kinds)]
        served.edit(old, new.format(number))
        served.until_shown()
        served.get("/")
        served.run()
        if number in (BEFORE, SAVES):
            served.mend()
            served.until_proved()
            measured[number] = (_memory(), threading.active_count(), _open_files())
    first, last = measured[BEFORE], measured[SAVES]
    assert last[0] - first[0] < LARGEST_GROWTH, f"{first[0]:,} to {last[0]:,} bytes"
    assert last[1] <= first[1]
    assert last[2] <= first[2] + 2


def test_a_preview_that_is_started_and_stopped_leaves_no_memory(served: Served) -> None:
    def once() -> None:
        with Preview(served.folder, port=0) as preview:
            preview.board.wait_for(lambda state: state.shown is not None, 30)

    served.until_proved()
    for _ in range(30):  # until what is remembered on purpose is full
        once()
    before = _memory()
    for _ in range(40):
        once()
    assert _memory() - before < LARGEST_GROWTH
