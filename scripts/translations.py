"""Our own words for the catalogues in src/pathway_compiler/language/locale.

python scripts/translations.py            brings the catalogues up to date with the source
python scripts/translations.py --check    says what they lack; 1 when they are not complete
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.checkers import python_format
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import normalize, read_po, write_po

from pathway_compiler.language.catalogue import LANGUAGES, LOCALE, path_of

SOURCE = LOCALE.parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "marked": None, "marked_in": ((1, "c"), 2)}
METHODS = [("**.py", "python"), ("site/templates/**", "jinja2")]
OPTIONS = {"site/templates/**": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}


def template() -> Catalog:
    """Every message of the source, where it stands."""
    found = Catalog(charset="utf-8", fuzzy=False)
    messages = extract_from_dir(
        SOURCE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",)
    )
    for file, _, message, comments, context in messages:
        flags = ("python-format",) if "%(" in str(message) else ()
        found.add(message, None, [(file, 0)], flags, comments, context=context)
    return found


def brought_up_to_date(language: str) -> Catalog:
    """The catalogue of a language with every message of the source."""
    path = path_of(language)
    found = Catalog(locale=language, charset="utf-8")
    if path.exists():
        found = read_po(BytesIO(path.read_bytes()), locale=language)
    found.update(template(), no_fuzzy_matching=True)
    found.obsolete.clear()
    return found


def text_of(catalogue: Catalog) -> str:
    """The text of the file: without dates and line numbers, which would change without a cause."""
    body = BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, include_lineno=False)
    headers = [
        "Project-Id-Version: pathway-compiler",
        f"Language: {catalogue.locale_identifier}",
        f"Plural-Forms: {catalogue.plural_forms}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    header = normalize("".join(f"{line}\n" for line in headers))
    return f'msgid ""\nmsgstr {header}\n\n{body.getvalue().decode()}'


def complaints(catalogue: Catalog) -> list[str]:
    """What is missing in a catalogue, to be looked at, or said with other placeholders."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(strings):
            found.append(f"missing: {message.id!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
        else:
            try:
                python_format(catalogue, message)
            except Exception as error:
                found.append(f"broken: {message.id!r}: {error}")
    return found


def main() -> int:
    status = 0
    for language in LANGUAGES[1:]:
        path: Path = path_of(language)
        catalogue = brought_up_to_date(language)
        text = text_of(catalogue)
        if "--check" in sys.argv:
            lacking = complaints(catalogue)
            if path.read_text(encoding="utf-8") != text:
                lacking.append("out of date: run scripts/translations.py")
            print("\n".join(f"{language}: {line}" for line in lacking) or f"{language}: complete")
            status = status or bool(lacking)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"{path}: {len(catalogue)} messages, {len(complaints(catalogue))} to translate")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
