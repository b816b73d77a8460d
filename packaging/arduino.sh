#!/bin/sh
# Writes wmrec as a library for the Arduino IDE, and a zip of it. From the top of the repository:
#
#   arduino.sh FOLDER JSMN_HEADER      writes FOLDER/wmrec and FOLDER/wmrec-VERSION.zip
#
# The example for the Cloud gets the lamp's default roots, in PEM. The same tree gives the same bytes, for the date SOURCE_DATE_EPOCH
# (or 1980, the earliest of a zip).
#
# SPDX-License-Identifier: Apache-2.0
set -eu
export LC_ALL=C TZ=UTC

folder=$1 jsmn=$2 library=$1/wmrec
version=$(sed -n 's/^version=//p' packaging/arduino/library.properties)
certificates=/usr/share/ca-certificates/mozilla

rm -rf "$folder"
mkdir -p "$library"
cp -R packaging/arduino/. "$library"
sh packaging/amalgamate.sh "$library/src" "$jsmn" arduino
mv "$library/src/LICENSE" "$library"

# This checks each certificate, and shows it.
sh examples/lamp/flash_roots.sh "$folder/roots.c" default >"$folder/roots.txt"
rm "$folder/roots.c"
{
  printf '/* The roots of the authorities that WireMock Cloud may use, in PEM:\n'
  sed '$d; s/^/ * /' "$folder/roots.txt"
  printf ' */\nstatic const char roots[] PROGMEM =\n'
  grep -E '^[0-9a-f]{64} ' examples/lamp/flash_roots.txt | while read -r _ name; do
    sed 's/.*/    "&\\n"/' "$certificates/$name"
  done
  printf '    ;\n'
} >"$library/examples/Cloud/roots.h"
rm "$folder/roots.txt"

find "$library" -exec touch -d "@${SOURCE_DATE_EPOCH:-315532800}" {} +
(cd "$folder" && find wmrec -type f | sort | zip -q -X -@ "wmrec-$version.zip")
