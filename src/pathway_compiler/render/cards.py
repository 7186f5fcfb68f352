"""The cards of a flowchart: one function for each kind of node, from the record to a label.

A decision is a table with the question on top and one cell for each answer; its arrow leaves from the
cell, so that there is no text beside an arrow to misplace. Equal options are rows of one card, because
a drawing of several cards would imply an order that the guideline does not give. What a reader must
know (cautions, conditions, footnotes) stands in the card, in small print, and not behind a click.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pathway_compiler.language import gettext as _
from pathway_compiler.model.action import Regimen
from pathway_compiler.model.describe import (
    describe_condition,
    describe_number,
    describe_regimen,
    describe_value,
    name_in_words,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Branch,
    Caution,
    Choose,
    Course,
    Decision,
    Eligibility,
    End,
    Follow,
    Interval,
    Option,
    Outside,
    Pathway,
    Recommend,
    Review,
    Stance,
    Standing,
    Together,
)
from pathway_compiler.render.dot import Markup, br_lines, font, port, tag
from pathway_compiler.render.missing import unknown_matters
from pathway_compiler.render.overlay import Activation, Mark, Overlay, Status
from pathway_compiler.render.palette import Palette, badge
from pathway_compiler.render.wrap import measure, shorten, wrap

__all__ = [
    "Card",
    "Look",
    "NOT_COVERED",
    "UNKNOWN",
    "answer_label",
    "choice_kind",
    "choose_card",
    "decision_card",
    "end_card",
    "follow_details",
    "grades_of",
    "link_card",
    "outside_card",
    "recommendation_card",
    "return_card",
    "review_card",
    "small_print",
    "start_card",
    "together_card",
]

TEXT, SMALL, TINY = 12.0, 11.0, 10.0
ANSWER = 11.5
ACCENT = 6
UNKNOWN = "unknown"
NOT_COVERED = "not_covered"

# Signs that the bundled font has: a check mark proper is a box on a machine without other fonts.
SIGNS: Mapping[Mark, str] = {"yes": "√", "unknown": "?", "no": "×"}
STATUS_SIGNS: Mapping[Status, Mark] = {
    "given": "yes",
    "eligible": "yes",
    "possible": "unknown",
    "not given": "no",
    "barred": "no",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What all cards of a page share."""

    guideline: Guideline
    colours: Palette
    words: Mapping[str, str]
    overlay: Overlay | None = None
    sideways: bool = False
    """Whether the page runs from left to right, so that answers stand beside the question."""
    text_width: int = 204
    choice_width: int = 236

    def activation(self, node: str) -> Activation | None:
        return self.overlay.node(node) if self.overlay else None

    def status(self, node: str) -> Status | None:
        return self.overlay.statuses.get(node) if self.overlay else None


@dataclass(frozen=True, slots=True)
class Card:
    """The label of one node, its size in points as far as we can tell, and the links within it."""

    label: Markup
    width: float
    height: float
    cells: Mapping[str, str] = field(default_factory=dict)
    """The class of each cell that has an id of its own."""


@dataclass(frozen=True, slots=True)
class _Ink:
    """The colours of one card: as usual, on a patient's way, perhaps on it, or off it."""

    text: str
    secondary: str
    border: str
    width: int
    style: str | None
    tint: str


# --- decisions and reviews -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    branch: str
    text: str
    kind: Literal["answer", "unknown", "uncovered"]
    mark: Mark | None = None


def decision_card(decision: Decision, id: str, look: Look, *, exhaustive: bool) -> Card:
    """A question and its answers; an answer that leads nowhere, and patients without one, in red."""
    answers = _answers(decision.branches, id, look)
    if unknown_matters(decision, look.guideline):
        answers.append(_Answer(UNKNOWN, look.words["unknown"], "unknown", _open(answers)))
    if decision.kind == "plain" and not exhaustive:
        answers.append(_Answer(NOT_COVERED, look.words["not covered"], "uncovered"))
    hint = "" if decision.kind == "plain" else look.words[decision.kind]
    return _port_card(id, decision.label, hint, answers, look, decision.issues, decision.note)


