#!/bin/sh
# Runs static analysers on the C that ships, and reports in TAP. A rule holds if its analyser reports nothing; rules of
# MISRA C:2012 that misra.tsv lists are excepted. From the top of the repository:
#
#   check.sh JSMN_DIR MBEDTLS_DIR LWIP_DIR
#
# Files are analysed in parallel, as many at a time as there are processors.
#
# SPDX-License-Identifier: Apache-2.0
set -eu

includes="-Icore -Iport -I${BUILD:-build}/include -Iport/posix -Iport/mbedtls -Iport/ask -Iport/lwip -Iport/lwip/config -Iexamples/cli -Iexamples/lamp -Iboards"
libraries="-isystem $1 -isystem $2/include -isystem $3/src/include"
defines="-D_DEFAULT_SOURCE -DMBEDTLS_CONFIG_FILE=<tls_config.h> -DWMREC_BUILD_DATE=1700000000"
tidy_checks='-*,bugprone-*,cert-*,clang-analyzer-*,misc-*,performance-*,portability-*'
tidy_checks="$tidy_checks,-performance-no-int-to-ptr,-bugprone-easily-swappable-parameters"
jobs=$(nproc 2>/dev/null || echo 1)
output=${BUILD:-build}/static
count=0
mkdir -p "$output"

# rule NAME COMMAND...: the rule holds if the command succeeds and prints nothing.
rule() {
  name=$1
  shift
  count=$((count + 1))
  if "$@" >"$output/findings" 2>&1 && [ ! -s "$output/findings" ]; then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    sed 's/^/# /' "$output/findings"
  fi
}

# for_each_file FILE... -- COMMAND...: runs the command for each file, which is {} in the command.
for_each_file() {
  : >"$output/files"
  while [ "$1" != -- ]; do
    echo "$1" >>"$output/files"
    shift
  done
  shift
  xargs -I{} -P "$jobs" "$@" <"$output/files"
}

# The assembly is not needed, but without it gcc does not analyse.
# shellcheck disable=SC2086  # lists of flags
gcc_analyzer() {
  for_each_file "$@" -- gcc -std=c99 $defines $includes $libraries -O2 -fanalyzer -S {} -o /dev/null
}

# On stderr is the count of the warnings that were suppressed.
# shellcheck disable=SC2086
clang_tidy() {
  for_each_file "$@" -- clang-tidy --quiet --checks="$tidy_checks" {} -- -std=c99 $defines $includes $libraries \
    2>"$output/tidy" || { cat "$output/tidy"; return 1; }
}

# startup.c compares two symbols of the linker script: the start and the end of a section are two names of one object. So does
# the example for ESP-IDF. cppcheck does not read mbedTLS's headers, and so not its version and configuration.
# shellcheck disable=SC2086
cpp_check() {
  cppcheck -q -j "$jobs" --std=c99 --enable=warning,performance,portability --error-exitcode=1 -D__GNUC__ \
    -DMBEDTLS_VERSION_NUMBER=0x03060000 --include=port/mbedtls/tls_config.h --include=port/mbedtls/crypto_config.h \
    --suppress=comparePointers:examples/esp_idf/main/main.c \
    --suppress=comparePointers:boards/cortex_m/startup.c $includes "$@"
}

# Prints the rules that the code deviates from but misra.tsv does not list, and those that misra.tsv lists without need.
misra() {
  cppcheck -q --std=c99 --enable=style --addon=misra -Icore -Iport --suppress="*:$1/*" core/*.c port/drive.c 2>&1 |
    sed -n 's/.*\[misra-c2012-\(.*\)\]$/\1/p' | sort -u >"$output/deviations"
  [ -s "$output/deviations" ] || echo "the addon has reported nothing at all: does it run?"
  sed -n 's/^\([0-9.]*\)\t..*/\1/p' tests/static/misra.tsv | sort -u | diff - "$output/deviations"
}

folders_with_c() { find "$@" -name '*.c' -printf '%h\n' | sort -u; }

for folder in $(folders_with_c core port examples/cli) examples examples/lamp boards; do
  rule "gcc -fanalyzer reports nothing in $folder" gcc_analyzer "$folder"/*.c
done
for folder in $(folders_with_c core port | grep -vx port/mbedtls); do
  rule "clang-tidy reports nothing in $folder" clang_tidy "$folder"/*.c
done
# In roots.c, two equal calls read two nested sequences. In verify.c, the seconds of a day fit an int of 32 bits.
tidy_checks="$tidy_checks,-misc-redundant-expression,-bugprone-implicit-widening-of-multiplication-result"
rule "clang-tidy reports nothing in port/mbedtls" clang_tidy port/mbedtls/*.c
for folder in core port examples boards; do
  rule "cppcheck reports nothing in $folder and its subfolders" cpp_check "$folder"
done
rule "core and port/drive.c keep MISRA C:2012, except the rules in misra.tsv" misra "$1"
echo "1..$count"
