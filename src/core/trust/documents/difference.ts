// What a new version of a document changes, as data that a person can be shown before he signs.

import type { KeyScope, KeyState } from '../key-record.js';
import type { ListDocument, ListEntry, RevokedKey } from './list.js';
import type { RootDocument } from './root.js';
import type { TrustedKey } from './trusted-key.js';

/** What an entry says of one key. */
export interface KeyTerms {
  readonly sub: string | null;
  readonly use: ListEntry['use'];
  readonly format: ListEntry['format'];
  readonly thumbprint: string;
  readonly scope: KeyScope;
  readonly depth: number | null;
  readonly threshold: number | null;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  readonly state: KeyState;
  readonly statusBase: string | null;
}

export interface ListDifference {
  readonly added: readonly KeyTerms[];
  readonly removed: readonly KeyTerms[];
  readonly changed: readonly { readonly before: KeyTerms; readonly after: KeyTerms }[];
  readonly revoked: readonly RevokedKey[];
  readonly expiresAt: readonly [number | null, number];
}

export interface RootDifference {
  readonly addedKeys: readonly string[];
  readonly removedKeys: readonly string[];
  readonly threshold: readonly [number | null, number];
  readonly addedHubKeys: readonly string[];
  readonly removedHubKeys: readonly string[];
  readonly hubThreshold: readonly [number | null, number];
  readonly hubName: readonly [string | null, string];
  readonly hubDepth: readonly [number | null, number];
  /** Whether the log's key, witnesses or quorum become others. */
  readonly log: boolean;
  readonly expiresAt: readonly [number | null, number];
}

/** @param before null: everything is new */
export function listDifference(before: ListDocument | null, after: ListDocument): ListDifference {
  const was = termsOf(before);
  const is = termsOf(after);
  const dead = new Set(before?.revoked.map(({ thumbprint }) => thumbprint));
  return {
    added: [...is].filter(([place]) => !was.has(place)).map(([, terms]) => terms),
    removed: [...was].filter(([place]) => !is.has(place)).map(([, terms]) => terms),
    changed: [...is].flatMap(([place, terms]) => {
      const known = was.get(place);
      return known === undefined || textOf(known) === textOf(terms) ? [] : [{ before: known, after: terms }];
    }),
    revoked: after.revoked.filter(({ thumbprint }) => !dead.has(thumbprint)),
    expiresAt: [before?.expiresAt ?? null, after.expiresAt],
  };
}

/** @param before null: everything is new */
export function rootDifference(before: RootDocument | null, after: RootDocument): RootDifference {
  const log = (root: RootDocument | null): string => JSON.stringify(root?.log ?? null);
  return {
    addedKeys: missingIn(before?.keys ?? [], after.keys),
    removedKeys: missingIn(after.keys, before?.keys ?? []),
    threshold: [before?.threshold ?? null, after.threshold],
    addedHubKeys: missingIn(before?.hub.keys ?? [], after.hub.keys),
    removedHubKeys: missingIn(after.hub.keys, before?.hub.keys ?? []),
    hubThreshold: [before?.hub.threshold ?? null, after.hub.threshold],
    hubName: [before?.hub.name ?? null, after.hub.name],
    hubDepth: [before?.hub.depth ?? null, after.hub.depth],
    log: log(before) !== log(after),
    expiresAt: [before?.expiresAt ?? null, after.expiresAt],
  };
}

/** Thumbprints of those among `keys` that `known` does not have. */
function missingIn(known: readonly TrustedKey[], keys: readonly TrustedKey[]): readonly string[] {
  const names = new Set(known.map(({ thumbprint }) => thumbprint));
  return keys.map(({ thumbprint }) => thumbprint).filter((thumbprint) => !names.has(thumbprint));
}

function textOf(terms: KeyTerms): string {
  return JSON.stringify(terms);
}

/** By key, holder and use; an authority's second entry for the same key by its place among them. */
function termsOf(list: ListDocument | null): ReadonlyMap<string, KeyTerms> {
  const terms = new Map<string, KeyTerms>();
  for (const { keys, ...entry } of list?.entries ?? []) {
    for (const { thumbprint } of keys) {
      const name = `${thumbprint} ${entry.format} ${entry.use} ${entry.sub ?? '*'}`;
      let place = name;
      for (let n = 2; terms.has(place); n++) place = `${name} ${n}`;
      terms.set(place, { ...entry, thumbprint });
    }
  }
  return terms;
}
