import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { appendLog, checkLogRow, continuesLog, type LogEntry } from '../../../src/core/issue/log.js';
import type { LogRow } from '../../../src/core/issue/store.js';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const entry = (type: string, body: Record<string, unknown> = {}): LogEntry => ({
  at: 1,
  actor: 'local',
  type,
  body,
});

function checkAll(rows: readonly LogRow[]): void {
  for (const [at, row] of rows.entries()) checkLogRow(rows[at - 1], row, sha256);
}

t.test('the first entry has number 1, 64 zeros before it, and the hash anyone can compute', async (t) => {
  const [row] = appendLog(
    undefined,
    [{ at: 5, actor: 'local', type: 'issued', body: { b: 1, a: 'x' } }],
    sha256Hex,
  );
  const zeros = '0'.repeat(64);
  const text = `[1,5,"local","issued","{\\"a\\":\\"x\\",\\"b\\":1}","${zeros}"]`;
  const hash = createHash('sha256').update(text).digest('hex');
  t.strictSame(row, {
    seq: 1,
    at: 5,
    actor: 'local',
    type: 'issued',
    body: '{"a":"x","b":1}',
    prev: zeros,
    hash,
  });
});

t.test('entries follow the head and each other', async (t) => {
  const first = appendLog(undefined, [entry('a'), entry('b')], sha256Hex);
  const second = appendLog(first.at(-1), [entry('c')], sha256Hex);
  t.same(
    [...first, ...second].map(({ seq }) => seq),
    [1, 2, 3],
  );
  t.equal(second[0]?.prev, first[1]?.hash);
  t.doesNotThrow(() => checkAll([...first, ...second]));
  t.ok(continuesLog(undefined, [...first, ...second]));
  t.ok(continuesLog(first.at(-1), second));
});

t.test('nothing to log is no continuation', async (t) => {
  t.same(appendLog(undefined, [], sha256Hex), []);
  t.notOk(continuesLog(undefined, []));
});

t.test('a changed, dropped, moved or inserted entry is found, with its rule', async (t) => {
  const rows = appendLog(
    undefined,
    ['a', 'b', 'c', 'd'].map((type) => entry(type)),
    sha256Hex,
  );
  const [a, b, c, d] = rows as [LogRow, LogRow, LogRow, LogRow];
  const refusals: [string, readonly LogRow[], string][] = [
    ['another body', [a, { ...b, body: '{"x":1}' }, c, d], 'hash'],
    ['another time', [a, { ...b, at: 2 }, c, d], 'hash'],
    ['another actor', [{ ...a, actor: 'other' }, b, c, d], 'hash'],
    ['another type', [a, b, c, { ...d, type: 'z' }], 'hash'],
    ['another hash', [{ ...a, hash: 'f'.repeat(64) }, b, c, d], 'hash'],
    ['a dropped entry', [a, c, d], 'seq'],
    ['a dropped first entry', [b, c, d], 'seq'],
    ['an entry twice', [a, b, b, c, d], 'seq'],
    ['two entries changed places', [a, c, b, d], 'seq'],
    ['a dropped entry with the numbers mended', [a, { ...c, seq: 2 }, { ...d, seq: 3 }], 'prev'],
    [
      'an entry of another log',
      [a, ...appendLog({ ...a, hash: 'e'.repeat(64) }, [entry('b')], sha256Hex)],
      'prev',
    ],
  ];
  for (const [what, log, rule] of refusals) {
    t.throws(() => checkAll(log), { code: 'log_broken', rule }, what);
  }
});

t.test('a broken link is no continuation, wherever it is', async (t) => {
  const rows = appendLog(undefined, [entry('a'), entry('b'), entry('c')], sha256Hex);
  const [a, b, c] = rows as [LogRow, LogRow, LogRow];
  t.notOk(continuesLog(undefined, [b, c]));
  t.notOk(continuesLog(a, [c]));
  t.notOk(continuesLog(a, [b, b]));
  t.notOk(continuesLog(a, [b, { ...c, prev: a.hash }]));
  t.notOk(continuesLog(c, [a]));
});

t.test('any change to any member of any entry is found', async (t) => {
  const type = fc.string({ minLength: 1, maxLength: 8 });
  const body = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,6}$/),
    fc.oneof(fc.string(), fc.integer(), fc.boolean()),
  );
  const entries = fc.array(fc.record({ at: fc.nat(), actor: type, type, body }), {
    minLength: 1,
    maxLength: 6,
  });
  const member = fc.constantFrom('at', 'actor', 'type', 'body', 'prev', 'hash', 'seq');
  const found = () =>
    fc.assert(
      fc.property(entries, fc.nat(), member, (list, pick, name) => {
        const rows = appendLog(undefined, list, sha256Hex);
        checkAll(rows);
        const at = pick % rows.length;
        const changed = rows.map((row, n) => {
          if (n !== at) return row;
          const old = row[name];
          return { ...row, [name]: typeof old === 'number' ? old + 1 : `${old}x` };
        });
        try {
          checkAll(changed);
        } catch {
          return true;
        }
        return false;
      }),
      { numRuns: 100 },
    );
  t.doesNotThrow(found);
});
