#!/usr/bin/env bash
# The main job, seen once: sets up, builds the command, and runs a fibre simulation cold and then warm in a cache of its own.
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

scripts/setup.sh
built release neve

show() {
  printf '\n$ %s\n' "$*"
  "$@"
}
neve=build/release/bin/neve
pipeline=examples/supercontinuum/supercontinuum.yaml
rm -rf demo
say
say "A 50 fs, 10 kW pulse through 15 cm of photonic-crystal fibre. First nothing is known and everything is computed:"
show "$neve" run "$pipeline" --cache disk:demo/cache --record demo/pictures --report demo/cold.json
say
say "The same again: each result is found under its key."
show "$neve" run "$pipeline" --cache disk:demo/cache --record demo/pictures --report demo/warm.json
say
say "Pictures are in demo/pictures, the reports in demo/cold.json and demo/warm.json, the cache in demo/cache:"
show "$neve" ls --cache disk:demo/cache
