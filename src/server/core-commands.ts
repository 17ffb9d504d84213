// The commands of a node's core, put together from what carries them out. Whoever gives one that changes something hears of its end only
// when the change holds wherever codes are judged.

import type { ApiKeys } from '../core/issue/api-keys.js';
import type { Registry } from '../core/issue/commands.js';
import type { HeldIssues } from '../core/issue/held-issues.js';
import type { Revocations } from '../core/issue/revocations.js';
import type { Sites } from '../core/issue/sites.js';
import type { KeyAdministration, StatusLists } from '../http/deps.js';
import type { TrustDesk } from '../http/trust-desk.js';
import type { Commands } from './commands.js';
import type { DecisionDesk } from './decisions.js';
import type { Feeds } from './feed/open-feeds.js';
import type { Followers } from './knowledge.js';
import type { createLogCommands } from './log-commands.js';
import type { PhoneDesk } from './phones.js';
import { trustCommands } from './trust-network/trust-commands.js';

export interface CoreParts {
  readonly registry: Registry;
  readonly apiKeys: ApiKeys;
  readonly sites: Sites;
  readonly keys: KeyAdministration;
  readonly desk: DecisionDesk;
  readonly revocations: Revocations;
  readonly statusLists: StatusLists;
  readonly phones: PhoneDesk;
  readonly heldIssues: HeldIssues;
  readonly log: ReturnType<typeof createLogCommands>;
  readonly jwks: Commands['jwks'];
  readonly trust: TrustDesk;
}

export function coreCommands(
  everywhere: Everywhere,
  {
    registry,
    apiKeys,
    sites,
    keys,
    desk,
    revocations,
    statusLists,
    phones,
    heldIssues,
    log,
    jwks,
    trust,
  }: CoreParts,
): Commands {
  return {
    ...changes(everywhere, registry, apiKeys, keys),
    ...siteCommands(everywhere, sites),
    ...decisions(everywhere, desk),
    ...readings(registry, apiKeys, keys, statusLists),
    ...log,
    restoreLog: unwrapped(everywhere(log.restoreLog)),
    ...revoking(everywhere, revocations),
    ...claiming(everywhere, phones),
    findHeldIssue: heldIssues.find,
    claimHeldIssue: unwrapped(everywhere(heldIssues.claim)),
    jwks,
    ...trustCommands({
      ...trust,
      accept: unwrapped(everywhere(trust.accept)),
      acceptBundle: unwrapped(everywhere(trust.acceptBundle)),
    }),
  };
}

type Everywhere = ReturnType<typeof acknowledgedBy>;

/** The same function, whose caller hears of the end only when what it changed holds wherever codes are judged. */
export function acknowledgedBy({ settled }: Followers, feeds: Pick<Feeds, 'settled'> | null) {
  return <Args extends readonly unknown[], T>(run: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<{ readonly result: T; readonly published: boolean }> => {
      const result = await run(...args);
      const [published] = await Promise.all([feeds?.settled() ?? true, settled()]);
      return { result, published };
    };
}

export function unwrapped<Args extends readonly unknown[], T>(
  run: (...args: Args) => Promise<{ readonly result: T }>,
): (...args: Args) => Promise<T> {
  return async (...args) => (await run(...args)).result;
}

function changes(everywhere: Everywhere, registry: Registry, apiKeys: ApiKeys, keys: KeyAdministration) {
  return {
    issue: unwrapped(everywhere(registry.issue)),
    request: unwrapped(everywhere(registry.request)),
    translate: unwrapped(everywhere(registry.translate)),
    changeState: async (...args: Parameters<Registry['changeState']>) => {
      const { result, published } = await everywhere(registry.changeState)(...args);
      return { ...result, published };
    },
    reportLost: async (...args: Parameters<Registry['reportLost']>) => {
      const { result, published } = await everywhere(registry.reportLost)(...args);
      return { ...result, published };
    },
    addEncoding: unwrapped(everywhere(registry.addEncoding)),
    createApiKey: unwrapped(everywhere(apiKeys.create)),
    rotateApiKey: unwrapped(everywhere(apiKeys.rotate)),
    confirmApiKey: unwrapped(everywhere(apiKeys.confirm)),
    revokeApiKey: unwrapped(everywhere(apiKeys.revoke)),
    rotateKey: unwrapped(everywhere(keys.rotate)),
    announceKey: unwrapped(everywhere(keys.announce)),
    reissue: unwrapped(everywhere(registry.reissue)),
  } satisfies Partial<Commands>;
}

function siteCommands(everywhere: Everywhere, { create, enrol, revoke, list, override }: Sites) {
  return {
    createSite: unwrapped(everywhere(create)),
    enrolSite: unwrapped(everywhere(enrol)),
    revokeSite: unwrapped(everywhere(revoke)),
    listSites: list,
    recordOverrides: override,
  } satisfies Partial<Commands>;
}

function decisions(everywhere: Everywhere, desk: DecisionDesk) {
  return {
    propose: unwrapped(everywhere(desk.propose)),
    decideProposal: unwrapped(everywhere(desk.decide)),
    invokeRule: unwrapped(everywhere(desk.invoke)),
    findProposal: desk.find,
    listProposals: desk.list,
    listColourRules: desk.rules,
    fileAppeal: unwrapped(everywhere(desk.appeals.file)),
    listOpenAppeals: desk.appeals.listOpen,
    decideAppeal: unwrapped(everywhere(desk.appeals.decide)),
    readRecord: desk.record,
  } satisfies Partial<Commands>;
}

function revoking(everywhere: Everywhere, { count, propose, find }: Revocations) {
  return {
    countRevocation: count,
    proposeRevocation: unwrapped(everywhere(propose)),
    findRevocation: find,
  } satisfies Partial<Commands>;
}

function claiming(everywhere: Everywhere, { offers, claims, holder, sdJwtKeys }: PhoneDesk) {
  return {
    makeOffer: offers.make,
    withdrawOffer: offers.withdraw,
    findOffer: offers.find,
    redeemOffer: offers.redeem,
    claimNonce: async () => claims.nonce(),
    claimCredential: unwrapped(everywhere(claims.claim)),
    listHeld: holder.list,
    refreshHeld: unwrapped(everywhere(holder.refresh)),
    readHeldHistory: holder.history,
    appealHeld: unwrapped(everywhere(holder.appeal)),
    sdJwtKeys: async () => sdJwtKeys(),
  } satisfies Partial<Commands>;
}

function readings(registry: Registry, apiKeys: ApiKeys, keys: KeyAdministration, statusLists: StatusLists) {
  return {
    find: registry.find,
    findPaper: registry.findPaper,
    listApiKeys: apiKeys.list,
    listKeys: keys.list,
    statusToken: statusLists.token,
    statusAggregation: statusLists.aggregation,
    isStatusRestricted: statusLists.isRestricted,
  } satisfies Partial<Commands>;
}
