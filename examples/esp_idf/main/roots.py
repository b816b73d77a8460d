"""Writes trusted roots in DER, one directly after the other, as wmrec_roots_from_der() reads them.

    roots.py OUTPUT WANTED LIST [PEM]...

WANTED: a file with the SHA-256 of each root to take from LIST, at the beginning of a line. LIST: a file of certificates in PEM.
PEM: files of certificates that are all taken.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import re
import sys


def certificates(path):
    with open(path, encoding='utf-8') as file:
        blocks = re.findall('-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----', file.read(), re.DOTALL)
    return [base64.b64decode(block) for block in blocks]


output, wanted, mozilla, *own = sys.argv[1:]
listed = {hashlib.sha256(der).hexdigest(): der for der in certificates(mozilla)}
with open(wanted, encoding='utf-8') as file:
    digests = re.findall('^[0-9a-f]{64}', file.read(), re.MULTILINE)
missing = [digest for digest in digests if digest not in listed]
if missing:
    sys.exit(f'{mozilla} has no certificate with the SHA-256 {missing[0]}. Remove it from {wanted}, or add its PEM file.')
with open(output, 'wb') as file:
    file.writelines([listed[digest] for digest in digests])
    for path in own:
        file.writelines(certificates(path))
