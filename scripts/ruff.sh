#!/usr/bin/env bash
# Runs the ruff that pyproject.toml names, which it installs into build/ruff if it is not there.
# usage: scripts/ruff.sh ARGUMENTS, as `scripts/ruff.sh check --fix`
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=$(sed -n 's/^required-version = "==\([^"]*\)".*/\1/p' pyproject.toml)
ruff=build/ruff/$wanted
if [ ! -x "$ruff/bin/ruff" ]; then
  rm -rf build/ruff
  python3 -m venv "$ruff"
  "$ruff/bin/pip" install --quiet --disable-pip-version-check "ruff==$wanted" || { rm -rf "$ruff" && exit 1; }
fi
exec "$ruff/bin/ruff" "$@" --quiet
