#!/usr/bin/env bash
# Runs the tests under the sanitizers. usage: scripts/sanitize.sh [address|thread|all]; further arguments go to ctest.
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

which=${1:-all}
shift || true
scripts/setup.sh check

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=second_deadlock_stack=1:suppressions=$PWD/scripts/tsan.supp
export NEVE_STRESS_SECONDS=${NEVE_STRESS_SECONDS:-2}

if [ "$which" != thread ]; then
  built asan
  phase "tests under address and undefined-behaviour sanitizers" ctest --preset asan --parallel "$neve_tests_at_once" "$@"
fi
if [ "$which" != address ]; then
  built tsan
  phase "threaded tests under the thread sanitizer" ctest --preset tsan --parallel "$neve_tests_at_once" "$@"
fi
