// The core of a node: whatever belongs to the one process that holds the data folder - store, ledger, signing keys, and the
// knowledge that codes are judged by. Knows no door.

import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import {
  createNodeVerify,
  randomBytes,
  sha256,
  sha256Hex,
  timingSafeEqual,
} from '../adapters/crypto-node.js';
import { type DataFolder, openDataFolder } from '../adapters/data-folder.js';
import { openKeyFolder } from '../adapters/keyfile/key-folder.js';
import { openDatabase } from '../adapters/sqlite/database.js';
import { createSqliteStore } from '../adapters/sqlite/store.js';
import type { Config } from '../config.js';
import { KINDS } from '../core/credential/kind-table.js';
import { createApiKeyTable } from '../core/issue/api-key-table.js';
import { createApiKeys } from '../core/issue/api-keys.js';
import { createHeldIssues, createIssueHandler } from '../core/issue/held-issues.js';
import { createIssueQuota } from '../core/issue/issue-quota.js';
import { createLedger } from '../core/issue/ledger.js';
import { auditLog, type LogAudit } from '../core/issue/log-audit.js';
import type { Clock } from '../core/issue/ports.js';
import { createRegistry } from '../core/issue/registry.js';
import { feedFloor } from '../core/issue/restored-backup.js';
import type { RevocationJobs } from '../core/issue/revocation-jobs.js';
import { createRevocationProposals } from '../core/issue/revocation-proposal.js';
import { createRevocations } from '../core/issue/revocations.js';
import { createSecondLook } from '../core/issue/second-look.js';
import { createSiteTable } from '../core/issue/site-table.js';
import { createSites } from '../core/issue/sites.js';
import type { Store } from '../core/issue/store.js';
import { createStatusArena } from '../core/status/arena.js';
import type { Steady } from '../core/status/moment.js';
import { createKeyTable } from '../core/trust/key-table.js';
import { publishKeys } from '../core/trust/published-keys.js';
import type { Access, AppDeps, Logger } from '../http/deps.js';
import { after } from './after.js';
import { finishSwap } from './backup/swap.js';
import { type Clocks, momentOf, steadyClock, systemClock } from './clocks.js';
import type { Commands } from './commands.js';
import { acknowledgedBy, coreCommands, unwrapped } from './core-commands.js';
import { createDecisions, type DecisionDesk } from './decisions.js';
import { demoGrant } from './demo-issuer.js';
import { type Feeds, openFeeds } from './feed/open-feeds.js';
import { settleIdentity } from './identity.js';
import { checkIssueRules } from './issue-rules.js';
import { type Judging, openJudging } from './judging.js';
import type { Followers, Knowledge, Pulse } from './knowledge.js';
import { createLogCommands } from './log-commands.js';
import { lookAgain } from './look-again.js';
import { PACKAGE_ROOT } from './package-root.js';
import { type OpenPartners, openPartners } from './partners/open-partners.js';
import { openPhones } from './phones.js';
import { createPolicies, type Policies } from './policies.js';
import { policiesUpdate, publishedApiKeys, publishedArena, publishedSites } from './published.js';
import { createRetryTimer } from './retry-timer.js';
import { openRevocationJobs } from './revocation-jobs.js';
import { ringsIn } from './rings.js';
import { createSdJwtKeys } from './sd-jwt-keys.js';
import { openSightings } from './sightings/open-sightings.js';
import { createSigningKeys, type SigningKeys } from './signing-keys.js';
import { createSourceReader, readContent } from './source-code.js';
import { statusBaseOf } from './status-base.js';
import { createStatusLists } from './status-lists.js';
import type { TrustRoles } from './surface.js';
import type { TrustRefusal } from './trust.js';
import { checkOwnCode, listedRing } from './trust-network/listed-ring.js';
import { createTrustNews } from './trust-network/news.js';
import { NO_DESK } from './trust-network/no-desk.js';
import { openTrustNetwork } from './trust-network/open-network.js';
import { openPull } from './trust-network/open-pull.js';
import { openTrust } from './trust-network/open-trust.js';
import type { TrustService } from './trust-network/trust-service.js';
import { createTrustTable, type TrustTable } from './trust-table.js';
import { createVerifier, type LedgerSight } from './verifier.js';

