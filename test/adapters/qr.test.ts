import { createRequire } from 'node:module';
import fc from 'fast-check';
import QRCode from 'qrcode';
import t from 'tap';
import { chooseMask, MASK_COUNT, penalty } from '../../src/adapters/qr/mask.js';
import { quickMatrix } from '../../src/adapters/qr/matrix.js';
import {
  pngOf,
  type QrLevel,
  type QrMatrix,
  qrMatrix,
  renderPng,
  renderSvg,
  renderTerminal,
  svgOf,
  type TerminalStyle,
} from '../../src/adapters/qr.js';
import { readQr } from '../support/read-qr.js';

const LEVELS: readonly QrLevel[] = ['L', 'M', 'Q', 'H'];
const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** A text that looks like base45, the same at every run. */
const base45Text = (length: number, seed: number): string => {
  let state = seed * 2_654_435_761 + length;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return BASE45[(state >>> 16) % 45];
  }).join('');
};

/** Characters that fill a version, by the encoder's own table. */
const capacity = (version: number, level: QrLevel): number => {
  const require = createRequire(import.meta.url);
  const versions = require('qrcode/lib/core/version') as {
    getCapacity: (version: number, level: unknown, mode: unknown) => number;
  };
  const levels = require('qrcode/lib/core/error-correction-level') as { from: (level: string) => unknown };
  const modes = require('qrcode/lib/core/mode') as { ALPHANUMERIC: unknown };
  return versions.getCapacity(version, levels.from(level), modes.ALPHANUMERIC);
};

const isDark = ({ size, modules }: QrMatrix, row: number, column: number): boolean =>
  row >= 0 && row < size && column >= 0 && column < size && modules[row * size + column] === 1;

t.test(
  'an independent reader reads the very text from the PNG, for each version at each level',
  async (t) => {
    for (const level of LEVELS) {
      for (let version = 1; version <= 40; version++) {
        const text = base45Text(capacity(version, level), version);
        const matrix = qrMatrix(text, level);
        const found = await readQr(renderPng(matrix, { scale: 3 }));
        const right = found.length === 1 && found[0]?.text === text && found[0]?.level === level;
        t.ok(right && matrix.version === version, `version ${version} at ${level}`);
      }
    }
  },
);

t.test('the quick symbol says the same under the first mask', async (t) => {
  for (const [length, seed] of [
    [300, 1],
    [528, 2],
  ] as const) {
    const text = base45Text(length, seed);
    const quick = quickMatrix(text);
    t.match(quick, { mask: 0, size: qrMatrix(text).size });
    t.equal((await readQr(renderPng(quick, { scale: 3 })))[0]?.text, text);
  }
});

t.test('the reader reads any base45 text and any JWS-like text at any scale', async () => {
  const alphanumeric = fc.string({ unit: fc.constantFrom(...BASE45), minLength: 1, maxLength: 600 });
  const jws = fc.string({
    unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.'),
    minLength: 1,
    maxLength: 900,
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(alphanumeric, jws), fc.integer({ min: 2, max: 8 }), async (text, scale) => {
      const [found] = await readQr(pngOf(text, scale));
      return found?.text === text && found.level === 'M';
    }),
    { numRuns: 60 },
  );
});

t.test('text beyond ASCII is written as UTF-8', async (t) => {
  const [found] = await readQr(pngOf('健康码 张*三', 6));
  t.equal(found?.text, '健康码 张*三');
});

t.test('base45 goes into the alphanumeric segment, so 280 characters fit version 10 at level M', (t) => {
  t.equal(qrMatrix(base45Text(280, 1)).version, 10);
  t.equal(qrMatrix(base45Text(311, 1)).version, 10);
  t.equal(qrMatrix(base45Text(312, 1)).version, 11);
  t.ok(qrMatrix(base45Text(280, 1).toLowerCase()).version > 10);
  t.end();
});

