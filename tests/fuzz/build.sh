#!/bin/sh
# Builds a fuzz target by clang, with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer.
#
#   build.sh NAME TREE JSMN_DIR PROGRAM     NAME_fuzz.c with the core/, port/ and examples/ of TREE
#
# SPDX-License-Identifier: Apache-2.0
set -eu

name=$1 tree=$2 jsmn=$3 program=$4
set -- -Itests/fuzz -I"$tree/core" "tests/fuzz/${name}_fuzz.c" tests/fuzz/observe.c "$tree"/core/*.c
case $name in
  body) set -- "$@" tests/fuzz/json_reader.c ;;
  model) set -- "$@" tests/fuzz/model.c tests/fuzz/model_body.c ;;
  names) set -- "$@" -I"$tree/port/lwip" "$tree/port/lwip/dns_message.c" ;;
  settings) set -- "$@" -I"$tree/boards" "$tree/boards/settings.c" "$tree/boards/crc32.c" ;;
  uf2) set -- "$@" -I"$tree/boards" -I"$tree/examples/cli" "$tree/boards/uf2.c" "$tree/examples/cli/commands/settings_uf2.c" ;;
  url) set -- "$@" -I"$tree/examples/cli" "$tree/examples/cli/input/endpoint.c" ;;
esac
mkdir -p "$(dirname "$program")"
# Without tracing of comparisons, fuzzing is four times as fast; the corpus has the words that matter.
exec clang -std=c99 -D_DEFAULT_SOURCE -Wall -Wextra -Wconversion -Wshadow -pedantic -Werror -O2 -g \
  -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -fno-sanitize-coverage=trace-cmp,indirect-calls \
  -isystem "$jsmn" "$@" -o "$program"
