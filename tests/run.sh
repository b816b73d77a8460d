#!/bin/sh
# Runs test suites that speak TAP, as many at a time as there are processors, with a line for each as it ends, and sums
# up. A suite fails, too, if it ends with an error and names no failed test, or if it runs fewer tests than it planned.
# The last line is `N passed, N failed`.
#
#   run.sh NAME COMMAND [NAME COMMAND]...     COMMAND is a line for the shell. Its output: build/tap/NAME.tap
#
# SPDX-License-Identifier: Apache-2.0
set -u

folder=${BUILD:-build}/tap

# Runs one suite. Its counts go to NAME.sum: passed, failed.
run_suite() {
  name=$1 log=$folder/$1.tap
  timeout 3600 sh -c "$2" >"$log" 2>&1 # no suite takes an hour, even on a busy machine: it hangs, and so it fails
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
    [ "$bad" = 0 ] || { grep -A 12 '^not ok ' "$log" | head -n 80 | sed 's/^/    /'; echo "    (all of it: $log)"; }
  } >"$folder/$name.shown"
  cat "$folder/$name.shown" # at once, so that the lines of two suites do not mix
  echo "$good $bad" >"$folder/$name.sum"
}

if [ "$1" = --one ]; then
  run_suite "$2" "$3"
  exit
fi

rm -rf "$folder"
sums=
count=$#
for word; do # the odd words are names
  if [ $((count % 2)) = 0 ]; then
    mkdir -p "$(dirname "$folder/$word")"
    sums="$sums $folder/$word.sum"
  fi
  count=$((count + 1))
done
printf '%s\0' "$@" | xargs -0 -n 2 -P "${SUITES_AT_ONCE:-$(nproc 2>/dev/null || echo 1)}" sh "$0" --one
# shellcheck disable=SC2086  # a list of files
cat $sums | awk '{ passed += $1; failed += $2 } END { print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 }'
