// What the log keeps of an issue: enough to prove which code was signed for whom to answer, nothing about the holder.

import { hexEncode, utf8Encode } from '../codec/bytes.js';
import type { Sha256 } from '../signature/public-key.js';
import type { StoredCredential } from './store.js';

/** Everything about a new credential that never changes; its codes by hash alone. */
export function issuedBody(
  sha256: Sha256,
  { credential, encodings }: StoredCredential,
): Record<string, unknown> {
  return {
    credential: credential.id,
    kind: credential.kind,
    region: credential.region,
    principal: credential.principal,
    operator: credential.operator,
    evidence: credential.evidence,
    issuedAt: credential.issuedAt,
    expiresAt: credential.expiresAt,
    demo: credential.demo,
    ...(credential.batch === null ? {} : { batch: credential.batch }),
    encodings: encodings.map(({ form, list, index, kid, code }) => ({
      form,
      list,
      index,
      kid,
      sha256: hexEncode(sha256(utf8Encode(code))),
    })),
  };
}
