// One history of roots and hub lists, told to our network and, as TUF metadata, to tuf-js: what each takes, step by step.

import { createPublicKey } from 'node:crypto';
import { TrustedMetadataStore } from 'tuf-js/dist/store.js';
import { createNodeVerify, sha256 } from '../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { asciiEncode, utf8Encode } from '../../../src/core/codec/bytes.js';
import { canonicalJson, type JsonObject } from '../../../src/core/codec/json.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import { parseSignedDocument } from '../../../src/core/trust/documents/signed-document.js';
import { createAdmission } from '../../../src/core/trust/documents/trusted-key.js';
import { createTrustNetwork, type TrustNetwork } from '../../../src/core/trust/network/network.js';
import { NOW } from '../../support/fixtures.js';
import { type DeskKey, listPayload, rootPayload, sign } from '../../support/trust-desk.js';

/** A root; what is absent is as in the step before. */
export interface RootStep {
  readonly root: number;
  readonly keys?: readonly DeskKey[];
  readonly threshold?: number;
  readonly hubKeys?: readonly DeskKey[];
  readonly hubThreshold?: number;
  readonly by: readonly DeskKey[];
  readonly isExpired?: boolean;
  /** Another hash than that of the root before. */
  readonly prev?: string;
  /** Signatures of these keys are over something else. */
  readonly falseBy?: readonly DeskKey[];
}

/** A hub's list: in TUF its timestamp, signed by the role that the root gives to it. */
export interface ListStep {
  readonly list: number;
  readonly by: readonly DeskKey[];
  readonly isExpired?: boolean;
  readonly falseBy?: readonly DeskKey[];
  /** Another content under the same version. */
  readonly isOther?: boolean;
}

export type Step = RootStep | ListStep;
type FullRoot = Required<Pick<RootStep, 'keys' | 'threshold' | 'hubKeys' | 'hubThreshold'>>;

const DAY = 86_400;

function rootOf(step: RootStep, before: FullRoot): FullRoot {
  const { keys, threshold, hubKeys, hubThreshold } = { ...before, ...step };
  return { keys, threshold, hubKeys, hubThreshold };
}

/** What ours says to each step: taken, known, or the rule it refuses with. */
export function ourAnswers(first: FullRoot & RootStep, steps: readonly Step[]): readonly string[] {
  let terms: FullRoot = first;
  let held: TrustNetwork | null = null;
  const write = (step: Step): string => {
    const times = step.isExpired === true ? { iat: NOW - DAY, exp: NOW - 1 } : { iat: NOW - DAY };
    if ('list' in step) {
      const version = step.list;
      const prev = version === 1 ? null : (held?.list('cn.example')?.document.hash ?? '0'.repeat(43));
      const exp = step.isOther === true ? { exp: NOW + DAY } : {};
      return textOf(listPayload('cn.example', [], { version, prev, ...times, ...exp }), 'list', step);
    }
    terms = rootOf(step, terms);
    const { keys, threshold, hubKeys, hubThreshold } = terms;
    const hub = {
      sub: 'cn.example',
      threshold: hubThreshold,
      keys: hubKeys.map(({ jwk }) => jwk),
      depth: 3,
    };
    const prev = step.root === 1 ? null : (step.prev ?? held?.root()?.document.hash ?? null);
    const payload = rootPayload(keys, hubKeys, { version: step.root, prev, threshold, hub, ...times });
    return textOf(payload, 'root', step);
  };
  const pinned = write(first);
  const network = createTrustNetwork({
    admit: createAdmission({ sha256 }),
    verify: createNodeVerify(),
    pin: parseSignedDocument(pinned, sha256).hash,
  });
  held = network;
  const told = (text: string): string => {
    try {
      const acceptance = run(network.judge(parseSignedDocument(text, sha256), NOW));
      run(network.apply(acceptance));
      return acceptance.isNew ? 'taken' : 'known';
    } catch (error) {
      if (error instanceof YimaError) return error.rule ?? error.code;
      throw error;
    }
  };
  return [
    told(pinned),
    ...steps.map((step) => {
      const kept = terms;
      const answer = told(write(step));
      if (answer !== 'taken') terms = kept;
      return answer;
    }),
  ];
}

