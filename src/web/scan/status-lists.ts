// Fetches the status lists of a checkpoint, as many as there is room for. What was not to be had stays as it was held.

import type { KeptList } from './kept.js';

/** What tokens may take altogether; lists past it are left to the node. */
const MOST_BYTES = 20 * 1024 * 1024;

export interface ListSource {
  /** The answer of `/status-lists/NUMBER`; null: none. */
  readonly get: (number: number, etag: string | null) => Promise<Response | null>;
  /** @param before the token that this one would take the place of */
  readonly isSound: (number: number, token: Uint8Array, before: Uint8Array | undefined) => Promise<boolean>;
}

/** @returns in the order of `numbers`, without those that there is no room for */
export async function fetchLists(
  numbers: readonly number[],
  held: readonly KeptList[],
  source: ListSource,
): Promise<KeptList[]> {
  const lists: KeptList[] = [];
  let room = MOST_BYTES;
  for (const number of numbers) {
    const before = held.find((list) => list.number === number);
    const list = await fetchList(number, before, room, source);
    if (list === undefined || list.token.length > room) continue;
    room -= list.token.length;
    lists.push(list);
  }
  return lists;
}

async function fetchList(
  number: number,
  before: KeptList | undefined,
  room: number,
  { get, isSound }: ListSource,
): Promise<KeptList | undefined> {
  const response = await get(number, before?.etag ?? null);
  if (response?.status !== 200) return before;
  // What there is no room for is not read at all: it would come anew each time.
  if (Number(response.headers.get('content-length')) > room) {
    await response.body?.cancel();
    return undefined;
  }
  const token = new Uint8Array(await response.arrayBuffer());
  const etag = response.headers.get('etag') ?? '';
  return (await isSound(number, token, before?.token)) ? { number, token, etag } : before;
}
