// An independent oracle: where roots rotate, thresholds count and versions go up, tuf-js takes what ours takes and nothing else, but
// for the differences that are named here.

import { test } from 'tap';
import { type DeskKey, deskKeys } from '../../support/trust-desk.js';
import { ourAnswers, type RootStep, type Step, tufAnswers } from './tuf-steps.js';

const OLD = deskKeys(3);
const NEW = deskKeys(3);
const HUB = deskKeys(3);
const HUB2 = deskKeys(3);
const STRANGERS = deskKeys(2);
const [O1, O2, O3] = OLD as [DeskKey, DeskKey, DeskKey];
const [N1, N2, N3] = NEW as [DeskKey, DeskKey, DeskKey];
const [H1, H2, H3] = HUB as [DeskKey, DeskKey, DeskKey];
const O1_RENAMED: DeskKey = { ...O1, thumbprint: 'A'.repeat(43) };
const FIRST = { root: 1, keys: OLD, threshold: 2, hubKeys: HUB, hubThreshold: 2, by: [O1, O2] } as const;

const swap = (by: readonly DeskKey[], change: Partial<RootStep> = {}): RootStep => ({
  root: 2,
  keys: NEW,
  by,
  ...change,
});
const list = (version: number, by: readonly DeskKey[] = [H1, H2]): Step => ({ list: version, by });

type Case = readonly [name: string, steps: readonly Step[], taken: string];

/** T: taken, -: not taken; the first root, which is pinned, is not written. */
const AGREED: readonly Case[] = [
  ['two old and two new', [swap([O1, O2, N1, N2])], 'T'],
  ['all old and all new', [swap([...OLD, ...NEW])], 'T'],
  ['only new', [swap(NEW)], '-'],
  ['only old', [swap(OLD)], '-'],
  ['one old, two new', [swap([O1, N1, N2])], '-'],
  ['two old, one new', [swap([O1, O2, N1])], '-'],
  ['nobody', [swap([])], '-'],
  ['strangers', [swap(STRANGERS)], '-'],
  ['strangers beside those who must', [swap([O1, O2, N1, N2, ...STRANGERS])], 'T'],
  ['false signatures of old ones', [swap([O1, N1, N2], { falseBy: [O2] })], '-'],
  ['false signatures of new ones', [swap([O1, O2, N1], { falseBy: [N2] })], '-'],
  ['a false signature beside enough', [swap([O1, O2, N1, N2], { falseBy: [O3, N3] })], 'T'],
  ['one key stays and counts for both', [swap([O1, O2, N1], { keys: [O1, N1, N2] })], 'T'],
  ['one key stays, and one old is missing', [swap([O1, N1], { keys: [O1, N1, N2] })], '-'],
  ['the same keys', [{ root: 2, by: [O2, O3] }], 'T'],
  ['the same keys in another order', [{ root: 2, keys: [O3, O2, O1], by: [O1, O3] }], 'T'],
  ['a higher threshold, met', [{ root: 2, threshold: 3, by: OLD }], 'T'],
  ['a higher threshold, met by the old one', [{ root: 2, threshold: 3, by: [O1, O2] }], '-'],
  [
    'a lower threshold, met by the new one',
    [
      { root: 2, threshold: 3, by: OLD },
      { root: 3, threshold: 2, by: [O1, O2] },
    ],
    'T-',
  ],
  [
    'a lower threshold, signed by as many as before',
    [
      { root: 2, threshold: 3, by: OLD },
      { root: 3, threshold: 2, by: OLD },
      { root: 4, by: [O1, O2] },
    ],
    'TTT',
  ],
  ['more asked than there are', [{ root: 2, threshold: 4, by: OLD }], '-'],
  ['none asked', [{ root: 2, threshold: 0, by: OLD }], '-'],
  ['one key named twice', [{ root: 2, keys: [O1, O1, O2], by: [O1, O2] }], '-'],
  ['one key signs twice', [{ root: 2, by: [O1, O1] }], '-'],
  ['a version skipped', [{ root: 3, by: [O1, O2] }], '-'],
  ['the same version, other content', [{ root: 1, keys: NEW, by: [O1, O2, N1, N2] }], '-'],
  ['the same once more', [FIRST], '-'],
  [
    'back to the version before',
    [
      { root: 2, by: [O1, O2] },
      { root: 1, by: [O1, O2] },
    ],
    'T-',
  ],
  ['old keys after they were swapped', [swap([O1, O2, N1, N2]), { root: 3, by: [O1, O2] }], 'T-'],
  ['new keys after they were swapped', [swap([O1, O2, N1, N2]), { root: 3, by: [N2, N3] }], 'TT'],
  [
    'back to the old keys, by both',
    [swap([O1, O2, N1, N2]), { root: 3, keys: OLD, by: [O1, O2, N1, N2] }],
    'TT',
  ],
  [
    'a refused root changes nothing',
    [swap(NEW), { root: 2, by: [N1, N2] }, { root: 2, by: [O1, O2] }],
    '--T',
  ],
  ["the hub's keys cannot sign a root", [{ root: 2, by: HUB }], '-'],
  [
    'an expired root in the middle',
    [{ root: 2, by: [O1, O2], isExpired: true }, { root: 3, by: [O1, O2] }, list(1)],
    'TTT',
  ],
  ['an expired root at the end', [{ root: 2, by: [O1, O2], isExpired: true }, list(1)], 'T-'],
  ['a list by two', [list(1)], 'T'],
  ['a list by one', [list(1, [H1])], '-'],
  ['a list by one twice', [list(1, [H1, H1])], '-'],
  ['a list by one and a false one', [{ list: 1, by: [H1], falseBy: [H2] }], '-'],
  ['a list by the root', [list(1, OLD)], '-'],
  ['a list by one and strangers', [list(1, [H1, ...STRANGERS])], '-'],
  ['lists go up', [list(1), list(2), list(3, [H2, H3])], 'TTT'],
  ['lists may skip', [list(1), list(7)], 'TT'],
  ['the first list may be of any version', [list(7)], 'T'],
  ['lists do not go back', [list(7), list(6), list(8)], 'T-T'],
  ['the same version once more', [list(7), list(7)], 'T-'],
  ['another of the same version', [list(1), { list: 1, by: [H1, H2], isOther: true }], 'T-'],
  ['an expired list', [{ list: 1, by: [H1, H2], isExpired: true }], '-'],
  ['a list by new keys that the root does not name yet', [list(1, HUB2)], '-'],
  [
    'the hub gets new keys',
    [list(1), { root: 2, hubKeys: HUB2, by: [O1, O2] }, list(2), list(2, HUB2)],
    'TT-T',
  ],
  [
    'new keys of the hub do not go back either',
    [list(7), { root: 2, hubKeys: HUB2, by: [O1, O2] }, list(6, HUB2)],
    'TT-',
  ],
  ['more of the hub are asked', [{ root: 2, hubThreshold: 3, by: [O1, O2] }, list(1), list(1, HUB)], 'T-T'],
];

