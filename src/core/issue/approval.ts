// A person's own signature under a decision: a compact JWS over the hash of the very proposal, good for one action and ten minutes.

import { hexEncode, utf8Decode, utf8Encode } from '../codec/bytes.js';
import { canonicalJson, isJsonObject, type JsonObject, parseStrictJson } from '../codec/json.js';
import { type CompactJws, encodeCompactJws, parseCompactJws } from '../codec/jws.js';
import { YimaError } from '../errors/yima-error.js';
import { ALGORITHMS } from '../signature/algorithm.js';
import type { Signer, VerifySignature } from '../signature/ports.js';
import type { PublicKey, Sha256 } from '../signature/public-key.js';

const TYPE = 'yima-approval+jwt';
const MAX_CHARS = 1_024;
/** How far its `iat` may lie from now, either way. */
const WINDOW_SECONDS = 300;

export type ApprovalAction = 'propose' | 'approve' | 'reject';

export interface Approval {
  /** Of the proposal, see `proposalHash`. */
  readonly hash: string;
  readonly action: ApprovalAction;
  /** Epoch seconds. */
  readonly iat: number;
}

/** The text of a proposal's body, and the hash over type and text that every decision about it signs. */
export function proposalHash(type: string, body: JsonObject, sha256: Sha256): { text: string; hash: string } {
  const text = canonicalJson(body);
  return { text, hash: hexEncode(sha256(utf8Encode(`yima-proposal-v1 ${type}\n${text}`))) };
}

export function signApproval(approval: Approval, signer: Signer): string {
  const { hash, action, iat } = approval;
  const header = { alg: ALGORITHMS[signer.algorithm].jose, typ: TYPE };
  return encodeCompactJws(header, { hash, action, iat }, signer.sign);
}

/**
 * Checks that the holder of `key` signed exactly this, at about this time.
 * @param now epoch seconds
 * @throws YimaError `invalid_request` for what is no approval at all; `forbidden` with the rule `approval_key`, `approval_hash`,
 *   `approval_action`, `approval_time` or `approval_signature`
 */
export function checkApproval(
  jws: string,
  expected: Pick<Approval, 'hash' | 'action'>,
  key: PublicKey,
  now: number,
  verify: VerifySignature,
): void {
  const parsed = parseApproval(jws);
  const { hash, action, iat } = readPayload(parsed);
  const alg = ALGORITHMS[key.algorithm].jose;
  if (parsed.algorithm !== alg) throw refuse('key', `Sign with the key of this officer, which is ${alg}.`);
  if (hash !== expected.hash)
    throw refuse('hash', 'The signature is about another proposal. Sign the hash of this one.');
  if (action !== expected.action)
    throw refuse('action', `The signature is about another action than ${expected.action}.`);
  if (Math.abs(now - iat) > WINDOW_SECONDS)
    throw refuse('time', 'The signature was made too long ago, or by a clock that is wrong. Sign again.');
  if (!verify(key, parsed.signingInput, parsed.signature))
    throw refuse('signature', 'The signature is not by the key of this officer.');
}

function parseApproval(jws: string): CompactJws {
  try {
    const parsed = parseCompactJws(jws, { maxChars: MAX_CHARS });
    if (parsed.type === TYPE && Object.keys(parsed.header).length === 2) return parsed;
  } catch (cause) {
    if (!(cause instanceof YimaError)) throw cause;
  }
  throw malformed();
}

function readPayload({ payloadBytes }: CompactJws): Approval {
  let payload: unknown;
  try {
    payload = parseStrictJson(utf8Decode(payloadBytes));
  } catch (cause) {
    if (!(cause instanceof YimaError)) throw cause;
  }
  if (!isJsonObject(payload)) throw malformed();
  const { hash, action, iat, ...others } = payload;
  const isWhole = typeof hash === 'string' && Number.isSafeInteger(iat) && Object.keys(others).length === 0;
  if (!isWhole || !isAction(action)) throw malformed();
  return { hash, action, iat: iat as number };
}

function isAction(action: unknown): action is ApprovalAction {
  return action === 'propose' || action === 'approve' || action === 'reject';
}

function malformed(): YimaError {
  return new YimaError(
    'invalid_request',
    `The signature is a compact JWS with alg and typ ${TYPE} over hash, action and iat; yima officer sign makes it.`,
    { field: 'jws' },
  );
}

function refuse(rule: string, message: string): YimaError {
  return new YimaError('forbidden', message, { field: 'jws', rule: `approval_${rule}` });
}
