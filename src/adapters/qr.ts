// QR symbols (ISO/IEC 18004): a text to a module matrix, and the matrix as SVG, PNG or terminal text.

import { YimaError } from '../core/errors/yima-error.js';
import { type QrLevel, type QrMatrix, QUIET_ZONE, qrMatrix } from './qr/matrix.js';
import { pathData } from './qr/path-data.js';
import { encodePng, FILTER_NONE, FILTER_UP } from './qr/png.js';

export { type QrLevel, type QrMatrix, qrMatrix };

const MAX_SCALE = 32;

export interface SvgOptions {
  /** Pixels a module in the picture's own size; the picture scales freely. */
  readonly scale?: number;
  /** Quiet zone in modules, 0 to 100. Less than 4 only where the surroundings are white anyway. */
  readonly margin?: number;
  /** What a screen reader says. */
  readonly title?: string;
}

/** The symbol as an SVG document: white ground, one path, edges kept crisp. Holds no script and no reference. */
export function renderSvg(matrix: QrMatrix, options: SvgOptions = {}): string {
  const { scale = 4, margin = QUIET_ZONE, title = 'QR code' } = options;
  const side = matrix.size + 2 * margin;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${side * scale}" height="${side * scale}" ` +
    `viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><title>${escapeXml(title)}</title>` +
    `<path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${pathData(matrix.size, matrix.modules, margin)}"/></svg>\n`
  );
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return text.replace(/\p{Cc}/gu, ' ').replace(/[&<>]/g, (character) => entities[character] ?? '');
}

export interface PngOptions {
  /** Pixels a module, a whole number from 1 to 32. The default prints a version 10 symbol at 300 dpi in 44 mm. */
  readonly scale?: number;
}

/**
 * The symbol with its quiet zone as a 1-bit greyscale PNG.
 * @throws YimaError `invalid_request` for a scale out of range
 */
export function renderPng(matrix: QrMatrix, options: PngOptions = {}): Uint8Array {
  const { scale = 8 } = options;
  if (!Number.isInteger(scale) || scale < 1 || scale > MAX_SCALE) {
    throw new YimaError('invalid_request', `The scale must be a whole number from 1 to ${MAX_SCALE}.`, {
      field: 'scale',
    });
  }
  const side = (matrix.size + 2 * QUIET_ZONE) * scale;
  const stride = 1 + Math.ceil(side / 8);
  const rows = new Uint8Array(stride * side);
  for (let y = 0; y < side; y++) rows[y * stride] = FILTER_UP; // zeros after it: the row above, again
  paintRow(rows.subarray(0, stride), matrix, -QUIET_ZONE, scale);
  for (let row = 0; row <= matrix.size; row++) {
    const top = (row + QUIET_ZONE) * scale * stride;
    paintRow(rows.subarray(top, top + stride), matrix, row, scale);
  }
  return encodePng(rows, side, side);
}

/** Writes one pixel row, unfiltered; rows outside the symbol are white. */
function paintRow(line: Uint8Array, matrix: QrMatrix, row: number, scale: number): void {
  line.fill(0xff);
  line[0] = FILTER_NONE;
  for (let column = 0; column < matrix.size; column++) {
    if (!isDark(matrix, row, column)) continue;
    const left = 8 + (column + QUIET_ZONE) * scale;
    for (let x = left; x < left + scale; x++) {
      line[x >>> 3] = (line[x >>> 3] ?? 0) & ~(0x80 >>> (x & 7));
    }
  }
}

/** The text's symbol at level M as an SVG document. @throws YimaError `too_large` */
export function svgOf(text: string, scale: number): string {
  return renderSvg(qrMatrix(text), { scale });
}

/** The text's symbol at level Q with its quiet zone. @throws YimaError `too_large` */
export function printedOf(text: string): string {
  return renderSvg(qrMatrix(text, 'Q'));
}

/** The text's symbol at level M as a PNG. @throws YimaError `too_large`, `invalid_request` for a scale out of range */
export function pngOf(text: string, scale: number): Uint8Array {
  return renderPng(qrMatrix(text), { scale });
}

/**
 * How a terminal shows light and dark. `colour` sets both, so it scans on every terminal that knows ANSI colours; the
 * others rely on the terminal's own: light modules are drawn on a `dark` ground, dark ones on a `light` ground.
 */
export type TerminalStyle = 'colour' | 'dark' | 'light';

/** The symbol with its quiet zone as lines of half blocks, two module rows a line, each line ended by a newline. */
export function renderTerminal(matrix: QrMatrix, style: TerminalStyle = 'colour'): string {
  const inkIsLight = style === 'dark';
  const blocks = [' ', '▄', '▀', '█'] as const;
  const [open, close] = style === 'colour' ? ['\u001b[38;5;16;48;5;231m', '\u001b[0m'] : ['', ''];
  const inked = (row: number, column: number): number => (isDark(matrix, row, column) === inkIsLight ? 0 : 1);
  let text = '';
  for (let row = -QUIET_ZONE; row < matrix.size + QUIET_ZONE; row += 2) {
    text += open;
    for (let column = -QUIET_ZONE; column < matrix.size + QUIET_ZONE; column++) {
      text += blocks[inked(row, column) * 2 + inked(row + 1, column)];
    }
    text += `${close}\n`;
  }
  return text;
}

function isDark({ size, modules }: QrMatrix, row: number, column: number): boolean {
  return row >= 0 && row < size && column >= 0 && column < size && modules[row * size + column] === 1;
}
