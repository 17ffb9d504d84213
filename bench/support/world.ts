// A synthetic world for benches: issuers with a key each, one status list each, and distinct signed health codes in turn.

import {
  createNodeSigner,
  generatePrivateJwk,
  inflateZlib,
  randomBytes,
} from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { citizenCheckCharacter } from '../../src/core/credential/citizen-number.js';
import { carriedClaims, checkClaims, encodeClaims } from '../../src/core/credential/claims.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import type { Signer, VerifySignature } from '../../src/core/signature/ports.js';
import { createStatusArena, type StatusArena } from '../../src/core/status/arena.js';
import type { KeyRecord, KeyTable } from '../../src/core/trust/key-record.js';
import { createKeyTable } from '../../src/core/trust/key-table.js';
import type { Answer } from '../../src/core/verify/answer.js';
import type { KnownCodes } from '../../src/core/verify/known-codes.js';
import { verifyCode } from '../../src/core/verify/verify-code.js';

export interface World {
  readonly keys: KeyTable;
  readonly status: StatusArena;
  /** Distinct codes, every issuer in turn; each is admitted. */
  readonly codes: readonly string[];
  /** Judges as a node does, with this backend; what it knows already when `known` is given. */
  readonly verifier: (verify: VerifySignature, known?: KnownCodes) => (code: string) => Answer;
}

const LIST_ENTRIES = 2 ** 20;
const HEALTH_CODE = 'health-code';

interface Issuer {
  readonly id: string;
  readonly signer: Signer;
  readonly statusBase: string;
}

/** @param now epoch seconds; codes are issued then */
export function createWorld(issuers: number, codes: number, now = Math.floor(Date.now() / 1000)): World {
  const status = createStatusArena((issuers * LIST_ENTRIES) / 2);
  const all = Array.from({ length: issuers }, (_, i): Issuer => {
    const id = `bench-${i}`;
    const statusBase = `https://codes.example/${id}/`;
    status.addList({ base: statusBase, number: 1, bits: 4, entries: LIST_ENTRIES });
    return { id, signer: createNodeSigner(generatePrivateJwk('Ed25519')), statusBase };
  });
  status.confirm(now);
  const keys = createKeyTable(all.map(record), now);
  return {
    keys,
    status,
    codes: Array.from({ length: codes }, (_, i) => sign(all[i % issuers] as Issuer, i, now)),
    verifier: (verify, known) => {
      const context = { now, status, clockFloor: null, maxTrustAgeSeconds: null };
      const deps = { keys, verify, inflate: inflateZlib, kinds: KINDS, context, known: known ?? null };
      return (code) => verifyCode(code, deps);
    },
  };
}

function record({ id, signer, statusBase }: Issuer): KeyRecord {
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
  };
}

function sign({ id, signer, statusBase }: Issuer, serial: number, now: number): string {
  const kind = KINDS.byName(HEALTH_CODE);
  if (kind === undefined) throw new Error('no health code among the kinds');
  const digits = `33010219000101${String(serial % 1000).padStart(3, '0')}`;
  const claims = carriedClaims(
    kind,
    checkClaims(
      kind,
      {
        holderName: '张小明',
        holderIdType: '111',
        holderId: digits + citizenCheckCharacter(digits),
        region: '330102',
      },
      'request',
    ),
  );
  const index = new DataView(randomBytes(4).buffer.slice(0)).getUint32(0) % LIST_ENTRIES;
  return encodeYm1(
    {
      issuer: id,
      issuedAt: now,
      notBefore: null,
      expiresAt: now + 86_400,
      kind: { number: kind.number, name: kind.name },
      status: { list: 1, index, uri: `${statusBase}1` },
      claims: { cbor: encodeClaims(kind, claims), json: claims },
      deviceKey: null,
    },
    signer,
  );
}
