// The ladder in the page: the same core as on the server, with the knowledge of this checkpoint. What is known is swapped whole.

import { createNobleVerifyAsync } from '../../adapters/crypto-noble.js';
import { createWebVerify } from '../../adapters/crypto-web.js';
import { inflateRawStream, inflateZlibStream } from '../../core/codec/inflate.js';
import type { KindTable } from '../../core/credential/kind.js';
import { KINDS } from '../../core/credential/kind-table.js';
import { createPolicyTable, type PolicyTable } from '../../core/credential/policy-table.js';
import { withStatusAgeLimit } from '../../core/credential/status-age-limit.js';
import type { VerifySignatureAsync } from '../../core/signature/ports.js';
import { createStatusArena, type StatusArena } from '../../core/status/arena.js';
import { refusedList } from '../../core/status/list-claims.js';
import { parseListCwt } from '../../core/status/list-cwt.js';
import { openListToken, type StatusList } from '../../core/status/list-token.js';
import { NEVER } from '../../core/status/moment.js';
import { checkKeyState, checkWindow } from '../../core/trust/check-key.js';
import type { KeyRecord, KeyTable } from '../../core/trust/key-record.js';
import { createKeyTable } from '../../core/trust/key-table.js';
import { readToldRecord } from '../../core/trust/told-record.js';
import type { Answer } from '../../core/verify/answer.js';
import { conclude } from '../../core/verify/conclude.js';
import { type Candidate, prepare, type SignatureCheck } from '../../core/verify/prepare.js';
import { SHOWN_ANYWHERE } from '../../core/verify/showing.js';
import type { KeptKnowledge } from './kept.js';

/** Ready to judge by. */
export interface Knowing {
  readonly keys: KeyTable;
  readonly kinds: KindTable;
  readonly policies: PolicyTable;
  readonly status: StatusArena;
  readonly maxTrustAgeSeconds: number;
  /** A time that has certainly passed. */
  readonly floor: number;
  /** When the oldest list was current; null without lists. */
  readonly listsAsOf: number | null;
  /** The node's lists that are not here: no room, not to be had, or refused. What lies in them has no status. */
  readonly missing: readonly number[];
}

/** Browsers without Ed25519 of their own get it in plain JavaScript. */
export function createPageVerify(): VerifySignatureAsync {
  const web = createWebVerify();
  const noble = createNobleVerifyAsync(
    async (data) => new Uint8Array(await crypto.subtle.digest('SHA-512', Uint8Array.from(data))),
  );
  return async (key, message, signature) => {
    try {
      return await web(key, message, signature);
    } catch (error) {
      if (key.algorithm !== 'Ed25519') throw error;
      return noble(key, message, signature);
    }
  };
}

/** @param now epoch seconds by the node's clock */
export async function prepareKnowledge(
  { document, lists, confirmedAt }: KeptKnowledge,
  region: string,
  verify: VerifySignatureAsync,
  now: number,
): Promise<Knowing> {
  const keys = createKeyTable(document.keys.map(readToldRecord), confirmedAt);
  const status = createStatusArena();
  const base = document.statusBase;
  const missing = new Set(document.lists);
  let listsAsOf: number | null = null;
  let floor = confirmedAt;
  for (const { number, token } of lists) {
    try {
      const list = await openToken(token, base, number, keys, verify, now);
      const entries = (list.bytes.length * 8) / list.bits;
      status.adopt({ base, number, bits: list.bits, entries }, list.bytes);
      // By the wall clock alone, since a monotonic one begins anew with every page; it only makes ages greater.
      status.confirm(base, { epoch: list.issuedAt, steady: NEVER.steady }, number);
      listsAsOf = Math.min(listsAsOf ?? list.issuedAt, list.issuedAt);
      floor = Math.max(floor, list.issuedAt);
      missing.delete(number);
    } catch {
      // Refused: it stays missing, and the others stand.
    }
  }
  return {
    keys,
    kinds: withStatusAgeLimit(KINDS, document.statusMaxAgeSeconds),
    policies: createPolicyTable(document.policies, region),
    status,
    maxTrustAgeSeconds: document.trustMaxAgeSeconds,
    floor,
    listsAsOf,
    missing: [...missing],
  };
}

/**
 * WebCrypto answers later, so signatures are asked for first; everything else of the token is judged by core.
 * @param before a token that was opened before: an older one takes nothing back
 */
export async function openToken(
  body: Uint8Array,
  base: string,
  number: number,
  keys: KeyTable,
  verify: VerifySignatureAsync,
  now: number,
  before?: Uint8Array,
): Promise<StatusList> {
  const token = parseListCwt(body);
  const held = before === undefined ? {} : { heldIssuedAt: parseListCwt(before).claims.issuedAt };
  for (const { key } of listKeys(keys, base, token.kid, token.claims.issuedAt)) {
    if (key.algorithm !== token.algorithm || !(await verify(key, token.message, token.signature))) continue;
    return openListToken(
      token,
      key,
      { uri: `${base}${number}`, now, ...held },
      { verify: () => true, inflate: inflateZlibStream },
    );
  }
  throw refusedList('signature');
}

/** A base belongs to one authority (core/trust/status-bases.ts): whoever signs lists there signs this one. */
function listKeys(keys: KeyTable, base: string, kid: string | null, issuedAt: number): readonly KeyRecord[] {
  return keys.records.filter(
    (record) =>
      record.format === 'yima' &&
      record.statusBase === base &&
      record.kid === kid &&
      checkKeyState(record, 'status') === null &&
      checkWindow(record, issuedAt) === null,
  );
}

/**
 * Bad input is an answer, never an exception.
 * @param now epoch seconds by the node's clock
 * @param passed a time that has passed, as this device knows it
 */
export async function judge(
  text: string,
  knowing: Knowing,
  verify: VerifySignatureAsync,
  now: number,
  passed: number,
): Promise<Answer> {
  const { keys, kinds, status, policies, floor, maxTrustAgeSeconds } = knowing;
  const inflating = { inflate: inflateZlibStream, inflateRaw: inflateRawStream };
  const prepared = prepare(text, keys, { ...inflating, kinds });
  const checks: readonly SignatureCheck[] = prepared.refusal === null ? prepared.checks : [];
  const results: (Candidate | null)[] = [];
  for (const check of checks) {
    const found = await findSigner(check, verify);
    results.push(found);
    if (found === null) break; // the checks after one that failed are not made
  }
  const context = {
    now,
    steady: 0,
    status,
    policies,
    clockFloor: Math.max(floor, passed),
    maxTrustAgeSeconds,
    ...SHOWN_HERE,
  };
  return conclude(prepared, results, context);
}

/** One page is one place: a copy shown elsewhere is for the node to notice. */
const SHOWN_HERE = { showing: SHOWN_ANYWHERE, sightings: null } as const;

async function findSigner(
  { candidates, message, signature }: SignatureCheck,
  verify: VerifySignatureAsync,
): Promise<Candidate | null> {
  for (const candidate of candidates) if (await verify(candidate.key, message, signature)) return candidate;
  return null;
}
