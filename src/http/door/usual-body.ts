// The two spellings of a verify request that clients send, read from its bytes. Any other spelling is for the JSON parser.

import { isUtf8 } from 'node:buffer';
import { MAX_SITE_CHARS } from '../../core/codec/names.js';

/** What JSON.stringify writes in front of the code, and what writers with a space behind the colon do. */
const STARTS = ['{"code":"', '{"code": "'].map((start) => Buffer.from(start));
const END = Buffer.from('"}');
const SITES = ['","site":"', '", "site": "'].map((start) => Buffer.from(start));

/** A UTF-16 unit has three bytes at most. */
const MOST_SITE_BYTES = 3 * MAX_SITE_CHARS;

export interface UsualBody {
  readonly code: string;
  readonly site: string | null;
}

/**
 * Code and site in `{"code":"..."}` or `{"code":"...","site":"..."}` when that is all there is from `from` on and both mean themselves:
 * the code printable ASCII, the site UTF-8, without quote and backslash; null otherwise.
 */
export function usualBody(bytes: Buffer, from = 0): UsualBody | null {
  const end = bytes.length - END.length;
  if (!holdsAt(bytes, END, end)) return null;
  const start = STARTS.find((each) => holdsAt(bytes, each, from));
  if (start === undefined) return null;
  const codeStart = from + start.length;
  const codeEnd = plainEnd(bytes, codeStart, end);
  if (codeEnd === end) return { code: bytes.toString('latin1', codeStart, end), site: null };
  const middle = SITES.find((each) => holdsAt(bytes, each, codeEnd));
  const site = middle === undefined ? null : siteIn(bytes.subarray(codeEnd + middle.length, end));
  return site === null ? null : { code: bytes.toString('latin1', codeStart, codeEnd), site };
}

/** null: not what a site may be, or not for us to read. */
function siteIn(bytes: Buffer): string | null {
  if (bytes.length > MOST_SITE_BYTES || !isUtf8(bytes)) return null;
  for (const byte of bytes) if (byte < 0x20 || byte === 0x7f || byte === 0x22 || byte === 0x5c) return null;
  const site = bytes.toString('utf8');
  return site.length > 0 && site.length <= MAX_SITE_CHARS ? site : null;
}

/** Where the printable ASCII without quote and backslash ends that begins at `at`; at most `end`, past it when it begins there. */
function plainEnd(bytes: Buffer, at: number, end: number): number {
  let i = at;
  for (; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c) break;
  }
  return i;
}

function holdsAt(body: Buffer, text: Buffer, at: number): boolean {
  for (let i = 0; i < text.length; i++) if (body[at + i] !== text[i]) return false;
  return true;
}