export interface NodeCore {
  /** With the identity that the data folder has. */
  readonly config: Config;
  readonly clock: Clock;
  readonly steady: Steady;
  readonly knowledge: Knowledge;
  readonly verify: AppDeps['verify'];
  readonly judging: Judging;
  /** A change is answered when it holds wherever codes are judged. */
  readonly commands: Commands;
  readonly access: Access;
  readonly desk: Pick<DecisionDesk, 'figures' | 'officerKeys' | 'openAppeals'>;
  readonly revocationFigures: RevocationJobs['figures'];
  /** Prefix of the URIs of this node's status lists. */
  readonly statusBase: string;
  readonly statusMaxAgeSeconds: number;
  /** Where the demo's people live; null without the demo. */
  readonly demoRegion: string | null;
  /** What this node does in a network of trust lists; null: it is in none. */
  readonly trust: TrustRoles | null;
  readonly trustService: TrustService | null;
  readonly signingKeys: Pick<SigningKeys, 'spent' | 'successors'>;
  /** A worker saw these presentations first, packed. */
  readonly hearSightings: (packed: Uint8Array) => void;
  /** How current the knowledge is now. */
  readonly pulse: () => Pulse;
  /** Keys, trust files, policies and API keys at partners are read again. @throws YimaError when a file does not load: then the tables are as they were */
  readonly reload: () => Promise<readonly TrustRefusal[]>;
  readonly trustRefusals: () => readonly TrustRefusal[];
  /** Other authorities' lists; null where they are off. */
  readonly partners: OpenPartners | null;
  /** null: without Redis. */
  readonly feeds: Feeds | null;
  /** The check of the log, in no hurry. */
  readonly audit: () => Promise<LogAudit>;
  /** Lets the ledger finish, closes the store, frees the folder. */
  readonly close: () => Promise<void>;
}

/** How often the store is asked again while the outcome of a write is in doubt. */
const STORE_RETRY_MS = 1_000;
/** Between two pages of the log, which take two or three milliseconds each: a check at leisure has an eighth of the time. */
const AUDIT_PAUSE_MS = 20;

/** @throws YimaError `data_locked`, `schema_newer`, `key_file_unsafe`, `config_invalid`, `list_refused`, `store_failed` */
export async function openCore(
  config: Config,
  followers: Followers,
  logger: Logger,
  clocks: Partial<Clocks> = {},
): Promise<NodeCore> {
  const folder = openDataFolder(config.dataDir);
  let store: Store | undefined;
  try {
    finishSwap(folder.path); // of a restoration that was killed
    store = createSqliteStore(openDatabase(folder.file('yima.db'), join(PACKAGE_ROOT, 'migrations')));
    const settled = settleIdentity(folder.file('identity.json'), config);
    return await compose(
      settled,
      followers,
      logger,
      { clock: systemClock, steady: steadyClock, ...clocks },
      store,
      folder,
    );
  } catch (error) {
    await store?.close();
    folder.close();
    throw error;
  }
}

