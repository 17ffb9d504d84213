import fc from 'fast-check';
import t from 'tap';
import { type BatchLine, readBatchLine } from '../../../src/http/batch/batch-line.js';
import { TOO_LONG } from '../../../src/http/batch/line-splitter.js';

const read = (text: string) => readBatchLine(Buffer.from(text));

t.test('a line is an id and a code, white space around them is JSON’s', async (t) => {
  t.same(read('{"id":"7","code":"YM1:A"}'), { fault: null, id: '7', code: 'YM1:A' });
  t.same(read(' { "code" : "\\u7801" , "id" : "" } \r'), { fault: null, id: '', code: '码' });
  t.equal(read(JSON.stringify({ id: 'x'.repeat(64), code: '' })).fault, null);
});

t.test('it may say where the code is shown', async (t) => {
  const [id, code, site, nonce] = ['7', 'YM2:A', 'east gate', 'AAAAAAAAAAA'];
  t.same(read(JSON.stringify({ id, code, site })), { fault: null, id, code, site });
  t.same(read(JSON.stringify({ site, nonce, code, id })), { fault: null, id, code, site, nonce });
  t.same(read('{"id":"7","code":"a","site":5}'), { fault: null, id, code: 'a', site: 5 }, 'judged later');
});

type Row = [line: string | Buffer, id: string | null, fault: { field?: string; rule?: string }];

const ROWS: readonly Row[] = [
  ['', null, { rule: 'empty' }],
  [' \r', null, { rule: 'empty' }],
  ['{', null, { rule: 'json' }],
  ['{"id":"7","code":"a"}{}', null, { rule: 'json' }],
  ['\uFEFF{"id":"7","code":"a"}', null, { rule: 'json' }],
  ['{"id":"7","code":"a","code":"b"}', null, { rule: 'json_duplicate' }],
  ['{"id":"7","code":"a","__proto__":{}}', null, { rule: 'json_name' }],
  ['{"id":"7","code":[[["a"]]]}', null, { rule: 'json_depth' }],
  [Buffer.from([0x22, 0xff, 0x22]), null, {}],
  ['null', null, {}],
  ['["7","a"]', null, {}],
  ['{"code":"a"}', null, { field: 'id' }],
  ['{"id":7,"code":"a"}', null, { field: 'id' }],
  [JSON.stringify({ id: 'x'.repeat(65), code: 'a' }), null, { field: 'id' }],
  ['{"id":"7"}', '7', { field: 'code' }],
  ['{"id":"7","code":null}', '7', { field: 'code' }],
  ['{"id":"7","code":"a","more":1}', '7', {}],
];

t.test('anything else is a fault, under its id where that can be read', async (t) => {
  for (const [line, id, fault] of ROWS) {
    const asked = readBatchLine(Buffer.from(line));
    t.match(asked, { id, fault: { code: 'invalid_request', ...fault } }, String(line));
  }
  t.match(readBatchLine(TOO_LONG), { id: null, fault: { code: 'too_large', rule: 'line' } });
});

t.test('the usual spelling is read as the JSON parser reads it', async (t) => {
  const text = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('YM1:A', '"', '\\'),
  );
  const line = fc.oneof(
    fc.record({ id: text, code: text }).map((value) => JSON.stringify(value)),
    fc.record({ id: text, code: text, site: text }).map((value) => JSON.stringify(value)),
    fc.tuple(text, text).map(([id, code]) => `{"id":"${id}","code":"${code}"}`),
    fc.constantFrom(
      '{"id":"","code":""}',
      '{"id":"","code":""}}',
      '{"id":"","code":"","a":1}',
      '{"id":"',
      '{"id":"","code":"',
    ),
  );
  fc.assert(
    fc.property(line, (written) => {
      const [asWritten, parsed] = [written, ` ${written}`].map(read);
      t.same(outcome(asWritten), outcome(parsed));
    }),
    { numRuns: 500 },
  );
});

/** A line without what its error knows of the place. */
function outcome(line: BatchLine | undefined): unknown {
  return line?.fault === null ? line : [line?.id, line?.fault.code, line?.fault.rule, line?.fault.field];
}
