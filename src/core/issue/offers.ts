// Offers: an office shows or prints one, the right person types its transaction code, and gets a token to claim with. Five wrong codes
// and it is dead, whoever tried them and from where.

import { hexDecode } from '../codec/bytes.js';
import type { KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256, Sha256Hex } from '../signature/public-key.js';
import { newSecret, parseBearer, secretHash } from './bearer-secret.js';
import type { BoundForm } from './form.js';
import { type Ledger, nothingToWrite, type Plan } from './ledger.js';
import { offerEntry } from './offer-log.js';
import type { OfferRow } from './offer-rows.js';
import type { Clock, Random } from './ports.js';
import { HOLDER } from './principal.js';
import type { Store, StoredCredential } from './store.js';
import { newTimedId } from './timed-id.js';

export interface OfferRequest {
  /** Phones that the credential is on already stay; otherwise it moves from them to the one that claims. */
  readonly keepDevices?: boolean;
}

export interface MadeOffer {
  readonly id: string;
  /** The pre-authorised code; it is also what the offer's address ends in. */
  readonly code: string;
  /** Six digits, told this once, for the person alone. */
  readonly txCode: string;
  readonly expiresAt: number;
}

/** What an offer tells whoever has its address. */
export interface OpenOffer {
  readonly kind: string;
  readonly forms: readonly BoundForm[];
}

/** `left`: how many codes may still be tried; with 0 the offer is dead. */
export type Redeemed =
  | { readonly ok: true; readonly accessToken: string; readonly expiresInSeconds: number }
  | { readonly ok: false; readonly left: number };

export interface Offers {
  /** @throws YimaError `not_found`; `conflict` for a credential that is revoked or has expired */
  readonly make: (actor: string, credentialId: string, request: OfferRequest) => Promise<MadeOffer>;
  /**
   * Ends an offer that nobody has claimed; a token that was given for it is worth nothing from then on. Again is no harm.
   * @throws YimaError `not_found`; `conflict` for one that was claimed
   */
  readonly withdraw: (actor: string, credentialId: string, id: string) => Promise<void>;
  /** @throws YimaError `not_found` for what is unknown, claimed, dead or has expired */
  readonly find: (code: string) => Promise<OpenOffer>;
  /**
   * Exchanges code and transaction code for a token. Until it was claimed with, the same may be done again, and the newer token
   * takes the older one's place: an answer that got lost costs nobody his offer.
   * @throws YimaError `invalid_request`, rule `invalid_grant`
   */
  readonly redeem: (code: string, txCode: string) => Promise<Redeemed>;
}

export interface OffersDeps {
  readonly store: Pick<Store, 'findCredential' | 'findOffer'>;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly kinds: KindTable;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
  /** Constant-time comparison of equal lengths. */
  readonly equalSecrets: (a: Uint8Array, b: Uint8Array) => boolean;
  readonly offerSeconds: number;
}

const TX_CODE_DIGITS = 6;
const TX_CODES = 10 ** TX_CODE_DIGITS;
export const MOST_WRONG_CODES = 5;
/** Each is a write of a stranger's. */
const MOST_REDEEMED = 10;
/** Beyond five minutes a token would be a long-lived one. @see OpenID4VCI 1.0, section 13.10 */
const TOKEN_SECONDS = 300;

export function createOffers(deps: OffersDeps): Offers {
  return {
    make: (actor, credentialId, request) =>
      deps.ledger.submit([`credential:${credentialId}`], () => planOffer(deps, actor, credentialId, request)),
    withdraw: (actor, credentialId, id) =>
      deps.ledger.submit([`offer:${id}`, `credential:${credentialId}`], () =>
        planWithdrawal(deps, actor, credentialId, id),
      ),
    find: async (code) => {
      const { row } = await getOpen(deps, code).catch(asNotFound);
      const stored = await deps.store.findCredential(row.credentialId);
      if (stored === undefined) throw new YimaError('not_found', 'There is no such offer.');
      return { kind: stored.credential.kind, forms: row.forms };
    },
    redeem: async (code, txCode) => {
      const { row } = await getOpen(deps, code); // whoever knows no offer writes nothing
      return deps.ledger.submit([`offer:${row.id}`], () => planRedeeming(deps, code, txCode));
    },
  };
}

/** Whether the kind is one that wallets of others hold: codes with a colour are for our own. */
function formsOf({ credential }: StoredCredential, kinds: KindTable): readonly BoundForm[] {
  const isLicence = kinds.byName(credential.kind)?.status.restricted === false;
  return isLicence && !credential.demo ? ['device', 'sd-jwt'] : ['device'];
}

