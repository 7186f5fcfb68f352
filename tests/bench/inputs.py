"""Guidelines made up for measuring: always the same, of a given size."""

__all__ = ["checked_by_hand", "guideline_text", "pathway_with_nodes"]

_HEAD = """\
guideline bench "Benchmark":
  version "1"
  grading uspstf
  entry p0

grading uspstf "USPSTF":
  certainty high "High" | moderate "Moderate" | low "Low"
  grade A "Offer", certainty high
  grade B "Offer", certainty high | moderate

statement s "A statement":
  section "Section"
  lines 1-9
  kind recommend
  evidence high A [1-3]

agent a "Agent A": rxnorm 1
agent b "Agent B": rxnorm 2
agent c "Agent C": rxnorm 3
class ab "Agents A and B": a, b
element contraindications "Contraindications": set of agent
contraindication recorded "Recorded": each of contraindications
"""


def _elements(index: int) -> str:
    return f"""
element status_{index} "Status {index}": one of positive "Positive" | negative "Negative"
  ask "What is status {index}?"
element months_{index} "Months {index}": quantity in months from 0 to 600
element fit_{index} "Fit {index}": boolean
"""


def _pathway(index: int, decisions: int) -> str:
    lines = [
        f'\npathway p{index} "Pathway {index}":',
        f"  applies when status_{index} is positive",
        "",
    ]
    for number in range(decisions):
        after = f"d{number + 1}" if number + 1 < decisions else f"r{number}"
        lines += [
            f'  decision d{number} "Question {number}?":',
            f'    when months_{index} < {number + 6} months and fit_{index} "Early" -> r{number}',
            f'    otherwise "Late" -> {after}',
            "",
            f'  recommend r{number} "Recommendation {number}":',
            "    from s",
            "    give a + (b | c)",
            f'    caution "Caution {number}." when months_{index} >= {number + 1} months',
            "",
        ]
    return "\n".join(lines)


def guideline_text(lines: int) -> str:
    """A guideline of about so many lines, in pathways of six decisions."""
    text, index = _HEAD, 0
    while text.count("\n") < lines:
        text += _elements(index) + _pathway(index, 6)
        index += 1
    return text


def pathway_with_nodes(nodes: int) -> str:
    """A guideline whose one pathway has so many nodes, half of them decisions."""
    return _HEAD + _elements(0) + _pathway(0, nodes // 2)


def checked_by_hand(facts: dict[str, object], decisions: int) -> list[tuple[str, str]]:
    """What a programmer would write for `_pathway(0, decisions)`, with a trace of nodes and answers."""
    trace: list[tuple[str, str]] = []
    if facts.get("status_0") != "positive":
        return trace
    months, fit = facts.get("months_0"), facts.get("fit_0")
    for number in range(decisions):
        if isinstance(months, int) and months < number + 6 and fit:
            trace.append((f"d{number}", "Early"))
            trace.append((f"r{number}", "A, high"))
            return trace
        trace.append((f"d{number}", "Late"))
    trace.append((f"r{decisions - 1}", "A, high"))
    return trace
