#!/bin/sh
# Measures the core on each architecture of architectures.tsv: flash, .data and .bss, with jsmn and libgcc, without unused
# functions; the maximum stack of its functions; the size of struct wmrec_exchange. The core is linked with libgcc only, which
# shows that it needs no libc. From the top of the repository:
#
#   size.sh JSMN_DIR [ARCHITECTURE]   prints, in the format of size.tsv, a line for each object file, their sum, and the struct
#
# SPDX-License-Identifier: Apache-2.0
set -eu

jsmn=$1
only=${2-}
tab=$(printf '\t')

# build COMPILER OPTION...: writes the objects, the program and its map to $folder.
build() {
  rm -rf "$folder"
  mkdir -p "$folder"
  for file in core/*.c tests/bench/size_main.c; do
    "$@" -Os -std=c99 -ffreestanding -ffunction-sections -fdata-sections -Icore -isystem "$jsmn" -c "$file" \
      -o "$folder/$(basename "$file" .c).o"
  done
  "$@" -nostdlib -Wl,-e,main -Wl,--gc-sections -Wl,-Map,"$folder/map" "$folder"/*.o -lgcc -o "$folder/program"
}

# Reads the map. For each section that is linked, it has the size and the object, sometimes on a separate line. The output
# section tells the kind of memory. .data counts as flash, too: it is copied from there at startup.
sum_up() {
  awk -v architecture="$1" '
    $1 == "stack" { add_stack($2, $4); add_stack("core", $4); next }
    /^Linker script and memory map/ { is_map = 1 }
    !is_map { next }
    /^\.[a-z]/ { kind = $1 ~ /^\.(text|s?rodata)/ ? "flash" : $1 ~ /^\.s?data/ ? "data" : $1 ~ /^\.s?bss/ ? "bss" : "" }
    /^ (\.|COMMON)[^ ]*$/ { section = $1; getline; $0 = " " section " " $0 }
    /^ \*fill\*/ { add(file, hex(substr($3, 3))) }
    /^ (\.|COMMON)/ && NF >= 4 {
      file = $4 ~ /libgcc/ ? "libgcc" : $4
      sub(".*/", "", file)
      sub(/\.o$/, ".c", file)
      add(file, hex(substr($3, 3)))
    }
    function add_stack(file, bytes) {
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

echo '# The limits of the core, in bytes (.data is in flash, too). Written by make size-budget.'
printf '# architecture\tfile\tflash\t.data\t.bss\tstack\n'
grep -v '^#' tests/bench/architectures.tsv | while IFS=$tab read -r name compiler options; do
  [ -z "$only" ] || [ "$only" = "$name" ] || continue
  folder=${BUILD:-build}/size/$name
  # shellcheck disable=SC2086  # a list of options
  build "$compiler" $options
  sh tests/bench/stack.sh "$folder" >"$folder/stack"
  sed 's/^/stack /' "$folder/stack" | cat - "$folder/map" | sum_up "$name"
  "${compiler%gcc}nm" -S -t d "$folder/size_main.o" |
    awk -v name="$name" '$4 == "the_size" { printf "%s\tstruct wmrec_exchange\t-\t-\t%d\t-\n", name, $2 }'
done
