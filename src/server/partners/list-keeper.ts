// What is held of partners' lists: a token that passes every rule is loaded and tells from when it is; anything else changes nothing.
// A version is verified once, and never goes back.

import { hexEncode } from '../../core/codec/bytes.js';
import type { YimaError } from '../../core/errors/yima-error.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import type { ListShape } from '../../core/status/arena.js';
import { refusedList } from '../../core/status/list-claims.js';
import type { ListForm } from '../../core/status/list-forms.js';
import { isNewContent, type ListVersion, versionOf } from '../../core/status/list-version.js';
import { type Moment, NEVER } from '../../core/status/moment.js';
import { packedLength } from '../../core/status/packed.js';
import { type Clocks, momentOf } from '../clocks.js';
import type { PublishedArena } from '../published.js';
import { type OpenListDeps, openList, statusKeys } from './open-list.js';
import type { Partner } from './which-partners.js';

export interface Delivery {
  readonly form: ListForm;
  readonly body: Uint8Array;
  readonly etag: string | null;
}

export interface KeptList extends Partner {
  readonly number: number;
  readonly version: ListVersion;
  /** Entity tag of the token; null: fetch it whole. */
  readonly etag: string | null;
  /** Fetch anew from this second on. */
  readonly renewAt: number;
  /** Not to be used any more: it expired, or its key was withdrawn. Its revoked entries stay revoked. */
  readonly isOver: boolean;
}

export interface Taken {
  /** `same`: it has the values that were known already. */
  readonly result: 'loaded' | 'same';
  readonly list: KeptList;
}

export interface ListKeeper {
  readonly find: (uri: string) => KeptList | undefined;
  /**
   * @throws YimaError as `openList`; `list_refused` with a rule of `versionOf` or `isNewContent`, or `too_much`: the partner's lists
   *   take more than is given to one
   */
  readonly take: (partner: Partner, number: number, delivery: Delivery) => Taken;
  /** The partner says that the list is as it was: it may be kept for another ttl. It becomes no younger. */
  readonly renew: (uri: string) => void;
  /** Ages what must not be used any more: expired lists, and after a change of the keys those of withdrawn ones. */
  readonly review: (partners: readonly Partner[] | null) => void;
  /** The next fetch of this list, or of every list, is a whole one. */
  readonly forgetTag: (uri?: string) => void;
  readonly listsOf: (base: string) => readonly KeptList[];
}

export interface ListKeeperDeps extends OpenListDeps, Clocks {
  readonly arena: Pick<PublishedArena, 'load' | 'confirm'>;
  readonly sha256: Sha256;
  /** Whether the lists of this base come by a feed, which may be ahead of any token. */
  readonly hasFeed: (base: string) => boolean;
  /** So many values of this issuer stay revoked although its list says otherwise: an alarm. */
  readonly onKeptRevoked: (issuer: string, values: number) => void;
}

/** Packed values of one partner: 2.7e8 entries at 4 bits, more than any province needs. */
const MAX_BYTES = 128 * 2 ** 20;

interface Held extends KeptList {
  readonly kid: string;
  readonly token: string;
  readonly expiresAt: number | null;
  readonly keepSeconds: number;
}

export function createListKeeper(deps: ListKeeperDeps): ListKeeper {
  const { arena, clock, sha256 } = deps;
  const held = new Map<string, Held>();

  const listsOf = (base: string): Held[] => [...held.values()].filter((list) => list.base === base);

  const checkRoom = (partner: Partner, number: number, length: number): void => {
    const others = listsOf(partner.base).filter((list) => list.number !== number);
    const bytes = others.reduce(
      (sum, { version }) => sum + packedLength(version.entries, version.bits),
      length,
    );
    if (bytes > MAX_BYTES) throw refusedList('too_much');
  };

  /** Nothing of it is believed any more; what it says revoked stays so. */
  const end = (uri: string, list: Held): void => {
    held.set(uri, { ...list, isOver: true, etag: null });
    arena.confirm(list.base, NEVER, list.number);
  };

  const isWithdrawn = (list: Held, partners: readonly Partner[]): boolean =>
    !partners.some(({ issuer, base }) => issuer === list.issuer && base === list.base) ||
    statusKeys(deps.keys(), list, list.kid).length === 0;

  const renewed = (list: Held): Held => {
    const renewAt = Math.min(clock() + list.keepSeconds, list.expiresAt ?? Number.MAX_SAFE_INTEGER);
    const fresh = { ...list, renewAt };
    held.set(`${list.base}${list.number}`, fresh);
    return fresh;
  };

  return {
    find: (uri) => held.get(uri),
    listsOf,
    take: (partner, number, { form, body, etag }) => {
      if (deps.hasFeed(partner.base)) throw refusedList('feed');
      const uri = `${partner.base}${number}`;
      const now = clock();
      const token = hexEncode(sha256(body));
      const known = held.get(uri);
      const before = known?.issuer === partner.issuer ? known : undefined; // another's base, another's versions
      if (before?.token === token && !before.isOver) {
        return { result: 'same', list: renewed({ ...before, etag }) };
      }
      const heldIssuedAt = before === undefined ? {} : { heldIssuedAt: before.version.issuedAt };
      const list = openList(partner, { form, body }, { uri, now, ...heldIssuedAt }, deps);
      const version = versionOf(list, sha256);
      const isNew = isNewContent(before?.version, version);
      if (isNew) {
        checkRoom(partner, number, list.bytes.length);
        const shape: ListShape = { base: partner.base, number, bits: version.bits, entries: version.entries };
        const kept = arena.load(shape, list.bytes);
        if (kept > 0) deps.onKeptRevoked(partner.issuer, kept);
      }
      arena.confirm(partner.base, issuedMoment(list.issuedAt, momentOf(deps)), number);
      const { kid, expiresAt, renewAt } = list;
      const times = { expiresAt, renewAt, keepSeconds: renewAt - now };
      const fresh: Held = { ...partner, number, version, etag, kid, token, ...times, isOver: false };
      held.set(uri, fresh);
      return { result: isNew ? 'loaded' : 'same', list: fresh };
    },
    renew: (uri) => {
      const list = held.get(uri);
      if (list !== undefined) renewed(list);
    },
    review: (partners) => {
      const now = clock();
      for (const [uri, list] of held) {
        if (deps.hasFeed(list.base)) {
          held.delete(uri); // the feed speaks for it now
          continue;
        }
        const isExpired = list.expiresAt !== null && list.expiresAt <= now;
        const isLost = isExpired || (partners !== null && isWithdrawn(list, partners));
        if (isLost && !list.isOver) end(uri, list);
      }
    },
    forgetTag: (only) => {
      for (const [uri, list] of held)
        if (only === undefined || only === uri) held.set(uri, { ...list, etag: null });
    },
  };
}

/** A refusal as a label of a metric: a rule of a list, or that it cannot be read. */
export function refusalWord({ code, rule }: YimaError): string {
  return code === 'list_refused' && rule !== undefined ? `list_${rule}` : `list_${code}`;
}

/** The moment of a wall clock's second in the past, on both clocks. A second to come counts as now. */
function issuedMoment(issuedAt: number, now: Moment): Moment {
  const age = Math.max(0, now.epoch - issuedAt);
  return { epoch: now.epoch - age, steady: now.steady - age };
}
