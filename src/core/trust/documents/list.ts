// An authority's list: the keys it vouches for, each with what it may sign, and the keys that are dead for good.

import { isJsonObject } from '../../codec/json.js';
import { ISSUER, isCount, KIND } from '../../codec/names.js';
import { isRegionPrefix, normalizeRegion } from '../../codec/region.js';
import { YimaError } from '../../errors/yima-error.js';
import {
  type CodeFormat,
  KEY_STATES,
  KEY_USES,
  type KeyScope,
  type KeyState,
  type KeyUse,
} from '../key-record.js';
import { STATUS_BASE } from '../status-bases.js';
import { checkMembers, type DocumentFrame, MIN_THRESHOLD, readFrame, readName } from './fields.js';
import { MAX_DEPTH } from './root.js';
import { refuseDocument } from './rules.js';
import { isThumbprint, type SignedDocument } from './signed-document.js';
import { type AdmitKey, refusedKeyRule, type TrustedKey } from './trusted-key.js';

export interface ListEntry {
  /** The authority or issuer that the keys are for; null: any issuer of a format that does not name one (EU DCC). */
  readonly sub: string | null;
  readonly format: CodeFormat;
  /** The admissible ones, at most 8. */
  readonly keys: readonly TrustedKey[];
  readonly use: KeyUse;
  /** How many of the keys must sign the list of `sub`; null unless the use is `list`. */
  readonly threshold: number | null;
  /** The region normalised; kinds null: all that the list's own authority has. */
  readonly scope: KeyScope;
  /** How many further levels of lists there may be below the list of `sub`; null unless the use is `list`. */
  readonly depth: number | null;
  /** Epoch seconds, inclusive; null: the authority's own bound. */
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  readonly state: KeyState;
  /** Of credentials and status: the prefix of the status lists' URIs; of a list: what all such prefixes below it begin with. */
  readonly statusBase: string | null;
}

/** A key of an entry that was left out, and why; the rest of the entry stands. */
export interface RefusedEntryKey {
  /** Place of the entry in the list, from 0. */
  readonly entry: number;
  readonly sub: string | null;
  /** Stable: a rule of `AdmitKey`, `key_reused`, `key_twice` in one entry, or `kid_crowded`. */
  readonly rule: string;
}

export interface RevokedKey {
  readonly thumbprint: string;
  /** When it was found out, epoch seconds; the key is dead from its first day. */
  readonly at: number;
  readonly reason: string;
}

export interface ListDocument extends DocumentFrame {
  readonly document: SignedDocument;
  /** The authority whose list it is. */
  readonly issuer: string;
  readonly entries: readonly ListEntry[];
  readonly refusedKeys: readonly RefusedEntryKey[];
  /** Dead for this authority and all below it, and for nobody else. */
  readonly revoked: readonly RevokedKey[];
}

const MAX_ENTRIES = 4_096;
const MAX_KEYS = 8;
/** Of one holder under one kid: a look-up finds all of them, and tries few. */
const MAX_OF_KID = 32;
const MAX_KINDS = 256;
const MAX_REASON_CHARS = 200;
const FORMATS: readonly unknown[] = ['yima', 'eu-dcc', 'shc', 'nzcp'] satisfies CodeFormat[];
const ENTRY_MEMBERS = ['sub', 'format', 'keys', 'use', 'scope', 'nbf', 'exp', 'state', 'statusBase'] as const;

/**
 * Reads a list. Who signed it, and whether its authority may say all this, is not looked at. Yields after each key.
 * @throws YimaError `list_refused`, rules `type`, `form`, `lifetime`, `too_many`
 */
export function* readList(document: SignedDocument, admit: AdmitKey): Generator<void, ListDocument> {
  if (document.type !== 'list') throw refuseDocument('type');
  const payload = checkMembers(
    document.payload,
    ['type', 'iss', 'version', 'iat', 'exp', 'prev', 'entries', 'revoked'],
    '(all)',
  );
  const frame = readFrame(payload);
  const issuer = readName(payload['iss'], 'iss');
  const revoked = itemsOf(payload['revoked'], 'revoked').map(readRevoked);
  const refusedKeys: RefusedEntryKey[] = [];
  const entries: ListEntry[] = [];
  const owners = new Map<string, string>();
  const crowds = new Map<string, number>();
  for (const [entry, value] of itemsOf(payload['entries'], 'entries').entries()) {
    const { jwks, ...read } = readEntry(value, `entries.${entry}`);
    const keys: TrustedKey[] = [];
    for (const jwk of jwks) {
      try {
        const key = ownedOnce(admit(jwk, read.format), read, owners);
        if (keys.some(({ thumbprint }) => thumbprint === key.thumbprint)) throw twice();
        countKid(key, read, crowds);
        keys.push(key);
      } catch (error) {
        refusedKeys.push({ entry, sub: read.sub, rule: refusedKeyRule(error) });
      }
      yield;
    }
    entries.push({ ...read, keys });
  }
  return { document, ...frame, issuer, entries, refusedKeys, revoked };
}

function itemsOf(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw refuseDocument('form', { field });
  if (value.length > MAX_ENTRIES) throw refuseDocument('too_many', { field });
  return value;
}

