// Everything the app needs, in memory and obedient: tests change a part by overriding it.

import { Registry as MetricsRegistry } from 'prom-client';
import { createNodeVerify } from '../../../src/adapters/crypto-node.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import type { Registry } from '../../../src/core/issue/commands.js';
import type { CredentialRecord, RecordedChange } from '../../../src/core/issue/credential-record.js';
import type { AppealRow, ProposalRow } from '../../../src/core/issue/decision-rows.js';
import { type Principal, SCOPES, type Scope } from '../../../src/core/issue/principal.js';
import type { Revocations } from '../../../src/core/issue/revocations.js';
import type { ApiKeyRow } from '../../../src/core/issue/store.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import { buildApp } from '../../../src/http/app.js';
import type { App } from '../../../src/http/app-types.js';
import type { Access, AppDeps, AppOptions, Decisions } from '../../../src/http/deps.js';
import { createLogger } from '../../../src/http/logging.js';
import { readContent } from '../../../src/server/source-code.js';
import { ADMIT, NOT_OURS } from './answers.js';
import { createTwinRegistry, type TwinRegistry } from './twin-registry.js';
import { TWIN_SITES } from './twin-sites.js';

export const NOW = 1_760_000_100;

/** A key with these scopes, as the twin knows it. */
export const keyFor = (...scopes: readonly Scope[]): string => `yk_${scopes.join('-') || 'none'}_secret`;

export const bearer = (...scopes: readonly Scope[]): { authorization: string } => ({
  authorization: `Bearer ${keyFor(...scopes)}`,
});

function createTwinAccess(): Access {
  const rows = new Map<string, ApiKeyRow>();
  return {
    check: (presented): Principal | undefined => {
      const [, words = '', secret] = presented.split('_');
      if (!presented.startsWith('yk_') || secret !== 'secret') return undefined;
      return {
        id: `key-${words}`,
        scopes: words.split('-').filter((word): word is Scope => SCOPES.includes(word as Scope)),
      };
    },
    create: async (_actor, { name, scopes, expiresAt }) => {
      const id = 'abcdefghijklmnop';
      const row = {
        id,
        name,
        scopes,
        salt: '',
        hash: 'never-shown',
        createdAt: NOW,
        expiresAt,
        revokedAt: null,
        createdBy: 'local',
        publicKey: null,
        confirmedBy: null,
        confirmedAt: null,
        region: null,
        kinds: null,
        site: null,
        oldSalt: null,
        oldHash: null,
        oldEndsAt: null,
      };
      rows.set(id, row);
      return { row, secret: `yk_${id}_once` };
    },
    list: async () => [...rows.values()],
    confirm: async (actor, id) => {
      const row = rows.get(id);
      if (row === undefined) throw new YimaError('not_found', 'There is no such key.');
      return { ...row, confirmedBy: actor, confirmedAt: NOW };
    },
    rotate: async (_actor, id, { overlapSeconds }) => {
      const row = rows.get(id);
      if (row === undefined) throw new YimaError('not_found', 'There is no such key.');
      return { row: { ...row, oldEndsAt: NOW + overlapSeconds }, secret: `yk_${id}_again` };
    },
    revoke: async (_actor, id) => {
      const row = rows.get(id);
      if (row === undefined) throw new YimaError('not_found', 'There is no such key.');
      const revoked = { ...row, revokedAt: NOW };
      rows.set(id, revoked);
      return revoked;
    },
  };
}

/** Knows nothing and refuses everything. */
function createTwinDecisions(): Decisions {
  const refuse = async (): Promise<never> => {
    throw new YimaError('conflict', 'Twins decide nothing.');
  };
  return {
    propose: refuse,
    decide: refuse,
    invoke: refuse,
    find: async () => undefined,
    list: async () => [],
    rules: async () => [],
  };
}

/** Offers what nobody can claim. */
function createTwinClaims(): AppDeps['claims'] {
  const code = `${'a'.repeat(25)}b${'c'.repeat(26)}`;
  return {
    makeOffer: async () => ({ id: 'a'.repeat(26), code, txCode: '012345', expiresAt: NOW + 900 }),
    withdrawOffer: async () => undefined,
    findOffer: async (asked) => {
      if (asked !== code) throw new YimaError('not_found', 'There is no such offer.');
      return { kind: 'food-handler', forms: ['device', 'sd-jwt'] };
    },
    redeem: async (_code, txCode) =>
      txCode === '012345'
        ? { ok: true, accessToken: 'token', expiresInSeconds: 300 }
        : { ok: false, left: 4 },
    nonce: async () => 'nonce',
    claim: async () => {
      throw new YimaError('unauthenticated', 'Twins issue nothing.', { rule: 'invalid_token' });
    },
  };
}

