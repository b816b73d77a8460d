// Draws ratios to wmrec as an SVG. The scale is logarithmic: wmrec is the line at 1; 2 and 1/2 are at the same distance from it.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

const width = 800;
const labels = 270; // the right edge of the names
const scale = { left: 300, right: 730 };
const bar = 14;
const gap = 16;

const style = `
    text { font: 13px Helvetica, Arial, sans-serif; fill: #1f2328 }
    .title { font-size: 15px; font-weight: bold }
    .small { font-size: 12px; fill: #59636e }
    .ratio { font-size: 12px; stroke: #ffffff; stroke-width: 4px; paint-order: stroke }
    .paper { fill: #ffffff }
    .grid { stroke: #d1d9e0 }
    .one { stroke: #1f2328; stroke-width: 2 }
    .bar0 { fill: #0072b2 } .bar1 { fill: #e69f00 } .bar2 { fill: #009e73 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .small { fill: #9198a1 } .paper { fill: #0d1117 } .grid { stroke: #3d444d } .one { stroke: #e6edf3 }
      .ratio { stroke: #0d1117 } .bar0 { fill: #56b4e9 }
    }`;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const text = (x, y, content, attributes = '') => `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escape(content)}</text>`;

/** A ratio as text, rounded to two or three digits. */
function ratioText(ratio) {
  return `\u00d7${ratio.toFixed(ratio < 9.95 ? ratio < 0.995 ? 2 : 1 : 0)}`;
}

/** The powers of two that enclose 1 and all ratios, with room for the text beside the longest bar. */
function rangeOf(ratios) {
  const powers = ratios.map(Math.log2);
  const min = Math.min(...powers);
  const max = Math.max(...powers);

  return { min: min < 0 ? Math.floor(min - 0.8) : 0, max: max > 0 ? Math.ceil(max + 0.8) : 0 };
}

function position(ratio, { min, max }) {
  return scale.left + (scale.right - scale.left) * (Math.log2(ratio) - min) / (max - min);
}

function drawLegend(columns, y) {
  return columns.map((column, i) => {
    const x = scale.left + i * 145;

    return `<rect class="bar${i}" x="${x}" y="${y - 10}" width="12" height="12"/>${text(x + 18, y, column)}`;
  });
}

function drawGrid(range, top, bottom) {
  const parts = [];

  for (let power = range.min; power <= range.max; power++) {
    const x = position(2 ** power, range);

    parts.push(`<line class="${power === 0 ? 'one' : 'grid'}" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top}" y2="${bottom}"/>`,
      text(x, bottom + 16, power < 0 ? `1/${2 ** -power}` : String(2 ** power), 'class="small" text-anchor="middle"'));
  }
  return parts;
}

function drawBars(row, ratios, range, y) {
  return ratios.flatMap((ratio, i) => {
    const end = position(ratio, range);
    const one = position(1, range);
    const top = y + i * bar;
    const beside = ratio < 1 ? [end - 5, 'text-anchor="end"'] : [end + 5, ''];

    return [`<rect class="bar${i}" x="${Math.min(end, one).toFixed(1)}" y="${top}" width="${Math.abs(end - one).toFixed(1)}" height="${bar - 2}"/>`,
      text(beside[0], top + 10.5, ratioText(ratio), `class="ratio" ${beside[1]}`)];
  }).concat(text(labels, y + ratios.length * bar / 2 + 4, row.name, 'text-anchor="end"'));
}

/** Draws a panel at y: [parts, the y of its end]. The first row is wmrec's. */
function drawPanel({ title, columns, rows: [wmrec, ...others] }, y) {
  const ratios = others.map((row) => row.figures.map((figure, i) => figure / wmrec.figures[i]));
  const range = rangeOf(ratios.flat());
  const top = y + 60;
  const height = columns.length * bar + gap;
  const bottom = top + others.length * height;

  return [[text(20, y + 22, title, 'class="title"'), text(20, y + 44, 'ratio to wmrec (1)'), ...drawLegend(columns, y + 44),
    ...drawGrid(range, top, bottom), ...others.flatMap((row, i) => drawBars(row, ratios[i], range, top + gap / 2 + i * height))],
  bottom + 30];
}

/** Draws panels as an SVG. A panel: { title, columns, rows: [{ name, figures }] }; the first row is wmrec's. */
function plot(panels) {
  let y = 8;
  const parts = panels.flatMap((panel) => {
    const [drawn, end] = drawPanel(panel, y);

    y = end + 8;
    return drawn;
  });

  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img">
  <title>${panels.map(({ title }) => escape(title)).join('; ')}: ratios to wmrec</title>
  <style>${style}
  </style>
  <rect class="paper" width="${width}" height="${y}" rx="6"/>
  ${parts.join('\n  ')}
</svg>
`;
}

module.exports = { plot, ratioText };
