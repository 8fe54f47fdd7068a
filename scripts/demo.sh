#!/usr/bin/env bash
# The main jobs, seen once: sets up, builds the command, runs a fibre simulation and analyses a table, each cold and then
# warm, in folders of its own.
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
show "$neve" run "$pipeline" --cache disk:demo/cache --report demo/warm.json
say
say "Pictures are in demo/pictures, the reports in demo/cold.json and demo/warm.json, the cache in demo/cache:"
show "$neve" ls --cache disk:demo/cache

say
say "A messy table of 200,000 orders is normalised once; a question about it is computed, and asked again, found:"
python3 examples/orders/make_orders.py demo/orders.csv
show "$neve" dataset add demo/orders.csv --store demo/storage
question=(analyze orders --group-by customer --value revenue --grain year --store demo/storage)
show "$neve" "${question[@]}" | tee demo/cold.txt
show "$neve" "${question[@]}" >demo/warm.txt
printf '\n$ neve %s\n%s\n' "${question[*]}" "$(grep '; generation' demo/warm.txt)"
seconds_text() { grep -o 'in [0-9.]* [a-z]*$' <<<"$(grep '; generation' "$1")" | sed 's/^in //'; }
say
say "Cold $(seconds_text demo/cold.txt), warm $(seconds_text demo/warm.txt): the answers are in demo/storage/datasets/orders/analyses."
