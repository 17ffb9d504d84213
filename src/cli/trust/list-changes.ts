// Changes to the entries of a list, one after the other, on the JSON of its payload.

import { isJsonObject, type JsonObject } from '../../core/codec/json.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { KEY_STATES } from '../../core/trust/key-record.js';
import { inGroups, kidOf, publicThumbprint, readHash } from './fingerprint.js';

export interface ListBody {
  readonly entries: readonly JsonObject[];
  readonly revoked: readonly JsonObject[];
}

export function bodyOf(payload: JsonObject | null): ListBody {
  const items = (name: string): readonly JsonObject[] => {
    const value = payload?.[name];
    return Array.isArray(value) ? value.filter(isJsonObject) : [];
  };
  return { entries: items('entries'), revoked: items('revoked') };
}

function thumbprintsOf(entry: JsonObject): readonly string[] {
  const { keys } = entry;
  return Array.isArray(keys) ? keys.map(publicThumbprint) : [];
}

/**
 * Puts an entry in the place of the one that says of the same holder, use and keys what it says; an authority's delegation takes the
 * place of the one before, since there is one. Anything else is added at the end.
 */
export function putEntry({ entries, revoked }: ListBody, entry: JsonObject): ListBody {
  const keys = thumbprintsOf(entry);
  const isSame = (each: JsonObject): boolean => {
    if (each['sub'] !== entry['sub'] || each['use'] !== entry['use'] || each['format'] !== entry['format'])
      return false;
    if (each['use'] === 'list') return each['state'] === 'active' || each['state'] === 'retired';
    const others = thumbprintsOf(each);
    return others.length === keys.length && others.every((thumbprint) => keys.includes(thumbprint));
  };
  const place = entries.findIndex(isSame);
  return { entries: place < 0 ? [...entries, entry] : entries.with(place, entry), revoked };
}

/**
 * The key that somebody names: by its fingerprint, or by the kid of one that the list names.
 * @throws YimaError `invalid_request`
 */
export function findKey({ entries }: ListBody, text: string, field: string): string {
  const byKid = entries.flatMap(thumbprintsOf).find((each) => each !== '' && kidOf(each) === text);
  return byKid ?? readHash(text, field);
}

function withKey(body: ListBody, thumbprint: string, field: string): readonly JsonObject[] {
  const found = body.entries.filter((entry) => thumbprintsOf(entry).includes(thumbprint));
  if (found.length > 0) return found;
  throw new YimaError('invalid_request', `No entry names the key ${inGroups(thumbprint)}.`, { field });
}

/** @param state one of `KEY_STATES`, of every entry that names the key @throws YimaError `invalid_request` */
export function setState(body: ListBody, thumbprint: string, state: string): ListBody {
  if (!KEY_STATES.some((each) => each === state)) {
    const message = `A state is one of ${KEY_STATES.join(', ')}: --state KEY=retired`;
    throw new YimaError('invalid_request', message, { field: 'state' });
  }
  const found = withKey(body, thumbprint, 'state');
  return {
    ...body,
    entries: body.entries.map((entry) => (found.includes(entry) ? { ...entry, state } : entry)),
  };
}

/** Takes out every entry that names the key. @throws YimaError `invalid_request` */
export function dropEntries(body: ListBody, thumbprint: string): ListBody {
  const found = withKey(body, thumbprint, 'drop');
  return { ...body, entries: body.entries.filter((entry) => !found.includes(entry)) };
}

/** The key is dead from now on, for this authority and all below; its entries stay as they are. */
export function revokeKey(body: ListBody, key: string, at: number, reason: string): ListBody {
  if (body.revoked.some((each) => each['key'] === key)) {
    throw new YimaError('invalid_request', `The key ${inGroups(key)} is revoked already.`, {
      field: 'revoke',
    });
  }
  return { ...body, revoked: [...body.revoked, { key, at, reason }] };
}