def review_card(review: Review, id: str, look: Look) -> Card:
    """Time passes: what is asked at a later visit, and how often."""
    answers = _answers(review.branches, id, look)
    hint = _every(review.every) if review.every else ""
    return _port_card(id, review.label, hint, answers, look, review.issues, review.note, later=True)


def _answers(branches: Sequence[Branch], id: str, look: Look) -> list[_Answer]:
    return [
        _Answer(
            branch.name,
            answer_label(branch, look.guideline),
            "answer" if branch.targets else "uncovered",
            look.overlay.mark(id, branch.name) if look.overlay else None,
        )
        for branch in branches
    ]


def answer_label(branch: Branch, guideline: Guideline) -> str:
    """The author's word for an answer, or its condition in words."""
    if branch.label or branch.condition is None:
        return branch.label or branch.name
    return describe_condition(branch.condition, guideline)


def _open(answers: Iterable[_Answer]) -> Mark | None:
    return "unknown" if any(answer.mark == "unknown" for answer in answers) else None


def _port_card(
    id: str,
    question: str,
    hint: str,
    answers: Sequence[_Answer],
    look: Look,
    issues: Sequence[str],
    note: str,
    *,
    later: bool = False,
) -> Card:
    ink = _ink(look, id, "decision_border")
    width = _question_width(answers, look)
    needs = look.overlay.needs.get(id, ()) if look.overlay else ()
    head = [font(br_lines(_wrap(question, width, TEXT, look), "CENTER"), colour=ink.text)]
    if later:
        words = look.words["review"] + (f": {hint}" if hint else "")
        head.insert(0, font(words, colour=ink.secondary, size=TINY, bold=True))
    elif hint:
        head.append(font(hint, colour=ink.secondary, size=TINY))
    for text in (*issues, *_first_paragraph(note)):
        lines = wrap(f"{look.words['note']}: {text}", width, TINY, lines=4, characters=48)
        head.append(font(br_lines(lines, "CENTER"), colour=ink.secondary, size=TINY))
    if needs:
        lines = wrap(f"{look.words['needs']}: {', '.join(needs)}", width, SMALL, lines=4)
        head.append(font(br_lines(lines, "CENTER"), colour=look.colours["path"], size=SMALL))
    paler = later and ink.tint != look.colours["cluster"]
    question_cell = tag(
        "TD",
        _block([tag("TR", tag("TD", each)) for each in head]),
        PORT="q",
        BGCOLOR=look.colours["card"] if paler else ink.tint,
        CELLPADDING=5,
        BORDER=ink.width,
        COLOR=ink.border,
        STYLE="dashed" if later else ink.style,
        **{"ROWSPAN" if look.sideways else "COLSPAN": len(answers)},
    )
    share = 110.0 if look.sideways else max(46.0, (width + 40) / len(answers) - 14)
    # A word is not split to make an answer narrower.
    longest = max(measure(w, ANSWER, bold=True) for a in answers for w in [*a.text.split(), ""])
    share = max(share, min(longest + 14, 140.0))
    cells = [_answer_cell(answer, id, share, look, ink) for answer in answers]
    if look.sideways:
        first, *others = cells
        rows = [tag("TR", question_cell, first), *(tag("TR", cell) for cell in others)]
    else:
        rows = [tag("TR", question_cell), tag("TR", *cells)]
    label = tag("TABLE", *rows, BORDER=0, CELLBORDER=1, CELLSPACING=0, CELLPADDING=5)
    height = 14 + sum(4 + 13 * (str(part).count("<BR") + 1) for part in head)
    deepest = max(len(_wrap(answer.text, share, ANSWER, look)) for answer in answers)
    return Card(
        label,
        width + (130 if look.sideways else 20),
        max(height, 26 * len(answers)) if look.sideways else height + 10 + 14 * deepest,
        {f"{id}.{answer.branch}": f"answer {answer.kind}" for answer in answers},
    )


