// The accepted roots and lists of a country, and the flat records that they come to. Judging changes nothing; what was judged is
// applied after it has been made durable.

import type { VerifySignature } from '../../signature/ports.js';
import { readName } from '../documents/fields.js';
import { type ListDocument, readList } from '../documents/list.js';
import { type RootDocument, readRoot } from '../documents/root.js';
import { refuseDocument } from '../documents/rules.js';
import { createSealedInput, type SealedDocument, type SignedDocument } from '../documents/signed-document.js';
import { countSigners, createSignerCount, type SignerCount } from '../documents/signer-count.js';
import { checkListSuccession, checkTimes, isNewer, isNextRoot } from '../documents/succession.js';
import type { AdmitKey, TrustedKey } from '../documents/trusted-key.js';
import type { KeyRecord, TablePatch } from '../key-record.js';
import type { Grant } from './grant.js';
import { type Authority, createTree, type HeldList } from './tree.js';

/** A key that an authority called dead, for itself and everything below. Kept for ever, whatever becomes of the list. */
export interface TrustTombstone {
  readonly authority: string;
  readonly thumbprint: string;
}

/** A document that passed every check, and what it brings. */
export interface Acceptance {
  readonly kind: 'root' | 'list';
  /** The authority of a list; `root` for a root. */
  readonly authority: string;
  /** False: it is the one that is held already, and there is nothing to apply. */
  readonly isNew: boolean;
  readonly document: SignedDocument;
  readonly version: number;
  /** Those that were not known before. */
  readonly tombstones: readonly TrustTombstone[];
  /** Thumbprints of keys that another authority's list holds for somebody else. */
  readonly reusedKeys: readonly string[];
  readonly read: RootDocument | ListDocument;
  readonly signers: SignerCount;
}

export interface TrustNetworkDeps {
  readonly admit: AdmitKey;
  /** For documents whose keys were all found sound when they were accepted; `admit` when absent. */
  readonly admitRestored?: AdmitKey;
  readonly verify: VerifySignature;
  /** Hash of the first root's payload, base64url, 43 characters. */
  readonly pin: string;
  /** Known from before: no list that is read later brings these keys back. */
  readonly tombstones?: Iterable<TrustTombstone>;
}

export interface TrustNetwork {
  /** From the first on; empty before one was accepted. */
  readonly roots: () => readonly RootDocument[];
  readonly root: () => RootDocument | null;
  readonly list: (authority: string) => ListDocument | undefined;
  readonly lists: () => readonly ListDocument[];
  /**
   * Whether anybody who may sign roots or lists has signed this, before it is read: a payload of strangers may be made so that reading
   * it takes long. Yields after each key.
   * @throws YimaError `list_refused`, rules `pin`, `no_root`, `threshold`
   */
  readonly checkSeals: (sealed: SealedDocument) => Generator<void, void>;
  /**
   * Checks a document against everything that is held. Changes nothing, yields after each key.
   * @param now epoch seconds; null for what was accepted before, whose times are not looked at
   * @throws YimaError `list_refused` with one of `DOCUMENT_RULES`
   */
  readonly judge: (document: SignedDocument, now: number | null) => Generator<void, Acceptance>;
  /** The same for a document that was accepted before without one key left out: only then need none be looked at again. */
  readonly restore: (document: SignedDocument) => Generator<void, Acceptance>;
  /** Takes it up. Yields between authorities. The records of all others stay the same objects. */
  readonly apply: (acceptance: Acceptance) => Generator<void, TablePatch>;
  /** As they stand; also those without a list that counts. */
  readonly authorities: () => ReadonlyMap<string, Authority>;
  readonly records: () => Iterable<KeyRecord>;
}

