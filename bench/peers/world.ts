// The claims, the key and the status list that all peers share: those of a health code of ours.

import { generateKeyPairSync } from 'node:crypto';
import { healthCodeContent } from '../support/health-code.js';
import type { PeerClaims, PeerWorld } from './contender.js';

const ISSUER = '330102';
const STATUS_BASE = 'https://codes.example/330102/';
/** What the Bitstring Status List recommendation asks for at least. */
const LIST_ENTRIES = 131_072;
const DAY = 86_400;
/** One in a thousand, and never one of the small serials that sound tokens have. */
export const REVOKED_SERIAL = LIST_ENTRIES - 1;

export function createPeerWorld(): PeerWorld {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const now = Math.floor(Date.now() / 1000);
  const revoked = new Uint8Array(LIST_ENTRIES / 8);
  for (let index = REVOKED_SERIAL; index > LIST_ENTRIES / 2; index -= 1_000) {
    revoked[index >> 3] = (revoked[index >> 3] ?? 0) | (1 << (index & 7));
  }
  const jwk = (key: typeof publicKey): Record<string, string> => ({
    ...(key.export({ format: 'jwk' }) as Record<string, string>),
    alg: 'Ed25519',
  });
  return {
    privateJwk: jwk(privateKey),
    publicJwk: jwk(publicKey),
    issuer: ISSUER,
    now,
    listEntries: LIST_ENTRIES,
    isRevoked: (index) => ((revoked[index >> 3] ?? 0xff) & (1 << (index & 7))) !== 0,
    claims: (serial) => claimsOf(serial, now),
  };
}

function claimsOf(serial: number, now: number): PeerClaims {
  const facts = {
    issuer: ISSUER,
    statusBase: STATUS_BASE,
    list: 1,
    index: serial,
    issuedAt: now,
    expiresAt: now + DAY,
  };
  const { kind, status, claims } = healthCodeContent(serial, facts);
  return {
    iss: ISSUER,
    iat: now,
    exp: now + DAY,
    kind: kind.name,
    status: { status_list: { idx: status.index, uri: status.uri } },
    claims: claims.json,
  };
}