def _question_width(answers: Sequence[_Answer], look: Look) -> float:
    """As wide as the answers side by side ask for, between that of a card and a half more."""
    if look.sideways:
        return 170.0
    wanted = sum(max(46.0, min(84.0, measure(a.text, ANSWER, bold=True))) + 14 for a in answers)
    return max(look.text_width - 20.0, min(wanted, look.text_width * 1.7)) - 8


def _answer_cell(answer: _Answer, id: str, width: float, look: Look, ink: _Ink) -> Markup:
    taken = answer.mark in ("yes", "unknown")
    text = f"{SIGNS[answer.mark]} {answer.text}" if answer.mark else answer.text
    quiet = answer.kind != "answer" or answer.mark == "no" or ink.text == ink.secondary
    colour = look.colours["secondary"] if quiet else look.colours["text"]
    border = look.colours["faded" if look.overlay else "decision_border"]
    if taken:
        border = look.colours["path"]
    if answer.kind == "uncovered":
        colour = border = look.colours["against"]
    lines = _wrap(text, width, ANSWER, look, bold=True, lines=8)
    return tag(
        "TD",
        font(br_lines(lines, "CENTER"), colour=colour, size=ANSWER, bold=True),
        PORT=port(answer.branch),
        ID=f"{id}.{answer.branch}",
        HREF=f"#{id}.{answer.branch}",
        TOOLTIP=shorten(answer.text),
        BGCOLOR=look.colours["card"],
        BORDER=2 if answer.kind == "uncovered" or taken else 1,
        COLOR=border,
        STYLE="dashed" if answer.mark == "unknown" else None,
    )


def _every(interval: Interval) -> str:
    low, high = describe_number(interval.low), describe_number(interval.high, interval.unit)
    if interval.unit is None:
        if interval.low == interval.high:
            return _("every %(number)s treatment cycles", number=high)
        return _("every %(low)s to %(high)s treatment cycles", low=low, high=high)
    if interval.low == interval.high:
        return _("every %(interval)s", interval=high)
    return _("every %(low)s to %(high)s", low=low, high=high)


# --- recommendations and choices -----------------------------------------------------------------


def recommendation_card(node: Recommend | Standing, id: str, look: Look) -> Card:
    """One course of action with its direction, its grade as printed, and its small print."""
    rows = _recommendation_rows(node, id, look, look.text_width)
    ink = _ink(look, id, "card_border")
    return Card(
        _framed(rows, _accent(node.stance, look), ink, look.text_width, look),
        look.text_width + 34,
        _height(rows),
    )


def _recommendation_rows(
    node: Recommend | Standing, id: str, look: Look, width: float
) -> list[Markup]:
    ink = _ink(look, id, "card_border")
    said = [] if node.stance == "recommend" else [look.words[node.stance]]
    if isinstance(node, Standing):
        said.insert(0, look.words["standing"])
    rows = _status_rows(id, look)
    if said:
        colour = _accent(node.stance, look)
        rows.append(_text_row(": ".join(said), width, TINY, look, colour=colour, bold=True))
    rows.append(_text_row(node.label, width, TEXT, look, colour=ink.text, bold=True))
    for line in small_print(
        node.label, node.eligibility, node.course, node.note, node.issues, look
    ):
        rows.append(_text_row(line, width, TINY, look, colour=ink.secondary, lines=6))
    rows += _badge_rows(node.statements, width, look, ink)
    rows.append(_id_row(node.name, width, ink))
    return rows


