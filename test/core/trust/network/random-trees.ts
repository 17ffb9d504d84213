// Random trees of authorities whose lists claim anything, for properties that hold for every one of them.

import fc from 'fast-check';
import { createNodeVerify, sha256 } from '../../../../src/adapters/crypto-node.js';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import { YimaError } from '../../../../src/core/errors/yima-error.js';
import {
  parseSignedDocument,
  type SignedDocument,
} from '../../../../src/core/trust/documents/signed-document.js';
import { createAdmission } from '../../../../src/core/trust/documents/trusted-key.js';
import type { TablePatch } from '../../../../src/core/trust/key-record.js';
import { createTrustNetwork, type TrustNetwork } from '../../../../src/core/trust/network/network.js';
import { NOW } from '../../../support/fixtures.js';
import {
  type DeskKey,
  deskKey,
  deskKeys,
  listPayload,
  nextVersion,
  rootPayload,
  sign,
} from '../../../support/trust-desk.js';

export const HUB = 'cn.example';
export const NAMES = [
  HUB,
  '33',
  '34',
  'm.example',
  '3301',
  '3302',
  '3401',
  'a.33',
  'b.m.example',
  '330101',
  '340102',
] as const;
const ROOT_KEYS = deskKeys(2);
const CUSTODIANS = new Map(NAMES.map((name) => [name as string, deskKeys(2)]));
const SIGNERS = new Map(NAMES.map((name) => [name as string, deskKey()]));
export const ROOT = sign('root', rootPayload(ROOT_KEYS, custodiansOf(HUB)), ROOT_KEYS);
/** Keys of tests are sound; to look costs milliseconds each time. */
const ADMIT = createAdmission({ sha256 });

function custodiansOf(name: string): readonly DeskKey[] {
  return CUSTODIANS.get(name) ?? [];
}

function run<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

export function open(): TrustNetwork {
  return createTrustNetwork({ admit: ADMIT, verify: createNodeVerify(), pin: ROOT.hash });
}

/** The rule that it is refused with; null: taken. */
export function offer(
  network: TrustNetwork,
  { text }: SignedDocument,
  now: number | null,
  take?: Take,
): string | null {
  try {
    const acceptance = run(network.judge(parseSignedDocument(text, sha256), now));
    const patch = run(network.apply(acceptance));
    take?.(patch);
    return null;
  } catch (error) {
    if (error instanceof YimaError) return error.rule ?? error.code;
    throw error;
  }
}
export type Take = (patch: TablePatch) => void;

const REGIONS = ['', '33', '34', '3301', '3302', '3401', '330101', '340102'] as const;
const BASES = [
  null,
  'https://h.example/',
  'https://h.example/33/',
  'https://h.example/33/3301/',
  'https://h.example/34/',
  'https://h.example/m/',
] as const;
const bound = fc.option(fc.integer({ min: 0, max: 6 }), { nil: null });

/** An entry that may claim anything. */
const entry: fc.Arbitrary<JsonObject> = fc
  .record({
    sub: fc.constantFrom(...NAMES),
    isForList: fc.boolean(),
    region: fc.constantFrom(...REGIONS),
    kinds: fc.option(fc.subarray(['health-code', 'driving-licence', 'business-licence']), { nil: null }),
    window: fc.tuple(bound, bound),
    depth: fc.nat(3),
    state: fc.constantFrom('active', 'active', 'active', 'retired', 'announced', 'removed'),
    base: fc.constantFrom(...BASES),
  })
  .map(({ sub, isForList, region, kinds, window: [a, b], depth, state, base }) => {
    const [from, to] = a !== null && b !== null && a > b ? [b, a] : [a, b];
    const time = (step: number | null): number | null => (step === null ? null : NOW + (step - 3) * 1_000);
    const signer = SIGNERS.get(sub);
    const keys = isForList ? custodiansOf(sub) : signer === undefined ? [] : [signer];
    return {
      sub,
      format: 'yima',
      keys: keys.map(({ jwk }) => jwk),
      use: isForList ? 'list' : 'credential',
      ...(isForList ? { threshold: 2 } : {}),
      scope: { region, kinds, ...(isForList ? { depth } : {}) },
      nbf: time(from),
      exp: time(to),
      state,
      statusBase: base,
    };
  });

