#!/bin/sh
# Measures by clang the part of the core that the unit tests reach: lines, branches, and conditions that alone change their
# decision (MC/DC). Prints TAP, a line a file, then the sum. build/coverage/html shows the places that are missed. From the top of the repository, with the tests' objects built:
#
#   coverage.sh VERSION JSMN_DIR TEST...      VERSION is clang's; TEST is the name of its object
#
# SPDX-License-Identifier: Apache-2.0
set -eu

version=$1
jsmn=$2
shift 2
folder=build/coverage
objects=

rm -rf $folder
mkdir -p $folder
# -Werror: clang warns about a decision that it cannot measure, and would leave it out.
for file in core/*.c; do
  object=$folder/$(basename "$file" .c).o
  "clang-$version" -std=c99 -O1 -Werror -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc -Icore \
    -isystem "$jsmn" -c "$file" -o "$object"
  objects="$objects $object"
done
for test; do
  # shellcheck disable=SC2086  # a list of files
  "clang-$version" -fprofile-instr-generate "build/release/tests/unit/$test.o" build/release/tests/unit/support.o \
    $objects -lcmocka -o "$folder/$test"
  LLVM_PROFILE_FILE=$folder/$test.profraw "$folder/$test" >"$folder/$test.log" 2>&1 || {
    sed 's/^/# /' "$folder/$test.log"
    exit 1
  }
done

"llvm-profdata-$version" merge $folder/*.profraw -o $folder/profile
# shellcheck disable=SC2046  # a list of options
set -- -instr-profile $folder/profile $(printf -- '-object %s ' $folder/*_test)
"llvm-cov-$version" show -format=html -show-branches=count -show-mcdc -output-dir $folder/html "$@"
"llvm-cov-$version" report -show-mcdc-summary -show-region-summary=false "$@" >$folder/report

# For lines, branches and conditions, the report has the total, the number of missed ones, and a percentage.
awk -v files="$(find core -name '*.c' | wc -l)" '
  function reached() { return sprintf("%3d of %3d lines, %3d of %3d branches, %3d of %3d conditions",
    $(NF - 8) - $(NF - 7), $(NF - 8), $(NF - 5) - $(NF - 4), $(NF - 5), $(NF - 2) - $(NF - 1), $(NF - 2)) }
  BEGIN { print "1.." files }
  $1 ~ /[.]c$/ {
    is_missed = $(NF - 7) + $(NF - 4) + $(NF - 1) > 0
    missed += is_missed
    printf "%s %d - %-13s is reached: %s\n", is_missed ? "not ok" : "ok", ++count, $1, reached()
  }
  $1 == "TOTAL" { printf "# all of core is reached: %s\n", reached() }
  END { exit missed > 0 }' $folder/report
