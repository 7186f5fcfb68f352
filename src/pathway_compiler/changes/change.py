"""One change, as it is told."""

from dataclasses import dataclass
from typing import Literal

from pathway_compiler.changes.items import Kind

__all__ = ["Change", "Effect"]

Effect = Literal["none", "outcomes decide", "perhaps", "certain"]
"""Whether a change is one of meaning: never; if some patient is told something else, which a comparison
of outcomes settles; perhaps, which no comparison of outcomes rules out; in any case."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one thing: what about it, what OLD says, what NEW says.

    `id` and `label` are those of NEW, or of OLD when the thing is gone. `part` is the answer, row or
    value that it is about, if any. `old` is None for what was added, `new` for what was removed.
    `touches` are the recommendations that the thing bears on. `speaks`: the text that differs is all
    that the thing says to a clinician, so that its words should be read.
    """

    kind: Kind
    id: str
    label: str
    part: str
    what: str
    old: str | None
    new: str | None
    effect: Effect
    touches: tuple[str, ...] = ()
    speaks: bool = False
