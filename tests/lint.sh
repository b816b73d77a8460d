#!/bin/sh
# Checks rules of the sources, and reports in TAP. From the top of the repository:
#
#   lint.sh JSMN_DIR MBEDTLS_DIR LWIP_DIR CROSS [quick]
#
# quick: without the rules that compile each file with each compiler, or that need mbedTLS, the lamps or the tool.
#
# SPDX-License-Identifier: Apache-2.0
set -u

jsmn=$1
mbedtls=$2
lwip=$3
cross=$4
quick=${5-}
count=0
build=${BUILD:-build}
objects="$build/lint"
mkdir -p "$objects"

# rule NAME COMMAND...: the rule holds if the command succeeds; otherwise its output gives the reason.
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

# prints_nothing COMMAND...: succeeds if the command prints nothing.
prints_nothing() { found=$("$@" 2>&1); [ -z "$found" ] || { echo "$found"; return 1; }; }

# compile COMPILER FILE OPTION...: compiles with the project's warnings, as errors.
compile() {
  compiler=$1 file=$2
  shift 2
  $compiler -c -std=c99 -Wall -Wextra -Wconversion -Wshadow -pedantic -Werror -Icore -Iport -isystem "$jsmn" "$@" \
    "$file" -o "$objects/out.o"
}

# The same, for code over lwIP, with the options of its tests.
compile_lwip() {
  compile "$@" -Iport/lwip -Iport/lwip/config -isystem "$lwip/src/include" -DMEM_ALIGNMENT=8 -DLWIP_STATS=1 -DLWIP_NETIF_LOOPBACK=1
}

# The same, for code that needs an operating system and mbedTLS.
compile_hosted() {
  compile_lwip "$@" -O2 -D_DEFAULT_SOURCE -I"$build/include" -Iport/posix -Iport/mbedtls -Iport/ask -Itests/fake -Itests/fuzz -Iexamples/lamp -Iexamples/cli -Iboards -isystem "$mbedtls/include" \
    '-DMBEDTLS_CONFIG_FILE="tls_config.h"' \
    '-DWMREC_GOLDEN="tests/golden"'
}

# The same, with another configuration of mbedTLS than ours.
compile_foreign() {
  compile "$@" -O2 -D_DEFAULT_SOURCE -Iport/posix -Iport/mbedtls -Iport/ask -Iexamples/cli -Iboards -isystem "$mbedtls/include"
}

as_cpp() { printf '#include "wmrec.h"\nint main() { return WMREC_OK; }\n' | clang -x c++ -Wall -Wextra -pedantic -Werror -Icore -fsyntax-only -; }

core_includes() { grep -hE '^ *# *include' core/*.[ch] | grep -vE '<(stddef|stdint|stdbool|string|jsmn)\.h>|"(wmrec|internal|json|flash)\.h"'; }

# Prints the symbols that the core needs from elsewhere, except the permitted ones, and its writable data.
core_symbols() {
  rm -f "$objects"/core-*.o
  for file in core/*.c; do
    compile gcc "$file" -Os -fno-pie && mv "$objects/out.o" "$objects/core-$(basename "$file" .c).o" || return
  done
  nm -g "$objects"/core-*.o | awk 'NF == 2 && $1 == "U" { used[$2] } NF == 3 { defined[$3] }
    END { for (name in used) if (!(name in defined) && name !~ /^(memcmp|memcpy|memset|memmove|strlen|__stack_chk_fail)$/) print name }'
  nm "$objects"/core-*.o | awk '$2 ~ /^[bBdDcC]$/ { print }'
}

# A program may use jsmn, too, and have its options as flags of the compiler.
jsmn_options_ignored() {
  compile gcc core/json.c -Os && mv "$objects/out.o" "$objects/json-plain.o" &&
    compile gcc core/json.c -Os -DJSMN_HEADER -DJSMN_PARENT_LINKS -DJSMN_STATIC -DJSMN_STRICT &&
    cmp "$objects/out.o" "$objects/json-plain.o"
}

# Prints a line for each of the objects that core_symbols() has made that needs another one. tsort fails if there is a circle,
# and names it.
core_order() {
  nm -g -A -P "$objects"/core-*.o | awk '
    $3 == "U" { used[$1, $2]; next }
    { definer[$2] = $1 }
    END {
      for (pair in used) {
        split(pair, part, SUBSEP)
        if (part[2] in definer) print part[1], definer[part[2]]
      }
    }' >"$objects/core_order"
  [ -s "$objects/core_order" ] && tsort "$objects/core_order" >/dev/null
}

heap_users() {
  find "$build/release" \( -path "$build/release/examples/*.o" -o -name 'lib[mw]*.a' \) -exec nm -A {} + |
    grep -E ' U (malloc|calloc|realloc|free|strdup)(@.*)?$'
}

# Prints the functions of the core that call themselves, directly or through others. tsort reports cycles of two or more.
core_recursion() {
  for file in core/*.c; do
    compile gcc "$file" -O0 -fcallgraph-info && cat "$objects/out.ci"
  done | sed -n 's/^edge: { sourcename: "\([^"]*\)" targetname: "\([^"]*\)".*/\1 \2/p' | sed 's/[^ ]*://g' >"$objects/calls"
  awk '$1 == $2' "$objects/calls"
  tsort "$objects/calls" >/dev/null
}

