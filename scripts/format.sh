#!/usr/bin/env bash
# Rewrites every source of the repository in its format; --check only says what differs.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh check
options=(-i)
python=()
[ "${1:-}" != --check ] || options=(--dry-run -Werror) python=(--diff)
git ls-files -z --cached --others --exclude-standard '*.hpp' '*.cpp' | xargs -0 clang-format-14 "${options[@]}"
scripts/ruff.sh format "${python[@]}"
