"""`pathway new`: a guideline to start from."""

import argparse
import re
from pathlib import Path

from pathway_compiler.cli.console import Console, Stop

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway new my_guideline
  pathway new pathways/hypertension --title "Hypertension in adults\""""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="made by this command")
    parser.add_argument("--title", metavar="TEXT", help="what readers see")


def run(arguments: argparse.Namespace, console: Console) -> int:
    folder = Path(arguments.folder)
    name = re.sub(r"[^A-Za-z0-9_]", "_", folder.name).strip("_").lower()
    if not name or name[0].isdigit():
        raise Stop(2, f"`{folder.name}` gives no name: start it with a letter")
    if folder.exists() and any(folder.iterdir()):
        raise Stop(2, f"{folder} is there already and not empty; nothing was changed")
    title = arguments.title or name.replace("_", " ").capitalize()
    if '"' in title or "\n" in title:
        raise Stop(2, "a title has no quotation marks and stands on one line")
    files = {
        file: text.replace("NAME", name).replace("TITLE", title) for file, text in _FILES.items()
    }
    for file, text in files.items():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    written = [str(folder / file) for file in files]
    if arguments.json:
        console.json({"guideline": name, "files": written})
        return 0
    for file in written:
        console.print(file)
    console.note(f"now: pathway check {folder}; pathway test {folder}; pathway build {folder}")
    return 0


_FILES = {
    "guideline.pathway": """\
guideline NAME "TITLE":
  version "0.1"
  publisher "Who publishes it"
  source "The document it is made from"
  language en
  grading uspstf
  entry first

grading uspstf "U.S. Preventive Services Task Force, after July 2012":
  certainty high "High" | moderate "Moderate" | low "Low"
  grade A "Offer", certainty high
  grade B "Offer", certainty high | moderate
  grade C "Offer selectively", certainty high | moderate
  grade D "Discourage", certainty high | moderate
  grade I "Insufficient evidence", certainty low
""",
    "statements.pathway": """\
# One statement of the source each, in your own words, with its evidence exactly as printed.

statement treat_when_fit "Patients who are fit are offered the treatment":
  section "Treatment"
  lines 1-2
  kind recommend
  evidence high A [1]

statement supportive_care "Patients who are not fit are offered supportive care":
  section "Treatment"
  lines 3-4
  kind recommend
  evidence moderate B [2]
""",
    "vocabulary.pathway": """\
element fit "Fit for the treatment": boolean
  ask "Is the patient fit for the treatment?"
  judgement "The source gives no criterion."

element contraindications "Contraindications": set of agent
  lasting

agent example_agent "Example agent"
service supportive "Supportive care"

contraindication recorded "Recorded as contraindicated": each of contraindications
""",
    "first.pathway": """\
pathway first "TITLE":
  \"\"\"
  Notes for the reader, in Markdown.
  \"\"\"

  decision fitness "Fit for the treatment?":
    when fit "Yes" -> treatment
    when not fit "No" -> support

  recommend treatment "Example treatment":
    from treat_when_fit
    give example_agent
    -> response

  recommend support "Supportive care":
    from supportive_care
    offer supportive

  review response "Response":
    every 2 to 3 months
    on not fit "No longer fit" -> support
""",
    "cases.pathway": """\
case fit_patient "A fit patient is treated":
  as of 2026-01-15
  given fit = yes
  given contraindications = {}
  recommends treatment
  not support because "Yes"
  status complete
  visit "No longer fit after three months":
    as of 2026-04-15
    given fit = no
    recommends support

case not_fit "A patient who is not fit is supported":
  as of 2026-01-15
  given fit = no
  recommends support

case unknown_fitness "Nothing is guessed while fitness is unknown":
  as of 2026-01-15
  given contraindications = {}
  may recommend treatment
  may recommend support
  asks fit
  status needs_data

case contraindicated "A contraindication is a veto":
  as of 2026-01-15
  given fit = yes
  given contraindications = {example_agent}
  not treatment because "Recorded as contraindicated"
""",
    "patients/example.json": """\
{
  "id": "example",
  "as_of": "2026-01-15",
  "facts": {
    "fit": true,
    "contraindications": []
  }
}
""",
}
