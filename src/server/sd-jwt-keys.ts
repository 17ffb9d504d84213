// What SD-JWTs are signed with: an ES256 key of its own, since wallets of others read no Ed25519, known under this node's address and
// in no trust list. After half a year the next one takes over; what the older ones signed stays verifiable.

import type { RotatingKeyRing } from '../adapters/keyfile/key-ring.js';
import type { Ledger } from '../core/issue/ledger.js';
import type { Clock } from '../core/issue/ports.js';
import { LOCAL } from '../core/issue/principal.js';
import type { SdJwtIssuer } from '../core/issue/registry-deps.js';
import { publicJwk } from '../core/signature/public-jwk.js';

export interface SdJwtKeys extends SdJwtIssuer {
  /** JWKs of the keys that sign or have signed. */
  readonly jwks: () => readonly Readonly<Record<string, unknown>>[];
}

const USE = 'sd-jwt';
/** As long as keys of kinds that last over a year sign. */
const SIGNS_SECONDS = 180 * 86_400;

/** @param issuer address under which wallets know this node */
export function createSdJwtKeys(
  issuer: string,
  ring: RotatingKeyRing,
  ledger: Pick<Ledger, 'submit'>,
  clock: Clock,
): SdJwtKeys {
  const told = (kid: string): Promise<void> =>
    ledger.submit([`key:${USE}`], async () => ({
      entries: [{ at: clock(), actor: LOCAL, type: 'key_created', body: { use: USE, kid } }],
      change: {},
      done: () => undefined,
    }));
  const since = (): number => ring.keysOf(USE).findLast(({ isAnnounced }) => !isAnnounced)?.since ?? 0;
  let rolling: Promise<unknown> | null = null;
  return {
    issuer,
    signer: async () => {
      if (clock() - since() >= SIGNS_SECONDS) {
        rolling ??= ring.rotate(USE, told).finally(() => {
          rolling = null;
        });
        await rolling;
      }
      return ring.signer(USE);
    },
    jwks: () =>
      ring
        .keysOf(USE)
        .filter(({ isAnnounced }) => !isAnnounced)
        .map(({ record }) => ({ ...publicJwk(record.key), kid: record.kid, use: 'sig' })),
  };
}
