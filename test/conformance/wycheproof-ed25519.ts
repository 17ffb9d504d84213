// Wycheproof's Ed25519 verification tests, on every backend: a case passes only when all of them give its result.

import { createHash } from 'node:crypto';
import { createNobleVerify } from '../../src/adapters/crypto-noble.js';
import { createNodeVerify } from '../../src/adapters/crypto-node.js';
import { createWebVerify } from '../../src/adapters/crypto-web.js';
import { hexDecode } from '../../src/core/codec/bytes.js';
import { YimaError } from '../../src/core/errors/yima-error.js';
import { checkPublicKey } from '../../src/core/signature/admissible-key.js';
import type { VerifySignatureAsync } from '../../src/core/signature/ports.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
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

const nodeVerify = createNodeVerify();
const nobleVerify = createNobleVerify((data) => createHash('sha512').update(data).digest());

const BACKENDS: ReadonlyMap<string, VerifySignatureAsync> = new Map<string, VerifySignatureAsync>([
  ['node:crypto', async (key, message, signature) => nodeVerify(key, message, signature)],
  ['WebCrypto', createWebVerify()],
  ['noble', async (key, message, signature) => nobleVerify(key, message, signature)],
]);

/** The rule that keeps the key out of every trust table, or null. */
function refusalOf(key: PublicKey): string | null {
  try {
    checkPublicKey(key);
    return null;
  } catch (error) {
    if (error instanceof YimaError && error.code === 'key_refused') return error.rule ?? 'refused';
    throw error;
  }
}

async function verdicts(key: PublicKey, test: Case): Promise<ReadonlyMap<string, boolean>> {
  const found = new Map<string, boolean>();
  for (const [name, verify] of BACKENDS) {
    found.set(name, await verify(key, hexDecode(test.msg), hexDecode(test.sig)));
  }
  return found;
}

type Judgement = { readonly verdict: 'passed' | 'failed' | 'skipped'; readonly why: string };

async function judge(key: PublicKey, refusal: string | null, test: Case): Promise<Judgement> {
  if (refusal !== null) {
    // A refused key verifies nothing, which is the right answer for every invalid case.
    if (test.result === 'invalid') return { verdict: 'passed', why: '' };
    return { verdict: 'skipped', why: `the key is refused at import: ${refusal}` };
  }
  const found = await verdicts(key, test);
  const answers = new Set(found.values());
  const agreed = answers.size === 1 && (test.result === 'acceptable' || answers.has(test.result === 'valid'));
  if (agreed) return { verdict: 'passed', why: '' };
  const listed = [...found].map(([name, answer]) => `${name} ${answer ? 'accepts' : 'refuses'}`).join(', ');
  return { verdict: 'failed', why: `expected ${test.result}: ${listed}` };
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
