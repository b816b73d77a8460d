#!/bin/sh
# Makes certificates for tests by the openssl command: good ones, and bad ones of each kind:
#
#   certificates.sh FOLDER [one]
#
# FOLDER/roots.pem has the roots that a client must trust; more-roots.pem has unusual ones in addition. Each server has NAME.key and
# NAME.pem: its certificate, and those that it sends after it. All are for localhost, 127.0.0.1 and ::1, unless the name says
# otherwise. With "one", only the server "ec" and its root are made.
#
# SPDX-License-Identifier: Apache-2.0
set -eu
umask 077
mkdir -p "$1/issued"
cd "$1"

# The first day is before every date that tests set the clock to; the last day is so late that no test fails because of it.
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

# Runs a command; prints the end of its output if it fails.
quietly() { "$@" >>log 2>&1 || { tail -n 20 log >&2; exit 1; }; }

# new_key NAME KIND [OPTION...]: makes NAME.key. KIND: the bits of an RSA key, the name of another algorithm, or of a curve.
new_key() {
  key_name=$1 kind=$2
  shift 2
  case $kind in
    [0-9]*) openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$kind" "$@" -out "$key_name.key" 2>/dev/null ;; # hides the progress
    ED* | RSA*) openssl genpkey -algorithm "$kind" "$@" -out "$key_name.key" 2>/dev/null ;;
    *) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$kind" "$@" -out "$key_name.key" ;;
  esac
}

# issue NAME ISSUER EXTENSIONS [OPTION...]: makes NAME.crt for NAME.key, which is made (P-256) if it is missing.
issue() {
  name=$1 issuer=$2
  printf '%s\n' "$3" >extensions
  shift 3
  [ -e "$name.key" ] || new_key "$name" P-256
  quietly openssl req -new -config ca.cnf -key "$name.key" -subj "/CN=${common_name:-$name}" -out request
  if [ "$issuer" = "$name" ]; then
    set -- -selfsign -keyfile "$name.key" "$@"
  else
    set -- -cert "$issuer.crt" -keyfile "$issuer.key" "$@"
  fi
  quietly openssl ca -batch -config ca.cnf -notext -in request -out "$name.crt" -extfile extensions \
    -startdate "${begins:-$from}" -enddate "${ends:-$until}" "$@"
}

# leaf NAME "ISSUER [AUTHORITY...]" EXTENSIONS [OPTION...]: makes NAME.pem of a server, which sends the authorities after its own.
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

new_key root-4096 4096 & # may take seconds
new_key root-rsa 2048 &
new_key rsa 2048 &
new_key weak-key 1024
wait

issue root-rsa root-rsa "$authority"
issue root-4096 root-4096 "$authority"
begins=20200101000000Z ends=20240101000000Z issue root-expired root-expired "$authority"
issue root-stranger root-stranger "$authority"
issue root-sha1 root-sha1 "$authority" -md sha1
cp weak-key.key root-weak.key
issue root-weak root-weak "$authority"
cat root.crt root-rsa.crt root-4096.crt root-expired.crt >roots.pem
issue root-mail-only root-mail-only "$authority
extendedKeyUsage=emailProtection"
issue root-loose-names root-loose-names "$authority
nameConstraints=permitted;DNS:localhost"
issue root-names root-names "$authority
nameConstraints=critical,permitted;DNS:localhost"
cat roots.pem root-sha1.crt root-weak.crt root-mail-only.crt root-loose-names.crt root-names.crt >more-roots.pem

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
leaf cloud root 'subjectAltName=DNS:api.wiremock.cloud'
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

# Unusual ones, which a server may have. Keys:
odd() { leaf "$1" root "$serving"; }
new_key key-p384 P-384 && odd key-p384
new_key key-p521 P-521 && odd key-p521
new_key key-p224 P-224 && odd key-p224
new_key key-k256 secp256k1 && odd key-k256
new_key key-brainpool brainpoolP256r1 && odd key-brainpool
new_key key-explicit P-256 -pkeyopt ec_param_enc:explicit && odd key-explicit # CVE-2020-0601
openssl ec -in ec.key -conv_form compressed -out key-compressed.key 2>/dev/null && odd key-compressed
new_key key-ed25519 ED25519 && odd key-ed25519
new_key key-ed448 ED448 && odd key-ed448
new_key key-pss RSA-PSS && odd key-pss
new_key key-4096 4096 -pkeyopt rsa_keygen_primes:4 && odd key-4096 # four small primes are found faster
new_key key-e3 2048 -pkeyopt rsa_keygen_pubexp:3 && odd key-e3

