// make bench: measures, prints the tables, and writes them to results.md and their ratios to bench.svg. The first argument, if
// any: how many runs of each program on the desktop.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { measureDesktop } = require('./desktop');
const { measurePeers, peerColumns } = require('./peers');
const { plot, ratioText } = require('./plot');

const packages = ['gcc', 'libhttp-parser-dev', 'node-llhttp', 'libjsmn-dev', 'libcjson-dev', 'libcurl4', 'curl', 'jq', 'python3',
  'valgrind'];
const desktopColumns = ['CPU time', 'wall time', 'peak memory'];

function table(head, rows) {
  return [head, head.map((column, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Each figure, and how many times wmrec's it is. */
function cells({ figures }, [wmrec], write) {
  return figures.map((figure, i) => `${write(figure, i)} (${ratioText(figure / wmrec.figures[i])})`);
}

/** Of what Debian has brought; a tool may have come in another way. */
function versions() {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${Version}\n', ...packages], { encoding: 'utf8' });

  return [...stdout.trim().split('\n'), `node ${process.versions.node}`];
}

function report(peers, desktop, runs) {
  const count = (number) => number.toLocaleString('en-US');

  return `<!-- Written by make bench. -->
# What \`make bench\` measured

One answer of 12 fields and 530 bytes (by chunks 549), read to the status: instructions on ${os.machine()}, -O2, by callgrind; and
the heap that is asked for meanwhile, by memcheck. The flash is the whole job's on a Cortex-M0+, -Os, with what it needs of libc,
of those that come as sources; what wmrec's core alone takes, \`make size\` tells.

${table(['', ...peerColumns, 'allocations', 'bytes of heap', 'bytes of flash'],
    peers.map((row) => [row.name, ...cells(row, peers, count), row.allocations, count(row.bytes),
      row.flash === null ? '' : `${count(row.flash)} (${ratioText(row.flash / peers[0].flash)})`]))}

One answer of a real WireMock on the same machine, over TLS 1.3, by a program from its start to its end; the shell that starts it
is in all of them. Medians of ${runs} runs, and the most memory of one process:

${table(['', ...desktopColumns],
    desktop.map((row) => [row.name === 'wmrec' ? row.name : `\`${row.name.replaceAll('|', '\\|')}\``,
      ...cells(row, desktop, (figure, i) => `${figure.toFixed(1)} ${i < 2 ? 'ms' : 'MiB'}`)]))}

Instructions and allocations depend on the compiler, the C library and the processor's kind; times, on the very machine and
what else it does: only their ratios, in brackets, are of use elsewhere, and they only about. This was measured on
${os.cpus().length} cores of ${os.cpus()[0].model}, with:

${versions().map((version) => `- ${version}`).join('\n')}
`;
}

async function main(runs = 100) {
  const peers = measurePeers();
  const desktop = await measureDesktop(Number(runs));
  const text = report(peers, desktop, runs);

  process.stdout.write(text);
  fs.writeFileSync(path.join(__dirname, 'results.md'), text);
  fs.writeFileSync(path.join(__dirname, 'bench.svg'), plot([
    { title: 'Instructions to read one answer', columns: peerColumns, rows: peers },
    { title: 'One answer on a desktop, over TLS 1.3', columns: desktopColumns, rows: desktop },
  ]));
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(`make bench: ${error.message}`);
  process.exit(1);
});