def choose_card(node: Choose, id: str, look: Look) -> Card:
    """Several courses as rows of one card: ranks in words, equal ones without an order."""
    width = look.choice_width
    ink = _ink(look, id, "card_border")
    rows = _status_rows(id, look)
    rows.append(_text_row(node.label, width, TEXT, look, colour=ink.text, bold=True))
    if len(node.options) > 1:
        kind = look.words[choice_kind(node)]
        rows.append(_text_row(kind, width, TINY, look, colour=ink.secondary))
    for line in small_print(
        node.label, node.eligibility, node.course, node.note, node.issues, look
    ):
        rows.append(_text_row(line, width, TINY, look, colour=ink.secondary, lines=6))
    rows += _badge_rows(node.statements, width, look, ink)
    rows.append(_id_row(node.name, width, ink))
    sections = [
        rows,
        *(_option_rows(option, f"{id}.{option.name}", look) for option in node.options),
    ]
    cells = [None, *(option.name for option in node.options)]
    body: list[Markup] = []
    for number, (section, name) in enumerate(zip(sections, cells, strict=True)):
        option_id = f"{id}.{name}"
        if number:
            body.append(Markup("<HR/>"))
        body.append(
            tag(
                "TR",
                tag(
                    "TD",
                    _block(section),
                    ID=option_id if name else None,
                    HREF=f"#{option_id}" if name else None,
                    TOOLTIP=shorten(node.options[number - 1].label) if name else None,
                    ALIGN="LEFT",
                    CELLPADDING=4,
                    WIDTH=width + 12,
                ),
            )
        )
    inner = tag(
        "TABLE",
        *body,
        BORDER=0,
        COLOR=look.colours["faded" if look.overlay else "card_border"],
        CELLBORDER=0,
        CELLSPACING=0,
        CELLPADDING=0,
    )
    label = tag(
        "TABLE", tag("TR", _bar(_accent("recommend", look)), tag("TD", inner)), BORDER=ink.width,
        COLOR=ink.border, STYLE=ink.style, CELLBORDER=0, CELLSPACING=0, CELLPADDING=0,
        BGCOLOR=look.colours["card"],
    )  # fmt: skip
    return Card(
        label,
        width + 34,
        sum(_height(section) for section in sections),
        {f"{id}.{option.name}": f"option rank-{option.rank}" for option in node.options},
    )


def choice_kind(node: Choose) -> str:
    """What a choice asks for, as a key of the words; equal ranks are no order."""
    ranked = len({option.rank for option in node.options}) > 1
    return ("combined" if node.combinable else "one of") + (", ranked" if ranked else "")


def _option_rows(option: Option, id: str, look: Look) -> list[Markup]:
    width = look.choice_width
    node_ink = _ink(look, id.rpartition(".")[0], "card_border")
    out = look.status(id) in ("not given", "barred")
    ink_text = node_ink.secondary if out else node_ink.text
    rows = _status_rows(id, look)
    if option.rank != "option":
        colour = _accent("recommend", look)
        rows.append(_text_row(look.words[option.rank], width, TINY, look, colour=colour, bold=True))
    rows.append(_text_row(option.label, width, ANSWER, look, colour=ink_text, bold=True))
    for line in small_print(
        option.label, option.eligibility, option.course, option.note, option.issues, look
    ):
        rows.append(_text_row(line, width, TINY, look, colour=node_ink.secondary, lines=6))
    rows += _badge_rows(option.statements, width, look, node_ink)
    return rows


def small_print(
    title: str,
    eligibility: Eligibility,
    course: Course,
    note: str,
    issues: Sequence[str],
    look: Look,
) -> list[str]:
    """What a reader must know beside the title: the regimen, for whom, cautions, footnotes.

    Without a title, as when read aloud, the regimen is always told.
    """
    say, guideline = look.words, look.guideline
    lines = [describe_regimen(each.regimen, guideline) for each in course.performs]
    if not any(_says_more(line, title) for line in lines):
        lines = []
    if not title and any(each.inseparable for each in course.performs):
        lines.append(say["inseparable"])
    if course.avoids:
        lines.append(f"{say['avoid']}: {', '.join(map(guideline.action_label, course.avoids))}")
    for word, conditions in (
        ("when", eligibility.when),
        ("unless", eligibility.unless),
        ("only_if", eligibility.only_if),
    ):
        # Several `unless` exclude each on its own; several `when` hold together.
        joined = "; ".join(describe_condition(each, guideline) for each in conditions)
        if joined:
            lines.append(f"{say[word]}: {joined}")
    if course.moment and course.moment in guideline.moments:
        lines.append(guideline.moments[course.moment].label)
    lines += [_caution(caution, look) for caution in course.cautions]
    if course.overrides:
        names = [_override(path, guideline) for path in course.overrides]
        lines.append(f"{say['overrides']}: {'; '.join(names)}")
    lines += [f"{say['note']}: {text}" for text in (*_first_paragraph(note), *issues)]
    return lines


