// The bundle as it is served: compressed when somebody asks for it, and kept as long as it is the same.

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { sha256 } from '../../adapters/crypto-node.js';
import { encodeBase64url } from '../../core/codec/base64url.js';
import { utf8Encode } from '../../core/codec/bytes.js';
import { type Bundle, encodeBundle } from '../../core/trust/bundle.js';
import type { SignedDocument } from '../../core/trust/documents/signed-document.js';
import type { TrustNetwork } from '../../core/trust/network/network.js';
import type { TrustFile } from '../../http/trust-desk.js';

const compress = promisify(gzip);
/** Most of it is base64url of keys and signatures: more effort gains nothing. */
const LEVEL = 6;
const TAG_CHARS = 22;

/** @param source the same object as long as the bundle is the same; null while there is none */
export function createBundleFile(source: () => Bundle | null): () => Promise<TrustFile | undefined> {
  let held: { readonly bundle: Bundle; readonly file: Promise<TrustFile> } | null = null;
  return async () => {
    const bundle = source();
    if (bundle === null) return undefined;
    if (held?.bundle !== bundle) held = { bundle, file: fileOf(bundle) };
    return held.file;
  };
}

async function fileOf(bundle: Bundle): Promise<TrustFile> {
  const bytes = utf8Encode(encodeBundle(bundle));
  const etag = `"${encodeBase64url(sha256(bytes)).slice(0, TAG_CHARS)}"`;
  return { body: new Uint8Array(await compress(bytes, { level: LEVEL })), length: bytes.length, etag };
}

/** Every root, and every list by the name of its authority. */
export function heldDocuments(network: TrustNetwork): readonly SignedDocument[] {
  const lists = [...network.lists()].sort((a, b) => (a.issuer < b.issuer ? -1 : 1));
  return [...network.roots(), ...lists].map(({ document }) => document);
}

/** What is held, without any proof: for networks whose root asks for none. */
export function bareBundle(network: TrustNetwork): Bundle | null {
  if (network.root() === null) return null;
  const documents = heldDocuments(network);
  return {
    roots: documents.filter(({ type }) => type === 'root'),
    lists: documents.filter(({ type }) => type === 'list'),
    log: null,
  };
}
