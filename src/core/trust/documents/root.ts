// The root: k of n keys that everything hangs on, the hub they vouch for, and the log that everything must stand in.

import { isCount } from '../../codec/names.js';
import {
  checkMembers,
  type DocumentFrame,
  readFrame,
  readName,
  readSigners,
  type Signers,
} from './fields.js';
import { refuseDocument } from './rules.js';
import type { SignedDocument } from './signed-document.js';
import type { AdmitKey } from './trusted-key.js';

/** The authority at the top; its scope is everything. */
export interface Hub extends Signers {
  readonly name: string;
  /** How many levels of lists there may be below the hub's own. */
  readonly depth: number;
}

/** Which log accepted documents stand in, and who must have seen it. Keys are C2SP verifier keys (`name+id+base64`). */
export interface LogPolicy {
  readonly origin: string;
  readonly key: string;
  readonly witnesses: { readonly quorum: number; readonly keys: readonly string[] };
}

export interface RootDocument extends DocumentFrame, Signers {
  readonly document: SignedDocument;
  readonly hub: Hub;
  readonly log: LogPolicy | null;
}

export const MAX_DEPTH = 7;
const MAX_WITNESSES = 64;
const LOG_NAME = /^[\x21-\x2a\x2c-\x7e]{1,128}$/;
const VERIFIER_KEY = /^[\x21-\x2a\x2c-\x7e]{1,128}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{40,60}={0,2}$/;

/**
 * Reads a root. Who signed it is not looked at.
 * @throws YimaError `list_refused`, rules `type`, `form`, `lifetime`, `too_many`, `key`, `key_twice`
 */
export function* readRoot(document: SignedDocument, admit: AdmitKey): Generator<void, RootDocument> {
  if (document.type !== 'root') throw refuseDocument('type');
  const payload = checkMembers(
    document.payload,
    ['type', 'version', 'iat', 'exp', 'prev', 'threshold', 'keys', 'hub', 'log'],
    '(all)',
  );
  const frame = readFrame(payload);
  const hub = checkMembers(payload['hub'], ['sub', 'threshold', 'keys', 'depth'], 'hub');
  const { depth } = hub;
  if (!isCount(depth) || depth > MAX_DEPTH) throw refuseDocument('form', { field: 'hub.depth' });
  const log = readLogPolicy(payload['log']);
  const signers = yield* readSigners(payload['threshold'], payload['keys'], admit, 'keys');
  const hubSigners = yield* readSigners(hub['threshold'], hub['keys'], admit, 'hub.keys');
  const name = readName(hub['sub'], 'hub.sub');
  return { document, ...frame, ...signers, hub: { name, depth, ...hubSigners }, log };
}

function readLogPolicy(value: unknown): LogPolicy | null {
  if (value === null) return null;
  const { origin, key, witnesses } = checkMembers(value, ['origin', 'key', 'witnesses'], 'log');
  if (typeof origin !== 'string' || !LOG_NAME.test(origin))
    throw refuseDocument('form', { field: 'log.origin' });
  if (!isVerifierKey(key)) throw refuseDocument('form', { field: 'log.key' });
  const { quorum, keys } = checkMembers(witnesses, ['quorum', 'keys'], 'log.witnesses');
  const isSound =
    Array.isArray(keys) && keys.length <= MAX_WITNESSES && keys.every(isVerifierKey) && isCount(quorum);
  if (!isSound || quorum > keys.length) throw refuseDocument('form', { field: 'log.witnesses' });
  return { origin, key, witnesses: { quorum, keys } };
}

function isVerifierKey(value: unknown): value is string {
  return typeof value === 'string' && VERIFIER_KEY.test(value);
}
