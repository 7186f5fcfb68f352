"""\"Did you mean\": the nearest of the names an author could have meant."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["did_you_mean", "nearest"]


def nearest(word: str, candidates: Iterable[str], limit: int = 3) -> list[str]:
    """Up to `limit` candidates that look like `word`, the nearest first."""
    pool = sorted(set(candidates))
    folded: dict[str, str] = {}
    for name in pool:
        folded.setdefault(name.casefold(), name)
    close = get_close_matches(word.casefold(), list(folded), n=limit, cutoff=0.6)
    return [folded[name] for name in close]


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """A help line such as "did you mean `her2_status`?", or None when nothing is near."""
    names = nearest(word, candidates)
    if not names:
        return None
    return "did you mean " + " or ".join(f"`{name}`" for name in names) + "?"
