#!/bin/sh
# Gets packages from Debian.
#
#   debian.sh install [COMMAND=]PACKAGE...          installs each PACKAGE that is missing; needs root only then
#   debian.sh source NAME TESTED FOLDER             unpacks the source package NAME into FOLDER
#   debian.sh packages FOLDER PACKAGE[=TESTED]...   unpacks packages into FOLDER, which stands for /
#
# COMMAND=PACKAGE: the package is not missing if COMMAND exists: the name of a command, or the path of a file.
#
# TESTED is the version that wmrec was tested with. A later version with the same minor number is accepted, because
# security fixes are released so; an older version is refused.
#
# The system's own release may have only an older version (bookworm: mbedTLS 2.28, out of support; no CBMC). So `source` and
# `packages` read the indexes of trixie and trixie-security from the mirrors that the system uses, with an apt configuration
# beside FOLDER. They install nothing, and do not change the system's configuration. apt verifies the signatures of the
# indexes, and the indexes have the hash of each file; no setting of the system can turn this off.
set -eu
umask 022 # no other user may write to the unpacked files, or to their folder
unset CDPATH
exec 3>&2 # for messages of commands whose standard error is discarded

say() { printf 'wmrec: %s\n' "$*" >&3; }
die() { say "$*"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then say "root is needed for: $*"; sudo "$@"
  else die "root is needed: run this as root, then make again: $*"
  fi
}

# It does not matter where a command or a file comes from.
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
  command -v apt-get >/dev/null || die "there is no apt-get; install these by hand, then make again:$missing"
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

# The first mirror of the system's apt whose "RELEASE URI" matches this pattern.
mirror() {
  apt-get update --print-uris | sed -n "s|^'\(.*\)/dists/\([^/]*\)/InRelease'.*|\2 \1|p" | grep "$1" | sed 's/^[^ ]* //' | head -n 1
}

# A private apt: its own index, its own cache, no package database, no preferences.
private_apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o APT::Default-Release= \
    -o Dir::State="$state" -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" \
    -o Dir::Cache="$state/cache" -o APT::Sandbox::User="$sandbox" -o Acquire::Retries=3 \
    -o Acquire::AllowInsecureRepositories=false -o Acquire::AllowWeakRepositories=false \
    -o Acquire::AllowDowngradeToInsecureRepositories=false -o APT::Get::AllowUnauthenticated=false \
    -o Acquire::Check-Valid-Until=true -o Acquire::Check-Date=true "$@"
}

# As root: apt downloads as the user _apt, who may write only to these folders; not if there is no such user, or if it has no
# access to them.
begin_sandbox() {
  sandbox=root # for apt, this means: as the user who runs it
  if [ "$(id -u)" = 0 ] && setpriv --reuid=_apt --clear-groups test -x "$state" 2>/dev/null; then
    sandbox=_apt
    chown _apt "$state/lists/partial" "$state/cache/archives/partial" "$state/download"
  fi
}

add_source() {
  printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg valid-until-min=1] %s %s main\n' "$@" >>"$state/sources.list"
}

# begin_private_apt KIND FOLDER: empties FOLDER, and prepares a private apt for it. KIND: deb or deb-src.
begin_private_apt() {
  kind=$1
  install_packages dpkg-dev debian-archive-keyring
  mkdir -p "$(dirname "$2")"
  folder=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
  state=$folder.apt
  rm -rf "$folder" "$state"
  mkdir "$state" # without -p: fails if somebody else has made it
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/download"
  : >"$state/status"
  begin_sandbox
  uri=$(mirror '/debian$')
  [ -n "$uri" ] || die "no Debian mirror is configured; give the folder of the sources by hand (see make help)"
  security=$(mirror '^[^ ]*-security ')
  add_source "$kind" "$uri" trixie
  if [ -n "$security" ]; then
    add_source "$kind" "$security" trixie-security
  else
    say "no mirror of Debian's security updates is configured: $folder is from trixie without them"
  fi
  private_apt update --error-on=any
}

# check_version NAME TESTED FOUND: ends the program unless FOUND is accepted in place of TESTED.
check_version() {
  name=$1 tested=$2 found=$3
  minor=$(printf '%s' "${tested#*:}" | cut -d . -f 1-2)
  case ${found#*:} in
    "$minor".*) ;;
    *) die "$name $found: expected $minor.x; give the folder of $minor.x's sources by hand (see make help)" ;;
  esac
  dpkg --compare-versions "$found" ge "$tested" ||
    die "$name $found is older than $tested, which was tested: the mirror is out of date"
  [ "$found" = "$tested" ] || say "$name $found is later than $tested, which was tested"
}

unpack_source() {
  name=$1 tested=$2
  say "fetching the source package $name (trixie)"
  begin_private_apt deb-src "$3"
  (cd "$state/download" && private_apt source --download-only "$name" >/dev/null)
  dsc=$(find "$state/download" -name '*.dsc')
  check_version "$name" "$tested" "$(sed -n 's/^Version: //p' "$dsc")"
  dpkg-source --no-check --no-copy -x "$dsc" "$state/unpacked" >/dev/null # apt has verified the hashes
  mv "$state/unpacked" "$folder"
  rm -rf "$state"
}

unpack_packages() {
  begin_private_apt deb "$1"
  shift
  say "fetching packages (trixie): $*"
  names=$(printf '%s\n' "$@" | sed 's/=.*//')
  # shellcheck disable=SC2086  # a list of package names
  (cd "$state/download" && private_apt download $names >/dev/null)
  for package; do
    file=$(find "$state/download" -name "${package%%=*}_*.deb")
    [ "${package%%=*}" = "$package" ] || check_version "${package%%=*}" "${package#*=}" "$(dpkg-deb -f "$file" Version)"
    dpkg-deb -x "$file" "$state/unpacked"
  done
  mv "$state/unpacked" "$folder"
  rm -rf "$state"
}

# One run at a time: make runs several steps at once, but apt is locked while it runs.
if command -v flock >/dev/null; then
  exec 9<"$0"
  flock 9
fi

case ${1-} in
  install) shift; install_packages "$@" ;;
  source) [ $# = 4 ] || die "usage: debian.sh source NAME TESTED FOLDER"; unpack_source "$2" "$3" "$4" ;;
  packages) [ $# -ge 3 ] || die "usage: debian.sh packages FOLDER PACKAGE[=TESTED]..."; shift; unpack_packages "$@" ;;
  *) die "usage: debian.sh install PACKAGE... | source NAME TESTED FOLDER | packages FOLDER PACKAGE[=TESTED]..." ;;
esac
