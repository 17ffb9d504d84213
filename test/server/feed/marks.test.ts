import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openFeedMarks } from '../../../src/server/feed/marks.js';

const A = 'https://a.example/status-lists/';
const B = 'https://b.example/status-lists/';
const mark = { epoch: new Uint8Array(16).fill(7), n: 3, seq: 8, highWater: 8 };

function setUp(t: Test) {
  const parent = mkdtempSync(join(tmpdir(), 'yima-marks-'));
  t.teardown(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, 'feed-marks');
  const warnings: unknown[] = [];
  const open = (path = folder) => {
    const marks = openFeedMarks(path, { warn: (about: unknown) => void warnings.push(about) });
    t.teardown(marks.close);
    return marks;
  };
  return { folder, open, warnings };
}

t.test(
  'what was noted is found by the next start, however this one ends, and is for nobody else to read',
  async (t) => {
    const { folder, open } = setUp(t);
    const marks = open();
    t.equal(marks.find(A), undefined);
    marks.note(A, mark);
    t.strictSame(open().find(A), mark);
    const longer = { ...mark, n: 12_345, seq: 1_000_000, highWater: 1_000_001 };
    for (const news of [longer, { ...mark, n: 4 }]) {
      marks.note(A, news);
      t.strictSame(open().find(A), news);
    }
    t.equal(open().find(B), undefined);
    for (const name of readdirSync(folder)) t.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  },
);

t.test('a heartbeat is not worth a write; an entry that lacks something is', async (t) => {
  const { open } = setUp(t);
  const marks = open();
  marks.note(A, mark);
  marks.note(A, { ...mark, n: 4 });
  t.equal(open().find(A)?.n, 3);
  for (const n of [5, 6]) {
    marks.note(A, { ...mark, n, highWater: 9 });
    t.equal(open().find(A)?.n, n);
  }
});

t.test('what cannot be read counts for nothing, and is written over', async (t) => {
  const { folder, open } = setUp(t);
  open().note(A, mark);
  const path = join(folder, readdirSync(folder)[0] ?? '');
  const sound = readFileSync(path, 'latin1');
  const spoilt = [
    '',
    'x',
    sound.slice(0, 40),
    sound.replace('07', 'zz'),
    `${sound}\n`,
    sound.replace(' 3 ', ' 9999999999999999 '),
  ];
  for (const text of spoilt) {
    writeFileSync(path, text);
    const marks = open();
    t.equal(marks.find(A), undefined, JSON.stringify(text));
    marks.note(A, mark);
    t.strictSame(open().find(A), mark);
  }
});

t.test('where it cannot be kept, the node goes on and says so once', async (t) => {
  const { folder, open, warnings } = setUp(t);
  writeFileSync(folder, 'a file stands here');
  const marks = open();
  marks.note(A, mark);
  marks.note(A, { ...mark, seq: 9, highWater: 9 });
  t.equal(warnings.length, 1);
  t.equal(marks.find(A)?.seq, 9);
});
