// What a request for an API key may ask for, and who may ask: officers and rule services are made by one administrator and
// confirmed by another, and hold nothing that makes keys.

import { MAX_SITE_CHARS } from '../codec/names.js';
import { isRegionPrefix } from '../codec/region.js';
import { YimaError } from '../errors/yima-error.js';
import { readOfficerKey } from './officer-key.js';
import { BOUND_SCOPES, LOCAL, needsConfirmation, SCOPES, type Scope } from './principal.js';
import type { ApiKeyRow } from './store.js';

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Epoch seconds; null: until revoked. */
  readonly expiresAt: number | null;
  /** The JWK that an officer signs with; for everybody else absent or null. */
  readonly publicKey?: unknown;
  /** Of an office: GB/T 2260 prefix and kinds that it issues for and changes; absent or null: all of the node's. */
  readonly region?: string | null;
  readonly kinds?: readonly string[] | null;
  /** The checkpoint that it stands for, by name. */
  readonly site?: string | null;
}

export type Bounds = Pick<ApiKeyRow, 'region' | 'kinds' | 'site'>;

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
  checkEnd(expiresAt, now);
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

/** @throws YimaError `invalid_request` */
export function checkEnd(expiresAt: number | null, now: number): void {
  if (expiresAt !== null && !(Number.isSafeInteger(expiresAt) && expiresAt > now))
    throw wrong('expiresAt', 'expiresAt is a time to come, in epoch seconds.');
}

/** @throws YimaError `invalid_request` with the field */
export function checkBounds(request: NewApiKey, isKind: (name: string) => boolean): Bounds {
  const { scopes, region = null, kinds = null, site = null } = request;
  const isOffice = scopes.includes('issue') || scopes.includes('revoke');
  const checkFor = (field: keyof Bounds, isFit: boolean): void => {
    if (!isFit || !scopes.every((scope) => BOUND_SCOPES.includes(scope)))
      throw wrong(
        field,
        'Regions and kinds go with issue or revoke, a site with verify, and none with other scopes.',
      );
  };
  if (region !== null) {
    checkFor('region', isOffice);
    if (region === '' || !isRegionPrefix(region))
      throw wrong('region', 'Give 2, 4 or 6 digits of a GB/T 2260 code.');
  }
  if (kinds !== null) {
    checkFor('kinds', isOffice);
    if (kinds.length === 0 || new Set(kinds).size !== kinds.length || !kinds.every(isKind))
      throw wrong('kinds', 'Name each kind once; GET /v1/kinds lists them.');
  }
  if (site !== null) {
    checkFor('site', scopes.includes('verify'));
    if (site.length < 1 || site.length > MAX_SITE_CHARS || /\p{C}/u.test(site))
      throw wrong('site', `A site is a text of 1 to ${MAX_SITE_CHARS} characters.`);
  }
  return { region, kinds: kinds === null ? null : [...kinds], site };
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
