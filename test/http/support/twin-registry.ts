// A registry in memory that keeps what the routes need to show: states, idempotency, and who asked for what.

import { alphanumericCheckCharacter, unknownShortId } from '../../../src/core/codec/short-id.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import type { IssueRequest, StateChange } from '../../../src/core/issue/commands.js';
import type { CredentialRow, LogRow, StoredCredential } from '../../../src/core/issue/store.js';
import type { AppDeps } from '../../../src/http/deps.js';

type OfficeRegistry = AppDeps['registry'];

export interface TwinRegistry extends OfficeRegistry {
  readonly calls: { principal: string; request?: IssueRequest; change?: StateChange; id?: string }[];
  readonly entries: LogRow[];
  /** The next command throws this. */
  failWith: Error | null;
}

/** Of every paper. */
export const TWIN_SHORT_ID = `7K3QMXW2PD4${alphanumericCheckCharacter('7K3QMXW2PD4')}`;

const ISSUED_AT = 1_760_000_000;
const HASH = '0'.repeat(64);

function idOf(number: number): string {
  return `${'a'.repeat(25)}${'abcdefghijklmnopqrstuvwxyz234567'[number % 32]}`;
}

function change(credential: CredentialRow, { action, level }: StateChange): CredentialRow {
  if (credential.revoked) throw new YimaError('conflict', 'A revoked credential never comes back.');
  if (action === 'revoke') return { ...credential, revoked: true };
  if (action === 'set-level')
    return { ...credential, level: level === 'red' ? 13 : level === 'yellow' ? 12 : 0 };
  return { ...credential, suspended: action === 'suspend' };
}

export function createTwinRegistry(): TwinRegistry {
  const stored = new Map<string, StoredCredential>();
  const known = new Map<string, { id: string; body: string }>();
  const twin: TwinRegistry = {
    calls: [],
    entries: [],
    failWith: null,
    find: async (id) => {
      const found = stored.get(id);
      return found && { ...found, replacedBy: null };
    },
    findPaper: async (shortId) =>
      [...stored.values()].flatMap(({ encodings }) => encodings).find((each) => each.shortId === shortId),
    reportLost: async (principal, shortId, reason) => {
      const paper = await twin.findPaper(shortId);
      if (paper === undefined) throw unknownShortId();
      return twin.changeState(principal, paper.credentialId, { action: 'revoke', form: paper.form, reason });
    },
    reissue: async (_actor, _kid, { after, dryRun }) => ({
      reissued: after === '' ? 2 : 1,
      groups: [{ kind: 'health-code', region: '330102', count: after === '' ? 2 : 1 }],
      skipped: dryRun ? 1 : 0,
      next: after === '' ? idOf(2) : null,
    }),
    request: (principal, request) => twin.issue(principal, request),
    issue: async (principal, request) => {
      twin.calls.push({ principal, request });
      if (twin.failWith !== null) throw twin.failWith;
      const { idempotencyKey, ...body } = request;
      const before = idempotencyKey === undefined ? undefined : known.get(`${principal} ${idempotencyKey}`);
      const found = before === undefined ? undefined : stored.get(before.id);
      if (before !== undefined && before.body !== JSON.stringify(body)) {
        throw new YimaError('idempotency_conflict', 'The same key came with another request.');
      }
      if (found !== undefined) return { ...found, replayed: true };
      const id = idOf(stored.size);
      if (idempotencyKey !== undefined)
        known.set(`${principal} ${idempotencyKey}`, { id, body: JSON.stringify(body) });
      const credential: CredentialRow = {
        id,
        kind: request.kind,
        region: request.region,
        principal,
        operator: request.operator,
        evidence: request.evidence,
        issuedAt: ISSUED_AT,
        expiresAt: null,
        revoked: false,
        suspended: false,
        level: 0,
        demo: request.demo === true,
        batch: request.batch ?? null,
        replaces: null,
      };
      const encodings = (request.forms ?? ['screen']).map((form, index) => ({
        credentialId: id,
        form,
        list: 0,
        index,
        code: `YM1:${form.toUpperCase()}${stored.size}`,
        shortId: form === 'paper' ? TWIN_SHORT_ID : null,
        kid: 'AAAAAAAAAAA',
        revoked: false,
        value: 0,
        device: null,
        endsAt: null,
      }));
      stored.set(id, { credential, encodings });
      return { credential, encodings, replayed: false };
    },
    translate: (principal, { code: _code, ...request }) =>
      twin.issue(principal, { kind: 'health-code', region: '440103', claims: {}, ...request }),
    addEncoding: async (_actor, id, { form, deviceKey }) => {
      const found = stored.get(id);
      if (found === undefined) throw new YimaError('not_found', 'There is no credential with this id.');
      const [first] = found.encodings;
      if (first === undefined) throw new YimaError('conflict', 'It has no code.');
      const device = deviceKey === undefined ? null : 'device';
      const encodings = [...found.encodings, { ...first, form, index: found.encodings.length, device }];
      stored.set(id, { ...found, encodings });
      return { ...found, encodings, number: encodings.length };
    },
    changeState: async (principal, id, wanted) => {
      twin.calls.push({ principal, id, change: wanted });
      if (twin.failWith !== null) throw twin.failWith;
      const found = stored.get(id);
      if (found === undefined) throw new YimaError('not_found', 'There is no credential with this id.');
      const credential = change(found.credential, wanted);
      const entry: LogRow = {
        seq: twin.entries.length + 1,
        at: ISSUED_AT,
        actor: principal,
        type: 'state',
        body: '{}',
        prev: HASH,
        hash: HASH,
      };
      twin.entries.push(entry);
      stored.set(id, { ...found, credential });
      return { credential, encodings: found.encodings, entry, published: true };
    },
  };
  return twin;
}
