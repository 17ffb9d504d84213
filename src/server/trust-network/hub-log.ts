// The log of a hub: a leaf for every document that came into force, one for what a bundle holds, and hourly the heads of this node's own
// logs. Its head is signed, shown to the witnesses, and stands in the bundle.

import { encodeBase64 } from '../../core/codec/base64.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Ledger } from '../../core/issue/ledger.js';
import type { Clock } from '../../core/issue/ports.js';
import type { Store } from '../../core/issue/store.js';
import type { TrustWrites } from '../../core/issue/trust-rows.js';
import type { Signer, VerifySignature } from '../../core/signature/ports.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import { type Bundle, loggedDocument } from '../../core/trust/bundle.js';
import type { SignedDocument } from '../../core/trust/documents/signed-document.js';
import {
  isSignedBy,
  parseCheckpoint,
  signCheckpoint,
  soundCosignatures,
  withSignatures,
} from '../../core/trust/log/checkpoint.js';
import {
  bundleLeaf,
  documentLeaf,
  headLeaf,
  type LoggedDocument,
  type LoggedHead,
  manifestHash,
} from '../../core/trust/log/leaves.js';
import type { NoteSignature } from '../../core/trust/log/signed-note.js';
import { consistencyProof, inclusionProof } from '../../core/trust/log/tree.js';
import type { VerifierKey } from '../../core/trust/log/verifier-key.js';
import { checkWitnesses, readLogKeys } from '../../core/trust/log/witnesses.js';
import type { TrustNetwork } from '../../core/trust/network/network.js';
import type { TrustConsistency, TrustProof, TrustProofQuery } from '../../http/trust-desk.js';
import type { createAskWitnesses } from './ask-witnesses.js';
import { heldDocuments } from './bundle-file.js';
import type { LogTree } from './log-tree.js';

