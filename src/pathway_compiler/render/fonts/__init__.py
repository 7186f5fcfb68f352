"""The fonts that labels are measured with, and how Graphviz is told to use them.

Graphviz asks fontconfig for `Arial`, and what it gets decides the size of every box. This package
carries Liberation Sans, which has Arial's widths, and writes a small fontconfig file that answers
`Arial`, and any family it does not know, with it on every machine. (Ask for `Arial`, not for
`Helvetica`: Graphviz has its own idea of that name.) System folders are listed as well, for letters
that Liberation Sans does not have.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

__all__ = [
    "font_environment",
    "font_folder",
    "fontconfig_file",
    "cache_folder",
    "system_font_folders",
]

FAMILY = "Liberation Sans"
ALIASES = ("Arial", "Helvetica", "sans-serif", "sans")


def font_environment() -> dict[str, str]:
    """The environment variables under which Graphviz measures with our fonts."""
    file = fontconfig_file()
    return {"FONTCONFIG_FILE": str(file), "FONTCONFIG_PATH": str(file.parent)}


def font_folder() -> Path:
    """Where the bundled `.ttf` files are."""
    return Path(__file__).resolve().parent


def fontconfig_file() -> Path:
    """Write the fontconfig file, unless it is there already, and say where it is.

    The name holds a digest of the content, so that two installations, or two processes that start
    together, never disturb each other.
    """
    folder = cache_folder()
    text = _fontconfig_text(font_folder(), system_font_folders(), folder / "fontconfig")
    file = folder / f"fonts-{hashlib.sha256(text.encode()).hexdigest()[:16]}.conf"
    if not file.exists():
        handle, name = tempfile.mkstemp(dir=folder, prefix=".fonts-")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(name, file)
    return file


def cache_folder() -> Path:
    """A folder this user may write to: `PATHWAY_CACHE`, else the usual cache, else a temporary one.

    Nothing in it is needed later; it may be deleted at any time.
    """
    for folder in _cache_candidates():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="pathway-compiler-"))


def system_font_folders() -> tuple[Path, ...]:
    """The folders of this machine that may hold fonts for letters we do not carry."""
    home = _home()
    if sys.platform == "win32":
        known = [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
    elif sys.platform == "darwin":
        known = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    else:
        known = [
            Path("/usr/share/fonts"),
            Path("/usr/local/share/fonts"),
            home / ".local/share/fonts",
            home / ".fonts",
        ]
    return tuple(folder for folder in known if folder.is_dir())


def _fontconfig_text(ours: Path, others: tuple[Path, ...], cache: Path) -> str:
    def tag(name: str, text: object) -> str:
        return f"<{name}>{escape(str(text))}</{name}>"

    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
        "<!-- Written by pathway-compiler; may be deleted. -->",
        "<fontconfig>",
        tag("dir", ours),
        *(tag("dir", folder) for folder in others),
        tag("cachedir", cache),
    ]
    # The system may have another version of the same family. Only ours counts.
    if others:
        lines.append("<selectfont><rejectfont>")
        lines += [tag("glob", f"{folder}/*LiberationSans-*") for folder in others]
        lines.append("</rejectfont></selectfont>")
    for alias in ALIASES:
        lines.append(
            f'<match target="pattern"><test qual="any" name="family">{tag("string", alias)}</test>'
            f'<edit name="family" mode="assign" binding="same">{tag("string", FAMILY)}</edit>'
            "</match>"
        )
    # A family nobody has still gets our widths, before any system font.
    lines.append(
        '<match target="pattern"><edit name="family" mode="append" binding="weak">'
        f"{tag('string', FAMILY)}</edit></match>"
    )
    # Hinting moves letters to whole pixels of a screen; a drawing has none.
    lines.append(
        '<match target="font">'
        '<edit name="hinting" mode="assign"><bool>false</bool></edit>'
        '<edit name="antialias" mode="assign"><bool>true</bool></edit>'
        '<edit name="embeddedbitmap" mode="assign"><bool>false</bool></edit>'
        "</match>"
    )
    lines.append("</fontconfig>")
    return "\n".join(lines) + "\n"


def _cache_candidates() -> list[Path]:
    chosen = os.environ.get("PATHWAY_CACHE")
    if chosen:
        return [Path(chosen).absolute(), _temporary()]
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or _home() / "AppData/Local")
    elif sys.platform == "darwin":
        base = _home() / "Library/Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or _home() / ".cache")
    return [(base / "pathway-compiler").absolute(), _temporary()]


def _temporary() -> Path:
    user = getattr(os, "getuid", lambda: "user")()
    return Path(tempfile.gettempdir()) / f"pathway-compiler-{user}"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # no HOME and no entry in the list of users
        return Path(tempfile.gettempdir())
