#!/bin/sh
# Plants bugs, one at a time, in a copy of the sources. The proof must fail each time. Prints TAP. From the top of the repository.
#
#   planted.sh JSMN_DIR [NAME]...     NAME: of NAME_proof.c; none: all of them
#
# SPDX-License-Identifier: Apache-2.0
set -eu

# Called by xargs, for one line of the table.
if [ "${1-}" = -- ]; then
  jsmn=$2 line=$3
  tree=${BUILD:-build}/planted/$line
  sed -n "${line}p" tests/proof/planted.tsv | {
    IFS='	' read -r name file edit bug
    rm -rf "$tree"
    mkdir -p "$tree/examples"
    cp -r core port boards "$tree"
    cp -r examples/lamp "$tree/examples"
    sed -i "$edit" "$tree/$file"
    if cmp -s "$file" "$tree/$file"; then
      echo "not ok - $name: $bug: $file does not have the place"
    elif sh tests/proof/prove.sh "$tree" "$jsmn" "$name" >"$tree/tap"; then
      echo "not ok - $name does not see that $bug"
    elif grep -qE '^# \[.*: FAILURE$' "$tree/tap"; then
      echo "ok - $name sees that $bug"
      sed -n '2p' "$tree/tap"
    else
      echo "not ok - $name fails for another reason than that $bug"
      tail -n +2 "$tree/tap"
    fi
  }
  exit
fi

jsmn=$1
shift
lines=$(awk -F '\t' -v names=" $* " '!/^#/ && (names == "  " || index(names, " " $1 " ")) { print NR }' tests/proof/planted.tsv)
echo "1..$(echo "$lines" | wc -w)"
echo "$lines" | xargs -P "${PROOFS_AT_ONCE:-2}" -n 1 sh "$0" -- "$jsmn"
