// Which version of somebody's list is held: it never goes back, and one version has one content.

import { hexEncode } from '../codec/bytes.js';
import type { Sha256 } from '../signature/public-key.js';
import { refusedList } from './list-claims.js';
import type { StatusList } from './list-token.js';
import type { StatusBits } from './packed.js';

export interface ListVersion {
  /** `iat`, epoch seconds. */
  readonly issuedAt: number;
  readonly bits: StatusBits;
  readonly entries: number;
  /** Of the packed values. */
  readonly digest: string;
}

/** @throws YimaError `list_refused`, rule `empty`: no entry at all */
export function versionOf({ bits, bytes, issuedAt }: StatusList, sha256: Sha256): ListVersion {
  const entries = (bytes.length * 8) / bits;
  if (entries === 0) throw refusedList('empty');
  return { issuedAt, bits, entries, digest: hexEncode(sha256(bytes)) };
}

/**
 * Whether `next` has other values than `held`.
 * @throws YimaError `list_refused`, rule `older`; `rewritten`: the same time with other values, of which one is a lie; `shrunk`:
 *   entries are gone, which some codes name
 */
export function isNewContent(held: ListVersion | undefined, next: ListVersion): boolean {
  if (held === undefined) return true;
  if (next.issuedAt < held.issuedAt) throw refusedList('older');
  const isSame = next.bits === held.bits && next.digest === held.digest;
  if (next.issuedAt === held.issuedAt && !isSame) throw refusedList('rewritten');
  if (next.entries < held.entries - uncertain(held, next)) throw refusedList('shrunk');
  return !isSame;
}

/** A list is whole bytes: of those of another width, the last one may have held fewer entries than it has room for. */
function uncertain(held: ListVersion, next: ListVersion): number {
  return held.bits === next.bits ? 0 : 8 / held.bits - 1;
}
