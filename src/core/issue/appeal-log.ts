// Appeals as the log tells them. What the holder says and is answered is for the two sides alone: the log has its digest.

import { hexEncode, utf8Encode } from '../codec/bytes.js';
import { canonicalJson, type JsonObject } from '../codec/json.js';
import type { Sha256 } from '../signature/public-key.js';
import type { AppealRow } from './decision-rows.js';
import type { LogEntry } from './log.js';
import type { LogRow } from './store.js';

/** What the log tells of one appeal: digests of its entries. */
export interface ToldAppeal {
  readonly filed: string;
  decision: string | null;
}

/** By the id of the appeal. */
export type ToldAppeals = Map<string, ToldAppeal>;

const TYPES = {
  open: 'appeal_filed',
  accepted: 'appeal_accepted',
  rejected: 'appeal_rejected',
} as const satisfies Record<AppealRow['state'], string>;

/** What is appealed against and why; its hash is what whoever decides it signs. */
export function appealBody({ id, credentialId, changeId, grounds }: AppealRow, sha256: Sha256): JsonObject {
  return { appeal: id, credential: credentialId, change: changeId, grounds: textDigest(id, grounds, sha256) };
}

export function appealFiled(row: AppealRow, sha256: Sha256): LogEntry {
  const { id, credentialId, changeId, operator, grounds, filedAt, filedBy } = row;
  return {
    at: filedAt,
    actor: filedBy,
    type: TYPES.open,
    body: {
      id,
      credential: credentialId,
      change: changeId,
      operator,
      grounds: textDigest(id, grounds, sha256),
    },
  };
}

/** @param row decided */
export function appealDecided(row: AppealRow, sha256: Sha256): LogEntry {
  const { id, state, decidedBy, decidedAt, deciderJws, answer, proposalId } = row;
  return {
    at: decidedAt ?? 0,
    actor: decidedBy ?? '',
    type: TYPES[state],
    body: {
      id,
      answer: answer === null ? null : textDigest(id, answer, sha256),
      jws: deciderJws,
      proposal: proposalId,
    },
  };
}

/** Takes one entry of the log in; of two for one appeal the first one holds. */
export function replayAppeal(told: ToldAppeals, row: LogRow, sha256: Sha256): void {
  if (!Object.values<string>(TYPES).includes(row.type)) return;
  const { id } = JSON.parse(row.body) as { readonly id: string };
  const known = told.get(id);
  const text = digest(row, sha256);
  if (row.type === TYPES.open && known === undefined) told.set(id, { filed: text, decision: null });
  if (row.type !== TYPES.open && known !== undefined) known.decision ??= text;
}

/** Whether a stored appeal is, in every member, what the log tells of it. */
export function isAppealAsTold(told: ToldAppeal | undefined, row: AppealRow, sha256: Sha256): boolean {
  if (told === undefined) return false;
  const digestOf = (entry: LogEntry): string => digest({ ...entry, body: canonicalJson(entry.body) }, sha256);
  const decision = row.state === 'open' ? null : digestOf(appealDecided(row, sha256));
  return told.filed === digestOf(appealFiled(row, sha256)) && told.decision === decision;
}

/** With the appeal's own id in it, so that equal words of two people do not show as such. */
function textDigest(id: string, text: string, sha256: Sha256): string {
  return hexEncode(sha256(utf8Encode(`yima-appeal-v1 ${id}\n${text}`)));
}

function digest(
  { at, actor, type, body }: Pick<LogRow, 'at' | 'actor' | 'type' | 'body'>,
  sha256: Sha256,
): string {
  return String.fromCharCode(...sha256(utf8Encode(canonicalJson([at, actor, type, body]))));
}
