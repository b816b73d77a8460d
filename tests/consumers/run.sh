#!/bin/sh
# Uses wmrec as another project does: the public headers are in one folder, build/include/wmrec, and the program is linked with the
# libraries of build/release. Speaks TAP. From the top of the repository, after make has built all of these:
#
#   run.sh MBEDTLS_DIR LWIP_DIR     CXX: another compiler in place of g++
#
# SPDX-License-Identifier: Apache-2.0
set -u

mbedtls=$1
lwip=$2
build=${BUILD:-build}
release=$build/release
folder=$build/consumers
include=$build/include
program=tests/consumers/every_header.cpp
answer=tests/golden/responses/wiremock-recording.http
warnings='-Wall -Wextra -pedantic -Werror'
count=0

# rule NAME COMMAND...: the rule holds if the command succeeds; its output says why it does not.
rule() {
  count=$((count + 1))
  name=$1
  shift
  if output=$("$@" 2>&1); then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    echo "$output" | head -n 20 | sed 's/^/# /'
  fi
}

# compile COMPILER... FILE: with the include paths of the installed headers, of mbedTLS and of lwIP.
compile() {
  "$@" -I"$include" -isystem "$mbedtls/include" -isystem "$mbedtls/tf-psa-crypto/include" \
    -isystem "$mbedtls/tf-psa-crypto/drivers/builtin/include" -isystem "$lwip/src/include" -Iport/lwip/config -DMEM_ALIGNMENT=8 \
    '-DMBEDTLS_CONFIG_FILE="wmrec/tls_config.h"' '-DMBEDTLS_PSA_CRYPTO_CONFIG_FILE="wmrec/crypto_config.h"' \
    '-DTF_PSA_CRYPTO_CONFIG_FILE="wmrec/crypto_config.h"'
}

# headers_compile COMPILER LANGUAGE STANDARD: each header alone, twice, so that it needs no other and has a guard.
headers_compile() {
  for header in "$include"/wmrec/*.h; do
    name=$(basename "$header")
    printf '#include <wmrec/%s>\n#include <wmrec/%s>\nint main(void) { return 0; }\n' "$name" "$name" >"$folder/alone"
    # shellcheck disable=SC2086  # a list of options
    compile "$1" $warnings -x "$2" "-std=$3" -fsyntax-only "$folder/alone" || return
  done
}

includes_all() {
  for header in "$include"/wmrec/*.h; do
    case $header in *_config.h) continue ;; esac # they are mbedTLS's configuration
    grep -qF "#include <wmrec/$(basename "$header")>" $program || { echo "$header is not included"; return 1; }
  done
}

program_runs() {
  # shellcheck disable=SC2086  # a list of options
  compile "$1" $warnings -std=c++11 -D_DEFAULT_SOURCE -O2 -c -o $folder/program.o $program &&
    "$1" -o $folder/program $folder/program.o $release/port/lwip/*.o \
      $release/port/template/template.o $release/libwmrec-tls.a $release/libwmrec.a $release/libmbedtls.a $release/liblwip.a -pthread &&
    $folder/program $answer
}

mkdir -p "$folder"
rule "each public header compiles alone in C" headers_compile "${CC:-gcc}" c c99
for compiler in "${CXX:-g++}" clang++; do
  command -v "$compiler" >/dev/null || continue
  rule "each public header compiles alone in C++ ($compiler)" headers_compile "$compiler" c++ c++11
  rule "a C++ program uses every public header, and runs ($compiler)" program_runs "$compiler"
done
rule "this program includes every public header" includes_all
echo "1..$count"
