#!/bin/sh
# The most stack that each function of core/wmrec.h takes on a Cortex-M0+, with all that it calls: by gcc's call graph
# (-fcallgraph-info=su). What libc's mem* and strlen take is not in it: newlib's push 16 bytes at most. Fails where no bound is
# known: recursion, a call by pointer, a frame of variable size. From the top of the repository:
#
#   stack.sh CROSS JSMN_DIR           prints a line a function, the deepest last
#
# SPDX-License-Identifier: Apache-2.0
set -eu

folder=build/stack
rm -rf $folder
mkdir -p $folder
for file in core/*.c; do
  "$1gcc" -Os -std=c99 -mcpu=cortex-m0plus -mthumb -ffunction-sections -fdata-sections -Icore -isystem "$2" -fcallgraph-info=su \
    -c "$file" -o "$folder/$(basename "$file" .c).o"
done

# Public names, from the header; then nodes and edges, in which a static function has its file before its name.
sed -n 's/^[a-z].*[ *]\(wmrec_[a-z_]*\)(.*/public \1/p' core/wmrec.h >$folder/public
cat $folder/public $folder/*.ci | awk '
  $1 == "public" { is_public[$2] = 1 }
  /^node:/ && / bytes \(/ {
    split($0, part, "\"")
    frame[part[2]] = $0
    sub(/.*\\n/, "", frame[part[2]])
    if (frame[part[2]] !~ /^[0-9]+ bytes \(static\)/) { print part[2] ": " frame[part[2]]; failed = 1 }
    frame[part[2]] += 0
  }
  /^edge:/ { split($0, part, "\""); calls[part[2], ++count[part[2]]] = part[4] }
  function depth(name,    i, most, one) {
    if (name in known) return known[name]
    if (name ~ /^__indirect_call/ || name in open) { print name ": no bound is known"; failed = 1; return 0 }
    open[name] = 1
    for (i = 1; i <= count[name]; i++)
      if ((one = depth(calls[name, i])) > most) most = one
    delete open[name]
    return known[name] = frame[name] + most
  }
  END {
    for (name in is_public) if (name in frame) printf "%-28s %4d bytes of stack\n", name, depth(name) | "sort -n -k 2"
    close("sort -n -k 2")
    exit failed
  }'
