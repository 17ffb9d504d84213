// Random signatures, sound and with one bit flipped in R, s, key and message: the table verifier against node:crypto, and a share of them
// against noble and WebCrypto. All must give one answer, and the sound ones must be sound.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, randomInt, sign } from 'node:crypto';
import { createNobleVerify } from '../../src/adapters/crypto-noble.js';
import { createNodeVerify } from '../../src/adapters/crypto-node.js';
import { createWebVerify } from '../../src/adapters/crypto-web.js';
import { hexEncode } from '../../src/core/codec/bytes.js';
import { checkPublicKey } from '../../src/core/signature/admissible-key.js';
import type { VerifySignature, VerifySignatureAsync } from '../../src/core/signature/ports.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { type DirectTables, directTables } from '../support/table-backend.js';

export interface DifferentialOptions {
  /** Sound signatures; each is judged five times. */
  readonly signatures: number;
  /** How many of them noble and WebCrypto judge too. */
  readonly slow: number;
  /** Epoch milliseconds after which no more are begun. */
  readonly until?: number;
}

export interface DifferentialResult {
  readonly signatures: number;
  readonly verdicts: number;
  /** Cases that did not get one answer, or the wrong one, with all that is needed to repeat them. */
  readonly differences: readonly string[];
}

interface Case {
  readonly what: 'sound' | 'R' | 's' | 'message' | 'key';
  readonly key: PublicKey & { readonly algorithm: 'Ed25519' };
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

interface Judges {
  readonly node: VerifySignature;
  readonly noble: VerifySignature;
  readonly web: VerifySignatureAsync;
  /** For keys that sign many, and for keys that are asked about once. */
  readonly lasting: DirectTables;
  readonly passing: DirectTables;
}

const SIGNATURES_A_KEY = 200;
const MAX_MESSAGE = 600;

function createJudges(width: number): Judges {
  return {
    node: createNodeVerify(),
    noble: createNobleVerify((data) => createHash('sha512').update(data).digest()),
    web: createWebVerify(),
    lasting: directTables(width),
    passing: directTables(4),
  };
}

function flipped(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const bit = randomInt(8 * from, 8 * to);
  return bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

function casesOf(key: Case['key'], privateKey: KeyObject): readonly Case[] {
  const message = randomBytes(randomInt(1, MAX_MESSAGE));
  const signature = sign(null, message, privateKey);
  const sound: Case = { what: 'sound', key, message, signature };
  return [
    sound,
    { ...sound, what: 'R', signature: flipped(signature, 0, 32) },
    { ...sound, what: 's', signature: flipped(signature, 32, 64) },
    { ...sound, what: 'message', message: flipped(message, 0, message.length) },
    { ...sound, what: 'key', key: { algorithm: 'Ed25519', x: flipped(key.x, 0, 32) } },
  ];
}

function isAdmissible(key: PublicKey): boolean {
  try {
    checkPublicKey(key);
    return true;
  } catch {
    return false;
  }
}

/** Every answer, by backend. A key that no trust table takes must get no table, and is nobody's business after that. */
async function answersOf(judges: Judges, each: Case, isSlow: boolean): Promise<Record<string, boolean>> {
  const { what, key, message, signature } = each;
  const tables = what === 'key' ? judges.passing : judges.lasting;
  const table = tables.verify(key, message, signature);
  if (what === 'key' && !tables.accepts(key.x)) {
    return isSlow ? { table, admissible: isAdmissible(key) } : { table };
  }
  const answers: Record<string, boolean> = { table, node: judges.node(key, message, signature) };
  if (isSlow) {
    answers['noble'] = judges.noble(key, message, signature);
    answers['web'] = await judges.web(key, message, signature);
  }
  return answers;
}

/** @param width of the windows of the tables for keys that sign */
export async function differential(
  { signatures, slow, until = Number.POSITIVE_INFINITY }: DifferentialOptions,
  width = 8,
): Promise<DifferentialResult> {
  const judges = createJudges(width);
  const differences: string[] = [];
  let verdicts = 0;
  let done = 0;
  while (done < signatures && Date.now() < until) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const x = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const key = { algorithm: 'Ed25519', x: Uint8Array.from(x) } as const;
    for (let i = 0; i < SIGNATURES_A_KEY && done < signatures; i++, done++) {
      for (const each of casesOf(key, privateKey)) {
        const answers = await answersOf(judges, each, done < slow);
        verdicts += Object.keys(answers).length;
        const expected = each.what === 'sound';
        if (Object.values(answers).some((answer) => answer !== expected))
          differences.push(line(each, answers));
      }
    }
  }
  return { signatures: done, verdicts, differences };
}

function line({ what, key, message, signature }: Case, answers: Record<string, boolean>): string {
  const bytes = { key: hexEncode(key.x), message: hexEncode(message), signature: hexEncode(signature) };
  return JSON.stringify({ what, answers, ...bytes });
}
