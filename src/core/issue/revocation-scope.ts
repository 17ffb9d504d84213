// A scope from outside: read strictly, in one canonical text, and which credential it covers. Pure; stores answer the same in bulk.

import { decodeBase64url } from '../codec/base64url.js';
import { canonicalJson, isJsonObject } from '../codec/json.js';
import { isRegionPrefix, normalizeRegion, regionCovers } from '../codec/region.js';
import type { KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import type { RevocationScope } from './scope.js';
import type { StoredCredential } from './store.js';

export const MAX_SCOPE_CREDENTIALS = 1_000;
export const CREDENTIAL_ID = /^[a-z2-7]{26}$/;
const KID_BYTES = 8;
/** 2286-11-20, the last second of ten digits. */
const LAST_SECOND = 9_999_999_999;
const MAX_TEXT = 64;

/** A scope in which nothing is named; a member that is set narrows it. */
export const UNNAMED_SCOPE: RevocationScope = {
  credentials: null,
  batch: null,
  office: null,
  operator: null,
  signingKey: null,
  kind: null,
  region: null,
  issuedBefore: null,
};

type Reader<T> = (value: unknown, field: string) => T;

const text: Reader<string> = (value, field) => {
  if (typeof value === 'string' && value.length >= 1 && value.length <= MAX_TEXT && !/\p{C}/u.test(value))
    return value;
  throw wrong(field, `Give 1 to ${MAX_TEXT} printable characters.`);
};

const readers = (
  kinds: KindTable,
): { readonly [K in keyof RevocationScope]: Reader<RevocationScope[K]> } => ({
  credentials: readIds,
  batch: text,
  office: text,
  operator: text,
  signingKey: readKid,
  kind: (value, field) => {
    if (typeof value === 'string' && kinds.byName(value) !== undefined) return value;
    throw wrong(field, 'This kind is not known here; GET /v1/kinds lists them.');
  },
  region: (value, field) => {
    if (typeof value === 'string' && value !== '' && isRegionPrefix(value)) return normalizeRegion(value);
    throw wrong(field, 'Give 2, 4 or 6 digits of a GB/T 2260 code.');
  },
  issuedBefore: (value, field) => {
    if (Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= LAST_SECOND)
      return value as number;
    throw wrong(field, 'Give a time in whole seconds since 1970.');
  },
});

/**
 * @param path where the scope stands in the request, for `field`
 * @throws YimaError `invalid_request` with the field: an unknown member, one in another form, or none at all
 */
export function parseScope(value: unknown, kinds: KindTable, path = 'scope'): RevocationScope {
  if (!isJsonObject(value) || Object.keys(value).length === 0)
    throw wrong(path, `Name at least one of ${Object.keys(UNNAMED_SCOPE).join(', ')}.`);
  const read: Readonly<Record<string, Reader<unknown>>> = readers(kinds);
  const members = Object.entries(value).map(([name, member]) => {
    const reader = Object.hasOwn(read, name) ? read[name] : undefined;
    if (reader === undefined) throw wrong(path, `Leave out ${name.slice(0, 40)}: it means nothing here.`);
    return [name, reader(member, `${path}.${name}`)];
  });
  return { ...UNNAMED_SCOPE, ...(Object.fromEntries(members) as Partial<RevocationScope>) };
}

/** The members that are not null, as people give and sign them. */
export function scopeMembers(scope: RevocationScope): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(scope).filter(([, member]) => member !== null));
}

/** One text for one scope. */
export function canonicalScope(scope: RevocationScope): string {
  return canonicalJson(scopeMembers(scope));
}

/** Covers these credentials alone. @param ids ascending */
export function scopeOf(ids: readonly string[]): RevocationScope {
  return { ...UNNAMED_SCOPE, credentials: ids };
}

/** The same scope, without what was issued at that time or later. @param time epoch seconds */
export function scopeBefore(scope: RevocationScope, time: number): RevocationScope {
  return { ...scope, issuedBefore: Math.min(scope.issuedBefore ?? time, time) };
}

export function scopeCovers(scope: RevocationScope, { credential, encodings }: StoredCredential): boolean {
  const is = <T>(asked: T | null, found: T | null): boolean => asked === null || asked === found;
  return (
    (scope.credentials === null || scope.credentials.includes(credential.id)) &&
    is(scope.batch, credential.batch) &&
    is(scope.office, credential.principal) &&
    is(scope.operator, credential.operator) &&
    (scope.signingKey === null || encodings.some(({ kid }) => kid === scope.signingKey)) &&
    is(scope.kind, credential.kind) &&
    (scope.region === null || regionCovers(scope.region, credential.region)) &&
    (scope.issuedBefore === null || credential.issuedAt < scope.issuedBefore)
  );
}

function readIds(value: unknown, field: string): readonly string[] {
  const isList = Array.isArray(value) && value.length >= 1 && value.length <= MAX_SCOPE_CREDENTIALS;
  if (!isList || !value.every((id) => typeof id === 'string' && CREDENTIAL_ID.test(id)))
    throw wrong(field, `Give 1 to ${MAX_SCOPE_CREDENTIALS} credential ids.`);
  const ids: readonly string[] = value;
  if (new Set(ids).size !== ids.length) throw wrong(field, 'Name each credential once.');
  return [...ids].sort();
}

function readKid(value: unknown, field: string): string {
  try {
    if (typeof value === 'string' && decodeBase64url(value).length === KID_BYTES) return value;
  } catch (error) {
    if (!(error instanceof YimaError)) throw error;
  }
  throw wrong(field, 'Give the key id as `yima keys list` shows it.');
}

function wrong(field: string, message: string): YimaError {
  return new YimaError('invalid_request', message, { field });
}
