// The bundle as it is served: put together when somebody asks, kept until something in it is different.

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { sha256 } from '../../adapters/crypto-node.js';
import { encodeBase64url } from '../../core/codec/base64url.js';
import { utf8Encode } from '../../core/codec/bytes.js';
import { type BundleProof, encodeBundle } from '../../core/trust/bundle.js';
import type { TrustNetwork } from '../../core/trust/network/network.js';
import type { TrustFile } from '../../http/trust-desk.js';

const compress = promisify(gzip);
/** Most of it is base64url of hashes and keys: more effort gains nothing. */
const LEVEL = 6;

export interface BundleFile {
  readonly get: () => Promise<TrustFile | undefined>;
  /** Something in it has become different. */
  readonly forget: () => void;
}

/** @param proof of the log for what the network holds now; null where none is kept */
export function createBundleFile(
  network: TrustNetwork,
  proof: () => Promise<BundleProof | null>,
): BundleFile {
  let held: Promise<TrustFile> | null = null;
  const make = async (): Promise<TrustFile> => {
    const log = await proof();
    const lists = bundledLists(network);
    const text = encodeBundle({ roots: network.roots().map(({ document }) => document), lists, log });
    const bytes = utf8Encode(text);
    const etag = `"${encodeBase64url(sha256(bytes)).slice(0, 22)}"`;
    return { body: new Uint8Array(await compress(bytes, { level: LEVEL })), length: bytes.length, etag };
  };
  return {
    get: async () => {
      if (network.root() === null) return undefined;
      held ??= make();
      const own = held;
      own.catch(() => {
        if (held === own) held = null;
      });
      return own;
    },
    forget: () => {
      held = null;
    },
  };
}

/** By the names of their authorities. */
export function bundledLists(network: TrustNetwork) {
  return [...network.lists()].sort((a, b) => (a.issuer < b.issuer ? -1 : 1)).map(({ document }) => document);
}
