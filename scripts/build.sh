#!/usr/bin/env bash
# Sets up and builds the command and the libraries. usage: scripts/build.sh [--install PREFIX]
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

scripts/setup.sh
built release
if [ "${1:-}" = --install ]; then
  phase "install to ${2:?a prefix}" cmake --install build/release --prefix "$2"
fi
