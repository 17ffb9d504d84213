// Countries as nobody would draw them: authorities that name one another with any scope, window, depth and prefix, much of it beyond
// what they were given. Few names and keys, so that they meet.

import fc from 'fast-check';
import { createNodeVerify, sha256 } from '../../../../src/adapters/crypto-node.js';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import { YimaError } from '../../../../src/core/errors/yima-error.js';
import {
  parseSignedDocument,
  type SignedDocument,
} from '../../../../src/core/trust/documents/signed-document.js';
import type { KeyRecord, TablePatch } from '../../../../src/core/trust/key-record.js';
import { recordText } from '../../../../src/core/trust/key-table.js';
import {
  createTrustNetwork,
  type TrustNetwork,
  type TrustNetworkDeps,
  type TrustTombstone,
} from '../../../../src/core/trust/network/network.js';
import { NOW } from '../../../support/fixtures.js';
import { type DeskKey, deskKeys, listPayload, rootPayload, sign } from '../../../support/trust-desk.js';
import { ADMIT, finish } from '../documents/reading.js';

export const HUB = 'cn.example';
const NAMES = ['33', '3301', '330102', '3302', '34', '66', '659001', 'mot.example', 'a.mot.example'] as const;
export const AUTHORITIES = [HUB, ...NAMES];
const CUSTODIANS = new Map(AUTHORITIES.map((name) => [name, deskKeys(2)]));
const SIGNERS = deskKeys(6);
const ROOT_KEYS = deskKeys(2);

export function custodiansOf(name: string): readonly DeskKey[] {
  return CUSTODIANS.get(name) ?? [];
}

export const ROOT = sign('root', rootPayload(ROOT_KEYS, custodiansOf(HUB)), ROOT_KEYS);

const REGIONS = ['', '33', '3301', '330102', '3302', '34', '66', '6590', '659001'] as const;
const BASES = [
  'https://33.example/',
  'https://33.example/3301/',
  'https://33.example/3301/x/',
  'https://34.example/',
  'https://mot.example/',
] as const;
const BOUNDS = [NOW - 1_000, NOW, NOW + 1_000, NOW + 2_000];

const kinds = fc.option(fc.subarray(['driving-licence', 'health-code', 'vaccination']), { nil: null });
const statusBase = fc.option(fc.constantFrom(...BASES), { nil: null });
const bound = (values: readonly number[]) => fc.option(fc.constantFrom(...values), { nil: null, freq: 1 });
const window = fc
  .tuple(bound(BOUNDS.slice(0, 3)), bound(BOUNDS.slice(2)))
  .map(([nbf, exp]) => ({ nbf, exp }));

/** What a name says about its region, so that some of the grants are sound. */
const digits = (name: string): string => (/^[0-9]+$/.test(name) ? name : '');
const placeOf = (sub: string) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(digits(sub)) }, fc.constantFrom(...REGIONS));

/** For the keys of an authority; in force, since others are asked about beside it. */
const delegation = fc.constantFrom(...NAMES).chain((sub) =>
  fc.record({
    sub: fc.constant(sub),
    format: fc.constant('yima'),
    keys: fc.constant(custodiansOf(sub).map(({ jwk }) => jwk)),
    use: fc.constant('list'),
    threshold: fc.constant(2),
    scope: fc.record({ region: placeOf(sub), kinds, depth: fc.nat(3) }),
    window,
    state: fc.constantFrom('active', 'active', 'active', 'announced'),
    statusBase,
  }),
);

/** Sound ones, so that there are countries of several levels to grow wild on. */
const LEVELS: Readonly<Record<string, number>> = {
  '3301': 1,
  '3302': 1,
  '330102': 0,
  '659001': 1,
  'a.mot.example': 1,
};
const within = (name: string): readonly string[] =>
  NAMES.filter((sub) => sub !== name && (name === HUB || sub.startsWith(name) || sub.endsWith(`.${name}`)));