component_matches() {
  version=$(sed -n 's/^#define WMREC_VERSION "\(.*\)"$/\1/p' core/wmrec.h)
  [ -n "$version" ] && grep -qxF "version: \"$version\"" idf_component.yml
}

digests() { grep -oE '^[0-9a-f]{64}' "$1"; }

esp_idf_roots_match() {
  digests examples/lamp/flash_roots.txt >"$objects/lamp_roots" && digests examples/esp_idf/main/roots.txt | cmp - "$objects/lamp_roots"
}

# The figures of the fleet in tests/bench/README.md: the steady rate; the busiest and the last minute of the outage; the busiest
# minute after it. The simulation gives the same figures each time.
fleet_matches() {
  "$build/release/unit/fleet_test" | sed -n 's/^# no answer  *every *60 s: *\([0-9.]*\) .*busiest *\([0-9.]*\), last *\([0-9.]*\);.*busiest *\([0-9.]*\) a second$/\1\n\2\n\3\n\4/p' >"$objects/fleet"
  [ "$(wc -l <"$objects/fleet")" = 4 ] || return
  while read -r figure; do
    grep -qwF "$figure" tests/bench/README.md || { echo "tests/bench/README.md lacks $figure"; return 1; }
  done <"$objects/fleet"
}

# The blocks of C in port/README.md: the loop, TLS with somebody else's configuration of mbedTLS, TLS with ours.
port_readme_compiles() {
  mkdir -p "$objects/include/wmrec" && cp core/wmrec.h port/*.h port/mbedtls/*.h "$objects/include/wmrec" || return
  printf '%s\n' '#include <stdbool.h>' '#include <stddef.h>' '#include <stdint.h>' 'uint32_t now_ms(void);' 'int64_t date(void);' \
    'bool fill_random(void *bytes, size_t length);' >"$objects/given.h"
  awk '/^```/ { on = $0 == "```c"; block += on; next } on { print >(out block ".c") }' "out=$objects/readme" port/README.md
  set -- -I"$objects/include" -isystem "$mbedtls/include" -include "$objects/given.h"
  compile gcc "$objects/readme1.c" "$@" &&
    compile gcc "$objects/readme2.c" "$@" -Iport/mbedtls -include examples/lamp/flash_roots.h &&
    compile gcc "$objects/readme3.c" "$@" -Iport/mbedtls '-DMBEDTLS_CONFIG_FILE="tls_config.h"'
}

# The number of the lamp's default roots, and their bytes.
roots_match() {
  roots=$(sh examples/lamp/flash_roots.sh "$objects/flash_roots.c" default |
    sed -n 's/^ *\([0-9]*\)\([0-9]\{3\}\) bytes: \([0-9]* roots\) .*/\3, \1,\2 bytes/p')
  echo "$roots"
  [ -n "$roots" ] && grep -qF "$roots" boards/README.md
}

