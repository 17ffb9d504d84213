// NZ COVID Passes (nzcovidpass-spec) as one case a line: the reason that the verifier gives, with the issuer's one key, at the case's
// clock.

import { createNodeVerify, inflateRaw, inflateZlib } from '../../src/adapters/crypto-node.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { createPolicyTable } from '../../src/core/credential/policy-table.js';
import { parseDidDocument } from '../../src/core/trust/anchors/did-document.js';
import { createKeyTable } from '../../src/core/trust/key-table.js';
import { SHOWN_ANYWHERE } from '../../src/core/verify/showing.js';
import { verifyCode } from '../../src/core/verify/verify-code.js';
import type { SuiteResult } from './suite.js';

/** One line of the file. */
interface Case {
  readonly id: string;
  readonly qr: string;
  /** `valid`, or a reason. */
  readonly expected: string;
  readonly jwk: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly clock: string;
  /** Whose key it is; absent: the specification's example issuer. */
  readonly iss?: string;
  readonly kid?: string;
}

const EXAMPLE = { iss: 'did:web:nzcp.covid19.health.nz', kid: 'key-1' } as const;
/** What a valid pass says here, where no region has decided on it. */
const VALID = 'no_policy';

function reasonOf({ qr, jwk, clock, iss = EXAMPLE.iss, kid = EXAMPLE.kid }: Case): string {
  const id = `${iss}#${kid}`;
  const method = { id, controller: iss, type: 'JsonWebKey2020', publicKeyJwk: jwk };
  const { records } = parseDidDocument({ id: iss, verificationMethod: [method], assertionMethod: [id] });
  const now = Math.floor(Date.parse(clock) / 1000);
  if (Number.isNaN(now)) throw new Error(`clock ${clock}`);
  return verifyCode(qr, {
    keys: createKeyTable(records, now),
    verify: createNodeVerify(),
    inflate: inflateZlib,
    inflateRaw,
    kinds: KINDS,
    context: {
      now,
      steady: now,
      status: { find: () => undefined },
      policies: createPolicyTable([], ''),
      maxTrustAgeSeconds: null,
      clockFloor: null,
      showing: SHOWN_ANYWHERE,
      sightings: null,
    },
  }).reason;
}

/** @param fileText one JSON object a line */
export async function nzcp(fileText: string): Promise<SuiteResult> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  for (const line of fileText.split('\n').filter((text) => text.trim() !== '')) {
    const test = JSON.parse(line) as Case;
    const reason = reasonOf(test);
    const found = reason === VALID ? 'valid' : reason;
    if (found === test.expected) count.passed++;
    else {
      count.failed++;
      lines.push(`${test.id} failed: expected ${test.expected}, found ${found}`);
    }
  }
  return { ...count, lines };
}
