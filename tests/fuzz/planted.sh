#!/bin/sh
# Whether each target can find something: one bug is planted in a copy of the sources for each, and must be found within
# a minute. Speaks TAP. From the top of the repository: tests/fuzz/planted.sh JSMN_DIR
#
# SPDX-License-Identifier: Apache-2.0
set -u

jsmn=$1
count=0

# planted TARGET FILE SED_COMMAND BUG
planted() {
  tree=${BUILD:-build}/fuzz/planted/$1
  count=$((count + 1))
  rm -rf "$tree"
  mkdir -p "$tree/found"
  cp --parents core/* boards/settings.* boards/crc32.* examples/cli/input/endpoint.* "$tree"
  sed -i "$3" "$tree/$2"
  if cmp -s "$2" "$tree/$2"; then
    echo "not ok $count - $1: $4 (there is no such place in $2 any more)"
  elif ! sh tests/fuzz/build.sh "$1" "$tree" "$jsmn" "$tree/$1" >"$tree/log" 2>&1; then
    echo "not ok $count - $1: $4 (it does not compile: $tree/log)"
  elif "$tree/$1" -max_total_time=60 -max_len=320 -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$tree/" "$tree/found" \
    "tests/fuzz/corpus/$1" >"$tree/log" 2>&1; then
    echo "not ok $count - $1: $4 (not found in a minute)"
  else
    echo "ok $count - $1: $4, found in $(sed -n 's/^stat::number_of_executed_units: *//p' "$tree/log") executions"
    grep -aoE 'this does not hold: .*|ERROR: AddressSanitizer: [a-z-]*|runtime error: .*' "$tree/log" | sed 's/^/#   /'
  fi
}

planted response core/response.c 's/^  size_t taken = 0;/&\n  x->state \&= (uint8_t)~STATE_LINE_END;/' \
  'a CR is forgotten where a piece ends behind it'
planted body core/json.c 's/next = digits(next + 1);/for (next++; is_digit(*next); next++);/' \
  'a number may end with its point'
planted model core/response.c 's/ || (x->remaining != UNTIL_CLOSED && x->remaining != number)//' \
  'the last one of two lengths counts'
planted settings boards/settings.c 's/length > rest.length ||/length > rest.length + 1 ||/' \
  'a root may be a byte longer than what is left'
planted url examples/cli/input/endpoint.c 's/, .@., /, 0, /' \
  'what is before an @ is taken for the host'
echo "1..$count"
