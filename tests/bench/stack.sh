#!/bin/sh
# Computes the maximum stack of each function of the core, with all functions that it calls, from gcc's call graph
# (-fcallgraph-info=su). Fails if there is no bound: recursion, a call through a pointer or of libgcc, a frame of variable size.
# Prints nothing if the compiler wrote no call graph.
#
#   stack.sh FOLDER           FOLDER: size.sh's, build/size/ARCHITECTURE. Prints a line for each function: file, name, bytes; the
#                             largest last
#
# SPDX-License-Identifier: Apache-2.0
set -eu

set -- "$1"/*.ci
[ -e "$1" ] || exit 0

# A node is a function, with its frame; an edge is a call. The name of a static function begins with its file.
awk '
  FILENAME ~ /size_main/ { next }
  /^node:/ && / bytes \(/ {
    split($0, part, "\"")
    file[part[2]] = FILENAME
    frame[part[2]] = $0
    sub(/.*\\n/, "", frame[part[2]])
    if (frame[part[2]] !~ /^[0-9]+ bytes \(static\)/) { print part[2] ": " frame[part[2]] >"/dev/stderr"; failed = 1 }
    frame[part[2]] += 0
  }
  /^edge:/ { split($0, part, "\""); calls[part[2], ++count[part[2]]] = part[4] }
  function depth(name,    i, max, bytes) {
    if (name in known) return known[name]
    if (!(name in frame) || name in open) { print name ": no bound is known" >"/dev/stderr"; failed = 1; return 0 }
    open[name] = 1
    for (i = 1; i <= count[name]; i++)
      if ((bytes = depth(calls[name, i])) > max) max = bytes
    delete open[name]
    return known[name] = frame[name] + max
  }
  END {
    for (name in frame) {
      bytes = depth(name)
      sub(".*/", "", file[name])
      sub(/\.ci$/, ".c", file[name])
      sub(".*:", "", name)
      printf "%-14s %-28s %4d\n", file[name], name, bytes | "sort -n -k 3"
    }
    close("sort -n -k 3")
    exit failed
  }' "$@"