const soundDelegation = (name: string) =>
  fc.constantFrom(...within(name)).chain((sub) =>
    fc.record({
      sub: fc.constant(sub),
      format: fc.constant('yima'),
      keys: fc.constant(custodiansOf(sub).map(({ jwk }) => jwk)),
      use: fc.constant('list'),
      threshold: fc.constant(2),
      scope: fc.record({
        region: fc.constant(digits(sub)),
        kinds,
        depth: fc.constant(LEVELS[sub] ?? 2),
      }),
      window: fc.constantFrom({ nbf: null, exp: null }, { nbf: NOW, exp: NOW + 1_000 }),
      state: fc.constantFrom('active', 'active', 'announced'),
      statusBase: fc.constantFrom(null, `https://${digits(sub).slice(0, 2) || 'mot'}.example/`),
    }),
  );

const signing = fc.constantFrom(...AUTHORITIES).chain((sub) =>
  fc.record({
    sub: fc.constant(sub),
    format: fc.constant('yima'),
    keys: fc.subarray(
      SIGNERS.map(({ jwk }) => jwk),
      { minLength: 1, maxLength: 2 },
    ),
    use: fc.constantFrom('credential', 'status'),
    scope: fc.record({ region: placeOf(sub), kinds }),
    window,
    state: fc.constantFrom('announced', 'active', 'active', 'retired', 'revoked'),
    statusBase,
  }),
);

/** Of an authority's list. */
export const anyEntry = (name: string): fc.Arbitrary<JsonObject> =>
  fc
    .oneof(
      delegation,
      signing,
      ...(within(name).length === 0 ? [] : [soundDelegation(name), soundDelegation(name)]),
    )
    .map(({ window: { nbf, exp }, ...entry }) => ({ ...entry, nbf, exp }));

/** One list of each authority, the hub's first, signed by its custodians. */
export const anyCountry: fc.Arbitrary<readonly SignedDocument[]> = fc
  .tuple(
    ...AUTHORITIES.map((name) =>
      fc
        .tuple(
          fc.array(anyEntry(name), { minLength: name === HUB ? 4 : 0, maxLength: name === HUB ? 9 : 5 }),
          fc.constantFrom(1_500, 3_000, 30_000_000),
          fc.subarray([...SIGNERS], { maxLength: 1 }),
        )
        .map(([entries, life, dead]) => {
          const revoked = dead.map(({ thumbprint: key }) => ({ key, at: NOW, reason: 'stolen' }));
          const payload = listPayload(name, entries, { exp: NOW + life, revoked });
          return sign('list', payload, custodiansOf(name));
        }),
    ),
  )
  .map((lists) => lists);

export function emptyNetwork(deps: Partial<TrustNetworkDeps> = {}): TrustNetwork {
  return createTrustNetwork({ admit: ADMIT, verify: createNodeVerify(), pin: ROOT.hash, ...deps });
}

/** @returns null where it is refused; anything but a refusal is thrown on */
function orRefused<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof YimaError && error.code === 'list_refused') return null;
    throw error;
  }
}

export interface Taken {
  readonly patch: TablePatch;
  readonly tombstones: readonly TrustTombstone[];
}

export function accept(network: TrustNetwork, { text }: SignedDocument): Taken | null {
  return orRefused(() => {
    const acceptance = finish(network.judge(parseSignedDocument(text, sha256), NOW));
    return { patch: finish(network.apply(acceptance)), tombstones: acceptance.tombstones };
  });
}

/** As after a restart. @returns whether it stands by now */
export function restore(network: TrustNetwork, document: SignedDocument): boolean {
  return orRefused(() => finish(network.apply(finish(network.restore(document))))) !== null;
}

/** Takes what it can, again and again, until nothing more of it can be taken. */
export function acceptAll(network: TrustNetwork, documents: readonly SignedDocument[]): TrustNetwork {
  let waiting = documents;
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length;
    waiting = waiting.filter((document) => accept(network, document) === null);
  }
  return network;
}

export function textsOf(records: Iterable<KeyRecord>): readonly string[] {
  return [...records].map(recordText).sort();
}
