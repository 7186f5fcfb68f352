"""The catalogues of our own words, one PO file a language.

Babel reads them as they are edited, so that no step of the build compiles them and none is ever stale. It is
imported only when something else than English is spoken.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

__all__ = ["DOMAIN", "LANGUAGES", "LOCALE", "interface", "own_name", "path_of", "spoken_by"]

DOMAIN = "pathway_compiler"
LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("en", "es")
"""The languages that our words can be said in; the first is that of the source."""


def spoken_by(language: str) -> str:
    """The language in which our words are said to readers of a language: English when there is none.

    >>> spoken_by("es-ES"), spoken_by("fr")
    ('es', 'en')
    """
    base = language.replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else LANGUAGES[0]


def own_name(language: str) -> str:
    """What the speakers of a language call it; its code when it is not known.

    >>> own_name("es"), own_name("qx")
    ('Español', 'qx')
    """
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(language, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:] if name else language


def path_of(language: str) -> Path:
    """The catalogue of a language."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def interface(language: str) -> NullTranslations:
    """Our words for readers of a language, as the standard library's `gettext` has them."""
    return _read(spoken_by(language))


@cache
def _read(language: str) -> NullTranslations:
    if language == LANGUAGES[0]:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path_of(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)  # leaves out what is fuzzy
    compiled.seek(0)
    return GNUTranslations(compiled)
