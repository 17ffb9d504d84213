// One fetch: what is due of one partner is asked for, judged, and put where the other nodes find it.

import type { GuardedGet } from '../../adapters/peer/guarded-get.js';
import type { PeerAnswer, PeerFailure } from '../../adapters/peer/peer-answer.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { AGGREGATION_TYPE, aggregationUri, parseAggregation } from '../../core/status/aggregation.js';
import { formOf, LIST_MEDIA_TYPES } from '../../core/status/list-forms.js';
import { type ListSchedule, MAX_LISTS, type Wanted } from '../../core/status/list-schedule.js';
import { MAX_TOKEN_BYTES } from '../../core/status/list-token.js';
import type { StoredList } from '../../core/status/partner-store.js';
import type { Clocks } from '../clocks.js';
import { type ListKeeper, refusalWord } from './list-keeper.js';
import type { Partner } from './which-partners.js';

export interface FetchDeps extends Clocks {
  readonly get: GuardedGet;
  readonly keeper: ListKeeper;
  /** Hands the token to the other nodes. */
  readonly share: (list: StoredList) => Promise<void>;
  /** Our API key at that issuer; null: we have none. */
  readonly apiKeyOf: (issuer: string) => string | null;
  readonly count: (issuer: string, result: string) => void;
}

const MAX_INDEX_BYTES = 512 * 1024;
/** The CWT is a quarter shorter. */
const LIST_TYPES = [LIST_MEDIA_TYPES.cwt, LIST_MEDIA_TYPES.jwt];

/** These say that the partner is not there, or not itself; after the others its next list may well come. */
const OF_PARTNER: ReadonlySet<PeerFailure> = new Set([
  'url',
  'name',
  'address',
  'connection',
  'deadline',
  'http_status',
]);

/**
 * Never rejects but for a defect.
 * @returns how long judging the answer held this process up, seconds
 */
export async function fetchStep(
  partner: Partner,
  schedule: ListSchedule,
  wanted: Wanted,
  deps: FetchDeps,
): Promise<number> {
  const answer = await (wanted === 'index' ? askIndex(partner, deps) : askList(partner, wanted, deps));
  const began = deps.steady();
  const { result, shared } = judge(partner, schedule, wanted, answer, deps);
  const heldUp = deps.steady() - began;
  deps.count(partner.issuer, result);
  if (shared !== null) await deps.share(shared);
  return heldUp;
}

interface Judged {
  /** A label of the metric. */
  readonly result: string;
  readonly shared: StoredList | null;
}

function judge(
  partner: Partner,
  schedule: ListSchedule,
  wanted: Wanted,
  answer: PeerAnswer,
  deps: FetchDeps,
): Judged {
  if (answer.kind === 'failed') {
    schedule.failed(wanted, deps.clock(), OF_PARTNER.has(answer.rule));
    return { result: answer.rule, shared: null };
  }
  try {
    if (wanted === 'index') return takeIndex(partner, schedule, answer, deps);
    return takeList(partner, schedule, wanted, answer, deps);
  } catch (error) {
    if (!(error instanceof YimaError)) throw error;
    schedule.failed(wanted, deps.clock(), false);
    return { result: refusalWord(error), shared: null };
  }
}

type Answered = Exclude<PeerAnswer, { kind: 'failed' }>;

function askIndex({ base }: Partner, { get }: FetchDeps): Promise<PeerAnswer> {
  const limits = { mediaTypes: [AGGREGATION_TYPE], maxBytes: MAX_INDEX_BYTES };
  return get({ url: aggregationUri(base), ...limits, etag: null, bearer: null });
}

function askList(
  partner: Partner,
  number: number,
  { get, keeper, apiKeyOf }: FetchDeps,
): Promise<PeerAnswer> {
  const url = `${partner.base}${number}`;
  const limits = { mediaTypes: LIST_TYPES, maxBytes: MAX_TOKEN_BYTES };
  const etag = keeper.find(url)?.etag ?? null;
  return get({ url, ...limits, etag, bearer: apiKeyOf(partner.issuer) });
}

function takeIndex(partner: Partner, schedule: ListSchedule, answer: Answered, { clock }: FetchDeps): Judged {
  const now = clock();
  if (answer.kind === 'fresh')
    for (const list of parseAggregation(answer.body, partner.base, MAX_LISTS)) schedule.want(list, now);
  schedule.succeeded('index', now);
  return { result: 'index', shared: null };
}

function takeList(
  partner: Partner,
  schedule: ListSchedule,
  number: number,
  answer: Answered,
  { keeper, clock }: FetchDeps,
): Judged {
  const uri = `${partner.base}${number}`;
  if (answer.kind === 'unchanged') {
    keeper.renew(uri);
    schedule.succeeded(number, clock(), keeper.find(uri)?.renewAt);
    return { result: 'unchanged', shared: null };
  }
  const { mediaType, body, etag } = answer;
  const delivery = { form: formOf(mediaType) ?? 'jwt', body, etag };
  const { result, list } = keeper.take(partner, number, delivery);
  schedule.succeeded(number, clock(), list.renewAt);
  return { result, shared: { uri, ...delivery, issuedAt: list.version.issuedAt } };
}
