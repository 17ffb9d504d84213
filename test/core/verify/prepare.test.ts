// Which keys are tried, and that nothing but a candidate's signature counts.

import t from 'tap';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import { createKeyTable } from '../../../src/core/trust/key-table.js';
import { conclude } from '../../../src/core/verify/conclude.js';
import { prepare, type Ready } from '../../../src/core/verify/prepare.js';
import { verifyCode } from '../../../src/core/verify/verify-code.js';
import { contentOf, createGate, createIssuer, NOW, signYm1, ym1Claims } from '../../support/fixtures.js';

const { signer, record } = createIssuer();
const code = encodeYm1(contentOf(), signer);
const { deps } = createGate([record]);

function prepared(records: readonly KeyRecord[], text = code): ReturnType<typeof prepare> {
  return prepare(text, createKeyTable(records, NOW), deps);
}

function ready(records: readonly KeyRecord[], text = code): Ready {
  const result = prepared(records, text);
  if (result.refusal !== null) throw new Error(result.refusal.reason);
  return result;
}

/** Another key under the same kid. */
function twin(change: Partial<KeyRecord> = {}): KeyRecord {
  return createIssuer({ kid: record.kid, ...change }).record;
}

t.test('every key of the kid that may stand behind the code is tried, four at most', async (t) => {
  const records = [twin(), twin(), twin(), record, twin(), twin()];
  t.equal(ready(records).checks[0]?.candidates.length, 4);
  t.equal(createGate(records).verify(code).reason, 'ok', 'the fourth verifies');
  const unsuited = [
    twin({ state: 'removed' }),
    twin({ use: 'status' }),
    twin({ scope: { region: '11', kinds: null } }),
  ];
  t.equal(
    createGate([...unsuited, ...unsuited, record]).verify(code).reason,
    'ok',
    'unsuited keys take no place',
  );
});

t.test('when no key may be tried the gravest reason is told, before any signature', async (t) => {
  let verified = 0;
  const verify = (): boolean => {
    verified++;
    return true;
  };
  const reason = (records: readonly KeyRecord[]): string =>
    verifyCode(code, { ...deps, keys: createKeyTable(records, NOW), verify }).reason;
  t.equal(reason([twin({ state: 'removed' }), twin({ use: 'log' })]), 'issuer_out_of_scope');
  t.equal(reason([twin({ use: 'log' }), twin({ state: 'revoked' })]), 'key_revoked');
  t.equal(reason([twin({ state: 'announced' })]), 'key_retired');
  t.equal(reason([]), 'issuer_unknown');
  t.equal(verified, 0);
});

t.test('the algorithm is the key’s: a message that names another has no candidate', async (t) => {
  const ecdsa = createIssuer({ kid: record.kid }, 'ES256');
  const result = ready([ecdsa.record]);
  t.strictSame(result.checks[0]?.candidates, []);
  t.equal(conclude(result, [ecdsa.record], deps.context).reason, 'bad_signature');
});

t.test('only a candidate counts as the key that verified', async (t) => {
  const result = ready([record]);
  t.equal(conclude(result, [record], deps.context).reason, 'ok');
  for (const [title, results] of [
    ['none', [null]],
    ['nothing', []],
    ['a stranger', [twin()]],
    ['a copy', [{ ...record }]],
  ] as const) {
    t.equal(conclude(result, results, deps.context).reason, 'bad_signature', title);
  }
});

t.test('a key without kinds covers a kind unknown here, a key with kinds does not', async (t) => {
  const unknown = signYm1(ym1Claims([[-65537, [60_000, 1, 7, new Map([[9, 330102]])]]]), signer);
  t.equal(createGate([record]).verify(unknown).reason, 'no_policy');
  t.equal(createGate([record]).verify(unknown).credential?.kind, '60000');
  const listed = { ...record, scope: { region: '33', kinds: ['health-code'] } };
  t.equal(createGate([listed]).verify(unknown).reason, 'issuer_out_of_scope');
  const elsewhere = signYm1(ym1Claims([[-65537, [60_000, 1, 7, new Map([[9, 110101]])]]]), signer);
  t.equal(
    createGate([record]).verify(elsewhere).reason,
    'issuer_out_of_scope',
    'its region counts all the same',
  );
  const nowhere = signYm1(ym1Claims([[-65537, [60_000, 1, 7, new Map()]]]), signer);
  t.equal(
    createGate([record]).verify(nowhere).reason,
    'issuer_out_of_scope',
    'no region is inside no region',
  );
  const anywhere = { ...record, scope: { region: '', kinds: null } };
  t.equal(createGate([anywhere]).verify(nowhere).reason, 'no_policy');
});

t.test('an unknown kind is never admitted, and its revocation still counts', async (t) => {
  const unknown = signYm1(ym1Claims([[-65537, [60_000, 1, 7, new Map([[9, 330102]])]]]), signer);
  const answerWith = (value: number): string => {
    const gate = createGate([record]);
    gate.arena.set(record.statusBase ?? '', 1, 7, value);
    return gate.verify(unknown).reason;
  };
  t.equal(answerWith(1), 'revoked');
  t.equal(answerWith(2), 'suspended');
  t.equal(answerWith(12), 'status_unknown');
});

t.test('what the parsers do not foresee is thrown, never answered', async (t) => {
  const broken = new TypeError('a defect');
  const inflate = (): never => {
    throw broken;
  };
  t.throws(() => prepare('HC1:6BF', deps.keys, { ...deps, inflate }), broken);
});