export interface HubLogDeps {
  readonly network: TrustNetwork;
  readonly tree: LogTree;
  readonly store: Pick<Store, 'findTrustLeaf' | 'trustLeaf' | 'trustLogMarks'>;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  readonly key: VerifierKey;
  readonly sign: Signer['sign'];
  readonly ask: ReturnType<typeof createAskWitnesses>;
  /** Heads of this node's own logs as they are now. */
  readonly ownHeads: () => readonly LoggedHead[];
  /** Runs it while no document is taken. */
  readonly between: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface HubLog {
  /** What an accepted document writes besides itself. */
  readonly leavesFor: (document: LoggedDocument) => TrustWrites;
  readonly taken: (written: TrustWrites) => void;
  /** Brings the log up to what is held, signs its head, and shows it to the witnesses. @returns whether enough of them have seen it */
  readonly publish: (withHeads: boolean) => Promise<boolean>;
  /** As it was published last: always the same object until the next time. */
  readonly bundle: () => Bundle | null;
  readonly checkpoint: () => string | undefined;
  readonly proof: (query: TrustProofQuery) => Promise<TrustProof | TrustConsistency>;
}

interface Published {
  readonly text: string;
  readonly size: number;
  /** What the bundle holds that is proved. */
  readonly documents: readonly SignedDocument[];
  readonly index: number;
}

/** Heads that bundles prove to be continued, so that whoever has one of them needs nothing more. */
const MOST_CONTINUED = 64;

export async function createHubLog(deps: HubLogDeps): Promise<HubLog> {
  const { network, tree, store, ledger, clock, sha256, key, sign, ask } = deps;
  let published: Published | null = null;
  let bundle: Bundle | null = null;
  const own = (await store.trustLogMarks()).find(({ role, origin }) => role === 'own' && origin === key.name);
  /** Sizes that were published, oldest first. */
  let sizes: readonly number[] = own === undefined ? [] : [own.size];

  const write = async (texts: readonly string[]): Promise<void> => {
    const trust = tree.plan(texts);
    const [first] = trust.leaves;
    if (first === undefined) return;
    await ledger.submit(['trust'], async () => ({
      entries: [
        {
          at: clock(),
          actor: 'local',
          type: 'trust.logged',
          body: { from: tree.size(), leaves: texts.length },
        },
      ],
      change: { trust },
      done: () => tree.add(trust.nodes),
      unsure: async () => {
        if ((await store.trustLeaf(first.index)) === first.text) tree.add(trust.nodes);
      },
    }));
  };

  /** Of everything that is held and has no leaf yet: accepted before this node kept a log. */
  const missing = async (): Promise<readonly string[]> => {
    const texts = heldDocuments(network).map(loggedDocument).map(documentLeaf);
    const found = await Promise.all(texts.map((text) => store.findTrustLeaf(text)));
    return texts.filter((_, i) => found[i] === undefined);
  };

  const sealed = async (withHeads: boolean): Promise<Omit<Published, 'text'>> => {
    const documents = heldDocuments(network);
    const leaf = bundleLeaf(manifestHash(documents.map(loggedDocument), sha256));
    const isThere = (await store.findTrustLeaf(leaf)) !== undefined;
    const heads = withHeads ? deps.ownHeads().map(headLeaf) : [];
    await write([...(await missing()), ...heads, ...(isThere ? [] : [leaf])]);
    const index = await store.findTrustLeaf(leaf);
    if (index === undefined) throw new YimaError('internal', 'The log lacks what was just written to it.');
    return { documents, index, size: tree.size() };
  };

  /** The log's own mark, so that a database from a backup cannot sign another history of the same size. */
  const remember = async ({ size, text }: Published): Promise<void> => {
    const root = encodeBase64(parseCheckpoint(text).root);
    const mark = { role: 'own' as const, origin: key.name, size, root, note: text, at: clock() };
    await ledger.submit(['trust'], async () => ({
      entries: [
        { at: clock(), actor: 'local', type: 'trust.published', body: { origin: key.name, size, root } },
      ],
      change: { trust: { logMarks: [mark] } },
      done: () => undefined,
    }));
  };

  const bundleOf = ({ documents, text, index, size }: Published): Bundle => ({
    roots: documents.filter(({ type }) => type === 'root'),
    lists: documents.filter(({ type }) => type === 'list'),
    log: {
      checkpoint: text,
      index,
      proof: inclusionProof(index, size, tree.read, sha256),
      continues: sizes
        .filter((from) => from < size)
        .map((from) => ({ from, proof: consistencyProof(from, size, tree.read, sha256) })),
    },
  });

  const soundOf = (text: string, signatures: readonly NoteSignature[]): readonly NoteSignature[] => {
    const policy = network.root()?.log ?? null;
    if (policy === null) return signatures;
    const { witnesses } = readLogKeys(policy, sha256);
    return soundCosignatures(parseCheckpoint(text), signatures, witnesses, deps.verify);
  };

  return {
    leavesFor: (document) => tree.plan([documentLeaf(document)]),
    taken: ({ nodes = [] }) => tree.add(nodes),
    publish: async (withHeads) => {
      if (network.root() === null) return true;
      const { unsigned, text } = await deps.between(async () => {
        const seal = await sealed(withHeads);
        const checkpoint = signCheckpoint(key, tree.head(), sign);
        await remember({ ...seal, text: checkpoint });
        return { unsigned: seal, text: checkpoint };
      });
      const witnessed = withSignatures(parseCheckpoint(text), soundOf(text, await ask(text)));
      published = { ...unsigned, text: witnessed };
      sizes = [...sizes.filter((size) => size !== unsigned.size), unsigned.size].slice(-MOST_CONTINUED);
      bundle = bundleOf(published);
      return isSeen(network, witnessed, deps);
    },
    bundle: () => bundle,
    checkpoint: () => published?.text,
    proof: async (query) => {
      if (published === null)
        throw new YimaError('not_found', 'The log has not been published yet; ask again.');
      const { size, text } = published;
      if ('from' in query) {
        const { from, to } = query;
        if (!(from <= to && to <= tree.size()))
          throw new YimaError('invalid_request', 'from is at most to, and to at most the size of the log.', {
            field: 'to',
          });
        return { from, to, proof: consistencyProof(from, to, tree.read, sha256).map(encodeBase64) };
      }
      const index = 'index' in query ? query.index : await indexOf(query.hash, network, store);
      const leaf = index === undefined || index >= size ? undefined : await store.trustLeaf(index);
      if (index === undefined || leaf === undefined)
        throw new YimaError('not_found', 'The log holds no such leaf under its published head.');
      const proof = inclusionProof(index, size, tree.read, sha256).map(encodeBase64);
      return { size, index, leaf, proof, checkpoint: text };
    },
  };
}

/** Of a document that is held. */
async function indexOf(
  hash: string,
  network: TrustNetwork,
  store: HubLogDeps['store'],
): Promise<number | undefined> {
  const held = heldDocuments(network).find((each) => each.hash === hash);
  return held === undefined ? undefined : store.findTrustLeaf(documentLeaf(loggedDocument(held)));
}

/** By what the root asks for: whoever verifies asks the same. */
function isSeen(network: TrustNetwork, text: string, { sha256, verify, clock, key }: HubLogDeps): boolean {
  const policy = network.root()?.log;
  if (policy === null || policy === undefined) return isSignedBy(parseCheckpoint(text), key, verify);
  try {
    checkWitnesses(parseCheckpoint(text), readLogKeys(policy, sha256), verify, {
      now: clock(),
      maxAgeSeconds: null,
    });
    return true;
  } catch (error) {
    if (error instanceof YimaError && error.code === 'list_refused') return false;
    throw error;
  }
}
