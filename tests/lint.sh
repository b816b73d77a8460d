#!/bin/sh
# What the sources themselves must hold; speaks TAP. From the top of the repository: tests/lint.sh JSMN_DIR MBEDTLS_DIR LWIP_DIR CROSS
#
# SPDX-License-Identifier: Apache-2.0
set -u

jsmn=$1
mbedtls=$2
lwip=$3
cross=$4
count=0
objects=build/lint
mkdir -p $objects

# rule NAME COMMAND...: the rule holds if the command succeeds; what it prints says why not.
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

nothing() { found=$("$@" 2>&1); [ -z "$found" ] || { echo "$found"; return 1; }; }

# compile COMPILER FILE OPTION...: as the project's own code must compile.
compile() {
  compiler=$1 file=$2
  shift 2
  $compiler -c -std=c99 -Wall -Wextra -Wconversion -Wshadow -pedantic -Werror -Icore -Iport -isystem "$jsmn" "$@" \
    "$file" -o $objects/out.o
}

# The same, for what is over lwIP: with what a test asks of it.
compile_lwip() {
  compile "$@" -Iport/lwip -Iport/lwip/config -isystem "$lwip/src/include" -DMEM_ALIGNMENT=8 -DLWIP_STATS=1 -DLWIP_NETIF_LOOPBACK=1
}

# The same, for what needs an operating system and mbedTLS.
compile_hosted() {
  compile_lwip "$@" -O2 -D_DEFAULT_SOURCE -Iport/posix -Iport/mbedtls -Itests/fake -Itests/fuzz -Iexamples/lamp -Iexamples/cli -Iboards -isystem "$mbedtls/include" \
    '-DMBEDTLS_CONFIG_FILE="tls_config.h"' \
    '-DWMREC_GOLDEN="tests/golden"'
}

as_cpp() { printf '#include "wmrec.h"\nint main() { return WMREC_OK; }\n' | clang -x c++ -Wall -Wextra -pedantic -Werror -Icore -fsyntax-only -; }

core_includes() { grep -hE '^ *# *include' core/*.[ch] | grep -vE '<(stddef|stdint|stdbool|string|jsmn)\.h>|"(wmrec|internal|json)\.h"'; }

# In core: what it uses of others, and data that can be written to.
core_symbols() {
  rm -f $objects/core-*.o
  for file in core/*.c; do
    compile gcc "$file" -Os -fno-pie && mv $objects/out.o "$objects/core-$(basename "$file" .c).o" || return
  done
  nm -g $objects/core-*.o | awk 'NF == 2 && $1 == "U" { used[$2] } NF == 3 { defined[$3] }
    END { for (name in used) if (!(name in defined) && name !~ /^(memcmp|memcpy|memset|memmove|strlen|__stack_chk_fail)$/) print name }'
  nm $objects/core-*.o | awk '$2 ~ /^[bBdDcC]$/ { print }'
}

# The objects that core_symbols has made: a line for each that needs another. tsort fails if there is a circle, and names it.
core_order() {
  nm -g -A -P $objects/core-*.o | awk '
    $3 == "U" { used[$1, $2]; next }
    { definer[$2] = $1 }
    END {
      for (pair in used) {
        split(pair, part, SUBSEP)
        if (part[2] in definer) print part[1], definer[part[2]]
      }
    }' >$objects/core_order
  [ -s $objects/core_order ] && tsort $objects/core_order >/dev/null
}

heap_users() { nm -A build/release/libmbedtls.a build/release/libwmrec.a $(find build/release/examples -name '*.o') | grep -E ' U (malloc|calloc|realloc|free|strdup)(@.*)?$'; }

# Functions that call themselves, at once or by others: in core there is none. tsort finds cycles of two and more.
core_recursion() {
  for file in core/*.c; do
    compile gcc "$file" -O0 -fcallgraph-info && cat $objects/out.ci
  done | sed -n 's/^edge: { sourcename: "\([^"]*\)" targetname: "\([^"]*\)".*/\1 \2/p' | sed 's/[^ ]*://g' >$objects/calls
  awk '$1 == $2' $objects/calls
  tsort $objects/calls >/dev/null
}

# README's figures of the fleet: the steady rate; in the outage, the busiest minute and the last; after it, the busiest.
# The simulation is the same each time.
fleet_is_told() {
  build/release/unit/fleet_test | sed -n 's/^# no answer  *every *60 s: *\([0-9.]*\) .*busiest *\([0-9.]*\), last *\([0-9.]*\);.*busiest *\([0-9.]*\) a second$/\1\n\2\n\3\n\4/p' >$objects/fleet
  [ "$(wc -l <$objects/fleet)" = 4 ] || return
  while read -r figure; do
    grep -qwF "$figure" README.md || { echo "README does not tell $figure"; return 1; }
  done <$objects/fleet
}

