#!/usr/bin/env bash
# What the tests in a browser need: Debian's Chromium, node, and axe-core from npm in the user's cache folder.
# Without root it says what is missing; the tests that need it are skipped then.
set -euo pipefail

axe=4.14.1
folder="${PATHWAY_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pathway-compiler-tests}/axe-core-$axe"

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "browser: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "browser: install first (Debian: apt-get install ${missing[*]})" >&2
  fi
fi

if [ ! -f "$folder/node_modules/axe-core/axe.min.js" ]; then
  if command -v npm >/dev/null; then
    echo "browser: installing axe-core $axe"
    mkdir -p "$folder"
    npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix "$folder" "axe-core@$axe"
  else
    echo "browser: npm is missing, so axe-core is not installed" >&2
  fi
fi
