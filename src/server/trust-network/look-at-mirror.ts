// One look at a mirror of the network: what it has that is newer is fetched and judged here. What a mirror says is never believed: it
// can be silent, or show what was signed.

import type { GuardedGet, PeerRequest } from '../../adapters/peer/guarded-get.js';
import { utf8Decode, utf8Encode } from '../../core/codec/bytes.js';
import { isJsonObject, parseStrictJson } from '../../core/codec/json.js';
import { ISSUER, isCount } from '../../core/codec/names.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { parseCheckpoint } from '../../core/trust/log/checkpoint.js';
import type { TrustDesk, TrustMark, TrustNews } from '../../http/trust-desk.js';

export interface LookDeps {
  readonly get: GuardedGet;
  readonly desk: Pick<TrustDesk, 'accept' | 'acceptBundle' | 'standing'>;
  readonly news: Pick<TrustNews, 'marks' | 'manifest'>;
  /** Who asks, for the hub's list of members. */
  readonly member: string;
}

/**
 * current: it has nothing else. taken: at least one document came into force. behind: it has older ones. refused: of what it brought
 * nothing was taken. failed: it could not be asked.
 */
export interface Look {
  readonly kind: 'current' | 'taken' | 'behind' | 'refused' | 'failed';
  /** Of the first refusal or failure; null where there was none. */
  readonly rule: string | null;
}

const MARKS_TYPE = 'application/json';
const BUNDLE_TYPE = 'application/x-ndjson';
const DOCUMENT_TYPE = 'application/jose+json';
const MAX_MARKS_BYTES = 2 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;
const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;
const MAX_PROOF_BYTES = 16 * 1024;
const MAX_MARKS = 11_000;
/** From so many on a bundle costs less than the documents one by one. */
const BUNDLE_FROM = 32;
const HASH = /^[A-Za-z0-9_-]{43}$/;
const CURRENT: Look = { kind: 'current', rule: null };

/**
 * Asks for the mirror's marks, and waits there for news.
 * @param source address without a slash at the end
 * @param waitSeconds how long the mirror may hold its answer back while there is nothing new
 */
export async function lookAtMirror(source: string, waitSeconds: number, deps: LookDeps): Promise<Look> {
  const own = deps.news.marks();
  const running = own.find(({ authority }) => authority === 'root')?.version ?? 0;
  const answer = await deps.get({
    ...request(`${source}/trust/marks`, MARKS_TYPE, MAX_MARKS_BYTES),
    query: `wait=${waitSeconds}`,
    etag: `"${deps.news.manifest()}"`,
    headers: { 'yima-member': deps.member, 'yima-running': `${running} ${deps.news.manifest()}` },
  });
  if (answer.kind === 'unchanged') return CURRENT;
  if (answer.kind === 'failed') return { kind: 'failed', rule: answer.rule };
  const marks = readMarks(answer.body);
  if (marks === null) return { kind: 'failed', rule: 'marks_form' };
  const known = new Map(own.map((mark) => [mark.authority, mark]));
  const fresh = marks.filter(({ authority, version }) => version > (known.get(authority)?.version ?? 0));
  if (fresh.length === 0) return forkIn(marks, known) ?? { kind: 'behind', rule: null };
  const isMuch = fresh.length >= BUNDLE_FROM || !known.has('root');
  return isMuch ? takeBundle(source, deps) : takeOneByOne(source, fresh, known, deps);
}

/** Fetches the whole bundle and lets it be judged; where it does not bring the proof that its log goes on from ours, asks for that too. */
export async function takeBundle(source: string, deps: Pick<LookDeps, 'get' | 'desk'>): Promise<Look> {
  const answer = await deps.get(request(`${source}/trust/bundle`, BUNDLE_TYPE, MAX_BUNDLE_BYTES));
  if (answer.kind !== 'fresh') return { kind: 'failed', rule: answer.kind === 'failed' ? answer.rule : null };
  const text = utf8Decode(answer.body);
  const look = await judgeBundle(text, source, null, deps);
  if (look.rule !== 'consistency') return look;
  const continues = await fetchContinues(text, source, deps);
  return continues === null ? look : judgeBundle(text, source, continues, deps);
}

async function judgeBundle(
  text: string,
  source: string,
  continues: readonly string[] | null,
  { desk }: Pick<LookDeps, 'desk'>,
): Promise<Look> {
  try {
    const { accepted, refused } = await desk.acceptBundle(text, sender(source), continues);
    if (accepted.length > 0) return { kind: 'taken', rule: refused[0]?.rule ?? null };
    return refused[0] === undefined ? CURRENT : { kind: 'refused', rule: refused[0].rule };
  } catch (error) {
    return { kind: 'refused', rule: ruleOf(error) };
  }
}

