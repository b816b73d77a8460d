#!/bin/sh
# Writes the headers that users of libwmrec.a and libwmrec-tls.a need:
#
#   headers.sh FOLDER MBEDTLS_DIR HEADER...
#
# FOLDER gets the public headers. FOLDER/mbedtls gets the headers of mbedTLS (3.6 or 4.x), with wmrec's configuration in place of
# the default one. PROFILE: the macros of its profile, such as "WMREC_TLS_DEVICE WMREC_TLS_SMALL"; none: for desktops.
#
# All find each other by paths relative to themselves. So no option of the compiler names FOLDER/mbedtls or the configuration, and
# in a program that has another mbedTLS, <mbedtls/...> is still the other one.
#
# SPDX-License-Identifier: Apache-2.0
set -eu

folder=$1 mbedtls=$2
shift 2

# copy FILE NAME: copies a header of mbedTLS, and changes its paths.
copy() {
  up=$(dirname "$2" | sed 's|[^/][^/]*|..|g')
  mkdir -p "$(dirname "$folder/mbedtls/$2")"
  {
    echo '/* wmrec has changed the paths of #include in this file, and nothing else. */'
    echo '#pragma GCC system_header'
    sed -E "s@^(# *include +)[\"<]((mbedtls|psa|tf-psa-crypto)/[^\">]*)[\">]@\1\"$up/\2\"@
      s@^#include MBEDTLS_CONFIG_FILE@#include \"$up/mbedtls/mbedtls_config.h\"@
      s@^#include (MBEDTLS|TF)_PSA_CRYPTO_CONFIG_FILE@#include \"$up/psa/crypto_config.h\"@" "$1"
  } >"$folder/mbedtls/$2"
}

# configure FILE NAME: copies a configuration, after the macros of the profile.
configure() {
  {
    for macro in ${PROFILE-}; do echo "#define $macro"; done
    cat "port/mbedtls/$1"
  } >"$folder/mbedtls/$2"
}

rm -rf "$folder"
mkdir -p "$folder"
for header; do
  sed 's|^#include <mbedtls/.*>$|#include "own_mbedtls.h"|' "$header" >"$folder/$(basename "$header")"
done
cp packaging/own_mbedtls.h "$folder"

for include in include tf-psa-crypto/include tf-psa-crypto/drivers/builtin/include; do
  [ -d "$mbedtls/$include" ] || continue
  (cd "$mbedtls/$include" && find . -path './*/*' -name '*.h') | while read -r name; do
    copy "$mbedtls/$include/$name" "${name#./}"
  done
done
configure tls_config.h mbedtls/mbedtls_config.h
configure crypto_config.h psa/crypto_config.h
cp "$mbedtls/LICENSE" "$folder/mbedtls/LICENSE"
