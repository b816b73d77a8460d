#!/bin/sh
# Runs fuzz targets for some seconds each, two at a time; prints TAP. New inputs stay in build/fuzz/found, where the next
# run starts; an input that fails, in build/fuzz.
#
#   run.sh SECONDS TARGET...
#
# SPDX-License-Identifier: Apache-2.0
set -u
build=${BUILD:-build}

seconds=$1
shift
if [ $# -gt 1 ]; then
  echo "1..$#"
  printf '%s\n' "$@" | xargs -n 1 -P 2 sh "$0" "$seconds"
  exit
fi

name=$1 log=$build/fuzz/$1.log found=$build/fuzz/found/$1
mkdir -p "$found"
seeds=tests/fuzz/corpus/$name
case $name in # golden files that are inputs as they are
  body) seeds="$seeds tests/golden/bodies" ;;
  settings) seeds="$seeds tests/golden/settings" ;;
esac
case $name in # the longest input, in bytes: where all rules can be broken, and not longer
  response) longest=512 ;;
  url | names) longest=320 ;;
  *) longest=160 ;;
esac
# shellcheck disable=SC2086  # seeds is a list
# Targets allocate nothing: no leaks are looked for, and freed memory need not be kept.
if ASAN_OPTIONS=quarantine_size_mb=1:malloc_context_size=0 "$build/fuzz/$name" -max_total_time="$seconds" -max_len=$longest \
  -timeout=300 -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$build/fuzz/$name-" "$found" $seeds \
  >"$log" 2>&1; then
  echo "ok - $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions, no difference"
else
  echo "not ok - $name"
  grep -aE 'this does not hold|ERROR|runtime error|^it is|written to' "$log" | sed 's/^/# /'
  exit 1
fi