# A public key without a private one, as making a key of 8,192 bits takes ten seconds. Another key signs in its place.
cat >key.cnf <<END
asn1 = SEQUENCE:key
[key]
modulus = INTEGER:0xC0$(openssl rand -hex 1022)01
exponent = INTEGER:65537
END
quietly openssl asn1parse -genconf key.cnf -noout -out key.der
quietly openssl rsa -RSAPublicKey_in -inform DER -in key.der -pubout -out key-8192.pub
cp rsa.key key-8192.key
printf '%s\n' "$serving" >extensions
quietly openssl req -new -config ca.cnf -key rsa.key -subj /CN=localhost -out request
quietly openssl x509 -req -in request -force_pubkey key-8192.pub -CA root.crt -CAkey root.key -extfile extensions -days 20000 \
  -out key-8192.pem

# Signatures.
leaf signed-md5 root-rsa "$serving" -md md5
for hash in sha224 sha384 sha512 sha3-256; do leaf signed-$hash root "$serving" -md $hash; done
leaf signed-pss root-rsa "$serving" -sigopt rsa_padding_mode:pss
leaf below-sha1-root root-sha1 "$serving"
leaf below-weak-root root-weak "$serving"
common_name=root issue root-impostor root-impostor "$authority"
leaf below-impostor root-impostor "$serving"

# Chains.
chain=root
for level in 1 2 3 4 5 6 7 8 9; do
  issue deep-$level "${chain%% *}" "$authority"
  chain="deep-$level $chain"
  [ $level -lt 8 ] || leaf deep-below-$level "$chain" "$serving"
done
issue loop-b loop-b "$authority"
issue loop-a loop-b "$authority"
issue loop-b loop-a "$authority"
leaf looped 'loop-a loop-b' "$serving"
common_name=crossed issue crossed-new root "$authority"
cp crossed-new.key crossed-old.key
common_name=crossed issue crossed-old root-expired "$authority"
leaf crossed-new-first 'crossed-new crossed-old' "$serving"
leaf crossed-old-first 'crossed-old crossed-new' "$serving"
identified='subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid'
common_name=twin issue twin-a root "$authority
$identified"
common_name=twin issue twin-b root "$authority
$identified"
leaf below-twin-a 'twin-a twin-b' "$serving
$identified"
leaf below-twin-b 'twin-b twin-a' "$serving
$identified"
leaf below-twin-unidentified 'twin-b twin-a' "$serving
authorityKeyIdentifier=none"
issue renewed-above root "$authority"
common_name=renewed issue renewed renewed-above "$authority
$identified"
cp renewed.key renewed-old.key
common_name=renewed issue renewed-old root "$authority
$identified" -startdate 20230101000000Z -enddate 20240101000000Z
common_name=renewed issue renewed-twin root "$authority
$identified"
leaf below-renewed 'renewed renewed-above' "$serving
$identified"
issue stranger-top root-stranger "$authority"
issue stranger-below stranger-top "$authority"
leaf below-stranger 'stranger-below stranger-top' "$serving"
leaf below-leaf ec "$serving"
issue middle-no-signing root 'basicConstraints=critical,CA:TRUE
keyUsage=critical,cRLSign'
leaf below-no-signing middle-no-signing "$serving"
issue middle-client-only root "$authority
extendedKeyUsage=clientAuth"
leaf below-client-only middle-client-only "$serving"
for purpose in emailProtection serverAuth anyExtendedKeyUsage; do
  issue middle-$purpose root "$authority
extendedKeyUsage=$purpose"
  leaf below-$purpose middle-$purpose "$serving"