def _caution(caution: Caution, look: Look) -> str:
    condition = ""
    if caution.condition is not None:
        said = describe_condition(caution.condition, look.guideline)
        condition = f" ({look.words['if']} {said})"
    return f"{look.words['caution']}{condition}: {caution.text}"


def _override(path: tuple[str, ...], guideline: Guideline) -> str:
    """The label of what is overridden: pathway, node and perhaps option."""
    pathway = guideline.pathways.get(path[0])
    node = pathway.node(path[1]) if pathway and len(path) > 1 else None
    if isinstance(node, Choose) and len(path) > 2:
        option = next((each for each in node.options if each.name == path[2]), None)
        return option.label if option else node.label
    return node.label if node else ".".join(path)


def _says_more(regimen: str, title: str) -> bool:
    """Whether the regimen in words has a word that the title has not."""

    def stems(text: str) -> set[str]:
        return {word.rstrip("s") for word in re.findall(r"[\w-]+", text.lower())}

    return bool(stems(regimen) - stems(title) - {"", "+"})


def _first_paragraph(note: str) -> list[str]:
    first = note.strip().split("\n\n", 1)[0].strip()
    return [first] if first else []


# --- evidence ------------------------------------------------------------------------------------

_UNGRADED_KINDS = ("principle", "definition", "monitoring")


def grades_of(
    statements: Sequence[str], guideline: Guideline
) -> dict[tuple[str | None, str | None], tuple[int, ...]]:
    """Each certainty and grade that the statements are printed with, and the references under it.

    A background statement without a grade says nothing beside graded ones and is left out.
    """
    found: dict[tuple[str | None, str | None], list[int]] = {}
    silent: list[int] = []
    for name in statements:
        statement = guideline.statements.get(name)
        if statement is None:
            continue
        evidence = guideline.printed_evidence(statement)
        pair = (evidence.certainty, evidence.grade)
        if pair == (None, None) and statement.kind in _UNGRADED_KINDS:
            silent += evidence.references
            continue
        found.setdefault(pair, []).extend(evidence.references)
    if not found and statements:
        found[(None, None)] = silent
    return {pair: tuple(dict.fromkeys(references)) for pair, references in found.items()}


def _badge_rows(statements: Sequence[str], width: float, look: Look, ink: _Ink) -> list[Markup]:
    return [
        tag("TR", tag("TD", _badge_line(pair, references, width, look, ink), ALIGN="LEFT"))
        for pair, references in grades_of(statements, look.guideline).items()
    ]


def _badge_line(
    pair: tuple[str | None, str | None],
    references: Sequence[int],
    width: float,
    look: Look,
    ink: _Ink,
) -> Markup:
    certainty, grade = pair
    say = look.words
    if certainty is None and grade is None:
        words = say["not graded"]
    elif certainty is None:
        words = f"{say['certainty']} {say['not stated']}"
    else:
        words = f"{say['certainty']} {shorten(name_in_words(certainty, look.guideline), 60)}"
        if grade is None:
            words += f", {say['no grade'].lower()}"
    cells = []
    if grade is not None:
        colours = badge(grade, look.colours)
        text = f"{say['grade']} {grade}"
        cells.append(
            tag(
                "TD",
                font(text, colour=colours.text, size=SMALL, bold=True),
                BGCOLOR=colours.fill,
                BORDER=1,
                COLOR=colours.border,
                STYLE="dashed" if colours.dashed else None,
                FIXEDSIZE="TRUE",
                CELLPADDING=0,
                WIDTH=round(max(40, measure(text, SMALL, bold=True) + 12)),
                HEIGHT=18,
            )
        )
    shown = ", ".join(map(str, references[:6])) + (", …" if len(references) > 6 else "")
    shown = f"[{shown}]" if shown else ""
    # Widths that add up, or Graphviz spreads the columns over the card.
    left = width - (
        round(max(40, measure(f"{say['grade']} {grade}", SMALL, bold=True) + 12)) if grade else 0
    )
    right = round(measure(shown, TINY)) + 4 if shown else 0
    middle = max(measure(words, SMALL) + 8, left - right - 16)
    cells.append(
        tag(
            "TD",
            font(f" {words}" if grade else words, colour=ink.secondary, size=SMALL),
            ALIGN="LEFT",
            WIDTH=round(middle),
        )
    )
    if shown:
        text = font(shown, colour=ink.secondary, size=TINY)
        cells.append(tag("TD", text, ALIGN="RIGHT", WIDTH=right))
    return tag("TABLE", tag("TR", *cells), BORDER=0, CELLBORDER=0, CELLSPACING=0, CELLPADDING=2)


