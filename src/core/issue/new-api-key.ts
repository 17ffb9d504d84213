// What a request for an API key may ask for, and who may ask: officers and rule services are made by one administrator and
// confirmed by another, and hold nothing that makes keys.

import { YimaError } from '../errors/yima-error.js';
import { readOfficerKey } from './officer-key.js';
import { LOCAL, needsConfirmation, SCOPES, type Scope } from './principal.js';

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Epoch seconds; null: until revoked. */
  readonly expiresAt: number | null;
  /** The JWK that an officer signs with; for everybody else absent or null. */
  readonly publicKey?: unknown;
}

/**
 * @returns the officer's public key as it is stored; null for others
 * @throws YimaError `invalid_request` with the field, `key_refused`, `forbidden` for who may not make such a key
 */
export function checkNewKey(actor: string, request: NewApiKey, now: number): string | null {
  const { name, scopes, expiresAt, publicKey = null } = request;
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(name))
    throw wrong('name', 'A key’s name is 1 to 64 letters, digits, spaces, dots or dashes.');
  if (scopes.length === 0 || scopes.some((scope) => !SCOPES.includes(scope)))
    throw wrong('scopes', `Name one or more scopes of ${SCOPES.join(', ')}.`);
  if (expiresAt !== null && !(Number.isSafeInteger(expiresAt) && expiresAt > now))
    throw wrong('expiresAt', 'expiresAt is a time to come, in epoch seconds.');
  if (needsConfirmation(scopes)) checkDuties(actor, scopes);
  const isOfficer = scopes.includes('officer');
  if (isOfficer !== (publicKey !== null)) {
    throw wrong(
      'publicKey',
      'The public key is what an officer signs with: officers need one, others have none.',
    );
  }
  return isOfficer ? readOfficerKey(publicKey) : null;
}

function checkDuties(actor: string, scopes: readonly Scope[]): void {
  if (actor === LOCAL) {
    throw new YimaError(
      'forbidden',
      'Officers and rule services are made by an administrator’s own API key, not through the socket.',
      { rule: 'local' },
    );
  }
  if (scopes.includes('admin'))
    throw wrong('scopes', 'Who makes keys approves nothing: officer and rules do not go with admin.');
  if (scopes.includes('officer') && scopes.includes('rules'))
    throw wrong('scopes', 'A rule service and the officer who checks it are two: give each a key.');
}

function wrong(field: string, message: string): YimaError {
  return new YimaError('invalid_request', message, { field });
}
