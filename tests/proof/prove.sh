#!/bin/sh
# Proves what one file of this folder says, by CBMC, and prints a line of TAP.
#
#   prove.sh TREE JSMN_DIR NAME     TREE: the sources that it is proven of; it has to be where this is called
#
# The file's first line says what is proven; behind `sources:` are those that it takes besides what it includes, behind
# `options:` those of CBMC, behind `replaced:` functions, each with what is called in its place. NAME.loops, if there is
# one, is what holds of the loops, with the file's macros in it.
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

# What a harness's comment says behind a word, to the comment's next empty line or word.
field() {
  awk -v word="$1:" '
    /^ \*\// { exit }
    NF < 2 || $2 ~ /:$/ { found = $2 == word; $2 = "" }
    found { $1 = ""; sub(/^ +/, ""); print }' "$folder/${name}_proof.c"
}

# The enumerators of preprocessed C as macros: goto-instrument knows none in a loop's contract.
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
    # The other loops first: that their functions' variables may be assigned to, is beyond --dfcc.
    # shellcheck disable=SC2046
    run goto-instrument --unwindset "$(field unwound | tr -d '\n')" --unwinding-assertions "$work/whole.gb" "$work/unwound.gb"
    run goto-instrument --dfcc main --apply-loop-contracts --loop-contracts-file "$work/loops.json" "$work/unwound.gb" "$work/proof.gb"
  else
    mv "$work/whole.gb" "$work/proof.gb"
  fi
}

# CBMC's checks beyond those that it does unless told not to.
check() {
  # shellcheck disable=SC2046
  run cbmc "$work/proof.gb" --pointer-overflow-check --conversion-check --unsigned-overflow-check --enum-range-check \
    --object-bits 8 $(field options)
}

# What fails that must not, and what must be reached and is not. An overflow that is meant is a line of meant.tsv.
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
