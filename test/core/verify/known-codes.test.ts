// A known code gets the answer of an unknown one, byte for byte, whatever has changed since; only its signature costs nothing.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { deflateZlib, inflateZlib, sha256Text } from '../../../src/adapters/crypto-node.js';
import { decodeBase45, encodeBase45 } from '../../../src/core/codec/base45.js';
import type { Kind, KindTable } from '../../../src/core/credential/kind.js';
import { createKindTable, KINDS } from '../../../src/core/credential/kind-table.js';
import { encodeYimaJws } from '../../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import type { VerifySignature } from '../../../src/core/signature/ports.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import { createKeyTable } from '../../../src/core/trust/key-table.js';
import type { Answer } from '../../../src/core/verify/answer.js';
import { createKnownCodes } from '../../../src/core/verify/known-codes.js';
import { type VerifyDeps, verifyCode } from '../../../src/core/verify/verify-code.js';
import {
  contentOf,
  createDccSigner,
  createGate,
  createIssuer,
  dccClaims,
  NOW,
  STATUS_BASE,
  signDccMessage,
  signHc1,
  signYm1,
  ym1Claims,
} from '../../support/fixtures.js';

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HOUR = 3_600;

const { signer, record } = createIssuer();
const ec = createIssuer({}, 'ES256');
const dcc = createDccSigner();
const code = encodeYm1(contentOf(), signer);
const jws = encodeYimaJws(contentOf(), signer);
const hc1 = signHc1(dccClaims(), dcc.signer);

interface Checkpoint {
  readonly verify: (text: string, change?: Partial<VerifyDeps>) => Answer;
  /** How many signatures were checked so far. */
  readonly checked: () => number;
  readonly figures: () => unknown;
}

/** A gate that remembers, over the same keys as one that does not. */
function createCheckpoint(records: readonly KeyRecord[], maxEntries = 100): Checkpoint {
  const { deps } = createGate(records);
  const known = createKnownCodes({ sha256Text, maxEntries });
  let checked = 0;
  const verify: VerifySignature = (...signed) => {
    checked++;
    return deps.verify(...signed);
  };
  return {
    verify: (text, change) => verifyCode(text, { ...deps, verify, known, ...change }),
    checked: () => checked,
    figures: known.figures,
  };
}

function forge(text: string): string {
  const bytes = decodeBase45(text.slice(4));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return `YM1:${encodeBase45(bytes)}`;
}

/** The other s that verifies with the same r. */
function otherS(bytes: Uint8Array): Uint8Array {
  const start = bytes.length - 32;
  const s = BigInt(`0x${Buffer.from(bytes.subarray(start)).toString('hex')}`);
  const other = Buffer.from((P256_ORDER - s).toString(16).padStart(64, '0'), 'hex');
  return Uint8Array.from([...bytes.subarray(0, start), ...other]);
}

t.test('a code of any envelope is checked once, and then answered alike', async (t) => {
  const gate = createCheckpoint([record, dcc.record]);
  for (const [count, text] of [code, jws, hc1].entries()) {
    const first = gate.verify(text);
    t.equal(gate.checked(), count + 1);
    t.same(gate.verify(text), first);
    t.equal(gate.checked(), count + 1, 'nothing was checked again');
  }
  t.same(gate.figures(), { hits: 3, misses: 3, entries: 3 });
});

t.test('what is not proven never enters, and is checked each time', async (t) => {
  const gate = createCheckpoint([record]);
  const strangers = encodeYm1(contentOf(), createIssuer().signer);
  for (const text of [forge(code), forge(code), strangers, 'YM1:', 'hello']) gate.verify(text);
  t.equal(gate.checked(), 2);
  t.match(gate.figures(), { hits: 0, entries: 0 });
  t.equal(gate.verify(code).reason, 'ok');
  t.equal(gate.verify(forge(code)).reason, 'bad_signature', 'a forgery of a known code');
  t.match(gate.figures(), { hits: 0, entries: 1 });
});

t.test('what a verdict depends on besides the signature is judged anew', async (t) => {
  const gate = createCheckpoint([record]);
  const { context } = createGate([record]).deps;
  const arena = createGate([record]).arena;
  arena.set(STATUS_BASE, 1, 7, 1);
  t.equal(gate.verify(code).reason, 'ok');
  const reason = (change: Partial<VerifyDeps['context']>): string =>
    gate.verify(code, { context: { ...context, ...change } }).reason;
  t.equal(reason({ now: NOW + 25 * HOUR }), 'expired');
  t.equal(reason({ now: NOW - HOUR }), 'not_yet_valid');
  t.equal(reason({ now: NOW + 301 }), 'status_stale');
  t.equal(reason({ status: arena }), 'revoked');
  t.equal(reason({ clockFloor: NOW + 61 }), 'clock_untrusted');
  t.equal(reason({ maxTrustAgeSeconds: -1 }), 'trust_stale');
  t.equal(reason({}), 'ok');
  t.equal(gate.checked(), 1);
});

