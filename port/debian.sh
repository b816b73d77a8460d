#!/bin/sh
# What wmrec takes from Debian, by package name.
#
#   debian.sh install [COMMAND=]PACKAGE... installs what is missing (asks for root only then): COMMAND, or a file
#   debian.sh source NAME MINOR FOLDER     unpacks the source package NAME into FOLDER, checked to be MINOR.x
#   debian.sh packages FOLDER PACKAGE...   unpacks packages into FOLDER, as they would be under /
#
# The system's own suite may hold an older NAME (bookworm: mbedTLS 2.28, out of support; no CBMC), so `source` and
# `packages` read trixie's index from the machine's own mirror, with an apt configuration kept beside FOLDER: nothing is
# installed, and the system's configuration is not touched. apt checks the signatures.
set -eu

say() { printf 'wmrec: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then say "root is needed for: $*"; sudo "$@"
  else die "root is needed: run this as root, then make again: $*"
  fi
}

# A command or a file that is there will do, whoever brought it.
is_here() {
  case $1 in
    /*=*) [ -e "${1%%=*}" ] ;;
    *=*) command -v "${1%%=*}" >/dev/null ;;
    *) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' ;;
  esac
}

install_packages() {
  missing=
  for package; do is_here "$package" || missing="$missing ${package#*=}"; done
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || die "apt-get is not here; install by hand, then make again:$missing"
  say "installing Debian packages:$missing"
  # shellcheck disable=SC2086  # a list of package names
  set -- $missing
  command="apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 -o Acquire::Retries=3"
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive $command "$@" >/dev/null 2>&1 || {
    as_root apt-get update -qq
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive $command "$@" >/dev/null
  }
}

mirror() {
  # shellcheck disable=SC2016  # apt replaces it, not the shell
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | grep '/debian/*$' | head -n 1
}

# A private apt: its own index, its own cache, no package database.
private_apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State="$state" -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" \
    -o Dir::Cache="$state/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3 "$@"
}

# Empties FOLDER and makes a private apt ready for it. KIND: deb or deb-src.
begin_private_apt() {
  kind=$1
  install_packages dpkg-dev debian-archive-keyring
  mkdir -p "$(dirname "$2")"
  folder=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
  state=$folder.apt
  rm -rf "$folder" "$state"
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  : >"$state/status"
  uri=$(mirror)
  [ -n "$uri" ] || { as_root apt-get update -qq; uri=$(mirror); }
  [ -n "$uri" ] || die "no Debian mirror is configured; give the source's folder by hand (see make help)"
  printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' "$kind" "$uri" >"$state/sources.list"
  private_apt update
}

unpack_source() {
  name=$1 minor=$2
  say "fetching the source package $name $minor.x (trixie)"
  begin_private_apt deb-src "$3"
  (cd "$state" && private_apt source --download-only "$name" >/dev/null)
  dsc=$(find "$state" -maxdepth 1 -name '*.dsc')
  case $(basename "$dsc") in
    "$name"_"$minor".*) ;;
    *) die "$(basename "$dsc"): expected $name $minor.x; give a $minor.x source's folder by hand (see make help)" ;;
  esac
  dpkg-source --no-check --no-copy -x "$dsc" "$folder" >/dev/null
  rm -rf "$state"
}

unpack_packages() {
  begin_private_apt deb "$1"
  shift
  say "fetching packages (trixie): $*"
  (cd "$state" && private_apt download "$@" >/dev/null)
  for package in "$state"/*.deb; do dpkg-deb -x "$package" "$folder"; done
  rm -rf "$state"
}

# One at a time: make runs several steps at once, and apt takes no second one.
if command -v flock >/dev/null; then
  exec 9<"$0"
  flock 9
fi

case ${1-} in
  install) shift; install_packages "$@" ;;
  source) [ $# = 4 ] || die "usage: debian.sh source NAME MINOR FOLDER"; unpack_source "$2" "$3" "$4" ;;
  packages) [ $# -ge 3 ] || die "usage: debian.sh packages FOLDER PACKAGE..."; shift; unpack_packages "$@" ;;
  *) die "usage: debian.sh install PACKAGE... | source NAME MINOR FOLDER | packages FOLDER PACKAGE..." ;;
esac
