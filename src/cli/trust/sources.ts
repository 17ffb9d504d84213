// Where documents come from: a file, standard input, somebody's node by its address, or the own node.

import { loadConfig } from '../../config.js';
import { askNodeForText, readAnswer } from '../ask-node.js';
import type { Terminal } from '../terminal.js';

const ADDRESS = /^https?:\/\//;

export function isAddress(source: string): boolean {
  return ADDRESS.test(source);
}

/** The address of a path below a node's own, which may end in a slash. */
export function addressBelow(node: string, path: string): string {
  return `${node.replace(/\/+$/, '')}${path}`;
}

/**
 * @param source a file, `-`, or a node's address; undefined for the own node
 * @param path what is asked of a node
 * @throws YimaError `not_found`, `unavailable`, and what the node refuses
 */
export async function readSource(
  source: string | undefined,
  path: string,
  terminal: Terminal,
): Promise<string> {
  if (source === undefined) return askNodeForText(terminal, { method: 'GET', path });
  if (source === '-') return terminal.readInput();
  if (!isAddress(source)) return terminal.readFile(source);
  return readAnswer(await terminal.web({ method: 'GET', url: addressBelow(source, path) }));
}

/** The hash of the first root that the settings name; null where they name none. */
export function pinOfSettings(terminal: Terminal): string | null {
  return loadConfig(terminal.env).trust?.pin ?? null;
}