t.test('a text that no version holds is refused', (t) => {
  t.equal(qrMatrix('A'.repeat(3_391)).version, 40);
  t.equal(qrMatrix('a'.repeat(2_331)).version, 40);
  for (const text of ['A'.repeat(3_392), 'a'.repeat(2_332), '']) {
    t.throws(() => qrMatrix(text), { code: text === '' ? 'invalid_request' : 'too_large' });
  }
  t.end();
});

t.test('penalty points are those of the encoder for N1 to N3, and of ISO/IEC 18004 for N4', (t) => {
  interface Grid {
    readonly size: number;
    readonly data: Uint8Array;
    readonly get: (row: number, column: number) => number;
  }
  const oracle = createRequire(import.meta.url)('qrcode/lib/core/mask-pattern') as Record<
    'getPenaltyN1' | 'getPenaltyN2' | 'getPenaltyN3',
    (grid: Grid) => number
  >;
  const check = (size: number, data: Uint8Array): boolean => {
    const grid: Grid = { size, data, get: (row, column) => data[row * size + column] ?? 0 };
    const share = data.reduce((sum, module) => sum + module, 0) / data.length;
    const balance = Math.floor(Math.abs(share - 0.5) / 0.05 + 1e-9) * 10;
    const rest = oracle.getPenaltyN1(grid) + oracle.getPenaltyN2(grid) + oracle.getPenaltyN3(grid);
    return penalty(size, data) === rest + balance;
  };
  const grid = fc
    .tuple(fc.integer({ min: 11, max: 70 }), fc.integer({ min: 1, max: 9 }), fc.nat())
    .map(([size, share, seed]): [number, Uint8Array] => {
      let state = seed;
      const cell = (): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return (state >>> 16) % 10 < share ? 1 : 0;
      };
      return [size, Uint8Array.from({ length: size * size }, cell)];
    });
  fc.assert(
    fc.property(grid, ([size, data]) => check(size, data)),
    { numRuns: 150 },
  );
  for (const version of [1, 3, 7, 10, 20, 40]) {
    const { size, modules } = qrMatrix(base45Text(capacity(version, 'M'), 1));
    t.ok(check(size, modules), `version ${version}`);
  }
  t.end();
});

t.test('the symbol is the encoder’s own under the mask of least penalty, first of equals', (t) => {
  for (const level of LEVELS) {
    for (const version of [1, 2, 6, 7, 10, 14, 27, 40]) {
      const text = base45Text(capacity(version, level), 5);
      const drawn = Array.from({ length: MASK_COUNT }, (_, mask) =>
        QRCode.create([{ mode: 'alphanumeric', data: text }], {
          errorCorrectionLevel: level,
          maskPattern: mask as QRCode.QRCodeMaskPattern,
        }),
      );
      const points = drawn.map(({ modules }) => penalty(modules.size, modules.data));
      const best = points.indexOf(Math.min(...points));
      const matrix = qrMatrix(text, level);
      t.equal(matrix.mask, best);
      t.ok(
        Buffer.from(matrix.modules).equals(drawn[best]?.modules.data ?? new Uint8Array(0)),
        `${version}-${level}`,
      );
    }
  }
  t.end();
});

t.test('choosing a mask leaves the drawn symbol as it was', (t) => {
  const { modules } = QRCode.create([{ mode: 'alphanumeric', data: 'A1' }], { maskPattern: 0 });
  const before = modules.data.slice();
  chooseMask({ size: modules.size, modules: modules.data, reserved: modules.reservedBit });
  t.strictSame(modules.data, before);
  t.end();
});

/** Dark squares that the path of an SVG covers. */
const paint = (svg: string, side: number): Uint8Array => {
  const cells = new Uint8Array(side * side);
  const runs = [...svg.matchAll(/M(\d+) (\d+)h(\d+)v1H(\d+)z/g)].map((run) => run.slice(1).map(Number));
  for (const [x = 0, y = 0, width = 0, back = -1] of runs) {
    if (back === x) cells.fill(1, y * side + x, y * side + x + width);
  }
  return cells;
};

