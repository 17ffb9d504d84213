// Requests to POST /v1/verify that hold no text to judge: wrong JSON, JSON with two meanings, other media, other addresses.

import { gzipSync } from 'node:zlib';
import type { InjectOptions } from 'fastify';
import { bearer } from '../../http/support/twin-deps.js';
import type { Problem } from '../world.js';

export interface RequestRow {
  readonly name: string;
  readonly request: () => InjectOptions;
  readonly expected: Problem;
}

const JSON_TYPE = 'application/json';
const INVALID = { status: 400, code: 'invalid_request' } as const;
const TOO_LARGE = { status: 413, code: 'too_large' } as const;
const MEDIA = { status: 415, code: 'unsupported_media_type' } as const;
const NOT_FOUND = { status: 404, code: 'not_found' } as const;

function body(
  name: string,
  payload: string | Buffer,
  expected: Problem = INVALID,
  headers: Readonly<Record<string, string>> = {},
): RequestRow {
  return {
    name,
    request: () => ({
      method: 'POST',
      url: '/v1/verify',
      headers: { ...bearer('verify'), 'content-type': JSON_TYPE, ...headers },
      payload,
    }),
    expected,
  };
}

const withRule = (rule: string): Problem => ({ ...INVALID, rule });
const withField = (field: string): Problem => ({ ...INVALID, field });

const WRONG_TYPES: readonly RequestRow[] = [
  ...['null', '7', 'true', '[]', '{}', '["YM1:"]'].map((json) =>
    body(`code is ${json}`, `{"code":${json}}`, withField('code')),
  ),
  ...['null', '7', 'true', '[]', '"YM1:"', '[{"code":"x"}]'].map((json) =>
    body(`a body of ${json}`, json, INVALID),
  ),
  body('no member', '{}', withField('code')),
  body('a member more', '{"code":"x","decision":"admit"}', withField('decision')),
  body('the member in capitals', '{"CODE":"x"}'),
];

const AMBIGUOUS: readonly RequestRow[] = [
  body('code twice', '{"code":"x","code":"y"}', withRule('json_duplicate')),
  body('code twice, once escaped', '{"code":"x","\\u0063ode":"y"}', withRule('json_duplicate')),
  body('__proto__', '{"__proto__":{"code":"x"}}', withRule('json_name')),
  body('__proto__ beside code', '{"code":"x","__proto__":{"admin":true}}', withRule('json_name')),
  body('__proto__, escaped', '{"code":"x","__pro\\u0074o__":1}', withRule('json_name')),
  body('constructor.prototype', '{"code":"x","constructor":{"prototype":{}}}', withRule('json_name')),
  body('17 levels', `{"code":${'['.repeat(16)}${']'.repeat(16)}}`, withRule('json_depth')),
  body('4,000 levels', `{"code":${'['.repeat(4_000)}${']'.repeat(4_000)}}`, withRule('json_depth')),
  body('4,000 objects', `${'{"a":'.repeat(2_500)}1${'}'.repeat(2_500)}`, withRule('json_depth')),
  body('200,000 levels', '['.repeat(200_000), TOO_LARGE),
  body('a number too large for a double', '{"code":1e999}', withRule('json_number')),
];

