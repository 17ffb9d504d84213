// What phones need of the core: offers, claims, the holder's own view, and the end of codes that fresh ones took the place of.

import { randomBytes, sha256, sha256Hex, timingSafeEqual } from '../adapters/crypto-node.js';
import { KINDS } from '../core/credential/kind-table.js';
import type { Appeals } from '../core/issue/appeals.js';
import { type Claims, createClaims } from '../core/issue/claims.js';
import { endOverdue } from '../core/issue/encoding-ends.js';
import { createHolder, type Holder } from '../core/issue/holder.js';
import type { Ledger } from '../core/issue/ledger.js';
import { createNonces } from '../core/issue/nonces.js';
import { createOffers, type Offers } from '../core/issue/offers.js';
import type { Clock } from '../core/issue/ports.js';
import { createProofUses } from '../core/issue/proof-uses.js';
import type { OwnRegistry } from '../core/issue/registry.js';
import type { Store } from '../core/issue/store.js';
import type { Logger } from '../http/deps.js';
import type { After } from './after.js';
import { lookAgain } from './look-again.js';
import type { SdJwtKeys } from './sd-jwt-keys.js';
import { readContent } from './source-code.js';

export interface PhoneDesk {
  readonly offers: Offers;
  readonly claims: Claims;
  readonly holder: Holder;
  readonly sdJwtKeys: SdJwtKeys['jwks'];
}

export interface PhonesDeps {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly registry: Pick<OwnRegistry, 'planner' | 'publish'>;
  readonly appeals: Appeals;
  readonly sdJwt: SdJwtKeys;
  readonly clock: Clock;
  readonly offerSeconds: number;
  readonly after: After;
  readonly logger: Logger;
}

export function openPhones({
  store,
  ledger,
  registry,
  appeals,
  sdJwt,
  clock,
  offerSeconds,
  after,
  logger,
}: PhonesDeps): PhoneDesk & { readonly close: () => Promise<void> } {
  const { planner, publish } = registry;
  const secrets = { clock, random: randomBytes, sha256, sha256Hex, equalSecrets: timingSafeEqual };
  const close = lookAgain(() => endOverdue({ store, ledger, clock, publish }), {
    after,
    logger,
    failed: 'codes whose time is over were not ended',
  });
  return {
    offers: createOffers({ store, ledger, kinds: KINDS, offerSeconds, ...secrets }),
    claims: createClaims({ store, ledger, planner, nonces: createNonces(secrets), ...secrets }),
    holder: createHolder({
      store,
      ledger,
      planner,
      kinds: KINDS,
      appeals,
      uses: createProofUses(clock),
      keyOf: (code) => readContent(code).deviceKey,
      clock,
      sha256,
    }),
    sdJwtKeys: sdJwt.jwks,
    close,
  };
}
