// API keys as the log tells them: a row that nobody logged opens nothing, and the audit names it.

import { hexEncode, utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import type { Sha256 } from '../signature/public-key.js';
import type { LogEntry } from './log.js';
import type { ApiKeyRow, LogRow } from './store.js';

/** What the log tells of one key. */
interface ToldApiKey {
  readonly createdAt: number;
  /** Canonical JSON, as it was logged. */
  readonly body: string;
  revokedAt: number | null;
}

/** By the id of the key. */
export type ToldApiKeys = Map<string, ToldApiKey>;

export function apiKeyCreated(actor: string, row: ApiKeyRow, sha256: Sha256): LogEntry {
  return { at: row.createdAt, actor, type: 'api_key_created', body: createdBody(row, sha256) };
}

export function apiKeyRevoked(actor: string, id: string, at: number): LogEntry {
  return { at, actor, type: 'api_key_revoked', body: { id } };
}

/** Takes one entry of the log in; entries of other types tell nothing of keys. Of two for one key the first one holds. */
export function replayApiKey(
  told: ToldApiKeys,
  { type, at, body }: Pick<LogRow, 'type' | 'at' | 'body'>,
): void {
  if (type !== 'api_key_created' && type !== 'api_key_revoked') return;
  const { id } = JSON.parse(body) as { readonly id: string };
  const known = told.get(id);
  if (type === 'api_key_revoked' && known !== undefined) known.revokedAt ??= at;
  if (type === 'api_key_created' && known === undefined)
    told.set(id, { createdAt: at, body, revokedAt: null });
}

/** Whether a stored key is, in every member, what the log tells of it. */
export function isApiKeyAsTold(told: ToldApiKey | undefined, row: ApiKeyRow, sha256: Sha256): boolean {
  return (
    told !== undefined &&
    told.createdAt === row.createdAt &&
    told.revokedAt === row.revokedAt &&
    told.body === canonicalJson(createdBody(row, sha256))
  );
}

/** The digest binds salt and hash: another secret under the same id is another key. */
function createdBody(row: ApiKeyRow, sha256: Sha256): Record<string, unknown> {
  const { id, name, scopes, expiresAt, salt, hash } = row;
  return { id, name, scopes, expiresAt, digest: hexEncode(sha256(utf8Encode(`${salt}:${hash}`))) };
}
