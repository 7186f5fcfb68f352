"""One finding about an author's text or a caller's data."""

from collections.abc import Iterable
from dataclasses import dataclass

from pathway_compiler.diagnostics.codes import CODES, Severity
from pathway_compiler.diagnostics.span import Span

__all__ = ["Diagnostic", "Label", "has_errors", "in_order"]


@dataclass(frozen=True, slots=True)
class Label:
    """Another place that belongs to a finding, with a few words on what it is."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding: its stable code, one plain sentence, the exact place, and what to do next.

    `notes` say more about it: the patients concerned, how it was confirmed.
    The message starts in lower case and has no full stop; the author's own words stand in backticks.
    """

    code: str
    message: str
    span: Span
    labels: tuple[Label, ...] = ()
    help: str | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(f"no diagnostic code {self.code!r}; add it to diagnostics/codes.py")

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding is an error, so that nothing may be run."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings by file and place, each once."""
    unique = dict.fromkeys(diagnostics)
    return tuple(
        sorted(unique, key=lambda d: (d.span.source.name, d.span.start, d.span.end, d.code))
    )