# --- the other nodes -----------------------------------------------------------------------------


def start_card(
    pathway: Pathway, id: str, look: Look, standing: Mapping[str, Standing], *, within: bool
) -> Card:
    """The start pill; under it, in a strip, what holds throughout the pathway.

    Within a page of another pathway the frame has the title already, and only the strip is drawn.
    """
    columns = min(len(standing), 1 if look.sideways or within else 3) or 1
    width = columns * (look.text_width + 34) if standing else 260
    rows: list[Markup] = []
    height = 0.0
    if not within or pathway.applies is not None:
        pill, height = _pill(pathway, id, look, min(width, 240 if within else 380), within=within)
        rows.append(tag("TR", tag("TD", pill, COLSPAN=columns)))
    items = list(standing.items())
    for first in range(0, len(items), columns):
        group = items[first : first + columns]
        cells = []
        tallest = 0.0
        for node_id, node in group:
            ink = _ink(look, node_id, "card_border")
            inner = _recommendation_rows(node, node_id, look, look.text_width)
            tallest = max(tallest, _height(inner))
            accent = _accent(node.stance, look)
            cells.append(
                tag(
                    "TD",
                    _framed(inner, accent, ink, look.text_width, look),
                    ID=node_id,
                    HREF=f"#{node_id}",
                    TOOLTIP=shorten(node.label),
                    VALIGN="TOP",
                    CELLPADDING=2,
                )
            )
        height += tallest
        rows.append(tag("TR", *cells))
    label = tag("TABLE", *rows, BORDER=0, CELLBORDER=0, CELLSPACING=0, CELLPADDING=0)
    return Card(label, width, height + 10, dict.fromkeys(standing, "standing"))


def _pill(
    pathway: Pathway, id: str, look: Look, width: float, *, within: bool
) -> tuple[Markup, float]:
    colours = look.colours
    ink = _ink(look, id, "edge")
    colour = ink.secondary if within else colours["start_text"]
    text, height = [], 16.0
    if not within:
        lines = _wrap(pathway.label, width, TEXT, look, bold=True)
        text.append(font(br_lines(lines, "CENTER"), colour=colour, size=TEXT, bold=True))
        height += 6 + 14 * len(lines)
    if pathway.applies is not None:
        said = f"{look.words['applies']}: {describe_condition(pathway.applies, look.guideline)}"
        more = wrap(said, width, TINY, lines=6)
        text.append(font(br_lines(more, "CENTER"), colour=colour, size=TINY))
        height += 4 + 12 * len(more)
    pill = tag(
        "TABLE",
        *(tag("TR", tag("TD", each)) for each in text),
        BORDER=ink.width,
        COLOR=ink.border if within else colours["start_border"],
        BGCOLOR=colours["card" if within else "start"],
        STYLE="rounded",
        CELLBORDER=0,
        CELLPADDING=2 if within else 3,
        CELLSPACING=3,
    )
    return pill, height


