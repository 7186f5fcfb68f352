"""The language that our own words are said in: those that no author of a guideline wrote.

English stands in the source, so that it needs no catalogue; other languages have one in `locale/`. Which
language is spoken is a context variable: whoever makes something to be read from a guideline says it in the
guideline's language with `speaking(guideline.header.language)`, so that the two never part.

    from pathway_compiler.language import gettext as _, ngettext, speaking

    with speaking("es"):
        _("gives way to: %(titles)s", titles="T-DM1")      # 'cede ante: T-DM1'
"""

from pathway_compiler.language.catalogue import LANGUAGES, interface, own_name, spoken_by
from pathway_compiler.language.speaking import (
    alternatives,
    enumeration,
    gettext,
    marked,
    marked_in,
    ngettext,
    pgettext,
    speaking,
    spoken,
)

__all__ = [
    "LANGUAGES",
    "alternatives",
    "enumeration",
    "gettext",
    "interface",
    "marked",
    "marked_in",
    "ngettext",
    "own_name",
    "pgettext",
    "speaking",
    "spoken",
    "spoken_by",
]
