# shellcheck shell=bash
# Sourced by the scripts beside it. Runs each phase of a script with one line of output and its elapsed time; the whole
# output goes to a log, whose end is shown when the phase fails. V=1 shows everything as it comes.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
neve_logs=build/logs
neve_jobs=${NEVE_JOBS:-$(nproc)}
# One test more than there are processors: those with a Redis or an HTTP server wait most of their time.
# shellcheck disable=SC2034  # the scripts that run tests use it
neve_tests_at_once=$((neve_jobs + 1))

# Every log is read by people and by scripts: one language, no colours.
export LC_ALL=C.UTF-8

# A compilation is the same wherever the tree stands: a fresh clone finds what another one left in the compiler cache.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

say() { printf '%s\n' "$*"; }

# phase "What happens" command arguments...
phase() {
  local title=$1 log started
  shift
  started=$SECONDS
  if [ "${V:-0}" = 1 ]; then
    say "==> $title"
    "$@"
    say "==> $title: $((SECONDS - started)) s"
    return
  fi
  mkdir -p "$neve_logs"
  log="$neve_logs/$(printf '%s' "$title" | tr -cs 'A-Za-z0-9' '-' | sed 's/^-//; s/-$//').log"
  printf '==> %s ... ' "$title"
  if "$@" >"$log" 2>&1; then
    printf '%d s\n' $((SECONDS - started))
  else
    local status=$?
    printf 'FAILED after %d s\n' $((SECONDS - started))
    tail -n 80 "$log"
    say "(all of it: $log)"
    return "$status"
  fi
}

# built PRESET [targets...]: configures and builds into build/PRESET.
built() {
  local preset=$1 targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  phase "configure $preset" cmake --preset "$preset"
  phase "build $preset${*:+ ($*)}" cmake --build --preset "$preset" --parallel "$neve_jobs" "${targets[@]}"
}