/** Holds nothing. */
function createTwinHolder(): AppDeps['holder'] {
  const refuse = async (): Promise<never> => {
    throw new YimaError('not_found', 'This device holds no such credential.');
  };
  return { list: async () => [], refresh: refuse, history: refuse, appeal: refuse };
}

/** Counts the same in every scope, and takes every proposal. */
function createTwinRevocations(): Revocations {
  const open = new Map<string, ProposalRow>();
  return {
    count: async () => ({
      count: 12,
      revoked: 3,
      groups: [{ kind: 'health-code', region: '330102', count: 12 }],
    }),
    propose: async (actor, body, jws) => {
      const row: ProposalRow = {
        id: 'r'.repeat(26),
        type: 'revocation',
        body: JSON.stringify(body),
        hash: '0'.repeat(64),
        size: 12,
        seen: '',
        proposedBy: actor,
        proposedAt: NOW,
        proposerJws: jws,
        state: 'open',
        decidedBy: null,
        decidedAt: null,
        deciderJws: null,
      };
      open.set(row.id, row);
      return row;
    },
    find: async (id) => {
      const proposal = open.get(id);
      return proposal && { proposal, job: null };
    },
  };
}

const RECORD: KeyRecord = {
  format: 'yima',
  issuer: '330102',
  kid: 'AAAAAAAAAAA',
  key: { algorithm: 'Ed25519', x: new Uint8Array(32) },
  use: 'credential',
  scope: { region: '330102', kinds: null },
  notBefore: NOW,
  notAfter: null,
  state: 'active',
  statusBase: 'https://yima.test/status-lists/',
  trustedUntil: null,
};

/** List 0 shows colours, list 1 does not. */
const TOKENS = { jwt: 'header.payload.signature', cwt: new Uint8Array([0xd2, 0x84]) } as const;

/** A log of seven entries, of which one credential was changed behind it. */
export const TWIN_LOG_REPAIR: Pick<AppDeps['log'], 'restore' | 'signHead' | 'checkHead'> = {
  restore: async (_actor, { dryRun }) => ({
    restored: 1,
    keptRevoked: [{ credential: 'a'.repeat(26), form: 'screen', list: 0, index: 3 }],
    keptRevokedCount: 1,
    strayCredentials: [],
    logSeqs: dryRun ? [] : [8],
  }),
  signHead: async () => ({ issuer: '330102', seq: 7, hash: 'h7', at: NOW, signed: 'h.p.s' }),
  checkHead: async () => ({ issuer: '330102', seq: 7, hash: 'h7', at: NOW, ok: false, finding: 'rewritten' }),
};

const GREEN = { value: 0, word: 'green', text: { 'zh-CN': '绿码', en: 'Green' } };
const RED = { value: 0x0d, word: 'red', text: { 'zh-CN': '红码', en: 'Red' } };

const CHANGED: RecordedChange = {
  id: 'c'.repeat(26),
  at: NOW,
  form: null,
  from: GREEN,
  to: RED,
  by: 'rule',
  rule: { id: 'contact', version: 2 },
  ground: { 'zh-CN': '接触者', en: 'A contact' },
  reason: 'epidemic',
};

export const APPEALED: AppealRow = {
  id: 'p'.repeat(26),
  credentialId: 'a'.repeat(26),
  changeId: CHANGED.id,
  grounds: 'I was never there',
  operator: 'desk-1',
  filedBy: 'desk',
  filedAt: NOW,
  state: 'open',
  decidedBy: null,
  decidedAt: null,
  deciderJws: null,
  answer: null,
  proposalId: null,
};

const RECORDED: CredentialRecord = {
  id: APPEALED.credentialId,
  kind: 'health-code',
  issuedAt: NOW,
  expiresAt: null,
  status: RED,
  replaces: null,
  replacedBy: null,
  changes: [CHANGED],
  appeals: [
    {
      id: APPEALED.id,
      change: CHANGED.id,
      state: 'open',
      filedAt: NOW,
      dueAt: NOW + 1_296_000,
      decidedAt: null,
      answer: null,
    },
  ],
};

