"""A patient's way through a pathway over several visits, as plain data.

An enactment says where the patient waits and since when. Running it with later data goes on from
there. What the clinician decided stands in a log beside it, and never alters what is recommended.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from pathway_compiler.datatypes.partial_date import PartialDate, parse_date
from pathway_compiler.engine.outcome import Outcome, WaitingPoint
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.pathway import Follow, Review

__all__ = [
    "Enactment",
    "EnactmentError",
    "LoggedDecision",
    "advance",
    "enactment_from_json",
    "enactment_to_json",
    "log_decision",
]

Decided = Literal["accepted", "declined", "chosen"]


class EnactmentError(Exception):
    """An enactment that does not fit the guideline, or is no enactment at all."""


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """What the clinician decided about a recommendation: accepted, declined with a reason, an option."""

    recommendation: str
    decision: Decided
    on: PartialDate
    option: str | None = None
    reason: str | None = None
    by: str | None = None
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enactment:
    """Where a patient is: the waiting points after the last visit, the days of all visits, the log.

    `before` are the waiting points at which the last visit began, so that it can be run again.
    """

    guideline: str
    guideline_version: str
    content_hash: str
    pathway: str
    patient: str
    waiting: tuple[WaitingPoint, ...] = ()
    visits: tuple[PartialDate, ...] = ()
    log: tuple[LoggedDecision, ...] = ()
    before: tuple[WaitingPoint, ...] = ()

    def waiting_on(self, day: PartialDate) -> tuple[WaitingPoint, ...]:
        """Where a run on a day begins: the last visit, when run again on its day, as it began."""
        return self.before if self.visits and day == self.visits[-1] else self.waiting


def advance(enactment: Enactment | None, outcome: Outcome) -> Enactment:
    """The enactment after a visit; running the same visit again gives the same enactment."""
    if enactment is None:
        return Enactment(
            outcome.guideline,
            outcome.guideline_version,
            outcome.content_hash,
            outcome.pathway,
            outcome.patient,
            outcome.waiting,
            (outcome.as_of,),
        )
    visits, before = enactment.visits, enactment.before
    if not visits or outcome.as_of != visits[-1]:
        visits, before = (*visits, outcome.as_of), enactment.waiting
    return replace(
        enactment,
        before=before,
        guideline_version=outcome.guideline_version,
        content_hash=outcome.content_hash,
        waiting=outcome.waiting,
        visits=visits,
    )


def log_decision(enactment: Enactment, outcome: Outcome, decision: LoggedDecision) -> Enactment:
    """The enactment with a decision added; the recommendation and option must be among the outcome's.

    Raises EnactmentError when they are not.
    """
    found = outcome.recommendation(decision.recommendation)
    if found is None:
        known = ", ".join(r.id for r in outcome.recommendations) or "none"
        raise EnactmentError(
            f"`{decision.recommendation}` is not recommended at this visit; recommended are: {known}"
        )
    option = decision.option
    if option is not None:
        ids = {o.id.rsplit(".", 1)[1]: o.id for o in found.options}
        if option not in ids and option not in ids.values():
            raise EnactmentError(
                f"`{found.id}` has no option `{option}`; its options are: {', '.join(ids) or 'none'}"
            )
        option = ids.get(option, option)
    entry = replace(decision, recommendation=found.id, option=option, via=found.via)
    if entry in enactment.log:
        return enactment
    return replace(enactment, log=(*enactment.log, entry))


def enactment_to_json(enactment: Enactment) -> dict[str, object]:
    """The enactment as JSON data; see `dsl/enactment.schema.json`."""
    return {
        "format": "pathway-enactment/1",
        "guideline": enactment.guideline,
        "guideline_version": enactment.guideline_version,
        "content_hash": enactment.content_hash,
        "pathway": enactment.pathway,
        "patient": enactment.patient,
        "waiting": [_point_to_json(point) for point in enactment.waiting],
        "before": [_point_to_json(point) for point in enactment.before],
        "visits": [str(day) for day in enactment.visits],
        "decisions": [
            {
                "recommendation": entry.recommendation,
                "via": list(entry.via),
                "decision": entry.decision,
                "option": entry.option,
                "reason": entry.reason,
                "by": entry.by,
                "on": str(entry.on),
            }
            for entry in enactment.log
        ],
    }


def _point_to_json(point: WaitingPoint) -> dict[str, object]:
    return {
        "pathway": point.pathway,
        "node": point.node,
        "via": list(point.via),
        "since": str(point.since) if point.since else None,
    }


def enactment_from_json(data: object, compiled: CompiledGuideline) -> Enactment:
    """An enactment read back; raises EnactmentError with what does not fit the guideline."""
    if not isinstance(data, Mapping) or data.get("format") != "pathway-enactment/1":
        raise EnactmentError("this is no enactment: `format` is not `pathway-enactment/1`")
    if data.get("guideline") != compiled.guideline.name:
        raise EnactmentError(
            f"this enactment belongs to guideline `{data.get('guideline')}`, not `{compiled.guideline.name}`"
        )
    pathway = _text(data, "pathway")
    if pathway not in compiled.graphs:
        raise EnactmentError(f"the guideline has no pathway `{pathway}` any more")
    return Enactment(
        compiled.guideline.name,
        str(data.get("guideline_version") or ""),
        str(data.get("content_hash") or ""),
        pathway,
        str(data.get("patient") or ""),
        tuple(_point(item, pathway, compiled) for item in _items(data, "waiting")),
        tuple(_date(item) for item in _items(data, "visits")),
        tuple(_logged(item) for item in _items(data, "decisions")),
        tuple(_point(item, pathway, compiled) for item in _items(data, "before")),
    )


def _text(data: Mapping[object, object], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise EnactmentError(f"`{key}` is missing or no text")
    return value


def _items(data: Mapping[object, object], key: str) -> list[object]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise EnactmentError(f"`{key}` is no list")
    return value


def _date(value: object) -> PartialDate:
    date = parse_date(value) if isinstance(value, str) else None
    if date is None or date.day is None:
        raise EnactmentError(f"`{value}` is not a full date")
    return date


def _names(data: Mapping[object, object]) -> tuple[str, ...]:
    return tuple(str(name) for name in _items(data, "via"))


def _point(item: object, entry: str, compiled: CompiledGuideline) -> WaitingPoint:
    if not isinstance(item, Mapping):
        raise EnactmentError("a waiting point is no object")
    pathway, node = _text(item, "pathway"), item.get("node")
    via = _names(item)
    reached = entry
    for name in via:
        follow = compiled.graphs[reached].record(name)
        if not isinstance(follow, Follow):
            raise EnactmentError(
                f"pathway `{reached}` has no node `{name}` that follows another pathway"
            )
        reached = follow.pathway
    if reached != pathway:
        raise EnactmentError(f"the way to `{pathway}` leads to `{reached}` now")
    since = None if item.get("since") is None else _date(item.get("since"))
    if node is None:
        return WaitingPoint(pathway, None, via, since)
    if not isinstance(compiled.graphs[pathway].record(str(node)), Review):
        raise EnactmentError(f"pathway `{pathway}` has no review `{node}` any more")
    if since is None:
        raise EnactmentError(f"the review `{node}` does not say since when the patient waits")
    return WaitingPoint(pathway, str(node), via, since)


def _logged(item: object) -> LoggedDecision:
    if not isinstance(item, Mapping):
        raise EnactmentError("a logged decision is no object")
    decision = _text(item, "decision")
    if decision not in ("accepted", "declined", "chosen"):
        raise EnactmentError(f"`{decision}` is no decision; write accepted, declined or chosen")

    def optional(key: str) -> str | None:
        value = item.get(key)
        return None if value is None else str(value)

    return LoggedDecision(
        _text(item, "recommendation"),
        cast(Decided, decision),
        _date(item.get("on")),
        optional("option"),
        optional("reason"),
        optional("by"),
        _names(item),
    )
