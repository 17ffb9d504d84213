// The head of the log as a signed note for somebody outside: whoever keeps one can tell later that everything before it is still
// what it was, even where the whole log was written anew, hashes and all.

import { encodeBase64url } from '../codec/base64url.js';
import { utf8Decode } from '../codec/bytes.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../codec/json.js';
import { encodeCompactJws, parseCompactJws } from '../codec/jws.js';
import { YimaError } from '../errors/yima-error.js';
import { ALGORITHMS } from '../signature/algorithm.js';
import type { Signer, VerifySignature } from '../signature/ports.js';
import type { KeyRecord } from '../trust/key-record.js';
import type { Clock } from './ports.js';
import { type LogReading, readLog } from './read-log.js';
import type { LogRow, Store } from './store.js';

export interface LogHead {
  readonly issuer: string;
  readonly seq: number;
  /** Of entry `seq`, hex. */
  readonly hash: string;
  /** When the note was signed, epoch seconds. */
  readonly at: number;
}

export interface SignedLogHead extends LogHead {
  /** Compact JWS of the other members. */
  readonly signed: string;
}

/**
 * same: the chain up to the entry holds, and ends in the noted hash. rewritten: it holds and ends in another. broken: it does not
 * hold. shorter: there is no such entry any more.
 */
export type HeadFinding = 'same' | 'rewritten' | 'broken' | 'shorter';

export interface HeadCheck extends LogHead {
  readonly finding: HeadFinding;
  readonly ok: boolean;
}

export interface SignedHeads {
  /** @throws YimaError `not_found` while nothing is logged */
  readonly sign: () => Promise<SignedLogHead>;
  /**
   * Recomputes the log up to the noted entry.
   * @throws YimaError `invalid_request`, rule `form`, `issuer` or `signature`: it is no note of this node
   */
  readonly check: (signed: string) => Promise<HeadCheck>;
}

export interface SignedHeadsDeps extends LogReading {
  readonly store: Store;
  readonly issuer: string;
  readonly signer: () => Signer;
  /** Own keys that sign or signed, retired ones too. */
  readonly keys: () => readonly KeyRecord[];
  readonly verify: VerifySignature;
  readonly clock: Clock;
}

export const LOG_HEAD_TYPE = 'yima-log-head+jwt';
const MEMBERS = 'at,hash,issuer,seq';

export function createSignedHeads(deps: SignedHeadsDeps): SignedHeads {
  return {
    sign: async () => {
      const newest = await deps.store.head();
      if (newest === undefined) throw new YimaError('not_found', 'Nothing is logged yet.');
      const head = { issuer: deps.issuer, seq: newest.seq, hash: newest.hash, at: deps.clock() };
      return { ...head, signed: encode(head, deps.signer()) };
    },
    check: async (signed) => {
      const head = readNote(signed, deps);
      const finding = await findingOf(head, deps);
      return { ...head, finding, ok: finding === 'same' };
    },
  };
}

function encode({ issuer, seq, hash, at }: LogHead, signer: Signer): string {
  const header = {
    alg: ALGORITHMS[signer.algorithm].jose,
    kid: encodeBase64url(signer.kid),
    typ: LOG_HEAD_TYPE,
  };
  return encodeCompactJws(header, { issuer, seq, hash, at }, signer.sign);
}

function readNote(signed: string, { issuer, keys, verify }: SignedHeadsDeps): LogHead {
  const { jws, head } = parse(signed);
  if (head.issuer !== issuer) throw notOurs('issuer');
  const isKey = ({ kid, use, state, key }: KeyRecord): boolean =>
    use === 'status' &&
    state !== 'revoked' &&
    kid === jws.kid &&
    ALGORITHMS[key.algorithm].jose === jws.algorithm;
  const sound = keys().some((record) => isKey(record) && verify(record.key, jws.signingInput, jws.signature));
  if (!sound) throw notOurs('signature');
  return head;
}

function parse(signed: string) {
  try {
    const jws = parseCompactJws(signed);
    const head = parseStrictJson(utf8Decode(jws.payloadBytes), { maxDepth: 1 });
    if (jws.type === LOG_HEAD_TYPE && isJsonObject(head) && isLogHead(head)) return { jws, head };
  } catch (error) {
    if (!(error instanceof YimaError) || error.code !== 'damaged') throw error;
  }
  throw notOurs('form');
}

function isLogHead(value: JsonObject): value is JsonObject & LogHead {
  const { issuer, seq, hash, at } = value;
  return (
    Object.keys(value).sort().join() === MEMBERS &&
    typeof issuer === 'string' &&
    Number.isSafeInteger(seq) &&
    Number(seq) >= 1 &&
    typeof hash === 'string' &&
    Number.isSafeInteger(at)
  );
}

function notOurs(rule: 'form' | 'issuer' | 'signature'): YimaError {
  const why = {
    form: 'This is not a signed head of a log.',
    issuer: 'This head is of another issuer’s log.',
    signature: 'No key of this node has signed this head.',
  } as const;
  return new YimaError('invalid_request', `${why[rule]} Nothing was compared.`, { field: 'signed', rule });
}

async function findingOf(head: LogHead, deps: SignedHeadsDeps): Promise<HeadFinding> {
  let entry: LogRow | undefined;
  const { brokenAt } = await readLog(deps, undefined, head.seq, (row) => {
    entry = row;
  });
  if (brokenAt !== null) {
    const newest = (await deps.store.head())?.seq ?? 0;
    return brokenAt > newest ? 'shorter' : 'broken';
  }
  return entry?.hash === head.hash ? 'same' : 'rewritten';
}