const TWIN_APPEALS: AppDeps['appeals'] = {
  file: async (filedBy, credentialId, { operator, grounds }) => ({
    ...APPEALED,
    filedBy,
    credentialId,
    operator,
    grounds,
  }),
  listOpen: async () => [{ appeal: APPEALED, change: CHANGED, evidence: 'case 7', body: {}, hash: 'ab' }],
  decide: async (decidedBy, _id, { action, answer }) => ({
    ...APPEALED,
    state: action === 'approve' ? 'accepted' : 'rejected',
    decidedBy,
    decidedAt: NOW,
    answer,
  }),
};

export type TwinDeps = Omit<AppDeps, 'registry'> & { readonly registry: TwinRegistry };

export function createTwinDeps(): TwinDeps {
  return {
    registry: createTwinRegistry(),
    readOwn: readContent,
    tlsAuthority: () => null,
    verify: (code) => (code.startsWith('YM1:') ? ADMIT : NOT_OURS),
    jwks: async () => ({
      issuer: '330102',
      scope: { region: '330102', kinds: null },
      statusBase: 'https://yima.test/status-lists/',
      keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA', kid: 'AAAAAAAAAAA', alg: 'Ed25519' }],
    }),
    statusLists: {
      token: async (list, form) =>
        list > 1 ? undefined : { body: TOKENS[form], etag: `"${list}-${form}-7"`, maxAgeSeconds: 300 },
      aggregation: async () => ['https://yima.test/status-lists/1'],
      isRestricted: async (list) => list === 0,
    },
    access: createTwinAccess(),
    sites: TWIN_SITES,
    heldIssues: {
      find: async () => undefined,
      claim: async () => {
        throw new YimaError('not_found', 'Nothing waits here.');
      },
    },
    qr: {
      svg: (text, scale) =>
        `<svg xmlns="http://www.w3.org/2000/svg" data-scale="${scale}" data-length="${text.length}"/>`,
      png: () => new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
      printed: (text) => `<svg data-printed="${text}"/>`,
    },
    kinds: { all: [], byName: () => undefined, byNumber: () => undefined },
    log: {
      head: async () => undefined,
      check: async () => ({
        ok: true,
        entries: 0,
        brokenAt: null,
        head: null,
        strayCredentials: [],
        strayApiKeys: [],
        strayProposals: [],
        strayRules: [],
        strayChanges: [],
        strayAppeals: [],
        strayOffers: [],
        strayTrust: [],
      }),
      read: async () => [],
      ...TWIN_LOG_REPAIR,
    },
    decisions: createTwinDecisions(),
    appeals: TWIN_APPEALS,
    record: async (id) => ({ ...RECORDED, id }),
    claims: createTwinClaims(),
    holder: createTwinHolder(),
    sdJwtKeys: async () => [],
    verifySignature: createNodeVerify(),
    revocations: createTwinRevocations(),
    keys: {
      list: async () => [{ ...RECORD, signs: 'credential' as const, spent: null }],
      rotate: async (_actor, use) => ({ ...RECORD, use: use === 'status' ? use : 'credential' }),
      announce: async () => ({ ...RECORD, state: 'announced' }),
    },
    trust: null,
    demo: {
      newRequest: () => ({
        kind: 'health-code',
        region: '330102',
        claims: { name: '测试样' },
        operator: 'demo',
        evidence: 'demo',
      }),
      samples: async () => [{ name: { 'zh-CN': '绿码', en: 'Green' }, code: 'YM1:SAMPLE' }],
    },
    health: { ready: () => ({ ok: true, reasons: [], feeds: [] }) },
    metrics: new MetricsRegistry(),
    clock: () => NOW,
  };
}

export const OPTIONS: AppOptions = {
  version: '9.9.9',
  publicUrl: 'https://yima.test',
  trustProxy: [],
  rateLimitPerMinute: 0,
  verifyRateLimitPerMinute: 0,
  shortIdRateLimitPerMinute: 0,
  log: { logger: createLogger('silent'), sample: 0 },
  tls: null,
  webRoot: null,
};

/** A registry whose changes every other node has heard of. */
export function published(registry: Registry): AppDeps['registry'] {
  return {
    ...registry,
    changeState: async (...args) => ({ ...(await registry.changeState(...args)), published: true }),
    reportLost: async (...args) => ({ ...(await registry.reportLost(...args)), published: true }),
  };
}

/** The app on twins, closed when the test ends. */
export async function buildTwinApp(
  test: { teardown: (close: () => Promise<unknown>) => void },
  deps: Partial<AppDeps> = {},
  options: Partial<AppOptions> = {},
): Promise<App> {
  const app = await buildApp({ ...createTwinDeps(), ...deps }, { ...OPTIONS, ...options });
  test.teardown(() => app.close());
  return app;
}