export function createTrustNetwork({
  admit,
  admitRestored = admit,
  verify,
  pin,
  tombstones = [],
}: TrustNetworkDeps): TrustNetwork {
  const roots: RootDocument[] = [];
  const held = new Map<string, HeldList>();
  const dead = new Map<string, Set<string>>();
  const tree = createTree();
  for (const { authority, thumbprint } of tombstones) deadOf(authority).add(thumbprint);

  function deadOf(authority: string): Set<string> {
    const known = dead.get(authority);
    if (known !== undefined) return known;
    const fresh = new Set<string>();
    dead.set(authority, fresh);
    return fresh;
  }

  function* judgeRoot(
    document: SignedDocument,
    now: number | null,
    admitted: AdmitKey,
  ): Generator<void, Acceptance> {
    const read = yield* readRoot(document, admitted);
    const known = roots.at(-1);
    const signers = createSignerCount(document, verify);
    const result: Acceptance = {
      kind: 'root',
      authority: 'root',
      isNew: true,
      document,
      version: read.version,
      tombstones: [],
      reusedKeys: [],
      read,
      signers,
    };
    if (known === undefined) {
      if (read.version !== 1 || document.hash !== pin) throw refuseDocument('pin');
    } else {
      const same = roots[read.version - 1];
      if (same !== undefined && same.document.hash === document.hash) return { ...result, isNew: false };
      if (!isNextRoot(known, read)) return { ...result, isNew: false };
      if ((yield* signers.count(known.keys)) < known.threshold) throw refuseDocument('threshold');
    }
    if ((yield* signers.count(read.keys)) < read.threshold) throw refuseDocument('threshold');
    // A root in the middle of a chain may have expired: only what the newest says counts.
    if (now !== null && read.issuedAt > now) checkTimes({ ...read, expiresAt: now }, now);
    return result;
  }

  function* judgeList(
    document: SignedDocument,
    now: number | null,
    admitted: AdmitKey,
  ): Generator<void, Acceptance> {
    const root = roots.at(-1);
    if (root === undefined) throw refuseDocument('no_root');
    const authority = readName(document.payload['iss'], 'iss');
    const grant = tree.authorities().get(authority)?.grant;
    if (grant === undefined) throw refuseDocument('unknown_authority', { field: authority });
    const known = held.get(authority);
    // First: strangers' lists may hold thousands of keys, each of which costs more than a signature.
    const signers = createSignerCount(document, verify);
    if ((yield* signers.count(grant.keys)) < grant.threshold) throw refuseDocument('threshold');
    const isHeld = known?.list.document.hash === document.hash;
    const read = isHeld ? known.list : yield* readList(document, admitted);
    const isNew = known === undefined || isNewer(known.list, read);
    if (isNew && known !== undefined) checkListSuccession(known.list, read);
    if (isNew && now !== null) checkListTimes(read, grant, now);
    return {
      kind: 'list',
      authority,
      isNew,
      document,
      version: read.version,
      tombstones: isNew ? freshTombstones(read) : [],
      reusedKeys: isNew ? reusedKeys(read) : [],
      read,
      signers,
    };
  }

  function* checkSeals(sealed: SealedDocument): Generator<void, void> {
    const root = roots.at(-1);
    if (root === undefined) {
      if (sealed.type === 'list') throw refuseDocument('no_root');
      if (sealed.hash !== pin) throw refuseDocument('pin');
      return;
    }
    const signers = countSigners(sealed.signatures, createSealedInput(sealed), verify);
    for (const key of keysOf(sealed, root)) if ((yield* signers.count([key])) === 1) return;
    throw refuseDocument('threshold');
  }

  /** Those that may have signed it, by the thumbprints that it names. */
  function keysOf({ type, signatures }: SealedDocument, root: RootDocument): readonly TrustedKey[] {
    const named = new Set(signatures.map(({ kid }) => kid));
    const grants = [...tree.authorities().values()].map(({ grant }) => grant);
    const keys = type === 'root' ? root.keys : grants.flatMap((grant) => grant.keys);
    return keys.filter(({ thumbprint }) => named.has(thumbprint));
  }

  const judgeBy = (document: SignedDocument, now: number | null, admitted: AdmitKey) =>
    document.type === 'root' ? judgeRoot(document, now, admitted) : judgeList(document, now, admitted);

  function checkListTimes(list: ListDocument, grant: Grant, now: number): void {
    checkTimes(list, now);
    if (grant.trustedUntil < now) throw refuseDocument('parent_expired');
    const isOver = grant.notAfter !== null && grant.notAfter < now;
    if (!grant.isOpen || isOver) throw refuseDocument('unknown_authority', { field: list.issuer });
  }

  function freshTombstones({ issuer, revoked, entries }: ListDocument): readonly TrustTombstone[] {
    const thumbprints = new Set(revoked.map(({ thumbprint }) => thumbprint));
    for (const { state, keys } of entries) {
      if (state === 'revoked') for (const { thumbprint } of keys) thumbprints.add(thumbprint);
    }
    const known = dead.get(issuer);
    return [...thumbprints]
      .filter((thumbprint) => known?.has(thumbprint) !== true)
      .map((thumbprint) => ({ authority: issuer, thumbprint }));
  }

  function reusedKeys({ issuer, entries }: ListDocument): readonly string[] {
    const reused = new Set<string>();
    for (const { sub, format, keys } of entries) {
      if (format !== 'yima') continue;
      for (const { thumbprint } of keys) {
        const holders = tree.holders(thumbprint);
        if (holders.some((holder) => holder.authority !== issuer && holder.sub !== sub))
          reused.add(thumbprint);
      }
    }
    return [...reused];
  }

  /** What a hub called dead stays dead under its new name. */
  function takeRoot(root: RootDocument): void {
    const former = roots.at(-1)?.hub.name ?? root.hub.name;
    roots.push(root);
    if (former === root.hub.name) return;
    for (const thumbprint of deadOf(former)) deadOf(root.hub.name).add(thumbprint);
  }

  return {
    roots: () => roots,
    root: () => roots.at(-1) ?? null,
    list: (authority) => held.get(authority)?.list,
    lists: () => [...held.values()].map(({ list }) => list),
    checkSeals,
    judge: (document, now) => judgeBy(document, now, admit),
    restore: (document) => judgeBy(document, null, admitRestored),
    apply: function* apply(acceptance) {
      const { read, signers, authority, isNew } = acceptance;
      if (isNew) {
        if ('issuer' in read) held.set(authority, { list: read, signers });
        else takeRoot(read);
        for (const each of acceptance.tombstones) deadOf(each.authority).add(each.thumbprint);
      }
      return yield* tree.resolve(roots.at(-1) ?? null, held, dead);
    },
    authorities: tree.authorities,
    records: tree.records,
  };
}
