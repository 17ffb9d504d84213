// Wycheproof's Ed25519 verification tests, on every backend: a case passes only when all of them give its result.

import { hexDecode } from '../../src/core/codec/bytes.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { refusalOf, verdictsOf, verdictsText } from './ed25519-backends.js';
import type { SuiteResult } from './suite.js';

interface Group {
  /** `key` in files of the older schema. */
  readonly publicKey?: { readonly curve: string; readonly pk: string };
  readonly key?: { readonly curve: string; readonly pk: string };
  readonly tests: readonly Case[];
}

interface Case {
  readonly tcId: number;
  readonly comment: string;
  readonly msg: string;
  readonly sig: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

type Judgement = { readonly verdict: 'passed' | 'failed' | 'skipped'; readonly why: string };

async function judge(key: PublicKey, refusal: string | null, test: Case): Promise<Judgement> {
  if (refusal !== null) {
    // A refused key verifies nothing, which is the right answer for every invalid case.
    if (test.result === 'invalid') return { verdict: 'passed', why: '' };
    return { verdict: 'skipped', why: `the key is refused at import: ${refusal}` };
  }
  const found = await verdictsOf(key, hexDecode(test.msg), hexDecode(test.sig));
  const answers = new Set(found.values());
  const agreed = answers.size === 1 && (test.result === 'acceptable' || answers.has(test.result === 'valid'));
  if (agreed) return { verdict: 'passed', why: '' };
  return { verdict: 'failed', why: `expected ${test.result}: ${verdictsText(found)}` };
}

/** @param fileText a Wycheproof file of the schema `eddsa_verify_schema` (or its older `eddsa_verify` form) */
export async function wycheproofEd25519(fileText: string): Promise<SuiteResult> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  const { testGroups } = JSON.parse(fileText) as { readonly testGroups: readonly Group[] };
  for (const group of testGroups) {
    const stated = group.publicKey ?? group.key;
    const isOurs = stated?.curve === 'edwards25519';
    const key: PublicKey = { algorithm: 'Ed25519', x: hexDecode(isOurs ? stated.pk : '') };
    const refusal = isOurs ? refusalOf(key) : `the curve ${stated?.curve} is not supported`;
    for (const test of group.tests) {
      const skip: Judgement = { verdict: 'skipped', why: refusal ?? '' };
      const { verdict, why } = isOurs ? await judge(key, refusal, test) : skip;
      count[verdict]++;
      if (verdict !== 'passed') lines.push(`tcId ${test.tcId} ${verdict}: ${why} (${test.comment})`);
    }
  }
  return { ...count, lines };
}