async function compose(
  config: Config,
  followers: Followers,
  logger: Logger,
  clocks: Clocks,
  store: Store,
  folder: DataFolder,
): Promise<NodeCore> {
  const { clock, steady } = clocks;
  const statusBase = statusBaseOf(config);
  const owner = { issuer: config.issuer, scope: { region: config.region, kinds: null }, statusBase };
  const openRing = ringsIn(openKeyFolder(folder.file('keys'), config.keyPassphrase), config, clock);
  const keyRing = await openRing({
    credential: { ...owner, use: 'credential' },
    'credential-long': { ...owner, use: 'credential' },
    status: { ...owner, use: 'status' },
  });
  const sdJwtRing = await openRing({ 'sd-jwt': { ...owner, use: 'credential' } }, 'ES256');
  const grant = demoGrant(config);
  const demo = config.demo ? { issuer: grant.issuer, keyRing: await openRing({ demo: grant }) } : null;
  let feeds: Feeds | null = null as Feeds | null;
  const publish: Followers['publish'] = (update) => {
    followers.publish(update);
    feeds?.publish(update);
  };
  const network = config.trust === null ? null : await openTrustNetwork(config.trust.pin, store);
  const isRooted = (): boolean => network?.isRooted() ?? false;
  const trust = createTrustTable(
    config,
    { keyRing, demoRing: demo?.keyRing ?? null, network },
    clock,
    publish,
  );
  const signing = listedRing({ ring: keyRing, table: trust.table, isRooted, statusBase });
  const trustNews = createTrustNews(after, sha256);
  const policies = createPolicies(config, (table) => publish(policiesUpdate(table)));
  const arena = createStatusArena();
  const retry = createRetryTimer(STORE_RETRY_MS);
  const ledger = await createLedger({
    store,
    sha256Hex,
    defer: (run) => setImmediate(run),
    later: retry.later,
  });
  const apiKeyTable = createApiKeyTable({ clock, sha256, equalSecrets: timingSafeEqual });
  const siteTable = createSiteTable(createNodeVerify());
  const sight: LedgerSight = {
    confirm: (now) => {
      if (ledger.isCertain()) arena.confirm(statusBase, now);
    },
    floor: () => ledger.head()?.at ?? 0,
  };
  const seen = openSightings({ issuer: config.issuer, publish: followers.publish, clocks });
  const knowledge: Knowledge = {
    keys: trust.table,
    status: arena,
    policies: policies.table,
    apiKeys: apiKeyTable,
    sites: siteTable,
    trustNews,
    ledger: sight,
    sightings: seen.sightings,
  };
  const judging = openJudging(config);
  const { verify, isValid } = createVerifier({ ...knowledge, clock, steady, judging });
  const shared = publishedArena(arena, publish);
  const signingKeys = createSigningKeys({
    ring: keyRing,
    listed: signing,
    isRooted,
    store,
    ledger,
    clock,
    keySignatures: config.keySignatures,
    after,
    nextTurn,
    onChange: trust.rebuild,
    logger,
  });
  const sdJwt = createSdJwtKeys(config.publicUrl, sdJwtRing, ledger, clock);
  checkIssueRules(config, KINDS);
  const quota = createIssueQuota(config.issuesPerDay, await store.issueCounts());
  const secondLook = createSecondLook({
    store,
    kinds: KINDS,
    region: config.region,
    quota,
    clock,
    random: randomBytes,
    sha256,
    sha256Hex,
    shares: config.secondLook,
  });
  const registry = await createRegistry({
    store,
    ledger,
    reserve: signingKeys.reserve,
    quota,
    secondLook,
    readOwn: readContent,
    demo,
    sdJwt,
    verify: createNodeVerify(),
    kinds: KINDS,
    arena: shared,
    clock,
    random: randomBytes,
    sha256,
    sha256Hex,
    isValid: (code) => isValid(code) || checkOwnCode(verify(code), isRooted()),
    readSource: config.region === '' ? createSourceReader(verify, [config.issuer, grant.issuer]) : null,
    settings: {
      issuer: config.issuer,
      region: config.region,
      statusBase,
      listEntries: config.statusListEntries,
      singleRevocationsPerDay: config.singleRevocationsPerDay,
    },
  });
  arena.confirm(statusBase, momentOf(clocks)); // just loaded
  const table = publishedApiKeys(apiKeyTable, publish);
  const apiKeys = await createApiKeys({
    store,
    ledger,
    clock,
    random: randomBytes,
    sha256,
    kinds: KINDS,
    table,
  });
  const sites = await createSites({
    store,
    ledger,
    clock,
    random: randomBytes,
    sha256,
    verify: createNodeVerify(),
    region: config.region,
    table: publishedSites(siteTable, publish),
  });
  const jobs = openRevocationJobs({
    store,
    ledger,
    clock,
    publish: registry.publish,
    settled: () => Promise.all([feeds?.settled(), followers.settled()]),
  });
  const desk = createDecisions({
    store,
    ledger,
    kinds: KINDS,
    clock,
    random: randomBytes,
    sha256,
    verify: createNodeVerify(),
    apiKeys,
    publish: registry.publish,
    revocation: createRevocationProposals({ store, kinds: KINDS, wake: jobs.wake }),
    issue: createIssueHandler({ store, clock, sha256Hex }),
    manualChangesPerDay: config.manualChangesPerDay,
  });
  const heldIssues = createHeldIssues({ store, ledger, clock, sha256Hex, issueHeld: registry.issueHeld });
  const stopErasing = lookAgain(heldIssues.eraseStale, {
    after,
    logger,
    failed: 'requests that nobody fetched were not erased',
  });
  const revocations = createRevocations({ store, kinds: KINDS, nextTurn, proposals: desk });
  const phones = openPhones({
    store,
    ledger,
    registry,
    appeals: desk.appeals,
    sdJwt,
    clock,
    offerSeconds: config.offerSeconds,
    after,
    logger,
  });
  const statusLists = createStatusLists({
    registry,
    kinds: KINDS,
    arena,
    keyRing: signing,
    base: statusBase,
    ttlSeconds: config.statusTtlSeconds,
    confirm: (epoch) => sight.confirm({ epoch, steady: steady() }),
  });
  const log = createLogCommands({
    store,
    ledger,
    arena: { find: arena.find, set: shared.set },
    statusBase,
    issuer: config.issuer,
    keyRing,
    clock,
  });
  const partners = openPartners(config, {
    ...clocks,
    knowledge,
    publish: followers.publish,
    hasFeed: (base) => feeds?.hasFeed(base) ?? false,
  });
  if (config.redis !== null) {
    seen.join(config.redis);
    feeds = openFeeds({
      place: config.redis,
      issuer: config.issuer,
      base: statusBase,
      arena,
      ledger,
      floor: feedFloor(await store.era()),
      keyRing: signing,
      keys: trust.table,
      ownKeys: () => (isRooted() ? createKeyTable(keyRing.records(), clock()) : trust.table()),
      verify: judging.signatures.verify,
      followers,
      clocks,
      marksFolder: folder.file('feed-marks'),
      logger,
    });
  }
  const service =
    network === null || config.trust === null
      ? null
      : await openTrust({
          config,
          settings: config.trust,
          opened: network,
          openRing,
          store,
          ledger,
          clock,
          arena,
          statusBase,
          table: trust,
          news: trustNews,
          publish,
          isListed: signing.isListed,
          logger,
        });
  const pull = service === null ? null : openPull(config, { desk: service.desk, news: trustNews, steady });
  const everywhere = acknowledgedBy(followers, feeds);
  const commands = coreCommands(everywhere, {
    registry,
    apiKeys,
    sites,
    keys: signingKeys.administration,
    desk,
    revocations,
    statusLists,
    phones,
    heldIssues,
    log,
    jwks: async () => publishKeys(owner, trust.known(keyRing)),
    trust: service?.desk ?? NO_DESK,
  });
  jobs.wake(); // those that were under way when this process's predecessor ended

  return {
    config,
    clock,
    steady,
    knowledge,
    verify,
    judging,
    commands,
    access: {
      check: apiKeyTable.check,
      create: commands.createApiKey,
      rotate: commands.rotateApiKey,
      confirm: commands.confirmApiKey,
      list: commands.listApiKeys,
      revoke: commands.revokeApiKey,
    },
    desk,
    revocationFigures: jobs.figures,
    statusBase,
    statusMaxAgeSeconds: config.statusMaxAgeSeconds,
    demoRegion: demo === null ? null : grant.scope.region,
    trust: config.trust === null ? null : { isHub: config.trust.isHub, isWitness: config.trust.isWitness },
    trustService: service,
    signingKeys,
    hearSightings: seen.hear,
    pulse: () => {
      sight.confirm(momentOf(clocks));
      const asOf = arena.confirmedAt(statusBase);
      return { isCertain: ledger.isCertain(), base: statusBase, asOf, floor: sight.floor() };
    },
    reload: unwrapped(
      everywhere(async () => {
        partners?.reload();
        return reload(trust, policies);
      }),
    ),
    trustRefusals: trust.refused,
    partners,
    audit: () => auditLog({ store, sha256, nextTurn: () => pause(AUDIT_PAUSE_MS) }),
    feeds,
    close: async () => {
      signingKeys.close();
      await phones.close();
      await stopErasing();
      await partners?.stop();
      await jobs.close();
      await pull?.stop();
      await service?.close();
      await ledger.idle();
      await feeds?.close();
      await seen.close();
      retry.stop();
      await store.close();
      folder.close();
    },
  };
}

/** Policies that do not load leave the trust table as it was, and the other way round. */
async function reload(trust: TrustTable, policies: Policies): Promise<readonly TrustRefusal[]> {
  const swap = policies.prepareReload();
  const refused = await trust.reload();
  swap();
  return refused;
}
