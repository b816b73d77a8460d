#!/bin/sh
# Prints the flash and the memory (with the stack) of each lamp, from symbols of the linker script, with their limits; and the
# shares of the stack and of TLS in the memory. Fails if a lamp has a heap. From the top of the repository:
#
#   lamp_size.sh CROSS NAME...        NAME: a folder of build/
#
# SPDX-License-Identifier: Apache-2.0
set -eu

cross=$1
shift
for name; do
  "${cross}nm" -S -t d "${BUILD:-build}/$name/lamp.elf" | awk -v name="$name" '
    NF == 3 { at[$3] = $1 + 0 }
    NF == 4 { size[$4] = $2 + 0 }
    $NF ~ /^(malloc|calloc|realloc|free|_sbrk|_malloc_r)$/ { print name " has a heap: " $NF; failed = 1 }
    function of(max) { return max > 0 ? sprintf(" of %d", max) : "" }
    END {
      printf "lamp %-18s %6d%s bytes of flash, %5d%s of memory: %d the stack, %d for TLS\n", name, at["flash_used"],
        of(at["flash_limit"]), at["memory_used"], of(at["memory_limit"]), at["stack_end"] - at["stack_start"], size["arena_memory"]
      exit failed
    }'
done
