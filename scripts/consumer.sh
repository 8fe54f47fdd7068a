#!/usr/bin/env bash
# Builds and runs tests/consumer against an installed neve (find_package) and against this source tree (add_subdirectory).
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

folder=$PWD/build/consumer
run_both() { "$folder/$1/consumer" && "$folder/$1/consumer_of_all"; }
consumer() {
  local name=$1
  shift
  rm -rf "${folder:?}/$name"
  cmake -S tests/consumer -B "$folder/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release "$@" &&
    cmake --build "$folder/$name" --parallel "$neve_jobs" && run_both "$name"
}
installed() {
  rm -rf "$folder/prefix" && cmake --install build/release --prefix "$folder/prefix" && "$folder/prefix/bin/neve" --version &&
    completed bash bash-completion/completions/neve && completed zsh zsh/site-functions/_neve &&
    completed fish fish/vendor_completions.d/neve.fish
}
completed() { "$folder/prefix/bin/neve" completions "$1" | cmp - "$folder/prefix/share/$2"; }

scripts/setup.sh test
built release
phase "install to a prefix" installed
phase "a consumer by find_package" consumer found -DCMAKE_PREFIX_PATH="$folder/prefix"
phase "a consumer by add_subdirectory" consumer added -DNEVE_SOURCE_DIR="$PWD" -DNEVE_CLI=OFF -DNEVE_DATASETS=OFF \
  -DNEVE_SERVICE=OFF -DNEVE_WERROR=ON -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=8 \
  -DCMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache || true)"
