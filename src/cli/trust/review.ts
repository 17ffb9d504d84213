// A document looked at before anybody signs or sends it: what it changes, what of it would count for nothing, and who has signed.

import { YimaError } from '../../core/errors/yima-error.js';
import {
  type ListDifference,
  listDifference,
  type RootDifference,
  rootDifference,
} from '../../core/trust/documents/difference.js';
import type { ListDocument, RefusedEntryKey } from '../../core/trust/documents/list.js';
import type { RootDocument } from '../../core/trust/documents/root.js';
import { refuseDocument } from '../../core/trust/documents/rules.js';
import { type SignedDocument, signingInput } from '../../core/trust/documents/signed-document.js';
import {
  checkListSuccession,
  checkTimes,
  isNewer,
  isNextRoot,
} from '../../core/trust/documents/succession.js';
import type { TrustedKey } from '../../core/trust/documents/trusted-key.js';
import { type Dropped, resolveList } from '../../core/trust/network/resolve-list.js';
import { type Held, heldList, openList, openRoot, verify } from './held.js';

/** unknown: the desk does not have the key, so that nothing can be said. */
export type Verdict = 'sound' | 'false' | 'unknown';

export interface SignatureRow {
  readonly thumbprint: string;
  readonly verdict: Verdict;
}

/** Whose signatures are asked for, and how many of them are there. */
export interface SignerRow {
  /** own: of the root's own keys. before: of the root before. parent: of those that the parent lists for this authority. */
  readonly whose: 'own' | 'before' | 'parent';
  readonly signed: number;
  readonly threshold: number;
  readonly thumbprints: readonly string[];
}

export interface Review {
  readonly document: SignedDocument;
  /** `root`, or the list's authority. */
  readonly authority: string;
  readonly version: number;
  readonly root: RootDifference | null;
  readonly list: ListDifference | null;
  readonly refusedKeys: readonly RefusedEntryKey[];
  /** Entries that would count for nothing, where the lists above are known. */
  readonly dropped: readonly Dropped[];
  readonly signatures: readonly SignatureRow[];
  /** Empty where it is not known who must sign. */
  readonly signers: readonly SignerRow[];
  /** Why a node would not take it, its signatures aside. */
  readonly refusal: YimaError | null;
}

/**
 * @param held what was there before; null: nothing is compared
 * @param now epoch seconds
 * @throws YimaError `list_refused` for what is no document of its type
 */
export function reviewDocument(document: SignedDocument, held: Held | null, now: number): Promise<Review> {
  return document.type === 'root' ? reviewRoot(document, held, now) : reviewList(document, held, now);
}

async function reviewRoot(document: SignedDocument, held: Held | null, now: number): Promise<Review> {
  const root = await openRoot(document);
  const before = await rootBefore(root, held);
  const known = [...root.keys, ...(before?.keys ?? [])];
  const signatures = signatureRows(document, known);
  const signers = [signerRow('own', root, signatures)];
  if (before !== null) signers.push(signerRow('before', before, signatures));
  return {
    document,
    authority: 'root',
    version: root.version,
    root: rootDifference(before, root),
    list: null,
    refusedKeys: [],
    dropped: [],
    signatures,
    signers,
    refusal: refusalOf(() => {
      checkTimes(root, now);
      if (before !== null) isNextRoot(before, root);
    }),
  };
}

/** The version before where it is held, and else the newest. */
async function rootBefore(
  { version, document }: RootDocument,
  held: Held | null,
): Promise<RootDocument | null> {
  if (held === null) return null;
  const newest =
    held.network?.roots() ?? (held.document?.type === 'root' ? [await openRoot(held.document)] : []);
  const earlier = newest.filter((root) => root.version < version || root.document.hash !== document.hash);
  return earlier.find((root) => root.version === version - 1) ?? earlier.at(-1) ?? null;
}

async function reviewList(document: SignedDocument, held: Held | null, now: number): Promise<Review> {
  const list = await openList(document);
  const latest = held === null ? null : await heldList(held, list.issuer);
  const before = latest?.document.hash === document.hash ? null : latest;
  const grant = held?.network?.authorities().get(list.issuer)?.grant;
  const signatures = signatureRows(document, grant?.keys ?? []);
  return {
    document,
    authority: list.issuer,
    version: list.version,
    root: null,
    list: listDifference(before, list),
    refusedKeys: list.refusedKeys,
    dropped: grant === undefined ? [] : resolveList(list, grant, []).dropped,
    signatures,
    signers: grant === undefined ? [] : [signerRow('parent', grant, signatures)],
    refusal: refusalOf(() => checkList(list, before, held, grant !== undefined, now)),
  };
}

function checkList(
  list: ListDocument,
  before: ListDocument | null,
  held: Held | null,
  isNamed: boolean,
  now: number,
): void {
  checkTimes(list, now);
  if (held?.network != null && !isNamed) throw refuseDocument('unknown_authority', { field: list.issuer });
  if (before !== null && isNewer(before, list)) checkListSuccession(before, list);
}

function refusalOf(check: () => void): YimaError | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof YimaError && error.code === 'list_refused') return error;
    throw error;
  }
}

function signatureRows(document: SignedDocument, keys: readonly TrustedKey[]): readonly SignatureRow[] {
  return document.signatures.map((signature) => {
    const known = keys.find(({ thumbprint }) => thumbprint === signature.kid);
    if (known === undefined) return { thumbprint: signature.kid, verdict: 'unknown' };
    const isSound =
      known.key.algorithm === signature.algorithm &&
      verify(known.key, signingInput(document, signature), signature.signature);
    return { thumbprint: signature.kid, verdict: isSound ? 'sound' : 'false' };
  });
}

function signerRow(
  whose: SignerRow['whose'],
  { keys, threshold }: { readonly keys: readonly TrustedKey[]; readonly threshold: number },
  signatures: readonly SignatureRow[],
): SignerRow {
  const thumbprints = keys.map(({ thumbprint }) => thumbprint);
  const signed = signatures.filter(
    (each) => each.verdict === 'sound' && thumbprints.includes(each.thumbprint),
  );
  return { whose, signed: signed.length, threshold, thumbprints };
}

/** @throws YimaError `list_refused`, rule header: a signature of a known key that is false */
export function checkSignatures({ signatures }: Review): void {
  const wrong = signatures.find(({ verdict }) => verdict === 'false');
  if (wrong === undefined) return;
  throw new YimaError(
    'list_refused',
    'A signature under the document is false. Take the file from its custodian again.',
    {
      rule: 'signature',
      field: wrong.thumbprint,
    },
  );
}
