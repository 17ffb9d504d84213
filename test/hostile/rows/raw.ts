// Bytes on the wire that no client library writes: framings with two meanings, and headers without end.

import { bearer } from '../../http/support/twin-deps.js';

export interface RawRow {
  readonly name: string;
  readonly bytes: Buffer;
  /** Of the one answer. */
  readonly status: number;
  /** Its problem; null without a body, absent for an answer of the verifier, which does not admit. */
  readonly code?: string | null;
}

const BODY = '{"code":"x"}';
const AUTHORIZATION = `Authorization: ${bearer('verify').authorization}`;
/** What a smuggler would have answered as well. */
const SMUGGLED = `POST /v1/verify HTTP/1.1\r\nHost: a\r\n${AUTHORIZATION}\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

function post(headers: readonly string[], body = BODY, first = 'POST /v1/verify HTTP/1.1'): Buffer {
  return Buffer.from([first, 'Host: a', AUTHORIZATION, ...headers, '', body].join('\r\n'), 'latin1');
}

/** The same where the answer leaves the connection open. */
function lone(headers: readonly string[], body = BODY, first?: string): Buffer {
  return post(['Connection: close', ...headers], body, first);
}

const TYPE = 'Content-Type: application/json';
const LENGTH = `Content-Length: ${BODY.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';
const CHUNKS = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

const bad = (name: string, bytes: Buffer): RawRow => ({ name, bytes, status: 400, code: 'invalid_request' });

const FRAMING: readonly RawRow[] = [
  bad('two lengths that differ', post([TYPE, LENGTH, 'Content-Length: 5'])),
  bad('two lengths that agree', post([TYPE, LENGTH, LENGTH])),
  bad('two lengths in one line', post([TYPE, `${LENGTH}, ${BODY.length}`])),
  bad('a length with a sign', post([TYPE, `Content-Length: +${BODY.length}`])),
  bad('a negative length', post([TYPE, 'Content-Length: -1'])),
  bad('a length in hex', post([TYPE, 'Content-Length: 0xc'])),
  bad('a length past 2^64', post([TYPE, 'Content-Length: 18446744073709551628'])),
  bad('a length and chunks', post([TYPE, LENGTH, CHUNKED], CHUNKS + SMUGGLED)),
  bad('chunks and a length', post([TYPE, CHUNKED, LENGTH], CHUNKS + SMUGGLED)),
  bad(
    'a length of 0 and chunks, with a request behind',
    post([TYPE, 'Content-Length: 0', CHUNKED], CHUNKS + SMUGGLED),
  ),
  bad('an unknown transfer coding', post([TYPE, 'Transfer-Encoding: xchunked'], CHUNKS)),
  bad('chunked before another coding', post([TYPE, 'Transfer-Encoding: chunked, identity'], CHUNKS)),
  bad('a chunk size that is none', post([TYPE, CHUNKED], `zz\r\n${BODY}\r\n0\r\n\r\n`)),
  bad('a chunk size past 2^64', post([TYPE, CHUNKED], `fffffffffffffffff\r\n${BODY}\r\n0\r\n\r\n`)),
  bad('a chunk longer than it says', post([TYPE, CHUNKED], `2\r\n${BODY}\r\n0\r\n\r\n`)),
  bad('bare line feeds', Buffer.from(post([TYPE, LENGTH]).toString('latin1').replaceAll('\r\n', '\n'))),
  bad('a bare line feed in one header', post([`${TYPE}\n${LENGTH}`])),
  bad('a folded header', post([`${TYPE};\r\n charset=utf-8`, LENGTH])),
  bad('a folded length', post([TYPE, 'Content-Length:\r\n 12'])),
  bad('a space before the colon', post([TYPE, `Content-Length : ${BODY.length}`])),
  bad('a NUL in a header', post([`${TYPE}\0`, LENGTH])),
  bad('a header without a name', post([': x', TYPE, LENGTH])),
  bad('a header of one word', post(['x', TYPE, LENGTH])),
  {
    name: 'no host',
    bytes: Buffer.from(`POST /v1/verify HTTP/1.1\r\n${AUTHORIZATION}\r\n${TYPE}\r\n${LENGTH}\r\n\r\n${BODY}`),
    status: 400,
    code: null,
  },
  bad('HTTP/3.0', post([TYPE, LENGTH], BODY, 'POST /v1/verify HTTP/3.0')),
  bad('no version', post([TYPE, LENGTH], BODY, 'POST /v1/verify HTTP/')),
  bad('a method that nobody knows', post([TYPE, LENGTH], BODY, 'STEAL /v1/verify HTTP/1.1')),
  bad('a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex')),
  bad('a proxy’s preface', Buffer.from('PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n')),
  bad('HTTP/2', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')),
  bad('nothing but NULs', Buffer.alloc(100)),
];

const ADDRESSES: readonly RawRow[] = [
  '/v1/./verify',
  '/%2e%2e/v1/verify',
  '/../v1/verify',
  '/v1/verify;x',
  '/v1\\verify',
  '*',
].map(
  (path): RawRow => ({
    name: `the address ${path}`,
    bytes: lone([TYPE, LENGTH], BODY, `POST ${path} HTTP/1.1`),
    status: 404,
    code: 'not_found',
  }),
);

/** Read as they should be, and refused by the schema or not read at all. */
const MEDIA_TYPES: readonly RawRow[] = (
  [
    ['Content-Type:\tapplication/json', 400, 'invalid_request'],
    ['Content-Type:    application/json', 400, 'invalid_request'],
    ['Content-Type: application/json\t', 400, 'invalid_request'],
    ['Content-Type: application/json\t;charset=utf-8', 400, 'invalid_request'],
    ['cOnTeNt-TyPe: APPLICATION/JSON', 400, 'invalid_request'],
    ['Content-Type: application/json; charset=utf-7', 415, 'unsupported_media_type'],
    ['Content-Type: application/json\r\nContent-Encoding: gzip', 415, 'unsupported_media_type'],
    ['Content-Type: text/plain\r\nContent-Type: application/json', 415, 'unsupported_media_type'],
    ['X-Content-Type: application/json', 415, 'unsupported_media_type'],
  ] as const
).map(([header, status, code]) => ({
  name: JSON.stringify(header),
  bytes: lone([header, 'Content-Length: 10'], '{"code":5}'),
  status,
  code,
}));

const deep = '['.repeat(200_000);
const large = `{"code":"${'A'.repeat(2_000_000)}"}`;

const SIZES: readonly RawRow[] = [
  {
    name: 'JSON 200,000 deep',
    bytes: lone([TYPE, `Content-Length: ${deep.length}`], deep),
    status: 413,
    code: 'too_large',
  },
  {
    name: 'a body of 2 MB',
    bytes: lone([TYPE, `Content-Length: ${large.length}`], large),
    status: 413,
    code: 'too_large',
  },
  {
    name: 'a body of 2 MB in one chunk',
    bytes: lone([TYPE, CHUNKED], `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`),
    status: 413,
    code: 'too_large',
  },
  {
    name: 'a length of 10 GB',
    bytes: lone([TYPE, 'Content-Length: 10000000000'], '{'),
    status: 413,
    code: 'too_large',
  },
  { name: 'a header of 1 MB', bytes: lone([`X: ${'a'.repeat(1_000_000)}`]), status: 431, code: 'too_large' },
  {
    name: '100,000 headers',
    bytes: lone(Array.from({ length: 100_000 }, (_, i) => `x${i}: 1`)),
    status: 431,
    code: 'too_large',
  },
  {
    name: 'an address of 1 MB',
    bytes: lone([TYPE, LENGTH], BODY, `POST /${'a'.repeat(1_000_000)} HTTP/1.1`),
    status: 431,
    code: 'too_large',
  },
  {
    name: 'chunk extensions of 100 KB',
    bytes: lone([TYPE, CHUNKED], `c;${'a'.repeat(100_000)}\r\n${BODY}\r\n0\r\n\r\n`),
    status: 400,
    code: 'invalid_request',
  },
];

/** Sound, if odd: one request, one answer. */
const SOUND: readonly RawRow[] = [
  { name: 'a request as it should be', bytes: lone([TYPE, LENGTH]), status: 200 },
  { name: 'a request in chunks', bytes: lone([TYPE, CHUNKED], CHUNKS), status: 200 },
];

export const RAW_ROWS: readonly RawRow[] = [...FRAMING, ...ADDRESSES, ...MEDIA_TYPES, ...SIZES, ...SOUND];

/** Connections that never come to an end, in pieces with a pause between them; each must be closed by us. */
export const SLOW_ROWS: readonly { readonly name: string; readonly pieces: readonly string[] }[] = [
  { name: 'nothing at all', pieces: [] },
  { name: 'half a request line', pieces: ['POST /v1/ver'] },
  {
    name: 'a header now and then',
    pieces: [
      'POST /v1/verify HTTP/1.1\r\n',
      'Host: a\r\n',
      ...Array.from({ length: 20 }, (_, i) => `x${i}: 1\r\n`),
    ],
  },
  { name: 'a body that does not come', pieces: [post([TYPE, LENGTH], '').toString('latin1')] },
  {
    name: 'a body letter by letter',
    pieces: [post([TYPE, 'Content-Length: 100'], '').toString('latin1'), ...'a'.repeat(50)],
  },
];
