// Compares wmrec with node's HTTP client (llhttp) and JSON.parse on the same answers: the golden ones, and 10,000 that
// tests/fuzz/model.h generates. differences.tsv must list each difference, with a section of an RFC, and no other one.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { Duplex } = require('node:stream');
const test = require('node:test');

const generated = 15000;
const program = process.env.ANSWERS ?? `${process.env.BUILD ?? 'build'}/sanitized/answers`;
const golden = path.join(__dirname, '../golden');

// wmrec's results for bytes that are not a complete, valid answer.
const invalid = new Set(['status-line', 'header', 'section-limit', 'content-length', 'coding', 'chunk', 'body-limit',
  'content-encoding', 'truncated', 'closed']);

const table = (file) => fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '' && line[0] !== '#')
  .map((line) => line.split('\t'));
const listed = table(path.join(__dirname, 'differences.tsv'))
  .map(([name, wmrec, node]) => ({ key: [name, wmrec, node].join('\t'), isNeeded: false }));

// A stream that takes a request, gives the answer, and ends: clean, or by a reset.
function connection(answer, ending) {
  let isRequested = false;
  let isAnswered = false;
  const advance = () => {
    if (!isRequested)
      return;
    if (!isAnswered && answer.length > 0) {
      isAnswered = true;
      stream.push(answer);
    } else if (ending === 'clean') {
      stream.push(null);
    } else {
      stream.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    }
  };
  const stream = new Duplex({
    read: advance,
    write: (bytes, encoding, done) => {
      const isFirst = !isRequested;

      isRequested = true;
      done();
      if (isFirst)
        advance();
    },
  });

  return stream;
}

// Reads an answer with node's HTTP client: { status, body, isWhole, error }. isWhole: the body is complete.
function askNode(answer, ending) {
  return new Promise((resolve) => {
    const request = http.get({ host: 'h', createConnection: () => connection(answer, ending) });
    const seen = { status: 0, isWhole: false, error: 'no answer' };
    const chunks = [];
    const keepError = ({ code }) => { seen.error = seen.error.startsWith('HPE_') ? seen.error : code; };
    const done = () => resolve({ ...seen, body: Buffer.concat(chunks) });

    request.on('error', keepError);
    request.on('upgrade', (response, socket) => {
      seen.status = response.statusCode;
      socket.destroy();
    });
    request.on('response', (response) => {
      seen.status = response.statusCode;
      response.on('error', keepError);
      response.on('data', (bytes) => chunks.push(bytes));
      response.on('end', () => { seen.isWhole = response.complete; });
      response.on('close', done);
    });
    request.on('close', () => seen.status === 0 || seen.status === 101 ? done() : undefined);
  });
}

// Reads a body with JSON.parse: the name of wmrec's result.
function readBody(bytes) {
  let body;

  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return 'json';
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body) || typeof body.status !== 'string')
    return 'no-status';
  return ['NeverStarted', 'Recording', 'Stopped'].includes(body.status) ? 'ok' : 'unknown-status';
}

// The difference, in the terms of the table: [wmrec, node]; null: there is none.
function difference(wmrec, node) {
  const nodeResult = node.isWhole ? 'takes another' : node.error;

  if (invalid.has(wmrec.result))
    return node.isWhole ? [wmrec.result, 'takes it'] : null;
  if (wmrec.status !== 200) // wmrec reports the status only, also if the body is truncated
    return node.status === wmrec.status ? null : ['takes it', nodeResult];
  if (!node.isWhole || node.status !== 200 || !node.body.equals(wmrec.body))
    return ['takes it', nodeResult];
  return wmrec.result === readBody(node.body) ? null : [wmrec.result, readBody(node.body)];
}

async function compare(parameters) {
  const lines = execFileSync(program, parameters, { maxBuffer: 1 << 28, encoding: 'latin1' }).trim().split('\n');
  const unlisted = [];

  for (const line of lines) {
    const [names, ending, result, status, body, answer] = line.split('\t');
    const bytes = Buffer.from(answer, 'hex');
    const wmrec = { result, status: Number(status), body: Buffer.from(body, 'hex') };
    const found = difference(wmrec, await askNode(bytes, ending));
    const keys = found === null ? [] : names.split(' ').map((name) => [name, ...found].join('\t'));
    const rows = listed.filter(({ key }) => keys.includes(key));

    for (const row of rows)
      row.isNeeded = true;
    if (found !== null && rows.length === 0)
      unlisted.push(`${[names, ...found].join('\t')}\t${JSON.stringify(bytes.toString('latin1'))}`);
  }
  assert.strictEqual(unlisted.length, 0, `${unlisted.length} of ${lines.length}\n${unlisted.slice(0, 20).join('\n')}`);
  return lines.length;
}

test('node reads the golden answers as wmrec does, except for the differences in differences.tsv', async () => {
  const cases = table(path.join(golden, 'responses.tsv'));

  assert.strictEqual(await compare(cases.flatMap(([file, , , , , , end]) => [end, path.join(golden, 'responses', file)])),
    cases.length);
});

test('JSON.parse reads the golden bodies as wmrec does, except for the differences in differences.tsv', () => {
  for (const [file, result] of table(path.join(golden, 'bodies.tsv'))) {
    const found = readBody(fs.readFileSync(path.join(golden, 'bodies', file)));
    const row = listed.find(({ key }) => key === [file, result, found].join('\t'));

    assert.ok(found === result || row !== undefined, [file, result, found].join('\t'));
    if (found !== result)
      row.isNeeded = true;
  }
});

test(`node reads ${generated} generated answers as wmrec does, except for the differences in differences.tsv`, async () => {
  assert.strictEqual(await compare([String(generated)]), generated);
});

test('each line of differences.tsv is a difference that occurs', () => {
  assert.deepStrictEqual(listed.filter(({ isNeeded }) => !isNeeded).map(({ key }) => key), []);
});
