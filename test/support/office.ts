// An issuing office in memory: real ledger, registry, signer and verifier over the store that a test gives.

import {
  createNodeSigner,
  createNodeVerify,
  generatePrivateJwk,
  inflateRaw,
  inflateZlib,
  randomBytes,
  sha256,
  sha256Hex,
} from '../../src/adapters/crypto-node.js';
import { createMemoryStore, type MemoryStore } from '../../src/adapters/memory-store.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { createPolicyTable } from '../../src/core/credential/policy-table.js';
import type { IssueRequest } from '../../src/core/issue/commands.js';
import { createIssueQuota } from '../../src/core/issue/issue-quota.js';
import { createLedger, type Ledger } from '../../src/core/issue/ledger.js';
import type { Random } from '../../src/core/issue/ports.js';
import { createRegistry, type OwnRegistry } from '../../src/core/issue/registry.js';
import { createSecondLook } from '../../src/core/issue/second-look.js';
import type { Store } from '../../src/core/issue/store.js';
import type { ReadSource } from '../../src/core/issue/translation.js';
import type { VerifySignature } from '../../src/core/signature/ports.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { createStatusArena, type StatusArena } from '../../src/core/status/arena.js';
import type { KeyRecord } from '../../src/core/trust/key-record.js';
import { createKeyTable } from '../../src/core/trust/key-table.js';
import type { Answer } from '../../src/core/verify/answer.js';
import { SHOWN_ANYWHERE } from '../../src/core/verify/showing.js';
import { type VerifyDeps, verifyCode, verifyOutcome } from '../../src/core/verify/verify-code.js';
import { readContent } from '../../src/server/source-code.js';
import { sampleClaims } from './sample-claims.js';

export const NOW = 1_790_000_000;
export const STATUS_BASE = 'http://127.0.0.1:3000/status-lists/';

const DEMO_ISSUER = 'demo.330102';

export interface Office {
  readonly registry: OwnRegistry;
  readonly ledger: Ledger;
  readonly arena: StatusArena;
  readonly verify: (code: string) => Answer;
  /** Opens registry and ledger anew over the same store, as a restart does. */
  readonly restart: () => Promise<Office>;
  readonly now: { at: number };
  /** Another key signs from now on. */
  readonly rotate: () => void;
}

export interface OfficeOptions {
  readonly algorithm?: 'Ed25519' | 'ES256';
  readonly listEntries?: number;
  readonly singleRevocationsPerDay?: number;
  /** What an office may issue in a day, and the share that waits for a second person, by kind. */
  readonly issuesPerDay?: ReadonlyMap<string, number>;
  readonly shares?: ReadonlyMap<string, number>;
  /** What decides who waits; random when absent. */
  readonly draw?: Random;
  /** Prefix that it issues for; 3301 when absent. */
  readonly region?: string;
  /** Of the hub alone; absent: this office is none. */
  readonly readSource?: ReadSource;
  /** Who checks signatures; node:crypto when absent. */
  readonly backend?: (keys: readonly PublicKey[]) => VerifySignature;
}

export async function openOffice(store: Store, options: OfficeOptions = {}): Promise<Office> {
  const { region = '3301' } = options;
  let signer = createNodeSigner(generatePrivateJwk(options.algorithm ?? 'Ed25519'));
  const sdJwtSigner = createNodeSigner(generatePrivateJwk('ES256'));
  const record: KeyRecord = {
    format: 'yima',
    issuer: '330102',
    kid: encodeBase64url(signer.kid),
    key: signer.publicKey,
    use: 'credential',
    scope: { region, kinds: null },
    notBefore: null,
    notAfter: null,
    state: 'active',
    statusBase: STATUS_BASE,
    trustedUntil: null,
  };
  const demoRecord: KeyRecord = { ...record, issuer: DEMO_ISSUER };
  const records = [record, demoRecord];
  const keyRing = { signer: () => signer, records: () => [record] };
  const now = { at: NOW };
  const policies = createPolicyTable([], region);
  const open = async (): Promise<Office> => {
    const arena = createStatusArena();
    const ledger = await createLedger({
      store,
      sha256Hex,
      defer: (run) => setImmediate(run),
      later: (run) => setTimeout(run, 10).unref(),
    });
    const backend = options.backend?.([signer.publicKey]) ?? createNodeVerify();
    let keys = createKeyTable(records, NOW);
    const rotate = (): void => {
      signer = createNodeSigner(generatePrivateJwk(options.algorithm ?? 'Ed25519'));
      records.push({ ...record, kid: encodeBase64url(signer.kid), key: signer.publicKey });
      keys = createKeyTable(records, NOW);
    };
    const depsNow = (): VerifyDeps => {
      arena.confirm(STATUS_BASE, { epoch: now.at, steady: 0 });
      return {
        keys,
        verify: backend,
        inflate: inflateZlib,
        inflateRaw,
        kinds: KINDS,
        context: {
          now: now.at,
          steady: 0,
          status: arena,
          policies,
          clockFloor: null,
          maxTrustAgeSeconds: null,
          showing: SHOWN_ANYWHERE,
          sightings: null,
        },
      };
    };
    const verify = (code: string): Answer => verifyCode(code, depsNow());
    const quota = createIssueQuota(options.issuesPerDay ?? new Map(), await store.issueCounts());
    const secondLook = createSecondLook({
      store,
      kinds: KINDS,
      region,
      quota,
      clock: () => now.at,
      random: options.draw ?? randomBytes,
      sha256,
      sha256Hex,
      shares: options.shares ?? new Map(),
    });
    const registry = await createRegistry({
      store,
      ledger,
      reserve: async () => signer,
      quota,
      secondLook,
      readOwn: readContent,
      demo: { issuer: DEMO_ISSUER, keyRing },
      sdJwt: { issuer: 'https://yima.test', signer: async () => sdJwtSigner },
      verify: createNodeVerify(),
      kinds: KINDS,
      arena,
      clock: () => now.at,
      random: randomBytes,
      sha256,
      sha256Hex,
      isValid: (code) => verifyOutcome(code, depsNow()) === 'valid',
      readSource: options.readSource ?? null,
      settings: {
        issuer: '330102',
        region,
        statusBase: STATUS_BASE,
        listEntries: options.listEntries ?? 1024,
        singleRevocationsPerDay: options.singleRevocationsPerDay ?? 200,
      },
    });
    return { registry, ledger, arena, verify, restart: open, now, rotate };
  };
  return open();
}

export async function openMemoryOffice(
  options: OfficeOptions = {},
): Promise<Office & { store: MemoryStore }> {
  const store = createMemoryStore();
  return { ...(await openOffice(store, options)), store };
}

/** A complete request for a kind about a person who does not exist. */
export function issueRequest(kind = 'health-code', change: Partial<IssueRequest> = {}): IssueRequest {
  const { region: _region, ...claims } = sampleClaims(kind);
  return { kind, region: '330102', claims, operator: 'desk-7', evidence: 'case 2026-1', ...change };
}