def together_card(node: Together, id: str, look: Look) -> Card:
    """Several ways at once: a bar from which they leave."""
    ink = _ink(look, id, "decision_border")
    lines = _wrap(node.label, look.text_width - 20, TEXT, look)
    rows = [
        tag("TR", tag("TD", font(br_lines(lines, "CENTER"), colour=ink.text, size=TEXT))),
        tag("TR", tag("TD", font(look.words["together"], colour=ink.secondary, size=TINY))),
    ]
    bar = tag("TD", BGCOLOR=ink.border, HEIGHT=4, WIDTH=look.text_width, FIXEDSIZE="FALSE")
    rows.append(tag("TR", bar))
    label = tag("TABLE", *rows, BORDER=0, CELLBORDER=0, CELLSPACING=1, CELLPADDING=1)
    return Card(label, look.text_width, 30 + 14 * len(lines))


def link_card(label: str, detail: Sequence[str], id: str, look: Look) -> Card:
    """The name of another pathway, to be followed on its own page; the oval is drawn by Graphviz."""
    ink = _ink(look, id, "decision_border")
    lines = _wrap(label, 150, TEXT, look)
    text = [font(br_lines(lines, "CENTER"), colour=ink.text, size=TEXT)]
    count = len(lines)
    for each in detail:
        more = wrap(each, 150, TINY, lines=4)
        count += len(more)
        text.append(font(br_lines(more, "CENTER"), colour=ink.secondary, size=TINY))
    return Card(Markup("<BR/>".join(text)), 200, 30 + 14 * count)


def return_card(label: str, id: str, look: Look) -> Card:
    """A small sign that leads back to a node above, in place of a long arrow."""
    ink = _ink(look, id, "edge")
    lines = _wrap(f"{look.words['back']}: {label}", 140, SMALL, look)
    text = font(br_lines(lines, "CENTER"), colour=ink.secondary, size=SMALL)
    return Card(text, 170, 14 + 13 * len(lines))


def end_card(node: End, id: str, look: Look) -> Card:
    """An explicit stop."""
    return _ending(node.label, node.note, node.issues, look.words["end"], id, look)


def outside_card(node: Outside, id: str, look: Look) -> Card:
    """A patient whom the guideline was not written for; nothing is recommended to her."""
    return _ending(
        node.label, node.note, node.issues, look.words["outside"], id, look, outside=True
    )


def _ending(
    label: str,
    note: str,
    issues: Sequence[str],
    word: str,
    id: str,
    look: Look,
    outside: bool = False,
) -> Card:
    ink = _ink(look, id, "card_border" if not outside else "edge")
    width = look.text_width - 34
    rows = [font(word, colour=ink.secondary, size=TINY, bold=True)]
    title = _wrap(label, width, TEXT, look)
    rows.append(font(br_lines(title, "CENTER"), colour=ink.text, size=TEXT))
    for each in (*_first_paragraph(note), *issues):
        lines = wrap(f"{look.words['note']}: {each}", width, TINY, lines=4)
        rows.append(font(br_lines(lines, "CENTER"), colour=ink.secondary, size=TINY))
    text = _block([tag("TR", tag("TD", row)) for row in rows])
    card = tag(
        "TABLE",
        tag("TR", tag("TD", text, CELLPADDING=3)),
        BORDER=ink.width, COLOR=ink.border, BGCOLOR=look.colours["cluster" if outside else "card"],
        STYLE="rounded,dashed" if outside or ink.style else "rounded", CELLBORDER=0, CELLSPACING=2,
    )  # fmt: skip
    return Card(card, width + 30, 20 + sum(4 + 13 * (row.count("<BR/>") + 1) for row in rows))


def follow_details(node: Follow, look: Look) -> list[str]:
    """With which arguments a pathway is followed, and what is added to it."""
    guideline = look.guideline
    said = []
    pathway = guideline.pathways.get(node.pathway)
    for argument in node.arguments:
        type_ = next(
            (p.type for p in pathway.parameters if p.name == argument.name)
            if pathway
            else iter(()),
            None,
        )
        value = describe_value(argument.value, type_, guideline)
        words = name_in_words(argument.name, guideline)
        said.append(words if argument.value is True else f"{words}: {value}")
    details = [f"{look.words['with']} {', '.join(said)}"] if said else []
    if node.adding is not None:
        details.append(f"{look.words['adding']} {_regimen(node.adding, guideline)}")
    return details


