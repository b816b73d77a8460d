#!/bin/sh
# Runs the proofs, two at a time; prints TAP. From the top of the repository.
#
#   run.sh JSMN_DIR [NAME]...     NAME: of NAME_proof.c; none: all of them
#
# SPDX-License-Identifier: Apache-2.0
set -eu

jsmn=$1
shift
# shellcheck disable=SC2046  # a list of names
[ $# -gt 0 ] || set -- $(find tests/proof -name '*_proof.c' | sed 's|.*/||; s|_proof\.c$||' | sort)
echo "1..$#"
printf '%s\n' "$@" | xargs -P "${PROOFS_AT_ONCE:-2}" -n 1 sh tests/proof/prove.sh . "$jsmn"
