// What a node holds of one authority as it is now: all roots, and the lists from the hub down to that authority. The bundle is published a
// moment later than a document comes into force, and a draft has to follow the newest.

import { sha256 } from '../../adapters/crypto-node.js';
import { parseSignedDocument, type SignedDocument } from '../../core/trust/documents/signed-document.js';
import type { TrustMember } from '../../http/trust-desk.js';

/** What a node answers to GET, as text. @throws YimaError `not_found`, and whatever the node refuses */
export type ReadPath = (path: string) => Promise<string>;

export interface NodeDocuments {
  readonly roots: readonly SignedDocument[];
  /** The hub's first. */
  readonly lists: readonly SignedDocument[];
}

/**
 * @param about `root`, or an authority
 * @throws YimaError `not_found` where the node has no root
 */
export async function readNodeDocuments(read: ReadPath, about: string): Promise<NodeDocuments> {
  const document = async (path: string): Promise<SignedDocument> =>
    parseSignedDocument(await read(path), sha256);
  const newest = await document('/trust/root');
  const roots: SignedDocument[] = [];
  for (let version = 1; version < Number(newest.payload['version']); version++)
    roots.push(await document(`/trust/roots/${version}`));
  roots.push(newest);
  if (about === 'root') return { roots, lists: [] };
  const { members } = JSON.parse(await read('/trust/members')) as { members: readonly TrustMember[] };
  const lists: SignedDocument[] = [];
  for (const { authority, version } of wayTo(about, members))
    if (version !== null) lists.push(await document(`/trust/lists/${encodeURIComponent(authority)}`));
  return { roots, lists };
}

/** From the hub down; empty for whom nobody vouches for. */
function wayTo(authority: string, members: readonly TrustMember[]): readonly TrustMember[] {
  const byName = new Map(members.map((member) => [member.authority, member]));
  const way: TrustMember[] = [];
  for (let next = byName.get(authority); next !== undefined && !way.includes(next); ) {
    way.unshift(next);
    next = byName.get(next.through);
  }
  return way;
}
