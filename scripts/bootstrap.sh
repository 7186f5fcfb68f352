#!/usr/bin/env bash
# Make .venv with the package (editable) and the developers' tools in it.
# Needs only Python 3.11 or newer; on Debian, as root, it installs python3-venv when that is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
venv="${1:-.venv}"

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  echo "bootstrap: no Python 3.11 or newer found (set PYTHON=/path/to/python)" >&2
  return 1
}

python="$(find_python)"
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  rm -rf "$venv"
  if ! "$python" -m venv "$venv" 2>"${TMPDIR:-/tmp}/pathway-venv.$$"; then
    # Debian ships Python without ensurepip; the package python3-venv brings it.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      echo "bootstrap: installing python3-venv"
      rm -rf "$venv"
      apt-get update -qq
      version="$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "$version" >/dev/null ||
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
          python3-venv >/dev/null
      "$python" -m venv "$venv"
    else
      cat "${TMPDIR:-/tmp}/pathway-venv.$$" >&2
      echo "bootstrap: install the venv module first (Debian: apt-get install python3-venv)" >&2
      exit 1
    fi
  fi
  rm -f "${TMPDIR:-/tmp}/pathway-venv.$$"
fi

"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -e '.[dev]'
