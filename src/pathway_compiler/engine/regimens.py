"""Contraindications, and what remains of a regimen under them."""

from dataclasses import dataclass
from typing import Literal

from pathway_compiler.datatypes.truth import (
    Missing,
    Reason,
    Truth,
    Unknown,
    kleene_and,
    kleene_not,
    kleene_or,
)
from pathway_compiler.engine.environment import Environment
from pathway_compiler.engine.expressions import bars, evaluate_condition, fact_value
from pathway_compiler.engine.outcome import PartStatus, RegimenPart
from pathway_compiler.language import gettext as _
from pathway_compiler.model.action import AllOf, Course, OneOf, Regimen, Sequence
from pathway_compiler.model.describe import describe_condition, describe_regimen, fact_type
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import ActionType, SetType
from pathway_compiler.model.vocabulary import SetValue

__all__ = ["Assessed", "assess", "barred", "speaks_of"]


@dataclass(frozen=True, slots=True)
class Assessed:
    """A regimen with its parts judged, and whether nothing of it can be given."""

    part: RegimenPart
    impossible: Truth


def barred(action: str, environment: Environment) -> tuple[Truth, tuple[str, ...]]:
    """Whether contraindications bar an action or whole class, and the labels of those that may."""
    guideline = environment.guideline
    truths: list[Truth] = []
    reasons: list[str] = []
    for contraindication in guideline.contraindications.values():
        truth: Truth
        if contraindication.each_of is not None:
            if not speaks_of(contraindication.each_of, action, guideline):
                continue
            value = fact_value(contraindication.each_of, environment)
            if isinstance(value, Unknown):
                truth = value
            else:
                assert isinstance(value, SetValue)
                truth = bars(value, action, guideline, _doubt(contraindication.each_of))
        else:
            banned = SetValue(frozenset(contraindication.actions))
            if bars(banned, action, guideline, Unknown()) is not True:
                continue
            assert contraindication.condition is not None
            truth = evaluate_condition(contraindication.condition, environment)
        if truth is not False:
            truths.append(truth)
            reasons.append(contraindication.label)
    combined = kleene_or(truths)
    if combined is True:
        reasons = [r for r, t in zip(reasons, truths, strict=True) if t is True]
    return combined, tuple(reasons)


def speaks_of(name: str, action: str, guideline: Guideline) -> bool:
    """Whether a set of actions can bar this one: a set of agents bars no service."""
    type_ = fact_type(guideline, name)
    found = guideline.actions.get(action) or guideline.classes.get(action)
    if not isinstance(type_, SetType) or not isinstance(type_.of, ActionType) or found is None:
        return True
    return type_.of.kind == found.kind


def _doubt(name: str) -> Unknown:
    return Unknown(frozenset({Missing(name, Reason.INCOMPLETE)}))


def assess(regimen: Regimen, environment: Environment, inseparable: bool = False) -> Assessed:
    """Each part of a regimen judged: barred parts drop out, and what remains is offered.

    Of an inseparable regimen nothing remains when a part is barred.
    """
    condition: Truth = True
    if regimen.condition is not None:
        condition = evaluate_condition(regimen.condition, environment)
    text = describe_regimen(regimen, environment.guideline)
    match regimen:
        case Course():
            veto, reasons = barred(regimen.action, environment)
            impossible = kleene_or([veto, kleene_not(condition)])
            if regimen.condition is not None and condition is not True:
                words = describe_condition(regimen.condition, environment.guideline)
                reasons = (*reasons, _("only if %(condition)s", condition=words))
            status = _status(veto, condition)
            if status == "offered":
                reasons = _members_barred(regimen.action, environment)
            return Assessed(
                RegimenPart("action", text, status, regimen.action, reasons), impossible
            )
        case AllOf():
            return _group("all of", text, regimen.parts, condition, environment, inseparable)
        case OneOf():
            return _group("one of", text, regimen.alternatives, condition, environment, inseparable)
        case Sequence():
            return _group("then", text, regimen.steps, condition, environment, inseparable)


def _members_barred(action: str, environment: Environment) -> tuple[str, ...]:
    """Of a class that can be given: which single actions of it cannot."""
    guideline = environment.guideline
    if action not in guideline.classes:
        return ()
    found = []
    for single in guideline.single_actions(action):
        veto, reasons = barred(single, environment)
        if veto is True:
            label = guideline.action_label(single)
            found.append(_("not %(action)s: %(reasons)s", action=label, reasons="; ".join(reasons)))
    return tuple(found)


def _group(
    kind: Literal["all of", "one of", "then"],
    text: str,
    regimens: tuple[Regimen, ...],
    condition: Truth,
    environment: Environment,
    inseparable: bool,
) -> Assessed:
    assessed = [assess(regimen, environment, inseparable) for regimen in regimens]
    combine = kleene_or if inseparable and kind != "one of" else kleene_and
    none_left = combine([a.impossible for a in assessed])
    impossible = kleene_or([none_left, kleene_not(condition)])
    part = RegimenPart(
        kind,
        text,
        _status(none_left, condition),
        parts=tuple(a.part for a in assessed),
    )
    return Assessed(part, impossible)


def _status(veto: Truth, condition: Truth) -> PartStatus:
    if condition is False:
        return "not applicable"
    if veto is True:
        return "barred"
    if isinstance(veto, Unknown) or isinstance(condition, Unknown):
        return "perhaps"
    return "offered"
