// Claiming: a token, and a proof that a device holds a key, make one credential bound to that key. Once: the same key that asks again
// gets the same, another key nothing.

import { encodeBase64url } from '../codec/base64url.js';
import { hexDecode } from '../codec/bytes.js';
import { YimaError } from '../errors/yima-error.js';
import type { PublicKey, Sha256, Sha256Hex } from '../signature/public-key.js';
import { thumbprint } from '../signature/thumbprint.js';
import { type Addition, checkDeviceKey, type EncodingPlanner } from './add-encoding.js';
import { parseBearer, secretHash } from './bearer-secret.js';
import type { BoundForm } from './form.js';
import { type Ledger, nothingToWrite, type Plan } from './ledger.js';
import type { Nonces } from './nonces.js';
import { offerTold } from './offer-log.js';
import type { OfferRow } from './offer-rows.js';
import type { Clock } from './ports.js';
import { HOLDER } from './principal.js';
import type { Store, StoredCredential } from './store.js';

export interface Claim {
  readonly accessToken: string;
  /** Which kind's credential, in which form; null: anything that the offer is not about. */
  readonly configuration: { readonly kind: string; readonly form: BoundForm } | null;
  /** Of a proof whose signature, type and audience were checked. */
  readonly proof: { readonly key: PublicKey; readonly nonce: string };
}

export interface Claims {
  readonly nonce: () => string;
  /**
   * @returns the credential's text
   * @throws YimaError `unauthenticated`, rule `invalid_token`; `invalid_request` with the rule `invalid_nonce`, `invalid_proof`,
   *   `unknown_credential_configuration` or `credential_request_denied`
   */
  readonly claim: (claim: Claim) => Promise<string>;
}

export interface ClaimsDeps {
  readonly store: Pick<Store, 'findCredential' | 'findOffer'>;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly planner: EncodingPlanner;
  readonly nonces: Nonces;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
  /** Constant-time comparison of equal lengths. */
  readonly equalSecrets: (a: Uint8Array, b: Uint8Array) => boolean;
}

export function createClaims(deps: ClaimsDeps): Claims {
  return {
    nonce: deps.nonces.make,
    claim: async (claim) => {
      const { proof } = claim;
      const asked = await getAsked(deps, claim);
      const device = encodeBase64url(thumbprint(proof.key, deps.sha256));
      checkProvenKey(proof.key, asked.form);
      deps.nonces.use(proof.nonce, `${asked.offer.id} ${device}`);
      const before = claimedBefore(asked, device);
      if (before !== null) return before;
      const signing = await deps.planner.signingFor(asked.stored.credential, asked.form);
      const subjects = [`offer:${asked.offer.id}`, `credential:${asked.offer.credentialId}`];
      return deps.ledger.submit(subjects, async () => {
        const now = await getAsked(deps, claim);
        const known = claimedBefore(now, device);
        if (known !== null) return nothingToWrite(known);
        return planClaim(deps, signing, now, proof.key, device);
      });
    },
  };
}

interface Asked {
  readonly offer: OfferRow;
  readonly stored: StoredCredential;
  readonly form: BoundForm;
}

async function getAsked(deps: ClaimsDeps, { accessToken, configuration }: Claim): Promise<Asked> {
  const offer = await getTokenOffer(deps, accessToken);
  const stored = await deps.store.findCredential(offer.credentialId);
  if (stored === undefined) throw new YimaError('internal', 'An offer is about no credential.');
  const isOffered =
    configuration !== null &&
    configuration.kind === stored.credential.kind &&
    offer.forms.includes(configuration.form);
  if (!isOffered)
    throw refused(
      'unknown_credential_configuration',
      'The offer is not about this credential configuration.',
    );
  return { offer, stored, form: configuration.form };
}

async function getTokenOffer(
  { store, clock, sha256, equalSecrets }: ClaimsDeps,
  accessToken: string,
): Promise<OfferRow> {
  const bearer = parseBearer(accessToken);
  const offer = bearer === null ? undefined : await store.findOffer(bearer.id);
  const hash = secretHash('token', bearer?.secret ?? '', sha256);
  const isRight =
    offer?.tokenHash != null &&
    offer.tokenExpiresAt !== null &&
    equalSecrets(hexDecode(hash), hexDecode(offer.tokenHash)) &&
    offer.tokenExpiresAt > clock();
  if (offer !== undefined && isRight) return offer;
  throw new YimaError('unauthenticated', 'The access token is unknown or has expired.', {
    rule: 'invalid_token',
  });
}

/** Wallets of others are told ES256 alone. */
function checkProvenKey(key: PublicKey, form: BoundForm): void {
  if (form === 'sd-jwt' && key.algorithm !== 'ES256')
    throw refused('invalid_proof', 'This credential is bound to an ES256 key.');
  try {
    checkDeviceKey(key);
  } catch (cause) {
    throw refused('invalid_proof', 'The key of the proof is not admissible.', cause);
  }
}

/** What this device got by this offer before; null: nothing yet. */
function claimedBefore({ offer, stored, form }: Asked, device: string): string | null {
  if (offer.device !== null && offer.device !== device)
    throw refused(
      'credential_request_denied',
      'Another device has claimed this offer. Ask the office for a new one.',
    );
  if (offer.device === null || !offer.claimed.includes(form)) return null;
  const got = stored.encodings.findLast((each) => each.device === device && each.form === form);
  if (got !== undefined && !got.revoked && !stored.credential.revoked) return got.code;
  throw refused('credential_request_denied', 'What was claimed by this offer has been revoked.');
}

function planClaim(
  { planner, clock, sha256Hex }: ClaimsDeps,
  signing: Awaited<ReturnType<EncodingPlanner['signingFor']>>,
  { offer, stored, form }: Asked,
  deviceKey: PublicKey,
  device: string,
): Plan<string> {
  const at = clock();
  const claimed: OfferRow = { ...offer, device, claimed: [...offer.claimed, form] };
  const endOf: Addition['endOf'] = (encoding) => {
    if (encoding.device === null) return null;
    const isReplaced = encoding.device === device ? encoding.form === form : !offer.keepDevices;
    return isReplaced ? at : null;
  };
  const why = offerTold(claimed, sha256Hex);
  const plan = planner.plan(signing, stored, { form, deviceKey, endOf, actor: HOLDER, at, why });
  return {
    ...plan,
    change: { ...plan.change, offers: [claimed] },
    done: (rows) => plan.done(rows).encodings.at(-1)?.code ?? '',
  };
}

function refused(rule: string, message: string, cause?: unknown): YimaError {
  return new YimaError('invalid_request', message, { rule, ...(cause === undefined ? {} : { cause }) });
}
