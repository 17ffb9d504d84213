// Checkpoints: made with a one-time code, enrolled by a device that keeps its key to itself, revoked for good. All through the ledger.

import { encodeBase32 } from '../codec/base32.js';
import { hexEncode, utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import { isRegionPrefix, normalizeRegion, prefixCovers } from '../codec/region.js';
import { REASONS, type ReasonCode } from '../errors/reasons.js';
import { YimaError } from '../errors/yima-error.js';
import { checkPublicKey } from '../signature/admissible-key.js';
import type { VerifySignature } from '../signature/ports.js';
import { parsePublicJwk, publicJwk } from '../signature/public-jwk.js';
import type { PublicKey, Sha256 } from '../signature/public-key.js';
import { checkProof, readProof } from '../signature/request-proof.js';
import { type Ledger, nothingToWrite } from './ledger.js';
import type { Clock, Random } from './ports.js';
import {
  OVERRIDE_ENTRY_TYPE,
  replaySite,
  type Site,
  siteActor,
  siteCreated,
  siteEnrolled,
  siteRevoked,
} from './site-log.js';
import { type HeldSite, SITE_PROOF_TYPE, type SiteTable } from './site-table.js';
import type { Store } from './store.js';

/** What a device sends to become a site. */
export interface EnrolRequest {
  readonly code: string;
  /** Public JWK, ES256 or Ed25519. */
  readonly publicKey: unknown;
  /** As for a request, with `enrol` for a kid: whoever enrols a key holds it. */
  readonly proof: string;
  /** Of the request that brings it. */
  readonly aud: string;
  readonly htm: string;
  readonly htu: string;
}

/** Why a guard let somebody in who was to be checked: what was done instead of the machine's word. */
export const OVERRIDE_CHOICES = ['id_matched', 'check_done', 'supervisor'] as const;
export type OverrideChoice = (typeof OVERRIDE_CHOICES)[number];

/** One override. Says nothing of whom it was for. */
export interface SiteOverride {
  /** 1, 2, 3, ... at each site: what is sent twice is kept once. */
  readonly n: number;
  /** When the guard chose, epoch seconds of the site's clock. */
  readonly at: number;
  readonly reason: ReasonCode;
  readonly choice: OverrideChoice;
  readonly kind: string | null;
}

export interface Sites {
  /**
   * @returns with the code, which is shown this once and never stored
   * @throws YimaError `invalid_request` for a region outside the node's own, which null stands for
   */
  readonly create: (
    actor: string,
    request: { readonly name: string; readonly region: string | null },
  ) => Promise<{ site: Site; code: string }>;
  /**
   * @throws YimaError `not_found` for a code that is wrong, used or too old; `key_refused`; `unauthenticated` (rules `proof`,
   *   `proof_time`) unless the proof is by that key
   */
  readonly enrol: (request: EnrolRequest) => Promise<HeldSite>;
  /** @throws YimaError `not_found` */
  readonly revoke: (actor: string, id: string) => Promise<Site>;
  readonly list: () => Promise<readonly Site[]>;
  /** @returns the highest number that is kept now. @throws YimaError `invalid_request` for a reason that holds nobody */
  readonly override: (id: string, overrides: readonly SiteOverride[]) => Promise<{ kept: number }>;
}

export interface SitesDeps {
  readonly store: Pick<Store, 'siteLog' | 'lastOverride'>;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  /** Of the node: its sites lie in it. */
  readonly region: string;
  /** Hears of every site, and of every change. */
  readonly table: Pick<SiteTable, 'hold' | 'replace'>;
}

/** `kid` in the proof of a device that is no site yet. */
export const ENROL_KID = 'enrol';
const CODE_SECONDS = 60 * 60;
const CODE = /^[a-z2-7]{16}$/;

export async function createSites(deps: SitesDeps): Promise<Sites> {
  const { store, ledger, clock, random, sha256 } = deps;
  const known = new Map<string, Site>();
  const hold = (site: Site): Site => {
    known.set(site.id, site);
    deps.table.hold(site);
    return site;
  };
  const load = async (): Promise<void> => {
    known.clear();
    for (const row of await store.siteLog()) replaySite(known, row);
    deps.table.replace([...known.values()]);
  };
  const hashOf = (code: string): string => hexEncode(sha256(utf8Encode(code)));
  const get = (id: string): Site => {
    const site = known.get(id);
    if (site === undefined) throw new YimaError('not_found', 'There is no site with this id.');
    return site;
  };
  await load();
  return {
    create: (actor, { name, region: asked }) => {
      const region = asked ?? deps.region;
      checkRegion(region, deps.region);
      const id = encodeBase32(random(10));
      const code = encodeBase32(random(10));
      return ledger.submit([`site:${id}`], async () => {
        const at = clock();
        const made = {
          id,
          name,
          region: normalizeRegion(region),
          codeHash: hashOf(code),
          codeExpiresAt: at + CODE_SECONDS,
        };
        const site: Site = {
          ...made,
          createdAt: at,
          createdBy: actor,
          publicKey: null,
          enrolledAt: null,
          revokedAt: null,
        };
        return {
          entries: [siteCreated(actor, at, made)],
          change: {},
          unsure: load,
          done: () => ({ site: hold(site), code }),
        };
      });
    },
    enrol: async ({ code, publicKey, proof, ...request }) => {
      const key = readSiteKey(publicKey);
      checkEnrolProof(proof, key, { ...request, now: clock() }, deps.verify);
      const codeHash = CODE.test(code) ? hashOf(code) : '';
      const id = [...known.values()].find((each) => each.codeHash === codeHash)?.id;
      if (id === undefined) throw enrolsNothing();
      return ledger.submit([`site:${id}`], async () => {
        const at = clock();
        const site = get(id);
        const isOpen = site.publicKey === null && site.revokedAt === null && at <= site.codeExpiresAt;
        if (!isOpen) throw enrolsNothing();
        const text = canonicalJson(publicJwk(key));
        return {
          entries: [siteEnrolled(site.id, at, text)],
          change: {},
          unsure: load,
          done: () => hold({ ...site, publicKey: text, enrolledAt: at }),
        };
      });
    },
    revoke: (actor, id) =>
      ledger.submit([`site:${id}`], async () => {
        const site = get(id);
        if (site.revokedAt !== null) return nothingToWrite(site);
        const at = clock();
        return {
          entries: [siteRevoked(actor, id, at)],
          change: {},
          unsure: load,
          done: () => hold({ ...site, revokedAt: at }),
        };
      }),
    list: async () => [...known.values()],
    override: (id, overrides) =>
      ledger.submit([`site:${id}`], async () => {
        for (const { reason } of overrides) checkHolds(reason);
        const actor = siteActor(id);
        let kept = overrideNumber(await store.lastOverride(actor));
        const fresh: SiteOverride[] = [];
        for (const each of [...overrides].sort((a, b) => a.n - b.n)) {
          if (each.n <= kept) continue;
          kept = each.n;
          fresh.push(each);
        }
        if (fresh.length === 0) return nothingToWrite({ kept });
        const at = clock();
        return {
          entries: fresh.map((body) => ({
            at,
            actor,
            type: OVERRIDE_ENTRY_TYPE,
            body: { ...body, site: id },
          })),
          change: {},
          done: () => ({ kept }),
        };
      }),
  };
}

function enrolsNothing(): YimaError {
  return new YimaError(
    'not_found',
    'This code enrols nothing: it is wrong, used or too old. Ask for a new one.',
  );
}

function overrideNumber(row: { readonly body: string } | undefined): number {
  return row === undefined ? 0 : (JSON.parse(row.body) as SiteOverride).n;
}

function checkHolds(reason: ReasonCode): void {
  if (REASONS[reason].decision === 'hold') return;
  throw new YimaError('invalid_request', 'Only who is held may be let in by a guard.', { field: 'reason' });
}

function checkRegion(region: string, own: string): void {
  const inside = isRegionPrefix(region) && prefixCovers(own, region);
  if (!inside)
    throw new YimaError(
      'invalid_request',
      "A site's region has 0, 2, 4 or 6 digits and lies in the node's own.",
      {
        field: 'region',
      },
    );
}

function readSiteKey(jwk: unknown): PublicKey {
  const key = parsePublicJwk(jwk);
  if (key.algorithm !== 'ES256' && key.algorithm !== 'Ed25519')
    throw new YimaError('key_refused', 'A site signs with ES256 or Ed25519.', { rule: 'alg_unsupported' });
  checkPublicKey(key);
  return key;
}

function checkEnrolProof(
  text: string,
  key: PublicKey,
  request: Parameters<typeof checkProof>[2],
  verify: VerifySignature,
): void {
  const refused = (rule: string, cause?: unknown) =>
    new YimaError('unauthenticated', 'The proof is not by the key that it comes with, or of another time.', {
      rule,
      cause,
    });
  let proof: ReturnType<typeof readProof>;
  try {
    proof = readProof(text, SITE_PROOF_TYPE);
  } catch (cause) {
    throw refused('proof', cause);
  }
  const fault = proof.kid === ENROL_KID ? checkProof(proof, key, request, verify) : 'request';
  if (fault !== null) throw refused(fault === 'time' ? 'proof_time' : 'proof');
}
