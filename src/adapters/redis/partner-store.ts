// Other authorities' lists in Redis, shared by the nodes of a cluster. Nothing that is read here is believed: forms are checked, sizes
// bounded, and each node verifies the tokens itself.

import { encodeBase64url } from '../../core/codec/base64url.js';
import { utf8Encode } from '../../core/codec/bytes.js';
import type { Random } from '../../core/issue/ports.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import { MAX_TOKEN_BYTES } from '../../core/status/list-token.js';
import { ENTITY_TAG, MAX_NEWS, type PartnerStore, type StoredList } from '../../core/status/partner-store.js';
import { askingOver } from './asking.js';
import type { RedisConnection } from './connection.js';
import { ASK, GET, LEAD, NEWS, PUT, RELEASE } from './partner-scripts.js';
import { script } from './script.js';

const NAMES = {
  lock: 'yima:1:partners:lock',
  index: 'yima:1:partners:index',
  times: 'yima:1:partners:times',
  counter: 'yima:1:partners:counter',
  life: 'yima:1:partners:life',
  wanted: 'yima:1:partners:wanted',
} as const;

/** A holder that died is replaced after so long; one that lives asks every second. */
const LOCK_MS = 10_000;
/** A list that nobody fetches any more goes. */
const KEPT_MS = 7 * 86_400_000;
const WANTED_MS = 60_000;
const MAX_URI = 512;
const TIME = /^\d{1,12}$/;

const leading = script(LEAD);
const releasing = script(RELEASE);
const putting = script(PUT);
const telling = script(NEWS);
const getting = script(GET);
const asking = script(ASK);

export interface PartnerStoreOptions {
  readonly sha256: Sha256;
  readonly random: Random;
  readonly lockMs?: number;
}

export function createRedisPartnerStore(
  connection: RedisConnection,
  { sha256, random, lockMs = LOCK_MS }: PartnerStoreOptions,
): PartnerStore {
  const { redis } = connection;
  const ask = askingOver(connection);
  const token = encodeBase64url(random(16));
  const listKey = (uri: string): string => `yima:1:partner:${encodeBase64url(sha256(utf8Encode(uri)))}`;
  let life = '';
  let place = '0';

  return {
    lead: async () => (await ask(() => leading.run(redis, [NAMES.lock], [token, lockMs]))) === 1,
    release: async () => {
      await ask(() => releasing.run(redis, [NAMES.lock], [token]));
    },
    put: async ({ uri, form, etag, issuedAt, body }) => {
      const keys = [NAMES.lock, listKey(uri), NAMES.index, NAMES.times, NAMES.counter];
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
      const done = await ask(() =>
        putting.run(redis, keys, [token, KEPT_MS, uri, form, etag ?? '', issuedAt, bytes]),
      );
      return done === 1;
    },
    news: async (fromStart) => {
      const after = fromStart ? '0' : place;
      const fresh = encodeBase64url(random(16));
      const keys = [NAMES.index, NAMES.times, NAMES.life];
      const reply = await ask(() => telling.run(redis, keys, [fresh, life, after, MAX_NEWS]));
      const [told = '', ...rows] = reply as readonly string[];
      const isAnew = told !== life;
      const lists = readNews(rows);
      life = told;
      place = rows.at(-3) ?? (isAnew ? '0' : place);
      return { isAnew, lists };
    },
    get: async (uri) => {
      const reply = await ask(() => getting.runBinary(redis, [listKey(uri)], [MAX_TOKEN_BYTES]));
      return readList(uri, reply as readonly (Buffer | null)[]);
    },
    ask: async (uris) => {
      await ask(() => asking.run(redis, [NAMES.wanted], [MAX_NEWS, WANTED_MS, ...uris]));
    },
    asked: async () => (await ask(() => redis.spop(NAMES.wanted, MAX_NEWS))).filter(isUri),
  };
}

function isUri(text: string): boolean {
  return text.length <= MAX_URI;
}

/** A row that is not of its form still counts, so that there may be more behind it. */
function readNews(rows: readonly string[]): readonly Pick<StoredList, 'uri' | 'issuedAt'>[] {
  const lists: Pick<StoredList, 'uri' | 'issuedAt'>[] = [];
  for (let at = 0; at + 2 < rows.length; at += 3) {
    const [uri = '', time = ''] = rows.slice(at + 1, at + 3);
    lists.push({ uri: isUri(uri) ? uri : '', issuedAt: TIME.test(time) ? Number(time) : 0 });
  }
  return lists;
}

function readList(uri: string, reply: readonly (Buffer | null)[]): StoredList | undefined {
  const [name, form, etag, time, body] = reply;
  const [formText, timeText] = [form?.toString('latin1'), time?.toString('latin1') ?? ''];
  if (name?.toString('utf8') !== uri || body === null || body === undefined || !TIME.test(timeText))
    return undefined;
  if (formText !== 'jwt' && formText !== 'cwt') return undefined;
  const tag = etag?.toString('latin1') ?? '';
  return {
    uri,
    form: formText,
    etag: ENTITY_TAG.test(tag) ? tag : null,
    issuedAt: Number(timeText),
    body: new Uint8Array(body.buffer, body.byteOffset, body.length),
  };
}
