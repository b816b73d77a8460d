// The job on a desktop with node: https.js URL CAFILE, with the key in WMC_API_TOKEN. Prints the status.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('node:fs');
const https = require('node:https');

const [url, roots] = process.argv.slice(2);
const headers = { Accept: 'application/json', Authorization: `Token ${process.env.WMC_API_TOKEN}` };

https.get(url, { agent: false, ca: fs.readFileSync(roots), headers, minVersion: 'TLSv1.3', timeout: 10000 }, (answer) => {
  let text = '';
  answer.setEncoding('utf8');
  answer.on('data', (part) => { text += part; });
  answer.on('end', () => {
    if (answer.statusCode !== 200)
      throw new Error(answer.statusCode);
    console.log(JSON.parse(text).status);
  });
}).on('timeout', () => { throw new Error('no answer'); });
