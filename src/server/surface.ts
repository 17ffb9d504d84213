// What the HTTP surfaces are given, the same in every process: judging here, everything else by command.

import { join } from 'node:path';
import type { Registry as MetricsRegistry } from 'prom-client';
import { createNodeVerify, randomBytes } from '../adapters/crypto-node.js';
import { pngOf, printedOf, svgOf } from '../adapters/qr.js';
import type { TrustSettings } from '../config/trust-settings.js';
import type { Config } from '../config.js';
import { KINDS } from '../core/credential/kind-table.js';
import type { Clock } from '../core/issue/ports.js';
import type { AppDeps, AppOptions, Health, Logger } from '../http/deps.js';
import type { Commands } from './commands.js';
import { createDemo } from './demo.js';
import type { Knowledge } from './knowledge.js';
import { PACKAGE_ROOT, PACKAGE_VERSION } from './package-root.js';
import { createScanKnowledge } from './scan-knowledge.js';
import { readContent } from './source-code.js';
import { deskOf } from './trust-network/trust-commands.js';

export interface SurfaceParts {
  readonly knowledge: Knowledge;
  readonly verify: AppDeps['verify'];
  readonly commands: Commands;
  /** Prefix of the URIs of this node's status lists. */
  readonly statusBase: string;
  readonly statusMaxAgeSeconds: number;
  /** Where the demo's people live; null without the demo. */
  readonly demoRegion: string | null;
  /** null: this node is in no network of trust lists. */
  readonly trust: TrustRoles | null;
  readonly tlsAuthority: AppDeps['tlsAuthority'];
  /** null: no `/health/*` here. */
  readonly health: Health | null;
  readonly metrics: MetricsRegistry;
  readonly clock: Clock;
}

/** What this node does in its network. */
export type TrustRoles = Pick<TrustSettings, 'isHub' | 'isWitness'>;

export type SurfaceSettings = Pick<
  Config,
  | 'publicUrl'
  | 'trustProxy'
  | 'tls'
  | 'rateLimitPerMinute'
  | 'verifyRateLimitPerMinute'
  | 'shortIdRateLimitPerMinute'
  | 'logLevel'
  | 'logSample'
>;

export function appDeps(parts: SurfaceParts): AppDeps {
  const { knowledge, verify, commands, demoRegion, trust, tlsAuthority, health, metrics, clock } = parts;
  return {
    verify,
    tlsAuthority,
    health,
    metrics,
    clock,
    registry: commands,
    jwks: commands.jwks,
    statusLists: {
      token: commands.statusToken,
      aggregation: commands.statusAggregation,
      isRestricted: commands.isStatusRestricted,
    },
    access: {
      check: knowledge.apiKeys.check,
      create: commands.createApiKey,
      rotate: commands.rotateApiKey,
      confirm: commands.confirmApiKey,
      list: commands.listApiKeys,
      revoke: commands.revokeApiKey,
    },
    readOwn: readContent,
    sites: {
      check: knowledge.sites.check,
      knowledge: createScanKnowledge(parts),
      create: commands.createSite,
      enrol: commands.enrolSite,
      revoke: commands.revokeSite,
      list: commands.listSites,
      override: commands.recordOverrides,
    },
    qr: { svg: svgOf, png: pngOf, printed: printedOf },
    kinds: KINDS,
    log: {
      head: commands.logHead,
      check: commands.checkLog,
      read: commands.readLog,
      restore: commands.restoreLog,
      signHead: commands.signLogHead,
      checkHead: commands.checkLogHead,
    },
    decisions: {
      propose: commands.propose,
      decide: commands.decideProposal,
      find: commands.findProposal,
      list: commands.listProposals,
      rules: commands.listColourRules,
      invoke: commands.invokeRule,
    },
    appeals: {
      file: commands.fileAppeal,
      listOpen: commands.listOpenAppeals,
      decide: commands.decideAppeal,
    },
    record: commands.readRecord,
    claims: {
      makeOffer: commands.makeOffer,
      withdrawOffer: commands.withdrawOffer,
      findOffer: commands.findOffer,
      redeem: commands.redeemOffer,
      nonce: commands.claimNonce,
      claim: commands.claimCredential,
    },
    holder: {
      list: commands.listHeld,
      refresh: commands.refreshHeld,
      history: commands.readHeldHistory,
      appeal: commands.appealHeld,
    },
    heldIssues: { find: commands.findHeldIssue, claim: commands.claimHeldIssue },
    sdJwtKeys: commands.sdJwtKeys,
    verifySignature: createNodeVerify(),
    revocations: {
      count: commands.countRevocation,
      propose: commands.proposeRevocation,
      find: commands.findRevocation,
    },
    keys: { list: commands.listKeys, rotate: commands.rotateKey, announce: commands.announceKey },
    trust: trust === null ? null : { ...trust, desk: deskOf(commands), news: knowledge.trustNews },
    demo: demoRegion === null ? null : createDemo(demoRegion, randomBytes),
  };
}

export function appOptions(settings: SurfaceSettings, logger: Logger): AppOptions {
  const { publicUrl, trustProxy, rateLimitPerMinute, verifyRateLimitPerMinute, shortIdRateLimitPerMinute } =
    settings;
  return {
    version: PACKAGE_VERSION,
    publicUrl,
    trustProxy,
    rateLimitPerMinute,
    verifyRateLimitPerMinute,
    shortIdRateLimitPerMinute,
    log: { logger, sample: settings.logSample },
    tls: settings.tls === null || settings.tls === 'self' ? settings.tls : 'given',
    webRoot: join(PACKAGE_ROOT, 'dist', 'web'),
  };
}
