#!/bin/sh
# Installs the npm packages of one lockfile:
#
#   install.sh NAME FOLDER FILE     installs NAME/package-lock.json into FOLDER; fails if FILE is not in FOLDER then
#
# npm refuses a package whose SHA-512 differs from the lockfile's. No script of a package is run.
#
# SPDX-License-Identifier: Apache-2.0
set -eu
umask 022 # nobody else can write to the unpacked files

source=$(dirname "$0")/$1 folder=$2 file=$3

echo "installing $1 by npm, into $folder"
rm -rf "$folder"
mkdir -p "$folder"
cp "$source/package.json" "$source/package-lock.json" "$folder"
npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error --prefix "$folder" >/dev/null
# npm skips an optional package that it cannot install, or that has another hash, without an error.
[ -e "$folder/$file" ] || {
  echo "npm did not install $file: it does not exist for this machine, or its hash differs from the lockfile's" >&2
  exit 1
}
touch "$folder/$file"
