// What the trust network is asked: documents, standing, why a key is trusted, what was dropped, who runs which version.

import type { Clock } from '../../core/issue/ports.js';
import type { SignedDocument } from '../../core/trust/documents/signed-document.js';
import type { KeyRecord } from '../../core/trust/key-record.js';
import { DROP_REASONS } from '../../core/trust/network/narrowing.js';
import type { TrustNetwork } from '../../core/trust/network/network.js';
import { why } from '../../core/trust/network/why.js';
import type {
  TrustDesk,
  TrustDocument,
  TrustDropped,
  TrustMark,
  TrustMember,
  TrustStanding,
} from '../../http/trust-desk.js';
import type { TrustLogs } from './trust-logs.js';

export interface ReadingsDeps {
  readonly network: TrustNetwork;
  readonly pin: string;
  readonly clock: Clock;
  /** When a document was taken, by its hash; epoch seconds. */
  readonly takenAt: (hash: string) => number;
  /** The own issuer, and whether its keys count by a list. */
  readonly issuer: { readonly name: string; readonly isListed: () => boolean };
  readonly logs: Pick<TrustLogs, 'seenSize' | 'keys'>;
}

export type Readings = Pick<
  TrustDesk,
  'marks' | 'find' | 'findRoot' | 'roots' | 'standing' | 'why' | 'dropped' | 'noteMember' | 'members'
>;

interface Held {
  readonly document: SignedDocument;
  readonly version: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export function createReadings({ network, pin, clock, takenAt, issuer, logs }: ReadingsDeps): Readings {
  const seen = new Map<string, TrustMark & { readonly at: number }>();

  const told = (authority: string, { document, version, issuedAt, expiresAt }: Held): TrustDocument => {
    const { hash, text } = document;
    return { authority, version, hash, issuedAt, expiresAt, acceptedAt: takenAt(hash), text };
  };
  const findHeld = (authority: string): Held | undefined =>
    authority === 'root' ? (network.root() ?? undefined) : network.list(authority);

  return {
    marks: async () => trustMarks(network),
    find: async (authority) => {
      const held = findHeld(authority);
      return held === undefined ? undefined : told(authority, held);
    },
    findRoot: async (version) => {
      const held = network.roots()[version - 1];
      return held === undefined ? undefined : told('root', held);
    },
    roots: async () => network.roots().map((root) => told('root', root)),
    standing: async () => {
      const { root, lists, keys, dropped, expiresAt, acceptedAt } = trustFigures(network, takenAt);
      return {
        pin,
        root,
        lists,
        keys,
        dropped,
        expiresAt,
        acceptedAt,
        issuer: { name: issuer.name, listed: issuer.isListed() },
        log: { seenSize: await logs.seenSize(), key: logs.keys.log, witnessKey: logs.keys.witness },
      };
    },
    why: async (key) => why(network, key),
    dropped: async (authority) =>
      droppedOf(network).filter((each) => authority === null || each.authority === authority),
    noteMember: async (member, mark) => {
      if (network.authorities().has(member)) seen.set(member, { ...mark, at: clock() });
    },
    members: async () =>
      [...network.authorities()].map(([authority, { grant, list }]): TrustMember => {
        const through = grant.path.at(-1) ?? 'root';
        return { authority, through, version: list?.version ?? null, seen: seen.get(authority) ?? null };
      }),
  };
}

/** Of the newest root, and then of every list; empty before the first root. */
export function trustMarks(network: TrustNetwork): readonly TrustMark[] {
  const root = network.root();
  if (root === null) return [];
  return [
    { authority: 'root', version: root.version, hash: root.document.hash },
    ...network
      .lists()
      .map(({ issuer, version, document }) => ({ authority: issuer, version, hash: document.hash })),
  ];
}

function droppedOf(network: TrustNetwork): readonly TrustDropped[] {
  return [...network.authorities()].flatMap(([authority, { dropped, list }]) => [
    ...dropped.map(({ entry, sub, reason }) => ({
      authority,
      entry,
      sub,
      thumbprints: (list?.entries[entry]?.keys ?? []).map(({ thumbprint }) => thumbprint),
      rule: reason,
      message: DROP_REASONS[reason],
    })),
    ...(list?.refusedKeys ?? []).map(({ entry, sub, rule }) => ({
      authority,
      entry,
      sub,
      thumbprints: [],
      rule,
      message: 'The key is not admissible; the rest of the entry stands.',
    })),
  ]);
}

/** How the network stands, in numbers. Times are epoch seconds. */
export interface TrustFigures
  extends Pick<TrustStanding, 'root' | 'lists' | 'keys' | 'dropped' | 'expiresAt' | 'acceptedAt'> {
  /** Authorities that somebody vouches for, and whose own list does not count: none was accepted, or too few of its keys signed it. */
  readonly waiting: number;
}

export function trustFigures(network: TrustNetwork, takenAt: (hash: string) => number): TrustFigures {
  const [root, ...lists] = trustMarks(network);
  const held = [...network.roots().slice(-1), ...network.lists()];
  const newest = held.reduce((latest, { document }) => Math.max(latest, takenAt(document.hash)), 0);
  const authorities = [...network.authorities().values()];
  return {
    root: root ?? null,
    lists: lists.length,
    keys: count(network.records()),
    dropped: droppedOf(network).length,
    expiresAt: firstEnd(network),
    acceptedAt: root === undefined ? null : newest,
    waiting: authorities.filter(({ standing }) => standing !== 'counts').length,
  };
}

/** When the first document on which something rests expires, epoch seconds. */
function firstEnd(network: TrustNetwork): number | null {
  const ends = [network.root()?.expiresAt ?? Number.POSITIVE_INFINITY];
  for (const { standing, list } of network.authorities().values()) {
    if (standing === 'counts' && list !== null) ends.push(list.expiresAt);
  }
  const first = Math.min(...ends);
  return Number.isFinite(first) ? first : null;
}

function count(records: Iterable<KeyRecord>): number {
  let all = 0;
  for (const _record of records) all += 1;
  return all;
}
