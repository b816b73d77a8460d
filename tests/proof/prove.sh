#!/bin/sh
# Runs one proof by CBMC, and prints a line of TAP.
#
#   prove.sh TREE JSMN_DIR NAME     TREE: the folder of the sources; paths in it are relative to the current one
#
# The first line of NAME_proof.c is its title. After `sources:` come the sources that it does not include, after
# `options:` options for CBMC, after `replaced:` functions, each with the one that is called in its place. NAME_proof.loops,
# if it exists, has the contracts of loops; it may use the macros of NAME_proof.c.
#
# SPDX-License-Identifier: Apache-2.0
set -eu

tree=$1 jsmn=$2 name=$3
folder=tests/proof
build=${BUILD:-build}
cbmc=$(cd "$build/cbmc" && pwd)
loader=$(echo "$cbmc"/usr/lib*/ld-linux-*)
libraries=$(echo "$cbmc"/usr/lib/*-linux-gnu)
work=$tree/proof/$name
[ "$tree" != . ] || work=$build/proof/$name

run() {
  tool=$1
  shift
  "$loader" --library-path "$cbmc/usr/lib:$libraries" --argv0 "$tool" "$cbmc/usr/bin/$tool" "$@"
}

# The part of the proof's first comment after this word and a colon, up to an empty line or the next such word.
field() {
  awk -v word="$1:" '
    /^ \*\// { exit }
    NF < 2 || $2 ~ /:$/ { found = $2 == word; $2 = "" }
    found { $1 = ""; sub(/^ +/, ""); print }' "$folder/${name}_proof.c"
}

# The enumerators of preprocessed C as macros: goto-instrument does not know them in the contract of a loop.
enumerators() {
  tr -d '\n ' | grep -oE 'enum[a-z_]*\{[^}]*' | sed 's/.*{//' | awk -F ',' '{
    value = -1
    for (i = 1; i <= NF; i++) {
      value = split($i, part, "=") == 2 ? part[2] : value + 1
      if ($i != "") print "#define " part[1] " (" value ")"
    }
  }'
}

build() {
  includes="-I$tree/core -I$tree/port -I$tree/examples/lamp -I$tree/boards -I$folder -isystem $jsmn"
  # shellcheck disable=SC2046,SC2086  # lists of options and files
  run goto-cc -std=c99 $includes "$folder/${name}_proof.c" $(field sources | sed "s|[^ ]*|$tree/&|g") -o "$work/whole.gb"
  for substitute in $(field replaced); do
    run goto-instrument --replace-calls "$substitute" "$work/whole.gb" "$work/whole.gb"
  done
  if [ -f "$folder/${name}_proof.loops" ]; then
    # shellcheck disable=SC2086
    gcc -E -P -std=c99 $includes "$folder/${name}_proof.c" | enumerators >"$work/enumerators.h"
    # shellcheck disable=SC2086
    gcc -E -P -x c -std=c99 $includes "-I$work" "$folder/${name}_proof.loops" | sed -n '/^{"functions"/,$p' >"$work/loops.json"
    # The other loops first: --dfcc cannot check the assignments of their functions.
    # shellcheck disable=SC2046
    run goto-instrument --unwindset "$(field unwound | tr -d '\n')" --unwinding-assertions "$work/whole.gb" "$work/unwound.gb"
    run goto-instrument --dfcc main --apply-loop-contracts --loop-contracts-file "$work/loops.json" "$work/unwound.gb" "$work/proof.gb"
  else
    mv "$work/whole.gb" "$work/proof.gb"
  fi
}

# CBMC's checks that are not on by default.
check() {
  # shellcheck disable=SC2046
  run cbmc "$work/proof.gb" --pointer-overflow-check --conversion-check --unsigned-overflow-check --enum-range-check \
    --object-bits 8 $(field options)
}

# Prints each property that fails but must hold, and each that must be reached but is not. meant.tsv lists overflows that
# are meant.
judge() {
  awk -F '\t' '
    FNR == NR { if (!/^#/) meant[$1 "\t" $2]; next }
    !/^\[.*\] .*: (SUCCESS|FAILURE|UNKNOWN|ERROR)$/ { next }
    { count++ }
    / reached: / { if (!/: FAILURE$/) print "is never " $0; next }
    /: SUCCESS$/ { next }
    / arithmetic overflow / {
      where = what = $0
      sub(/^\[/, "", where); sub(/\.overflow.*/, "", where)
      sub(/.* in /, "", what); sub(/: [A-Z]*$/, "", what)
      if ((where "\t" what) in meant)
        next
    }
    /: FAILURE$/ { print; next }
    { others = others $0 "\n" }
    END { printf "%s", others; if (!count) print "nothing was proven" }' $folder/meant.tsv "$work/log"
}

title=$(sed -n "1s|^/\* ||p" "$folder/${name}_proof.c")
mkdir -p "$work"
began=$(date +%s)
if ! build >"$work/log" 2>&1; then
  tail -n 5 "$work/log" >"$work/why"
else
  check >"$work/log" 2>&1 || true
  judge >"$work/why"
fi
seconds=$(($(date +%s) - began))
if [ -s "$work/why" ]; then
  echo "not ok - $name: $title"
  head -n 12 "$work/why" | sed 's/^/# /'
  exit 1
fi
echo "ok - $name: $title ($(grep -c ': SUCCESS$' "$work/log") properties, $seconds s)"
