// What may follow what: every rule, on both sides of its edge.

import { test } from 'tap';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import {
  checkListSuccession,
  checkTimes,
  isNewer,
  isNextRoot,
} from '../../../../src/core/trust/documents/succession.js';
import { KEY_STATES, type KeyState } from '../../../../src/core/trust/key-record.js';
import { NOW } from '../../../support/fixtures.js';
import {
  type DeskKey,
  deskKeys,
  listPayload,
  nextVersion,
  rootPayload,
  sign,
  signerEntry,
} from '../../../support/trust-desk.js';
import { listOf, rootOf, ruleOf } from './reading.js';

const [A, B] = deskKeys(2) as [DeskKey, DeskKey];
const EMPTY = sign('list', listPayload('33', []), []);
const V2 = sign('list', nextVersion(EMPTY, {}), []);
const item = ({ thumbprint: key }: DeskKey): JsonObject => ({ key, at: NOW, reason: '' });

test('a version is newer, the same, or refused for its rule', async (t) => {
  const rows: readonly (readonly [string, string, JsonObject])[] = [
    ['the next', 'newer', {}],
    ['the next in the same second', 'newer', { iat: NOW + 1 }],
    ['one a second earlier', 'time_back', { iat: NOW }],
    ['the next that follows another', 'prev', { prev: EMPTY.hash }],
    ['two later, whatever it follows', 'newer', { version: 4, prev: EMPTY.hash }],
    ['a million later', 'newer', { version: 1_000_002 }],
    ['a million and one later', 'fast_forward', { version: 1_000_003 }],
    ['as far as one can count', 'fast_forward', { version: Number.MAX_SAFE_INTEGER }],
    ['another of the same version', 'fork', { version: 2, prev: EMPTY.hash }],
    ['the very same', 'same', V2.payload],
    ['an older one', 'rollback', EMPTY.payload],
    ['another older one', 'rollback', { version: 1, prev: null }],
  ];
  const known = listOf(V2.payload);
  for (const [name, expected, change] of rows) {
    const next = listOf(nextVersion(V2, change));
    const rule = ruleOf(() => isNewer(known, next));
    t.equal(rule === 'accepted' ? (isNewer(known, next) ? 'newer' : 'same') : rule, expected, name);
  }
});

test('roots follow one another without a gap', async (t) => {
  const keys = deskKeys(2);
  const first = sign('root', rootPayload(keys, keys), []);
  const next = (change: JsonObject) => () =>
    isNextRoot(rootOf(first.payload), rootOf(nextVersion(first, change)));
  t.equal(next({})(), true);
  t.equal(isNextRoot(rootOf(first.payload), rootOf(first.payload)), false, 'the same');
  t.equal(ruleOf(next({ version: 3 })), 'prev', 'a gap');
  t.equal(ruleOf(next({ prev: EMPTY.hash })), 'prev', 'another root before');
  t.equal(ruleOf(next({ version: 1, prev: null })), 'fork');
});

test('a document counts from a minute before its iat to its last second', async (t) => {
  const list = listOf(listPayload('33', [], { iat: NOW, exp: NOW + 10 }));
  const at = (now: number): string => ruleOf(() => checkTimes(list, now));
  t.equal(at(NOW - 61), 'from_future');
  t.equal(at(NOW - 60), 'accepted');
  t.equal(at(NOW + 10), 'accepted');
  t.equal(at(NOW + 11), 'expired');
});

/** The rule by which these entries and revocations may not follow those. */
function following(
  before: { readonly entries: readonly JsonObject[]; readonly revoked?: readonly JsonObject[] },
  after: { readonly entries: readonly JsonObject[]; readonly revoked?: readonly JsonObject[] },
): string {
  const known = sign('list', listPayload('33', before.entries, { revoked: before.revoked ?? [] }), []);
  const next = nextVersion(known, { entries: after.entries, revoked: after.revoked ?? [] });
  return ruleOf(() => checkListSuccession(listOf(known.payload), listOf(next)));
}

const entry = (state: KeyState, key: DeskKey = A, change: JsonObject = {}): JsonObject =>
  signerEntry('33', [key], { state, ...change });