async function planOffer(
  deps: OffersDeps,
  actor: string,
  credentialId: string,
  { keepDevices = false }: OfferRequest,
): Promise<Plan<MadeOffer>> {
  const { random, sha256, sha256Hex } = deps;
  const at = deps.clock();
  const stored = await deps.store.findCredential(credentialId);
  if (stored === undefined) throw new YimaError('not_found', 'There is no such credential here.');
  const { revoked, expiresAt } = stored.credential;
  if (revoked || (expiresAt !== null && expiresAt <= at))
    throw new YimaError('conflict', 'This credential is revoked or has expired; issue a new one.');
  const id = newTimedId(at, random);
  const secret = newSecret(random);
  const txCode = newTxCode(random);
  const row: OfferRow = {
    id,
    credentialId,
    secretHash: secretHash('offer', secret, sha256),
    txCodeHash: secretHash('offer', `${secret} ${txCode}`, sha256),
    forms: formsOf(stored, deps.kinds),
    keepDevices,
    madeBy: actor,
    madeAt: at,
    expiresAt: at + deps.offerSeconds,
    wrongCodes: 0,
    redeemed: 0,
    tokenHash: null,
    tokenExpiresAt: null,
    device: null,
    claimed: [],
  };
  return {
    entries: [offerEntry('offer_made', row, actor, at, sha256Hex)],
    change: { offers: [row] },
    done: () => ({ id, code: `${id}${secret}`, txCode, expiresAt: row.expiresAt }),
  };
}

async function planWithdrawal(
  { store, clock, sha256Hex }: OffersDeps,
  actor: string,
  credentialId: string,
  id: string,
): Promise<Plan<void>> {
  const row = await store.findOffer(id);
  if (row === undefined || row.credentialId !== credentialId)
    throw new YimaError('not_found', 'There is no such offer of this credential.');
  if (row.device !== null)
    throw new YimaError('conflict', 'This offer was claimed. Revoke what is on the phone instead.', {
      rule: 'claimed',
    });
  const isDead = row.wrongCodes >= MOST_WRONG_CODES && row.tokenHash === null;
  if (isDead) return nothingToWrite(undefined);
  const withdrawn: OfferRow = {
    ...row,
    wrongCodes: MOST_WRONG_CODES,
    tokenHash: null,
    tokenExpiresAt: null,
  };
  return {
    entries: [offerEntry('offer_withdrawn', withdrawn, actor, clock(), sha256Hex)],
    change: { offers: [withdrawn] },
    done: () => undefined,
  };
}

/** Every code as likely as any other. */
function newTxCode(random: Random): string {
  for (;;) {
    const bytes = random(4);
    const number = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    if (number < Math.floor(2 ** 32 / TX_CODES) * TX_CODES)
      return String(number % TX_CODES).padStart(TX_CODE_DIGITS, '0');
  }
}

/** The offer of this code, while it can still be redeemed. */
async function getOpen(
  { store, clock, sha256, equalSecrets }: OffersDeps,
  code: string,
): Promise<{ readonly row: OfferRow; readonly secret: string }> {
  const bearer = parseBearer(code);
  const row = bearer === null ? undefined : await store.findOffer(bearer.id);
  if (bearer === null || row === undefined) throw dead();
  const hash = secretHash('offer', bearer.secret, sha256);
  if (!equalSecrets(hexDecode(hash), hexDecode(row.secretHash))) throw dead();
  const isOver = row.wrongCodes >= MOST_WRONG_CODES || row.redeemed >= MOST_REDEEMED;
  if (isOver || row.device !== null || row.expiresAt <= clock()) throw dead();
  return { row, secret: bearer.secret };
}

async function planRedeeming(deps: OffersDeps, code: string, txCode: string): Promise<Plan<Redeemed>> {
  const { random, sha256, sha256Hex, equalSecrets } = deps;
  const { row, secret } = await getOpen(deps, code);
  const at = deps.clock();
  const hash = secretHash('offer', `${secret} ${txCode}`, sha256);
  if (!equalSecrets(hexDecode(hash), hexDecode(row.txCodeHash))) {
    const wrong = { ...row, wrongCodes: row.wrongCodes + 1 };
    return {
      entries: [offerEntry('offer_code_wrong', wrong, HOLDER, at, sha256Hex)],
      change: { offers: [wrong] },
      done: () => ({ ok: false, left: MOST_WRONG_CODES - wrong.wrongCodes }),
    };
  }
  const token = newSecret(random);
  const redeemed: OfferRow = {
    ...row,
    redeemed: row.redeemed + 1,
    tokenHash: secretHash('token', token, sha256),
    tokenExpiresAt: at + TOKEN_SECONDS,
  };
  return {
    entries: [offerEntry('offer_redeemed', redeemed, HOLDER, at, sha256Hex)],
    change: { offers: [redeemed] },
    done: () => ({ ok: true, accessToken: `${row.id}${token}`, expiresInSeconds: TOKEN_SECONDS }),
  };
}

/** One answer for all that cannot be redeemed, so that nobody learns which it is. */
function dead(): YimaError {
  return new YimaError(
    'invalid_request',
    'This offer is not open: it was claimed, has expired, or too many wrong codes were tried. Ask the office for a new one.',
    { rule: 'invalid_grant' },
  );
}

function asNotFound(error: unknown): never {
  if (error instanceof YimaError && error.rule === 'invalid_grant')
    throw new YimaError('not_found', error.message);
  throw error;
}
