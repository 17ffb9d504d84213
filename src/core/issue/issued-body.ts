// What the log keeps of an issue: enough to prove which code was signed for whom to answer, nothing about the holder.

import type { Sha256Hex } from '../signature/public-key.js';
import type { EncodingRow, StoredCredential } from './store.js';

/** Everything about a new credential that never changes; its codes by hash alone. In canonical order, which is written fastest. */
export function issuedBody(
  sha256Hex: Sha256Hex,
  { credential, encodings }: StoredCredential,
): Record<string, unknown> {
  return {
    ...(credential.batch === null ? {} : { batch: credential.batch }),
    credential: credential.id,
    demo: credential.demo,
    encodings: encodings.map((encoding) => releasedBody(sha256Hex, encoding)),
    evidence: credential.evidence,
    expiresAt: credential.expiresAt,
    issuedAt: credential.issuedAt,
    kind: credential.kind,
    operator: credential.operator,
    principal: credential.principal,
    region: credential.region,
  };
}

/** One encoding, in canonical order. A device's key stands there by a hash that is another one for each code, so that the log links nothing. */
export function releasedBody(
  sha256Hex: Sha256Hex,
  { device, form, index, kid, list, code }: EncodingRow,
): Record<string, unknown> {
  const bound = device === null ? {} : { device: sha256Hex(`${device} ${code}`) };
  return { ...bound, form, index, kid, list, sha256: sha256Hex(code) };
}
