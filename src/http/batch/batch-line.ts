// One line of a batch, `{"id": "...", "code": "..."}` with `site` and `nonce` where wanted, read as strictly as a body: one meaning or none.

import { isUtf8 } from 'node:buffer';
import { isJsonObject, parseStrictJson } from '../../core/codec/json.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { type Line, TOO_LONG } from './line-splitter.js';

/** A text to judge under the caller's id, or why there is none. */
export type BatchLine =
  | {
      readonly fault: null;
      readonly id: string;
      readonly code: string;
      /** As they came; `readShowing` judges them. */
      readonly site?: unknown;
      readonly nonce?: unknown;
    }
  | { readonly fault: YimaError /** null when it cannot be read. */; readonly id: string | null };

/** A symbol holds 4,296 characters at most; the rest is room for JSON escapes. */
export const MAX_LINE_BYTES = 16_384;
export const MAX_ID_CHARS = 64;

const MAX_DEPTH = 2;
const SHOWN: readonly string[] = ['site', 'nonce'];

/** Never throws: what is wrong with a line is its answer. */
export function readBatchLine(line: Line): BatchLine {
  if (line === TOO_LONG) {
    return bad(
      null,
      new YimaError('too_large', `A line has at most ${MAX_LINE_BYTES} bytes.`, { rule: 'line' }),
    );
  }
  const usual = readUsual(line);
  if (usual !== null) return usual;
  if (!isUtf8(line)) return bad(null, malformed('The line is not UTF-8.'));
  const text = line.toString('utf8');
  try {
    return readMembers(parseStrictJson(text, { maxDepth: MAX_DEPTH }));
  } catch (cause) {
    if (!(cause instanceof YimaError)) throw cause;
    if (text.trim() === '') return bad(null, malformed('The line is empty.', { rule: 'empty' }));
    const { rule } = cause;
    return bad(
      null,
      malformed('The line is not JSON in its strict form.', {
        cause,
        ...(rule === undefined ? {} : { rule }),
      }),
    );
  }
}

/** What JSON.stringify writes around id, code and site. */
const [START, MIDDLE, SITE, END] = ['{"id":"', '","code":"', '","site":"', '"}'].map((text) =>
  Buffer.from(text),
) as [Buffer, Buffer, Buffer, Buffer];

/** The spelling that most lines have, where id, code and site mean themselves; null: the line is for the JSON parser. */
function readUsual(line: Buffer): BatchLine | null {
  if (!holdsAt(line, START, 0)) return null;
  const idEnd = plainEnd(line, START.length);
  if (idEnd - START.length > MAX_ID_CHARS || !holdsAt(line, MIDDLE, idEnd)) return null;
  const codeStart = idEnd + MIDDLE.length;
  const codeEnd = plainEnd(line, codeStart);
  const siteStart = codeEnd + SITE.length;
  const hasSite = holdsAt(line, SITE, codeEnd);
  const end = hasSite ? plainEnd(line, siteStart) : codeEnd;
  if (end + END.length !== line.length || !holdsAt(line, END, end)) return null;
  const id = line.toString('latin1', START.length, idEnd);
  const code = line.toString('latin1', codeStart, codeEnd);
  return hasSite
    ? { fault: null, id, code, site: line.toString('latin1', siteStart, end) }
    : { fault: null, id, code };
}

function holdsAt(line: Buffer, text: Buffer, at: number): boolean {
  for (let i = 0; i < text.length; i++) if (line[at + i] !== text[i]) return false;
  return true;
}

/** Where the printable ASCII without quote and backslash ends that begins at `at`. */
function plainEnd(line: Buffer, at: number): number {
  let end = at;
  while (end < line.length) {
    const byte = line[end] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c) break;
    end++;
  }
  return end;
}

function readMembers(value: unknown): BatchLine {
  if (!isJsonObject(value)) return bad(null, malformed('The line is no object.'));
  const { id, code, ...shown } = value;
  if (typeof id !== 'string' || id.length > MAX_ID_CHARS) {
    return bad(null, malformed(`The id is a text of at most ${MAX_ID_CHARS} characters.`, { field: 'id' }));
  }
  if (typeof code !== 'string') return bad(id, malformed('The code is a text.', { field: 'code' }));
  if (!Object.keys(shown).every((name) => SHOWN.includes(name)))
    return bad(id, malformed('A line has id, code, site and nonce and nothing else.'));
  return { fault: null, id, code, ...shown };
}

function bad(id: string | null, fault: YimaError): BatchLine {
  return { fault, id };
}

function malformed(message: string, detail: ConstructorParameters<typeof YimaError>[2] = {}): YimaError {
  return new YimaError('invalid_request', message, detail);
}
