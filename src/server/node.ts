// Composition: one data folder, one store, one ledger, one key table, one verifier, and the apps over them.
// Knows every adapter, decides nothing.

import { join } from 'node:path';
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
import { openKeyFolder } from '../adapters/keyfile/key-folder.js';
import { createKeyRing, type RotatingKeyRing } from '../adapters/keyfile/key-ring.js';
import { qrMatrix, renderPng, renderSvg } from '../adapters/qr.js';
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
import { publicJwk } from '../core/signature/public-jwk.js';
import { createStatusArena } from '../core/status/arena.js';
import type { KeyTable } from '../core/trust/key-record.js';
import { createKeyTable } from '../core/trust/key-table.js';
import { buildAdminApp } from '../http/admin-app.js';
import { buildApp } from '../http/app.js';
import type { AppDeps, AppOptions } from '../http/deps.js';
import { createLogger } from '../http/logging.js';
import { createDemo } from './demo.js';
import { createKeyAdministration } from './key-administration.js';
import { PACKAGE_ROOT } from './package-root.js';
import { createStatusLists } from './status-lists.js';
import { loadTrustFiles, type TrustRefusal } from './trust.js';
import { createVerifier } from './verifier.js';

export interface YimaNode {
  /** The public surfaces. */
  readonly app: FastifyInstance;
  /** The same routes for whoever may open the node's own socket. */
  readonly localApp: FastifyInstance;
  /** Health and metrics. */
  readonly adminApp: FastifyInstance;
  /** Keys and trust files are read again; a file that does not load leaves the table as it was. */
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

const systemClock: Clock = () => Math.floor(Date.now() / 1000);

/** @throws YimaError `data_locked`, `schema_newer`, `key_file_unsafe`, `config_invalid`, `store_failed` */
export async function openNode(config: Config, options: NodeOptions = {}): Promise<YimaNode> {
  const folder = openDataFolder(config.dataDir);
  let store: Store | undefined;
  try {
    store = createSqliteStore(openDatabase(folder.file('yima.db'), join(PACKAGE_ROOT, 'migrations')));
    return await compose(config, options, store, folder);
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
  const statusBase = `${config.publicUrl}/status-lists/`;
  const keyRing = await createKeyRing({
    folder: openKeyFolder(folder.file('keys'), config.keyPassphrase),
    clock,
    generate: () => generatePrivateJwk('Ed25519'),
    createSigner: createNodeSigner,
    owner: { issuer: config.issuer, region: config.region, statusBase },
  });
  const trust = createTrust(config, keyRing, clock);
  const arena = createStatusArena(packedBytes(await store.lists()));
  const ledger = await createLedger({ store, sha256, defer: (run) => setImmediate(run) });
  const verify = createVerifier({ keys: trust.table, status: arena, ledger, clock });
  const registry = await createRegistry({
    store,
    ledger,
    keyRing,
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
  const access = await createApiKeys({
    store,
    ledger,
    clock,
    random: randomBytes,
    sha256,
    equalSecrets: timingSafeEqual,
  });
  const metrics = new MetricsRegistry();
  collectDefaultMetrics({ register: metrics });
  let draining = false;

  const deps: AppDeps = {
    registry,
    verify,
    jwks: () => ({ keys: keyRing.records().map(({ key, kid }) => ({ ...publicJwk(key), kid, use: 'sig' })) }),
    statusLists: createStatusLists({
      registry,
      kinds: KINDS,
      arena,
      keyRing,
      base: statusBase,
      ttlSeconds: config.statusTtlSeconds,
    }),
    access,
    qr: {
      svg: (text, scale) => renderSvg(qrMatrix(text), { scale }),
      png: (text, scale) => renderPng(qrMatrix(text), { scale }),
    },
    kinds: KINDS,
    log: { head: () => store.head(), check: () => auditLog(store, sha256), read: store.log },
    keys: createKeyAdministration({ keyRing, ledger, clock, onChange: trust.rebuild }),
    demo: config.demo ? createDemo(demoRegion(config.region), randomBytes) : null,
    health: { ready: () => ({ ok: !draining, reasons: draining ? ['draining'] : [] }) },
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
    reload: async () => {
      await keyRing.reload();
      return trust.reload();
    },
    trustRefusals: trust.refused,
    access,
    drain: () => {
      draining = true;
    },
    close: async () => {
      await Promise.all([app.close(), localApp.close(), adminApp.close()]);
      await ledger.idle();
      await store.close();
      folder.close();
    },
  };
}

function createTrust(config: Config, keyRing: RotatingKeyRing, clock: Clock) {
  const folders = [config.trustDir, ...(config.demo ? [join(PACKAGE_ROOT, 'keys')] : [])];
  let files = loadTrustFiles(folders, sha256);
  const build = (): KeyTable => createKeyTable([...keyRing.records(), ...files.records], clock());
  let table = build();
  return {
    table: () => table,
    refused: () => files.refused,
    rebuild: () => {
      table = build();
    },
    reload: () => {
      files = loadTrustFiles(folders, sha256);
      table = build();
      return files.refused;
    },
  };
}

function appOptions(config: Config, logStream: NodeOptions['logStream']): AppOptions {
  return {
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    rateLimitPerMinute: config.rateLimitPerMinute,
    verifyRateLimitPerMinute: config.verifyRateLimitPerMinute,
    log: { logger: createLogger(config.logLevel, logStream), sample: config.logSample },
    webRoot: join(PACKAGE_ROOT, 'dist', 'web'),
    health: true,
  };
}

/** A county inside the node's own scope, which may be any prefix. */
function demoRegion(scope: string): string {
  return scope.length === 6 ? scope : `${(scope || '33').padEnd(4, '01')}02`;
}

/** Room that these lists take when packed. */
function packedBytes(lists: readonly ListRow[]): number {
  return lists.reduce((bytes, { entries, bits }) => bytes + (entries * bits) / 8, 0);
}
