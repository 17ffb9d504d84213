// The core of a node in memory: tables that are written to and published as the real one's are, commands that are obedient.

import { loadConfig } from '../../../src/config.js';
import type { RegionalPolicy } from '../../../src/core/credential/kind.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import { after } from '../../../src/server/after.js';
import type { Commands } from '../../../src/server/commands.js';
import type { NodeCore } from '../../../src/server/core.js';
import { openJudging } from '../../../src/server/judging.js';
import type { Followers, Pulse } from '../../../src/server/knowledge.js';
import { publishedApiKeys, publishedArena } from '../../../src/server/published.js';
import { NO_DESK } from '../../../src/server/trust-network/no-desk.js';
import { trustCommands } from '../../../src/server/trust-network/trust-commands.js';
import { createMirror } from '../../../src/server/worker/mirror.js';
import { createTwinDeps, NOW } from '../../http/support/twin-deps.js';
import { quietSightings } from '../../support/device.js';

export const BASE = 'https://yima.test/status-lists/';

export interface TwinCore extends NodeCore {
  /** The status table as the registry writes to it. */
  readonly lists: ReturnType<typeof publishedArena>;
  /** The API keys as their administration writes to them. */
  readonly apiKeys: ReturnType<typeof publishedApiKeys>;
  readonly setPolicies: (policies: readonly RegionalPolicy[], region: string) => void;
  readonly setKeys: (records: readonly KeyRecord[], asOf: number) => void;
  readonly next: { pulse: Pulse };
}

export function createTwinCore({ publish }: Pick<Followers, 'publish'>): TwinCore {
  const deps = createTwinDeps();
  const knowledge = createMirror(deps.clock, after, quietSightings());
  const next = { pulse: { isCertain: true, base: BASE, asOf: { epoch: NOW, steady: 0 }, floor: NOW - 60 } };
  return {
    config: loadConfig({}),
    clock: deps.clock,
    steady: () => 0,
    knowledge,
    verify: deps.verify,
    judging: openJudging({
      verifier: 'node',
      verifierTableMb: 0,
      knownCodes: 0,
      statusMaxAgeSeconds: 86_400,
    }),
    commands: twinCommands(deps),
    access: deps.access,
    desk: {
      figures: () => ({ byHand: 0, byRule: 0, byHeld: 0, held: 0, onAppeal: 0 }),
      officerKeys: async () => 0,
      openAppeals: async () => 0,
    },
    revocationFigures: () => ({ revoked: 0, stopped: 0 }),
    statusBase: BASE,
    statusMaxAgeSeconds: 86_400,
    demoRegion: null,
    trust: null,
    trustService: null,
    hearSightings: () => undefined,
    signingKeys: { spent: () => undefined, successors: () => 0 },
    pulse: () => next.pulse,
    reload: async () => [],
    trustRefusals: () => [],
    partners: null,
    audit: deps.log.check,
    feeds: null,
    close: async () => undefined,
    lists: publishedArena(knowledge.status, publish),
    apiKeys: publishedApiKeys(knowledge.apiKeys, publish),
    setPolicies: (policies, region) => {
      knowledge.apply({ type: 'policies', policies, region });
      publish({ type: 'policies', policies, region });
    },
    setKeys: (records, asOf) => {
      knowledge.apply({ type: 'keys', records, asOf });
      publish({ type: 'keys', records, asOf });
    },
    next,
  };
}

export function twinCommands(deps = createTwinDeps()): Commands {
  const { registry, access, sites, decisions, keys, log, revocations, statusLists } = deps;
  return {
    issue: registry.issue,
    request: registry.request,
    findHeldIssue: deps.heldIssues.find,
    claimHeldIssue: deps.heldIssues.claim,
    translate: registry.translate,
    changeState: registry.changeState,
    reportLost: registry.reportLost,
    find: registry.find,
    findPaper: registry.findPaper,
    createApiKey: access.create,
    rotateApiKey: access.rotate,
    confirmApiKey: access.confirm,
    listApiKeys: access.list,
    revokeApiKey: access.revoke,
    createSite: sites.create,
    enrolSite: sites.enrol,
    revokeSite: sites.revoke,
    listSites: sites.list,
    recordOverrides: sites.override,
    propose: decisions.propose,
    decideProposal: decisions.decide,
    findProposal: decisions.find,
    listProposals: decisions.list,
    listColourRules: decisions.rules,
    invokeRule: decisions.invoke,
    countRevocation: revocations.count,
    proposeRevocation: revocations.propose,
    findRevocation: revocations.find,
    listKeys: keys.list,
    rotateKey: keys.rotate,
    announceKey: keys.announce,
    reissue: registry.reissue,
    addEncoding: registry.addEncoding,
    logHead: log.head,
    readLog: log.read,
    checkLog: log.check,
    restoreLog: log.restore,
    signLogHead: log.signHead,
    checkLogHead: log.checkHead,
    makeOffer: deps.claims.makeOffer,
    withdrawOffer: deps.claims.withdrawOffer,
    findOffer: deps.claims.findOffer,
    redeemOffer: deps.claims.redeem,
    claimNonce: deps.claims.nonce,
    claimCredential: deps.claims.claim,
    listHeld: deps.holder.list,
    refreshHeld: deps.holder.refresh,
    readHeldHistory: deps.holder.history,
    appealHeld: deps.holder.appeal,
    sdJwtKeys: deps.sdJwtKeys,
    fileAppeal: deps.appeals.file,
    listOpenAppeals: deps.appeals.listOpen,
    decideAppeal: deps.appeals.decide,
    readRecord: deps.record,
    jwks: deps.jwks,
    statusToken: statusLists.token,
    statusAggregation: statusLists.aggregation,
    isStatusRestricted: statusLists.isRestricted,
    ...trustCommands(NO_DESK),
  };
}
