// wmrec watch -o home-assistant, published by the loop of examples/cli/README.md to a real mosquitto.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const {
  answer, answering, certificate, file, freePort, id, key, launch, patiently, program, run, says, until, untilListening,
  withTimeEnough,
} = require('./support');
const { start, stop, temporaryFolder, top } = require('./wiremock');

/** The loop of examples/cli/README.md, for these ids. */
function readmeLoop(ids) {
  const readme = fs.readFileSync(path.join(top, 'examples/cli/README.md'), 'utf8');
  const [, loop] = /```sh\n(wmrec watch -o home-assistant [^]*?done\n)```/.exec(readme);

  return loop.replace('jjl8y k2m9q', '"$@"').replace(/^/, `set -- ${ids.map((name) => `'${name}'`).join(' ')}\n`);
}

/** Starts a broker, which has one retained message of the topic "ready"; returns its port. */
async function broker(t) {
  const port = await freePort();
  const settings = file(`listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\n`, 0o644);

  fs.chmodSync(temporaryFolder(), 0o755); // mosquitto drops the privileges of root, perhaps before it reads its settings
  const child = start('/usr/sbin/mosquitto', ['-c', settings], { stdio: 'ignore' });
  t.after(() => stop(child));
  await untilListening(port);
  const { code, stderr } = await run('mosquitto_pub', ['-h', '127.0.0.1', '-p', `${port}`, '-r', '-t', 'ready', '-m', 'yes']);
  assert.strictEqual(code, 0, stderr);
  return port;
}

const subscribers = []; // of all tests

/** Starts a subscriber to all topics, and waits until it is subscribed. lines(): { isRetained, topic, payload } of each message. */
async function subscribe(t, port) {
  const running = launch('mosquitto_sub', ['-h', '127.0.0.1', '-p', port, '-t', '#', '-F', '%r %t %p']);

  t.after(async () => {
    running.kill('SIGKILL');
    await running.end().catch(() => {}); // it was killed
  });
  subscribers.push(running);
  running.lines = () => running.output.stdout.trim().split('\n').map((line) => {
    const [retained, topic, ...payload] = line.split(' ');
    return { isRetained: retained === '1', topic, payload: payload.join(' ') };
  }).filter(({ topic }) => topic !== 'ready');
  await running.until(/ ready /);
  return running;
}

