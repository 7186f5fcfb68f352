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
from pathway_compiler.engine.code_words import code_in_words
from pathway_compiler.engine.outcome import (
    GradedEvidence,
    OptionOutcome,
    Outcome,
    Recommendation,
    RegimenPart,
)
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.language import gettext as _
from pathway_compiler.language import marked, ngettext, speaking
from pathway_compiler.model.describe import (
    describe_fact,
    describe_value,
    fact_label,
    fact_type,
)
from pathway_compiler.model.guideline import Guideline

__all__ = ["badge", "outcome_text", "provenance", "status_words"]

_DIRECTION = {
    "for": "",
    "selective": marked("for selected patients:"),
    "against": marked("AGAINST:"),
    "no consensus": marked("no consensus:"),
    "await research": marked("await research:"),
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
    with speaking(compiled.guideline.header.language):
        writer.write()
        if trace:
            writer.trace()
        writer.footer()
    return "\n".join(writer.lines)


def status_words(outcome: Outcome, compiled: CompiledGuideline) -> str:
    """The status of a run in a sentence."""
    match outcome.status:
        case "complete":
            return _("Complete: no further data are needed.")
        case "needs_data":
            number = len(outcome.needs)
            if number:
                return ngettext(
                    "More data are needed: %(number)s question is open.",
                    "More data are needed: %(number)s questions are open.",
                    number,
                )
            return _("Something stays open, because data were asked for and are not known.")
        case "not_applicable":
            label = compiled.graphs[outcome.pathway].pathway.label
            return _(
                "Not applicable: “%(pathway)s” was not written for this patient.", pathway=label
            )
        case "outside_guideline":
            return _("Outside the guideline.")


def badge(evidence: Iterable[GradedEvidence], guideline: Guideline) -> str:
    """The printed grades and certainties, such as `[GR A · LC high]`; each combination once."""
    found: dict[str, None] = {}
    for item in evidence:
        parts = []
        if item.grade:
            parts.append(_("GR %(grade)s", grade=item.grade))
        if item.certainty:
            parts.append(_("LC %(certainty)s", certainty=_certainty(item.certainty, guideline)))
        if parts:
            found[" · ".join(parts)] = None
    return unbroken(f"[{'; '.join(found)}]" if found else "[" + _("not graded") + "]")


def _certainty(name: str, guideline: Guideline) -> str:
    return guideline.names_in_words.get(name, name)


def provenance(outcome: Outcome) -> str:
    """Which guideline said this, and of which day."""
    title = outcome.guideline_title
    if outcome.guideline_version:
        version = outcome.guideline_version
        title = _("%(guideline)s, version %(version)s", guideline=title, version=version)
    return _(
        "%(guideline)s, text %(hash)s; as of %(day)s",
        guideline=title,
        hash=outcome.content_hash[:12],
        day=outcome.as_of,
    )


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
        who = _("Patient %(id)s", id=outcome.patient)
        self._say(f"{bold(who)}, {outcome.as_of}")
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
            certain = contradiction.certainty == "given"
            word = _("CONTRADICTION:") if certain else _("CONTRADICTION (perhaps):")
            self._say(f"{red(f'!! {word}')} {contradiction.text}", 0, 3)
            self._say(f"{contradiction.first} ↔ {contradiction.second}", 3)
            if contradiction.statements:
                names = ", ".join(contradiction.statements)
                self._say(_("statements: %(names)s", names=names), 3)

    def _recommended(self) -> None:
        given = self._outcome.given
        if not given:
            if self._outcome.status == "complete":
                self._heading(_("Recommended"))
                self._say(_("Nothing: the guideline asks for no action here."), 2)
                for label in self._outcome.ends:
                    self._say(label, 2)
            return
        self._heading(_("Recommended"))
        for recommendation in given:
            self._recommendation(recommendation, "●")
        for label in self._outcome.ends:
            self._say(f"■ {label}", 0, 2)

    def _possible(self) -> None:
        self._certain_actions()
        if not self._outcome.possible:
            return
        self._heading(_("Possible, depending on what is missing"))
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
            self._heading(_("Certain whatever is missing"))
        for action in found:
            self._say(f"● {bold(action.title)} {dim(', '.join(action.recommended_by))}", 0, 2)

    def _asked(self) -> None:
        needs = self._outcome.needs
        unanswerable = self._outcome.unanswerable
        if not needs and not unanswerable:
            return
        self._heading(_("Asked next"))
        now = [need for need in needs if need.urgency == "needed now"]
        for need in now:
            self._say(f"? {need.question} {dim(need.element)}", 0, 2)
        later = [need for need in needs if need.urgency != "needed now"]
        if later:
            self._say(_("perhaps later:"), 2)
            for need in later:
                self._say(f"{need.question} {dim(need.element)}", 4, 6)
        if self._outcome.exactness == "out of reach":
            told = _("it was too hard to find out what is settled whatever is missing")
            self._say(dim(told), 2, 4)
        for missing in unanswerable:
            label = fact_label(self._guideline, missing.element.split(".")[0])
            told = _(
                "%(fact)s: %(reason)s, and not asked again",
                fact=label,
                reason=code_in_words(missing.reason),
            )
            self._say(f"– {told}", 0, 2)
        if self._outcome.irrelevant:
            names = [fact_label(self._guideline, name) for name in self._outcome.irrelevant]
            told = _("not needed any more: %(facts)s", facts=", ".join(names))
            self._say(dim(told), 2, 4)

    def _reviews(self) -> None:
        if not self._outcome.reviews:
            return
        self._heading(_("Next visit"))
        for review in self._outcome.reviews:
            text = review.title
            if review.every:
                text += f", {review.every}"
            if review.since:
                text = _("%(review)s (waiting since %(day)s)", review=text, day=review.since)
            if review.certainty != "given":
                text = _("perhaps: %(text)s", text=text)
            self._say(f"↻ {text} {dim(review.id)}", 0, 2)

    def _worked_out(self) -> None:
        if not self._outcome.definitions:
            return
        self._heading(_("Worked out from the data"))
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
        self._heading(_("Not recommended"))
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
                lines.append(
                    _(
                        "%(setting)s: %(value)s (the guideline has %(usual)s)",
                        setting=parameter.label,
                        value=told,
                        usual=usual,
                    )
                )
        for name, chosen in self._outcome.readings.items():
            reading = guideline.readings.get(name)
            if reading is not None and chosen != reading.chosen.name:
                alternative = reading.alternative(chosen)
                label = alternative.label if alternative else chosen
                lines.append(
                    _(
                        "%(reading)s: %(chosen)s (the guideline reads %(usual)s)",
                        reading=reading.label,
                        chosen=label,
                        usual=reading.chosen.label,
                    )
                )
        if lines:
            self._heading(_("Local choices"))
            for line in lines:
                self._say(line, 2, 4)

    def footer(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
        for line in wrapped(provenance(self._outcome), self._width):
            self.lines.append(dim(line))

    # One recommendation.

    def _recommendation(self, recommendation: Recommendation, sign: str) -> None:
        direction = _direction(recommendation)
        if recommendation.direction == "against":
            direction, sign = red(direction.strip()) + " ", red("×")
        standing = dim(" (" + _("throughout") + ")") if recommendation.standing else ""
        grade = blue(badge(recommendation.evidence, self._guideline))
        if recommendation.options and not any(
            e.grade or e.certainty for e in recommendation.evidence
        ):
            grade = ""  # the options say theirs
        self._say(f"{sign} {direction}{bold(recommendation.title)} {grade}{standing}", 0, 2)
        self._say(dim(recommendation.id), 2)
        self._regimen(recommendation.regimen, recommendation.title, 2)
        for action in recommendation.avoids:
            self._say(_("avoid %(action)s", action=self._guideline.action_label(action)), 2, 4)
        self._cautions(recommendation.cautions, 2)
        if recommendation.options:
            self._options(recommendation)
        self._missing(recommendation)
        if recommendation.because:
            # The way to what is only possible holds answers that nobody has given yet.
            word = _("because:") if recommendation.certainty == "given" else _("if:")
            self._say(f"{dim(word)} {self._because(recommendation)}", 2, 4)
        if self._why:
            self._statements(recommendation.evidence, 2)
        self.lines.append("")

    def _in_short(self, recommendation: Recommendation) -> None:
        """A possible recommendation in two or three lines."""
        direction = _direction(recommendation)
        grade = (
            blue(badge(recommendation.evidence, self._guideline)) if recommendation.evidence else ""
        )
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
            self._say(dim(_("given whatever is missing")), 2)
            return
        shown = names if self._why else names[:_MOST_NAMES]
        labels = ", ".join(fact_label(self._guideline, name) for name in shown)
        more = len(names) - len(shown)
        if more:
            labels = ngettext(
                "%(labels)s and %(number)s more",
                "%(labels)s and %(number)s more",
                more,
                labels=labels,
            )
        word = yellow(_("missing:"))
        self._say(f"{word} {labels}", 2, 4)

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
            self._say(_choice_words(recommendation.exclusive, len(ranks) > 1), 2)
        elif not live:
            self._say(_("no option remains for this patient:"), 2)
        for rank in ranks:
            for option in (o for o in live if o.rank == rank):
                self._option(option)
        for option in recommendation.options:
            if option.status == "excluded":
                why = "; ".join(option.reasons) or code_in_words("excluded")
                self._say(f"× {option.title}: {why}", 4, 6)

    def _option(self, option: OptionOutcome) -> None:
        rank = "" if option.rank == "option" else f"{code_in_words(option.rank)}: "
        sign = "?" if option.status == "perhaps" else "-"
        grade = blue(badge(option.evidence, self._guideline)) if option.evidence else ""
        self._say(f"{sign} {rank}{bold(option.title)} {grade}", 4, 6)
        if option.status == "perhaps":
            self._say(_("perhaps: %(text)s", text="; ".join(option.reasons)), 6, 8)
        else:
            for reason in option.reasons:
                self._say(reason, 6, 8)
        self._regimen(option.regimen, option.title, 6, told=option.reasons)
        for action in option.avoids:
            self._say(_("avoid %(action)s", action=self._guideline.action_label(action)), 6, 8)
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
            word = yellow(_("caution:"))
            self._say(f"{word} {caution}", indent, indent + 2)

    def _statements(self, evidence: Sequence[GradedEvidence], indent: int) -> None:
        for item in evidence:
            references = f" [{', '.join(map(str, item.references))}]" if item.references else ""
            where = item.section
            if item.section and item.lines:
                lines = ", ".join(_lines(pair) for pair in item.lines)
                where = _("%(section)s, lines %(lines)s", section=item.section, lines=lines)
            grade = f" {badge([item], self._guideline)}" if item.grade or item.certainty else ""
            word = dim(_("source:"))
            self._say(
                f"{word} {item.title}{grade}{references} {dim(f'({where})' if where else '')}",
                indent,
                indent + 2,
            )

    # The trace.

    def trace(self) -> None:
        self._heading(_("Trace"))
        for entry in self._outcome.trace:
            name = ".".join((entry.pathway, entry.node))
            via = " ".join(("", _("via"), ".".join(entry.via))) if entry.via else ""
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
            said = _("without %(part)s", part=_lower(part.text))
            yield f"{red('×')} {said}{why}", same
        case "perhaps" if told:
            said = _("perhaps without %(part)s", part=_lower(part.text))
            yield f"{yellow('?')} {said}{why}", same
        case "not applicable":
            said = _("not for this patient: %(part)s", part=_lower(part.text))
            yield f"{dim('–')} {said}{why}", same
        case "offered" | "perhaps":
            yield from ((reason, reason) for reason in part.reasons)
    if part.status in ("offered", "perhaps") or not part.reasons:
        for inner in part.parts:
            yield from _remarks(inner)


def _direction(recommendation: Recommendation) -> str:
    words = _DIRECTION[recommendation.direction]
    return f"{_(words)} " if words else ""


def _choice_words(exclusive: bool, ranked: bool) -> str:
    if ranked:
        return _("one of these:") if exclusive else _("any of these:")
    if exclusive:
        return _("one of these, none before the others:")
    return _("any of these, none before the others:")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _lines(pair: tuple[int, int]) -> str:
    first, last = pair
    return str(first) if first == last else f"{first}–{last}"


def _sign(truth: Truth) -> str:
    return yellow("?") if isinstance(truth, Unknown) else green("+") if truth else dim("-")
