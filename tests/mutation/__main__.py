"""Seeds faults into a guideline and tells which of them `pathway prove` and `pathway test` find.

python -m tests.mutation [GUIDELINE] [--limit N] [--jobs N] [--json FILE]
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache
from itertools import repeat
from pathlib import Path

from pathway_compiler.driver import load

from .mutants import Mutant, mutants
from .report import report
from .trials import Sound, Trial, sound, try_out

GUIDELINE = "pathways/seom_abc_2018"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("guideline", nargs="?", default=GUIDELINE)
    parser.add_argument("--limit", type=int, help="so many mutants, spread over all of them")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--json", type=Path, help="write every trial to this file")
    arguments = parser.parse_args()

    _, made = _prepared(arguments.guideline)
    trials: list[Trial] = []
    for trial in _trials(arguments.guideline, _chosen(len(made), arguments.limit), arguments.jobs):
        trials.append(trial)
        if sys.stderr.isatty():
            print(f"\r{len(trials)} of {len(made)}", end="\r", file=sys.stderr, flush=True)
    print(report(trials))
    if arguments.json:
        data = [asdict(trial) for trial in trials]
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        arguments.json.write_text(text, encoding="utf-8")
    return 0


def _chosen(number: int, limit: int | None) -> list[int]:
    if limit is None or limit >= number:
        return list(range(number))
    return [index * number // limit for index in range(limit)]


def _trials(guideline: str, numbers: Sequence[int], jobs: int) -> Iterator[Trial]:
    if jobs <= 1:
        yield from map(_trial, repeat(guideline), numbers)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_trial, repeat(guideline), numbers, chunksize=10)


@cache
def _prepared(guideline: str) -> tuple[Sound, list[Mutant]]:
    """Made in each process for itself."""
    compiled = load(guideline)
    return sound(compiled.guideline), list(mutants(compiled.guideline))


def _trial(guideline: str, number: int) -> Trial:
    against, made = _prepared(guideline)
    return try_out(made[number], against)


if __name__ == "__main__":
    sys.exit(main())
