#!/bin/sh
# Installs wmrec: the tool, the libraries with their headers, and the files for pkg-config and CMake. From the top of the
# repository, after make has built them:
#
#   install.sh PREFIX LIBDIR MBEDTLS_DIR JSMN_DIR HEADER...     PREFIX: with DESTDIR; LIBDIR: relative to PREFIX
#
# PREFIX/share/wmrec/installed lists all files, for `make uninstall`.
#
# SPDX-License-Identifier: Apache-2.0
set -eu
umask 022

prefix=$1 libdir=$2 mbedtls=$3 jsmn=$4
shift 4
build=${BUILD:-build}
list=share/wmrec/installed
version=$(sed -n 's/^#define WMREC_VERSION "\(.*\)"/\1/p' core/wmrec.h)
up=$(echo "$libdir" | sed 's|[^/][^/]*|..|g')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# put FILE NAME [MODE]: installs a file.
put() {
  install -D -m "${3:-644}" "$1" "$prefix/$2"
  echo "$2" >>"$work/list"
}

# fill TEMPLATE NAME: installs a template of packaging/.
fill() {
  sed "s|@VERSION@|$version|; s|@UP@|$up|; s|@MBEDTLS@||; s|@FIND_MBEDTLS@||" "packaging/$1" >"$work/filled"
  put "$work/filled" "$2"
}

install_tool() {
  put "$build/wmrec" bin/wmrec 755
  put examples/cli/wmrec.1 share/man/man1/wmrec.1
  put examples/cli/wmrec.bash share/bash-completion/completions/wmrec
}

install_libraries() {
  for library in libwmrec.a libwmrec-tls.a; do
    put "$build/package/$library" "$libdir/$library"
  done
  for file in wmrec.pc wmrec-tls.pc; do
    fill $file.in "$libdir/pkgconfig/$file"
  done
  for file in wmrec-config.cmake wmrec-config-version.cmake wmrec-targets.cmake; do
    fill $file.in "$libdir/cmake/wmrec/$file"
  done
}

# put_all FOLDER NAME: installs all files of a folder.
put_all() {
  (cd "$1" && find . -type f) >"$work/names"
  while read -r name; do
    put "$1/$name" "$2/${name#./}"
  done <"$work/names"
}

# The licences of what is in the libraries; mbedTLS's is beside its headers.
install_licences() {
  put LICENSE share/doc/wmrec/LICENSE
  sed '/\*\//q' "$jsmn/jsmn.h" >"$work/jsmn"
  put "$work/jsmn" share/doc/wmrec/LICENSE.jsmn
}

install_tool
install_libraries
sh packaging/headers.sh "$work/headers" "$mbedtls" "$@"
put_all "$work/headers" include/wmrec
install_licences
echo "$list" >>"$work/list"
install -D -m 644 "$work/list" "$prefix/$list"