t.test('the SVG covers the dark modules and nothing else, inside its quiet zone', (t) => {
  for (const version of [1, 10, 40]) {
    const matrix = qrMatrix(base45Text(capacity(version, 'M'), 3));
    for (const margin of [4, 0, 2]) {
      const side = matrix.size + 2 * margin;
      const cells = paint(renderSvg(matrix, { margin }), side);
      const wrong = cells.findIndex(
        (cell, at) => (cell === 1) !== isDark(matrix, Math.floor(at / side) - margin, (at % side) - margin),
      );
      t.equal(wrong, -1, `version ${version}, margin ${margin}`);
    }
  }
  t.end();
});

t.test('the SVG states its size, keeps its edges crisp, and has one dark path', (t) => {
  const svg = svgOf(base45Text(280, 3), 5);
  t.match(
    svg,
    /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" role="img" width="325" height="325" viewBox="0 0 65 65"/,
  );
  t.match(svg, 'shape-rendering="crispEdges"');
  t.equal(svg.match(/<path /g)?.length, 2, 'the white ground and the symbol');
  t.match(svg, /<\/svg>\n$/);
  t.end();
});

t.test('a title is text to a reader, never markup', (t) => {
  const svg = renderSvg(qrMatrix('A'), { title: '健康码 </title><script>&\u0000"\'' });
  t.match(svg, '<title>健康码 &lt;/title&gt;&lt;script&gt;&amp; "\'</title>');
  t.notMatch(svg, '<script');
  t.end();
});

t.test('a PNG scale that is not a whole number from 1 to 32 is refused', (t) => {
  for (const scale of [0, -1, 1.5, 33, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => pngOf('A', scale), { code: 'invalid_request', field: 'scale' }, `${scale}`);
  }
  t.end();
});

t.test('the PNG is 1 bit deep and as large as its symbol with the quiet zone', async (t) => {
  const png = Buffer.from(pngOf(base45Text(280, 3), 8));
  t.equal(png.readUInt32BE(16), 520);
  t.equal(png.readUInt32BE(20), 520);
  t.strictSame([...png.subarray(24, 29)], [1, 0, 0, 0, 0]);
  t.ok(png.length < 2_000, `${png.length} bytes`);
  for (const scale of [1, 32]) {
    const [found] = await readQr(renderPng(qrMatrix('YM1:ABC'), { scale }));
    t.equal(found?.text, 'YM1:ABC', `scale ${scale}`);
  }
});

/** The modules that a viewer of the terminal sees as dark, quiet zone included. */
const seen = (text: string, style: TerminalStyle): boolean[][] => {
  const inkIsDark = style !== 'dark';
  const rows: boolean[][] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is to be removed
    const blocks = [...line.replace(/\u001b\[[\d;]*m/g, '')];
    rows.push(blocks.map((block) => (block === '█' || block === '▀') === inkIsDark));
    rows.push(blocks.map((block) => (block === '█' || block === '▄') === inkIsDark));
  }
  return rows;
};

t.test('the terminal shows the symbol with its quiet zone, on dark, light and unknown grounds', (t) => {
  const matrix = qrMatrix(base45Text(280, 3));
  for (const style of ['colour', 'dark', 'light'] as const) {
    const text = renderTerminal(matrix, style);
    const rows = seen(text, style);
    t.ok(rows.length >= matrix.size + 8 && rows.every((row) => row.length === matrix.size + 8), style);
    t.ok(
      rows.every((row, y) => row.every((dark, x) => dark === isDark(matrix, y - 4, x - 4))),
      style,
    );
    t.equal(text.includes('\u001b['), style === 'colour');
  }
  t.ok(renderTerminal(matrix).startsWith('\u001b[38;5;16;48;5;231m'), 'colours unless told otherwise');
  t.end();
});
