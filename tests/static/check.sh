#!/bin/sh
# What the analysers find in the C that ships: nothing, but MISRA's rules that misra.tsv names. TAP. From the top of the
# repository, when `make` has built:
#
#   check.sh JSMN_DIR MBEDTLS_DIR LWIP_DIR
#
# SPDX-License-Identifier: Apache-2.0
set -eu

includes="-Icore -Iport -Iport/posix -Iport/mbedtls -Iport/lwip -Iport/lwip/config -Iexamples/lamp -Iboards -isystem $1 -isystem $2/include
  -isystem $3/src/include"
standard="-std=c99 -D_DEFAULT_SOURCE -DMBEDTLS_CONFIG_FILE=<tls_config.h> -DWMREC_BUILD_DATE=1700000000"
folder=build/static
count=0
mkdir -p $folder

# rule NAME COMMAND...: an ok if the command says nothing and succeeds.
rule() {
  name=$1
  shift
  count=$((count + 1))
  if "$@" >$folder/said 2>&1 && [ ! -s $folder/said ]; then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    sed 's/^/# /' $folder/said
  fi
}

# shellcheck disable=SC2086  # lists of flags
analysed() {
  for file; do
    gcc $standard $includes -O2 -fanalyzer -c "$file" -o $folder/analysed.o
  done
}

# shellcheck disable=SC2086
tidy() {
  clang-tidy --quiet --checks='-*,bugprone-*,cert-*,clang-analyzer-*,misc-*,performance-*,-performance-no-int-to-ptr,portability-*,-bugprone-easily-swappable-parameters' \
    "$@" -- $standard $includes 2>$folder/progress || { cat $folder/progress; return 1; }
}

# Where the linker begins and ends a section, there are two names for one object.
checked() {
  cppcheck -q --std=c99 --enable=warning,performance,portability --error-exitcode=1 -D__GNUC__ --suppress=comparePointers:boards/cortex_m/startup.c -Icore -Iport -Iport/posix \
    -Iport/mbedtls -Iexamples/lamp -Iboards "$@"
}

# The rules that are deviated from, and nowhere told of; and those told of that nothing deviates from any more.
misra() {
  cppcheck -q --std=c99 --enable=style --addon=misra -Icore -Iport --suppress="*:$1/*" core/*.c port/drive.c 2>&1 |
    sed -n 's/.*\[misra-c2012-\(.*\)\]$/\1/p' | sort -u >$folder/deviations
  [ -s $folder/deviations ] || echo "the addon has found nothing at all: does it run?"
  sed -n 's/^\([0-9.]*\)\t..*/\1/p' tests/static/misra.tsv | sort -u | diff - $folder/deviations
}

for group in core port port/posix port/mbedtls port/lwip examples examples/cli; do
  rule "gcc -fanalyzer finds nothing in $group" analysed $group/*.c
done
rule "gcc -fanalyzer finds nothing in boards/crc32.c and boards/seed.c" analysed boards/*.c
rule "gcc -fanalyzer finds nothing in boards/settings.c, which reads what others wrote" analysed boards/settings.c
for group in core port port/posix port/lwip; do
  rule "clang-tidy finds nothing in $group" tidy $group/*.c
done
for group in core port examples boards; do
  rule "cppcheck finds nothing in $group" checked $group
done
rule "MISRA C:2012 is kept in core and port/drive.c, but for the rules of misra.tsv" misra "$1"
echo "1..$count"
