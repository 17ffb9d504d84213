// The members that roots and lists are made of, read one by one from strict JSON.

import { isJsonObject, type JsonObject } from '../../codec/json.js';
import { ISSUER, isCount } from '../../codec/names.js';
import { refuseDocument } from './rules.js';
import { isThumbprint } from './signed-document.js';
import { type AdmitKey, refusedKeyRule, type TrustedKey } from './trusted-key.js';

/** Four eyes: nothing that others rely on is one person's word. */
export const MIN_THRESHOLD = 2;
export const MAX_SIGNERS = 32;
const MAX_LIFETIME_SECONDS = 400 * 86_400;

/** What every document begins with. Times are epoch seconds. */
export interface DocumentFrame {
  /** 1, 2, 3, ... */
  readonly version: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The hash of the version before; null where none is named. */
  readonly previous: string | null;
}

/** @throws YimaError `list_refused`, rule `form`, when a member is missing or one too many */
export function checkMembers(value: unknown, names: readonly string[], field: string): JsonObject {
  const isExact =
    isJsonObject(value) &&
    Object.keys(value).length === names.length &&
    names.every((name) => Object.hasOwn(value, name));
  if (!isExact) throw refuseDocument('form', { field });
  return value;
}

/** @throws YimaError `list_refused`, rules `form`, `lifetime` */
export function readFrame({ version, iat, exp, prev }: JsonObject): DocumentFrame {
  if (!isCount(version) || version < 1) throw refuseDocument('form', { field: 'version' });
  if (!isCount(iat)) throw refuseDocument('form', { field: 'iat' });
  if (!isCount(exp)) throw refuseDocument('form', { field: 'exp' });
  if (prev !== null && !isThumbprint(prev)) throw refuseDocument('form', { field: 'prev' });
  if ((version === 1) !== (prev === null)) throw refuseDocument('form', { field: 'prev' });
  if (exp <= iat || exp - iat > MAX_LIFETIME_SECONDS) throw refuseDocument('lifetime');
  return { version, issuedAt: iat, expiresAt: exp, previous: prev };
}

/** @throws YimaError `list_refused`, rule `form`, unless it is the name of an authority */
export function readName(value: unknown, field: string): string {
  if (typeof value !== 'string' || !ISSUER.test(value)) throw refuseDocument('form', { field });
  return value;
}

export interface Signers {
  readonly threshold: number;
  readonly keys: readonly TrustedKey[];
}

/**
 * Keys that sign together; one that is not admissible refuses all of them. Yields after each key, which may cost milliseconds.
 * @throws YimaError `list_refused`, rules `form`, `too_many`, `key`, `key_twice`
 */
export function* readSigners(
  threshold: unknown,
  keys: unknown,
  admit: AdmitKey,
  field: string,
): Generator<void, Signers> {
  if (!Array.isArray(keys)) throw refuseDocument('form', { field });
  if (keys.length > MAX_SIGNERS) throw refuseDocument('too_many', { field });
  if (!isCount(threshold) || threshold < MIN_THRESHOLD || threshold > keys.length) {
    throw refuseDocument('form', { field: `${field}: threshold` });
  }
  const read = new Map<string, TrustedKey>();
  for (const [place, jwk] of (keys as readonly unknown[]).entries()) {
    let key: TrustedKey;
    try {
      key = admit(jwk, 'yima');
    } catch (cause) {
      throw refuseDocument('key', { field: `${field}.${place}: ${refusedKeyRule(cause)}`, cause });
    }
    if (read.has(key.thumbprint)) throw refuseDocument('key_twice', { field: `${field}.${place}` });
    read.set(key.thumbprint, key);
    yield;
  }
  return { threshold, keys: [...read.values()] };
}
