// A checkpoint as its page plays it: enrolled, told what to judge by, judging, counting. Tells its listener every new state whole.

import { decodeBase64url, encodeBase64url } from '../../core/codec/base64url.js';
import { concatBytes, utf8Encode } from '../../core/codec/bytes.js';
import type { Decision, ReasonCode } from '../../core/errors/reasons.js';
import type { OverrideChoice } from '../../core/issue/sites.js';
import type { Answer } from '../../core/verify/answer.js';
import { KNOWLEDGE_FORMAT, type KnowledgeDocument } from '../../core/verify/knowledge-document.js';
import { createPageVerify, judge, type Knowing, openToken, prepareKnowledge } from './judge.js';
import { type KeptKnowledge, type KeptList, type KeptSite, openKeeper, type Shift } from './kept.js';
import { type AskFailure, type AskOptions, ask, enrolAt, makeSiteKey, type Prover } from './node-api.js';

export interface CheckpointState {
  readonly phase: 'starting' | 'enrol' | 'ready';
  readonly site: Pick<KeptSite, 'name' | 'region'> | null;
  readonly online: boolean;
  readonly syncing: boolean;
  /** Epoch seconds; null: not known yet. */
  readonly listsAsOf: number | null;
  readonly trustAsOf: number | null;
  readonly listsRefused: number;
  readonly trustMaxAgeSeconds: number;
  /** Seconds that this device's clock is behind the node's. */
  readonly offset: number;
  readonly shift: Shift;
  /** Whether this browser keeps anything when it is closed. */
  readonly keeps: boolean;
  readonly revoked: boolean;
}

export interface Judged {
  readonly answer: Answer;
  readonly by: 'node' | 'page';
  readonly at: number;
}

export interface Checkpoint {
  readonly enrol: (code: string, pin: string) => Promise<AskFailure | null>;
  readonly judge: (text: string) => Promise<Judged | null>;
  readonly sync: () => Promise<void>;
  readonly override: (reason: ReasonCode, choice: OverrideChoice, kind: string | null) => Promise<void>;
  readonly newShift: () => Promise<void>;
  /** Forgets everything, when the PIN is right. */
  readonly leave: (pin: string) => Promise<boolean>;
  /** Epoch seconds by the node's clock, as well as it is known. */
  readonly now: () => number;
}

/** What tokens may take altogether; lists past it are left to the node. */
const MOST_LIST_BYTES = 20 * 1024 * 1024;
const SYNC_MS = 20_000;
/** How long the node's own answer is waited for while it is known to be there. */
const NODE_ANSWER_MS = 700;
const MOST_UNSENT = 100;
const NO_COUNTS: Shift['counts'] = { admit: 0, hold: 0, refuse: 0, indeterminate: 0 };

