// Whether two API keys are two people's as far as the log can tell: who made a key could have made it for himself.

import { LOCAL } from './principal.js';

/** @returns who made a key; undefined for one that nobody knows */
export type MakerOf = (id: string) => string | undefined;

/**
 * Whether neither key was made by the other and nobody made both, directly or by way of keys in between. The socket's owner
 * (`local`) stands at the beginning of every line and counts for nothing; a key of unknown origin is never independent.
 */
export function areIndependent(a: string, b: string, makerOf: MakerOf): boolean {
  const line = lineOf(a, makerOf);
  const other = lineOf(b, makerOf);
  return line !== null && other !== null && !other.some((id) => line.includes(id));
}

/** Whether `id` was made by `maker`, itself or by way of keys in between. A key of unknown origin may have been made by anybody. */
export function isMadeBy(id: string, maker: string, makerOf: MakerOf): boolean {
  const line = lineOf(id, makerOf);
  return line === null || line.slice(1).includes(maker);
}

/** The key and all its makers; null where the line does not end at the socket. */
function lineOf(id: string, makerOf: MakerOf): readonly string[] | null {
  const line: string[] = [];
  for (let at: string | undefined = id; at !== LOCAL; at = makerOf(at)) {
    if (at === undefined || line.includes(at)) return null;
    line.push(at);
  }
  return line;
}
