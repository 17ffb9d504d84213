// A checkpoint as its page plays it: enrolled, told what to judge by, judging, counting. Tells its listener every new state whole.

import type { ReasonCode } from '../../core/errors/reasons.js';
import type { OverrideChoice } from '../../core/issue/sites.js';
import type { Answer } from '../../core/verify/answer.js';
import { createPageVerify, judge } from './judge.js';
import { type KeptSite, openKeeper } from './kept.js';
import { createKnowledge } from './knowledge.js';
import { type AskFailure, type AskOptions, enrolAt, makeSiteKey } from './node-api.js';
import { createNodeClock } from './node-clock.js';
import { createNodeLine } from './node-line.js';
import { hashPin, isPin } from './pin.js';
import { addOverride, beginShift, confirmOverrides, countDecision, type Shift } from './shift.js';

export interface CheckpointState {
  readonly phase: 'starting' | 'enrol' | 'ready';
  readonly site: Pick<KeptSite, 'name' | 'region'> | null;
  readonly online: boolean;
  readonly syncing: boolean;
  /** Epoch seconds; null: not known yet. */
  readonly listsAsOf: number | null;
  readonly trustAsOf: number | null;
  /** How many of the node's lists are not here: no room, not to be had, or refused. */
  readonly listsMissing: number;
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
  /** 1, 2, 3, ... since the page was opened: two answers are never one, however alike. */
  readonly n: number;
}

export interface Checkpoint {
  readonly enrol: (code: string, pin: string) => Promise<AskFailure | null>;
  /** null: nothing to judge by. */
  readonly judge: (text: string) => Promise<Judged | null>;
  /** By the node alone: which code a paper carries is in no list. @param shortId sound */
  readonly judgeShortId: (shortId: string) => Promise<Judged | AskFailure>;
  readonly sync: () => Promise<void>;
  readonly override: (reason: ReasonCode, choice: OverrideChoice, kind: string | null) => Promise<void>;
  readonly newShift: () => Promise<void>;
  /** Forgets everything, when the PIN is right. */
  readonly leave: (pin: string) => Promise<boolean>;
  /** Epoch seconds by the node's clock, as well as it is known. */
  readonly now: () => number;
}

const SYNC_MS = 20_000;
/** How long the node's own answer is waited for while it is known to be there. */
const NODE_ANSWER_MS = 700;
const MOST_UNSENT = 100;

export async function openCheckpoint(tell: (state: CheckpointState) => void): Promise<Checkpoint> {
  const keeper = await openKeeper();
  const verify = createPageVerify();
  let site = (await keeper.get('site')) ?? null;
  let syncing = false;
  let keeps = true;
  let revoked = false;

  const kept = await keeper.get('knowledge');
  const keptShift = await keeper.get('shift');
  const clock = createNodeClock(kept?.offset ?? 0, keptShift?.passed ?? 0);
  const second = (): number => Math.floor(clock.now());
  let shift = keptShift ?? beginShift(second());

  const forget = async (): Promise<void> => {
    site = null;
    knowledge.forget();
    await keeper.clear();
    shift = beginShift(second());
  };
  const line = createNodeLine(clock, async () => {
    revoked = true;
    await forget();
    show();
  });
  const knowledge = createKnowledge({ keeper, line, clock, verify });

  const show = (): void => {
    const knowing = knowledge.knowing();
    tell({
      phase: site === null ? 'enrol' : 'ready',
      site,
      online: line.isOnline(),
      syncing,
      listsAsOf: knowing?.listsAsOf ?? null,
      trustAsOf: knowledge.confirmedAt(),
      listsMissing: knowing?.missing.length ?? 0,
      trustMaxAgeSeconds: knowing?.maxTrustAgeSeconds ?? 0,
      offset: clock.offset(),
      shift,
      keeps,
      revoked,
    });
  };

  const keepShift = async (next: Shift): Promise<void> => {
    shift = { ...next, passed: clock.passed() };
    keeps = await keeper.put('shift', shift);
    show();
  };

  const askNode = async (of: KeptSite, path: string, options: AskOptions = {}): Promise<Response | null> => {
    const asked = await line.ask(of, path, options);
    return asked.ok ? asked.response : null;
  };

  const sendOverrides = async (of: KeptSite): Promise<void> => {
    const { unsent } = shift;
    if (unsent.length === 0) return;
    const body = { overrides: unsent.slice(0, MOST_UNSENT) };
    const response = await askNode(of, '/scan/overrides', { method: 'POST', body });
    if (response === null) return;
    const { kept: upTo } = (await response.json()) as { readonly kept: number };
    await keepShift(confirmOverrides(shift, upTo));
  };

  let running: Promise<void> | null = null;
  const sync = (): Promise<void> => {
    const of = site;
    if (of === null) return Promise.resolve();
    running ??= (async () => {
      syncing = true;
      show();
      try {
        keeps = (await knowledge.pull(of)) ?? keeps;
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

  let judgedSoFar = 0;
  const counted = (answer: Answer, by: Judged['by']): Judged => {
    void keepShift(countDecision(shift, answer.decision));
    judgedSoFar += 1;
    return { answer, by, n: judgedSoFar };
  };

  if (site !== null && kept !== undefined) await knowledge.load(kept, site);
  show();
  void sync().catch(() => undefined);
  setInterval(() => void sync().catch(() => undefined), SYNC_MS);
  addEventListener('online', () => void sync().catch(() => undefined));

  return {
    now: clock.now,
    sync,
    enrol: async (code, pin) => {
      const key = await makeSiteKey();
      const found = await enrolAt(code.replace(/-/g, ''), key);
      if (typeof found === 'string') return found;
      clock.hear(found.offset);
      site = { ...found.site, privateKey: key.privateKey, pin: await hashPin(pin) };
      revoked = false;
      keeps = await keeper.put('site', site);
      shift = beginShift(second());
      show();
      await sync();
      return null;
    },
    judge: async (text) => {
      const [of, by] = [site, knowledge.knowing()];
      if (of === null) return null;
      const told = line.isOnline() ? nodeAnswer(of, text).catch(() => null) : Promise.resolve(null);
      const own = by === null ? null : await judge(text, by, verify, second(), clock.passed());
      const heard = await told;
      // Revoked is for good: a node that is behind does not take it back.
      const fromNode = own?.reason === 'revoked' && heard?.decision !== 'refuse' ? null : heard;
      const answer = fromNode ?? own;
      if (answer === null || site !== of) return null;
      return counted(answer, fromNode === null ? 'page' : 'node');
    },
    judgeShortId: async (shortId) => {
      const of = site;
      if (of === null) return 'revoked';
      const asked = await line.ask(of, '/v1/verify/short-id', { method: 'POST', body: { shortId } });
      show();
      return asked.ok ? counted((await asked.response.json()) as Answer, 'node') : asked.failure;
    },
    override: async (reason, choice, kind) => {
      await keepShift(addOverride(shift, { at: second(), reason, choice, kind }));
      void sync().catch(() => undefined);
    },
    newShift: () => keepShift(beginShift(second(), shift)),
    leave: async (pin) => {
      if (site === null || !(await isPin(pin, site.pin))) return false;
      await forget();
      show();
      return true;
    },
  };
}
