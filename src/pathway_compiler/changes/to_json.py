"""The changes as JSON data, in the format that `dsl/diff.schema.json` publishes."""

from dataclasses import asdict

from pathway_compiler.changes.change import Change
from pathway_compiler.changes.data import Need
from pathway_compiler.changes.movements import Cell, Movements, MovingPatient
from pathway_compiler.changes.report import Changes, Side

__all__ = ["FORMAT", "changes_to_json"]

FORMAT = "pathway-diff/1"

Json = dict[str, object]


def changes_to_json(changes: Changes) -> Json:
    """Every group of changes, and the verdict."""
    return {
        "format": FORMAT,
        "old": _side(changes.old),
        "new": _side(changes.new),
        "verdict": changes.verdict,
        "movements": None if changes.movements is None else _movements(changes.movements, changes),
        "meaning": [_change(change) for change in changes.meaning],
        "evidence": [_change(change) for change in changes.evidence],
        "data": [_change(change) for change in changes.data],
        "newly_needed": [_need(need) for need in changes.newly_needed],
        "no_longer_needed": [_need(need) for need in changes.no_longer_needed],
        "renamed": [asdict(renamed) for renamed in changes.renamed],
        "text": [_change(change) for change in changes.text],
        "cases": [_change(change) for change in changes.cases],
    }


def _side(side: Side) -> Json:
    return {
        "guideline": side.name,
        "title": side.title,
        "version": side.version,
        "content_hash": side.content_hash,
    }


def _change(change: Change) -> Json:
    return {
        "kind": change.kind,
        "id": change.id,
        "label": change.label,
        "part": change.part or None,
        "what": change.what,
        "old": change.old,
        "new": change.new,
        "effect": change.effect,
        "touches": list(change.touches),
        "speaks": change.speaks,
    }


def _need(need: Need) -> Json:
    return {
        "element": need.element,
        "label": need.label,
        "everywhere": need.everywhere,
        "recommendations": list(need.recommendations),
    }


def _movements(found: Movements, changes: Changes) -> Json:
    return {
        "cells": [_cell(cell, changes) for cell in found.cells],
        "newly_refused": _patient(found.newly_refused),
        "newly_accepted": _patient(found.newly_accepted),
        "undecided": [{"from": old, "to": new} for old, new in found.undecided],
        "whatever_is_missing": found.whatever_is_missing,
    }


def _cell(cell: Cell, changes: Changes) -> Json:
    old, new = cell.recommendation_from, cell.recommendation_to
    return {
        "from": old,
        "from_label": None if old is None else changes.old.outcomes.get(old),
        "to": new,
        "to_label": None if new is None else changes.new.outcomes.get(new),
        "patient": _patient(cell.patient),
        "regions": list(cell.regions),
    }


def _patient(patient: MovingPatient | None) -> Json | None:
    if patient is None:
        return None
    return {
        "facts": dict(patient.facts),
        "words": patient.words,
        "matter": list(patient.matter),
        "settings": dict(patient.settings),
        "waiting": list(patient.waiting),
        "confirmed": patient.confirmed,
    }
