#!/bin/sh
# The most stack that each function of the core takes, with all that it calls: by gcc's call graph, of -fcallgraph-info=su,
# in one of size.sh's folders, build/size/ARCHITECTURE. Fails where no bound is known: recursion, a call by pointer or of
# libgcc, a frame of variable size. Prints nothing if the compiler has made no call graph.
#
#   stack.sh FOLDER           prints a line a function: its file, its name, bytes; the deepest last
#
# SPDX-License-Identifier: Apache-2.0
set -eu

set -- "$1"/*.ci
[ -e "$1" ] || exit 0

# Nodes and edges: a static function has its file before its name.
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
  function depth(name,    i, most, one) {
    if (name in known) return known[name]
    if (!(name in frame) || name in open) { print name ": no bound is known" >"/dev/stderr"; failed = 1; return 0 }
    open[name] = 1
    for (i = 1; i <= count[name]; i++)
      if ((one = depth(calls[name, i])) > most) most = one
    delete open[name]
    return known[name] = frame[name] + most
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
