#!/bin/sh
# Copies the headers of mbedTLS (3.6 or 4.x) to a folder, with wmrec's configuration in place of the default one.
#
#   mbedtls_headers.sh MBEDTLS_DIR FOLDER
#
# The copies find each other, and the configuration, by paths relative to themselves. So no option of the compiler names this
# folder, and in a program that has another mbedTLS, <mbedtls/...> is still the other one.
#
# SPDX-License-Identifier: Apache-2.0
set -eu

mbedtls=$1 folder=$2

# copy FILE NAME: copies a header, and changes its paths.
copy() {
  up=$(dirname "$2" | sed 's|[^/]*|..|; s|/[^/]*|/..|g')
  mkdir -p "$(dirname "$folder/$2")"
  {
    echo '/* wmrec has changed the paths of #include in this file, and nothing else. */'
    echo '#pragma GCC system_header'
    sed -E "s@^(# *include +)[\"<]((mbedtls|psa|tf-psa-crypto)/[^\">]*)[\">]@\1\"$up/\2\"@
      s@^#include MBEDTLS_CONFIG_FILE@#include \"$up/mbedtls/mbedtls_config.h\"@
      s@^#include (MBEDTLS|TF)_PSA_CRYPTO_CONFIG_FILE@#include \"$up/psa/crypto_config.h\"@" "$1"
  } >"$folder/$2"
}

for include in include tf-psa-crypto/include tf-psa-crypto/drivers/builtin/include; do
  [ -d "$mbedtls/$include" ] || continue
  (cd "$mbedtls/$include" && find mbedtls psa tf-psa-crypto -name '*.h' 2>/dev/null) | while read -r name; do
    copy "$mbedtls/$include/$name" "$name"
  done
done
cp port/mbedtls/crypto_config.h "$folder/psa/crypto_config.h"
cp port/mbedtls/tls_config.h "$folder/mbedtls/mbedtls_config.h"
cp "$mbedtls/LICENSE" "$folder/LICENSE"
