"""Timing in rounds: every variant in turn, so that a slow minute falls on all of them alike."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

__all__ = ["Clock", "Ratio", "Variant", "measure", "ratio"]

Clock = Literal["cpu", "wall"]
"""`cpu` is the processor time of this process; for other processes only the clock on the wall is fine enough."""

AT_LEAST_SECONDS = 0.02
"""A variant is called as often in a round as this takes."""


@dataclass(frozen=True)
class Variant:
    """Something to be timed; `share` divides the time, where one call does the work of several."""

    call: Callable[[], object]
    share: int = 1


@dataclass(frozen=True)
class Ratio:
    """A time as a multiple of another, over the rounds of one run."""

    median: float
    least: float
    most: float
    seconds: float
    """The median time of the measured variant itself: to see its order of magnitude, not to compare."""


def measure(
    variants: Mapping[str, Variant], *, rounds: int, clock: Clock
) -> dict[str, list[float]]:
    """Seconds per call of each variant in each round."""
    now = time.process_time if clock == "cpu" else time.perf_counter
    repeats = {name: _repeats(variant, now) for name, variant in variants.items()}
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, variant in variants.items():
            gc.collect()
            start = now()
            for _ in range(repeats[name]):
                variant.call()
            seconds[name].append((now() - start) / repeats[name] / variant.share)
    return seconds


def _repeats(variant: Variant, now: Callable[[], float]) -> int:
    variant.call()  # fills caches; not counted
    repeats = 1
    while True:
        start = now()
        for _ in range(repeats):
            variant.call()
        if now() - start >= AT_LEAST_SECONDS:
            return repeats
        repeats *= 2


def ratio(seconds: Mapping[str, list[float]], over: str, under: str) -> Ratio:
    """One variant as a multiple of another, pair by pair within the rounds."""
    pairs = [a / b for a, b in zip(seconds[over], seconds[under], strict=True)]
    return Ratio(median(pairs), min(pairs), max(pairs), median(seconds[over]))
