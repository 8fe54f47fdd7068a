#!/usr/bin/env bash
# neve beside its peers and the machine's limits, in one run. usage: scripts/bench.sh [--quick] [--large] [--build]
# --quick: fewer rounds and rows; --large: also 100 M rows of a dataset within 2 GiB; --build: only builds.
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

if [ "$*" = --build ]; then
  scripts/setup.sh check
  built bench
  exit 0
fi
scripts/setup.sh bench
quick=()
for word in "$@"; do
  case $word in
    --quick) quick=(--quick) ;;
    --large) ;;
    *) say "bench.sh: what is $word? (known: --quick, --large, --build)" >&2 && exit 2 ;;
  esac
done
built bench neve neve_compare read_workbook
build/bench/bench/compare/neve_compare bench/compare/peers.py build/bench/bin/neve \
  examples/supercontinuum/supercontinuum.yaml "${quick[@]}"
if [ -x build/python/venv/bin/python ]; then  # made by `make test`
  scripts/python.sh --build
  build/python/venv/bin/python bench/python_bench.py "${quick[@]}"
fi

# pandas and pyarrow come from PyPI into a folder of their own; without network they are reported as absent.
peers=build/bench/peers
[ -x "$peers/bin/pip" ] || phase "make $peers" /usr/bin/python3 -m venv --system-site-packages "$peers"
"$peers/bin/python" -c "import pandas, pyarrow" 2>/dev/null ||
  phase "install pandas" "$peers/bin/pip" install --quiet pandas==2.3.3 pyarrow==22.0.0 || true
/usr/bin/python3 -B bench/datasets/compare.py build/bench/bin/neve build/bench/bench/datasets/read_workbook "$@"
/usr/bin/python3 -B bench/service/compare.py build/bench/bin/neve