export async function openCheckpoint(tell: (state: CheckpointState) => void): Promise<Checkpoint> {
  const keeper = await openKeeper();
  const verify = createPageVerify();
  let site = (await keeper.get('site')) ?? null;
  let kept = (await keeper.get('knowledge')) ?? null;
  let knowing: Knowing | null = null;
  let offset = kept?.offset ?? 0;
  /** The node's time and this page's steady clock at the last answer: a wall clock that is set back meanwhile changes nothing. */
  let anchor: { readonly epoch: number; readonly steady: number } | null = null;
  let online = false;
  let syncing = false;
  let keeps = true;
  let revoked = false;

  const steady = (): number => performance.now() / 1000;
  const now = (): number => {
    const byWall = Date.now() / 1000 + offset;
    return anchor === null ? byWall : Math.max(byWall, anchor.epoch + steady() - anchor.steady);
  };
  const second = (): number => Math.floor(now());
  const freshShift = (): Shift => ({
    since: second(),
    counts: NO_COUNTS,
    overridden: 0,
    lastOverride: 0,
    unsent: [],
  });
  let shift = (await keeper.get('shift')) ?? freshShift();

  const show = (): void =>
    tell({
      phase: site === null ? 'enrol' : 'ready',
      site,
      online,
      syncing,
      listsAsOf: knowing?.listsAsOf ?? null,
      trustAsOf: kept?.confirmedAt ?? null,
      listsRefused: knowing?.refused.length ?? 0,
      trustMaxAgeSeconds: knowing?.maxTrustAgeSeconds ?? 0,
      offset,
      shift,
      keeps,
      revoked,
    });

  const keepShift = async (next: Shift): Promise<void> => {
    shift = next;
    keeps = await keeper.put('shift', next);
    show();
  };

  /** Everything new is made ready before any of it counts. */
  const takeUp = async (next: KeptKnowledge, of: KeptSite): Promise<void> => {
    const ready = await prepareKnowledge(next, of.region, verify, second());
    kept = next;
    knowing = ready;
  };

  const heard = (found: number | null): void => {
    if (found === null) return;
    offset = found;
    anchor = { epoch: Date.now() / 1000 + found, steady: steady() };
  };

  const forget = async (): Promise<void> => {
    site = null;
    kept = null;
    knowing = null;
    await keeper.clear();
    shift = freshShift();
  };

  const prover = (of: KeptSite): Prover => ({
    kid: of.id,
    audience: of.audience,
    privateKey: of.privateKey,
    now,
  });

  const askNode = async (of: KeptSite, path: string, options: AskOptions = {}): Promise<Response | null> => {
    const asked = await ask(prover(of), path, options);
    heard(asked.offset);
    online = asked.ok || asked.failure !== 'unreachable';
    if (asked.ok) return asked.response;
    if (asked.failure === 'revoked') {
      revoked = true;
      await forget();
    }
    if (asked.failure === 'clock') return askNodeAgain(of, path, options);
    return null;
  };
  /** The first answer told the time. */
  const askNodeAgain = async (of: KeptSite, path: string, options: AskOptions): Promise<Response | null> => {
    const asked = await ask(prover(of), path, options);
    return asked.ok ? asked.response : null;
  };

  const fetchLists = async (
    of: KeptSite,
    document: KnowledgeDocument,
    held: readonly KeptList[],
  ): Promise<KeptList[]> => {
    const lists: KeptList[] = [];
    const keys = (
      await prepareKnowledge(
        { document, lists: [], etag: '', confirmedAt: second(), offset },
        of.region,
        verify,
        second(),
      )
    ).keys;
    let left = MOST_LIST_BYTES;
    for (const number of document.lists) {
      const before = held.find((list) => list.number === number);
      const list = await fetchList(of, document.statusBase, number, before, keys);
      if (list === undefined || list.token.length > left) continue;
      left -= list.token.length;
      lists.push(list);
    }
    return lists;
  };
  const fetchList = async (
    of: KeptSite,
    base: string,
    number: number,
    before: KeptList | undefined,
    keys: Knowing['keys'],
  ): Promise<KeptList | undefined> => {
    const known: Record<string, string> = before === undefined ? {} : { 'if-none-match': before.etag };
    const headers = { accept: 'application/statuslist+cwt', ...known };
    const response = await askNode(of, `/status-lists/${number}`, { headers });
    if (response?.status !== 200) return before;
    const token = new Uint8Array(await response.arrayBuffer());
    const isSound = await openToken(token, base, number, keys, verify, second()).then(
      () => true,
      () => false,
    );
    return isSound ? { number, token, etag: response.headers.get('etag') ?? '' } : before;
  };

  const sendOverrides = async (of: KeptSite): Promise<void> => {
    const { unsent } = shift;
    if (unsent.length === 0) return;
    const body = { overrides: unsent.slice(0, MOST_UNSENT) };
    const response = await askNode(of, '/scan/overrides', { method: 'POST', body });
    if (response === null) return;
    const { kept: upTo } = (await response.json()) as { readonly kept: number };
    await keepShift({ ...shift, unsent: shift.unsent.filter(({ n }) => n > upTo) });
  };

  const pull = async (of: KeptSite): Promise<void> => {
    const headers: Record<string, string> = kept === null ? {} : { 'if-none-match': kept.etag };
    const response = await askNode(of, '/scan/knowledge', { headers });
    if (response === null) return;
    const isNew = response.status === 200;
    const document = isNew ? ((await response.json()) as KnowledgeDocument) : kept?.document;
    if (document === undefined || document.format !== KNOWLEDGE_FORMAT) return;
    const etag = isNew ? (response.headers.get('etag') ?? '') : (kept?.etag ?? '');
    const confirmedAt = second();
    const lists = await fetchLists(of, document, kept?.lists ?? []);
    if (site !== of) return;
    const next = { document, etag, confirmedAt, lists, offset };
    await takeUp(next, of);
    keeps = await keeper.put('knowledge', next);
  };

  let running: Promise<void> | null = null;
  const sync = (): Promise<void> => {
    const of = site;
    if (of === null) return Promise.resolve();
    running ??= (async () => {
      syncing = true;
      show();
      try {
        await pull(of);
        if (site === of) await sendOverrides(of);
      } finally {
        syncing = false;
        running = null;
        show();
      }
    })();
    return running;
  };

  const nodeAnswer = async (of: KeptSite, text: string): Promise<Answer | null> => {
    const options = { method: 'POST', body: { code: text }, timeoutMs: NODE_ANSWER_MS } as const;
    const response = await askNode(of, '/v1/verify', options);
    return response === null ? null : ((await response.json()) as Answer);
  };

  const count = (decision: Decision): Promise<void> =>
    keepShift({ ...shift, counts: { ...shift.counts, [decision]: shift.counts[decision] + 1 } });

  if (site !== null && kept !== null) await takeUp(kept, site).catch(() => undefined);
  show();
  void sync().catch(() => undefined);
  setInterval(() => void sync().catch(() => undefined), SYNC_MS);
  addEventListener('online', () => void sync().catch(() => undefined));

  return {
    now,
    sync,
    enrol: async (code, pin) => {
      const key = await makeSiteKey();
      const found = await enrolAt(code.replace(/-/g, ''), key);
      if (typeof found === 'string') return found;
      offset = found.offset;
      site = { ...found.site, privateKey: key.privateKey, pin: await hashPin(pin) };
      revoked = false;
      keeps = await keeper.put('site', site);
      shift = freshShift();
      show();
      await sync();
      return null;
    },
    judge: async (text) => {
      const [of, by] = [site, knowing];
      if (of === null) return null;
      const told = online ? nodeAnswer(of, text).catch(() => null) : Promise.resolve(null);
      const own = by === null ? null : await judge(text, by, verify, second());
      const fromNode = await told;
      const answer = fromNode ?? own;
      if (answer === null || site !== of) return null;
      void count(answer.decision);
      return { answer, by: fromNode === null ? 'page' : 'node', at: second() };
    },
    override: async (reason, choice, kind) => {
      const n = shift.lastOverride + 1;
      const one = { n, at: second(), reason, choice, kind };
      await keepShift({
        ...shift,
        overridden: shift.overridden + 1,
        lastOverride: n,
        unsent: [...shift.unsent, one],
      });
      void sync().catch(() => undefined);
    },
    newShift: () => {
      const { lastOverride, unsent } = shift;
      return keepShift({ ...freshShift(), lastOverride, unsent });
    },
    leave: async (pin) => {
      if (site === null || !(await isPin(pin, site.pin))) return false;
      await forget();
      show();
      return true;
    },
  };
}

async function pinDigest(pin: string, salt: Uint8Array): Promise<string> {
  const bytes = concatBytes(salt, utf8Encode(pin));
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))));
}

async function hashPin(pin: string): Promise<KeptSite['pin']> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt: encodeBase64url(salt), hash: await pinDigest(pin, salt) };
}

async function isPin(pin: string, { salt, hash }: KeptSite['pin']): Promise<boolean> {
  return (await pinDigest(pin, decodeBase64url(salt))) === hash;
}
