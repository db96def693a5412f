# Shared by tests/demo and tests/run: packages, installing what is missing, building, phases. Sourced by bash.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build

# With ccache, code that tests/consumer compiles again is not compiled twice, as folder names do not matter.
export CCACHE_BASEDIR=/ CCACHE_NOHASHDIR=1

packages_to_build="g++ cmake ninja-build libboost1.81-dev libboost-program-options1.81-dev libusrsctp-dev libssl-dev
libspdlog-dev libmimalloc-dev"
packages_to_show="socat"
packages_to_test="ccache libgtest-dev libgmock-dev libbenchmark-dev clang-14 clang-format-14 clang-tidy-14
libclang-rt-14-dev doxygen iproute2 nftables lintian openssh-server openssh-client curl nginx-light iperf3 socat python3
python3-websockets procps mandoc zsh fish tmux git rsync wrk redis postgresql etcd-server etcd-client"

say() { printf '%s\n' "$*"; }

fail() {
  printf 'tests: %s\n' "$*" >&2
  exit 1
}

installed() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

# Installs the packages that are missing. If none is, it changes nothing.
install_missing() {
  local missing=() sudo=() package
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  if [ ${#missing[@]} -eq 0 ]; then
    say "packages: all there"
    return 0
  fi
  say "packages: installing ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "these packages are missing: ${missing[*]}; install them, or run this as root"
    sudo=(sudo)
  fi
  # Services of a package are not started: policy-rc.d forbids that during the installation.
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null && "${sudo[@]}" chmod 755 "$policy"
    made=1
  fi
  local quiet=(-qq -o Dpkg::Use-Pty=0) done=0
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${quiet[@]}" update &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${quiet[@]}" install -y --no-install-recommends \
      "${missing[@]}" >/dev/null || done=1
  [ -z "$made" ] || "${sudo[@]}" rm -f "$policy"
  [ "$done" -eq 0 ] || fail "could not install ${missing[*]}"
}

# configure FOLDER OPTION...: prints only errors.
configure() {
  local folder=$1 log
  shift
  log=$(cmake -S "$root" -B "$folder" -G Ninja "$@" 2>&1) || {
    printf '%s\n' "$log" >&2
    return 1
  }
}

# compile FOLDER TARGET...
compile() {
  local folder=$1
  shift
  cmake --build "$folder" --target "$@" -- --quiet
}
