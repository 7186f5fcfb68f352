"""Saying something in the language of the moment."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import GNUTranslations

from pathway_compiler.language.catalogue import interface, spoken_by

__all__ = [
    "alternatives",
    "enumeration",
    "gettext",
    "marked",
    "marked_in",
    "ngettext",
    "pgettext",
    "speaking",
    "spoken",
]


@dataclass(frozen=True, slots=True)
class _Speech:
    """A language and its words; None for English, which is said as it stands."""

    language: str
    words: GNUTranslations | None


_ENGLISH = _Speech("en", None)
_SPEECH: ContextVar[_Speech] = ContextVar("speech", default=_ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within this block, our words are said in a language, or in English when we have none of it."""
    token = _SPEECH.set(_speech(language))
    try:
        yield
    finally:
        _SPEECH.reset(token)


def _speech(language: str) -> _Speech:
    if language == "en":
        return _ENGLISH
    words = interface(language)
    return _Speech(spoken_by(language), words if isinstance(words, GNUTranslations) else None)


def spoken() -> str:
    """The language that is spoken: `en`, `es`."""
    return _SPEECH.get().language


def gettext(message: str, /, **values: object) -> str:
    """A message with its values, such as `gettext("only if: %(condition)s", condition="…")`."""
    words = _SPEECH.get().words
    if words is None:
        return message % values if values else message
    return _filled(words.gettext(message), message, values)


def pgettext(context: str, message: str, /, **values: object) -> str:
    """The same for a message whose translation depends on where it is said."""
    words = _SPEECH.get().words
    if words is None:
        return message % values if values else message
    return _filled(words.pgettext(context, message), message, values)


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The same for a number of things, which is `%(number)s` unless it is given as a text."""
    values = {"number": number, **values}
    words = _SPEECH.get().words
    source = one if number == 1 else many
    if words is None:
        return source % values
    return _filled(words.ngettext(one, many, number), source, values)


def _filled(translation: str, source: str, values: dict[str, object]) -> str:
    """A slip in a catalogue costs the translation, never the message."""
    if not values:
        return translation
    try:
        return translation % values
    except (KeyError, TypeError, ValueError):
        return source % values


def marked(message: str) -> str:
    """The message itself: what is said later, by `gettext`, is noted for the catalogues here."""
    return message


def marked_in(context: str, message: str) -> str:
    """The same for what is said later by `pgettext`."""
    return message


def enumeration(parts: Sequence[str]) -> str:
    """`a and b and c`."""
    return _joined(parts, pgettext("between parts", "and"))


def alternatives(parts: Sequence[str]) -> str:
    """`a or b or c`."""
    return _joined(parts, pgettext("between parts", "or"))


def _joined(parts: Sequence[str], word: str) -> str:
    said = parts[0] if parts else ""
    for part in parts[1:]:
        said += f" {_before(word, part)} {part}"
    return said


def _before(word: str, next_words: str) -> str:
    """Spanish says `e` for `y` before the sound i, and `u` for `o` before the sound o."""
    if spoken() != "es":
        return word
    start = next_words.lstrip("(«“‹ ").lower()
    if word == "y" and start.startswith(("i", "í", "hi", "hí")):
        # Before a diphthong it stays: «y hierro».
        return word if start.startswith(("hie", "hia", "ia", "io")) else "e"
    if word == "o" and start.startswith(("o", "ó", "ho", "hó", "8", "11 ")):
        return "u"
    return word