/** Starts the loop of examples/cli/README.md; its wmrec asks `server` every 0.1 s. */
function publish(t, server, port, ids, options = []) {
  const folder = fs.mkdtempSync(path.join(temporaryFolder(), 'path-'));
  const words = [program, '--endpoint', server.url, '--cacert', certificate('roots.pem'), '--max-time', '1h', '--interval', '0.1s', ...options];

  fs.writeFileSync(path.join(folder, 'wmrec'), `#!/bin/sh\necho $$ >'${folder}/pid'\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  const running = launch('sh', ['-c', readmeLoop(ids)],
    { environment: { PATH: `${folder}:${process.env.PATH}`, MQTT_PORT: String(port), MQTT_HOST: '127.0.0.1', WMC_API_TOKEN: key } });
  const kill = (signal) => process.kill(Number(fs.readFileSync(path.join(folder, 'pid'), 'utf8')), signal);
  const killAtExit = () => kill('SIGKILL'); // wmrec is not a child of this process; the loop ends when wmrec does
  const end = async () => {
    kill('SIGTERM');
    process.removeListener('exit', killAtExit);
    return running.end();
  };
  let ended = null;
  running.stop = () => (ended ??= end());
  process.prependListener('exit', killAtExit);
  t.after(running.stop);
  return running;
}

test('only the discovery config is retained; it has the topic of the states, ON and OFF, and after which time they expire', async (t) => {
  const port = await broker(t);
  const early = await subscribe(t, port);
  publish(t, await answering(t, says('Recording')), port, [id], ['--stale-after', '2.5s']);

  await early.until(/state ON/);
  const late = await subscribe(t, port);
  await late.until(/state ON/);
  const config = late.lines().find(({ topic }) => topic === `homeassistant/binary_sensor/wmrec_${id}/config`);
  const said = JSON.parse(config.payload);

  assert.strictEqual(config.isRetained, true);
  assert.deepStrictEqual([said.unique_id, said.state_topic, said.payload_on, said.payload_off, said.expire_after],
    [`wmrec_${id}`, `wmrec/${id}/state`, 'ON', 'OFF', 3]);
  assert.ok(late.lines().every(({ topic, isRetained }) => topic.endsWith('/config') === isRetained), 'only it is retained');
});

test('a state expires after three intervals by default', async (t) => {
  const port = await broker(t);
  const subscriber = await subscribe(t, port);
  publish(t, await answering(t, says('Recording')), port, [id], ['--interval', '20s']);

  await subscriber.until(/state ON/);
  assert.match(subscriber.output.stdout, /"expire_after":60,/);
});

test('each answer is published as a state: ON while recording, OFF before and after', async (t) => {
  const port = await broker(t);
  const subscriber = await subscribe(t, port);
  const order = ['NeverStarted', 'Recording', 'Recording', 'Recording', 'Stopped'];
  publish(t, await answering(t, (request, number) => says(order[Math.min(number, order.length) - 1])), port, [id]);

  await subscriber.until(/ON\n.*OFF\n.*OFF\n/);
  const states = subscriber.lines().filter(({ topic }) => topic === `wmrec/${id}/state`).map(({ payload }) => payload);
  assert.deepStrictEqual(states.slice(0, 6), ['OFF', 'ON', 'ON', 'ON', 'OFF', 'OFF']);
});

test('a failed poll publishes nothing, so that the state expires', async (t) => {
  const port = await broker(t);
  const order = [says('Recording'), answer(500), answer(503, '', { 'Retry-After': 0 }), '', '', says('Stopped')];
  const attempt = async (limit) => {
    const subscriber = await subscribe(t, port);
    const server = await answering(t, (request, number) => order[Math.min(number, order.length) - 1]);
    const running = publish(t, server, port, [id], ['--stale-after', '1h', '--max-time', limit]);

    await until(() => /OFF\n/.test(subscriber.output.stdout) || server.connections > 12); // in vain: the limit is too short
    await running.stop();
    const states = subscriber.lines().filter(({ topic }) => topic.endsWith('/state')).map(({ payload }) => payload);
    return { states: states.slice(0, 2), stderr: running.output.stderr };
  };
  const { states, stderr } = await withTimeEnough(attempt, (result) => result.states[0] === 'ON');

  assert.deepStrictEqual(states, ['ON', 'OFF']);
  assert.match(stderr, /the server failed[^]*is unavailable[^]*no complete answer[^]*it answers again/);
});

test('when an answer becomes stale, its state becomes unknown', async (t) => {
  const port = await broker(t);
  const subscriber = await subscribe(t, port);
  const order = [says('Recording', { Age: 100 }), ''];
  publish(t, await answering(t, (request, number) => order[Math.min(number, order.length) - 1]), port, [id],
    ['--stale-after', '101s']);

  await subscriber.until(/state None/);
  const states = subscriber.lines().filter(({ topic }) => topic === `wmrec/${id}/state`).map(({ payload }) => payload);
  assert.deepStrictEqual(states, ['ON', 'None']);
});

test('an answer that is too old when it comes is not published', async (t) => {
  const port = await broker(t);
  const subscriber = await subscribe(t, port);
  const running = publish(t, await answering(t, says('Recording', { Age: 100 })), port, [id], ['--stale-after', '99s']);

  await running.until(/too old/);
  await subscriber.until(/config/);
  assert.doesNotMatch(subscriber.output.stdout, /\/state /);
});

test('nothing but the config is published if the key is refused', async (t) => {
  const port = await broker(t);
  const subscriber = await subscribe(t, port);
  const running = publish(t, await answering(t, answer(401)), port, [id]);

  await running.until(/not accepted/);
  await subscriber.until(/config/);
  assert.doesNotMatch(subscriber.output.stdout, /\/state (ON|OFF)/);
});

test('an id of any characters makes topics without wildcards or further levels, and a payload that is JSON', async (t) => {
  const port = await broker(t);
  const subscriber = await subscribe(t, port);
  const ids = ['a/b+c', '#####', '"\\"\\"', '$SYS/', 'a b c', 'jjl8y'];
  publish(t, await answering(t, says('Recording')), port, ids);

  await subscriber.until(/jjl8y\/state ON/);
  const configs = subscriber.lines().filter(({ topic }) => topic.endsWith('/config'));
  assert.strictEqual(configs.length, ids.length);
  for (const [index, { topic, payload }] of configs.entries()) {
    const { name, state_topic: state, unique_id: unique } = JSON.parse(payload);

    assert.match(topic, /^homeassistant\/binary_sensor\/wmrec_[a-zA-Z0-9-]+\/config$/);
    assert.match(state, /^wmrec\/[a-zA-Z0-9-]+\/state$/);
    assert.strictEqual(topic.split('/')[2], unique);
    assert.strictEqual(name, `${ids[index]} recording`);
    assert.ok(subscriber.lines().some((line) => line.topic === state && line.payload === 'ON'), state);
  }
  assert.strictEqual(new Set(configs.map(({ topic }) => topic)).size, ids.length);
});

test('no subscriber received the key', () => {
  const published = subscribers.map(({ output }) => output.stdout).join('');

  assert.match(published, /state ON/);
  assert.ok(!published.includes(key));
});

test('a self-hosted WireMock is named by host, port and path, so that two on one host are two sensors', async (t) => {
  const server = await answering(t, says('Recording'), { certificate: null });
  const name = `wmrec_localhost-3a${server.port}`;

  for (const [end, path] of [['', ''], ['/', ''], ['/a/b/', '-2fa-2fb']]) {
    const running = launch(program, patiently(['watch', '-o', 'home-assistant', '--self-hosted', server.url + end]));

    await running.until(/state ON/);
    running.kill('SIGTERM');
    const [config, state] = (await running.end()).stdout.split('\n');
    assert.ok(config.startsWith(`homeassistant/binary_sensor/${name}${path}/config {`), config);
    assert.strictEqual(state, `${name.replace('_', '/')}${path}/state ON`);
    assert.strictEqual(JSON.parse(config.slice(config.indexOf('{'))).unique_id, name + path);
  }
});
