// make bench: measures wmrec and its peers. Prints the tables and writes them to results.md, and their ratios to bench.svg.
//
//   bench.js [RUNS]      RUNS: of each program on the desktop; 100 by default
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
const { run, table } = require('./support');

const packages = ['gcc', 'libhttp-parser-dev', 'node-llhttp', 'libjsmn-dev', 'libcjson-dev', 'libcurl4', 'curl', 'jq', 'python3',
  'valgrind'];
const desktopColumns = ['CPU time', 'wall time', 'peak memory'];

/** Each figure of a row, with its ratio to wmrec's. */
function cells({ figures }, [wmrec], write) {
  return figures.map((figure, i) => `${write(figure, i)} (${ratioText(figure / wmrec.figures[i])})`);
}

/** The versions of Debian's packages; a tool that was installed in another way is not listed. */
function versions() {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${Version}\n', ...packages], { encoding: 'utf8' });

  return [...stdout.trim().split('\n'), `node ${process.versions.node}`];
}

function report(peers, desktop, runs) {
  const withCommas = (number) => number.toLocaleString('en-US');

  return `<!-- Written by make bench. -->
# What \`make bench\` measured

The job: to read the status from one answer of 12 fields and 530 bytes (549 with chunks). Instructions are measured on
${os.machine()} with -O2, by callgrind, and the heap that is allocated by memcheck. Flash is measured on a Cortex-M0+ with -Os, for
the whole job with the functions of libc that it needs, and only for peers that come as sources. \`make size\` measures wmrec's core
alone.

${table(['', ...peerColumns, 'allocations', 'bytes of heap', 'bytes of flash'],
    peers.map((row) => [row.name, ...cells(row, peers, withCommas), row.allocations, withCommas(row.bytes),
      row.flash === null ? '' : `${withCommas(row.flash)} (${ratioText(row.flash / peers[0].flash)})`]))}

A program, from its start to its end, that gets one answer from a real WireMock on the same machine over TLS 1.3. The figures
include the shell that starts it. All trust the system's bundle of root certificates, as they do by default; "with one root" shows
what that costs (\`make bench-roots\` counts it). Medians of ${runs} runs; the memory is the peak of the largest process, which
Linux counts in steps of some 128 KiB:

${table(['', ...desktopColumns],
    desktop.map((row) => [row.name.startsWith('wmrec') ? row.name : `\`${row.name.replaceAll('|', '\\|')}\``,
      ...cells(row, desktop, (figure, i) => `${figure.toFixed(1)} ${i < 2 ? 'ms' : 'MiB'}`)]))}

Instructions and allocations depend on the compiler, the C library and the processor. Times depend on the machine and its load:
on other machines only the ratios, in parentheses, apply, and only roughly. Measured on ${os.cpus().length} cores of ${os.cpus()[0].model}, with:

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

run('bench', main);
