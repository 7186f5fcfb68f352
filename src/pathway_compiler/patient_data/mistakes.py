"""The mistakes of one patient, each with its place in the text that it came from."""

from __future__ import annotations

from dataclasses import dataclass

from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.patient_data.fact_names import listed
from pathway_compiler.patient_data.raw import Path, Raw, RawPatient, RepeatedKeys, quoted

__all__ = ["At", "Mistakes", "TooManyMistakes"]


@dataclass(frozen=True, slots=True)
class At:
    """Which value is being read: its place, what a reader calls it, and the name of its fact."""

    path: Path
    label: str
    name: str

    def inside(self, *steps: str | int) -> At:
        return At((*self.path, *steps), self.label, self.name)


class TooManyMistakes(Exception):
    """So much is wrong with a patient that the rest is not looked at."""


class Mistakes:
    """What is wrong with one patient; `name` is what messages call the patient."""

    def __init__(self, raw: RawPatient) -> None:
        self.found: list[Diagnostic] = []
        self.name = raw.default_id
        self._raw = raw

    def add(
        self,
        code: str,
        message: str,
        path: Path,
        help: str | None = None,
        *,
        key: bool = False,
        labels: tuple[Label, ...] = (),
    ) -> None:
        """Note a mistake at a place within the patient."""
        message = f"patient {quoted(self.name)}: {message}"
        self.found.append(Diagnostic(code, message, self.span(path, key), labels, help))
        if len(self.found) == _MOST_MISTAKES:
            message = f"patient {quoted(self.name)}: after {_MOST_MISTAKES} mistakes reading stops"
            self.found.append(Diagnostic("data-unreadable", message, self.span(())))
            raise TooManyMistakes

    def wrong(self, code: str, message: str, at: At, help: str | None = None) -> None:
        """Note a mistake in the value that is being read."""
        self.add(code, f"{at.label}: {message}", at.path, help)

    def span(self, path: Path, key: bool = False) -> Span:
        """The place of a value of this patient, or of the key that it stands under."""
        return self._raw.places.span((*self._raw.path, *path), key=key)

    def repeated(self, raw: dict[str, Raw], path: Path) -> None:
        """Note the keys that stand in an object more than once."""
        if not isinstance(raw, RepeatedKeys):
            return
        for key in raw.repeated:
            spans = self._raw.places.key_spans((*self._raw.path, *path, key))
            self.add(
                "data-duplicate",
                f"{quoted(key)} is given twice",
                (*path, key),
                "keep one of them",
                key=True,
                labels=(Label(spans[0], "the first one"),) if spans else (),
            )

    def only_keys(self, raw: dict[str, Raw], allowed: tuple[str, ...], at: At) -> bool:
        """Whether an object has only these keys, each once."""
        before = len(self.found)
        self.repeated(raw, at.path)
        for key in raw:
            if key not in allowed:
                self.add(
                    "data-unknown-name",
                    f"{at.label}: {quoted(key)} cannot be said here",
                    (*at.path, key),
                    did_you_mean(key, allowed) or listed(allowed, "what can be said is"),
                    key=True,
                )
        return len(self.found) == before


_MOST_MISTAKES = 100
