import t from 'tap';
import { admittedBetween, violations } from './admissions.js';
import type { Sighting } from './watcher.js';

const CHANGES = [0, 1, 2].map((code) => ({ code, askedMs: 0 }));

function seen(code: number, decision: string, askedMs: number, change: Partial<Sighting> = {}): Sighting {
  return { code, decision, askedMs, answeredMs: askedMs + 1, reason: 'any', ageSeconds: 0, ...change };
}

const found = (sightings: readonly Sighting[]) => violations(sightings, CHANGES, 5);

t.test('a code that was refused is admitted no more', async (t) => {
  t.same(found([seen(1, 'admit', 1), seen(1, 'refuse', 2), seen(1, 'indeterminate', 4)]), []);
  t.match(found([seen(1, 'refuse', 2), seen(1, 'admit', 4)]), [/code 1 was admitted 1 ms after change 1/]);
});

t.test('who has heard of a change has heard of those before it', async (t) => {
  t.same(found([seen(1, 'refuse', 2), seen(2, 'admit', 4)]), [], 'the later one may still come');
  t.match(found([seen(1, 'refuse', 2), seen(0, 'admit', 4)]), [/code 0 .* after change 1/]);
});

t.test('what was asked before the answer was there proves nothing', async (t) => {
  t.same(found([seen(1, 'refuse', 2), seen(1, 'admit', 2)]), []);
});

t.test('nothing is admitted past the limit, or from nothing', async (t) => {
  t.same(found([seen(9, 'admit', 1, { ageSeconds: 5 })]), []);
  t.match(found([seen(9, 'admit', 1, { ageSeconds: 6 })]), [/6 s old/]);
  t.match(found([seen(9, 'admit', 1, { ageSeconds: null })]), [/null s old/]);
});

t.test('a sound code is never refused', async (t) => {
  t.match(found([seen(9, 'refuse', 1)]), [/code 9 is sound/]);
});

t.test('a span counts what was asked and answered in it', async (t) => {
  const all = [seen(9, 'admit', 1), seen(9, 'admit', 3), seen(9, 'refuse', 3), seen(9, 'admit', 5)];
  t.same(admittedBetween(all, 2, 5), [all[1]]);
});
