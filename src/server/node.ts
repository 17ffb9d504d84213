// Composition: one data folder, one store, one ledger, one key table, one verifier, and the apps over them.
// Knows every adapter, decides nothing.

import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry as MetricsRegistry } from 'prom-client';
import {
  createNodeSigner,
  generatePrivateJwk,
  randomBytes,
  sha256,
  timingSafeEqual,
} from '../adapters/crypto-node.js';
import { type DataFolder, openDataFolder } from '../adapters/data-folder.js';
import { type KeyFolder, openKeyFolder } from '../adapters/keyfile/key-folder.js';
import { createKeyRing, type KeyRingDeps, type RotatingKeyRing } from '../adapters/keyfile/key-ring.js';
import { pngOf, svgOf } from '../adapters/qr.js';
import { openDatabase } from '../adapters/sqlite/database.js';
import { createSqliteStore } from '../adapters/sqlite/store.js';
import type { Config } from '../config.js';
import { KINDS } from '../core/credential/kind-table.js';
import { type ApiKeys, createApiKeys } from '../core/issue/api-keys.js';
import { createLedger } from '../core/issue/ledger.js';
import { auditLog } from '../core/issue/log-audit.js';
import type { Clock } from '../core/issue/ports.js';
import { createRegistry } from '../core/issue/registry.js';
import type { ListRow, Store } from '../core/issue/store.js';
import { createStatusArena } from '../core/status/arena.js';
import { publishKeys } from '../core/trust/published-keys.js';
import { buildAdminApp } from '../http/admin-app.js';
import { buildApp } from '../http/app.js';
import type { AppDeps, AppOptions, Readiness } from '../http/deps.js';
import { createLogger } from '../http/logging.js';
import { createDemo } from './demo.js';
import { demoGrant } from './demo-issuer.js';
import { settleIdentity } from './identity.js';
import { createKeyAdministration } from './key-administration.js';
import { createNodeKnownCodes } from './known-codes.js';
import { PACKAGE_ROOT, PACKAGE_VERSION } from './package-root.js';
import { createRetryTimer } from './retry-timer.js';
import { statusBaseOf } from './status-base.js';
import { createStatusLists } from './status-lists.js';
import type { TrustRefusal } from './trust.js';
import { createTrustTable } from './trust-table.js';
import { createVerifier } from './verifier.js';

export interface YimaNode {
  /** The public surfaces. */
  readonly app: FastifyInstance;
  /** The same routes for whoever may open the node's own socket. */
  readonly localApp: FastifyInstance;
  /** Health and metrics. */
  readonly adminApp: FastifyInstance;
  /** Keys and trust files are read again. @throws YimaError when a file does not load: then the table is as it was */
  readonly reload: () => Promise<readonly TrustRefusal[]>;
  readonly trustRefusals: () => readonly TrustRefusal[];
  readonly access: ApiKeys;
  /** From now on the ready probe says no. */
  readonly drain: () => void;
  /** Closes the apps, lets the ledger finish, closes the store, frees the folder. */
  readonly close: () => Promise<void>;
}

export interface NodeOptions {
  readonly clock?: Clock;
  /** Where log lines go; standard output when absent. */
  readonly logStream?: { readonly write: (line: string) => void };
}

/** How often the store is asked again while the outcome of a write is in doubt. */
const STORE_RETRY_MS = 1_000;

const systemClock: Clock = () => Math.floor(Date.now() / 1000);

/** @throws YimaError `data_locked`, `schema_newer`, `key_file_unsafe`, `config_invalid`, `list_refused`, `store_failed` */
export async function openNode(config: Config, options: NodeOptions = {}): Promise<YimaNode> {
  const folder = openDataFolder(config.dataDir);
  let store: Store | undefined;
  try {
    store = createSqliteStore(openDatabase(folder.file('yima.db'), join(PACKAGE_ROOT, 'migrations')));
    return await compose(settleIdentity(folder.file('identity.json'), config), options, store, folder);
  } catch (error) {
    await store?.close();
    folder.close();
    throw error;
  }
}

