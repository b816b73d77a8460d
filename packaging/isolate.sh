#!/bin/sh
# Makes one object of these objects, and of what they need of these archives. Only symbols that begin with wmrec_ are visible, so
# that it can be linked to a program that has another mbedTLS.
#
#   isolate.sh OBJECT OBJECT_OR_ARCHIVE...     CC, OBJCOPY: the tools
#
# SPDX-License-Identifier: Apache-2.0
set -eu

object=$1
shift
# With -flto, gcc must compile now: objcopy cannot change symbols that are not compiled yet. clang has no such option.
compile=-flinker-output=nolto-rel
$CC $compile -E -x c /dev/null >/dev/null 2>&1 || compile=
# shellcheck disable=SC2086  # a list of options, or none
$CC -r -nostdlib $compile -o "$object" "$@"
"${OBJCOPY:-objcopy}" --wildcard --keep-global-symbol='wmrec_*' "$object"
