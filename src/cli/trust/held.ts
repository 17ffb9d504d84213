// The documents that a desk has before it: one of them, or a bundle whose roots and lists are judged as a node would judge them.

import { createNodeVerify, sha256 } from '../../adapters/crypto-node.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { type Bundle, parseBundle } from '../../core/trust/bundle.js';
import { type ListDocument, readList } from '../../core/trust/documents/list.js';
import { type RootDocument, readRoot } from '../../core/trust/documents/root.js';
import { parseSignedDocument, type SignedDocument } from '../../core/trust/documents/signed-document.js';
import { createAdmission } from '../../core/trust/documents/trusted-key.js';
import { createTrustNetwork, type TrustNetwork } from '../../core/trust/network/network.js';
import type { TrustRefusedDocument } from '../../http/trust-desk.js';
import { drive } from '../../server/trust-network/drive.js';
import { importDocuments } from '../../server/trust-network/import-documents.js';
import type { Terminal } from '../terminal.js';
import { type NodeDocuments, readNodeDocuments } from './node-documents.js';
import { isAddress, pinOfSettings, readSource, withReader } from './sources.js';

export const verify = createNodeVerify();
const admit = createAdmission({ sha256 });

export interface Held {
  readonly bundle: Bundle | null;
  /** One document alone. */
  readonly document: SignedDocument | null;
  /** What follows from the documents; null for one alone. */
  readonly network: TrustNetwork | null;
  /** Documents that count for nothing. */
  readonly refused: readonly TrustRefusedDocument[];
}

/** One document, as a file or a stick brings it. @throws YimaError `list_refused` */
export function parseDocument(text: string): SignedDocument {
  return parseSignedDocument(text.replace(/\r?\n$/, ''), sha256);
}

/** @throws YimaError `not_found`, `list_refused` */
export async function readDocument(path: string, terminal: Terminal): Promise<SignedDocument> {
  return parseDocument(path === '-' ? await terminal.readInput() : await terminal.readFile(path));
}

/** Whether the text is one document rather than a bundle. */
export function isDocument(text: string): boolean {
  return text.startsWith('{"payload":');
}

export function openRoot(document: SignedDocument): Promise<RootDocument> {
  return drive(readRoot(document, admit));
}

export function openList(document: SignedDocument): Promise<ListDocument> {
  return drive(readList(document, admit));
}

/** @throws YimaError `list_refused` */
export function readBundle(text: string): Promise<Bundle> {
  return drive(parseBundle(text, sha256));
}

export interface Wanted {
  /** `root` or an authority: of a node no more than this is asked. Absent: its whole bundle. */
  readonly about?: string;
  /** Hash of the first root; absent: as the settings have it, or whatever the documents begin with. */
  readonly pin?: string;
}

/**
 * @param source a document or bundle in a file, `-`, or a node's address; undefined for the own node
 * @throws YimaError `list_refused`, rule pin, where everything begins with another root
 */
export async function readHeld(
  source: string | undefined,
  terminal: Terminal,
  { about, pin = pinOfSettings(terminal) ?? undefined }: Wanted = {},
): Promise<Held> {
  if (about !== undefined && (source === undefined || isAddress(source))) {
    const documents = await withReader(source, terminal, (read) => readNodeDocuments(read, about));
    return { bundle: null, document: null, ...(await judgeAll(documents, pin)) };
  }
  const text = await readSource(source, '/trust/bundle', terminal);
  if (isDocument(text)) return { bundle: null, document: parseDocument(text), network: null, refused: [] };
  const bundle = await readBundle(text);
  return { bundle, document: null, ...(await judgeAll(bundle, pin)) };
}

async function judgeAll(
  { roots, lists }: NodeDocuments,
  pin: string | undefined,
): Promise<{ network: TrustNetwork; refused: readonly TrustRefusedDocument[] }> {
  const [first] = roots;
  if (first === undefined)
    throw new YimaError('list_refused', 'There is no root in what was given.', { rule: 'no_root' });
  const network = createTrustNetwork({ admit, verify, pin: pin ?? first.hash });
  for (const root of roots) await drive(network.apply(await drive(network.judge(root, null))));
  const { refused } = await importDocuments(
    lists.map(({ payload, text }) => ({ authority: String(payload['iss']), text })),
    (authority) => network.authorities().get(authority)?.grant.path.length,
    async ({ text }) => {
      const acceptance = await drive(network.judge(parseSignedDocument(text, sha256), null));
      await drive(network.apply(acceptance));
      const { kind: changes, authority, version, document } = acceptance;
      return { changes, authority, version, hash: document.hash };
    },
  );
  return { network, refused };
}

/** The newest root that is held. @throws YimaError `not_found` */
export async function heldRoot({ network, document }: Held): Promise<RootDocument> {
  const root = network?.root() ?? (document?.type === 'root' ? await openRoot(document) : null);
  if (root === null) throw new YimaError('not_found', 'There is no root in what was given.');
  return root;
}

/** The newest list of the authority that is held; null where there is none. */
export async function heldList({ network, document }: Held, authority: string): Promise<ListDocument | null> {
  if (network !== null) return network.list(authority) ?? null;
  if (document?.type !== 'list') return null;
  const list = await openList(document);
  return list.issuer === authority ? list : null;
}
