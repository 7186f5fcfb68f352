"""The trials as tables."""

from collections.abc import Iterable, Iterator, Sequence

from .mutants import KINDS
from .trials import Trial

__all__ = ["report"]

_COLUMNS = (
    "made", "by check", "by prove", "by test", "only prove", "only test", "equivalent", "survived",
)  # fmt: skip


def report(trials: Sequence[Trial]) -> str:
    """The shares, a table by kind of fault, and each mutant that nothing caught."""
    return "\n".join([*_shares(trials), "", *_table(trials), "", *_survivors(trials)])


def _shares(trials: Sequence[Trial]) -> Iterator[str]:
    faults = [t for t in trials if t.fate != "equivalent"]
    caught = [t for t in faults if t.fate == "caught"]
    yield (
        f"{len(trials)} mutants, {len(trials) - len(faults)} of them equivalent;"
        f" of the other {len(faults)} are caught:"
    )
    for name, found in (
        ("`prove` and `test` together, with the checks", caught),
        ("`prove` and `test` together", [t for t in caught if t.by_prove or t.by_test]),
        ("`prove`", [t for t in caught if t.by_prove]),
        ("`test`", [t for t in caught if t.by_test]),
        ("the checks", [t for t in caught if t.by_check]),
    ):
        yield f"- {name}: {len(found)} ({_percent(len(found), len(faults))})"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _table(trials: Sequence[Trial]) -> Iterator[str]:
    yield "| fault | " + " | ".join(_COLUMNS) + " |"
    yield "|---|" + "---|" * len(_COLUMNS)
    for kind in KINDS:
        found = [t for t in trials if t.kind == kind]
        if found:
            yield _row(kind, found)
    yield _row("all", trials)


def _row(name: str, trials: Sequence[Trial]) -> str:
    counts = (
        len(trials),
        _count(t.by_check for t in trials),
        _count(t.by_prove for t in trials),
        _count(t.by_test for t in trials),
        _count(t.by_prove and not t.by_test and not t.by_check for t in trials),
        _count(t.by_test and not t.by_prove and not t.by_check for t in trials),
        _count(t.fate == "equivalent" for t in trials),
        _count(t.fate == "survived" for t in trials),
    )
    return f"| {name} | " + " | ".join(str(count or "") for count in counts) + " |"


def _count(flags: Iterable[object]) -> int:
    return sum(1 for flag in flags if flag)


def _survivors(trials: Sequence[Trial]) -> Iterator[str]:
    for fate, title in (("survived", "Survived"), ("equivalent", "Equivalent")):
        found = [t for t in trials if t.fate == fate]
        if not found:
            continue
        yield f"{title}:"
        yield ""
        for trial in found:
            yield f"- {trial.place} `{trial.where}`, {trial.kind}: {trial.description}"
            if trial.why:
                yield f"  - why: {trial.why}"
            if trial.patient:
                yield f"  - differs in {trial.differs}, for: {trial.patient}"
        yield ""
