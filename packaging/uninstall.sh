#!/bin/sh
# Removes the files that install.sh has installed, and the folders that only wmrec uses if they are empty then.
#
#   uninstall.sh PREFIX     with DESTDIR
#
# SPDX-License-Identifier: Apache-2.0
set -eu

prefix=$1
list=$prefix/share/wmrec/installed
[ -f "$list" ] || { echo "wmrec is not installed in $prefix" >&2; exit 1; }
files=$(cat "$list")

echo "$files" | while read -r file; do
  rm -f "$prefix/$file"
done
echo "$files" | sed -n 's|/[^/]*$||; /\/wmrec/p' | sort -ru | while read -r folder; do
  rmdir "$prefix/$folder" 2>/dev/null || true
done
