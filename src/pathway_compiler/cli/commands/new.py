"""`pathway new`: a small guideline to begin with."""

import argparse
import re
from pathlib import Path

from pathway_compiler.cli.console import Console, Stop

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway new my_guideline
  pathway new pathways/stroke_2024 --title "Acute ischaemic stroke (2024)"

The new guideline passes `check` and `test`. Change it, and run both again."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", metavar="FOLDER", help="a new folder; its name is the guideline's"
    )
    parser.add_argument("--title", metavar="TEXT", help="the title of the guideline")


def run(arguments: argparse.Namespace, console: Console) -> int:
    folder = Path(arguments.folder)
    name = _name(folder.resolve().name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(2, f"{folder} exists already, and is not empty")
    words = name.replace("_", " ")
    title = arguments.title or f"{words[:1].upper()}{words[1:]}"
    if not title.isprintable():
        raise Stop(2, "the title is not a text on one line")
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    written = []
    for file, text in _FILES.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            text.replace("@NAME@", name).replace("@QUOTED@", quoted).replace("@TITLE@", title),
            encoding="utf-8",
        )
        written.append(path)
    if arguments.json:
        console.json({"format": "pathway-new/1", "name": name, "files": [str(p) for p in written]})
        return 0
    for path in written:
        console.print(str(path))
    console.note(
        f"\nnext:  pathway check {folder}\n       pathway test {folder}\n"
        f"       pathway run {folder} {folder / 'patients' / 'example.json'}"
    )
    return 0


def _name(folder: str) -> str:
    name = re.sub(r"[^a-z0-9_]+", "_", folder.casefold()).strip("_")
    if not name or not re.match(r"[a-z_]", name):
        raise Stop(
            2, f"`{folder}` gives no name; begin the folder's name with a letter from a to z"
        )
    return name


_FILES = {
    "guideline.pathway": """\
# What the guideline is, and the statements of its source, each with its evidence as printed.

guideline @NAME@ "@QUOTED@":
  version "0.1"
  language en
  grading example_grading
  entry sore_throat

grading example_grading "Two certainties and two grades":
  certainty high "High" | low "Low"
  grade A "Recommended", certainty high
  grade B "Suggested", certainty high | low

statement score_decides "Treat by the number of Centor criteria":
  section "Treatment"
  kind principle
  evidence none

statement no_antibiotic_low_score "No antibiotic with fewer than three criteria":
  section "Treatment"
  kind against
  evidence high A [1]

statement penicillin_high_score "Penicillin with three criteria or more":
  section "Treatment"
  kind recommend
  evidence low B [1, 2]
""",
    "vocabulary.pathway": """\
# The facts about a patient, and what can be given.

element centor "Centor criteria": count from 0 to 4
  ask "How many Centor criteria are met?"
  hint "Fever, tonsillar exudate, tender cervical nodes, no cough: one point each."

element not_tolerated "Medicines not tolerated": set of agent
  ask "Which medicines are not tolerated?"

agent penicillin_v "Penicillin V"
agent clarithromycin "Clarithromycin"
class antibiotic "Antibiotics": penicillin_v, clarithromycin

contraindication personal "Not tolerated": each of not_tolerated
""",
    "sore_throat.pathway": '''\
# The flowchart. Read it aloud.

pathway sore_throat "Sore throat":
  """
  An example to replace: change a condition and run `pathway check`.
  """
  from score_decides

  decision enough "Three Centor criteria or more?":
    when centor >= 3 "Yes" -> treatment
    when centor < 3 "No" -> no_antibiotic

  choose treatment "Antibiotic treatment":
    from penicillin_high_score
    preferred penicillin "Penicillin":
      give penicillin_v
    fallback macrolide "Clarithromycin" when not_tolerated bars penicillin_v:
      give clarithromycin

  recommend against no_antibiotic "Antibiotics":
    from no_antibiotic_low_score
    avoid antibiotic
''',
    "cases.pathway": """\
# Patients with the expected result: the tests of the guideline.

case two_criteria "Two criteria: no antibiotic":
  as of 2024-03-01
  given centor = 2
  given not_tolerated = {}
  recommends no_antibiotic
  not treatment
  status complete

case four_criteria "Four criteria: penicillin":
  as of 2024-03-01
  given centor = 4
  given not_tolerated = {}
  recommends treatment.penicillin preferred
  not treatment.macrolide
  status complete

case penicillin_not_tolerated "Penicillin is not tolerated: clarithromycin":
  as of 2024-03-01
  given centor = 3
  given not_tolerated = {penicillin_v}
  recommends treatment.macrolide fallback
  not treatment.penicillin because "Not tolerated"

case nothing_known "Nothing is known: the criteria are asked for":
  as of 2024-03-01
  asks centor
  may recommend treatment.penicillin
  status needs_data
""",
    "patients/example.json": """\
{
  "id": "example",
  "as_of": "2024-03-01",
  "facts": {
    "centor": 3,
    "not_tolerated": []
  }
}
""",
    "README.md": """\
# @TITLE@

An executable guideline. The text is in the `.pathway` files:

- `guideline.pathway`: what it is, and the statements of the source with their evidence
- `vocabulary.pathway`: the facts about a patient, and what can be given
- `sore_throat.pathway`: the flowchart
- `cases.pathway`: patients with the expected result

```
pathway check .
pathway test .
pathway run . patients/example.json
pathway ask .
pathway build .
```
""",
}
