// What a person is shown before he signs: everything that becomes different, and nothing else.

import { test } from 'tap';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import { listDifference, rootDifference } from '../../../../src/core/trust/documents/difference.js';
import { NOW } from '../../../support/fixtures.js';
import {
  authorityEntry,
  type DeskKey,
  deskKeys,
  listPayload,
  rootPayload,
  signerEntry,
} from '../../../support/trust-desk.js';
import { listOf, rootOf } from './reading.js';

const [A, B, C, D] = deskKeys(4) as [DeskKey, DeskKey, DeskKey, DeskKey];
const YEAR = 365 * 86_400;
const list = (entries: readonly JsonObject[], change: JsonObject = {}) =>
  listOf(listPayload('33', entries, change));
const prints = (keys: readonly DeskKey[]): readonly string[] => keys.map(({ thumbprint }) => thumbprint);

test('a first list is all new, and one against itself is nothing', async (t) => {
  const revoked = [{ key: C.thumbprint, at: NOW, reason: 'lost' }];
  const first = list([authorityEntry('3301', [A, B]), signerEntry('33', [D])], { revoked });
  const all = listDifference(null, first);
  t.same(
    all.added.map(({ thumbprint, sub, use }) => [thumbprint, sub, use]),
    [
      [A.thumbprint, '3301', 'list'],
      [B.thumbprint, '3301', 'list'],
      [D.thumbprint, '33', 'credential'],
    ],
  );
  t.same([all.removed, all.changed], [[], []]);
  t.same(all.revoked, [{ thumbprint: C.thumbprint, at: NOW, reason: 'lost' }]);
  t.same(all.expiresAt, [null, NOW + YEAR]);
  t.same(listDifference(first, first), {
    added: [],
    removed: [],
    changed: [],
    revoked: [],
    expiresAt: [NOW + YEAR, NOW + YEAR],
  });
});

test('each term that changes is shown before and after', async (t) => {
  const before = authorityEntry('3301', [A, B], { scope: { region: '3301', kinds: ['id-card'], depth: 0 } });
  const rows: readonly (readonly [string, unknown, unknown, JsonObject])[] = [
    ['state', 'active', 'retired', { state: 'retired' }],
    [
      'scope',
      { region: '3301', kinds: ['id-card'] },
      { region: '3301', kinds: null },
      { scope: { region: '3301', kinds: null, depth: 0 } },
    ],
    [
      'scope',
      { region: '3301', kinds: ['id-card'] },
      { region: '33', kinds: ['id-card'] },
      { scope: { region: '33', kinds: ['id-card'], depth: 0 } },
    ],
    ['depth', 0, 1, { scope: { region: '3301', kinds: ['id-card'], depth: 1 } }],
    ['notBefore', null, 5, { nbf: 5 }],
    ['notAfter', null, 9, { exp: 9 }],
    ['statusBase', 'https://3301.example/', null, { statusBase: null }],
  ];
  for (const [name, was, is, change] of rows) {
    const { added, removed, changed } = listDifference(list([before]), list([{ ...before, ...change }]));
    t.same([added, removed], [[], []], name);
    t.same(
      changed.map((each) =>
        [each.before, each.after].map((terms) => [terms.thumbprint, terms[name as 'state']]),
      ),
      [A, B].map(({ thumbprint }) => [
        [thumbprint, was],
        [thumbprint, is],
      ]),
      name,
    );
  }
  const three = list([authorityEntry('3301', [A, B, C])]);
  const more = list([authorityEntry('3301', [A, B, C], { threshold: 3 })]);
  t.same(
    listDifference(three, more).changed.map((each) => [each.before.threshold, each.after.threshold]),
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
  );
});

test('a key that goes to another holder or use is one less and one more', async (t) => {
  for (const after of [signerEntry('3302', [A]), signerEntry('33', [A], { use: 'status' })]) {
    const { added, removed, changed } = listDifference(list([signerEntry('33', [A])]), list([after]));
    t.same(
      [added, removed].map((each) => each.map(({ thumbprint }) => thumbprint)),
      [[A.thumbprint], [A.thumbprint]],
    );
    t.same(changed, []);
  }
});

test('a second scope of one key is told apart from the first', async (t) => {
  const [first, second] = ['3301', '3302'].map((region) =>
    signerEntry('33', [A], { scope: { region, kinds: null } }),
  ) as [JsonObject, JsonObject];
  const { added, removed, changed } = listDifference(list([first]), list([first, second]));
  t.same(
    added.map(({ scope }) => scope.region),
    ['3302'],
  );
  t.same([removed, changed], [[], []]);
  t.same(
    listDifference(list([first, second]), list([first])).removed.map(({ scope }) => scope.region),
    ['3302'],
  );
});

test('only fresh revocations are shown', async (t) => {
  const item = ({ thumbprint: key }: DeskKey): JsonObject => ({ key, at: NOW, reason: '' });
  const { revoked } = listDifference(
    list([], { revoked: [item(A)] }),
    list([], { revoked: [item(A), item(B)] }),
  );
  t.same(
    revoked.map(({ thumbprint }) => thumbprint),
    [B.thumbprint],
  );
});

test('a root shows its keys, the hub, thresholds and the log', async (t) => {
  const vkey = `log.example+0123abcd+${'A'.repeat(44)}`;
  const before = rootOf(rootPayload([A, B], [C, D]));
  const hub = { sub: 'hub.example', threshold: 3, keys: [B, C, D].map(({ jwk }) => jwk), depth: 2 };
  const after = rootOf(
    rootPayload([A, B, C], [], {
      threshold: 3,
      hub,
      exp: NOW + 10,
      log: { origin: 'log.example', key: vkey, witnesses: { quorum: 0, keys: [] } },
    }),
  );
  t.same(rootDifference(before, after), {
    addedKeys: prints([C]),
    removedKeys: [],
    threshold: [2, 3],
    addedHubKeys: prints([B]),
    removedHubKeys: [],
    hubThreshold: [2, 3],
    hubName: ['cn.example', 'hub.example'],
    hubDepth: [3, 2],
    log: true,
    expiresAt: [NOW + YEAR, NOW + 10],
  });
  t.match(rootDifference(after, before), {
    addedKeys: [],
    removedKeys: prints([C]),
    removedHubKeys: prints([B]),
    log: true,
  });
  t.match(rootDifference(null, before), {
    addedKeys: prints([A, B]),
    addedHubKeys: prints([C, D]),
    threshold: [null, 2],
    hubName: [null, 'cn.example'],
    log: false,
  });
  t.match(rootDifference(before, before), {
    addedKeys: [],
    removedKeys: [],
    addedHubKeys: [],
    removedHubKeys: [],
    log: false,
  });
});
