#!/usr/bin/env bash
# Sets up, builds the release preset and runs every test. Arguments go to ctest: scripts/test.sh -R cache
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

scripts/setup.sh test
built release
say "==> run the tests"
ctest --preset release --parallel "$neve_tests_at_once" "$@"
[ $# -gt 0 ] || scripts/python.sh
