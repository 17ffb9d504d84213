// Whose feeds are followed, and with which keys their entries are verified: the key table says.

import type { VerifySignature } from '../../core/signature/ports.js';
import type { PublicKey } from '../../core/signature/public-key.js';
import { checkKeyState, checkWindow } from '../../core/trust/check-key.js';
import type { KeyRecord, KeyTable } from '../../core/trust/key-record.js';
import type { FeedSource } from './follow-loop.js';

/** Every issuer but the bases that are our own; one that has no status key yet is followed too, and refused until it has one. */
export function feedSources(
  table: () => KeyTable,
  ownBase: string,
  verify: VerifySignature,
): () => readonly FeedSource[] {
  let known: KeyTable | null = null;
  let sources: readonly FeedSource[] = [];
  return () => {
    const current = table();
    if (current === known) return sources;
    known = current;
    const issuers = new Map<string, string>();
    for (const { format, issuer, statusBase, state } of current.records) {
      if (format !== 'yima' || issuer === null || statusBase === null || state === 'revoked') continue;
      if (statusBase !== ownBase) issuers.set(statusBase, issuer);
    }
    sources = [...issuers].map(([base, issuer]) => ({
      issuer,
      base,
      trust: { keys: statusKeys(table, issuer, base), verify },
    }));
    return sources;
  };
}

/** The keys that may sign the feed of this base, always by the table as it is now. */
export function statusKeys(
  table: () => KeyTable,
  issuer: string,
  base: string,
): (kid: string, at: number) => readonly PublicKey[] {
  const mayStand = (record: KeyRecord, at: number): boolean =>
    record.statusBase === base &&
    checkKeyState(record, 'status') === null &&
    checkWindow(record, at) === null;
  return (kid, at) =>
    table()
      .find('yima', issuer, kid)
      .filter((record) => mayStand(record, at))
      .map(({ key }) => key);
}
