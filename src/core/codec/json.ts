// JSON from strangers: one meaning or none. Duplicate members, prototype names and deep nesting are refused.

import { YimaError } from '../errors/yima-error.js';
import { damaged } from './damaged.js';

export type JsonObject = Readonly<Record<string, unknown>>;

const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const DEFAULT_MAX_DEPTH = 16;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The position of the quote that ends the string beginning at `start`, in text that JSON.parse accepted. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i++;
    else if (code === 0x22) return i;
  }
  return text.length;
}

/** Members written in a well-formed text, so that a name written twice counts twice; bounds the depth on the way. */
function countMembers(text: string, maxDepth: number): number {
  let members = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) i = endOfString(text, i);
    else if (code === 0x3a) members++;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) throw damaged('json_depth');
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return members;
}

/** Members that survived parsing; refuses dangerous names and numbers too large for a double. */
function countKeys(value: unknown): number {
  if (typeof value === 'number' && !Number.isFinite(value)) throw damaged('json_number');
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const element of value) keys += countKeys(element);
    return keys;
  }
  for (const [name, member] of Object.entries(value)) {
    if (FORBIDDEN_NAMES.has(name)) throw damaged('json_name');
    keys += 1 + countKeys(member);
  }
  return keys;
}

/**
 * Parses JSON text in linear time.
 * @param limits `maxDepth`: nested arrays and objects allowed, 16 when absent
 * @throws YimaError `damaged`: not JSON (RFC 8259; a byte order mark is not), a member name twice in one object, the names
 *   `__proto__`, `constructor` and `prototype`, deeper than `maxDepth`, a number that overflows
 */
export function parseStrictJson(text: string, limits: { readonly maxDepth?: number } = {}): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged('json');
  }
  const written = countMembers(text, limits.maxDepth ?? DEFAULT_MAX_DEPTH);
  if (written !== countKeys(value)) throw damaged('json_duplicate');
  return value;
}

/**
 * Whether `JSON.stringify` writes the canonical text: it takes members in the order in which they are listed, and is far faster
 * than putting the text together.
 */
function isCanonical(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) {
    for (const element of value) if (!isCanonical(element)) return false; // holes are undefined here
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false; // it may have a form of its own
  let last: string | null = null;
  for (const name of Object.keys(value)) {
    if ((last !== null && name < last) || !isCanonical((value as JsonObject)[name])) return false;
    last = name;
  }
  return true;
}

/**
 * One text for one value, to be hashed or compared: members sorted by UTF-16 code units, no white space; members that are
 * undefined are left out.
 * @throws YimaError `internal` for what JSON cannot carry
 * @see RFC 8785, section 3.2
 */
export function canonicalJson(value: unknown): string {
  if (isCanonical(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isJsonObject(value)) {
    let members = '';
    for (const name of Object.keys(value).sort()) {
      const member = value[name];
      if (member === undefined) continue;
      members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`;
    }
    return `{${members}}`;
  }
  const text = typeof value === 'number' && !Number.isFinite(value) ? undefined : JSON.stringify(value);
  if (text === undefined) throw new YimaError('internal', 'A value cannot be written as JSON.');
  return text;
}
