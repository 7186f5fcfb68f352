"""A small guideline for patients, and ways to read patients for it."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import pytest

from pathway_compiler.diagnostics.codes import Severity
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.patient_data.patient import Patient
from pathway_compiler.patient_data.read import PatientResult, read_patients_from_text
from pathway_compiler.semantics.from_syntax import elaborate
from pathway_compiler.syntax.parser import parse

ReadAll: TypeAlias = Callable[..., list[PatientResult]]
ReadOne: TypeAlias = Callable[..., Patient]
Refuse: TypeAlias = Callable[..., Sequence[Diagnostic]]

GUIDELINE = """
guideline small "A small guideline":
  version "1"
  entry main

element her2_status "HER2 status": one of positive "Positive" | negative "Negative"
element answer "Answer": one of no "No" | unknown "Unknown" | none "None"
element age "Age": quantity in years from 0 to 120
element interval "Interval": quantity in months from 0 to 600
element size "Tumour size": quantity in cm from 0 to 30
element platelets "Platelets": quantity in '10*3/uL'
element metastases "Brain metastases": count from 0 to 100
element ratio "Ratio": number
element fit "Fit for chemotherapy": boolean
element diagnosed "Date of diagnosis": date
element sites "Metastatic sites": set of site
element given "Agents given": set of agent
element therapies "Earlier therapies": list of therapy
element courses "Courses": list of course
record course "Course":
  given "Agents given": set of agent
element ecog "Performance status": ecog_status

type site "Metastatic site":
  bone "Bone"
  visceral "Viscera":
    liver "Liver"
    lung "Lung"
type ecog_status "ECOG" ordered:
  ecog_0 "0"
  ecog_1 "1"

record therapy "Therapy" dated by started:
  agent: agent
  started: date
  months: quantity in months
  reasons: set of site

agent tamoxifen "Tamoxifen":
  synonym "Nolvadex"
agent letrozole "Letrozole"
agent anastrozole "Anastrozole"
class nsai "Non-steroidal aromatase inhibitors": letrozole, anastrozole
procedure mastectomy "Mastectomy"

parameter offer_c "Offer grade C": boolean = yes
define elderly "Elderly": boolean = age > 70 years

pathway main "Main":
  end done "Done"
"""


def _guideline() -> Guideline:
    file, problems = parse(Source("small.pathway", GUIDELINE))
    guideline, more = elaborate((file,))
    errors = [d for d in (*problems, *more) if d.severity is Severity.ERROR]
    assert not errors, errors
    assert guideline is not None
    return guideline


@pytest.fixture(scope="session")
def guideline() -> Guideline:
    return _guideline()


@pytest.fixture(scope="session")
def read(guideline: Guideline) -> ReadAll:
    """Read a text; its name says the format."""

    def read_all(text: str, name: str = "data.json") -> list[PatientResult]:
        return list(read_patients_from_text(text, name, guideline))

    return read_all


@pytest.fixture(scope="session")
def read_one(read: ReadAll) -> ReadOne:
    """The only patient of a text that has no mistake."""

    def read_patient(text: str, name: str = "data.json") -> Patient:
        (result,) = read(text, name)
        assert result.diagnostics == ()
        assert result.patient is not None
        return result.patient

    return read_patient


@pytest.fixture(scope="session")
def refuse(read: ReadAll) -> Refuse:
    """The mistakes of the only patient of a text."""

    def mistakes(text: str, name: str = "data.json") -> Sequence[Diagnostic]:
        (result,) = read(text, name)
        assert result.patient is None
        return result.diagnostics

    return mistakes
