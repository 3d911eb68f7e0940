# shellcheck shell=bash
# What quickstart and test share; sourced, not run. Leaves the shell in the checkout's folder.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# What the program is built from, and what its scripts read and draw run files with.
# shellcheck disable=SC2034  # used by the scripts that source this one
program_packages=(
  g++ cmake ninja-build git ca-certificates
  libboost-dev libboost-program-options-dev libboost-filesystem-dev libboost-system-dev
  libeigen3-dev libhdf5-dev libxsmm-dev nlohmann-json3-dev libssl-dev libutf8proc-dev
  libcsv-dev libcurl4-openssl-dev libsndfile1-dev libzip-dev libarchive-dev zlib1g-dev
  python3 python3-h5py python3-numpy python3-matplotlib
)

# fail CODE SENTENCE: one line on stderr, and out.
fail() {
  printf '%s: error: %s\n' "scripts/${0##*/}" "$2" >&2
  exit "$1"
}

# read_flag NAME ARGUMENT…: sets `flag` to 1 if NAME is among the arguments, else to nothing; --help
# prints the caller's usage; anything else is a mistake.
# shellcheck disable=SC2034  # the caller reads `flag`
read_flag() {
  local name=$1 argument
  shift
  flag=
  for argument in "$@"; do
    case $argument in
      "$name") flag=1 ;;
      --help | -h) usage && exit 0 ;;
      *) fail 2 "unknown argument '$argument'; try scripts/${0##*/} --help" ;;
    esac
  done
}

# phase SENTENCE … finished: says what is being done, and how long it took.
phase() {
  printf '==> %s\n' "$1"
  phase_began=$SECONDS
}
finished() { printf '    %s, %d s\n' "${1:-done}" $((SECONDS - phase_began)); }

# quietly LOG COMMAND…: its output goes to LOG; shown, the last lines of it, only if it fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 && return
  tail -n 30 "$log" >&2
  fail 70 "'$*' failed; the whole output is in $log"
}

# install_missing PACKAGE…: asks dpkg first, and apt only for what is not there.
install_missing() {
  local package missing=() as_root=()
  command -v apt-get >/dev/null ||
    fail 2 "no apt-get, so this is no Debian; install by hand what scripts/lib.sh names,\
 then: cmake --preset release && cmake --build --preset release"
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    finished "all $# are there"
    return
  fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      fail 2 "packages are missing and there is no sudo; as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  printf '    missing: %s\n' "${missing[*]}"
  quietly build/apt-update.log "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
  quietly build/apt-install.log "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}"
  finished "${#missing[@]} of $# installed"
}

# configure PRESET [-DNAME=VALUE…], through ccache where it is installed: what another checkout of the
# project compiled with the same flags is not compiled again. It cannot see into precompiled headers
# unless it is told not to mind.
configure() {
  local preset=$1 launcher=()
  shift
  command -v ccache >/dev/null &&
    launcher=("-DCMAKE_CXX_COMPILER_LAUNCHER=env;CCACHE_BASEDIR=$PWD;CCACHE_NOHASHDIR=1;\
CCACHE_SLOPPINESS=pch_defines,time_macros;ccache")
  quietly "build/configure-$preset.log" cmake --preset "$preset" "${launcher[@]}" "$@"
}
