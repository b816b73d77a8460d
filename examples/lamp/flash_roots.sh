#!/bin/sh
# Writes the roots that the lamp's firmware trusts as C, certificates in DER, one behind the other; and shows them.
#
#   flash_roots.sh FILE.c ROOT...
#
# ROOT: a file of one certificate, or "default": those of flash_roots.txt, from Debian's package ca-certificates. What the
# lamp could not use is refused, as it would be passed over in silence there. FILE is left alone if it would not change.
#
# SPDX-License-Identifier: Apache-2.0
set -eu
export LC_ALL=C

die() { printf 'wmrec: %s\n' "$*" >&2; exit 1; }

# The certificate in DER, in a file; and what openssl says of it, by one call for all, as there are many roots.
read_certificate() {
  openssl x509 -in "$1" -outform DER -out "$der" 2>/dev/null || die "$1: it is no certificate"
  facts=$(openssl x509 -in "$der" -noout -subject -nameopt RFC2253 -enddate -dateopt iso_8601 -checkend 0 -purpose -text \
    -certopt no_header,no_issuer,no_subject,no_validity,no_extensions,no_sigdump) || true # it tells an end by its status, too
}

# fact SED-SCRIPT: what it prints of the facts.
fact() { printf '%s\n' "$facts" | sed -n "$1"; }

check_file() {
  [ -r "$1" ] || die "$1: there is no such file, or none that can be read"
  case $(grep -c 'BEGIN.* CERTIFICATE' "$1") in
    0 | 1) ;;
    *) die "$1: it has more than one certificate: give each in a file of its own" ;;
  esac
}

check() {
  check_file "$1"
  read_certificate "$1"
  [ -z "$(fact '/^Certificate will expire$/p')" ] || die "$1: it has expired"
  [ "$(fact 's/^SSL server CA : //p')" = Yes ] ||
    die "$1: it is no authority's; that of a server belongs in the settings of who asks it (wmrec settings --cacert)"
  signature=$(fact 's/^ *Signature Algorithm: //p')
  case $signature in
    sha256With* | sha384With* | sha512With* | ecdsa-with-SHA256 | ecdsa-with-SHA384 | ecdsa-with-SHA512) ;;
    *) die "$1: the lamp cannot read what is signed by $signature" ;;
  esac
  key=$(fact 's/^ *Public Key Algorithm: //p; s/^ *Public-Key: (\(.*\) bit)$/\1/p; s/^ *NIST CURVE: //p' | tr '\n' ' ')
  case $key in
    'rsaEncryption 2048 ' | 'rsaEncryption 3072 ' | 'rsaEncryption 4096 ') ;;
    'id-ecPublicKey 256 P-256 ' | 'id-ecPublicKey 384 P-384 ' | 'id-ecPublicKey 521 P-521 ') ;;
    *) die "$1: the lamp has no use for a key of $key" ;;
  esac
}

# Of the subject, nothing that ends a comment.
describe() {
  printf '%5d bytes, %s, until %s, %s\n' "$length" "$(echo "$key" | sed 's/rsaEncryption /RSA-/; s/.* P-/P-/; s/ $//')" \
    "$(fact 's/^notAfter=\(.*\) .*/\1/p')" "$(fact 's/^subject=//p' | tr '*/' '??')"
}

count=0 total=0
add() {
  check "$1"
  length=$(wc -c <"$der")
  count=$((count + 1)) total=$((total + length))
  line=$(describe)
  printf '%s\n' "$line"
  printf '/* %s */\n' "$line" >&3
  od -An -v -tx1 "$der" | sed 's/ /, 0x/g; s/^, //; s/$/,/' >&3
}

add_default() {
  while read -r digest name; do
    case $digest in '' | '#') continue ;; esac
    file=/usr/share/ca-certificates/mozilla/$name
    add "$file"
    [ "$(sha256sum <"$der")" = "$digest  -" ] || die "$file: it is another certificate than flash_roots.txt has"
  done <"$(dirname "$0")/flash_roots.txt"
}

target=$1
der=$target.der
shift
trap 'rm -f "$target.new" "$der"' EXIT
exec 3>"$target.new"
printf '/* Made by examples/lamp/flash_roots.sh. */\n#include "flash_roots.h"\n\nstatic const unsigned char der[] = {\n' >&3
for root; do
  case $root in default) add_default ;; *) add "$root" ;; esac
done
printf '0};\n\nconst struct wmrec_der_roots flash_roots = {der, sizeof der - 1};\n' >&3
printf '%5d bytes: %d roots that the lamp trusts, beside those of its settings\n' "$total" "$count"
cmp -s "$target.new" "$target" || mv "$target.new" "$target"