test('states go forward alone, from each to each', async (t) => {
  for (const [from, before] of KEY_STATES.entries()) {
    for (const [to, after] of KEY_STATES.entries()) {
      const expected = to >= from ? 'accepted' : before === 'revoked' ? 'key_revoked' : 'state_back';
      t.equal(
        following({ entries: [entry(before)] }, { entries: [entry(after)] }),
        expected,
        `${before} to ${after}`,
      );
    }
  }
});

test('a key in use does not go without a word, and a revocation never goes', async (t) => {
  const gone: Readonly<Record<KeyState, string>> = {
    announced: 'accepted',
    active: 'key_dropped',
    retired: 'key_dropped',
    removed: 'accepted',
    revoked: 'tombstone_removed',
  };
  for (const state of KEY_STATES)
    t.equal(following({ entries: [entry(state)] }, { entries: [] }), gone[state], state);
  const elsewhere = { scope: { region: '3301', kinds: null }, nbf: 1, exp: null };
  const rows: readonly (readonly [
    string,
    string,
    Parameters<typeof following>[0],
    Parameters<typeof following>[1],
  ])[] = [
    [
      'with other keys beside',
      'accepted',
      { entries: [entry('active')] },
      { entries: [entry('active', B), entry('active')] },
    ],
    [
      'in another scope',
      'accepted',
      { entries: [entry('active')] },
      { entries: [entry('active', A, elsewhere)] },
    ],
    [
      'of another use',
      'key_dropped',
      { entries: [entry('active')] },
      { entries: [entry('active', A, { use: 'status' })] },
    ],
    [
      'of another holder',
      'key_dropped',
      { entries: [entry('active')] },
      { entries: [signerEntry('3301', [A])] },
    ],
    [
      'gone as it is revoked',
      'accepted',
      { entries: [entry('active')] },
      { entries: [], revoked: [item(A)] },
    ],
    [
      'revoked while its entry stands',
      'accepted',
      { entries: [entry('active')] },
      { entries: [entry('active')], revoked: [item(A)] },
    ],
    [
      'and stands on',
      'accepted',
      { entries: [entry('active')], revoked: [item(A)] },
      { entries: [entry('active')], revoked: [item(A)] },
    ],
    [
      'a revocation kept',
      'accepted',
      { entries: [], revoked: [item(A)] },
      { entries: [], revoked: [item(B), item(A)] },
    ],
    [
      'a revocation forgotten',
      'tombstone_removed',
      { entries: [], revoked: [item(A)] },
      { entries: [], revoked: [item(B)] },
    ],
    [
      'a revoked entry for a revocation',
      'tombstone_removed',
      { entries: [entry('revoked')] },
      { entries: [], revoked: [item(A)] },
    ],
    [
      'a revocation for a revoked entry',
      'tombstone_removed',
      { entries: [], revoked: [item(A)] },
      { entries: [entry('revoked')] },
    ],
    [
      'a revoked key back',
      'key_revoked',
      { entries: [], revoked: [item(A)] },
      { entries: [entry('active')], revoked: [item(A)] },
    ],
    [
      'a revoked key back as announced',
      'key_revoked',
      { entries: [], revoked: [item(A)] },
      { entries: [entry('announced')], revoked: [item(A)] },
    ],
    [
      'a revoked key back as revoked',
      'accepted',
      { entries: [], revoked: [item(A)] },
      { entries: [entry('revoked')], revoked: [item(A)] },
    ],
    [
      'a revoked entry with an active twin added',
      'key_revoked',
      { entries: [entry('revoked')] },
      { entries: [entry('revoked'), entry('active', A, elsewhere)] },
    ],
    [
      'a revoked entry that an active twin hides',
      'key_revoked',
      { entries: [entry('revoked'), entry('active', A, elsewhere)] },
      { entries: [entry('active', A, elsewhere)] },
    ],
  ];
  for (const [name, expected, before, after] of rows) t.equal(following(before, after), expected, name);
});

test('a dead key does not come back under another holder of a foreign format', async (t) => {
  const key = { ...B.jwk, kid: 'AAAAAAAAAAA' };
  const foreign = (sub: string, state: KeyState): JsonObject =>
    signerEntry('33', [], { sub, format: 'eu-dcc', keys: [key], state });
  const before = { entries: [foreign('x', 'revoked')] };
  t.equal(following(before, { entries: [foreign('x', 'revoked'), foreign('y', 'active')] }), 'key_revoked');
  t.equal(following(before, { entries: [foreign('x', 'revoked'), foreign('y', 'revoked')] }), 'accepted');
});
