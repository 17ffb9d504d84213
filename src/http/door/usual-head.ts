// The head of the one request that clients of POST /v1/verify send, read from its bytes. Anything that Node's parser might read otherwise,
// or that asks for more than an answer, is no usual head: that parser reads it then.

export const VERIFY_PATH = '/v1/verify';
/** A symbol holds 4,296 characters at most; the rest is room for JSON escapes. */
export const VERIFY_BODY_LIMIT = 16_384;

const REQUEST_LINE = `POST ${VERIFY_PATH} HTTP/1.1\r\n`;
const END = Buffer.from('\r\n\r\n');
const MAX_HEAD_BYTES = 4_096;
/** A field with a value (RFC 9112, section 5, without obsolete folding): printable ASCII, white space around it left out. */
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)[ \t]*$/;
const LENGTH = /^[1-9][0-9]{0,4}$/;
/** Fields that change nothing about how the request is read or answered, and may stand beside those that are looked at. */
const IDLE_FIELDS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'forwarded',
  'origin',
  'pragma',
  'referer',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'traceparent',
  'user-agent',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-id',
]);
const READ_FIELDS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'host',
]);

/** A head, ready to be recognised when it comes again with another length of the body. */
export interface UsualHead {
  readonly authorization: string;
  /** The bytes before and after the digits of the length. */
  readonly before: Buffer;
  readonly after: Buffer;
  readonly digits: number;
}

/** null: not exactly the usual. @param chunk begins with the head */
export function readUsualHead(chunk: Buffer): UsualHead | null {
  const end = chunk.indexOf(END);
  if (end < 0 || end > MAX_HEAD_BYTES) return null;
  const text = chunk.toString('latin1', 0, end);
  if (!text.startsWith(REQUEST_LINE)) return null;
  const fields = readFields(text.slice(REQUEST_LINE.length));
  const [length, authorization] = [fields?.get('content-length'), fields?.get('authorization')];
  if (fields === null || length === undefined || authorization === undefined || !isUsual(fields)) return null;
  const at = text.search(/\r\ncontent-length:/i);
  const from = text.indexOf(length, text.indexOf(':', at));
  return {
    authorization,
    before: Buffer.from(chunk.subarray(0, from)),
    after: Buffer.from(chunk.subarray(from + length.length, end + END.length)),
    digits: length.length,
  };
}

function readFields(lines: string): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>();
  for (const line of lines.split('\r\n')) {
    const [, given = '', value = ''] = FIELD.exec(line) ?? [];
    const name = given.toLowerCase();
    if (fields.has(name) || !(READ_FIELDS.has(name) || IDLE_FIELDS.has(name))) return null;
    fields.set(name, value);
  }
  return fields;
}

function isUsual(fields: ReadonlyMap<string, string>): boolean {
  return (
    fields.has('host') &&
    fields.get('content-type') === 'application/json' &&
    LENGTH.test(fields.get('content-length') ?? '') &&
    (fields.get('connection') ?? 'keep-alive').toLowerCase() === 'keep-alive'
  );
}

/** Where the body begins when the chunk is this head and one whole body and nothing else; -1 otherwise. */
export function bodyStart({ before, after, digits }: UsualHead, chunk: Buffer): number {
  const lengthEnd = before.length + digits;
  const start = lengthEnd + after.length;
  let length = 0;
  for (let i = before.length; i < lengthEnd; i++) {
    const digit = (chunk[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    length = 10 * length + digit;
  }
  const isSame =
    length <= VERIFY_BODY_LIMIT &&
    chunk.length === start + length &&
    chunk[before.length] !== 0x30 &&
    before.compare(chunk, 0, before.length) === 0 &&
    after.compare(chunk, lengthEnd, start) === 0;
  return isSame ? start : -1;
}
