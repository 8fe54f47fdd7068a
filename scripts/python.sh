#!/usr/bin/env bash
# Builds the Python package in a virtual environment (build/python/venv), runs its tests and checks its types.
# usage: [NEVE_PYTHON=INTERPRETER] scripts/python.sh [--build | arguments for pytest]
# Another interpreter than Debian's has an environment of its own, such as build/python/venv-3.13.
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

venv=build/python/venv
wanted=python/requirements.txt
interpreter=/usr/bin/python3  # Debian's, whose headers are installed; another may come first on the PATH
[ -x "$interpreter" ] || interpreter=python3
if [ -n "${NEVE_PYTHON:-}" ]; then
  interpreter=$NEVE_PYTHON
  venv=$venv-$("$interpreter" -c 'import sys; print("%d.%d%s" % (*sys.version_info[:2], sys.abiflags))')
fi

make_environment() {
  "$interpreter" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
  cp "$wanted" "$venv/installed"
}

build_package() {
  # The libraries are compiled once: this build, by the same compiler under the same name, finds them in the compiler
  # cache, and its own folder from last time.
  CXX=${CXX:-c++} "$venv/bin/pip" install --quiet --disable-pip-version-check --no-build-isolation --no-deps --force-reinstall \
    --config-settings=cmake.define.NEVE_DATASETS=ON .
}

cmp -s "$wanted" "$venv/installed" || phase "make the Python environment" make_environment
phase "build the Python package" build_package
[ "${1:-}" != --build ] || exit 0
export NEVE_COMMAND=$PWD/build/release/bin/neve
phase "run the Python tests" "$venv/bin/python" -m pytest "$@"
phase "check the Python types" "$venv/bin/python" -m mypy
