// API keys as the log tells them: a row that nobody logged opens nothing, and the audit names it.

import { hexEncode, utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import type { Sha256 } from '../signature/public-key.js';
import type { LogEntry } from './log.js';
import type { ApiKeyRow, LogRow } from './store.js';

/** What the log tells of one key. */
interface ToldApiKey {
  readonly createdAt: number;
  /** Who made it: API key id or `local`. */
  readonly createdBy: string;
  /** Canonical JSON of what never changes, as it was logged. */
  readonly body: string;
  /** Of the present secret. */
  digest: string;
  expiresAt: number | null;
  /** Of the secret before it. */
  old: { readonly digest: string; readonly endsAt: number } | null;
  revokedAt: number | null;
  confirmedBy: string | null;
  confirmedAt: number | null;
}

const FRESH = { old: null, revokedAt: null, confirmedBy: null, confirmedAt: null } as const;

/** By the id of the key. */
export type ToldApiKeys = Map<string, ToldApiKey>;

export function apiKeyCreated(actor: string, row: ApiKeyRow, sha256: Sha256): LogEntry {
  return { at: row.createdAt, actor, type: 'api_key_created', body: createdBody(row, sha256) };
}

export function apiKeyRevoked(actor: string, id: string, at: number): LogEntry {
  return { at, actor, type: 'api_key_revoked', body: { id } };
}

export function apiKeyConfirmed(actor: string, id: string, at: number): LogEntry {
  return { at, actor, type: 'api_key_confirmed', body: { id } };
}

/** @param row with the new secret, and the one before it as the old */
export function apiKeyRotated(actor: string, row: ApiKeyRow, at: number, sha256: Sha256): LogEntry {
  const { id, salt, hash, expiresAt, oldEndsAt } = row;
  const body = { id, digest: digestOf(salt, hash, sha256), expiresAt, oldEndsAt };
  return { at, actor, type: 'api_key_rotated', body };
}

/** Stores find these without reading the log. */
export const API_KEY_ENTRY_TYPES = [
  'api_key_created',
  'api_key_confirmed',
  'api_key_rotated',
  'api_key_revoked',
] as const;

const TYPES: readonly string[] = API_KEY_ENTRY_TYPES;

interface CreatedBody {
  readonly id: string;
  readonly digest: string;
  readonly expiresAt: number | null;
}

interface RotatedBody extends CreatedBody {
  readonly oldEndsAt: number;
}

/** Takes one entry of the log in; entries of other types tell nothing of keys. Of two for one key the first one holds. */
export function replayApiKey(
  told: ToldApiKeys,
  { type, at, actor, body }: Pick<LogRow, 'type' | 'at' | 'actor' | 'body'>,
): void {
  if (!TYPES.includes(type)) return;
  const { id } = JSON.parse(body) as { readonly id: string };
  const known = told.get(id);
  if (type === 'api_key_created' && known === undefined) {
    const { digest, expiresAt, ...kept } = JSON.parse(body) as CreatedBody;
    told.set(id, { ...FRESH, createdAt: at, createdBy: actor, body: canonicalJson(kept), digest, expiresAt });
  }
  if (known === undefined) return;
  if (type === 'api_key_rotated') {
    const { digest, expiresAt, oldEndsAt } = JSON.parse(body) as RotatedBody;
    known.old = { digest: known.digest, endsAt: oldEndsAt };
    known.digest = digest;
    known.expiresAt = expiresAt;
  }
  if (type === 'api_key_revoked') known.revokedAt ??= at;
  if (type === 'api_key_confirmed') {
    known.confirmedBy ??= actor;
    known.confirmedAt ??= at;
  }
}

/** Whether a stored key is, in every member, what the log tells of it. */
export function isApiKeyAsTold(told: ToldApiKey | undefined, row: ApiKeyRow, sha256: Sha256): boolean {
  return (
    told !== undefined &&
    told.createdAt === row.createdAt &&
    told.revokedAt === row.revokedAt &&
    told.confirmedBy === row.confirmedBy &&
    told.confirmedAt === row.confirmedAt &&
    (row.createdBy === null || row.createdBy === told.createdBy) &&
    told.expiresAt === row.expiresAt &&
    told.digest === digestOf(row.salt, row.hash, sha256) &&
    isOldAsTold(told, row, sha256) &&
    told.body === canonicalJson(keptBody(row))
  );
}

function isOldAsTold(
  { old }: ToldApiKey,
  { oldSalt, oldHash, oldEndsAt }: ApiKeyRow,
  sha256: Sha256,
): boolean {
  if (old === null || oldSalt === null || oldHash === null) return old === null && oldHash === null;
  return old.endsAt === oldEndsAt && old.digest === digestOf(oldSalt, oldHash, sha256);
}

function createdBody(row: ApiKeyRow, sha256: Sha256): Record<string, unknown> {
  const { salt, hash, expiresAt } = row;
  return { ...keptBody(row), expiresAt, digest: digestOf(salt, hash, sha256) };
}

function keptBody({ id, name, scopes, publicKey, region, kinds, site }: ApiKeyRow): Record<string, unknown> {
  const bounds = Object.entries({ publicKey, region, kinds, site }).filter(([, value]) => value !== null);
  return { id, name, scopes, ...Object.fromEntries(bounds) };
}

/** Binds salt and hash: another secret under the same id is another key. */
function digestOf(salt: string, hash: string, sha256: Sha256): string {
  return hexEncode(sha256(utf8Encode(`${salt}:${hash}`)));
}
