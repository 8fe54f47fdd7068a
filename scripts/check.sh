#!/usr/bin/env bash
# Every check beyond the tests: lint, a consumer's build, sanitizers, fuzzers.
set -euo pipefail
cd "$(dirname "$0")/.."

started=$SECONDS
scripts/lint.sh
scripts/consumer.sh
scripts/sanitize.sh
scripts/fuzz.sh
printf '==> every check passed in %d s\n' $((SECONDS - started))
