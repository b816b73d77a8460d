#!/bin/sh
# Writes wmrec as few files, for projects that copy sources. From the top of the repository:
#
#   amalgamate.sh FOLDER JSMN_HEADER PORT...
#
# FOLDER/wmrec.h and wmrec.c have core/, port/*.[ch] and jsmn. For each PORT, a folder of port/, there are wmrec_PORT.h and
# wmrec_PORT.c (or .cpp). What is for our own configuration of mbedTLS stays separate: *_config.h, and *_platform.h as
# wmrec_*_platform.h.
#
# SPDX-License-Identifier: Apache-2.0
set -eu

folder=$1 jsmn=$2
shift 2
version=$(sed -n 's/^#define WMREC_VERSION "\(.*\)"/\1/p' core/wmrec.h)
homes= # the headers that are written, each with the file that has it, as inline.awk takes them

# join NAME LICENCE OWN FILE...: writes one file from these. OWN: the header that it includes first, or nothing.
join() {
  output=$folder/$1 own=$3
  printf '/* wmrec %s. This file is generated: change the files that are named below.\n *\n' "$version" >"$output"
  printf ' * SPDX-License-Identifier: %s\n */\n' "$2" >>"$output"
  shift 3
  awk -v homes="$homes" -v own="$own" -v headers="$headers $jsmn" -f packaging/inline.awk "$@" >>"$output"
}

# part NAME LICENCE FILE...: writes NAME.h from the headers that are for users, and NAME.c (or .cpp) from all other files.
part() {
  name=$1 licence=$2 headers='' public='' private='' platform='' sources=''
  shift 2
  for file; do
    case $file in
      *_config.h) cp "$file" "$folder" ;;
      *_platform.h) platform="$platform $file" ;;
      *.h)
        headers="$headers $file"
        if grep -q 'Not for users\.$' "$file"; then private="$private $file"; else public="$public $file"; fi
        ;;
      *) sources="$sources $file" ;;
    esac
  done
  # shellcheck disable=SC2086  # lists of files
  join "$name.h" Apache-2.0 '' $public
  for file in $public; do homes="$homes|${file##*/} $name.h"; done
  for file in $platform; do
    join "wmrec_${file##*/}" Apache-2.0 "$name.h" "$file"
    homes="$homes|${file##*/} wmrec_${file##*/}"
  done
  # shellcheck disable=SC2086
  join "$name.${sources##*.}" "$licence" "$name.h" $private $sources
}

rm -rf "$folder"
mkdir -p "$folder"
cp LICENSE "$folder"
part wmrec 'Apache-2.0 AND MIT' core/*.[ch] port/*.[ch]
for port; do
  part "wmrec_${port##*/}" Apache-2.0 port/"$port"/*.h port/"$port"/*.c*
done
