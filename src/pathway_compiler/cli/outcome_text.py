"""The outcome of a run for a person at a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from pathway_compiler.datatypes.truth import Truth, Unknown
from pathway_compiler.diagnostics.terminal import (
    blue,
    bold,
    dim,
    green,
    red,
    unbroken,
    wrapped,
    yellow,
)
from pathway_compiler.engine.outcome import (
    GradedEvidence,
    OptionOutcome,
    Outcome,
    Recommendation,
    RegimenPart,
)
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.describe import (
    describe_fact,
    describe_value,
    fact_label,
    fact_type,
)

__all__ = ["badge", "counted", "outcome_text", "provenance", "status_words"]

_DIRECTION = {
    "for": "",
    "selective": "for selected patients: ",
    "against": "AGAINST: ",
    "no consensus": "no consensus: ",
    "await research": "await research: ",
}
_MOST_AT_LENGTH = 2
"""More possible recommendations than this are told in short, or nobody would find the question."""
_MOST_NAMES = 4


def outcome_text(
    outcome: Outcome,
    compiled: CompiledGuideline,
    *,
    width: int = 80,
    why: bool = False,
    trace: bool = False,
) -> str:
    """Everything a clinician asks of a run, in the order in which she asks it.

    `why` adds the statements behind each recommendation, what was worked out, and what was not
    recommended; `trace` every node of the run.
    """
    writer = _Writer(outcome, compiled, width, why)
    writer.write()
    if trace:
        writer.trace()
    writer.footer()
    return "\n".join(writer.lines)


def status_words(outcome: Outcome, compiled: CompiledGuideline) -> str:
    """The status of a run in a sentence."""
    match outcome.status:
        case "complete":
            return "Complete: no further data are needed."
        case "needs_data":
            number = len(outcome.needs)
            if number:
                verb = "is" if number == 1 else "are"
                return f"More data are needed: {counted(number, 'question')} {verb} open."
            return "Something stays open, because data were asked for and are not known."
        case "not_applicable":
            label = compiled.graphs[outcome.pathway].pathway.label
            return f"Not applicable: “{label}” was not written for this patient."
        case "outside_guideline":
            return "Outside the guideline."


def counted(number: int, word: str) -> str:
    """`1 question`, `2 questions`."""
    return f"{number} {word}" + ("" if number == 1 else "s")


def badge(evidence: Iterable[GradedEvidence]) -> str:
    """The printed grades and certainties, such as `[GR A · LC high]`; each combination once."""
    found: dict[str, None] = {}
    for item in evidence:
        parts = []
        if item.grade:
            parts.append(f"GR {item.grade}")
        if item.certainty:
            parts.append(f"LC {item.certainty}")
        if parts:
            found[" · ".join(parts)] = None
    return unbroken(f"[{'; '.join(found)}]" if found else "[not graded]")


def provenance(outcome: Outcome) -> str:
    """Which guideline said this, and of which day."""
    version = f", version {outcome.guideline_version}" if outcome.guideline_version else ""
    return f"{outcome.guideline_title}{version}, text {outcome.content_hash[:12]}; as of {outcome.as_of}"


class _Writer:
    def __init__(
        self, outcome: Outcome, compiled: CompiledGuideline, width: int, why: bool
    ) -> None:
        self.lines: list[str] = []
        self._outcome = outcome
        self._compiled = compiled
        self._guideline = compiled.guideline
        self._width = width
        self._why = why

    def write(self) -> None:
        outcome = self._outcome
        self._say(f"{bold(f'Patient {outcome.patient}')}, {outcome.as_of}")
        style = {"complete": green, "needs_data": yellow}.get(outcome.status, red)
        self._say(style(status_words(outcome, self._compiled)))
        for text in outcome.outside:
            self._say(text, 2)
        self._contradictions()
        self._recommended()
        self._possible()
        self._asked()
        self._reviews()
        if self._why:
            self._worked_out()
            self._not_recommended()
        self._choices()

    # Sections.

    def _contradictions(self) -> None:
        for contradiction in self._outcome.contradictions:
            self.lines.append("")
            perhaps = "" if contradiction.certainty == "given" else " (perhaps)"
            self._say(f"{red(f'!! CONTRADICTION{perhaps}:')} {contradiction.text}", 0, 3)
            self._say(f"{contradiction.first} ↔ {contradiction.second}", 3)
            if contradiction.statements:
                self._say("statements: " + ", ".join(contradiction.statements), 3)

    def _recommended(self) -> None:
        given = self._outcome.given
        if not given:
            if self._outcome.status == "complete":
                self._heading("Recommended")
                self._say("Nothing: the guideline asks for no action here.", 2)
                for label in self._outcome.ends:
                    self._say(label, 2)
            return
        self._heading("Recommended")
        for recommendation in given:
            self._recommendation(recommendation, "●")
        for label in self._outcome.ends:
            self._say(f"■ {label}", 0, 2)

    def _possible(self) -> None:
        self._certain_actions()
        if not self._outcome.possible:
            return
        self._heading("Possible, depending on what is missing")
        for recommendation in self._outcome.possible:
            if self._why or len(self._outcome.possible) <= _MOST_AT_LENGTH:
                self._recommendation(recommendation, "○")
            else:
                self._in_short(recommendation)

    def _certain_actions(self) -> None:
        """Actions that are certain though none of the recommendations that ask for them is."""
        given = {recommendation.id for recommendation in self._outcome.given}
        found = [
            action
            for action in self._outcome.actions
            if action.decided_by == "exact" and not given.intersection(action.recommended_by)
        ]
        if found:
            self._heading("Certain whatever is missing")
        for action in found:
            self._say(f"● {bold(action.title)} {dim(', '.join(action.recommended_by))}", 0, 2)

    def _asked(self) -> None:
        needs = self._outcome.needs
        unanswerable = self._outcome.unanswerable
        if not needs and not unanswerable:
            return
        self._heading("Asked next")
        now = [need for need in needs if need.urgency == "needed now"]
        for need in now:
            self._say(f"? {need.question} {dim(need.element)}", 0, 2)
        later = [need for need in needs if need.urgency != "needed now"]
        if later:
            self._say("perhaps later:", 2)
            for need in later:
                self._say(f"{need.question} {dim(need.element)}", 4, 6)
        if self._outcome.exactness == "out of reach":
            self._say(dim("it was too hard to find out what is settled whatever is missing"), 2, 4)
        for missing in unanswerable:
            label = fact_label(self._guideline, missing.element.split(".")[0])
            self._say(f"– {label}: {missing.reason.value}, and not asked again", 0, 2)
        if self._outcome.irrelevant:
            names = [fact_label(self._guideline, name) for name in self._outcome.irrelevant]
            self._say(dim(f"not needed any more: {', '.join(names)}"), 2, 4)

    def _reviews(self) -> None:
        if not self._outcome.reviews:
            return
        self._heading("Next visit")
        for review in self._outcome.reviews:
            text = review.title
            if review.every:
                text += f", every {review.every.removeprefix('every ')}"
            if review.since:
                text += f" (waiting since {review.since})"
            perhaps = "" if review.certainty == "given" else "perhaps: "
            self._say(f"↻ {perhaps}{text} {dim(review.id)}", 0, 2)

    def _worked_out(self) -> None:
        if not self._outcome.definitions:
            return
        self._heading("Worked out from the data")
        for derived in self._outcome.definitions:
            value = describe_value(
                derived.value, fact_type(self._guideline, derived.name), self._guideline
            )
            facts = "; ".join(describe_fact(n, v, self._guideline) for n, v in derived.facts)
            self._say(
                f"{derived.title}: {value}" + (f" {dim(f'({facts})')}" if facts else ""), 2, 4
            )

    def _not_recommended(self) -> None:
        if not self._outcome.not_recommended:
            return
        self._heading("Not recommended")
        for refused in self._outcome.not_recommended:
            reasons = "; ".join(refused.reasons)
            self._say(f"× {refused.title} {dim(refused.id)}", 0, 2)
            if reasons:
                self._say(reasons, 4)

    def _choices(self) -> None:
        """The settings and readings that are not those of the guideline."""
        guideline, lines = self._guideline, []
        for name, value in self._outcome.settings.items():
            parameter = guideline.parameters.get(name)
            if parameter is not None and value != parameter.default:
                told = describe_value(value, parameter.type, guideline)
                usual = describe_value(parameter.default, parameter.type, guideline)
                lines.append(f"{parameter.label}: {told} (the guideline has {usual})")
        for name, chosen in self._outcome.readings.items():
            reading = guideline.readings.get(name)
            if reading is not None and chosen != reading.chosen.name:
                alternative = reading.alternative(chosen)
                label = alternative.label if alternative else chosen
                lines.append(
                    f"{reading.label}: {label} (the guideline reads {reading.chosen.label})"
                )
        if lines:
            self._heading("Local choices")
            for line in lines:
                self._say(line, 2, 4)

    def footer(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
        for line in wrapped(provenance(self._outcome), self._width):
            self.lines.append(dim(line))

    # One recommendation.

    def _recommendation(self, recommendation: Recommendation, sign: str) -> None:
        direction = _DIRECTION[recommendation.direction]
        if recommendation.direction == "against":
            direction, sign = red(direction.strip()) + " ", red("×")
        standing = dim(" (throughout)") if recommendation.standing else ""
        grade = blue(badge(recommendation.evidence))
        if recommendation.options and not any(
            e.grade or e.certainty for e in recommendation.evidence
        ):
            grade = ""  # the options say theirs
        self._say(f"{sign} {direction}{bold(recommendation.title)} {grade}{standing}", 0, 2)
        self._say(dim(recommendation.id), 2)
        self._regimen(recommendation.regimen, recommendation.title, 2)
        for action in recommendation.avoids:
            self._say(f"avoid {self._guideline.action_label(action)}", 2, 4)
        self._cautions(recommendation.cautions, 2)
        if recommendation.options:
            self._options(recommendation)
        self._missing(recommendation)
        if recommendation.because:
            # The way to what is only possible holds answers that nobody has given yet.
            word = "because:" if recommendation.certainty == "given" else "if:"
            self._say(f"{dim(word)} {self._because(recommendation)}", 2, 4)
        if self._why:
            self._statements(recommendation.evidence, 2)
        self.lines.append("")

    def _in_short(self, recommendation: Recommendation) -> None:
        """A possible recommendation in two or three lines."""
        direction = _DIRECTION[recommendation.direction]
        grade = blue(badge(recommendation.evidence)) if recommendation.evidence else ""
        self._say(f"○ {direction}{bold(recommendation.title)} {grade}", 0, 2)
        titles = [o.title for o in recommendation.options if o.status != "excluded"]
        if titles:
            self._say("; ".join(titles), 2, 4)
        self._missing(recommendation)

    def _missing(self, recommendation: Recommendation) -> None:
        names = list(dict.fromkeys(m.element.split(".")[0] for m in recommendation.missing))
        if not names:
            return
        if recommendation.decided_by == "exact":
            self._say(dim("given whatever is missing"), 2)
            return
        shown = names if self._why else names[:_MOST_NAMES]
        labels = ", ".join(fact_label(self._guideline, name) for name in shown)
        more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
        self._say(f"{yellow('missing:')} {labels}{more}", 2, 4)

    def _because(self, recommendation: Recommendation) -> str:
        parts = []
        for because in recommendation.because:
            if because.question == because.answer:
                parts.append(because.answer)
            else:
                gap = " " if because.question.endswith(("?", ":")) else ": "
                parts.append(f"{because.question}{gap}{because.answer}")
        return "; ".join(parts)

    def _options(self, recommendation: Recommendation) -> None:
        live = [o for o in recommendation.options if o.status != "excluded"]
        ranks = list(dict.fromkeys(option.rank for option in live))
        if len(live) > 1:
            kind = "one of" if recommendation.exclusive else "any of"
            tie = ", none before the others" if len(ranks) == 1 else ""
            self._say(f"{kind} these{tie}:", 2)
        elif not live:
            self._say("no option remains for this patient:", 2)
        for rank in ranks:
            for option in (o for o in live if o.rank == rank):
                self._option(option)
        for option in recommendation.options:
            if option.status == "excluded":
                self._say(f"× {option.title}: {'; '.join(option.reasons) or 'excluded'}", 4, 6)

    def _option(self, option: OptionOutcome) -> None:
        rank = "" if option.rank == "option" else f"{option.rank}: "
        sign = "?" if option.status == "perhaps" else "-"
        grade = blue(badge(option.evidence)) if option.evidence else ""
        self._say(f"{sign} {rank}{bold(option.title)} {grade}", 4, 6)
        if option.status == "perhaps":
            self._say("perhaps: " + "; ".join(option.reasons), 6, 8)
        else:
            for reason in option.reasons:
                self._say(reason, 6, 8)
        self._regimen(option.regimen, option.title, 6, told=option.reasons)
        for action in option.avoids:
            self._say(f"avoid {self._guideline.action_label(action)}", 6, 8)
        self._cautions(option.cautions, 6)
        if self._why:
            self._statements(option.evidence, 6)

    def _regimen(
        self, parts: Sequence[RegimenPart], title: str, indent: int, told: Sequence[str] = ()
    ) -> None:
        """The actions; what is barred or open about them, unless it is told already."""
        for part in parts:
            if part.text.casefold() != title.casefold():
                self._say(part.text, indent, indent + 2)
            for text, reason in dict.fromkeys(_remarks(part)):
                if reason not in told:
                    self._say(text, indent, indent + 2)

    def _cautions(self, cautions: Sequence[str], indent: int) -> None:
        for caution in cautions:
            self._say(f"{yellow('caution:')} {caution}", indent, indent + 2)

    def _statements(self, evidence: Sequence[GradedEvidence], indent: int) -> None:
        for item in evidence:
            references = f" [{', '.join(map(str, item.references))}]" if item.references else ""
            where = (
                f", lines {', '.join(_lines(pair) for pair in item.lines)}" if item.lines else ""
            )
            grade = f" {badge([item])}" if item.grade or item.certainty else ""
            self._say(
                f"{dim('source:')} {item.title}{grade}{references}"
                f" {dim(f'({item.section}{where})' if item.section else '')}",
                indent,
                indent + 2,
            )

    # The trace.

    def trace(self) -> None:
        self._heading("Trace")
        for entry in self._outcome.trace:
            name = ".".join((entry.pathway, entry.node))
            via = f" via {'.'.join(entry.via)}" if entry.via else ""
            self._say(f"{_sign(entry.activation)} {name} {dim(entry.kind + via)}", 2, 6)
            for branch in entry.branches:
                targets = ", ".join(branch.targets)
                condition = "" if branch.label == branch.name else f" {branch.label}"
                self._say(
                    f"{_sign(branch.taken)} {branch.name}{condition} -> {targets or '(end)'}", 6, 10
                )
            if entry.facts and entry.activation is not False:
                told = "; ".join(describe_fact(n, v, self._guideline) for n, v in entry.facts)
                self._say(dim(told), 6, 8)

    # Lines.

    def _heading(self, text: str) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
        self.lines.append(bold(text.upper()))

    def _say(self, text: str, indent: int = 0, rest: int | None = None) -> None:
        hanging = indent if rest is None else rest
        self.lines += wrapped(text, self._width, " " * indent, " " * hanging)


def _remarks(part: RegimenPart) -> Iterator[tuple[str, str]]:
    """What is to be said about the parts of a regimen that are not simply offered.

    Beside each remark stands how the same is told among the reasons of an option.
    """
    told = "; ".join(part.reasons)
    same = f"{part.text}: {told}"
    why = f": {told}" if told else ""
    match part.status:
        case "barred":
            yield f"{red('×')} without {_lower(part.text)}{why}", same
        case "perhaps" if told:
            yield f"{yellow('?')} perhaps without {_lower(part.text)}{why}", same
        case "not applicable":
            yield f"{dim('–')} not for this patient: {_lower(part.text)}{why}", same
        case "offered" | "perhaps":
            yield from ((reason, reason) for reason in part.reasons)
    if part.status in ("offered", "perhaps") or not part.reasons:
        for inner in part.parts:
            yield from _remarks(inner)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _lines(pair: tuple[int, int]) -> str:
    first, last = pair
    return str(first) if first == last else f"{first}–{last}"


def _sign(truth: Truth) -> str:
    return yellow("?") if isinstance(truth, Unknown) else green("+") if truth else dim("-")
