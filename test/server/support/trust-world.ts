// A country in small for tests of the server's trust network: a root, the hub, two provinces, and a service over a store.

import { sha256, sha256Hex } from '../../../src/adapters/crypto-node.js';
import { createMemoryStore, type MemoryStore } from '../../../src/adapters/memory-store.js';
import type { JsonObject } from '../../../src/core/codec/json.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import { createLedger } from '../../../src/core/issue/ledger.js';
import type { SignedDocument } from '../../../src/core/trust/documents/signed-document.js';
import type { TablePatch } from '../../../src/core/trust/key-record.js';
import { createLogger } from '../../../src/http/logging.js';
import type { TrustSender } from '../../../src/http/trust-desk.js';
import { after } from '../../../src/server/after.js';
import type { Update } from '../../../src/server/knowledge.js';
import { createTrustNews } from '../../../src/server/trust-network/news.js';
import { openTrustNetwork } from '../../../src/server/trust-network/open-network.js';
import {
  createTrustService,
  type TrustServiceDeps,
} from '../../../src/server/trust-network/trust-service.js';
import { NOW } from '../../support/fixtures.js';
import {
  authorityEntry,
  type DeskKey,
  deskKeys,
  listPayload,
  nextVersion,
  rootPayload,
  sign,
  signerEntry,
} from '../../support/trust-desk.js';

export const CUSTODIANS = { root: deskKeys(3), hub: deskKeys(3), a: deskKeys(3), b: deskKeys(3) };
export const [A_KEY, A_NEXT, B_KEY] = deskKeys(3) as [DeskKey, DeskKey, DeskKey];
export const UPLOAD: TrustSender = { via: 'upload', name: 'office' };

export type Custodians = keyof typeof CUSTODIANS;

export function signedBy(by: Custodians, payload: JsonObject): SignedDocument {
  return sign(by === 'root' ? 'root' : 'list', payload, CUSTODIANS[by].slice(0, 2));
}

/** What comes after a document, with what changes. */
export function successor(by: Custodians, before: SignedDocument, change: JsonObject): SignedDocument {
  return signedBy(by, nextVersion(before, change));
}

export const ENTRIES = {
  a: signerEntry('33', [A_KEY], { statusBase: 'https://33.example/status-lists/' }),
  b: signerEntry('34', [B_KEY], { statusBase: 'https://34.example/status-lists/' }),
};

/** Made once: signing is deterministic in what it means, not in its bytes. */
export const COUNTRY = (() => {
  const { root, hub, a, b } = CUSTODIANS;
  return {
    root: signedBy('root', rootPayload(root, hub)),
    hub: signedBy('hub', listPayload('cn.example', [authorityEntry('33', a), authorityEntry('34', b)])),
    a: signedBy('a', listPayload('33', [ENTRIES.a])),
    b: signedBy('b', listPayload('34', [ENTRIES.b])),
  };
})();

export const IN_ORDER = [COUNTRY.root, COUNTRY.hub, COUNTRY.a, COUNTRY.b];

/** The clock of the tests may be moved. */
export interface World {
  now: number;
  readonly store: MemoryStore;
}

export function createWorld(): World {
  return { now: NOW, store: createMemoryStore() };
}

export interface ServiceParts extends Partial<Pick<TrustServiceDeps, 'hub' | 'witnessRing' | 'ownHeads'>> {
  readonly issuer?: string;
}

/** A service as a start over the world's store makes it. */
export async function startService(world: World, pin = COUNTRY.root.hash, parts: ServiceParts = {}) {
  const { store } = world;
  const clock = () => world.now;
  let retry: () => void = () => undefined;
  const ledger = await createLedger({
    store,
    sha256Hex,
    defer: (run) => setImmediate(run),
    later: (run) => {
      retry = run;
    },
  });
  const opened = await openTrustNetwork(pin, store);
  const patches: TablePatch[] = [];
  const updates: Update[] = [];
  const news = createTrustNews(after, sha256);
  const service = await createTrustService({
    opened,
    store,
    ledger,
    clock,
    table: { patch: (patch) => patches.push(patch) },
    news,
    publish: (update) => updates.push(update),
    issuer: { name: parts.issuer ?? '33', isListed: () => true },
    redis: null,
    hub: parts.hub ?? null,
    witnessRing: parts.witnessRing ?? null,
    ownHeads: parts.ownHeads ?? (() => []),
    logger: createLogger('silent'),
  });
  return {
    ...service,
    ledger,
    news,
    patches,
    updates,
    opened,
    /** The store is asked again. */
    retry: async () => {
      retry();
      await ledger.idle();
      await service.idle();
    },
    accept: (document: Pick<SignedDocument, 'text'>, expected: string | null = null, from = UPLOAD) =>
      service.desk.accept(document.text, from, expected),
    log: async () =>
      (await store.log(0, 1_000)).map(({ type, actor, body }) => ({ type, actor, ...JSON.parse(body) })),
  };
}

export type RunningService = Awaited<ReturnType<typeof startService>>;

/** The same with everything of the country accepted. */
export async function startCountry(world: World): Promise<RunningService> {
  const service = await startService(world);
  for (const document of IN_ORDER) await service.accept(document);
  return service;
}

/** Everything that a store holds of the trust network and of the log, for comparing. */
export async function stored({ store }: World) {
  const documents: unknown[] = [];
  for await (const rows of store.trustDocuments()) documents.push(...rows);
  return { documents, tombstones: await store.trustTombstones(), log: await store.log(0, 1_000) };
}

/** A key as a list calls it dead. */
export function revokedItem({ thumbprint }: Pick<DeskKey, 'thumbprint'>): JsonObject {
  return { key: thumbprint, at: NOW, reason: 'stolen' };
}

export async function ruleOf(done: Promise<unknown>): Promise<string> {
  try {
    await done;
    return 'accepted';
  } catch (error) {
    return error instanceof YimaError ? (error.rule ?? error.code) : String(error);
  }
}

export function kidOf({ thumbprint }: DeskKey): string {
  return Buffer.from(thumbprint, 'base64url').subarray(0, 8).toString('base64url');
}

/** What the network says of a key, as `state` or nothing. */
export function stateOf(
  { network }: Pick<RunningService, 'network'>,
  { thumbprint }: DeskKey,
): string | undefined {
  const kid = Buffer.from(thumbprint, 'base64url').subarray(0, 8).toString('base64url');
  return [...network.records()].find((record) => record.kid === kid)?.state;
}
