"""The engine's own sentences in the language of a guideline.

They are those of the interpreter, whose catalogue has them. In English the document carries none.
"""

from pathway_compiler.language import gettext, ngettext, pgettext, spoken

__all__ = ["COUNTED", "IN_CONTEXT", "SENTENCES", "words_to_json"]

SENTENCES = (
    "%(label)s?",
    "%(low)s to %(high)s",
    "%(pathway)s applies only if: %(condition)s",
    "%(rule)s: at most one of “%(first)s” and “%(second)s”",
    "%(rule)s: “%(first)s” and “%(second)s”",
    "Not otherwise: %(title)s",
    "correct one of them, or leave out the entered value",
    "correct the data; the guideline holds that always: %(condition)s",
    "gives way to: %(titles)s",
    "no answer of “%(question)s” fits this patient",
    "no option is left",
    "not %(action)s: %(reasons)s",
    "not %(answer)s",
    "not when (not known): %(condition)s",
    "not when: %(condition)s",
    "only after “%(review)s”: %(answer)s",
    "only if %(condition)s",
    "only if: %(condition)s",
    "only when (not known): %(condition)s",
    "only when: %(condition)s",
    "patient `%(id)s` cannot be: %(rule)s (%(facts)s)",
    "patient `%(id)s`: %(fact)s is entered as %(entered)s, and follows from other data as %(computed)s",
    "perhaps %(answer)s",
    "perhaps others",
    "worked out here",
    "“%(first)s” asks for %(action)s, and “%(second)s” is against %(banned)s",
    "“%(title)s” is not reached at this visit",
)
IN_CONTEXT = (("value", "unknown"), ("value", "yes"), ("value", "no"), ("values", "none"))
"""Words with the context in which they are said."""
COUNTED = (
    ("%(amount)s year", "%(amount)s years"),
    ("%(amount)s month", "%(amount)s months"),
    ("%(amount)s week", "%(amount)s weeks"),
    ("%(amount)s day", "%(amount)s days"),
    ("%(amount)s hour", "%(amount)s hours"),
    ("%(amount)s minute", "%(amount)s minutes"),
)
"""What is said of one, and of several."""


def words_to_json() -> dict[str, str]:
    """The sentences in the language that is spoken, by the English ones; a context stands before its word."""
    if spoken() == "en":
        return {}
    found = {sentence: gettext(sentence) for sentence in SENTENCES}
    found |= {f"{context}\4{word}": pgettext(context, word) for context, word in IN_CONTEXT}
    for one, many in COUNTED:
        found |= {one: _counted(one, many, 1), many: _counted(one, many, 2)}
    return found


def _counted(one: str, many: str, number: int) -> str:
    """The form for a number, with its place for the amount left as it is."""
    return ngettext(one, many, number, amount="%(amount)s")
