// Every Ed25519 backend behind one form, for suites that hold them against each other.

import { createHash } from 'node:crypto';
import { createNobleVerify } from '../../src/adapters/crypto-noble.js';
import { createNodeVerify } from '../../src/adapters/crypto-node.js';
import { createWebVerify } from '../../src/adapters/crypto-web.js';
import { YimaError } from '../../src/core/errors/yima-error.js';
import { checkPublicKey } from '../../src/core/signature/admissible-key.js';
import type { VerifySignatureAsync } from '../../src/core/signature/ports.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { checkSignatureEncoding } from '../../src/core/signature/signature-encoding.js';
import { directTables } from '../support/table-backend.js';

const node = createNodeVerify();
const noble = createNobleVerify((data) => createHash('sha512').update(data).digest());
const tables = directTables(5);

export const ED25519_BACKENDS: ReadonlyMap<string, VerifySignatureAsync> = new Map<
  string,
  VerifySignatureAsync
>([
  ['node:crypto', async (key, message, signature) => node(key, message, signature)],
  ['WebCrypto', createWebVerify()],
  ['noble', async (key, message, signature) => noble(key, message, signature)],
  [
    'table',
    async (key, message, signature) =>
      checkSignatureEncoding(key, signature) && tables.verify(key, message, signature),
  ],
]);

/** The rule that keeps the key out of every trust table, or null. */
export function refusalOf(key: PublicKey): string | null {
  try {
    checkPublicKey(key);
    return null;
  } catch (error) {
    if (error instanceof YimaError && error.code === 'key_refused') return error.rule ?? 'refused';
    throw error;
  }
}

/** What each backend answers, by name. */
export async function verdictsOf(
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<ReadonlyMap<string, boolean>> {
  const found = new Map<string, boolean>();
  for (const [name, verify] of ED25519_BACKENDS) found.set(name, await verify(key, message, signature));
  return found;
}

/** `name accepts, name refuses`, for a line about a difference. */
export function verdictsText(verdicts: ReadonlyMap<string, boolean>): string {
  return [...verdicts].map(([name, answer]) => `${name} ${answer ? 'accepts' : 'refuses'}`).join(', ');
}

/** Whether the module would make a table of a key that no trust table takes. */
export function tableAccepts(x: Uint8Array): boolean {
  return tables.accepts(x);
}
