#!/bin/sh
# Runs test suites that speak TAP, one line each as it ends, and sums up. A suite that ends badly without saying which
# test failed, or runs fewer tests than it planned, counts as a failure. The last line is `N passed, N failed`.
#
#   run.sh NAME COMMAND [NAME COMMAND]...     COMMAND is a line for the shell; its output is kept in build/tap/NAME.tap
#
# SPDX-License-Identifier: Apache-2.0
set -u

passed=0
failed=0

while [ $# -ge 2 ]; do
  name=$1 log=build/tap/$1.tap
  mkdir -p "$(dirname "$log")"
  timeout 3600 sh -c "$2" >"$log" 2>&1 # far more than any suite takes on a busy machine: it has hung, and failed
  status=$?
  shift 2
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
  printf '%-18s %5d passed, %d failed%s\n' "$name" "$good" "$bad" "$note"
  [ "$bad" = 0 ] || { grep -A 12 '^not ok ' "$log" | head -n 80 | sed 's/^/    /'; echo "    (all of it: $log)"; }
  passed=$((passed + good))
  failed=$((failed + bad))
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
