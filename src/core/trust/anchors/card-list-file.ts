// Revocation lists of SMART Health Cards, one a key, as their issuers publish them (`/.well-known/crl/KID.json`) and operators place
// them. They are not signed: whoever places one vouches for it.

import { isJsonObject } from '../../codec/json.js';
import { CARD_ISSUER, isCount, THUMBPRINT } from '../../codec/names.js';
import { YimaError } from '../../errors/yima-error.js';
import type { CardList, KeyRecord } from '../key-record.js';

/** A list with what it is for. */
export interface HeldCardList extends CardList {
  readonly kid: string;
  /** null: the file names none, so the list is for its key wherever it stands. */
  readonly issuer: string | null;
}

const MAX_RIDS = 1_000_000;
const RID = /^([A-Za-z0-9_-]{1,24})(?:\.(\d{1,12}))?$/;
const DECIMAL = /^\d{1,15}$/;

function refuse(rule: string): YimaError {
  return new YimaError('list_refused', 'The revocation list of health cards is not of its form.', { rule });
}

/**
 * Reads `{kid, method: "rid", ctr, rids}`, with `iss` where the operator narrows it to one issuer. `ctr` may be a number or its
 * decimal text, as both are in use.
 * @param json of a strict parser
 * @throws YimaError `list_refused` with a rule: crl_form, crl_method, crl_rid (not of its form), crl_duplicate
 */
export function parseCardList(json: unknown, issuer: string | null = null): HeldCardList {
  if (!isJsonObject(json)) throw refuse('crl_form');
  const { kid, method, ctr, rids, iss = issuer } = json;
  const version = readCardVersion(ctr);
  if (typeof kid !== 'string' || !THUMBPRINT.test(kid) || version === null) throw refuse('crl_form');
  if (iss !== null && (typeof iss !== 'string' || !CARD_ISSUER.test(iss))) throw refuse('crl_form');
  if (method !== 'rid') throw refuse('crl_method');
  if (!Array.isArray(rids) || rids.length > MAX_RIDS) throw refuse('crl_form');
  return { kid, issuer: iss, version, revoked: readRids(rids) };
}

function readRids(rids: readonly unknown[]): ReadonlyMap<string, number | null> {
  const revoked = new Map<string, number | null>();
  for (const each of rids) {
    const [, rid, before] = (typeof each === 'string' ? RID.exec(each) : null) ?? [];
    if (rid === undefined) throw refuse('crl_rid');
    if (revoked.has(rid)) throw refuse('crl_duplicate');
    revoked.set(rid, before === undefined ? null : Number(before));
  }
  return revoked;
}

/** `ctr` of a list, or `crlVersion` of a key; null where it is neither a count nor its decimal text. */
export function readCardVersion(value: unknown): number | null {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return isCount(number) ? number : null;
}

function nameOf(issuer: string | null, kid: string): string {
  return `${issuer ?? '*'} ${kid}`;
}

/**
 * The records with the lists that are for them. Of several lists for one key all count: what one of them revokes is revoked, and the
 * oldest says how current they are.
 */
export function withCardLists(
  records: readonly KeyRecord[],
  lists: readonly HeldCardList[],
): readonly KeyRecord[] {
  if (lists.length === 0) return records;
  const held = new Map<string, CardList>();
  for (const list of lists) {
    const name = nameOf(list.issuer, list.kid);
    held.set(name, joined(held.get(name), list));
  }
  return records.map((record) => {
    if (record.format !== 'shc') return record;
    const own = held.get(nameOf(record.issuer, record.kid));
    const common = held.get(nameOf(null, record.kid));
    const list = own === undefined || common === undefined ? (own ?? common) : joined(own, common);
    return list === undefined
      ? record
      : { ...record, cards: { announced: record.cards?.announced ?? null, list } };
  });
}

function joined(first: CardList | undefined, second: CardList): CardList {
  if (first === undefined) return second;
  const revoked = new Map(first.revoked);
  for (const [rid, before] of second.revoked) {
    const other = revoked.get(rid);
    revoked.set(rid, before === null || other === null ? null : Math.max(before, other ?? 0));
  }
  return { version: Math.min(first.version, second.version), revoked };
}
