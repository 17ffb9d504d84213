// The key table of this node: its own rings, the trust files and the trust network. It is made anew where files or rings change, and
// patched where a trust list does.

import type { RotatingKeyRing } from '../adapters/keyfile/key-ring.js';
import type { Clock } from '../core/issue/ports.js';
import { withCardLists } from '../core/trust/anchors/card-list-file.js';
import type { KeyRecord, KeyTable, TablePatch } from '../core/trust/key-record.js';
import { createKeyTable, patchKeyTable } from '../core/trust/key-table.js';
import { createBaseClaims, STATUS_BASE_TAKEN } from '../core/trust/status-bases.js';
import type { Update } from './knowledge.js';
import { keysUpdate } from './published.js';
import { statusBaseOf } from './status-base.js';
import { type LoadedTrust, loadTrustFiles, type TrustConfig, type TrustRefusal } from './trust.js';

export interface TrustTable {
  readonly table: () => KeyTable;
  readonly refused: () => readonly TrustRefusal[];
  /** After a ring has changed. */
  readonly rebuild: () => void;
  /** After the network has changed: what it no longer says, and what it says now. */
  readonly patch: (patch: TablePatch) => void;
  /**
   * Reads files and rings again.
   * @throws YimaError as `loadTrustFiles`; then neither files nor rings have changed
   */
  readonly reload: () => Promise<readonly TrustRefusal[]>;
  /** A ring's keys in the states that the table knows them in: one that a trust file or a list revokes is revoked. */
  readonly known: (ring: RotatingKeyRing) => readonly KeyRecord[];
}

export interface TableSources {
  /** Its keys count as the network says, once that says anything. */
  readonly keyRing: RotatingKeyRing;
  readonly demoRing: RotatingKeyRing | null;
  /** null: this node is in none. */
  readonly network: NetworkRecords | null;
}

export interface NetworkRecords {
  /** Whether a root was accepted. */
  readonly isRooted: () => boolean;
  readonly records: () => Iterable<KeyRecord>;
}

/**
 * @param onChange hears of every table but the first
 * @throws YimaError as `loadTrustFiles`
 */
export function createTrustTable(
  config: TrustConfig,
  { keyRing, demoRing, network }: TableSources,
  clock: Clock,
  onChange: (update: Update) => void,
): TrustTable {
  const rings = demoRing === null ? [keyRing] : [keyRing, demoRing];
  const own = { issuer: config.issuer, statusBase: statusBaseOf(config) };
  let files: LoadedTrust = loadTrustFiles(config);
  let isRooted = false;
  /** What files and rings say, and what of them the network took. */
  let local: readonly KeyRecord[] = [];
  let outdone: readonly TrustRefusal[] = [];

  const isOurs = ({ statusBase, issuer, state }: KeyRecord): boolean =>
    state === 'revoked' || statusBase !== own.statusBase || issuer === own.issuer;

  const build = (): KeyTable => {
    isRooted = network?.isRooted() ?? false;
    const listed = isRooted ? [...(network?.records() ?? [])].filter(isOurs) : [];
    const mayStand = createBaseClaims(own);
    for (const record of listed) mayStand(record);
    const fromFiles = files.records.filter(mayStand);
    const standing = new Set(fromFiles);
    outdone = files.records
      .filter((record) => !standing.has(record))
      .map(({ kid }) => ({ file: config.trustDir, kid, rule: STATUS_BASE_TAKEN }));
    local = [...(isRooted ? [] : keyRing.records()), ...(demoRing?.records() ?? []), ...fromFiles];
    const records = withCardLists([...local, ...listed], files.cardLists);
    return createKeyTable(records, clock(), files.tombstones);
  };
  let table = build();
  const rebuild = (): void => {
    table = build();
    onChange(keysUpdate(table));
  };

  /** Whether files speak of the same holders or status bases: then one has to be weighed against the other. */
  const touchesLocal = (records: readonly KeyRecord[]): boolean => {
    const holders = new Set([...local, ...files.tombstones].map(holderOf));
    const bases = new Set(local.map(({ statusBase }) => statusBase));
    return records.some(
      (record) =>
        holders.has(holderOf(record)) || (record.statusBase !== null && bases.has(record.statusBase)),
    );
  };

  return {
    table: () => table,
    refused: () => [...files.refused, ...outdone],
    rebuild,
    patch: ({ remove, add }) => {
      const changes = { remove, add: withCardLists(add.filter(isOurs), files.cardLists) };
      if (isRooted !== network?.isRooted() || touchesLocal([...remove, ...add]) || outdone.length > 0) {
        rebuild();
        return;
      }
      if (remove.length === 0 && changes.add.length === 0) return;
      table = patchKeyTable(table, changes, clock());
      onChange({ type: 'keys-patch', ...changes, asOf: table.asOf });
    },
    reload: async () => {
      const read = loadTrustFiles(config);
      try {
        for (const ring of rings) await ring.reload();
        files = read;
      } finally {
        rebuild(); // what a ring holds by now it also signs with
      }
      return [...files.refused, ...outdone];
    },
    known: (ring) => ring.records().map((own) => table.find(own.format, own.issuer, own.kid)[0] ?? own),
  };
}

function holderOf({ format, issuer }: Pick<KeyRecord, 'format' | 'issuer'>): string {
  return `${format} ${issuer ?? '*'}`;
}
