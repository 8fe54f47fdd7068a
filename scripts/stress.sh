#!/usr/bin/env bash
# The stress tests for as long as you like. usage: scripts/stress.sh [seconds, 300]
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

export NEVE_STRESS_SECONDS=${1:-300}
scripts/setup.sh test
built release
say "==> stress for $NEVE_STRESS_SECONDS s each"
ctest --preset release --tests-regex stress --timeout $((NEVE_STRESS_SECONDS * 3 + 300)) --verbose
