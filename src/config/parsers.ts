// Parsers of single settings: text from the environment to a typed value, or a sentence that says what is expected.

import { isIP } from 'node:net';
import { KIND } from '../core/codec/names.js';

export type Parsed<T> = { readonly value: T } | { readonly expected: string };
export type Parser<T> = (text: string) => Parsed<T>;

/** Any text without white space at its ends or control characters. */
export const text: Parser<string> = (given) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  given.trim() === given && !/[\u0000-\u001f\u007f]/.test(given)
    ? { value: given }
    : { expected: 'text without control characters' };

export const matching =
  (pattern: RegExp, expected: string): Parser<string> =>
  (given) =>
    pattern.test(given) ? { value: given } : { expected };

export const integer =
  (min: number, max: number): Parser<number> =>
  (given) => {
    const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
    return value >= min && value <= max ? { value } : { expected: `a whole number from ${min} to ${max}` };
  };

export const powerOfTwo =
  (min: number, max: number): Parser<number> =>
  (given) => {
    const value = /^\d{1,15}$/.test(given) ? Number(given) : 0;
    return value >= min && value <= max && Number.isInteger(Math.log2(value))
      ? { value }
      : { expected: `a power of two from ${min} to ${max}` };
  };

/** A share from 0 to 1, such as 0.01. */
export const share: Parser<number> = (given) =>
  /^(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)$/.test(given)
    ? { value: Number(given) }
    : { expected: 'a number from 0 to 1, such as 0.01' };

/** kind=value, separated by commas, no kind twice. */
export const byKind =
  <T>(value: Parser<T>): Parser<ReadonlyMap<string, T>> =>
  (given) => {
    const found = new Map<string, T>();
    for (const entry of given.split(',')) {
      const [kind = '', text = '', ...rest] = entry.trim().split('=');
      const parsed = value(text);
      const isSound = KIND.test(kind) && !found.has(kind) && rest.length === 0;
      if (!isSound || !('value' in parsed)) {
        const expected = 'value' in parsed ? 'a value' : parsed.expected;
        return { expected: `kind=value, separated by commas, no kind twice, each value ${expected}` };
      }
      found.set(kind, parsed.value);
    }
    return { value: found };
  };

export const oneOf =
  <const T extends string>(...words: readonly T[]): Parser<T> =>
  (given) => {
    const value = words.find((word) => word === given);
    return value === undefined ? { expected: `one of ${words.join(', ')}` } : { value };
  };

/** An http or https origin, with a path prefix if need be; the slash at its end is dropped. */
export const webAddress: Parser<string> = (given) => {
  const expected = 'an http or https address without query, fragment or user, such as https://yima.example';
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    return { expected };
  }
  return /[?#\s]/.test(given) ? { expected } : { value: url.href.replace(/\/+$/, '') };
};

/** Where the public port's certificate comes from. */
export type TlsSource = 'self' | { readonly certFile: string; readonly keyFile: string };

export const tlsFiles: Parser<TlsSource> = (given) => {
  if (given === 'self') return { value: given };
  const [certFile = '', keyFile = '', ...rest] = given.split(',').map((file) => file.trim());
  return certFile === '' || keyFile === '' || rest.length > 0
    ? { expected: 'self, or the files of certificate and key as CERT.pem,KEY.pem' }
    : { value: Object.freeze({ certFile, keyFile }) };
};

/** Where Redis is: redis:// or rediss:// (TLS), with user, password and database number if need be. */
export const redisAddress: Parser<string> = (given) => {
  const url = URL.canParse(given) ? new URL(given) : null;
  const isSound =
    url !== null &&
    /^rediss?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    /^(?:\/\d{0,4})?$/.test(url.pathname) &&
    url.search === '' &&
    url.hash === '';
  return isSound ? { value: given } : { expected: 'an address such as redis://user:password@host:6379/0' };
};

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** host:port, separated by commas; an IPv6 address in brackets. */
export const addresses: Parser<readonly Address[]> = (given) => {
  const parts = given
    .split(',')
    .map((entry) => /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]{1,253})):(\d{1,5})$/.exec(entry.trim()));
  const found = parts.map((match) => ({ host: match?.[1] ?? match?.[2] ?? '', port: Number(match?.[3]) }));
  return found.every(({ host, port }) => host !== '' && port >= 1 && port <= 65_535)
    ? { value: Object.freeze(found) }
    : { expected: 'host:port, separated by commas' };
};

function isNetwork(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Addresses and CIDR blocks, separated by commas. Host names and "true" are refused: trust has to be explicit. */
export const networks: Parser<readonly string[]> = (given) => {
  const entries = given.split(',').map((entry) => entry.trim());
  return entries.every(isNetwork)
    ? { value: Object.freeze(entries) }
    : { expected: 'addresses or CIDR blocks separated by commas, such as 10.0.0.0/8,::1' };
};
