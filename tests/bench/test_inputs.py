"""What is measured is a sound guideline, and the three forms of one pathway agree. Times are not tested."""

import pytest

from bench.inputs import decision_tree, large_guideline, patients
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.driver import check_text, load_text
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.patient_data.read import patient_from_facts

TREE = decision_tree(24, 21, 5)


def test_the_tree_has_the_size_that_the_table_says() -> None:
    assert (len(TREE.decisions), TREE.routes()) == (45, 130)
    sixty = decision_tree(29)
    assert len(sixty.decisions) + len(sixty.leaves) + 1 == 60


def test_the_large_guideline_has_no_findings_and_passes_its_cases() -> None:
    text = large_guideline(300)
    assert check_text(text) == ()
    compiled = load_text(text)
    cases = compiled.guideline.cases
    assert len(cases) >= 6
    assert [run_case(compiled, case).failures for case in cases.values()] == [()] * len(cases)


@pytest.mark.parametrize("missing", [0.0, 0.02, 0.3])
def test_interpreter_and_hand_written_functions_agree(missing: float) -> None:
    compiled = load_text(TREE.as_guideline())
    decide, decide_tracing = TREE.as_function(), TREE.as_tracing_function()
    for values in patients(20, missing=missing):
        written = {
            name: f"{value} mg" if int(name.split("_")[1]) % 4 == 0 else value
            for name, value in values.items()
        }
        patient = patient_from_facts(written, compiled.guideline).patient
        assert patient is not None
        outcome = interpret(compiled, patient, PartialDate(2019, 3, 1), pathway="tree")
        expected = decide(values)
        assert decide_tracing(values)[0] == expected
        assert [r.id for r in outcome.given] == ([f"tree.{expected}"] if expected else [])
