// What the hub makes of another authority's code, in its own store and lists.

import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { hexEncode, utf8Encode } from '../../../src/core/codec/bytes.js';
import { carriedClaims, checkClaims } from '../../../src/core/credential/claims.js';
import type { Kind } from '../../../src/core/credential/kind.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { HEALTH_CODE } from '../../../src/core/credential/kinds/health-code.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import type { SourceCode } from '../../../src/core/issue/translation.js';
import { issueRequest, NOW, openMemoryOffice } from '../../support/office.js';
import { sampleClaims } from '../../support/sample-claims.js';

const RED = 0x0d;
const REQUEST = { code: 'YM1:SOURCE', operator: 'window 3', evidence: 'case 9' };

function source(change: Partial<SourceCode> = {}, kind: Kind = HEALTH_CODE): SourceCode {
  const checked = checkClaims(kind, { ...sampleClaims(kind.name), region: '440103' }, 'request');
  const claims = carriedClaims(kind, checked);
  return { issuer: '440103', kind, claims, expiresAt: NOW + 86_400, level: RED, ...change };
}

const openHub = (change: Partial<SourceCode> = {}, kind: Kind = HEALTH_CODE) =>
  openMemoryOffice({ region: '', readSource: () => source(change, kind) });

t.test('claims are taken over as they were carried, with the source beside them', async (t) => {
  const { registry, verify, store } = await openHub();
  const { credential, encodings } = await registry.translate('desk', REQUEST);
  t.match(credential, {
    kind: 'health-code',
    region: '440103',
    level: RED,
    issuedAt: NOW,
    expiresAt: NOW + 1_800,
  });
  t.match(encodings, [{ form: 'screen', value: RED }]);
  t.match(verify(encodings[0]?.code ?? ''), { reason: 'refused_by_policy', recognition: 'translated' });
  const [issued, translated] = await store.log(0, 10);
  t.equal(issued?.type, 'issued');
  t.same(JSON.parse(translated?.body ?? ''), {
    credential: credential.id,
    source: '440103',
    sha256: hexEncode(sha256(utf8Encode(REQUEST.code))),
    revoked: false,
    suspended: false,
    level: RED,
  });
});

t.test('a red that was stored although its commit failed is red at once, and after a restart', async (t) => {
  const office = await openHub();
  const request = { ...REQUEST, idempotencyKey: 'retry' };
  office.store.failNext('after');
  await t.rejects(office.registry.translate('desk', request), { code: 'store_failed' });
  const found = await office.registry.translate('desk', request);
  t.equal(found.replayed, true);
  const code = found.encodings[0]?.code ?? '';
  t.equal(office.verify(code).reason, 'refused_by_policy');
  t.equal((await office.restart()).verify(code).reason, 'refused_by_policy');
  const audit = await auditLog({ store: office.store, sha256, nextTurn: async () => undefined });
  t.match(audit, { ok: true, entries: 2 });
});

t.test('nothing is left of a translation whose commit failed before it was written', async (t) => {
  const { registry, store, arena } = await openHub();
  store.failNext('before');
  await t.rejects(registry.translate('desk', REQUEST), { code: 'store_failed' });
  t.equal(await store.head(), undefined);
  t.same(
    arena.shapes().map(({ base, number }) => arena.packed(base, number)?.some((byte) => byte !== 0)),
    [false],
  );
});

t.test('an end that is sooner stays, and a source without end gets one', async (t) => {
  for (const [expiresAt, expected] of [
    [NOW + 60, NOW + 60],
    [NOW + 1_801, NOW + 1_800],
    [null, NOW + 1_800],
  ] as const) {
    const { registry } = await openHub({ expiresAt });
    t.equal((await registry.translate('desk', REQUEST)).credential.expiresAt, expected);
  }
  const { registry } = await openHub({ expiresAt: NOW });
  await t.rejects(registry.translate('desk', REQUEST), {
    code: 'claims_rejected',
    field: 'code',
    rule: 'expired',
  });
});

t.test('only kinds with a place for the source are translated', async (t) => {
  for (const kind of KINDS.all) {
    if (kind === HEALTH_CODE) continue;
    const { registry } = await openHub({ level: 0 }, kind);
    const expected = { code: 'claims_rejected', field: 'code', rule: 'kind_not_translated' };
    await t.rejects(registry.translate('desk', REQUEST), expected, kind.name);
  }
});

t.test('an office that is not the hub translates nothing, whatever the code', async (t) => {
  const { registry, store } = await openMemoryOffice();
  await t.rejects(registry.translate('desk', REQUEST), { code: 'forbidden' });
  t.equal(await store.head(), undefined);
});

t.test('one idempotency key is one request, whether issued or translated', async (t) => {
  const { registry } = await openHub();
  const key = { idempotencyKey: 'one' };
  await registry.issue('desk', issueRequest('health-code', key));
  await t.rejects(registry.translate('desk', { ...REQUEST, ...key }), { code: 'idempotency_conflict' });
});