# How many roots the lamp has by default, and their bytes.
roots_are_told() {
  told=$(sh examples/lamp/flash_roots.sh $objects/flash_roots.c default |
    sed -n 's/^ *\([0-9]*\)\([0-9]\{3\}\) bytes: \([0-9]* roots\) .*/\3, \1,\2 bytes/p')
  echo "$told"
  [ -n "$told" ] && grep -qF "$told" boards/README.md
}

# Whether the other manuals that it names are installed here, is not its matter.
man_page() { mandoc -T lint examples/cli/wmrec.1 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db'; }

# The figures of the lamps in README and tests/bench/tls.md must not be better than what is measured; what they may take, the linker
# sees to.
lamps_are_told() {
  sh tests/bench/lamp_size.sh "$cross" lm3s6965evb lm3s6965evb-small >$objects/lamps || return
  cat $objects/lamps
  while read -r _ name flash _ _ _ _ _ memory _; do
    told=$(sed -n "s/^| .$name. | \([0-9,]*\) bytes of flash; \([0-9,]*\) bytes of memory.*/\1 \2/p" README.md | tr -d ,)
    [ "$flash" -le "${told% *}" ] && [ "$memory" -le "${told#* }" ] || return
    profile=${name#lm3s6965evb} profile=${profile#-}
    [ "$flash" -le "$(sed -n "s/^| ${profile:-device}, TLS 1.2, warm |[^|]*|[^|]*| \([0-9,]*\) |.*/\1/p" tests/bench/tls.md | tr -d ,)" ] || return
  done <$objects/lamps
}

formatted() { find core port boards examples tests -name '*.[ch]' -exec clang-format --dry-run -Werror {} +; }

for compiler in gcc clang "${cross}gcc"; do
  for file in core/*.c port/drive.c port/template/*.c; do
    rule "$file compiles without a warning by $compiler" compile "$compiler" "$file" -Os
  done
  for file in boards/*.c; do
    rule "$file compiles without a warning by $compiler" compile "$compiler" "$file" -Os
  done
  for file in port/lwip/*.c; do
    rule "$file compiles without a warning by $compiler" compile_lwip "$compiler" "$file" -Os
  done
done
for compiler in gcc clang; do
  for file in port/posix/*.c port/mbedtls/*.c examples/*.c examples/cli/*.c examples/cli/*/*.c tests/*/*.c; do
    rule "$file compiles without a warning by $compiler" compile_hosted $compiler "$file"
  done
done
# What runs on a board alone.
compile_firmware() {
  compile "${cross}gcc" "$@" -Os -mcpu=cortex-m3 -mthumb -Iport/lwip -Iport/lwip/config -Iport/mbedtls -Iboards -Iboards/cortex_m -Iexamples/lamp \
    -isystem "$lwip/src/include" -isystem "$mbedtls/include" '-DMBEDTLS_CONFIG_FILE="tls_config.h"' -DWMREC_BUILD_DATE=1700000000 '-DBOARD_NAME="lint"'
}
for file in boards/*/*.c examples/lamp/*.c; do
  rule "$file compiles without a warning for a Cortex-M3" compile_firmware "$file"
done
rule "the public header compiles as C++" as_cpp
rule "the core includes only stddef, stdint, stdbool, string, jsmn and itself" nothing core_includes
rule "the core has no writable data, and needs nothing but mem* and strlen" nothing core_symbols
rule "the objects of the core can be sorted by who needs whom" core_order
rule "nothing in the core calls itself" nothing core_recursion
rule "no source allocates but from the arena" nothing heap_users
rule "the lamps take the flash and memory that README and tests/bench/tls.md tell, and have no heap" lamps_are_told
rule "boards/README.md tells the roots in flash that make roots shows" roots_are_told
rule "README tells what make fleet prints" fleet_is_told
rule "all C is formatted by make fmt" formatted
rule "the shell scripts pass shellcheck" sh -c "find port boards examples tests -name '*.sh' -o -name '*.bash' | xargs shellcheck .ci/run"
rule "the man page is clean under mandoc -T lint" nothing man_page
rule "README's example is examples/minimal.c" sh -c "awk '/^\`\`\`c\$/ { on = 1; next } /^\`\`\`\$/ { on = 0 } on' README.md | diff - examples/minimal.c"
echo "1..$count"
