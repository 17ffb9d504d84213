// A line plot as one SVG: no script, no font of its own, readable on light and dark, its lines told apart without colour.

/** x and y. */
export type Point = readonly [number, number];

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface LinePlot {
  readonly title: string;
  /** What the plot shows, for who cannot see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xScale: 'linear' | 'log';
  /** At most three, all over the same x. */
  readonly lines: readonly Line[];
}

const WIDTH = 720;
const HEIGHT = 420;
const PLOT = { left: 72, right: 24, top: 96, bottom: 60 } as const;
/** Between the axis and the first and last point. */
const PADDING = 24;
const LINE_STYLES = ['a', 'b', 'c'] as const;
const Y_TICKS = 5;

const STYLE = `
  svg { font: 14px system-ui, sans-serif; --ink: #1f2328; --faint: #c8ccd1; --a: #0969da; --b: #b35900; --c: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e6edf3; --faint: #484f58; --a: #58a6ff; --b: #f0883e; --c: #3fb950 }
  }
  text { fill: var(--ink) }
  .title { font-size: 16px; font-weight: 600 }
  .grid { stroke: var(--faint); stroke-width: 1 }
  .line { fill: none; stroke-width: 2 }
  .a { stroke: var(--a) } .b { stroke: var(--b); stroke-dasharray: 8 4 } .c { stroke: var(--c); stroke-dasharray: 2 4 }
  circle.a { fill: var(--a) } circle.b { fill: var(--b); stroke-dasharray: none } circle.c { fill: var(--c) }
`;

/** @returns a document with title and description; the y axis begins at 0 */
export function linePlot(plot: LinePlot): string {
  const xs = plot.lines[0]?.points.map(([x]) => x) ?? [];
  const yTop = niceCeiling(Math.max(...plot.lines.flatMap(({ points }) => points.map(([, y]) => y))));
  const scale = { x: createXScale(xs, plot.xScale), y: createYScale(yTop) };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(plot.title)}</title>`,
    `<desc id="desc">${escapeXml(plot.description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="${PLOT.left}" y="24">${escapeXml(plot.title)}</text>`,
    ...yAxis(plot.yLabel, yTop, scale.y),
    ...xAxis(plot.xLabel, xs, scale.x),
    ...plot.lines.flatMap((line, i) => drawLine(line, LINE_STYLES[i] ?? 'c', scale)),
    ...legend(plot.lines),
    '</svg>',
    '',
  ].join('\n');
}

type Scale = (value: number) => number;

function createXScale(xs: readonly number[], kind: LinePlot['xScale']): Scale {
  const place = kind === 'log' ? Math.log10 : (x: number) => x;
  const low = place(Math.min(...xs));
  const span = place(Math.max(...xs)) - low || 1;
  const width = WIDTH - PLOT.left - PLOT.right - 2 * PADDING;
  return (x) => round(PLOT.left + PADDING + ((place(x) - low) / span) * width);
}

function createYScale(top: number): Scale {
  const height = HEIGHT - PLOT.top - PLOT.bottom;
  return (y) => round(HEIGHT - PLOT.bottom - (y / top) * height);
}

/** The next round number that five steps lead to in round numbers. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value) ?? 10) * power;
}

function yAxis(label: string, top: number, y: Scale): readonly string[] {
  const ticks = Array.from({ length: Y_TICKS + 1 }, (_, i) => (top * i) / Y_TICKS);
  return [
    `<text x="${PLOT.left}" y="${PLOT.top - 12}">${escapeXml(label)}</text>`,
    ...ticks.flatMap((tick) => [
      `<path class="grid" d="M${PLOT.left} ${y(tick)}H${WIDTH - PLOT.right}"/>`,
      `<text x="${PLOT.left - 8}" y="${y(tick) + 5}" text-anchor="end">${escapeXml(format(tick))}</text>`,
    ]),
  ];
}

function xAxis(label: string, xs: readonly number[], x: Scale): readonly string[] {
  const middle = (PLOT.left + WIDTH - PLOT.right) / 2;
  return [
    ...xs.map(
      (tick) =>
        `<text x="${x(tick)}" y="${HEIGHT - PLOT.bottom + 22}" text-anchor="middle">${escapeXml(format(tick))}</text>`,
    ),
    `<text x="${middle}" y="${HEIGHT - 14}" text-anchor="middle">${escapeXml(label)}</text>`,
  ];
}

function drawLine({ points }: Line, style: string, scale: { x: Scale; y: Scale }): readonly string[] {
  const places = points.map(([x, y]) => `${scale.x(x)} ${scale.y(y)}`);
  return [
    `<path class="line ${style}" d="M${places.join('L')}"/>`,
    ...points.map(([x, y]) => `<circle class="${style}" cx="${scale.x(x)}" cy="${scale.y(y)}" r="4"/>`),
  ];
}

function legend(lines: readonly Line[]): readonly string[] {
  const step = (WIDTH - PLOT.left - PLOT.right) / lines.length;
  return lines.flatMap(({ name }, i) => {
    const left = round(PLOT.left + i * step);
    return [
      `<path class="line ${LINE_STYLES[i] ?? 'c'}" d="M${left} 42h32"/>`,
      `<text x="${left + 40}" y="47">${escapeXml(name)}</text>`,
    ];
  });
}

function format(value: number): string {
  const notation = value < 100_000 ? 'standard' : 'compact';
  return new Intl.NumberFormat('en-US', { notation, maximumFractionDigits: 3 }).format(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
}
