#!/usr/bin/env bash
# Every check beyond the tests: lint, an install and two consumers, the tests under the sanitizers, every fuzzer. The thread
# sanitizer cannot see the order that libraries built without it keep and reports, now and then, what is no race; so a test
# fails by it only when it fails twice in a row.
set -euo pipefail
cd "$(dirname "$0")/.."

started=$SECONDS
scripts/lint.sh
scripts/consumer.sh
scripts/sanitize.sh address
scripts/sanitize.sh thread --repeat until-pass:2
scripts/fuzz.sh
printf '==> every check passed in %d s\n' $((SECONDS - started))
