// Signers of a bench and the trust file that makes a node believe them: codes then cost a signature and no transaction.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeSigner, generatePrivateJwk } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { publishKeys } from '../../src/core/trust/published-keys.js';

export interface Authority {
  readonly issuer: string;
  /** null: it has no status lists, so its codes are `status_unknown`. */
  readonly statusBase: string | null;
  readonly signers: readonly Signer[];
}

export function createAuthority(issuer: string, statusBase: string | null, keys: number): Authority {
  const signers = Array.from({ length: keys }, () => createNodeSigner(generatePrivateJwk('Ed25519')));
  return { issuer, statusBase, signers };
}

/** Writes the authority's keys as a partner publishes them, for all regions and kinds. */
export function writeTrustFile(trustDir: string, { issuer, statusBase, signers }: Authority): void {
  const scope = { region: '', kinds: null };
  const records = signers.map(({ kid, publicKey }) => ({
    format: 'yima' as const,
    issuer,
    kid: encodeBase64url(kid),
    key: publicKey,
    use: 'credential' as const,
    scope,
    notBefore: null,
    notAfter: null,
    state: 'active' as const,
    statusBase,
    trustedUntil: null,
  }));
  mkdirSync(trustDir, { recursive: true, mode: 0o700 });
  const file = JSON.stringify(publishKeys({ issuer, scope, statusBase }, records));
  writeFileSync(join(trustDir, `${issuer}.json`), file, { mode: 0o600 });
}