/** The text as it would be sent: the signatures as they are asked for, also twice or over something else. */
function textOf(payload: JsonObject, type: 'root' | 'list', { by, falseBy = [] }: Step): string {
  const signature = (key: DeskKey, over: JsonObject): unknown => {
    const { signatures } = JSON.parse(sign(type, over, [key]).text) as { signatures: unknown[] };
    return signatures[0];
  };
  const wrong = { ...payload, exp: Number(payload['exp']) + 1 };
  const signatures = [
    ...by.map((key) => ({ key, over: payload })),
    ...falseBy.map((key) => ({ key, over: wrong })),
  ]
    .sort((a, b) => (a.key.thumbprint < b.key.thumbprint ? -1 : 1))
    .map(({ key, over }) => signature(key, over));
  return JSON.stringify({ payload: encodeBase64url(utf8Encode(canonicalJson(payload))), signatures });
}

function run<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** What tuf-js says to each step: taken, or the name of the error that it refuses with. */
export function tufAnswers(first: FullRoot & RootStep, steps: readonly Step[]): readonly string[] {
  let terms: FullRoot = first;
  const store = new TrustedMetadataStore(tufText(tufRoot(first, terms), first));
  return [
    'taken',
    ...steps.map((step) => {
      const next = 'root' in step ? rootOf(step, terms) : terms;
      try {
        if ('root' in step) store.updateRoot(tufText(tufRoot(step, next), step));
        else store.updateTimestamp(tufText(tufTimestamp(step), step));
      } catch (error) {
        return error instanceof Error ? error.constructor.name : String(error);
      }
      terms = next;
      return 'taken';
    }),
  ];
}

function frame(type: string, version: number, isExpired = false): JsonObject {
  const expires = isExpired ? '2001-01-01T00:00:00Z' : '2999-01-01T00:00:00Z';
  return { _type: type, spec_version: '1.0.31', version, expires };
}

function tufRoot({ root, isExpired }: RootStep, terms: FullRoot): JsonObject {
  const { keys, threshold, hubKeys, hubThreshold } = terms;
  const role = (of: readonly DeskKey[], at: number): JsonObject => ({
    keyids: of.map(({ thumbprint }) => thumbprint),
    threshold: at,
  });
  const roles = {
    root: role(keys, threshold),
    timestamp: role(hubKeys, hubThreshold),
    snapshot: role(hubKeys, hubThreshold),
    targets: role(hubKeys, hubThreshold),
  };
  const known = Object.fromEntries([...keys, ...hubKeys].map((key) => [key.thumbprint, tufKey(key)]));
  return { ...frame('root', root, isExpired), consistent_snapshot: true, keys: known, roles };
}

function tufTimestamp({ list, isExpired, isOther }: ListStep): JsonObject {
  const meta = { 'snapshot.json': { version: 1, ...(isOther === true ? { length: 7 } : {}) } };
  return { ...frame('timestamp', list, isExpired), meta };
}

function tufKey({ jwk }: DeskKey): JsonObject {
  const pem = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ format: 'pem', type: 'spki' });
  return { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: String(pem) } };
}

/** Of ASCII texts and counts, the canonical form of TUF differs from ours in nothing but the escapes of line feeds. */
function tufText(signed: JsonObject, { by, falseBy = [] }: Step): Buffer {
  const bytes = asciiEncode(canonicalJson(signed).replaceAll('\\n', '\n'));
  const signature = (key: DeskKey, over: Uint8Array): JsonObject => ({
    keyid: key.thumbprint,
    sig: Buffer.from(key.signer.sign(over)).toString('hex'),
  });
  const signatures = [
    ...by.map((key) => signature(key, bytes)),
    ...falseBy.map((key) => signature(key, asciiEncode('something else'))),
  ];
  return Buffer.from(JSON.stringify({ signed, signatures }));
}
