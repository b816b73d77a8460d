#!/bin/sh
# Writes the roots that the lamp's firmware trusts to a C file, as one array of certificates in DER, and shows them.
#
#   flash_roots.sh FILE.c ROOT...
#
# ROOT: a file with one certificate, or "default": the roots in flash_roots.txt, from Debian's package ca-certificates. The
# script refuses a root that the lamp cannot use, as the lamp would ignore it silently. An unchanged FILE.c is not written.
#
# SPDX-License-Identifier: Apache-2.0
set -eu
export LC_ALL=C

die() { printf 'wmrec: %s\n' "$*" >&2; exit 1; }

# read_certificate FILE: writes the certificate to $der, and what openssl shows of it to $facts, in one call to save time.
read_certificate() {
  openssl x509 -in "$1" -outform DER -out "$der" 2>/dev/null || die "$1: not a certificate"
  facts=$(openssl x509 -in "$der" -noout -subject -nameopt RFC2253 -enddate -dateopt iso_8601 -checkend 0 -purpose -text \
    -certopt no_header,no_issuer,no_subject,no_validity,no_extensions,no_sigdump) || true # status 1: -checkend has found that it has expired
}

# fact SED-SCRIPT: prints a part of $facts.
fact() { printf '%s\n' "$facts" | sed -n "$1"; }

check_file() {
  [ -r "$1" ] || die "$1: no such file, or not readable"
  case $(grep -c 'BEGIN.* CERTIFICATE' "$1") in
    0 | 1) ;;
    *) die "$1: more than one certificate: give one file for each" ;;
  esac
}

check() {
  check_file "$1"
  read_certificate "$1"
  [ -z "$(fact '/^Certificate will expire$/p')" ] || die "$1: the certificate has expired"
  [ "$(fact 's/^SSL server CA : //p')" = Yes ] ||
    die "$1: not the certificate of an authority; give a server's own certificate to wmrec settings --cacert"
  signature=$(fact 's/^ *Signature Algorithm: //p')
  case $signature in
    sha256With* | sha384With* | sha512With* | ecdsa-with-SHA256 | ecdsa-with-SHA384 | ecdsa-with-SHA512) ;;
    *) die "$1: the lamp does not support its signature algorithm: $signature" ;;
  esac
  key=$(fact 's/^ *Public Key Algorithm: //p; s/^ *Public-Key: (\(.*\) bit)$/\1/p; s/^ *NIST CURVE: //p' | tr '\n' ' ')
  case $key in
    'rsaEncryption 2048 ' | 'rsaEncryption 3072 ' | 'rsaEncryption 4096 ') ;;
    'id-ecPublicKey 256 P-256 ' | 'id-ecPublicKey 384 P-384 ' | 'id-ecPublicKey 521 P-521 ') ;;
    *) die "$1: the lamp does not support its key: $key" ;;
  esac
}

# Describes the certificate in one line. Replaces * and / in the subject, as they could end the C comment.
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
    [ "$(sha256sum <"$der")" = "$digest  -" ] || die "$file: differs from the certificate in flash_roots.txt"
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
printf '%5d bytes: %d roots that the firmware trusts, in addition to those in the settings\n' "$total" "$count"
cmp -s "$target.new" "$target" || mv "$target.new" "$target"
