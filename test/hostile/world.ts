// What hostile input is thrown at: issuers that a gate trusts, an attacker whom nobody trusts, and the gate. The rows make their
// texts out of it.

import { Point } from '@noble/ed25519';
import { randomBytes, sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import type { ReasonCode } from '../../src/core/errors/reasons.js';
import type { RequestErrorCode } from '../../src/core/errors/yima-error.js';
import { SMALL_ORDER_ENCODINGS } from '../../src/core/signature/edwards.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { keyId } from '../../src/core/signature/thumbprint.js';
import { parseTrustFile, type TrustFile } from '../../src/core/trust/jwks-file.js';
import { ORDER, signFreely, TORSION } from '../core/signature/crafted.js';
import {
  createDccSigner,
  createGate,
  createIssuer,
  type Gate,
  ISSUER,
  NOW,
  STATUS_BASE,
  type TestIssuer,
} from '../support/fixtures.js';
import { createCardIssuer, createPassIssuer } from '../support/foreign.js';

/** A text for the verifier. */
export interface CodeRow {
  readonly name: string;
  readonly make: (world: World) => string;
  readonly expected: ReasonCode;
  /** What `POST /v1/verify` says where the text does not get as far as the verifier. */
  readonly overHttp?: Problem;
}

export interface Problem {
  readonly status: number;
  readonly code: RequestErrorCode;
  readonly field?: string;
  readonly rule?: string;
}

/** A trusted Ed25519 issuer whose secret scalar is known, so that it can sign what no library would. */
export interface CraftedIssuer extends TestIssuer {
  readonly a: Uint8Array;
  readonly secret: bigint;
}

export interface World {
  readonly ed: CraftedIssuer;
  readonly ec: TestIssuer;
  readonly dcc: TestIssuer;
  /** Of SMART Health Cards: with a list that revokes `dead`, and `dying` before now; and with one that is announced and not held. */
  readonly cards: TestIssuer;
  readonly silentCards: TestIssuer;
  /** Of NZ COVID Passes. */
  readonly passes: TestIssuer;
  /** Trusted for status lists alone. */
  readonly lists: TestIssuer;
  /** Sound keys that nobody trusts. */
  readonly attacker: TestIssuer;
  /** Issuers with inadmissible keys, and the trust file that named them. */
  readonly refused: readonly CraftedIssuer[];
  readonly trustFile: TrustFile;
  readonly gate: Gate;
}

function randomScalar(): bigint {
  return (BigInt(`0x${Buffer.from(randomBytes(40)).toString('hex')}`) % (ORDER - 1n)) + 1n;
}

function craftIssuer(a: Uint8Array, secret: bigint): CraftedIssuer {
  const publicKey = { algorithm: 'Ed25519', x: a } as const;
  const kid = keyId(publicKey, sha256);
  const sign = (message: Uint8Array): Uint8Array => {
    const nonce = randomScalar();
    return signFreely({ r: Point.BASE.multiply(nonce).toBytes(), nonce, a, secret }, message);
  };
  const signer: Signer = { algorithm: 'Ed25519', publicKey, kid, sign };
  return { signer, record: createIssuer({ key: publicKey, kid: encodeBase64url(kid) }).record, a, secret };
}

function craftRefused(): readonly CraftedIssuer[] {
  const secret = randomScalar();
  const torsioned = Point.BASE.multiply(secret).add(TORSION).toBytes();
  return [...SMALL_ORDER_ENCODINGS.map((a) => craftIssuer(a, 0n)), craftIssuer(torsioned, secret)];
}

export function createWorld(): World {
  const secret = randomScalar();
  const ed = craftIssuer(Point.BASE.multiply(secret).toBytes(), secret);
  const ec = createIssuer({}, 'ES256');
  const dcc = createDccSigner();
  const revoked = new Map([
    ['dead', null],
    ['dying', NOW],
  ]);
  const cards = createCardIssuer({ cards: { announced: 3, list: { version: 3, revoked } } });
  const silentCards = createCardIssuer({ cards: { announced: 1, list: null } });
  const passes = createPassIssuer();
  const lists = createIssuer({ use: 'status' });
  const refused = craftRefused();
  const trustFile = parseTrustFile(
    {
      issuer: ISSUER,
      scope: { region: '', kinds: null },
      statusBase: STATUS_BASE,
      keys: refused.map(({ signer, record }) => ({ ...publicJwk(signer.publicKey), kid: record.kid })),
    },
    sha256,
  );
  const records = [ed, ec, dcc, cards, silentCards, passes, lists].map(({ record }) => record);
  return {
    ed,
    ec,
    dcc,
    cards,
    silentCards,
    passes,
    lists,
    attacker: createIssuer(),
    refused,
    trustFile,
    gate: createGate([...records, ...trustFile.records]),
  };
}