/** What the parents are likely to give, so that trees get deep. */
const plain = (sub: string, change: JsonObject = {}): JsonObject => ({
  sub,
  format: 'yima',
  keys: custodiansOf(sub).map(({ jwk }) => jwk),
  use: 'list',
  threshold: 2,
  scope: { region: /^[0-9]+$/.test(sub) ? sub : '', kinds: null, depth: 0 },
  nbf: null,
  exp: null,
  state: 'active',
  statusBase: null,
  ...change,
});
const usualSigner = (sub: string): JsonObject => ({
  ...plain(sub, { use: 'credential', keys: [SIGNERS.get(sub)?.jwk ?? {}] }),
  scope: { region: /^[0-9]+$/.test(sub) ? sub : '', kinds: null },
});
const USUAL: Readonly<Record<string, readonly JsonObject[]>> = {
  [HUB]: [
    plain('33', {
      statusBase: 'https://h.example/33/',
      scope: { region: '33', kinds: null, depth: 2 },
      nbf: NOW - 1_000,
      exp: NOW + 1_000,
    }),
    plain('34', { statusBase: 'https://h.example/34/', scope: { region: '34', kinds: null, depth: 2 } }),
    plain('m.example', { scope: { region: '', kinds: ['driving-licence'], depth: 1 } }),
  ],
  '33': [
    plain('3301', {
      statusBase: 'https://h.example/33/3301/',
      scope: { region: '3301', kinds: null, depth: 1 },
    }),
  ],
  '3301': [plain('330101')],
  '34': [plain('3401', { scope: { region: '3401', kinds: null, depth: 1 } })],
};
const usualOf = (name: string): readonly JsonObject[] => {
  const { threshold: _threshold, ...signer } = usualSigner(name);
  return [...(USUAL[name] ?? []), signer];
};

export const lists: fc.Arbitrary<readonly SignedDocument[]> = fc
  .tuple(...NAMES.map(() => fc.tuple(fc.array(entry, { maxLength: 4 }), fc.boolean(), fc.nat(3))))
  .map((all) =>
    all.map(([entries, isUsual, age], i) => {
      const name = NAMES[i] ?? HUB;
      const claimed = [...(isUsual ? usualOf(name) : []), ...entries];
      const exp = NOW + 50_000 + age * 1_000;
      return sign('list', listPayload(name, claimed, { exp }), custodiansOf(name));
    }),
  );

/** Offers everything again and again until nothing more is taken: a list may come before its parent's. */
export function settle(
  network: TrustNetwork,
  documents: readonly SignedDocument[],
  now: number | null = NOW,
  take?: Take,
): void {
  for (let left = documents; left.length > 0; ) {
    const refused = left.filter((each) => offer(network, each, now, take) !== null);
    if (refused.length === left.length) return;
    left = refused;
  }
}

/** A next version: its entries in later states, some keys revoked, something added. */
export interface Change {
  readonly name: number;
  readonly retired: readonly boolean[];
  readonly revoked: readonly number[];
  readonly added: readonly JsonObject[];
}
export const change: fc.Arbitrary<Change> = fc.record({
  name: fc.nat(NAMES.length - 1),
  retired: fc.array(fc.boolean(), { maxLength: 4 }),
  revoked: fc.array(fc.nat(NAMES.length - 1), { maxLength: 1 }),
  added: fc.array(entry, { maxLength: 2 }),
});

export function successor(before: SignedDocument, { retired, revoked, added }: Change): SignedDocument {
  const { payload } = before;
  const entries = (payload['entries'] as readonly JsonObject[]).map((each, i) =>
    retired[i] === true && each['state'] === 'active' ? { ...each, state: 'retired' } : each,
  );
  const dead = revoked.flatMap((i) => SIGNERS.get(NAMES[i] ?? HUB) ?? []);
  const known = payload['revoked'] as readonly JsonObject[];
  const more = dead
    .filter(({ thumbprint }) => !known.some(({ key }) => key === thumbprint))
    .map(({ thumbprint }) => ({ key: thumbprint, at: NOW, reason: 'stolen' }));
  const content = { entries: [...entries, ...added], revoked: [...known, ...more] };
  return sign('list', nextVersion(before, { ...content, iat: NOW }), custodiansOf(String(payload['iss'])));
}