def _regimen(regimen: Regimen, guideline: Guideline) -> str:
    text = describe_regimen(regimen, guideline)
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


# --- small pieces --------------------------------------------------------------------------------


def _ink(look: Look, id: str, border: str) -> _Ink:
    colours = look.colours
    text, secondary = colours["text"], colours["secondary"]
    match look.activation(id):
        case None:
            return _Ink(text, secondary, colours[border], 1, None, colours["decision"])
        case "true":
            return _Ink(text, secondary, colours["path"], 2, None, colours["decision"])
        case "unknown":
            return _Ink(text, secondary, colours["path"], 2, "dashed", colours["decision"])
        case "false":
            # Lighter, and still readable: the secondary colour has a contrast of 7.
            return _Ink(secondary, secondary, colours["faded"], 1, None, colours["cluster"])


def _accent(stance: Stance, look: Look) -> str:
    match stance:
        case "recommend":
            return look.colours["for"]
        case "recommend against":
            return look.colours["against"]
        case "no consensus" | "await research":
            return look.colours["undecided"]


def _wrap(
    text: str, width: float, size: float, look: Look, *, bold: bool = False, lines: int = 10
) -> list[str]:
    """The lines of a title or answer: at most 32 characters, unless the cell is made for more."""
    most = max(32, int(width / 6.2)) if width > look.text_width else 32
    return wrap(text or "–", width, size, bold=bold, lines=lines, characters=most)


def _text_row(
    text: str,
    width: float,
    size: float,
    look: Look,
    *,
    colour: str,
    bold: bool = False,
    lines: int = 8,
) -> Markup:
    # Small print may have more signs to a line than a title.
    if size >= ANSWER:
        wrapped = _wrap(text, width, size, look, bold=bold, lines=lines)
    else:
        wrapped = wrap(text, width, size, bold=bold, lines=lines, characters=48)
    inside = font(br_lines(wrapped), colour=colour, size=size, bold=bold)
    return tag("TR", tag("TD", inside, WIDTH=round(width), ALIGN="LEFT", BALIGN="LEFT"))


def _id_row(name: str, width: float, ink: _Ink) -> Markup:
    shown = wrap(name, width, TINY, lines=1)
    return tag(
        "TR", tag("TD", font(br_lines(shown), colour=ink.secondary, size=TINY), ALIGN="LEFT")
    )


def _status_rows(id: str, look: Look) -> list[Markup]:
    """What a patient's run says of a recommendation or option."""
    status = look.status(id)
    if status is None:
        return []
    sign = SIGNS[STATUS_SIGNS[status]]
    colour = look.colours["path" if status in ("given", "eligible", "possible") else "secondary"]
    text = font(f"{sign} {look.words[status]}", colour=colour, size=SMALL, bold=True)
    rows = [tag("TR", tag("TD", text, ALIGN="LEFT"))]
    needs = look.overlay.needs.get(id, ()) if look.overlay else ()
    if needs:
        said = f"{look.words['needs']}: {', '.join(needs)}"
        rows.append(_text_row(said, look.text_width, TINY, look, colour=colour))
    return rows


def _bar(colour: str) -> Markup:
    return tag("TD", WIDTH=ACCENT, BGCOLOR=colour)


def _block(rows: Sequence[Markup]) -> Markup:
    return tag("TABLE", *rows, BORDER=0, CELLBORDER=0, CELLSPACING=2, CELLPADDING=1)


def _framed(rows: Sequence[Markup], accent: str, ink: _Ink, width: float, look: Look) -> Markup:
    inside = tag("TD", _block(rows), CELLPADDING=4, ALIGN="LEFT", WIDTH=round(width) + 12)
    return tag(
        "TABLE",
        tag("TR", _bar(accent), inside),
        BORDER=ink.width, COLOR=ink.border, STYLE=ink.style, CELLBORDER=0, CELLSPACING=0,
        CELLPADDING=0, BGCOLOR=look.colours["card"],
    )  # fmt: skip


def _height(rows: Sequence[Markup]) -> float:
    return 14 + sum(6 + 13 * max(1, str(row).count("<BR ")) for row in rows)