/** Where ours is stricter: why, what ours takes, and what tuf-js takes. */
const STRICTER: readonly (readonly [...Case, theirs: string])[] = [
  [
    'no root that locks its hub out',
    [
      { root: 2, hubThreshold: 4, by: [O1, O2] },
      { list: 1, by: HUB },
    ],
    '-T',
    'T-',
  ],
  [
    'keys count by what they are, not by how they are called',
    [
      { root: 2, keys: [O1, O1_RENAMED, O2], by: [O1, O2] },
      { root: 3, by: [O1, O1_RENAMED] },
    ],
    '--',
    'TT',
  ],
  ['four eyes: no root that one person can sign', [{ root: 2, threshold: 1, by: [O1, O2] }], '-', 'T'],
  ['four eyes: no hub that one person can sign', [{ root: 2, hubThreshold: 1, by: [O1, O2] }], '-', 'T'],
  ['a root names the one before by its hash', [{ root: 2, prev: 'A'.repeat(43), by: [O1, O2] }], '-', 'T'],
  ['versions of lists do not jump out of reach', [list(1), list(1_000_002), list(2)], 'T-T', 'TT-'],
  [
    'an expired list counts for nothing, not even its version',
    [{ list: 5, by: [H1, H2], isExpired: true }, list(4)],
    '-T',
    '--',
  ],
];

const marks = (answers: readonly string[]): string =>
  answers
    .slice(1)
    .map((answer) => (answer === 'taken' ? 'T' : '-'))
    .join('');

test('tuf-js takes what ours takes, and refuses what ours refuses', async (t) => {
  for (const [name, steps, taken] of AGREED) {
    const [ours, theirs] = [answersOf(ourAnswers, steps), answersOf(tufAnswers, steps)];
    t.equal(marks(ours), taken, `${name}: ours, ${ours.join(' ')}`);
    t.equal(marks(theirs), taken, `${name}: theirs, ${theirs.join(' ')}`);
  }
});

test('where ours differs, it does so by design', async (t) => {
  for (const [name, steps, our, their] of STRICTER) {
    const [ours, theirs] = [answersOf(ourAnswers, steps), answersOf(tufAnswers, steps)];
    t.equal(marks(ours), our, `${name}: ours, ${ours.join(' ')}`);
    t.equal(marks(theirs), their, `${name}: theirs, ${theirs.join(' ')}`);
  }
});

function answersOf(judge: typeof ourAnswers, steps: readonly Step[]): readonly string[] {
  return judge(FIRST, steps);
}