const NOT_JSON: readonly RequestRow[] = [
  ...[
    '',
    ' ',
    '{',
    '{"code":"x"',
    '{"code":"x",}',
    "{'code':'x'}",
    '{code:"x"}',
    '{"code":"x"}{}',
    'code=x',
    'NaN',
    '<code/>',
    '{"code":"x"}/**/',
    '{"code":"a\tb"}',
  ].map((text) => body(`the text ${JSON.stringify(text)}`, text)),
  body('a byte order mark', '\uFEFF{"code":"x"}'),
  body('a NUL behind', '{"code":"x"}\0'),
  body('UTF-16', Buffer.from('{"code":"x"}', 'utf16le')),
  body('a byte that is not UTF-8', Buffer.from([0x7b, 0x22, 0x63, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
  body('an encoded surrogate', Buffer.from('7b22636f6465223a22eda080227d', 'hex')),
  body('zeros', Buffer.alloc(1_000)),
  body('one byte over the limit', `{"code":"${'A'.repeat(16_384 - 10)}"}`, TOO_LARGE),
  body('2 MB', `{"code":"${'A'.repeat(2_000_000)}"}`, TOO_LARGE),
  body('2 MB of spaces', ' '.repeat(2_000_000), TOO_LARGE),
];

/** The body would be refused by the schema: where it is 400 it was validated, where it is 415 it was not read. */
const PROBE = '{"code":5}';

const MEDIA_TYPES: readonly RequestRow[] = [
  ...[
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json ; charset=utf-8',
    'application/json\t; charset=utf-8',
    ' application/json',
    'application/json ',
    'application/json;',
    '\tapplication/json',
  ].map((type) => body(`Content-Type ${JSON.stringify(type)}`, PROBE, INVALID, { 'content-type': type })),
  ...[
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json5',
    'application/problem+json',
    'application/json, text/plain',
    'application/json; charset=gbk',
    'application/json; charset=utf-16',
    'application/cbor',
    '*/*',
    'application',
    '',
  ].map((type) => body(`Content-Type ${JSON.stringify(type)}`, PROBE, MEDIA, { 'content-type': type })),
  ...['gzip', 'br', 'deflate', 'identity, gzip', 'x', 'GZIP'].map((coding) =>
    body(`Content-Encoding ${coding}`, '{"code":"x"}', MEDIA, { 'content-encoding': coding }),
  ),
  body('a gzip bomb', gzipSync(Buffer.alloc(8_000_000)), MEDIA, { 'content-encoding': 'gzip' }),
];

function address(
  name: string,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH',
  url: string,
  expected: Problem = NOT_FOUND,
): RequestRow {
  return {
    name: `${method} ${name}`,
    request: () => ({ method, url, headers: bearer('issue', 'verify', 'revoke') }),
    expected,
  };
}

const ADDRESSES: readonly RequestRow[] = [
  address('/v1/verify', 'GET', '/v1/verify'),
  address('/v1/verify', 'PUT', '/v1/verify'),
  ...['/v1/verify/', '//v1/verify', '/V1/VERIFY', '/v1/verify%00', '/v1//verify'].map((url) =>
    address(url, 'POST', url),
  ),
  address('with a path as id', 'GET', '/v1/credentials/..%2f..%2fetc%2fpasswd', INVALID),
  address('with SQL as id', 'GET', "/v1/credentials/'%20OR%201=1--", INVALID),
  address('with a NUL in the id', 'GET', `/v1/credentials/${'a'.repeat(25)}%00`, INVALID),
  address('with __proto__ as id', 'GET', '/v1/credentials/__proto__', INVALID),
  address('with an id of 6 KB', 'GET', `/v1/credentials/${'a'.repeat(6_000)}`, INVALID),
  address('with a broken escape', 'GET', '/v1/credentials/%zz', INVALID),
  address('with an overlong escape', 'GET', '/v1/credentials/%c0%ae', INVALID),
  address('for list __proto__', 'GET', '/status-lists/__proto__', INVALID),
  address('for list 1e3', 'GET', '/status-lists/1e3', INVALID),
  address('for list 2^53', 'GET', '/status-lists/9007199254740993', INVALID),
  address('for a page outside', 'GET', '/assets/..%2f..%2fpackage.json'),
];

const KEYS: readonly RequestRow[] = [
  ...[
    '',
    'Bearer',
    'Bearer ',
    'Basic eWs6',
    'Bearer null',
    'Bearer yk_verify_wrong',
    `Bearer ${'A'.repeat(6_000)}`,
    'Bearer __proto__',
    "Bearer yk_' OR 1=1_x",
  ].map((authorization) => ({
    ...body(
      `Authorization ${JSON.stringify(authorization.slice(0, 30))}`,
      '{"code":"x"}',
      { status: 401, code: 'unauthenticated' },
      { authorization },
    ),
  })),
  body('a key for another surface', '{"code":"x"}', { status: 403, code: 'forbidden' }, bearer('issue')),
  body('no key and no JSON', '{', { status: 401, code: 'unauthenticated' }, { authorization: '' }),
];

export const BODY_ROWS: readonly RequestRow[] = [
  ...WRONG_TYPES,
  ...AMBIGUOUS,
  ...NOT_JSON,
  ...MEDIA_TYPES,
  ...ADDRESSES,
  ...KEYS,
];
