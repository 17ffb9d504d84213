// An office in memory with the people who decide: two administrators, three officers, a rule service.

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  createNodeVerify,
  randomBytes,
  sha256,
  sha256Hex,
  timingSafeEqual,
} from '../../src/adapters/crypto-node.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { createApiKeyTable } from '../../src/core/issue/api-key-table.js';
import { type ApiKeys, createApiKeys } from '../../src/core/issue/api-keys.js';
import type { ProposalRow } from '../../src/core/issue/decision-rows.js';
import { createHeldIssues, createIssueHandler, type HeldIssues } from '../../src/core/issue/held-issues.js';
import type { RevocationJobs } from '../../src/core/issue/revocation-jobs.js';
import { createRevocationProposals } from '../../src/core/issue/revocation-proposal.js';
import { createRevocations, type Revocations } from '../../src/core/issue/revocations.js';
import { createDecisions, type DecisionDesk } from '../../src/server/decisions.js';
import { issueRequest, type OfficeOptions, openMemoryOffice } from './office.js';
import { newPerson, type Person, proposed, signed, withNonce } from './officers.js';
import { jobsOf } from './scoped.js';

export interface DeskOfficer extends Person {
  readonly id: string;
}

export interface Desk extends Awaited<ReturnType<typeof openMemoryOffice>> {
  readonly desk: DecisionDesk;
  readonly apiKeys: ApiKeys;
  readonly jobs: RevocationJobs;
  readonly revocations: Revocations;
  readonly held: HeldIssues;
  readonly admins: readonly [string, string];
  readonly officers: readonly [DeskOfficer, DeskOfficer, DeskOfficer];
  /** API key id. */
  readonly service: string;
  readonly issue: (count: number, kind?: string) => Promise<readonly string[]>;
  readonly propose: (
    by: DeskOfficer,
    type: string,
    body: Readonly<Record<string, unknown>>,
  ) => Promise<ProposalRow>;
  readonly approve: (by: DeskOfficer, proposal: ProposalRow) => Promise<ProposalRow>;
  readonly levels: (ids: readonly string[]) => Promise<readonly (number | undefined)[]>;
}

export async function openDesk(manualChangesPerDay = 100, options: OfficeOptions = {}): Promise<Desk> {
  const office = await openMemoryOffice(options);
  const { store, ledger, registry, now } = office;
  const clock = () => now.at;
  const deps = { store, ledger, clock, random: randomBytes, sha256, kinds: KINDS };
  const table = createApiKeyTable({ ...deps, equalSecrets: timingSafeEqual });
  const apiKeys = await createApiKeys({ ...deps, table });
  const jobs = jobsOf(office);
  const desk = createDecisions({
    ...deps,
    kinds: KINDS,
    verify: createNodeVerify(),
    apiKeys,
    publish: registry.publish,
    revocation: createRevocationProposals({ store, kinds: KINDS, wake: jobs.wake }),
    issue: createIssueHandler({ ...deps, sha256Hex }),
    manualChangesPerDay,
  });
  const revocations = createRevocations({ store, kinds: KINDS, nextTurn: () => nextTurn(), proposals: desk });
  const admin = async (name: string) =>
    (await apiKeys.create('local', { name, scopes: ['admin'], expiresAt: null })).row.id;
  const admins = [await admin('a'), await admin('b')] as const;
  const officer = async (): Promise<DeskOfficer> => {
    const person = newPerson();
    const request = {
      name: 'officer',
      scopes: ['officer'],
      expiresAt: null,
      publicKey: person.publicKey,
    } as const;
    const { row } = await apiKeys.create(admins[0], request);
    await apiKeys.confirm(admins[1], row.id);
    return { ...person, id: row.id };
  };
  const { row: service } = await apiKeys.create(admins[0], {
    name: 'rules',
    scopes: ['rules'],
    expiresAt: null,
  });
  await apiKeys.confirm(admins[1], service.id);
  return {
    ...office,
    desk,
    jobs,
    revocations,
    held: createHeldIssues({ ...deps, sha256Hex, issueHeld: registry.issueHeld }),
    apiKeys,
    admins,
    officers: [await officer(), await officer(), await officer()],
    service: service.id,
    issue: async (count, kind) => {
      const issued = await Promise.all(
        Array.from({ length: count }, () => registry.issue('office', issueRequest(kind))),
      );
      return issued.map(({ credential }) => credential.id);
    },
    propose: (by, type, body) => desk.propose(by.id, proposed(by, type, withNonce(body), now.at)),
    approve: (by, { id, hash }) =>
      desk.decide(by.id, id, { action: 'approve', jws: signed(by, hash, 'approve', now.at) }),
    levels: async (ids) => {
      const found = await Promise.all(ids.map((id) => registry.find(id)));
      return found.map((stored) => stored?.encodings[0]?.value);
    },
  };
}

/** A body that turns these red by hand. */
export function red(credentials: readonly string[]): Readonly<Record<string, unknown>> {
  return { action: 'set-level', level: 'red', credentials, purpose: 'outbreak', evidence: 'case 26-3' };
}

/** A body that puts a rule in force. */
export function contactRule(
  change: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    action: 'enact',
    id: 'contact',
    version: 1,
    kind: 'health-code',
    from: ['green', 'yellow'],
    to: 'red',
    text: { 'zh-CN': '密接', en: 'Contact' },
    purposes: ['outbreak', 'drill'],
    capPerHour: 5,
    validFrom: 0,
    ...change,
  };
}
