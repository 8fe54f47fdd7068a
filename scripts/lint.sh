#!/usr/bin/env bash
# What can be judged without running the product: format, layers, headers, links, scripts, Python, clang-tidy's short list.
# usage: scripts/lint.sh [--without-tidy]
set -euo pipefail
# shellcheck source=scripts/phase.sh
source "$(dirname "$0")/phase.sh"

shell_scripts() { shellcheck -x scripts/*.sh .ci/run; }

scripts/setup.sh check
phase "format" scripts/format.sh --check
phase "what ruff finds in Python sources" scripts/ruff.sh check
phase "shell scripts" shell_scripts
phase "include graph against the layers" scripts/check_includes.py
phase "links in the documentation" scripts/check_links.py
phase "public headers stand alone" scripts/check_headers.py
phase "configure asan" cmake --preset asan
phase "clang-tidy's short list" scripts/run_tidy.py build/asan
