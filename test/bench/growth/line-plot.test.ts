// Plots are documents that can be read aloud, in the dark and without colour, and whose points lie where their values are.

import t from 'tap';
import { type LinePlot, linePlot } from '../../../bench/growth/line-plot.js';

const PLOT: LinePlot = {
  title: 'Cost & growth',
  description: 'At 1 key: 30; at 100 keys: 40.',
  xLabel: 'keys <logarithmic>',
  yLabel: 'microseconds',
  xScale: 'log',
  lines: [
    {
      name: 'one',
      points: [
        [1, 30],
        [10, 35],
        [100, 40],
      ],
    },
    {
      name: 'all',
      points: [
        [1, 30],
        [10, 45],
        [100, 50],
      ],
    },
  ],
};

function circles(svg: string, style: string): readonly (readonly [number, number])[] {
  const pattern = new RegExp(`<circle class="${style}" cx="([\\d.]+)" cy="([\\d.]+)"`, 'g');
  return [...svg.matchAll(pattern)].map(([, x, y]) => [Number(x), Number(y)] as const);
}

t.test('title, description and axis labels are there, with nothing of theirs taken as markup', async (t) => {
  const svg = linePlot(PLOT);
  t.match(svg, '<title id="title">Cost &#38; growth</title>');
  t.match(svg, '<desc id="desc">At 1 key: 30; at 100 keys: 40.</desc>');
  t.match(svg, 'role="img" aria-labelledby="title desc"');
  t.match(svg, '>keys &#60;logarithmic&#62;</text>');
  t.match(svg, '>microseconds</text>');
  t.match(svg, /prefers-color-scheme: dark/);
  t.notMatch(svg, /&(?!#\d+;)/);
});

t.test('lines differ by more than colour', async (t) => {
  const svg = linePlot(PLOT);
  t.match(svg, /\.b \{[^}]*stroke-dasharray/);
  t.equal(svg.match(/<path class="line a"/g)?.length, 2, 'the line and its legend');
  t.equal(svg.match(/<path class="line b"/g)?.length, 2);
});

t.test('a logarithmic axis gives each factor the same room, and the value axis begins at 0', async (t) => {
  const svg = linePlot(PLOT);
  const points = circles(svg, 'a');
  const [first, second, third] = points;
  t.equal(points.length, 3);
  t.ok(first && second && third);
  if (!first || !second || !third) return;
  t.ok(Math.abs(second[0] - first[0] - (third[0] - second[0])) < 0.2);
  const top = circles(svg, 'b')[2];
  const [highest, bottom] = [96, 420 - 60];
  t.equal(top?.[1], highest, 'the highest value is a round number at the top');
  t.equal(bottom - first[1], Math.round(((bottom - highest) * 30 * 10) / 50) / 10);
});

t.test('a linear axis gives each step the same room', async (t) => {
  const lines = [
    {
      name: 'rate',
      points: [
        [1, 10],
        [2, 20],
        [4, 40],
      ] as const,
    },
  ];
  const [one, two, four] = circles(linePlot({ ...PLOT, xScale: 'linear', lines }), 'a');
  t.ok(one && two && four);
  if (one && two && four) t.ok(Math.abs(2 * (two[0] - one[0]) - (four[0] - two[0])) < 0.3);
});
