#!/usr/bin/env bash
# Check, draw and run one guideline, and say where to look.
set -euo pipefail
cd "$(dirname "$0")/.."
bin="${VENV:-.venv}/bin"
pathway=pathways/seom_abc_2018

# A patient to whom nearly all of it applies, unless another is named: demo.sh path/to/patient.json
patient="${1:-$pathway/patients/lucia.json}"

show() {
  printf '\n$ pathway %s\n' "$*"
  "$bin/pathway" "$@"
}

show check "$pathway"
show build "$pathway"
show run "$pathway" "$patient"

printf '\nThe site opens without a server:\n'
find build -maxdepth 3 -name index.html | LC_ALL=C sort | sed 's/^/  /'
printf '\nThe guideline as its authors wrote it:\n  %s\n' "$pathway"
