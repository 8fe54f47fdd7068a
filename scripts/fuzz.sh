#!/usr/bin/env bash
# Runs every fuzzer from its seed corpus under the address and undefined-behaviour sanitizers, as many at a time as there
# are processors. What they find stays in build/fuzz. usage: scripts/fuzz.sh [seconds per fuzzer [fuzzer...]]
# Without arguments, as in CI: a minute each for the files that come from anywhere (JSON, NPY, NPZ, pipeline files), a
# quarter of that for the others.
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

seconds=${1:-}
shift || true
scripts/setup.sh check
built asan neve_fuzzers

fuzzers=("$@")
if [ ${#fuzzers[@]} -eq 0 ]; then
  for program in build/asan/fuzzers/fuzz_*; do fuzzers+=("${program##*/fuzz_}"); done
fi

seconds_for() {
  case $1 in
    json | npy | npz | pipeline_file) echo "${seconds:-60}" ;;
    *) echo "${seconds:-15}" ;;
  esac
}

# New inputs are kept beside the build, so that a second run starts where the first one ended.
run_one() {
  local name=$1 options=() limit
  limit=$(seconds_for "$name")
  mkdir -p "build/fuzz/$name"
  [ ! -f "fuzz/$name.dict" ] || options+=("-dict=fuzz/$name.dict")
  "build/asan/fuzzers/fuzz_$name" "build/fuzz/$name" "fuzz/corpus/$name" -max_total_time="$limit" -rss_limit_mb=2048 \
    -timeout=10 -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" "${options[@]}" >"build/fuzz/$name.log" 2>&1 ||
    { tail -n 60 "build/fuzz/$name.log" && printf 'fuzz_%s failed; its input is build/fuzz/%s-*\n' "$name" "$name" && return 255; }
}
export -f run_one seconds_for
export seconds

# shellcheck disable=SC2016  # the inner shell expands its own argument
run_all() { printf '%s\n' "${fuzzers[@]}" | xargs -P "$neve_jobs" -I '{}' bash -c 'run_one "$1"' run_one '{}'; }
mkdir -p build/fuzz
phase "fuzz ${fuzzers[*]}" run_all
for name in "${fuzzers[@]}"; do
  say "    $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log") inputs in $(seconds_for "$name") s"
done