type UnreadKeys = Omit<ListEntry, 'keys'> & { readonly jwks: readonly unknown[] };

function readEntry(value: unknown, field: string): UnreadKeys {
  const isForList = isJsonObject(value) && value['use'] === 'list';
  const names = isForList ? [...ENTRY_MEMBERS, 'threshold'] : ENTRY_MEMBERS;
  const { sub, format, keys, use, threshold, scope, nbf, exp, state, statusBase } = checkMembers(
    value,
    names,
    field,
  );
  const check = (holds: boolean, name: string): void => {
    if (!holds) throw refuseDocument('form', { field: `${field}.${name}` });
  };
  check(FORMATS.includes(format), 'format');
  check(KEY_USES.includes(use as KeyUse), 'use');
  check(KEY_STATES.includes(state as KeyState), 'state');
  check(format === 'yima' || use === 'credential', 'use');
  check((sub === null && format === 'eu-dcc') || (typeof sub === 'string' && isSubject(sub, format)), 'sub');
  check(Array.isArray(keys) && keys.length > 0 && keys.length <= MAX_KEYS, 'keys');
  check(isBound(nbf) && isBound(exp) && (nbf === null || exp === null || nbf <= exp), 'nbf');
  check(
    statusBase === null || (typeof statusBase === 'string' && STATUS_BASE.test(statusBase)),
    'statusBase',
  );
  const count = (keys as readonly unknown[]).length;
  check(!isForList || (isCount(threshold) && threshold >= MIN_THRESHOLD && threshold <= count), 'threshold');
  const { depth, ...limits } = readScope(scope, isForList, `${field}.scope`);
  return {
    sub: sub as string | null,
    format: format as CodeFormat,
    jwks: keys as readonly unknown[],
    use: use as KeyUse,
    threshold: isForList ? (threshold as number) : null,
    scope: limits,
    depth,
    notBefore: nbf as number | null,
    notAfter: exp as number | null,
    state: state as KeyState,
    statusBase: statusBase as string | null,
  };
}

/** Ours are named by the form of authorities; foreign issuers by addresses and DIDs. */
function isSubject(sub: string, format: unknown): boolean {
  return format === 'yima' ? ISSUER.test(sub) : /^[\x21-\x7e]{1,256}$/.test(sub);
}

function isBound(value: unknown): value is number | null {
  return value === null || isCount(value);
}

function readScope(
  value: unknown,
  isForList: boolean,
  field: string,
): KeyScope & { readonly depth: number | null } {
  const { region, kinds, depth } = checkMembers(
    value,
    ['region', 'kinds', ...(isForList ? ['depth'] : [])],
    field,
  );
  if (typeof region !== 'string' || !isRegionPrefix(region)) {
    throw refuseDocument('form', { field: `${field}.region` });
  }
  if (kinds !== null && !isKinds(kinds)) throw refuseDocument('form', { field: `${field}.kinds` });
  if (isForList && (!isCount(depth) || depth > MAX_DEPTH)) {
    throw refuseDocument('form', { field: `${field}.depth` });
  }
  return { region: normalizeRegion(region), kinds, depth: isForList ? (depth as number) : null };
}

function isKinds(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_KINDS &&
    new Set(value).size === value.length &&
    value.every((kind) => typeof kind === 'string' && KIND.test(kind))
  );
}

function readRevoked(value: unknown): RevokedKey {
  const { key, at, reason } = checkMembers(value, ['key', 'at', 'reason'], 'revoked');
  const isReason = typeof reason === 'string' && reason.length <= MAX_REASON_CHARS && !/\p{C}/u.test(reason);
  if (!isThumbprint(key) || !isCount(at) || !isReason) throw refuseDocument('form', { field: 'revoked' });
  return { thumbprint: key, at, reason };
}

/**
 * One key, one holder, one use: whoever holds a key for two things can pass one off as the other. Foreign directories share keys
 * among issuers, and a key may stand in several entries of one holder (a scope each).
 */
function ownedOnce(
  key: TrustedKey,
  { sub, format, use }: Omit<UnreadKeys, 'jwks'>,
  owners: Map<string, string>,
): TrustedKey {
  if (format !== 'yima') return key;
  const owner = `${use} ${sub ?? '*'}`;
  const known = owners.get(key.thumbprint);
  if (known !== undefined && known !== owner) {
    throw new YimaError('key_refused', 'The key stands for another holder or use already.', {
      rule: 'key_reused',
    });
  }
  owners.set(key.thumbprint, owner);
  return key;
}

function countKid(
  { kid }: TrustedKey,
  { sub, format }: Omit<UnreadKeys, 'jwks'>,
  crowds: Map<string, number>,
): void {
  const name = `${format} ${sub ?? '*'} ${kid}`;
  const count = (crowds.get(name) ?? 0) + 1;
  if (count > MAX_OF_KID) {
    throw new YimaError('key_refused', 'The list names keys of this holder and kid too often.', {
      rule: 'kid_crowded',
    });
  }
  crowds.set(name, count);
}

function twice(): YimaError {
  return new YimaError('key_refused', 'The key stands twice in one entry.', { rule: 'key_twice' });
}
