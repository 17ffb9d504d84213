// Who a site's request is from: proven by its device's key, judged in every process without asking anybody.

import { parseStrictJson } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { VerifySignature } from '../signature/ports.js';
import { parsePublicJwk } from '../signature/public-jwk.js';
import type { PublicKey } from '../signature/public-key.js';
import { checkProof, type ProofFault, type ProvenRequest, readProof } from '../signature/request-proof.js';
import type { Principal } from './principal.js';
import { type Site, siteActor } from './site-log.js';

/** What judging a site takes, and all that leaves the process which owns the database. */
export type HeldSite = Pick<Site, 'id' | 'name' | 'region' | 'publicKey' | 'revokedAt'>;

/** `typ` of a site's proofs. */
export const SITE_PROOF_TYPE = 'yima-site+jwt';

export interface SiteTable {
  readonly hold: (site: HeldSite) => void;
  readonly replace: (sites: readonly HeldSite[]) => void;
  readonly held: () => readonly HeldSite[];
  /**
   * The principal of a sound proof.
   * @throws YimaError `unauthenticated` with rule `proof` (no site's, or of another request), `proof_time` (clocks differ), `proof_used`
   *   (seen before by this process) or `site_revoked`
   */
  readonly check: (proof: string, request: ProvenRequest) => Principal;
}

interface KnownSite {
  readonly site: HeldSite;
  readonly key: PublicKey | null;
  readonly principal: Principal;
}

/** Proofs live two minutes at most, so that two generations of a minute each hold all that could come again. */
const GENERATION_SECONDS = 120;
const MOST_PROOFS = 100_000;

function refuse(rule: string, message: string): YimaError {
  return new YimaError('unauthenticated', message, { rule });
}

const FAULTS: Readonly<Record<ProofFault, YimaError>> = {
  signature: refuse('proof', 'The proof is not signed by this site.'),
  request: refuse('proof', 'The proof is of another request.'),
  time: refuse('proof_time', 'The proof was made at another time: take the time from the Date header.'),
};

/** An empty table. */
export function createSiteTable(verify: VerifySignature): SiteTable {
  const known = new Map<string, KnownSite>();
  const isFirst = createSeen();
  const hold = (site: HeldSite): void => void known.set(site.id, prepareSite(site));
  return {
    hold,
    replace: (sites) => {
      known.clear();
      for (const site of sites) hold(site);
    },
    held: () => [...known.values()].map(({ site }) => site),
    check: (text, request) => {
      const proof = read(text);
      const found = known.get(proof.kid);
      if (found === undefined || found.key === null) throw refuse('proof', 'There is no such site.');
      const fault = checkProof(proof, found.key, request, verify);
      if (fault === 'signature') throw FAULTS.signature;
      if (found.site.revokedAt !== null) throw refuse('site_revoked', 'This site was revoked.');
      if (fault !== null) throw FAULTS[fault];
      if (!isFirst(`${proof.kid} ${proof.claims.jti}`, request.now))
        throw refuse('proof_used', 'This proof was used before.');
      return found.principal;
    },
  };
}

function read(text: string): ReturnType<typeof readProof> {
  try {
    return readProof(text, SITE_PROOF_TYPE);
  } catch (cause) {
    throw new YimaError('unauthenticated', 'This is no proof of a site.', { rule: 'proof', cause });
  }
}

function prepareSite(site: HeldSite): KnownSite {
  const { id, name, region, publicKey, revokedAt } = site;
  return {
    site: { id, name, region, publicKey, revokedAt },
    key: publicKey === null ? null : parsePublicJwk(parseStrictJson(publicKey)),
    principal: { id: siteActor(id), scopes: ['verify'], site: { id, name, region } },
  };
}

/** Whether a name comes for the first time; bounded, and forgets only what is too old to count. */
function createSeen(): (name: string, now: number) => boolean {
  let young = new Set<string>();
  let old = new Set<string>();
  let turnsAt = 0;
  return (name, now) => {
    if (now >= turnsAt || young.size >= MOST_PROOFS) {
      old = young;
      young = new Set();
      turnsAt = now + GENERATION_SECONDS;
    }
    if (young.has(name) || old.has(name)) return false;
    young.add(name);
    return true;
  };
}
