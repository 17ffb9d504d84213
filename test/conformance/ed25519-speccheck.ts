// The twelve edge cases of ed25519-speccheck (objects of message, pub_key, signature in hexadecimal, without a verdict): a case passes when all
// backends and the import of keys give one answer, which is no, since each has a key with torsion or a scalar that is not reduced.

import { hexDecode } from '../../src/core/codec/bytes.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { refusalOf, tableAccepts, verdictsOf, verdictsText } from './ed25519-backends.js';
import type { SuiteResult } from './suite.js';

interface Case {
  readonly message: string;
  readonly pub_key: string;
  readonly signature: string;
}

/** Empty when the case is refused everywhere. */
async function differenceOf({ message, pub_key: x, signature }: Case): Promise<string> {
  const key: PublicKey = { algorithm: 'Ed25519', x: hexDecode(x) };
  if (refusalOf(key) !== null) {
    return tableAccepts(key.x) ? 'the key is refused at import, and the table verifier takes it' : '';
  }
  const verdicts = await verdictsOf(key, hexDecode(message), hexDecode(signature));
  return [...verdicts.values()].includes(true) ? verdictsText(verdicts) : '';
}

/** @param fileText the project's cases.json */
export async function ed25519Speccheck(fileText: string): Promise<SuiteResult> {
  const lines: string[] = [];
  const cases = JSON.parse(fileText) as readonly Case[];
  for (const [number, each] of cases.entries()) {
    const difference = await differenceOf(each);
    if (difference !== '') lines.push(`case ${number} failed: ${difference}`);
  }
  return { passed: cases.length - lines.length, failed: lines.length, skipped: 0, lines };
}
