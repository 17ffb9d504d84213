// This node's status lists as verifiers have seen them: from the database that a backup takes the place of, from the feed in Redis, from
// signed lists that somebody kept. What is not signed by this node's own status keys counts for nothing.

import Database from 'better-sqlite3';
import { createNodeSigner, createNodeVerify, inflateZlib, sha256 } from '../../adapters/crypto-node.js';
import { openKeyFolder } from '../../adapters/keyfile/key-folder.js';
import { openConnection } from '../../adapters/redis/connection.js';
import { createFeedStore } from '../../adapters/redis/feed-store.js';
import type { Config } from '../../config.js';
import { encodeBase64url } from '../../core/codec/base64url.js';
import { equalBytes } from '../../core/codec/bytes.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { burntIndices, type PublishedList } from '../../core/issue/restored-backup.js';
import type { PublicKey } from '../../core/signature/public-key.js';
import { listDigest, manifestRoot } from '../../core/status/feed/digest.js';
import { openEntry } from '../../core/status/feed/signed-entry.js';
import { parseListJwt } from '../../core/status/list-jwt.js';
import { openListToken } from '../../core/status/list-token.js';
import { listNumberOf } from '../../core/status/list-uri.js';
import { packedLength, type StatusBits, setStatus } from '../../core/status/packed.js';
import { STATUS_REVOKED } from '../../core/status/published-value.js';

type StatusKeys = (kid: string) => readonly PublicKey[];

const REDIS_MS = 5_000;

/** @throws YimaError as `openKeyFolder`; `config_invalid` when no status key is there */
export async function ownStatusKeys(folder: string, passphrase: string | null): Promise<StatusKeys> {
  const files = await openKeyFolder(folder, passphrase).load(['status']);
  if (files.length === 0) {
    throw new YimaError(
      'config_invalid',
      `There is no status key in ${folder}. Put the keys back first: they have a backup of their own.`,
    );
  }
  const signers = files.map(({ privateJwk }) => createNodeSigner(privateJwk));
  return (kid) =>
    signers.filter((each) => encodeBase64url(each.kid) === kid).map(({ publicKey }) => publicKey);
}

interface StoredList {
  readonly number: number;
  readonly bits: StatusBits;
  readonly entries: number;
  readonly seed: Uint8Array;
  readonly burnt_from?: number | null;
}

/** What a database publishes, as far as it can be read. @returns whether that was all of it */
export function listsOfDatabase(file: string): {
  readonly lists: readonly PublishedList[];
  readonly isWhole: boolean;
} {
  const lists: PublishedList[] = [];
  let client: Database.Database | undefined;
  try {
    client = new Database(file, { fileMustExist: true });
    const values = client.prepare<[number], { index: number; value: number }>(
      'select "index", value from encodings where list = ? and value <> 0',
    );
    for (const { burnt_from: burntFrom = null, ...row } of client
      .prepare<[], StoredList>('select * from lists')
      .all()) {
      const bytes = new Uint8Array(packedLength(row.entries, row.bits));
      lists.push({ number: row.number, bits: row.bits, entries: row.entries, bytes });
      for (const index of burntIndices({ ...row, burntFrom }, sha256))
        setStatus(bytes, row.bits, index, STATUS_REVOKED);
      for (const { index, value } of values.iterate(row.number)) setStatus(bytes, row.bits, index, value);
    }
    return { lists, isWhole: client.pragma('integrity_check(1)', { simple: true }) === 'ok' };
  } catch {
    return { lists, isWhole: false };
  } finally {
    client?.close();
  }
}

/** @throws YimaError `list_refused`, `damaged`: not a list token that one of these keys signed for this base */
export function listOfToken(text: string, base: string, keys: StatusKeys): PublishedList {
  const token = parseListJwt(text.trim());
  const { uri, issuedAt } = token.claims;
  const number = listNumberOf(uri, base);
  const [key] = keys(token.kid ?? '');
  if (number === null || key === undefined) {
    throw new YimaError('list_refused', 'This status list is not one that this node signed.', {
      rule: number === null ? 'sub' : 'key',
    });
  }
  // As old as it is: it tells what verifiers saw then.
  const deps = { verify: createNodeVerify(), inflate: inflateZlib };
  const { bits, bytes } = openListToken(token, key, { uri, now: issuedAt }, deps);
  return { number, bits, entries: (bytes.length * 8) / bits, bytes };
}

/**
 * The newest entry and every list of the feed, each by its digest.
 * @returns null where there is no feed
 * @throws YimaError `unavailable`: Redis does not answer; `list_refused`: what is there is not this node's
 */
export async function listsOfFeed(
  place: NonNullable<Config['redis']>,
  base: string,
  keys: StatusKeys,
): Promise<readonly PublishedList[] | null> {
  const connection = openConnection(place, 'restore', { connectMs: REDIS_MS, commandMs: REDIS_MS });
  try {
    return await readFeed(createFeedStore(connection, sha256), base, keys);
  } catch (cause) {
    if (cause instanceof YimaError) throw cause;
    throw new YimaError(
      'unavailable',
      'Redis (YIMA_REDIS_URL) does not answer. Start it, or leave the setting out.',
      {
        cause,
      },
    );
  } finally {
    connection.close();
  }
}

async function readFeed(
  store: ReturnType<typeof createFeedStore>,
  base: string,
  keys: StatusKeys,
): Promise<readonly PublishedList[] | null> {
  const { last, lists: rows, state } = await store.readHead(base);
  if (last === null) return null;
  const opened = openEntry(last.entry, base, { keys, verify: createNodeVerify() });
  if ('refused' in opened || rows === null || state === null) throw spoilt();
  if (!equalBytes(manifestRoot(rows, sha256), opened.entry.root)) throw spoilt();
  const lists: PublishedList[] = [];
  for (const { number, bits, entries, digest } of rows) {
    const bytes = await store.readList(base, state.epoch, number, packedLength(entries, bits));
    if (bytes === null || !equalBytes(listDigest(bytes, sha256), digest)) throw spoilt();
    lists.push({ number, bits, entries, bytes });
  }
  return lists;
}

function spoilt(): YimaError {
  return new YimaError(
    'list_refused',
    'The status feed in Redis is not as this node signed it. Try again, or leave YIMA_REDIS_URL out and give status lists (--statuses).',
  );
}