t.test('a new table is asked again for the signer', async (t) => {
  const gate = createCheckpoint([record]);
  const under = (...records: readonly KeyRecord[]): string =>
    gate.verify(code, { keys: createKeyTable(records, NOW) }).reason;
  t.equal(under(record), 'ok');
  t.equal(under({ ...record }), 'ok');
  t.equal(under({ ...record, state: 'retired', notAfter: NOW }), 'ok');
  t.equal(gate.checked(), 1, 'the same key is not tried again');
  t.equal(under({ ...record, state: 'revoked' }), 'key_revoked');
  t.equal(under({ ...record, state: 'retired', notAfter: NOW - HOUR }), 'key_retired');
  t.equal(under({ ...record, scope: { region: '11', kinds: null } }), 'issuer_out_of_scope');
  t.equal(under({ ...record, statusBase: null }), 'status_unknown');
  t.equal(under(), 'issuer_unknown');
  t.equal(gate.checked(), 1, 'no signature for keys that may not stand behind it');
  t.equal(under(createIssuer({ kid: record.kid }).record), 'bad_signature', 'another key under its id');
  t.equal(gate.checked(), 2);
});

t.test('where another key would be tried first, it is tried', async (t) => {
  const gate = createCheckpoint([record]);
  gate.verify(code);
  const other = createIssuer({ kid: record.kid, statusBase: null }).record;
  const keys = createKeyTable([other, record], NOW);
  // A key that verifies the same signature can be made for ECDSA (duplicate-signature key selection).
  const verify: VerifySignature = () => true;
  t.equal(gate.verify(code, { keys, verify }).reason, 'status_unknown', 'the first key’s record counts');
  t.equal(gate.verify(code, { keys }).reason, 'status_unknown', 'and is the one remembered');
});

t.test('the same bytes in another envelope are another code', async (t) => {
  const gate = createCheckpoint([record]);
  gate.verify(code);
  const disguised = `HC1:${encodeBase45(deflateZlib(decodeBase45(code.slice(4))))}`;
  t.equal(gate.verify(disguised).reason, 'issuer_unknown');
  t.match(gate.figures(), { hits: 0, entries: 1 });
});

t.test('one credential of ours has one entry: the other s is refused', async (t) => {
  const gate = createCheckpoint([ec.record]);
  const own = encodeYm1(contentOf(), ec.signer);
  t.equal(gate.verify(own).reason, 'ok');
  const respelled = `YM1:${encodeBase45(otherS(decodeBase45(own.slice(4))))}`;
  t.equal(gate.verify(respelled).reason, 'damaged');
  t.match(gate.figures(), { entries: 1 });
});

t.test('a foreign code with the other s is a second entry with the same answer', async (t) => {
  const gate = createCheckpoint([dcc.record]);
  const message = signDccMessage(dccClaims(), dcc.signer);
  const [first, second] = [message, otherS(message)].map(
    (bytes) => `HC1:${encodeBase45(deflateZlib(bytes))}`,
  );
  const answers = [first, second, first, second].map((text) => JSON.stringify(gate.verify(text ?? '')));
  t.equal(new Set(answers).size, 1);
  t.match(answers[0], '"no_policy"');
  t.same(gate.figures(), { hits: 2, misses: 2, entries: 2 });
});

t.test('a foreign code deflated in another way is the same entry', async (t) => {
  const gate = createCheckpoint([dcc.record]);
  const message = inflateZlib(decodeBase45(hc1.slice(4)), 4096);
  gate.verify(hc1);
  gate.verify(`HC1:${encodeBase45(deflateZlib(message, 1))}`);
  t.same(gate.figures(), { hits: 1, misses: 1, entries: 1 });
});

t.test('it never holds more than it may, and what is asked for stays', async (t) => {
  const gate = createCheckpoint([record], 10);
  const codes = Array.from({ length: 40 }, (_, index) =>
    encodeYm1(contentOf('health-code', { status: { list: 1, index: 100 + index, uri: '' } }), signer),
  );
  for (const text of codes) {
    gate.verify(text);
    gate.verify(code);
    const { entries } = gate.figures() as { entries: number };
    if (entries > 10) t.fail(`${entries} entries`);
  }
  t.equal(gate.checked(), 41, 'the code that was asked for all the time was checked once');
  gate.verify(codes[0] ?? '');
  t.equal(gate.checked(), 42, 'the oldest is forgotten');
});

t.test('two entries are the fewest', async (t) => {
  const gate = createCheckpoint([record], 2);
  for (const text of [code, jws, code, jws]) gate.verify(text);
  t.same(gate.figures(), { hits: 2, misses: 2, entries: 2 });
});

