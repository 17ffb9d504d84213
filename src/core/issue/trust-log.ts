// The trust network as the log tells it: a version that nobody accepted, one that is gone, and a dead key that lives again are found.

import type { LogEntry } from './log.js';
import type { LogRow, Store } from './store.js';
import type { TrustDocumentRow, TrustTombstoneRow } from './trust-rows.js';

const ACCEPTED = 'trust.accepted';

/** What is told of each root and of the newest version of each list, and of each dead key; by `documentKey` and `tombstoneKey`. */
export type ToldTrust = Map<string, string>;

export interface AcceptedDocument {
  readonly row: Omit<TrustDocumentRow, 'text'>;
  readonly tombstones: readonly TrustTombstoneRow[];
  readonly via: string;
}

export function documentAccepted({ row, tombstones, via }: AcceptedDocument, actor: string): LogEntry {
  const { type: document, authority, version, hash, leftOut, acceptedAt: at } = row;
  const revoked = tombstones.map(({ thumbprint }) => thumbprint);
  return { at, actor, type: ACCEPTED, body: { document, authority, version, hash, leftOut, via, revoked } };
}

/** Roots are kept each; of a list the newest version takes the place of the one before. */
function documentKey({
  type,
  authority,
  version,
}: Pick<TrustDocumentRow, 'type' | 'authority' | 'version'>): string {
  return type === 'root' ? `root ${version}` : `list ${authority}`;
}

function tombstoneKey({
  authority,
  thumbprint,
}: Pick<TrustTombstoneRow, 'authority' | 'thumbprint'>): string {
  return `dead ${authority} ${thumbprint}`;
}

interface AcceptedBody extends Pick<TrustDocumentRow, 'authority' | 'version' | 'hash' | 'leftOut'> {
  readonly document: TrustDocumentRow['type'];
  readonly revoked: readonly string[];
}

function textOf({
  version,
  hash,
  leftOut,
  acceptedAt,
}: Omit<TrustDocumentRow, 'text' | 'type' | 'authority'>): string {
  return JSON.stringify([version, hash, leftOut, acceptedAt]);
}

export function replayTrust(told: ToldTrust, { type, at, body }: LogRow): void {
  if (type !== ACCEPTED) return;
  const { document, authority, version, hash, leftOut, revoked } = JSON.parse(body) as AcceptedBody;
  told.set(
    documentKey({ type: document, authority, version }),
    textOf({ version, hash, leftOut, acceptedAt: at }),
  );
  for (const thumbprint of revoked) {
    const key = tombstoneKey({ authority, thumbprint });
    if (!told.has(key)) told.set(key, String(at));
  }
}

/** What an entry tells of, to be left out of a check that began before it. */
export function trustTold(row: LogRow): readonly string[] {
  const told: ToldTrust = new Map();
  replayTrust(told, row);
  return [...told.keys()];
}

/** What is stored and not told, told and not stored, or stored otherwise. */
export async function findStrayTrust(
  store: Pick<Store, 'trustDocuments' | 'trustTombstones'>,
  told: ToldTrust,
): Promise<string[]> {
  const strays: string[] = [];
  const look = (key: string, text: string): void => {
    if (told.get(key) !== text) strays.push(key);
    told.delete(key);
  };
  for await (const rows of store.trustDocuments())
    for (const row of rows) look(documentKey(row), textOf(row));
  for (const row of await store.trustTombstones()) look(tombstoneKey(row), String(row.at));
  return [...strays, ...told.keys()];
}
