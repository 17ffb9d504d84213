// Members of a proposal's body, each read with its form: what is not named is refused, so that nobody signs what nobody reads.

import { isJsonObject, type JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';

export interface BodyMembers {
  /** 1 to `max` printable characters. */
  readonly text: (name: string, max: number) => string;
  readonly word: <const T extends string>(name: string, words: readonly T[]) => T;
  readonly wholeNumber: (name: string, min: number, max: number) => number;
  /** 1 to `max` texts, none twice. */
  readonly texts: (name: string, max: number, maxLength: number) => readonly string[];
  /** An object with these members, read like a body. */
  readonly object: (name: string, members: readonly string[]) => BodyMembers;
  readonly has: (name: string) => boolean;
}

/**
 * @param path where the body stands in the request, for `field`
 * @throws YimaError `invalid_request` with the field, here for a member that is not among `members`, later for one in another form
 */
export function readMembers(body: JsonObject, members: readonly string[], path = 'body'): BodyMembers {
  const stranger = Object.keys(body).find((name) => !members.includes(name));
  if (stranger !== undefined) throw wrong(path, `Leave out ${stranger.slice(0, 40)}: it means nothing here.`);
  const member = (name: string): unknown => (Object.hasOwn(body, name) ? body[name] : undefined);
  return {
    text: (name, max) => readText(member(name), max, `${path}.${name}`),
    word: (name, words) => {
      const found = words.find((word) => word === member(name));
      if (found === undefined) throw wrong(`${path}.${name}`, `Give one of ${words.join(', ')}.`);
      return found;
    },
    wholeNumber: (name, min, max) => {
      const value = member(name);
      if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max)
        return value as number;
      throw wrong(`${path}.${name}`, `Give a whole number from ${min} to ${max}.`);
    },
    texts: (name, max, maxLength) => {
      const values = member(name);
      const field = `${path}.${name}`;
      if (
        !Array.isArray(values) ||
        values.length < 1 ||
        values.length > max ||
        new Set(values).size !== values.length
      )
        throw wrong(field, `Give 1 to ${max}, none of them twice.`);
      return values.map((value) => readText(value, maxLength, field));
    },
    object: (name, names) => {
      const value = member(name);
      if (!isJsonObject(value)) throw wrong(`${path}.${name}`, `Give an object with ${names.join(', ')}.`);
      return readMembers(value, names, `${path}.${name}`);
    },
    has: (name) => Object.hasOwn(body, name),
  };
}

function readText(value: unknown, max: number, field: string): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= max && !/\p{C}/u.test(value))
    return value;
  throw wrong(field, `Give 1 to ${max} printable characters.`);
}

function wrong(field: string, message: string): YimaError {
  return new YimaError('invalid_request', message, { field });
}
