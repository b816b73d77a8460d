#!/bin/sh
# What the core costs on a Cortex-M0+: flash with all that it pulls in (jsmn, libc, libgcc), once what a program does not
# use is dropped; and the bytes of struct wmrec. From the top of the repository:
#
#   size.sh [CROSS [JSMN_DIR]]        prints a line an object file, and the sum; default: arm-none-eabi-, Debian's jsmn
#
# SPDX-License-Identifier: Apache-2.0
set -eu

cross=${1-arm-none-eabi-}
# The host's headers come last: of them, only jsmn.h is to be found.
jsmn=${2+-isystem $2}
jsmn=${jsmn:--idirafter /usr/include}
folder=build/size
flags='-Os -std=c99 -mcpu=cortex-m0plus -mthumb -ffunction-sections -fdata-sections -Icore'

rm -rf $folder
mkdir -p $folder
for file in core/*.c tests/bench/size_main.c; do
  # shellcheck disable=SC2086  # a list of flags
  "${cross}gcc" $flags $jsmn -c "$file" -o "$folder/$(basename "$file" .c).o"
done
# shellcheck disable=SC2086
"${cross}gcc" $flags -specs=nano.specs -nostartfiles -Wl,-e,main -Wl,--gc-sections -Wl,-Map,$folder/map $folder/*.o \
  -o $folder/program

# The map has, for each section that was kept, its size and the object that it is from, at times on a line of its own.
awk '
  /^Memory Configuration/ { on = 1 }
  !on { next }
  /^ \.(text|rodata|data|bss)[^ ]*$/ { section = $1; getline; $0 = section " " $0 }
  $1 ~ /^\.(text|rodata|data|bss)/ && NF >= 4 && $2 != "0x0000000000000000" {
    name = $4
    sub(".*/", "", name)
    if (name != "size_main.o") bytes[name] += hex(substr($3, 3))
    if (name != "size_main.o" && $1 ~ /^\.(data|bss)/) ram += hex(substr($3, 3))
  }
  function hex(digits,    value, i) {
    for (i = 1; i <= length(digits); i++) value = value * 16 + index("0123456789abcdef", substr(digits, i, 1)) - 1
    return value
  }
  END {
    for (name in bytes) if (bytes[name] > 0) { printf "%-16s %5d\n", name, bytes[name] | "sort"; sum += bytes[name] }
    close("sort")
    printf "%-16s %5d bytes of flash, %d of .data and .bss\n", "core", sum, ram
  }' $folder/map
printf 'struct wmrec     %5d bytes\n' "$("${cross}nm" -S -t d $folder/size_main.o | awk '$4 == "the_size" { print $2 + 0 }')"
