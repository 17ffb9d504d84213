// A row for every reason code that a code can meet: the code, the gate, and the rung that gives the reason.

import { createKindTable, KINDS } from '../../../src/core/credential/kind-table.js';
import { encodeYimaJws } from '../../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import type { Rung } from '../../../src/core/verify/answer.js';
import type { VerifyContext } from '../../../src/core/verify/context.js';
import { createDevice, signYm2, ym2Claims } from '../../support/device.js';
import {
  contentOf,
  createDccSigner,
  createGate,
  createIssuer,
  dccClaims,
  type Gate,
  NOW,
  signHc1,
  signYm1,
  ym1Claims,
} from '../../support/fixtures.js';

export const { signer, record } = createIssuer();
export const dcc = createDccSigner();
export const good = encodeYm1(contentOf(), signer);
const device = createDevice();
const bound = device.bind(signer);
const live = device.present(bound);
const seenElsewhere: VerifyContext['sightings'] = {
  see: () => ({ isElsewhere: true, reach: 'local' }),
};
export const HOUR = 3_600;

export function healthCodeWithStatus(value: number): Gate {
  const gate = createGate([record]);
  gate.arena.set(record.statusBase ?? '', 1, 7, value);
  return gate;
}

function gateWith(change: Partial<KeyRecord>): Gate {
  return createGate([{ ...record, ...change }]);
}

interface Written {
  readonly title: string;
  /** Else a sound health code. */
  readonly code?: string;
  /** Else one that trusts its signer. */
  readonly gate?: Gate;
  readonly context?: Partial<VerifyContext>;
  readonly reason: ReasonCode;
  /** The one that fails. */
  readonly rung: Rung | null;
}

const noPolicy = createKindTable(KINDS.all.map((kind) => ({ ...kind, policy: null })));
const otherKindsOnly = createKindTable(KINDS.all.filter(({ name }) => name !== 'health-code'));

