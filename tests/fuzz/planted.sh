#!/bin/sh
# Plants one bug for each target in a copy of the sources: the target must find it within a minute. Prints TAP. From the top of the repository: tests/fuzz/planted.sh JSMN_DIR
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
  cp --parents core/* port/lwip/dns_message.* boards/settings.* boards/crc32.* boards/uf2.* \
    examples/cli/commands/settings_uf2.* examples/cli/input/endpoint.* "$tree"
  sed -i "$3" "$tree/$2"
  if cmp -s "$2" "$tree/$2"; then
    echo "not ok $count - $1: $4 ($2 does not have the place)"
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

planted response core/response.c 's/^  size_t taken = 0;/&\n  if (x->state == STATE_LINE_END) x->state = x->state_before_cr;/' \
  'a CR is forgotten if a piece ends after it'
planted body core/json_scalar.c 's/next = digits(next + 1);/for (next++; is_digit(*next); next++);/' \
  'a number may end with its point'
planted model core/response.c 's/ || (x->remaining != UNTIL_CLOSED && x->remaining != number)//' \
  'the last of two lengths counts'
planted settings boards/settings.c 's/length > rest.length ||/length > rest.length + 1 ||/' \
  'a root may be a byte longer than the rest'
planted names port/lwip/dns_message.c 's/ || fields + RECORD_FIELDS > message->length//' \
  'a record may end within its fields'
planted uf2 examples/cli/commands/settings_uf2.c 's/ || block->number >= SETTINGS_UF2_BLOCKS//' \
  'a block may have a number beyond the last one'
planted url examples/cli/input/endpoint.c 's/, .@., /, 0, /' \
  'the text before an @ is used as the host'
echo "1..$count"
