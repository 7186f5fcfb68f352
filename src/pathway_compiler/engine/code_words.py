"""The codes of a result in a reader's words: statuses, directions, ranks, why a fact is missing."""

from pathway_compiler.datatypes.truth import Reason
from pathway_compiler.language import marked_in, pgettext

__all__ = ["code_in_words"]

_CODES = (
    # certainty and verdict
    marked_in("result", "given"),
    marked_in("result", "possible"),
    marked_in("result", "not given"),
    # status of an option or a part of a regimen
    marked_in("result", "eligible"),
    marked_in("result", "perhaps"),
    marked_in("result", "excluded"),
    marked_in("result", "offered"),
    marked_in("result", "barred"),
    marked_in("result", "not applicable"),
    # rank
    marked_in("result", "preferred"),
    marked_in("result", "acceptable"),
    marked_in("result", "fallback"),
    marked_in("result", "option"),
    # direction
    marked_in("result", "for"),
    marked_in("result", "selective"),
    marked_in("result", "against"),
    marked_in("result", "no consensus"),
    marked_in("result", "await research"),
    # urgency
    marked_in("result", "needed now"),
    marked_in("result", "perhaps later"),
    # authorisation
    marked_in("result", "covered"),
    marked_in("result", "not covered"),
    # kinds of statements
    marked_in("result", "recommend"),
    marked_in("result", "no-consensus"),
    marked_in("result", "await-research"),
    marked_in("result", "principle"),
    marked_in("result", "monitoring"),
    marked_in("result", "definition"),
    # kinds of actions
    marked_in("result", "agent"),
    marked_in("result", "procedure"),
    marked_in("result", "investigation"),
    marked_in("result", "service"),
    # why a fact is missing
    marked_in("result", "not recorded"),
    marked_in("result", "not asked"),
    marked_in("result", "asked but not known"),
    marked_in("result", "not done"),
    marked_in("result", "uninterpretable"),
    marked_in("result", "the list may be incomplete"),
    marked_in("result", "not precise enough"),
)
"""Every code, noted for the catalogues."""


def code_in_words(code: str | Reason) -> str:
    """What a code of a result says; the code stays the same in every language."""
    return pgettext("result", str(code))
