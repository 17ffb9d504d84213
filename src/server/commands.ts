// What only the owner of the data folder can do, as one table: the surfaces ask it directly where it is in their process, and a
// worker asks its primary with one typed value a command.

import type { Registry } from '../core/issue/commands.js';
import type { HeldIssues } from '../core/issue/held-issues.js';
import type { Revocations } from '../core/issue/revocations.js';
import type { Sites } from '../core/issue/sites.js';
import type { Access, AppDeps, Decisions, KeyAdministration, LogReader, StatusLists } from '../http/deps.js';
import { TRUST_DEADLINES_MS, type TrustCommands } from './trust-network/trust-commands.js';

export interface Commands extends TrustCommands {
  readonly issue: Registry['issue'];
  readonly request: Registry['request'];
  readonly findHeldIssue: HeldIssues['find'];
  readonly claimHeldIssue: HeldIssues['claim'];
  readonly translate: Registry['translate'];
  readonly changeState: AppDeps['registry']['changeState'];
  readonly reportLost: AppDeps['registry']['reportLost'];
  readonly addEncoding: Registry['addEncoding'];
  readonly find: Registry['find'];
  readonly findPaper: Registry['findPaper'];
  readonly createApiKey: Access['create'];
  readonly rotateApiKey: Access['rotate'];
  readonly confirmApiKey: Access['confirm'];
  readonly listApiKeys: Access['list'];
  readonly revokeApiKey: Access['revoke'];
  readonly createSite: Sites['create'];
  readonly enrolSite: Sites['enrol'];
  readonly revokeSite: Sites['revoke'];
  readonly listSites: Sites['list'];
  readonly recordOverrides: Sites['override'];
  readonly propose: Decisions['propose'];
  readonly decideProposal: Decisions['decide'];
  readonly findProposal: Decisions['find'];
  readonly listProposals: Decisions['list'];
  readonly listColourRules: Decisions['rules'];
  readonly invokeRule: Decisions['invoke'];
  readonly fileAppeal: AppDeps['appeals']['file'];
  readonly listOpenAppeals: AppDeps['appeals']['listOpen'];
  readonly decideAppeal: AppDeps['appeals']['decide'];
  readonly readRecord: AppDeps['record'];
  readonly makeOffer: AppDeps['claims']['makeOffer'];
  readonly withdrawOffer: AppDeps['claims']['withdrawOffer'];
  readonly findOffer: AppDeps['claims']['findOffer'];
  readonly redeemOffer: AppDeps['claims']['redeem'];
  readonly claimNonce: AppDeps['claims']['nonce'];
  readonly claimCredential: AppDeps['claims']['claim'];
  readonly listHeld: AppDeps['holder']['list'];
  readonly refreshHeld: AppDeps['holder']['refresh'];
  readonly readHeldHistory: AppDeps['holder']['history'];
  readonly appealHeld: AppDeps['holder']['appeal'];
  readonly sdJwtKeys: AppDeps['sdJwtKeys'];
  readonly countRevocation: Revocations['count'];
  readonly proposeRevocation: Revocations['propose'];
  readonly findRevocation: Revocations['find'];
  readonly listKeys: KeyAdministration['list'];
  readonly rotateKey: KeyAdministration['rotate'];
  readonly announceKey: KeyAdministration['announce'];
  readonly reissue: Registry['reissue'];
  readonly logHead: LogReader['head'];
  readonly readLog: LogReader['read'];
  readonly checkLog: LogReader['check'];
  readonly restoreLog: LogReader['restore'];
  readonly signLogHead: LogReader['signHead'];
  readonly checkLogHead: LogReader['checkHead'];
  readonly jwks: AppDeps['jwks'];
  readonly statusToken: StatusLists['token'];
  readonly statusAggregation: StatusLists['aggregation'];
  readonly isStatusRestricted: StatusLists['isRestricted'];
}

export type CommandName = keyof Commands;

/** One command, told by its name. */
export type Command = {
  readonly [K in CommandName]: { readonly name: K; readonly args: Parameters<Commands[K]> };
}[CommandName];

const SOON_MS = 10_000;
/** Checking a long log takes its time, and so does counting many credentials. */
const LONG_MS = 600_000;

/** How long somebody in another process waits for the answer, in milliseconds. */
export const COMMAND_DEADLINES_MS: Readonly<Record<CommandName, number>> = {
  issue: SOON_MS,
  request: SOON_MS,
  findHeldIssue: SOON_MS,
  claimHeldIssue: SOON_MS,
  translate: SOON_MS,
  changeState: SOON_MS,
  reportLost: SOON_MS,
  addEncoding: SOON_MS,
  find: SOON_MS,
  findPaper: SOON_MS,
  createApiKey: SOON_MS,
  rotateApiKey: SOON_MS,
  confirmApiKey: SOON_MS,
  listApiKeys: SOON_MS,
  revokeApiKey: SOON_MS,
  createSite: SOON_MS,
  enrolSite: SOON_MS,
  revokeSite: SOON_MS,
  listSites: SOON_MS,
  recordOverrides: SOON_MS,
  propose: SOON_MS,
  decideProposal: SOON_MS,
  findProposal: SOON_MS,
  listProposals: SOON_MS,
  listColourRules: SOON_MS,
  fileAppeal: SOON_MS,
  listOpenAppeals: SOON_MS,
  decideAppeal: SOON_MS,
  readRecord: SOON_MS,
  makeOffer: SOON_MS,
  withdrawOffer: SOON_MS,
  findOffer: SOON_MS,
  redeemOffer: SOON_MS,
  claimNonce: SOON_MS,
  claimCredential: SOON_MS,
  listHeld: SOON_MS,
  refreshHeld: SOON_MS,
  readHeldHistory: SOON_MS,
  appealHeld: SOON_MS,
  sdJwtKeys: SOON_MS,
  invokeRule: SOON_MS,
  countRevocation: LONG_MS,
  proposeRevocation: LONG_MS,
  findRevocation: SOON_MS,
  listKeys: SOON_MS,
  announceKey: SOON_MS,
  reissue: LONG_MS,
  rotateKey: SOON_MS,
  logHead: SOON_MS,
  readLog: SOON_MS,
  checkLog: LONG_MS,
  restoreLog: LONG_MS,
  signLogHead: SOON_MS,
  checkLogHead: LONG_MS,
  jwks: SOON_MS,
  statusToken: SOON_MS,
  statusAggregation: SOON_MS,
  isStatusRestricted: SOON_MS,
  ...TRUST_DEADLINES_MS,
};

export const COMMAND_NAMES = Object.keys(COMMAND_DEADLINES_MS) as readonly CommandName[];