done
issue middle-below-mail middle-emailProtection "$authority"
leaf two-below-mail 'middle-below-mail middle-emailProtection' "$serving"
leaf below-root-mail-only root-mail-only "$serving"
issue middle-critical-unknown root "$authority
1.2.3.4.5=critical,ASN1:NULL"
leaf below-critical-unknown middle-critical-unknown "$serving"
issue middle-other-names root "$authority
nameConstraints=critical,permitted;DNS:example.test"
leaf below-other-names middle-other-names "$serving"
issue middle-same-names root "$authority
nameConstraints=critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
leaf below-same-names middle-same-names "$serving"
issue middle-loose-names root "$authority
nameConstraints=permitted;DNS:example.test"
leaf below-loose-names middle-loose-names "$serving"
issue middle-loose-same-names root "$authority
nameConstraints=permitted;DNS:localhost"
leaf below-loose-same-names middle-loose-same-names "$serving"
issue middle-loose-excluded root "$authority
nameConstraints=excluded;DNS:localhost,excluded;IP:127.0.0.0/255.0.0.0"
leaf below-loose-excluded middle-loose-excluded "$serving"
leaf below-root-loose-names root-loose-names "$serving"
leaf below-root-names root-names "$serving"

# Versions, extensions and names.
old() { # old NAME ISSUER: makes a certificate of version 1, which has no extensions
  new_key "$1" P-256
  quietly openssl req -new -config ca.cnf -key "$1.key" -subj "/CN=localhost" -out request
  quietly openssl x509 -req -in request -CA "$2.crt" -CAkey "$2.key" -days 20000 -out "$1.crt"
}
old version-1 root && cp version-1.crt version-1.pem
old middle-version-1 root && leaf below-version-1 middle-version-1 "$serving"
new_key tiny P-256 # a list of "ec" and 59 of these just fits into the buffer of mbedTLS
quietly openssl req -new -config ca.cnf -key tiny.key -subj /CN=a -out request
quietly openssl x509 -req -in request -signkey tiny.key -set_serial 1 -days 20000 -out tiny.crt
leaf authority root "$serving
basicConstraints=critical,CA:TRUE"
leaf unknown root "$serving
1.2.3.4.5=ASN1:NULL"
leaf any-purpose root "$serving
extendedKeyUsage=anyExtendedKeyUsage"
leaf no-signing root "$serving
keyUsage=critical,keyAgreement"
leaf extension-twice root "$serving
basicConstraints=CA:FALSE
2.5.29.99=DER:3000"
leaf nul-in-name root 2.5.29.17=DER:301982176c6f63616c686f7374002e6578616d706c652e74657374
leaf no-names root 2.5.29.17=DER:3000
leaf star root 'subjectAltName=DNS:*'
leaf star-in-label root 'subjectAltName=DNS:loc*,DNS:*host,DNS:l*t'
leaf mail-only root 'subjectAltName=email:localhost@example.test,URI:https://localhost'
leaf uri-only root 'subjectAltName=URI:localhost,URI:127.0.0.1'
leaf uri-and-other root 'subjectAltName=URI:localhost,DNS:other.example.test'
leaf uri-and-same root 'subjectAltName=URI:localhost,DNS:localhost'
leaf uri-wildcard root 'subjectAltName=URI:a.example.test,DNS:*.test,DNS:*.a.example.test,DNS:*example.test,DNS:xa.example.test'
leaf mail-of-host root 2.5.29.17=DER:300b81096c6f63616c686f7374
leaf other-kinds root 'subjectAltName=otherName:1.2.3.4;UTF8:localhost,RID:1.2.3.4,dirName:other_name
[other_name]
CN=localhost'
leaf address-only root 'subjectAltName=IP:127.0.0.1,IP:::1'
leaf address-of-letters root 2.5.29.17=DER:300b87096c6f63616c686f7374
leaf address-long root 2.5.29.17=DER:300a87087f000001ffffffff
leaf address-short root 2.5.29.17=DER:300587037f0000
leaf name-only root 'subjectAltName=DNS:localhost'
leaf link-local root 'subjectAltName=IP:fe80::1'
many() { seq -f 'DNS:host-%g.example.test' -s , "$1"; }
leaf names-30 root "subjectAltName=$(many 30),DNS:localhost"
leaf names-200 root "subjectAltName=$(many 200),DNS:localhost"
leaf names-400 root "subjectAltName=$(many 400),DNS:localhost"
leaf names-1000 root "subjectAltName=$(many 1000),DNS:localhost"
issue names-5000 root "2.5.29.17=DER:30823a98$(yes 820161 | head -n 5000 | tr -d '\n')"
leaf endless root "$serving" -enddate 99991231235959Z
leaf backwards root "$serving" -startdate 20980101000000Z -enddate 20200101000000Z
