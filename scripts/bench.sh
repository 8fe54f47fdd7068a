#!/usr/bin/env bash
# neve beside its peers and the machine's limits, in one run. usage: scripts/bench.sh [--quick]
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

scripts/setup.sh check
built bench neve neve_compare
build/bench/bench/compare/neve_compare bench/compare/peers.py build/bench/bin/neve \
  examples/supercontinuum/supercontinuum.yaml "$@"
if [ -x build/python/venv/bin/python ]; then  # made by `make test`
  scripts/python.sh --build
  build/python/venv/bin/python bench/python_bench.py "$@"
fi
