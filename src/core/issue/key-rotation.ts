// A new secret for an API key that lives: the id stays, so that whatever was done under it goes on being one principal's, and so does
// everything that depends on who made whom.

import { encodeBase32 } from '../codec/base32.js';
import { concatBytes, hexEncode, utf8Encode } from '../codec/bytes.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { isLiveKey } from './api-key-table.js';
import { checkEnd } from './new-api-key.js';
import type { Random } from './ports.js';
import { LOCAL, needsConfirmation } from './principal.js';
import type { ApiKeyRow } from './store.js';

export interface Rotation {
  /** How long the present secret goes on, 0 to 30 days; 0: it ends at once, as after a theft. */
  readonly overlapSeconds: number;
  /** When the key ends from now on, epoch seconds, null for never; absent: as before. An administrator's to say. */
  readonly expiresAt?: number | null;
}

export const MOST_OVERLAP_SECONDS = 2_592_000;

export const NO_OLD_SECRET = { oldSalt: null, oldHash: null, oldEndsAt: null } as const;

interface SecretDeps {
  readonly random: Random;
  readonly sha256: Sha256;
}

/** 256 random bits, and what is kept of them. */
export function newKeySecret({ random, sha256 }: SecretDeps) {
  const secret = encodeBase32(random(32));
  const salt = random(16);
  return { secret, salt: hexEncode(salt), hash: hexEncode(sha256(concatBytes(salt, utf8Encode(secret)))) };
}

export interface AskedRotation {
  readonly actor: string;
  readonly at: number;
  readonly rotation: Rotation;
}

/**
 * @param key undefined: there is none with this id
 * @throws YimaError as `ApiKeys.rotate`
 */
export function rotatedKey(
  deps: SecretDeps,
  { actor, at, rotation }: AskedRotation,
  key: ApiKeyRow | undefined,
  findLive: (id: string) => Pick<ApiKeyRow, 'scopes'> | undefined,
): ApiKeyRow & { readonly secret: string } {
  const { overlapSeconds, expiresAt } = rotation;
  const isAdmin = actor === LOCAL || findLive(actor)?.scopes.includes('admin') === true;
  if (key === undefined || !(isAdmin || actor === key.id))
    throw new YimaError('not_found', 'There is no API key with this id.');
  checkActor(actor, key, expiresAt);
  if (!isLiveKey(key, at))
    throw new YimaError(
      'conflict',
      'This key has expired, is revoked or waits for its confirmation; make a new one.',
    );
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > MOST_OVERLAP_SECONDS)
    throw new YimaError('invalid_request', `Give 0 to ${MOST_OVERLAP_SECONDS} seconds.`, {
      field: 'overlapSeconds',
    });
  if (expiresAt !== undefined) checkEnd(expiresAt, at);
  const old = { oldSalt: key.salt, oldHash: key.hash, oldEndsAt: at + overlapSeconds };
  return { ...key, ...(expiresAt === undefined ? {} : { expiresAt }), ...old, ...newKeySecret(deps) };
}

function checkActor(actor: string, key: ApiKeyRow, expiresAt: number | null | undefined): void {
  if (actor === key.id && expiresAt !== undefined)
    throw new YimaError('forbidden', 'How long a key lives is an administrator’s to say.', {
      rule: 'own_end',
    });
  if (actor === key.id || !needsConfirmation(key.scopes)) return;
  throw new YimaError(
    'forbidden',
    'An officer and a rule service rotate their keys themselves, with the present one.',
    {
      rule: 'not_your_key',
    },
  );
}
