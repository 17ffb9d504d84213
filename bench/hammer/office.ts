// Codes that the node itself issued, and their revocation through its API: before the run, and one by one during it.

import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../test/system/support/client.js';
import type { SignedCode } from '../support/signing-node.js';
import type { Revocation } from './judge.js';

export interface IssuedCode extends SignedCode {
  readonly id: string;
}

export interface LiveCode extends IssuedCode {
  readonly revocation: Revocation;
}

const AT_ONCE = 20;
const RETRY_MS = 200;

export async function issueCodes(client: Client, count: number): Promise<readonly IssuedCode[]> {
  const issued: IssuedCode[] = [];
  const run = Date.now();
  while (issued.length < count) {
    const group = Array.from({ length: Math.min(AT_ONCE, count - issued.length) }, async (_, i) => {
      const { id, expiresAt, encodings } = await client.issue(`hammer-${run}-${issued.length + i}`);
      return { id, code: encodings[0].code, expiresAt: expiresAt ?? 0 };
    });
    issued.push(...(await Promise.all(group)));
  }
  return issued;
}

export async function issueRevoked(client: Client, count: number): Promise<readonly IssuedCode[]> {
  const issued = await issueCodes(client, count);
  for (const { id } of issued) await client.revoke(id);
  return issued;
}

export async function issueLive(client: Client, count: number): Promise<readonly LiveCode[]> {
  const issued = await issueCodes(client, count);
  return issued.map((each) => ({ ...each, revocation: { askedAt: Infinity, doneAt: Infinity } }));
}

/** Revokes one after the other, evenly over `seconds`. @returns how many were acknowledged, once `signal` ends it or all are */
export async function revokeDuring(
  client: Client,
  codes: readonly LiveCode[],
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  let done = 0;
  for (const { id, revocation } of codes) {
    if (!(await rest((seconds * 1000) / (codes.length + 1), signal))) break;
    revocation.askedAt = performance.now();
    while (!(await tryRevoke(client, id))) if (!(await rest(RETRY_MS, signal))) return done;
    revocation.doneAt = performance.now();
    done += 1;
  }
  return done;
}

/** An overloaded node may refuse; then the code may be either until it no longer does. */
async function tryRevoke(client: Client, id: string): Promise<boolean> {
  try {
    await client.revoke(id);
    return true;
  } catch {
    return false;
  }
}

/** @returns false when the signal came first */
async function rest(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
