#!/bin/sh
# Runs test suites that print TAP, as many at a time as there are processors (or SUITES_AT_ONCE). Prints a line for each suite
# when it ends, and then `N passed, N failed`. A suite also fails if it ends with an error but reports no failed test, or if it
# runs fewer tests than it planned.
#
#   run.sh NAME COMMAND [NAME COMMAND]...     COMMAND: a line for the shell. Its output goes to build/tap/NAME.tap
#
# SPDX-License-Identifier: Apache-2.0
set -u

folder=${BUILD:-build}/tap

# Runs one suite. Writes its counts to NAME.sum: passed, failed.
run_suite() {
  name=$1 log=$folder/$1.tap
  timeout 3600 sh -c "$2" >"$log" 2>&1 # no suite takes an hour, even on a busy machine: it has hung, and fails
  status=$?
  good=$(grep -c '^ok ' "$log")
  bad=$(grep -c '^not ok ' "$log")
  planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
  skipped=$(grep -ci '^ok .*# skip' "$log")
  if [ "$bad" = 0 ] && { [ $status != 0 ] || [ "$good" != "$planned" ] || [ "$good" = 0 ]; }; then
    bad=1
    echo "not ok - $name: ended with status $status after $good of $planned tests" >>"$log"
  fi
  note=
  [ "$skipped" = 0 ] || note=", $skipped skipped"
  good=$((good - skipped))
  {
    printf '%-24s %5d passed, %d failed%s\n' "$name" "$good" "$bad" "$note"
    [ "$bad" = 0 ] || { grep -A 12 '^not ok ' "$log" | head -n 80 | sed 's/^/    /'; echo "    (complete output: $log)"; }
  } >"$folder/$name.shown"
  cat "$folder/$name.shown" # in one piece, so that the lines of two suites do not mix
  echo "$good $bad" >"$folder/$name.sum"
}

if [ "$1" = --one ]; then
  run_suite "$2" "$3"
  exit
fi

rm -rf "$folder"
sums=
count=$#
for word; do # each first word of a pair is a name
  if [ $((count % 2)) = 0 ]; then
    mkdir -p "$(dirname "$folder/$word")"
    sums="$sums $folder/$word.sum"
  fi
  count=$((count + 1))
done
printf '%s\0' "$@" | xargs -0 -n 2 -P "${SUITES_AT_ONCE:-$(nproc 2>/dev/null || echo 1)}" sh "$0" --one
# shellcheck disable=SC2086  # a list of files
cat $sums | awk '{ passed += $1; failed += $2 } END { print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 }'