async function compose(
  config: Config,
  { clock = systemClock, logStream }: NodeOptions,
  store: Store,
  folder: DataFolder,
): Promise<YimaNode> {
  const statusBase = statusBaseOf(config);
  const owner = { issuer: config.issuer, scope: { region: config.region, kinds: null }, statusBase };
  const openRing = ringsIn(openKeyFolder(folder.file('keys'), config.keyPassphrase), config, clock);
  const keyRing = await openRing({
    credential: { ...owner, use: 'credential' },
    status: { ...owner, use: 'status' },
  });
  const grant = demoGrant(config);
  const demo = config.demo ? { issuer: grant.issuer, keyRing: await openRing({ demo: grant }) } : null;
  const trust = createTrustTable(config, [keyRing, ...(demo === null ? [] : [demo.keyRing])], clock);
  const arena = createStatusArena(packedBytes(await store.lists()));
  const retry = createRetryTimer(STORE_RETRY_MS);
  const ledger = await createLedger({
    store,
    sha256,
    defer: (run) => setImmediate(run),
    later: retry.later,
  });
  const metrics = new MetricsRegistry();
  collectDefaultMetrics({ register: metrics });
  const known = createNodeKnownCodes(config.knownCodes, metrics);
  const verify = createVerifier({ keys: trust.table, status: arena, ledger, clock, known });
  const registry = await createRegistry({
    store,
    ledger,
    keyRing,
    demo,
    kinds: KINDS,
    arena,
    clock,
    random: randomBytes,
    sha256,
    isValid: (code) => verify(code).credential?.outcome === 'valid',
    settings: {
      issuer: config.issuer,
      region: config.region,
      statusBase,
      listEntries: config.statusListEntries,
    },
  });
  arena.confirm(clock()); // just loaded
  const access = await createApiKeys({
    store,
    ledger,
    clock,
    random: randomBytes,
    sha256,
    equalSecrets: timingSafeEqual,
  });
  let draining = false;

  const deps: AppDeps = {
    registry,
    verify,
    jwks: () => publishKeys(owner, trust.known(keyRing)),
    statusLists: createStatusLists({
      registry,
      kinds: KINDS,
      arena,
      keyRing,
      base: statusBase,
      ttlSeconds: config.statusTtlSeconds,
      isCurrent: ledger.isCertain,
    }),
    access,
    qr: { svg: svgOf, png: pngOf },
    kinds: KINDS,
    log: { head: () => store.head(), check: () => auditLog({ store, sha256, nextTurn }), read: store.log },
    keys: createKeyAdministration({ keyRing, ledger, clock, onChange: trust.rebuild }),
    demo: demo === null ? null : createDemo(grant.scope.region, randomBytes),
    health: { ready: () => readiness({ draining, store_uncertain: !ledger.isCertain() }) },
    metrics,
    clock,
  };
  const options = appOptions(config, logStream);
  const app = await buildApp(deps, options);
  const localApp = await buildApp({ ...deps, demo: null }, { ...options, local: true });
  const adminApp = await buildAdminApp(deps, options);

  return {
    app,
    localApp,
    adminApp,
    reload: trust.reload,
    trustRefusals: trust.refused,
    access,
    drain: () => {
      draining = true;
    },
    close: async () => {
      await Promise.all([app.close(), localApp.close(), adminApp.close()]);
      await ledger.idle();
      retry.stop();
      await store.close();
      folder.close();
    },
  };
}

/** Opens rings over one folder, each for its own uses. */
function ringsIn(
  folder: KeyFolder,
  { signingAlgorithm }: Config,
  clock: Clock,
): (uses: KeyRingDeps['uses']) => Promise<RotatingKeyRing> {
  const generate = () => generatePrivateJwk(signingAlgorithm);
  return (uses) => createKeyRing({ folder, clock, generate, createSigner: createNodeSigner, uses });
}

function appOptions(config: Config, logStream: NodeOptions['logStream']): AppOptions {
  return {
    version: PACKAGE_VERSION,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    rateLimitPerMinute: config.rateLimitPerMinute,
    verifyRateLimitPerMinute: config.verifyRateLimitPerMinute,
    log: { logger: createLogger(config.logLevel, logStream), sample: config.logSample },
    webRoot: join(PACKAGE_ROOT, 'dist', 'web'),
    health: true,
  };
}

/** Ready when nothing stands against it. */
function readiness(against: Readonly<Record<string, boolean>>): Readiness {
  const reasons = Object.keys(against).filter((reason) => against[reason]);
  return { ok: reasons.length === 0, reasons };
}

/** Room that these lists take when packed. */
function packedBytes(lists: readonly ListRow[]): number {
  return lists.reduce((bytes, { entries, bits }) => bytes + (entries * bits) / 8, 0);
}
