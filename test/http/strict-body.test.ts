import { gzipSync } from 'node:zlib';
import t from 'tap';
import { bearer, buildTwinApp } from './support/twin-deps.js';

const json = { 'content-type': 'application/json' };
const deep = `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`;
const good = '{"code":"YM1:AA"}';

const ROWS: [
  title: string,
  headers: Record<string, string>,
  body: string | Buffer,
  status: number,
  code: string,
][] = [
  ['two members of one name', json, '{"code":"a","code":"b"}', 400, 'invalid_request'],
  ['two members of one name, one escaped', json, '{"code":"a","c\\u006fde":"b"}', 400, 'invalid_request'],
  ['a prototype name', json, '{"code":"a","__proto__":{}}', 400, 'invalid_request'],
  ['a constructor name', json, '{"code":"a","constructor":{"prototype":{}}}', 400, 'invalid_request'],
  ['nesting past 16', json, deep, 400, 'invalid_request'],
  ['nesting of thousands', json, '['.repeat(8_000), 400, 'invalid_request'],
  ['a byte order mark', json, `\ufeff${good}`, 400, 'invalid_request'],
  [
    'bytes that are not UTF-8',
    json,
    Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    400,
    'invalid_request',
  ],
  ['no JSON at all', json, 'code=YM1', 400, 'invalid_request'],
  ['an empty body', json, '', 400, 'invalid_request'],
  [
    'a form',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'code=a',
    415,
    'unsupported_media_type',
  ],
  ['plain text', { 'content-type': 'text/plain' }, good, 415, 'unsupported_media_type'],
  ['no content type', { 'content-type': '' }, good, 415, 'unsupported_media_type'],
  [
    'another charset',
    { 'content-type': 'application/json; charset=gbk' },
    good,
    415,
    'unsupported_media_type',
  ],
  ['a tab in the type', { 'content-type': 'application/json\t' }, '{"code":1}', 400, 'invalid_request'],
  ['a similar type', { 'content-type': 'application/jsonx' }, good, 415, 'unsupported_media_type'],
  ['gzip', { ...json, 'content-encoding': 'gzip' }, gzipSync(good), 415, 'unsupported_media_type'],
];

t.test('a body with more than one reading, or none, is refused', async (t) => {
  const app = await buildTwinApp(t);
  for (const [title, headers, payload, status, code] of ROWS) {
    const response = await app.inject({
      method: 'POST',
      url: '/v1/verify',
      headers: { ...bearer('verify'), ...headers },
      payload,
    });
    t.equal(response.statusCode, status, title);
    t.equal(response.json().code, code, title);
    t.match(response.headers['content-type'], /^application\/problem\+json/);
  }
});

t.test('the usual spellings of JSON in UTF-8 pass', async (t) => {
  const app = await buildTwinApp(t);
  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
  ]) {
    const headers = { ...bearer('verify'), 'content-type': type };
    const response = await app.inject({ method: 'POST', url: '/v1/verify', headers, payload: good });
    t.equal(response.statusCode, 200, type);
  }
});

t.test('a refusal names the rule and never repeats the body', async (t) => {
  const app = await buildTwinApp(t);
  const payload = '{"code":"a","code":"CANARY"}';
  const headers = { ...bearer('verify'), ...json };
  const response = await app.inject({ method: 'POST', url: '/v1/verify', headers, payload });
  t.equal(response.json().rule, 'json_duplicate');
  t.notMatch(response.body, 'CANARY');
});

t.test('numbers are not made of strings, nor strings of numbers', async (t) => {
  const app = await buildTwinApp(t);
  const request = { kind: 'health-code', region: 330102, claims: {}, operator: 'a', evidence: 'b' };
  const response = await app.inject({
    method: 'POST',
    url: '/v1/credentials',
    headers: bearer('issue'),
    payload: request,
  });
  t.equal(response.statusCode, 400);
  t.equal(response.json().field, 'region');
});
