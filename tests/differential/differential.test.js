// Compares wmrec with node's http client (llhttp) and JSON.parse, over the golden answers and thousands that
// tests/fuzz/model.h makes. differences.tsv lists each difference with the rule of an RFC; each of its lines is needed.
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

const generated = 10000;
const program = process.env.ANSWERS || 'build/sanitized/answers';
const golden = path.join(__dirname, '../golden');

// Results that mean that the bytes are not a complete answer.
const noAnswer = new Set(['status-line', 'header', 'section-limit', 'content-length', 'coding', 'chunk', 'body-limit',
  'truncated', 'closed']);

const table = (file) => fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '' && line[0] !== '#')
  .map((line) => line.split('\t'));
const explained = table(path.join(__dirname, 'differences.tsv'))
  .map(([about, wmrec, node]) => ({ key: [about, wmrec, node].join('\t'), isNeeded: false }));

// A stream that takes a request, gives the answer, and ends.
function connection(answer, ending) {
  let isAsked = false;
  let isGiven = false;
  const go = () => {
    if (!isAsked)
      return;
    if (!isGiven && answer.length > 0) {
      isGiven = true;
      stream.push(answer);
    } else if (ending === 'clean') {
      stream.push(null);
    } else {
      stream.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    }
  };
  const stream = new Duplex({
    read: go,
    write: (bytes, encoding, done) => {
      const wasAsked = isAsked;

      isAsked = true;
      done();
      if (!wasAsked)
        go();
    },
  });

  return stream;
}

// How node's http client reads it: an error, or status and body; isWhole: the body is complete.
function askNode(answer, ending) {
  return new Promise((resolve) => {
    const request = http.get({ host: 'h', createConnection: () => connection(answer, ending) });
    const seen = { status: 0, isWhole: false, error: 'no answer' };
    const chunks = [];
    const note = ({ code }) => { seen.error = seen.error.startsWith('HPE_') ? seen.error : code; };
    const done = () => resolve({ ...seen, body: Buffer.concat(chunks) });

    request.on('error', note);
    request.on('upgrade', (response, socket) => {
      seen.status = response.statusCode;
      socket.destroy();
    });
    request.on('response', (response) => {
      seen.status = response.statusCode;
      response.on('error', note);
      response.on('data', (bytes) => chunks.push(bytes));
      response.on('end', () => { seen.isWhole = response.complete; });
      response.on('close', done);
    });
    request.on('close', () => seen.status === 0 || seen.status === 101 ? done() : undefined);
  });
}

// How JSON.parse reads a body, in wmrec's words.
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

// In the words of the table: the result of wmrec and of node; null: both are the same.
function difference(wmrec, node) {
  const told = node.isWhole ? 'takes another' : node.error;

  if (noAnswer.has(wmrec.result))
    return node.isWhole ? [wmrec.result, 'takes it'] : null;
  if (wmrec.status !== 200) // of which wmrec tells no more than the status: that it was cut short, is not its result
    return node.status === wmrec.status ? null : ['takes it', told];
  if (!node.isWhole || node.status !== 200 || !node.body.equals(wmrec.body))
    return ['takes it', told];
  return wmrec.result === readBody(node.body) ? null : [wmrec.result, readBody(node.body)];
}

async function compare(parameters) {
  const lines = execFileSync(program, parameters, { maxBuffer: 1 << 28, encoding: 'latin1' }).trim().split('\n');
  const unexplained = [];

  for (const line of lines) {
    const [about, ending, result, status, body, answer] = line.split('\t');
    const bytes = Buffer.from(answer, 'hex');
    const wmrec = { result, status: Number(status), body: Buffer.from(body, 'hex') };
    const found = difference(wmrec, await askNode(bytes, ending));
    const keys = found === null ? [] : about.split(' ').map((one) => [one, ...found].join('\t'));
    const rows = explained.filter(({ key }) => keys.includes(key));

    for (const row of rows)
      row.isNeeded = true;
    if (found !== null && rows.length === 0)
      unexplained.push(`${[about, ...found].join('\t')}\t${JSON.stringify(bytes.toString('latin1'))}`);
  }
  assert.strictEqual(unexplained.length, 0, `${unexplained.length} of ${lines.length}\n${unexplained.slice(0, 20).join('\n')}`);
  return lines.length;
}

test('node reads the golden answers as wmrec does, except for the lines of differences.tsv', async () => {
  const cases = table(path.join(golden, 'responses.tsv'));

  assert.strictEqual(await compare(cases.flatMap(([file, , , , , , end]) => [end, path.join(golden, 'responses', file)])),
    cases.length);
});

test('JSON.parse reads the golden bodies as wmrec does, except for the lines of differences.tsv', () => {
  for (const [file, result] of table(path.join(golden, 'bodies.tsv'))) {
    const found = readBody(fs.readFileSync(path.join(golden, 'bodies', file)));
    const row = explained.find(({ key }) => key === [file, result, found].join('\t'));

    assert.ok(found === result || row !== undefined, [file, result, found].join('\t'));
    if (found !== result)
      row.isNeeded = true;
  }
});

test(`node reads ${generated} generated answers as wmrec does, except for the lines of differences.tsv`, async () => {
  assert.strictEqual(await compare([String(generated)]), generated);
});

test('each line of differences.tsv is a difference', () => {
  assert.deepStrictEqual(explained.filter(({ isNeeded }) => !isNeeded).map(({ key }) => key), []);
});
