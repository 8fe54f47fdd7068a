#!/usr/bin/env bash
# Installs the Debian packages neve needs; does nothing, quickly, when they are all there.
# usage: scripts/setup.sh [build|test|check|bench]     what is to be done: each needs what the one before it needs, and more
set -euo pipefail

packages=(
  g++ cmake ninja-build make ccache
  libssl-dev libdeflate-dev libisal-dev libxxhash-dev nlohmann-json3-dev libfmt-dev libtbb-dev
  libfftw3-dev libyaml-cpp-dev prometheus-cpp-dev libcli11-dev libgtest-dev libgmock-dev python3 python3-numpy gnuplot-nox
  libexpat1-dev libminizip-dev libxlsxwriter-dev libutf8proc-dev zlib1g-dev
)
test_packages=(curl python3-redis strace redis-server python3-openpyxl python3-venv python3-dev zsh fish locales)
check_packages=(
  clang-14 clang-tidy-14 clang-format-14 libclang-rt-14-dev shellcheck
  libbenchmark-dev python3-joblib python3-diskcache
)
bench_packages=(nginx-light wrk)
case "${1:-build}" in
  build) ;;
  test) packages+=("${test_packages[@]}") ;;
  check) packages+=("${test_packages[@]}" "${check_packages[@]}") ;;
  bench) packages+=("${test_packages[@]}" "${check_packages[@]}" "${bench_packages[@]}") ;;
  *) printf 'setup.sh: what is %s? (known: build, test, check, bench)\n' "$1" >&2 && exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  printf 'setup.sh knows Debian and Ubuntu only; elsewhere install what corresponds to:\n  %s\n' "${packages[*]}" >&2
  exit 1
fi

# The pinned DuckDB library comes from the npm registry; any npm will do.
command -v npm >/dev/null || packages+=(npm)

# dpkg-query fails when it knows no such package, which is an answer here.
installed=$({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true; } | sed -n 's/^installed //p')
missing=()
for package in "${packages[@]}"; do
  grep -qxF "$package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    printf 'These packages are missing, and installing them takes root or sudo:\n  apt-get install %s\n' "${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

printf '==> installing %s\n' "${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  # RUNLEVEL=1 keeps packages from starting services where sysv decides; the tests start the servers they need themselves.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 ||
    { tail -n 30 "$log" >&2 && printf 'apt-get %s failed; the lines above say why\n' "$1" >&2 && exit 1; }
}
apt update
apt install --yes --no-install-recommends "${missing[@]}"
case " ${missing[*]} " in
  *" redis-server "*)
    [ ! -d /run/systemd/system ] ||
      printf 'redis-server may now run as a service on 127.0.0.1:6379. neve does not use it; to stop it:\n  systemctl disable --now redis-server\n'
    ;;
esac
