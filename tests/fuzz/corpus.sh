#!/bin/sh
# Minimises the corpus: of itself, the golden files and the inputs that runs have found, it keeps the fewest that reach as
# much of the code. Golden files that are inputs themselves are left out, as run.sh starts with them, too; inputs of three
# bytes or less are left out, as they are found again at once.
#
#   corpus.sh TARGET...
#
# SPDX-License-Identifier: Apache-2.0
set -eu
build=${BUILD:-build}

# Golden files, as the inputs of a target.
seed() {
  case $1 in
    response) # a buffer of WMREC_BUFFER_SIZE, a clean end; pieces of 8, behind one of 5
      for file in tests/golden/responses/*; do { printf '\1\0\5\7'; cat "$file"; } >"$2/$(basename "$file")"; done ;;
    settings) # what is behind their header
      for file in tests/golden/settings/*; do tail -c +13 "$file" >"$2/$(basename "$file").payload"; done ;;
    names) # type, flags and number of records; what is behind the question
      for file in tests/golden/names/*; do
        { printf '\0'; head -c 4 "$file" | tail -c 2 | tr '\200-\217' '\0-\17'; head -c 8 "$file" | tail -c 2; tail -c +27 "$file"; } >"$2/$(basename "$file")"
      done ;;
    url) # each kind that there is
      for url in https://wiremock.example HTTP://h:8080/a/b 'http://[::1]:80/' https://u@h 'https://h?x' 'https://h#x' \
        https://h:65536 'https://[::1' https:// "https://$(printf '%0255d' 0)" "https://$(printf '%0256d' 0)"; do
        printf %s "$url" >"$2/$(printf %s "$url" | cksum | cut -d ' ' -f 1)"
      done ;;
  esac
}

for name; do
  corpus=tests/fuzz/corpus/$name seeds=$build/fuzz/seeds/$name found=$build/fuzz/found/$name
  mkdir -p "$corpus" "$seeds" "$found"
  seed "$name" "$seeds"
  merged=$build/fuzz/merged/$name
  rm -rf "$merged"
  mkdir -p "$merged"
  case $name in
    body) cp tests/golden/bodies/* "$merged" ;;
    settings) cp tests/golden/settings/* "$merged" ;;
  esac
  "$build/fuzz/$name" -set_cover_merge=1 -use_counters=0 -detect_leaks=0 "$merged" "$corpus" "$seeds" "$found" \
    >"$build"/fuzz/merge.log 2>&1
  rm -rf "$corpus"
  mkdir "$corpus"
  find "$merged" -type f ! -name '*.*' -size +3c -exec cp {} "$corpus" \;
  echo "$name: $(find "$corpus" -type f | wc -l) inputs, $(cat "$corpus"/* | wc -c) bytes"
done
