#!/bin/sh
# Writes wmrec as few files, for projects that copy sources. From the top of the repository:
#
#   amalgamate.sh FOLDER JSMN_HEADER PORT...
#
# FOLDER/wmrec.h and wmrec.c have core/, port/*.[ch] and jsmn. For each PORT, a folder of port/, there are wmrec_PORT.h and
# wmrec_PORT.c (or .cpp). mbedTLS's configuration is copied, as mbedTLS includes it.
#
# SPDX-License-Identifier: Apache-2.0
set -eu

folder=$1 jsmn=$2
shift 2
version=$(sed -n 's/^#define WMREC_VERSION "\(.*\)"/\1/p' core/wmrec.h)
homes= # the headers that are written, each with the file that has it, as inline.awk takes them

# join NAME LICENCE FILE...: writes one file from these.
join() {
  output=$folder/$1
  printf '/* wmrec %s. This file is generated: change the files that are named below.\n *\n' "$version" >"$output"
  printf ' * SPDX-License-Identifier: %s\n */\n' "$2" >>"$output"
  shift 2
  awk -v homes="$homes" -v headers="$headers $jsmn" -f packaging/inline.awk "$@" >>"$output"
}

# part NAME LICENCE FILE...: writes NAME.h from the headers that are for users, and NAME.c (or .cpp) from all other files.
part() {
  name=$1 licence=$2 headers='' public='' sources=''
  shift 2
  for file; do
    case $file in
      *_config.h) cp "$file" "$folder" ;;
      *.h)
        headers="$headers $file"
        grep -q 'Not for users\.$' "$file" || public="$public $file"
        ;;
      *) sources="$sources $file" ;;
    esac
  done
  # shellcheck disable=SC2086  # lists of files
  join "$name.h" Apache-2.0 $public
  for file in $public; do homes="$homes|${file##*/} $name.h"; done
  # shellcheck disable=SC2086
  join "$name.${sources##*.}" "$licence" $sources
}

rm -rf "$folder"
mkdir -p "$folder"
cp LICENSE "$folder"
part wmrec 'Apache-2.0 AND MIT' core/*.[ch] port/*.[ch]
for port; do
  part "wmrec_${port##*/}" Apache-2.0 port/"$port"/*.h port/"$port"/*.c*
done
