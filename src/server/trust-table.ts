// The key table of this node: its own rings and the trust files, swapped whole.

import type { RotatingKeyRing } from '../adapters/keyfile/key-ring.js';
import type { Clock } from '../core/issue/ports.js';
import { withCardLists } from '../core/trust/anchors/card-list-file.js';
import type { KeyRecord, KeyTable } from '../core/trust/key-record.js';
import { createKeyTable } from '../core/trust/key-table.js';
import { type LoadedTrust, loadTrustFiles, type TrustConfig, type TrustRefusal } from './trust.js';

export interface TrustTable {
  readonly table: () => KeyTable;
  readonly refused: () => readonly TrustRefusal[];
  /** After a ring has changed. */
  readonly rebuild: () => void;
  /**
   * Reads files and rings again.
   * @throws YimaError as `loadTrustFiles`; then neither files nor rings have changed
   */
  readonly reload: () => Promise<readonly TrustRefusal[]>;
  /** A ring's keys in the states that the table knows them in: one that a trust file revokes is revoked. */
  readonly known: (ring: RotatingKeyRing) => readonly KeyRecord[];
}

/**
 * @param onChange hears of every table but the first
 * @throws YimaError as `loadTrustFiles`
 */
export function createTrustTable(
  config: TrustConfig,
  rings: readonly RotatingKeyRing[],
  clock: Clock,
  onChange: (table: KeyTable) => void,
): TrustTable {
  let files: LoadedTrust = loadTrustFiles(config);
  const build = (): KeyTable => {
    const own = rings.flatMap((ring) => ring.records());
    const records = withCardLists([...own, ...files.records], files.cardLists);
    return createKeyTable(records, clock(), files.tombstones);
  };
  let table = build();
  const rebuild = (): void => {
    table = build();
    onChange(table);
  };
  return {
    table: () => table,
    refused: () => files.refused,
    rebuild,
    reload: async () => {
      const read = loadTrustFiles(config);
      try {
        for (const ring of rings) await ring.reload();
        files = read;
      } finally {
        rebuild(); // what a ring holds by now it also signs with
      }
      return files.refused;
    },
    known: (ring) => ring.records().map((own) => table.find(own.format, own.issuer, own.kid)[0] ?? own),
  };
}
