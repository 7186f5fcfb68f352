"""Every diagnostic code, with its severity and its one-line title.

Each code has a page `dsl/diagnostics/<code>.md`, a place that creates it and a test that produces it.
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CODES", "CodeInfo", "Severity"]


class Severity(StrEnum):
    """How much a finding matters: an error stops a run, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """What a code stands for."""

    code: str
    severity: Severity
    title: str


def _codes(severity: Severity, **titles: str) -> dict[str, CodeInfo]:
    return {
        name.replace("_", "-"): CodeInfo(name.replace("_", "-"), severity, title)
        for name, title in titles.items()
    }


CODES: dict[str, CodeInfo] = {
    # Reading the text.
    **_codes(
        Severity.ERROR,
        file_too_large="A file is larger than the compiler reads",
        unreadable_file="A file cannot be read as UTF-8 text",
        nesting_too_deep="Brackets or conditions are nested too deeply",
        tab_in_indentation="A line is indented with a tab",
        bad_indentation="A line is indented in a way that fits no block",
        unclosed_text="A text has no closing quotation marks",
        unclosed_bracket="A bracket is opened and not closed, or closed and not opened",
        unexpected_character="A character that the language does not know",
        unknown_declaration="A line at the margin starts no declaration",
        missing_colon="A colon is missing before an indented block",
        syntax_error="The text does not follow the grammar here",
        reserved_word="A word of the language is used as a name",
    ),
    # Names.
    **_codes(
        Severity.ERROR,
        no_guideline="A folder has no guideline declaration",
        duplicate_name="Two things have the same name",
        unknown_name="A name that nothing declares",
        unknown_finding="A finding to be accepted that the analysis does not have",
        wrong_kind="A name stands for another kind of thing than is needed here",
        duplicate_item="Something that may be said once is said twice",
        missing_item="Something that must be said is missing",
        circular_definition="A definition depends on itself",
        circular_class="A class contains itself",
    ),
    # Types, units, values.
    **_codes(
        Severity.ERROR,
        type_mismatch="Two values of different types meet",
        not_a_condition="A condition is needed and something else is given",
        unknown_value="A value that its type does not have",
        not_ordered="An order is asked of a type that has none",
        bare_number="A number without a unit meets a quantity",
        unit_mismatch="Two units that cannot be converted into each other",
        unknown_unit="A unit that UCUM does not know",
        invalid_date="A date that the calendar does not have",
        out_of_range="A value lies outside the range declared for it",
        invalid_range="A range whose end is below its start",
        possible_division_by_zero="A division whose divisor may be zero",
        unknown_reason="A reason for missing data that the language does not have",
        date_order="An expression needs dates and gets something else",
    ),
    # Pathways and graphs.
    **_codes(
        Severity.ERROR,
        missing_branch="A decision has no branch",
        misplaced_otherwise="An `otherwise` that is repeated or not last",
        missing_start="A pathway has no node to start with",
        cycle="A pathway runs in a circle without a review",
        recursive_follow="A pathway follows itself within one visit",
        unreachable_node="A node that no route reaches",
        constraints_admit_nobody="Constraints that no patient can fulfil together",
        decision_gap="A patient whom no branch of a decision covers",
        decision_overlap="A patient for whom two branches of a decision hold",
        rank_missing="An option that says no rank in a ranked choice",
        missing_argument="A followed pathway is not given a parameter that it needs",
        circular_override="Recommendations override each other in a circle",
        invalid_reading="A reading without exactly one chosen alternative",
        missing_dating_field="A list is picked from by a field that is not a date",
    ),
    # Cases.
    **_codes(
        Severity.ERROR,
        case_failed="A case of the guideline gives another result than it says",
    ),
    # Findings that stop nothing.
    **_codes(
        Severity.WARNING,
        dead_row="A branch that an earlier branch leaves nothing for",
        not_decided="Something that the checker could not decide",
        never_reached="A node that no patient gets to",
        branch_never_taken="An answer that no patient gives",
        option_never_eligible="An option that no patient can be offered",
        never_given="A recommendation that no patient is given",
        never_applies="A pathway that applies to nobody who comes to it",
        always_true="A condition that holds for everybody who gets there",
        never_true="A condition that holds for nobody who gets there",
        repeated_condition="A part of a condition that the rest says already",
        dead_end="A question that stays open though nothing is left to ask",
        stale_acceptance="An accepted finding that is no longer there",
        contradiction="Two recommendations that contradict each other for some patient",
        direction_mismatch="A recommendation speaks another way than its statement",
        unused_element="A data element that nothing reads",
        unused_statement="A statement that nothing refers to",
        missing_statement="A recommendation without a statement",
        incomplete_evidence="Evidence with a grade and no certainty, or the reverse",
        constant_condition="A condition that does not depend on the patient",
    ),
    **_codes(
        Severity.NOTE,
        always_applies="A pathway that applies to everybody who comes to it",
        grade_not_allowed="A printed grade that its scheme does not allow with the printed certainty",
    ),
    # Patient data.
    **_codes(
        Severity.ERROR,
        data_unreadable="Patient data that cannot be read",
        data_unknown_name="Patient data under a name that the guideline does not have",
        data_wrong_type="Patient data of another type than the element has",
        data_unknown_value="Patient data with a value that the element does not have",
        data_unit="Patient data in a unit that does not fit the element",
        data_date="Patient data with an impossible date",
        data_out_of_range="Patient data outside the range of the element",
        data_duplicate="Patient data that says the same thing twice",
        data_constraint="Patient data that break a constraint of the guideline",
        data_conflict="Patient data entered directly and by history that do not agree",
        data_future="Patient data dated after the day of the evaluation",
    ),
}
