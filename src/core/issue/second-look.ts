// A share of what offices ask for waits until a second person has seen it, and nothing is signed before: whoever sits at a stolen desk
// cannot know which request it will be. What waits is what the code would carry, masked as there, and goes when it is decided.

import { encodeBase32 } from '../codec/base32.js';
import { canonicalJson, isJsonObject, parseStrictJson } from '../codec/json.js';
import type { Claims, KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256, Sha256Hex } from '../signature/public-key.js';
import { proposalHash } from './approval.js';
import type { Issued, IssueHeld, IssueRequest } from './commands.js';
import { PROPOSAL_OPEN_SECONDS, type ProposalRow } from './decision-rows.js';
import type { UnboundForm } from './form.js';
import type { HeldIssueRow } from './held-rows.js';
import type { IssueQuota } from './issue-quota.js';
import { checkIssueRequest } from './issue-request.js';
import { nothingToWrite, type Plan } from './ledger.js';
import type { LogEntry } from './log.js';
import type { Clock, Random } from './ports.js';
import { proposalOpened } from './proposal-log.js';
import { openProposal } from './proposals.js';
import type { Store, StoredCredential } from './store.js';
import { newTimedId } from './timed-id.js';

/** Name of the type of proposal. */
export const ISSUE = 'issue';

/** From the request until its content goes, whatever became of it: a day to decide, two to fetch what was approved. */
export const HELD_SECONDS = 3 * PROPOSAL_OPEN_SECONDS;

export interface HeldContent {
  /** As the code will carry them. */
  readonly claims: Claims;
  readonly forms: readonly UnboundForm[];
  readonly validSeconds: number | null;
  readonly batch: string | null;
  /** So that nobody finds a name by the digest of all this. */
  readonly salt: string;
}

export interface SecondLook {
  /** Whether any request of the kind may wait; where not, the rest is never asked. */
  readonly isFor: (kind: string) => boolean;
  /**
   * Planned in the ledger, before anything else of the issue.
   * @returns null: the request was not drawn, and is issued at once
   */
  readonly plan: (principal: string, request: IssueRequest) => Promise<Plan<IssueHeld | Issued> | null>;
}

export interface SecondLookDeps {
  readonly store: Pick<Store, 'findHeldIssueByKey' | 'findIdempotency' | 'findCredential'>;
  readonly kinds: KindTable;
  /** Region prefix that the node may issue for. */
  readonly region: string;
  readonly quota: IssueQuota;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
  /** Share of the requests that wait, 0 to 1, by name of the kind. */
  readonly shares: ReadonlyMap<string, number>;
}

const DRAW_BYTES = 4;

export function createSecondLook(deps: SecondLookDeps): SecondLook {
  const { store, shares, clock, random } = deps;
  const isDrawn = (kind: string): boolean => {
    const bytes = random(DRAW_BYTES);
    const drawn = new DataView(bytes.buffer, bytes.byteOffset, DRAW_BYTES).getUint32(0);
    return drawn < (shares.get(kind) ?? 0) * 2 ** 32;
  };
  return {
    isFor: (kind) => (shares.get(kind) ?? 0) > 0,
    plan: async (principal, request) => {
      const { idempotencyKey: key, ...asked } = request;
      const requestHash = deps.sha256Hex(canonicalJson(asked));
      if (key !== undefined) {
        const earlier = await store.findHeldIssueByKey(principal, key);
        if (earlier !== undefined) return nothingToWrite(await answerAgain(store, earlier, requestHash));
        if ((await store.findIdempotency(principal, key)) !== undefined) return null;
      }
      return isDrawn(request.kind)
        ? planHold(deps, { principal, request, requestHash, key: key ?? null, now: clock() })
        : null;
    },
  };
}

interface Asked {
  readonly principal: string;
  readonly request: IssueRequest;
  readonly requestHash: string;
  readonly key: string | null;
  readonly now: number;
}

/** What is not fit to be issued is refused now, and not when somebody has looked at it. */
function planHold(
  deps: SecondLookDeps,
  { principal, request, requestHash, key, now }: Asked,
): Plan<IssueHeld> {
  const checked = checkIssueRequest(request, deps.kinds, deps.region, now);
  const counted = deps.quota.take(principal, request.kind, now);
  const { operator, evidence } = request;
  const id = newTimedId(now, deps.random);
  const content: HeldContent = {
    claims: checked.claims,
    forms: request.forms ?? [],
    validSeconds: request.validSeconds ?? null,
    batch: request.batch ?? null,
    salt: encodeBase32(deps.random(16)),
  };
  const text = canonicalJson(content);
  const about = { kind: checked.kind.name, region: checked.region, operator, evidence };
  const body = { hold: id, office: principal, ...about, digest: deps.sha256Hex(text) };
  const proposal = openProposal(deps, {
    type: ISSUE,
    ...hashed(body, deps.sha256),
    size: 1,
    seen: '',
    proposedBy: principal,
    proposerJws: null,
  });
  const row: HeldIssueRow = {
    id,
    proposalId: proposal.id,
    principal,
    ...about,
    key,
    requestHash,
    content: text,
    heldAt: now,
    credentialId: null,
  };
  return {
    entries: [proposalOpened(proposal), heldEntry('issue_held', row, principal, now)],
    change: {
      proposals: [proposal],
      heldIssues: [row],
      ...(counted === null ? {} : { issueCounts: [counted] }),
    },
    done: () => ({ held: row }),
  };
}

function hashed(body: Readonly<Record<string, unknown>>, sha256: Sha256): Pick<ProposalRow, 'body' | 'hash'> {
  const { text, hash } = proposalHash(ISSUE, body as never, sha256);
  return { body: text, hash };
}

async function answerAgain(
  store: SecondLookDeps['store'],
  row: HeldIssueRow,
  requestHash: string,
): Promise<IssueHeld | Issued> {
  if (row.requestHash !== requestHash) {
    throw new YimaError(
      'idempotency_conflict',
      'This idempotency key was used for a different request; take a new one.',
    );
  }
  return row.credentialId === null ? { held: row } : issuedEarlier(store, row.credentialId);
}

/** @throws YimaError `store_failed` when the store lacks what it acknowledged */
export async function issuedEarlier(store: Pick<Store, 'findCredential'>, id: string): Promise<Issued> {
  const stored: StoredCredential | undefined = await store.findCredential(id);
  if (stored === undefined)
    throw new YimaError('store_failed', 'The store lacks a credential that it acknowledged.');
  return { ...stored, replayed: true };
}

export function heldEntry(
  type: 'issue_held' | 'held_issued' | 'held_erased',
  { id, proposalId, credentialId }: HeldIssueRow,
  actor: string,
  at: number,
): LogEntry {
  const credential = credentialId === null ? {} : { credential: credentialId };
  return { at, actor, type, body: { hold: id, proposal: proposalId, ...credential } };
}

/** @throws YimaError `internal` for a text that this program did not write */
export function readHeldContent(text: string): HeldContent {
  const content = parseStrictJson(text);
  if (!isJsonObject(content)) throw new YimaError('internal', 'A held request has no content.');
  return content as unknown as HeldContent;
}
