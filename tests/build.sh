#!/bin/sh
# Checks that wmrec can be built in other ways: into another folder, with other flags, with mbedTLS, lwIP and the Pico SDK from
# elsewhere, and that two builds are the same. Reports in TAP. From the top of the repository:
#
#   build.sh MBEDTLS_DIR LWIP_DIR PICO_SDK_DIR CROSS
#
# It copies the tree twice, once to a path with a space. Of the others' sources, it makes links.
#
# SPDX-License-Identifier: Apache-2.0
set -eu

top=$PWD
mbedtls=$(cd "$1" && pwd -P) lwip=$(cd "$2" && pwd -P) pico_sdk=$(cd "$3" && pwd -P) cross=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
unset MAKEFLAGS MFLAGS MAKEOVERRIDES BUILD CFLAGS CPPFLAGS LDFLAGS

# rule NAME COMMAND...: the rule holds if the command succeeds.
rule() {
  count=$((count + 1))
  name=$1
  shift
  if "$@" >"$work/output" 2>&1; then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    tail -n 20 "$work/output" | sed 's/^/# /'
  fi
}

copy() {
  mkdir "$1"
  (cd "$top" && git ls-files -coz --exclude-standard | xargs -0 cp -P --parents -t "$1")
}

build() {
  make CROSS="$cross" SOURCE_DATE_EPOCH=1700000000 "$@"
}

build_elsewhere() {
  (cd "$work/one tree" && touch "$work/before" && build BUILD="$work/elsewhere" MBEDTLS_DIR="$work/your mbedtls" LWIP_DIR="$work/your lwip" \
    PICO_SDK_DIR="$work/your pico-sdk" all firmware)
}

build_in_place() {
  (cd "$work/other" && build MBEDTLS_DIR="$mbedtls" LWIP_DIR="$lwip" PICO_SDK_DIR="$pico_sdk" all firmware)
}

nothing_was_written() {
  find "$work/one tree" -newer "$work/before" >"$work/written"
  cat "$work/written"
  [ ! -s "$work/written" ]
}

is_same() { cmp "$work/elsewhere/$1" "$work/other/build/$1"; }

# Each flag must be in the commands that make prints.
flags_are_used() {
  (cd "$work/other" && CFLAGS='-O1 -g -DWMREC_FIRST' CPPFLAGS=-DWMREC_SECOND LDFLAGS=-Wl,-soname=third build MBEDTLS_DIR="$mbedtls" --dry-run --always-make build/wmrec) >"$work/commands"
  for flag in -DWMREC_FIRST -DWMREC_SECOND -soname=third; do
    grep -q -e "$flag" "$work/commands" || { echo "$flag is not in the commands"; return 1; }
  done
}

is_rebuilt() {
  (cd "$work/other" && CFLAGS='-O1 -g' build MBEDTLS_DIR="$mbedtls" build/release/core/json.o)
  [ -s "$work/elsewhere/release/core/json.o" ] && ! cmp -s "$work/elsewhere/release/core/json.o" "$work/other/build/release/core/json.o"
}

copy "$work/one tree"
copy "$work/other"
ln -s "$mbedtls" "$work/your mbedtls"
ln -s "$lwip" "$work/your lwip"
ln -s "$pico_sdk" "$work/your pico-sdk"

rule "the tool and the lamp can be built into another folder; the paths of the tree and of all sources may have spaces" build_elsewhere
rule "a build into another folder writes nothing to the tree" nothing_was_written
rule "the tool and the lamp can be built in the tree" build_in_place
for file in wmrec w5500_evb_pico/lamp.elf w5500_evb_pico/lamp.uf2; do
  rule "$file is the same, byte by byte, from both builds" is_same "$file"
done
rule "CFLAGS, CPPFLAGS and LDFLAGS of the environment are used" flags_are_used
rule "if CFLAGS change, objects are rebuilt" is_rebuilt
echo "1..$count"
