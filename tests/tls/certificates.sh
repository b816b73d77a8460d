#!/bin/sh
# Makes certificates to test with, good ones and one of each kind of bad one, by the openssl command:
#
#   certificates.sh FOLDER [one]
#
# FOLDER/roots.pem has the roots that a client is to trust. For each server there is NAME.key and NAME.pem: its
# certificate, and what it sends behind it. All are for localhost, 127.0.0.1 and ::1, unless the name says otherwise.
# With "one" there is the server "ec" only.
#
# SPDX-License-Identifier: Apache-2.0
set -eu
umask 077
mkdir -p "$1/issued"
cd "$1"

# From before a day that the probe's clock is set to, and so long that no test will ever fail for it.
from=20250102000000Z
until=20991231235959Z

serving='subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1'
authority='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign'

: >index.txt
cat >ca.cnf <<'END'
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = issued
unique_subject = no
default_md = sha256
rand_serial = yes
policy = policy
email_in_dn = no
copy_extensions = none
[policy]
commonName = supplied
[req]
distinguished_name = name
[name]
END

# The work is in the log, for when it fails.
quietly() { "$@" >>log 2>&1 || { cat log >&2; exit 1; }; }

new_key() {
  case $2 in
    ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" ;;
    *) openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$1.key" 2>/dev/null ;; # of its progress
  esac
}

# issue NAME ISSUER EXTENSIONS [OPTION...]: NAME.crt, for NAME.key, which is made (P-256) unless it is there.
issue() {
  name=$1 issuer=$2
  printf '%s\n' "$3" >extensions
  shift 3
  [ -e "$name.key" ] || new_key "$name" ec
  quietly openssl req -new -config ca.cnf -key "$name.key" -subj "/CN=${common_name:-$name}" -out request
  if [ "$issuer" = "$name" ]; then
    set -- -selfsign -keyfile "$name.key" "$@"
  else
    set -- -cert "$issuer.crt" -keyfile "$issuer.key" "$@"
  fi
  quietly openssl ca -batch -config ca.cnf -notext -in request -out "$name.crt" -extfile extensions \
    -startdate "${begins:-$from}" -enddate "${ends:-$until}" "$@"
}

# leaf NAME "ISSUER [AUTHORITY...]" EXTENSIONS [OPTION...]: a server's, which sends the authorities behind its own.
leaf() {
  chain=$2
  leaf_name=$1 leaf_extensions=$3
  shift 3
  issue "$leaf_name" "${chain%% *}" "$leaf_extensions" "$@"
  cat "$leaf_name.crt" >"$leaf_name.pem"
  for sent in $chain; do
    case $sent in root*) ;; *) cat "$sent.crt" >>"$leaf_name.pem" ;; esac
  done
}

issue root root "$authority"
leaf ec root "$serving"
cp root.crt roots.pem
[ "${2-}" != one ] || exit 0

new_key root-4096 4096 & # seconds, at times
new_key root-rsa 2048 &
new_key rsa 2048 &
new_key weak-key 1024
wait

issue root-rsa root-rsa "$authority"
issue root-4096 root-4096 "$authority"
begins=20200101000000Z ends=20240101000000Z issue root-expired root-expired "$authority"
issue root-stranger root-stranger "$authority"
cat root.crt root-rsa.crt root-4096.crt root-expired.crt >roots.pem

issue middle root "$authority"
issue middle-expired root "$authority" -startdate 20230101000000Z -enddate 20240101000000Z
issue middle-ends-earlier root "$authority" -enddate 20600229123456Z
issue middle-no-authority root 'basicConstraints=critical,CA:FALSE'
issue middle-last root 'basicConstraints=critical,CA:TRUE,pathlen:0'
issue middle-below middle-last "$authority"
cp root-4096.key middle-4096.key
cp root-4096.key middle-4096-below.key
issue middle-4096 root-4096 "$authority"
issue middle-4096-below middle-4096 "$authority"
cp rsa.key middle-rsa.key
issue middle-rsa root-rsa "$authority"

# Good ones.
for name in rsa rsa-chain rsa-3; do [ -e $name.key ] || cp rsa.key $name.key; done
leaf ec-chain middle "$serving"
leaf rsa root-rsa "$serving"
leaf rsa-chain middle-rsa "$serving"
leaf rsa-3 'middle-4096-below middle-4096' "$serving"
leaf wildcard root 'subjectAltName=DNS:*.example.test'
leaf ends-earlier middle-ends-earlier "$serving"
leaf server-only root "$serving
extendedKeyUsage=serverAuth"

# Bad ones.
leaf expired root "$serving" -startdate 20230101000000Z -enddate 20240101000000Z
leaf not-yet-valid root "$serving" -startdate 20980101000000Z
leaf other-host root 'subjectAltName=DNS:other.example.test,IP:127.0.0.99'
leaf unknown-issuer root-stranger "$serving"
leaf missing-intermediate middle "$serving"
cat missing-intermediate.crt >missing-intermediate.pem
leaf weak-key root "$serving"
leaf weak-signature root "$serving" -md sha1
common_name=localhost leaf common-name-only root 'basicConstraints=CA:FALSE'
common_name=127.0.0.1 leaf address-as-name root 'subjectAltName=DNS:127.0.0.1'
leaf client-only root "$serving
extendedKeyUsage=clientAuth"
leaf expired-intermediate middle-expired "$serving"
leaf no-authority middle-no-authority "$serving"
leaf too-long-a-path 'middle-below middle-last' "$serving"
leaf expired-root root-expired "$serving"
leaf critical-unknown root "$serving
1.2.3.4.5=critical,ASN1:NULL"
issue self-signed self-signed "$serving"
cp self-signed.crt self-signed.pem
