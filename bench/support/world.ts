// A synthetic world for benches: issuers with a key each, one status list each, and distinct signed health codes in turn.

import {
  createNodeSigner,
  generatePrivateJwk,
  inflateRaw,
  inflateZlib,
  randomBytes,
} from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { createPolicyTable } from '../../src/core/credential/policy-table.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import type { Signer, VerifySignature } from '../../src/core/signature/ports.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { createStatusArena, type StatusArena } from '../../src/core/status/arena.js';
import type { KeyRecord, KeyTable } from '../../src/core/trust/key-record.js';
import { createKeyTable } from '../../src/core/trust/key-table.js';
import type { Answer } from '../../src/core/verify/answer.js';
import type { KnownCodes } from '../../src/core/verify/known-codes.js';
import { SHOWN_ANYWHERE } from '../../src/core/verify/showing.js';
import { verifyCode } from '../../src/core/verify/verify-code.js';
import { healthCodeContent } from './health-code.js';

export interface World {
  readonly keys: KeyTable;
  readonly publicKeys: readonly PublicKey[];
  readonly status: StatusArena;
  /** Distinct codes, every issuer in turn; each is admitted. */
  readonly codes: readonly string[];
  /** As many distinct codes of the first `signing` issuers in turn; each is admitted. */
  readonly codesOf: (signing: number, count: number) => readonly string[];
  /** Judges as a node does, with this backend; what it knows already when `known` is given. */
  readonly verifier: (verify: VerifySignature, known?: KnownCodes) => (code: string) => Answer;
}

const LIST_ENTRIES = 2 ** 20;

interface Issuer {
  readonly id: string;
  readonly signer: Signer;
  readonly statusBase: string;
}

export interface WorldOptions {
  /** Entries of each issuer's status list; 2^20 when absent. */
  readonly entries?: number;
  /** Epoch seconds; codes are issued then. */
  readonly now?: number;
}

export function createWorld(issuers: number, codes: number, options: WorldOptions = {}): World {
  const { entries = LIST_ENTRIES, now = Math.floor(Date.now() / 1000) } = options;
  const status = createStatusArena();
  const all = Array.from({ length: issuers }, (_, i): Issuer => {
    const id = `bench-${i}`;
    const statusBase = `https://codes.example/${id}/`;
    status.addList({ base: statusBase, number: 1, bits: 4, entries });
    status.confirm(statusBase, { epoch: now, steady: 0 });
    return { id, signer: createNodeSigner(generatePrivateJwk('Ed25519')), statusBase };
  });
  const keys = createKeyTable(all.map(keyRecord), now);
  const codesOf: World['codesOf'] = (signing, count) =>
    Array.from({ length: count }, (_, i) => sign(all[i % signing] as Issuer, i, now, entries));
  return {
    keys,
    publicKeys: keys.records.map(({ key }) => key),
    status,
    codes: codesOf(issuers, codes),
    codesOf,
    verifier: (verify, known) => {
      const policies = createPolicyTable([], '33');
      const context = {
        now,
        steady: 0,
        status,
        policies,
        clockFloor: null,
        maxTrustAgeSeconds: null,
        showing: SHOWN_ANYWHERE,
        sightings: null,
      };
      const deps = {
        keys,
        verify,
        inflate: inflateZlib,
        inflateRaw,
        kinds: KINDS,
        context,
        known: known ?? null,
      };
      return (code) => verifyCode(code, deps);
    },
  };
}

/** The issuer's key as a trust table holds it. */
export function keyRecord({ id, signer, statusBase }: Issuer): KeyRecord {
  return {
    format: 'yima',
    issuer: id,
    kid: encodeBase64url(signer.kid),
    key: signer.publicKey,
    use: 'credential',
    scope: { region: '33', kinds: null },
    notBefore: null,
    notAfter: null,
    state: 'active',
    statusBase,
    trustedUntil: null,
  };
}

function sign({ id, signer, statusBase }: Issuer, serial: number, now: number, entries: number): string {
  const index = new DataView(randomBytes(4).buffer.slice(0)).getUint32(0) % entries;
  const facts = { issuer: id, statusBase, list: 1, index, issuedAt: now, expiresAt: now + 86_400 };
  return encodeYm1(healthCodeContent(serial, facts), signer);
}