const WRITTEN: readonly Written[] = [
  { title: 'a green health code', reason: 'ok', rung: null },
  { title: 'the same as JWS', code: encodeYimaJws(contentOf(), signer), reason: 'ok', rung: null },
  { title: 'a text without our prefix', code: 'https://example.com/', reason: 'not_ours', rung: 'envelope' },
  { title: 'an empty text', code: '', reason: 'not_ours', rung: 'envelope' },
  { title: 'a card in two symbols', code: 'shc:/1/2/5676290', reason: 'unsupported', rung: 'envelope' },
  { title: 'a credential as a live code', code: `YM2:${good.slice(4)}`, reason: 'damaged', rung: 'envelope' },
  { title: 'a live code', code: live, reason: 'ok', rung: null },
  {
    title: 'a picture of a live code',
    code: live,
    context: { now: NOW + 31 },
    reason: 'presentation_expired',
    rung: 'time',
  },
  {
    title: 'a live code signed by another phone',
    code: createDevice().present(bound),
    reason: 'holder_mismatch',
    rung: 'holder',
  },
  {
    title: 'a live code around an unbound one',
    code: signYm2(ym2Claims(good), device.signer),
    reason: 'holder_mismatch',
    rung: 'holder',
  },
  {
    title: 'a live code that was just seen elsewhere',
    code: live,
    context: { sightings: seenElsewhere },
    reason: 'replayed',
    rung: 'holder',
  },
  { title: 'half a code', code: good.slice(0, 140), reason: 'damaged', rung: 'envelope' },
  {
    title: 'another issuer’s key id',
    gate: createGate([createIssuer().record]),
    reason: 'issuer_unknown',
    rung: 'key',
  },
  {
    title: 'the key under another issuer',
    gate: gateWith({ issuer: '330105' }),
    reason: 'issuer_unknown',
    rung: 'key',
  },
  {
    title: 'a key for another region',
    gate: gateWith({ scope: { region: '3302', kinds: null } }),
    reason: 'issuer_out_of_scope',
    rung: 'key',
  },
  {
    title: 'a key for other kinds',
    gate: gateWith({ scope: { region: '', kinds: ['id-card'] } }),
    reason: 'issuer_out_of_scope',
    rung: 'key',
  },
  {
    title: 'a key for status lists',
    gate: gateWith({ use: 'status' }),
    reason: 'issuer_out_of_scope',
    rung: 'key',
  },
  {
    title: 'a code from after the key’s time',
    gate: gateWith({ state: 'retired', notAfter: NOW - 11 }),
    reason: 'key_retired',
    rung: 'key',
  },
  {
    title: 'a key that is only announced',
    gate: gateWith({ state: 'announced' }),
    reason: 'key_retired',
    rung: 'key',
  },
  { title: 'a revoked key', gate: gateWith({ state: 'revoked' }), reason: 'key_revoked', rung: 'key' },
  {
    title: 'a signature over other bytes',
    code: signYm1(ym1Claims(), signer, { aad: 'YM2' }),
    reason: 'bad_signature',
    rung: 'signature',
  },
  { title: 'a code past its end', context: { now: NOW + 25 * HOUR }, reason: 'expired', rung: 'time' },
  { title: 'a code from the future', context: { now: NOW - HOUR }, reason: 'not_yet_valid', rung: 'time' },
  {
    title: 'an end before the beginning',
    code: signYm1(ym1Claims([[4, NOW - 11]]), signer),
    reason: 'invalid_claims',
    rung: 'time',
  },
  {
    title: 'claims outside the kind’s table',
    code: signYm1(ym1Claims([[-65537, [1, 1, 7, new Map<number, unknown>([[9, 330102]])]]]), signer),
    reason: 'invalid_claims',
    rung: 'claims',
  },
  { title: 'a revoked code', gate: healthCodeWithStatus(1), reason: 'revoked', rung: 'status' },
  { title: 'a suspended code', gate: healthCodeWithStatus(2), reason: 'suspended', rung: 'status' },
  { title: 'a yellow code', gate: healthCodeWithStatus(0x0c), reason: 'held_by_policy', rung: 'policy' },
  { title: 'a pending code', gate: healthCodeWithStatus(0x0e), reason: 'held_by_policy', rung: 'policy' },
  { title: 'a red code', gate: healthCodeWithStatus(0x0d), reason: 'refused_by_policy', rung: 'policy' },
  {
    title: 'a kind nobody decided for',
    gate: createGate([record], noPolicy),
    reason: 'no_policy',
    rung: 'policy',
  },
  {
    title: 'a kind unknown here',
    gate: createGate([record], otherKindsOnly),
    reason: 'no_policy',
    rung: 'policy',
  },
  {
    title: 'a foreign certificate',
    code: signHc1(dccClaims(), dcc.signer),
    gate: createGate([dcc.record]),
    reason: 'no_policy',
    rung: 'policy',
  },
  {
    title: 'a bound code without its device',
    code: encodeYm1(contentOf('health-code', { deviceKey: createIssuer().signer.publicKey }), signer),
    reason: 'holder_mismatch',
    rung: 'holder',
  },
  {
    title: 'a status value without a meaning',
    gate: healthCodeWithStatus(3),
    reason: 'status_unknown',
    rung: 'status',
  },
  {
    title: 'a list that is not held',
    code: encodeYm1(contentOf('health-code', { status: { list: 2, index: 0, uri: '' } }), signer),
    reason: 'status_unknown',
    rung: 'status',
  },
  {
    title: 'an index past the end',
    code: encodeYm1(contentOf('health-code', { status: { list: 1, index: 2 ** 31, uri: '' } }), signer),
    reason: 'status_unknown',
    rung: 'status',
  },
  {
    title: 'an issuer without lists',
    gate: gateWith({ statusBase: null }),
    reason: 'status_unknown',
    rung: 'status',
  },
  {
    title: 'a list uri that leads elsewhere',
    code: encodeYimaJws(
      contentOf('health-code', { status: { list: 1, index: 7, uri: 'https://other.example/1' } }),
      signer,
    ),
    reason: 'status_unknown',
    rung: 'status',
  },
  { title: 'old status data', context: { now: NOW + 301 }, reason: 'status_stale', rung: 'status' },
  {
    title: 'an old trust list',
    context: { now: NOW + 121, maxTrustAgeSeconds: 120 },
    reason: 'trust_stale',
    rung: 'key',
  },
  { title: 'a clock behind', context: { clockFloor: NOW + 61 }, reason: 'clock_untrusted', rung: 'time' },
];

const usual = createGate([record]);

export interface LadderRow extends Omit<Written, 'code' | 'gate' | 'context'> {
  readonly code: string;
  readonly gate: Gate;
  readonly context: Partial<VerifyContext>;
}

export const LADDER_ROWS: readonly LadderRow[] = WRITTEN.map((row) => ({
  code: good,
  gate: usual,
  context: {},
  ...row,
}));

/** Reasons that no code meets: given before any code was looked at. */
export const MET_BY_NO_CODE: readonly ReasonCode[] = ['overloaded'];
