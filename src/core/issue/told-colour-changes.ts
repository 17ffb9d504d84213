// Changes of colours as the log tells them: caps and records are read from rows, so rows that the log does not tell, or lacks, are
// found. Of each change one digest is kept, whatever the number of its credentials.

import { utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import type { Sha256 } from '../signature/public-key.js';
import type { ColourChangeRow } from './decision-rows.js';
import type { CredentialRow, LogRow } from './store.js';

/** By change id: the sum of the digests of its rows, which does not depend on their order. */
export type ToldColourChanges = Map<string, bigint>;

/** What the body of an entry that changed a colour says of that; `colour` where it did. */
export interface ToldColour {
  readonly colour?: true;
  readonly change?: string;
  readonly by?: ColourChangeRow['by'];
  readonly rule?: string;
  readonly version?: number;
  readonly form?: ColourChangeRow['form'];
  readonly purpose?: string;
  readonly reason?: string;
  readonly evidence?: string;
}

const SPACE = 1n << 256n;

/** Takes in what one entry changed of one credential; entries that changed no colour tell nothing. */
export function tellColourChange(
  told: ToldColourChanges,
  { at, actor }: Pick<LogRow, 'at' | 'actor'>,
  body: ToldColour,
  credentialId: string,
  before: Pick<CredentialRow, 'suspended' | 'level'>,
  after: Pick<CredentialRow, 'revoked' | 'suspended' | 'level'>,
  sha256: Sha256,
): void {
  const { change, by } = body;
  if (body.colour !== true || change === undefined || by === undefined) return;
  addColourChange(
    told,
    {
      changeId: change,
      credentialId,
      by,
      at,
      actor,
      ruleId: body.rule ?? null,
      ruleVersion: body.version ?? null,
      form: body.form ?? null,
      fromSuspended: before.suspended,
      fromLevel: before.level,
      toRevoked: after.revoked,
      toSuspended: after.suspended,
      toLevel: after.level,
      purpose: body.purpose ?? body.reason ?? '',
      evidence: body.evidence ?? null,
    },
    sha256,
  );
}

export function addColourChange(sums: ToldColourChanges, row: ColourChangeRow, sha256: Sha256): void {
  let value = 0n;
  for (const byte of sha256(utf8Encode(canonicalJson(row)))) value = (value << 8n) | BigInt(byte);
  sums.set(row.changeId, ((sums.get(row.changeId) ?? 0n) + value) % SPACE);
}

/** Ids of the changes whose rows are not as told. */
export function differingChanges(told: ToldColourChanges, stored: ToldColourChanges): string[] {
  const ids = new Set([...told.keys(), ...stored.keys()]);
  return [...ids].filter((id) => told.get(id) !== stored.get(id));
}