/** base64 hashes from the size that was seen last to the bundle's; null when the mirror does not bring them. */
async function fetchContinues(
  text: string,
  source: string,
  { get, desk }: Pick<LookDeps, 'get' | 'desk'>,
): Promise<readonly string[] | null> {
  const { seenSize } = (await desk.standing()).log;
  const to = loggedSize(text.slice(0, text.indexOf('\n')));
  if (to === null || to < seenSize) return null;
  const answer = await get({
    ...request(`${source}/trust/log/proof`, MARKS_TYPE, MAX_PROOF_BYTES),
    query: `from=${seenSize}&to=${to}`,
  });
  if (answer.kind !== 'fresh') return null;
  const json = parsed(answer.body);
  const proof = isJsonObject(json) ? json['proof'] : null;
  return Array.isArray(proof) && proof.every((hash) => typeof hash === 'string') ? proof : null;
}

/** The size of the log by the head of a bundle that was read once already. */
function loggedSize(head: string): number | null {
  const json = parsed(utf8Encode(head));
  const log = isJsonObject(json) ? json['log'] : null;
  const checkpoint = isJsonObject(log) ? log['checkpoint'] : null;
  return typeof checkpoint === 'string' ? parseCheckpoint(checkpoint).size : null;
}

/** In rounds, since a list can stand only when the one that vouches for it does. */
async function takeOneByOne(
  source: string,
  fresh: readonly TrustMark[],
  known: ReadonlyMap<string, TrustMark>,
  deps: LookDeps,
): Promise<Look> {
  let left = placesOf(fresh, known.get('root')?.version ?? 0);
  let taken = 0;
  let rule: string | null = null;
  for (let before = -1; left.length > 0 && taken !== before; ) {
    before = taken;
    const again: Place[] = [];
    rule = null;
    for (const place of left) {
      const refusal = await takeOne(source, place, deps);
      if (refusal === null) taken++;
      else {
        rule ??= refusal;
        again.push(place);
      }
    }
    left = again;
  }
  return { kind: taken > 0 ? 'taken' : 'refused', rule };
}

interface Place {
  readonly authority: string;
  readonly path: string;
}

/** Each root that is missing, in order, then the lists. */
function placesOf(fresh: readonly TrustMark[], rootVersion: number): readonly Place[] {
  const roots: Place[] = [];
  const lists: Place[] = [];
  for (const { authority, version } of fresh) {
    if (authority !== 'root') lists.push({ authority, path: `/trust/lists/${authority}` });
    else {
      const last = Math.min(version, rootVersion + BUNDLE_FROM);
      for (let n = rootVersion + 1; n <= last; n++) roots.push({ authority, path: `/trust/roots/${n}` });
    }
  }
  return [...roots, ...lists];
}

async function takeOne(source: string, { authority, path }: Place, deps: LookDeps): Promise<string | null> {
  const answer = await deps.get(request(`${source}${path}`, DOCUMENT_TYPE, MAX_DOCUMENT_BYTES));
  if (answer.kind !== 'fresh') return answer.kind === 'failed' ? answer.rule : 'not_modified';
  try {
    await deps.desk.accept(utf8Decode(answer.body), sender(source), authority);
    return null;
  } catch (error) {
    return ruleOf(error);
  }
}

/** The same version of another hash: two documents were signed, or the mirror lies. The document tells which. */
function forkIn(marks: readonly TrustMark[], known: ReadonlyMap<string, TrustMark>): Look | null {
  const isFork = marks.some(({ authority, version, hash }) => {
    const own = known.get(authority);
    return own !== undefined && own.version === version && own.hash !== hash;
  });
  return isFork ? { kind: 'refused', rule: 'fork' } : null;
}

function readMarks(body: Uint8Array): readonly TrustMark[] | null {
  const json = parsed(body);
  const marks = isJsonObject(json) ? json['marks'] : null;
  if (!Array.isArray(marks) || marks.length > MAX_MARKS) return null;
  const isMark = (each: unknown): each is TrustMark => {
    if (!isJsonObject(each)) return false;
    const { authority, version, hash } = each;
    const isNamed = typeof authority === 'string' && ISSUER.test(authority);
    return isNamed && isCount(version) && version > 0 && typeof hash === 'string' && HASH.test(hash);
  };
  return marks.every(isMark) ? marks : null;
}

/** undefined when it is not JSON of one meaning. */
function parsed(body: Uint8Array): unknown {
  try {
    return parseStrictJson(utf8Decode(body), { maxDepth: 10 });
  } catch {
    return undefined;
  }
}

function request(url: string, mediaType: string, maxBytes: number): PeerRequest {
  return { url, mediaTypes: [mediaType], maxBytes, etag: null, bearer: null };
}

function sender(source: string) {
  return { via: 'mirror' as const, name: source };
}

function ruleOf(error: unknown): string {
  return error instanceof YimaError ? (error.rule ?? error.code) : 'internal';
}
