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
  /** Canonical JSON, as it was logged. */
  readonly body: string;
  revokedAt: number | null;
  confirmedBy: string | null;
  confirmedAt: number | null;
}

const FRESH = { revokedAt: null, confirmedBy: null, confirmedAt: null } as const;

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

const TYPES: readonly string[] = ['api_key_created', 'api_key_confirmed', 'api_key_revoked'];

/** Takes one entry of the log in; entries of other types tell nothing of keys. Of two for one key the first one holds. */
export function replayApiKey(
  told: ToldApiKeys,
  { type, at, actor, body }: Pick<LogRow, 'type' | 'at' | 'actor' | 'body'>,
): void {
  if (!TYPES.includes(type)) return;
  const { id } = JSON.parse(body) as { readonly id: string };
  const known = told.get(id);
  if (type === 'api_key_created' && known === undefined)
    told.set(id, { ...FRESH, createdAt: at, createdBy: actor, body });
  if (known === undefined) return;
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
    told.body === canonicalJson(createdBody(row, sha256))
  );
}

/** The digest binds salt and hash: another secret under the same id is another key. */
function createdBody(row: ApiKeyRow, sha256: Sha256): Record<string, unknown> {
  const { id, name, scopes, expiresAt, salt, hash, publicKey } = row;
  const digest = hexEncode(sha256(utf8Encode(`${salt}:${hash}`)));
  return { id, name, scopes, expiresAt, digest, ...(publicKey === null ? {} : { publicKey }) };
}
