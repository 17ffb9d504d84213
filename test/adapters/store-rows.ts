// Synthetic rows for the tests of stores: nobody's, and with nothing in them that has to be a secret.

import { createHash } from 'node:crypto';
import { appendLog, type LogEntry } from '../../src/core/issue/log.js';
import type {
  ApiKeyRow,
  Change,
  CredentialRow,
  EncodingRow,
  IdempotencyRow,
  ListRow,
  LogRow,
  ReleasedEncoding,
} from '../../src/core/issue/store.js';

export const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();
export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

export function entry(type: string, body: Record<string, unknown> = {}): LogEntry {
  return { at: 1_700_000_000, actor: 'local', type, body };
}

export const LIST: ListRow = {
  number: 1,
  kind: 'health-code',
  bits: 4,
  entries: 1_048_576,
  seed: new Uint8Array(32).fill(7),
  next: 1,
  burntFrom: null,
};

/** 26 characters of the id alphabet that sort as `n` does. */
export function idOf(n: number): string {
  return String(n)
    .padStart(26, '0')
    .replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
}

export function credentialRow(n: number, change: Partial<CredentialRow> = {}): CredentialRow {
  return {
    id: idOf(n),
    kind: 'health-code',
    region: '330102',
    principal: 'office',
    operator: 'desk 4',
    evidence: 'file 17',
    issuedAt: 1_700_000_000,
    expiresAt: 1_700_086_400,
    revoked: false,
    suspended: false,
    level: 0,
    demo: false,
    batch: null,
    replaces: null,
    ...change,
  };
}

export function encodingRow(n: number, change: Partial<EncodingRow> = {}): EncodingRow {
  return {
    credentialId: idOf(n),
    form: 'screen',
    list: 1,
    index: n,
    code: `YM1:${String(n).padStart(270, '0')}`,
    shortId: null,
    kid: 'AAECAwQFBgc',
    revoked: false,
    value: 0,
    device: null,
    endsAt: null,
    ...change,
  };
}

/** Of a paper. */
export const SHORT_ID = '7K3QMXW2PD41';

/** As it is written: with the counter behind its index. */
export function releasedRow(n: number, change: Partial<ReleasedEncoding> = {}): ReleasedEncoding {
  return { ...encodingRow(n), counter: n, ...change };
}

export function idempotencyRow(n: number, change: Partial<IdempotencyRow> = {}): IdempotencyRow {
  return {
    principal: 'office',
    key: `request ${n}`,
    requestHash: 'ab'.repeat(32),
    credentialId: idOf(n),
    at: 1_700_000_000,
    ...change,
  };
}

export const API_KEY: ApiKeyRow = {
  id: 'abcdefghijklmnop',
  name: 'office',
  scopes: ['issue', 'revoke'],
  salt: '00'.repeat(16),
  hash: 'cd'.repeat(32),
  createdAt: 1_700_000_000,
  expiresAt: null,
  revokedAt: null,
  createdBy: 'local',
  publicKey: null,
  confirmedBy: null,
  confirmedAt: null,
  region: null,
  kinds: null,
  site: null,
  oldSalt: null,
  oldHash: null,
  oldEndsAt: null,
};

/** What issuing credential `n` writes: list 1 must lie in the store already, or come along with a higher counter. */
export function issueChange(head: LogRow | undefined, n: number): Change {
  return {
    log: appendLog(head, [entry('issued', { credential: idOf(n), list: 1, index: n })], sha256Hex),
    lists: [{ ...LIST, next: n + 1 }],
    credentials: [credentialRow(n)],
    encodings: [releasedRow(n)],
    idempotency: [idempotencyRow(n)],
  };
}
