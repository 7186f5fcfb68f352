#!/usr/bin/env bash
# What the tests in a browser need: Debian's Chromium, and axe-core from npm in the user's cache folder.
# Without root, or without npm, it says what is missing; the tests that need it are skipped then.
set -euo pipefail

axe=4.14.1
folder="${PATHWAY_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pathway-compiler-tests}/axe-core-$axe"

if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "browser: installing chromium"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
  else
    echo "browser: install chromium first (Debian: apt-get install chromium)" >&2
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
