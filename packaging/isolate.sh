#!/bin/sh
# Makes an archive of one object that has all of these objects, and what they need of these archives. Only symbols that begin with
# wmrec_ are visible, so that it can be linked to a program that has another mbedTLS.
#
#   isolate.sh ARCHIVE OBJECT_OR_ARCHIVE...     CC, OBJCOPY, AR: the tools
#
# SPDX-License-Identifier: Apache-2.0
set -eu

archive=$1
shift
object=${archive%.a}.o
${CC:-cc} -r -nostdlib -o "$object" "$@"
${OBJCOPY:-objcopy} --wildcard --keep-global-symbol='wmrec_*' "$object"
rm -f "$archive"
${AR:-ar} rcs "$archive" "$object"
