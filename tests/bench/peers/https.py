"""The job on a desktop with python3: https.py URL CAFILE, with the key in WMC_API_TOKEN. Prints the status."""
# SPDX-License-Identifier: Apache-2.0
import http.client
import json
import os
import ssl
import sys
from urllib.parse import urlsplit

url = urlsplit(sys.argv[1])
context = ssl.create_default_context(cafile=sys.argv[2])
context.minimum_version = ssl.TLSVersion.TLSv1_3
connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=10, context=context)
connection.request("GET", url.path, headers={
    "Accept": "application/json", "Authorization": f"Token {os.environ['WMC_API_TOKEN']}"})
answer = connection.getresponse()
if answer.status != 200:
    sys.exit(f"{answer.status}")
print(json.load(answer)["status"])
