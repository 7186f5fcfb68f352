"""Catalogues of a guideline: PO files in `translations/` beside it, read and written by Babel.

Written so that equal texts give equal bytes: without dates, without line numbers (the place is the context),
in the order of the guideline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.translation.texts import Text

if TYPE_CHECKING:
    from babel.messages.catalog import Message

__all__ = [
    "Catalogue",
    "Entry",
    "catalogue_path",
    "languages_beside",
    "read_catalogue",
    "template_of",
    "write_catalogue",
]

FOLDER = "translations"
_WAS = "was: "
"""Before the text that a proposal translated; Babel does not read the `#|` of other tools."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text and its translation; `fuzzy` when somebody has yet to look at it.

    `previous` is the text that it translated before, `files` where it stands, `about` a help for the
    translator, `remarks` what translators noted.
    """

    place: str
    source: str
    translation: str = ""
    fuzzy: bool = False
    previous: str = ""
    files: tuple[str, ...] = ()
    about: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether readers get to see the translation."""
        return bool(self.translation.strip()) and not self.fuzzy


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of a guideline in one language; `obsolete` are those that it does not have any more."""

    language: str
    entries: tuple[Entry, ...] = ()
    obsolete: tuple[Entry, ...] = ()
    remarks: str = ""

    def ready(self) -> Mapping[tuple[str, str], str]:
        """The translations to show, by place and text."""
        return {(e.place, e.source): e.translation for e in self.entries if e.is_ready}


def catalogue_path(guideline: str | Path, language: str) -> Path:
    """Where the catalogue of a guideline (its folder, or its only file) is."""
    path = Path(guideline)
    return (path if path.is_dir() else path.parent) / FOLDER / f"{language}.po"


def languages_beside(guideline: str | Path) -> tuple[str, ...]:
    """The languages that a guideline has a catalogue of."""
    return tuple(sorted(p.stem for p in catalogue_path(guideline, "x").parent.glob("*.po")))


def template_of(texts: Iterable[Text], guideline: str | Path) -> tuple[Entry, ...]:
    """The entries to translate; what stands at several places with one text is one entry."""
    return tuple(
        Entry(text.place, text.source, files=_file(text, Path(guideline)), about=text.about)
        for text in texts
    )


def _file(text: Text, guideline: Path) -> tuple[str, ...]:
    if text.span is None:
        return ()
    name = Path(text.span.source.name)
    folder = guideline if guideline.is_dir() else guideline.parent
    try:
        name = name.resolve().relative_to(folder.resolve())
    except ValueError:
        name = Path(name.name)
    return (name.as_posix(),)


# --- PO files -------------------------------------------------------------------------------------------


def read_catalogue(path: Path, language: str) -> tuple[Catalogue | None, tuple[Diagnostic, ...]]:
    """The catalogue in a file, or why it cannot be read."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        data = path.read_bytes()
        data.decode("utf-8")
        found = read_po(BytesIO(data), charset="utf-8", abort_invalid=True)
    except OSError as error:
        return None, (_unreadable(path, f"this file cannot be read: {error.strerror or error}"),)
    except UnicodeDecodeError as error:
        return None, (_unreadable(path, f"this file is not UTF-8 text (byte {error.start})"),)
    except (PoFileError, ValueError, IndexError, LookupError) as error:
        return None, (_unreadable(path, f"this file is no catalogue: {error}"),)
    entries = tuple(_entry(message) for message in found if message.id)
    obsolete = tuple(_entry(message) for message in found.obsolete.values())
    return Catalogue(language, entries, obsolete, _header_remarks(found.header_comment)), ()


def _unreadable(path: Path, message: str) -> Diagnostic:
    return Diagnostic("unreadable-file", message, Span(Source(str(path), ""), 0, 0))


def _entry(message: Message) -> Entry:
    said = [line for line in message.auto_comments if not line.startswith(_WAS)]
    before = [line.removeprefix(_WAS) for line in message.auto_comments if line.startswith(_WAS)]
    return Entry(
        message.context or "",
        _one(message.id),
        _one(message.string or ""),
        message.fuzzy,
        " ".join(before),
        tuple(file for file, _ in message.locations),
        "\n".join(said),
        tuple(message.user_comments),
    )


def _one(text: object) -> str:
    """Guideline texts have no plural forms; of a catalogue that has some anyway the first counts."""
    if isinstance(text, str):
        return text
    return str(text[0]) if isinstance(text, Sequence) and text else ""


def _header_remarks(comment: str) -> str:
    lines = [line.removeprefix("#").strip() for line in comment.splitlines()]
    return "\n".join(lines).strip()


def write_catalogue(catalogue: Catalogue, project: str) -> str:
    """The text of a PO file; a template (`.pot`) when the catalogue has no language."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import normalize, write_po

    found = Catalog(charset="utf-8")
    for entry in catalogue.entries:
        message = _message(entry)
        found[message.id] = message
    for entry in catalogue.obsolete:
        found.obsolete[(entry.source, entry.place)] = _message(entry)
    body = BytesIO()
    write_po(body, found, width=100, omit_header=True, include_lineno=False)
    # Babel's own header has the time and its version, which would change without a cause.
    headers = [f"Project-Id-Version: {project}"]
    if catalogue.language:
        headers.append(f"Language: {catalogue.language}")
    headers += [
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    remarks = "".join(f"# {line}".rstrip() + "\n" for line in catalogue.remarks.splitlines())
    header = normalize("".join(f"{line}\n" for line in headers))
    return f'{remarks}msgid ""\nmsgstr {header}\n\n{body.getvalue().decode()}'


def _message(entry: Entry) -> Message:
    from babel.messages.catalog import Message

    return Message(
        entry.source,
        entry.translation,
        locations=[(file, 0) for file in entry.files],
        flags=["fuzzy"] if entry.fuzzy else [],
        auto_comments=[
            *entry.about.splitlines(),
            *([_WAS + " ".join(entry.previous.split())] if entry.previous else ()),
        ],
        user_comments=entry.remarks,
        context=entry.place,
    )