/** Kinds with another policy for health codes, or none. */
function kindsWith(change: (kind: Kind) => Kind): KindTable {
  return createKindTable(KINDS.all.map(change));
}

const KIND_TABLES: readonly KindTable[] = [
  KINDS,
  kindsWith((kind) => ({ ...kind, policy: null })),
  kindsWith((kind) => ({ ...kind, status: { ...kind.status, maxAgeSeconds: 1 } })),
  createKindTable(KINDS.all.filter(({ name }) => name !== 'health-code')),
];

const CODES: readonly string[] = [
  code,
  jws,
  hc1,
  forge(code),
  encodeYm1(contentOf(), ec.signer),
  encodeYimaJws(contentOf('business-licence'), ec.signer),
  encodeYm1(contentOf('driving-licence'), signer),
  encodeYm1(contentOf('health-code', { deviceKey: createIssuer().signer.publicKey }), signer),
  encodeYm1(contentOf('health-code', { expiresAt: NOW - 5 }), signer),
  signYm1(ym1Claims([[-65537, [1, 1, 7, new Map<number, unknown>([[9, 330102]])]]]), signer),
  signYm1(ym1Claims([[-65537, [60_000, 1, 7, new Map([[9, 330102]])]]]), signer),
  signYm1(ym1Claims([[6, -1]]), signer),
  signHc1(dccClaims([[4, NOW + 20]]), dcc.signer),
];

const RECORDS: readonly KeyRecord[] = [record, ec.record, dcc.record];
const TWINS = RECORDS.map(({ kid }) => createIssuer({ kid }).record);
const CHANGES: readonly Partial<KeyRecord>[] = [
  {},
  { state: 'retired', notAfter: NOW },
  { state: 'retired', notAfter: NOW - HOUR },
  { state: 'removed' },
  { state: 'revoked' },
  { scope: { region: '11', kinds: null } },
  { scope: { region: '33', kinds: ['health-code'] } },
  { statusBase: null },
  { use: 'status' },
];

/** What happens between two verifications. */
const keys = fc
  .array(
    fc.record({ change: fc.nat(CHANGES.length - 1), twin: fc.constantFrom('before', 'after', 'none') }),
    {
      minLength: RECORDS.length,
      maxLength: RECORDS.length,
    },
  )
  .map((choices) =>
    choices.flatMap(({ change, twin }, i) => {
      const own = { ...(RECORDS[i] as KeyRecord), ...CHANGES[change] };
      const other = TWINS[i] as KeyRecord;
      return twin === 'none' ? [own] : twin === 'before' ? [other, own] : [own, other];
    }),
  );

const step = fc.oneof(
  { weight: 30, arbitrary: fc.record({ code: fc.nat(CODES.length - 1) }) },
  { weight: 2, arbitrary: fc.record({ seconds: fc.integer({ min: -HOUR, max: 12 * HOUR }) }) },
  { weight: 2, arbitrary: fc.record({ status: fc.constantFrom(0, 2, 3, 12, 13, 14) }) },
  { weight: 2, arbitrary: fc.record({ keys }) },
  { weight: 1, arbitrary: fc.record({ kinds: fc.nat(KIND_TABLES.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ floor: fc.constantFrom(null, NOW + HOUR) }) },
);

t.test('in every world a gate that remembers answers like one that does not', async (t) => {
  let hits = 0;
  const world = fc.record({
    maxEntries: fc.constantFrom(2, 8, 40),
    steps: fc.array(step, { minLength: 40, maxLength: 80 }),
  });
  fc.assert(
    fc.property(world, ({ maxEntries, steps }) => {
      const { deps: start, arena } = createGate(RECORDS);
      const known = createKnownCodes({ sha256Text, maxEntries });
      let deps: VerifyDeps = start;
      for (const each of steps) {
        if ('code' in each) {
          const text = CODES[each.code] ?? '';
          const answers = [known, null].map((memory) => verifyCode(text, { ...deps, known: memory }));
          assert.equal(JSON.stringify(answers[0]), JSON.stringify(answers[1]));
        } else if ('status' in each) arena.set(STATUS_BASE, 1, 7, each.status);
        else if ('keys' in each) deps = { ...deps, keys: createKeyTable(each.keys, NOW) };
        else if ('kinds' in each) deps = { ...deps, kinds: KIND_TABLES[each.kinds] ?? KINDS };
        else if ('floor' in each) deps = { ...deps, context: { ...deps.context, clockFloor: each.floor } };
        else deps = { ...deps, context: { ...deps.context, now: deps.context.now + each.seconds } };
      }
      hits += known.figures().hits;
    }),
    { numRuns: 150 },
  );
  t.ok(hits > 500, `${hits} answers came without a signature`);
});