# The manuals that it refers to need not be installed.
man_page() { mandoc -T lint examples/cli/wmrec.1 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db'; }

# The figures of the lamps in tests/bench/README.md and tests/bench/tls.md must not be smaller than the measured ones. The linker
# checks the limits.
lamps_match() {
  sh tests/bench/lamp_size.sh "$cross" lm3s6965evb lm3s6965evb-small >"$objects/lamps" || return
  cat "$objects/lamps"
  while read -r _ name flash _ _ _ _ _ memory _; do
    published=$(sed -n "s/^| .$name. | \([0-9,]*\) bytes of flash; \([0-9,]*\) bytes of memory.*/\1 \2/p" tests/bench/README.md | tr -d ,)
    [ "$flash" -le "${published% *}" ] && [ "$memory" -le "${published#* }" ] || return
    profile=${name#lm3s6965evb} profile=${profile#-}
    [ "$flash" -le "$(sed -n "s/^| ${profile:-device}, TLS 1.2, warm |[^|]*|[^|]*| \([0-9,]*\) |.*/\1/p" tests/bench/tls.md | tr -d ,)" ] || return
  done <"$objects/lamps"
}

# Files that an ecosystem reads have the version, too.
versions_match() {
  version=$(sed -n 's/^#define WMREC_VERSION "\(.*\)"/\1/p' core/wmrec.h)
  for line in "library.json:  \"version\": \"$version\"," "packaging/arduino/library.properties:version=$version"; do
    grep -qxF "${line#*:}" "${line%%:*}" || { echo "$line is missing"; return 1; }
  done
}

readme_programs() {
  cat examples/ask.c examples/firmware.c >"$objects/programs"
  awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' README.md | diff - "$objects/programs"
}

formatted() { find core port boards examples packaging tests \( -name '*.[ch]' -o -name '*.cpp' -o -name '*.ino' \) -exec clang-format --dry-run -Werror {} +; }

# The same, for code that runs on a board only.
compile_firmware() {
  compile "${cross}gcc" "$@" -Os -mcpu=cortex-m3 -mthumb -Iport/lwip -Iport/lwip/config -Iport/mbedtls -Iboards -Iboards/cortex_m -Iexamples/lamp \
    -isystem "$lwip/src/include" -isystem "$mbedtls/include" '-DMBEDTLS_CONFIG_FILE="tls_config.h"' -DWMREC_BUILD_DATE=1700000000 '-DBOARD_NAME="lint"'
}

# The same, for port/posix over lwIP's sockets, as with an RTOS.
compile_sockets() {
  compile "${cross}gcc" "$@" -Os -mcpu=cortex-m4 -mthumb -DWMREC_LWIP_SOCKETS -Iport/posix -Itests/sockets -Iport/lwip/config \
    -isystem "$lwip/contrib/ports/freertos/include" -isystem "$lwip/src/include"
}

# each_sockets OPTION...: compiles all of port/posix so. Leaves the objects.
each_sockets() {
  rm -f "$objects"/sockets-*.o
  for file in port/posix/*.c; do
    compile_sockets "$file" "$@" && mv "$objects/out.o" "$objects/sockets-$(basename "$file" .c).o" || return
  done
}

# The figures in port/posix/README.md. A system without files does not link roots_file.c.
sockets_match() {
  for family in -DLWIP_IPV6=0 -DLWIP_IPV6=1; do
    each_sockets "$family" || return
    rm "$objects/sockets-roots_file.o"
    flash=$("${cross}size" "$objects"/sockets-*.o | awk 'NR > 1 { sum += $1 + $2 } END { print int(sum / 1000) "," substr(sum, 2) }')
    grep -qF "$flash bytes" port/posix/README.md || { echo "port/posix/README.md lacks $flash bytes ($family)"; return 1; }
  done
}

# The same, for code over lwIP with threads on this machine.
compile_threads() {
  compile "$@" -O2 -D_DEFAULT_SOURCE -DWMREC_LWIP_SOCKETS -Iport/posix -Iport/lwip -Iport/mbedtls -Itests/sockets \
    -isystem "$lwip/contrib/ports/unix/port/include" -isystem "$lwip/src/include" -isystem "$mbedtls/include" '-DMBEDTLS_CONFIG_FILE="tls_config.h"'
}

# A header of ours with the name of mbedTLS's would hide it: port/ is on the include path, and mbedTLS's are <mbedtls/NAME>.
hidden_headers() { for header in port/mbedtls/*.h; do find "$mbedtls/include/mbedtls" -name "$(basename "$header")"; done; }

compile_all() {
  for compiler in gcc clang "${cross}gcc"; do
    for file in core/*.c port/*.c port/template/*.c boards/*.c; do
      rule "$file compiles without a warning with $compiler" compile "$compiler" "$file" -Os
    done
    for file in port/lwip/*.c; do
      rule "$file compiles without a warning with $compiler" compile_lwip "$compiler" "$file" -Os
    done
  done
  for compiler in gcc clang; do
    for file in port/posix/*.c port/mbedtls/*.c port/ask/*.c boards/host/*.c examples/*.c examples/cli/*.c examples/cli/*/*.c tests/*/*.c; do
      case $file in tests/sockets/*) continue ;; esac
      rule "$file compiles without a warning with $compiler" compile_hosted $compiler "$file"
    done
    for file in port/mbedtls/*.c port/ask/*.c examples/cli/*/*.c; do
      rule "$file compiles without a warning with $compiler, with mbedTLS's default configuration" compile_foreign $compiler "$file"
      rule "$file compiles without a warning with $compiler, with a lean configuration" compile_foreign $compiler "$file" -Itests/tls \
        '-DMBEDTLS_USER_CONFIG_FILE="lean_config.h"'
    done
    for file in port/posix/*.c port/lwip/*.c tests/sockets/*.c; do
      rule "$file compiles without a warning with $compiler, over lwIP with threads" compile_threads $compiler "$file"
    done
    rule "port/posix/lookup_blocking.c compiles without a warning with $compiler, for POSIX" compile_hosted $compiler \
      port/posix/lookup_blocking.c -DWMREC_BLOCKING_LOOKUP
  done
  for option in -DLWIP_IPV6=1 -DLWIP_IPV6=0 -DLWIP_IPV4=0 -DLWIP_COMPAT_SOCKETS=0 -DLWIP_COMPAT_SOCKETS=2 -DLWIP_POSIX_SOCKETS_IO_NAMES=0 \
    -DLWIP_PROVIDE_ERRNO; do
    rule "port/posix compiles without a warning for a Cortex-M4, over lwIP's sockets with $option" each_sockets "$option"
  done
  for file in boards/*/*.c examples/lamp/*.c; do
    case $file in boards/host/*) continue ;; esac
    rule "$file compiles without a warning for a Cortex-M3" compile_firmware "$file"
  done
}

rule "the public header compiles as C++" as_cpp
rule "the core includes only stddef, stdint, stdbool, string, jsmn and itself" prints_nothing core_includes
rule "the core has no writable data, and needs only mem* and strlen" prints_nothing core_symbols
rule "the objects of the core can be sorted by who needs whom" core_order
rule "no function of the core calls itself" prints_nothing core_recursion
rule "the core ignores jsmn's options in the compiler's flags" jsmn_options_ignored
rule "idf_component.yml has the version of core/wmrec.h" component_matches
rule "the ESP-IDF example trusts the lamp's roots" esp_idf_roots_match
rule "all C is formatted by make fmt" formatted
rule "library.json and library.properties have the version of wmrec.h" versions_match
rule "the shell scripts pass shellcheck" sh -c "find port boards examples packaging tests -name '*.sh' -o -name '*.bash' | xargs shellcheck .ci/run"
rule "the man page is clean under mandoc -T lint" prints_nothing man_page
rule "the programs in README.md are examples/ask.c and examples/firmware.c" readme_programs
if [ "$quick" = "" ]; then
  compile_all
  rule "the C in port/README.md compiles" port_readme_compiles
  rule "no header of port/mbedtls has the name of a header of mbedTLS" prints_nothing hidden_headers
  rule "no source allocates memory, except from the arena" prints_nothing heap_users
  rule "port/posix/README.md gives the flash that port/posix takes on a Cortex-M4" sockets_match
  rule "the lamps need no more flash and memory than tests/bench says, and have no heap" lamps_match
  rule "boards/README.md gives the number and bytes of the roots that make roots shows" roots_match
  rule "tests/bench/README.md has the figures that make fleet prints" fleet_matches
fi
echo "1..$count"
