// The heads that the door reads by itself, and their neighbours, which are left to Node's parser.

import t from 'tap';
import { bodyStart, readUsualHead } from '../../../src/http/door/usual-head.js';

const FIELDS = ['host: x', 'authorization: Bearer yk', 'content-type: application/json', 'content-length: 5'];
const request = (fields: readonly string[], body = '12345', line = 'POST /v1/verify HTTP/1.1'): Buffer =>
  Buffer.from(`${[line, ...fields].join('\r\n')}\r\n\r\n${body}`, 'latin1');

/** FIELDS with one replaced, or with more behind it. */
function change(name: string, ...lines: readonly string[]): readonly string[] {
  return FIELDS.flatMap((field) => (field.startsWith(`${name}:`) ? lines : [field]));
}

t.test('a usual head is read, in any case and order and with idle fields', async (t) => {
  for (const fields of [
    FIELDS,
    [...FIELDS].reverse(),
    FIELDS.map((field) => field.replace(/^[a-z-]+/, (name) => name.toUpperCase())),
    [
      ...FIELDS,
      'User-Agent: gate/1.0 (x)',
      'Accept: */*',
      'Connection: Keep-Alive',
      'X-Forwarded-For: 10.0.0.1',
    ],
    change('host', 'host:x'),
    change('host', 'host: \t x \t '),
    change('content-length', 'content-length:    5'),
  ]) {
    const chunk = request(fields);
    const head = readUsualHead(chunk);
    t.ok(head, fields.join(' | '));
    t.equal(head?.authorization, 'Bearer yk');
    t.equal(head === null ? -1 : bodyStart(head, chunk), chunk.length - 5);
  }
});

t.test('the same head is known again with a body of another length', async (t) => {
  const head = readUsualHead(request(FIELDS));
  const longer = request(change('content-length', 'content-length: 7'), '1234567');
  t.equal(head === null ? -1 : bodyStart(head, longer), longer.length - 7);
  for (const [title, chunk] of [
    ['another number of digits', request(change('content-length', 'content-length: 17'), 'x'.repeat(17))],
    ['another field', request(change('host', 'host: y'))],
    ['another key', request(change('authorization', 'authorization: Bearer yx'))],
    ['a body too short', request(FIELDS, '1234')],
    ['more behind the body', request(FIELDS, '123456')],
    ['no digit', request(change('content-length', 'content-length: x'))],
    ['a length of nought', request(change('content-length', 'content-length: 0'), '')],
    ['nothing', Buffer.alloc(0)],
  ] as const) {
    t.equal(head === null ? 0 : bodyStart(head, chunk), -1, title);
  }
});

t.test('a body over the limit is left to the ordinary way', async (t) => {
  const body = (bytes: number) =>
    request(change('content-length', `content-length: ${bytes}`), 'x'.repeat(bytes));
  const start = (chunk: Buffer) => {
    const head = readUsualHead(chunk);
    return head === null ? -1 : bodyStart(head, chunk);
  };
  t.ok(start(body(16_384)) > 0);
  t.equal(start(body(16_385)), -1);
});

t.test('whatever might mean something else is no usual head', async (t) => {
  const rows: readonly (readonly [string, Buffer])[] = [
    ['another path', request(FIELDS, '12345', 'POST /v1/verify/ HTTP/1.1')],
    ['a query', request(FIELDS, '12345', 'POST /v1/verify?x HTTP/1.1')],
    ['another method', request(FIELDS, '12345', 'PUT /v1/verify HTTP/1.1')],
    ['HTTP/1.0', request(FIELDS, '12345', 'POST /v1/verify HTTP/1.0')],
    ['an empty line in front', Buffer.concat([Buffer.from('\r\n'), request(FIELDS)])],
    ['bare line feeds', Buffer.from(request(FIELDS).toString('latin1').replaceAll('\r\n', '\n'))],
    ['a bare line feed in a field', request(change('host', 'host: x\nx-real-ip: y'))],
    ['a bare carriage return in a field', request(change('host', 'host: x\rx-real-ip: y'))],
    ['a folded field', request(change('host', 'host: x', ' y'))],
    ['a space in front of the colon', request(change('host', 'host : x'))],
    ['a NUL', request(change('host', 'host: x\0y'))],
    ['a byte over 127', request(change('host', 'host: x\xe4'))],
    ['an empty value', request(change('host', 'host:'))],
    ['no host', request(change('host'))],
    ['no key', request(change('authorization'))],
    ['no type', request(change('content-type'))],
    ['no length', request(change('content-length'))],
    ['another type', request(change('content-type', 'content-type: text/plain'))],
    ['a charset', request(change('content-type', 'content-type: application/json; charset=utf-8'))],
    ['a type in another case', request(change('content-type', 'content-type: Application/json'))],
    ['two lengths', request([...FIELDS, 'content-length: 5'])],
    ['two other lengths', request([...FIELDS, 'Content-Length: 6'])],
    ['two hosts', request([...FIELDS, 'host: y'])],
    ['two keys', request([...FIELDS, 'authorization: Bearer other'])],
    ['a length with a sign', request(change('content-length', 'content-length: +5'))],
    ['a length with a nought in front', request(change('content-length', 'content-length: 05'))],
    ['a length in hexadecimal', request(change('content-length', 'content-length: 0x5'))],
    ['a list of lengths', request(change('content-length', 'content-length: 5, 5'))],
    ['chunks beside a length', request([...FIELDS, 'transfer-encoding: chunked'])],
    ['chunks instead of a length', request(change('content-length', 'transfer-encoding: chunked'))],
    ['a compressed body', request([...FIELDS, 'content-encoding: gzip'])],
    ['an expectation', request([...FIELDS, 'expect: 100-continue'])],
    ['an upgrade', request([...FIELDS, 'upgrade: h2c'])],
    ['connection: close', request([...FIELDS, 'connection: close'])],
    ['connection: upgrade', request([...FIELDS, 'connection: keep-alive, upgrade'])],
    ['trailers', request([...FIELDS, 'te: trailers'])],
    ['a field that nobody knows', request([...FIELDS, 'x-other: 1'])],
    ['__proto__', request([...FIELDS, '__proto__: 1'])],
    ['no end of the head', Buffer.from('POST /v1/verify HTTP/1.1\r\nhost: x\r\n')],
    ['a head without end', request([...FIELDS, `accept: ${'x'.repeat(4_096)}`])],
    ['nothing', Buffer.alloc(0)],
  ];
  for (const [title, chunk] of rows) t.equal(readUsualHead(chunk), null, title);
});
