#!/bin/sh
# Installs the npm packages of a lockfile in this folder:
#
#   install.sh NAME FOLDER FILE     installs those of NAME/package-lock.json into FOLDER; then FOLDER/FILE must exist
#
# npm refuses a package whose SHA-512 differs from the lockfile. No script of a package runs.
#
# SPDX-License-Identifier: Apache-2.0
set -eu
umask 022 # only the owner can write to the unpacked files

source=$(dirname "$0")/$1 folder=$2 file=$3

echo "installing $1 by npm, into $folder"
rm -rf "$folder"
mkdir -p "$folder"
cp "$source/package.json" "$source/package-lock.json" "$folder"
npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error --prefix "$folder" >/dev/null
# npm silently skips an optional package that it cannot install, or that has another hash.
[ -e "$folder/$file" ] || {
  echo "npm did not install $file: there is none for this machine, or it has another hash than the lockfile's" >&2
  exit 1
}
touch "$folder/$file"
