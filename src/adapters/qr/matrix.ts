// The modules of a QR symbol (ISO/IEC 18004). Runs in a browser too.

import QRCode from 'qrcode';
import { utf8Encode } from '../../core/codec/bytes.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { chooseMask } from './mask.js';

export type QrLevel = 'L' | 'M' | 'Q' | 'H';

export interface QrMatrix {
  /** Modules a side, 21 to 177, without the quiet zone. */
  readonly size: number;
  /** 1 to 40. */
  readonly version: number;
  readonly level: QrLevel;
  /** 0 to 7. */
  readonly mask: number;
  /** Row-major, 1 is dark. */
  readonly modules: Uint8Array;
}

/** Modules of white around the symbol that ISO/IEC 18004:2015, 9.1 asks for. */
export const QUIET_ZONE = 4;
const ALPHANUMERIC = /^[0-9A-Z $%*+./:-]+$/;

/**
 * The smallest symbol that holds the text in one segment: alphanumeric where every character allows it (base45), else
 * bytes of UTF-8. `qrcode` draws it with mask 0, which skips its slow searches for segments and mask; the mask with the
 * lowest ISO penalty is then chosen here, so the symbol is the one that a full encoder makes.
 * @throws YimaError `invalid_request` for an empty text, `too_large` when no version holds the text at this level (at M: 3,391 alphanumeric characters or 2,331 bytes)
 */
export function qrMatrix(text: string, level: QrLevel = 'M'): QrMatrix {
  const drawn = draw(text, level);
  const { size, data, reservedBit } = drawn.modules;
  const { mask, modules } = chooseMask({ size, modules: data, reserved: reservedBit });
  return { size, version: drawn.version, level, mask, modules };
}

/**
 * The same symbol under mask 0, which every reader reads: for a page that has just started, where looking for the mask that scans best
 * takes longer than everything else.
 */
export function quickMatrix(text: string, level: QrLevel = 'M'): QrMatrix {
  const { version, modules } = draw(text, level);
  return { size: modules.size, version, level, mask: 0, modules: modules.data };
}

function draw(text: string, level: QrLevel): QRCode.QRCode {
  if (text === '') throw new YimaError('invalid_request', 'A QR symbol needs a text.', { field: 'text' });
  const segment: QRCode.QRCodeSegment = ALPHANUMERIC.test(text)
    ? { mode: 'alphanumeric', data: text }
    : { mode: 'byte', data: utf8Encode(text) };
  try {
    return QRCode.create([segment], { errorCorrectionLevel: level, maskPattern: 0 });
  } catch (cause) {
    throw new YimaError('too_large', 'The text does not fit in a QR symbol at this error correction level.', {
      cause,
    });
  }
}
