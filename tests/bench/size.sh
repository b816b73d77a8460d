#!/bin/sh
# What the core costs on each architecture of architectures.tsv: flash, .data and .bss with all that it pulls in (jsmn,
# libgcc), once what a program does not use is dropped; the most stack that its functions take; the bytes of struct wmrec_exchange.
# It is linked with libgcc and nothing else: that it needs no libc, is seen by that. From the top of the repository:
#
#   size.sh JSMN_DIR [ARCHITECTURE]   prints a line an object file, their sum, and the struct, as size.tsv has them
#
# SPDX-License-Identifier: Apache-2.0
set -eu

jsmn=$1
only=${2-}
tab=$(printf '\t')

# build COMPILER OPTION...: the objects, the program and its map, into $folder.
build() {
  rm -rf "$folder"
  mkdir -p "$folder"
  for file in core/*.c tests/bench/size_main.c; do
    "$@" -Os -std=c99 -ffreestanding -ffunction-sections -fdata-sections -Icore -isystem "$jsmn" -c "$file" \
      -o "$folder/$(basename "$file" .c).o"
  done
  "$@" -nostdlib -Wl,-e,main -Wl,--gc-sections -Wl,-Map,"$folder/map" "$folder"/*.o -lgcc -o "$folder/program"
}

# The map has, for each section that was kept, its size and the object that it is from, at times on a line of its own.
# What it takes, the program's section tells that it is in: .data is in flash too, from where it is copied.
sum_up() {
  awk -v architecture="$1" '
    $1 == "stack" { deepen($2, $4); deepen("core", $4); next }
    /^Linker script and memory map/ { on = 1 }
    !on { next }
    /^\.[a-z]/ { kind = $1 ~ /^\.(text|s?rodata)/ ? "flash" : $1 ~ /^\.s?data/ ? "data" : $1 ~ /^\.s?bss/ ? "bss" : "" }
    /^ (\.|COMMON)[^ ]*$/ { section = $1; getline; $0 = " " section " " $0 }
    /^ \*fill\*/ { add(file, hex(substr($3, 3))) }
    /^ (\.|COMMON)/ && NF >= 4 {
      file = $4 ~ /libgcc/ ? "libgcc" : $4
      sub(".*/", "", file)
      sub(/\.o$/, ".c", file)
      add(file, hex(substr($3, 3)))
    }
    function deepen(file, bytes) {
      stack[file] = file in stack && stack[file] > bytes ? stack[file] : bytes
    }
    function add(file, bytes) {
      if (kind == "" || bytes == 0 || file == "size_main.c") return
      is_in[file] = is_in["core"] = 1
      if (kind != "bss") sum[file, "flash"] += bytes
      if (kind != "bss") sum["core", "flash"] += bytes
      if (kind != "flash") sum[file, kind] += bytes
      if (kind != "flash") sum["core", kind] += bytes
    }
    function hex(digits,    value, i) {
      for (i = 1; i <= length(digits); i++) value = value * 16 + index("0123456789abcdef", substr(digits, i, 1)) - 1
      return value
    }
    function row(file) {
      return sprintf("%s\t%s\t%d\t%d\t%d\t%s", architecture, file, sum[file, "flash"], sum[file, "data"],
        sum[file, "bss"], file in stack ? stack[file] : "-")
    }
    END {
      for (file in is_in) if (file != "core") print row(file) | "sort"
      close("sort")
      print row("core")
    }'
}

echo '# What the core may take, in bytes (.data is in flash too): make size-budget writes here what it does take.'
printf '# architecture\tfile\tflash\t.data\t.bss\tstack\n'
grep -v '^#' tests/bench/architectures.tsv | while IFS=$tab read -r name compiler options; do
  [ -z "$only" ] || [ "$only" = "$name" ] || continue
  folder=build/size/$name
  # shellcheck disable=SC2086  # a list of options
  build "$compiler" $options
  sh tests/bench/stack.sh "$folder" >"$folder/stack"
  sed 's/^/stack /' "$folder/stack" | cat - "$folder/map" | sum_up "$name"
  "${compiler%gcc}nm" -S -t d "$folder/size_main.o" |
    awk -v name="$name" '$4 == "the_size" { printf "%s\tstruct wmrec_exchange\t-\t-\t%d\t-\n", name, $2 }'
done
