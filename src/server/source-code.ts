// Codes of other authorities as the hub reads them before it translates: judged by its own verifier first, and only then read.

import { inflateRaw, inflateZlib } from '../adapters/crypto-node.js';
import { KINDS } from '../core/credential/kind-table.js';
import { devicePublicKey } from '../core/envelope/device-key.js';
import { parseCode } from '../core/envelope/parse-code.js';
import type { ReasonCode } from '../core/errors/reasons.js';
import type { OwnContent } from '../core/issue/registry-deps.js';
import { type ReadSource, rejected, type SourceCode } from '../core/issue/translation.js';
import type { Answer } from '../core/verify/answer.js';
import { findKind } from '../core/verify/candidates.js';
import { createClaimsReader } from '../core/verify/read-claims.js';

/** The code itself is sound and in the right hands, whatever the hub's own policy makes of its colour. */
const TRANSLATED: ReadonlySet<ReasonCode> = new Set(['ok', 'held_by_policy', 'refused_by_policy']);

/**
 * @param verify the node's own verifier
 * @param ownIssuers who signs here, the demo's issuer too: their codes are not translated into real ones
 */
export function createSourceReader(
  verify: (code: string) => Answer,
  ownIssuers: readonly string[],
): ReadSource {
  return (code) => {
    const { reason, text, credential, recognition, assurance } = verify(code);
    if (!TRANSLATED.has(reason) || credential?.outcome !== 'valid') {
      throw rejected(reason, `The code is not valid now (${text.en}); the holder asks its issuer.`);
    }
    // What comes out is bound to no device: whoever saw a live code once would have a copy for good.
    if (assurance === 'device-signed') {
      throw rejected('bound_to_device', 'A code that is bound to a phone is not translated.');
    }
    const { issuer, status } = credential;
    const isLocal = recognition === 'direct' && issuer !== null && !ownIssuers.includes(issuer);
    if (!isLocal || status === null) {
      throw rejected('not_a_local_code', 'Only a code that a province signed itself is translated.');
    }
    return { issuer, level: status.value, ...readContent(code) };
  };
}

/** Of a code that was judged valid, or that this node signed. */
export function readContent(code: string): OwnContent & Pick<SourceCode, 'expiresAt'> {
  const parsed = parseCode(code, { inflate: inflateZlib, inflateRaw });
  const kind = findKind(parsed, KINDS);
  const claims = createClaimsReader(parsed, kind)();
  if (kind === undefined || claims === null) throw rejected('invalid_claims', 'The code cannot be read.');
  const deviceKey = parsed.deviceKey === null ? null : devicePublicKey(parsed.deviceKey);
  return { kind, claims, deviceKey, expiresAt: parsed.expiresAt };
}
