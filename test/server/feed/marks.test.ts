import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { After } from '../../../src/server/after.js';
import { openFeedMarks } from '../../../src/server/feed/marks.js';

const A = 'https://a.example/status-lists/';
const mark = { epoch: new Uint8Array(16).fill(7), n: 3, seq: 8, highWater: 8 };

function setUp(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'yima-marks-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'feed-marks.json');
  let due: (() => void) | null = null;
  const after: After = (run) => {
    due = run;
    return () => undefined;
  };
  const warnings: unknown[] = [];
  const open = (path = file) =>
    openFeedMarks(path, after, { warn: (about: unknown) => void warnings.push(about) });
  const pass = (): void => due?.();
  return { file, open, pass, warnings };
}

t.test('what was noted is found after the next start, and is for nobody else to read', async (t) => {
  const { file, open, pass } = setUp(t);
  const marks = open();
  t.equal(marks.find(A), undefined);
  marks.note(A, mark);
  t.match(open().find(A), mark, 'at once');
  for (let seq = 9; seq < 1_000; seq += 1) marks.note(A, { ...mark, seq, highWater: seq });
  t.match(open().find(A), mark, 'a thousand changes a second are written together');
  pass();
  t.match(open().find(A), { ...mark, seq: 999, highWater: 999 });
  t.equal(open().find('https://b.example/'), undefined);
  t.equal(statSync(file).mode & 0o777, 0o600);
});

t.test(
  'a heartbeat is not worth a write; an entry that lacks something or says something new is',
  async (t) => {
    const { open, pass } = setUp(t);
    const marks = open();
    marks.note(A, mark);
    pass();
    marks.note(A, { ...mark, n: 4 });
    t.equal(open().find(A)?.n, mark.n);
    for (const news of [
      { ...mark, n: 5, highWater: 9 },
      { ...mark, n: 6, seq: 9, highWater: 9 },
    ]) {
      marks.note(A, news);
      t.match(open().find(A), news);
      pass();
    }
  },
);

t.test('an end in good order writes what is left', async (t) => {
  const { open } = setUp(t);
  const marks = open();
  marks.note(A, mark);
  const news = { ...mark, seq: 9, highWater: 9 };
  marks.note(A, news);
  marks.close();
  t.match(open().find(A), news);
});

t.test('what cannot be read counts for nothing, row by row', async (t) => {
  const { file, open } = setUp(t);
  const row = { base: A, epoch: '07'.repeat(16), n: 3, seq: 8, highWater: 8 };
  for (const text of ['', '{', 'null', '{}', '[null, 7]', JSON.stringify([{ ...row, epoch: 'xyz' }])]) {
    writeFileSync(file, text);
    t.equal(open().find(A), undefined, text);
  }
  writeFileSync(
    file,
    JSON.stringify([
      { ...row, n: -1 },
      { ...row, base: 'https://b.example/' },
    ]),
  );
  t.equal(open().find(A), undefined);
  t.match(open().find('https://b.example/'), mark);
});

t.test('where it cannot be kept, the node goes on and says so', async (t) => {
  const { file, open, warnings } = setUp(t);
  const marks = open(join(file, 'nowhere'));
  marks.note(A, mark);
  t.equal(warnings.length, 1);
  t.match(marks.find(A), mark);
  t.throws(() => readFileSync(file));
});
